"""The pack for an auditor: one ZIP with the evidence of an office and year, what it is, and what proves it.

    อ่านก่อน.txt       what is in it and how to check it, on one page
    check.py          checks all of it, by Python's standard library alone
    SHA256SUMS        of every file but itself, as `sha256sum -c` reads it
    index.xlsx        every piece of evidence: where it lies, who, when, who decided; links and statements, too
    audit.jsonl       the record of acts from its first entry on, as a backup writes it (`dump`), and its end
    หลักฐาน/O6 …/      the files, a folder for each item

It tells the state of now, whatever day is looked at: the record of acts is whole, and an auditor asks what there is.
What goes in is decided, and hashed, before the first byte is sent: the hashes of the evidence are known, and the record
only grows, so it is read once for its hash and once on its way. Nothing is kept but names and hashes. A piece that is
not what its name says breaks the ZIP off, since what was sent cannot be taken back.
"""

import hashlib
from collections.abc import Generator, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any

from sqlmodel import Session

from ita_core import access, audit, db, dump, queries, words
from ita_core.access import Actor
from ita_core.board.progress import State, until
from ita_core.days import happened
from ita_core.errors import NotFound, Refused
from ita_core.evidence.objects import Damaged, Store
from ita_core.exports import tables, zipped
from ita_core.exports.tables import Column, Table, Value, in_thai
from ita_core.exports.workbook import as_xlsx
from ita_core.language import N_, _
from ita_core.models import AuditEntry, Decision
from ita_core.queries import EvidenceFacts, Snapshot
from ita_core.thai import moment_text
from ita_core.waiting import Progress, silent

READ_FIRST, CHECK, SUMS, INDEX = "อ่านก่อน.txt", "check.py", "SHA256SUMS", "index.xlsx"
AUDIT, HEAD = "audit.jsonl", "audit-head.txt"
EVIDENCE = "หลักฐาน"
PAGE = 200  # entries of the record that are in memory at once
_HERE = Path(__file__).parent
_ENTRIES = dump.TABLES[str(AuditEntry.__tablename__)]


class PiecesMissing(Refused):
    says = N_(
        "{count} files are missing in the evidence store, first “{file}” of {item}: no pack was made. "
        "`ita verify` names them all."
    )


class PieceDamaged(Refused):
    says = N_(
        "“{file}” of {item} is not what was handed in: its content in the evidence store has changed. "
        "No pack was made; `ita verify` says more."
    )


@dataclass(frozen=True, slots=True)
class Chosen:
    """What goes into a pack, as of one state of the database; `head` is None where the record of acts stays out."""

    office: str
    year: int
    at: datetime
    by: str
    everything: bool
    restricted: bool
    snapshot: Snapshot
    pieces: tuple[EvidenceFacts, ...]  # by item, then in the order handed in; links and statements, too
    head: tuple[int, str, datetime | None] | None

    @property
    def files(self) -> tuple[EvidenceFacts, ...]:
        """The pieces that lie in it as files."""
        return tuple(one for one in self.pieces if one.sha256)

    @property
    def size(self) -> int:
        """Bytes of evidence."""
        return sum(one.size for one in self.files)

    @property
    def file(self) -> str:
        """What a file of it is called by (`tables.file_name`): what was accepted, or all."""
        return "pack-all" if self.everything else "pack"


@dataclass(frozen=True, slots=True)
class Pack:
    """A pack that is ready to be sent: what stands before the evidence, the evidence, and the SHA-256 of SHA256SUMS."""

    chosen: Chosen
    first: tuple[zipped.Entry, ...]
    files: tuple[tuple[str, EvidenceFacts], ...]  # (the name in the ZIP, the piece)
    sums_sha256: str

    @property
    def name(self) -> str:
        """What the audit calls it: by that, each pack that was given out stands there."""
        return f"pack {self.sums_sha256[:16]}"

    @property
    def noted(self) -> dict[str, Any]:
        """What the audit keeps of it beside that: whoever has a pack can ask whether it is the one given out."""
        return {
            "format": "zip", "everything": self.chosen.everything, "files": len(self.files),
            "sums": self.sums_sha256,
        }  # fmt: skip


