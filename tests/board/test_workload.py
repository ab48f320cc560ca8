"""Who carries what, and how it goes."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from ita_core.board import progress, workload
from ita_core.board.progress import Board, HandIn, ItemFacts, Records, RequirementFacts, SlotKey, Tally
from ita_core.models import Cadence, Decision, EvidenceKind, ItemKind

ENDS = date(2025, 9, 30)
DAY = date(2025, 3, 15)
DUE = date(2025, 3, 31)
USA, PATTAMA, PIYAPORN, KHANITTHA, PRAMOTE = 10, 11, 12, 20, 21


def item(
    number: int, slots: int, *preparers: int, supervisors: tuple[int, ...] = (KHANITTHA,), due: date = DUE
) -> ItemFacts:
    """An item of so many slots, numbered by their ordinal."""
    demand = RequirementFacts(number, "news", "ข่าว", Cadence.continuous, minimum=slots, dues={"": due})
    return ItemFacts(
        number, f"O{number}", "ข้อ", ItemKind.oit, Cadence.continuous, (demand,), 9, None, preparers, supervisors
    )


def at(day: date, hour: int = 9) -> datetime:
    """An hour of a day in Thailand."""
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC) - timedelta(hours=7)


def handed_in(
    of: int, *ordinals: int, on: date = DAY, by: int | None = None, decided: date | None = None,
    decision: Decision = Decision.accepted,
) -> HandIn:  # fmt: skip
    """One evidence of Usa's for slots of an item; `by` is the officer who decided."""
    keys = tuple(SlotKey(of, ordinal=ordinal) for ordinal in ordinals)
    number = of * 1000 + (ordinals or (0,))[0]
    made = HandIn(number, of, EvidenceKind.file, keys, at(on), USA, "x")
    if decided is None:
        return made
    return replace(made, reviewed_at=at(decided, 10), decision=decision, reviewer_id=by)


def board_of(items: list[ItemFacts], *hand_ins: HandIn, day: date = DAY) -> Board:
    return progress.board(items, Records(hand_ins), day=day, year_ends=ENDS)


# --- who prepares ----------------------------------------------------------------------------------------------------


def test_an_officer_carries_the_slots_of_every_item_they_prepare_shared_ones_whole():
    board = board_of([item(1, 4, USA, PATTAMA), item(2, 5, PATTAMA)])
    carried = {one.officer_id: one for one in workload.preparing(board.items)}
    assert {officer: (one.tally.slots, one.shared) for officer, one in carried.items()} == {
        USA: (4, 4),
        PATTAMA: (9, 4),
    }
    assert [standing.item.code for standing in carried[PATTAMA].items] == ["O1", "O2"]


def test_a_shared_slot_is_counted_once_in_the_totals():
    board = board_of([item(1, 4, USA, PATTAMA), item(2, 5, PATTAMA)], handed_in(1, 1, 2, by=KHANITTHA, decided=DAY))
    assert workload.totals(board) == workload.totals(board.items) == Tally(slots=9, accepted=2, missing=7)
    assert sum(one.tally.slots for one in workload.preparing(board.items)) == 13


def test_who_only_supervises_prepares_nothing_and_who_only_prepares_supervises_nothing():
    board = board_of([item(1, 4, USA), item(2, 1)])
    assert [one.officer_id for one in workload.preparing(board.items)] == [USA]
    assert [one.officer_id for one in workload.supervising(board.items, Records(), DAY)] == [KHANITTHA]


def test_days_late_are_those_of_the_longest_overdue_slot_that_waits_for_nobody_else():
    long, short = item(1, 1, USA, due=date(2025, 3, 1)), item(2, 2, USA, due=date(2025, 3, 10))
    [idle] = workload.preparing(board_of([long, short]).items)
    assert (idle.days_late, idle.tally.overdue_open) == (14, 3)
    waits = handed_in(1, 1)
    [handed] = workload.preparing(board_of([long, short], waits).items)
    assert (handed.days_late, handed.tally.overdue, handed.tally.overdue_open) == (5, 3, 2)
    [done] = workload.preparing(board_of([long, short], waits, handed_in(2, 1, 2)).items)
    assert (done.days_late, done.tally.overdue, done.tally.overdue_open) == (0, 3, 0)


