"""The browsers that an account is signed in with: what their owner is told, and what ends them."""

from datetime import timedelta

import pytest
from sqlmodel import Session, select

from ita_core import accounts
from ita_core.accounts import browsers, signed_in
from ita_core.errors import NotFound, NotYours
from ita_core.models import Account, AuditEntry, Channel, ChannelAddress, LastSeen, Role, SignIn
from tests.accounts import acts
from tests.accounts.acts import HERE, NOW, actions, joined, make_calendar_address, make_token
from tests.cast import office

PHONE = "Mozilla/5.0 (Linux; Android 14; SM-A546E) AppleWebKit/537.36 (KHTML, like Gecko) {} Mobile Safari/537.36"


@pytest.fixture(autouse=True)
def _nothing_noted() -> None:
    signed_in._noted.clear()
    signed_in._written.clear()


def visitor(session: Session, token: str) -> accounts.Visitor:
    found = accounts.find_visitor(session, token=token, now=NOW)
    assert found is not None
    return found


def listed(session: Session, account: Account, token: str) -> list[accounts.SignedIn]:
    here = visitor(session, token).sign_in_id
    return accounts.list_signed_in(session, account=account, public_id=here, now=NOW)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 "
         "Safari/537.36", "Chrome, Windows"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 "
         "Safari/537.36 Edg/131.0.0.0", "Edge, Windows"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 "
         "Safari/605.1.15", "Safari, macOS"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
         "Version/18.1 Mobile/15E148 Safari/604.1", "Safari, iPhone"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
         "CriOS/131.0.6778.73 Mobile/15E148 Safari/604.1", "Chrome, iPhone"),
        (PHONE.format("Chrome/131.0.0.0"), "Chrome, Android"),
        (PHONE.format("SamsungBrowser/27.0 Chrome/125.0.0.0"), "Samsung Internet, Android"),
        (PHONE.format("Chrome/131.0.0.0") + " Line/14.19.2/IAB", "LINE, Android"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0", "Firefox, Linux"),
        ("Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 Chrome/131.0.0.0 Safari/537.36",
         "Chrome, ChromeOS"),
        ("curl/8.5.0", ""), ("", ""), ("<script>alert(1)</script> Chrome/", "Chrome"), ("x" * 5000 + "Chrome/", ""),
    ],
)  # fmt: skip
def test_a_browser_is_told_in_two_words_whatever_it_says(said: str, told: str) -> None:
    assert browsers.told(said) == told


def test_each_browser_is_told_with_when_it_came_and_was_used_and_the_one_here_is_marked(session: Session) -> None:
    account, other = joined(session, "somchai"), joined(session, "usa")
    acts.signed_in(session, other)
    ended = acts.signed_in(session, account, NOW - timedelta(hours=3))
    accounts.sign_out(session, public_id=visitor(session, ended).sign_in_id, now=NOW)
    acts.signed_in(session, account, NOW - timedelta(hours=13))  # over by itself
    first = acts.signed_in(session, account, NOW - timedelta(hours=2))
    ticket = accounts.issue_ticket(session, account_id=account.id or 0, now=NOW)
    here = accounts.enter(session, ticket=ticket, address="10.0.0.9", now=NOW, hours=12, browser="Chrome, Windows")
    found = listed(session, account, here)
    assert [(one.here, one.browser, one.address) for one in found] == [
        (True, "Chrome, Windows", "10.0.0.9"), (False, "", HERE),
    ]  # fmt: skip
    assert found[1].since == found[1].seen == NOW - timedelta(hours=2)
    accounts.note_use(visitor(session, first).sign_in_id, NOW - timedelta(hours=1))
    assert listed(session, account, here)[1].seen == NOW - timedelta(hours=1)  # before it is written, too
    accounts.write_use(session)
    assert listed(session, account, here)[1].seen == NOW - timedelta(hours=1)


def test_use_is_written_for_all_at_once_and_not_again_within_some_minutes(session: Session) -> None:
    account = joined(session, "somchai")
    mine = [visitor(session, acts.signed_in(session, account)).sign_in_id for _number in range(3)]
    before = len(actions(session))
    for _request in range(100):
        for one in mine:
            accounts.note_use(one, NOW)
    assert accounts.has_use_to_write()
    accounts.write_use(session)
    session.flush()
    assert [row.at for row in session.exec(select(LastSeen))] == [NOW] * 3
    assert not accounts.has_use_to_write()
    accounts.note_use(mine[0], NOW + timedelta(minutes=4))
    assert not accounts.has_use_to_write()
    accounts.note_use(mine[0], NOW + timedelta(minutes=5))
    accounts.note_use("no such sign-in", NOW)
    accounts.write_use(session)
    session.flush()
    assert sorted(row.at for row in session.exec(select(LastSeen))) == [NOW, NOW, NOW + timedelta(minutes=5)]
    assert len(actions(session)) == before  # no entry of the audit for it


