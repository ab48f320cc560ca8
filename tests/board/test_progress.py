"""Status derived from slots and records, on any day."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from ita_core.board import headline, progress
from ita_core.board.progress import ItemEvent, Records, RequirementFacts, SlotKey, Stage, State
from ita_core.models import Cadence, Decision
from tests.board.two_items import (
    ENDS,
    ITEMS,
    MONTHLY,
    MONTHS,
    NEWS,
    OCTOBER_PDF,
    REPORT,
    all_accepted,
    at,
    board_on,
    handed_in,
)

STARTS = date(2024, 10, 1)


def test_a_requirement_expects_a_slot_for_each_month_and_format():
    keys = [slot.key for slot in progress.slots_of(REPORT)]
    assert keys == [SlotKey(1, month, fmt) for month in MONTHS for fmt in ("pdf", "word")]


def test_a_minimum_number_expects_that_many_slots():
    assert [slot.key.ordinal for slot in progress.slots_of(NEWS)] == [1, 2, 3, 4, 5]


def test_languages_multiply_the_slots():
    both = RequirementFacts(3, "policy", "ประกาศ", Cadence.once, languages=("th", "en"))
    assert [slot.key.language for slot in progress.slots_of(both)] == ["th", "en"]


def test_a_day_before_all_records_is_the_empty_board():
    before = board_on(date(2024, 10, 1), handed_in(1, OCTOBER_PDF, on=date(2024, 10, 30), reviewed=date(2024, 10, 31)))
    assert {slot.state for one in before.items for slot in one.slots} == {State.missing}
    assert before.by_code["O6"].stage is Stage.not_started


def test_a_slot_is_overdue_the_day_after_it_was_due():
    assert board_on(date(2024, 11, 1)).by_code["O6"].tally.overdue == 0
    late = board_on(date(2024, 11, 2)).by_code["O6"]
    assert late.tally.overdue == 2
    assert late.days_late == 1


def test_waiting_work_past_its_date_is_overdue_too():
    one = board_on(date(2024, 11, 5), handed_in(1, OCTOBER_PDF, on=date(2024, 11, 1))).by_code["O6"].slots[0]
    assert (one.state, one.overdue) == (State.waiting, True)


def test_a_slot_accepted_after_its_date_is_late_and_no_longer_overdue():
    accepted = handed_in(1, OCTOBER_PDF, on=date(2024, 11, 1), reviewed=date(2024, 11, 4))
    one = board_on(date(2024, 12, 1), accepted).by_code["O6"].slots[0]
    assert (one.state, one.overdue, one.late, one.days_late) == (State.accepted, False, True, 3)


def test_a_review_made_later_is_not_known_on_an_earlier_day():
    accepted = handed_in(1, OCTOBER_PDF, on=date(2024, 10, 30), reviewed=date(2024, 11, 3))
    assert board_on(date(2024, 11, 2), accepted).by_code["O6"].slots[0].state is State.waiting
    assert board_on(date(2024, 11, 3), accepted).by_code["O6"].slots[0].state is State.accepted


def test_a_withdrawal_made_later_is_not_known_on_an_earlier_day():
    gone = replace(handed_in(1, OCTOBER_PDF, on=date(2024, 10, 30)), withdrawn_at=at(date(2024, 11, 2)))
    assert board_on(date(2024, 11, 1), gone).by_code["O6"].slots[0].state is State.waiting
    assert board_on(date(2024, 11, 2), gone).by_code["O6"].slots[0].state is State.missing


def test_a_moment_just_before_midnight_in_thailand_belongs_to_that_day():
    late_evening = replace(handed_in(1, OCTOBER_PDF, on=date(2024, 10, 30)), at=at(date(2024, 10, 30), 23))
    assert board_on(date(2024, 10, 30), late_evening).by_code["O6"].slots[0].state is State.waiting


def test_what_came_in_after_the_year_shows_on_its_last_day():
    after = handed_in(1, OCTOBER_PDF, on=date(2026, 11, 22))
    assert board_on(ENDS, after).by_code["O6"].slots[0].state is State.waiting
    assert board_on(ENDS - timedelta(days=1), after).by_code["O6"].slots[0].state is State.missing


def test_a_moment_of_a_day_shows_what_was_there_just_before_it():
    """What a meeting at eleven showed: nine o'clock is known, eleven itself and noon are not."""
    day = date(2024, 10, 30)
    nine, eleven, noon = (
        replace(handed_in(hour, slot.key, on=day), at=at(day, hour))
        for hour, slot in zip((9, 11, 12), MONTHLY.slots, strict=False)
    )
    shown = progress.board(ITEMS, Records([nine, eleven, noon]), day=day, year_ends=ENDS, moment=at(day, 11))
    assert [slot.state for slot in shown.by_code["O6"].slots[:3]] == [State.waiting, State.missing, State.missing]
    assert (shown.day, shown.before) == (day, at(day, 11))
    evening = board_on(day, nine, eleven, noon)
    assert [slot.state for slot in evening.by_code["O6"].slots[:3]] == [State.waiting] * 3


