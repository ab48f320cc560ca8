"""Attacks on the second step and on links for a forgotten password, at the routes and the sender as they run."""

import logging
import queue
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pyotp
import pytest
import sqlalchemy as sa
from sqlalchemy import event
from sqlmodel import select

from ita_core import accounts, db, settings
from ita_core.channels import mail
from ita_core.channels.faults import ServerAway
from ita_core.errors import DatabaseBusy
from ita_core.models import Account, AuditEntry, Channel, ChannelAddress, Role
from ita_core.web import resets
from ita_core.web.gate import COOKIE
from tests.asking import ORIGIN, client
from tests.cast import Cast, office
from tests.channels.conftest import Setting, setting  # noqa: F401 - a fixture
from tests.channels.post_office import PostOffice, post_office

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
MAIL = "usa@example.go.th"


@pytest.fixture
def cast(at_work: Cast) -> Cast:
    """They have passwords; nobody types one here."""
    with db.writing() as session:
        for one in (at_work.usa, at_work.pattama):
            session.get_one(Account, one).password_hash = accounts.NO_HASH
    return at_work


def enrol(account_id: int) -> list[str]:
    now = datetime.now(UTC)
    with db.writing() as session:
        account = session.get_one(Account, account_id)
        return accounts.enrol(
            session, account=account, compared=accounts.Credential(account_id, account.password_hash or ""),
            secret=SECRET, typed=pyotp.TOTP(SECRET).at(now), now=now,
        )  # fmt: skip


def half(account_id: int) -> str:
    with db.writing() as session:
        passed = accounts.pass_first_step(session, account_id=account_id, now=datetime.now(UTC))
    assert not passed.whole
    return passed.token


# --- the second step --------------------------------------------------------------------------------------------------


def test_half_a_sign_in_is_no_ticket_and_no_cookie_for_any_route(cast: Cast):
    enrol(cast.usa)
    token = half(cast.usa)
    browser = client(cast, "")
    answer = browser.post("/auth/enter", json={"ticket": token}, headers=ORIGIN)
    assert answer.status_code == 403
    assert COOKIE not in answer.cookies
    browser.cookies.set(COOKIE, token)
    assert (
        browser.get("/export/items?format=csv").status_code
        == client(cast, "").get("/export/items?format=csv").status_code
    )
    with db.reading() as session:
        assert accounts.find_visitor(session, token=token, now=datetime.now(UTC)) is None


def test_whoever_must_set_one_up_is_given_nothing_by_any_route_before(cast: Cast):
    browser = client(cast, "usa")
    asked = "/documents/report"
    with db.writing() as session:
        accounts.demand(
            session, by=None, office_id=office(session), roles=frozenset({Role.officer}), now=datetime.now(UTC)
        )
    nobody = client(cast, "")
    for path in (asked, "/evidence/1", "/uploads", "/packs/1", "/media/x"):
        for method in ("GET", "POST"):
            mine = browser.request(method, path, headers=ORIGIN)
            others = nobody.request(method, path, headers=ORIGIN)
            assert (mine.status_code, mine.content) == (others.status_code, others.content), (method, path)
    assert browser.post("/auth/leave", json={}, headers=ORIGIN).status_code == 204  # the door itself is theirs
    with db.reading() as session:
        assert accounts.find_visitor(session, token=browser.cookies.get(COOKIE, ""), now=datetime.now(UTC)) is None


# --- a forgotten password ---------------------------------------------------------------------------------------------


@pytest.fixture
def posted(cast: Cast, setting: Setting) -> Iterator[PostOffice]:  # noqa: F811
    """A real mail server, and Usa's address proved."""
    with post_office() as made:
        setting(
            mail_host="127.0.0.1", mail_port=made.port, mail_security="none", mail_from="ITA <ita@example.go.th>",
            public_url="https://ita.example.go.th",
        )  # fmt: skip
        with db.writing() as session:
            proved = {"channel": Channel.mail, "value": MAIL, "salt": "s", "proved_at": datetime.now(UTC)}
            session.add(ChannelAddress(account_id=cast.usa, **proved))
        yield made


def statements(act: Any) -> list[str]:
    """What an act asks of the database in this thread, in order."""
    said: list[str] = []
    here = threading.get_ident()

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if threading.get_ident() == here:
            said.append(statement)

    event.listen(db.engine(), "before_cursor_execute", note)
    try:
        act()
    finally:
        event.remove(db.engine(), "before_cursor_execute", note)
    return said