def test_what_waits_to_be_written_is_bounded() -> None:
    for number in range(signed_in.MOST_NOTED + 10):
        accounts.note_use(f"id {number}", NOW)
    assert len(signed_in._noted) == signed_in.MOST_NOTED


@pytest.mark.both("bare")
def test_one_is_ended_and_the_others_stay(session: Session) -> None:
    account = joined(session, "somchai")
    here, there = acts.signed_in(session, account), acts.signed_in(session, account)
    [_mine, other] = listed(session, account, here)
    for _press in range(2):  # the second is nothing more
        accounts.end_one(session, account=account, sign_in_id=other.id, now=NOW)
    assert accounts.find_visitor(session, token=there, now=NOW) is None
    assert accounts.find_visitor(session, token=here, now=NOW)
    assert actions(session).count("session.end") == 1


def test_another_s_is_nobody_s_to_end(session: Session) -> None:
    account, other = joined(session, "somchai"), joined(session, "usa")
    theirs = acts.signed_in(session, other)
    number = session.exec(select(SignIn.id)).one()
    for one in (number, 10**6):
        with pytest.raises(NotFound):
            accounts.end_one(session, account=account, sign_in_id=one or 0, now=NOW)
    assert accounts.find_visitor(session, token=theirs, now=NOW)


@pytest.mark.both("bare")
def test_an_administrator_ends_all_of_an_account_and_its_tickets_and_nobody_else_does(session: Session) -> None:
    admin, account = joined(session, "admin", Role.admin), joined(session, "somchai")
    tokens = [acts.signed_in(session, account) for _number in range(2)]
    ticket = accounts.issue_ticket(session, account_id=account.id or 0, now=NOW)
    invitation = accounts.invite(session, by=admin, account_id=account.id or 0, now=NOW)
    with pytest.raises(NotYours):
        accounts.end_all_of(session, by=account, account_id=admin.id or 0, now=NOW)
    assert accounts.end_all_of(session, by=admin, account_id=account.id or 0, now=NOW) == 2
    assert not any(accounts.find_visitor(session, token=one, now=NOW) for one in tokens)
    with pytest.raises(accounts.TicketOver):
        accounts.enter(session, ticket=ticket, address=HERE, now=NOW, hours=12)
    assert accounts.check_invitation(session, token=invitation, now=NOW)  # the way in that was just given stays
    entry = session.exec(select(AuditEntry).order_by(AuditEntry.number.desc())).first()
    assert entry is not None
    assert (entry.action, entry.account_id, entry.detail["ended"]) == ("session.end_all", admin.id, 2)


def test_signing_out_everywhere_ends_a_ticket_too(session: Session) -> None:
    account = joined(session, "somchai")
    ticket = accounts.issue_ticket(session, account_id=account.id or 0, now=NOW)
    accounts.sign_out_everywhere(session, account=account, now=NOW)
    with pytest.raises(accounts.TicketOver):
        accounts.enter(session, ticket=ticket, address=HERE, now=NOW, hours=12)


@pytest.mark.both("bare")
def test_what_ended_long_ago_is_forgotten_with_its_address_and_what_holds_is_not(session: Session) -> None:
    account = joined(session, "somchai")
    old = acts.signed_in(session, account, NOW - timedelta(days=accounts.KEPT_DAYS, hours=13))
    accounts.note_use(session.exec(select(SignIn.public_id)).one(), NOW - timedelta(days=accounts.KEPT_DAYS + 1))
    accounts.write_use(session)
    recent = acts.signed_in(session, account, NOW - timedelta(days=accounts.KEPT_DAYS - 1))
    here = acts.signed_in(session, account)
    accounts.forget_ended(session, NOW)
    session.flush()
    left = session.exec(select(SignIn.token_hash)).all()
    hashes = [accounts.tokens.hash_token(one) for one in (old, recent, here)]
    assert sorted(left) == sorted(hashes[1:])
    assert not session.exec(select(LastSeen)).all()
    assert accounts.find_visitor(session, token=here, now=NOW)


