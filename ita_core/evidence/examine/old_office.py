"""DOC, XLS: compound files of streams (MS-CFB), by olefile; the few records that matter, by hand (MS-DOC, MS-XLS)."""

import re
import struct
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import BinaryIO

import olefile

from ita_core.evidence import kinds
from ita_core.evidence.examine import text
from ita_core.evidence.examine.objection import Objection
from ita_core.evidence.kinds import FileKind
from ita_core.evidence.noticed import Noticed

_BROKEN = (OSError, ValueError, IndexError, TypeError, AttributeError, KeyError, struct.error, OverflowError,
           RecursionError)  # fmt: skip
_BOUNDSHEET, _NAME, _FILEPASS, _SUPBOOK, _EXTERNSHEET, _HLINK, _BOF = 0x85, 0x18, 0x2F, 0x1AE, 0x17, 0x1B8, 0x809
_WORKSHEET, _MACRO_SHEET, _CHART = 0, 1, 2
_PAGES, _CREATED, _INTEGER, _FILETIME = 14, 12, 3, 64  # of a property set
_FILE_EPOCH = datetime(1601, 1, 1, tzinfo=UTC)
_OWN_SHEETS, _ADD_INS = 0x0401, 0x3A01


def _either(*words: str) -> bytes:
    """A pattern for the words in Windows-1252 or in UTF-16."""
    return b"|".join(rb"\x00?".join(re.escape(letter.encode()) for letter in word) for word in words)


# 0x13 opens a field in Word's text.
_BLANKS = rb"(?:[ \"]\x00?)"
_FAR = _either("http", "ftp:", "file:", "\\\\")
_FIELD = re.compile(
    rb"\x13\x00?" + _BLANKS + rb"*(" + _either("DDE", "LINK ", "IMPORT ", "INCLUDETEXT", "INCLUDE ", "DATABASE ")
    + rb"|" + _either("INCLUDEPICTURE") + rb"\x00?" + _BLANKS + rb"+(?:" + _FAR + rb"))",
    re.IGNORECASE,
)  # fmt: skip
# What a link may not lead to: a script, another machine's disk.
_ODD = _either("javascript:", "vbscript:", "data:text", "mhtml:", "ms-msdt:", "search-ms:", "\\\\")
_ODD_FIELD = re.compile(
    rb"\x13\x00?" + _BLANKS + rb"*" + _either("HYPERLINK") + rb"\x00?" + _BLANKS + rb"+(?:" + _ODD + rb")",
    re.IGNORECASE,
)
_ODD_LINK = re.compile(_ODD, re.IGNORECASE)
# How functions that are newer than the format stand in it: as names.
_FETCHING = re.compile(_either(*(f"_xlfn.{name}" for name in ("WEBSERVICE", "FILTERXML", "IMAGE", "STOCKHISTORY"))),
                       re.IGNORECASE)  # fmt: skip
_WIDE = re.compile(rb"(?:[\x20-\x7e\x0a\x0d]\x00|[\x01-\x5b]\x0e){2,}")  # English and Thai in UTF-16
_NARROW = re.compile(rb"[\x20-\x7e\x0d]{6,}")


def examine(source: BinaryIO) -> tuple[FileKind, Noticed]:
    """What the compound file is and what was noticed in it.

    Raises Objection.
    """
    try:
        with olefile.OleFileIO(source) as document:
            return _examine(document)
    except _BROKEN:
        raise Objection("broken") from None


def _examine(document: olefile.OleFileIO) -> tuple[FileKind, Noticed]:
    streams = [[part.lower() for part in path] for path in document.listdir(streams=True, storages=True)]
    roots = {path[0] for path in streams if len(path) == 1}
    if {"encryptedpackage", "encryptioninfo"} & roots:
        raise Objection("encrypted")
    found = {
        kind
        for stream, kind in (("worddocument", kinds.DOC), ("workbook", kinds.XLS), ("book", kinds.XLS))
        if stream in roots
    }
    if len(found) != 1:
        raise Objection("unknown")
    (kind,) = found
    content = _read(document, "WordDocument" if kind is kinds.DOC else "Workbook" if "workbook" in roots else "Book")
    if kind is kinds.DOC:
        _check_word(document, content)
    sheets = _check_excel(content) if kind is kinds.XLS else 0
    _check_streams(streams, kind)
    words = _words(content)
    date = text.has_date(words)
    pages, made_at = _summary(document)
    return kind, Noticed(
        sheets=sheets or None,
        pages=pages if kind is kinds.DOC else None,
        has_text=bool(words.strip()) or None,
        text_languages=text.languages(words),
        years=text.years(words),
        fiscal_years=text.fiscal_years(words),
        has_date=date or None,  # the text is gathered roughly: that none was seen says little
        made_at=made_at,
    )


