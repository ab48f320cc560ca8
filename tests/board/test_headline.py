"""What happened since a day, and when everything will be done."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ita_core.board import headline, progress
from ita_core.board.headline import Pace, Since
from ita_core.board.progress import Board, HandIn, ItemEvent, ItemFacts, Records, RequirementFacts, SlotKey, Stage
from ita_core.days import period_end
from ita_core.models import Cadence, Decision, EvidenceKind, ItemKind

ENDS = date(2025, 9, 30)
MEETING, TODAY = date(2025, 2, 20), date(2025, 3, 15)
NOTHING = Since({}, {}, {}, ())


def item(number: int, slots: int, *, due: date = ENDS, kind: ItemKind = ItemKind.oit, months: tuple[str, ...] = ()):
    """An item of so many slots, and one for each month."""
    demand = RequirementFacts(number, "news", "ข่าว", Cadence.continuous, minimum=slots, dues={"": due})
    monthly = RequirementFacts(100 + number, "report", "รายงาน", Cadence.monthly, periods=months)
    demands = (demand, monthly) if months else (demand,)
    return ItemFacts(number, f"O{number}", "ข้อ", kind, Cadence.continuous, demands, 9)


def at(day: date, hour: int = 9) -> datetime:
    """An hour of a day in Thailand."""
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC) - timedelta(hours=7)


def handed_in(
    number: int, of: int, *ordinals: int, on: date, accepted: date | None = None, returned: date | None = None
):
    reviewed, keys = accepted or returned, tuple(SlotKey(of, ordinal=ordinal) for ordinal in ordinals)
    made = HandIn(number, of, EvidenceKind.file, keys, at(on), 10, f"content {number}")
    if reviewed is None:
        return made
    decision = Decision.accepted if accepted else Decision.returned
    return replace(made, reviewed_at=at(reviewed, 10), decision=decision)


def board_of(items: list[ItemFacts], *hand_ins: HandIn, day: date = TODAY, **events: list[ItemEvent]) -> Board:
    return progress.board(items, Records(hand_ins, **events), day=day, year_ends=ENDS)


def happened(items: list[ItemFacts], *hand_ins: HandIn, **events: list[ItemEvent]) -> Since:
    """Since the meeting."""
    first, second = (board_of(items, *hand_ins, day=day, **events) for day in (MEETING, TODAY))
    return headline.since(first, second)


# --- what happened since ---------------------------------------------------------------------------------------------

BEFORE, BETWEEN, AFTER = date(2025, 2, 10), date(2025, 3, 1), date(2025, 3, 20)


def test_slots_accepted_since_are_counted_by_item():
    work = [
        handed_in(1, 1, 1, 2, on=BEFORE, accepted=BETWEEN),
        handed_in(2, 1, 3, on=BEFORE, accepted=BEFORE),
        handed_in(3, 2, 1, on=BETWEEN, accepted=BETWEEN),
        handed_in(4, 2, 2, on=BETWEEN, accepted=AFTER),
    ]
    assert happened([item(1, 4), item(2, 4)], *work) == Since({"O1": 2, "O2": 1}, {}, {}, ())


def test_slots_that_came_back_since_are_counted_unless_they_were_handed_in_anew():
    work = [
        handed_in(1, 1, 1, 2, 3, on=BEFORE, returned=BETWEEN),
        handed_in(2, 1, 2, on=TODAY),
        handed_in(3, 1, 3, on=TODAY, accepted=TODAY),
        handed_in(4, 1, 4, on=BEFORE, returned=BEFORE),
    ]
    assert happened([item(1, 4)], *work) == Since({"O1": 1}, {"O1": 1}, {}, ())


@pytest.mark.parametrize(
    ("due", "overdue"),
    [(MEETING - timedelta(days=1), {}), (MEETING, {"O1": 2}), (TODAY - timedelta(days=1), {"O1": 2}), (TODAY, {})],
)
def test_slots_that_went_overdue_since_are_counted(due: date, overdue: dict[str, int]):
    assert happened([item(1, 2, due=due)]).overdue == overdue


def test_late_work_that_was_accepted_since_did_not_stay_overdue():
    work = handed_in(1, 1, 1, on=BETWEEN, accepted=BETWEEN)
    assert happened([item(1, 2, due=date(2025, 2, 25))], work) == Since({"O1": 1}, {}, {"O1": 1}, ())


def test_what_came_back_and_was_not_mended_in_time_counts_as_both():
    work = handed_in(1, 1, 1, on=BEFORE, returned=BETWEEN)
    assert happened([item(1, 1, due=date(2025, 2, 25))], work) == Since({}, {"O1": 1}, {"O1": 1}, ())


DONE = handed_in(1, 1, 1, on=BEFORE, accepted=BEFORE)
MARK = board_of([item(1, 1)], DONE).items[0].fingerprint


@pytest.mark.parametrize(("day", "approved"), [(BEFORE, ()), (BETWEEN, ("O1",)), (AFTER, ())])
def test_items_approved_since_are_named(day: date, approved: tuple[str, ...]):
    assert happened([item(1, 1)], DONE, approvals=[ItemEvent(1, at(day, 12), MARK)]).approved == approved


def test_an_item_that_was_published_and_filed_since_was_approved_since():
    events = {
        "approvals": [ItemEvent(1, at(BETWEEN, 12), MARK)],
        "publications": [ItemEvent(1, at(BETWEEN, 13))],
        "filings": [ItemEvent(1, at(BETWEEN, 14))],
    }
    assert happened([item(1, 1)], DONE, **events).approved == ("O1",)


def test_an_item_approved_before_is_not_named_for_being_published_since():
    events = {"approvals": [ItemEvent(1, at(BEFORE, 12), MARK)], "publications": [ItemEvent(1, at(BETWEEN))]}
    assert happened([item(1, 1)], DONE, **events).approved == ()


def test_an_approval_that_lapsed_is_no_approval_until_it_is_given_anew():
    newer = handed_in(2, 1, 1, on=date(2025, 2, 12), accepted=date(2025, 2, 12))
    old = ItemEvent(1, at(BEFORE, 12), MARK)
    assert board_of([item(1, 1)], DONE, newer, approvals=[old]).items[0].approval_lapsed
    assert happened([item(1, 1)], DONE, newer, approvals=[old]).approved == ()
    mark = board_of([item(1, 1)], DONE, newer).items[0].fingerprint
    anew = ItemEvent(1, at(BETWEEN, 12), mark)
    assert happened([item(1, 1)], DONE, newer, approvals=[old, anew]).approved == ("O1",)


def test_an_approval_given_and_lapsed_since_is_not_named():
    newer = handed_in(2, 1, 1, on=BETWEEN, accepted=date(2025, 3, 5))
    given_between = ItemEvent(1, at(BETWEEN, 12), MARK)
    assert board_of([item(1, 1)], DONE, newer, day=BETWEEN, approvals=[given_between]).items[0].stage is Stage.approved
    assert happened([item(1, 1)], DONE, newer, approvals=[given_between]).approved == ()


def test_the_offices_own_measures_are_not_in_the_headline():
    own = item(1, 2, due=date(2025, 2, 25), kind=ItemKind.service)
    work = handed_in(1, 1, 1, on=BETWEEN, accepted=BETWEEN)
    events = [ItemEvent(1, at(BETWEEN, 12), MARK)]
    assert happened([own], work, approvals=events) == NOTHING


def test_nothing_happened_between_a_board_and_itself():
    work = [handed_in(1, 1, 1, on=BEFORE, returned=BEFORE), handed_in(2, 1, 2, on=BEFORE, accepted=BEFORE)]
    board = board_of([item(1, 3, due=BEFORE)], *work)
    assert headline.since(board, board) == NOTHING


def test_a_meeting_is_compared_with_the_moment_at_which_it_ended():
    """What was accepted in the morning was shown in it; what was accepted in the afternoon came since."""
    items = [item(1, 2)]
    records = Records(
        [handed_in(1, 1, 1, on=BEFORE, accepted=MEETING), replace(
            handed_in(2, 1, 2, on=BEFORE), reviewed_at=at(MEETING, 15), decision=Decision.accepted,
        )]
    )  # fmt: skip
    shown = progress.board(items, records, day=MEETING, year_ends=ENDS, moment=at(MEETING, 11))
    assert shown.items[0].tally.accepted == 1
    later = progress.board(items, records, day=TODAY, year_ends=ENDS)
    assert headline.since(shown, later) == Since({"O1": 1}, {}, {}, ())


# --- when everything will be done ------------------------------------------------------------------------------------


def paced(accepted: list[date], left: int, months: tuple[str, ...] = (), day: date = TODAY) -> Pace:
    """The pace of one item: a slot accepted on each of the days, and so many left besides the months."""
    work = [handed_in(place, 1, place, on=on, accepted=on) for place, on in enumerate(accepted, start=1)]
    board = board_of([item(1, len(accepted) + left, months=months)], *work, day=day)
    return headline.pace(board.items, day)


def recently(count: int, day: date = TODAY) -> list[date]:
    return [day - timedelta(days=number % 28) for number in range(count)]


def test_too_few_slots_accepted_in_four_weeks_tell_nothing():
    assert paced(recently(7), 5) == Pace(None, 5, 7)
    assert paced([], 5) == Pace(None, 5, 0)
    assert paced(recently(8), 5).day is not None


def test_where_nothing_is_left_there_is_nothing_to_foretell():
    assert paced(recently(20), 0) == Pace(None, 0, 20)
    assert headline.pace([], TODAY) == Pace(None, 0, 0)


@pytest.mark.parametrize(
    ("accepted", "left", "days"),
    [(14, 7, 14), (28, 28, 28), (28, 1, 1), (8, 1, 4), (9, 1, 4), (9, 2, 7), (8, 80, 280)],  # parts of days round up
)
def test_what_is_left_takes_as_long_as_at_the_pace_of_the_last_four_weeks(accepted: int, left: int, days: int):
    assert paced(recently(accepted), left) == Pace(TODAY + timedelta(days=days), left, accepted)


def test_only_what_was_accepted_in_the_last_four_weeks_makes_the_pace():
    within, without = TODAY - timedelta(days=27), TODAY - timedelta(days=28)
    assert paced([within] * 10 + [without] * 10, 5).accepted == 10
    assert paced([without] * 10, 5) == Pace(None, 5, 0)


def test_what_is_accepted_anew_does_not_quicken_the_pace():
    old = [handed_in(place, 1, place, on=date(2024, 11, 1), accepted=date(2024, 11, 1)) for place in range(1, 11)]
    newer = [handed_in(place + 100, 1, place, on=TODAY, accepted=TODAY) for place in range(1, 11)]
    board = board_of([item(1, 12)], *old, *newer)
    assert headline.pace(board.items, TODAY) == Pace(None, 2, 0)


def test_what_waits_or_came_back_is_left():
    work = [handed_in(place, 1, place, on=TODAY, accepted=TODAY) for place in range(1, 9)]
    work += [handed_in(20, 1, 9, on=TODAY), handed_in(21, 1, 10, on=BEFORE, returned=TODAY)]
    assert headline.pace(board_of([item(1, 10)], *work).items, TODAY).left == 2


def test_nothing_is_done_before_the_last_month_to_report_is_over():
    months = ("2025-03", "2025-06", "2025-05")
    assert paced(recently(28), 0, months) == Pace(date(2025, 6, 30), 3, 28)


def test_months_that_are_over_do_not_hold_the_pace_back():
    assert paced(recently(28), 0, ("2024-12", "2025-01")).day == TODAY + timedelta(days=2)


def test_an_earlier_day_is_foretold_from_what_was_known_then():
    days = [BEFORE + timedelta(days=number) for number in range(20)]  # 10 Feb to 1 Mar
    work = [handed_in(place, 1, place, on=on, accepted=on) for place, on in enumerate(days, start=1)]
    early = board_of([item(1, 24)], *work, day=MEETING)
    assert headline.pace(early.items, MEETING) == Pace(MEETING + timedelta(days=34), 13, 11)


MONTHS = st.lists(st.sampled_from([f"2025-{month:02d}" for month in range(1, 10)]), unique=True).map(tuple)
AGES = st.lists(st.integers(0, 60), max_size=40)


@given(AGES, st.integers(0, 60), MONTHS)
def test_what_the_pace_says_is_never_before_tomorrow_nor_before_a_month_is_over(
    ages: list[int], left: int, months: tuple[str, ...]
):
    found = paced([TODAY - timedelta(days=age) for age in ages], left, months)
    assert found.left == left + len(months)
    assert found.accepted == sum(age < 28 for age in ages)
    assert (found.day is None) == (found.left == 0 or found.accepted < 8)
    if found.day is not None:
        assert found.day > TODAY
        assert all(found.day >= period_end(month) for month in months)


@given(st.lists(st.integers(0, 27), min_size=8, max_size=40), st.integers(1, 60), st.integers(0, 60), MONTHS, MONTHS)
def test_more_left_never_gives_an_earlier_day(
    ages: list[int], left: int, more: int, months: tuple[str, ...], later: tuple[str, ...]
):
    accepted = [TODAY - timedelta(days=age) for age in ages]
    union = tuple(dict.fromkeys((*months, *later)))
    less, rest = paced(accepted, left, months).day, paced(accepted, left + more, union).day
    assert less is not None
    assert rest is not None
    assert less <= rest
