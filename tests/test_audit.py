"""The chained record: every way of bending it is found and named."""

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from ita_core import audit, db
from ita_core.models import AuditEntry, AuditHead

NOW = datetime(2025, 3, 1, tzinfo=UTC)


@pytest.fixture
def recorded(bare: sa.Engine) -> sa.Engine:
    """Five entries on a fresh database."""
    db.upgrade(bare)
    with db.writing(bare) as session:
        for number in range(1, 6):
            audit.record(session, actor=None, action="test", subject=f"row {number}", at=NOW, ข้อความ="ไทย", n=number)
    return bare


def faults(engine: sa.Engine) -> list[str]:
    with db.reading(engine) as session:
        return audit.faults(session)


def change(engine: sa.Engine, statement: sa.Executable) -> None:
    with engine.begin() as connection:
        connection.execute(statement)


def test_an_untouched_record_has_no_fault(recorded: sa.Engine):
    assert faults(recorded) == []


@pytest.mark.parametrize(
    "values",
    [{"actor": "x"}, {"action": "x"}, {"subject": "x"}, {"detail": {"n": 3}}, {"account_id": None, "actor": ""}],
)
def test_a_changed_row_is_named(recorded: sa.Engine, values: dict):
    change(recorded, sa.update(AuditEntry).where(AuditEntry.number == 3).values(**values))
    assert faults(recorded) == ["entry 3 was changed"]


def test_a_changed_row_with_its_own_hash_made_anew_breaks_the_chain(recorded: sa.Engine):
    with db.writing(recorded) as session:
        entry = session.get_one(AuditEntry, 3)
        entry.actor = "someone else"
        entry.hash = audit.entry_hash(entry)
    assert faults(recorded) == ["entry 4 does not follow the one before it"]


def test_a_removed_row_is_named(recorded: sa.Engine):
    change(recorded, sa.delete(AuditEntry).where(AuditEntry.number == 3))
    assert faults(recorded) == ["entry 3 is missing"]


def test_a_cut_off_end_is_named(recorded: sa.Engine):
    change(recorded, sa.delete(AuditEntry).where(AuditEntry.number >= 4))
    assert faults(recorded) == ["entry 4 is missing", "entry 5 is missing"]


def test_a_row_added_by_hand_is_named(recorded: sa.Engine):
    with db.writing(recorded) as session:
        last = session.get_one(AuditEntry, 5)
        forged = AuditEntry(
            number=6, at=NOW, actor="x", action="x", subject="x", detail={}, previous_hash=last.hash, hash=""
        )
        forged.hash = audit.entry_hash(forged)
        session.add(forged)
    assert faults(recorded) == ["entry 6 comes after the recorded end"]


def test_a_head_that_was_moved_is_noticed(recorded: sa.Engine):
    change(recorded, sa.update(AuditHead).values(hash="f" * 64))
    assert faults(recorded) == ["entry 5 is not the recorded end"]


def test_every_write_gives_the_data_another_version(recorded: sa.Engine):
    with db.reading(recorded) as session:
        before = audit.head(session)
        assert before == (5, session.get_one(AuditEntry, 5).hash)
    with db.writing(recorded) as session:
        audit.record(session, actor=None, action="test", subject="row 6", at=NOW)
    with db.reading(recorded) as session:
        assert audit.head(session) != before
