"""Writes that change something a query reads."""

from datetime import UTC, date, datetime

import sqlalchemy as sa
from sqlmodel import Session

from ita_core import db, queries, workflow
from ita_core.evidence.objects import File
from ita_core.models import DirectiveStep
from tests.cast import Cast, actor, item_id, slots

NOW = datetime(2025, 2, 27, 3, 0, tzinfo=UTC)


def kept(engine: sa.Engine) -> queries.Snapshot:
    with db.reading(engine) as session:
        return queries.current_snapshot(session, queries.get_assessment(session))


def hand_in(engine: sa.Engine, cast: Cast) -> int:
    with db.writing(engine) as session:
        return workflow.submit(
            session, by=cast.usa, item_id=item_id(session, "O6"), at=NOW,
            slots=slots(session, "O6", period="2025-01", format="pdf"),
            content=File("a" * 64, 1, "application/pdf", "pdf", "a.pdf"),
        )  # fmt: skip


def give_a_directive(session: Session, cast: Cast) -> None:
    made = workflow.direct(
        session, by=cast.commander, assessment_id=queries.get_assessment(session).id, text="ส่งให้ครบ", at=NOW,
        party_ids=[officer(session, cast.usa)], due=date(2025, 3, 7), item_id=item_id(session, "O6"),
    )  # fmt: skip
    workflow.report(session, by=cast.usa, directive_id=made, at=NOW)
    workflow.settle(session, by=cast.commander, directive_id=made, what=DirectiveStep.done, at=NOW)


def officer(session: Session, account_id: int) -> int:
    return actor(session, account_id).officer_id or 0


def read_anew(engine: sa.Engine) -> queries.Snapshot:
    with db.reading(engine) as session:
        return queries.take_snapshot(session, queries.get_assessment(session))


def submit_evidence(session: Session, cast: Cast) -> None:
    keys = slots(session, "O6", period="2025-02", format="pdf")
    content = File("b" * 64, 1, "application/pdf", "pdf", "b.pdf")
    workflow.submit(session, by=cast.usa, item_id=item_id(session, "O6"), slots=keys, content=content, at=NOW)
