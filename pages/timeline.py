"""The timeline: what was planned for the year, and what really happened by the day looked at."""

from pathlib import Path

import streamlit as st

from ita_core import db, queries
from ita_core.board import timeline
from ita_core.language import _
from pages import _frame, _gantt, _marks

here = _frame.frame()
data = _frame.visible(here)
board = data.board(here.day)
with db.reading() as session:
    steps = queries.list_steps(session, here.facts.id)
_frame.heading(here, _("Timeline"), _frame.place(here, len(board.items)), any_day=True)

every = timeline.rows(steps, board)
view = _gantt.asked(here, data, every)
st.html(Path(__file__).with_name("_gantt.css"))
listed = timeline.chosen(every, kinds=view.kinds, officer=view.officer_id, state=view.state)
drawn = _gantt.choices(here, data, view, every)
if listed:
    drawn += _gantt.table(listed, view.window, here, _gantt.details(data, steps, board)) + _gantt.legend()
else:
    drawn += _gantt.nothing()
_marks.show(drawn)
