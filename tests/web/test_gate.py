"""The door, asked of the real server: who gets in, with what, and what stays shut."""

import re
import secrets
import socket
import time
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from starlette.routing import Route

from ita_core import accounts, db
from ita_core.models import Role
from ita_core.web import documents, downloads, plan_files, routes, score_files, stakeholders, uploads
from ita_core.web.gate import COOKIE
from tests.server import ROOT, Visitor, start, stop
from tests.signing_in import DEEP, Office

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


def addresses() -> list[str]:
    """One of each of our routes that can be gone to."""
    every = (
        *routes.routes(),
        *downloads.routes(),
        *documents.routes(),
        *plan_files.routes(),
        *score_files.routes(),
        *stakeholders.routes(),
        *uploads.routes(connections=100),
    )
    paths = [one.path for one in every if isinstance(one, Route) and "GET" in (one.methods or ())]
    return [re.sub(r"{\w+}", "x", re.sub(r"{\w+:int}", "1", path)) for path in paths]


@pytest.mark.parametrize("address", addresses())
def test_what_a_route_of_ours_answers_is_no_page_also_in_a_tab_of_its_own(office: Office, name: str, address: str):
    """A browser that goes to it asks for a page: it must not land on the first one, without a word."""
    headers = {"Accept": "text/html,*/*;q=0.8", "Cookie": office.cookie(office.account(name))}
    answer = httpx.get(f"{office.server.url}{address}", headers=headers)
    for_all = {routes.ICON, "/workbook.xlsx", "/stakeholders/form.xlsx"}
    assert answer.status_code == (200 if address in for_all else 404)


def test_an_address_at_which_nothing_stands_leads_to_the_first_page(office: Office, name: str):
    headers = {"Accept": "text/html,*/*;q=0.8", "Cookie": office.cookie(office.account(name))}
    for address in ("/nothing", "/evidence/x", "/evidence.zip/x", "/auth/enter", "/plans/x/x"):
        answer = httpx.get(office.server.url + address, headers=headers)
        assert (answer.status_code, answer.headers.get("location")) == (303, "/"), address


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
