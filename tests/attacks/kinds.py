"""Files of a wrong type, of two types at once, or cut off."""

import io
import struct
import zipfile
from random import Random

from ita_core.evidence import inspect as refusals
from tests import files
from tests.attacks.attack import OFFICE, attack


@attack("wrong type", refusals.UnknownKind, ".pdf", ".docx", ".jpg", ".mp4")
def a_program(_content: bytes, random: Random) -> bytes:
    return random.choice([b"MZ\x90\0", b"\x7fELF\x02\x01", b"#!/bin/sh\n", b"\xca\xfe\xba\xbe"]) + random.randbytes(
        2000
    )


@attack("wrong type", refusals.UnknownKind, ".pdf", ".png")
def a_web_page(_content: bytes, random: Random) -> bytes:
    return b"<html><script>alert(%d)</script></html>" % random.randrange(10**6)


@attack("wrong type", refusals.NotWhatItSays, ".pdf", ".docx", ".jpg", ".mp4")
def another_kind(content: bytes, _random: Random) -> bytes:
    return files.excel() if not content.startswith(b"PK") else files.picture("PNG")


@attack("wrong type", refusals.UnknownKind, ".docx")
def any_zip(_content: bytes, random: Random) -> bytes:
    return files.packed({f"{random.randrange(1000)}.txt": b"x", "word/document.xml": b"<a/>"})


@attack("wrong type", refusals.UnknownKind, ".mp4")
def a_picture_of_a_phone(content: bytes, random: Random) -> bytes:
    return content[:8] + random.choice([b"heic", b"avif", b"M4A ", b"qt  "]) + content[12:]


@attack("two kinds", refusals.TwoKinds, ".pdf", ".jpg", ".png", ".webp", ".mp4")
def a_zip_behind(content: bytes, random: Random) -> bytes:
    return content + files.packed({f"{random.randrange(100)}.txt": random.randbytes(random.randrange(1, 500))})


@attack("two kinds", refusals.TwoKinds, ".jpg")
def a_pdf_in_the_head_of_a_picture(content: bytes, random: Random) -> bytes:
    comment = random.randbytes(random.randrange(200)).replace(b"%", b"") + b"%PDF-1.5\n1 0 obj"
    return content[:2] + b"\xff\xfe" + struct.pack(">H", len(comment) + 2) + comment + content[2:]


@attack("two kinds", refusals.TwoKinds, *OFFICE)
def a_pdf_in_the_head_of_a_package(content: bytes, _random: Random) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("a.txt", b"%PDF-1.7\n1 0 obj")
        for name, data in files.parts(content).items():
            archive.writestr(name, data)
    return made.getvalue()


@attack("two kinds", refusals.TwoKinds, ".mp4")
def a_pdf_in_the_head_of_a_film(content: bytes, _random: Random) -> bytes:
    length = struct.unpack(">L", content[:4])[0]
    return content[:length] + struct.pack(">L4s", 40, b"free") + b"%PDF-1.4".ljust(32) + content[length:]


@attack("two kinds", refusals.UnknownKind, ".pdf")
def something_before_a_pdf(content: bytes, random: Random) -> bytes:
    return random.choice([b"<?php ?>", b"\n", b"GIF89a", b"\0\0"]) + content


@attack("cut off", refusals.CutOff, ".pdf", ".docx", ".xlsx", ".pptx", ".jpg", ".png", ".webp", ".mp4")
def cut(content: bytes, random: Random) -> bytes:
    least = 40 if content[4:8] == b"ftyp" else 30
    return content[: random.randrange(least, len(content) - 50)]


@attack("cut off", refusals.CutOff, ".jpg", ".png", ".webp")
def cut_by_a_few_bytes(content: bytes, random: Random) -> bytes:
    return content[: -random.randrange(1, 12)]


@attack("cut off", refusals.CutOff, ".mp4")
def a_film_without_its_index(content: bytes, random: Random) -> bytes:
    return content.replace(b"moov", random.choice([b"free", b"skip", b"moo "]))


@attack("cut off", refusals.Broken, ".doc", ".xls")
def cut_compound_file(content: bytes, random: Random) -> bytes:
    return content[: random.randrange(512, 1500)]
