"""A forgotten password: the link that goes to a proved address, what ends it, and how many there may be."""

from datetime import timedelta

import pytest
from sqlmodel import Session, select

from ita_core import accounts
from ita_core.accounts import resetting
from ita_core.models import Account, AuditEntry, Channel, ChannelAddress, Invitation, Role
from tests.accounts.acts import NEW, NOW, OTHER, actions, change_password, joined, signed_in

MAIL = "somchai@example.go.th"


def prove(session: Session, account: Account, value: str = MAIL, channel: Channel = Channel.mail) -> None:
    session.add(
        ChannelAddress(account_id=account.id or 0, channel=channel, value=value, salt=str(account.id), proved_at=NOW)
    )
    session.flush()


def proved(session: Session, username: str = "somchai") -> Account:
    account = joined(session, username)
    prove(session, account)
    return account


def link(session: Session, account: Account) -> str:
    made = accounts.make_reset(session, account_id=account.id or 0, now=NOW)
    assert made is not None
    return made.token


@pytest.mark.both("bare")
def test_a_link_sets_a_new_password_once_and_every_sign_in_ends(session: Session) -> None:
    account = proved(session)
    cookie = signed_in(session, account)
    made = accounts.make_reset(session, account_id=account.id or 0, now=NOW)
    assert made is not None
    assert (made.mail, made.username) == (MAIL, "somchai")
    assert accounts.check_invitation(session, token=made.token, now=NOW).by_mail
    accounts.join(session, token=made.token, password=OTHER, now=NOW)
    assert account.password_hash == OTHER.password_hash
    assert accounts.find_visitor(session, token=cookie, now=NOW) is None
    assert actions(session)[-1] == "account.reset_password"
    for _again in range(2):
        with pytest.raises(accounts.ResetOver):
            accounts.join(session, token=made.token, password=NEW, now=NOW)
    assert made.token not in str([session.exec(select(one)).all() for one in (Invitation, AuditEntry)])


@pytest.mark.both("bare")
@pytest.mark.parametrize("what", ["time", "newer", "password changed", "disabled", "slip"])
def test_a_link_ends_with_time_a_newer_one_another_password_or_the_account(session: Session, what: str) -> None:
    account = proved(session)
    of, token, at = account.id or 0, link(session, account), NOW
    if what == "time":
        at += timedelta(minutes=accounts.RESET_MINUTES)
    elif what == "newer":
        link(session, account)
    elif what == "password changed":
        change_password(session, account)
    elif what == "slip":
        accounts.invite(session, by=None, account_id=of, now=NOW)
    else:
        accounts.disable(session, by=None, account_id=of, now=NOW)
        accounts.enable(session, by=None, account_id=of, now=NOW)
    with pytest.raises(accounts.ResetOver):
        accounts.join(session, token=token, password=NEW, now=at)


def test_a_disabled_account_s_link_opens_nothing_either(session: Session) -> None:
    account = proved(session)
    token = link(session, account)
    account.disabled = True
    with pytest.raises(accounts.InvitationOver):
        accounts.join(session, token=token, password=NEW, now=NOW)


def test_a_link_asked_for_in_somebody_s_name_ends_no_slip_of_the_administrator(session: Session) -> None:
    account = proved(session)
    slip = accounts.invite(session, by=None, account_id=account.id or 0, now=NOW)
    prove(session, account)  # the slip ended the one of before
    link(session, account)
    assert accounts.join(session, token=slip, password=OTHER, now=NOW)


@pytest.mark.parametrize("what", ["no address", "ended address", "disabled", "not joined", "nobody"])
def test_nobody_else_gets_one(session: Session, what: str) -> None:
    account = joined(session, "somchai")
    of = account.id or 0
    if what != "no address":
        prove(session, account)
    if what == "ended address":
        session.exec(select(ChannelAddress)).one().ended_at = NOW
    elif what == "disabled":
        account.disabled = True
    elif what == "not joined":
        account.password_hash = None
    session.flush()
    of = 999_999 if what == "nobody" else of
    assert accounts.make_reset(session, account_id=of, now=NOW) is None
    assert session.exec(select(Invitation).where(Invitation.by_mail)).all() == []


@pytest.mark.both("bare")
def test_nobody_is_written_to_without_end(session: Session) -> None:
    account, other = proved(session), proved(session, "other")
    of = account.id or 0
    made = [accounts.make_reset(session, account_id=of, now=NOW) for _each in range(10)]
    assert sum(one is not None for one in made) == resetting.IN_HOUR
    assert accounts.make_reset(session, account_id=other.id or 0, now=NOW)
    hours = [
        accounts.make_reset(session, account_id=of, now=NOW + timedelta(minutes=10 * step)) for step in range(6, 143)
    ]
    assert sum(one is not None for one in hours) == resetting.IN_DAY - resetting.IN_HOUR
    tomorrow = NOW + timedelta(days=1, minutes=1)
    assert accounts.make_reset(session, account_id=of, now=tomorrow)


