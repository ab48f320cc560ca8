"""The real plan's file, changes to it, and what it puts into the tables."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlmodel import select

from ita_core import db, queries
from ita_core.models import (
    Assessment,
    AuditEntry,
    Item,
    Office,
    Party,
    Person,
    PersonName,
    Requirement,
    Revision,
)
from ita_core.plan.apply import apply_plan
from ita_core.plan.framework import Framework
from ita_core.plan.plan import Plan

DATA = Path(__file__).parents[2] / "data"
FILE = DATA / "plans" / "prachuap-2568.yaml"
AT = datetime(2024, 10, 1, 2, 0, tzinfo=UTC)
LATER = datetime(2025, 1, 6, 2, 0, tzinfo=UTC)


def put(*path: str | int, value: object) -> Callable[[Any], object]:
    """A change: this value at this place."""

    def change(raw: Any) -> None:
        for part in path[:-1]:
            raw = raw[part]
        raw[path[-1]] = value

    return change


def put_in(engine: sa.Engine, rules: Framework, chosen: Plan, at: datetime = AT) -> bool:
    with db.writing(engine) as session:
        return apply_plan(session, rules, chosen, at=at).changed


def now(engine: sa.Engine) -> queries.PlanFacts:
    """The newest revision of the only assessment."""
    with db.reading(engine) as session:
        return queries.get_history(session, queries.get_assessment(session).id).now


TABLES = (Office, Person, PersonName, Assessment, Revision, Item, Requirement, Party, AuditEntry)


def everything(engine: sa.Engine) -> dict[str, list[dict[str, Any]]]:
    """Every row that a plan fills, and the record."""
    with db.reading(engine) as session:
        return {model.__name__: [row.model_dump() for row in session.exec(select(model)).all()] for model in TABLES}
