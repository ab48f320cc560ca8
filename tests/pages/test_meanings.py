"""What marks, stages, states and levels mean: each has one sentence of its own, beside where it is shown."""

import re
from collections.abc import Mapping
from enum import Enum

import pytest

from ita_core import language, words
from ita_core.board.campaigns import Pace
from ita_core.board.clarifications import Advice, Standing
from ita_core.board.directives import DirectiveState
from ita_core.board.headline import Face
from ita_core.board.links import Fault
from ita_core.board.progress import Stage
from ita_core.board.scoring import LevelRule, verdict
from ita_core.board.timeline import RowState
from ita_core.language import _
from tests.pages.conftest import Office, shown

ALL: list[tuple[type[Enum], Mapping[Enum, str]]] = [
    (Face, words.FACE_MEANINGS),  # type: ignore[list-item]
    (Stage, words.STAGE_MEANINGS),  # type: ignore[list-item]
    (RowState, words.ROW_MEANINGS),  # type: ignore[list-item]
    (Pace, words.PACE_MEANINGS),  # type: ignore[list-item]
    (Fault, words.FAULT_MEANINGS),  # type: ignore[list-item]
    (DirectiveState, words.DIRECTIVE_MEANINGS),  # type: ignore[list-item]
    (Standing, words.CLARIFICATION_MEANINGS),  # type: ignore[list-item]
    (Advice, words.ADVICE_MEANINGS),  # type: ignore[list-item]
]
LEVELS = [LevelRule("A", 95, 95), LevelRule("B", 85, 85), LevelRule("C", 85, 0), LevelRule("D", 0, 0)]
MEANS = re.compile(r'<details class="ita-means.*?</details>', re.DOTALL)


@pytest.mark.parametrize(("kind", "meanings"), ALL)
def test_each_has_a_sentence_of_its_own(kind: type[Enum], meanings: Mapping[Enum, str]):
    assert set(meanings) == set(kind)
    assert len({_(says) for says in meanings.values()}) == len(kind)


@pytest.mark.parametrize(
    ("page", "who", "query", "says"),
    [
        ("overview", "commander", {}, words.FACE_MEANINGS | words.STAGE_MEANINGS),
        ("item", "usa", {}, words.FACE_MEANINGS | words.STAGE_MEANINGS),
        ("item", "usa", {"item": "O6"}, words.FACE_MEANINGS | words.STAGE_MEANINGS),
        ("months", "viewer", {}, words.FACE_MEANINGS),
        ("officers", "commander", {}, words.FACE_MEANINGS),
        ("timeline", "viewer", {}, words.ROW_MEANINGS),
        ("campaigns", "usa", {}, words.PACE_MEANINGS),
        ("readiness", "itap", {}, words.FAULT_MEANINGS | words.STAGE_MEANINGS),
    ],
)
def test_they_stand_beside_what_they_are_of(
    office: Office, page: str, who: str, query: dict[str, str], says: Mapping[Enum, str]
):
    drawn = "".join(MEANS.findall(shown(office.open(who, page, **query))))
    language.use("th")
    assert [one for one in says.values() if _(one) not in drawn] == []
    assert "<summary>" in drawn  # reached by a key and by touch


def test_on_the_board_it_lies_above_and_nothing_grows(office: Office):
    [drawn] = MEANS.findall(shown(office.open("commander", "overview")))
    assert drawn.startswith('<details class="ita-means over">')


def test_a_step_that_is_done_and_an_item_that_is_complete_are_both_named(office: Office):
    drawn = "".join(MEANS.findall(shown(office.open("viewer", "timeline"))))
    assert "ครบถ้วน / เสร็จสิ้น" in drawn


def test_levels_say_from_which_points_on(office: Office):
    drawn = "".join(MEANS.findall(shown(office.open("commander", "indicators"))))
    assert "คะแนนรวมตั้งแต่ 95 และทุกเครื่องมือตั้งแต่ 95" in drawn
    assert "คะแนนรวมตั้งแต่ 85 โดยไม่กำหนดคะแนนรายเครื่องมือ" in drawn


@pytest.mark.parametrize(
    ("total", "least", "level"), [(95, 95, "A"), (95, 94.9, "B"), (85, 84, "C"), (84.9, 84.9, "D")]
)
def test_what_a_level_says_is_how_it_is_reached(total: float, least: float, level: str):
    found = verdict(total, {"IIT": least}, LEVELS).level
    assert found.title == level
    numbers = [float(one) for one in re.findall(r"\d+(?:\.\d+)?", words.level_meaning(found))]
    assert all(total >= one for one in numbers[:1])
    assert all(least >= one for one in numbers[1:])
