"""The page that an invitation link opens, and one for a forgotten password: user name, name and password, then in."""

from datetime import UTC, datetime

import streamlit as st

from ita_core import accounts, db
from ita_core.accounts import Passed
from ita_core.errors import Refused
from ita_core.language import _
from pages.parts import marks, second_step, visiting
from pages.parts.second_step import HALF, TICKET


def join(token: str, username: str, name: str, password: str, again: str) -> Passed:
    """What the account that has just been set up gets: the second step is still asked for where it has one.

    Raises Refused with what to change.
    """
    if password != again:
        raise Refused(_("The two passwords differ."))
    with db.reading() as session:
        invited = accounts.check_invitation(session, token=token, now=datetime.now(UTC))
        about = [username, name, invited.username or "", invited.name, *accounts.words_of_office(session)]
    chosen = accounts.new_password(password, about=about)
    with db.writing() as session:
        now = datetime.now(UTC)
        account = accounts.join(session, token=token, username=username, name=name, password=chosen, now=now)
        assert account.id is not None
        return accounts.pass_first_step(session, account_id=account.id, now=now)


def form(token: str) -> None:
    """Asks for what the account lacks; an error keeps what was typed."""
    with db.reading() as session:
        account = accounts.check_invitation(session, token=token, now=datetime.now(UTC))
    welcome = _("Welcome, {name}").format(name=account.name) if account.name else _("The first administrator")
    if account.by_mail:
        welcome = _("A new password")
    st.header(marks.plain(welcome), anchor=False)
    with st.form("join"):
        name = "" if account.name else st.text_input(_("Rank and name"), autocomplete="name")
        if account.username is None:
            username = st.text_input(_("User name"), autocomplete="username")
            st.caption(_("3 to 32 letters a–z, digits, full stop, _ or -"))
        else:
            username = account.username
            st.text_input(_("User name"), value=username, disabled=True, autocomplete="username")
        st.caption(accounts.password_rule())
        password = st.text_input(_("Password"), type="password", autocomplete="new-password")
        again = st.text_input(_("Password once more"), type="password", autocomplete="new-password")
        if st.form_submit_button(_("Save and sign in"), type="primary"):
            second_step.keep(join(token, username, name, password, again))
            st.rerun()


_left, middle, _right = st.columns([1, 2, 1])
with middle:
    st.title(_("ITA readiness"))
    if TICKET not in st.session_state:
        try:
            if HALF in st.session_state:
                second_step.form()
            else:
                form(st.query_params["invite"])
        except Refused as refused:
            st.error(marks.plain(str(refused)))
            if isinstance(refused, (accounts.InvitationOver, accounts.TicketOver)):
                st.link_button(_("To the sign-in page"), "/")
    if TICKET in st.session_state:
        st.info(_("Signing in …"))
        if visiting.enter(st.session_state[TICKET], then="/"):
            st.warning(_("Signing in took too long. Sign in again."))
            st.link_button(_("To the sign-in page"), "/")
