"""Indicators: the ten, what must improve in each, last year's score, and the work that serves them."""

import streamlit as st

from ita_core import access, db, queries
from ita_core.board.headline import Face
from ita_core.language import _
from pages.parts import frame, indicator_cards, marks, templates

here = frame.frame()
data = frame.visible(here)
board = data.board(here.day)
with db.reading() as session:
    instruments = queries.list_instruments(session, here.assessment.id)
    indicators = queries.list_indicators(session, here.assessment.id)
    last_year = queries.scores_by_year(session, here.assessment.id).get(here.assessment.fiscal_year - 1, {})
frame.heading(here, _("Indicators"), any_day=True)
if not access.sees_all(here.actor):
    st.caption(_("Only the items of your duties are shown and counted."))
drawn = [
    indicator_cards.instrument(one, last_year.get(one.code), here, data, board, indicators=indicators, steps=data.steps)
    for one in instruments
]
templates.show("indicators", instruments=drawn, overdue=marks.badge(Face.overdue))
