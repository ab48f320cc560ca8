"""What Streamlit's own page lacks, mended in the browser: it speaks English, its menu's lists hold boxes, boxes that
open leave the focus where it was, and what was pressed takes the focus along when it goes.

In Thai its known texts are replaced as they appear, whole texts and outside what our pages say only. In English the
Thai of the plan is marked as Thai, so that it is read aloud as what it is.
"""

import streamlit as st

from ita_core import language
from ita_core.language import N_, _
from pages.parts import templates

# Streamlit 1.67's, as its scripts write them.
TEXTS = (
    N_("Skip to main content"), N_("App pages"), N_("Sidebar"), N_("Expand sidebar"), N_("Collapse sidebar"),
    N_("Main menu"), N_("Select all"), N_("Clear all"), N_("Clear value"), N_("No results"), N_("No options to select"),
    N_("Choose an option"), N_("Choose options"), N_("Add options"), N_("Selected values"), N_("Open"), N_("Close"),
    N_("Dismiss"), N_("Choose date"), N_("Previous month"), N_("Next month"), N_("Decrement"), N_("Increment"),
    N_("Show password"), N_("Hide password"), N_("Stop"), N_("Rerun"), N_("Running..."), N_("Connecting"),
    N_("CONNECTING"), N_("Connection error"), N_("Scroll tabs left"), N_("Scroll tabs right"), N_("Search"),
    N_("Fullscreen"), N_("Close fullscreen"), N_("Download as CSV"), N_("Show/hide columns"), N_("Sort ascending"),
    N_("Sort descending"), N_("Autosize"), N_("Hide column"), N_("Pin column"), N_("Unpin column"), N_("Add row"),
    N_("View less"), N_("Loading..."), N_("Page not found"), N_("Link to heading"),
)  # fmt: skip
_mender = st.components.v2.component("ita_mending", js=templates.script("mending.js"))


def mend() -> None:
    """On every page, signed in or not."""
    thai = language.current() == "th"
    texts = {text: _(text) for text in TEXTS} if thai else {}
    counted = _("{number} options available.") if thai else ""
    further = _("{number} more") if thai else ""
    chosen = _("Selected day:") if thai else ""
    data = {
        "language": language.current(), "texts": texts, "counted": counted, "further": further, "chosen": chosen,
    }  # fmt: skip
    _mender(key="mending", data=data)