def test_asking_does_the_same_work_whoever_it_is_for(posted: PostOffice, monkeypatch: pytest.MonkeyPatch):
    """Not by the clock, which tells little in a test: the same statements, and nobody is looked up among them."""
    monkeypatch.setattr(resets, "_work", lambda: None)
    monkeypatch.setattr(resets, "_waiting", queue.Queue(resets.MOST_WAITING))
    asked = ["usa", "pattama", "nobody-here", MAIL, "nobody@example.go.th", "ก" * 200]
    done = [statements(lambda one=one: resets.ask(one, "10.0.0.9")) for one in asked]
    assert all(one == done[0] for one in done)
    assert not [one for one in done[0] if "channeladdress" in one or "FROM account" in one]
    with db.reading() as session:
        entries = session.exec(select(AuditEntry).where(AuditEntry.action == "account.ask_reset")).all()
        assert len({(one.subject, one.actor, one.account_id) for one in entries}) == 1


def test_nothing_is_sent_in_the_time_of_whoever_asks(posted: PostOffice, monkeypatch: pytest.MonkeyPatch):
    """A mail server that hangs does not hold up the answer, nor the other who asks."""
    hangs, let = threading.Event(), threading.Event()

    def hang(*_mail: object, **_more: object) -> None:
        hangs.set()
        assert not db.holds_the_write_lock()
        let.wait(30)

    monkeypatch.setattr(mail, "send_mail", hang)
    monkeypatch.setattr(resets, "PAUSE", 0.0)
    resets.ask("usa", "10.0.0.9")
    assert hangs.wait(10)
    resets.ask("usa", "10.0.0.9")
    with db.writing() as session:  # nor does it hold the lock
        session.exec(sa.select(1))
    let.set()
    resets._waiting.join()


def test_the_link_arrives_by_a_real_server_and_only_where_an_address_was_proved(
    posted: PostOffice, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(resets, "PAUSE", 0.0)
    caplog.set_level(logging.DEBUG)
    for asked in ("usa", "pattama", "nobody-here"):
        resets.ask(asked, "10.0.0.9")
    resets._waiting.join()
    assert posted.recipients == [MAIL]
    text = posted.mails[0].get_content()
    [link] = [line for line in text.splitlines() if "?invite=" in line]
    token = link.removeprefix("https://ita.example.go.th/?invite=")
    with db.reading() as session:
        assert accounts.check_invitation(session, token=token, now=datetime.now(UTC)).by_mail
    ours = " ".join(
        one.getMessage() for one in caplog.records if one.name not in {"mail.log", "mail.debug"}
    )  # the server
    assert token not in ours
    assert MAIL not in ours


def test_no_mail_cannon_however_often_somebody_asks(posted: PostOffice, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(resets, "PAUSE", 0.0)
    refused = 0
    for number in range(60):
        try:
            resets.ask("usa" if number % 2 else MAIL, f"10.0.0.{number % 20}")
        except (accounts.TooManyTries, DatabaseBusy):
            refused += 1
    resets._waiting.join()
    assert len(posted.mails) == 3
    assert refused == 0  # they are told the same as ever: what they sent for is not theirs to know


def test_whoever_waits_is_bounded(posted: PostOffice, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(resets, "_work", lambda: None)
    monkeypatch.setattr(resets, "_waiting", queue.Queue(resets.MOST_WAITING))
    with pytest.raises(DatabaseBusy):
        for number in range(resets.MOST_WAITING + 1):
            resets.ask("usa", f"10.2.0.{number}")


def test_a_mail_server_that_is_away_is_tried_once_more_and_then_given_up(
    posted: PostOffice, monkeypatch: pytest.MonkeyPatch
):
    tried = []

    def away(*_mail: object, **_more: object) -> None:
        tried.append(time.monotonic())
        raise ServerAway

    monkeypatch.setattr(mail, "send_mail", away)
    monkeypatch.setattr(resets, "AGAIN_AFTER", 0.01)
    assert resets.answer("usa") == 0
    assert len(tried) == 2


def test_no_link_is_sent_where_the_server_does_not_know_its_own_address(posted: PostOffice, setting: Setting):  # noqa: F811
    """A link made from what a request names as host could lead to anybody."""
    assert resets.are_sent()
    setting(public_url="")
    assert not resets.are_sent()
    setting(public_url="https://ita.example.go.th", mail_host="")
    assert not resets.are_sent()
    assert settings.settings().mail_host == ""


def test_a_link_leaves_no_trace_in_what_a_browser_tells_others(cast: Cast):
    answer = client(cast, "").get("/?invite=" + "a" * 43, headers={"Accept": "text/html"})
    assert answer.headers["Referrer-Policy"] == "same-origin"