def test_no_more_than_so_many_go_out_in_all(session: Session) -> None:
    everybody = [proved(session, f"name{number}") for number in range(resetting.IN_ALL_IN_HOUR + 3)]
    made = [accounts.make_reset(session, account_id=one.id or 0, now=NOW) for one in everybody]
    assert sum(one is not None for one in made) == resetting.IN_ALL_IN_HOUR


def test_a_name_or_a_proved_address_says_who_is_meant(session: Session) -> None:
    first, second = proved(session, "somchai"), proved(session, "somchai-admin")
    unproved = joined(session, "usa")
    assert accounts.accounts_asked(session, " Somchai ") == [first.id]
    assert accounts.accounts_asked(session, MAIL.upper()) == [first.id, second.id]
    assert accounts.accounts_asked(session, "usa") == [unproved.id]
    for nobody in ("", "nobody", "nobody@example.go.th", "ก" * 1000, "' OR 1=1 --", "a@b@c", "%"):
        assert accounts.accounts_asked(session, nobody) == []


def test_asking_is_slowed_by_network_and_in_all(session: Session) -> None:
    asked = 0
    with pytest.raises(accounts.TooManyAsks):
        for _each in range(100):
            accounts.count_reset(session, address="2001:db8::1", clock=lambda: NOW)
            asked += 1
    assert asked == 10
    with pytest.raises(accounts.TooManyAsks):  # the same customer's line
        accounts.count_reset(session, address="2001:db8::ffff", clock=lambda: NOW)
    with pytest.raises(accounts.TooManyAsks):
        for number in range(1000):
            accounts.count_reset(session, address=f"10.1.{number // 250}.{number % 250}", clock=lambda: NOW)
            asked += 1
    assert asked == 300
    # Nobody's passwords are slowed by it.
    assert accounts.wait_before_next_try(session, username="somchai", address="2001:db8::1", now=NOW) == 0


def test_the_second_step_is_asked_for_after_a_new_password(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ita_core.accounts.signing_in.has_factor", lambda _session, _account: True)
    account = proved(session)
    token = link(session, account)
    joined_again = accounts.join(session, token=token, password=OTHER, now=NOW)
    assert not accounts.pass_first_step(session, account_id=joined_again.id or 0, now=NOW).whole


def test_an_administrator_s_link_is_one_like_any_other(session: Session) -> None:
    account = joined(session, "boss", Role.admin)
    prove(session, account, "boss@example.go.th")
    assert accounts.join(session, token=link(session, account), password=OTHER, now=NOW).id == account.id


@pytest.mark.both("bare")
def test_a_thief_s_mail_address_ends_with_the_administrator_s_slip_and_lets_nobody_back_in(session: Session) -> None:
    """Whoever knew the password proved their own address; the owner gets a slip, and nothing goes to the thief."""
    admin, account = joined(session, "admin", Role.admin), proved(session)
    of = account.id or 0
    prove(session, account, "U" + "a" * 32, Channel.line)
    slip = accounts.invite(session, by=admin, account_id=of, now=NOW)
    assert accounts.list_addresses(session, of) == []
    assert accounts.make_reset(session, account_id=of, now=NOW) is None
    prove(session, account)  # again, with the password that holds still
    prove(session, account, "U" + "a" * 32, Channel.line)
    accounts.join(session, token=slip, password=OTHER, now=NOW)
    assert accounts.list_addresses(session, of) == []
    assert accounts.make_reset(session, account_id=of, now=NOW) is None


def test_the_owner_s_own_address_stays_with_a_link_that_went_there_and_another_password(session: Session) -> None:
    account = proved(session)
    accounts.join(session, token=link(session, account), password=OTHER, now=NOW)
    change_password(session, account)
    assert accounts.proved_mail(session, account.id or 0) == MAIL


def test_a_mail_address_ends_with_disabling_and_stays_ended(session: Session) -> None:
    account = proved(session)
    prove(session, account, "U" + "a" * 32, Channel.line)
    accounts.disable(session, by=None, account_id=account.id or 0, now=NOW)
    accounts.enable(session, by=None, account_id=account.id or 0, now=NOW)
    assert accounts.list_addresses(session, account.id or 0) == []
    assert MAIL not in str(session.exec(select(ChannelAddress)).all())


def test_whoever_asks_too_often_is_told_of_links_and_not_of_wrong_tries(session: Session) -> None:
    says = str(accounts.TooManyAsks(seconds=5))
    assert "links" in says
    assert "wrong" not in says
