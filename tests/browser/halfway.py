"""A way to the server on which a large upload gets only half its way: nothing depends on how fast the machine is."""

import contextlib
import re
import socket
import threading
from collections.abc import Iterator

LARGE, HALF = 5 * 1024**2, 2 * 1024**2
_HEAD = re.compile(rb"POST /uploads/.*?\r\ncontent-length: (\d+)\r\n", re.IGNORECASE | re.DOTALL)


@contextlib.contextmanager
def halfway(url: str) -> Iterator[str]:
    """The address of a proxy that passes all on, but of a large upload 2 MB: it holds the rest until the end."""
    port = int(url.rpartition(":")[2])
    over = threading.Event()
    opened: list[socket.socket] = []
    server = socket.socket()
    server.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 64 * 1024)  # else the system takes the rest in for us
    server.bind(("127.0.0.1", 0))
    server.listen()

    def pump(source: socket.socket, target: socket.socket) -> None:
        left = None
        with contextlib.suppress(OSError):
            while piece := source.recv(64 * 1024):
                if (head := _HEAD.match(piece)) and int(head[1]) > LARGE:
                    left = HALF
                if left is not None and (left := left - len(piece)) < 0:
                    over.wait()
                    return
                target.sendall(piece)
        with contextlib.suppress(OSError):
            target.shutdown(socket.SHUT_WR)

    def serve() -> None:
        with contextlib.suppress(OSError):
            while True:
                here = server.accept()[0]
                there = socket.create_connection(("127.0.0.1", port))
                opened.extend((here, there))
                for pair in ((here, there), (there, here)):
                    threading.Thread(target=pump, args=pair, daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield f"http://localhost:{server.getsockname()[1]}"
    finally:
        over.set()
        server.close()
        for one in opened:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)  # wakes who waits in it
            one.close()
