"""The timeline: what was planned for the year, and what really happened by the day looked at."""

import streamlit as st

from ita_core import db, queries
from ita_core.board import timeline
from ita_core.language import _
from pages.parts import exporting, frame, gantt, gantt_choices, steps, templates

here = frame.frame()
data = frame.visible(here)
board = data.board(here.day)
frame.heading(here, _("Timeline"), frame.only_own(here, len(board.items)), any_day=True)

with db.reading() as session:
    calendar = queries.list_steps(session, here.assessment, here.day)
every = timeline.rows(calendar, board)
view = gantt_choices.asked(here, data, every)
listed = timeline.chosen(every, kinds=view.kinds, officer=view.officer_id, state=view.state)
if data.history.baseline != 1:
    st.caption(_("What was moved is told against revision {number} of the plan.").format(number=data.history.baseline))
if one := steps.asked(calendar):
    steps.draw(here, data, one)
templates.style("gantt.css")
templates.show(
    "timeline",
    choices=gantt_choices.choices(here, data, view, every),
    table=gantt.table(listed, view.window, here, gantt.details(data, calendar, board)),
    means=(gantt.meanings(),),
    export=exporting.address(here, data),
)
