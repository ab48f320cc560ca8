"""Who asks: a disabled account does nothing, a refused act leaves no trace, every write stands in the audit."""

import pytest
import sqlalchemy as sa
from sqlmodel import select

from ita_core import audit, db, workflow
from ita_core.errors import NotFound
from ita_core.models import Account, AuditEntry, Decision
from tests.cast import Cast
from tests.workflow.work import NOW, PDF, hand_in


def test_a_disabled_account_does_nothing(engine: sa.Engine, cast: Cast):
    with db.writing(engine) as session:
        session.get_one(Account, cast.usa).disabled = True
        session.flush()
        with pytest.raises(NotFound):
            hand_in(session, cast.usa)


@pytest.mark.both
def test_every_write_stands_in_the_audit_with_who_what_and_when(engine: sa.Engine, cast: Cast):
    with db.writing(engine) as session:
        made = hand_in(session, cast.usa)
        workflow.review(session, by=cast.khanittha, evidence_id=made, decision=Decision.accepted, at=NOW)
    with db.reading(engine) as session:
        entries = session.exec(select(AuditEntry).order_by(AuditEntry.number)).all()[-2:]
        assert [(entry.actor, entry.action, entry.subject, entry.at) for entry in entries] == [
            ("อุษา มีนาม", "evidence.submit", f"evidence {made}", NOW),
            ("ขนิษฐา แก้วโสภา", "evidence.accepted", f"evidence {made}", NOW),
        ]
        assert entries[0].detail["sha256"] == PDF.sha256
        assert audit.faults(session) == []


@pytest.mark.both
def test_a_refused_act_leaves_no_trace_in_rows_or_audit(engine: sa.Engine, cast: Cast):
    with db.reading(engine) as session:
        before = audit.head(session)
    with pytest.raises(NotFound), db.writing(engine) as session:
        hand_in(session, cast.piyaporn)
    with db.reading(engine) as session:
        assert audit.head(session) == before
