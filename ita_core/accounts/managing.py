"""Making accounts; changing their password, language and role; shutting and opening them."""

from collections.abc import Iterable
from datetime import datetime

from sqlmodel import Session, col, select

from ita_core import audit
from ita_core.accounts.grants import check_admin, check_admin_of, list_grants
from ita_core.accounts.passwords import Credential, NewPassword
from ita_core.accounts.signing_in import check_compared, end_invitations, get_account, shut_out
from ita_core.errors import NotFound, NotYours, Refused
from ita_core.language import LANGUAGES, N_
from ita_core.models import (
    Account,
    Grant,
    Office,
    Person,
    Role,
)
from ita_core.typed import clean_person_name


class LastAdmin(Refused):
    says = N_("This is the last administrator. Make somebody else administrator first.")


class OwnRole(Refused):
    says = N_("Another administrator changes your role: nobody takes their own away.")


class HasAccount(Refused):
    says = N_("This officer already has an account.")


class NotAnOfficer(Refused):
    says = N_("Accounts belong to officers, not to posts or teams.")


def has_admin(session: Session, *, office_id: int | None = None, besides: int | None = None) -> bool:
    """Whether somebody, other than the account `besides`, can sign in and administers the office, or any."""
    admins = select(Account.id).where(
        col(Account.disabled).is_(False), col(Account.password_hash).is_not(None), Account.id != besides
    )
    return any(
        grant.role is Role.admin and office_id in {None, grant.office_id}
        for found in session.exec(admins)
        for grant in list_grants(session, found or 0)
    )


def _check_others(session: Session, account_id: int, office_ids: Iterable[int]) -> None:
    """Nothing, where each of these offices that the account administers has another administrator.

    Raises LastAdmin.
    """
    mine = {one.office_id for one in list_grants(session, account_id) if one.role is Role.admin}
    for office_id in mine & set(office_ids):
        if not has_admin(session, office_id=office_id, besides=account_id):
            raise LastAdmin


def create_account(
    session: Session,
    *,
    by: Account | None,
    name: str,
    office_id: int,
    role: Role,
    now: datetime,
    person_id: int | None = None,
    keeps_itap: bool = False,
) -> Account:
    """A new account with a role in an office, without user name and password; `invite` gives the link that sets them.

    Raises NotYours unless `by` is an administrator or the system, NameMissing or BadText, NotAnOfficer, HasAccount.
    """
    check_admin(session, by, office_id)
    if person_id is not None:
        person = session.get(Person, person_id)
        if person is None or person.office_id != office_id:
            raise NotAnOfficer
        if session.exec(select(Account.id).where(Account.person_id == person_id)).first() is not None:
            raise HasAccount
    return _create(
        session, Account(person_id=person_id, name=clean_person_name(name), created_at=now), by,
        Grant(account_id=0, office_id=office_id, role=role, keeps_itap=keeps_itap), now,
    )  # fmt: skip


def _create(session: Session, account: Account, by: Account | None, grant: Grant, now: datetime) -> Account:
    session.add(account)
    session.flush()
    assert account.id is not None
    grant.account_id = account.id
    session.add(grant)
    session.flush()
    audit.record(
        session, actor=by, action="account.create", subject=f"account {account.id}", at=now, role=grant.role.name
    )
    return account


def create_first_admin(session: Session, *, now: datetime) -> Account:
    """The account of the first administrator, whose name the invitation asks for; the one still waiting, if there is.

    Raises NotYours where somebody administers already.
    """
    if has_admin(session):
        raise NotYours
    admins = select(Account).join(Grant, col(Grant.account_id) == Account.id).where(Grant.role == Role.admin)
    waiting = admins.where(col(Account.password_hash).is_(None), col(Account.disabled).is_(False))
    if (found := session.exec(waiting.order_by(col(Account.id))).first()) is not None:
        return found
    top = select(Office.id).where(col(Office.parent_id).is_(None)).order_by(col(Office.id))
    office_id = session.exec(top).first()
    assert office_id is not None, "the first plan makes an office"
    grant = Grant(account_id=0, office_id=office_id, role=Role.admin, below=True)
    return _create(session, Account(name="", created_at=now), None, grant, now)


