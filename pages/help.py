"""The manual: a chapter of `docs/manual` beside the list of them; `?chapter=` names it."""

import streamlit as st

from ita_core.language import _
from pages.parts import frame, manual, marks, templates
from pages.parts.marks import Empty

here = frame.frame()
chapters = manual.chapters()
asked = st.query_params.get("chapter", "")
one = chapters.get(asked) or next(iter(chapters.values()), None)
if one is None:
    frame.heading(here, _("Manual"))
    first = _("It lies in the folder docs/manual of the program: ask the administrator.")
    templates.show("empty", one=Empty(_("The manual was not installed here."), first))
    st.stop()
frame.tab(one.title, here.assessment)
frame.heading(here, marks.plain(one.title), page=one.title, within=(_("Manual"), "/help"))
if asked not in {"", one.name}:
    st.warning(marks.plain(_("The manual has no chapter “{name}”.").format(name=asked[:60])))
with st.container(key="manual"):
    contents, text = st.columns([1, 4], gap="large")
    with contents:
        templates.show("manual_contents", chapters=chapters.values(), chosen=one.name)
    with text:
        st.markdown(one.text)
