"""The parts of My account: each a line that says how it stands, which opens; `?part=…` opens one at once."""

import streamlit as st

from pages.parts import marks

ASKED = "part"  # in the address
PASSWORD, SECOND_STEP, DEVICES, TOLD, CALENDAR, TOKENS = (
    "password", "second-step", "devices", "told", "calendar", "tokens",
)  # fmt: skip
WIDE = 960  # pixels: a field for a password gains nothing beyond


def box(part: str, title: str, state: str, *, icon: str, begun: bool = False) -> st.delta_generator.DeltaGenerator:
    """Where the part is drawn; `state` is told beside its title, open or shut.

    `begun`: something of it waits for its owner, so it is open.
    """
    key = f"part-{part}"
    # Written at every run: with another label it is another widget to Streamlit, which would begin shut.
    st.session_state[key] = begun or bool(st.session_state.get(key, st.query_params.get(ASKED) == part))
    label = f"**{title}** · {marks.plain(state)}" if state else f"**{title}**"
    return st.expander(label, key=key, icon=icon, on_change="rerun")
