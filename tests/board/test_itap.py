"""What waits for the officer who keeps ITAP, and since when."""

from datetime import date

from ita_core.board import itap
from ita_core.board.progress import ItemEvent, Records, Stage
from tests.board.two_items import all_accepted, at, board_on

DAY = date(2024, 11, 9)
MARK = board_on(DAY, all_accepted()).by_code["O6"].fingerprint
APPROVED = [ItemEvent(1, at(date(2024, 11, 1), 11), MARK)]
PUBLISHED = [ItemEvent(1, at(date(2024, 11, 3), 12))]


def waits(day: date = DAY, **events: list[ItemEvent]) -> dict[Stage, list[object]]:
    found = itap.waiting(board_on(day, all_accepted(), **events), Records((all_accepted(),), **events))
    return {stage: [one.since for one in listed] for stage, listed in found.items() if listed}


def test_what_is_approved_is_to_be_published_and_then_to_be_filed_since_the_step_before():
    assert waits() == {}
    assert waits(approvals=APPROVED) == {Stage.approved: [APPROVED[0].at]}
    assert waits(approvals=APPROVED, publications=PUBLISHED) == {Stage.published: [PUBLISHED[0].at]}
    filed = [ItemEvent(1, at(date(2024, 11, 4), 12))]
    assert waits(approvals=APPROVED, publications=PUBLISHED, filings=filed) == {Stage.filed: [filed[0].at]}


def test_a_past_day_shows_what_waited_then():
    assert waits(date(2024, 11, 2), approvals=APPROVED, publications=PUBLISHED) == {Stage.approved: [APPROVED[0].at]}
