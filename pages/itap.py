"""ITAP: what waits to be published and filed, for the officer who keeps it; what has waited longest first."""

import streamlit as st

from ita_core import access
from ita_core.board import itap
from ita_core.board.progress import Stage
from ita_core.language import _
from pages.parts import frame, itap_lists, templates

here = frame.frame()
frame.heading(here, _("Filing in ITAP"), any_day=True)
if not access.may_publish(here.actor):
    st.info(_("This is the work of the officer who enters the items in ITAP."))
    st.stop()
data = frame.visible(here)
found = itap.waiting(data.board(here.day), data.records)
if not found[Stage.approved] and not found[Stage.published]:
    st.success(_("Nothing waits to be published or filed. What the commander approves appears here."))
templates.show("itap", lists=itap_lists.lists(found, here.day))
