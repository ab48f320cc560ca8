"""ZIPs made while they are sent: nothing of one is kept in memory or on the disk; and the names of files in them.

By the standard library's zipfile, which writes to what cannot be sought, marks names as UTF-8 and knows ZIP64: a
library of its own would bring nothing more. Files are stored as they are: PDFs, pictures and documents are compressed.
"""

import io
import unicodedata
import zipfile
from collections.abc import Callable, Generator, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any

from ita_core.days import BANGKOK
from ita_core.exports.tables import Column, Table
from ita_core.language import N_

# Of a name: file systems take 255 bytes, and a number may come to it; Windows takes 260 letters with all its folders.
LONGEST_BYTES, LONGEST_LETTERS = 180, 90
LONGEST_ENDING = 10
_UNWANTED = set('<>:"/\\|?*')  # what Windows takes in no name
_PORTS = [f"{port}{number}" for port in ("com", "lpt") for number in (*range(1, 10), *"¹²³")]
_RESERVED = {"con", "prn", "aux", "nul", "conin$", "conout$", *_PORTS}


def clean_part(name: str) -> str:
    """A name as one part of a path, on every system: no folder, no way up, no reserved name; its ending stays.

    Reserved names: Microsoft's "Naming Files, Paths, and Namespaces".
    """
    plain = "".join("_" if sign in _UNWANTED or not sign.isprintable() else sign for sign in name)
    plain = plain.strip(" ").rstrip(". ").lstrip(".") or "_"
    stem, dot, ending = plain.rpartition(".")
    if not dot or len(ending) > LONGEST_ENDING:
        stem, dot, ending = plain, "", ""
    if stem.split(".")[0].strip().lower() in _RESERVED:
        stem = f"_{stem}"
    stem = stem[: LONGEST_LETTERS - len(dot + ending)]
    left = LONGEST_BYTES - len(f"{dot}{ending}".encode())
    return stem.encode()[:left].decode(errors="ignore").rstrip(". ") + dot + ending


class Names:
    """The names that are taken in one ZIP, of files and of folders: no two are alike on any system."""

    def __init__(self, *taken: str) -> None:
        self._last = {_alike(name): 1 for name in taken}  # each with the last number that was tried for it

    def unused(self, name: str) -> str:
        """The name, or with a number; from now on it is taken."""
        alike, free = _alike(name), name
        if (number := self._last.get(alike)) is not None:
            path = PurePosixPath(name)
            while _alike(free) in self._last:
                number += 1
                free = str(path.with_name(f"{path.stem} ({number}){path.suffix}"))
            self._last[alike] = number
        self._last[_alike(free)] = 1
        return free


def _alike(name: str) -> str:
    """Windows and macOS tell no capitals apart, macOS no two spellings of a letter either."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of a ZIP: its size in bytes, the moment it bears, and what gives its content, in parts.

    Of a known size, so that the entry need not be of the larger kind (ZIP64) for fear that it grows.
    """

    name: str
    at: datetime
    size: int
    content: Callable[[], Iterable[bytes]]


def of_bytes(name: str, at: datetime, content: bytes) -> Entry:
    """An entry whose content is here."""
    return Entry(name, at, len(content), lambda: (content,))


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


def stream(entries: Iterable[Entry]) -> Generator[bytes]:
    """The ZIP in parts, its entries in their order.

    What an entry's content raises is let through, and nothing comes after it: such a ZIP has no end and opens nowhere.
    """
    sink = _Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED) as made:
        for entry in entries:
            with made.open(_info(entry), "w", force_zip64=entry.size > zipfile.ZIP64_LIMIT) as target:
                for part in entry.content():
                    target.write(part)
                    yield sink.taken()
    yield sink.taken()


def length(entries: Iterable[tuple[str, int]]) -> int:
    """Bytes of the ZIP that `stream` makes of entries of these names and sizes, without their content.

    As zipfile writes to what cannot be sought (APPNOTE.TXT, 4.3): header, content, descriptor of each; then the list.
    """
    count = offset = listed = 0
    for name, size in entries:
        large, called = size > zipfile.ZIP64_LIMIT, len(name.encode())
        further = 2 * large + (offset > zipfile.ZIP64_LIMIT)  # of 8 bytes, which the list's own fields do not hold
        listed += 46 + called + (4 + 8 * further if further else 0)
        offset += 30 + called + size + (20 + 24 if large else 16)
        count += 1
    whole = count > zipfile.ZIP_FILECOUNT_LIMIT or max(offset, listed) > zipfile.ZIP64_LIMIT
    return offset + listed + 22 + (56 + 20 if whole else 0)


def _info(entry: Entry) -> zipfile.ZipInfo:
    at = entry.at.astimezone(BANGKOK)
    info = zipfile.ZipInfo(entry.name, (at.year, at.month, at.day, at.hour, at.minute, at.second))
    info.external_attr = 0o644 << 16
    return info


def placed(table: Table, names: Mapping[int, str]) -> Table:
    """The table of evidence with each piece's name in the ZIP in front; `names` by the pieces' ids."""
    columns = (Column("packed", N_("File in this ZIP")), *table.columns)
    return replace(table, columns=columns, rows=[{"packed": names.get(row["id"], ""), **row} for row in table.rows])
