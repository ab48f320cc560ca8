"""The websocket, asked of the real server by whoever means no good: whose page, how many, how large, what kind."""

import contextlib
import secrets
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from google.protobuf.json_format import ParseDict
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from ita_core.models import Role
from ita_core.web import inside, lines
from ita_core.web.gate import DEVICE_COOKIE, LONGEST_QUERY
from tests.server import Server, Visitor, running
from tests.signing_in import PASSWORD, Office, try_to_sign_in
from tests.web.house import until

LOUD = Path(__file__).parents[1] / "loud"
PROXY = "127.0.0.1,::1"  # so that a test can come from many addresses
ASKED = "ASKED OF ANOTHER MACHINE"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with running(tmp_path_factory.mktemp("lines"), PYTHONPATH=str(LOUD), ITA_PROXY=PROXY) as server:
        made = Office(server)
        yield made
        made.engine.dispose()
        assert ASKED not in server.output
        assert "Traceback" not in server.output


@pytest.fixture
def cookie(office: Office) -> str:
    """Somebody's who is signed in, for this test only: the server is shared."""
    return office.cookie(office.account("user-" + secrets.token_hex(4), Role.viewer))


def dial(server: Server, *, cookie: str = "", origin: str | None = "", address: str = "") -> ClientConnection:
    """A bare websocket; an `origin` of "" is the server's own."""
    headers = ({"Cookie": cookie} if cookie else {}) | ({"X-Forwarded-For": address} if address else {})
    return connect(
        server.url.replace("http", "ws", 1) + "/_stcore/stream",
        subprotocols=["streamlit", "token"],  # type: ignore[list-item]
        origin=server.url if origin == "" else origin,  # type: ignore[arg-type]
        additional_headers=headers,
        open_timeout=30,
        max_size=None,
    )


def code_of(connection: ClientConnection) -> int:
    """With which code the server ends it; everything it says before is passed over."""
    with pytest.raises(ConnectionClosed) as closed:
        while True:
            connection.recv(timeout=60)
    assert closed.value.rcvd
    return closed.value.rcvd.code


def answers(connection: ClientConnection) -> list[ForwardMsg]:
    """What comes until a run of the script has ended."""
    seen = []
    while True:
        seen.append(ForwardMsg.FromString(connection.recv(timeout=60)))  # type: ignore[arg-type]
        if seen[-1].WhichOneof("type") == "script_finished":
            return seen


def page(office: Office, address: str, cookie: str = "") -> httpx.Response:
    """As a browser asks for a page."""
    return httpx.get(office.server.url + address, headers={"Accept": "text/html", "Cookie": cookie}, timeout=30)


def rerun() -> bytes:
    message = BackMsg()
    message.rerun_script.query_string = ""
    return message.SerializeToString()


# --- whose page -------------------------------------------------------------------------------------------------------


def test_the_network_of_these_servers_fails_loudly(tmp_path: Path):
    code = "import socket; socket.create_connection(('checkip.example', 443))"
    done = subprocess.run([sys.executable, "-c", code], env={"PYTHONPATH": str(LOUD)}, capture_output=True, text=True)
    assert ASKED in done.stderr
    assert done.returncode == 1


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "http://localhost:1", "null", "http://[", "http://127.0.0.1:8501", None]
)
def test_a_websocket_of_another_page_is_refused_and_nothing_is_asked_of_the_internet(
    office: Office, cookie: str, origin: str | None
):
    for of in ("", cookie):
        with pytest.raises(InvalidStatus) as refused:
            dial(office.server, cookie=of, origin=origin)
        assert refused.value.response.status_code == 403
    assert ASKED not in office.server.output


def test_another_port_s_page_reads_nothing_with_the_owner_s_cookie(office: Office, cookie: str):
    with Visitor(office.server, cookie=cookie) as owner:
        assert not owner.open("/item").is_sign_in
    with pytest.raises(InvalidStatus):
        dial(office.server, cookie=cookie, origin=office.server.url.rsplit(":", 1)[0] + ":9999")


# --- how large --------------------------------------------------------------------------------------------------------


def test_a_message_in_thousands_of_empty_pieces_is_cut_off(office: Office):
    with dial(office.server) as connection, pytest.raises(ConnectionClosed):
        connection.send(iter([b""] * 1_000_000))


@pytest.mark.parametrize("known", [False, True], ids=["nobody", "signed in"])
def test_a_message_larger_than_any_form_ends_the_line(office: Office, cookie: str, known: bool):
    with dial(office.server, cookie=cookie if known else "") as connection:
        message = BackMsg()
        for number in range(lines.SIZES[known] // 1000 + 1):
            message.rerun_script.widget_states.widgets.add(id=str(number), string_value="x" * 1000)
        connection.send(message.SerializeToString())
        assert code_of(connection) == lines.TOO_LARGE


# --- what kind --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("what", "wanted"),
    [
        ({"rerun_script": {"query_string": "item=O6"}}, True),
        ({"stop_script": True}, True),
        ({"app_heartbeat": True}, True),
        ({"load_git_info": True}, False),
        ({"clear_cache": True}, False),
        ({"set_run_on_save": True}, False),
        ({"debug_shutdown_runtime": True}, False),
        ({"debug_disconnect_websocket": True}, False),
        ({"file_urls_request": {"request_id": "1", "file_names": ["a.pdf"]}}, False),
        ({"backend_operation_request": {"request_id": "1"}}, False),
        ({}, False),
    ],
    ids=lambda value: next(iter(value), "empty") if isinstance(value, dict) else "",
)
def test_only_what_our_pages_send_is_wanted(what: dict[str, object], wanted: bool):
    assert inside.is_wanted(ParseDict(what, BackMsg()).SerializeToString()) is wanted


