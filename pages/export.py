"""Export: the tables that the committee asks for, of what one may read, as of a day."""

import streamlit as st

from ita_core import access, thai
from ita_core.exports.making import TABLES
from ita_core.language import _
from pages.parts import frame, templates

FORMATS = {"xlsx": "Excel", "csv": "CSV", "json": "JSON"}

here = frame.frame()
frame.heading(here, _("Export"), any_day=True)
st.caption(_("As it stood at the end of {day}.").format(day=thai.long_date_text(here.day)))
if not access.sees_all(here.actor):
    st.caption(_("Only what belongs to your duties is in these tables."))
tables = [
    (name, _(title), _(about))
    for name, (title, about) in TABLES.items()
    if name != "audit" or access.may_export_audit(here.actor)
]
templates.show("export", tables=tables, formats=FORMATS, of=here.assessment, day=here.day)