def _read(document: olefile.OleFileIO, stream: str) -> bytes:
    return bytes(document.openstream(stream).read())


def _check_streams(streams: list[list[str]], kind: FileKind) -> None:
    for path in streams:
        last = path[-1]
        if {"macros", "vba", "_vba_project_cur", "_vba_project"} & set(path):
            raise Objection("macros", suffix=f"{kind.suffix}x")
        if last in {"ctls", "\x03ocxname", "\x03ocxdata", "contents_ocx"}:
            raise Objection("controls")
        inside_pool = path[0] == "objectpool" and len(path) > 1
        embedded = any(part.startswith(("mbd", "lnk")) and len(part) == 11 for part in path)
        if inside_pool or embedded or last in {"\x01ole10native", "package", "\x02olepres000"}:
            raise Objection("embedded")


def _check_word(document: olefile.OleFileIO, content: bytes) -> None:
    if len(content) < 0x1AA or content[:2] not in {b"\xec\xa5", b"\xdc\xa5"}:
        raise Objection("broken")
    (flags,) = struct.unpack_from("<H", content, 0x0A)
    if flags & 0x8100:  # fEncrypted, fObfuscated
        raise Objection("encrypted")
    if found := _FIELD.search(content):
        raise Objection("dde" if found[1].replace(b"\0", b"").upper() == b"DDE" else "linked")
    if _ODD_FIELD.search(content):
        raise Objection("address")
    table = "1Table" if flags & 0x0200 else "0Table"
    if document.exists(table):
        place, length = struct.unpack_from("<LL", content, 0x19A)  # fcSttbfAssoc, lcbSttbfAssoc
        strings = _read(document, table)[place : place + min(length, 100_000)].replace(b"\0", b"").lower()
        if re.search(rb"https?:|ftp:|\\\\[a-z0-9]|file:/{2}[a-z0-9]", strings):
            raise Objection("template_outside")


def _check_excel(content: bytes) -> int:
    """Raises Objection for what the workbook's records hold; gives the number of its sheets."""
    sheets = 0
    for record, body in _records(content):
        if record == _FILEPASS:
            raise Objection("encrypted")
        if record == _BOUNDSHEET and len(body) > 5:
            if body[5] not in {_WORKSHEET, _CHART}:
                raise Objection("macros", suffix=".xlsx")
            sheets += 1
        elif record == _NAME and _FETCHING.search(body):
            raise Objection("fetches")
        elif record == _HLINK and _ODD_LINK.search(body):
            raise Objection("address")
        elif record == _BOF and len(body) >= 4 and struct.unpack_from("<H", body, 2)[0] == 0x40:
            raise Objection("macros", suffix=".xlsx")
        elif record == _SUPBOOK and len(body) >= 4:
            if struct.unpack_from("<H", body, 2)[0] not in {_OWN_SHEETS, _ADD_INS}:
                raise Objection("linked_workbook")
        elif record == _EXTERNSHEET and len(body) > 2 and body[0] == len(body) - 2 and body[1] == 1:  # Excel 5
            raise Objection("linked_workbook")
    return sheets


def _records(content: bytes) -> Iterator[tuple[int, bytes]]:
    place = 0
    while place + 4 <= len(content):
        record, length = struct.unpack_from("<HH", content, place)
        yield record, content[place + 4 : place + 4 + length]
        place += 4 + length


def _words(content: bytes) -> str:
    """The text, roughly: whatever reads as English or Thai. Exact places do not matter for what is asked."""
    wide = " ".join(run.decode("utf-16-le", "ignore") for run in _WIDE.findall(content[: 4 * text.MOST_TEXT]))
    narrow = " ".join(run.decode("ascii") for run in _NARROW.findall(content[: 2 * text.MOST_TEXT]))
    return f"{wide}\n{narrow}".replace("\r", "\n")


def _summary(document: olefile.OleFileIO) -> tuple[int | None, str | None]:
    """How many pages it says it has, and when it was made (MS-OLEPS). By hand: olefile believes any number."""
    pages, made_at = None, None
    with suppress(*_BROKEN):
        content = _read(document, "\x05SummaryInformation")
        (section,) = struct.unpack_from("<L", content, 44)
        (count,) = struct.unpack_from("<L", content, section + 4)
        for number in range(min(count, 100)):
            which, place = struct.unpack_from("<LL", content, section + 8 + 8 * number)
            (kind,) = struct.unpack_from("<L", content, section + place)
            if which == _PAGES and kind == _INTEGER:
                pages = struct.unpack_from("<l", content, section + place + 4)[0]
            elif which == _CREATED and kind == _FILETIME:
                moment = _FILE_EPOCH + timedelta(
                    microseconds=struct.unpack_from("<Q", content, section + place + 4)[0] // 10
                )
                made_at = moment.isoformat() if moment.year > 1980 else None
    return (pages if pages and pages > 0 else None), made_at
