"""What the browser does in meeting mode: one screen at a time, by keys and buttons; the screen stands in the address.

All screens are drawn at once and change without asking the server. The address is replaced, not added to: Back leaves
the meeting instead of turning its pages. Keys go by their place on the keyboard, since on a Thai one F types ด.
"""

from typing import Any

import streamlit as st

from pages.parts import templates

_shower = st.components.v2.component("ita_meeting", js=templates.script("meeting_remote.js"))


def follow() -> dict[str, Any]:
    """Let the browser show the screens; gives what its last press on a directive's button asks for, {} for none."""
    asked = _shower(key="meeting", on_settle_change=lambda: None).settle
    return asked if isinstance(asked, dict) else {}
