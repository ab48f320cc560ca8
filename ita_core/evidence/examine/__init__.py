"""What a file is and whether it is safe, found out in a process of its own (`child`). Nothing here asks for settings,
languages or a database: the process must start in a moment, and each kind imports only what it needs.

One line of JSON comes out: `{"kind": ".pdf", "facts": {…}}`, or `{"refused": "scripts", "detail": {…}}`.
"""

import json
import sys
from pathlib import Path
from typing import BinaryIO

from ita_core.evidence.examine.objection import Objection
from ita_core.evidence.kinds import FileKind
from ita_core.evidence.noticed import Noticed

HEAD = 1024  # bytes from the start in which a PDF reader looks for the PDF's mark


def main(path: str) -> None:
    """In the child: examine the file and say what was found."""
    try:
        kind, noticed = examine(Path(path))
        answer = {"kind": kind.suffix, "facts": noticed.to_json()}
    except Objection as objection:
        answer = {"refused": objection.code, "detail": objection.detail}
    except MemoryError:
        answer = {"refused": "bomb", "detail": {}}
    sys.stdout.write(json.dumps(answer))


def examine(path: Path) -> tuple[FileKind, Noticed]:
    """What the file is and what was noticed in it.

    Raises Objection.
    """
    with path.open("rb") as source:
        head = source.read(HEAD)
        if head.startswith(b"%PDF-"):
            return _examine_pdf(path, source)
        if b"%PDF-" in head:
            raise Objection("two_kinds" if _module_for(head) else "unknown")
        module = _module_for(head)
        if module is None:
            raise Objection("unknown")
        if module in {"picture", "film", "heic"}:
            _check_no_archive(source)
        return _examined(module, head, source)


def _module_for(head: bytes) -> str | None:
    if head.startswith(b"PK\x03\x04"):
        return "office"
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return "old_office"
    if head.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")) or (head.startswith(b"RIFF") and head[8:12] == b"WEBP"):
        return "picture"
    if head[4:8] != b"ftyp":
        return None
    from ita_core.evidence.examine.heic import is_heic

    return "heic" if is_heic(head) else "film"


def _examine_pdf(path: Path, source: BinaryIO) -> tuple[FileKind, Noticed]:
    from ita_core.evidence.examine import pdf

    _check_no_archive(source)
    return pdf.examine(path, source)


def _check_no_archive(source: BinaryIO) -> None:
    from ita_core.evidence.examine.packed import holds_archive

    if holds_archive(source):
        raise Objection("two_kinds")


def _examined(module: str, head: bytes, source: BinaryIO) -> tuple[FileKind, Noticed]:
    source.seek(0)
    if module == "office":
        from ita_core.evidence.examine import office

        return office.examine(source)
    if module == "old_office":
        from ita_core.evidence.examine import old_office

        return old_office.examine(source)
    if module == "film":
        from ita_core.evidence.examine import film

        if not film.is_film(head):
            raise Objection("unknown")
        return film.examine(source)
    if module == "heic":
        from ita_core.evidence.examine import heic

        return heic.examine(source)
    from ita_core.evidence.examine import picture

    if head.startswith(b"\xff"):
        return picture.examine_jpeg(source)
    return picture.examine_png(source) if head.startswith(b"\x89") else picture.examine_webp(source)
