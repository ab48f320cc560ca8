"""By which names the server answers, and whose word about others it believes: at the real server behind a proxy."""

import dataclasses
import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from sqlmodel import select
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from ita_core import db, settings
from ita_core.models import SignIn
from ita_core.web import hosts
from ita_core.web.gate import address_of
from tests.server import Server, Visitor, running
from tests.signing_in import Office

PUBLIC = "https://ita.example.go.th:8443"
NAME = "ita.example.go.th"


@pytest.mark.parametrize(
    ("client", "address"),
    [("9.9.9.9", "9.9.9.9"), ("::ffff:9.9.9.9", "9.9.9.9"), ("2001:db8::1", "2001:db8::1"), ("<script>", ""), ("", "")],
)
def test_what_a_proxy_says_is_an_address_or_nothing(client: str, address: str):
    assert address_of({"client": (client, 0)}) == address


FORWARDED = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https"}


@pytest.fixture
def setting(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    settings.settings.cache_clear()
    yield monkeypatch
    settings.settings.cache_clear()


def asked(*said: str) -> bool:
    return hosts.is_ours({"type": "http", "headers": [(b"host", one.encode()) for one in said]})


@pytest.mark.parametrize("said", ["ita.example.go.th", "anything", "10.0.0.7:8501", ""])
def test_without_a_setting_any_name_will_do(setting: pytest.MonkeyPatch, said: str):
    assert asked(said)


@pytest.mark.parametrize(
    ("said", "ours"),
    [
        ("ita.example.go.th", True),
        ("ITA.Example.go.th:8443", True),
        ("ita.example.go.th.", True),
        ("10.0.0.7:80", True),
        ("[2001:db8::7]:80", True),
        ("localhost:8501", True),
        ("127.0.0.1", True),
        ("[::1]:8501", True),
        ("evil.example", False),
        ("ita.example.go.th.evil.example", False),
        ("ita.example.go.th:80:80", False),
        ("ita.example.go.th@evil.example", False),
        ("evil.example/ita.example.go.th", False),
        ("ita.example.go.th, evil.example", False),
        ("", False),
        ("[", False),
        ("ก", False),
    ],
)
def test_with_names_set_only_they_and_this_machine_s_are_ours(setting: pytest.MonkeyPatch, said: str, ours: bool):
    setting.setenv("ITA_HOSTS", "ita.example.go.th, 10.0.0.7, 2001:db8::7")
    assert asked(said) is ours


def test_the_public_address_names_the_host_where_no_setting_does(setting: pytest.MonkeyPatch):
    setting.setenv("ITA_PUBLIC_URL", PUBLIC)
    assert asked(NAME)
    assert not asked("evil.example")


def test_two_names_at_once_or_none_are_not_ours(setting: pytest.MonkeyPatch):
    setting.setenv("ITA_HOSTS", NAME)
    assert not asked()
    assert not asked(NAME, NAME)


@pytest.fixture(scope="module")
def behind(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server behind a proxy on this machine."""
    with running(tmp_path_factory.mktemp("b"), ITA_PUBLIC_URL=PUBLIC, ITA_PROXY="127.0.0.1,::1") as server:
        yield server


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that was told of no proxy."""
    folder: Path = tmp_path_factory.mktemp("a")
    with running(folder, FORWARDED_ALLOW_IPS="*") as server:  # uvicorn's own setting, which is not ours
        yield server


def signed_in_from(server: Server, name: str, origin: str) -> tuple[str, httpx.Response]:
    """Which address stands in the database, and the answer that set the cookies."""
    office = Office(server)
    ticket = office.ticket(office.account(name))
    headers = {"Origin": origin, **FORWARDED}
    answer = httpx.post(server.url + "/auth/enter", json={"ticket": ticket}, headers=headers, timeout=30)
    assert answer.status_code == 204
    with db.reading(office.engine) as session:
        address = session.exec(select(SignIn.address).order_by(SignIn.id.desc())).first()
    office.engine.dispose()
    return str(address), answer


@pytest.mark.parametrize("by", ["localhost", "127.0.0.1"])  # a socket for both hears the second as ::ffff:127.0.0.1
def test_the_proxy_s_word_is_believed_where_it_is_named(behind: Server, by: str):
    heard = dataclasses.replace(behind, url=behind.url.replace("localhost", by))
    address, answer = signed_in_from(heard, "at-" + by.replace(".", "-"), PUBLIC)
    assert address == "203.0.113.9"
    assert all("secure" in one.lower() for one in answer.headers.get_list("set-cookie"))


def test_a_page_without_tls_is_another_s_where_the_browser_came_by_tls(behind: Server):
    headers = {"Origin": behind.url, **FORWARDED}
    assert httpx.post(behind.url + "/auth/leave", json={}, headers=headers, timeout=30).status_code == 403


def test_nobody_s_word_about_others_is_believed_without_the_setting(alone: Server):
    address, answer = signed_in_from(alone, "somchai", alone.url)
    assert address in {"127.0.0.1", "::1"}
    assert not any("secure" in one.lower() for one in answer.headers.get_list("set-cookie"))


@pytest.mark.parametrize("path", ["/", "/_stcore/health", "/static/js/x.js", "/auth/enter"])
def test_a_request_by_another_s_name_is_refused_whatever_it_asks(behind: Server, path: str):
    refused = httpx.get(behind.url + path, headers={"Host": "evil.example"})
    assert refused.status_code == 421
    assert "โปรดสอบถามผู้ที่ส่งที่อยู่นี้ให้ท่าน" in refused.text
    assert behind.output.count("evil.example'") == 1  # said once a minute
    assert httpx.get(behind.url + path, headers={"Host": NAME}).status_code != 421


def test_a_websocket_by_another_s_name_is_refused(behind: Server):
    at = urlsplit(behind.url)
    with socket.create_connection((at.hostname, at.port)) as line, pytest.raises(InvalidStatus) as refused:
        connect("ws://evil.example/_stcore/stream", sock=line, origin="http://evil.example")  # type: ignore[arg-type]
    assert refused.value.response.status_code == 421
    with Visitor(behind) as visitor:
        assert visitor.open("/").is_sign_in