def test_a_moment_forgets_later_reviews_withdrawals_and_approvals_of_the_same_day():
    day = date(2024, 11, 1)
    accepted = handed_in(1, *[slot.key for slot in MONTHLY.slots], on=day, reviewed=day, reviewer_id=20)  # at ten
    gone = replace(handed_in(2, SlotKey(2, ordinal=1), on=day, item=2), withdrawn_at=at(day, 12))
    mark = board_on(day, accepted).by_code["O6"].fingerprint
    records = Records([accepted, gone], [ItemEvent(1, at(day, 13), mark)])
    stages = [
        tuple(one.stage for one in progress.board(ITEMS, records, day=day, year_ends=ENDS, moment=at(day, hour)).items)
        for hour in (10, 11, 13, 14)
    ]
    assert stages == [
        (Stage.in_review, Stage.preparing),
        (Stage.complete, Stage.preparing),
        (Stage.complete, Stage.not_started),
        (Stage.approved, Stage.not_started),
    ]
    [before, _gone] = progress.as_of(records, at(day, 10)).hand_ins
    assert (before.reviewed_at, before.decision, before.reviewer_id) == (None, None, None)


def test_what_is_overdue_at_a_moment_is_that_of_its_day():
    due = date(2024, 11, 1)
    morning = progress.board(ITEMS, Records(), day=due, year_ends=ENDS, moment=at(due, 1))
    assert morning.by_code["O6"].tally.overdue == 0
    next_morning = progress.board(ITEMS, Records(), day=due + timedelta(days=1), year_ends=ENDS, moment=at(due, 1))
    assert next_morning.by_code["O6"].tally.overdue == 2


def test_a_moment_of_the_last_day_keeps_out_what_came_in_after_the_year():
    after = handed_in(1, OCTOBER_PDF, on=date(2026, 11, 22))
    shown = progress.board(ITEMS, Records([after]), day=ENDS, year_ends=ENDS, moment=at(ENDS, 11))
    assert shown.by_code["O6"].slots[0].state is State.missing


def test_the_figures_of_a_moment_count_what_waited_then():
    day = date(2024, 11, 10)
    waits = [
        handed_in(1, OCTOBER_PDF, on=date(2024, 11, 8)),
        replace(handed_in(2, OCTOBER_PDF, on=day), at=at(day, 12)),
    ]
    records = Records(waits)
    shown = progress.board(ITEMS, records, day=day, year_ends=ENDS, moment=at(day, 11))
    assert headline.figures(shown, records).waiting == 1
    assert headline.figures(board_on(day, *waits), records).waiting == 2


def test_a_slot_knows_when_it_was_first_handed_in_and_first_accepted():
    first = handed_in(1, OCTOBER_PDF, on=date(2024, 10, 20), reviewed=date(2024, 10, 21), decision=Decision.returned)
    again = handed_in(2, OCTOBER_PDF, on=date(2024, 10, 25), reviewed=date(2024, 10, 28))
    newer = handed_in(3, OCTOBER_PDF, on=date(2024, 11, 3), reviewed=date(2024, 11, 4))
    days = [date(2024, 10, 19), date(2024, 10, 22), date(2024, 10, 27), date(2024, 10, 28), date(2024, 11, 9)]
    slots = [board_on(day, first, again, newer).by_code["O6"].slots[0] for day in days]
    assert [(slot.handed_in_on, slot.accepted_on) for slot in slots] == [
        (None, None),
        (date(2024, 10, 20), None),
        (date(2024, 10, 20), None),
        (date(2024, 10, 20), date(2024, 10, 28)),
        (date(2024, 10, 20), date(2024, 10, 28)),
    ]


