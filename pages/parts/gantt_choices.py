"""What of the timeline is shown, as the address has it, and the choices that change it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import streamlit as st

from ita_core import words
from ita_core.board import timeline
from ita_core.board.timeline import Row, RowKind, RowState, Window
from ita_core.days import period_of
from ita_core.language import _
from ita_core.queries import PartyFacts, Snapshot
from pages.parts import gantt, marks
from pages.parts.frame import Frame
from pages.parts.marks import Choice

KINDS = {
    "": frozenset(RowKind),
    "steps": frozenset({RowKind.phase, RowKind.step}),
    "items": frozenset({RowKind.item}),
    "measures": frozenset({RowKind.measure}),
}


@dataclass(frozen=True, slots=True)
class View:
    """What is shown, as the address has it; what it has wrong counts as not given."""

    kind: str
    officer: PartyFacts | None
    state: RowState | None
    month: date | None
    window: Window

    @property
    def kinds(self) -> frozenset[RowKind]:
        return KINDS[self.kind]

    @property
    def officer_id(self) -> int | None:
        return self.officer.id if self.officer else None


@dataclass(frozen=True, slots=True)
class Choices:
    kinds: Choice
    states: Choice
    officers: Choice
    months: Choice


def asked(here: Frame, data: Snapshot, listed: Sequence[Row]) -> View:
    """The kind, officer, state and month of the address."""
    kind, state = st.query_params.get("kind", ""), st.query_params.get("state", "")
    officers = {one.key: one for one in _officers(data, listed)}
    months = {period_of(month): month for month in timeline.months(here.assessment.starts, here.assessment.ends)}
    month = months.get(st.query_params.get("month", ""))
    return View(
        kind if kind in KINDS else "",
        officers.get(st.query_params.get("officer", "")),
        next((one for one in RowState if one.value == state), None),
        month,
        Window.of_month(month) if month else Window(here.assessment.starts, here.assessment.ends),
    )


def _officers(data: Snapshot, listed: Sequence[Row]) -> list[PartyFacts]:
    acting = {officer for row in listed for officer in row.officers}
    return [one for one in data.officers if one.id in acting]


def choices(here: Frame, data: Snapshot, view: View, listed: Sequence[Row]) -> Choices:
    """Kinds, states with how many rows stand so, officers, and the months to look into."""
    kinds = {
        "": _("All"),
        "steps": _("Phases and steps"),
        "items": _(words.ROW_KINDS[RowKind.item]),
        "measures": _(words.ROW_KINDS[RowKind.measure]),
    }
    counts = Counter(
        row.state
        for row in timeline.chosen(listed, kinds=view.kinds, officer=view.officer_id)
        if row.kind is not RowKind.phase
    )
    states = {"": _("Any state")} | {
        one.value: f"{gantt.SIGNS[one]} {_(words.ROW_STATES[one])} {counts[one]}"
        for one in RowState
        if counts[one] or one is view.state
    }
    officers = {"": _("All")} | {one.key: one.full for one in _officers(data, listed)}
    return Choices(
        marks.choice("kind", kinds, view.kind),
        marks.choice("state", states, view.state.value if view.state else ""),
        marks.choice("officer", officers, view.officer.key if view.officer else ""),
        _zoom(here, view.month),
    )


def _zoom(here: Frame, month: date | None) -> Choice:
    """The whole year, or the month that is looked into and those beside it."""
    months = timeline.months(here.assessment.starts, here.assessment.ends)
    place = months.index(month or here.day.replace(day=1))
    near = {"": _("Whole year")}
    if month and place:
        near[period_of(months[place - 1])] = f"◂ {gantt.month_text(months[place - 1])}"
    near[period_of(months[place])] = gantt.month_text(months[place])
    if month and place + 1 < len(months):
        near[period_of(months[place + 1])] = f"{gantt.month_text(months[place + 1])} ▸"
    return marks.choice("month", near, period_of(month) if month else "")
