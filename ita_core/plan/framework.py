"""data/frameworks/*.yaml: what the assessor demands in one fiscal year, read, checked and frozen.

Reading goes in three stages, and each goes on after a fault so that all are named at once: `files.read` makes plain
values of the YAML, `shape.shaped` holds them against the models below, `check` looks at what one place says of another.
`plan.py` reads its files through the same three.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field

from ita_core.board.forecast import LEFT, WORTH
from ita_core.board.progress import Stage
from ita_core.errors import NotFound
from ita_core.language import N_
from ita_core.models import Cadence
from ita_core.plan.faults import Faults, listed, mapping, named
from ita_core.plan.files import read
from ita_core.plan.places import STAGES, WORDS, Where
from ita_core.plan.sentences import Sentence, told_day
from ita_core.plan.shape import (
    Code,
    Day,
    Format,
    Key,
    Language,
    Note,
    Period,
    Points,
    Strict,
    Text,
    Through,
    Year,
    check_day,
    check_periods,
    distinct,
    shaped,
)
from ita_core.settings import DATA

FRAMEWORKS = DATA / "frameworks"
_NO_INSTRUMENT = N_("there is no instrument {instrument} ({known})")


class UnknownFramework(NotFound):
    says = N_("There is no framework “{code}”. Known: {known}.")


class Instrument(Strict):
    """IIT, EIT or OIT; `weight` is its share of the total, 0–1."""

    title: Text
    weight: Annotated[float, Field(gt=0, le=1)]


class Level(Strict):
    """Reached when the total and every instrument are at least this."""

    title: Text
    total_min: Points
    each_min: Points


class Indicator(Strict):
    """One of the ten, of one instrument."""

    instrument: str
    title: Text
    improve: Text


class Worth(Strict):
    """What an item of a stage is assumed to come to, in points of 100: at least, likely, at most."""

    low: Points
    likely: Points
    high: Points


class ForecastRules(Strict):
    """What a forecast assumes in this year, in place of `board.forecast`'s own guesses: of some stages, of instruments.

    `bands` are the points by which an instrument may come out otherwise than the year before; `sources` say where the
    figures come from, those of the instruments' weights and of the levels too.
    """

    stages: dict[Stage, Worth] = Field(default_factory=dict)
    left: dict[Stage, Points] = Field(default_factory=dict)  # once the window has closed and it was not filed
    bands: dict[str, Points] = Field(default_factory=dict)
    sources: dict[Literal["weights", "levels", "stages", "left", "bands"], Note] = Field(
        default_factory=dict, exclude_if=lambda value: not value
    )


class Requirement(Strict):
    """One checkable thing that an item must show."""

    title: Text
    note: Note = ""
    cadence: Cadence
    periods: Annotated[tuple[Period, ...], AfterValidator(distinct)] = ()
    formats: Annotated[tuple[Format, ...], AfterValidator(distinct)] = ()
    languages: Annotated[tuple[Language, ...], AfterValidator(distinct)] = ()
    minimum: Annotated[int, Field(ge=1, le=100)] = 1
    nil_allowed: bool = False


Requirements = Annotated[dict[Key, Requirement], Field(min_length=1, max_length=100)]


class Item(Through):
    """One disclosure item, O1–O24."""

    indicator: int
    title: Text
    cadence: Cadence
    demand: Text
    requirements: Requirements


class Step(Strict):
    """One step of the year's calendar, from day to day."""

    row: str = ""
    instrument: str | None = None  # the one that the step serves, where its title names one
    starts: Day
    ends: Day
    title: Text
    work: Text


class Phase(Strict):
    """Steps that belong together."""

    title: Text
    steps: Annotated[dict[int, Step], Field(min_length=1, max_length=200)]


class Framework(Strict):
    """What the assessor demands in one fiscal year of one kind of agency."""

    code: Key = Field(alias="framework")
    title: Text
    fiscal_year: Year
    closes: Day
    periods: Annotated[tuple[Period, ...], AfterValidator(distinct)]
    instruments: dict[str, Instrument]
    levels: tuple[Level, ...]
    indicators: dict[int, Indicator]
    items: Annotated[dict[Code, Item], Field(max_length=200)]
    phases: Annotated[tuple[Phase, ...], Field(min_length=1, max_length=60)]
    # A framework that says nothing of it is, as values, as it ever was: revisions keep their hash.
    forecast: ForecastRules | None = Field(default=None, exclude_if=lambda value: value is None)

    @property
    def steps(self) -> dict[int, Step]:
        """The steps of all phases by their place in the year."""
        return steps_in(self.phases)


def steps_in(phases: Iterable[Phase]) -> dict[int, Step]:
    """The steps of phases by their place in the year."""
    return {number: step for phase in phases for number, step in phase.steps.items()}


