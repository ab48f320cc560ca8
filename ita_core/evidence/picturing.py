"""A stored picture as a small JPEG for a document, decoded by a process of its own (`child`), whose `main` this is too.

A photograph of a telephone is turned as it was held and made smaller: at most 1400 pixels on its longer side. The
process gets 1 GB of memory and up to 10 seconds of processor, and is ended after 20 seconds; two work at once, of an
account one. What was made is kept, up to 32 MB in all.
"""

import io
import struct
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ita_core.evidence import child
from ita_core.evidence.kept import Kept

LONGEST = 1400  # pixels: 16 cm on paper at 220 to the inch
MOST_KEPT = 32 * 1024**2  # bytes
MEMORY, PROCESSOR_SECONDS, SECONDS = 1024**3, 10, 20
_turns = threading.BoundedSemaphore(2)


@dataclass(frozen=True, slots=True)
class Small:
    """A picture as JPEG with its size in pixels; of one that cannot be decoded nothing: 0 by 0."""

    content: bytes = b""
    width: int = 0
    height: int = 0


_kept: Kept[Small] = Kept(lambda one: len(one.content) + 1024, lambda: MOST_KEPT, failed=Small())


def small(sha256: str, verified: Callable[[str], Path], *, by: int | None = None) -> Small:
    """The stored picture with this hash, for a document; `by` is the account that asks, whose pictures take turns.

    `verified` gives its proven file, asked only where it was not made yet; so raises what that raises.
    """

    def make() -> Small:
        path = verified(sha256)
        allowed = child.processor_seconds(path.stat().st_size, PROCESSOR_SECONDS)
        answer = child.run(__name__, str(path), memory=MEMORY, processor_seconds=allowed, seconds=SECONDS, turns=_turns)
        return Small(answer[8:], *struct.unpack(">II", answer[:8]))

    return _kept.or_made(sha256, make, by=by)


def main(path: str) -> None:
    """In the child: width, height and the JPEG on standard output."""
    from PIL import Image, ImageOps

    Image.MAX_IMAGE_PIXELS = None  # its header was looked at when it came (`examine/picture.py`); the memory is limited
    with Image.open(path, formats=("JPEG", "PNG", "WEBP")) as opened:
        opened.draft("RGB", (LONGEST, LONGEST))  # of a JPEG, decode no more than is needed
        opened.load()
        upright = ImageOps.exif_transpose(opened)
        upright.thumbnail((LONGEST, LONGEST))
        if upright.mode != "RGB":  # what is seen through is white, as paper is
            clear = upright.convert("RGBA")
            upright = Image.new("RGB", clear.size, "white")
            upright.paste(clear, mask=clear.getchannel("A"))
        made = io.BytesIO()
        upright.save(made, format="JPEG", quality=82)
    sys.stdout.buffer.write(struct.pack(">II", *upright.size) + made.getvalue())
