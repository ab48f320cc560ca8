"""PURE: how the year scores and what its forecast assumes: worths, bands, weights, levels, and where each is from."""

from collections.abc import Mapping
from typing import Any

from ita_core.errors import NotFound
from ita_core.plan.content import Content, parts_of
from ita_core.plan.figures import ENDS, GROUPS, Figure, figures_of, path_of, sources_of


def set_figures(content: Content, figures: Mapping[Figure, float]) -> None:
    """Let these figures be so (`plan.figures`); what is so already stays as it is stated, or not stated at all.

    Raises NotFound for a figure that there is not.
    """
    framework, _plan = parts_of(content)
    now = figures_of(framework)
    if not now.keys() >= figures.keys():
        raise NotFound
    for figure, value in figures.items():
        if value == now[figure]:
            continue
        if figure[0] == "stages":  # a worth is stated whole, or not at all
            worth = _forecast(content)["stages"].setdefault(figure[1], {})
            for end in ENDS:
                worth.setdefault(end, now["stages", figure[1], end])
        elif figure[0] in ("left", "bands"):
            _forecast(content)
        *path, last = path_of(figure)
        place: Any = content["framework"]
        for part in path:
            place = place[part]
        place[last] = round(value / 100, 6) if figure[0] == "weights" else value


def set_sources(content: Content, sources: Mapping[str, str]) -> None:
    """Where the figures of groups come from, in words; "" takes out what was said.

    Raises NotFound for a group that there is not.
    """
    framework, _plan = parts_of(content)
    now = sources_of(framework)
    if not now.keys() >= sources.keys():
        raise NotFound
    if all(now[group] == source for group, source in sources.items()):
        return
    said = now | dict(sources)
    _forecast(content)["sources"] = {group: said[group] for group in GROUPS if said[group]}


def _forecast(content: Content) -> dict[str, Any]:
    """What the framework says of forecasts, from now on at least nothing."""
    content["framework"]["forecast"] = content["framework"].get("forecast") or {}
    found: dict[str, Any] = content["framework"]["forecast"]
    for part in ("stages", "left", "bands"):
        found.setdefault(part, {})
    return found