def choose(
    session: Session, snapshot: Snapshot, who: Actor | None, *, by: str, day: date, at: datetime, everything: bool
) -> Chosen:
    """What `who` may take along of the snapshot's office and year; None is the server itself.

    Accepted pieces, and with `everything` those that wait or came back, too; never what was withdrawn. The snapshot is
    that of `day`, today as the year has it, restricted to `who` by the caller. The record of acts goes in where they
    may export it.
    """
    place = {item.id: number for number, item in enumerate(snapshot.items)}
    before = until(day, snapshot.assessment.ends)
    wanted = [
        one
        for one in queries.list_evidence(session, who, snapshot.assessment.id)
        if one.item_id in place
        and one.withdrawn_at is None
        and (everything or one.decision is Decision.accepted)
        and happened(one.at, before)
    ]
    record = who is None or access.may_export_audit(who)
    return Chosen(
        snapshot.assessment.office, snapshot.assessment.fiscal_year, at, by, everything,
        who is not None and not access.sees_all(who), snapshot,
        tuple(sorted(wanted, key=lambda one: place[one.item_id])), audit.last(session) if record else None,
    )  # fmt: skip


def _linked(table: Table) -> Table:
    """With a column, behind the file's name in the ZIP, that opens the file."""
    first, *others = table.columns
    columns = (first, Column("file", N_("Open"), Value.file), *others)
    return replace(table, columns=columns, rows=[{"file": row["packed"] or None, **row} for row in table.rows])


def _names(chosen: Chosen) -> dict[int, str]:
    """Evidence id → its name in the ZIP, of files; a folder for each item, within it one for what was not accepted."""
    folders = zipped.Names()
    folder_of = {
        item.id: folders.unused(zipped.clean_part(f"{item.code} {item.title}")) for item in chosen.snapshot.items
    }
    lies_in = {one.id: f"{EVIDENCE}/{folder_of[one.item_id]}{_below(one)}" for one in chosen.files}
    names = zipped.Names(*lies_in.values())  # no file is called as a folder beside it
    return {one.id: names.unused(f"{lies_in[one.id]}/{zipped.clean_part(one.file_name)}") for one in chosen.files}


def _below(one: EvidenceFacts) -> str:
    state = State(one.decision.value) if one.decision else State.waiting
    return "" if state is State.accepted else f"/{zipped.clean_part(_(words.STATES[state]))}"


def make(chosen: Chosen, store: Store, indexed: Progress = silent) -> Pack:
    """The pack of what was chosen; no session is open meanwhile. `indexed` is told of the index's rows.

    Raises PiecesMissing where the store lacks a piece, StoreAway, RowUnreadable.
    """
    of = {one.sha256: one for one in chosen.files}
    if lacking := store.lacking(of):
        first = of[lacking[0]]
        raise PiecesMissing(count=len(lacking), file=first.file_name, item=first.item_code)
    table = tables.evidence(chosen.snapshot, chosen.pieces, chosen.snapshot.day)
    with in_thai():
        names = _names(chosen)
        index = _linked(zipped.placed(table, names))
        entries = [
            zipped.of_bytes(READ_FIRST, chosen.at, _read_first(chosen)),
            zipped.of_bytes(CHECK, chosen.at, (_HERE / "check.py").read_bytes()),
            zipped.of_bytes(INDEX, chosen.at, as_xlsx(index, indexed)),
        ]
    sums = {entry.name: hashlib.sha256(b"".join(entry.content())).hexdigest() for entry in entries}
    if chosen.head:
        number, recorded, moment = chosen.head
        line = f"{number} {recorded} {moment.isoformat() if moment else ''}".rstrip().encode() + b"\n"
        size, digest = _measured(_record(number))
        entries.append(zipped.of_bytes(HEAD, chosen.at, line))
        entries.append(zipped.Entry(AUDIT, chosen.at, size, partial(_record, number)))
        sums |= {HEAD: hashlib.sha256(line).hexdigest(), AUDIT: digest}
    files = tuple((names[one.id], one) for one in chosen.files)
    sums |= {name: one.sha256 for name, one in files}
    listed = "".join(sum_line(name, sha256) for name, sha256 in sums.items()).encode()
    entries.insert(2, zipped.of_bytes(SUMS, chosen.at, listed))
    return Pack(chosen, tuple(entries), files, hashlib.sha256(listed).hexdigest())


