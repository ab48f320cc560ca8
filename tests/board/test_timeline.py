"""The rows of the Gantt view: what was planned, what happened by a day, what was moved."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from ita_core.board import progress, steps, timeline
from ita_core.board.progress import HandIn, ItemFacts, Records, RequirementFacts, SlotKey
from ita_core.board.steps import Seen, StepFacts, StepStanding
from ita_core.board.timeline import Due, Row, RowKind, RowState
from ita_core.models import Cadence, Decision, EvidenceKind, ItemKind

ENDS = date(2025, 9, 30)
USA, PATTAMA, KHANITTHA = 10, 11, 20
EVERY = frozenset(RowKind)


def step(number: int, phase: str, starts: date, ends: date, *officers: int, **first: date) -> StepFacts:
    planned = {"first_starts": starts, "first_ends": ends} | first
    return StepFacts(phase, number, f"ขั้นตอน {number}", "งาน", starts, ends, officers=officers, **planned)


PREPARE = step(1, "เตรียมการ", date(2024, 10, 1), date(2024, 12, 31), USA)
REGISTER = step(2, "ดำเนินการ", date(2025, 1, 1), date(2025, 1, 31), KHANITTHA)
ANSWER = step(3, "ดำเนินการ", date(2025, 1, 10), date(2025, 4, 30), USA, KHANITTHA)
ANNOUNCE = step(4, "สรุปผล", date(2025, 9, 1), date(2025, 9, 30), PATTAMA)
STEPS = [PREPARE, REGISTER, ANSWER, ANNOUNCE]

JANUARY, FEBRUARY = date(2025, 2, 1), date(2025, 3, 1)
REPORT = RequirementFacts(
    1, "report", "รายงาน", Cadence.monthly, ("2025-01", "2025-02"), ("pdf", "word"),
    dues={"2025-01": JANUARY, "2025-02": FEBRUARY},
)  # fmt: skip
MONTHLY = ItemFacts(1, "O6", "ผลงาน", ItemKind.oit, Cadence.monthly, (REPORT,), 9, None, (USA, PATTAMA), (KHANITTHA,))
SIGN = RequirementFacts(2, "sign", "ป้าย", Cadence.continuous, dues={"": date(2025, 3, 31)})
MEASURE = ItemFacts(2, "1.1", "ป้ายบริการ", ItemKind.service, Cadence.continuous, (SIGN,), preparers=(PATTAMA,))
ITEMS = (MEASURE, MONTHLY)
PDF, WORD = (SlotKey(1, "2025-01", fmt) for fmt in ("pdf", "word"))
ALL = tuple(slot.key for slot in MONTHLY.slots)


def handed_in(number: int, *keys: SlotKey, on: date, accepted: date | None = None, returned: date | None = None):
    reviewed = accepted or returned
    decision = Decision.accepted if accepted else Decision.returned if returned else None
    moments = [datetime(day.year, day.month, day.day, 3, tzinfo=UTC) if day else None for day in (on, reviewed)]
    return HandIn(number, 1, EvidenceKind.file, keys, moments[0], USA, "x", None, moments[1], decision)


def standings(listed: list[StepFacts], board: progress.Board) -> list[StepStanding]:
    return steps.standings(listed, {}, Seen(board, Records()), board.day)


def rows_on(day: date, *hand_ins: HandIn, items: tuple[ItemFacts, ...] = ITEMS) -> list[Row]:
    board = progress.board(items, Records(hand_ins), day=day, year_ends=ENDS)
    return timeline.rows(standings(STEPS, board), board)


def o6(day: date, *hand_ins: HandIn, item: ItemFacts = MONTHLY) -> Row:
    [row] = [row for row in rows_on(day, *hand_ins, items=(item,)) if row.code == "O6"]
    return row


def names(rows: list[Row]) -> list[str]:
    return [row.code or row.title for row in rows]


# --- the calendar ----------------------------------------------------------------------------------------------------


def test_phases_come_with_their_steps_then_items_then_the_offices_measures():
    rows = rows_on(date(2025, 1, 15))
    assert names(rows) == ["เตรียมการ", "1", "ดำเนินการ", "2", "3", "สรุปผล", "4", "O6", "1.1"]
    phase, a_step, item, measure = RowKind.phase, RowKind.step, RowKind.item, RowKind.measure
    assert [row.kind for row in rows] == [phase, a_step, phase, a_step, a_step, phase, a_step, item, measure]


def test_a_phase_reaches_from_its_first_step_to_its_last():
    phase = next(row for row in rows_on(date(2025, 1, 15)) if row.title == "ดำเนินการ")
    assert (phase.starts, phase.ends) == (date(2025, 1, 1), date(2025, 4, 30))


@pytest.mark.parametrize(
    ("day", "state"),
    [
        (date(2024, 12, 31), RowState.ahead),
        (date(2025, 1, 1), RowState.running),
        (date(2025, 1, 31), RowState.running),
        (date(2025, 2, 1), RowState.overdue),
    ],
)
def test_a_step_runs_from_its_first_day_to_its_last(day: date, state: RowState):
    row = next(row for row in rows_on(day) if row.code == "2")
    assert (row.state, row.title, row.officers) == (state, "ขั้นตอน 2", (KHANITTHA,))


def test_a_phase_runs_while_one_of_its_steps_does():
    states = [
        next(row for row in rows_on(day) if row.title == "ดำเนินการ").state
        for day in (date(2024, 12, 31), date(2025, 2, 10), date(2025, 4, 30), date(2025, 5, 1))
    ]
    assert states == [RowState.ahead, RowState.running, RowState.running, RowState.over]


# --- items: marks where they are due, a bar of what happened ---------------------------------------------------------


def test_an_item_of_which_nothing_happened_and_nothing_was_due_lies_ahead():
    row = o6(date(2025, 1, 15))
    assert (row.state, row.handed_in, row.accepted, row.slip, row.progress) == (RowState.ahead, None, None, None, 0)
    assert (row.starts, row.ends) == (None, None)


def test_an_items_bar_begins_with_the_first_hand_in():
    row = o6(date(2025, 1, 20), handed_in(2, WORD, on=date(2025, 1, 18)), handed_in(1, PDF, on=date(2025, 1, 16)))
    assert (row.state, row.handed_in, row.accepted) == (RowState.running, date(2025, 1, 16), None)


def test_an_items_bar_ends_with_the_acceptance_of_its_last_slot_and_not_before():
    first = handed_in(1, *ALL[:3], on=date(2025, 1, 16), accepted=date(2025, 1, 17))
    almost = o6(date(2025, 1, 25), first)
    assert (almost.state, almost.accepted, almost.progress) == (RowState.running, None, 0.75)
    last = handed_in(2, ALL[3], on=date(2025, 1, 20), accepted=date(2025, 1, 24))
    row = o6(date(2025, 1, 25), first, last)
    assert (row.state, row.handed_in, row.accepted) == (RowState.complete, date(2025, 1, 16), date(2025, 1, 24))
    assert (row.progress, row.slip) == (1, None)


def test_a_newer_evidence_does_not_move_the_end_of_the_bar():
    done = handed_in(1, *ALL, on=date(2025, 1, 16), accepted=date(2025, 1, 17))
    newer = handed_in(2, PDF, on=date(2025, 1, 20), accepted=date(2025, 1, 21))
    assert o6(date(2025, 1, 25), done, newer).accepted == date(2025, 1, 17)


def test_an_item_is_overdue_the_day_after_something_of_it_was_due():
    assert o6(JANUARY).state is RowState.ahead
    assert o6(date(2025, 2, 2)).state is RowState.overdue
    waits = handed_in(1, PDF, WORD, on=date(2025, 1, 30))
    assert o6(date(2025, 2, 2), waits).state is RowState.overdue
    done = handed_in(1, PDF, WORD, on=date(2025, 1, 30), accepted=date(2025, 1, 31))
    assert o6(date(2025, 2, 2), done).state is RowState.running


def test_an_item_that_demands_nothing_is_not_complete():
    nothing = replace(MONTHLY, requirements=())
    row = o6(date(2025, 5, 1), item=nothing)
    assert (row.state, row.dues, row.progress) == (RowState.ahead, (), 0)


def test_each_day_on_which_something_is_due_is_marked_once_in_order():
    assert o6(date(2025, 1, 15)).dues == (Due(JANUARY, JANUARY), Due(FEBRUARY, FEBRUARY))


def test_preparers_and_supervisors_act_in_an_item_each_once():
    assert o6(date(2025, 1, 15)).officers == (USA, PATTAMA, KHANITTHA)
    both = replace(MONTHLY, supervisors=(KHANITTHA, USA))
    assert o6(date(2025, 1, 15), item=both).officers == (USA, PATTAMA, KHANITTHA)


# --- what slipped ----------------------------------------------------------------------------------------------------


def test_work_that_is_missing_slips_from_its_deadline_to_the_day():
    assert o6(date(2025, 2, 10)).slip == (JANUARY, date(2025, 2, 10))


def test_work_that_waits_past_its_deadline_slips_too():
    assert o6(date(2025, 2, 10), handed_in(1, *ALL, on=date(2025, 1, 30))).slip == (JANUARY, date(2025, 2, 10))


def test_a_missed_deadline_that_was_made_good_slipped_until_then():
    late = handed_in(1, PDF, WORD, on=date(2025, 2, 3), accepted=date(2025, 2, 5))
    assert o6(date(2025, 2, 20), late).slip == (JANUARY, date(2025, 2, 5))


def test_several_missed_deadlines_are_one_slip_from_the_first_to_the_last_made_good():
    late = handed_in(1, PDF, WORD, on=date(2025, 2, 3), accepted=date(2025, 2, 5))
    later = handed_in(2, *ALL[2:], on=date(2025, 3, 4), accepted=date(2025, 3, 9))
    row = o6(date(2025, 4, 1), late, later)
    assert (row.state, row.slip) == (RowState.complete, (JANUARY, date(2025, 3, 9)))


def test_one_deadline_kept_and_one_missed_slips_from_the_missed_one():
    kept = handed_in(1, PDF, WORD, on=date(2025, 1, 30), accepted=JANUARY)
    assert o6(date(2025, 3, 11), kept).slip == (FEBRUARY, date(2025, 3, 11))


def test_an_earlier_day_shows_what_was_known_then():
    late = handed_in(1, *ALL, on=date(2025, 2, 3), accepted=date(2025, 2, 5))
    before, between, after = (o6(date(2025, 2, day), late) for day in (2, 4, 5))
    assert (before.state, before.handed_in) == (RowState.overdue, None)
    assert (between.state, between.handed_in, between.accepted) == (RowState.overdue, date(2025, 2, 3), None)
    assert (after.state, after.accepted, after.slip) == (
        RowState.complete,
        date(2025, 2, 5),
        (JANUARY, date(2025, 2, 5)),
    )


def test_a_deadline_is_met_when_everything_due_by_it_is_accepted_and_missed_the_day_after_it():
    one = handed_in(1, PDF, on=date(2025, 1, 30), accepted=JANUARY)
    both = handed_in(1, PDF, WORD, on=date(2025, 1, 30), accepted=date(2025, 2, 5))
    marks = [
        [(due.met, due.missed) for due in row.dues]
        for row in (o6(JANUARY, one), o6(date(2025, 2, 2), one), o6(date(2025, 2, 4), both), o6(date(2025, 2, 5), both))
    ]
    ahead = (False, False)
    assert marks == [[ahead, ahead], [(False, True), ahead], [(False, True), ahead], [(True, False), ahead]]


def test_an_item_is_overdue_since_the_first_deadline_that_is_still_not_met():
    late = handed_in(1, PDF, WORD, on=date(2025, 2, 3), accepted=date(2025, 2, 5))
    days = [JANUARY, date(2025, 2, 4), date(2025, 2, 5), date(2025, 3, 9)]
    assert [o6(day, late).overdue_since for day in days] == [None, JANUARY, None, FEBRUARY]


def test_lateness_that_was_made_good_is_one_stretch_where_it_overlaps_and_several_where_not():
    one = handed_in(1, PDF, on=date(2025, 2, 3), accepted=date(2025, 2, 5))
    other = handed_in(2, WORD, on=date(2025, 2, 3), accepted=date(2025, 2, 8))
    march = handed_in(3, *ALL[2:], on=date(2025, 3, 2), accepted=date(2025, 3, 4))
    assert o6(date(2025, 2, 6), one).made_good == ((JANUARY, date(2025, 2, 5)),)
    assert o6(date(2025, 3, 9), one, other, march).made_good == (
        (JANUARY, date(2025, 2, 8)),
        (FEBRUARY, date(2025, 3, 4)),
    )
    assert o6(date(2025, 3, 9)).made_good == ()


# --- what was moved --------------------------------------------------------------------------------------------------


def test_a_plan_that_was_never_changed_shows_nothing_as_moved():
    assert not any(row.moved for row in rows_on(date(2025, 1, 15)))


def test_a_moved_deadline_keeps_the_first_as_its_baseline():
    moved = replace(REPORT, dues={"2025-01": date(2025, 2, 5), "2025-02": FEBRUARY}, first_dues=REPORT.dues)
    row = o6(date(2025, 1, 15), item=replace(MONTHLY, requirements=(moved,)))
    assert row.dues == (Due(date(2025, 2, 5), JANUARY), Due(FEBRUARY, FEBRUARY))
    assert [due.moved for due in row.dues] == [True, False]
    assert row.moved


def test_being_overdue_follows_the_moved_deadline_not_the_first():
    moved = replace(REPORT, dues={"2025-01": date(2025, 2, 5), "2025-02": FEBRUARY}, first_dues=REPORT.dues)
    row = o6(date(2025, 2, 5), item=replace(MONTHLY, requirements=(moved,)))
    assert (row.state, row.slip) == (RowState.ahead, None)


@pytest.mark.parametrize("order", [1, -1])
def test_a_moved_deadline_shows_beside_another_that_was_always_on_that_day(order: int):
    """The January report was moved to the day on which the February report was due from the start."""
    january = RequirementFacts(3, "a", "ก", Cadence.once, dues={"": FEBRUARY}, first_dues={"": JANUARY})
    february = RequirementFacts(4, "b", "ข", Cadence.once, dues={"": FEBRUARY}, first_dues={"": FEBRUARY})
    row = o6(date(2025, 1, 15), item=replace(MONTHLY, requirements=(january, february)[::order]))
    assert (row.dues, row.moved) == ((Due(FEBRUARY, JANUARY),), True)


@pytest.mark.parametrize("moved", ["first_starts", "first_ends"])
def test_a_moved_step_keeps_its_first_dates(moved: str):
    other = step(2, "ดำเนินการ", date(2025, 1, 1), date(2025, 1, 31), **{moved: date(2025, 1, 15)})
    board = progress.board(ITEMS, Records(), day=date(2025, 1, 15), year_ends=ENDS)
    row = next(row for row in timeline.rows(standings([PREPARE, other], board), board) if row.code == "2")
    assert (row.moved, getattr(row, moved)) == (True, date(2025, 1, 15))
    assert (row.starts, row.ends) == (date(2025, 1, 1), date(2025, 1, 31))


# --- what is chosen --------------------------------------------------------------------------------------------------

ROWS = rows_on(date(2025, 2, 2))  # O6 is overdue, 1.1 lies ahead


def test_everything_is_chosen_where_nothing_is_left_out():
    assert timeline.chosen(ROWS, kinds=EVERY) == ROWS


@pytest.mark.parametrize(
    ("kinds", "kept"),
    [
        ({RowKind.item}, ["O6"]),
        ({RowKind.measure}, ["1.1"]),
        ({RowKind.step}, ["1", "2", "3", "4"]),
        ({RowKind.phase}, []),  # a phase is nothing without its steps
        ({RowKind.phase, RowKind.item}, ["O6"]),
        (set(), []),
    ],
)
def test_only_the_chosen_kinds_are_kept(kinds: set[RowKind], kept: list[str]):
    assert names(timeline.chosen(ROWS, kinds=frozenset(kinds))) == kept


@pytest.mark.parametrize(
    ("officer", "kept"),
    [
        (USA, ["เตรียมการ", "1", "ดำเนินการ", "3", "O6"]),
        (PATTAMA, ["สรุปผล", "4", "O6", "1.1"]),
        (KHANITTHA, ["ดำเนินการ", "2", "3", "O6"]),
        (99, []),
    ],
)
def test_an_officers_rows_are_those_they_act_in_and_the_phases_of_their_steps(officer: int, kept: list[str]):
    assert names(timeline.chosen(ROWS, kinds=EVERY, officer=officer)) == kept


@pytest.mark.parametrize(
    ("state", "kept"),
    [
        (RowState.overdue, ["เตรียมการ", "1", "ดำเนินการ", "2", "O6"]),  # the phase runs, but one of its steps is late
        (RowState.running, ["ดำเนินการ", "3"]),
        (RowState.over, []),
        (RowState.ahead, ["สรุปผล", "4", "1.1"]),
        (RowState.complete, []),
    ],
)
def test_rows_are_chosen_by_how_they_stand_and_phases_by_their_steps(state: RowState, kept: list[str]):
    assert names(timeline.chosen(ROWS, kinds=EVERY, state=state)) == kept


def test_an_officer_and_a_state_together_must_both_fit():
    assert names(timeline.chosen(ROWS, kinds=EVERY, officer=KHANITTHA, state=RowState.running)) == ["ดำเนินการ", "3"]
    assert timeline.chosen(ROWS, kinds=frozenset({RowKind.item}), officer=KHANITTHA, state=RowState.ahead) == []
