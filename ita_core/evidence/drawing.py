"""A PDF's first pages as pictures, drawn by a process of its own: a document made to do harm harms only that.

Run as a script it is that process: it imports nothing of ours, so that it starts quickly. A page is drawn with at most
4 megapixels; the process gets 1 GB of memory and 10 seconds of processor, and is ended after 20 seconds.
"""

import io
import struct
import subprocess
import sys
import threading
from dataclasses import dataclass
from functools import lru_cache

PAGES = 5  # drawn; whoever wants more opens the file
WIDTH, LARGEST = 1100, 4_000_000  # pixels across, pixels in all
MEMORY, PROCESSOR_SECONDS, SECONDS = 1024**3, 10, 20
_turns = threading.BoundedSemaphore(2)  # as many at once as the machine has processors


@dataclass(frozen=True, slots=True)
class Drawn:
    """How many pages the document has (0: it cannot be drawn), and the first ones as PNG."""

    count: int
    pages: tuple[bytes, ...]


@lru_cache(maxsize=32)
def drawn(path: str) -> Drawn:
    """The first pages of the stored PDF at `path`; an object never changes, so they are kept."""
    # By its path and isolated (-I): found from any folder, and this folder's `inspect` does not hide the library's.
    command = [sys.executable, "-I", __file__, path]
    with _turns:
        try:
            done = subprocess.run(command, capture_output=True, timeout=SECONDS, check=True)  # noqa: S603  our own script
        except (subprocess.TimeoutExpired, subprocess.CalledProcessError):
            return Drawn(0, ())
    return _read(io.BytesIO(done.stdout))


def _read(answer: io.BytesIO) -> Drawn:
    (count,) = struct.unpack(">I", answer.read(4))
    pages = []
    while head := answer.read(4):
        pages.append(answer.read(struct.unpack(">I", head)[0]))
    return Drawn(count, tuple(pages))


def _draw(path: str) -> None:
    import pypdfium2

    with pypdfium2.PdfDocument(path) as document:
        sys.stdout.buffer.write(struct.pack(">I", len(document)))
        for number in range(min(len(document), PAGES)):
            page = document[number]
            width, height = max(page.get_width(), 1), max(page.get_height(), 1)
            scale = min(WIDTH / width, (LARGEST / (width * height)) ** 0.5, 4.0)
            picture = io.BytesIO()
            page.render(scale=scale).to_pil().save(picture, format="PNG")
            sys.stdout.buffer.write(struct.pack(">I", picture.tell()) + picture.getvalue())


def _limit() -> None:
    try:
        import resource
    except ImportError:  # Windows has no such limits; the time-out holds there too
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (PROCESSOR_SECONDS, PROCESSOR_SECONDS))


if __name__ == "__main__":
    _limit()
    _draw(sys.argv[1])
