"""Holds what is kept against itself: every stored object against its name and row, the audit's chain, the records and
all other rows against the audit.

The rows are read first, in one short transaction, so that nobody who works meanwhile waits; then the objects, one by
one. What came or went in between is looked up again before it is called missing or stray.
"""

import hashlib
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

import sqlalchemy as sa
from sqlmodel import select

from ita_core import audit, db
from ita_core.errors import NotFound, Refused
from ita_core.evidence.objects import Store, StoreAway, object_name
from ita_core.models import StoredFile
from ita_core.proof import comparing
from ita_core.proof.comparing import Rows
from ita_core.waiting import Progress, silent

# Seconds to wait before looking again: a file is in the store a moment before its row, and out of it a moment before.
LOOKS = (0.2, 0.5, 1.0)
YOUNG_SECONDS = 24 * 3600

_HASH = re.compile(r"[0-9a-f]{64}")


class Wrong(Enum):
    missing = "missing"  # a row names it, the store does not hold it
    changed = "changed"  # its content is not what its name says
    size = "size"  # its content is right, the row's size is not
    stray = "stray"  # no row names it, or it lies where no object belongs
    unnamed = "unnamed"  # an object of the last day that no row names yet
    unreadable = "unreadable"  # the store or the database cannot give it out
    chain = "chain"  # the audit's chain is broken
    record = "record"  # a record differs from what the audit says of it
    row = "row"  # a row is not the one that the audit sealed
    stranger = "stranger"  # a trigger, view, table or column that is not of this program


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong; `what` names it: an object's path, "evidence 12", "audit"."""

    kind: Wrong
    what: str
    says: str

    def __str__(self) -> str:
        return "".join(_visible(sign) for sign in f"{self.what}: {self.says}")


@dataclass(frozen=True, slots=True)
class Report:
    """What was found, and how much was looked at; `head` is the number and hash that the audit records as its end.

    `rows` were held against their seals; the first seal is in the entry of that number and moment, None before any.
    """

    findings: tuple[Finding, ...]
    objects: int
    bytes: int
    records: int
    entries: int
    head: tuple[int, str]
    rows: int
    sealed_since: tuple[int, datetime] | None

    @property
    def unnamed(self) -> list[str]:
        """The hashes of well-made objects that no row names, young ones too."""
        strays = [one for one in self.findings if one.kind in {Wrong.stray, Wrong.unnamed}]
        return [hash_ for one in strays if object_name(hash_ := one.what.rpartition("/")[2]) == one.what]


def verify(
    *,
    engine: sa.Engine,
    store: Store,
    kept: tuple[int, str] | None = None,
    progress: Progress = silent,
    looks: Sequence[float] = LOOKS,
) -> Report:
    """Read everything and name what is wrong; changes nothing.

    `kept` is a head of the audit that was kept outside: its entry must be there with its hash, so that an end that was
    cut off together with the recorded head is noticed.

    A well-made object that no row names is looked for again, since a file lies in the store a moment before its row is
    written. What then still has no row is named, and counts as wrong: of the last day it is called "not yet named by a
    row" (a hand-in that was cut off, or is still going on), an older one a stray. A store that cannot say how old its
    objects are has young ones only.
    Raises DatabaseBusy, StoreAway.
    """
    with db.reading(engine) as session:
        rows, strangers = Rows(session), db.strangers(session)
    findings = row_findings(rows, kept)
    findings += [
        Finding(Wrong.stranger, what, "is not of this program, and may change what it writes") for what in strangers
    ]
    objects, size = _objects(rows, store, progress)
    findings += _looked_at_again([*objects, *_strays(rows, store)], engine, store, looks)
    told = sum(map(len, rows.told.values()))
    return Report(
        tuple(findings), len(rows.sizes), size, told, len(rows.entries), rows.head, rows.sealed.rows, rows.sealed_since
    )


def row_findings(rows: Rows, kept: tuple[int, str] | None = None) -> list[Finding]:
    """What is wrong with the rows: the audit's chain (`kept` as for `verify`), the records and all rows against it."""
    return [
        *(Finding(Wrong.unreadable, what, f"cannot be read: {why}") for what, why in rows.unreadable),
        *(Finding(Wrong.chain, "audit", fault) for fault in audit.chain_faults(rows.entries, rows.head, kept)),
        *(Finding(Wrong.record, name, says) for name, says in comparing.differences(rows)),
        *(Finding(Wrong.record, name, says) for name, says in rows.stakeholders),
        *(Finding(Wrong.row, name, says) for name, says in comparing.broken(rows)),
    ]


