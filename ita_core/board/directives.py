"""PURE: what the commander ordered, and what became of it by a moment (design: Directive, ข้อสั่งการ)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import Enum

from ita_core.days import happened
from ita_core.models import DirectiveStep


class DirectiveState(Enum):
    open = "open"
    reported = "reported"  # said to be done; the commander has not agreed yet
    done = "done"
    cancelled = "cancelled"


OPEN = frozenset({DirectiveState.open, DirectiveState.reported})
_AFTER = {
    DirectiveStep.reported: DirectiveState.reported,
    DirectiveStep.done: DirectiveState.done,
    DirectiveStep.cancelled: DirectiveState.cancelled,
    DirectiveStep.reopened: DirectiveState.open,
}


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that became of a directive."""

    what: DirectiveStep
    by: str
    at: datetime
    note: str = ""


@dataclass(frozen=True, slots=True)
class DirectiveFacts:
    """A directive with what became of it; days are calendar days in Thailand."""

    id: int
    text: str
    due: date
    by: str
    at: datetime
    parties: tuple[int, ...]  # as it was given: officers, posts, teams
    officers: tuple[int, ...]  # who acts for them
    happenings: tuple[Happening, ...] = ()  # oldest first
    meeting_id: int | None = None
    item_code: str = ""

    def state(self) -> DirectiveState:
        """What the last happening made of it."""
        return _AFTER[self.happenings[-1].what] if self.happenings else DirectiveState.open

    def days_late(self, day: date) -> int:
        """Whole days that it is to be done past its due date; 0 where it is not, or is said to be done."""
        return max((day - self.due).days, 0) if self.state() is DirectiveState.open else 0


def as_of(directives: Iterable[DirectiveFacts], before: datetime | None) -> list[DirectiveFacts]:
    """The directives as they stood just before a moment; all of them for None."""
    return [
        replace(one, happenings=tuple(happening for happening in one.happenings if happened(happening.at, before)))
        for one in directives
        if happened(one.at, before)
    ]


def still_open(directives: Sequence[DirectiveFacts]) -> list[DirectiveFacts]:
    """Those that are not done, the earliest due first."""
    return sorted((one for one in directives if one.state() in OPEN), key=lambda one: (one.due, one.id))
