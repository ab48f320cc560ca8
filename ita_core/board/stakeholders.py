"""PURE: the list of external stakeholders for EIT(2): what may be known of it by whom, and when its people go."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum

from ita_core.board.campaigns import Terms
from ita_core.models import StakeholdersGone


@dataclass(frozen=True, slots=True)
class ListFacts:
    """That there is, or was, a list: how many of each kind, from whom and when, and never who is on it.

    `gone` says why its people were deleted, by whom ("" is the system) and when. `held`: they were in the database on
    the day looked at (of a past day: they still are, or were deleted later); without `gone` and `held` it was restored
    from a backup.
    """

    id: int
    rows: int
    kinds: Mapping[str, int]
    sha256: str
    by: str
    at: datetime
    gone: tuple[StakeholdersGone, str, datetime] | None = None
    held: bool = False


class State(Enum):
    """What can be done with a list on a day."""

    none = "none"
    there = "there"
    over = "over"  # its day is over: it opens no more, whether or not anything has deleted it yet
    deleted = "deleted"
    lost = "lost"  # not in the backup from which the database was restored: it has to be imported again


def last_day(terms: Terms | None, keep_days: int) -> date | None:
    """The last day on which a list can be opened; None where it is not known when the survey runs: then none can."""
    return None if terms is None else terms.closes + timedelta(days=keep_days)


def state(one: ListFacts | None, last: date | None, day: date) -> State:
    """How a list stands on a day."""
    if one is None:
        return State.none
    if one.gone is not None:
        return State.deleted
    if last is None or day > last:
        return State.over
    return State.there if one.held else State.lost
