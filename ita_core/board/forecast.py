"""PURE: what the office may expect to score: a band for each instrument and the total, the level, and what it rests on.

OIT follows from the items' state on a day: each stage has an assumed worth. Whatever is not known of the rules is
assumed, and said to be: the worth of a stage, that an instrument is the plain mean of its indicators and an indicator
of its items, that other instruments come out as they last did, within a band. What was announced takes the place of
what is assumed: of an item, an indicator, an instrument, the total. All points are of 100.
"""

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import NamedTuple

from ita_core.board import scoring
from ita_core.board.progress import ItemStanding, Stage, mean
from ita_core.board.scoring import LevelRule, Result, Shortfall, Verdict


class Points(NamedTuple):
    """low ≤ likely ≤ high."""

    low: float
    likely: float
    high: float


# What an item may come to from the stage that it is in while the window is open. Nobody announces such figures: they
# are guesses, which a year's framework replaces by its own (`forecast`). Filed: last year's OIT of 98.13 fits items
# that score in part, so not all of them 100.
WORTH = {
    Stage.not_started: Points(50, 85, 100),
    Stage.preparing: Points(70, 91, 100),
    Stage.in_review: Points(80, 94, 100),
    Stage.complete: Points(86, 96, 100),
    Stage.approved: Points(90, 97, 100),
    Stage.published: Points(93, 98, 100),
    Stage.filed: Points(95, 98, 100),
}
# What is left of it once the window has closed without its being filed, as far as our records know.
LEFT = {
    Stage.not_started: 0.0,
    Stage.preparing: 20.0,
    Stage.in_review: 40.0,
    Stage.complete: 60.0,
    Stage.approved: 80.0,
    Stage.published: 90.0,
}
BAND = 2.0  # points by which an instrument may come out otherwise than the year before, for each year between

_ROUNDS = 0.005  # so little is lacking where two digits already show what is needed
_ORDER = list(Stage)


@dataclass(frozen=True, slots=True)
class Assumptions:
    """What is assumed in a year: what the framework states, else our own guesses."""

    stages: Mapping[Stage, Points] = field(default_factory=lambda: WORTH)
    left: Mapping[Stage, float] = field(default_factory=lambda: LEFT)
    bands: Mapping[str, float] = field(default_factory=dict)

    def band(self, instrument: str) -> float:
        """Points either way, for each year since the score that is known."""
        return self.bands.get(instrument, BAND)


@dataclass(frozen=True, slots=True)
class Rules:
    """How the year's framework scores: weights and levels, and which instrument an indicator belongs to."""

    year: int
    weights: Mapping[str, float]
    levels: Sequence[LevelRule]
    indicators: Mapping[int, str]
    assumptions: Assumptions = field(default_factory=Assumptions)


@dataclass(frozen=True, slots=True)
class Known:
    """What was announced: this year's points of instruments, indicators, items and in total; earlier years' results.

    And what the commander estimates: of a survey it takes the place of how that last came out.
    """

    instruments: Mapping[str, float] = field(default_factory=dict)
    indicators: Mapping[int, float] = field(default_factory=dict)
    items: Mapping[str, float] = field(default_factory=dict)
    total: float | None = None
    earlier: Sequence[Result] = ()
    estimates: Mapping[str, float] = field(default_factory=dict)  # by instrument, the commander's


@dataclass(frozen=True, slots=True)
class State:
    """How the items count on a day: once the window has closed, as they stood when it did."""

    items: Sequence[ItemStanding]
    window_open: bool = True
    broken: Collection[str] = ()  # the codes of items whose published address is known not to open
    over: Collection[str] = ()  # instruments whose steps in the calendar have all ended

    def stage(self, standing: ItemStanding) -> Stage:
        """The stage that an item counts as: a page that does not open is worth no more than an approval."""
        return Stage.approved if self.cannot_be_seen(standing) else standing.stage

    def cannot_be_seen(self, standing: ItemStanding) -> bool:
        """Whether it was published, but its address is known not to open."""
        return standing.item.code in self.broken and _ORDER.index(standing.stage) >= _ORDER.index(Stage.published)


class Ground(Enum):
    """What a part of a forecast rests on."""

    announced = "announced"
    indicators = "indicators"  # announced ones, some or all
    items = "items"
    earlier = "earlier"
    estimate = "estimate"  # the commander's
    announced_total = "announced_total"
    weighted = "weighted"  # the total, of the instruments