def test_a_withdrawn_hand_in_is_not_when_it_was_first_handed_in():
    gone = replace(handed_in(1, OCTOBER_PDF, on=date(2024, 10, 20)), withdrawn_at=at(date(2024, 10, 21)))
    again = handed_in(2, OCTOBER_PDF, on=date(2024, 10, 25))
    assert board_on(date(2024, 10, 30), gone, again).by_code["O6"].slots[0].handed_in_on == date(2024, 10, 25)


def test_a_slot_keeps_the_day_on_which_it_was_first_due():
    moved = replace(REPORT, dues={"2024-10": date(2024, 11, 5)}, first_dues={"2024-10": date(2024, 11, 1)})
    october, november = progress.slots_of(moved)[0], progress.slots_of(moved)[2]
    assert (october.due, october.first_due) == (date(2024, 11, 5), date(2024, 11, 1))
    assert (november.due, november.first_due) == (None, None)
    assert all(slot.first_due == slot.due for slot in progress.slots_of(REPORT))


@pytest.mark.parametrize(
    ("today", "shown"),
    [
        (date(2024, 9, 30), STARTS), (date(1, 1, 1), STARTS), (STARTS, STARTS), (date(2025, 3, 15), date(2025, 3, 15)),
        (ENDS, ENDS), (date(2026, 11, 22), ENDS),
    ],
)  # fmt: skip
def test_the_day_shown_is_today_or_the_nearest_of_the_year(today: date, shown: date):
    assert progress.shown_day(today, STARTS, ENDS) == shown


def test_a_returned_slot_waits_again_when_it_is_handed_in_anew():
    first = handed_in(1, OCTOBER_PDF, on=date(2024, 10, 28), reviewed=date(2024, 10, 29), decision=Decision.returned)
    assert board_on(date(2024, 10, 30), first).by_code["O6"].slots[0].state is State.returned
    again = handed_in(2, OCTOBER_PDF, on=date(2024, 10, 30))
    one = board_on(date(2024, 10, 30), first, again).by_code["O6"].slots[0]
    assert (one.state, one.evidence_id) == (State.waiting, 2)


def test_an_accepted_slot_stays_accepted_while_a_newer_evidence_waits():
    old = handed_in(1, OCTOBER_PDF, on=date(2024, 10, 28), reviewed=date(2024, 10, 29))
    one = board_on(date(2024, 11, 2), old, handed_in(2, OCTOBER_PDF, on=date(2024, 11, 1))).by_code["O6"].slots[0]
    assert (one.state, one.evidence_id, one.replacing_id) == (State.accepted, 1, 2)


def test_one_evidence_can_fill_several_slots():
    both = handed_in(1, *[slot.key for slot in MONTHLY.slots], on=date(2024, 10, 30), reviewed=date(2024, 10, 31))
    assert board_on(date(2024, 10, 31), both).by_code["O6"].tally.accepted == 4


def test_the_stage_follows_the_records():
    day = date(2024, 11, 1)
    waits = handed_in(1, *[slot.key for slot in MONTHLY.slots], on=day)
    done = all_accepted()
    mark = board_on(day, done).by_code["O6"].fingerprint
    approved = [ItemEvent(1, at(day, 11), mark)]
    published = [ItemEvent(1, at(day, 12))]
    stages = [
        board_on(day).by_code["O6"].stage,
        board_on(day, handed_in(1, OCTOBER_PDF, on=day)).by_code["O6"].stage,
        board_on(day, waits).by_code["O6"].stage,
        board_on(day, done).by_code["O6"].stage,
        board_on(day, done, approvals=approved).by_code["O6"].stage,
        board_on(day, done, approvals=approved, publications=published).by_code["O6"].stage,
        board_on(day, done, approvals=approved, publications=published, filings=published).by_code["O6"].stage,
    ]
    assert stages == list(Stage)


def test_an_approval_lapses_when_other_evidence_is_accepted_in_its_place():
    day = date(2024, 11, 5)
    approved = [ItemEvent(1, at(date(2024, 11, 1)), board_on(day, all_accepted()).by_code["O6"].fingerprint)]
    newer = handed_in(2, OCTOBER_PDF, on=date(2024, 11, 2), reviewed=date(2024, 11, 3))
    standing = board_on(day, all_accepted(), newer, approvals=approved).by_code["O6"]
    assert (standing.stage, standing.approval_lapsed) == (Stage.complete, True)