def check_requirements(raw: object, where: Where, year: object, faults: Faults) -> None:
    """Notes periods outside the year, monthly requirements without periods and periods without a monthly cadence."""
    for key, requirement in mapping(raw).items():
        here = (*where, key)
        if not isinstance(requirement, dict):
            continue
        monthly, periods = requirement.get("cadence") == "monthly", requirement.get("periods", [])
        if monthly and periods == []:
            faults.add(here, N_("is monthly but has no periods"))
        if not monthly and periods:
            faults.add((*here, "periods"), N_("only a monthly requirement has periods"))
        check_periods(periods, (*here, "periods"), year, faults)


def check_lineages(raw: object, where: Where, taken: dict[str, str], faults: Faults) -> None:
    """Notes items of one lineage, and one that came of itself; `taken` is whose each is already, and gets these too."""
    for code, item in mapping(raw).items():
        lineage = mapping(item).get("lineage") or code
        if not isinstance(lineage, str):
            continue
        if lineage in taken:
            says = N_("{lineage} is the lineage of {item}: each needs one of its own")
            faults.add((*where, code, "lineage"), says, lineage=lineage, item=taken[lineage])
        if lineage in listed(mapping(item).get("came_of")):
            faults.add((*where, code, "came_of"), N_("{lineage} is its own lineage"), lineage=lineage)
        taken.setdefault(lineage, code)


def complete(items: object, cadence: str | None, periods: object) -> None:
    """Fill in what a requirement may leave out: its item's cadence, and the given periods where it is monthly.

    `cadence` is that of items which name none themselves.
    """
    for item in mapping(items).values():
        own = mapping(item).get("cadence", cadence)
        for requirement in mapping(item, "requirements").values():
            if isinstance(requirement, dict):
                requirement.setdefault("cadence", own or "once")  # without one the item's fault is noted already
                if requirement["cadence"] == "monthly":
                    requirement.setdefault("periods", periods if isinstance(periods, list) else [])


def check_framework(raw: dict[str, Any], faults: Faults) -> None:
    """Notes what of a framework's plain values contradicts something else in it."""
    year = raw.get("fiscal_year")
    instruments, indicators = mapping(raw, "instruments"), mapping(raw, "indicators")
    check_day(raw.get("closes"), ("closes",), year, faults)
    check_periods(raw.get("periods"), ("periods",), year, faults)
    _check_scores(raw, faults)
    _check_forecast(raw, faults)
    for number, indicator in indicators.items():
        code = mapping(indicator).get("instrument")
        if isinstance(code, str) and code not in instruments:
            where = ("indicators", number, "instrument")
            faults.add(where, _NO_INSTRUMENT, instrument=code, known=named(instruments))
    for code, item in mapping(raw, "items").items():
        here, its = ("items", code), mapping(item).get("indicator")
        if isinstance(its, int) and str(its) not in indicators:
            says = N_("there is no indicator {indicator} ({known})")
            faults.add((*here, "indicator"), says, indicator=its, known=named(indicators))
        check_requirements(mapping(item).get("requirements"), (*here, "requirements"), year, faults)
    check_lineages(raw.get("items"), ("items",), {}, faults)
    check_calendar(raw.get("phases"), year, instruments, faults)


def check_calendar(phases: object, year: object, instruments: Iterable[str], faults: Faults) -> None:
    """Notes steps that do not count 1, 2, 3 …, days outside the year or before their start, and unknown instruments."""
    for place, (where, step) in enumerate(_steps(phases), start=1):
        if where[-1] != str(place):
            says = N_("the steps count 1, 2, 3 … through the year: this one must be {place}")
            faults.add(where, says, place=place)
        starts = check_day(step.get("starts"), (*where, "starts"), year, faults)
        ends = check_day(step.get("ends"), (*where, "ends"), year, faults)
        if starts and ends and ends < starts:
            says = N_("{ends} lies before the start, {starts}")
            faults.add((*where, "ends"), says, ends=told_day(ends), starts=told_day(starts))
        serves = step.get("instrument")
        if isinstance(serves, str) and serves not in instruments:
            faults.add((*where, "instrument"), _NO_INSTRUMENT, instrument=serves, known=named(instruments))


def _steps(phases: object) -> Iterator[tuple[Where, dict[str, Any]]]:
    for index, phase in enumerate(listed(phases)):
        for number, step in mapping(phase, "steps").items():
            yield ("phases", index, "steps", number), mapping(step)


