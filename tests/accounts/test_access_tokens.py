"""Tokens of programs and calendars: what is kept of them, for how long, and what of it the record says."""

from datetime import date, timedelta

import pytest
from sqlmodel import Session, select

from ita_core import accounts
from ita_core.accounts.tokens import hash_token
from ita_core.errors import BadText
from ita_core.models import AccessToken, AuditEntry, Role, TokenKind
from tests.accounts.acts import (
    HERE,
    NOW,
    actions,
    change_password,
    credential,
    joined,
    make_calendar_address,
    make_token,
)
from tests.cast import office


def test_making_and_ending_stand_in_the_record_by_name_and_day(session: Session):
    usa = joined(session, "usa")
    before = len(actions(session))
    make_token(session, usa, name="  รายงาน  จังหวัด ", days=30)
    make_calendar_address(session, usa)
    calendar, read = accounts.list_tokens(session, usa.id or 0, NOW)
    for one in (read, calendar, read):  # once more is nothing more
        accounts.end_token(session, account=usa, token_id=one.id, now=NOW)
    assert actions(session)[before:] == [
        "token.make_read", "token.make_calendar", "token.end_read", "token.end_calendar",
    ]  # fmt: skip
    made = session.exec(select(AuditEntry).where(AuditEntry.action == "token.make_read")).one()
    assert made.detail == {"token": read.id, "name": "รายงาน จังหวัด", "until": (NOW + timedelta(days=30)).isoformat()}
    assert accounts.list_tokens(session, usa.id or 0, NOW) == []


def test_only_the_hash_is_kept(session: Session):
    token = make_token(session, joined(session, "usa"))
    assert session.exec(select(AccessToken.token_hash)).all() == [hash_token(token)]


@pytest.mark.parametrize("name", ["", "   ", "\n", "x" * 61])
def test_a_token_has_a_name_on_one_line(session: Session, name: str):
    with pytest.raises(accounts.NoTokenName):
        make_token(session, joined(session, "usa"), name=name, days=30)


def test_a_name_that_would_be_shown_falsely_is_refused(session: Session):
    with pytest.raises(BadText):
        make_token(session, joined(session, "usa"), name="a\u202eb", days=30)


def test_a_disabled_account_makes_none(session: Session):
    usa = joined(session, "usa")
    accounts.disable(session, by=None, account_id=usa.id or 0, now=NOW)
    for make in (make_token, make_calendar_address):
        with pytest.raises(accounts.WrongPassword):
            make(session, usa)


def test_none_is_made_unless_the_account_s_own_password_of_now_was_shown(session: Session):
    usa, other = joined(session, "usa"), joined(session, "somchai")
    before = credential(usa)
    change_password(session, usa)
    nobody = accounts.Credential(None, accounts.NO_HASH)
    written = len(actions(session))
    for compared in (before, credential(other), nobody, accounts.Credential(usa.id, accounts.NO_HASH)):
        with pytest.raises(accounts.WrongPassword):
            accounts.make_token(session, account=usa, compared=compared, name="n", days=30, now=NOW)
        with pytest.raises(accounts.WrongPassword):
            accounts.make_calendar_address(session, account=usa, compared=compared, now=NOW)
    assert not session.exec(select(AccessToken)).all()
    assert len(actions(session)) == written
    make_calendar_address(session, usa)


def test_whoever_has_no_password_makes_none(session: Session):
    """A provider lets them in: an open screen would be all that is asked for."""
    usa = joined(session, "usa")
    usa.password_hash = None
    session.add(usa)
    session.flush()
    for make in (make_token, make_calendar_address):
        with pytest.raises(accounts.WrongPassword):
            make(session, usa)


def test_each_kind_opens_its_own_door(session: Session):
    usa = joined(session, "usa")
    read = make_token(session, usa)
    calendar = make_calendar_address(session, usa)
    for token, kind in ((read, TokenKind.read), (calendar, TokenKind.calendar)):
        found = accounts.find_holder(session, token=token, kind=kind, now=NOW)
        assert found
        assert (found.visitor.account_id, found.visitor.sign_in_id, found.last_on) == (usa.id, "", None)
        other = next(one for one in TokenKind if one is not kind)
        assert accounts.find_holder(session, token=token, kind=other, now=NOW) is None


def test_a_calendar_s_address_holds_until_it_is_ended(session: Session):
    token = make_calendar_address(session, joined(session, "usa"))
    later = NOW + timedelta(days=2000)
    assert accounts.find_holder(session, token=token, kind=TokenKind.calendar, now=later)


def test_the_first_and_the_last_day_of_use_are_kept(session: Session):
    usa = joined(session, "usa")
    make_token(session, usa)
    [one] = accounts.list_tokens(session, usa.id or 0, NOW)
    for day in (date(2025, 3, 15), date(2025, 3, 18), date(2025, 3, 16)):  # a second process may be a little behind
        accounts.note_token_use(session, token_id=one.id, day=day)
    [one] = accounts.list_tokens(session, usa.id or 0, NOW)
    assert (one.first_on, one.last_on) == (date(2025, 3, 15), date(2025, 3, 18))


def test_the_waiting_of_wrong_tokens_ends(session: Session):
    for number in range(40):
        try:
            accounts.count_wrong_token(session, address="10.0.0.7", now=NOW + timedelta(milliseconds=number))
        except accounts.TooManyTries:
            break
    assert number == 20
    assert accounts.wait_before_next_token(session, address="10.0.0.8", now=NOW + timedelta(seconds=1)) == 0
    assert accounts.wait_before_next_token(session, address="10.0.0.7", now=NOW + timedelta(hours=2)) == 0


@pytest.mark.both("bare")
@pytest.mark.parametrize("kind", list(TokenKind))
def test_where_a_second_factor_is_demanded_only_what_was_made_with_one_reads_on(session: Session, kind: TokenKind):
    usa = joined(session, "usa")
    of, made = usa.id or 0, {}
    for by_two in (False, True):  # the provider may have asked for it: there is none of ours
        ticket = accounts.issue_ticket(session, account_id=of, now=NOW, by_two=by_two)
        cookie = accounts.enter(session, ticket=ticket, address=HERE, now=NOW, hours=12)
        visitor = accounts.find_visitor(session, token=cookie, now=NOW)
        assert visitor
        if kind is TokenKind.read:
            made[by_two] = make_token(session, usa, made_in=visitor.sign_in_id)
        elif by_two:  # there is one calendar address only
            made[by_two] = make_calendar_address(session, usa, made_in=visitor.sign_in_id)
    if kind is TokenKind.calendar:
        made[False] = make_calendar_address(session, joined(session, "somchai"))

    def reads(by_two: bool) -> bool:
        return accounts.find_holder(session, token=made[by_two], kind=kind, now=NOW) is not None

    assert (reads(False), reads(True)) == (True, True)
    demand = {"by": None, "office_id": office(session), "now": NOW}
    accounts.demand(session, roles=frozenset({Role.officer}), **demand)
    assert (reads(False), reads(True)) == (False, True)
    accounts.demand(session, roles=frozenset(), **demand)
    assert reads(False)
