"""A server of this machine that behaves as developers.line.biz describes LINE's Messaging API, limits included."""

import base64
import hashlib
import hmac
import json
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

TOKEN, SECRET = "line-token", "line-secret"


@dataclass
class LineHouse:
    """What was pushed, and how it answers: `fails` statuses first, `allowance` messages this month, `hangs` seconds.

    With `loses` it takes the next messages and breaks off before it answers.
    """

    port: int = 0
    pushed: list[tuple[str, str]] = field(default_factory=list)  # to whom, what
    replied: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)  # the retry key of each request
    taken: set[str] = field(default_factory=set)
    fails: list[int] = field(default_factory=list)
    allowance: int = 200
    hangs: float = 0.0
    loses: int = 0
    unknown: set[str] = field(default_factory=set)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def answer(self, path: str, headers: Any, body: bytes) -> tuple[int, dict[str, object]]:
        if headers.get("Authorization") != f"Bearer {TOKEN}":
            return 401, {"message": "Authentication failed"}
        told = json.loads(body)
        if path == "/v2/bot/message/reply":
            self.replied.append(told["messages"][0]["text"])
            return 200, {}
        if path != "/v2/bot/message/push":
            return 404, {"message": "Not found"}
        key = headers.get("X-Line-Retry-Key", "")
        self.asked.append(key)
        try:
            uuid.UUID(key)
        except ValueError:
            return 400, {"message": "Invalid retry key"}
        if key in self.taken:
            return 409, {"message": "The retry key is already accepted"}
        if self.fails:
            return self.fails.pop(0), {"message": "An error"}
        if told["to"] in self.unknown:
            return 400, {"message": "The property, 'to', in the request body is invalid (line: -, column: -)"}
        [message] = told["messages"]
        if message["type"] != "text" or not 0 < len(message["text"].encode("utf-16-le")) // 2 <= 5000:
            return 400, {"message": "The request body has 1 error(s)"}
        if len(self.pushed) >= self.allowance:
            return 429, {"message": "You have reached your monthly limit."}
        self.taken.add(key)
        self.pushed.append((told["to"], message["text"]))
        return 200, {"sentMessages": [{"id": "1"}]}


@contextmanager
def line_house() -> Iterator[LineHouse]:
    made = LineHouse()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status, said = made.answer(self.path, self.headers, body)
            time.sleep(made.hangs)
            if made.loses and status == 200:
                made.loses -= 1
                return
            told = json.dumps(said).encode()
            with suppress(OSError):
                self.send_response(status)
                self.send_header("Content-Length", str(len(told)))
                self.end_headers()
                self.wfile.write(told)

        def log_message(self, *_all: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    made.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


def signed(body: bytes, secret: str = SECRET) -> str:
    """What LINE puts into X-Line-Signature."""
    return base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()