class Assumed(Enum):
    """What of it is assumed."""

    worth = "worth"  # what an item of a stage comes to
    plain_mean = "plain_mean"  # that indicators and instruments are plain means
    as_before = "as_before"  # that an instrument comes out as it last did
    estimate = "estimate"  # what the commander expects of it
    band = "band"  # how far it may be off
    nothing_more = "nothing_more"  # that after the window nothing comes of what was not filed


@dataclass(frozen=True, slots=True)
class Basis:
    """The ground with its figures, of all that was used, and of nothing else.

    The announced points themselves; the indicators and items of which announced ones were used; how many items count
    as which stage, and which of them cannot be seen; the year, points and band taken over for what is left (0: none).
    """

    ground: Ground
    year: int = 0
    points: float = 0.0
    band: float = 0.0
    stages: Mapping[Stage, int] = field(default_factory=dict)
    indicators: tuple[int, ...] = ()
    items: tuple[str, ...] = ()
    broken: tuple[str, ...] = ()
    estimated: bool = False  # what is taken over is the commander's estimate of this year


@dataclass(frozen=True, slots=True)
class Part:
    """An instrument's forecast, or the total's; the verdict is that of the likely points.

    `lowest` and `highest` are the levels of the band's ends. What the total assumes, its level may rest on alone.
    """

    points: Points
    verdict: Verdict
    lowest: LevelRule
    highest: LevelRule
    basis: Basis
    assumed: tuple[Assumed, ...]


class Way(NamedTuple):
    """What would add points to an instrument: of an item in this stage what is left to do, or (no item) somehow.

    `left` counts that: slots to get accepted, approving, publishing, filing, and mending the address, which is to be
    done where `mend`.
    """

    instrument: str
    item: str
    stage: Stage | None
    points: float
    left: int = 0
    mend: bool = False


@dataclass(frozen=True, slots=True)
class Forecast:
    """`ways` lead to the level above the likely one, the cheapest first: items by what is left to do, then instruments
    by the points that they lack. Where something that nobody can change any more keeps that level away, it is `fixed`,
    and there are no ways. Both are empty at the best level. `weights` are shares of the total, which add up to 1.
    """

    total: Part
    instruments: Mapping[str, Part]
    weights: Mapping[str, float]
    ways: tuple[Way, ...] = ()
    fixed: tuple[Shortfall, ...] = ()


def forecast(state: State, known: Known, rules: Rules) -> Forecast | None:
    """The forecast of a day; None where nothing is known of one of the instruments."""
    parts: dict[str, Part] = {}
    for code in rules.weights:
        part = _instrument(code, state, known, rules)
        if part is None:
            return None
        parts[code] = part
    ends = [{code: part.points[end] for code, part in parts.items()} for end in range(3)]
    basis = Basis(Ground.weighted)
    if known.total is None:
        points = Points(*(scoring.total(each, rules.weights) for each in ends))
    else:
        points, basis = Points(*[known.total] * 3), Basis(Ground.announced_total, rules.year, known.total)
    low, likely, high = zip(points, ends, strict=True)
    verdict = scoring.verdict(*likely, rules.levels)
    assumed = {one for part in parts.values() for one in part.assumed}
    total = Part(
        points, verdict, scoring.level(*low, rules.levels), scoring.level(*high, rules.levels), basis,
        tuple(one for one in Assumed if one in assumed),
    )  # fmt: skip
    if verdict.next is None:
        return Forecast(total, parts, rules.weights)
    fixed = _fixed(verdict, parts, state, known, rules)
    ways = () if fixed else tuple(_ways(verdict.next, parts, state, known, rules))
    return Forecast(total, parts, rules.weights, ways, fixed)


def unknown(state: State, known: Known, rules: Rules) -> list[str]:
    """The instruments of which nothing is known: as long as there is one, there is no forecast."""
    return [code for code in rules.weights if _instrument(code, state, known, rules) is None]


