"""An item and an officer through the years: what is the same, what was late then and is due now."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from ita_core.board import progress, years
from ita_core.board.progress import Board, HandIn, ItemFacts, Records, RequirementFacts, SlotKey
from ita_core.models import Cadence, Decision, EvidenceKind, ItemKind

THEN_ENDS, NOW_ENDS = date(2025, 9, 30), date(2026, 9, 30)
THEN_DUE = date(2025, 2, 28)
DAY = date(2026, 2, 1)
USA, PATTAMA = 10, 11  # parties then; a year later they are 110 and 111
PERSONS, LATER_PERSONS = {USA: 1, PATTAMA: 2}, {110: 1, 112: 3}


def item(
    number: int, code: str, *preparers: int, lineage: str = "", came_of: tuple[str, ...] = (),
    due: date = THEN_DUE, slots: int = 2,
) -> ItemFacts:  # fmt: skip
    demand = RequirementFacts(number, "news", "ข่าว", Cadence.once, minimum=slots, dues={"": due})
    return ItemFacts(number, code, code, ItemKind.oit, Cadence.once, (demand,), 9, due, preparers,
                     lineage=lineage, came_of=came_of)  # fmt: skip


def moment(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 2, tzinfo=UTC)


def handed_in(of: int, *ordinals: int, on: date, decision: Decision = Decision.accepted) -> HandIn:
    keys = tuple(SlotKey(of, ordinal=ordinal) for ordinal in ordinals)
    return HandIn(of * 100 + ordinals[0] + on.day, of, EvidenceKind.file, keys, moment(on), USA, "x", None,
                  moment(on) + timedelta(hours=1), decision)  # fmt: skip


def board(items: list[ItemFacts], records: Records, day: date, ends: date) -> Board:
    return progress.board(items, records, day=day, year_ends=ends)


def test_the_same_lineage_is_the_same_item_whatever_its_code():
    earlier = [item(1, "O9"), item(2, "O7")]
    assert years.came_from(item(3, "O25", lineage="O9"), earlier) == (earlier[0],)
    assert years.came_from(item(4, "O9", lineage="O9-2570"), earlier) == ()  # new, under a code that was another's
    assert years.came_from(item(5, "O7"), earlier) == (earlier[1],)


def test_a_part_comes_of_the_whole_and_what_was_made_of_several_of_all_of_them():
    earlier = [item(1, "O1"), item(2, "O12"), item(3, "O7")]
    assert years.came_from(item(4, "O26", lineage="O26-2570", came_of=("O7",)), earlier) == (earlier[2],)
    merged = item(5, "O12", lineage="O12-2570", came_of=("O1", "O12"))
    assert years.came_from(merged, earlier) == (earlier[0], earlier[1])
    a_year_later = [merged, item(6, "O7", lineage="O7-2570", came_of=("O7",))]
    assert years.came_from(merged, a_year_later) == (merged,)  # itself, and not again what it was made of


@pytest.fixture
def then() -> tuple[Board, Records]:
    """O1 in time; O2 half of it 10 days late, after it came back once, the other half never; O3 never begun."""
    records = Records([
        handed_in(1, 1, 2, on=date(2025, 2, 3)),
        handed_in(2, 1, on=date(2025, 3, 1), decision=Decision.returned),
        handed_in(2, 1, on=date(2025, 3, 10)),
    ])  # fmt: skip
    items = [item(1, "O1", USA), item(2, "O2", USA, PATTAMA), item(3, "O3", PATTAMA, slots=1)]
    return board(items, records, THEN_ENDS, THEN_ENDS), records


def now_of(*items: ItemFacts, records: Records | None = None, day: date = DAY) -> Board:
    return board(list(items), records or Records(), day, NOW_ENDS)


def test_what_was_late_then_and_is_due_now_comes_first_and_what_was_dropped_last(then: tuple[Board, Records]):
    now = now_of(
        item(101, "O1", 110, due=date(2026, 2, 28)),
        item(104, "O4", 110, due=date(2026, 1, 15), lineage="O4-2569"),
        item(102, "O9", 110, due=date(2026, 2, 28), lineage="O2"),
    )
    found = years.items(then[0], now, then[1])
    assert [one.standing.item.code if one.standing else None for one in found] == ["O9", "O1", "O4", None]
    late, in_time, new, dropped = found
    assert late.again and not in_time.again and not new.again and not dropped.again  # noqa: PT018
    assert late.then is not None
    unfinished = (THEN_ENDS - THEN_DUE).days
    assert (late.then.late, late.then.days_late, late.then.returned) == (2, unfinished, 1)
    assert late.then.tally.progress == 0.5
    assert in_time.then is not None
    assert (in_time.then.late, in_time.then.days_late, in_time.then.returned) == (0, 0, 0)
    assert (new.then, new.earlier) == (None, ())
    assert new.now is not None
    assert (new.now.due, new.now.tally.overdue, new.now.next_due) == (2, 2, None)
    assert (dropped.now, [one.item.code for one in dropped.earlier]) == (None, ["O3"])


@pytest.mark.parametrize(
    ("due", "again", "next_due"),
    [
        (date(2026, 1, 31), True, None),  # over
        (DAY, True, DAY),
        (DAY + years.SOON, True, DAY + years.SOON),
        (DAY + years.SOON + timedelta(days=1), False, DAY + years.SOON + timedelta(days=1)),
    ],
)
def test_due_now_is_what_is_overdue_or_comes_soon(
    then: tuple[Board, Records], due: date, again: bool, next_due: date | None
):
    [found, *_more] = years.items(then[0], now_of(item(102, "O2", 110, due=due)), then[1])
    assert (found.again, found.now and found.now.next_due) == (again, next_due)


def test_what_is_done_or_waits_for_a_decision_is_not_due(then: tuple[Board, Records]):
    done = Records([handed_in(102, 1, on=date(2026, 1, 20))])
    waiting = Records([*done.hand_ins, replace(handed_in(102, 2, on=date(2026, 1, 21)), decision=None)])
    for records, due in ((done, 1), (waiting, 0)):
        [found, *_more] = years.items(then[0], now_of(item(102, "O2", due=DAY), records=records), then[1])
        assert found.now is not None
        assert found.now.due == due


def test_an_officer_is_the_same_person_in_both_years(then: tuple[Board, Records]):
    now = now_of(item(101, "O1", 110, due=DAY), item(102, "O2", 112, due=DAY))
    found = years.officers(then[0], now, then[1], PERSONS, LATER_PERSONS)
    assert [(one.then_id, one.now_id) for one in found] == [(USA, 110), (PATTAMA, None), (None, 112)]
    usa, pattama, new = found
    assert usa.then is not None
    assert usa.now is not None
    assert (usa.then.late, usa.then.tally.slots, usa.then.returned, usa.now.due, usa.again) == (2, 4, 1, 2, True)
    assert pattama.then is not None
    assert (pattama.then.late, pattama.now) == (3, None)  # a shared item counts whole for each
    assert (new.then, new.again) == (None, False)
