"""Invitations: the one-time links by which people choose their user name and password."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, select

from ita_core import audit
from ita_core.accounts.grants import check_admin_of
from ita_core.accounts.guessing import USERNAME
from ita_core.accounts.passwords import NewPassword
from ita_core.accounts.signing_in import end_all_addresses, end_invitations, get_account, shut_out
from ita_core.accounts.tokens import TOKEN, hash_token, is_fresh
from ita_core.errors import Refused
from ita_core.language import N_
from ita_core.models import (
    Account,
    Invitation,
)
from ita_core.typed import clean_person_name

INVITATION_DAYS = 7


class BadUsername(Refused):
    says = N_("A user name has 3 to 32 characters: letters a–z, digits, full stop, underscore or hyphen.")


class UsernameTaken(Refused):
    says = N_("This user name is taken. Choose another.")


class InvitationOver(Refused):
    """The link opens nothing; the sentence says why and what to do."""

    says = N_("This invitation link is not valid. Ask the administrator for a new one.")


class ResetOver(InvitationOver):
    says = N_("This link for a new password is over, was used, or another one came after it. Ask for a new one.")


@dataclass(frozen=True, slots=True)
class Invited:
    """Whom an invitation is for: what the account has already, so that the page asks for the rest."""

    account_id: int
    name: str
    username: str | None
    by_mail: bool = False  # they forgot the password, and asked for it


def clean_username(username: str) -> str:
    """The user name as it is kept: lower case, no spaces around it.

    Raises BadUsername.
    """
    cleaned = username.strip().lower()
    if not USERNAME.fullmatch(cleaned):
        raise BadUsername
    return cleaned


def invite(session: Session, *, by: Account | None, account_id: int, now: datetime) -> str:
    """The token of a new invitation, valid seven days; the account's earlier unused ones end.

    For an account that has a password it is the way back in for whoever forgot it, or has to share it with a thief:
    the addresses that were proved with it end, for a link for a forgotten password would go there.
    Raises NotYours unless `by` is an administrator or the system, NotFound.
    """
    check_admin_of(session, by, account_id)
    get_account(session, account_id, enabled=True)
    end_invitations(session, account_id, now)
    end_all_addresses(session, account_id, now)
    token = secrets.token_urlsafe(32)
    expires = now + timedelta(days=INVITATION_DAYS)
    session.add(Invitation(account_id=account_id, token_hash=hash_token(token), created_at=now, expires_at=expires))
    audit.record(session, actor=by, action="account.invite", subject=f"account {account_id}", at=now)
    return token


def check_invitation(session: Session, *, token: str, now: datetime) -> Invited:
    """Whom this invitation is for.

    Raises InvitationOver with the reason: unknown, used, replaced or older than seven days, account disabled.
    """
    found, account = _invitation(session, token, now)
    return Invited(account_id=found.account_id, name=account.name, username=account.username, by_mail=found.by_mail)


def _invitation(session: Session, token: str, now: datetime) -> tuple[Invitation, Account]:
    if not TOKEN.fullmatch(token):
        raise InvitationOver
    wanted = select(Invitation).where(Invitation.token_hash == hash_token(token)).with_for_update()
    found = session.exec(wanted).one_or_none()
    if found is None:
        raise InvitationOver
    if found.by_mail and (found.used_at is not None or not is_fresh(found.created_at, found.expires_at, now)):
        raise ResetOver
    if found.used_at is not None:
        raise InvitationOver(N_("This invitation link has been used. Sign in, or ask the administrator for a new one."))
    if not is_fresh(found.created_at, found.expires_at, now):
        raise InvitationOver(N_("This invitation link is over. Ask the administrator for a new one."))
    account = session.get(Account, found.account_id)
    if account is None or account.disabled:
        raise InvitationOver
    return found, account


def join(
    session: Session, *, token: str, password: NewPassword, now: datetime, username: str = "", name: str = ""
) -> Account:
    """Use an invitation: sets user name and name where the account has none, and the password.

    Its sign-ins and tickets end; by the administrator's slip also its addresses, proved between slip and now.
    Raises InvitationOver, BadUsername, UsernameTaken, NameMissing, BadText.
    """
    found, account = _invitation(session, token, now)
    chosen = account.username or clean_username(username)
    if session.exec(select(Account.id).where(Account.username == chosen, Account.id != account.id)).first() is not None:
        raise UsernameTaken
    account.name = account.name or clean_person_name(name)
    account.username = chosen
    account.password_hash = password.password_hash
    found.used_at = now
    session.add_all([account, found])
    shut_out(session, now, found.account_id, addresses=not found.by_mail)
    action = "account.reset_password" if found.by_mail else "account.join"
    audit.record(session, actor=account, action=action, subject=f"account {account.id}", at=now)
    return account
