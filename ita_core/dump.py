"""Tables as lines of JSON that belong to no kind of database: out of SQLite, into PostgreSQL, and back.

Days and moments are ISO text (moments in UTC, with microseconds), enumerations their names; a row is one line with its
columns in the order of the model. The same rows are the same bytes, whichever database they come from: so a table's
SHA-256 tells whether two databases hold the same.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import Enum
from typing import IO, Any

import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlmodel import Session

from ita_core.errors import Refused
from ita_core.language import N_
from ita_core.models import AuditHead, Base, StakeholderPeople

# What no backup holds and no seal, and why: what was copied could not be deleted when its day is over (threats.md).
LEFT_OUT = {
    str(StakeholderPeople.__tablename__): "people whom the law wants forgotten: in no backup, deleted for good; "
    "what is there is held against the hash in stakeholderlist, which is sealed",
}
# Whatever refers to a table comes after it.
TABLES = {table.name: table for table in Base.metadata.sorted_tables if table.name not in LEFT_OUT}
LONGEST_LINE = 64 * 1024 * 1024
AT_ONCE = 1000  # rows


class RowUnreadable(Refused):
    says = N_("A row of the table {table} cannot be read: {why}. `ita verify` names it.")


class BadRow(Refused):
    says = N_("Line {line} of the table {table} is no row of it.")


@dataclass(frozen=True, slots=True)
class Table:
    """How many rows, and the size and SHA-256 of their lines."""

    rows: int
    bytes: int
    sha256: str


class _Nowhere:
    def write(self, _line: bytes) -> object:
        """Keeps nothing: for whoever wants the digest only."""


def digests(session: Session) -> dict[str, Table]:
    """What every table holds, by name."""
    return {name: write(session, table, _Nowhere()) for name, table in TABLES.items()}


def write(session: Session, table: sa.Table, target: IO[bytes] | _Nowhere) -> Table:
    """Write a table's rows in the order of its key.

    Raises RowUnreadable.
    """
    digest, rows, size = hashlib.sha256(), 0, 0
    for line in lines(session, table):
        target.write(line)
        digest.update(line)
        rows, size = rows + 1, size + len(line)
    return Table(rows, size, digest.hexdigest())


def lines(session: Session, table: sa.Table, *where: sa.ColumnElement[bool]) -> Iterator[bytes]:
    """A table's rows for which all of `where` is true, in the order of its key, each as its line.

    Raises RowUnreadable.
    """
    # Keys are numbers or hexadecimal hashes: every database orders them alike.
    every = sa.select(table).where(*where).order_by(*table.primary_key.columns)
    try:
        for row in session.connection().execute(every.execution_options(yield_per=AT_ONCE)):
            yield _line(table, row)
    except (ValueError, LookupError, TypeError) as error:
        raise RowUnreadable(table=table.name, why=error) from None
    except DatabaseError as error:
        if isinstance(error, OperationalError) and "decode" not in str(error.orig):
            raise  # locked, gone: nothing that is wrong with the row
        raise RowUnreadable(table=table.name, why=error.orig) from None


def insert(session: Session, table: sa.Table, source: IO[bytes]) -> None:
    """Put lines into an empty table as they are.

    Raises BadRow, and sqlalchemy's DatabaseError where the database refuses a row.
    """
    batch: list[dict[str, Any]] = []
    for row in read(table, source):
        batch.append(row)
        if len(batch) == AT_ONCE:
            session.connection().execute(table.insert(), batch)
            batch = []
    if batch:
        session.connection().execute(table.insert(), batch)


def read(table: sa.Table, source: IO[bytes]) -> Iterator[dict[str, Any]]:
    """The rows of lines, each by its columns.

    Raises BadRow.
    """
    number = 0
    while line := source.readline(LONGEST_LINE):
        number += 1
        try:
            yield _row(table, line)
        except (ValueError, LookupError, TypeError, RecursionError):
            raise BadRow(line=number, table=table.name) from None


def is_bare(session: Session) -> bool:
    """Whether the database holds nothing but what making its tables puts into them."""
    for name, table in TABLES.items():
        rows = sa.select(table).limit(1)
        if name == AuditHead.__tablename__:
            rows = rows.where(table.c.number > 0)
        if session.connection().execute(rows).first() is not None:
            return False
    return True


def clear_head(session: Session) -> None:
    """Take out the one row that making the tables puts in."""
    session.connection().execute(TABLES[str(AuditHead.__tablename__)].delete())


def _line(table: sa.Table, row: sa.Row[Any]) -> bytes:
    values = {column.name: told(value) for column, value in zip(table.columns, row, strict=True)}
    return json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def told(value: object) -> object:
    """A column's value as JSON has it."""
    if isinstance(value, Enum):
        return value.name
    if isinstance(value, datetime):  # before date: it is one, too
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return value.isoformat() if isinstance(value, date) else value


def _row(table: sa.Table, line: bytes) -> dict[str, Any]:
    values = json.loads(line)
    if not isinstance(values, dict) or list(values) != [column.name for column in table.columns]:
        raise ValueError("other columns")
    return {column.name: _value(column, values[column.name]) for column in table.columns}


def _value(column: sa.Column[Any], told: Any) -> object:
    if isinstance(column.type, sa.JSON):
        return told
    if told is None and column.nullable:
        return None
    if isinstance(column.type, sa.Enum) and column.type.enum_class is not None:
        return column.type.enum_class[told]
    kept_as = column.type.impl_instance if isinstance(column.type, sa.types.TypeDecorator) else column.type
    wanted = kept_as.python_type
    if wanted is datetime:
        moment = datetime.fromisoformat(told)
        if moment.tzinfo is None:
            raise ValueError("a moment of no zone")
        return moment
    if wanted is date:
        return date.fromisoformat(told)
    if type(told) is not wanted:
        raise TypeError(f"{column.name} is {wanted.__name__}")
    return told
