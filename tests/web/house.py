"""A real uvicorn in this process, to be asked by whoever means no good."""

import contextlib
import socket
import threading
import time
from collections.abc import Callable

import uvicorn
from anyio import to_thread
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket
from websockets.sync.client import connect

from ita_core.web import connections, routes
from ita_core.web.gate import Gate
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


def dial(house: House) -> connect:
    url = house.url.replace("http", "ws", 1) + "/_stcore/stream"
    return connect(url, origin=house.url, subprotocols=["streamlit"])  # type: ignore[list-item, arg-type]
