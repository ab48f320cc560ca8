"""The door, asked of the real server: who gets in, with what, and what stays shut."""

import json
import secrets
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa

from ita_core import accounts, db
from ita_core.models import Account, Role, SignIn, SignInFailure
from ita_core.web.gate import COOKIE, DEVICE_COOKIE
from tests.server import ROOT, Visitor, environment, free_port, running, sign_in, start, stop, thai
from tests.signing_in import PASSWORD, Office, fill, try_to_sign_in

DEEP = "/item?item=O6&month=2568-03"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with running(tmp_path_factory.mktemp("office")) as server:
        made = Office(server)
        made.account("commander", Role.commander)
        yield made
        made.engine.dispose()


@pytest.fixture
def name() -> str:
    """A user name of this test's own: the server is shared."""
    return "user-" + secrets.token_hex(4)


# --- nobody in particular ---------------------------------------------------------------------------------------------


def test_the_first_request_of_the_process_at_a_deep_link_gets_the_sign_in_page(tmp_path: Path) -> None:
    server = start(tmp_path)
    try:
        port = int(server.url.rsplit(":", 1)[1])
        until = time.monotonic() + 60
        while time.monotonic() < until and server.process.poll() is None:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        # Streamlit would serve the files of pages/ by themselves here, had `st.navigation` not yet run.
        with Visitor(server) as anybody:
            screen = anybody.open("/sign_in?next=1")
        assert screen.is_sign_in, screen
        with Visitor(server) as anybody:
            assert anybody.open(DEEP).is_sign_in
        assert "Traceback" not in server.output
    finally:
        stop(server)


def test_an_anonymous_deep_link_to_any_page_gets_the_sign_in_page(office: Office) -> None:
    pages = [path.stem for path in (ROOT / "pages").glob("*.py")]
    with Visitor(office.server) as anybody:
        for page in ["", "overview", "item", "review", *pages, "no-such-page", "navigation.py", "pages/item"]:
            assert anybody.open(f"/{page}?item=O6").is_sign_in, page


@pytest.mark.parametrize(
    "cookie",
    [
        "a" * 43,
        "",
        "x" * 4000,
        "ไทย",
        "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.eyJ1c2VybmFtZSI6ImFkbWluIiwiZXhwX2RhdGUiOjk5OTk5OTk5OTl9.",
        '"; DROP TABLE account; --',
        "%00%ff",
    ],
)
def test_a_cookie_that_we_did_not_give_opens_nothing(office: Office, cookie: str) -> None:
    before = len(office.server.output)
    # The websocket client sends ASCII only; some_cookie_name is the library's own default.
    with Visitor(
        office.server, cookie=f"{COOKIE}={ascii(cookie)[1:-1]}; some_cookie_name={ascii(cookie)[1:-1]}"
    ) as anybody:
        assert anybody.open(DEEP).is_sign_in
    sent = {b"cookie": f"{COOKIE}={cookie}".encode()}
    assert httpx.get(office.server.url + "/media/x.png", headers=sent).status_code == 403
    assert office.server.output[before:] == ""


@pytest.mark.parametrize(
    "header", ["X-Ita-Session", "x-ita-session", "X_Ita_Session", "x-ita_session", "X-ITA-SESSION"]
)
def test_the_gate_s_own_header_from_outside_is_dropped(office: Office, name: str, header: str) -> None:
    account = office.account(name)
    token = office.cookie(account).partition("=")[2]
    with db.reading(office.engine) as session:
        here = accounts.find_visitor(session, token=token, now=datetime.now(UTC))
    assert here is not None
    with Visitor(office.server, headers={header: here.sign_in_id}) as anybody:
        assert anybody.open("/").is_sign_in


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("PUT", "/_stcore/upload_file/x/y", 404),
        ("DELETE", "/_stcore/upload_file/x/y", 404),
        ("POST", "/uploads/1/x", 401),
        ("GET", "/uploads/1/x", 401),
        ("GET", "/media/0123456789abcdef.png", 403),
        ("GET", "/_stcore/metrics", 404),
        ("GET", "/_stcore/agent/openapi.json", 404),
        ("POST", "/_stcore/agent/mcp", 404),
        ("GET", "/auth/login", 404),
        ("GET", "/oauth2callback", 404),
    ],
)
def test_what_streamlit_leaves_open_is_shut(office: Office, method: str, path: str, status: int) -> None:
    assert httpx.request(method, office.server.url + path).status_code == status


