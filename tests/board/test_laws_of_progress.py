"""What holds of progress whatever was handed in, on whatever day."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ita_core.board import progress
from ita_core.board.progress import HandIn
from ita_core.models import Decision, EvidenceKind
from tests.board.two_items import ENDS, ITEMS, at, board_on

DAYS = st.dates(date(2024, 10, 1), ENDS)


@st.composite
def hand_ins(draw: st.DrawFn) -> HandIn:
    item = draw(st.sampled_from(ITEMS))
    keys = draw(st.lists(st.sampled_from([slot.key for slot in item.slots]), min_size=1, unique=True))
    on = draw(DAYS)
    later = draw(st.integers(0, 40))
    fate = draw(st.sampled_from(["waits", "withdrawn", "accepted", "returned"]))
    base = HandIn(draw(st.integers(1, 10**6)), item.id, EvidenceKind.file, tuple(keys), at(on), 10, "x")
    moment = at(on, 12) + timedelta(days=later)
    if fate == "withdrawn":
        return replace(base, withdrawn_at=moment)
    if fate == "waits":
        return base
    return replace(base, reviewed_at=moment, decision=Decision[fate])


RECORDS = st.lists(hand_ins(), max_size=12, unique_by=lambda one: one.id)


@given(RECORDS, DAYS)
def test_every_slot_is_in_exactly_one_state(records: list[HandIn], day: date):
    for one in board_on(day, *records).items:
        tally = one.tally
        assert tally.accepted + tally.waiting + tally.returned + tally.missing == tally.slots == len(one.slots)
        assert 0 <= tally.progress <= 1
        assert tally.overdue + tally.accepted <= tally.slots


@given(RECORDS, DAYS)
def test_a_board_on_a_day_ignores_what_came_after_it(records: list[HandIn], day: date):
    limit = progress.until(day, ENDS)
    known = [one for one in records if limit is None or one.at < limit]
    assert board_on(day, *records) == board_on(day, *known)


@given(RECORDS, DAYS)
def test_the_order_of_the_records_does_not_matter(records: list[HandIn], day: date):
    assert board_on(day, *records) == board_on(day, *reversed(records))


@given(RECORDS, DAYS)
def test_accepting_what_waits_never_lowers_progress(records: list[HandIn], day: date):
    before = board_on(day, *records)
    accepted = [
        replace(one, reviewed_at=one.at, decision=Decision.accepted)
        if one.decision is None and one.withdrawn_at is None
        else one
        for one in records
    ]
    for old, new in zip(before.items, board_on(day, *accepted).items, strict=True):
        assert new.progress >= old.progress


@given(RECORDS, DAYS, hand_ins())
def test_handing_in_never_lowers_progress(records: list[HandIn], day: date, more: HandIn):
    more = replace(more, id=0)
    for old, new in zip(board_on(day, *records).items, board_on(day, *records, more).items, strict=True):
        assert new.progress >= old.progress


@given(RECORDS, DAYS, DAYS)
def test_accepted_slots_never_become_fewer_with_time(records: list[HandIn], one: date, other: date):
    first, second = sorted((one, other))
    for old, new in zip(board_on(first, *records).items, board_on(second, *records).items, strict=True):
        assert new.tally.accepted >= old.tally.accepted


@given(RECORDS, DAYS)
def test_no_difference_between_a_day_and_itself(records: list[HandIn], day: date):
    assert progress.differences(board_on(day, *records), board_on(day, *records)) == []


@given(RECORDS, DAYS)
def test_the_line_over_time_agrees_with_the_board(records: list[HandIn], day: date):
    board = board_on(day, *records)
    line = progress.accepted_over_time(board.items, [day], ENDS)
    assert line[0][1] == pytest.approx(progress.accepted_share(board.items))
