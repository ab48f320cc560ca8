"""Accounts and the audit."""

from dataclasses import dataclass

from sqlalchemy.orm import defer
from sqlmodel import Session, col, func, select

from ita_core.models import (
    Account,
    AuditEntry,
    Grant,
    SecondFactor,
    SignIn,
)
from ita_core.thai import in_thai_order


@dataclass(frozen=True, slots=True)
class AccountFacts:
    """An account without anything secret."""

    id: int
    person_id: int | None
    username: str
    name: str
    role: str
    keeps_itap: bool
    disabled: bool
    joined: bool
    second_factor: bool  # one of ours
    second_elsewhere: bool  # at their last sign-in the provider said that it had asked for one
    provider_name: str  # what the sign-in provider calls its owner, as far as an administrator has said


def list_accounts(session: Session, office_id: int) -> list[AccountFacts]:
    """The accounts with a role in an office, in Thai order of the names, without anything secret."""
    statement = select(Account, Grant).join(Grant, col(Grant.account_id) == Account.id)
    rows = list(session.exec(statement.where(Grant.office_id == office_id)))
    with_factor = set(session.exec(select(SecondFactor.account_id)))
    last = select(func.max(col(SignIn.id))).group_by(col(SignIn.account_id))
    by_two = session.exec(select(SignIn.account_id).where(col(SignIn.by_two), col(SignIn.id).in_(last)))
    elsewhere = set(by_two) - with_factor
    order = {name: place for place, name in enumerate(in_thai_order([account.name for account, _grant in rows]))}
    rows.sort(key=lambda row: order[row[0].name])
    return [
        AccountFacts(
            account.id, account.person_id, account.username or "", account.name, grant.role.value, grant.keeps_itap,
            account.disabled, account.password_hash is not None, account.id in with_factor,
            account.id in elsewhere, account.provider_name or "",
        )
        for account, grant in rows
        if account.id is not None
    ]  # fmt: skip


def list_audit_entries(session: Session) -> list[AuditEntry]:
    """The whole record, first entry first, without the seals; detached values, not to be changed."""
    every = select(AuditEntry).order_by(col(AuditEntry.number))
    rows = list(session.exec(every.options(defer(AuditEntry.seals))))  # type: ignore[arg-type]
    for row in rows:
        session.expunge(row)
    return rows
