"""The screens. Every address there is:

whoever isn't signed in gets the sign-in page at each of them, so that the address they came with (path and query) is
still there once they are.
"""

from copy import copy
from functools import cache
from typing import Literal

import streamlit as st

ADDRESSES = [
    "overview", "my_turn", "my_work", "review", "item", "indicators", "campaigns", "officers", "timeline", "months",
    "meeting", "directives", "evidence", "itap", "clarifications", "readiness", "notices", "search", "export", "plan",
    "people", "account", "help",
]  # fmt: skip


def page(
    script: str, title: str, *, icon: str | None = None, path: str | None = None, default: bool = False,
    shown: bool = True,
) -> st.Page:  # fmt: skip
    """One of our scripts as a page of Streamlit's, which looks for its file only the first time."""
    return copy(_made(script, title, icon, path, default, "visible" if shown else "hidden"))


@cache
def _made(
    script: str, title: str, icon: str | None, path: str | None, default: bool,
    visibility: Literal["visible", "hidden"],
) -> st.Page:  # fmt: skip
    return st.Page(script, title=title, icon=icon, url_path=path, default=default, visibility=visibility)
