"""The revisions of a plan: who put what in force when, what differs between two, and the way back."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import streamlit as st

from ita_core import thai, workflow
from ita_core.language import _
from ita_core.plan.difference import Difference, differences
from ita_core.queries import PlanFacts, PlanHistory
from ita_core.settings import settings
from ita_core.words import DIFFERENCES
from pages.parts import marks, pressing, templates
from pages.parts.frame import Frame

SHOWN = 60  # differences at once


@dataclass(frozen=True, slots=True)
class Row:
    """One revision; `chosen`: what it changed is shown."""

    number: int
    at: str
    by: str
    note: str
    chosen: bool
    in_force: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that differs."""

    what: str
    where: str
    before: str
    after: str


def draw(here: Frame, history: PlanHistory) -> None:
    """The newest first, and what the chosen one changed."""
    wanted = st.query_params.get("revision", "")
    chosen = next((one for one in history.plans if str(one.revision.number) == wanted), history.now)
    rows = [
        Row(
            one.revision.number, thai.moment_text(one.revision.at), one.revision.by or _("the system"),
            one.revision.note, one is chosen, one is history.now,
        )
        for one in reversed(history.plans)
    ]  # fmt: skip
    templates.show("plan_revisions", rows=rows)
    before = next((one for one in history.plans if one.revision.number == chosen.revision.number - 1), None)
    st.subheader(_("What revision {number} changed").format(number=chosen.revision.number), anchor=False)
    if before is None:
        st.caption(_("It is the first: everything before it is unknown here."))
    else:
        changes(differences((before.framework, before.plan), (chosen.framework, chosen.plan)), chosen)
    if chosen is not history.now and here.acts():
        _go_back(here, history, chosen)


def changes(listed: list[Difference], plan: PlanFacts) -> None:
    """A table of what differs, people by their names."""
    if not listed:
        st.caption(_("Only the order or the wording of notes differs."))
        return
    templates.show("plan_changes", lines=_lines(listed[:SHOWN], plan))
    if len(listed) > SHOWN:
        st.caption(marks.more(len(listed) - SHOWN))


def _lines(listed: Iterable[Difference], plan: PlanFacts) -> list[Line]:
    names = {one.key: one.short for one in plan.parties.values()}

    def told(one: Difference, value: str) -> str:
        if one.what == "due":
            return ", ".join(thai.date_text(date.fromisoformat(day)) for day in value.split(", ") if day)
        if one.what in {"duty", "group", "step"}:
            return ", ".join(names.get(part, part) for part in value.split(", "))
        return value

    return [Line(_(DIFFERENCES[one.what]), _where(one), told(one, one.before), told(one, one.after)) for one in listed]


def _where(one: Difference) -> str:
    code, _blank, period = one.where.partition(" ")
    return f"{code} {thai.period_text(period)}" if one.what == "due" and period else one.where


def _go_back(here: Frame, history: PlanHistory, chosen: PlanFacts) -> None:
    number = chosen.revision.number
    text = _("Put revision {number} in force again").format(number=number)
    with st.popover(text, icon=":material/undo:", key=f"back-{number}"), st.form(f"go-back-{number}", border=False):
        st.text(_("Nothing is lost: it becomes revision {number}.").format(number=history.now.revision.number + 1))
        note = st.text_input(_("The order or note it rests on"))
        if st.form_submit_button(_("Put in force"), type="primary"):
            with pressing.writing(_("In force.")) as session:
                workflow.go_back(
                    session, by=here.actor.account_id, assessment_id=here.assessment.id, number=number, note=note,
                    at=settings().now(),
                )  # fmt: skip
