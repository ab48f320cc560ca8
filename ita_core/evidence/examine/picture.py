"""JPEG, PNG, WEBP: complete, and not more pixels than a viewer can hold; from their headers, nothing is decoded."""

import re
import struct
import zlib
from contextlib import suppress
from datetime import datetime
from typing import BinaryIO

from ita_core.evidence import kinds
from ita_core.evidence.examine.objection import Objection
from ita_core.evidence.kinds import FileKind
from ita_core.evidence.noticed import Noticed

MOST_PIXELS, LONGEST_SIDE = 120_000_000, 30_000
LARGEST_TEXT = 8 * 1024**2  # of a PNG's packed profile or comment, unpacked
# What Pillow and libheif raise at pictures that are in no order.
BROKEN = (OSError, ValueError, SyntaxError, TypeError, KeyError, IndexError, AttributeError, struct.error,
          OverflowError, ZeroDivisionError, zlib.error, RuntimeError, EOFError)  # fmt: skip
_EXIF, _TAKEN, _TAKEN_OFFSET = 0x8769, 0x9003, 0x9011


def examine_jpeg(source: BinaryIO) -> tuple[FileKind, Noticed]:
    """Raises Objection."""
    size = source.seek(0, 2)
    scan = _start_of_scan(source, size)
    source.seek(scan)
    # In what comes after, FF is always followed by 00 or a mark. What phones put behind the end (a film) is left alone.
    before = b""
    while piece := source.read(1024 * 1024):
        if b"\xff\xd9" in before + piece:
            break
        before = piece[-1:]
    else:
        raise Objection("cut_off")
    return kinds.JPEG, _opened(source, "JPEG")


def _start_of_scan(source: BinaryIO, size: int) -> int:
    place = 2
    while True:
        source.seek(place)
        head = source.read(4)
        if len(head) < 4:
            raise Objection("cut_off")
        if head[0] != 0xFF:
            raise Objection("broken")
        if head[1] == 0xFF:  # padding
            place += 1
            continue
        if 0xD0 <= head[1] <= 0xD9 or head[1] == 0x01:
            place += 2
            continue
        place += 2 + max(int.from_bytes(head[2:], "big"), 2)
        if place > size:
            raise Objection("cut_off")
        if head[1] == 0xDA:
            return place


def examine_png(source: BinaryIO) -> tuple[FileKind, Noticed]:
    """Raises Objection."""
    size = source.seek(0, 2)
    place = 8
    while True:
        source.seek(place)
        head = source.read(8)
        if len(head) < 8:
            raise Objection("cut_off")
        length, name = struct.unpack(">L4s", head)
        if place + 12 + length > size:
            raise Objection("cut_off")
        if name == b"IEND":
            break
        if name == b"IHDR" and length >= 8:
            _check_size(*struct.unpack(">LL", source.read(8)))
        elif name in {b"zTXt", b"iTXt", b"iCCP"}:
            _check_packed(source.read(length))
        place += 12 + length
    return kinds.PNG, _opened(source, "PNG")


def _check_packed(chunk: bytes) -> None:
    """What is packed in it begins where zlib's sign stands."""
    for start in [found.start() for found in re.finditer(rb"\x78[\x01\x5e\x9c\xda]", chunk[:400])]:
        with suppress(zlib.error):
            if len(zlib.decompressobj().decompress(chunk[start:], LARGEST_TEXT + 1)) > LARGEST_TEXT:
                raise Objection("bomb")


def examine_webp(source: BinaryIO) -> tuple[FileKind, Noticed]:
    """Pillow would make room for the whole picture here: its size is read by hand.

    Raises Objection.
    """
    size = source.seek(0, 2)
    source.seek(0)
    head = source.read(40)
    if len(head) < 30 or 8 + struct.unpack_from("<L", head, 4)[0] > size:
        raise Objection("cut_off")
    if head[12:16] == b"VP8X":
        width, height = (int.from_bytes(head[at : at + 3], "little") + 1 for at in (24, 27))
    elif head[12:16] == b"VP8L" and head[20] == 0x2F:
        bits = int.from_bytes(head[21:25], "little")
        width, height = (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    elif head[12:16] == b"VP8 " and head[23:26] == b"\x9d\x01\x2a":
        width, height = (struct.unpack_from("<H", head, at)[0] & 0x3FFF for at in (26, 28))
    else:
        raise Objection("broken")
    _check_size(width, height)
    return kinds.WEBP, Noticed(width=width, height=height, made_at=_webp_taken(source, size))


def _webp_taken(source: BinaryIO, size: int) -> str | None:
    from PIL import Image

    place = 12
    while place + 8 <= size:
        source.seek(place)
        name, length = struct.unpack("<4sL", source.read(8))
        if place + 8 + length > size:
            raise Objection("cut_off")
        if name == b"EXIF" and length < LARGEST_TEXT:
            exif = Image.Exif()
            with suppress(*BROKEN):
                exif.load(source.read(length))
                return _taken(exif)
        place += 8 + length + length % 2
    return None


def _opened(source: BinaryIO, kind: str) -> Noticed:
    """What Pillow reads of the header; it decodes no pixel."""
    from PIL import Image

    Image.MAX_IMAGE_PIXELS = None  # our own bound, with a sentence of its own
    source.seek(0)
    try:
        picture = Image.open(source, formats=[kind])
        width, height = picture.size
    except BROKEN:
        raise Objection("broken") from None
    _check_size(width, height)
    made_at = None
    with suppress(*BROKEN):
        made_at = _taken(picture.getexif())
    return Noticed(width=width, height=height, made_at=made_at)


def _check_size(width: int, height: int) -> None:
    if width * height > MOST_PIXELS or max(width, height) > LONGEST_SIDE:
        raise Objection("pixels")
    if width * height == 0:
        raise Objection("broken")


def _taken(exif: object) -> str | None:
    """When the photograph was taken; a camera that names no zone stands in Thailand."""
    from PIL import Image

    if not isinstance(exif, Image.Exif):
        return None
    inner = exif.get_ifd(_EXIF)
    moment, zone = str(inner.get(_TAKEN, "")).strip("\0 "), str(inner.get(_TAKEN_OFFSET, "")).strip("\0 ") or "+07:00"
    with suppress(ValueError):
        return datetime.strptime(moment + zone, "%Y:%m:%d %H:%M:%S%z").isoformat()
    return None
