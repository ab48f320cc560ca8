"""Engines, transactions, locks, on SQLite and PostgreSQL; models and migrations agree."""

import contextlib
import threading
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy.exc import IntegrityError

from ita_core import db
from ita_core.errors import DatabaseBusy, Refused
from ita_core.models import Account, AuditHead, Base, Requirement
from tests.first_version import AT, rows

pytestmark = pytest.mark.both


def test_models_and_migrations_agree(bare: sa.Engine):
    db.upgrade(bare)
    with bare.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_upgrading_twice_changes_nothing(bare: sa.Engine):
    db.upgrade(bare)
    db.upgrade(bare)
    with db.reading(bare) as session:
        assert session.get_one(AuditHead, 1).number == 0


def test_a_database_of_a_newer_version_is_left_alone(bare: sa.Engine):
    db.upgrade(bare)
    with bare.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(db.NewerDatabase, match="newer version"):
        db.upgrade(bare)


def test_a_program_that_still_runs_after_an_update_writes_nothing_into_the_new_tables(engine: sa.Engine):
    with db.writing(engine) as session:
        session.add(Account(name="before", username="before", created_at=AT))
    with engine.begin() as connection:  # as the newer version's start leaves it
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    before = rows(engine)
    with pytest.raises(db.Updated, match="has been updated"), db.writing(engine) as session:
        session.add(Account(name="after", username="after", created_at=AT))
    assert rows(engine) == before


def test_of_many_that_start_at_once_on_an_empty_database_one_makes_it(bare: sa.Engine):
    together, faults = threading.Barrier(4), []

    def start() -> None:
        together.wait()
        try:
            db.upgrade(bare)
        except Refused as refused:
            faults.append(str(refused))

    starting = [threading.Thread(target=start) for _ in range(4)]
    for one in starting:
        one.start()
    for one in starting:
        one.join()
    assert faults == []
    with db.reading(bare) as session:
        assert session.get_one(AuditHead, 1).number == 0


def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path: Path):
    (tmp_path / "file").write_text("")
    with pytest.raises(db.CannotOpenDatabase, match="cannot be opened"):
        db.make_engine(f"sqlite:///{tmp_path}/file/ita.db")


def test_a_file_that_is_no_database_is_one_sentence(tmp_path: Path):
    (tmp_path / "ita.db").write_text("ไม่ใช่ฐานข้อมูล " * 200)
    with pytest.raises(db.CannotOpenDatabase):
        db.upgrade(db.make_engine(f"sqlite:///{tmp_path}/ita.db"))


def test_foreign_keys_are_checked(engine: sa.Engine):
    with pytest.raises(IntegrityError), db.writing(engine) as session:
        session.add(Requirement(item_id=999_999, key="x"))


def test_an_error_rolls_everything_back(engine: sa.Engine):
    with pytest.raises(ZeroDivisionError), db.writing(engine) as session:
        session.get_one(AuditHead, 1).number = 77
        session.flush()
        raise ZeroDivisionError
    with db.reading(engine) as session:
        assert session.get_one(AuditHead, 1).number != 77


def test_writers_at_once_lose_no_update(engine: sa.Engine):
    """Read, add one, write, from many threads: with a lock taken late SQLite loses most of them (streamlit.md)."""
    with db.reading(engine) as session:
        before = session.get_one(AuditHead, 1).number

    def add_one() -> None:
        for _ in range(10):
            with db.writing(engine) as session:
                head = session.get_one(AuditHead, 1, with_for_update=True)
                head.number += 1

    writers = [threading.Thread(target=add_one) for _ in range(8)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    with db.reading(engine) as session:
        assert session.get_one(AuditHead, 1).number == before + 80


def test_a_lock_that_is_held_too_long_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(db, "BUSY_SECONDS", 0.2)
    engine = db.make_engine(f"sqlite:///{tmp_path}/ita.db")
    db.upgrade(engine)
    with db.writing(engine) as holder:
        holder.get_one(AuditHead, 1)
        with pytest.raises(db.DatabaseBusy, match="busy"), db.writing(engine) as session:
            session.get_one(AuditHead, 1)


@pytest.mark.parametrize(
    ("version", "safe"),
    [((3, 40, 1), False), ((3, 44, 6), True), ((3, 45, 0), False), ((3, 50, 7), True), ((3, 51, 2), False),
     ((3, 51, 3), True), ((3, 52, 0), True)],
)  # fmt: skip
def test_wal_is_used_only_where_its_bug_is_mended(version: tuple[int, ...], safe: bool):
    assert db._wal_is_safe(version) is safe


def test_connections_that_are_all_in_use_are_a_sentence(bare: sa.Engine, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(bare.pool, "_timeout", 0.01)
    most = bare.pool.size() + bare.pool._max_overflow
    with contextlib.ExitStack() as held:
        for _number in range(most):
            held.enter_context(bare.connect())
        with pytest.raises(DatabaseBusy), db.reading(bare) as session:
            session.connection()