def test_the_tab_s_icon_comes_from_this_server(office: Office) -> None:
    with Visitor(office.server) as anybody:
        favicon = anybody.open("/").favicon
    # Streamlit fetches `:material/…:` from Google; a picture would lie in /media/, shut to whoever isn't in.
    assert not favicon.startswith((":", "http", "/media/")), favicon


def test_metrics_are_for_the_administrator(office: Office, name: str) -> None:
    officer = office.cookie(office.account(name))
    admin = office.cookie(office.account("admin-" + name, Role.admin))
    assert httpx.get(office.server.url + "/_stcore/metrics", headers={"Cookie": officer}).status_code == 404
    assert httpx.get(office.server.url + "/_stcore/metrics", headers={"Cookie": admin}).status_code == 200


@pytest.mark.parametrize("path", ["/", "/item?item=O6", "/_stcore/health", "/media/x", "/auth/enter", "/nothing.js"])
def test_every_answer_carries_the_security_headers(office: Office, path: str) -> None:
    headers = httpx.get(office.server.url + path).headers
    policy = dict(part.split(" ", 1) for part in headers["content-security-policy"].split("; "))
    assert "unsafe" not in policy["script-src"]
    assert policy["frame-ancestors"] == "'self'"
    assert policy["object-src"] == "'none'"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "SAMEORIGIN"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert "strict-transport-security" not in headers  # this is plain HTTP


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
        accounts.change_role(session, by=None, account_id=account, role=Role.admin, now=datetime.now(UTC))
    assert httpx.get(office.server.url + "/_stcore/metrics", headers=headers).status_code == 200


# --- somebody else's session ------------------------------------------------------------------------------------------


def test_a_stolen_session_id_opens_nothing_and_its_owner_keeps_it(office: Office, name: str) -> None:
    victim, attacker = office.account(name), office.account("attacker-" + name)
    cookie = office.cookie(victim)
    noted = office.intrusions()
    with Visitor(office.server, cookie=cookie) as owner:
        stolen = owner.open("/").session_id
        known = office.cookie(attacker)
        for thief in (known, "", f"{COOKIE}={'a' * 43}"):  # while the owner is there
            with Visitor(office.server, cookie=thief, session_id=stolen) as other:
                screen = other.open("/")
                assert screen.session_id != stolen
                assert screen.is_sign_in is (thief is not known)
                assert f"ร.ต.อ. {name}" not in screen.text
        assert owner.again().session_id == stolen
    for thief in (known, ""):  # and while the owner's connection is gone for a moment
        with Visitor(office.server, cookie=thief, session_id=stolen) as other:
            assert other.open("/").session_id != stolen
    assert office.intrusions() == noted + 5
    with Visitor(office.server, cookie=cookie, session_id=stolen) as owner:
        assert owner.open("/").session_id == stolen
    assert office.intrusions() == noted + 5
    # The same account in another browser is another sign-in: its sessions are its own.
    with Visitor(office.server, cookie=office.cookie(victim), session_id=stolen) as elsewhere:
        assert elsewhere.open("/").session_id != stolen


def test_an_anonymous_session_is_nobody_else_s_to_continue(office: Office) -> None:
    with Visitor(office.server) as anybody:
        there = anybody.open("/").session_id
        with Visitor(office.server, session_id=there) as other:
            assert other.open("/").session_id != there


def test_streamlit_s_own_uploads_are_shut_even_to_one_s_own_session(office: Office, name: str) -> None:
    cookie = office.cookie(office.account(name))
    token = httpx.get(office.server.url + "/_stcore/health").cookies["_streamlit_xsrf"]
    with Visitor(office.server, cookie=cookie) as owner:
        answer = httpx.put(
            f"{office.server.url}/_stcore/upload_file/{owner.open('/').session_id}/{secrets.token_hex(8)}",
            files={"file": ("a.pdf", b"x" * 10, "application/pdf")},
            headers={"Cookie": f"{cookie}; _streamlit_xsrf={token}", "X-Xsrftoken": token},
        )
    assert answer.status_code == 404


