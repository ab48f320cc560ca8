"""What is found wrong with the rows of a database, and what its last entry sealed."""

from datetime import UTC, datetime

import sqlalchemy as sa

from ita_core import audit, db
from ita_core.models import AuditEntry
from ita_core.proof.comparing import Rows
from ita_core.proof.verify import Finding, row_findings

NOW = datetime(2025, 3, 14, 3, 0, 0, 123456, tzinfo=UTC)


def found(source: sa.Engine) -> list[Finding]:
    with db.reading(source) as session:
        return row_findings(Rows(session))


def said(source: sa.Engine) -> list[str]:
    return [str(finding) for finding in found(source)]


def last(engine: sa.Engine, back: int = 0) -> AuditEntry:
    with db.reading(engine) as session:
        entry = session.get_one(AuditEntry, audit.head(session)[0] - back)
        session.expunge_all()
    return entry