@pytest.mark.both("bare")
def test_a_name_at_the_provider_is_one_account_s_and_the_administrator_s_to_give(session: Session) -> None:
    admin, one, other = joined(session, "admin", Role.admin), joined(session, "somchai"), joined(session, "usa")

    def give(by: Account | None, to: Account, name: str) -> None:
        accounts.set_provider_name(session, by=by, account_id=to.id or 0, name=name, now=NOW)

    with pytest.raises(NotYours):
        give(one, one, "somchai.k")
    give(admin, one, " somchai.k ")
    assert one.provider_name == "somchai.k"
    with pytest.raises(accounts.ProviderNameTaken):
        give(admin, other, "somchai.k")
    give(admin, other, "SOMCHAI.K")  # another name, letter by letter
    for bad in ("x" * 256, "a\nb", "a\u200bb", "\0"):
        with pytest.raises(accounts.BadProviderName):
            give(admin, one, bad)
    give(admin, one, "Somchai@Office.go.th")
    assert one.provider_name == "somchai@office.go.th"
    cookie, before = acts.signed_in(session, one), len(actions(session))
    give(admin, one, "somchai@office.go.th")  # the same again
    assert accounts.find_visitor(session, token=cookie, now=NOW)
    assert len(actions(session)) == before
    give(admin, one, "")
    assert one.provider_name is None
    assert accounts.find_visitor(session, token=cookie, now=NOW) is None
    give(admin, other, "")  # nobody's may be several accounts'
    names = [entry.detail for entry in session.exec(select(AuditEntry)) if entry.action == "account.name_at_provider"]
    assert "somchai" not in str(names).lower()


@pytest.mark.both("bare")
def test_signing_out_on_every_device_ends_tokens_and_links_whoever_presses_it(session: Session) -> None:
    admin = joined(session, "admin", Role.admin)
    for press in ("the administrator", "the owner"):
        account = joined(session, "somchai" if press == "the owner" else "usa")
        of = account.id or 0
        address = ChannelAddress(account_id=of, channel=Channel.mail, value="a@b.go.th", salt=str(of), proved_at=NOW)
        session.add(address)
        make_token(session, account)
        make_calendar_address(session, account)
        reset = accounts.make_reset(session, account_id=of, now=NOW)
        code = accounts.begin_line_proof(session, account_id=of, now=NOW)
        assert reset
        if press == "the owner":
            slip = accounts.invite(session, by=admin, account_id=of, now=NOW)
            accounts.sign_out_everywhere(session, account=account, now=NOW)
            with pytest.raises(accounts.InvitationOver):
                accounts.check_invitation(session, token=slip, now=NOW)
        else:
            accounts.end_all_of(session, by=admin, account_id=of, now=NOW)
        assert accounts.list_tokens(session, of, NOW) == []
        assert accounts.prove_line(session, text=code, line_user="U" + "a" * 32, now=NOW) is None
        with pytest.raises(accounts.ResetOver):
            accounts.check_invitation(session, token=reset.token, now=NOW)


def test_a_line_code_from_before_another_password_links_nobody(session: Session) -> None:
    account = joined(session, "somchai")
    code = accounts.begin_line_proof(session, account_id=account.id or 0, now=NOW)
    acts.change_password(session, account)
    assert not accounts.is_line_code(session, text=code, now=NOW)
    assert accounts.prove_line(session, text=code, line_user="U" + "a" * 32, now=NOW) is None


def test_the_name_at_the_provider_leaves_the_slip_of_whoever_has_not_joined(session: Session) -> None:
    admin = joined(session, "admin", Role.admin)
    new = accounts.create_account(
        session, office_id=office(session), by=admin, name="ร.ต.อ. ใหม่", role=Role.officer, now=NOW
    )
    both = [new, joined(session, "somchai")]
    slips = [accounts.invite(session, by=admin, account_id=one.id or 0, now=NOW) for one in both]
    for one in both:
        accounts.set_provider_name(session, by=admin, account_id=one.id or 0, name=f"name {one.id}", now=NOW)
    assert accounts.check_invitation(session, token=slips[0], now=NOW).account_id == new.id
    with pytest.raises(accounts.InvitationOver):
        accounts.check_invitation(session, token=slips[1], now=NOW)
