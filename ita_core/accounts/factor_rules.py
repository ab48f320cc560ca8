"""Of which roles an office demands a second factor."""

from datetime import datetime

from sqlmodel import Session, col, select

from ita_core import audit
from ita_core.accounts.grants import check_admin, list_grants
from ita_core.errors import Refused
from ita_core.language import N_
from ita_core.models import Account, FactorRule, Role, SecondFactor


class OwnFactorFirst(Refused):
    says = N_(
        "Set up a second step for yourself first (“My account”): who demands it of others knows that it works here."
    )


def demanding_roles(session: Session, office_id: int) -> frozenset[Role]:
    """The roles of which this office demands a second factor."""
    return frozenset(role for (office, role), wanted in _rules(session).items() if office == office_id and wanted)


def is_demanded(session: Session, account_id: int) -> bool:
    """Whether some office demands a second factor of the role that this account has there."""
    rules = _rules(session)
    if not any(rules.values()):
        return False
    return any(rules.get((one.office_id, one.role)) for one in list_grants(session, account_id))


def _rules(session: Session) -> dict[tuple[int, Role], bool]:
    """What holds for each office and role that was ever decided on."""
    listed = session.exec(select(FactorRule).order_by(col(FactorRule.id)))
    return {(one.office_id, one.role): one.wanted for one in listed}


def demand(session: Session, *, by: Account | None, office_id: int, roles: frozenset[Role], now: datetime) -> None:
    """Demand a second factor of exactly these roles in an office; whoever lacks one sets it up at their next action.

    What is so already is not recorded again.
    Raises NotYours unless `by` administers the office or is the system, OwnFactorFirst.
    """
    check_admin(session, by, office_id)
    stands = demanding_roles(session, office_id)
    if by is not None and roles - stands and not has_factor(session, by.id or 0):
        raise OwnFactorFirst
    for role in sorted(roles ^ stands, key=lambda one: one.name):
        wanted = role in roles
        session.add(FactorRule(office_id=office_id, role=role, wanted=wanted, account_id=by.id if by else None, at=now))
        audit.record(
            session, actor=by, action="office.demand_factor", subject=f"office {office_id}", at=now,
            role=role.name, wanted=wanted,
        )  # fmt: skip


def has_factor(session: Session, account_id: int) -> bool:
    """Whether the account has a second factor."""
    return session.exec(select(SecondFactor.id).where(SecondFactor.account_id == account_id)).first() is not None
