"""PURE: the rows of the Gantt view: what was planned, and what really happened by a day.

The document gives steps a beginning and an end, items only deadlines; so an item has marks where it is due, and its bar
is what happened: from the first hand-in to the acceptance of its last slot. A date that was moved in the plan keeps the
first one as its baseline. `Window` says where a day stands on the axis.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import Enum

from ita_core.board.progress import Board, ItemStanding, SlotStanding, State
from ita_core.board.steps import StepStanding, StepState
from ita_core.models import ItemKind


class RowKind(Enum):
    phase = "phase"
    step = "step"
    item = "item"
    measure = "measure"


class RowState(Enum):
    """Where a row stands, the most urgent first."""

    overdue = "overdue"  # something of it should be there and is not
    running = "running"
    ahead = "ahead"  # nothing has happened, nothing was due
    over = "over"  # a step whose time has passed
    complete = "complete"


@dataclass(frozen=True, slots=True)
class Due:
    """One deadline of a row: now, as first planned, and whether it was met or missed by the day."""

    day: date
    first: date  # as first planned
    met: bool = field(default=False, compare=False)  # everything due by it is accepted
    missed: bool = field(default=False, compare=False)  # something is not, and the day is past

    @property
    def moved(self) -> bool:
        """Whether the day is another than first planned."""
        return self.day != self.first


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the timeline: a phase, a step, an item or a measure."""

    kind: RowKind
    code: str  # of an item or measure; the number of a step
    title: str
    state: RowState
    starts: date | None = None  # planned, of phases and steps
    ends: date | None = None
    first_starts: date | None = None  # as first planned
    first_ends: date | None = None
    dues: tuple[Due, ...] = ()  # of items and measures, each day once
    handed_in: date | None = None  # the first hand-in
    accepted: date | None = None  # the last slot's acceptance, once all are accepted
    slip: tuple[date, date] | None = None  # from the first missed deadline to when it was made good, or the day
    progress: float | None = None  # 0–1, of items and measures
    officers: tuple[int, ...] = ()
    overdue_since: date | None = None  # the first deadline missed and still not met; of a step its last day
    made_good: tuple[tuple[date, date], ...] = ()  # from a missed deadline to the acceptance, what overlaps as one
    step: StepStanding | None = None  # of a step

    @property
    def moved(self) -> bool:
        """Whether a date of the plan was changed."""
        return (self.starts, self.ends) != (self.first_starts, self.first_ends) or any(due.moved for due in self.dues)


def rows(steps: Sequence[StepStanding], board: Board) -> list[Row]:
    """Phases, each with its steps, then the disclosure items, then the office's own measures."""
    found: list[Row] = []
    for phase in dict.fromkeys(one.step.phase for one in steps):
        own = [_step(one) for one in steps if one.step.phase == phase]
        found += [_phase(phase, own, board.day), *own]
    found += [_item(one, board.day) for one in board.oit]
    return found + [_item(one, board.day) for one in board.items if one.item.kind is not ItemKind.oit]


def chosen(
    listed: Iterable[Row], *, kinds: frozenset[RowKind], officer: int | None = None, state: RowState | None = None
) -> list[Row]:
    """The rows of these kinds that an officer acts in and that stand so; a phase stays if one of its steps does."""
    kept: list[Row] = []
    for row in listed:
        fits = (officer is None or officer in row.officers) and state in {None, row.state}
        if row.kind is RowKind.phase or (row.kind in kinds and fits):
            kept.append(row)
    return [
        row
        for place, row in enumerate(kept)
        if row.kind is not RowKind.phase
        or (RowKind.phase in kinds and place + 1 < len(kept) and kept[place + 1].kind is RowKind.step)
    ]


def _time(starts: date, ends: date, day: date) -> RowState:
    if day < starts:
        return RowState.ahead
    return RowState.over if day > ends else RowState.running


_STATES = {
    StepState.done: RowState.complete, StepState.going_on: RowState.running, StepState.ahead: RowState.ahead,
    StepState.overdue: RowState.overdue, StepState.over: RowState.over,
}  # fmt: skip


def _step(standing: StepStanding) -> Row:
    step = standing.step
    return Row(
        RowKind.step, str(step.position), step.title, _STATES[standing.state], step.starts, step.ends,
        step.first_starts, step.first_ends, officers=step.officers,
        overdue_since=step.ends if standing.state is StepState.overdue else None, step=standing,
    )  # fmt: skip


def _phase(title: str, steps: Sequence[Row], day: date) -> Row:
    starts, ends = min(step.starts for step in steps if step.starts), max(step.ends for step in steps if step.ends)
    return Row(RowKind.phase, "", title, _time(starts, ends, day), starts, ends, starts, ends)


