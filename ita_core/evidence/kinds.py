"""The kinds of file that are taken (design, section 6). Imports nothing of ours: pure modules and children use it."""

from collections.abc import Collection
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FileKind:
    """What a file is: its media type and the format that a slot may demand."""

    media_type: str
    format: str
    suffixes: tuple[str, ...]

    @property
    def suffix(self) -> str:
        """The usual ending, which also names the kind."""
        return self.suffixes[0]


_OFFICE = "application/vnd.openxmlformats-officedocument."
PDF = FileKind("application/pdf", "pdf", (".pdf",))
DOCX = FileKind(_OFFICE + "wordprocessingml.document", "word", (".docx",))
XLSX = FileKind(_OFFICE + "spreadsheetml.sheet", "excel", (".xlsx",))
PPTX = FileKind(_OFFICE + "presentationml.presentation", "slides", (".pptx",))
DOC = FileKind("application/msword", "word", (".doc",))
XLS = FileKind("application/vnd.ms-excel", "excel", (".xls",))
JPEG = FileKind("image/jpeg", "image", (".jpg", ".jpeg", ".jfif"))
PNG = FileKind("image/png", "image", (".png",))
WEBP = FileKind("image/webp", "image", (".webp",))
MP4 = FileKind("video/mp4", "video", (".mp4", ".m4v"))
KINDS = (PDF, DOCX, XLSX, PPTX, DOC, XLS, JPEG, PNG, WEBP, MP4)
HEIC = FileKind("image/heic", "image", (".heic", ".heif"))  # taken, and kept as the JPEG that is made of it
TAKEN = (*KINDS, HEIC)


def taken_for(formats: Collection[str]) -> list[FileKind]:
    """The kinds that slots of these formats take; all where one of them takes any ("")."""
    return [kind for kind in TAKEN if "" in formats or kind.format in formats]


def suffix_of(media_type: str) -> str:
    """The usual ending of files of this media type, "" for one that is not taken."""
    return next((kind.suffix for kind in KINDS if kind.media_type == media_type), "")
