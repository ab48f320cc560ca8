"""Is this file what it says? What a file is comes from its content, never from its name or the sender's word.

The deeper inspection (macros, scripts, bombs) is a later work; here a file must be of a kind that is taken (design,
section 6) and its name must not claim another.
"""

import struct
import zipfile
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import BinaryIO

import olefile

from ita_core.errors import Refused
from ita_core.language import N_, _


class EmptyFile(Refused):
    says = N_("“{file}” is empty (0 bytes). Choose the right file and send it again.")


class TooLarge(Refused):
    says = N_("“{file}” is larger than {limit} MB. Make it smaller or split it, and send it again.")


class UnknownKind(Refused):
    says = N_(
        "“{file}” is not a kind of file that is taken. Send PDF, Word, Excel, PowerPoint, JPEG, PNG, WEBP or MP4."
    )


class NotWhatItSays(Refused):
    says = N_("“{file}” is named like {claimed}, but it is {found}. Give it its right name, or save it anew.")


@dataclass(frozen=True, slots=True)
class Kind:
    """What a file is: its media type and the format that a slot may demand."""

    media_type: str
    format: str
    suffixes: tuple[str, ...]


_OFFICE = "application/vnd.openxmlformats-officedocument."
PDF = Kind("application/pdf", "pdf", (".pdf",))
DOCX = Kind(_OFFICE + "wordprocessingml.document", "word", (".docx",))
XLSX = Kind(_OFFICE + "spreadsheetml.sheet", "excel", (".xlsx",))
PPTX = Kind(_OFFICE + "presentationml.presentation", "slides", (".pptx",))
DOC = Kind("application/msword", "word", (".doc",))
XLS = Kind("application/vnd.ms-excel", "excel", (".xls",))
JPEG = Kind("image/jpeg", "image", (".jpg", ".jpeg", ".jfif"))
PNG = Kind("image/png", "image", (".png",))
WEBP = Kind("image/webp", "image", (".webp",))
MP4 = Kind("video/mp4", "video", (".mp4", ".m4v"))
KINDS = (PDF, DOCX, XLSX, PPTX, DOC, XLS, JPEG, PNG, WEBP, MP4)
SUFFIXES = tuple(suffix for kind in KINDS for suffix in kind.suffixes)

# The brands of films as cameras, phones and screen recorders write them; pictures (heic, avif) and sound have others.
_MP4_BRANDS = {b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"M4V ", b"MSNV", b"dash"}
_MAIN_PARTS = {"word/document.xml": DOCX, "xl/workbook.xml": XLSX, "ppt/presentation.xml": PPTX}
_MAIN_STREAMS = {"WordDocument": DOC, "Workbook": XLS, "Book": XLS}


def inspect(path: Path, name: str) -> Kind:
    """What the file at `path`, sent under `name`, is.

    Raises EmptyFile, UnknownKind, NotWhatItSays.
    """
    if path.stat().st_size == 0:
        raise EmptyFile(file=name)
    with path.open("rb") as source:
        kind = _kind_of(source)
    if kind is None:
        raise UnknownKind(file=name)
    suffix = PurePath(name).suffix.lower()
    if suffix not in kind.suffixes:
        raise NotWhatItSays(file=name, claimed=suffix or _("a file without an ending"), found=" / ".join(kind.suffixes))
    return kind


def _kind_of(source: BinaryIO) -> Kind | None:
    head = source.read(16)
    if head.startswith(b"%PDF-"):
        return PDF
    if head.startswith(b"\xff\xd8\xff"):
        return JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return WEBP
    if head[4:8] == b"ftyp":
        return MP4 if head[8:12] in _MP4_BRANDS else None
    if head.startswith(b"PK\x03\x04"):
        return _office_kind(source)
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return _old_office_kind(source)
    return None


def _office_kind(source: BinaryIO) -> Kind | None:
    """By the parts that the zip's directory lists; nothing is unpacked."""
    source.seek(0)
    try:
        with zipfile.ZipFile(source) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError, struct.error):
        return None
    if "[Content_Types].xml" not in names:
        return None
    found = [kind for part, kind in _MAIN_PARTS.items() if part in names]
    return found[0] if len(found) == 1 else None


def _old_office_kind(source: BinaryIO) -> Kind | None:
    source.seek(0)
    try:
        with olefile.OleFileIO(source) as document:
            found = {kind for stream, kind in _MAIN_STREAMS.items() if document.exists(stream)}
    except (OSError, ValueError, IndexError, struct.error):
        return None
    return found.pop() if len(found) == 1 else None