def object_fault(store: Store, sha256: str, size: int, take: Callable[[bytes], object]) -> tuple[Wrong, str] | None:
    """What is wrong with one object, None if nothing; it is read through, and `take` is given every piece."""
    if not _HASH.fullmatch(sha256):
        return Wrong.unreadable, "this is no name of an object"
    digest, found = hashlib.sha256(), 0
    pieces = store.read(sha256)
    while True:
        try:
            piece = next(pieces, b"")
        except NotFound:
            return Wrong.missing, "is missing"
        except StoreAway:  # then nothing can be said of any object
            raise
        except (OSError, Refused) as error:
            return Wrong.unreadable, f"cannot be read: {error}"
        if not piece:
            break
        digest.update(piece)
        found += len(piece)
        take(piece)
    if digest.hexdigest() != sha256:
        return Wrong.changed, f"was changed: its content is {digest.hexdigest()}, {found} bytes of {size}"
    if found != size:
        return Wrong.size, f"has {found} bytes, the row says {size}"
    return None


def _objects(rows: Rows, store: Store, progress: Progress) -> tuple[list[Finding], int]:
    """Every object that a row names, read through; the findings, and how many bytes were read."""
    found, done, expected = [], 0, sum(rows.sizes.values())

    def step(piece: bytes) -> None:
        nonlocal done
        done += len(piece)
        progress(done, expected)

    progress(0, expected)
    for sha256, size in sorted(rows.sizes.items()):
        fault = object_fault(store, sha256, size, step)
        if fault is not None:
            used = ", ".join(rows.uses.get(sha256, [])) or "no evidence and no upload"
            found.append(Finding(fault[0], object_name(sha256), f"{fault[1]}; {used}"))
    for sha256 in sorted(rows.uses.keys() - rows.sizes.keys()):
        used = ", ".join(rows.uses[sha256])
        found.append(Finding(Wrong.record, object_name(sha256), f"there is no row of this file; {used}"))
    return found, done


def _strays(rows: Rows, store: Store) -> Iterator[Finding]:
    known = {object_name(sha256) for sha256 in rows.sizes}
    for name in sorted(set(store.names()) - known):
        sha256 = name.rpartition("/")[2]
        if not _HASH.fullmatch(sha256) or name != object_name(sha256):
            yield Finding(Wrong.stray, name, "no object belongs here")
            continue
        age = store.age(name)
        if age is None or age < YOUNG_SECONDS:
            says = "is not yet named by a row: a hand-in that was cut off, or is still going on"
            yield Finding(Wrong.unnamed, name, says)
        else:
            yield Finding(Wrong.stray, name, "no row names it")


def _looked_at_again(findings: list[Finding], engine: sa.Engine, store: Store, looks: Sequence[float]) -> list[Finding]:
    """Without what rows and store, as they are now, explain: taken away meanwhile, or handed in meanwhile."""
    for seconds in looks:
        if not any(finding.kind in {Wrong.missing, Wrong.unnamed} for finding in findings):
            break
        time.sleep(seconds)
        with db.reading(engine) as session:
            now = {object_name(row.sha256): row.size for row in session.exec(select(StoredFile))}
        findings = [one for one in findings if not _explained(one, now, store)]
    return findings


def _explained(finding: Finding, now: Mapping[str, int], store: Store) -> bool:
    sha256 = finding.what.rpartition("/")[2]
    if finding.kind is Wrong.missing:  # its row has gone, too, or it was sent once more
        size = now.get(finding.what)
        return size is None or (store.holds(sha256) and object_fault(store, sha256, size, len) is None)
    if finding.kind is Wrong.unnamed:  # its row has come, or it has gone after its row
        return finding.what in now or not store.holds(sha256)
    return False


def _visible(sign: str) -> str:
    """One line stays one line, whatever a file's name holds."""
    return sign if sign.isprintable() else sign.encode("unicode_escape").decode()
