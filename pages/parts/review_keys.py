"""The keyboard of those who decide all day: it presses the page's own buttons, and does nothing while one types.

Keys go by their place on the keyboard, since on a Thai one J types the sign above it. After a decision the focus is
on the next one's; a key held down, or pressed twice at once, decides nothing of the piece that came in between.
"""

import streamlit as st

from pages.parts import templates

_presser = st.components.v2.component("ita_review_keys", js=templates.script("review_keys.js"))


def follow() -> None:
    """Let the browser press them, and show which there are."""
    templates.show("review_keys")
    _presser(key="review-keys")
