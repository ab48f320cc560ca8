"""Who handles accounts, and what always stays; every act on an account stands in the audit."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from ita_core import accounts, audit, db
from ita_core.errors import NotYours
from ita_core.models import Office, Role
from tests.accounts.acts import HERE, NOW, actions, change_password, joined, officer, signed_in
from tests.cast import office


@pytest.mark.parametrize("role", [Role.commander, Role.officer, Role.viewer])
def test_only_an_administrator_handles_accounts(session: Session, role: Role) -> None:
    by, other = joined(session, "clerk", role), joined(session, "other")
    of = other.id or 0
    for refused in (
        lambda: accounts.create_account(session, office_id=office(session), by=by, name="ก", role=Role.admin, now=NOW),
        lambda: accounts.invite(session, by=by, account_id=of, now=NOW),
        lambda: accounts.disable(session, by=by, account_id=of, now=NOW),
        lambda: accounts.enable(session, by=by, account_id=of, now=NOW),
        lambda: accounts.change_role(
            session, office_id=office(session), by=by, account_id=by.id or 0, role=Role.admin, now=NOW
        ),
    ):
        with pytest.raises(NotYours):
            refused()


def test_a_disabled_administrator_handles_nothing(session: Session) -> None:
    joined(session, "first", Role.admin)
    second = joined(session, "second", Role.admin)
    accounts.disable(session, by=None, account_id=second.id or 0, now=NOW)
    with pytest.raises(NotYours):
        accounts.create_account(session, office_id=office(session), by=second, name="ก", role=Role.admin, now=NOW)


@pytest.mark.both("bare")
def test_the_last_administrator_stays(session: Session) -> None:
    admin = joined(session, "admin", Role.admin)
    invited_only = accounts.create_account(
        session, office_id=office(session), by=admin, name="ข", role=Role.admin, now=NOW
    )
    assert invited_only.password_hash is None  # nobody who could take over yet
    with pytest.raises(accounts.LastAdmin):
        accounts.disable(session, by=admin, account_id=admin.id or 0, now=NOW)
    with pytest.raises(accounts.LastAdmin):
        accounts.change_role(
            session, office_id=office(session), by=admin, account_id=admin.id or 0, role=Role.viewer, now=NOW
        )
    second = joined(session, "second", Role.admin)
    accounts.change_role(
        session, office_id=office(session), by=second, account_id=admin.id or 0, role=Role.viewer, now=NOW
    )
    [grant] = accounts.list_grants(session, admin.id or 0)
    assert grant.role is Role.viewer


def test_nobody_takes_their_own_role_away(session: Session) -> None:
    admin = joined(session, "admin", Role.admin)
    joined(session, "second", Role.admin)
    of = admin.id or 0
    with pytest.raises(accounts.OwnRole):
        accounts.change_role(session, office_id=office(session), by=admin, account_id=of, role=Role.viewer, now=NOW)
    accounts.change_role(
        session, office_id=office(session), by=admin, account_id=of, role=Role.admin, keeps_itap=True, now=NOW
    )
    [grant] = accounts.list_grants(session, of)
    assert (grant.role, grant.keeps_itap) == (Role.admin, True)


def test_a_second_click_changes_and_records_nothing(session: Session) -> None:
    admin, account = joined(session, "admin", Role.admin), joined(session, "somchai")
    of, here = account.id or 0, office(session)
    before = len(actions(session))
    for _click in range(2):
        accounts.change_role(session, office_id=here, by=admin, account_id=of, role=Role.viewer, now=NOW)
        accounts.disable(session, by=admin, account_id=of, now=NOW)
    for _click in range(2):
        accounts.enable(session, by=admin, account_id=of, now=NOW)
    assert actions(session)[before:] == ["account.change_role", "account.disable", "account.enable"]


@pytest.mark.both("bare")
def test_an_officer_has_one_account_in_their_own_office(session: Session) -> None:
    person, here = officer(session), office(session)
    accounts.create_account(session, office_id=here, by=None, name="ก", role=Role.officer, person_id=person, now=NOW)
    with pytest.raises(accounts.HasAccount):
        accounts.create_account(
            session, office_id=here, by=None, name="ข", role=Role.officer, person_id=person, now=NOW
        )
    elsewhere = Office(code="other", name="อื่น", short="อื่น")
    session.add(elsewhere)
    session.flush()
    for of, at in ((person, elsewhere.id or 0), (4711, here)):
        with pytest.raises(accounts.NotAnOfficer):
            accounts.create_account(session, office_id=at, by=None, name="ค", role=Role.officer, person_id=of, now=NOW)


@pytest.mark.both("bare")
def test_every_act_stands_in_the_audit_and_the_chain_holds(session: Session) -> None:
    admin = joined(session, "admin", Role.admin)
    account = joined(session, "somchai")
    of, cookie = account.id or 0, signed_in(session, account)
    here = accounts.find_visitor(session, token=cookie, now=NOW)
    assert here is not None
    accounts.note_failure(session, username="somchai", address=HERE, now=NOW)
    change_password(session, account, keep=here.sign_in_id)
    accounts.change_role(session, office_id=office(session), by=admin, account_id=of, role=Role.viewer, now=NOW)
    accounts.sign_out(session, public_id=here.sign_in_id, now=NOW)
    accounts.sign_out(session, public_id=here.sign_in_id, now=NOW)  # over already: nothing to record
    accounts.sign_out_everywhere(session, account=account, now=NOW)
    accounts.disable(session, by=admin, account_id=of, now=NOW)
    accounts.enable(session, by=admin, account_id=of, now=NOW)
    assert actions(session) == [
        *(["account.create", "account.invite", "account.join"] * 2),
        "account.accept_password",
        "session.begin",
        "session.fail",
        "account.change_password",
        "account.change_role",
        "session.end",
        "session.end_all",
        "account.disable",
        "account.enable",
    ]
    assert audit.faults(session) == []


@pytest.mark.both("bare")
def test_of_many_who_make_an_officer_s_account_at_once_one_does_and_the_others_are_told(engine: sa.Engine) -> None:
    with db.writing(engine) as session:
        party = officer(session)

    def create(_number: int) -> bool:
        try:
            with db.writing(engine) as session:
                accounts.create_account(
                    session, office_id=office(session), by=None, name="ก", role=Role.officer, person_id=party, now=NOW
                )
        except accounts.HasAccount:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(create, range(8))).count(True) == 1
