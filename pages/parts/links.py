"""Links and choices inside our HTML change the address without a reload; the address is what every page reads.

A click on `a.ita-go`, or on the menu, and a choice in `[data-param]` become one new entry of the browser's history, and
Streamlit is told of it as of Back and Forward. So there is one run of the script, and Back undoes one step. Without
JavaScript, with a modifier key or in a new tab the links are ordinary ones to the same address.

A long text that is being written is kept after a pause of a second, and one that was just left before the page is.

No button changes its meaning under the pointer: a press that comes just after another one, at the same point and on a
button that was not there then, does nothing.
"""

import streamlit as st

from pages.parts import templates

_catcher = st.components.v2.component("ita_links", js=templates.script("links.js"))


def follow() -> None:
    """Let the browser follow them, on every page."""
    _catcher(key="links")
