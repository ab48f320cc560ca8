"""What is seen of a file while it is made, beside the links by which it is taken along."""

import streamlit as st

from pages.parts import templates

_watcher = st.components.v2.component("ita_taking", js=templates.script("taking.js"))


def follow() -> None:
    """Let the browser say that a file is being made, in a line of the page; and what was refused, and why."""
    templates.show("taking")
    _watcher(key="taking")
