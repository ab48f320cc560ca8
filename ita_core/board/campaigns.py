"""PURE: IIT and EIT campaigns: how many have answered by a day, and whether the minimum is reached in time.

How many are needed is what the assessor's system says: no rule is known by which it follows from the population, so
none is applied here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from fractions import Fraction
from itertools import pairwise

from ita_core.models import Survey

NO_LINE = ""  # whoever belongs to no line of work, or everybody where none are told apart


@dataclass(frozen=True, slots=True)
class Terms:
    """What is known of a survey. One can answer from `opens` to the end of `closes`."""

    opens: date
    closes: date
    population: int | None = None
    minimum: int | None = None
    url: str = ""
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Count:
    """How many had answered by a day, since the opening, in each line of work."""

    day: date
    of: Mapping[str, int]
    by: str
    at: datetime

    @property
    def total(self) -> int:
        """In all lines together."""
        return sum(self.of.values())


@dataclass(frozen=True, slots=True)
class CampaignFacts:
    """A survey of an assessment as it was recorded last, by whom and when; its counts, one a day, the first one first.

    `terms` None: nothing was recorded of it yet.
    """

    survey: Survey
    terms: Terms | None = None
    by: str = ""
    at: datetime | None = None
    counts: tuple[Count, ...] = ()


class Pace(Enum):
    """How a campaign goes on a day."""

    ahead = "ahead"  # it has not opened
    reached = "reached"
    on_pace = "on_pace"
    behind = "behind"
    missed = "missed"  # it has closed, and the minimum is not there
    open = "open"  # nobody said how many are needed
    over = "over"  # nor had when it closed


@dataclass(frozen=True, slots=True)
class Standing:
    """A campaign on a day.

    `last` is the newest count of a day up to that one. `days` are left to answer on, the day itself among them; `a_day`
    is needed on each of them, from now on, None where no minimum is known or nothing is missing; `due` had to be there
    by now on an even way to the minimum. `empty` are the lines of work of which nobody has answered, which is not known
    of one named since the last count; `former` are those of which that has people, and which are no longer named.
    """

    pace: Pace
    last: Count | None
    total: int
    days: int
    missing: int | None
    a_day: int | None
    due: int | None
    empty: tuple[str, ...]
    former: tuple[str, ...]


def replaced(counts: Sequence[Count]) -> tuple[Count, ...]:
    """Of several counts of one day, given in the order of their moments, the last one; by day, the first one first."""
    by_day = {one.day: one for one in counts}
    return tuple(by_day[day] for day in sorted(by_day))


def falls(counts: Sequence[Count]) -> list[tuple[Count, Count]]:
    """Counts lower than the one before, each after that: whoever has answered stays, so one of them is wrong."""
    return [(before, one) for before, one in pairwise(counts) if one.total < before.total]


def standing(terms: Terms, counts: Sequence[Count], day: date) -> Standing:
    """How the campaign stands on a day; counts are one a day, the first one first."""
    known = [one for one in counts if one.day <= day]
    last = known[-1] if known else None
    total = last.total if last else 0
    whole = (terms.closes - terms.opens).days + 1
    left = max((terms.closes - max(day, terms.opens)).days + 1, 0)
    missing = None if terms.minimum is None else max(terms.minimum - total, 0)
    # A day that is not over owes nothing yet, so the first of them none; after the last one all are due.
    due = None if terms.minimum is None else _up(Fraction(terms.minimum * (whole - left), whole))
    named = {*terms.lines, NO_LINE}
    return Standing(
        _pace(terms, total, due, day),
        last,
        total,
        left,
        missing,
        _up(Fraction(missing, left)) if missing and left else None,
        due,
        tuple(line for line in terms.lines if last is None or last.of.get(line) == 0),
        tuple(line for line, number in (last.of if last else {}).items() if number and line not in named),
    )


def _pace(terms: Terms, total: int, due: int | None, day: date) -> Pace:
    if terms.minimum is not None and total >= terms.minimum:
        return Pace.reached
    if day < terms.opens:
        return Pace.ahead
    if day > terms.closes:
        return Pace.over if due is None else Pace.missed
    if due is None:
        return Pace.open
    return Pace.on_pace if total >= due else Pace.behind


def _up(number: Fraction) -> int:
    """The next whole number: half a response is none."""
    return -(-number.numerator // number.denominator)
