"""The plan, for those who put it in force: changing it, its revisions, what is not confirmed, and the years."""

import streamlit as st

from ita_core import access, db, queries
from ita_core.errors import NotYours, Refused
from ita_core.language import _
from pages.parts import empty, frame, marks, plan_draft, plan_files, plan_history, plan_years

here = frame.frame()
frame.heading(here, _("Plan"))
try:
    if not access.may_plan(here.actor):
        raise NotYours
    with db.reading() as session:
        history = queries.get_history(session, here.assessment.id)
        year = queries.get_year(session, here.assessment)
        draft = queries.find_draft(session, here.assessment.id)
    titles = [_("Change the plan"), _("Revisions ({number})").format(number=len(history.plans)), _("Years")]
    change, revisions, years = st.tabs(titles, default=titles["revision" in st.query_params])
    with change:
        plan_files.draw(here, drafted=draft is not None and draft.account_id == here.actor.account_id)
        plan_draft.draw(here, history)
    with revisions:
        plan_history.draw(here, history)
    with years:
        plan_years.draw(here, history, year)
except Refused as refused:
    st.error(marks.plain(str(refused)))
    if not access.may_plan(here.actor):
        empty.draw(empty.not_planned_by_them())
