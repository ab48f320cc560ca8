"""Ending all that lets anybody in but passwords, at once: after a restore, or when somebody got hold of a backup."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, func, select

from ita_core import audit
from ita_core.accounts.addresses import end_address
from ita_core.accounts.signing_in import shut_out
from ita_core.models import (
    AccessToken,
    Account,
    AddressEnd,
    Channel,
    HalfSignIn,
    Invitation,
    SignIn,
    Ticket,
)


@dataclass(frozen=True, slots=True)
class Ended:
    """What ended of one account: how many of each."""

    name: str
    sign_ins: int
    tokens: int
    invitations: int
    addresses: int


def end_all_of_everybody(session: Session, *, now: datetime, addresses: bool = False) -> list[Ended]:
    """End the sign-ins, tickets, tokens, calendars and open invitations of all accounts; with `addresses` also what was
    proved by mail and LINE, so that no link for a new password goes there.

    The system's act, for the server's command: an entry in the audit for each account of which something ended, which
    are given. Passwords, second steps and names at the provider stay.
    """
    found = []
    for account in session.exec(select(Account).order_by(col(Account.id))).all():
        sign_ins = _count(session, SignIn, account, col(SignIn.ended_at).is_(None), col(SignIn.expires_at) > now)
        tokens = _count(session, AccessToken, account, col(AccessToken.ended_at).is_(None))
        invitations, tickets, halves = (
            _count(session, one, account, one.used_at.is_(None), one.expires_at > now)
            for one in _ONE_TIME
        )  # fmt: skip
        shut_out(session, now, account.id or 0)
        told = [
            one
            for one in Channel
            if addresses and end_address(session, account=account, channel=one, why=AddressEnd.by_hand, now=now)
        ]  # fmt: skip
        if not any((sign_ins, tokens, invitations, tickets, halves, told)):
            continue
        audit.record(
            session, actor=None, action="session.end_all", subject=f"account {account.id}", at=now, ended=sign_ins,
            tokens=tokens, invitations=invitations,
        )  # fmt: skip
        found.append(Ended(account.name, sign_ins, tokens, invitations, len(told)))
    return found


_ONE_TIME: tuple[Any, ...] = (Invitation, Ticket, HalfSignIn)


def _count(session: Session, table: Any, account: Account, *which: Any) -> int:
    asked = select(func.count()).select_from(table).where(table.account_id == account.id, *which)
    return session.exec(asked).one()
