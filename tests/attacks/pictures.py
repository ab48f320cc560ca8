"""Pictures of too many pixels."""

import struct
import zlib
from random import Random

from ita_core.evidence import inspect as refusals
from tests.attacks.attack import attack, deflated


@attack("pixels", refusals.TooManyPixels, ".png")
def a_png_of_too_many_pixels(content: bytes, random: Random) -> bytes:
    size = random.choice([(12_000, 12_000), (30_001, 1), (2**31 - 1, 2**31 - 1), (1, 40_000)])
    head = b"IHDR" + struct.pack(">LL", *size) + content[24:29]
    return content[:12] + head + struct.pack(">L", zlib.crc32(head)) + content[33:]


@attack("pixels", refusals.TooManyPixels, ".jpg")
def a_jpeg_of_too_many_pixels(content: bytes, random: Random) -> bytes:
    place = content.index(b"\xff\xc0") + 5
    return (
        content[:place]
        + struct.pack(">HH", *random.choice([(12_000, 12_000), (65_535, 65_535), (1, 30_001)]))
        + content[place + 4 :]
    )


@attack("pixels", refusals.TooManyPixels, ".webp")
def a_webp_of_too_many_pixels(_content: bytes, random: Random) -> bytes:
    width, height = random.choice([(16_000, 16_000), (2**24, 2**24), (1, 30_001)])
    body = (
        b"WEBPVP8X" + struct.pack("<LL", 10, 0) + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    )
    return b"RIFF" + struct.pack("<L", len(body)) + body


@attack("pixels", refusals.Bomb, ".png")
def a_png_with_a_packed_bomb(content: bytes, random: Random) -> bytes:
    name = random.choice([b"zTXt", b"iCCP"])
    chunk = name + b"a\0\0" + deflated(random.randrange(9, 30))
    return (
        content[:33] + struct.pack(">L", len(chunk) - 4) + chunk + struct.pack(">L", zlib.crc32(chunk)) + content[33:]
    )
