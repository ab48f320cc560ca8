"""Roles: what an account may do in which office."""

from dataclasses import dataclass

from sqlmodel import Session, col, select

from ita_core.errors import NotYours
from ita_core.models import Account, Grant, Office, Role


@dataclass(frozen=True, slots=True)
class GrantFacts:
    """What an account may do in an office, and the office where it was given: the same, or one above."""

    office_id: int
    role: Role
    keeps_itap: bool
    through: int


def list_grants(session: Session, account_id: int) -> list[GrantFacts]:
    """The account's role in each office where it has one: its own there, else that of the nearest office above."""
    own = {row.office_id: row for row in session.exec(select(Grant).where(Grant.account_id == account_id))}
    above = dict(session.exec(select(Office.id, Office.parent_id).order_by(col(Office.code))).all())
    found = []
    for office_id in above:
        assert office_id is not None
        at: int | None = office_id
        seen: set[int] = set()
        while at is not None and at not in seen:  # a circle of offices ends, too
            seen.add(at)
            grant = own.get(at)
            if grant is not None and (grant.below or at == office_id):
                found.append(GrantFacts(office_id, grant.role, grant.keeps_itap, at))
                break
            at = above.get(at)
    return found


def find_grant(session: Session, account_id: int, office_id: int) -> GrantFacts | None:
    """What the account may do in this office; None where it has no role there."""
    return next((one for one in list_grants(session, account_id) if one.office_id == office_id), None)


def check_admin(session: Session, by: Account | None, office_id: int) -> None:
    """Nothing, where an administrator of the office or the system itself acts (None: first start, command line).

    Raises NotYours.
    """
    if by is not None and not _administers(session, by, office_id):
        raise NotYours


def check_admin_of(session: Session, by: Account | None, account_id: int) -> None:
    """The same for whatever concerns an account: whoever administers all the offices in which it has a role.

    Those below, where its role holds too, are among them: who lets it in, or shuts it out, does so there as well.
    Raises NotYours.
    """
    if by is None:
        return
    grants = list_grants(session, account_id)
    if not grants or not all(_administers(session, by, one.office_id) for one in grants):
        raise NotYours


def _administers(session: Session, by: Account, office_id: int) -> bool:
    grant = None if by.disabled or by.id is None else find_grant(session, by.id, office_id)
    return grant is not None and grant.role is Role.admin