def _item(standing: ItemStanding, day: date) -> Row:
    slots = standing.slots
    complete = bool(slots) and all(slot.state is State.accepted for slot in slots)
    begun = min((slot.handed_in_on for slot in slots if slot.handed_in_on), default=None)
    if complete:
        state = RowState.complete
    elif standing.tally.overdue:
        state = RowState.overdue
    else:
        state = RowState.running if begun else RowState.ahead
    by_due: dict[date, list[SlotStanding]] = {}
    for slot in slots:
        if slot.slot.due:
            by_due.setdefault(slot.slot.due, []).append(slot)
    return Row(
        RowKind.item if standing.item.kind is ItemKind.oit else RowKind.measure,
        standing.item.code,
        standing.item.title,
        state,
        dues=tuple(_due(due, by_due[due]) for due in sorted(by_due)),
        handed_in=begun,
        accepted=max((slot.accepted_on for slot in slots if slot.accepted_on), default=None) if complete else None,
        slip=_slip(slots, day),
        progress=standing.progress,
        officers=tuple(dict.fromkeys((*standing.item.preparers, *standing.item.supervisors))),
        overdue_since=min((slot.slot.due for slot in slots if slot.overdue and slot.slot.due), default=None),
        made_good=_joined((slot.slot.due, slot.accepted_on) for slot in slots if slot.late),
    )


def _due(due: date, slots: Sequence[SlotStanding]) -> Due:
    moved = [slot.slot.first_due for slot in slots if slot.slot.first_due not in {None, due}]
    first = min((day for day in moved if day), default=due)
    met = all(slot.state is State.accepted for slot in slots)
    return Due(due, first, met, any(slot.overdue for slot in slots))


def _slip(slots: Iterable[SlotStanding], day: date) -> tuple[date, date] | None:
    missed = [
        (slot.slot.due, slot.accepted_on or day) for slot in slots if slot.slot.due and (slot.overdue or slot.late)
    ]
    return (min(due for due, _until in missed), max(until for _due, until in missed)) if missed else None


def _joined(stretches: Iterable[tuple[date | None, date | None]]) -> tuple[tuple[date, date], ...]:
    found: list[tuple[date, date]] = []
    for starts, ends in sorted((one, other) for one, other in stretches if one and other):
        if found and starts <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], ends))
        else:
            found.append((starts, ends))
    return tuple(found)


# --- where a day stands on the axis ----------------------------------------------------------------------------------

DAY = timedelta(days=1)
MARGIN = timedelta(days=4)  # shown around a month


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of the axis in percent of its width; `before`, `after`: it goes on outside."""

    left: float
    width: float
    before: bool = False
    after: bool = False


@dataclass(frozen=True, slots=True)
class Window:
    """The days that are shown, the first and the last included."""

    first: date
    last: date

    @classmethod
    def of_month(cls, month: date) -> "Window":
        """The month of a day, with a few days around it."""
        first = month.replace(day=1)
        return cls(first - MARGIN, _next(first) - DAY + MARGIN)

    @property
    def is_month(self) -> bool:
        """Whether it is short enough to name every day."""
        return self._days <= 31 + 2 * MARGIN.days

    def holds(self, day: date) -> bool:
        """Whether a day lies in the window."""
        return self.first <= day <= self.last

    def middle(self, day: date) -> float:
        """Where the middle of a day stands, in percent; below 0 or above 100 outside."""
        return ((day - self.first).days + 0.5) * 100 / self._days

    def span(self, starts: date, ends: date) -> Span | None:
        """Whole days from the first to the last; None where none of them is shown."""
        half = 50 / self._days
        return self._cut(self.middle(starts) - half, self.middle(ends) + half)

    def until(self, starts: date, day: date) -> Span | None:
        """What goes on: from the beginning of a day to the middle of the day that is looked at."""
        return self._cut(self.middle(starts) - 50 / self._days, self.middle(day))

    def between(self, one: date, other: date) -> Span | None:
        """From mark to mark, whichever comes first."""
        return self._cut(self.middle(min(one, other)), self.middle(max(one, other)))

    def months(self) -> list[tuple[date, Span]]:
        """The first day of each month that is shown, and where the month stands."""
        starts = months(self.first, self.last)
        spans = ((month, self.span(month, _next(month) - DAY)) for month in starts)
        return [(month, span) for month, span in spans if span]

    def days(self) -> list[date]:
        """Every day that is shown."""
        return [self.first + offset * DAY for offset in range(self._days)]

    @property
    def _days(self) -> int:
        return (self.last - self.first).days + 1

    def _cut(self, left: float, right: float) -> Span | None:
        if right <= 0 or left >= 100:
            return None
        # what rounding leaves at an edge is no part of the outside
        before, after = left < -1e-9, right > 100 + 1e-9
        left, right = max(left, 0.0), min(right, 100.0)
        return Span(left, right - left, before, after)


def months(first: date, last: date) -> list[date]:
    """The first day of every month from one day to another."""
    found = [first.replace(day=1)]
    while (month := _next(found[-1])) <= last:
        found.append(month)
    return found


def _next(month: date) -> date:
    return (month.replace(day=1) + timedelta(days=31)).replace(day=1)
