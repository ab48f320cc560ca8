"""Signing in at the real server, and what changes while somebody is signed in."""

import json
from datetime import UTC, datetime

import httpx
import pytest
import sqlalchemy as sa

from ita_core import accounts, db, queries
from ita_core.models import Account, Role, SignIn, SignInFailure
from ita_core.web.gate import COOKIE, DEVICE_COOKIE
from tests.server import Visitor, sign_in, thai
from tests.signing_in import DEEP, PASSWORD, Office, try_to_sign_in

# --- signing in -------------------------------------------------------------------------------------------------------


def test_the_form_lets_in_whoever_knows_the_password_and_the_deep_link_survives(office: Office, name: str) -> None:
    office.account(name)
    with Visitor(office.server) as visitor:
        accepted = try_to_sign_in(visitor, f" {name.upper()} ", PASSWORD, DEEP)
    sent = json.loads(accepted.component_data)
    assert (sent["path"], sent["then"]) == ("/auth/enter", "")  # the browser loads the address it is at again
    answer = sign_in(office.server, accepted.ticket)
    assert answer.status_code == 204
    given = [one.lower() for one in answer.headers.get_list("set-cookie")]
    assert [one.partition("=")[0] for one in given] == [COOKIE, DEVICE_COOKIE]
    assert all(part in one for part in ("httponly", "samesite=strict", "path=/") for one in given)
    assert not any("secure" in one for one in given)  # over plain HTTP the browser would not keep it
    with Visitor(office.server, cookie=f"{COOKIE}={answer.cookies[COOKIE]}") as visitor:
        screen = visitor.open(DEEP)
        assert not screen.is_sign_in
        assert not screen.ticket


def test_a_wrong_password_is_told_the_same_whether_or_not_the_name_exists(office: Office, name: str) -> None:
    office.account(name)
    told = []
    for username in (name, "nobody-" + name):
        with Visitor(office.server) as visitor:
            screen = try_to_sign_in(visitor, username, "not the password")
            assert screen.widgets
            assert not screen.ticket
            told.append(screen.text)
    assert told[0] == told[1]
    assert thai("The user name or the password is wrong.") in told[0]


@pytest.mark.parametrize("password", ["ก" * 200, "x" * 73, "a\0b", "", " ", "😀" * 50])
def test_an_odd_password_is_wrong_and_prints_nothing(office: Office, name: str, password: str) -> None:
    office.account(name)
    before = len(office.server.output)
    with Visitor(office.server) as visitor:
        screen = try_to_sign_in(visitor, name, password)
    assert thai("The user name or the password is wrong.") in screen.text
    assert office.server.output[before:].strip() == ""


def test_whoever_guesses_is_told_how_many_seconds_to_wait(office: Office, name: str) -> None:
    office.account(name)
    with Visitor(office.server) as visitor:
        for _try in range(5):
            screen = try_to_sign_in(visitor, name, "not the password")
        with db.writing(
            office.engine
        ) as session:  # five more from elsewhere, so that the wait is longer than this test
            hashed = accounts.guessing._name_hash(name)
            session.add_all([SignInFailure(name_hash=hashed, address="x", at=datetime.now(UTC)) for _try in range(5)])
        screen = try_to_sign_in(visitor, name, PASSWORD)  # even the right one has to wait
    said = thai("Too many wrong tries. Wait {seconds} seconds, then try again.")
    assert said.split("{")[0] in screen.text
    assert not screen.ticket


def test_the_owner_gets_in_while_somebody_guesses_from_the_same_address(office: Office, name: str) -> None:
    """With the browser that they signed in with before; another one of theirs has to wait like everybody."""
    account = office.account(name)
    device = sign_in(office.server, office.ticket(account)).cookies[DEVICE_COOKIE]
    now = datetime.now(UTC)
    with db.writing(office.engine) as session:  # so many that the wait is longer than this test
        network = accounts.network_of(session.exec(sa.select(SignIn.address)).scalars().first() or "")
        hashed = accounts.guessing._name_hash(name)
        for counter in ("", f"network {network}"):
            session.add_all(
                SignInFailure(name_hash=hashed, address=network, counter=counter, at=now) for _try in range(12)
            )
    with Visitor(office.server) as visitor:
        assert not try_to_sign_in(visitor, name, PASSWORD).ticket
    with Visitor(office.server, cookie=f"{DEVICE_COOKIE}={device}") as visitor:
        assert try_to_sign_in(visitor, name, PASSWORD).ticket


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://[", "http://localhost:1", ""])
def test_a_ticket_from_another_site_s_page_is_refused(office: Office, name: str, origin: str) -> None:
    account = office.account(name)
    with db.writing(office.engine) as session:
        ticket = accounts.issue_ticket(session, account_id=account, now=datetime.now(UTC))
    headers = {"Origin": origin} if origin else {}
    answer = httpx.post(office.server.url + "/auth/enter", json={"ticket": ticket}, headers=headers)
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers
    assert sign_in(office.server, ticket).status_code == 204  # it was not used up