# --- the first start --------------------------------------------------------------------------------------------------


def test_the_first_start_prints_a_link_that_makes_the_administrator(tmp_path: Path) -> None:
    with running(tmp_path) as server:
        first = server.first_link
    with running(tmp_path, ITA_PUBLIC_URL="https://ita.example.go.th/") as server:
        link = server.first_link
        assert link.startswith("https://ita.example.go.th/?invite=")
        address = "/" + link.rpartition("/")[2]
        with Visitor(server) as anybody:
            assert (
                thai("This invitation link is over. Ask the administrator for a new one.")
                in anybody.open("/" + first.rpartition("/")[2]).text
            )
        with Visitor(server) as boss:
            form = boss.open(address)
            typed = {"Rank_and_name": "พ.ต.อ. วิชัย ใจดี", "User_name": "Wichai", "Password": PASSWORD}
            fill(boss, form, **typed, Password_once_more="something else")
            refused = boss.open(address, press=form.widgets[thai("Save and sign in")])
            assert thai("The two passwords differ.") in refused.text
            assert set(refused.widgets) == set(form.widgets)  # the form stays, with what was typed
            fill(boss, form, Password_once_more=PASSWORD)
            accepted = boss.open(address, press=form.widgets[thai("Save and sign in")])
        assert json.loads(accepted.component_data)["then"] == "/"
        cookie = sign_in(server, accepted.ticket).cookies[COOKIE]
        assert httpx.get(server.url + "/_stcore/metrics", headers={"Cookie": f"{COOKIE}={cookie}"}).status_code == 200
        with Visitor(server) as anybody:
            used = anybody.open(address)
            assert not used.ticket
            said = "This invitation link has been used. Sign in, or ask the administrator for a new one."
            assert thai(said) in used.text
        assert "Traceback" not in server.output
    with running(tmp_path) as server:
        assert "?invite=" not in server.output
        with Visitor(server, cookie=f"{COOKIE}={cookie}") as boss:  # a restart signs nobody out
            assert not boss.open("/").is_sign_in


@pytest.mark.trial
@pytest.mark.parametrize(
    ("fault", "says"),
    [
        ({"ITA_DATABASE_URL": "mysql://x"}, "ITA_DATABASE_URL"),
        ({"ITA_SESSION_HOURS": "0"}, "ITA_SESSION_HOURS"),
        ({"ITA_PLAN": "no-such-plan"}, "no-such-plan"),
        ({"ITA_DATABASE_URL": "sqlite:////proc/nothing/ita.db"}, "/proc/nothing/ita.db"),
        ({"ITA_DATABASE_URL": "sqlite:////proc/ita.db"}, "/proc/ita.db"),  # where not even root may write
        ({"STREAMLIT_SERVER_TRUSTED_USER_HEADERS": "{}"}, "trustedUserHeaders"),
        ({"STREAMLIT_SERVER_BASE_URL_PATH": "ita"}, "baseUrlPath"),
    ],
)
def test_a_start_that_cannot_be_says_why_in_one_sentence(tmp_path: Path, fault: dict[str, str], says: str) -> None:
    command = [sys.executable, "-m", "streamlit", "run", str(ROOT / "app.py"), "--server.port", str(free_port())]
    env = environment(tmp_path, **fault)
    ended = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, timeout=60)
    assert ended.returncode == 1
    assert says in ended.stderr
    assert len(ended.stderr.strip().splitlines()) == 1
    assert "Traceback" not in ended.stdout


def test_a_database_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    db.upgrade(db.make_engine(f"sqlite:///{tmp_path / 'ita.db'}"))
    with sqlite3.connect(tmp_path / "ita.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = 'of the future'")
    before = (tmp_path / "ita.db").read_bytes()
    server = start(tmp_path)
    assert server.process.wait(timeout=60) == 1
    assert "made by a newer version" in server.output
    assert "Traceback" not in server.output
    assert (tmp_path / "ita.db").read_bytes() == before


def test_a_taken_port_is_named(office: Office, tmp_path: Path) -> None:
    port = int(office.server.url.rsplit(":", 1)[1])
    server = start(tmp_path, port=port)
    assert server.process.wait(timeout=60) == 1
    assert f"Port {port} is not available" in server.output
    assert "Traceback" not in server.output
