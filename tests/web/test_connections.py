"""Connections before any request is read, on a real uvicorn in this process; lines that grow old."""

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator
from types import SimpleNamespace

import anyio
import pytest
import uvicorn
from anyio import to_thread
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.types import Message
from starlette.websockets import WebSocket
from websockets.exceptions import ConnectionClosed
from websockets.extensions.permessage_deflate import PerMessageDeflate
from websockets.sync.client import ClientConnection, connect

from ita_core.web import connections, lines, routes
from ita_core.web.gate import Gate
from tests.asking import in_a_loop
from tests.cast import Cast
from tests.server import free_port

FOR_EVER = 60.0  # seconds that a test waits for what must come


class Sessions:
    """In Streamlit's place: every message is wanted, and whose session was shut down is written down."""

    def __init__(self) -> None:
        self.closed: list[str] = []

    def owner_of(self, _session_id: str, /) -> str | None:
        return None

    def close(self, owner: str, /) -> None:
        self.closed.append(owner)

    def is_wanted(self, _message: bytes, /) -> bool:
        return True


class House:
    """A server of this process; `proxies` are the addresses whose word about others is believed."""

    def __init__(self, most: int, proxies: str) -> None:
        self.sessions = Sessions()
        self.go_on = threading.Event()
        self.heard = 0  # messages
        self.port = free_port()
        config = uvicorn.Config(
            self._app(most), port=self.port, ws="websockets-sansio", lifespan="off", forwarded_allow_ips=proxies
        )
        config.load()
        connections.bound(config, most)
        self.server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self.server.run)
        self._thread.start()
        until(lambda: self.server.started)

    def _app(self, most: int) -> Starlette:
        async def hello(_request: Request) -> PlainTextResponse:
            return PlainTextResponse("hello")

        async def echo(websocket: WebSocket) -> None:
            await websocket.accept("streamlit")
            while (message := await websocket.receive())["type"] == "websocket.receive":
                self.heard += 1
                with contextlib.suppress(Exception):  # Streamlit's goes on, too, when nobody hears the answer
                    await websocket.send_bytes(message["bytes"])

        async def slow(_request: Request) -> PlainTextResponse:
            await to_thread.run_sync(self.go_on.wait)
            return PlainTextResponse("hello")

        async def receives(request: Request) -> PlainTextResponse:
            with contextlib.suppress(ClientDisconnect):
                await request.body()
            return PlainTextResponse("")

        async def large(_request: Request) -> PlainTextResponse:
            return PlainTextResponse("x" * 50_000_000)

        return Starlette(
            routes=[
                Route("/", hello),
                Route("/large", large),
                Route("/slow", slow),
                Route("/uploads/1/{key}", receives, methods=["POST"]),
                WebSocketRoute("/_stcore/stream", echo),
                *routes.routes(),
            ],
            middleware=[Middleware(Gate, sessions=self.sessions, connections=most)],
        )

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    def knock(self, said: bytes = b"", *, of: str = "127.0.0.1") -> socket.socket:
        """A connection from this address that has said this much."""
        made = socket.create_connection(("127.0.0.1", self.port), timeout=FOR_EVER, source_address=(of, 0))
        made.sendall(said)
        return made

    def stop(self) -> None:
        self.go_on.set()
        self.server.should_exit = True
        self._thread.join()


def until(met: Callable[[], bool]) -> None:
    ends = time.monotonic() + FOR_EVER
    while not met():
        assert time.monotonic() < ends
        time.sleep(0.01)


WHOLE = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
ONCE = WHOLE[:-2] + b"Connection: close\r\n\r\n"


def answer(connection: socket.socket) -> bytes:
    """All that comes until the server ends it."""
    said = b""
    with contextlib.suppress(ConnectionResetError):
        while piece := connection.recv(65536):
            said += piece
    return said


@pytest.fixture
def house(at_work: Cast, request: pytest.FixtureRequest) -> Iterator[House]:
    made = House(*getattr(request, "param", (20, "")))
    yield made
    made.stop()


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


def dial(house: House) -> connect:
    url = house.url.replace("http", "ws", 1) + "/_stcore/stream"
    return connect(url, origin=house.url, subprotocols=["streamlit"])  # type: ignore[list-item, arg-type]


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


def test_one_customer_s_ipv6_addresses_are_one(house: House):
    keeper = connections.Doorkeeper(10, uvicorn.Config(house._app(10)))
    there = [SimpleNamespace(client=(f"2001:db8:1:2::{number:x}", 1)) for number in range(5)]
    assert not keeper.has_room(there, "2001:db8:1:2:ffff::1")
    assert keeper.has_room(there, "2001:db8:1:3::1")


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
