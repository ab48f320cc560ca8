"""Connections before any request is read, on a real uvicorn in this process."""

import contextlib
import socket
import time
from types import SimpleNamespace

import pytest
import uvicorn

from ita_core.web import connections, routes
from tests.web.house import FOR_EVER, House, dial, until

WHOLE = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
ONCE = WHOLE[:-2] + b"Connection: close\r\n\r\n"


def answer(connection: socket.socket) -> bytes:
    """All that comes until the server ends it."""
    said = b""
    with contextlib.suppress(ConnectionResetError):
        while piece := connection.recv(65536):
            said += piece
    return said


def test_a_head_that_does_not_come_whole_is_cut_off_and_a_whole_one_answered(
    house: House, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(connections, "REQUEST_SECONDS", 0.3)
    for begun in (b"", b"GET / HTTP/1.1\r\nHost: loc", WHOLE + b"GET / HT"):
        with house.knock(begun) as connection:
            said = answer(connection)  # would wait for ever
            assert said.count(b"hello") == begun.count(b"\r\n\r\n")
    with house.knock(ONCE) as connection:
        assert b"hello" in answer(connection)


def test_a_byte_now_and_then_buys_no_time(house: House, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(connections, "REQUEST_SECONDS", 0.3)
    with house.knock(b"GET / HTTP/1.1\r\n") as connection, pytest.raises(OSError):
        for _time in range(int(FOR_EVER / 0.05)):
            connection.sendall(b"X-A: b\r\n")
            time.sleep(0.05)


def test_whoever_reads_nothing_of_an_answer_is_cut_off(house: House, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(connections, "UNREAD_SECONDS", 0.3)
    with socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.connect(("127.0.0.1", house.port))
        connection.sendall(WHOLE.replace(b"/ ", b"/large "))
        until(lambda: bool(house.server.server_state.connections))
        until(lambda: not house.server.server_state.connections)


def test_a_body_that_does_not_come_is_not_waited_for(house: House, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(routes, "BODY_SECONDS", 0.3)
    head = "POST /auth/enter HTTP/1.1\r\nHost: localhost\r\nOrigin: http://localhost\r\nContent-Length: 9\r\n\r\n"
    with house.knock(head.encode() + b"{") as connection:
        assert answer(connection).startswith(b"HTTP/1.1 403")


def test_a_head_that_is_too_long_is_refused(house: House):
    with house.knock(b"GET / HTTP/1.1\r\nHost: localhost\r\nX-A: " + b"x" * connections.LARGEST_HEAD) as connection:
        connection.sendall(b"x" * 65536)
        assert answer(connection).split(b"\r\n")[0] in {b"HTTP/1.1 400 Bad Request", b""}


def test_a_full_server_says_so_once_and_has_room_again_when_somebody_leaves(house: House):
    with contextlib.ExitStack() as opened:
        idle = [opened.enter_context(house.knock()) for _number in range(10)]  # half of 20: one address has no more
        until(lambda: len(house.server.server_state.connections) == 10)
        with house.knock(WHOLE) as connection:
            assert answer(connection).startswith(b"HTTP/1.1 503")
        idle[0].close()
        until(lambda: len(house.server.server_state.connections) == 9)
        with house.knock(ONCE) as connection:
            assert b"hello" in answer(connection)


@pytest.mark.parametrize("house", [(20, "127.0.0.1")], indirect=True)
def test_a_proxy_may_have_all_connections(house: House):
    with contextlib.ExitStack() as opened:
        for _number in range(20):
            opened.enter_context(house.knock())
        until(lambda: len(house.server.server_state.connections) == 20)
        with house.knock(WHOLE) as connection:
            assert answer(connection).startswith(b"HTTP/1.1 503")


SLOW = b"POST /auth/enter HTTP/1.1\r\nHost: localhost\r\nOrigin: http://localhost\r\nContent-Length: 9\r\n\r\n{"


@pytest.mark.parametrize("said", [b"", WHOLE[:-2], SLOW], ids=["nothing", "half a head", "half a body"])
def test_whoever_owes_a_request_gives_the_place_up_to_another_address(house: House, said: bytes):
    with contextlib.ExitStack() as opened:
        for number in range(20):
            opened.enter_context(house.knock(said, of=f"127.0.0.{2 + number % 2}"))
        until(lambda: len(house.server.server_state.connections) == 20)
        for _time in range(30):
            with house.knock(ONCE, of="127.0.0.9") as connection:
                assert b"hello" in answer(connection)


def test_of_one_s_own_address_only_what_is_late_gives_its_place_up(house: House, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(connections, "PATIENCE", FOR_EVER)
    with contextlib.ExitStack() as opened:
        for number in range(20):
            opened.enter_context(house.knock(of=f"127.0.0.{2 + number}"))  # each is the busiest
        until(lambda: len(house.server.server_state.connections) == 20)
        with house.knock(WHOLE, of="127.0.0.2") as connection:
            assert answer(connection).startswith(b"HTTP/1.1 503")
        monkeypatch.setattr(connections, "PATIENCE", 0)
        with house.knock(ONCE, of="127.0.0.2") as connection:
            assert b"hello" in answer(connection)


def test_whoever_goes_away_in_the_middle_writes_nothing_into_the_log(house: House, caplog: pytest.LogCaptureFixture):
    for _time in range(5):
        house.knock(SLOW).close()
    with dial(house) as connection:
        connection.socket.close()
    until(lambda: not house.server.server_state.connections and not house.server.server_state.tasks)
    assert [one for one in caplog.records if one.levelname in {"WARNING", "ERROR"}] == []


def test_a_file_on_its_way_and_an_answer_that_is_read_keep_their_places(house: House):
    sends = SLOW.replace(b"/auth/enter", b"/uploads/1/" + b"a" * 32)
    with contextlib.ExitStack() as opened:
        lines_of_nobody = [opened.enter_context(dial(house)) for _number in range(6)]  # a third of 20
        held = [opened.enter_context(house.knock(ONCE.replace(b"/ ", b"/slow "), of="127.0.0.2")) for _n in range(8)]
        held += [opened.enter_context(house.knock(sends, of="127.0.0.3")) for _number in range(6)]
        until(lambda: len(house.server.server_state.connections) == 20)
        with house.knock(WHOLE, of="127.0.0.9") as connection:
            assert answer(connection).startswith(b"HTTP/1.1 503")
        for one in lines_of_nobody:
            one.send(b"x")
            assert one.recv(timeout=FOR_EVER) == b"x"
        house.go_on.set()
        assert all(b"hello" in answer(one) for one in held[:8])


def test_one_customer_s_ipv6_addresses_are_one(house: House):
    keeper = connections.Doorkeeper(10, uvicorn.Config(house._app(10)))
    there = [SimpleNamespace(client=(f"2001:db8:1:2::{number:x}", 1)) for number in range(5)]
    assert not keeper.has_room(there, "2001:db8:1:2:ffff::1")
    assert keeper.has_room(there, "2001:db8:1:3::1")
