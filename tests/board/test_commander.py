"""What waits for the commander, and what a whole item waits for."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from ita_core.board import commander, progress, turns
from ita_core.board.directives import DirectiveFacts, Happening
from ita_core.board.progress import HandIn, ItemEvent, ItemFacts, Records, RequirementFacts, SlotKey
from ita_core.board.steps import Seen, StepFacts, standing
from ita_core.board.turns import Then
from ita_core.models import Cadence, Decision, DirectiveStep, EvidenceKind, ItemKind

DAY, ENDS = date(2025, 3, 15), date(2025, 9, 30)
NOON = datetime(2025, 3, 14, 5, 0, tzinfo=UTC)
ITEM = ItemFacts(1, "O1", "ข้อ", ItemKind.oit, Cadence.once, (RequirementFacts(1, "a", "ก", Cadence.once),), 9)
SENT = HandIn(1, 1, EvidenceKind.file, (SlotKey(1),), NOON, 10, "x")
ACCEPTED = replace(SENT, reviewed_at=NOON, decision=Decision.accepted, reviewer_id=20)
ORDER = DirectiveFacts(1, "ทำ", date(2025, 3, 10), "ผกก.", NOON, (10,), (10,))


def board(records: Records) -> progress.Board:
    return progress.board([ITEM], records, day=DAY, year_ends=ENDS)


def approved() -> Records:
    mark = board(Records([ACCEPTED])).items[0].fingerprint
    return Records([ACCEPTED], [ItemEvent(1, NOON, mark)])


@pytest.mark.parametrize(
    ("records", "waits"),
    [
        (Records(), None),
        (Records([SENT]), None),
        (Records([ACCEPTED]), Then.approve),
        (approved(), Then.publish),
        (replace(approved(), publications=[ItemEvent(1, NOON)]), Then.file),
        (replace(approved(), publications=[ItemEvent(1, NOON)], filings=[ItemEvent(1, NOON)]), None),
    ],
)
def test_a_whole_item_waits_for_its_next_step(records: Records, waits: Then | None):
    assert turns.then(board(records).items[0]) is waits


def test_the_commander_decides_on_complete_items_and_on_what_is_reported_as_done():
    reported = replace(ORDER, id=2, happenings=(Happening(DirectiveStep.reported, "อุษา", NOON),))
    done = replace(ORDER, id=3, happenings=(Happening(DirectiveStep.done, "ผกก.", NOON),))
    found = commander.waiting(board(Records([ACCEPTED])), [ORDER, reported, done], DAY)
    assert [one.item.code for one in found.approve] == ["O1"]
    assert [one.id for one in found.reported] == [2]
    assert [one.id for one in found.late] == [1]
    assert found.number == 2


def test_what_is_approved_and_what_is_not_complete_does_not_wait_for_the_commander():
    assert commander.waiting(board(approved()), [], DAY).number == 0
    assert commander.waiting(board(Records([SENT])), [], DAY).number == 0


def test_steps_of_their_own_past_their_day_count_and_others_are_listed_to_ask():
    ends = date(2025, 2, 17)
    step = StepFacts("ช่วง", 1, "ก", "งาน", ends, ends, ends, ends, None, ("ผกก.",), (), (10,))
    others, nobodys = replace(step, position=2, officers=(20,)), replace(step, position=3, officers=())
    of = [standing(one, (), Seen(board(Records()), Records()), DAY) for one in (step, others, nobodys)]
    found = commander.waiting(board(Records()), [], DAY, steps=of, officer=10)
    assert [[one.step.position for one in listed] for listed in (found.steps, found.late_steps)] == [[1, 3], [2]]
    assert found.number == 2
    assert commander.waiting(board(Records()), [], ends, steps=[], officer=10).number == 0
