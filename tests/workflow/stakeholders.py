"""A list of stakeholders in the tests: nobody's, and easily found where it should not be."""

from datetime import UTC, date, datetime

import sqlalchemy as sa

from ita_core import db, queries, workflow
from ita_core.board.campaigns import Terms
from ita_core.board.stakeholders import ListFacts
from ita_core.models import Survey
from ita_core.plan.stakeholders import Person, load_form

NOW = datetime(2025, 3, 15, 5, tzinfo=UTC)
KEEP_DAYS = 30
LAST = datetime(2025, 7, 30, 16, 59, tzinfo=UTC)  # the last minute of the last day, in Thailand
AFTER = datetime(2025, 7, 30, 17, 0, tzinfo=UTC)
TERMS = Terms(date(2025, 1, 1), date(2025, 6, 30))
PEOPLE: list[Person] = [
    {"name": "ลับหนึ่ง ห้ามเห็น", "organisation": "บริษัทลับสุดยอด", "kind": "ผู้ประกอบการ", "phone": "020000071", "email": ""},
    {"name": "ลับสอง ห้ามเห็น", "organisation": "", "kind": "ผู้รับบริการ", "phone": "", "email": "geheim71@secret.example"},
]  # fmt: skip
MARKS = ("ลับหนึ่ง", "ลับสอง", "บริษัทลับสุดยอด", "020000071", "geheim71")


def of(engine: sa.Engine | None = None) -> int:
    with db.reading(engine) as session:
        return queries.get_assessment(session).id


def begin(by: int, terms: Terms = TERMS, engine: sa.Engine | None = None) -> None:
    """The survey's dates, from which follows until when a list is kept."""
    where = of(engine)
    with db.writing(engine) as session:
        at = datetime(2025, 1, 1, tzinfo=UTC)
        workflow.set_campaign(session, by=by, assessment_id=where, survey=Survey.eit_external, terms=terms, at=at)


def bring(by: int, people: list[Person] = PEOPLE, at: datetime = NOW, engine: sa.Engine | None = None) -> int:
    where = of(engine)
    with db.writing(engine) as session:
        return workflow.import_stakeholders(
            session, people, load_form(), by=by, assessment_id=where, keep_days=KEEP_DAYS, at=at
        )


def opened(by: int, at: datetime = NOW, engine: sa.Engine | None = None) -> list[Person]:
    where = of(engine)
    with db.writing(engine) as session:
        return workflow.open_stakeholders(session, by=by, assessment_id=where, keep_days=KEEP_DAYS, at=at)


def found(before: datetime | None = None, engine: sa.Engine | None = None) -> ListFacts | None:
    where = of(engine)
    with db.reading(engine) as session:
        return queries.find_stakeholders(session, where, before)