def set_password(
    session: Session, *, account: Account, compared: Credential, new: NewPassword, now: datetime, keep: str = ""
) -> None:
    """Change one's own password, where the old one was right: it matched `compared`, which `begin_try` gave.

    Every other sign-in of the account ends, `keep` names the one that stays; so do tickets and open invitations. The
    try was counted first, so that an open screen does not help to guess the old password.
    Raises WrongPassword where `compared` is no longer what the account has.
    """
    of = check_compared(session, account, compared)
    account.password_hash = new.password_hash
    session.add(account)
    shut_out(session, now, of, keep)
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
    """Shut an account: its sign-ins, tickets, open invitations and addresses end now, and stay ended when it is
    enabled again.

    Once more is nothing more. Raises NotYours unless `by` is an administrator or the system, NotFound, LastAdmin.
    """
    check_admin_of(session, by, account_id)
    account = get_account(session, account_id)
    if account.disabled:
        return  # a second click on the same button
    _check_others(session, account_id, [one.office_id for one in list_grants(session, account_id)])
    account.disabled = True
    session.add(account)
    shut_out(session, now, account_id, addresses=True)
    audit.record(session, actor=by, action="account.disable", subject=f"account {account_id}", at=now)


def enable(session: Session, *, by: Account | None, account_id: int, now: datetime) -> None:
    """Open a disabled account again, with the password it had.

    Once more is nothing more. Raises NotYours unless `by` is an administrator or the system, NotFound.
    """
    check_admin_of(session, by, account_id)
    account = get_account(session, account_id)
    if not account.disabled:
        return
    account.disabled = False
    session.add(account)
    audit.record(session, actor=by, action="account.enable", subject=f"account {account_id}", at=now)


def change_role(
    session: Session,
    *,
    by: Account | None,
    account_id: int,
    office_id: int,
    role: Role,
    now: datetime,
    keeps_itap: bool | None = None,
) -> None:
    """Give an account another role in an office, and say whether it keeps ITAP there (None: as before).

    A role that holds in the offices below changes there, too, so it is for who administers those as well.
    It holds from the next action, since each asks anew; what is so already is not recorded again. With a first role in
    an office open invitations end.
    Raises NotYours unless `by` administers all these offices or is the system, NotFound, LastAdmin, OwnRole.
    """
    reached = {office_id} | {one.office_id for one in list_grants(session, account_id) if one.through == office_id}
    for one in reached:
        check_admin(session, by, one)
    get_account(session, account_id)
    grant = session.exec(select(Grant).where(Grant.account_id == account_id, Grant.office_id == office_id)).first()
    if grant is None and by is not None:  # another office's: only who administers that one, too
        try:
            check_admin_of(session, by, account_id)
        except NotYours:
            raise NotFound from None
    if role is not Role.admin:
        _check_others(session, account_id, reached)
    if by is not None and by.id == account_id and (grant is None or grant.role is not role):
        raise OwnRole
    if grant and grant.role is role and keeps_itap in {None, grant.keeps_itap}:
        return
    if grant is None:  # whoever holds a link from before, made in another office, would get in here with it
        end_invitations(session, account_id, now)
    before = grant.role.name if grant else None
    grant = grant or Grant(account_id=account_id, office_id=office_id, role=role)
    grant.role = role
    if keeps_itap is not None:
        grant.keeps_itap = keeps_itap
    session.add(grant)
    session.flush()
    audit.record(
        session,
        actor=by,
        action="account.change_role",
        subject=f"account {account_id}",
        at=now,
        before=before,
        after=role.name,
        keeps_itap=grant.keeps_itap,
    )
