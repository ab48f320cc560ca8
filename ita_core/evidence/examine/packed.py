"""A zip, looked at before anything in it is unpacked: its directory, its names, where its entries lie, how large they
say they are; and then read in pieces that are counted.

Of Python's `zipfile` only the directory is used: 3.11.7 takes entries that overlap, and believes a size that is too
small.
"""

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from ita_core.evidence.examine.objection import Budget, Objection

PIECE = 256 * 1024
MOST_ENTRIES = 10_000
LARGEST_DIRECTORY = 4 * 1024**2
MOST_UNPACKED = 400 * 1024**2
# Text packs to a tenth or a twentieth; blank drawings to a hundredth. Deflate's utmost is a thousandth.
SUSPECT, WORST_RATIO = 10 * 1024**2, 250
_END = struct.Struct("<4s4H2LH")
_LOCAL = struct.Struct("<4s5H3L2H")
_STORED, _DEFLATED = zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED


def holds_archive(source: BinaryIO) -> bool:
    """Whether an unpacking program would find entries in this file, whatever it begins with."""
    found = _end_of(source, anywhere=True)
    if found is None:
        return False
    start, entries, length, _offset = found
    source.seek(max(start - length, 0))
    return entries > 0 and (source.read(4) == b"PK\x01\x02" or length > start or entries == 0xFFFF)


def _end_of(source: BinaryIO, *, anywhere: bool = False) -> tuple[int, int, int, int] | None:
    """Where the record at a zip's end stands, its number of entries, and its directory's length and offset."""
    size = source.seek(0, 2)
    start = max(size - 65_557, 0)
    source.seek(start)
    tail = source.read()
    place = tail.rfind(b"PK\x05\x06")
    while place >= 0:
        if place + _END.size <= len(tail):
            _sign, _disk, _first, here, entries, length, offset, comment = _END.unpack_from(tail, place)
            if anywhere or (place + _END.size + comment == len(tail) and here == entries):
                return start + place, entries, length, offset
        place = tail.rfind(b"PK\x05\x06", 0, place)
    return None


class Packed:
    """A zip whose directory is in order; `names` are those of its entries, folders left out.

    Raises Objection: cut_off, bomb, encrypted, strange.
    """

    def __init__(self, source: BinaryIO, budget: Budget) -> None:
        self._source, self._budget = source, budget
        end = _end_of(source)
        if end is None:
            raise Objection("cut_off")
        start, entries, length, offset = end
        if entries > MOST_ENTRIES or length > LARGEST_DIRECTORY:
            raise Objection("bomb")
        if offset + length != start:
            raise Objection("strange")
        try:
            source.seek(0)
            listed = zipfile.ZipFile(source).infolist()
        except (zipfile.BadZipFile, ValueError, NotImplementedError, struct.error, OSError):
            raise Objection("broken") from None
        if len(listed) != entries:
            raise Objection("strange")
        self._check_names(listed)
        self._check_sizes(listed, source.seek(0, 2))
        self._starts = self._check_places(listed, offset)
        self._entries = {entry.filename: entry for entry in listed if not entry.is_dir()}
        self.names = tuple(self._entries)

    def _check_names(self, listed: list[zipfile.ZipInfo]) -> None:
        seen = set()
        for entry in listed:
            name = entry.orig_filename
            lies = name.startswith("/") or ".." in name.split("/") or re.search(r"[\\\x00-\x1f\x7f:]", name)
            if not name or lies or name.lower() in seen:
                raise Objection("strange")
            seen.add(name.lower())

    def _check_sizes(self, listed: list[zipfile.ZipInfo], size: int) -> None:
        total = sum(entry.file_size for entry in listed)
        worst = max((entry.file_size / max(entry.compress_size, 1) for entry in listed if entry.file_size > SUSPECT),
                    default=0)  # fmt: skip
        if total > MOST_UNPACKED or worst > WORST_RATIO or (total > 4 * SUSPECT and total > size * WORST_RATIO):
            raise Objection("bomb")

    def _check_places(self, listed: list[zipfile.ZipInfo], directory: int) -> dict[str, int]:
        """Where each entry's content starts: one behind the other, from the first byte to the directory."""
        starts, free = {}, 0
        for entry in sorted(listed, key=lambda entry: entry.header_offset):
            if entry.header_offset < free or (free == 0 and entry.header_offset != 0):
                raise Objection("strange")
            self._source.seek(entry.header_offset)
            head = self._source.read(_LOCAL.size)
            if len(head) < _LOCAL.size or not head.startswith(b"PK\x03\x04"):
                raise Objection("broken")
            _sign, _version, flags, method, _time, _day, _crc, packed, size, name, extra = _LOCAL.unpack(head)
            if (flags | entry.flag_bits) & 0x2041:  # encrypted, in one way or another
                raise Objection("encrypted")
            said = self._source.read(name).decode("utf-8" if flags & 0x800 else "cp437", "replace")
            if said != entry.orig_filename or method != entry.compress_type or method not in {_STORED, _DEFLATED}:
                raise Objection("strange")
            sizes = {(entry.compress_size, entry.file_size), (0xFFFFFFFF, 0xFFFFFFFF)}
            if not flags & 0x08 and (packed, size) not in sizes:
                raise Objection("strange")
            starts[entry.filename] = entry.header_offset + _LOCAL.size + name + extra
            free = starts[entry.filename] + entry.compress_size
            if free > directory:
                raise Objection("strange")
        return starts

    def size(self, name: str) -> int:
        """The bytes that a part says it has when unpacked."""
        return self._entries[name].file_size

    def pieces(self, name: str, *, again: bool = False) -> Iterator[bytes]:
        """An entry's content, piece by piece; never more than it said. Read again, it is not counted again.

        Raises Objection where it is more or less than it said, or another content.
        """
        entry = self._entries[name]
        place, left, size, crc = self._starts[name], entry.compress_size, 0, 0
        inflating = zlib.decompressobj(-15) if entry.compress_type == _DEFLATED else None
        while left > 0:
            self._source.seek(place)
            raw = self._source.read(min(left, PIECE))
            if not raw:
                raise Objection("cut_off")
            place, left = place + len(raw), left - len(raw)
            for piece in [raw] if inflating is None else _inflated(inflating, raw):
                size += len(piece)
                if size > entry.file_size:
                    raise Objection("bomb")
                self._budget.take(0 if again else len(piece))
                crc = zlib.crc32(piece, crc)
                yield piece
        if inflating is not None and (not inflating.eof or inflating.unused_data):
            raise Objection("broken")
        if size != entry.file_size or crc != entry.CRC:
            raise Objection("broken")


def _inflated(inflating: "zlib._Decompress", raw: bytes) -> Iterator[bytes]:
    try:
        while raw and not inflating.eof:
            yield inflating.decompress(raw, PIECE)
            raw = inflating.unconsumed_tail
        while not inflating.eof and (rest := inflating.decompress(b"", PIECE)):
            yield rest
    except zlib.error:
        raise Objection("broken") from None
