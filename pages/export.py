"""Export: documents, tables and the pack, of what one may read, as of a day."""

import streamlit as st

from ita_core import access, thai
from ita_core.language import _
from pages.parts import documents_list, exporting, frame, taking, templates

FORMATS = {"xlsx": "Excel", "csv": "CSV", "json": "JSON"}

here = frame.frame()
frame.heading(here, _("Export"), any_day=True)
st.caption(_("As it stood at the end of {day}.").format(day=thai.long_date_text(here.day)))
if not access.sees_all(here.actor):
    st.caption(_("Only what belongs to your duties is in these files."))
taking.follow()
documents_list.draw(here)
st.header(_("Tables"), anchor=False)
templates.show(
    "export", view=exporting.view(here, frame.visible(here)), formats=FORMATS, of=here.assessment,
    has_record=access.may_export_audit(here.actor),
)  # fmt: skip
