"""PURE: what scores are worth: the weighted total, the level, and what stands between an office and the next level.

How an indicator's score follows from its items is not known, so no score is computed from evidence: scores are entered
(seed notes, "What the rules are known to be").
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple


class LevelRule(NamedTuple):
    """A level is reached when the total and every instrument are at least this many points of 100."""

    title: str
    total_min: float
    each_min: float


def total(points: Mapping[str, float], weights: Mapping[str, float]) -> float:
    """The weighted total of 100, to two digits as it is announced; weights are shares that add up to 1.

    Raises KeyError where an instrument has no points.
    """
    return round(sum(points[code] * weight for code, weight in weights.items()), 2)


def level(total_points: float, points: Mapping[str, float], levels: Sequence[LevelRule]) -> LevelRule:
    """The highest level reached; `levels` highest first, the last one taking whatever is left."""
    for rule in levels:
        if total_points >= rule.total_min and all(value >= rule.each_min for value in points.values()):
            return rule
    return levels[-1]


def below(points: Mapping[str, float], target: float) -> dict[str, float]:
    """The instruments under the target with the points they lack, the farthest first."""
    lacking = {code: round(target - value, 2) for code, value in points.items() if value < target}
    return dict(sorted(lacking.items(), key=lambda pair: -pair[1]))
