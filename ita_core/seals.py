"""Every row under the audit: what a transaction wrote is sealed by its audit entry, so that nothing changes unseen.

At the end of each transaction the rows that it inserted, changed or deleted are read back, and the last audit entry of
the transaction keeps the SHA-256 of each (null for one that is gone) inside the chain, in `AuditEntry.seals`. A
transaction that recorded nothing gets an entry `rows.seal`. Replayed, the entries say what every row must be now. All
tables are covered that do not stand in UNCOVERED with a reason; a new table needs no code.

A database of before, and one whose tables a migration changed, is sealed by `renew`, which `db.upgrade` always calls
after a migration: what was wrong before stays wrong. A migration has nothing to do for it.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlalchemy.orm import ORMExecuteState, UOWTransaction
from sqlmodel import Session, col, select

from ita_core import audit, dump, former
from ita_core.models import AuditEntry

# Why no seal covers a table. A table that is not here is covered.
UNCOVERED = {
    "auditentry": "it is the chain itself: each entry holds the hash of the one before",
    "audithead": "the end of the chain, held against its entries and against a head that was kept outside",
    "signinfailure": "counters of wrong passwords, gone after an hour: they slow down, they grant nothing",
    "tokenuse": "on which days a token was used, for its owner to look at: it grants nothing, and ends nothing",
    "lastseen": "when each sign-in was last used, written every few minutes: told to its owner, it grants nothing",
}
COVERED = {name: table for name, table in dump.TABLES.items() if name not in UNCOVERED}
# Columns that a migration took away, in a table that stayed: what was sealed before is read with them.
DROPPED: dict[str, tuple[sa.Column[Any], ...]] = {
    "account": (
        sa.Column("party_id", sa.Integer),
        sa.Column("role", sa.Enum("admin", "commander", "officer", "viewer", name="role")),
        sa.Column("keeps_itap", sa.Boolean),
    )
} | {
    name: tuple(sa.Column(column.name, column.type) for column in table.columns if column.name not in COVERED[name].c)
    for name, table in former.TABLES.tables.items()
    if name in COVERED
}
GONE = {table.name: table for table in former.GONE}
# Tables that a migration made of others: where a row of those is not as sealed, no row of these can be.
_PLAN = frozenset(former.TABLES.tables)
MADE_OF = {
    "revision": _PLAN, "office": _PLAN, "person": _PLAN, "personname": _PLAN, "officegrant": frozenset({"account"}),
}  # fmt: skip
EVERY = "*"  # every row of a table
AT_ONCE = 500  # rows asked for by key in one statement: SQLite takes so many parameters
_WROTE = "rows that this transaction wrote"

Key = tuple[Any, ...]
Seals = dict[str, dict[str, str | None]]


class NotSealed(TypeError):
    """A mistake in the code: rows would be written past the seals. Rows are written by `session.add`."""


class Sealing(Session):
    """A session whose commit seals what it wrote."""


@event.listens_for(Sealing, "after_flush")
def _note(session: Session, _flush: UOWTransaction) -> None:
    changed = [row for row in session.dirty if session.is_modified(row)]
    for row in (*session.new, *changed, *session.deleted):
        state = sa.inspect(row)
        table = state.mapper.local_table.name
        if table in COVERED:
            keys = _wrote(session)[table]
            keys.add(tuple(state.mapper.primary_key_from_instance(row)))
            if state.identity is not None:
                keys.add(tuple(state.identity))


@event.listens_for(Sealing, "do_orm_execute")
def _expand(state: ORMExecuteState) -> None:
    """A statement that writes many rows: which? Raises NotSealed where that cannot be told."""
    statement = state.statement
    if state.is_select:
        return
    if not isinstance(statement, sa.Update | sa.Delete) or state.parameters:
        raise NotSealed(f"{type(statement).__name__} of {getattr(statement, 'table', 'text')}")
    table = COVERED.get(str(getattr(statement.table, "name", "")))
    if table is None:
        return
    session = state.session
    assert isinstance(session, Session)
    session.flush()
    audit.one_at_a_time(session)  # from here on nobody else can make a row that the statement would meet, too
    keys = sa.select(*table.primary_key.columns)
    if statement.whereclause is not None:
        keys = keys.where(statement.whereclause)
    _wrote(session)[table.name] |= {tuple(row) for row in session.connection().execute(keys)}


@event.listens_for(Sealing, "before_commit")
def _seal(session: Session) -> None:
    session.flush()
    wrote = session.info.pop(_WROTE, None)
    if wrote:
        audit.seal(session, {name: _now(session, COVERED[name], keys) for name, keys in wrote.items()})


def _wrote(session: Session) -> defaultdict[str, set[Key]]:
    found: defaultdict[str, set[Key]] = session.info.setdefault(_WROTE, defaultdict(set))
    return found


def _now(session: Session, table: sa.Table, keys: set[Key]) -> dict[str, str | None]:
    """The hashes of these rows as the transaction leaves them."""
    found: dict[str, str | None] = {_named(key): None for key in sorted(keys)}
    key, every = list(table.primary_key.columns), sorted(keys)
    for start in range(0, len(every), AT_ONCE):
        some = every[start : start + AT_ONCE]
        which = key[0].in_([one[0] for one in some]) if len(key) == 1 else sa.tuple_(*key).in_(some)
        for row in session.connection().execute(sa.select(table).where(which)):
            found[_named(_key(table, row))] = row_hash(table.name, row._mapping)
    return found


def row_hash(table: str, row: Mapping[Any, Any]) -> str:
    """SHA-256 of a row, the same for SQLite and PostgreSQL, before and after a backup.

    It tells nothing of a password: guessing one from the row's hash needs all the rest of the row, bcrypt's 128 random
    bits of salt among it, and then bcrypt's own work for each guess. Tokens are kept as hashes of 256 random bits.
    """
    values = {str(name): dump.told(value) for name, value in row.items()}
    content = json.dumps([table, values], sort_keys=True, separators=(",", ":"))  # ASCII: whatever the text holds
    return hashlib.sha256(content.encode()).hexdigest()


def _key(table: sa.Table, row: sa.Row[Any]) -> Key:
    return tuple(row._mapping[column] for column in table.primary_key.columns)


def _named(key: Key) -> str:
    return ",".join(map(str, key))


# --- held against the rows as they are --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Seal:
    """The last that the audit says of a row: its hash, None where it was taken away; by which entry."""

    sha256: str | None
    entry: int


@dataclass(frozen=True, slots=True)
class Broken:
    """A row that is not as sealed; `seal` None where no entry tells of it, `row` None where it is gone."""

    table: str
    key: str
    seal: Seal | None
    row: Mapping[str, object] | None


@dataclass(frozen=True, slots=True)
class Compared:
    """What is not as sealed, how many rows were looked at, and which cannot be read: (table and key, why)."""

    broken: tuple[Broken, ...]
    rows: int
    unreadable: tuple[tuple[str, str], ...]


def replayed(entries: Iterable[tuple[int, object]]) -> dict[tuple[str, str], Seal]:
    """What each row must be: (table, key) → its last seal; entries are (number, seals) in the order of numbers."""
    found: dict[tuple[str, str], Seal] = {}
    for number, seals in entries:
        for table, rows in seals.items() if isinstance(seals, dict) else ():  # somebody may have changed it
            for key, sha256 in rows.items() if isinstance(rows, dict) else ():
                found[table, key] = Seal(sha256, number)
    return found


def compare(
    session: Session,
    seals: Mapping[tuple[str, str], Seal],
    columns: Mapping[str, Sequence[sa.Column[Any]]] | None = None,
) -> Compared:
    """Hold every row of the covered tables against its last seal.

    `columns` where there are other tables, or these have other columns, than the models have.

    Raises OperationalError where the database cannot be asked.
    """
    broken: list[Broken] = []
    unreadable: list[tuple[str, str]] = []
    count = 0
    tables = COVERED if columns is None else COVERED | GONE
    left = {one for one, seal in seals.items() if seal.sha256 is not None and one[0] in tables}
    for name, table in tables.items():
        if columns is not None and name not in columns:
            left = {one for one in left if one[0] != name}
            continue
        for key, row in _every(session, table, columns[name] if columns is not None else table.columns, unreadable):
            count += 1
            left.discard((name, key))
            seal = seals.get((name, key))
            try:
                if row is not None and (seal is None or seal.sha256 != row_hash(name, row)):
                    broken.append(Broken(name, key, seal, row))
            except TypeError as error:  # a value of another kind than the column's: SQLite keeps any
                unreadable.append((f"{name} {key}", str(error)))
        if any(what == name for what, _why in unreadable):  # of none of its rows anything can be said
            left = {one for one in left if one[0] != name}
    broken += [Broken(*one, seals[one], None) for one in left]
    order = list(tables)
    broken.sort(key=lambda one: (order.index(one.table), len(one.key), one.key))
    return Compared(tuple(broken), count, tuple(unreadable))


def _every(
    session: Session, table: sa.Table, columns: Iterable[sa.Column[Any]], unreadable: list[tuple[str, str]]
) -> Iterator[tuple[str, Mapping[str, object] | None]]:
    """Every row with its key; None for one that cannot be read."""
    connection, wanted = session.connection(), sa.select(*columns)
    try:
        for row in connection.execute(wanted).all():
            yield _named(_key(table, row)), dict(row._mapping)
    except (ValueError, LookupError, TypeError):  # a value that no such column can have: in which row?
        for key in connection.execute(sa.select(*table.primary_key.columns)).all():
            which = [column == value for column, value in zip(table.primary_key.columns, key, strict=True)]
            try:
                yield _named(tuple(key)), dict(connection.execute(wanted.where(*which)).one()._mapping)
            except (ValueError, LookupError, TypeError) as error:
                unreadable.append((f"{table.name} {_named(tuple(key))}", str(error)))
                yield _named(tuple(key)), None
    except DatabaseError as error:
        if isinstance(error, OperationalError) and "decode" not in str(error.orig):
            raise  # locked, gone: nothing that is wrong with the rows
        unreadable.append((table.name, str(error.orig)))


# --- a database of before, and migrations -----------------------------------------------------------------------------


def before(connection: sa.Connection) -> set[tuple[str, str]] | None:
    """The rows that are not as sealed, before a migration; None where nothing is sealed yet.

    Tables are read with the columns that they have now: as they were sealed, since every migration seals anew.
    """
    look = sa.inspect(connection)
    tables = set(look.get_table_names())
    if "auditentry" not in tables or "seals" not in {column["name"] for column in look.get_columns("auditentry")}:
        return None
    columns = {}
    for name, table in (COVERED | GONE).items():
        if name in tables:
            have = {column["name"] for column in look.get_columns(name)}
            columns[name] = [column for column in (*table.columns, *DROPPED.get(name, ())) if column.name in have]
    with _within(connection) as session:
        found = compare(session, _kept(session), columns)
    wrong = {(one.table, one.key) for one in found.broken}
    sources = {table for table, _key in wrong}
    return wrong | {(made, EVERY) for made, of in MADE_OF.items() if made not in tables and of & sources}


def renew(connection: sa.Connection, wrong: set[tuple[str, str]] | None, revision: str) -> None:
    """Seal what a migration changed; with `wrong` None, every row: the first time.

    The rows in `wrong` are left as they are sealed, so that `verify` goes on naming them.
    """
    with _within(connection) as session:
        seals: Seals = defaultdict(dict)
        for one in compare(session, _kept(session)).broken:
            if not {(one.table, one.key), (one.table, EVERY)} & (wrong or set()):
                seals[one.table][one.key] = None if one.row is None else row_hash(one.table, one.row)
        if seals:
            audit.one_at_a_time(session)
            rows = sum(map(len, seals.values()))
            entry = audit.record(
                session, actor=None, action=audit.SEALED, subject=f"revision {revision}", at=datetime.now(UTC),
                rows=rows, first=wrong is None,
            )  # fmt: skip
            audit.seal(session, seals, entry)


def _kept(session: Session) -> dict[tuple[str, str], Seal]:
    entries = select(AuditEntry.number, AuditEntry.seals).order_by(col(AuditEntry.number))
    return replayed((number, seals) for number, seals in session.exec(entries))


def _within(connection: sa.Connection) -> Session:
    """A session inside the transaction that is open already, which it neither ends nor undoes."""
    return Session(connection, join_transaction_mode="rollback_only")
