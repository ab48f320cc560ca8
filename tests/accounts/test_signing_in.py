"""Tickets, cookies and sign-ins: how they begin, what ends them, and what a changed password leaves alive."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlmodel import Session, select

from ita_core import accounts, db
from ita_core.models import Account, AuditEntry, Invitation, Role, SignIn, Ticket
from tests.accounts.acts import HERE, NOW, OTHER, PASSWORD, actions, change_password, credential, joined, signed_in
from tests.cast import office

# --- signing in and out -----------------------------------------------------------------------------------------------


@pytest.mark.both("bare")
def test_a_ticket_becomes_a_cookie_once_within_a_minute(session: Session) -> None:
    account = joined(session, "somchai")
    late = accounts.issue_ticket(session, account_id=account.id or 0, now=NOW)
    with pytest.raises(accounts.TicketOver):
        accounts.enter(session, ticket=late, address=HERE, now=NOW + timedelta(seconds=60), hours=12)
    ticket = accounts.issue_ticket(session, account_id=account.id or 0, now=NOW)
    cookie = accounts.enter(session, ticket=ticket, address=HERE, now=NOW + timedelta(seconds=59), hours=12)
    with pytest.raises(accounts.TicketOver):
        accounts.enter(session, ticket=ticket, address=HERE, now=NOW, hours=12)
    here = accounts.find_visitor(session, token=cookie, now=NOW)
    assert here is not None
    assert (here.account_id, here.name, here.administers) == (account.id, account.name, False)
    assert accounts.find_visitor_by_public_id(session, public_id=here.sign_in_id, now=NOW) == here


@pytest.mark.both("bare")
def test_a_sign_in_ends_by_itself(session: Session) -> None:
    cookie = signed_in(session, joined(session, "somchai"))
    assert accounts.find_visitor(session, token=cookie, now=NOW + timedelta(hours=11, minutes=59))
    assert accounts.find_visitor(session, token=cookie, now=NOW + timedelta(hours=12)) is None


def test_a_sign_in_from_two_days_ahead_is_not_believed(session: Session) -> None:
    cookie = signed_in(session, joined(session, "somchai"), at=NOW + timedelta(days=2))
    assert accounts.find_visitor(session, token=cookie, now=NOW) is None


@pytest.mark.both("bare")
def test_no_token_stands_in_the_database(session: Session) -> None:
    account = joined(session, "somchai")
    invitation = accounts.invite(session, by=None, account_id=account.id or 0, now=NOW)
    ticket = accounts.issue_ticket(session, account_id=account.id or 0, now=NOW)
    cookie = signed_in(session, account)
    kept = str([session.exec(select(table)).all() for table in (Invitation, Ticket, SignIn, Account, AuditEntry)])
    assert not any(secret in kept for secret in (invitation, ticket, cookie, PASSWORD))


@pytest.mark.both("bare")
@pytest.mark.parametrize(
    "token", ["", "a" * 43, "ก", "x" * 100_000, "eyJhbGciOiJub25lIn0.eyJ1c2VybmFtZSI6ImFkbWluIn0."]
)
def test_a_cookie_that_we_did_not_give_is_nobody(session: Session, token: str) -> None:
    assert accounts.find_visitor(session, token=token, now=NOW) is None
    assert accounts.find_visitor_by_public_id(session, public_id=token, now=NOW) is None


@pytest.mark.both("bare")
def test_signing_out_ends_this_sign_in_and_everywhere_ends_all(session: Session) -> None:
    account = joined(session, "somchai")
    first, second, third = (signed_in(session, account) for _ in range(3))
    here = accounts.find_visitor(session, token=first, now=NOW)
    assert here is not None
    accounts.sign_out(session, public_id=here.sign_in_id, now=NOW)
    assert accounts.find_visitor(session, token=first, now=NOW) is None
    assert accounts.find_visitor(session, token=second, now=NOW)
    assert accounts.sign_out_everywhere(session, account=account, now=NOW) == 2
    assert accounts.find_visitor(session, token=second, now=NOW) is None
    assert accounts.find_visitor(session, token=third, now=NOW) is None


@pytest.mark.both("bare")
def test_a_changed_password_ends_the_other_sign_ins(session: Session) -> None:
    account = joined(session, "somchai")
    here, other = signed_in(session, account), signed_in(session, account)
    kept = accounts.find_visitor(session, token=here, now=NOW)
    assert kept is not None
    for stale in (accounts.Credential(None, accounts.NO_HASH), accounts.Credential(account.id, "the hash of before")):
        with pytest.raises(accounts.WrongPassword):
            accounts.set_password(session, account=account, compared=stale, new=OTHER, now=NOW)
    change_password(session, account, keep=kept.sign_in_id)
    assert accounts.find_visitor(session, token=here, now=NOW)
    assert accounts.find_visitor(session, token=other, now=NOW) is None


def test_a_disabled_account_is_out_at_once_and_comes_back_with_its_password(session: Session) -> None:
    account = joined(session, "somchai")
    cookie = signed_in(session, account)
    ticket = accounts.issue_ticket(session, account_id=account.id or 0, now=NOW)
    accounts.disable(session, by=None, account_id=account.id or 0, now=NOW)
    assert accounts.find_visitor(session, token=cookie, now=NOW) is None
    assert accounts.begin_try(session, username="somchai", address=HERE, clock=lambda: NOW).account_id is None
    with pytest.raises(accounts.TicketOver):
        accounts.enter(session, ticket=ticket, address=HERE, now=NOW, hours=12)
    accounts.enable(session, by=None, account_id=account.id or 0, now=NOW)
    assert accounts.find_visitor(session, token=cookie, now=NOW) is None
    assert accounts.begin_try(session, username="somchai", address=HERE, clock=lambda: NOW).account_id == account.id


def test_a_changed_role_and_language_hold_at_the_next_look(session: Session) -> None:
    account = joined(session, "somchai")
    cookie = signed_in(session, account)
    accounts.change_role(
        session,
        office_id=office(session),
        by=None,
        account_id=account.id or 0,
        role=Role.viewer,
        keeps_itap=True,
        now=NOW,
    )
    accounts.set_language(session, account=account, language="en", now=NOW)
    here = accounts.find_visitor(session, token=cookie, now=NOW)
    assert here is not None
    assert here.language == "en"
    [grant] = accounts.list_grants(session, account.id or 0)
    assert (grant.role, grant.keeps_itap) == (Role.viewer, True)
    accounts.set_language(session, account=account, language="../../etc", now=NOW)
    assert account.language == "th"


# --- the record -------------------------------------------------------------------------------------------------------


@pytest.mark.both("bare")
def test_naming_another_s_session_is_recorded_only_while_that_is_alive_and_another_s(session: Session) -> None:
    victim, attacker = joined(session, "victim"), joined(session, "attacker")
    theirs = accounts.find_visitor(session, token=signed_in(session, victim), now=NOW)
    mine = accounts.find_visitor(session, token=signed_in(session, attacker), now=NOW)
    assert theirs is not None
    assert mine is not None

    def note(who: accounts.Visitor | None, owner: str) -> None:
        accounts.note_intrusion(session, visitor=who, owner_id=owner, what="session", address=HERE, now=NOW)

    note(mine, theirs.sign_in_id)
    note(None, theirs.sign_in_id)
    note(mine, mine.sign_in_id)
    note(mine, "anonymous-x")
    accounts.sign_out(session, public_id=theirs.sign_in_id, now=NOW)
    note(None, theirs.sign_in_id)
    assert actions(session).count("session.refuse") == 2


# --- what a changed password ends -------------------------------------------------------------------------------------


@pytest.mark.both("bare")
@pytest.mark.parametrize("what", ["password changed", "invited anew", "disabled"])
def test_a_ticket_and_an_invitation_from_before_are_dead_after(session: Session, what: str) -> None:
    account = joined(session, "somchai")
    of = account.id or 0
    invitation, ticket = "", accounts.issue_ticket(session, account_id=of, now=NOW)
    if what == "invited anew":
        token = accounts.invite(session, by=None, account_id=of, now=NOW)
        accounts.join(session, token=token, password=OTHER, now=NOW)
    else:
        invitation = accounts.invite(session, by=None, account_id=of, now=NOW)
        if what == "disabled":
            accounts.disable(session, by=None, account_id=of, now=NOW)
            accounts.enable(session, by=None, account_id=of, now=NOW)
        else:
            change_password(session, account)
    with pytest.raises(accounts.TicketOver):
        accounts.enter(session, ticket=ticket, address=HERE, now=NOW, hours=12)
    with pytest.raises(accounts.InvitationOver):
        accounts.join(session, token=invitation, password=OTHER, now=NOW)
    assert signed_in(session, account)  # what comes after is as good as ever


def test_a_changed_role_leaves_a_ticket_alone(session: Session) -> None:
    account = joined(session, "somchai")
    ticket = accounts.issue_ticket(session, account_id=account.id or 0, now=NOW)
    accounts.change_role(
        session, office_id=office(session), by=None, account_id=account.id or 0, role=Role.viewer, now=NOW
    )
    assert accounts.enter(session, ticket=ticket, address=HERE, now=NOW, hours=12)


@pytest.mark.both("bare")
@pytest.mark.parametrize("what", ["password changed", "disabled", "the same"])
def test_a_password_that_was_right_a_moment_ago_opens_nothing(session: Session, what: str) -> None:
    """It was compared outside of every lock; meanwhile the account got another."""
    account = joined(session, "somchai")
    compared = accounts.begin_try(session, username="somchai", address=HERE, clock=lambda: NOW)
    if what == "the same":
        assert accounts.accept(session, compared=compared, username="somchai", address=HERE, now=NOW)
        return
    if what == "disabled":
        accounts.disable(session, by=None, account_id=account.id or 0, now=NOW)
    else:
        change_password(session, account)
    with pytest.raises(accounts.WrongPassword):
        accounts.accept(session, compared=compared, username="somchai", address=HERE, now=NOW)


@pytest.mark.both("bare")
def test_of_two_who_change_one_password_at_once_the_second_is_told_that_it_is_another_now(engine: sa.Engine) -> None:
    with db.writing(engine) as session:
        account = joined(session, "somchai")
        compared = credential(account)

    def change(_number: int) -> bool:
        try:
            with db.writing(engine) as session:
                theirs = session.get_one(Account, account.id)
                new = accounts.NewPassword(f"hash {_number}")
                accounts.set_password(session, account=theirs, compared=compared, new=new, now=NOW)
        except accounts.WrongPassword:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(change, range(4))) == [False, False, False, True]