def test_an_address_longer_than_any_of_ours_is_none():
    message = ParseDict({"rerun_script": {"query_string": "q=" + "x" * LONGEST_QUERY}}, BackMsg())
    with pytest.raises(ValueError, match="no address"):
        inside.is_wanted(message.SerializeToString())


def test_a_page_by_such_an_address_is_refused_with_a_sentence(office: Office):
    refused = page(office, "/overview?q=" + "x" * LONGEST_QUERY)
    assert (refused.status_code, "ยาวเกินกว่า" in refused.text) == (414, True)


def test_what_no_page_of_ours_sends_does_not_reach_streamlit(office: Office, cookie: str):
    message = BackMsg(debug_shutdown_runtime=True)  # Streamlit writes down that somebody sent it
    for of in ("", cookie):
        with dial(office.server, cookie=of) as connection:
            connection.send(message.SerializeToString())
            connection.send(rerun())
            assert answers(connection)
    assert "Client tried" not in office.server.output


@pytest.mark.parametrize("message", ["a text", b"\xff\xff no protobuf \x00"], ids=["text", "noise"])
def test_what_is_no_message_ends_the_line_without_a_traceback(office: Office, message: str | bytes):
    with dial(office.server) as connection:
        connection.send(message)
        assert code_of(connection) == lines.BAD_DATA
    assert "Traceback" not in office.server.output


# --- how many ---------------------------------------------------------------------------------------------------------


def test_an_address_s_quietest_line_of_nobody_s_makes_room_and_those_signed_in_go_on(office: Office, cookie: str):
    with contextlib.ExitStack() as opened, Visitor(office.server, cookie=cookie) as owner:
        owner.open("/item")
        speaks, silent = (opened.enter_context(dial(office.server, address="192.0.2.1")) for _time in range(2))
        speaks.send(rerun())
        assert answers(speaks)
        for _number in range(lines.MOST_OF_AN_ADDRESS - 1):
            opened.enter_context(dial(office.server, address="192.0.2.1"))
        assert code_of(silent) == lines.TRY_LATER
        speaks.send(rerun())
        assert answers(speaks)
        assert not owner.again().is_sign_in


def test_whoever_opens_lines_without_end_is_told_to_come_later_and_a_neighbour_is_not(office: Office):
    with pytest.raises(InvalidStatus) as refused:
        for _number in range(lines.OPENINGS[0] * 3):
            with dial(office.server, address="192.0.2.2"):
                pass
    assert refused.value.response.status_code == 503
    with dial(office.server, address="192.0.2.3") as connection:
        connection.send(rerun())
        assert answers(connection)


def test_an_account_has_so_many_windows_and_no_more(office: Office, cookie: str):
    with contextlib.ExitStack() as opened:
        for _number in range(lines.MOST_OF_AN_ACCOUNT):
            opened.enter_context(dial(office.server, cookie=cookie))
        with pytest.raises(InvalidStatus) as refused:
            dial(office.server, cookie=cookie)
        assert refused.value.response.status_code == 503
        said = page(office, "/overview", cookie)
        assert (said.status_code, f"{lines.MOST_OF_AN_ACCOUNT} หน้าต่าง" in said.text) == (503, True)
    until(lambda: page(office, "/overview", cookie).status_code == 200)  # they are closed


def test_a_browser_that_somebody_signed_in_with_is_let_in_whatever_its_neighbours_open(office: Office):
    ticket = office.ticket(office.account("user-" + secrets.token_hex(4)))
    headers = {"Origin": office.server.url, "X-Forwarded-For": "192.0.2.4"}
    entered = httpx.post(office.server.url + "/auth/enter", json={"ticket": ticket}, headers=headers, timeout=30)
    with pytest.raises(InvalidStatus):
        for _number in range(lines.OPENINGS[0] * 3):
            with dial(office.server, address="192.0.2.4"):
                pass
    for _time in range(5):
        with dial(
            office.server, address="192.0.2.4", cookie=f"{DEVICE_COOKIE}={entered.cookies[DEVICE_COOKIE]}"
        ) as known:
            known.send(rerun())
            assert answers(known)
    with pytest.raises(InvalidStatus):
        for _number in range(lines.OPENINGS[0]):
            with dial(office.server, address="192.0.2.4", cookie=f"{DEVICE_COOKIE}={secrets.token_urlsafe(32)}"):
                pass


def test_sessions_of_nobody_take_no_place_among_those_that_wait_for_their_owner(office: Office, cookie: str):
    with Visitor(office.server, cookie=cookie) as owner:
        mine = owner.open("/item").session_id
    for number in range(140):  # Streamlit keeps 128
        with dial(office.server, address=f"198.51.100.{number}"):
            pass
    with Visitor(office.server, cookie=cookie, session_id=mine) as owner:
        assert owner.open("/item").session_id == mine


@pytest.mark.trial
def test_three_hundred_idle_lines_keep_nobody_out(tmp_path: Path):
    """With the descriptors of a bare machine, which each line costs four of."""
    with running(tmp_path, descriptors=1024, ITA_PROXY=PROXY) as server, contextlib.ExitStack() as opened:
        office = Office(server)
        office.account("usa")
        with Visitor(server, cookie=office.cookie(office.account("pattama"))) as owner:
            owner.open("/item")
            for number in range(300):
                with contextlib.suppress(InvalidStatus):
                    opened.enter_context(dial(server, address=f"198.51.100.{number % 20}"))
            with Visitor(server, headers={"X-Forwarded-For": "192.0.2.9"}) as late:
                assert try_to_sign_in(late, "usa", PASSWORD).ticket
            assert not owner.again().is_sign_in
        assert len(server.output.splitlines()) < 2_000
        assert "Too many open files" not in server.output
        office.engine.dispose()
