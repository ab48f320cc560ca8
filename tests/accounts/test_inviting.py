"""Invitations: once, for seven days, and whom they let in."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from ita_core import accounts, db
from ita_core.errors import BadText, NameMissing, NotFound, NotYours
from ita_core.models import Account, Role
from tests.accounts.acts import NEW, NOW, OTHER, joined, signed_in
from tests.cast import office


@pytest.mark.both("bare")
def test_an_invitation_gives_user_name_and_password_once(session: Session) -> None:
    account = accounts.create_account(
        session, office_id=office(session), by=None, name="ร.ต.อ. สมชาย", role=Role.officer, now=NOW
    )
    token = accounts.invite(session, by=None, account_id=account.id or 0, now=NOW)
    invited = accounts.check_invitation(session, token=token, now=NOW)
    assert (invited.name, invited.username) == ("ร.ต.อ. สมชาย", None)
    accounts.join(session, token=token, username="Somchai", password=NEW, now=NOW)
    assert account.username == "somchai"
    assert account.password_hash == NEW.password_hash
    with pytest.raises(accounts.InvitationOver):
        accounts.check_invitation(session, token=token, now=NOW)
    with pytest.raises(accounts.InvitationOver):
        accounts.join(session, token=token, username="other", password=NEW, now=NOW)


@pytest.mark.both("bare")
def test_an_invitation_is_over_after_seven_days(session: Session) -> None:
    account = joined(session, "somchai")
    token = accounts.invite(session, by=None, account_id=account.id or 0, now=NOW)
    assert accounts.check_invitation(session, token=token, now=NOW + timedelta(days=6, hours=23))
    with pytest.raises(accounts.InvitationOver):
        accounts.check_invitation(session, token=token, now=NOW + timedelta(days=7))


def test_an_invitation_made_while_the_clock_was_two_days_ahead_is_not_believed(session: Session) -> None:
    account = joined(session, "somchai")
    token = accounts.invite(session, by=None, account_id=account.id or 0, now=NOW + timedelta(days=2))
    with pytest.raises(accounts.InvitationOver):
        accounts.check_invitation(session, token=token, now=NOW)


def test_a_new_invitation_ends_the_one_before(session: Session) -> None:
    account = joined(session, "somchai")
    first = accounts.invite(session, by=None, account_id=account.id or 0, now=NOW)
    second = accounts.invite(session, by=None, account_id=account.id or 0, now=NOW)
    with pytest.raises(accounts.InvitationOver):
        accounts.check_invitation(session, token=first, now=NOW)
    assert accounts.check_invitation(session, token=second, now=NOW)


@pytest.mark.both("bare")
@pytest.mark.parametrize("token", ["", "x", "a" * 43, "ก" * 43, "a" * 100_000, "' OR 1=1 --", "\ud800" * 43])
def test_an_unknown_invitation_opens_nothing(session: Session, token: str) -> None:
    with pytest.raises(accounts.InvitationOver):
        accounts.check_invitation(session, token=token, now=NOW)


def test_an_invitation_of_a_disabled_account_opens_nothing(session: Session) -> None:
    account = joined(session, "somchai")
    token = accounts.invite(session, by=None, account_id=account.id or 0, now=NOW)
    accounts.disable(session, by=None, account_id=account.id or 0, now=NOW)
    with pytest.raises(accounts.InvitationOver):
        accounts.check_invitation(session, token=token, now=NOW)
    with pytest.raises(NotFound):
        accounts.invite(session, by=None, account_id=account.id or 0, now=NOW)


@pytest.mark.both("bare")
def test_who_forgot_the_password_keeps_the_user_name_and_loses_the_old_sign_ins(session: Session) -> None:
    account = joined(session, "somchai")
    cookie = signed_in(session, account)
    token = accounts.invite(session, by=None, account_id=account.id or 0, now=NOW)
    accounts.join(session, token=token, username="something.else", password=OTHER, now=NOW)
    assert account.username == "somchai"
    assert account.password_hash == OTHER.password_hash
    assert accounts.find_visitor(session, token=cookie, now=NOW) is None


@pytest.mark.both("bare")
def test_a_user_name_belongs_to_one(session: Session) -> None:
    joined(session, "somchai")
    with pytest.raises(accounts.UsernameTaken):
        joined(session, "SOMCHAI")


@pytest.mark.both("bare")
def test_a_refused_join_leaves_the_invitation_as_it_was(engine: sa.Engine) -> None:
    with db.writing(engine) as session:
        account = accounts.create_account(
            session, office_id=office(session), by=None, name="ก", role=Role.officer, now=NOW
        )
        token = accounts.invite(session, by=None, account_id=account.id or 0, now=NOW)
    for wrong, name in (("x", "ข"), ("somchai", "a\0b")):
        with pytest.raises((accounts.BadUsername, BadText)), db.writing(engine) as session:
            session.get_one(Account, account.id).name = ""
            accounts.join(session, token=token, now=NOW, username=wrong, name=name, password=NEW)
    with db.reading(engine) as session:
        assert accounts.check_invitation(session, token=token, now=NOW).username is None


@pytest.mark.both("bare")
def test_of_two_who_use_one_invitation_at_once_one_wins(engine: sa.Engine) -> None:
    with db.writing(engine) as session:
        account = accounts.create_account(
            session, office_id=office(session), by=None, name="ก", role=Role.officer, now=NOW
        )
        token = accounts.invite(session, by=None, account_id=account.id or 0, now=NOW)

    def use(username: str) -> bool:
        try:
            with db.writing(engine) as session:
                accounts.join(session, token=token, username=username, password=NEW, now=NOW)
        except accounts.InvitationOver:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(use, ["one", "two", "three", "four"])) == [False, False, False, True]


@pytest.mark.both("bare")
def test_the_first_administrator_is_made_once_and_names_themselves(session: Session) -> None:
    office(session)
    assert not accounts.has_admin(session)
    first = accounts.create_first_admin(session, now=NOW)
    assert accounts.create_first_admin(session, now=NOW).id == first.id
    token = accounts.invite(session, by=None, account_id=first.id or 0, now=NOW)
    with pytest.raises(NameMissing):
        accounts.join(session, token=token, username="boss", password=NEW, now=NOW)
    accounts.join(session, token=token, username="boss", name="พ.ต.อ. วิชัย", password=NEW, now=NOW)
    assert accounts.has_admin(session)
    with pytest.raises(NotYours):
        accounts.create_first_admin(session, now=NOW)
