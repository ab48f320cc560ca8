"""Meeting mode: full screen, one subject a screen, turned by keys; directives taken down live.

`?meeting=3` shows a kept meeting as it was.
"""

import streamlit as st

from ita_core import access
from ita_core.errors import NotFound
from ita_core.language import _
from pages.parts import empty, frame, meeting_mode, meeting_remote, templates

EVERY = 10  # seconds between looks at whether the data moved

here = frame.frame()
if not access.sees_all(here.actor):
    frame.heading(here, _("Meeting mode"))
    empty.draw(empty.meeting())
    st.stop()
try:
    kept = meeting_mode.asked(here)
except NotFound:
    frame.heading(here, _("Meeting mode"))
    st.warning(_("There is no such meeting. Choose one below the directives."))
    templates.show("link", address="/directives", text=_("Directives and meetings"))
    st.stop()
templates.style("meeting.css")
if pressed := meeting_remote.follow():
    meeting_mode.settle(here, pressed)
st.fragment(meeting_mode.draw, run_every=None if kept or here.past else EVERY)()
