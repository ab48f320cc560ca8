"""PDF: streams that unpack to far more than they say."""

import zlib
from collections.abc import Callable
from random import Random

import pikepdf
from pikepdf import Array, Name, Stream

from ita_core.errors import Refused
from ita_core.evidence import inspect as refusals
from tests import files
from tests.attacks.attack import attack, deflated


def _raw_stream(document: pikepdf.Pdf, raw: bytes, filters: list[str], **more: object) -> None:
    stream = Stream(document, b"x")
    stream.write(raw, filter=Array([Name(f"/{name}") for name in filters]))
    for key, value in more.items():
        stream.stream_dict[f"/{key}"] = value
    document.Root.Extra = stream


def raw_pdf_attack(refusal: type[Refused]) -> Callable[[Callable[[pikepdf.Pdf, Random], object]], object]:
    """Saved as it is: qpdf would unpack the bomb to pack it better."""

    def add(edit: Callable[[pikepdf.Pdf, Random], object]) -> object:
        def mutate(content: bytes, random: Random) -> bytes:
            return files.edited(content, lambda document: edit(document, random), compress_streams=False,
                                stream_decode_level=pikepdf.StreamDecodeLevel.none)  # fmt: skip

        attack("pdf bombs", refusal, ".pdf", name=edit.__name__)(mutate)
        return edit

    return add


@raw_pdf_attack(refusals.Bomb)
def a_stream_of_zeros(document: pikepdf.Pdf, random: Random) -> None:
    _raw_stream(document, deflated(random.randrange(130, 200)), ["FlateDecode"])


@raw_pdf_attack(refusals.Bomb)
def a_stream_packed_twice(document: pikepdf.Pdf, random: Random) -> None:
    raw = zlib.compress(deflated(random.randrange(130, 200)), 9)
    _raw_stream(document, raw, ["FlateDecode", "FlateDecode"])


@raw_pdf_attack(refusals.Bomb)
def a_stream_of_long_runs(document: pikepdf.Pdf, random: Random) -> None:
    raw = zlib.compress(b"\x81\0" * (1024 * random.randrange(1100, 1200)), 9)
    _raw_stream(document, raw, ["FlateDecode", "RunLengthDecode"])


@raw_pdf_attack(refusals.Bomb)
def a_hexadecimal_bomb(document: pikepdf.Pdf, random: Random) -> None:
    _raw_stream(document, deflated(130).hex().encode() + b">", ["ASCIIHexDecode", "Fl"])


@raw_pdf_attack(refusals.Bomb)
def a_bomb_in_letters(document: pikepdf.Pdf, random: Random) -> None:
    import base64

    _raw_stream(document, base64.a85encode(deflated(130)) + b"~>", ["ASCII85Decode", "FlateDecode"])


@raw_pdf_attack(refusals.Bomb)
def letters_that_are_all_zeros(document: pikepdf.Pdf, random: Random) -> None:
    raw = b"z" * (33 * 1024**2) + b"~>"
    _raw_stream(document, raw, [random.choice(["ASCII85Decode", "A85"])])


@raw_pdf_attack(refusals.Bomb)
def a_picture_that_says_it_is_small(document: pikepdf.Pdf, random: Random) -> None:
    more = {"Subtype": Name.Image, "Width": random.randrange(1, 50), "Height": 1, "BitsPerComponent": 8}
    _raw_stream(document, deflated(random.randrange(3, 20)), ["FlateDecode"], **more, ColorSpace=Name.DeviceGray)


@raw_pdf_attack(refusals.TooManyPixels)
def a_picture_of_too_many_pixels(document: pikepdf.Pdf, random: Random) -> None:
    more = {"Subtype": Name.Image, "Width": random.randrange(30_000, 10**6), "Height": 50_000, "BitsPerComponent": 1}
    _raw_stream(document, zlib.compress(b"x"), ["FlateDecode"], **more, ColorSpace=Name.DeviceGray)
