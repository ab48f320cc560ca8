"""Month by month: the monthly reports at a glance, and any of the year's months opened."""

from pathlib import Path

import streamlit as st
from markupsafe import Markup

from ita_core import db, queries, thai
from ita_core.board import months, timeline
from ita_core.language import _
from pages import _frame, _marks, _months

here = _frame.frame()
data = _frame.visible(here)
board = data.board(here.day)
with db.reading() as session:
    steps = queries.list_steps(session, here.facts.id)
_frame.heading(here, _("Month by month"), _frame.place(here, len(board.items)), any_day=True)
st.html(Path(__file__).with_name("_months.css"))

listed = months.months(board.items, timeline.months(here.facts.starts, here.facts.ends))
chosen = _months.asked(listed, here.day)
parts = []
strip = months.strip(board.items, here.day)
if strip.rows:
    parts.append(Markup("<h2>{}</h2>{}").format(_("Reports of every month"), _months.strip(strip, data)))
parts.append(Markup("<h2>{}</h2>{}").format(_("What is due in each month"), _months.year(listed, chosen)))
month = Markup('<h2 id="month">{}</h2>{}{}')
parts.append(month.format(
    _("{month}: what is due, and the steps").format(month=thai.period_text(chosen.name)),
    _months.due(months.due_in(board.items, chosen.name), data),
    _months.steps(months.steps_in(steps, chosen.name)),
))  # fmt: skip
_marks.show(_marks.joined(parts))
