"""PURE: the assumed figures of a framework, flat: what its forecasts rest on beside the records.

Each has a name: ("stages", "filed", "low"), ("left", "published"), ("bands", "IIT"), ("weights", "OIT") or
("levels", "0", "total_min"). Stages, what is left, bands and levels are points of 100, weights are percent.
"""

from collections.abc import Iterable

from ita_core.board.forecast import BAND, LEFT, WORTH
from ita_core.board.progress import Stage
from ita_core.plan.framework import ForecastRules, Framework
from ita_core.plan.places import Where

Figure = tuple[str, ...]

ENDS = ("low", "likely", "high")
LIMITS = ("total_min", "each_min")  # of a level
GROUPS = ("weights", "levels", "stages", "left", "bands")


def figures_of(framework: Framework) -> dict[Figure, float]:
    """Every figure as it is in force: what the framework states, else our own guess (`board.forecast`)."""
    given = framework.forecast or ForecastRules()
    found: dict[Figure, float] = {}
    for code, instrument in framework.instruments.items():
        found["weights", code] = round(instrument.weight * 100, 4)
    for place, level in enumerate(framework.levels):
        found |= {("levels", str(place), limit): getattr(level, limit) for limit in LIMITS}
    for stage in Stage:
        worth = given.stages.get(stage) or WORTH[stage]
        found |= {("stages", stage.value, end): getattr(worth, end) for end in ENDS}
    found |= {("left", stage.value): given.left.get(stage, guess) for stage, guess in LEFT.items()}
    return found | {("bands", code): given.bands.get(code, BAND) for code in framework.instruments}


def stated(framework: Framework, figure: Figure) -> bool:
    """Whether the framework says it itself; a weight and a level's limit are always said."""
    given = framework.forecast or ForecastRules()
    match figure[0]:
        case "stages":
            return Stage(figure[1]) in given.stages
        case "left":
            return Stage(figure[1]) in given.left
        case "bands":
            return figure[1] in given.bands
    return True


def sources_of(framework: Framework) -> dict[str, str]:
    """Group of figures → where they come from, "" where nothing is said of it."""
    given = framework.forecast or ForecastRules()
    said = {str(group): text for group, text in given.sources.items()}
    return {group: said.get(group, "") for group in GROUPS}


def path_of(figure: Figure) -> Where:
    """Where in the framework a figure stands."""
    group, *rest = figure
    if group == "weights":
        return ("instruments", rest[0], "weight")
    if group == "levels":
        return ("levels", int(rest[0]), rest[1])
    return ("forecast", *figure)


def of_items(framework: Framework) -> set[str]:
    """The instruments whose points follow from items: a band around last year's score is nothing to them."""
    return {framework.indicators[item.indicator].instrument for item in framework.items.values()}


def in_group(figures: Iterable[Figure], group: str) -> list[Figure]:
    """The figures of one group, in their order."""
    return [one for one in figures if one[0] == group]
