"""Asking for one's own password again, before what an open screen alone must not do."""

from dataclasses import dataclass
from datetime import UTC, datetime

import streamlit as st

from ita_core import accounts, db
from ita_core.accounts import Credential, Visitor
from ita_core.language import _
from pages.parts import visiting


def field(key: str) -> str:
    """The field that asks for it, in a form."""
    return st.text_input(_("Password now"), type="password", autocomplete="current-password", key=key)


@dataclass(frozen=True, slots=True)
class Checked:
    """The password was right: what it matched, and where the try was counted."""

    compared: Credential
    username: str
    address: str

    def forget(self, session: db.Session, now: datetime) -> None:
        """The try no longer counts as a failure."""
        accounts.forget_failures(
            session, username=self.username, address=self.address, counter=self.compared.counter, now=now
        )


def check(visitor: Visitor, typed: str) -> Checked:
    """The visitor's own password, counted before it is compared, like a try at the door.

    Raises accounts.NoPassword where there is none to ask for, which counts as no try: a provider lets them in;
    accounts.WrongPassword, accounts.TooManyTries.
    """
    address = visiting.address()
    with db.reading() as session:
        account = accounts.account_of(session, visitor)
        name, has_one = account.username or "", account.password_hash is not None
    if not has_one:
        raise accounts.NoPassword
    with db.writing() as session:
        wanted = accounts.begin_try(session, username=name, address=address, device=visiting.device())
    if not accounts.password_matches(typed, wanted.password_hash):
        with db.writing() as session:
            accounts.note_failure(session, username=name, address=address, now=datetime.now(UTC))
        raise accounts.WrongPassword
    return Checked(wanted, name, address)
