"""What a connection is held to before any request of it is read: how many, how long without one, how large.

uvicorn by itself waits for ever for a request's head, and takes connections until the process has no descriptor left.
Streamlit starts it and offers no way to set it up, so its running configuration is looked up, and its own protocols get
ours in front.
"""

import asyncio
import gc
import ipaddress
import logging
import socket
import time
from collections import Counter
from collections.abc import Collection, Iterator
from typing import Any, TypeVar

import uvicorn
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware, _TrustedHosts

from ita_core.accounts import network_of
from ita_core.web.lines import Line

REQUEST_SECONDS = 20  # until a request's head has come whole; the slowest phone needs one or two
UNREAD_SECONDS = 60  # that an answer's next 50 KB or so may take: 8 kbit/s
LARGEST_HEAD = 32 * 1024  # bytes
LARGEST_MESSAGE = 1024**2  # bytes of a websocket's message; the longest form of ours fills a few thousand
MOST_PIECES = 256  # of one message: each piece costs memory beside its bytes, also one without any
MOST_WAITING = 64  # messages of one websocket that have come and are not read yet: one packet holds thousands
HEARD_AFTER = 3  # of them are still read when their sender has gone: somebody may press a button and close the window
MOST = 1500
KEPT_FREE = 256  # descriptors for the database, the evidence and what starts child processes
DESCRIPTORS = 4  # that a websocket costs: its own, and the event loop of Streamlit's thread behind it
FULL = (
    b"HTTP/1.1 503 Service Unavailable\r\nContent-Type: text/plain; charset=utf-8\r\nRetry-After: 10\r\n"
    b"Content-Length: 0\r\nConnection: close\r\n\r\n"
)
_FILES = "/uploads/"
REFUSED_AT_ONCE = 32  # connections that stay open for a moment to be told so
TOLD_SECONDS = 60
PATIENCE = 3  # seconds in which a request comes whole from where nobody means harm

T = TypeVar("T")
_log = logging.getLogger(__name__)


