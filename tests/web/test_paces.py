"""Websockets of nobody's, on a real uvicorn in this process: how long they live, how quickly they are read."""

import time
from collections.abc import Iterator

import anyio
import pytest
from starlette.types import Message
from websockets.exceptions import ConnectionClosed
from websockets.extensions.permessage_deflate import PerMessageDeflate
from websockets.sync.client import ClientConnection

from ita_core.web import connections, lines
from tests.asking import in_a_loop
from tests.web.house import FOR_EVER, House, Sessions, dial, until


@pytest.mark.parametrize("speaks", [False, True])
def test_a_line_of_nobody_s_ends_after_its_time_and_its_session_with_it(
    house: House, monkeypatch: pytest.MonkeyPatch, speaks: bool
):
    monkeypatch.setattr(lines, "ANONYMOUS_SECONDS" if speaks else "FIRST_SECONDS", 0.5)
    with dial(house) as connection:
        if speaks:
            connection.send(b"x")
        with pytest.raises(ConnectionClosed) as closed:
            while True:
                connection.recv(timeout=FOR_EVER)
    assert closed.value.rcvd
    assert closed.value.rcvd.code == lines.TRY_LATER
    assert house.sessions.closed


def test_whoever_sends_much_is_read_slowly_and_nothing_is_lost(house: House, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(lines.PACE, False, (2, 50.0))
    with dial(house) as connection:
        for number in range(20):
            connection.send(str(number).encode())
        assert [connection.recv(timeout=FOR_EVER) for _number in range(20)] == [str(n).encode() for n in range(20)]


def in_one_packet(connection: ClientConnection, number: int) -> None:
    for _number in range(number):
        connection.protocol.send_binary(b"x")
    connection.socket.sendall(b"".join(connection.protocol.data_to_send()))


def test_who_sends_more_than_is_read_in_one_go_is_cut_off(house: House, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(lines.PACE, False, (1, 1.0))
    with dial(house) as connection, pytest.raises(ConnectionClosed) as closed:
        in_one_packet(connection, connections.MOST_WAITING * 10)
        connection.recv(timeout=FOR_EVER)
    assert closed.value.rcvd
    assert closed.value.rcvd.code == 1008


def test_what_somebody_sent_who_has_gone_is_not_read_for_long(house: House, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(lines.PACE, False, (1, 2.0))
    with dial(house) as connection:
        connection.send(b"x")
        connection.recv(timeout=FOR_EVER)
        mine = next(iter(house.server.server_state.connections))
        in_one_packet(connection, 40)
        until(lambda: mine.queue.qsize() > 30)
        connection.socket.close()
    until(lambda: not house.server.server_state.tasks)
    assert house.heard < 20  # of 41; a few were read before it was seen that nobody is there


def test_a_session_of_nobody_who_went_while_waiting_for_a_turn_takes_no_place(
    house: House, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setitem(lines.PACE, False, (1, 0.01))
    with dial(house) as connection:
        connection.send(b"x")
        connection.recv(timeout=FOR_EVER)
        connection.send(b"x")
        until(lambda: any(one.queue.empty() for one in house.server.server_state.connections))
        connection.socket.close()
    until(lambda: not house.server.server_state.tasks)
    assert len(house.sessions.closed) == 1


def test_who_waits_for_a_turn_is_not_quiet_and_who_has_gone_waits_no_longer():
    async def receive() -> Message:
        return {"type": "websocket.receive", "bytes": b"x"}

    async def send(_message: Message) -> None:
        raise OSError

    async def run() -> None:
        shared = lines.SharedPace(1, 0.01)
        assert shared.may()
        line = lines.Line("owner", False, "holder", Sessions(), shared)
        received = line.receiving(receive, send)
        await received()  # "websocket.connect"
        with anyio.fail_after(FOR_EVER / 2):
            async with anyio.create_task_group() as group:
                group.start_soon(received)
                await anyio.wait_all_tasks_blocked()
                assert line.quiet_since() > 0
                line.has_gone()

    in_a_loop(run)


def test_all_of_nobody_s_together_are_read_at_one_pace(house: House, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(lines, "NOBODYS_PACE", (4, 20.0))
    with dial(house) as one, dial(house) as other:
        began = time.monotonic()
        for _number in range(10):
            one.send(b"x")
            other.send(b"y")
        assert [one.recv(timeout=FOR_EVER) for _number in range(10)] == [b"x"] * 10
        assert [other.recv(timeout=FOR_EVER) for _number in range(10)] == [b"y"] * 10
        assert time.monotonic() - began > (20 - 4) / 20.0 - 0.1  # never sooner, however quick the machine


def test_whoever_asks_for_much_waits_for_their_own():
    served: list[str] = []

    async def ask(pace: lines.SharedPace, holder: str) -> None:
        await pace.wait_for(holder)
        served.append(holder)

    async def run() -> None:
        pace = lines.SharedPace(2, 20.0)
        async with anyio.create_task_group() as group:
            for holder in ("flood",) * 20 + ("office", "office", "gone", "gone"):
                group.start_soon(ask, pace, holder)
            await anyio.lowlevel.checkpoint()
            with anyio.CancelScope() as ended:  # a line that ends while it waits leaves no hole
                ended.cancel()
                await ask(pace, "gone")

    in_a_loop(run)
    assert sorted(served) == ["flood"] * 20 + ["gone"] * 2 + ["office"] * 2
    assert max(place for place, holder in enumerate(served) if holder != "flood") < 10


def test_nobody_s_message_need_not_be_whole_to_be_too_large(house: House):
    with dial(house) as connection, pytest.raises(ConnectionClosed) as closed:
        connection.send(iter([b"x" * 40_000, b"x" * 40_000, b"", b""]))  # the second piece is one too many
        connection.recv(timeout=FOR_EVER)
    # What was on its way meanwhile is answered by a reset, which may overtake the word.
    assert closed.value.rcvd is None or closed.value.rcvd.code == lines.TOO_LARGE


def test_a_message_that_never_ends_is_cut_off_after_a_megabyte(house: House):
    sent = 0

    def endless() -> Iterator[bytes]:
        nonlocal sent
        while True:
            yield b"x" * 65536
            sent += 65536

    with dial(house) as connection, pytest.raises(ConnectionClosed):
        connection.send(endless())
    assert sent < 12 * 1024**2  # the rest lies in buffers on the way; uvicorn by itself takes 16 MB, Streamlit's 200


@pytest.mark.parametrize("pieces", [1, 4])
def test_a_compressed_message_is_as_long_as_what_it_unpacks_to(
    house: House, monkeypatch: pytest.MonkeyPatch, pieces: int
):
    monkeypatch.setitem(lines.SIZES, False, connections.LARGEST_MESSAGE)
    piece = b"\0" * (connections.LARGEST_MESSAGE // 2 // pieces)  # some hundred bytes on the line
    with dial(house) as connection:
        assert any(isinstance(one, PerMessageDeflate) for one in connection.protocol.extensions)
        connection.send([piece] * pieces)
        assert connection.recv(timeout=FOR_EVER) == piece * pieces
        with pytest.raises(ConnectionClosed) as closed:
            connection.send([piece] * 2 * pieces + [b"\0"])  # the line may end while it is sent
            connection.recv(timeout=FOR_EVER)
    assert closed.value.rcvd
    assert closed.value.rcvd.code == 1009
