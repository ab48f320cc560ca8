"""A PDF's first pages as pictures, drawn by a process of its own (`child`), whose `main` this module also is.

A page is drawn with at most 4 megapixels; the process gets 1 GB of memory and 10 seconds of processor, and is ended
after 20 seconds.
"""

import io
import struct
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from ita_core.evidence import child

PAGES = 5  # drawn; whoever wants more opens the file
WIDTH, LARGEST = 1100, 4_000_000  # pixels across, pixels in all
MEMORY, PROCESSOR_SECONDS, SECONDS = 1024**3, 10, 20


@dataclass(frozen=True, slots=True)
class Drawn:
    """How many pages the document has (0: it cannot be drawn), and the first ones as PNG."""

    count: int
    pages: tuple[bytes, ...]


def drawn(sha256: str, verified: Callable[[str], Path]) -> Drawn:
    """The first pages of the stored PDF with this hash.

    `verified` gives its proven file; asked only where the pages were not drawn yet, so raises what that raises.
    """
    try:
        return _drawn(sha256, verified)
    except child.Ended:  # not kept: what took too long on a busy machine may be drawn the next time
        return Drawn(0, ())


@lru_cache(maxsize=32)
def _drawn(sha256: str, verified: Callable[[str], Path]) -> Drawn:
    """An object never changes, so its pages are kept."""
    path = str(verified(sha256))
    answer = child.run(__name__, path, memory=MEMORY, processor_seconds=PROCESSOR_SECONDS, seconds=SECONDS)
    return _read(io.BytesIO(answer))


def _read(answer: io.BytesIO) -> Drawn:
    (count,) = struct.unpack(">I", answer.read(4))
    pages = []
    while head := answer.read(4):
        pages.append(answer.read(struct.unpack(">I", head)[0]))
    return Drawn(count, tuple(pages))


def main(path: str) -> None:
    """In the child: the number of pages and the first ones on standard output, each with its length before it."""
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
