"""PURE: what stands in somebody's calendar, or in the office's: deadlines, steps, directives, meetings.

An event is known by what it is, never by its day: where a revision of the plan moves the day, a calendar that had the
event moves it (RFC 5545, sections 3.8.4.7 and 3.8.7.4), and doesn't show a second one.
"""

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum

from ita_core.board.directives import DirectiveFacts, DirectiveState
from ita_core.board.progress import Board, ItemFacts, ItemStanding, RequirementFacts, SlotStanding, State
from ita_core.board.steps import StepFacts, StepStanding, StepState
from ita_core.days import end_of

DAY = timedelta(days=1)


class EventKind(Enum):
    deadline = "deadline"
    step = "step"
    directive = "directive"
    meeting = "meeting"


@dataclass(frozen=True, slots=True)
class Event:
    """One entry of a calendar: whole days, the last included, or of a meeting moments; `ends` None: it goes on."""

    kind: EventKind
    identity: str  # what it is, in its office and year, whatever its day
    title: str
    starts: date | datetime
    ends: date | datetime | None
    changed: datetime  # when its day, or what is said of it, last became another
    moves: int = 0  # how often its day became another
    code: str = ""  # of the item
    number: int = 0  # of the step, of the meeting
    period: str = ""  # the month that is due, where it is one
    slots: int = 0  # that are due
    accepted: int = 0  # of them
    to_check: bool = False  # theirs to supervise, not to hand in
    done: bool = False
    cancelled: bool = False


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting as a calendar has it: nothing of who was there."""

    id: int
    at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Moved:
    """How often the day of something became another, and the moment of the revision by which it last did."""

    moves: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Known:
    """What events follow from, each as far as its reader may see it; `officer` None: it is the whole office's."""

    board: Board
    steps: Sequence[StepStanding]
    given: Sequence[DirectiveFacts]
    held: Sequence[Meeting]
    moved: Mapping[str, Moved]  # of deadlines and steps
    officer: int | None = None


def events(known: Known) -> list[Event]:
    """Every event, in the order of their kinds, then of the plan."""
    found = [one for item in known.board.items for one in _deadlines(item, known)]
    for standing, identity in zip(known.steps, _names(one.step for one in known.steps), strict=True):
        if known.officer is None or known.officer in standing.step.officers:
            found.append(_step(standing, identity, known.moved))
    found += [_directive(one) for one in known.given if known.officer is None or known.officer in one.officers]
    return found + [
        Event(EventKind.meeting, f"meeting {one.id}", "", one.at, one.ended_at, one.ended_at or one.at, number=one.id)
        for one in known.held
    ]


def moved(revisions: Iterable[tuple[datetime, Sequence[ItemFacts], Sequence[StepFacts]]]) -> dict[str, Moved]:
    """By the identity of deadlines and steps, how often their day was moved; the plan's revisions in their order."""
    days: dict[str, Hashable] = {}
    found: dict[str, Moved] = {}
    for at, items, steps in revisions:
        for identity, day in _days(items, steps):
            if identity not in days:
                found[identity] = Moved(0, at)
            elif days[identity] != day:
                found[identity] = Moved(found[identity].moves + 1, at)
            days[identity] = day
    return found


def _days(items: Iterable[ItemFacts], steps: Sequence[StepFacts]) -> Iterator[tuple[str, Hashable]]:
    for item in items:
        for requirement in item.requirements:
            for period, due in (requirement.dues or {}).items():
                yield _deadline(requirement, period), due
    for step, identity in zip(steps, _names(steps), strict=True):
        yield identity, (step.starts, step.ends)


def _deadline(requirement: RequirementFacts, period: str) -> str:
    return f"deadline {requirement.id} {period}".rstrip()


def _names(steps: Iterable[StepFacts]) -> list[str]:
    """A step is known by its title, as everywhere; the second of the same title by its place among them."""
    seen: dict[str, int] = {}
    found = []
    for step in steps:
        seen[step.title] = seen.get(step.title, 0) + 1
        found.append(f"step {step.title}" + (f" {seen[step.title]}" if seen[step.title] > 1 else ""))
    return found


def _deadlines(standing: ItemStanding, known: Known) -> Iterator[Event]:
    """One for each day on which something of the item is due, known by the first requirement and month of it."""
    item = standing.item
    if known.officer is not None and known.officer not in {*item.preparers, *item.supervisors}:
        return
    by_day: dict[date, list[SlotStanding]] = {}
    for slot in standing.slots:
        if slot.slot.due:
            by_day.setdefault(slot.slot.due, []).append(slot)
    for due, slots in by_day.items():
        first = slots[0].slot
        identity = _deadline(first.requirement, first.key.period)
        how = known.moved[identity]
        periods = {slot.slot.key.period for slot in slots}
        accepted = sum(slot.state is State.accepted for slot in slots)
        changed = max([how.at, *(end_of(slot.accepted_on - DAY) for slot in slots if slot.accepted_on)])
        yield Event(
            EventKind.deadline, identity, item.title, due, due, changed, how.moves, item.code,
            period=periods.pop() if len(periods) == 1 else "", slots=len(slots), accepted=accepted,
            to_check=known.officer is not None and known.officer not in item.preparers, done=accepted == len(slots),
        )  # fmt: skip


def _step(standing: StepStanding, identity: str, known: Mapping[str, Moved]) -> Event:
    step, how = standing.step, known[identity]
    said = [tick.at for tick in standing.ticks]
    return Event(
        EventKind.step, identity, step.title, step.starts, step.ends, max([how.at, *said]), how.moves,
        number=step.position, done=standing.state is StepState.done,
    )  # fmt: skip


def _directive(one: DirectiveFacts) -> Event:
    last = one.happenings[-1].at if one.happenings else one.at
    return Event(
        EventKind.directive, f"directive {one.id}", one.text, one.due, one.due, last, code=one.item_code,
        done=one.state() in {DirectiveState.done, DirectiveState.reported},
        cancelled=one.state() is DirectiveState.cancelled,
    )  # fmt: skip
