"""A PDF's stream unpacked through its filters, piece by piece, so that nothing large is ever whole in memory."""

import binascii
import re
import zlib
from collections.abc import Iterable, Iterator

from ita_core.evidence.examine.objection import Objection

PIECE = 256 * 1024


def unpacked(raw: bytes, filters: Iterable[str]) -> Iterator[bytes]:
    """What comes out behind the filters; a picture's own packing (DCT, JPX, CCITT, JBIG2) is left as it is.

    Raises Objection where a filter is unknown. What cannot be unpacked further just ends, as it does in readers.
    """
    pieces: Iterator[bytes] = (raw[place : place + PIECE] for place in range(0, len(raw), PIECE))
    for name in filters:
        if name in _OF_PICTURES:
            break
        if name not in FILTERS:
            raise Objection("broken")
        pieces = FILTERS[name](pieces)
    return pieces


def _flate(pieces: Iterator[bytes]) -> Iterator[bytes]:
    inflating = zlib.decompressobj()
    for piece in pieces:
        try:
            while piece and not inflating.eof:
                yield inflating.decompress(piece, PIECE)
                piece = inflating.unconsumed_tail
        except zlib.error:
            return
        if inflating.eof:
            return
    # What is left inside is at most what one piece held: less than a window.


def _hexadecimal(pieces: Iterator[bytes]) -> Iterator[bytes]:
    odd = b""
    for piece in pieces:
        digits = odd + re.sub(rb"[^0-9A-Fa-f]", b"", piece.partition(b">")[0])
        even = len(digits) // 2 * 2
        odd = digits[even:]
        yield binascii.unhexlify(digits[:even])
        if b">" in piece:
            return


def _base85(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Only how much it becomes and roughly what: five signs give four bytes, z four zeros."""
    left = b""
    for piece in pieces:
        body, end, _rest = (left + re.sub(rb"\s", b"", piece)).partition(b"~")
        made, place = bytearray(), 0
        while place < len(body):
            if body[place : place + 1] == b"z":
                made += b"\0\0\0\0"
                place += 1
                continue
            group = body[place : place + 5]
            if len(group) < 5 and not end:
                break
            value = 0
            for sign in group.ljust(5, b"u"):
                value = value * 85 + max(sign - 33, 0)
            made += (value & 0xFFFFFFFF).to_bytes(4, "big")[: len(group) - 1]
            place += len(group)
        left = body[place:]
        yield bytes(made)
        if end:
            return


def _run_lengths(pieces: Iterator[bytes]) -> Iterator[bytes]:
    waiting = b""
    for piece in pieces:
        waiting += piece
        made, place = bytearray(), 0
        while place < len(waiting):
            length = waiting[place]
            if length == 128:
                yield bytes(made)
                return
            needs = length + 2 if length < 128 else 2
            if place + needs > len(waiting):
                break
            run = waiting[place + 1 : place + needs]
            made += run if length < 128 else run * (257 - length)
            place += needs
            if len(made) > PIECE:
                yield bytes(made)
                made.clear()
        waiting = waiting[place:]
        yield bytes(made)


def _lzw(pieces: Iterator[bytes]) -> Iterator[bytes]:
    table: list[bytes] = []
    width, bits, held = 9, 0, 0
    before = b""
    made = bytearray()
    for piece in pieces:
        for byte in piece:
            bits, held = bits << 8 | byte, held + 8
            if held < width:
                continue
            code = bits >> held - width
            held -= width
            bits &= (1 << held) - 1
            if code == 257:
                yield bytes(made)
                return
            if code == 256 or not table:
                table, width, before = [bytes((value,)) for value in range(256)] + [b"", b""], 9, b""
                if code == 256:
                    continue
            if code < len(table):
                entry = table[code]
            elif before:
                entry = before + before[:1]
            else:
                return
            if before and len(table) < 4096:
                table.append(before + entry[:1])
            before = entry
            width = 9 if len(table) < 511 else 10 if len(table) < 1023 else 11 if len(table) < 2047 else 12
            made += entry
            if len(made) > PIECE:
                yield bytes(made)
                made.clear()
    yield bytes(made)


def _as_it_is(pieces: Iterator[bytes]) -> Iterator[bytes]:
    return pieces


# With the short names, which some readers take here too.
FILTERS = {
    "/FlateDecode": _flate,
    "/Fl": _flate,
    "/LZWDecode": _lzw,
    "/LZW": _lzw,
    "/ASCIIHexDecode": _hexadecimal,
    "/AHx": _hexadecimal,
    "/ASCII85Decode": _base85,
    "/A85": _base85,
    "/RunLengthDecode": _run_lengths,
    "/RL": _run_lengths,
    "/Crypt": _as_it_is,
}
_OF_PICTURES = {"/DCTDecode", "/DCT", "/JPXDecode", "/CCITTFaxDecode", "/CCF", "/JBIG2Decode"}
