"""Meetings are held and directives given."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import sqlalchemy as sa
from sqlmodel import Session, col, select

from ita_core import audit, db, queries, workflow
from ita_core.board.directives import DirectiveFacts
from ita_core.models import AuditEntry, DirectiveStep
from tests.cast import Cast, actor

NOW = datetime(2025, 2, 27, 3, 0, tzinfo=UTC)  # ten in the morning in Thailand
HOUR = timedelta(hours=1)
DAY = date(2025, 2, 27)
DUE = date(2025, 3, 7)

REPORTED, DONE, CANCELLED, REOPENED = DirectiveStep


def officer(session: Session, account_id: int) -> int:
    """The party of somebody of the cast."""
    found = actor(session, account_id).officer_id
    assert found is not None
    return found


def party(session: Session, name: str) -> int:
    [found] = [one.id for one in queries.get_history(session, here(session)).now.parties.values() if one.name == name]
    return found


def here(session: Session) -> int:
    return queries.get_assessment(session).id


def meet(session: Session, cast: Cast, *there: int, at: datetime = NOW, **more: object) -> int:
    officers = [officer(session, one) for one in there]
    return workflow.open_meeting(
        session, by=cast.commander, assessment_id=here(session), officer_ids=officers, at=at, **more
    )


def give(session: Session, cast: Cast, *parties: int, **more: object) -> int:
    """A directive of the commander, to Usa where nobody else is named."""
    facts: dict[str, object] = {
        "by": cast.commander, "assessment_id": here(session), "text": "ส่งรายงานเดือน ก.พ. ให้ครบ", "due": DUE, "at": NOW,
        "party_ids": parties or [officer(session, cast.usa)],
    }  # fmt: skip
    return workflow.direct(session, **(facts | more))


def directive(session: Session, directive_id: int) -> DirectiveFacts:
    return next(found for found in queries.list_directives(session, here(session)) if found.id == directive_id)


def actions(session: Session) -> list[tuple[str, str, str]]:
    """Who did what to which, of meetings and directives."""
    entries = session.exec(select(AuditEntry).order_by(col(AuditEntry.number)))
    return [
        (entry.actor, entry.action, entry.subject)
        for entry in entries
        if entry.action.startswith(("meeting.", "directive."))
    ]


@dataclass(frozen=True)
class There:
    """What stands before a refused act: a meeting that goes on, and an open directive to Usa."""

    assessment: int
    meeting: int
    directive: int
    usa: int


Act = Callable[[Session, int, There], object]
COMMANDS: dict[str, Act] = {
    "open_meeting": lambda session, by, there: workflow.open_meeting(
        session, by=by, assessment_id=there.assessment, at=NOW
    ),
    "attend": lambda session, by, there: workflow.attend(
        session, by=by, meeting_id=there.meeting, officer_ids=[there.usa], at=NOW
    ),
    "end_meeting": lambda session, by, there: workflow.end_meeting(session, by=by, meeting_id=there.meeting, at=NOW),
    "direct": lambda session, by, there: workflow.direct(
        session, by=by, assessment_id=there.assessment, text="ส่ง", party_ids=[there.usa], due=DUE, at=NOW
    ),
    "settle": lambda session, by, there: workflow.settle(
        session, by=by, directive_id=there.directive, what=DONE, at=NOW
    ),
}


def state_of(engine: sa.Engine) -> tuple[object, ...]:
    """Everything of meetings and directives, and the end of the record."""
    with db.reading(engine) as session:
        of = here(session)
        return queries.list_meetings(session, of), queries.list_directives(session, of), audit.head(session)
