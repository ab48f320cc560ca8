"""The same office with a hundred times the records of evidence, as if everybody had handed in everything 100 times."""

from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import SQLModel

from ita_core import db
from ita_core.models import Evidence, EvidenceSlot, Review, Withdrawal

TIMES = 100
TABLES: tuple[type[SQLModel], ...] = (Evidence, EvidenceSlot, Withdrawal, Review)  # each after what it refers to
APART = timedelta(seconds=2)


def multiply(database_url: str) -> None:
    """Add 99 earlier copies of every record of evidence to the database; files are shared.

    The copies come before the one that they are copies of, by seconds. So the last word on every slot, and with it
    each approval's fingerprint, stays what it was: the board looks the same, it is only more work to find out.
    """
    engine = db.make_engine(database_url)
    with db.writing(engine) as session:
        before = {model: _rows(session.connection(), model) for model in TABLES}
        step = {model: max((row["id"] for row in rows), default=0) for model, rows in before.items()}
        for model, rows in before.items():
            copies = [_copy(row, number, step[model], step[Evidence]) for number in range(1, TIMES) for row in rows]
            if copies:
                session.connection().execute(sa.insert(model), copies)
    engine.dispose()


def count(database_url: str) -> dict[str, int]:
    """How many rows each of the tables has."""
    engine = db.make_engine(database_url)
    with db.reading(engine) as session:
        found = {model.__name__: len(_rows(session.connection(), model)) for model in TABLES}
    engine.dispose()
    return found


def _rows(connection: sa.Connection, model: type[SQLModel]) -> list[dict[str, Any]]:
    return [dict(row) for row in connection.execute(sa.select(sa.inspect(model).local_table)).mappings()]


def _copy(row: dict[str, Any], number: int, own: int, evidence: int) -> dict[str, Any]:
    new = row | {"id": row["id"] + number * own}
    if "evidence_id" in row:
        new["evidence_id"] = row["evidence_id"] + number * evidence
    if "at" in row:
        new["at"] = row["at"] - number * APART
    if "request_key" in row:
        new["request_key"] = None  # it is one hand-in's own
    return new
