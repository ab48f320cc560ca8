"""The append-only record of every write: who, what, on which, when, chained by hashes."""

import hashlib
import json
from collections.abc import Iterable
from datetime import UTC, datetime

from sqlmodel import Session, col, select

from ita_core.models import Account, AuditEntry, AuditHead

GENESIS = "0" * 64
SEALED = "rows.seal"  # the act of an entry that only seals
SYSTEM = "system"  # who did what nobody's account did
ALL = 0  # touched by an entry that cannot say which assessment it touched
_LAST = "the last entry of this transaction"


def entry_hash(entry: AuditEntry) -> str:
    """SHA-256 over the entry's content and the hash before it, in one canonical spelling."""
    content = json.dumps(
        [
            entry.number,
            entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
            entry.actor,
            entry.account_id,
            entry.action,
            entry.subject,
            entry.detail,
            entry.previous_hash,
            *([entry.seals] if entry.seals else []),  # entries of before have none
            *([entry.touches] if entry.touches is not None else []),
        ],
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
    )
    return hashlib.sha256(content.encode()).hexdigest()


def one_at_a_time(session: Session) -> None:
    """Hold every other writer until this transaction ends; what is read from here on is what will be true then.

    SQLite's writers follow one another anyway; PostgreSQL's wait for the row that every audit entry locks.
    """
    session.exec(select(AuditHead.number).where(AuditHead.id == 1).with_for_update()).one_or_none()


def record(
    session: Session,
    *,
    actor: Account | None,
    action: str,
    subject: str,
    at: datetime,
    touches: int | None = None,
    **detail: object,
) -> AuditEntry:
    """Add an entry to the caller's transaction; the head's row is locked, so writers follow one another.

    `actor` None is the system itself; `touches` is the id of the assessment whose plan or records were changed: what
    was kept of it (`queries.current_snapshot`) holds no longer.
    """
    head = session.exec(select(AuditHead).where(AuditHead.id == 1).with_for_update()).one_or_none()
    if head is None:
        head = AuditHead(id=1, number=0, hash=GENESIS)
    entry = AuditEntry(
        number=head.number + 1,
        at=at,
        actor=actor.name if actor else SYSTEM,
        account_id=actor.id if actor else None,
        action=action,
        subject=subject,
        detail=detail,
        touches=touches,
        previous_hash=head.hash,
        hash="",
    )
    entry.hash = entry_hash(entry)
    head.number, head.hash = entry.number, entry.hash
    session.add(entry)
    session.add(head)
    session.flush()
    session.info[_LAST] = entry
    return entry


def seal(session: Session, seals: dict[str, dict[str, str | None]], entry: AuditEntry | None = None) -> None:
    """Put the hashes of rows (`seals.py`) into this entry, or the last of the transaction, and close the chain again.

    Where the transaction recorded nothing, an entry SEALED is made for it. Nobody has seen the entry's hash yet.
    """
    entry = entry or session.info.pop(_LAST, None)
    one_at_a_time(session)
    recorded = session.exec(select(AuditHead).where(AuditHead.id == 1)).one_or_none()
    if entry is None or recorded is None or entry.number != recorded.number:  # none, or it was undone
        tables = ", ".join(sorted(seals))
        entry = record(session, actor=None, action=SEALED, subject=tables, at=datetime.now(UTC), touches=ALL)
        recorded = session.exec(select(AuditHead).where(AuditHead.id == 1)).one()
    session.info.pop(_LAST, None)
    entry.seals = {table: dict(rows) for table, rows in seals.items()}
    entry.hash = recorded.hash = entry_hash(entry)
    session.add_all([entry, recorded])
    session.flush()


def head(session: Session) -> tuple[int, str]:
    """Number and hash of the last entry: every write adds one, so they name a state of the data."""
    found = session.exec(select(AuditHead.number, AuditHead.hash).where(AuditHead.id == 1)).first()
    return (found[0], found[1]) if found else (0, GENESIS)


def touched(session: Session, assessment_id: int) -> tuple[int, str]:
    """Number and hash of the last entry that changed this assessment's plan or records: they name their state."""
    found = (0, GENESIS)
    for which in (ALL, assessment_id):  # one by one: each is a look at the index
        entries = select(AuditEntry.number, AuditEntry.hash).where(AuditEntry.touches == which)
        newest = session.exec(entries.order_by(col(AuditEntry.number).desc()).limit(1)).first()
        found = max(found, (newest[0], newest[1])) if newest else found
    return found


def last(session: Session) -> tuple[int, str, datetime | None]:
    """Number, hash and moment of the last entry, as the head names it: what is kept outside.

    The moment is None before the first entry, and where the entry is gone: `faults` says so.
    """
    number, recorded = head(session)
    entry = session.get(AuditEntry, number)
    return number, recorded, entry.at if entry else None


def faults(session: Session, kept: tuple[int, str] | None = None) -> list[str]:
    """What is wrong with the chain, an empty list if nothing: each fault names the entry's number.

    `kept` is a head that was kept outside: number and hash of an entry that must still be there. Without it, an end
    that was cut off together with the recorded head cannot be told from one that never was.
    """
    entries = session.exec(select(AuditEntry).order_by(col(AuditEntry.number)))
    return chain_faults(entries, head(session), kept)


def chain_faults(
    entries: Iterable[AuditEntry], recorded: tuple[int, str], kept: tuple[int, str] | None = None
) -> list[str]:
    """What is wrong with these entries, given in the order of their numbers; `recorded` is the recorded end.

    A head is a number and a hash; `kept` as for `faults`.
    """
    found: list[str] = []
    entries = list(entries)
    expected, previous = 1, GENESIS
    for entry in entries:
        if entry.number < expected:  # numbers are unique and sorted: only one before the first can be
            found.append(f"entry {entry.number} was inserted before the first")
            continue
        gap = range(expected, entry.number)
        found += [f"entry {gone} is missing" for gone in gap]
        if not gap and entry.previous_hash != previous:
            found.append(f"entry {entry.number} does not follow the one before it")
        if entry_hash(entry) != entry.hash:
            found.append(f"entry {entry.number} was changed")
        previous, expected = entry.hash, entry.number + 1
    number, last_hash = recorded
    found += [f"entry {gone} is missing" for gone in range(expected, number + 1)]
    if number < expected - 1:
        found.append(f"entry {number + 1} comes after the recorded end")
    elif number == expected - 1 and last_hash != previous:
        found.append(f"entry {number} is not the recorded end")
    if kept and (other := kept_fault(entries, kept)):
        found.append(other)
    return found


def kept_fault(entries: Iterable[AuditEntry], kept: tuple[int, str]) -> str:
    """Why these entries do not hold a head that was kept outside; empty where they do."""
    hashes = {0: GENESIS} | {entry.number: entry.hash for entry in entries}
    if kept[0] not in hashes:
        return f"entry {kept[0]}, kept outside as the end, is missing: the record ends with {max(hashes)}"
    if hashes[kept[0]] != kept[1]:
        return f"entry {kept[0]} is not the one that was kept outside: its hash was {kept[1]}"
    return ""
