"""PURE: how the year scores and what its forecast assumes: worths, bands, weights, levels, and where each is from."""

from collections.abc import Mapping
from typing import Any

from ita_core.errors import NotFound
from ita_core.plan.content import Content, parts_of
from ita_core.plan.figures import ENDS, GROUPS, Figure, figures_of, path_of


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
    if not set(GROUPS) >= sources.keys():
        raise NotFound
    # As they stand, not by the model: what was changed before with them may be no framework.
    stands: dict[str, str] = (content["framework"].get("forecast") or {}).get("sources") or {}
    said = stands | {group: text for group, text in sources.items() if text or group in stands}
    if said == stands:
        return
    _forecast(content)["sources"] = {group: said[group] for group in GROUPS if said.get(group)}


def _forecast(content: Content) -> dict[str, Any]:
    """What the framework says of forecasts, from now on at least nothing."""
    content["framework"]["forecast"] = content["framework"].get("forecast") or {}
    found: dict[str, Any] = content["framework"]["forecast"]
    for part in ("stages", "left", "bands"):
        found.setdefault(part, {})
    return found
