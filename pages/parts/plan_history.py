"""The revisions of a plan: who put what in force when, what differs between two, and the way back."""

from dataclasses import dataclass

import streamlit as st

from ita_core import access, thai, workflow
from ita_core.language import _
from ita_core.plan.touched import Recount
from ita_core.queries import PlanFacts, PlanHistory
from ita_core.settings import settings
from pages.parts import plan_differences, pressing, templates
from pages.parts.frame import Frame
from pages.parts.plan_differences import parts


@dataclass(frozen=True, slots=True)
class Row:
    """One revision; `chosen`: what it changed is shown."""

    number: int
    at: str
    by: str
    note: str
    chosen: bool
    in_force: bool
    baseline: bool


def draw(here: Frame, history: PlanHistory) -> None:
    """The newest first, and what the chosen one changed."""
    wanted = st.query_params.get("revision", "")
    chosen = next((one for one in history.plans if str(one.revision.number) == wanted), history.now)
    rows = [
        Row(
            one.revision.number, thai.moment_text(one.revision.at), one.revision.by or _("the system"),
            one.revision.note, one is chosen, one is history.now, one.revision.number == history.baseline,
        )
        for one in reversed(history.plans)
    ]  # fmt: skip
    templates.show("plan_revisions", rows=rows)
    before = next((one for one in history.plans if one.revision.number == chosen.revision.number - 1), None)
    st.header(_("What revision {number} changed").format(number=chosen.revision.number), anchor=False)
    if before is None:
        st.caption(_("It is the first: everything before it is unknown here."))
    else:
        _changed(before, chosen, history)
    if not here.acts():
        return
    if chosen is not history.now:
        st.header(_("What would change if it were put in force again"), anchor=False)
        recount = plan_differences.recounted(here, parts(chosen))
        _changed(history.now, chosen, history, recount)
        plan_differences.uncounted(here, recount)
        _go_back(here, history, chosen)
    if access.may_name_baseline(here.actor) and chosen.revision.number != history.baseline:
        _name_baseline(here, chosen.revision.number)


def _changed(before: PlanFacts, after: PlanFacts, history: PlanHistory, recount: Recount | None = None) -> None:
    told = plan_differences.listed(parts(before), parts(after))
    plan_differences.show(told, parts(before), parts(after), history, recount)


def _go_back(here: Frame, history: PlanHistory, chosen: PlanFacts) -> None:
    number = chosen.revision.number
    text = _("Put revision {number} in force again").format(number=number)
    with st.popover(text, icon=":material/undo:", key=f"back-{number}"), st.form(f"go-back-{number}", border=False):
        st.text(_("Nothing is lost: it becomes revision {number}.").format(number=history.now.revision.number + 1))
        note = st.text_input(
            _("The order or note it rests on"), value=_("As in revision {number}").format(number=number)
        )
        if st.form_submit_button(_("Put in force"), type="primary"):
            with pressing.writing(_("In force.")) as session:
                workflow.go_back(
                    session, by=here.actor.account_id, assessment_id=here.assessment.id, number=number, note=note,
                    at=settings().now(),
                )  # fmt: skip


def _name_baseline(here: Frame, number: int) -> None:
    text = _("Compare the timeline with revision {number}").format(number=number)
    if st.button(
        text,
        icon=":material/flag:",
        key="name-baseline",
        help=_("Its dates are then “as first planned”, on every day."),
    ):
        with pressing.writing(_("The timeline compares with revision {number}.").format(number=number)) as session:
            workflow.name_baseline(
                session, by=here.actor.account_id, assessment_id=here.assessment.id, number=number, at=settings().now()
            )
