"""The real server as a process of its own, and a visitor without a browser: Streamlit's websocket, spoken by hand."""

import contextlib
import contextvars
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import httpx
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect

from ita_core import language

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 60


@dataclass
class Server:
    """One running server; `output` is all it has printed so far."""

    url: str
    process: subprocess.Popen[bytes]
    log: Path
    database_url: str

    @property
    def output(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")

    @property
    def first_link(self) -> str:
        """The link for the first administrator, as printed."""
        return next(word for word in self.output.split() if "?invite=" in word)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(tmp_path: Path, **more: str) -> dict[str, str]:
    """The environment of a server whose data lies in tmp_path; `more` wins, e.g. ITA_TODAY="2025-03-15"."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("ITA_", "STREAMLIT_"))}
    kept |= {"ITA_DATABASE_URL": f"sqlite:///{tmp_path / 'ita.db'}", "ITA_EVIDENCE_URL": str(tmp_path / "evidence")}
    return kept | {"PYTHONUNBUFFERED": "1", "HOME": str(tmp_path)} | more


def start(
    tmp_path: Path,
    *,
    port: int | None = None,
    arguments: tuple[str, ...] = (),
    script: Path | None = None,
    descriptors: int = 0,
    **more: str,
) -> Server:
    """Start the server without waiting; `running` waits and ends it. `script` is another app than the product's own.

    `descriptors` is all that it may ever have open, 0 for as many as this process.
    """
    port = port or free_port()
    env = environment(tmp_path, **more)
    log = tmp_path / f"server-{port}-{secrets.token_hex(4)}.log"
    command = [sys.executable, "-m", "streamlit", "run", str(script or ROOT / "app.py"), "--server.port", str(port)]
    if descriptors:
        command = ["sh", "-c", f'ulimit -n {descriptors} && exec "$@"', "sh", *command]
    # Streamlit takes its configuration from the script's folder or the one it is started in.
    folder = ROOT if script else tmp_path
    with log.open("wb") as out:
        process = subprocess.Popen([*command, *arguments], cwd=folder, env=env, stdout=out, stderr=subprocess.STDOUT)
    return Server(f"http://localhost:{port}", process, log, env["ITA_DATABASE_URL"])


def wait(server: Server) -> None:
    """Until it answers; raises RuntimeError with its output if it ends or takes too long."""
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        if server.process.poll() is not None:
            break
        with contextlib.suppress(httpx.TransportError):
            if httpx.get(server.url + "/_stcore/health", timeout=5).status_code == 200:
                return
        time.sleep(0.1)
    raise RuntimeError("the server did not start:\n" + server.output)


def stop(server: Server, *, how: signal.Signals = signal.SIGTERM) -> None:
    """End it by its own process id; a second time, and for good, if it does not listen."""
    if server.process.poll() is None:
        server.process.send_signal(how)
        try:
            server.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            server.process.kill()
            server.process.wait(timeout=10)


@contextlib.contextmanager
def running(tmp_path: Path, *, script: Path | None = None, descriptors: int = 0, **more: str) -> Iterator[Server]:
    """A server that answers, ended afterwards."""
    server = start(tmp_path, script=script, descriptors=descriptors, **more)
    try:
        wait(server)
        yield server
    finally:
        stop(server)


def sign_in(server: Server, ticket: str) -> httpx.Response:
    """What the sign-in page's component does with its ticket; the cookie is in the response."""
    return httpx.post(server.url + "/auth/enter", json={"ticket": ticket}, headers={"Origin": server.url}, timeout=30)


# --- a visitor without a browser --------------------------------------------------------------------------------------


def thai(message: str) -> str:
    """What a visitor reads who hasn't chosen English, whatever the test itself speaks."""

    def translated() -> str:
        language.use("th")
        return language._(message)

    return contextvars.copy_context().run(translated)


@dataclass
class Screen:
    """What one run of the script has drawn: texts, and the widgets by label with their ids."""

    session_id: str = ""
    texts: list[str] = field(default_factory=list)
    widgets: dict[str, str] = field(default_factory=dict)
    ids: list[str] = field(default_factory=list)  # of all widgets, also of those whose label another has
    component_data: str = ""  # the JSON given to the last component
    favicon: str = ""
    not_found: bool = False
    failed: bool = False

    @property
    def text(self) -> str:
        return "\n".join(self.texts)

    def keyed(self, part: str) -> str:
        """The id of the first widget whose key holds this."""
        return next(one for one in self.ids if part in one)

    @property
    def is_sign_in(self) -> bool:
        """The sign-in page and nothing else."""
        return set(self.widgets) == {thai("User name"), thai("Password"), thai("Sign in")} and not self.failed

    @property
    def ticket(self) -> str:
        """What the page hands to the browser to exchange for the cookie; empty if it does not."""
        return str(json.loads(self.component_data or "{}").get("body", {}).get("ticket", ""))


class Visitor:
    """One websocket to the server, with this cookie; `session_id` asks to continue that Streamlit session.

    `line` is a connection that is open already; `compression` None takes messages only as they are.
    """

    def __init__(
        self,
        server: Server,
        *,
        cookie: str = "",
        session_id: str = "",
        headers: dict[str, str] | None = None,
        line: socket.socket | None = None,
        compression: str | None = "deflate",
    ) -> None:
        xsrf = secrets.token_hex(8)
        sent = {"Cookie": f"_streamlit_xsrf={xsrf}; {cookie}"} | (headers or {})
        self._open = contextlib.ExitStack()
        opening = connect(
            server.url.replace("http", "ws", 1) + "/_stcore/stream",
            # Streamlit reads its three parts by position, so an empty one would shift the next: send a token always.
            subprotocols=["streamlit", xsrf, *([session_id] if session_id else [])],  # type: ignore[list-item]
            origin=server.url,  # type: ignore[arg-type]
            additional_headers=sent,
            max_size=None,
            open_timeout=30,
            sock=line,
            compression=compression,
        )
        self.connection: ClientConnection = self._open.enter_context(opening)
        self.values: dict[str, str] = {}
        self.address = ("", "")
        self.url = server.url

    def __enter__(self) -> "Visitor":
        return self

    def __exit__(self, *error: object) -> None:
        self._open.close()

    def open(self, address: str = "/", *, press: str = "") -> Screen:
        """Run the script for this address, as the browser does; `press` is the id of a button."""
        parts = urlsplit(address)
        message = BackMsg()
        state = message.rerun_script
        state.page_name = parts.path.strip("/")
        state.query_string = parts.query
        state.context_info.url = self.url + address
        for widget, value in self.values.items():
            state.widget_states.widgets.add(id=widget, string_value=value)
        if press:
            state.widget_states.widgets.add(id=press, trigger_value=True)
        self.address = (address, press)
        self.connection.send(message.SerializeToString())
        return self._screen()

    def again(self) -> Screen:
        """The next action on the same page."""
        return self.open(self.address[0])

    def _screen(self) -> Screen:
        screen = Screen()
        while True:
            message = ForwardMsg.FromString(self.connection.recv(timeout=60))  # type: ignore[arg-type]
            kind = message.WhichOneof("type")
            if kind == "new_session":
                screen = Screen(session_id=message.new_session.initialize.session_id)
            elif kind == "page_config_changed":
                screen.favicon = message.page_config_changed.favicon or screen.favicon
            elif kind == "page_not_found":
                screen.not_found = True
            elif kind == "delta":
                _read(message, screen)
            elif kind == "script_finished" and message.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY:
                return screen


def _read(message: ForwardMsg, screen: Screen) -> None:
    element = message.delta.new_element
    kind = element.WhichOneof("type")
    if kind is None:
        return
    part = getattr(element, kind)
    for name in ("body", "label", "message"):
        text = getattr(part, name, "")
        if isinstance(text, str) and text:
            screen.texts.append(text)
    if hasattr(part, "id") and getattr(part, "label", ""):
        screen.widgets[part.label] = part.id
        screen.ids.append(part.id)
    if kind == "bidi_component":
        screen.component_data = part.json
    if kind == "exception":
        screen.failed = True
        screen.texts.append(part.message)