def test_what_was_taken_off_the_website_is_to_be_published_anew_from_then_on():
    day = date(2024, 11, 9)
    mark = board_on(day, all_accepted()).by_code["O6"].fingerprint
    off = at(date(2024, 11, 5))
    done = {
        "approvals": [ItemEvent(1, at(date(2024, 11, 1)), mark)],
        "publications": [ItemEvent(1, at(date(2024, 11, 2))), ItemEvent(1, off, ended_at=off)],
    }
    assert board_on(day, all_accepted(), **done).by_code["O6"].stage is Stage.approved
    assert board_on(date(2024, 11, 4), all_accepted(), **done).by_code["O6"].stage is Stage.published


def test_a_filing_made_before_the_last_publication_no_longer_counts():
    day = date(2024, 11, 5)
    mark = board_on(day, all_accepted()).by_code["O6"].fingerprint
    done = {
        "approvals": [ItemEvent(1, at(date(2024, 11, 1)), mark), ItemEvent(1, at(date(2024, 11, 3)), mark)],
        "publications": [ItemEvent(1, at(date(2024, 11, 1), 10)), ItemEvent(1, at(date(2024, 11, 4)))],
        "filings": [ItemEvent(1, at(date(2024, 11, 2)))],
    }
    assert board_on(day, all_accepted(), **done).by_code["O6"].stage is Stage.published
    done["filings"].append(ItemEvent(1, at(date(2024, 11, 5))))
    assert board_on(day, all_accepted(), **done).by_code["O6"].stage is Stage.filed


def test_what_came_back_beside_an_accepted_evidence_is_remembered():
    day = date(2024, 11, 5)
    back = handed_in(2, OCTOBER_PDF, on=date(2024, 11, 2), reviewed=date(2024, 11, 3), decision=Decision.returned)
    one = board_on(day, all_accepted(), back).by_code["O6"].slots[0]
    assert (one.state, one.evidence_id, one.returned_id) == (State.accepted, 1, 2)
    again = handed_in(3, OCTOBER_PDF, on=date(2024, 11, 4))
    assert board_on(day, all_accepted(), back, again).by_code["O6"].slots[0].returned_id is None


def test_every_item_weighs_the_same_in_the_accepted_share():
    assert progress.accepted_share(board_on(date(2024, 11, 1), all_accepted()).items) == 0.5


def test_the_planned_share_counts_slots_due_by_the_end_of_the_day():
    assert progress.planned_share(ITEMS, date(2024, 10, 31)) == 0
    assert progress.planned_share(ITEMS, date(2024, 11, 1)) == 0.25
    assert progress.planned_share(ITEMS, date(2025, 4, 30)) == 1


def test_an_indicator_is_the_mean_of_its_items():
    assert progress.indicator_shares(board_on(date(2024, 11, 1), all_accepted()).items) == {9: 1.0, 10: 0.0}


def test_an_officers_numbers_are_over_the_items_they_prepare():
    standing = board_on(date(2024, 11, 1), all_accepted()).items
    assert progress.officer_tally(standing, 10).slots == 4
    assert progress.officer_tally(standing, 11).slots == 9
    assert progress.officer_tally(standing, 20).slots == 0


def test_punctuality_is_unknown_before_anything_was_accepted():
    assert progress.officer_tally(board_on(date(2024, 11, 1)).items, 10).on_time is None


def test_overdue_parts_count_slots_and_items_once():
    assert progress.overdue_parts(board_on(date(2025, 5, 1)).items) == (9, 2)


def test_differences_name_what_changed_between_two_days():
    records = Records([handed_in(1, OCTOBER_PDF, on=date(2024, 10, 30), reviewed=date(2024, 10, 31))])
    days = (date(2024, 10, 29), date(2024, 11, 2))
    earlier, later = (progress.board(ITEMS, records, day=day, year_ends=ENDS) for day in days)
    changes = {change.key: change for change in progress.differences(earlier, later)}
    assert changes[OCTOBER_PDF].after is State.accepted
    assert changes[SlotKey(1, "2024-10", "word")].went_overdue
    assert len(changes) == 2


def test_the_line_over_time_ends_where_the_board_stands():
    board = board_on(date(2024, 10, 30), all_accepted(day=date(2024, 10, 30)))
    line = progress.accepted_over_time(board.items, [date(2024, 10, 29), date(2024, 10, 30)], ENDS)
    assert line == [(date(2024, 10, 29), 0.0), (date(2024, 10, 30), 0.5)]
