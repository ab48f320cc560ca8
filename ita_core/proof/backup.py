"""Backup and restore: one tar file with every row and every stored object, taken while the app is in use.

    o/ab/<sha256>         the objects, first, because they take long
    rows/<table>.jsonl    the tables (see `dump`), as of one moment
    manifest.json         what must be in it; last, so that a backup that was cut short has none

All rows are read in one short transaction into a temporary file, then the objects are copied; an object never changes,
so the two fit. Uncompressed, because evidence is compressed already. A restore reads everything back and compares.
"""

import hashlib
import io
import json
import os
import re
import tarfile
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import IO, Annotated, Any, Literal

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.exc import OperationalError, StatementError
from sqlmodel import Session, col, select

from ita_core import audit, db, dump
from ita_core.errors import Refused
from ita_core.evidence.folder import fsync_folder
from ita_core.evidence.objects import CHUNK, Damaged, Store, StoreUnusable, claim, object_name
from ita_core.language import N_, _
from ita_core.models import Assessment, Office, StoredFile
from ita_core.proof.comparing import Rows
from ita_core.proof.verify import LOOKS, Finding, Wrong, object_fault, row_findings
from ita_core.waiting import Progress, silent

FORMAT: Literal[1] = 1
MANIFEST = "manifest.json"
IN_MEMORY = 16 * 1024 * 1024  # of one object; a larger one passes through a temporary file
LARGEST_MANIFEST = 64 * 1024 * 1024
_ROWS = re.compile(r"rows/([a-z]+)\.jsonl")
_OBJECT = re.compile(r"o/([0-9a-f]{2})/(\1[0-9a-f]{62})")


class FileThere(Refused):
    says = N_("{file} is there already. Name another file, or say --force to replace it.")


class BadPlace(Refused):
    says = N_("{file} lies inside the evidence store or is the database itself: name a file elsewhere.")


class CannotKeep(Refused):
    says = N_("The backup cannot be written to {file}: {why}.")


class BeingWritten(Refused):
    says = N_("Another backup is being written to {file} at this moment.")


class NoBackup(Refused):
    says = N_("{file} cannot be read as a backup: {why}. Nothing was restored.")


class OtherFormat(Refused):
    says = N_("The backup has format {theirs}: restore it with the newer version of this program that made it.")


class OtherRevision(Refused):
    says = N_(
        "The backup is at revision {theirs} of the database, made by version {program} of this program; this one is at "
        "revision {ours}. Restore it with a version at revision {theirs}, then upgrade. Nothing was restored."
    )


class NotEmpty(Refused):
    says = N_("The database is in use already: restore into an empty one. Nothing was changed.")


class RefusedRow(Refused):
    says = N_("The database does not take the rows of the backup: {why}. Nothing was restored.")


@dataclass(frozen=True, slots=True)
class Contents:
    """What a backup holds, or a restore brought back; `findings` is what is not as it should be."""

    rows: int
    tables: int
    objects: int
    bytes: int
    head: tuple[int, str]
    findings: tuple[Finding, ...]


# --- the manifest ----------------------------------------------------------------------------------------------------

