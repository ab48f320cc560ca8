"""The sign-in page. The check is streamlit-authenticator's, over the accounts in our database; the session is ours."""

from datetime import UTC, datetime

import streamlit as st
from streamlit_authenticator.models import AuthenticationModel

from ita_core import accounts, db, turns
from ita_core.errors import Refused
from ita_core.language import _
from pages.parts import forgotten, marks, second_step, visiting, way_in
from pages.parts.second_step import TICKET


class Accounts(AuthenticationModel):
    """The library's check of one name and password, with that one account looked up when it is asked for.

    Every try costs one comparison, whether or not the name exists (`accounts.begin_try`), so time tells nothing.
    """

    def check_credentials(self, username: str, password: str) -> bool:
        """Whether the password is right; if so, what it gives lies in the session (`second_step.keep`).

        Raises accounts.TooManyTries before anything is compared.
        """
        username, password = username.strip().lower(), password.strip()
        here = visiting.address()
        with db.writing() as session:
            wanted = accounts.begin_try(session, username=username, address=here, device=visiting.device())
        self.credentials["usernames"] = {username: {"password": wanted.password_hash, "name": username}}
        # More than bcrypt's 72 bytes is nobody's password; the library would print what bcrypt says to it.
        too_long = len(password.encode()) > accounts.MAX_PASSWORD_BYTES or "\0" in password
        with turns.waiting():  # a quarter of a second
            matches = super().check_credentials(username, "" if too_long else password)
        now = datetime.now(UTC)
        with db.writing() as session:
            if matches:
                try:
                    passed = accounts.accept(session, compared=wanted, username=username, address=here, now=now)
                except accounts.WrongPassword:  # it was changed meanwhile, or nobody has this name
                    pass
                else:
                    second_step.keep(passed)
                    return True
            accounts.note_failure(session, username=username, address=here, now=now)
            return False


def form() -> None:
    """Draws the form; what it found lies in `st.session_state["authentication_status"]`.

    Raises accounts.TooManyTries.
    """
    with st.form("Login"):
        st.header(_("Sign in"), anchor=False)
        username = st.text_input(_("User name"), autocomplete="username")
        password = st.text_input(_("Password"), type="password", autocomplete="current-password")
        pressed = st.form_submit_button(_("Sign in"), type="primary", width="stretch")
    if pressed:
        Accounts({"usernames": {}}, auto_hash=False).login(username.strip().lower(), password)


_left, middle, _right = st.columns([1, 2, 1])
with middle:
    st.title(_("ITA readiness"))
    if TICKET not in st.session_state:
        st.session_state["authentication_status"] = None  # without a ticket nobody is through
    place = st.empty()
    asks_for_code = TICKET not in st.session_state and bool(second_step.wanted())
    try:
        with place.container():
            if asks_for_code:
                second_step.form()
            else:
                way_in.by_provider()
                form()
                if TICKET not in st.session_state and second_step.wanted():
                    st.rerun()
        if st.session_state["authentication_status"] is False:
            st.error(_("The user name or the password is wrong."))
    except accounts.TicketOver as over:  # the half of one: what is left is to begin anew
        asks_for_code = False
        with place.container():
            way_in.by_provider()
            form()
        st.warning(marks.plain(str(over)))
    except Refused as refused:
        st.warning(marks.plain(str(refused)))
    if TICKET in st.session_state:
        place.info(_("Signing in …"))
        if visiting.enter(st.session_state[TICKET]):
            del st.session_state[TICKET]
            st.warning(_("Signing in took too long. Sign in again."))
    elif not asks_for_code:
        forgotten.draw()
