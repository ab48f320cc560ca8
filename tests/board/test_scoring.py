"""Weights, levels with their reasons, and what lacks; the figures are the document's own of fiscal year 2567."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ita_core.board import scoring
from ita_core.board.scoring import LevelRule, Shortfall

WEIGHTS = {"IIT": 0.3, "EIT": 0.3, "OIT": 0.4}
OF_2567 = {"IIT": 93.45, "EIT": 95.21, "OIT": 98.13}
LEVELS = [
    LevelRule("ผ่านดีเยี่ยม", 95, 95),
    LevelRule("ผ่านดี", 85, 85),
    LevelRule("ผ่าน", 85, 0),
    LevelRule("ต้องปรับปรุง", 70, 0),
    LevelRule("ต้องปรับปรุงโดยด่วน", 0, 0),
]


def test_the_weights_give_the_announced_total():
    assert scoring.total(OF_2567, WEIGHTS) == 95.85


def test_a_total_over_95_with_one_instrument_under_it_is_not_the_highest_level():
    assert scoring.level(95.85, OF_2567, LEVELS).title == "ผ่านดี"


@pytest.mark.parametrize(
    ("points", "title"),
    [
        ({"IIT": 95, "EIT": 95, "OIT": 95}, "ผ่านดีเยี่ยม"),
        ({"IIT": 84, "EIT": 99, "OIT": 99}, "ผ่าน"),
        ({"IIT": 80, "EIT": 80, "OIT": 80}, "ต้องปรับปรุง"),
        ({"IIT": 10, "EIT": 10, "OIT": 10}, "ต้องปรับปรุงโดยด่วน"),
    ],
)
def test_levels_need_the_total_and_every_instrument(points: dict[str, float], title: str):
    assert scoring.level(scoring.total(points, WEIGHTS), points, LEVELS).title == title


def test_95_85_is_only_the_second_level_because_of_one_instrument():
    verdict = scoring.verdict(95.85, OF_2567, LEVELS)
    assert (verdict.level.title, verdict.next) == ("ผ่านดี", LEVELS[0])
    assert verdict.short == (Shortfall("IIT", 93.45, 95),)
    assert verdict.short[0].lacks == 1.55


@pytest.mark.parametrize(
    ("total", "iit", "title", "short"),
    [  # every boundary from both sides; EIT and OIT are 99
        (95, 95, "ผ่านดีเยี่ยม", []),
        (94.99, 95, "ผ่านดี", [("", 94.99, 95)]),
        (95, 94.99, "ผ่านดี", [("IIT", 94.99, 95)]),
        (94.994, 95, "ผ่านดี", [("", 94.99, 95)]),  # announced as 94.99
        (94.995, 95, "ผ่านดีเยี่ยม", []),  # announced as 95.00
        (94.9, 94.9, "ผ่านดี", [("", 94.9, 95), ("IIT", 94.9, 95)]),
        (85, 85, "ผ่านดี", [("", 85, 95), ("IIT", 85, 95)]),
        (84.99, 85, "ต้องปรับปรุง", [("", 84.99, 85)]),
        (85, 84.99, "ผ่าน", [("IIT", 84.99, 85)]),
        (94.64, 84.99, "ผ่าน", [("IIT", 84.99, 85)]),  # one instrument below 85, whatever the total
        (85, 0, "ผ่าน", [("IIT", 0, 85)]),
        (70, 0, "ต้องปรับปรุง", [("", 70, 85)]),
        (69.99, 69.99, "ต้องปรับปรุงโดยด่วน", [("", 69.99, 70)]),
        (58.80, 58.80, "ต้องปรับปรุงโดยด่วน", [("", 58.8, 70)]),
        (0, 0, "ต้องปรับปรุงโดยด่วน", [("", 0, 70)]),
        (100, 100, "ผ่านดีเยี่ยม", []),
    ],
)
def test_each_level_says_which_rule_of_the_next_is_missed(
    total: float, iit: float, title: str, short: list[tuple[str, float, float]]
):
    verdict = scoring.verdict(total, {"IIT": iit, "EIT": 99.0, "OIT": 99.0}, LEVELS)
    assert verdict.level.title == title
    assert [tuple(one) for one in verdict.short] == short
    assert (verdict.next is None) == (title == "ผ่านดีเยี่ยม")


points = st.floats(0, 100).map(lambda value: round(value, 3))


@given(st.fixed_dictionaries(dict.fromkeys(OF_2567, points)), st.sampled_from(sorted(OF_2567)), points)
def test_more_points_never_give_a_lower_level(had: dict[str, float], code: str, more: float):
    better = had | {code: max(had[code], more)}
    places = [LEVELS.index(scoring.level(scoring.total(those, WEIGHTS), those, LEVELS)) for those in (had, better)]
    assert places[1] <= places[0]


@given(st.fixed_dictionaries(dict.fromkeys(OF_2567, points)))
def test_what_is_short_and_nothing_else_keeps_the_next_level_away(had: dict[str, float]):
    verdict = scoring.verdict(scoring.total(had, WEIGHTS), had, LEVELS)
    assert bool(verdict.short) == (verdict.next is not None)
    if verdict.next is None:
        return
    short = {one.code: one.needs for one in verdict.short}
    mended = {code: short.get(code, value) for code, value in had.items()}
    whole = short.get("", scoring.total(had, WEIGHTS))
    assert LEVELS.index(scoring.level(whole, mended, LEVELS)) <= LEVELS.index(verdict.next)


def test_a_missing_score_is_not_guessed():
    with pytest.raises(KeyError):
        scoring.total({"IIT": 95.0}, WEIGHTS)
