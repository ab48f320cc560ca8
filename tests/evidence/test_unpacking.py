"""The filters of a PDF: unpacked as qpdf does."""

import base64
import struct
import zlib

import pikepdf
import pytest

from ita_core.evidence.examine import unpacking


@pytest.mark.parametrize("filters", [["FlateDecode"], ["LZWDecode"], ["RunLengthDecode"], ["ASCII85Decode"],
                                     ["ASCIIHexDecode"], ["ASCII85Decode", "FlateDecode"]])  # fmt: skip
def test_streams_are_unpacked_as_qpdf_does(filters: list[str]):
    """Each way of packing by a program of its own, or by its definition."""

    plain = b"".join(b"BT /F1 12 Tf (%d) Tj ET\n" % number for number in range(2000)) + bytes(1000)
    packers = {
        "FlateDecode": zlib.compress,
        "ASCII85Decode": lambda data: base64.a85encode(data) + b"~>",
        "ASCIIHexDecode": lambda data: data.hex().encode() + b">",
        "RunLengthDecode": lambda data: b"".join(b"\x00%c" % value for value in data) + b"\x80",
        "LZWDecode": _lzw_packed,
    }  # fmt: skip
    raw = plain
    for name in reversed(filters):
        raw = packers[name](raw)
    document = pikepdf.new()
    stream = pikepdf.Stream(document, b"")
    stream.write(raw, filter=pikepdf.Array([pikepdf.Name(f"/{name}") for name in filters]))
    assert stream.read_bytes(pikepdf.StreamDecodeLevel.all) == plain
    assert b"".join(unpacking.unpacked(raw, [f"/{name}" for name in filters])) == plain


def _lzw_packed(data: bytes) -> bytes:
    """As the PDF reference describes it: codes of 9 to 12 bits, 256 clears the table, 257 ends."""
    bits, count, made = 0, 0, bytearray()
    table, width = {bytes([value]): value for value in range(256)}, 9

    def put(code: int) -> None:
        nonlocal bits, count
        bits, count = bits << width | code, count + width
        while count >= 8:
            count -= 8
            made.append(bits >> count & 0xFF)
            bits &= (1 << count) - 1

    put(256)
    run = b""
    for value in data:
        longer = run + bytes([value])
        if longer in table:
            run = longer
            continue
        put(table[run])
        table[longer] = len(table) + 2
        size = len(table) + 2
        width = 9 if size < 512 else 10 if size < 1024 else 11 if size < 2048 else 12
        run = bytes([value])
        if size >= 4094:
            put(table[run])
            put(256)
            table, width, run = {bytes([value]): value for value in range(256)}, 9, b""
    if run:
        put(table[run])
    put(257)
    made += struct.pack("B", bits << (8 - count) & 0xFF) if count else b""
    return bytes(made)
