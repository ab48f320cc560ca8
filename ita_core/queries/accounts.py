"""Accounts and the audit."""

from dataclasses import dataclass

from sqlalchemy.orm import defer
from sqlmodel import Session, col, select

from ita_core.models import (
    Account,
    AuditEntry,
)
from ita_core.thai import in_thai_order


@dataclass(frozen=True, slots=True)
class AccountFacts:
    """An account without anything secret."""

    id: int
    party_id: int | None
    username: str
    name: str
    role: str
    keeps_itap: bool
    disabled: bool
    joined: bool


def list_accounts(session: Session) -> list[AccountFacts]:
    """Every account in Thai order of the names, without anything secret."""
    rows = list(session.exec(select(Account)))
    order = {name: place for place, name in enumerate(in_thai_order([row.name for row in rows]))}
    rows.sort(key=lambda row: order[row.name])
    return [
        AccountFacts(
            row.id, row.party_id, row.username or "", row.name, row.role.value, row.keeps_itap, row.disabled,
            row.password_hash is not None,
        )
        for row in rows
        if row.id is not None
    ]  # fmt: skip


def list_audit_entries(session: Session) -> list[AuditEntry]:
    """The whole record, first entry first, without the seals; detached values, not to be changed."""
    every = select(AuditEntry).order_by(col(AuditEntry.number))
    rows = list(session.exec(every.options(defer(AuditEntry.seals))))  # type: ignore[arg-type]
    for row in rows:
        session.expunge(row)
    return rows