def _instrument(code: str, state: State, known: Known, rules: Rules) -> Part | None:
    """As announced, else the mean of its indicators: each as announced, else by its items, else as it last came out."""
    if (announced := known.instruments.get(code)) is not None:
        return _part(Points(*[announced] * 3), rules, code, Basis(Ground.announced, rules.year, announced), set())
    numbers = _indicators(code, rules)
    of_items = any(one.item.indicator in numbers for one in state.items)
    told = tuple(number for number in numbers if number in known.indicators)
    last = _expected(code, known, rules)
    if not of_items and last is None and (not told or len(told) < len(numbers)):
        return None
    means: list[Points] = []
    used: list[ItemStanding] = []
    before: Points | None = None
    for number in numbers or [0]:
        its = [one for one in state.items if one.item.indicator == number]
        if number in told:
            means.append(Points(*[known.indicators[number]] * 3))
        elif its:
            used += its
            means.append(_mean(worth(one, state, known, rules) for one in its))
        elif not of_items and last is not None:
            before = Points(max(last.points - last.band, 0), last.points, min(last.points + last.band, 100))
            means.append(before)
    assumed = set()
    guessed = [one for one in used if one.item.code not in known.items]
    if guessed:
        assumed.add(Assumed.worth)
        if not state.window_open and any(state.stage(one) is not Stage.filed for one in guessed):
            assumed.add(Assumed.nothing_more)
    if told or used:
        assumed.add(Assumed.plain_mean)
    taken = last if before else None
    if taken:
        assumed |= {Assumed.estimate if taken.estimated else Assumed.as_before, Assumed.band}
    counts = {stage: sum(state.stage(one) is stage for one in guessed) for stage in reversed(Stage)}
    basis = Basis(
        Ground.items if used else Ground.indicators if told else last.ground if last else Ground.earlier,
        taken.year if taken else 0,
        taken.points if taken else 0,
        taken.band if taken else 0,
        {stage: count for stage, count in counts.items() if count},
        told,
        tuple(one.item.code for one in used if one.item.code in known.items),
        tuple(one.item.code for one in guessed if state.cannot_be_seen(one)),
        bool(taken and taken.estimated),
    )
    return _part(_mean(means), rules, code, basis, assumed)


def _indicators(code: str, rules: Rules) -> list[int]:
    return [number for number, of in rules.indicators.items() if of == code]


class _Expected(NamedTuple):
    """What an instrument is taken to come to where nothing else tells it."""

    year: int
    points: float
    band: float
    estimated: bool

    @property
    def ground(self) -> Ground:
        return Ground.estimate if self.estimated else Ground.earlier


def _expected(code: str, known: Known, rules: Rules) -> _Expected | None:
    band = rules.assumptions.band(code)
    if (estimate := known.estimates.get(code)) is not None:
        return _Expected(rules.year, estimate, band, estimated=True)
    for result in known.earlier:
        if (last := result.points.get(code)) is not None:
            return _Expected(result.year, last, band * (rules.year - result.year), estimated=False)
    return None


def worth(standing: ItemStanding, state: State, known: Known, rules: Rules) -> Points:
    """What an item comes to: as announced, else as assumed of its stage; what was not filed in time has little left."""
    announced = known.items.get(standing.item.code)
    if announced is not None:
        return Points(*[announced] * 3)
    return _worth_of(state.stage(standing), rules, window_open=state.window_open)


def _worth_of(stage: Stage, rules: Rules, *, window_open: bool) -> Points:
    if window_open or stage is Stage.filed:
        return rules.assumptions.stages[stage]
    return Points(*[rules.assumptions.left[stage]] * 3)


def _mean(points: Iterable[Points]) -> Points:
    listed = list(points)
    return Points(*(mean(one[end] for one in listed) for end in range(3)))


def _part(points: Points, rules: Rules, code: str, basis: Basis, assumed: Collection[Assumed]) -> Part:
    """Points are rounded as they are announced. The level of one instrument is what it would reach alone."""
    told = Points(*map(scoring.rounded, points))
    low, _likely, high = (scoring.level(one, {code: one}, rules.levels) for one in told)
    verdict = scoring.verdict(told.likely, {code: told.likely}, rules.levels)
    return Part(told, verdict, low, high, basis, tuple(one for one in Assumed if one in assumed))


# --- the way to the next level ---------------------------------------------------------------------------------------


def _fixed(
    verdict: Verdict, parts: Mapping[str, Part], state: State, known: Known, rules: Rules
) -> tuple[Shortfall, ...]:
    """What keeps the next level away and cannot be changed any more."""
    if verdict.next is None or known.total is not None:
        return verdict.short
    most = {code: _most(code, part, state, known, rules) for code, part in parts.items()}
    return tuple(
        one for one in verdict.short
        if (most[one.code] if one.code else scoring.total(most, rules.weights)) < one.needs
    )  # fmt: skip


def _most(code: str, part: Part, state: State, known: Known, rules: Rules) -> float:
    """To how many points somebody's doing can still bring an instrument: what was announced, or is over, stays."""
    of_items = part.basis.ground is Ground.items
    if part.basis.ground is Ground.announced:
        return part.points.likely
    if of_items and not state.window_open:
        return part.points.likely + sum(way.points for way in _doing(code, part, state, known, rules))
    if not of_items and code in state.over:
        return part.points.likely
    means = []
    for number in _indicators(code, rules):
        its = [one for one in state.items if one.item.indicator == number]
        if number in known.indicators:
            means.append(known.indicators[number])
        elif its or not of_items:
            means.append(mean(known.items.get(one.item.code, 100) for one in its) if its else 100)
    return mean(means) if means else 100


