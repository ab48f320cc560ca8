"""One's own account: another password, and an end to every sign-in."""

from datetime import UTC, datetime

import streamlit as st

from ita_core import accounts, db
from ita_core.errors import Refused
from ita_core.language import _
from pages import _frame, _marks, _session


def change_password(here: _frame.Frame, old: str, new: str, again: str) -> None:
    if new != again:
        raise Refused(_("The two passwords differ."))
    now, address = datetime.now(UTC), _session.address()
    with db.writing() as session:  # counted before it is compared, like a try at the door
        name = accounts.account_of(session, here.visitor).username or ""
        accounts.begin_try(session, username=name, address=address, now=now)
    try:
        with db.writing() as session:
            account, keep = accounts.account_of(session, here.visitor), here.visitor.sign_in_id
            accounts.set_password(session, account=account, old=old, new=new, now=now, keep=keep)
            accounts.forget_failures(session, username=name, now=now)
    except accounts.WrongPassword:
        with db.writing() as session:
            accounts.note_failure(session, username=name, address=address, now=now)
        raise


here = _frame.frame()
_frame.heading(here, _("My account"))
with st.form("password", clear_on_submit=True):
    st.subheader(_("Change the password"), anchor=False)
    st.caption(accounts.password_rule())
    old = st.text_input(_("Password now"), type="password", autocomplete="current-password")
    new = st.text_input(_("New password"), type="password", autocomplete="new-password")
    again = st.text_input(_("New password once more"), type="password", autocomplete="new-password")
    if st.form_submit_button(_("Change"), type="primary"):
        try:
            change_password(here, old, new, again)
            st.success(_("The password is changed. Other devices have been signed out."))
        except Refused as refused:
            st.error(_marks.plain(str(refused)))
_session.sign_out_button(_("Sign out on every device"), everywhere=True, key="sign-out-everywhere")
