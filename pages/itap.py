"""ITAP: what waits to be published and filed, for the officer who keeps it; what has waited longest first."""

import streamlit as st

from ita_core import access
from ita_core.board import itap
from ita_core.board.progress import Stage
from ita_core.language import _
from pages.parts import clarification_list, empty, frame, itap_lists, itap_sheet, link_checks, marks, templates

here = frame.frame()
frame.heading(here, _("Filing in ITAP"), any_day=True)
if not access.may_publish(here.actor):
    empty.draw(empty.itap(here))
    st.stop()
data = frame.visible(here)
board = data.board(here.day)
found = itap.waiting(board, data.records)
code = st.query_params.get("item", "")
titles = {one.item.code: f"{one.item.code} {one.item.title}" for one in board.items}
choice = {"": _("What waits"), **titles}
templates.show("select", label=_("Item"), choice=marks.choice("item", choice, code))
if code in titles:
    others = (one.standing.item.code for one in found[Stage.published])
    itap_sheet.draw(here, code, next((one for one in others if one != code), ""))
    st.stop()
if code:
    st.warning(marks.plain(_("There is no item “{code}” here.").format(code=code)))
if not found[Stage.approved] and not found[Stage.published]:
    empty.draw(empty.itap(here))
faults = link_checks.groups(link_checks.list_all(here, data, board), board)
templates.show(
    "itap", lists=itap_lists.lists(found, here.day), faults=faults, clarify=clarification_list.to_carry_on(here)
)
