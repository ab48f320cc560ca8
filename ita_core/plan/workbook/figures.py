"""The sheet of the figures that a forecast assumes: a row each, found again by group and name."""

import copy
from collections.abc import Iterator
from typing import Any

from ita_core.language import N_
from ita_core.plan import editing
from ita_core.plan.content import Content, parts_of
from ita_core.plan.faults import Faults
from ita_core.plan.figures import GROUPS, Figure, figures_of, in_group, path_of, sources_of
from ita_core.plan.framework import Framework
from ita_core.plan.workbook import sheets
from ita_core.plan.workbook.cells import as_number, folded
from ita_core.plan.workbook.opening import Line

Row = dict[str, str | float]


def rows_of_figures(framework: Framework) -> Iterator[Row]:
    """Every figure with what it is called; at the first of a group where its figures come from."""
    figures, sources = figures_of(framework), sources_of(framework)
    for group in GROUPS:
        for place, figure in enumerate(in_group(figures, group)):
            yield {
                "group": sheets.GROUPS[group], "what": _name(figure, framework), "value": figures[figure],
                "source": "" if place else sources[group],
            }  # fmt: skip


def _name(figure: Figure, framework: Framework) -> str:
    """IIT; ผ่านดี · คะแนนรวมอย่างน้อย; ครบถ้วน · น่าจะได้."""
    group, which, *end = figure
    words = {"levels": lambda: framework.levels[int(which)].title, "stages": lambda: sheets.STAGES[which]}
    words["left"] = words["stages"]
    name = words[group]() if group in words else which
    return " · ".join([name, *(sheets.ENDS[one] for one in end)])


def framework_with(found: list[Line], base: Content, faults: Faults) -> dict[str, Any]:
    """The values of the framework of `base` with the figures and sources of these rows; that of no rows as it was.

    What is wrong with a row is noted; what of the figures contradicts another is for the framework's own check.
    """
    content = copy.deepcopy(base)
    framework, _plan = parts_of(base)
    names = {
        (folded(sheets.GROUPS[one[0]]), folded(_name(one, framework))): one for one in figures_of(framework)
    }  # fmt: skip
    values: dict[Figure, float] = {}
    sources: dict[str, str] = {}
    rows: dict[Figure, int] = {}
    for line in found:
        figure = names.get((folded(line.text("group")), folded(line.text("what"))))
        if figure is None:
            says = N_("“{what}” is none of the figures of a forecast: leave this column as it was")
            faults.add_at(line.cell("what"), says, what=line.text("what"))
        elif figure in rows:
            faults.add_at(line.cell("what"), N_("“{what}” stands twice"), what=line.text("what"))
        else:
            rows[figure] = line.number
            path = path_of(figure)
            for end in range(1, len(path) + 1):
                faults.cells.setdefault(path[:end], line.cell("value"))
            value = line.read("value", as_number)
            if value is not None:
                values[figure] = value
            elif not line.has("value"):
                faults.add_at(line.cell("value"), N_("is empty: write a number from 0 to 100"))
            if said := line.text("source"):
                faults.cells.setdefault(("forecast", "sources", figure[0]), line.cell("source"))
                sources[figure[0]] = "; ".join(one for one in (sources.get(figure[0]), said) if one)
    if found:
        missing = [one for name, one in names.items() if one not in rows]
        if missing:
            says = N_("there is no row {rows}: take a workbook that was exported here")
            listed = ", ".join(f"“{_name(one, framework)}”" for one in missing)
            faults.add_at(f"{sheets.FIGURES.title}!B:B", says, rows=listed)
        editing.set_figures(content, values)
        editing.set_sources(content, {group: sources.get(group, "") for group in GROUPS})
    changed: dict[str, Any] = content["framework"]
    return changed
