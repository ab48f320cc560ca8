"""Indicators: what may be expected, the scores of every year, and the ten with the work that serves them."""

import streamlit as st

from ita_core import access, db, queries
from ita_core.board.headline import Face
from ita_core.language import _
from pages.parts import expected as expectation
from pages.parts import frame, indicator_cards, marks, score_years, templates, what_if

here = frame.frame()
data = frame.visible(here)
board = data.board(here.day)
with db.reading() as session:
    instruments = queries.list_instruments(session, here.assessment.id)
    indicators = queries.list_indicators(session, here.assessment.id)
    expected = queries.get_forecast(session, data, board) if access.sees_all(here.actor) else None
    results = queries.results_by_year(session, here.assessment.id, here.before)
last_year = results.get(here.assessment.fiscal_year - 1)
frame.heading(here, _("Indicators"), any_day=True)
if not access.sees_all(here.actor):
    st.caption(_("Only the items of your duties are shown and counted."))
if expected:
    expectation.draw(here, data, board, expected)
if access.sees_all(here.actor):
    what_if.draw(here, data, board, expected, instruments)
score_years.draw(here, results, expected, instruments, indicators)
drawn = [
    indicator_cards.instrument(
        one, last_year and last_year.points.get(one.code), here, data, board, indicators=indicators, steps=data.steps
    )
    for one in instruments
]
templates.show("indicators", instruments=drawn, overdue=marks.badge(Face.overdue))
