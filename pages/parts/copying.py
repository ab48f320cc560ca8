"""Fields beside which a button copies what stands in them, over https and http alike."""

import streamlit as st

from pages.parts import templates

_copier = st.components.v2.component("ita_copying", js=templates.script("copying.js"))


def follow() -> None:
    """Let the browser copy what a button `ita-copy` names."""
    _copier(key="copying")
