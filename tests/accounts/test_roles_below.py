"""Roles that hold below their office, too: who may act on whom, and that each office keeps an administrator.

Offices A over B. Of A alone: `near`; of A and what lies below it: `far`; of B alone: `down`.
"""

from collections.abc import Callable

import pytest
from sqlmodel import Session, select

from ita_core import accounts
from ita_core.errors import NotFound, NotYours
from ita_core.models import Account, Grant, Office, Role
from tests.accounts.acts import NEW, NOW, joined
from tests.cast import office

Act = Callable[[Session, Account, Account], object]


def beneath(session: Session) -> int:
    """The id of office B, below A."""
    found = session.exec(select(Office.id).where(Office.code == "beneath")).first()
    if found is None:
        made = Office(code="beneath", name="ข", short="ข", parent_id=office(session))
        session.add(made)
        session.flush()
        found = made.id
    assert found is not None
    return found


def near(session: Session, role: Role = Role.admin) -> Account:
    return joined(session, "near", role)


def far(session: Session, role: Role = Role.admin, name: str = "far") -> Account:
    account = joined(session, name, role)
    session.exec(select(Grant).where(Grant.account_id == account.id)).one().below = True
    beneath(session)
    return account


def down(session: Session, role: Role = Role.admin) -> Account:
    account = accounts.create_account(session, office_id=beneath(session), by=None, name="down", role=role, now=NOW)
    token = accounts.invite(session, by=None, account_id=account.id or 0, now=NOW)
    return accounts.join(session, token=token, username="down", password=NEW, now=NOW)


def change(
    session: Session, by: Account | None, of: Account, role: Role, *, at: int = 0, keeps_itap: bool | None = None
) -> None:
    accounts.change_role(
        session, by=by, account_id=of.id or 0, office_id=at or office(session), role=role, keeps_itap=keeps_itap,
        now=NOW,
    )  # fmt: skip


def roles(session: Session, of: Account) -> dict[int, Role]:
    return {one.office_id: one.role for one in accounts.list_grants(session, of.id or 0)}


ACTS: dict[str, Act] = {
    "a link for a new password": lambda session, by, of: accounts.invite(
        session, by=by, account_id=of.id or 0, now=NOW
    ),
    "shutting": lambda session, by, of: accounts.disable(session, by=by, account_id=of.id or 0, now=NOW),
    "opening": lambda session, by, of: accounts.enable(session, by=by, account_id=of.id or 0, now=NOW),
    "a higher role": lambda session, by, of: change(session, by, of, Role.admin),
    "a lower role": lambda session, by, of: change(session, by, of, Role.officer),
    "ITAP": lambda session, by, of: change(session, by, of, Role.commander, keeps_itap=True),
}


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
def test_who_administers_the_upper_office_alone_does_nothing_to_whoever_s_role_holds_below(session: Session, act: Act):
    by, of = near(session), far(session, Role.commander)
    far(session, name="another")
    with pytest.raises(NotYours):
        act(session, by, of)
    assert roles(session, of) == {office(session): Role.commander, beneath(session): Role.commander}


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
def test_who_administers_all_that_a_role_reaches_does(session: Session, act: Act):
    by, of = far(session), far(session, Role.commander, "other")
    act(session, by, of)
    assert len(set(roles(session, of).values())) == 1


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
def test_who_administers_one_office_still_does_it_to_whoever_is_of_that_one(session: Session, act: Act):
    by, of = near(session), joined(session, "other", Role.commander)
    far(session)
    act(session, by, of)
    assert beneath(session) not in roles(session, of)


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
def test_who_administers_the_lower_office_does_nothing_to_whoever_s_role_comes_from_above(session: Session, act: Act):
    by, of = down(session), far(session, Role.commander)
    with pytest.raises(NotYours):
        act(session, by, of)


def test_a_role_of_their_own_in_the_lower_office_is_not_given_to_them_there_either(session: Session):
    by, of = down(session), far(session, Role.viewer)
    with pytest.raises(NotFound):
        change(session, by, of, Role.officer, at=beneath(session))


def test_nobody_takes_the_lower_office_s_last_administrator_away_in_the_upper_one(session: Session):
    near(session)  # A has another
    last = far(session)
    with pytest.raises(accounts.LastAdmin):
        change(session, None, last, Role.viewer)
    down(session)  # now B has another, too
    change(session, None, last, Role.viewer)
    assert roles(session, last) == {office(session): Role.viewer, beneath(session): Role.viewer}


def test_of_two_whose_roles_hold_in_both_one_may_be_taken_away(session: Session):
    by, of = far(session), far(session, name="other")
    change(session, by, of, Role.viewer)
    assert roles(session, of) == {office(session): Role.viewer, beneath(session): Role.viewer}


def test_a_role_of_one_s_own_below_is_not_changed_by_one_above(session: Session):
    """Who has another role in B than from A: in A only A is asked about."""
    by, of = near(session), far(session, Role.viewer)
    session.add(Grant(account_id=of.id or 0, office_id=beneath(session), role=Role.officer))
    session.flush()
    change(session, by, of, Role.commander)
    assert roles(session, of) == {office(session): Role.commander, beneath(session): Role.officer}


def test_a_link_made_in_one_office_lets_nobody_in_once_there_is_a_role_in_another(session: Session):
    by, of = near(session), joined(session, "other")
    link = accounts.invite(session, by=by, account_id=of.id or 0, now=NOW)
    change(session, far(session), of, Role.commander)
    assert accounts.check_invitation(session, token=link, now=NOW).account_id == of.id  # in the same office
    change(session, None, of, Role.officer, at=beneath(session))
    with pytest.raises(accounts.InvitationOver):
        accounts.check_invitation(session, token=link, now=NOW)
