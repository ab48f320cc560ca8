"""How the year scores and what its forecast assumes, in the plan: worths of stages, bands, weights, levels, sources."""

from collections.abc import Mapping
from dataclasses import dataclass

import streamlit as st

from ita_core import words
from ita_core.board.progress import Stage
from ita_core.errors import Refused
from ita_core.language import N_, _
from ita_core.plan import editing
from ita_core.plan.content import Content
from ita_core.plan.faults import PlanFaults
from ita_core.plan.figures import ENDS, LIMITS, Figure, figures_of, in_group, of_items, path_of, sources_of
from ita_core.plan.places import Place, Where
from ita_core.typed import LONGEST_NAME, clean_text
from pages.parts import marks, pressing
from pages.parts.plan_desk import Desk

COLUMN, TABLE = 76, 560  # pixels of a figure's field, and of a table


class WrongFigures(Refused):
    says = N_("Nothing was kept yet. Please change:\n{faults}")


@dataclass(frozen=True, slots=True)
class Table:
    """Figures of one group: what its rows are called, and each column's figures in their order."""

    title: str
    head: str
    names: list[str]
    columns: Mapping[str, list[Figure]]


def draw(desk: Desk) -> None:
    """All in one form: what is wrong with one figure shows against the others."""
    st.caption(_(
        "Nobody has announced these figures: they are assumed, and each forecast says so. A better stage is never "
        "worth less; the weights add up to 100. A past day keeps the figures that were in force then."
    ))  # fmt: skip
    before, sources = figures_of(desk.framework), sources_of(desk.framework)
    key = hash((*before.items(), *sources.items()))  # once they have changed the fields are others, which show the new
    with st.form("figures", border=False):
        after: dict[Figure, float] = {}
        said: dict[str, str] = {}
        left, right = st.columns([3, 2], gap="large")
        tables = _tables(desk)
        for group, table in tables.items():
            with left if group in ("stages", "left") else right:
                after |= _edited(table, before, f"figure-{key}")
                said[group] = st.text_input(
                    _("Source of these figures"),
                    value=sources[group],
                    max_chars=LONGEST_NAME,
                    key=f"source-{group}-{key}",
                )
        if st.form_submit_button(_("Keep these figures"), type="primary"):
            with pressing.refusals_here():
                changed = {name: value for name, value in after.items() if value != before[name]}
                told = {group: clean_text(text, LONGEST_NAME) for group, text in said.items()}

                def change(draft: Content) -> None:
                    editing.set_figures(draft, changed)
                    editing.set_sources(draft, told)

                if changed or told != sources:
                    desk.edit(change, lambda faults: WrongFigures(faults="\n".join(_faults(faults, tables))))
                else:
                    st.info(_("No figure here differs from what stands, so nothing was kept."))


def _faults(found: PlanFaults, tables: Mapping[str, Table]) -> list[str]:
    """What is wrong, each with the table, row and column where it is seen here."""
    names: dict[Where, str] = {("instruments",): tables["weights"].title, ("levels",): tables["levels"].title}
    for table in tables.values():
        for place, (figure, name) in enumerate(_rows(table)):
            row = f"{table.title} · {table.names[place % len(table.names)]}"
            names.setdefault(path_of(figure)[:-1] if len(table.columns) > 1 else path_of(figure), row)
            names[path_of(figure)] = f"{table.title} · {name}"
    lines = []
    for fault in found.found:
        where = fault.place.where if isinstance(fault.place, Place) else ()
        where = where[1:] if where[:1] == ("framework",) else where
        lines.append(f"– {names.get(where, str(fault.place))}: {fault.what}")
    return lines


def _tables(desk: Desk) -> dict[str, Table]:
    """By the group of their figures."""
    framework, figures = desk.framework, figures_of(desk.framework)
    worths = {
        title: [("stages", stage.value, end) for stage in reversed(Stage)]
        for end, title in zip(ENDS, (_("Lowest"), _("Likely"), _("Highest")), strict=True)
    }
    left = list(reversed(in_group(figures, "left")))
    levels = {
        title: [("levels", str(place), limit) for place in range(len(framework.levels))]
        for limit, title in zip(LIMITS, (_("Total at least"), _("Every instrument at least")), strict=True)
    }
    by_items = of_items(framework)
    bands = [one for one in in_group(figures, "bands") if one[1] not in by_items]
    weights = in_group(figures, "weights")
    stage, instrument, points = _("Stage"), _("Instrument"), _("Points")
    return {
        "stages": Table(_("What an item comes to from the stage that it is in"), stage,
                        [_(words.STAGES[one]) for one in reversed(Stage)], worths),
        "left": Table(_("What is left of it where it is not filed when the window closes"), stage,
                      [_(words.STAGES[Stage(one[1])]) for one in left], {points: left}),
        "weights": Table(_("Weights of the instruments"), instrument, [one[1] for one in weights],
                         {_("Percent"): weights}),
        "levels": Table(_("From which points a level is reached"), _("Level"),
                        [one.title for one in framework.levels], levels),
        "bands": Table(_("How far a survey may come out otherwise than it last did"), _("Survey"),
                       [one[1] for one in bands], {_("Points either way, each year"): bands}),
    }  # fmt: skip


def _rows(table: Table) -> list[tuple[Figure, str]]:
    """Each figure with the name of its row and column."""
    return [
        (figure, f"{name} · {column}")
        for column, figures in table.columns.items()
        for name, figure in zip(table.names, figures, strict=True)
    ]


def _edited(table: Table, before: Mapping[Figure, float], key: str) -> dict[Figure, float]:
    """The figures as they were typed, each in a field of its own: what is typed in a table's cell is handed over a
    moment later, when the press that keeps it may have gone. An emptied field shows again what stood.
    """
    st.header(table.title, anchor=False)
    found = {}
    row = {"horizontal": True, "wrap": False, "gap": "small", "width": TABLE}  # less where the screen is narrower
    with st.container(vertical_alignment="bottom", **row):
        st.text(table.head, width="stretch")
        for column in table.columns:
            st.text(column, width=COLUMN)
    for place, name in enumerate(table.names):
        with st.container(vertical_alignment="center", **row):
            st.markdown(marks.plain(name), width="stretch")
            for column, figures in table.columns.items():
                figure = figures[place]
                value = st.number_input(
                    f"{name} · {column}", value=float(before[figure]), step=1.0, format="%g", width=COLUMN,
                    label_visibility="collapsed", key="-".join((key, *figure)),
                )  # fmt: skip
                found[figure] = int(value) if value == int(value) else value
    return found
