"""The overview: one sentence, five figures, the board, what needs you, and progress against the plan."""

import streamlit as st

from ita_core import access, charts, language, overview, progress
from ita_core.language import _
from ita_core.progress import Board
from ita_core.queries import Snapshot
from pages import _board, _figures, _frame, _marks
from pages._frame import Frame


def over_time(here: Frame, data: Snapshot, board: Board) -> None:
    """Accepted against planned, a line each."""
    items = [one.item for one in board.oit]
    ends = here.facts.ends
    until_today = overview.days(here.facts.starts, board.day)
    accepted = progress.accepted_over_time(items, data.records, until_today, ends)
    planned = [(day, progress.planned_share(items, day)) for day in overview.days(here.facts.starts, here.facts.closes)]
    st.vega_lite_chart(
        charts.accepted_against_planned(tuple(accepted), tuple(planned), board.day, language.current()),
        width="stretch",
        key="over_time",
    )


here = _frame.frame()
data = _frame.visible(here)
board = data.board(here.day)
st.query_params.pop("item", None)  # Streamlit leaves the item's in the address when one comes back from it
place = f"{here.facts.office_short} · " + _("ITA fiscal year {year}").format(year=here.facts.fiscal_year)
if not access.sees_all(here.actor):
    place += " · " + _("only the {items} items of your duties").format(items=len(board.oit))
if not board.oit:
    _frame.heading(here, _("Overview"), place)
    st.info(_("You have no duty on a disclosure item yet. The administrator gives duties in the plan."))
    st.stop()
now = data.figures(here.day)
earlier = data.figures(here.day - _figures.SINCE)
_frame.heading(here, _figures.sentence(here, now), place)
_marks.show(_figures.cards(here, now, earlier))
left, right = st.columns([8, 5], gap="medium")
with left:
    rows = st.empty()
    marks, order = st.columns([3, 2], vertical_alignment="center")
    orders = {"code": _("By code"), "urgency": _("By urgency")}
    asked = st.query_params.get("order", "")
    chosen = order.segmented_control(
        _("Order"), list(orders), default=asked if asked in orders else "code", format_func=orders.__getitem__,
        required=True, key=f"order-{asked}", label_visibility="collapsed", width="stretch",
    )  # fmt: skip
    if chosen != (asked or "code"):
        st.query_params["order"] = chosen
        st.rerun()
    with rows.container():
        _marks.show(
            _board.table(data, overview.by_urgency(board.oit) if chosen == "urgency" else list(board.oit), board)
        )
    with marks:
        _marks.show(_marks.legend())
with right:
    st.subheader(_("Needs you"), anchor=False)
    _marks.show(_board.needs_you(here, data, board, now))
    st.subheader(_("Accepted against planned"), anchor=False)
    over_time(here, data, board)
    if access.sees_all(here.actor):  # of some items only, the indicators and other officers would look wrong
        st.subheader(_("Indicators and officers"), anchor=False)
        _marks.show(_board.bars(here, data, board))
