"""What the audit is told by whatever gives something out: of a transaction of its own, before anything is given."""

from datetime import date
from typing import Any

from ita_core import db, workflow
from ita_core.settings import settings


def note_refused(by: int, subject: str, address: str = "") -> None:
    """Note that somebody asked for what is not theirs to see."""
    with db.writing() as session:
        workflow.note_refused(session, by=by, subject=subject, address=address, at=settings().now())


def note_export(by: int, assessment_id: int, what: str, day: date, **detail: Any) -> None:
    """Note that this account takes along a file with personal names (`workflow.note_export`).

    Raises what the write raises: what cannot be noted is not given out.
    """
    with db.writing() as session:
        workflow.note_export(
            session, by=by, assessment_id=assessment_id, what=what, day=day, at=settings().now(), **detail
        )