def _check_scores(raw: dict[str, Any], faults: Faults) -> None:
    instruments, levels = mapping(raw, "instruments").values(), listed(raw.get("levels"))
    weights = _numbers(mapping(instrument).get("weight") for instrument in instruments)
    if weights and abs(sum(weights) - 1) > 1e-6:
        lack = 100 - sum(weights) * 100
        says = (
            N_("the weights add up to {percent}%, not to 100%: raise them by {by} in all")
            if lack > 0
            else N_("the weights add up to {percent}%, not to 100%: lower them by {by} in all")
        )
        faults.add(("instruments",), says, percent=f"{sum(weights) * 100:g}", by=f"{abs(lack):g}")
    totals = _numbers(mapping(level).get("total_min") for level in levels)
    fall = next((place for place in range(1, len(totals)) if totals[place] > totals[place - 1]), None)
    if fall is not None:
        better, level = (mapping(one).get("title") for one in levels[fall - 1 : fall + 1])
        says = N_("{level} begins at a total of {total}, above {better}, which begins at {before}: the best level "
                  "comes first, the others by falling totals")  # fmt: skip
        total, before = f"{totals[fall]:g}", f"{totals[fall - 1]:g}"
        faults.add(("levels",), says, level=level, total=total, better=better, before=before)
    elif totals and (totals[-1] != 0 or mapping(levels[-1]).get("each_min") != 0):
        faults.add(("levels", len(levels) - 1), N_("the last level must start at 0, so that every score has one"))
    elif raw.get("levels") == []:
        faults.add(("levels",), N_("must not be empty"))
    else:
        _check_reached(levels, faults)


def _check_reached(levels: list[Any], faults: Faults) -> None:
    """Notes a level that no score could have, because a better one demands no more."""
    for place, level in enumerate(levels):
        total, each = mapping(level).get("total_min"), mapping(level).get("each_min")
        for better in map(mapping, levels[:place]):
            limits = _numbers([total, each, better.get("total_min"), better.get("each_min")])
            if limits and limits[2] <= limits[0] and limits[3] <= limits[1]:
                says = N_("nobody could have this level: the better one, {level}, demands no more")
                faults.add(("levels", place), says, level=better.get("title"))
                break


def _check_forecast(raw: dict[str, Any], faults: Faults) -> None:
    """Notes a worth that is out of order, in itself or against a stage before it, and instruments that there are not.

    A better stage that forecast less would tell people to leave work undone.
    """
    of, instruments = mapping(raw, "forecast"), mapping(raw, "instruments")
    if not of:
        return
    for code in mapping(of, "bands"):
        if code not in instruments:
            says = _NO_INSTRUMENT
            faults.add(("forecast", "bands", code), says, instrument=code, known=named(instruments))
    given, left = mapping(of, "stages"), mapping(of, "left")
    before = Stage.not_started, [0.0, 0.0, 0.0, 0.0]
    for stage in Stage:
        worth = mapping(given, stage.value) or WORTH[stage]._asdict()
        low, likely, high = (worth.get(end) for end in ("low", "likely", "high"))
        ends = _numbers([left.get(stage.value, LEFT.get(stage, low)), low, likely, high])
        if not ends:
            continue
        where = ("forecast", "stages", stage.value)
        names = [Sentence(WORDS[end]) for end in ("left", "low", "likely", "high")]
        falls = [place for place in range(1, len(ends)) if ends[place] < ends[place - 1]]
        less = [place for place, then in enumerate(before[1]) if ends[place] < then]
        for place in falls:
            says = N_("“{end}”, {points}, is less than “{other}”, {before}: change one of the two")
            faults.add(
                where, says, end=names[place], points=f"{ends[place]:g}", other=names[place - 1],
                before=f"{ends[place - 1]:g}",
            )  # fmt: skip
        for place in [] if falls else less:
            says = N_("“{end}”, {points}, is less than the {before} of the stage before it, “{stage}”: raise it, or "
                      "lower that one")  # fmt: skip
            faults.add(
                where, says, end=names[place], points=f"{ends[place]:g}", before=f"{before[1][place]:g}",
                stage=Sentence(STAGES[before[0]]),
            )  # fmt: skip
        before = stage, ends


def _numbers(values: Iterable[object]) -> list[float]:
    """The values, none of them where one is no number: its fault is noted already."""
    found = list(values)
    numbers = [float(value) for value in found if isinstance(value, int | float)]
    return numbers if len(numbers) == len(found) else []


def find_framework(code: str) -> Path:
    """The file of the framework with this code.

    Raises UnknownFramework.
    """
    known = {path.stem: path for path in sorted(FRAMEWORKS.glob("*.yaml"))}
    if code not in known:
        raise UnknownFramework(code=code, known=named(known))
    return known[code]


def load_framework(path: Path) -> Framework:
    """The framework of a file, checked; a requirement has its cadence and periods even where the file leaves them out.

    Raises PlanFaults with everything that is wrong.
    """
    faults = Faults(path.name)
    raw = read(path, faults)
    return framework_of(raw, faults)


def framework_of(raw: dict[str, Any], faults: Faults) -> Framework:
    """The framework of plain values, checked.

    Raises PlanFaults with everything that is wrong, `faults` among it.
    """
    framework = looked_over(raw, faults)
    faults.stop()
    assert framework is not None  # no fault, so it was shaped
    return framework


def looked_over(raw: dict[str, Any], faults: Faults) -> Framework | None:
    """The framework of plain values, None where they do not fit; everything that is wrong is noted in `faults`."""
    faults.values = raw
    complete(raw.get("items"), None, raw.get("periods"))
    framework = shaped(Framework, raw, faults)
    check_framework(raw, faults)
    return framework