@pytest.mark.parametrize(
    "body", [b"", b"null", b"[1]", b'{"ticket": 5}', b'{"ticket": "x"}', b"\xff", b"[" * 1000, b" " * 5000]
)
def test_what_is_no_ticket_is_refused_without_a_trace(office: Office, body: bytes) -> None:
    before = len(office.server.output)
    answer = httpx.post(office.server.url + "/auth/enter", content=body, headers={"Origin": office.server.url})
    assert answer.status_code == 403
    assert office.server.output[before:] == ""


def test_signing_out_ends_the_sign_in_and_takes_the_cookie(office: Office, name: str) -> None:
    account = office.account(name)
    here, there = office.cookie(account), office.cookie(account)
    leave = office.server.url + "/auth/leave"
    assert httpx.post(leave, headers={"Cookie": here, "Origin": "http://evil.example"}).status_code == 403
    with Visitor(office.server, cookie=here) as visitor:
        assert not visitor.open("/").is_sign_in
        answer = httpx.post(leave, headers={"Cookie": here, "Origin": office.server.url})
        assert answer.status_code == 204
        assert "max-age=0" in answer.headers["set-cookie"].lower()
        assert visitor.again().is_sign_in  # the page that is still open, at its next action
    with Visitor(office.server, cookie=there) as visitor:
        assert not visitor.open("/").is_sign_in
        everywhere = {"Cookie": office.cookie(account), "Origin": office.server.url}
        assert httpx.post(leave, json={"everywhere": True}, headers=everywhere).status_code == 204
        assert visitor.again().is_sign_in


# --- what changes while somebody is signed in -------------------------------------------------------------------------


@pytest.mark.parametrize("what", ["disabled", "password changed", "session ended", "session expired", "invited anew"])
def test_the_next_action_obeys(office: Office, name: str, what: str) -> None:
    account = office.account(name)
    cookie = office.cookie(account)
    with Visitor(office.server, cookie=cookie) as visitor:
        assert not visitor.open(DEEP).is_sign_in
        now, new = datetime.now(UTC), accounts.new_password("แมวนอนบนหลังคา กินปลา")
        with db.writing(office.engine) as session:
            theirs = session.get(Account, account)
            assert theirs is not None
            if what == "disabled":
                accounts.disable(session, by=None, account_id=account, now=now)
            elif what == "password changed":
                compared = accounts.Credential(account, theirs.password_hash or "")
                accounts.set_password(session, account=theirs, compared=compared, new=new, now=now)
            elif what == "session ended":
                accounts.sign_out_everywhere(session, account=theirs, now=now)
            elif what == "session expired":
                session.exec(sa.update(SignIn).where(SignIn.account_id == account).values(expires_at=SignIn.created_at))
            else:
                token = accounts.invite(session, by=None, account_id=account, now=now)
                accounts.join(session, token=token, password=new, now=now)
        assert visitor.again().is_sign_in
    assert httpx.get(office.server.url + "/media/x.png", headers={"Cookie": cookie}).status_code == 403
    with Visitor(office.server, cookie=cookie) as visitor:
        assert visitor.open(DEEP).is_sign_in


def test_a_changed_role_holds_at_the_next_request(office: Office, name: str) -> None:
    account = office.account(name)
    headers = {"Cookie": office.cookie(account)}
    assert httpx.get(office.server.url + "/_stcore/metrics", headers=headers).status_code == 404
    with db.writing(office.engine) as session:
        accounts.change_role(
            session,
            office_id=queries.get_assessment(session).office_id,
            by=None,
            account_id=account,
            role=Role.admin,
            now=datetime.now(UTC),
        )
    assert httpx.get(office.server.url + "/_stcore/metrics", headers=headers).status_code == 200
