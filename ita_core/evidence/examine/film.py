"""MP4: boxes that follow each other to the file's end (ISO 14496-12), with the one that describes the film."""

import struct
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import BinaryIO

from ita_core.evidence import kinds
from ita_core.evidence.examine.objection import Objection
from ita_core.evidence.kinds import FileKind
from ita_core.evidence.noticed import Noticed

# The brands of films as cameras, phones and screen recorders write them; pictures, sound and QuickTime have others.
_FILMS = {b"isom", b"iso2", b"iso3", b"iso4", b"iso5", b"iso6", b"iso8", b"iso9", b"mp41", b"mp42", b"avc1", b"M4V ",
          b"M4VH", b"MSNV", b"dash", b"XAVC", b"mmp4"}  # fmt: skip
_NO_FILMS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1", b"avif", b"avis", b"M4A ", b"M4B ", b"M4P ",
             b"qt  ", b"crx "}  # fmt: skip
_EPOCH = datetime(1904, 1, 1, tzinfo=UTC)
_MOST_BOXES = 100_000


def is_film(head: bytes) -> bool:
    """By the brands in the file's first box."""
    length = min(int.from_bytes(head[:4], "big"), len(head))
    major = head[8:12]
    others = {head[at : at + 4] for at in range(16, length - 3, 4)}
    return major in _FILMS or (major not in _NO_FILMS and bool(others & _FILMS))


def examine(source: BinaryIO) -> tuple[FileKind, Noticed]:
    """Raises Objection: cut_off, broken."""
    size = source.seek(0, 2)
    found: dict[bytes, tuple[int, int]] = {}
    for name, start, end in _boxes(source, 0, size):
        if not name.isalnum() and {b"moov", b"mdat"} <= found.keys():
            break  # what some cameras put behind the film
        if end > size:
            raise Objection("cut_off")
        found.setdefault(name, (start, end))
    if b"moov" not in found:
        raise Objection("cut_off")
    return kinds.MP4, _facts(source, *found[b"moov"])


def _boxes(source: BinaryIO, start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Name, start and end of the content of the boxes that lie between; an end may lie outside."""
    for _number in range(_MOST_BOXES):
        if start >= end:
            return
        source.seek(start)
        head = source.read(min(16, end - start))
        if len(head) < 8:
            return
        length, name = struct.unpack_from(">L4s", head)
        body = 8
        if length == 1:
            if len(head) < 16:
                raise Objection("cut_off")
            length, body = struct.unpack_from(">Q", head, 8)[0], 16
        elif length == 0:
            length = end - start
        yield name, start + body, start + length
        if length < body:
            raise Objection("broken")
        start += length
    raise Objection("broken")


def _facts(source: BinaryIO, start: int, end: int) -> Noticed:
    seconds, made_at, width, height = None, None, 0, 0
    for name, inner, inner_end in _boxes(source, start, end):
        if name == b"mvhd":
            seconds, made_at = _film_header(_at(source, inner, 40))
        elif name == b"trak":
            for part, at, _end in _boxes(source, inner, inner_end):
                if part == b"tkhd":
                    width, height = max((width, height), _track_size(_at(source, at, 96)))
    return Noticed(seconds=seconds, width=width or None, height=height or None, made_at=made_at)


def _at(source: BinaryIO, place: int, length: int) -> bytes:
    source.seek(place)
    return source.read(length)


def _film_header(box: bytes) -> tuple[float | None, str | None]:
    if len(box) < 36:
        raise Objection("broken")
    made, scale, length = struct.unpack_from(">Q8xLQ" if box[0] else ">L4xLL", box, 4)
    moment = None
    if 2_500_000_000 < made < 6_000_000_000:  # programs that do not know write 0
        moment = (_EPOCH + timedelta(seconds=made)).isoformat()
    return (round(length / scale, 1) if scale else None), moment


def _track_size(box: bytes) -> tuple[int, int]:
    place = 88 if box[:1] == b"\x01" else 76
    return struct.unpack_from(">H2xH", box, place) if len(box) >= place + 6 else (0, 0)