def test_what_was_returned_past_its_date_is_the_officers_to_mend():
    back = handed_in(1, 1, by=KHANITTHA, decided=DAY, decision=Decision.returned)
    [one] = workload.preparing(board_of([item(1, 1, USA, due=date(2025, 3, 1))], back).items)
    assert (one.days_late, one.tally.overdue_open) == (14, 1)


def test_what_was_accepted_late_is_owed_no_more():
    late = handed_in(1, 1, by=KHANITTHA, decided=DAY)
    [one] = workload.preparing(board_of([item(1, 1, USA, due=date(2025, 3, 1))], late).items)
    assert (one.days_late, one.tally.late) == (0, 1)


PAST, LONG_PAST = date(2025, 3, 10), date(2025, 3, 1)


@pytest.mark.parametrize(
    ("first", "second", "hand_ins"),
    [
        # More overdue slots that wait for nobody, whatever else.
        (item(1, 2, USA, due=PAST), item(2, 1, PATTAMA, due=LONG_PAST), []),
        # Overdue slots that are handed in help no more: they wait for the supervisor.
        (item(1, 1, USA, due=PAST), item(2, 3, PATTAMA, due=LONG_PAST), [handed_in(2, 1, 2, 3)]),
        # As many overdue: who got something back.
        (
            item(1, 2, USA), item(2, 2, PATTAMA),
            [handed_in(1, 1, by=KHANITTHA, decided=DAY, decision=Decision.returned)],
        ),
        # As many overdue and returned: the longer overdue.
        (item(1, 1, USA, due=LONG_PAST), item(2, 1, PATTAMA, due=PAST), []),
        # Nothing overdue or returned: the one with less done.
        (item(1, 2, USA), item(2, 2, PATTAMA), [handed_in(2, 1, by=KHANITTHA, decided=DAY)]),
    ],
)  # fmt: skip
@pytest.mark.parametrize("order", [1, -1])
def test_whoever_needs_help_comes_first(first: ItemFacts, second: ItemFacts, hand_ins: list[HandIn], order: int):
    board = board_of([first, second][::order], *hand_ins)
    assert [one.officer_id for one in workload.preparing(board.items)] == [USA, PATTAMA]


def test_an_earlier_day_knows_nothing_of_later_work():
    items = [item(1, 2, USA)]
    done = handed_in(1, 1, 2, on=date(2025, 3, 10), by=KHANITTHA, decided=date(2025, 3, 12))
    states = [workload.preparing(board_of(items, done, day=date(2025, 3, day)).items)[0].tally for day in (9, 11, 12)]
    assert states == [Tally(slots=2, missing=2), Tally(slots=2, waiting=2), Tally(slots=2, accepted=2)]


# --- who supervises --------------------------------------------------------------------------------------------------


def supervisors(items: list[ItemFacts], *hand_ins: HandIn, day: date = DAY) -> dict[int, workload.Supervising]:
    known = progress.as_of(Records(hand_ins), progress.until(day, ENDS))
    board = board_of(items, *hand_ins, day=day)
    return {one.officer_id: one for one in workload.supervising(board.items, known, day)}


def test_a_supervisors_waiting_pieces_are_those_of_their_items_counted_as_pieces():
    items = [
        item(1, 3, USA),
        item(2, 1, USA, supervisors=(PRAMOTE,)),
        item(3, 2, USA, supervisors=(KHANITTHA, PRAMOTE)),
    ]
    pieces = [
        handed_in(1, 1, 2, 3, on=date(2025, 3, 11)),  # one piece for three slots
        handed_in(2, 1, on=date(2025, 3, 14)),
        handed_in(3, 1, on=date(2025, 3, 5)),
    ]
    found = supervisors(items, *pieces)
    assert (found[KHANITTHA].waiting, found[KHANITTHA].waiting_days) == (2, 10)
    assert (found[PRAMOTE].waiting, found[PRAMOTE].waiting_days) == (2, 10)
    assert [standing.item.code for standing in found[PRAMOTE].items] == ["O2", "O3"]


