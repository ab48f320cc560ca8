"""At the door: a link for a forgotten password. It says the same whoever asks, and whoever is asked for."""

import streamlit as st

from ita_core import accounts
from ita_core.errors import Refused
from ita_core.language import _
from ita_core.web import resets
from pages.parts import marks, visiting


def draw() -> None:
    """Below the sign-in form; where no link can be sent from here, who helps instead."""
    if not resets.are_sent():
        st.caption(_("No account yet, or the password forgotten? Ask the administrator for an invitation link."))
        return
    with st.expander(_("Forgot the password?"), icon=":material/key:"), st.form("forgotten", border=False):
        asked = st.text_input(
            _("Your e-mail address or account"), autocomplete="username", max_chars=accounts.MOST_LETTERS
        )
        if st.form_submit_button(_("Send me a link")) and asked.strip():
            try:
                resets.ask(asked.strip(), visiting.address())
            except Refused as refused:
                st.warning(marks.plain(str(refused)))
            else:
                st.info(
                    _(
                        "If there is such an account with a proved e-mail address, a link is on its way there; it "
                        "works for {minutes} minutes. If none comes, ask the administrator for a slip."
                    ).format(minutes=accounts.RESET_MINUTES)
                )
    st.caption(_("No account yet? Ask the administrator for an invitation link."))
