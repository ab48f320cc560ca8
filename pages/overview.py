"""The overview: one sentence, five figures, the board, what needs you, and progress against the plan."""

import streamlit as st
from markupsafe import Markup

from ita_core import access, charts, language, thai
from ita_core.board import headline, progress
from ita_core.board.progress import Board
from ita_core.language import _
from pages import _board, _days, _figures, _frame, _marks
from pages._frame import Frame


def over_time(here: Frame, board: Board) -> Markup:
    """Accepted against planned, a line each."""
    items = [one.item for one in board.oit]
    until_today = headline.days(here.facts.starts, board.day)
    accepted = progress.accepted_over_time(board.oit, until_today, here.facts.ends)
    planned = [(day, progress.planned_share(items, day)) for day in headline.days(here.facts.starts, here.facts.closes)]
    drawn = charts.picture(tuple(accepted), tuple(planned), board.day, language.current())
    says = _("Accepted {accepted:.0%}, planned {planned:.0%} on {day}").format(
        accepted=accepted[-1][1], planned=progress.planned_share(items, board.day), day=thai.date_text(board.day)
    )
    return _marks.picture(drawn, says)


here = _frame.frame()
data = _frame.visible(here)
board = data.board(here.day)
place = _frame.place(here, len(board.oit))
if not board.oit:
    _frame.heading(here, _("Overview"), place)
    st.info(_("You have no duty on a disclosure item yet. The administrator gives duties in the plan."))
    st.stop()
before = _days.earlier(here.day, here.facts.starts, here.meetings)
now, then = data.figures(here.day), data.figures(before.day, before.moment)
_frame.heading(here, _figures.sentence(here, now), place, any_day=True, since=before.day)
_marks.show(_figures.cards(here, board, now, then, before))
_marks.show(_figures.changes(headline.since(data.board(before.day, before.moment), board), before.name))
with st.container(key="board"):
    left, right = st.columns([8, 5], gap="medium")
with left:
    orders = {"": _("By code"), "urgency": _("By urgency")}
    order = st.query_params.get("order", "")
    items = headline.by_urgency(board.oit) if order == "urgency" else list(board.oit)
    foot = Markup('<div class="ita-foot">{}{}</div>').format(_marks.legend(), _marks.links("order", orders, order))
    _marks.show(_board.table(data, items, board) + foot)
with right:
    parts = [
        (_("Needs you"), _board.needs_you(here, data, board, now)),
        (_("Accepted against planned"), over_time(here, board)),
    ]
    if access.sees_all(here.actor):  # of some items only, the indicators and other officers would look wrong
        parts.append((_("Indicators and officers"), _board.bars(here, data, board)))
    _marks.show(_marks.joined(Markup("<h3>{}</h3>{}").format(title, part) for title, part in parts))
