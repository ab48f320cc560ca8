"""The overview: one sentence, five figures, the board, what needs you, and progress against the plan."""

import streamlit as st
from markupsafe import Markup

from ita_core import access, charts, language, thai
from ita_core.board import headline, progress
from ita_core.board.progress import Board
from ita_core.language import _
from pages.parts import board_table, day_choice, frame, headline_figures, marks
from pages.parts.frame import Frame


def over_time(here: Frame, board: Board) -> Markup:
    """Accepted against planned, a line each."""
    items = [one.item for one in board.oit]
    until_today = headline.days(here.assessment.starts, board.day)
    accepted = progress.accepted_over_time(board.oit, until_today, here.assessment.ends)
    planned = [
        (day, progress.planned_share(items, day))
        for day in headline.days(here.assessment.starts, here.assessment.closes)
    ]
    drawn = charts.picture(tuple(accepted), tuple(planned), board.day, language.current())
    says = _("Accepted {accepted:.0%}, planned {planned:.0%} on {day}").format(
        accepted=accepted[-1][1], planned=progress.planned_share(items, board.day), day=thai.date_text(board.day)
    )
    return marks.picture(drawn, says)


here = frame.frame()
data = frame.visible(here)
board = data.board(here.day)
place = frame.place(here, len(board.oit))
if not board.oit:
    frame.heading(here, _("Overview"), place)
    st.info(_("You have no duty on a disclosure item yet. The administrator gives duties in the plan."))
    st.stop()
before = day_choice.earlier(here.day, here.assessment.starts, here.meetings)
now, then = data.figures(here.day), data.figures(before.day, before.moment)
frame.heading(here, headline_figures.sentence(here, now), place, any_day=True, since=before.day)
marks.show(headline_figures.cards(here, board, now, then, before))
marks.show(headline_figures.changes(headline.since(data.board(before.day, before.moment), board), before.name))
with st.container(key="board"):
    left, right = st.columns([8, 5], gap="medium")
with left:
    orders = {"": _("By code"), "urgency": _("By urgency")}
    order = st.query_params.get("order", "")
    items = headline.by_urgency(board.oit) if order == "urgency" else list(board.oit)
    foot = Markup('<div class="ita-foot">{}{}</div>').format(marks.legend(), marks.links("order", orders, order))
    marks.show(board_table.table(data, items, board) + foot)
with right:
    parts = [
        (_("Needs you"), board_table.needs_you(here, data, board, now)),
        (_("Accepted against planned"), over_time(here, board)),
    ]
    if access.sees_all(here.actor):  # of some items only, the indicators and other officers would look wrong
        parts.append((_("Indicators and officers"), board_table.bars(here, data, board)))
    marks.show(marks.joined(Markup("<h3>{}</h3>{}").format(title, part) for title, part in parts))
