"""What waits for the commander: items to approve, directives reported as done or late."""

import streamlit as st

from ita_core import access
from ita_core.language import _
from pages.parts import frame, templates, to_decide

here = frame.frame()
frame.heading(here, _("Waiting for you"), any_day=True)
if access.may_direct(here.actor):
    templates.show("my_turn", groups=to_decide.groups(here, frame.visible(here)))
else:
    st.info(_("Here the commander finds what waits for a decision of theirs."))
