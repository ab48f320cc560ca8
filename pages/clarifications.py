"""What the assessor gave for each item, held against our own records; and what the office answers where it differs."""

import streamlit as st

from ita_core import db, queries
from ita_core.language import _
from pages.parts import clarification_list, clarification_sheet, frame, marks, verdict_form

here = frame.frame()
with db.reading() as session:
    disputes = queries.list_disputes(session, here.actor, here.assessment, day=here.day)
frame.heading(here, _("OIT verdict and clarifications"), frame.only_own(here, len(disputes)), any_day=True)
code = st.query_params.get("item", "")
chosen = next((one for one in disputes if one.code == code), None)
if chosen is not None:
    clarification_sheet.draw(here, chosen)
else:
    if code:
        st.warning(marks.plain(_("There is no item “{code}” here.").format(code=code)))
    clarification_list.draw(here, disputes)
    verdict_form.draw(here, disputes)
