"""Changing the plan: an editor a subject; what is changed gathers in a draft, which is put in force here."""

import streamlit as st

from ita_core import db, queries, thai, workflow
from ita_core.language import _
from ita_core.plan.content import Content, content_of
from ita_core.queries import DraftFacts, PlanHistory
from ita_core.settings import settings
from pages.parts import (
    plan_calendar,
    plan_deadlines,
    plan_desk,
    plan_differences,
    plan_duties,
    plan_figures,
    plan_items,
    plan_office,
    plan_people,
    pressing,
)
from pages.parts.frame import Frame
from pages.parts.plan_desk import Desk
from pages.parts.plan_differences import parts

FEW = 12  # differences that are shown without asking
EDITING = "plan-editing"  # in the session: the assessment whose editors were drawn last


def draw(here: Frame, history: PlanHistory) -> None:
    """The editors over the draft, or over the plan in force where there is none; then what the draft changes."""
    with db.reading() as session:
        draft = queries.find_draft(session, here.assessment.id)
    if not here.acts():
        st.caption(_("Nothing of this year can be changed here."))
        return
    if draft and draft.account_id != here.actor.account_id:
        _another(here, history, draft)
        return
    st.session_state[EDITING] = here.assessment.id
    of = draft or history.now
    content: Content = draft.content if draft else content_of(of.framework, of.plan)
    desk = Desk(here, history, content, of.framework, of.plan)
    _put_in_force(here, history, draft)
    drawn = {
        _("Deadlines"): plan_deadlines.draw, _("Duties"): plan_duties.draw, _("Persons"): plan_people.draw,
        _("Items and measures"): plan_items.draw, _("Calendar of steps"): plan_calendar.draw,
        _("Office"): plan_office.draw, _("Scores and forecast"): plan_figures.draw,
    }  # fmt: skip
    first = _("Scores and forecast") if "figures" in st.query_params else None
    for tab, draw_editor in zip(st.tabs(list(drawn), default=first), drawn.values(), strict=True):
        with tab:
            draw_editor(desk)


def _another(here: Frame, history: PlanHistory, draft: DraftFacts) -> None:
    """A second person is told who is at it, and sees it; whoever was at it before, that nothing they typed was kept."""
    st.info(_("{who} is changing this plan, last at {time}.").format(who=draft.by, time=thai.moment_text(draft.at)))
    if st.session_state.pop(EDITING, None) == here.assessment.id:
        st.warning(_("What you had typed here and not kept yet was not taken into the draft."))
    before, after = parts(history.now), parts(draft)
    with st.expander(_("What differs")):
        plan_differences.show(plan_differences.listed(before, after), before, after, history)
    with st.popover(_("Take the draft over"), icon=":material/swap_horiz:"):
        st.text(_("What was changed stays; from then on it is yours."))
        if st.button(_("Yes, take it over"), key="take-over"):
            plan_desk.edit(here, lambda _as_it_is: None, take_over=True)


def _put_in_force(here: Frame, history: PlanHistory, draft: DraftFacts | None) -> None:
    """What the draft changes, in words; one act puts it in force."""
    if draft is None:
        st.caption(_("Change what you want: it gathers in a draft, and holds once you put that in force."))
        return
    now = history.now
    before, after = parts(now), parts(draft)
    recount = plan_differences.recounted(here, after)
    told = plan_differences.listed(before, after)
    with st.container(border=True, key="plan-draft"):
        st.header(_("The draft changes {number} things").format(number=len(told)), anchor=False)
        with st.expander(_("What differs"), expanded=len(told) <= FEW):
            plan_differences.show(told, before, after, history, recount)
        plan_differences.uncounted(here, recount)
        # A press that was drawn for another draft, or beside another revision, is none: what differs is shown anew.
        drawn = plan_desk.fresh("put-in-force", now.revision.number, draft.at)
        with (
            st.popover(_("Put in force"), type="primary", icon=":material/check:", key=f"{drawn}-box"),
            st.form(drawn, border=False),
        ):
            says = _("From then on everybody works by the changed plan. The one of now stays on record, and every past "
                     "day keeps it.")  # fmt: skip
            st.markdown(says)
            note = st.text_input(_("The order or note it rests on"), key="draft-note")
            if st.form_submit_button(_("Yes, put it in force"), type="primary"):
                with pressing.writing(_("In force.")) as session:
                    workflow.put_draft_in_force(
                        session, by=here.actor.account_id, assessment_id=here.assessment.id,
                        seen=now.revision.number, note=note, at=settings().now(),
                    )  # fmt: skip
        with st.popover(_("Throw the draft away"), icon=":material/delete:"):
            if st.button(_("Yes, throw it away"), key="discard-draft"):
                with pressing.writing(_("Thrown away.")) as session:
                    workflow.discard_draft(
                        session, by=here.actor.account_id, assessment_id=here.assessment.id, at=settings().now()
                    )
