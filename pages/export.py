"""Export: the tables that the committee asks for, of what one may read, as of a day."""

import streamlit as st
from markupsafe import Markup

from ita_core import access, thai
from ita_core.exports.making import TABLES
from ita_core.language import _
from pages.parts import frame, marks

FORMATS = {"xlsx": "Excel", "csv": "CSV", "json": "JSON"}

here = frame.frame()
frame.heading(here, _("Export"), any_day=True)
st.caption(_("As it stood at the end of {day}.").format(day=thai.long_date_text(here.day)))
if not access.sees_all(here.actor):
    st.caption(_("Only what belongs to your duties is in these tables."))
row = Markup('<tr><td><b>{}</b><br><small>{}</small></td><td class="mark">{}</td></tr>')
link = Markup('<a href="/tables/{}.{}?day={}" download>{}</a>')
rows = [
    row.format(
        _(title),
        _(about),
        marks.joined((link.format(name, fmt, here.day.isoformat(), word) for fmt, word in FORMATS.items()), " · "),
    )
    for name, (title, about) in TABLES.items()
    if name != "audit" or access.may_export_audit(here.actor)
]
marks.show(Markup('<table class="ita-board slots"><tbody>{}</tbody></table>').format(marks.joined(rows)))
