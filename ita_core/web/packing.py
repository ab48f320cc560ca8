"""Several pieces of evidence as one ZIP, made while it is sent: nothing of it is kept in memory or on the disk.

By the standard library's zipfile, which writes to what cannot be sought, marks names as UTF-8 and knows ZIP64: a
library of its own would bring nothing more. Files are stored as they are: PDFs, pictures and documents are compressed.
"""

import csv
import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ita_core.days import BANGKOK
from ita_core.errors import Refused
from ita_core.evidence.store import open_store
from ita_core.exports.tables import Table, as_csv, in_thai
from ita_core.language import N_, _
from ita_core.models import EvidenceKind
from ita_core.queries import EvidenceFacts

MOST_PIECES = 100
MOST_BYTES = 1024**3
LONGEST_PART = 180  # bytes of a name in UTF-8: file systems take 255, and a number may come to it
_CHUNK = 256 * 1024
_UNWANTED = set('<>:"/\\|?*')  # what Windows takes in no name
_RESERVED = {"con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(1, 10))}
CONTENTS = "รายการ.csv"


class TooManyChosen(Refused):
    says = N_("{most} pieces at most go into one ZIP: choose fewer, and take the others along in a second one.")


class TooLargeChosen(Refused):
    says = N_("These pieces are {size} MB together, {most} MB at most go into one ZIP: choose fewer.")


@dataclass(frozen=True, slots=True)
class Packed:
    """A piece with its name in the ZIP; "" for links and statements, which stand in the list of contents."""

    name: str
    piece: EvidenceFacts


def pack(pieces: Sequence[EvidenceFacts]) -> list[Packed]:
    """What goes in under which name: a folder for each item, no two names alike.

    Raises TooManyChosen, TooLargeChosen.
    """
    if len(pieces) > MOST_PIECES:
        raise TooManyChosen(most=MOST_PIECES)
    total = sum(one.size for one in pieces)
    if total > MOST_BYTES:
        raise TooLargeChosen(size=f"{total / 1024**2:,.0f}", most=f"{MOST_BYTES / 1024**2:,.0f}")
    taken = {CONTENTS}
    packed = []
    for one in pieces:
        name = ""
        if one.kind is EvidenceKind.file:
            name = _unused(f"{clean_part(one.item_code)}/{clean_part(one.file_name)}", taken)
        packed.append(Packed(name, one))
    return packed


def clean_part(name: str) -> str:
    """A name as one part of a path, on every system: no folder, no way up, no reserved name; its ending stays."""
    plain = "".join("_" if sign in _UNWANTED or not sign.isprintable() else sign for sign in name)
    plain = plain.strip(" ").rstrip(". ").lstrip(".") or "_"
    stem, dot, ending = plain.rpartition(".")
    if not dot or len(ending) > 10:
        stem, dot, ending = plain, "", ""
    if stem.split(".")[0].strip().lower() in _RESERVED:
        stem = f"_{stem}"
    longest = LONGEST_PART - len(f"{dot}{ending}".encode())
    return stem.encode()[:longest].decode(errors="ignore").rstrip(". ") + dot + ending


def _unused(name: str, taken: set[str]) -> str:
    """The name, or with a number; Windows and macOS tell no capitals apart."""
    path = Path(name)
    number, free = 1, name
    while free.lower() in taken:
        number += 1
        free = f"{path.parent}/{path.stem} ({number}){path.suffix}"
    taken.add(free.lower())
    return free


class _Sink(io.RawIOBase):
    """What zipfile writes to: kept until it is sent on."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        part = bytes(data)
        self._parts.append(part)
        return len(part)

    def taken(self) -> bytes:
        found = b"".join(self._parts)
        self._parts.clear()
        return found


def stream(packed: Sequence[Packed], contents: bytes) -> Iterator[bytes]:
    """The ZIP in parts; the list of its contents comes first."""
    sink = _Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED) as made:
        made.writestr(CONTENTS, contents)
        yield sink.taken()
        for one in packed:
            if not one.name:
                continue
            try:
                path = open_store().verified(one.piece.sha256)
            except Refused as refused:  # the others are sent all the same; what is wrong with this one is said in it
                with in_thai():  # as the list of contents
                    made.writestr(_entry(one, ".txt"), str(refused))
                continue
            # Of a known size, so that the entry need not be of the larger kind for fear that it grows.
            with path.open("rb") as source, made.open(_entry(one), "w", force_zip64=one.piece.size >= 2**31) as target:
                while part := source.read(_CHUNK):
                    target.write(part)
                    yield sink.taken()
    yield sink.taken()


def _entry(one: Packed, ending: str = "") -> zipfile.ZipInfo:
    at = one.piece.at.astimezone(BANGKOK)
    entry = zipfile.ZipInfo(one.name + ending, (at.year, at.month, at.day, at.hour, at.minute, at.second))
    entry.external_attr = 0o644 << 16
    return entry


def contents_of(table: Table, packed: Sequence[Packed]) -> bytes:
    """The table of evidence (CSV) with each piece's name in the ZIP in front."""
    names = {one.piece.id: one.name for one in packed}
    with in_thai():
        heading = _("File in this ZIP")
    rows = list(csv.reader(io.StringIO(as_csv(table).decode("utf-8-sig"))))
    target = io.StringIO(newline="")
    writer = csv.writer(target, quoting=csv.QUOTE_ALL)
    writer.writerow([heading, *rows[0]])
    for row, facts in zip(rows[1:], table.rows, strict=True):
        writer.writerow([names.get(facts["id"], ""), *row])
    return target.getvalue().encode("utf-8-sig")
