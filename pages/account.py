"""One's own account: how one signs in, how one is told, and what other programs may read."""

from datetime import UTC, datetime

import streamlit as st

from ita_core import accounts, db
from ita_core.errors import Refused
from ita_core.language import _
from pages.parts import frame, my_channels, my_devices, my_parts, my_second_step, my_tokens, own_password, pressing


def change_password(here: frame.Frame, old: str, new: str, again: str) -> None:
    if new != again:
        raise Refused(_("The two passwords differ."))
    checked = own_password.check(here.visitor, old)
    with db.reading() as session:
        about = [checked.username, here.visitor.name, *accounts.words_of_office(session)]
    chosen = accounts.new_password(new, about=about)  # takes long: for whoever knows the old one
    with db.writing() as session:
        account, now = accounts.account_of(session, here.visitor), datetime.now(UTC)
        accounts.set_password(
            session, account=account, compared=checked.compared, new=chosen, now=now, keep=here.visitor.sign_in_id
        )
        checked.forget(session, now)


def password(here: frame.Frame) -> None:
    made = pressing.made_by("password")
    turn = made.turn
    with (
        my_parts.box(my_parts.PASSWORD, _("Password"), "", icon=":material/lock:", begun=bool(made.result)),
        st.form("password", border=False),
    ):
        st.caption(accounts.password_rule())
        old = st.text_input(
            _("Password now"), type="password", autocomplete="current-password", key=f"old-{turn}"
        )  # fmt: skip
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
                "The password is changed. Other devices have been signed out; tokens and calendar addresses have "
                "ended."
            ))  # fmt: skip
            made.shown()


here = frame.frame()
frame.heading(here, _("My account"))
with st.container(width=my_parts.WIDE, key="my-parts"):
    st.header(_("How you sign in"), anchor=False)
    password(here)
    my_second_step.draw(here.visitor)
    my_devices.draw(here)
    st.header(_("How you are told"), anchor=False)
    my_channels.draw(here)
    my_tokens.draw(here)