_Hash = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
_Count = Annotated[int, Field(ge=0)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class _Table(_Part):
    rows: _Count
    bytes: _Count
    sha256: _Hash


class _Head(_Part):
    number: _Count
    hash: _Hash


class _Objects(_Part):
    count: _Count
    bytes: _Count


class _Assessment(_Part):
    office: str
    fiscal_year: int


class Manifest(_Part):
    """What must be in the backup.

    `lacking` are objects that were damaged or missing when it was made, `faults` what was wrong with the rows then.
    """

    format: Literal[1]
    revision: str
    program: str
    made_at: str
    assessments: list[_Assessment]
    audit_head: _Head
    tables: dict[str, _Table]
    objects: _Objects
    lacking: list[_Hash]
    faults: list[str]


# --- backup ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Dump:
    """What was read together with the rows, as of the same moment."""

    tables: dict[str, dump.Table]
    sizes: dict[str, int]
    head: tuple[int, str]
    faults: list[Finding]
    assessments: list[_Assessment]


def backup(
    *,
    engine: sa.Engine,
    store: Store,
    file: Path,
    at: datetime,
    force: bool = False,
    progress: Progress = silent,
) -> Contents:
    """Write everything into `file`, while others work on; a file of that name is replaced only by `force`.

    It is written beside it as `file`.part, synced and renamed: what bears the name is whole. An object that is missing
    or damaged does not stop the backup: it is left out and stands among the findings, as do faults of the audit.
    Raises FileThere, BadPlace, CannotKeep, BeingWritten, StoreAway, DatabaseBusy, RowUnreadable.
    """
    if store.covers(file) or db.lies_in(engine, file):
        raise BadPlace(file=file)
    if file.exists() and not force:
        raise FileThere(file=file)
    part = file.with_name(f"{file.name}.part")
    with _writing_is_a_sentence(file), _own(part) as target:
        with tarfile.open(fileobj=target, mode="w", format=tarfile.PAX_FORMAT) as archive:
            made = _write(archive, engine, store, file.absolute().parent, at, progress)
        target.flush()
        os.fsync(target.fileno())
        part.replace(file)
        fsync_folder(file.absolute().parent)
    return made


@contextmanager
def _writing_is_a_sentence(file: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise CannotKeep(file=file, why=error.strerror or error) from None


@contextmanager
def _own(part: Path) -> Iterator[IO[bytes]]:
    """The file for this process alone, emptied of what a killed one left; gone at the end unless it was renamed.

    Raises BeingWritten.
    """

    def still_there() -> bool:
        return part.exists() and os.path.samestat(part.stat(), os.fstat(target.fileno()))

    with part.open("ab") as target:
        # Renamed between our opening and our lock, it would be another's finished backup.
        if not claim(target) or not still_there():
            raise BeingWritten(file=part)
        part.chmod(0o600)  # it holds the hashes of passwords, and all evidence
        target.seek(0)
        target.truncate()
        try:
            yield target
        finally:
            if still_there():
                part.unlink()


def _write(
    archive: tarfile.TarFile, engine: sa.Engine, store: Store, folder: Path, at: datetime, progress: Progress
) -> Contents:
    copied: dict[str, int] = {}
    faults: dict[str, tuple[Wrong, str]] = {}
    with tempfile.TemporaryFile(dir=folder) as lines:
        held = _read(engine, lines)
        while True:
            # What was copied is not looked at again: what was wrong with it stays said, but of what has gone meanwhile.
            faults = {sha256: fault for sha256, fault in faults.items() if sha256 in copied and sha256 in held.sizes}
            faults |= _copy(archive, store, held.sizes, copied, folder, at=at, progress=progress)
            if not _taken_away(engine, [sha256 for sha256, fault in faults.items() if fault[0] is Wrong.missing]):
                break
            held = _read(engine, lines)  # as it is now, without them
        lines.seek(0)
        for name, table in held.tables.items():
            archive.addfile(_entry(f"rows/{name}.jsonl", table.bytes, at), lines)
    lacking = sorted(sha256 for sha256 in faults if sha256 not in copied)
    sizes = [size for sha256, size in copied.items() if sha256 in held.sizes]
    manifest = Manifest(
        format=FORMAT, revision=db.revision(), program=_program(), made_at=at.astimezone(UTC).isoformat(),
        assessments=held.assessments, audit_head=_Head(number=held.head[0], hash=held.head[1]),
        tables={name: _Table(**asdict(table)) for name, table in held.tables.items()},
        objects=_Objects(count=len(sizes), bytes=sum(sizes)), lacking=lacking,
        faults=[str(fault) for fault in held.faults],
    )  # fmt: skip
    content = manifest.model_dump_json(indent=1).encode()
    archive.addfile(_entry(MANIFEST, len(content), at), io.BytesIO(content))
    return _contents(manifest, [*held.faults, *_findings(engine, faults)])


def _read(engine: sa.Engine, lines: IO[bytes]) -> _Dump:
    """Every row as of one moment: one short transaction."""
    lines.seek(0)
    lines.truncate()
    with db.reading(engine) as session:
        tables = {name: dump.write(session, table, lines) for name, table in dump.TABLES.items()}
        sizes = dict(session.exec(select(StoredFile.sha256, StoredFile.size)).all())
        head, rows = audit.head(session), Rows(session)
        assessments = [
            _Assessment(office=office, fiscal_year=year)
            for office, year in session.exec(
                select(Office.code, Assessment.fiscal_year)
                .join(Assessment, col(Assessment.office_id) == Office.id)
                .order_by(col(Assessment.id))
            )
        ]
    # Outside: SQLite without WAL lets nobody write meanwhile, and behind who waits to write nobody reads.
    return _Dump(tables=tables, sizes=sizes, head=head, faults=row_findings(rows), assessments=assessments)


def _copy(
    archive: tarfile.TarFile,
    store: Store,
    sizes: Mapping[str, int],
    copied: dict[str, int],
    folder: Path,
    *,
    at: datetime,
    progress: Progress,
) -> dict[str, tuple[Wrong, str]]:
    """Copy the objects that are not in the archive yet, each hashed on its way; gives what is wrong with which."""
    faults = {}
    done, expected = sum(copied.values()), sum(sizes.values())
    for sha256, size in sorted(sizes.items()):
        if sha256 in copied:
            continue
        with tempfile.SpooledTemporaryFile(IN_MEMORY, dir=str(folder)) as object_:
            if (fault := object_fault(store, sha256, size, object_.write)) is not None:
                faults[sha256] = fault
            if fault is None or fault[0] is Wrong.size:  # then it is the row that is wrong
                copied[sha256] = object_.tell()
                object_.seek(0)
                archive.addfile(_entry(object_name(sha256), copied[sha256], at), object_)
        done += size
        progress(done, expected)
    return faults


def _taken_away(engine: sa.Engine, missing: Sequence[str]) -> bool:
    """Whether an object is missing because its sender took it away while we copied, so that its row is gone, too."""
    for seconds in LOOKS if missing else ():
        time.sleep(seconds)
        with db.reading(engine) as session:
            known: set[str] = set(session.exec(select(StoredFile.sha256)))
        if not known.issuperset(missing):
            return True
    return False


def _entry(name: str, size: int, at: datetime) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mtime, entry.mode = size, int(at.timestamp()), 0o600
    return entry


def _findings(engine: sa.Engine, faults: Mapping[str, tuple[Wrong, str]]) -> list[Finding]:
    if not faults:
        return []
    with db.reading(engine) as session:
        uses = Rows(session).uses
    return [
        Finding(kind, object_name(sha256), f"{says}; {', '.join(uses.get(sha256, []))}")
        for sha256, (kind, says) in faults.items()
    ]


def _contents(manifest: Manifest, findings: Sequence[Finding]) -> Contents:
    return Contents(
        rows=sum(table.rows for table in manifest.tables.values()),
        tables=len(manifest.tables),
        objects=manifest.objects.count,
        bytes=manifest.objects.bytes,
        head=(manifest.audit_head.number, manifest.audit_head.hash),
        findings=tuple(findings),
    )


def _program() -> str:
    try:
        return version("ita-dashboard")
    except PackageNotFoundError:  # run from its folder, not installed
        return "?"


# --- restore ---------------------------------------------------------------------------------------------------------


def restore(
    *, engine: sa.Engine, store: Store, file: Path, kept: tuple[int, str] | None = None, progress: Progress = silent
) -> Contents:
    """Bring a backup back into an empty database and a store, and read everything back: all equal, or nothing is there.

    `kept` is a head of the audit that was kept outside before the backup was made: one whose audit does not hold it is
    refused. Without it nobody can tell a backup whose rows, audit and manifest were all made anew to fit together.
    The objects are put away first, then all rows in one transaction. Stopped half-way it can be run again. What the
    backup itself had to leave out stands among the findings.
    Raises NoBackup, OtherFormat, OtherRevision, NotEmpty, BadRow, RefusedRow, StoreUnusable, StoreAway, DiskFull,
    DatabaseBusy.
    """
    with _Archive(file) as archive:
        manifest = archive.manifest()
        archive.check_rows(manifest)
        named = [str(row["sha256"]) for row in archive.rows("storedfile")]
        archive.check_objects(manifest, named)
        db.upgrade(engine)
        with db.reading(engine) as session:
            _refuse_to_mix(session)
        with ExitStack() as undo:
            done = 0
            for sha256 in named:
                if archive.holds(sha256):
                    done += _put_away(archive, store, sha256, undo)
                    progress(done, manifest.objects.bytes)
            _insert(engine, archive, manifest, kept)
            undo.pop_all()  # all is well: the objects stay
        with db.reading(engine) as session:
            rows = _refuse_a_difference(session, manifest, file, kept)
    lacking = [
        Finding(Wrong.missing, object_name(sha256), f"was not in the backup; {', '.join(rows.uses.get(sha256, []))}")
        for sha256 in manifest.lacking
    ]
    return _contents(manifest, [*row_findings(rows), *lacking])


def _refuse_to_mix(session: Session) -> None:
    if not dump.is_bare(session):
        raise NotEmpty


def _put_away(archive: "_Archive", store: Store, sha256: str, undo: ExitStack) -> int:
    held = store.holds(sha256)
    try:
        size = store.adopt(archive.chunks(object_name(sha256)), sha256)
    except Damaged:
        raise archive.refusal(N_("{part} was changed"), object_name(sha256)) from None
    except OSError as error:
        raise StoreUnusable(place=store.inbox, why=error.strerror or error) from None
    if not held:
        undo.callback(store.remove, sha256)
    return size


def _insert(engine: sa.Engine, archive: "_Archive", manifest: Manifest, kept: tuple[int, str] | None) -> None:
    """All rows in one transaction, which ends only when they read back as they were."""
    try:
        with db.writing(engine) as session:
            audit.one_at_a_time(session)
            _refuse_to_mix(session)
            dump.clear_head(session)
            for name, table in dump.TABLES.items():
                dump.insert(session, table, archive.open(f"rows/{name}.jsonl"))
            db.number_on(session)
            _refuse_a_difference(session, manifest, archive.file, kept)
    except OperationalError:
        raise
    except (StatementError, OverflowError) as error:
        why = str(error.orig if isinstance(error, StatementError) else error).strip().splitlines()
        raise RefusedRow(why=why[0] if why else "") from None


def _refuse_a_difference(session: Session, manifest: Manifest, file: Path, kept: tuple[int, str] | None) -> Rows:
    """Hold the rows that are in the database now against the manifest; gives them."""
    found = {name: _Table(**asdict(table)) for name, table in dump.digests(session).items()}
    differ = [name for name in found if found[name] != manifest.tables[name]]
    if differ:
        raise _refusal(file, N_("{part} does not read back as it was"), ", ".join(differ))
    rows = Rows(session)
    faults = [str(fault) for fault in row_findings(rows)]
    if rows.head != (manifest.audit_head.number, manifest.audit_head.hash):
        raise _refusal(file, N_("{part} says something else than what is there"), MANIFEST)
    if faults != manifest.faults:
        unsaid = sorted(set(faults) ^ set(manifest.faults))
        raise _refusal(file, N_("its rows do not agree with its audit ({part})"), unsaid[0])
    if kept and (other := audit.kept_fault(rows.entries, kept)):
        raise _refusal(file, N_("its audit is not the one whose head was kept outside ({part})"), other)
    return rows


class _Archive:
    """A backup that is read: nothing of it is believed before it was checked.

    Every method raises NoBackup where it is not as it must be.
    """

    def __init__(self, file: Path) -> None:
        self.file = file

    def __enter__(self) -> "_Archive":
        with self._reading():
            self._tar = tarfile.open(self.file, "r:")
        try:
            self._members = self._list()
        except Refused:
            self._tar.close()
            raise
        return self

    def __exit__(self, *error: object) -> None:
        self._tar.close()

    def _list(self) -> dict[str, tarfile.TarInfo]:
        found: dict[str, tarfile.TarInfo] = {}
        while True:
            with self._reading():
                member = self._tar.next()
            if member is None:
                return found
            known = member.name == MANIFEST or _ROWS.fullmatch(member.name) or _OBJECT.fullmatch(member.name)
            plain = member.type in {tarfile.REGTYPE, tarfile.AREGTYPE} and not member.issparse()
            if not known or not plain or member.name in found or member.size < 0:
                raise self.refusal(N_("{part} does not belong in one"), repr(member.name[:200]))
            found[member.name] = member

    @contextmanager
    def _reading(self) -> Iterator[None]:
        try:
            yield
        except tarfile.TarError:
            raise self.refusal(N_("it is no tar file, or it is damaged")) from None
        except OSError as error:
            raise NoBackup(file=self.file, why=error.strerror or error) from None
        except (ValueError, OverflowError):  # numbers in a header that are none
            raise self.refusal(N_("it is no tar file, or it is damaged")) from None

    def refusal(self, why: str, part: str = "") -> NoBackup:
        """The refusal that says why, of which part."""
        return _refusal(self.file, why, part)

    def open(self, name: str) -> IO[bytes]:
        """A part's content."""
        if name not in self._members:
            raise self.refusal(N_("{part} is missing"), name)
        with self._reading():
            content = self._tar.extractfile(self._members[name])
        assert content is not None, "only plain files were let in"
        return content

    def chunks(self, name: str) -> Iterator[bytes]:
        """A part's content in pieces."""
        content = self.open(name)
        while True:
            with self._reading():
                chunk = content.read(CHUNK)
            if not chunk:
                return
            yield chunk

    def rows(self, table: str) -> Iterator[dict[str, Any]]:
        """The rows of a table."""
        return dump.read(dump.TABLES[table], self.open(f"rows/{table}.jsonl"))

    def holds(self, sha256: str) -> bool:
        """Whether this object is in it."""
        return object_name(sha256) in self._members

    def manifest(self) -> Manifest:
        """What it says of itself, of this format and this version's tables.

        Raises OtherFormat, OtherRevision.
        """
        if MANIFEST not in self._members:
            raise self.refusal(N_("it has no {part} at its end: it was cut short, or it is something else"), MANIFEST)
        with self._reading():
            content = self.open(MANIFEST).read(LARGEST_MANIFEST)
        try:
            said = json.loads(content)
            if isinstance(said, dict) and isinstance(said.get("format"), int) and said["format"] > FORMAT:
                raise OtherFormat(theirs=said["format"])
            manifest = Manifest.model_validate_json(content)
        except (ValueError, RecursionError):  # pydantic's are ValueErrors
            raise self.refusal(N_("{part} cannot be understood"), MANIFEST) from None
        ours = db.revision()
        if manifest.revision != ours:
            raise OtherRevision(theirs=manifest.revision, program=manifest.program, ours=ours)
        return manifest

    def check_rows(self, manifest: Manifest) -> None:
        """Every table is there, as the manifest says."""
        wrong = manifest.tables.keys() ^ dump.TABLES.keys()
        wrong |= {name for name in self._members if (rows := _ROWS.fullmatch(name)) and rows[1] not in dump.TABLES}
        if wrong:
            raise self.refusal(N_("{part} does not belong in one"), ", ".join(sorted(wrong)))
        for name, said in manifest.tables.items():
            digest, size, lines = hashlib.sha256(), 0, 0
            for chunk in self.chunks(f"rows/{name}.jsonl"):
                digest.update(chunk)
                size, lines = size + len(chunk), lines + chunk.count(b"\n")
            if _Table(rows=lines, bytes=size, sha256=digest.hexdigest()) != said:
                raise self.refusal(N_("{part} was changed"), f"rows/{name}.jsonl")

    def check_objects(self, manifest: Manifest, named: Sequence[str]) -> None:
        """Every object that a row names is there, but those that the manifest calls lacking."""
        for sha256 in named:
            if not self.holds(sha256) and sha256 not in manifest.lacking:
                raise self.refusal(N_("{part} is missing"), object_name(sha256))
        sizes = [self._members[object_name(sha256)].size for sha256 in named if self.holds(sha256)]
        if _Objects(count=len(sizes), bytes=sum(sizes)) != manifest.objects or set(manifest.lacking) - set(named):
            raise self.refusal(N_("{part} says something else than what is there"), MANIFEST)


def _refusal(file: Path, why: str, part: str = "") -> NoBackup:
    return NoBackup(file=file, why=_(why).format(part=part))
