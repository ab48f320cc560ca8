"""A web server that answers as it is told to, in every wrong way: bytes on a socket, no library that tidies them."""

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

Answering = Callable[[socket.socket, str], None]  # the connection, the head of what was asked


def plainly(body: bytes = b"", kind: str = "text/html; charset=utf-8", status: str = "200 OK", *more: str) -> Answering:
    """A whole answer as it should be."""

    def answer(line: socket.socket, _asked: str) -> None:
        heads = [f"HTTP/1.1 {status}", f"Content-Type: {kind}", f"Content-Length: {len(body)}", *more]
        line.sendall("\r\n".join([*heads, "", ""]).encode() + body)

    return answer


def onwards(where: str, status: str = "302 Found") -> Answering:
    return plainly(b"", "text/html", status, f"Location: {where}")


def raw(*pieces: bytes) -> Answering:
    """These very bytes, and the end."""

    def answer(line: socket.socket, _asked: str) -> None:
        for piece in pieces:
            line.sendall(piece)

    return answer


def dripping(first: bytes, piece: bytes, seconds: float = 0.05) -> Answering:
    """A piece now and then, for ever."""

    def answer(line: socket.socket, _asked: str) -> None:
        line.sendall(first)
        while True:
            line.sendall(piece)
            time.sleep(seconds)

    return answer


def flooding(first: bytes, piece: bytes) -> Answering:
    """As fast as it is taken, for ever."""
    return dripping(first, piece, 0)


def silent(line: socket.socket, _asked: str) -> None:
    """Takes the question and says nothing."""
    with suppress(OSError):
        line.recv(1)


@dataclass
class Website:
    """A server at `port` of this machine; `asked` are the heads of all that it was asked, in their order."""

    port: int
    scheme: str = "http"
    paths: dict[str, Answering] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    at_once: int = 0
    most_at_once: int = 0

    def url(self, path: str = "/", host: str = "127.0.0.1") -> str:
        return f"{self.scheme}://{host}:{self.port}{path}"

    def answer(self, line: socket.socket) -> None:
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        with suppress(OSError), line:
            head = b""
            while b"\r\n\r\n" not in head:
                piece = line.recv(4096)
                if not piece:
                    return
                head += piece
            said = head.decode("latin-1")
            self.asked.append(said)
            path = said.split(" ")[1]
            self.paths.get(path, plainly(b"", status="404 Not Found"))(line, said)
            with suppress(OSError):
                line.shutdown(socket.SHUT_WR)
        self.at_once -= 1


@contextmanager
def serving(context: ssl.SSLContext | None = None) -> Iterator[Website]:
    """The server runs while this is open."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        site = Website(door.getsockname()[1], "https" if context else "http")

        def answer(line: socket.socket) -> None:
            with suppress(OSError):  # ssl.SSLError is one
                site.answer(context.wrap_socket(line, server_side=True) if context else line)

        def serve() -> None:
            with suppress(OSError):
                while True:
                    line, _address = door.accept()
                    line.settimeout(20)
                    threading.Thread(target=answer, args=(line,), daemon=True).start()

        threading.Thread(target=serve, daemon=True).start()
        yield site
        door.shutdown(socket.SHUT_RDWR)