def test_what_was_withdrawn_or_decided_waits_no_more():
    items = [item(1, 3, USA)]
    withdrawn = replace(handed_in(1, 1, on=date(2025, 3, 1)), withdrawn_at=at(date(2025, 3, 2)))
    accepted = handed_in(1, 2, on=date(2025, 3, 1), by=KHANITTHA, decided=date(2025, 3, 3))
    returned = handed_in(1, 3, on=date(2025, 3, 1), by=KHANITTHA, decided=DAY, decision=Decision.returned)
    found = supervisors(items, withdrawn, accepted, returned)[KHANITTHA]
    assert (found.waiting, found.waiting_days, found.decided, found.returned) == (0, 0, 2, 1)


def test_a_decision_is_of_the_officer_who_made_it_not_of_all_supervisors():
    items = [item(1, 2, USA, supervisors=(KHANITTHA, PRAMOTE))]
    decided = handed_in(1, 1, on=date(2025, 3, 1), by=PRAMOTE, decided=date(2025, 3, 4))
    found = supervisors(items, decided)
    assert (found[PRAMOTE].decided, found[PRAMOTE].days_to_decide) == (1, 3)
    assert (found[KHANITTHA].decided, found[KHANITTHA].days_to_decide) == (0, None)


@pytest.mark.parametrize(("taken", "middle"), [([0], 0), ([1, 9, 2], 2), ([1, 4], 2.5), ([0, 0, 30], 0)])
def test_days_to_decide_are_the_median(taken: list[int], middle: float):
    items = [item(1, 9, USA)]
    start = date(2025, 1, 6)
    pieces = [
        handed_in(1, number, on=start, by=KHANITTHA, decided=start + timedelta(days=days))
        for number, days in enumerate(taken, start=1)
    ]
    assert supervisors(items, *pieces)[KHANITTHA].days_to_decide == middle


def test_days_to_decide_are_days_of_the_calendar_in_thailand():
    """Handed in an hour before midnight, decided an hour after it: one day, though both are one day in UTC."""
    late = replace(
        handed_in(1, 1), at=at(DAY, 23), reviewed_at=at(DAY + timedelta(days=1), 1), decision=Decision.accepted,
        reviewer_id=KHANITTHA,
    )  # fmt: skip
    assert late.at.date() == late.reviewed_at.date()
    [one] = workload.supervising(board_of([item(1, 1, USA)]).items, Records([late]), DAY)
    assert one.days_to_decide == 1


def test_on_an_earlier_day_a_piece_still_waited_and_nothing_was_decided():
    items = [item(1, 1, USA)]
    piece = handed_in(1, 1, on=date(2025, 3, 1), by=KHANITTHA, decided=date(2025, 3, 8))
    before, then, after = (
        supervisors(items, piece, day=day)[KHANITTHA] for day in (date(2025, 2, 28), date(2025, 3, 7), DAY)
    )
    assert (before.waiting, before.decided, before.days_to_decide) == (0, 0, None)
    assert (then.waiting, then.waiting_days, then.decided, then.days_to_decide) == (1, 6, 0, None)
    assert (after.waiting, after.waiting_days, after.decided, after.days_to_decide) == (0, 0, 1, 7)


@pytest.mark.parametrize("order", [1, -1])
def test_who_has_the_oldest_piece_waiting_comes_first_then_who_has_more(order: int):
    items = [item(number, 5, USA, supervisors=(who,)) for number, who in enumerate((KHANITTHA, PRAMOTE, PIYAPORN), 1)]
    pieces = [
        handed_in(1, 1, on=date(2025, 3, 12)), handed_in(1, 2, on=date(2025, 3, 13)),
        handed_in(2, 1, on=date(2025, 3, 5)),
        handed_in(3, 1, on=date(2025, 3, 12)),
    ]  # fmt: skip
    assert list(supervisors(items[::order], *pieces)) == [PRAMOTE, KHANITTHA, PIYAPORN]


def test_what_came_in_after_the_year_has_waited_no_day_of_it():
    """The year's last day shows what was recorded since: a wait is none then, and never less than none."""
    found = supervisors([item(1, 1, USA)], handed_in(1, 1, on=date(2026, 11, 22)), day=ENDS)[KHANITTHA]
    assert (found.waiting, found.waiting_days) == (1, 0)
