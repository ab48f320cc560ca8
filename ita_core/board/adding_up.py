"""PURE: a forecast in figures that add up as they are shown: cut to the same digits together, never each by itself.

Guesses are told in whole points. Only where these would hide what has to change (a border of 95.5, a rise by half a
point) they have one digit more, or two.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from ita_core.board import scoring
from ita_core.board.forecast import Forecast, Ground, Way

MOST_DIGITS = 2  # those that scores are announced with


@dataclass(frozen=True, slots=True)
class Rise:
    """From what to what an instrument rises by its ways, in points of 100; as shown `before` + `gain` = `after`."""

    instrument: str
    ways: tuple[Way, ...]
    before: float
    after: float

    @property
    def gain(self) -> float:
        return round(self.after - self.before, MOST_DIGITS)


@dataclass(frozen=True, slots=True)
class Figures:
    """`likely` are points by instrument, "" the total; `shares` what each instrument brings to it: they add up to it.

    There are none where the total was announced. `rises` are the forecast's ways by instrument, the cheapest first,
    and `then` what the total comes to once all of them are gone.
    """

    digits: int
    likely: Mapping[str, float]
    shares: Mapping[str, float]
    rises: tuple[Rise, ...]
    then: float


def cut(points: float, digits: int) -> float:
    """Never up: what is likely to be short of a level must not look as if it were reached."""
    return _units(points, digits) / _scale(digits)


def _units(points: float, digits: int) -> int:
    return math.floor(scoring.rounded(points) * _scale(digits) + 1e-6)


def _scale(digits: int) -> int:
    return int(10**digits)


def figures(forecast: Forecast) -> Figures:
    """A forecast's figures with as few digits as show what has to change."""
    found = [_with(forecast, digits) for digits in range(MOST_DIGITS + 1)]
    return next((one for one in found if _shows(one, forecast)), found[-1])


def _shows(one: Figures, forecast: Forecast) -> bool:
    """Whether every rise is one, and the borders of the level that they lead to can be said."""
    better = forecast.total.verdict.next
    borders = (better.total_min, better.each_min) if better else ()
    return all(rise.gain > 0 for rise in one.rises) and all(cut(edge, one.digits) == edge for edge in borders)


def _with(forecast: Forecast, digits: int) -> Figures:
    points = {code: part.points.likely for code, part in forecast.instruments.items()}
    by_instrument: dict[str, list[Way]] = {}
    for way in forecast.ways:
        by_instrument.setdefault(way.instrument, []).append(way)
    raised = points | {code: points[code] + sum(way.points for way in ways) for code, ways in by_instrument.items()}
    rises = tuple(
        Rise(code, tuple(ways), cut(points[code], digits), cut(raised[code], digits))
        for code, ways in by_instrument.items()
    )
    total = forecast.total.points.likely
    shares = {}
    if forecast.total.basis.ground is Ground.weighted:
        brought = {code: points[code] * forecast.weights[code] for code in points}
        shares = apportioned(brought, total, digits)
    then = scoring.total(raised, forecast.weights) if rises else total
    likely = {"": total, **points}
    return Figures(digits, {code: cut(one, digits) for code, one in likely.items()}, shares, rises, cut(then, digits))


def apportioned(parts: Mapping[str, float], whole: float, digits: int) -> dict[str, float]:
    """The parts cut so that they add up to the cut whole: what is left goes to those that lost the most by it."""
    units = {code: math.floor(part * _scale(digits) + 1e-6) for code, part in parts.items()}
    lost = {code: parts[code] * _scale(digits) - units[code] for code in parts}
    order = sorted(parts, key=lambda one: -lost[one])
    left = _units(whole, digits) - sum(units.values())  # below 0 where the whole itself was rounded down
    for number in range(abs(left)):
        units[order[number % len(order)] if left > 0 else order[-1 - number % len(order)]] += 1 if left > 0 else -1
    return {code: count / _scale(digits) for code, count in units.items()}
