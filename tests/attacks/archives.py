"""Zips that readers read differently, and bombs."""

import io
import struct
import zipfile
import zlib
from random import Random

from ita_core.evidence import inspect as refusals
from tests import files
from tests.attacks.attack import EXCEL, MAIN, OF, OFFICE, SLIDES, WORD, ZEROS, attack, folder_of


def _written(content: bytes, extra: list[tuple[str | zipfile.ZipInfo, bytes]]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in [*files.parts(content).items(), *extra]:
            archive.writestr(name, data)
    return made.getvalue()


@attack("zip", refusals.StrangeZip, *OFFICE)
def the_same_name_twice(content: bytes, random: Random) -> bytes:
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        suffix, _folder = folder_of(content)
        name = MAIN[suffix]
        return _written(content, [(name.upper() if random.random() < 0.5 else name, b"<other/>")])


def _raw_name(content: bytes, name: str) -> bytes:
    """Written byte by byte: zipfile mends some names as it writes them."""
    plain = "q" * len(name.encode())
    return _written(content, [(plain, b"x")]).replace(plain.encode(), name.encode())


@attack("zip", refusals.StrangeZip, *OFFICE)
def a_document_under_the_name_of_another_part(content: bytes, random: Random) -> bytes:
    """To its program a part is what its content type says, whatever it is called."""
    suffix, folder = folder_of(content)
    kind = {WORD: ".document.main+xml", EXCEL: ".worksheet+xml", SLIDES: ".slide+xml"}[suffix]
    name = random.choice(["customXml/item9.xml", f"{folder}/a.vml", f"{folder}/_rels/b.rels", f"{folder}/c.SVG"])
    parts = files.parts(content)
    says = f'<Override PartName="/{name}" ContentType="{OF[suffix]}{kind}"/></Types>'.encode()
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(b"</Types>", says)
    return files.packed(parts | {name: parts[MAIN[suffix]]})


@attack("zip", refusals.StrangeZip, *OFFICE)
def a_name_that_climbs(content: bytes, random: Random) -> bytes:
    return _raw_name(content, random.choice(["../../evil.xml", "word/../../evil.xml", "a/..", "..\\evil.xml"]))


@attack("zip", refusals.StrangeZip, *OFFICE)
def a_name_that_is_a_place(content: bytes, random: Random) -> bytes:
    return _raw_name(content, random.choice(["/etc/passwd.xml", "C:/evil.xml", "\\\\host\\evil", "a\\b.xml"]))


@attack("zip", refusals.StrangeZip, *OFFICE)
def a_name_with_control_characters(content: bytes, random: Random) -> bytes:
    return _raw_name(content, f"word/a{chr(random.choice([0, 1, 10, 13, 27, 127]))}b.xml")


@attack("zip", refusals.StrangeZip, *OFFICE)
def overlapping_entries(content: bytes, random: Random) -> bytes:
    """Several entries of the directory share one content, as in David Fifield's bomb."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        one = random.choice(archive.infolist())
        start, end = archive.start_dir, content.rindex(b"PK\x05\x06")
    name = one.filename.encode()
    entry = struct.pack("<4s6H3L5H2L", b"PK\x01\x02", 20, 20, 0, one.compress_type, 0, 0x21, one.CRC,
                        one.compress_size, one.file_size, len(name), 0, 0, 0, 0, 0, one.header_offset)  # fmt: skip
    many = b"".join(entry + name[:-1] + bytes([65 + number]) for number in range(random.randrange(1, 20)))
    count = struct.unpack_from("<H", content, end + 10)[0] + many.count(b"PK\x01\x02")
    closing = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, count, count, end - start + len(many), start, 0)
    return content[:end] + many + closing


@attack("zip", refusals.StrangeZip, *OFFICE)
def two_names_for_one_entry(content: bytes, random: Random) -> bytes:
    """The entry and the directory call it differently: two programs unpack two things."""
    suffix, _folder = folder_of(content)
    name = random.choice([MAIN[suffix], "_rels/.rels"]).encode()
    return content.replace(name, name[:-1] + b"X", 1)


@attack("zip", refusals.StrangeZip, *OFFICE)
def something_before_the_first_entry(content: bytes, random: Random) -> bytes:
    return b"PK\x03\x04" + random.randbytes(random.randrange(1, 300)) + content


@attack("zip", refusals.StrangeZip, *OFFICE)
def an_unusual_packing(content: bytes, random: Random) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", random.choice([zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])) as archive:
        for name, data in files.parts(content).items():
            archive.writestr(name, data)
    return made.getvalue()


@attack("zip", refusals.PasswordProtected, *OFFICE)
def an_encrypted_entry(content: bytes, _random: Random) -> bytes:
    made = bytearray(content)
    made[6] |= 1
    made[content.index(b"PK\x01\x02") + 8] |= 1
    return bytes(made)


@attack("bomb", refusals.Bomb, *OFFICE)
def too_many_entries(content: bytes, random: Random) -> bytes:
    return _written(content, [(f"a/{number}", b"") for number in range(10_001 + random.randrange(100))])


def _packed_zeros(megabytes: int) -> tuple[bytes, int, int]:
    packing, crc, made = zlib.compressobj(9, zlib.DEFLATED, -15), 0, []
    for _number in range(megabytes):
        made.append(packing.compress(ZEROS))
        crc = zlib.crc32(ZEROS, crc)
    return b"".join([*made, packing.flush()]), crc, megabytes * 1024**2


def _with_raw_entry(content: bytes, name: str, packed: bytes, crc: int, says: int) -> bytes:
    """The package with an entry whose directory says what we like."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        start, end = archive.start_dir, content.rindex(b"PK\x05\x06")
    raw = name.encode()
    local = (
        struct.pack("<4s5H3L2H", b"PK\x03\x04", 20, 0, 8, 0, 0x21, crc, len(packed), says, len(raw), 0) + raw + packed
    )
    entry = struct.pack("<4s6H3L5H2L", b"PK\x01\x02", 20, 20, 0, 8, 0, 0x21, crc, len(packed), says, len(raw), 0, 0, 0,
                        0, 0, start) + raw  # fmt: skip
    count = struct.unpack_from("<H", content, end + 10)[0] + 1
    closing = struct.pack(
        "<4s4H2LH", b"PK\x05\x06", 0, 0, count, count, end - start + len(entry), start + len(local), 0
    )
    return content[:start] + local + content[start:end] + entry + closing


@attack("bomb", refusals.Bomb, *OFFICE)
def a_part_of_zeros(content: bytes, random: Random) -> bytes:
    packed, crc, size = _packed_zeros(random.randrange(20, 60))
    _suffix, folder = folder_of(content)
    return _with_raw_entry(content, f"{folder}/media/image9.xml", packed, crc, size)


@attack("bomb", refusals.Bomb, *OFFICE)
def a_part_that_says_it_is_small(content: bytes, random: Random) -> bytes:
    packed, _crc, _size = _packed_zeros(random.randrange(20, 40))
    says = random.randrange(1, 4000)
    return _with_raw_entry(content, "docProps/extra.jpeg", packed, zlib.crc32(bytes(says)), says)


@attack("bomb", refusals.Bomb, *OFFICE)
def parts_that_say_they_are_huge(content: bytes, random: Random) -> bytes:
    return _with_raw_entry(content, "a.bin", b"\x03\0", 0, random.randrange(500 * 1024**2, 2**32 - 1))


@attack("bomb", refusals.Bomb, WORD, SLIDES)
def a_bomb_inside_a_workbook(content: bytes, random: Random) -> bytes:
    _suffix, folder = folder_of(content)
    packed, crc, size = _packed_zeros(random.randrange(20, 40))
    inside = _with_raw_entry(files.excel(), "xl/media/a.xml", packed, crc, size)
    return files.added(content, f"{folder}/embeddings/Microsoft_Excel_Sheet1.xlsx", inside)


@attack("bomb", refusals.Bomb, WORD)
def packages_in_packages(content: bytes, random: Random) -> bytes:
    inside = files.excel()
    for _level in range(random.randrange(3, 6)):
        inside = files.added(files.excel(), "xl/embeddings/a.xlsx", inside)
    return files.added(content, "word/embeddings/a.xlsx", inside)
