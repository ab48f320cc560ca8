"""The chained record: every way of bending it is found and named."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlmodel import select

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


def forged_after(entry: AuditEntry) -> AuditEntry:
    """One that was never recorded, its hash made to fit."""
    forged = AuditEntry(
        number=entry.number + 1,
        at=NOW,
        actor="x",
        action="x",
        subject="x",
        detail={},
        previous_hash=entry.hash,
        hash="",
    )
    forged.hash = audit.entry_hash(forged)
    return forged


@pytest.mark.both
def test_an_untouched_record_has_no_fault(recorded: sa.Engine):
    assert faults(recorded) == []


@pytest.mark.both
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


@pytest.mark.both
def test_a_removed_row_is_named(recorded: sa.Engine):
    change(recorded, sa.delete(AuditEntry).where(AuditEntry.number == 3))
    assert faults(recorded) == ["entry 3 is missing"]


@pytest.mark.both
def test_a_cut_off_end_is_named(recorded: sa.Engine):
    change(recorded, sa.delete(AuditEntry).where(AuditEntry.number >= 4))
    assert faults(recorded) == ["entry 4 is missing", "entry 5 is missing"]


def test_a_row_added_by_hand_is_named(recorded: sa.Engine):
    with db.writing(recorded) as session:
        session.add(forged_after(session.get_one(AuditEntry, 5)))
    assert faults(recorded) == ["entry 6 comes after the recorded end"]


def test_a_head_that_was_moved_is_noticed(recorded: sa.Engine):
    change(recorded, sa.update(AuditHead).values(hash="f" * 64))
    assert faults(recorded) == ["entry 5 is not the recorded end"]


@pytest.mark.both
def test_every_write_gives_the_data_another_version(recorded: sa.Engine):
    with db.reading(recorded) as session:
        before = audit.head(session)
        assert before == (5, session.get_one(AuditEntry, 5).hash)
    with db.writing(recorded) as session:
        audit.record(session, actor=None, action="test", subject="row 6", at=NOW)
    with db.reading(recorded) as session:
        assert audit.head(session) != before


# --- a head that was kept outside -------------------------------------------------------------------------------------


def kept_faults(engine: sa.Engine, kept: tuple[int, str]) -> list[str]:
    with db.reading(engine) as session:
        return audit.faults(session, kept)


def test_every_entry_s_hash_is_a_head_that_still_holds(recorded: sa.Engine):
    with db.reading(recorded) as session:
        heads = [(0, audit.GENESIS), *((entry.number, entry.hash) for entry in session.exec(select(AuditEntry)))]
    assert len(heads) == 6
    assert [kept_faults(recorded, head) for head in heads] == [[]] * 6


@pytest.mark.both
def test_an_end_cut_off_together_with_the_head_is_named_by_the_one_kept_outside(recorded: sa.Engine):
    with db.reading(recorded) as session:
        kept, third = audit.head(session), session.get_one(AuditEntry, 3).hash
    change(recorded, sa.delete(AuditEntry).where(AuditEntry.number >= 4))
    change(recorded, sa.update(AuditHead).values(number=3, hash=third))
    assert faults(recorded) == []
    assert kept_faults(recorded, kept) == ["entry 5, kept outside as the end, is missing: the record ends with 3"]


def test_a_record_written_anew_from_some_entry_on_is_named_by_the_head_kept_outside(recorded: sa.Engine):
    with db.writing(recorded) as session:
        kept = audit.head(session)
        previous = session.get_one(AuditEntry, 2).hash
        for number in range(3, 6):
            entry = session.get_one(AuditEntry, number)
            entry.actor, entry.previous_hash = "someone else", previous
            entry.hash = previous = audit.entry_hash(entry)
        session.get_one(AuditHead, 1).hash = previous
    assert faults(recorded) == []
    assert kept_faults(recorded, kept) == [f"entry 5 is not the one that was kept outside: its hash was {kept[1]}"]


@pytest.mark.parametrize("number", [0, -1])
def test_an_entry_inserted_before_the_first_is_named(recorded: sa.Engine, number: int):
    with db.writing(recorded) as session:
        forged = AuditEntry(
            number=number, at=NOW, actor="x", action="x", subject="x", detail={}, previous_hash=audit.GENESIS, hash=""
        )
        forged.hash = audit.entry_hash(forged)
        session.add(forged)
    assert faults(recorded) == [f"entry {number} was inserted before the first"]


def test_an_entry_inserted_in_the_middle_breaks_the_chain(recorded: sa.Engine):
    for number in (5, 4, 3):
        change(recorded, sa.update(AuditEntry).where(AuditEntry.number == number).values(number=number + 1))
    with db.writing(recorded) as session:
        session.add(forged_after(session.get_one(AuditEntry, 2)))
    found = faults(recorded)
    assert found[:2] == ["entry 4 does not follow the one before it", "entry 4 was changed"]
    assert found[-1] == "entry 6 comes after the recorded end"


@pytest.mark.both
def test_the_last_entry_is_told_with_its_moment(recorded: sa.Engine, tmp_path: Path):
    with db.reading(recorded) as session:
        assert audit.last(session) == (*audit.head(session), NOW)
    fresh = db.make_engine(f"sqlite:///{tmp_path / 'fresh.db'}")
    db.upgrade(fresh)
    with db.reading(fresh) as session:
        assert audit.last(session) == (0, audit.GENESIS, None)
    fresh.dispose()
