"""Making accounts; changing their password, language and role; shutting and opening them."""

from datetime import datetime

from sqlmodel import Session, col, select

from ita_core import audit
from ita_core.accounts.passwords import Credential, NewPassword, WrongPassword
from ita_core.accounts.signing_in import get_account, shut_out
from ita_core.errors import NotYours, Refused
from ita_core.language import LANGUAGES, N_
from ita_core.models import (
    Account,
    Party,
    PartyKind,
    Role,
)
from ita_core.typed import clean_person_name


class LastAdmin(Refused):
    says = N_("This is the last administrator. Make somebody else administrator first.")


class HasAccount(Refused):
    says = N_("This officer already has an account.")


class NotAnOfficer(Refused):
    says = N_("Accounts belong to officers, not to posts or teams.")


def check_admin(by: Account | None) -> None:
    """Nothing, where an administrator or the system itself acts (None: the first start, the command line).

    Raises NotYours.
    """
    if by is not None and (by.role is not Role.admin or by.disabled):
        raise NotYours


def has_admin(session: Session, *, besides: int | None = None) -> bool:
    """Whether somebody, other than the account `besides`, can sign in as administrator."""
    admins = select(Account.id).where(
        Account.role == Role.admin, col(Account.disabled).is_(False), col(Account.password_hash).is_not(None)
    )
    return any(found != besides for found in session.exec(admins))


def create_account(
    session: Session,
    *,
    by: Account | None,
    name: str,
    role: Role,
    now: datetime,
    party_id: int | None = None,
    keeps_itap: bool = False,
) -> Account:
    """A new account without user name and password; `invite` gives the link that sets them.

    Raises NotYours unless `by` is an administrator or the system, NameMissing or BadText, NotAnOfficer, HasAccount.
    """
    check_admin(by)
    if party_id is not None:
        party = session.get(Party, party_id)
        if party is None or party.kind is not PartyKind.officer:
            raise NotAnOfficer
        if session.exec(select(Account.id).where(Account.party_id == party_id)).first() is not None:
            raise HasAccount
    account = Account(party_id=party_id, name=clean_person_name(name), role=role, keeps_itap=keeps_itap, created_at=now)
    session.add(account)
    session.flush()
    audit.record(session, actor=by, action="account.create", subject=f"account {account.id}", at=now, role=role.name)
    return account


def create_first_admin(session: Session, *, now: datetime) -> Account:
    """The account of the first administrator, whose name the invitation asks for; the one still waiting, if there is.

    Raises NotYours where somebody administers already.
    """
    admins = session.exec(select(Account).where(Account.role == Role.admin).order_by(col(Account.id))).all()
    if any(admin.password_hash and not admin.disabled for admin in admins):
        raise NotYours
    waiting = next((admin for admin in admins if not admin.password_hash and not admin.disabled), None)
    if waiting is not None:
        return waiting
    account = Account(name="", role=Role.admin, created_at=now)
    session.add(account)
    session.flush()
    audit.record(session, actor=None, action="account.create", subject=f"account {account.id}", at=now, role="admin")
    return account


def set_password(
    session: Session, *, account: Account, compared: Credential, new: NewPassword, now: datetime, keep: str = ""
) -> None:
    """Change one's own password, where the old one was right: it matched `compared`, which `begin_try` gave.

    Every other sign-in of the account ends, `keep` names the one that stays; so do tickets and open invitations. The
    try was counted first, so that an open screen does not help to guess the old password.
    Raises WrongPassword where `compared` is no longer what the account has.
    """
    session.refresh(account)
    if compared.account_id is None or (account.id, account.password_hash) != (
        compared.account_id,
        compared.password_hash,
    ):
        raise WrongPassword
    account.password_hash = new.password_hash
    session.add(account)
    shut_out(session, now, compared.account_id, keep)
    audit.record(session, actor=account, action="account.change_password", subject=f"account {account.id}", at=now)


def set_language(session: Session, *, account: Account, language: str, now: datetime) -> None:
    """Remember the language that the account's owner reads; an unknown one is Thai."""
    account.language = language if language in LANGUAGES else LANGUAGES[0]
    session.add(account)
    subject = f"account {account.id}"
    audit.record(
        session, actor=account, action="account.set_language", subject=subject, at=now, language=account.language
    )


def disable(session: Session, *, by: Account | None, account_id: int, now: datetime) -> None:
    """Shut an account: its sign-ins, tickets and open invitations end now, and stay ended when it is enabled again.

    Raises NotYours unless `by` is an administrator or the system, NotFound, LastAdmin.
    """
    check_admin(by)
    account = get_account(session, account_id)
    if account.role is Role.admin and not has_admin(session, besides=account_id):
        raise LastAdmin
    account.disabled = True
    session.add(account)
    shut_out(session, now, account_id)
    audit.record(session, actor=by, action="account.disable", subject=f"account {account_id}", at=now)


def enable(session: Session, *, by: Account | None, account_id: int, now: datetime) -> None:
    """Open a disabled account again, with the password it had.

    Raises NotYours unless `by` is an administrator or the system, NotFound.
    """
    check_admin(by)
    account = get_account(session, account_id)
    account.disabled = False
    session.add(account)
    audit.record(session, actor=by, action="account.enable", subject=f"account {account_id}", at=now)


def change_role(
    session: Session, *, by: Account | None, account_id: int, role: Role, now: datetime, keeps_itap: bool | None = None
) -> None:
    """Give an account another role, and say whether it keeps ITAP (None: as before); holds from the next action.

    Raises NotYours unless `by` is an administrator or the system, NotFound, LastAdmin.
    """
    check_admin(by)
    account = get_account(session, account_id)
    if account.role is Role.admin and role is not Role.admin and not has_admin(session, besides=account_id):
        raise LastAdmin
    before, account.role = account.role, role
    if keeps_itap is not None:
        account.keeps_itap = keeps_itap
    session.add(account)
    audit.record(
        session,
        actor=by,
        action="account.change_role",
        subject=f"account {account_id}",
        at=now,
        before=before.name,
        after=role.name,
        keeps_itap=account.keeps_itap,
    )
