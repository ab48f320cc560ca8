"""A document's first pages as pictures, drawn by a process of its own (`child`), whose `main` this module also is.

A PDF is drawn as it is; an office file as the PDF that LibreOffice makes of it (`printing`), where that is installed.

A page is drawn with at most 2 megapixels; the process gets 1 GB of memory and up to 10 seconds of processor, by the
file's size, and is ended after 20 seconds. Drawing has turns of its own, apart from examination: two at once, of an
account one, and a document is drawn once for all who wait for it. What was drawn is kept, compressed, up to 64 MB in
all.
"""

import io
import struct
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ita_core.evidence import child, printing
from ita_core.evidence.kept import Kept

PAGES = 5  # drawn; whoever wants more opens the file
WIDTH, LARGEST = 1100, 2_000_000  # pixels across, pixels in all
LARGEST_PNG = 256 * 1024  # bytes: text and drawings are less, and sharper than as JPEG; scans are several times that
MOST_KEPT = 64 * 1024**2  # bytes of pictures, in this process
MEMORY, PROCESSOR_SECONDS, SECONDS = 1024**3, 10, 20
_turns = threading.BoundedSemaphore(2)


@dataclass(frozen=True, slots=True)
class Drawn:
    """How many pages the document has (0: it cannot be drawn), and the first ones as PNG or JPEG."""

    count: int
    pages: tuple[bytes, ...]


def _size(found: Drawn) -> int:
    return sum(map(len, found.pages)) + 1024  # those without a page are no less bounded


def new_kept() -> Kept[Drawn]:
    """Room for what is drawn."""
    return Kept(_size, lambda: MOST_KEPT, failed=Drawn(0, ()))


_kept = new_kept()


def drawn(sha256: str, verified: Callable[[str], Path], *, by: int | None = None, suffix: str = ".pdf") -> Drawn:
    """The first pages of the stored document with this hash; `by` is the account that asks, whose drawings take turns.

    `suffix` says what it is: anything but a PDF is printed to one first, and has no pages where nothing can do that.

    `verified` gives its proven file; asked only where the pages were not drawn yet, so raises what that raises.
    """

    def make() -> Drawn:
        with printing.as_pdf(verified(sha256), suffix) as paper:
            allowed = child.processor_seconds(paper.stat().st_size, PROCESSOR_SECONDS)
            answer = child.run(
                __name__, str(paper), memory=MEMORY, processor_seconds=allowed, seconds=SECONDS, turns=_turns
            )
        return _read(io.BytesIO(answer))

    return _kept.or_made(sha256, make, by=by)


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
            image, picture = page.render(scale=scale).to_pil(), io.BytesIO()
            image.save(picture, format="PNG")
            if picture.tell() > LARGEST_PNG:
                picture = io.BytesIO()
                image.convert("RGB").save(picture, format="JPEG", quality=80)
            sys.stdout.buffer.write(struct.pack(">I", picture.tell()) + picture.getvalue())