def room() -> int:
    """How many connections this process may hold at once, with its limit of descriptors raised as far as allowed."""
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return MOST
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST * DESCRIPTORS + KEPT_FREE
    if soft != resource.RLIM_INFINITY and soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return MOST if soft == resource.RLIM_INFINITY else max(16, min(MOST, (soft - KEPT_FREE) // DESCRIPTORS))


def prepare(most: int, proxies: str) -> None:
    """Hold the server that runs in this process to at most so many connections.

    Of `proxies` (addresses and networks, by commas) alone it believes for whom they ask.

    To be called before it listens: in the app's lifespan. Raises RuntimeError where no uvicorn is found.
    """
    found = list(_all_of(uvicorn.Config))
    if not found:
        raise RuntimeError("no uvicorn runs this app: its connections cannot be bounded")
    for config in found:
        believe(config, proxies)
        bound(config, most)


def believe(config: uvicorn.Config, proxies: str) -> None:
    """Take X-Forwarded-For and -Proto from these alone; uvicorn by itself believes every program of this machine.

    The configuration is loaded already, and by then uvicorn has put the app behind what reads the headers.
    """
    proxies = ",".join(as_heard(proxies))
    app = config.loaded_app
    if isinstance(app, ProxyHeadersMiddleware):
        app = app.app
    config.forwarded_allow_ips = proxies
    config.loaded_app = ProxyHeadersMiddleware(app, trusted_hosts=proxies) if proxies else app


def as_heard(proxies: str) -> Iterator[str]:
    """Each of them, and each of IPv4 also as a socket for both hears it (RFC 4291, section 2.5.5.2)."""
    for one in filter(None, (part.strip() for part in proxies.split(","))):
        yield one
        try:
            network = ipaddress.IPv4Network(one)
        except ValueError:
            continue
        yield f"::ffff:{network.network_address}/{96 + network.prefixlen}"


def bound(config: uvicorn.Config, most: int) -> None:
    """Hold a server of this configuration, loaded already, to so many connections; one address may have half of them.

    What is bounded beside their number stands above.
    """
    doorkeeper = Doorkeeper(most, config)
    http, ws = config.http_protocol_class, config.ws_protocol_class
    if ws is not None and not (hasattr(ws, "handle_cont") and hasattr(ws, "send_receive_event_to_app")):
        raise RuntimeError(f"messages cannot be bounded with {ws.__name__}")
    config.http_protocol_class = type("BoundedHTTP", (_Bounded, http), {"doorkeeper": doorkeeper})
    config.ws_protocol_class = type("BoundedWebSocket", (_BoundedMessages, ws), {}) if ws else None
    config.ws_max_size = LARGEST_MESSAGE
    config.h11_max_incomplete_event_size = LARGEST_HEAD


def _all_of(kind: type[T]) -> Iterator[T]:
    for one in gc.get_objects():
        if issubclass(type(one), kind):  # isinstance would ask what a weak reference refers to, which may be gone
            yield one


def _send_at_once(transport: asyncio.Transport) -> None:
    """Let small messages go out when they are written: without it every second answer waits 40 ms for the browser.

    Streamlit opens its socket without naming the protocol; asyncio then doesn't see that it is TCP, and leaves Nagle's
    algorithm on.
    """
    one = transport.get_extra_info("socket")
    if one is not None and one.family in {socket.AF_INET, socket.AF_INET6}:
        one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


class Doorkeeper:
    """Counts what is open; an address that proxies for others may have all of it."""

    def __init__(self, most: int, config: uvicorn.Config) -> None:
        self.most = most
        self.most_of_one = most // 2
        self.refused = 0
        self._proxies = _TrustedHosts(config.forwarded_allow_ips)
        self._told = -float(TOLD_SECONDS)

    def has_room(self, connections: Collection[Any], address: str) -> bool:
        """Whether one more from this address may stay, beside those that are open."""
        network = network_of(address)
        of_this = sum(1 for one in connections if one.client and network_of(one.client[0]) == network)
        if len(connections) >= self.most:
            return self._make_room(connections, of_this) or self._no("all connections are in use (%d)", self.most)
        if of_this < self.most_of_one or address in self._proxies or not address:
            return True
        return self._no("%d connections are open from one address", of_this)

    def _make_room(self, connections: Collection[Any], of_this: int) -> bool:
        """Whether one that owes a request gave its place up: the one that has owed it longest.

        Of all addresses, the one with the most loses one, at once; the newcomer's own only what is late.
        """
        owing = [(one.owes_since, one) for one in connections if getattr(one, "owes_since", None) is not None]
        if not owing:
            return False
        places = Counter(network_of(one.client[0]) for _since, one in owing if one.client)
        busiest, number = max(places.items(), key=lambda place: place[1], default=("", 0))
        if number > of_this + 1:
            owing = [(since, one) for since, one in owing if one.client and network_of(one.client[0]) == busiest]
        since, leaving = min(owing, key=lambda owed: owed[0])
        if number <= of_this + 1 and time.monotonic() - since < PATIENCE:
            return False
        leaving.transport.abort()
        return True

    def _no(self, why: str, number: int) -> bool:
        if time.monotonic() - self._told > TOLD_SECONDS:
            self._told = time.monotonic()
            _log.warning("Refused with 503: " + why, number)
        return False


class _Read(asyncio.Protocol):
    """In front of both of uvicorn's protocols: whoever reads nothing of what is sent is cut off."""

    # What uvicorn's own protocol, behind this one, has.
    loop: asyncio.AbstractEventLoop
    transport: asyncio.Transport

    _unread: asyncio.TimerHandle | None = None

    def pause_writing(self) -> None:
        self._unread = self.loop.call_later(UNREAD_SECONDS, self.transport.abort)
        super().pause_writing()

    def resume_writing(self) -> None:
        self._is_read()
        super().resume_writing()

    def connection_lost(self, exc: Exception | None) -> None:
        self._is_read()
        super().connection_lost(exc)

    def _is_read(self) -> None:
        if self._unread:
            self._unread.cancel()
            self._unread = None


class _Bounded(_Read):
    """In front of uvicorn's protocol for HTTP."""

    doorkeeper: Doorkeeper
    # What uvicorn's own protocol, behind this one, has.
    cycle: Any
    scope: Any
    connections: set[Any]

    _timer: asyncio.TimerHandle | None = None
    _began: float = 0.0  # when it began to owe us a request
    _refused: bool = False

    @property
    def owes_since(self) -> float | None:
        """Since when (by the monotonic clock) a request's head or body is awaited; a file may take its time."""
        if self.transport.is_closing():  # it has given its place up already
            return None
        if self._timer:
            return self._began
        sends = self.cycle and self.cycle.more_body and not self.cycle.response_complete
        return self._began if sends and not self.scope["path"].startswith(_FILES) else None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        _send_at_once(transport)
        peer = transport.get_extra_info("peername")
        address = str(peer[0]) if isinstance(peer, tuple) else ""
        if self.doorkeeper.has_room(self.connections, address):
            super().connection_made(transport)
            self._wait_for_a_head()
            return
        self.transport, self._refused = transport, True
        self.doorkeeper.refused += 1
        # Closed at once it might never read why: what it has sent by then is answered by a reset.
        wait = 1 if self.doorkeeper.refused <= REFUSED_AT_ONCE else 0
        self._timer = self.loop.call_later(wait, transport.abort)

    def data_received(self, data: bytes) -> None:
        if self._refused:
            self.transport.write(FULL)
            self.transport.close()
            return
        super().data_received(data)
        self._wait_for_a_head()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        if self._refused:
            self.doorkeeper.refused -= 1
        else:
            super().connection_lost(exc)

    def _wait_for_a_head(self) -> None:
        """Cut off whoever has begun no request, or not ended its head, in time; what came meanwhile buys none."""
        if self.transport.get_protocol() is not self or (self.cycle and not self.cycle.response_complete):
            self._stop_waiting()
        elif self._timer is None and not self.transport.is_closing():
            self._began = time.monotonic()
            self._timer = self.loop.call_later(REQUEST_SECONDS, self.transport.abort)

    def _stop_waiting(self) -> None:
        if self._timer:
            self._timer.cancel()
            self._timer = None


class _BoundedMessages(_Read):
    """In front of uvicorn's protocol for websockets, which bounds a message's bytes only, and for all alike."""

    # What uvicorn's own protocol, behind this one, has.
    close_sent: bool
    conn: Any
    frames: list[bytes]
    queue: asyncio.Queue[Any]
    scope: Any

    def data_received(self, data: bytes) -> None:
        # Before there is a scope the handshake is read; the gate then says whose it is.
        self.conn.max_message_size = self._line.largest if self._line else LARGEST_MESSAGE
        super().data_received(data)

    def handle_cont(self, event: Any) -> None:
        if len(self.frames) < MOST_PIECES:
            super().handle_cont(event)  # type: ignore[misc]
            return
        self.frames = []
        self._fail(1009, "too many pieces")

    def send_receive_event_to_app(self) -> None:
        if self.queue.qsize() < MOST_WAITING:
            super().send_receive_event_to_app()  # type: ignore[misc]
        else:
            self._fail(1008, "too many messages at once")

    def connection_lost(self, exc: Exception | None) -> None:
        # Else they would be read at the line's pace, and a page run for each, long after their sender has gone.
        heard = [self.queue.get_nowait() for _number in range(self.queue.qsize())]
        for one in heard[:HEARD_AFTER]:
            self.queue.put_nowait(one)
        super().connection_lost(exc)
        if self._line:
            self._line.has_gone()

    @property
    def _line(self) -> Line | None:
        """What the gate made of it, once it is let in."""
        state = self.scope["state"] if hasattr(self, "scope") else {}
        line: Line | None = state.get("line")
        return line

    def _fail(self, code: int, why: str) -> None:
        self.conn.fail(code, why)
        self.transport.write(b"".join(self.conn.data_to_send()))
        self.close_sent = True
        self.transport.close()
