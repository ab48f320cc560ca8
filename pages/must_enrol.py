"""What alone is shown to whoever's role must have a second step, until they have it."""

import streamlit as st

from ita_core.errors import Refused
from ita_core.language import _
from pages.parts import marks, my_second_step, visiting

here = visiting.visitor()
if here is None:
    st.rerun()
_left, middle, _right = st.columns([1, 2, 1])
with middle:
    st.title(_("ITA readiness"))
    if here.must_enrol:
        said = _("{name}: your role must have a second step at sign-in. Set it up now; then you come to your work.")
        st.info(marks.plain(said.format(name=here.name)))
    try:
        my_second_step.at_the_door(here)
    except Refused as refused:
        st.error(marks.plain(str(refused)))
    visiting.sign_out_button(_("Sign out"))
