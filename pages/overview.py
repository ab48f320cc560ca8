"""The overview: one sentence, five figures, the board, what needs you, and progress against the plan."""

from functools import partial

import streamlit as st
from markupsafe import Markup

from ita_core import access, language
from ita_core.board import headline
from ita_core.language import _
from pages.parts import (
    board_table,
    day_choice,
    empty,
    frame,
    headline_figures,
    item_list,
    marks,
    overview_side,
    templates,
    year_over,
)


def table(order: str) -> Markup:
    """Every item's slots, a row each."""
    items = headline.by_urgency(board.oit) if order else board.oit
    orders = marks.choice("order", {"": _("By code"), "urgency": _("By urgency")}, order)
    means = marks.face_meanings(), marks.stage_meanings()
    rows = board_table.rows(data, items, board)
    return templates.render("board", rows=rows, legend=marks.legend(), means=means, order=orders)


here = frame.frame()
if year_over.leads(here):
    frame.heading(here, _("Overview"))
    year_over.greet(here)
    st.stop()
data = frame.visible(here)
board = data.board(here.day)
own = frame.only_own(here, len(board.oit))
if not board.oit:
    frame.heading(here, _("Overview"), own)
    empty.draw(empty.no_duty(here, _("You have no duty on a disclosure item yet.")))
    st.stop()
before = day_choice.earlier(here.day, here.assessment.starts, here.meetings)
now, then = data.figures(here.day), data.figures(before.day, before.moment)
late = item_list.address(headline.Face.overdue.value)
said = templates.render("sentence", said=headline_figures.sentence(here, now, overdue_at=late))
frame.heading(here, said, own, page=_("Overview"), any_day=True, since=before.day)
templates.show("cards", cards=headline_figures.cards(here, data, board, now, then, before))
changes = headline_figures.changes(headline.since(data.board(before.day, before.moment), board))
changes += headline_figures.plan_changes(here, data.history, before)
templates.show("changes", since=_("Since {name}:").format(name=before.name), changes=changes)
seen = here.day, language.current()
with st.container(key="board"):
    left, right = st.columns([8, 5], gap="medium")
with left:
    order = "urgency" if st.query_params.get("order") == "urgency" else ""
    templates.put(data.once(partial(table, order), "table", order, *seen))
with right:
    needs = overview_side.needs(here, data, board, now)
    templates.show(
        "overview_side",
        title=overview_side.title(here),
        needs=needs,
        start=empty.start(here, data.records.hand_ins, len(needs)),
        chart=data.once(partial(overview_side.chart, here, board), "chart", *seen),
        bars=data.once(partial(overview_side.bars, here, data, board), "bars", access.sees_all(here.actor), *seen),
    )