def stream(made: Pack, store: Store, progress: Progress = silent) -> Generator[bytes]:
    """The ZIP in parts; `progress` is told after each part of evidence.

    Raises PieceDamaged, PiecesMissing, StoreAway in the middle: what was sent until then is no ZIP.
    """
    return zipped.stream(_entries(made, store, progress))


def length(made: Pack) -> int:
    """Bytes of the whole ZIP, known before it is sent: by it a browser shows how much has come."""
    return zipped.length([(one.name, one.size) for one in made.first] + [(name, one.size) for name, one in made.files])


def sum_line(name: str, sha256: str) -> str:
    """A line of SHA256SUMS as GNU's sha256sum writes and reads it: a name with line ends or backslashes is escaped."""
    escaped = name.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r")
    return f"{'' if escaped == name else chr(92)}{sha256}  {escaped}\n"


def _entries(made: Pack, store: Store, progress: Progress) -> Iterator[zipped.Entry]:
    yield from made.first
    done, expected = 0, made.chosen.size

    def step(part: bytes) -> bytes:
        nonlocal done
        done += len(part)
        progress(done, expected)
        return part

    def content(one: EvidenceFacts) -> Iterator[bytes]:
        return map(step, _proven(store, one))

    for name, one in made.files:
        yield zipped.Entry(name, one.at, one.size, partial(content, one))


def _proven(store: Store, one: EvidenceFacts) -> Iterator[bytes]:
    """A piece's content; its hash, and so whether it is what was handed in, is known after the last part."""
    left, damaged = one.size, PieceDamaged(file=one.file_name, item=one.item_code)
    try:
        for part in store.proven(one.sha256):
            left -= len(part)
            if left < 0:  # more than an entry of this size takes
                raise damaged
            yield part
    except NotFound:  # gone since one looked
        raise PiecesMissing(count=1, file=one.file_name, item=one.item_code) from None
    except Damaged:
        raise damaged from None


def _record(last: int) -> Iterator[bytes]:
    """The record of acts up to its entry of this number, a page at a time: no transaction waits for who is slow."""
    number = _ENTRIES.c.number
    for before in range(0, last, PAGE):
        with db.reading() as session:
            page = b"".join(dump.lines(session, _ENTRIES, number > before, number <= min(before + PAGE, last)))
        yield page


def _measured(parts: Iterator[bytes]) -> tuple[int, str]:
    size, digest = 0, hashlib.sha256()
    for part in parts:
        size += len(part)
        digest.update(part)
    return size, digest.hexdigest()


def _read_first(chosen: Chosen) -> bytes:
    """The page, as Windows' own editor reads it."""
    from jinja2 import Template

    page = Template((_HERE / "read_first.txt").read_text(encoding="utf-8"), trim_blocks=True)
    head = f"{chosen.head[0]} {chosen.head[1]}" if chosen.head else ""
    said: str = page.render(
        office=chosen.office, year=chosen.year, moment=moment_text(chosen.at), by=chosen.by,
        files=f"{len(chosen.files):,}", rows=f"{len(chosen.pieces):,}", everything=chosen.everything,
        restricted=chosen.restricted, head=head,
        entries=f"{chosen.head[0]:,}" if chosen.head else "",
    )  # fmt: skip
    return "\ufeff".encode() + said.replace("\n", "\r\n").encode() + b"\r\n"
