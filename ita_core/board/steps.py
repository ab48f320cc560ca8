"""PURE: how each step of the calendar stands on a day: shown done by the records, said to be done by hand, or late.

Which records show a step done is the plan's to say (`plan.sign_of`); where they don't, whoever leads it says that it is
done, and can take that back. What the records show comes before what was said.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum

from ita_core.board import progress
from ita_core.board.campaigns import CampaignFacts
from ita_core.board.progress import Board, ItemEvent, Records, Stage
from ita_core.days import day_of
from ita_core.models import StepSign, Survey


@dataclass(frozen=True, slots=True)
class StepFacts:
    """A step of the calendar with the names and the ids of its parties."""

    phase: str
    position: int
    title: str
    work: str
    starts: date
    ends: date
    first_starts: date
    first_ends: date
    instrument: str | None = None
    supervisors: tuple[str, ...] = ()
    preparers: tuple[str, ...] = ()
    officers: tuple[int, ...] = ()  # who acts in it, for posts and teams too
    sign: StepSign | None = None  # by which records it is shown done; None: it is ticked by hand only
    item: str = ""  # the code of the item whose evidence that is

    @property
    def led(self) -> bool:
        """Whether it is somebody's of the office; the others are the assessors'."""
        return bool(self.supervisors or self.preparers or self.officers)


class StepState(Enum):
    """Where a step stands, the most urgent first."""

    overdue = "overdue"
    going_on = "going_on"
    ahead = "ahead"
    over = "over"  # nobody's of the office, and its time has passed
    done = "done"


@dataclass(frozen=True, slots=True)
class Tick:
    """Somebody said that a step is done since a day, or took that back."""

    done: bool
    day: date
    by: str
    at: datetime
    note: str = ""


@dataclass(frozen=True, slots=True)
class Seen:
    """What of the records, known just before a moment, steps can be shown done by.

    `board` and `records` are of all items; `meetings` are the days of those that have ended. `totals` tell of each
    record of the year's total, and `lists` of each list of external stakeholders that came in or was deleted by hand,
    the day and whether from then on there is one, the first one first.
    """

    board: Board
    records: Records
    surveys: Sequence[CampaignFacts] = ()
    meetings: Sequence[date] = ()
    totals: Sequence[tuple[date, bool]] = ()
    lists: Sequence[tuple[date, bool]] = ()


@dataclass(frozen=True, slots=True)
class StepStanding:
    """A step on a day.

    `since` is the day from which on it is done; `sign` what of the records shows that, None where it was said by hand
    (`ticks[-1]`) or is not done. `ticks` are what was said of it, the first one first. `days_late` counts whole days
    past its last day: until it was done, or until the day asked about.
    """

    step: StepFacts
    state: StepState
    since: date | None = None
    sign: StepSign | None = None
    ticks: tuple[Tick, ...] = field(default=())
    days_late: int = 0

    @property
    def by_hand(self) -> Tick | None:
        """Who said that it is done, where that is why it is."""
        return self.ticks[-1] if self.state is StepState.done and self.sign is None else None


def standing(step: StepFacts, ticks: Sequence[Tick], seen: Seen, day: date) -> StepStanding:
    """How a step stands on a day; `ticks` and `seen` are what was known then."""
    said = tuple(ticks)
    since, sign = shown_since(step, seen), step.sign
    if since is None:
        sign = None
        since = said[-1].day if said and said[-1].done else None
    if since is not None:
        return StepStanding(step, StepState.done, since, sign, said, max((since - step.ends).days, 0))
    if day < step.starts:
        return StepStanding(step, StepState.ahead, ticks=said)
    if day <= step.ends:
        return StepStanding(step, StepState.going_on, ticks=said)
    if not step.led:
        return StepStanding(step, StepState.over, ticks=said)
    return StepStanding(step, StepState.overdue, ticks=said, days_late=(day - step.ends).days)


def standings(
    steps: Sequence[StepFacts], ticks: Mapping[int, Sequence[Tick]], seen: Seen, day: date
) -> list[StepStanding]:
    """Every step in its order; `ticks` by the number of the step."""
    return [standing(step, ticks.get(step.position, ()), seen, day) for step in steps]


def overdue(listed: Sequence[StepStanding], officer: int | None = None) -> list[StepStanding]:
    """The steps that should be done and are not, the longest late first; of one officer, those in which they act."""
    late = [
        one for one in listed if one.state is StepState.overdue and (officer is None or officer in one.step.officers)
    ]
    return sorted(late, key=lambda one: (-one.days_late, one.step.position))


_SIGNS = {
    Survey.iit: StepSign.iit_minimum, Survey.eit_public: StepSign.eit_minimum, Survey.eit_external: StepSign.eit_minimum
}  # fmt: skip


def survey_step(steps: Sequence[StepFacts], survey: Survey) -> StepFacts | None:
    """The step in which people answer a survey: the one that its minimum shows done; None where none is."""
    return next((one for one in steps if one.sign is _SIGNS[survey]), None)


def shown_since(step: StepFacts, seen: Seen) -> date | None:
    """Since which day the records show a step done; None where they don't."""
    match step.sign:
        case StepSign.items_filed:
            return _filed_since(seen)
        case StepSign.iit_minimum:
            return _reached_since(seen, Survey.iit)
        case StepSign.eit_minimum:
            return _reached_since(seen, Survey.eit_public)
        case StepSign.evidence_of:
            return _complete_since(seen, step.item)
        case StepSign.meeting_held:
            return min((day for day in seen.meetings if day >= step.starts), default=None)
        case StepSign.scores_announced:
            return _there_since(seen.totals)
        case StepSign.stakeholders_listed:
            # Once the step is over, its list has done what it was for, and whoever deletes it takes nothing back.
            return _there_since([(day, there) for day, there in seen.lists if there or day <= step.ends])
    return None


def _there_since(changes: Iterable[tuple[date, bool]]) -> date | None:
    """Since which day something has been there without a break; a later record of the same takes nothing back."""
    since = None
    for day, there in changes:
        since = (since or day) if there else None
    return since


def _filed_since(seen: Seen) -> date | None:
    """Since the last of all disclosure items was filed; an item that was filed again counts from the first time."""
    items = seen.board.oit
    if not items or any(one.stage is not Stage.filed for one in items):
        return None
    known = progress.as_of(seen.records, seen.board.before)
    published = progress.latest(known.publications)
    filed = [
        min(event.at for event in _of(known.filings, one.item.id) if event.at >= published[one.item.id].at)
        for one in items
    ]
    return day_of(max(filed))


def _of(events: Sequence[ItemEvent], item_id: int) -> list[ItemEvent]:
    return [event for event in events if event.item_id == item_id]


def _reached_since(seen: Seen, survey: Survey) -> date | None:
    """Since the first of the counts that are all as many as are needed, the last one among them."""
    one = next((one for one in seen.surveys if one.survey is survey), None)
    if one is None or one.terms is None or one.terms.minimum is None:
        return None
    since = None
    for count in one.counts:
        if count.day > seen.board.day:
            break
        if count.total < one.terms.minimum:
            since = None
        elif since is None:
            since = count.day
    return since


def _complete_since(seen: Seen, code: str) -> date | None:
    """Since the last slot of an item was accepted; None where one is not, or the plan has no such item."""
    one = seen.board.by_code.get(code)
    if one is None or not one.complete:
        return None
    return max(slot.accepted_on for slot in one.slots if slot.accepted_on)
