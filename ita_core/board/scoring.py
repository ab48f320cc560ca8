"""PURE: what scores are worth: the weighted total, the level with its reason, and what lacks for the next level.

How an indicator's score follows from its items is not known, so no score is computed from evidence: scores are entered
(seed notes, "What the rules are known to be"). What is computed is a forecast, and says so (`forecast.py`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

CLOSE = 0.011  # points by which a total may differ from what rounded points give


class LevelRule(NamedTuple):
    """A level is reached when the total and every instrument are at least this many points of 100."""

    title: str
    total_min: float
    each_min: float


class Shortfall(NamedTuple):
    """A rule of a level that is not met: of the total ("") or of an instrument, in points of 100."""

    code: str
    points: float
    needs: float

    @property
    def lacks(self) -> float:
        """How many points there are too few."""
        return rounded(self.needs - self.points)


@dataclass(frozen=True, slots=True)
class Verdict:
    """A level with its reason: the next better one (None at the best), and what keeps it from being reached."""

    level: LevelRule
    next: LevelRule | None
    short: tuple[Shortfall, ...]  # of the next: the total first, then the instruments, the farthest first


@dataclass(frozen=True, slots=True)
class Result:
    """What is known of a fiscal year's result, in points of 100."""

    year: int
    points: Mapping[str, float]  # by instrument, those that are known
    total: float | None  # as announced, else what the instruments give by their weights; None where one is not known
    announced: bool  # whether the total was
    verdict: Verdict | None  # None where the total or an instrument is not known
    gives: float | None = None  # what the instruments give by their weights, where that is not the announced total


def result(
    year: int, announced: Mapping[str, float], weights: Mapping[str, float], levels: Sequence[LevelRule]
) -> Result:
    """The result of a year from its announced points by instrument, "" being the total."""
    points = {code: announced[code] for code in weights if code in announced}
    whole = announced.get("")
    if whole is None and len(points) == len(weights):
        whole = total(points, weights)
    known = whole is not None and len(points) == len(weights)
    return Result(
        year, points, whole, "" in announced, verdict(whole, points, levels) if known and whole is not None else None,
        differs(announced, weights),
    )  # fmt: skip


def differs(announced: Mapping[str, float], weights: Mapping[str, float]) -> float | None:
    """What the instruments give by their weights, where that is another total than the announced one (""); None where
    it is the same, or one of them is not known.
    """
    points = {code: announced[code] for code in weights if code in announced}
    if "" not in announced or len(points) < len(weights):
        return None
    gives = total(points, weights)
    return gives if abs(gives - announced[""]) > CLOSE else None


def rounded(points: float) -> float:
    """Points to two digits, as they are announced, a half up: 94.995 is 95.00, whatever its binary fraction is."""
    return float(Decimal(f"{points:.8f}").quantize(Decimal("0.01"), ROUND_HALF_UP))


def total(points: Mapping[str, float], weights: Mapping[str, float]) -> float:
    """The weighted total of 100, to two digits as it is announced; weights are shares that add up to 1.

    Raises KeyError where an instrument has no points.
    """
    return rounded(sum(points[code] * weight for code, weight in weights.items()))


def level(total_points: float, points: Mapping[str, float], levels: Sequence[LevelRule]) -> LevelRule:
    """The highest level reached; `levels` highest first, the last one taking whatever is left."""
    return next((rule for rule in levels if not _short_of(rule, total_points, points)), levels[-1])


def verdict(total_points: float, points: Mapping[str, float], levels: Sequence[LevelRule]) -> Verdict:
    """The level reached, and by what the next better one is missed; `points` are those of every instrument."""
    reached = level(total_points, points, levels)
    place = levels.index(reached)
    better = levels[place - 1] if place else None
    return Verdict(reached, better, _short_of(better, total_points, points) if better else ())


def _short_of(rule: LevelRule, total_points: float, points: Mapping[str, float]) -> tuple[Shortfall, ...]:
    """Points are held against a level as they are announced: to two digits."""
    whole = Shortfall("", rounded(total_points), rule.total_min)
    each = [Shortfall(code, rounded(value), rule.each_min) for code, value in points.items()]
    each.sort(key=lambda one: one.points)
    return tuple(one for one in (whole, *each) if one.points < one.needs)