def _ways(better: LevelRule, parts: Mapping[str, Part], state: State, known: Known, rules: Rules) -> list[Way]:
    """What covers all that the level lacks, nothing in it that could be left out.

    Items come before instruments: what is left to do of them is known, and the office does it itself. Of the items
    those are taken that together leave the least to do; of what the total still lacks then, an instrument covers the
    most with the fewest points whose weight is the greatest.
    """
    points = {code: part.points.likely for code, part in parts.items()}
    chosen: list[Way] = []
    for code, part in parts.items():
        raised = {one: max(value, better.each_min) for one, value in points.items()} | {code: points[code]}
        for_total = _for_total(better, raised, code, rules)
        taken = _cheapest(_doing(code, part, state, known, rules), max(better.each_min - points[code], for_total))
        points[code] += sum(way.points for way in taken)
        chosen += taken
    lacks = {code: max(better.each_min - value, 0) for code, value in points.items()}
    of_items = {code: part.basis.ground is Ground.items for code, part in parts.items()}
    for code in sorted(points, key=lambda one: (of_items[one], -rules.weights[one], points[one])):
        has = {one: value + lacks[one] for one, value in points.items()}
        room = _most(code, parts[code], state, known, rules) - has[code]
        for_total = _for_total(better, has, code, rules)
        lacks[code] += max(min(for_total, room), 0)
    chosen.sort(key=lambda way: (way.left, -_ORDER.index(way.stage or Stage.filed), -way.points))
    somehow = [Way(code, "", None, _up(lack)) for code, lack in lacks.items() if _up(lack) > 0]
    return chosen + sorted(somehow, key=lambda way: way.points)


def _for_total(better: LevelRule, points: Mapping[str, float], code: str, rules: Rules) -> float:
    """The points of an instrument that cover what the total lacks; of the total before it is rounded, so never less."""
    weight = rules.weights[code]
    total = sum(points[one] * share for one, share in rules.weights.items())
    return (better.total_min - total) / weight if weight else 0.0


def _up(points: float) -> float:
    """To two digits, so that they suffice; nothing for what rounding gives."""
    return 0.0 if points < _ROUNDS else math.ceil(scoring.rounded(points * 100)) / 100


def _doing(code: str, part: Part, state: State, known: Known, rules: Rules) -> list[Way]:
    """What finishing each item adds to its instrument: filing it while the window is open, a working address always."""
    if part.basis.ground is not Ground.items:
        return []
    numbers = _indicators(code, rules)
    counted = [n for n in numbers if n in known.indicators or any(one.item.indicator == n for one in state.items)]
    found = []
    for one in state.items:
        number = one.item.indicator
        if number not in counted or number in known.indicators or one.item.code in known.items:
            continue
        best = Stage.filed if state.window_open else one.stage
        gain = _worth_of(best, rules, window_open=state.window_open).likely - worth(one, state, known, rules).likely
        beside = sum(other.item.indicator == number for other in state.items)
        mend = state.cannot_be_seen(one)
        if gain > 0:
            left = mend + (_left(one) if state.window_open else 0)
            found.append(Way(code, one.item.code, one.stage, gain / beside / len(counted), left, mend))
    return found


def _left(standing: ItemStanding) -> int:
    """How many things have to be done until an item is filed."""
    steps = (Stage.approved, Stage.published, Stage.filed)
    to_go = sum(_ORDER.index(standing.stage) < _ORDER.index(step) for step in steps)
    return standing.tally.slots - standing.tally.accepted + to_go


def _cheapest(ways: Sequence[Way], needs: float) -> list[Way]:
    """The ways that bring what is needed with the least to do, of as few items as that takes; all where it takes more.

    By what there is to do: the most points that so much of it brings.
    """
    needs -= _ROUNDS
    if needs <= 0:
        return []
    most: dict[int, tuple[float, int, tuple[Way, ...]]] = {0: (0.0, 0, ())}
    for way in ways:
        for cost, (gain, count, taken) in sorted(most.items(), reverse=True):
            with_it = gain + way.points, count - 1, (*taken, way)
            if cost + way.left not in most or most[cost + way.left][:2] < with_it[:2]:
                most[cost + way.left] = with_it
    enough = [(cost, -count, -gain, taken) for cost, (gain, count, taken) in most.items() if gain >= needs]
    return list(min(enough)[3]) if enough else list(ways)
