"""What the measured server runs in place of `pages/navigation.py`: the same, or an empty page, and a stopwatch.

`?empty=1` draws one title, the least there is. `?empty=2` can be acted on too: it has a menu with a second empty page
and a widget, so that there is something to compare a page switch and a widget's rerun with.
"""

import os
import time
from pathlib import Path
from typing import Any

import streamlit as st

SCRIPT = Path(__file__).resolve().parents[2] / "pages" / "navigation.py"
NAVIGATION = compile(SCRIPT.read_text(encoding="utf-8"), str(SCRIPT), "exec")  # once, as Streamlit keeps its scripts
TIMES = "BENCHMARK_TIMES"  # the environment variable that names the file


def run(names: dict[str, Any]) -> None:
    """Run the page; append its address and its milliseconds to the file before Streamlit says that it has finished."""
    began = time.perf_counter()
    try:
        # A click in the menu drops the query: whoever began with an empty page stays on empty pages.
        empty = st.session_state.setdefault("measured-empty", st.query_params.get("empty", ""))
        if empty == "1":
            st.title("empty")
        elif empty:
            st.navigation([st.Page(first, default=True), st.Page(second)], position="top").run()
        else:
            exec(NAVIGATION, names)
    finally:
        took = (time.perf_counter() - began) * 1000
        with Path(os.environ[TIMES]).open("a", encoding="utf-8") as out:
            out.write(f"{st.context.url}\t{took:.3f}\n")


def first() -> None:
    st.title("empty")


def second() -> None:
    st.title("empty too")
    st.segmented_control("again", [1, 2], default=1, required=True)
