"""HEIC, as iPhones photograph: examined by its header, and made into a JPEG, which every office can open.

Done in a process of its own with limits (`child`), like all that reads what somebody sent. libheif keeps its own
bounds against bombs beside ours; one picture is decoded, by one thread, after its size was looked at.
"""

import io
import sys
from typing import Any, BinaryIO

from ita_core.evidence import kinds
from ita_core.evidence.examine.objection import Objection
from ita_core.evidence.examine.picture import BROKEN
from ita_core.evidence.kinds import FileKind
from ita_core.evidence.noticed import Noticed

# The largest iPhone's have 48 million. Decoded a pixel fills three bytes, half that again meanwhile, and four in
# Pillow: in all 640 MB of address space for the most, in tiles as iPhones keep them (measured; `inspect.jpeg_of`).
MOST_PIXELS = 60_000_000
QUALITY = 92
_BRANDS = {b"heic", b"heix", b"heim", b"heis"}


def is_heic(head: bytes) -> bool:
    """By the brands in the file's first box: still pictures in HEVC, no film of them, no AVIF."""
    if head[4:8] != b"ftyp":
        return False
    length = min(int.from_bytes(head[:4], "big"), len(head))
    others = {head[at : at + 4] for at in range(16, length - 3, 4)}
    return head[8:12] in _BRANDS or (head[8:12] == b"mif1" and bool(others & _BRANDS))


def examine(source: BinaryIO) -> tuple[FileKind, Noticed]:
    """By its header; whether its picture is whole is seen when it is made into a JPEG. Raises Objection."""
    picture = _opened(source)
    return kinds.HEIC, Noticed(width=picture.size[0], height=picture.size[1])


def main(path: str) -> None:
    """In the child: the file's first picture as a JPEG, nothing where it cannot be read."""
    with open(path, "rb") as source:  # noqa: PTH123 - as quick to start as can be
        try:
            sys.stdout.buffer.write(to_jpeg(source))
        except Objection:
            return


def to_jpeg(source: BinaryIO) -> bytes:
    """The picture turned the right way up, with its colour profile and when it was taken. Raises Objection."""
    opened = _opened(source)
    made = io.BytesIO()
    try:
        picture = opened.to_pillow()
        del opened  # it holds all pixels once more
        if picture.mode not in {"RGB", "L"}:
            picture = picture.convert("RGB")
        exif = picture.getexif().tobytes()
        picture.save(made, "JPEG", quality=QUALITY, exif=exif, icc_profile=picture.info.get("icc_profile"))
    except BROKEN:
        raise Objection("broken") from None
    return made.getvalue()


def _opened(source: BinaryIO) -> Any:
    import pillow_heif

    pillow_heif.options.DECODE_THREADS = 1
    pillow_heif.options.THUMBNAILS = False
    pillow_heif.options.DEPTH_IMAGES = False
    pillow_heif.options.AUX_IMAGES = False
    source.seek(0)
    try:
        found = pillow_heif.open_heif(source)
        width, height = found.size
    except BROKEN:
        raise Objection("broken") from None
    if width * height > MOST_PIXELS:
        raise Objection("pixels")
    if width * height == 0:
        raise Objection("broken")
    return found
