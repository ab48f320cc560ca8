"""What stands in a calendar: each thing once, known by what it is, on the day on which it is now."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from ita_core.board import calendar, progress, steps
from ita_core.board.calendar import Event, EventKind, Known, Meeting
from ita_core.board.directives import DirectiveFacts, Happening
from ita_core.board.progress import ItemFacts, Records
from ita_core.board.steps import Seen, StepFacts
from ita_core.models import DirectiveStep
from tests.board.two_items import ACTIVITIES, ENDS, ITEMS, MONTHLY, NEWS, OCTOBER_PDF, REPORT, at, handed_in

DAY, BEGUN = date(2025, 3, 15), at(date(2024, 10, 1))
STARTS, LAST = date(2024, 11, 1), date(2024, 12, 31)
STEP = StepFacts("ช่วง", 2, "ลงทะเบียน", "งาน", STARTS, LAST, STARTS, LAST, officers=(10,))
ORDER = DirectiveFacts(7, "เร่งรัด", date(2025, 3, 20), "ผกก.", at(date(2025, 3, 3)), (10,), (10,))
HELD = Meeting(3, at(date(2025, 3, 3)), at(date(2025, 3, 3), 11))

Plan = tuple[tuple[ItemFacts, ...], tuple[StepFacts, ...]]


def known(
    *plans: Plan, hand_ins: tuple[progress.HandIn, ...] = (), given: tuple[DirectiveFacts, ...] = (),
    held: tuple[Meeting, ...] = (), officer: int | None = None,
) -> Known:  # fmt: skip
    plans = plans or ((ITEMS, (STEP,)),)
    items, calendar_steps = plans[-1]
    records = Records(hand_ins)
    board = progress.board(items, records, day=DAY, year_ends=ENDS)
    standing = steps.standings(calendar_steps, {}, Seen(board, records), DAY)
    moved = calendar.moved((BEGUN + timedelta(days=number), *plan) for number, plan in enumerate(plans))
    return Known(board, standing, given, held, moved, officer)


def of(found: Known, kind: EventKind) -> list[Event]:
    return [one for one in calendar.events(found) if one.kind is kind]


def moved_to(day: date) -> Plan:
    """The plan with another day for the report of November."""
    later = replace(MONTHLY, requirements=(replace(REPORT, dues=dict(REPORT.dues or {}) | {"2024-11": day}),))
    return (later, ACTIVITIES), (STEP,)


def test_each_day_of_an_item_is_one_event():
    found = of(known(), EventKind.deadline)
    assert [(one.code, one.starts, one.period, one.slots) for one in found] == [
        ("O6", date(2024, 11, 1), "2024-10", 2), ("O6", date(2024, 12, 1), "2024-11", 2),
        ("O18", date(2025, 4, 30), "", 5),
    ]  # fmt: skip
    assert all(one.ends == one.starts and one.moves == 0 and one.changed == BEGUN for one in found)


def test_a_revision_that_moves_a_day_moves_the_event_and_makes_no_other():
    before = of(known(), EventKind.deadline)
    after = of(known((ITEMS, (STEP,)), moved_to(date(2025, 1, 5))), EventKind.deadline)
    assert [one.identity for one in before] == [one.identity for one in after]
    assert (before[1].starts, after[1].starts) == (date(2024, 12, 1), date(2025, 1, 5))
    assert [one.moves for one in after] == [0, 1, 0]
    assert after[1].changed == BEGUN + timedelta(days=1)


def test_what_falls_on_the_same_day_is_one_event_and_what_leaves_it_is_another():
    same = moved_to(date(2024, 11, 1))
    [together] = [one for one in of(known(same), EventKind.deadline) if one.code == "O6"]
    assert (together.slots, together.period) == (4, "")
    apart = [one for one in of(known(same, (ITEMS, (STEP,))), EventKind.deadline) if one.code == "O6"]
    assert apart[0].identity == together.identity
    assert apart[1].identity != together.identity


@given(st.lists(st.dates(STARTS, LAST), min_size=1, max_size=6))
def test_a_day_moves_as_often_as_it_changes(days: list[date]):
    found = of(known(*map(moved_to, days)), EventKind.deadline)
    wanted = sum(one != other for one, other in pairwise(days))
    own_day = [(one.starts, one.moves) for one in found if one.identity == "deadline 1 2024-11"]
    assert own_day == ([(days[-1], wanted)] if days[-1] != date(2024, 11, 1) else [])
    assert len({one.identity for one in found}) == len(found)


def test_what_is_accepted_is_done_and_says_since_when():
    accepted = handed_in(1, *[slot.key for slot in MONTHLY.slots if slot.key.period == "2024-10"],
                         on=date(2024, 10, 30), reviewed=date(2024, 11, 2))  # fmt: skip
    first, second, _third = of(known(hand_ins=(accepted,)), EventKind.deadline)
    assert (first.done, first.accepted, second.done) == (True, 2, False)
    assert first.changed == at(date(2024, 11, 2), 0)
    half = handed_in(1, OCTOBER_PDF, on=date(2024, 10, 30), reviewed=date(2024, 11, 2))
    first, *_others = of(known(hand_ins=(half,)), EventKind.deadline)
    assert (first.done, first.accepted) == (False, 1)


def test_a_person_has_what_is_theirs_and_nobody_has_nothing():
    given_to = (ORDER, replace(ORDER, id=8, officers=(99,)))
    mine = calendar.events(known(given=given_to, officer=10))
    assert [(one.kind.value, one.code, one.to_check) for one in mine] == [
        ("deadline", "O6", False), ("deadline", "O6", False), ("step", "", False), ("directive", "", False),
    ]  # fmt: skip
    supervised = of(known(officer=20), EventKind.deadline)
    assert [one.to_check for one in supervised] == [True] * 3
    assert calendar.events(known(given=given_to, officer=0)) == []


def test_two_steps_of_one_title_are_two_events_and_a_step_that_moves_is_the_same():
    twice = (STEP, replace(STEP, position=3))
    found = of(known((ITEMS, twice)), EventKind.step)
    assert len({one.identity for one in found}) == 2
    later = replace(STEP, position=5, ends=date(2025, 1, 31))
    [moved] = of(known((ITEMS, (STEP,)), (ITEMS, (later,))), EventKind.step)
    assert (moved.identity, moved.ends, moved.moves, moved.number) == ("step ลงทะเบียน", date(2025, 1, 31), 1, 5)


def test_a_directive_is_done_once_it_is_said_to_be_and_cancelled_stays_as_cancelled():
    def after(what: DirectiveStep) -> Event:
        happened = Happening(what, "ก", at(date(2025, 3, 10)), "เหตุผล")
        [one] = of(known(given=(replace(ORDER, happenings=(happened,)),)), EventKind.directive)
        assert one.changed == at(date(2025, 3, 10))
        return one

    [open_one] = of(known(given=(ORDER,)), EventKind.directive)
    assert (open_one.done, open_one.cancelled, open_one.starts) == (False, False, date(2025, 3, 20))
    assert after(DirectiveStep.reported).done
    assert after(DirectiveStep.done).done
    assert after(DirectiveStep.cancelled).cancelled
    assert not after(DirectiveStep.reopened).done


def test_a_meeting_that_goes_on_has_no_end():
    [over] = of(known(held=(HELD,)), EventKind.meeting)
    assert (over.starts, over.ends) == (HELD.at, HELD.ended_at)
    [goes_on] = of(known(held=(replace(HELD, ended_at=None),)), EventKind.meeting)
    assert goes_on.ends is None


def test_what_has_no_day_is_in_no_calendar():
    undated = replace(ACTIVITIES, requirements=(replace(NEWS, dues={}),))
    assert [one.code for one in of(known(((undated,), ())), EventKind.deadline)] == []
