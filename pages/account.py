"""One's own account: another password, an end to every sign-in, one's calendar and tokens for other programs."""

from datetime import UTC, datetime

import streamlit as st

from ita_core import accounts, db
from ita_core.errors import Refused
from ita_core.language import _
from pages.parts import frame, my_tokens, pressing, visiting


def change_password(here: frame.Frame, old: str, new: str, again: str) -> None:
    if new != again:
        raise Refused(_("The two passwords differ."))
    address = visiting.address()
    with db.reading() as session:
        name = accounts.account_of(session, here.visitor).username or ""
        about = [name, here.visitor.name, *accounts.words_of_office(session)]
    with db.writing() as session:  # counted before it is compared, like a try at the door
        wanted = accounts.begin_try(session, username=name, address=address, device=visiting.device())
    now = datetime.now(UTC)
    if not accounts.password_matches(old, wanted.password_hash):
        with db.writing() as session:
            accounts.note_failure(session, username=name, address=address, now=now)
        raise accounts.WrongPassword
    chosen = accounts.new_password(new, about=about)  # takes long: for whoever knows the old one
    with db.writing() as session:
        account, keep = accounts.account_of(session, here.visitor), here.visitor.sign_in_id
        accounts.set_password(session, account=account, compared=wanted, new=chosen, now=now, keep=keep)
        accounts.forget_failures(session, username=name, address=address, counter=wanted.counter, now=now)


here = frame.frame()
frame.heading(here, _("My account"))
made = pressing.made_by("password")
turn = made.turn
with st.form("password"):
    st.header(_("Change the password"), anchor=False)
    st.caption(accounts.password_rule())
    old = st.text_input(_("Password now"), type="password", autocomplete="current-password", key=f"old-{turn}")
    new = st.text_input(_("New password"), type="password", autocomplete="new-password", key=f"new-{turn}")
    again = st.text_input(
        _("New password once more"), type="password", autocomplete="new-password", key=f"again-{turn}"
    )  # fmt: skip
    if st.form_submit_button(_("Change"), type="primary", key=f"change-{turn}"):
        with pressing.refusals_here():
            change_password(here, old, new, again)
            made.note(True)
            st.rerun()
    if made.result:
        st.success(_(
            "The password is changed. Other devices have been signed out; tokens and calendar addresses have ended."
        ))  # fmt: skip
        made.shown()
visiting.sign_out_button(_("Sign out on every device"), everywhere=True, key="sign-out-everywhere")
my_tokens.draw(here)
