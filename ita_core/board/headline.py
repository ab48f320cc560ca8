"""PURE: the commander's figures of one day, put together from the board and the records."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum

from ita_core.board import progress, turns
from ita_core.board.progress import Board, ItemStanding, Records, SlotStanding, Stage, State
from ita_core.days import day_of, period_end

APPROVED = frozenset({Stage.approved, Stage.published, Stage.filed})


class Face(Enum):
    """What a cell of the board shows, the most urgent first."""

    overdue = "overdue"
    returned = "returned"
    waiting = "waiting"
    missing = "missing"
    accepted = "accepted"


@dataclass(frozen=True, slots=True)
class Cell:
    """A group of slots shown as one: a month of a monthly item, or one requirement (one of its minimum number)."""

    label: str  # the requirement's title; "" for a month
    period: str  # YYYY-MM, or "" for a requirement
    face: Face
    accepted: int
    slots: int
    ahead: bool  # a month that is not over yet: nothing can be handed in for all of it


@dataclass(frozen=True, slots=True)
class Figures:
    """Shares are 0–1, the rest are counts; days are whole days."""

    accepted: float
    planned: float
    overdue_slots: int
    overdue_items: int
    overdue_officers: int  # whose turn it is with those slots (`turns.late`)
    waiting: int  # pieces of evidence
    waiting_days: int  # how long the oldest has waited
    to_approve: tuple[str, ...]  # codes of complete items
    to_approve_since: date | None


def face(slot: SlotStanding) -> Face:
    """What one slot shows: what was handed in shows what became of it, late or not; what was not is overdue if late."""
    if slot.state in {State.accepted, State.waiting, State.returned}:
        return Face[slot.state.name]
    return Face.overdue if slot.overdue else Face.missing


def item_face(standing: ItemStanding) -> Face:
    """What a whole item shows in one cell: its most urgent slot."""
    return min((face(slot) for slot in standing.slots), key=list(Face).index, default=Face.missing)


def cells(standing: ItemStanding, day: date) -> list[Cell]:
    """An item's slots grouped for the board: months in their order, other requirements one by one."""
    groups: dict[tuple[str, int, int], list[SlotStanding]] = {}
    for slot in standing.slots:
        key = slot.slot.key
        group = (key.period, 0, 0) if key.period else ("", key.requirement_id, key.ordinal)
        groups.setdefault(group, []).append(slot)
    urgency = list(Face)
    return [
        Cell(
            label="" if period else slots[0].slot.requirement.title,
            period=period,
            face=min((face(slot) for slot in slots), key=urgency.index),
            accepted=sum(slot.state is State.accepted for slot in slots),
            slots=len(slots),
            ahead=bool(period) and period_end(period) >= day and all(slot.state is State.missing for slot in slots),
        )
        for (period, _requirement, _ordinal), slots in groups.items()
    ]


def figures(board: Board, records: Records) -> Figures:
    """The headline figures over the disclosure items of a board; `records` are those that the board was made from."""
    items = board.oit
    known = progress.as_of(records, board.before)
    waiting = [piece.at for piece in turns.undecided((standing.item for standing in items), known.hand_ins)]
    overdue = progress.overdue_parts(items)
    complete = [standing for standing in items if turns.then(standing) is turns.Then.approve]
    since = min((standing.complete_since for standing in complete if standing.complete_since), default=None)
    return Figures(
        accepted=progress.accepted_share(items),
        planned=progress.planned_share([standing.item for standing in items], board.day),
        overdue_slots=overdue[0],
        overdue_items=overdue[1],
        overdue_officers=len(turns.late(items)),
        waiting=len(waiting),
        waiting_days=max((board.day - day_of(min(waiting))).days, 0) if waiting else 0,
        to_approve=tuple(standing.item.code for standing in complete),
        to_approve_since=day_of(since) if since else None,
    )


@dataclass(frozen=True, slots=True)
class Since:
    """What happened between two boards: item code → number of slots, and the codes of whole items."""

    accepted: dict[str, int]
    returned: dict[str, int]
    overdue: dict[str, int]  # went overdue
    approved: tuple[str, ...]


def since(earlier: Board, later: Board) -> Since:
    """What was accepted, came back, went overdue, was approved from one board of a plan to a later one.

    Of the disclosure items, which the headline figures speak of.
    """
    oit = {standing.item.code for standing in later.oit}
    accepted: Counter[str] = Counter()
    returned: Counter[str] = Counter()
    overdue: Counter[str] = Counter()
    for change in progress.differences(earlier, later):
        if change.code not in oit:
            continue
        accepted[change.code] += change.after is State.accepted and change.before is not State.accepted
        returned[change.code] += change.after is State.returned and change.before is not State.returned
        overdue[change.code] += change.went_overdue
    approved = tuple(
        standing.item.code
        for standing in later.oit
        if standing.stage in APPROVED and earlier.by_code[standing.item.code].stage not in APPROVED
    )
    return Since(dict(+accepted), dict(+returned), dict(+overdue), approved)


@dataclass(frozen=True, slots=True)
class Pace:
    """When everything will be accepted, if it goes on as in the last four weeks.

    `day` is None where nothing is left, and where too little was accepted to tell (fewer than `ENOUGH` slots).
    """

    day: date | None
    left: int  # slots not accepted
    accepted: int  # slots accepted in the last four weeks


LATELY = timedelta(weeks=4)
ENOUGH = 8


def pace(items: Sequence[ItemStanding], day: date) -> Pace:
    """What is left over the pace of the last four weeks; not before the last month that must be reported is over."""
    slots = [slot for standing in items for slot in standing.slots]
    recent = sum(1 for slot in slots if slot.accepted_on and day - LATELY < slot.accepted_on <= day)
    left = [slot for slot in slots if slot.state is not State.accepted]
    if not left or recent < ENOUGH:
        return Pace(None, len(left), recent)
    by_pace = day + timedelta(days=math.ceil(len(left) * LATELY.days / recent))
    months = [period_end(slot.slot.key.period) for slot in left if slot.slot.key.period]
    return Pace(max([by_pace, *months]), len(left), recent)


def by_urgency(items: Sequence[ItemStanding]) -> list[ItemStanding]:
    """Items with the longest overdue slot first, then what was returned, then what waits; finished ones last."""
    return sorted(
        items,
        key=lambda standing: (
            -standing.days_late,
            -standing.tally.returned,
            -standing.tally.waiting,
            standing.stage is not Stage.complete,
            standing.progress,
        ),
    )


def days(first: date, last: date, step: int = 7) -> list[date]:
    """Days from first to last, a week apart, both ends included: the points of a line over time."""
    listed = [first + timedelta(days=offset) for offset in range(0, (last - first).days, step)]
    return [*listed, last]
