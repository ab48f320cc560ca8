"""The chosen pieces of evidence as one ZIP."""

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from ita_core.errors import Refused
from ita_core.evidence.store import open_store
from ita_core.exports import zipped
from ita_core.exports.tables import Table, as_csv, in_thai
from ita_core.language import N_
from ita_core.models import EvidenceKind
from ita_core.queries import EvidenceFacts

MOST_PIECES = 100
MOST_BYTES = 1024**3
_CHUNK = 256 * 1024
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
    names = zipped.Names(CONTENTS)
    packed = []
    for one in pieces:
        name = ""
        if one.kind is EvidenceKind.file:
            name = names.unused(f"{zipped.clean_part(one.item_code)}/{zipped.clean_part(one.file_name)}")
        packed.append(Packed(name, one))
    return packed


def name_of(pieces: Sequence[EvidenceFacts]) -> str:
    """What a ZIP of them is called by (`tables.file_name`): "evidence", and the item where they are all of one."""
    codes = {one.item_code for one in pieces}
    return "-".join(["evidence", *codes]) if len(codes) == 1 else "evidence"


def stream(packed: Sequence[Packed], contents: bytes) -> Generator[bytes]:
    """The ZIP in parts; the list of its contents comes first."""
    return zipped.stream(_entries(packed, contents))


def _entries(packed: Sequence[Packed], contents: bytes) -> Iterator[zipped.Entry]:
    yield zipped.of_bytes(CONTENTS, max(one.piece.at for one in packed), contents)
    names = zipped.Names(CONTENTS, *(one.name for one in packed))
    for one in packed:
        if not one.name:
            continue
        try:
            path = open_store().verified(one.piece.sha256)
        except Refused as refused:  # the others are sent all the same; what is wrong with this one is said in it
            with in_thai():  # as the list of contents
                yield zipped.of_bytes(names.unused(f"{one.name}.txt"), one.piece.at, str(refused).encode())
            continue
        yield zipped.Entry(one.name, one.piece.at, one.piece.size, partial(_read, path))


def _read(path: Path) -> Iterator[bytes]:
    with path.open("rb") as source:
        while part := source.read(_CHUNK):
            yield part


def contents_of(table: Table, packed: Sequence[Packed]) -> bytes:
    """The table of evidence (CSV) with each piece's name in the ZIP in front."""
    return as_csv(zipped.placed(table, {one.piece.id: one.name for one in packed}))
