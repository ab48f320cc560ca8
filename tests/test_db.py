"""Engines, transactions, migrations, on SQLite and PostgreSQL."""

import contextlib
import itertools
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy.exc import IntegrityError

from ita_core import db, queries, workflow
from ita_core.errors import DatabaseBusy, Refused
from ita_core.models import Account, AuditHead, Base, Membership, Role

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
        session.add(Account(name="before", username="before", role=Role.viewer, created_at=AT))
    with engine.begin() as connection:  # as the newer version's start leaves it
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    before = rows(engine)
    with pytest.raises(db.Updated, match="has been updated"), db.writing(engine) as session:
        session.add(Account(name="after", username="after", role=Role.viewer, created_at=AT))
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
        session.add(Membership(group_id=999_999, officer_id=999_999))


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


# --- a database in use, made by the first version ---------------------------------------------------------------------

AT = datetime(2024, 10, 1, 2, 0, tzinfo=UTC)
REPORTS = {"2024-10": "2024-11-01", "2024-11": "2024-12-01"}
# Each table of revision 0001 with rows, in an order that its foreign keys allow.
FIRST: dict[str, list[dict[str, Any]]] = {
    "assessment": [{
        "id": 1, "office_code": "prachuap", "office": "ตม.", "office_short": "ตม.", "fiscal_year": 2568,
        "starts": date(2024, 10, 1), "ends": date(2025, 9, 30), "closes": date(2025, 4, 30), "target": 95.0,
        "framework_code": "immigration-2568", "plan_code": "prachuap-2568", "content_hash": "old", "website": "x",
    }],
    "level": [{"id": 1, "assessment_id": 1, "position": 1, "title": "ผ่าน", "total_min": 85.0, "each_min": 0.0}],
    "instrument": [{"id": 1, "assessment_id": 1, "code": "OIT", "title": "แบบตรวจ", "weight": 0.4, "position": 1}],
    "score": [{"id": 1, "assessment_id": 1, "fiscal_year": 2567, "instrument_code": None, "points": 95.85}],
    "indicator": [{"id": 1, "assessment_id": 1, "instrument_id": 1, "number": 9, "title": "ก", "improve": "ข"}],
    "item": [
        {"id": 1, "assessment_id": 1, "indicator_id": 1, "instrument_code": None, "code": "O9", "title": "E-Service",
         "kind": "oit", "demand": "แสดง", "cadence": "once", "due": date(2025, 1, 31), "nobody": "", "position": 1},
        {"id": 2, "assessment_id": 1, "indicator_id": 1, "instrument_code": None, "code": "O6", "title": "ผลงาน",
         "kind": "oit", "demand": "แสดง", "cadence": "monthly", "due": None, "nobody": "", "position": 2},
    ],
    "requirement": [
        {"id": 1, "item_id": 1, "key": "visa", "title": "วีซ่า", "note": "", "cadence": "once", "periods": [],
         "formats": [], "languages": ["th", "en"], "minimum": 1, "nil_allowed": False, "dues": {"": "2025-01-31"},
         "position": 1},
        {"id": 2, "item_id": 2, "key": "report", "title": "รายงาน", "note": "ก", "cadence": "monthly",
         "periods": list(REPORTS), "formats": ["pdf"], "languages": [], "minimum": 1, "nil_allowed": True,
         "dues": REPORTS, "position": 1},
    ],
    "party": [
        {"id": 1, "assessment_id": 1, "key": "usa", "kind": "officer", "rank": "ด.ต.หญิง", "name": "อุษา มีนาม",
         "title": "", "aliases": ["อุสา"], "confirm": True, "confirmed_at": AT, "position": 1},
        {"id": 2, "assessment_id": 1, "key": "thianchai", "kind": "officer", "rank": "พ.ต.อ.", "name": "เทียนชัย ชมภู",
         "title": "", "aliases": [], "confirm": False, "confirmed_at": None, "position": 2},
        {"id": 3, "assessment_id": 1, "key": "supply", "kind": "team", "rank": "", "name": "งานส่งกำลังบำรุง",
         "title": "", "aliases": [], "confirm": False, "confirmed_at": None, "position": 3},
    ],
    "membership": [{"id": 1, "group_id": 3, "officer_id": 1}],
    "phase": [{"id": 1, "assessment_id": 1, "position": 1, "title": "เตรียมการ"}],
    "step": [
        {"id": 1, "phase_id": 1, "position": 1, "row": "1", "title": "เตรียม", "work": "ก",
         "starts": date(2024, 10, 1), "ends": date(2024, 12, 31), "nobody": ""},
        {"id": 2, "phase_id": 1, "position": 2, "row": "", "title": "ลงทะเบียน", "work": "ข",
         "starts": date(2025, 1, 1), "ends": date(2025, 1, 31), "nobody": "ผู้ประเมิน"},
    ],
    "duty": [
        {"id": 1, "party_id": 1, "item_id": 2, "step_id": None, "kind": "prepare", "task": "", "position": 1},
        {"id": 2, "party_id": 3, "item_id": None, "step_id": 1, "kind": "supervise", "task": "ก", "position": 1},
    ],
    "account": [
        {"id": 1, "party_id": 1, "username": "usa", "name": "อุษา", "role": "officer", "keeps_itap": False,
         "password_hash": "h", "language": "th", "disabled": False, "created_at": AT},
        {"id": 2, "party_id": 2, "username": "thianchai", "name": "เทียนชัย", "role": "commander", "keeps_itap": False,
         "password_hash": "h", "language": "en", "disabled": False, "created_at": AT},
    ],
    "invitation": [
        {"id": 1, "account_id": 1, "token_hash": "i", "created_at": AT, "expires_at": AT, "used_at": AT},
    ],
    "signin": [
        {"id": 1, "account_id": 1, "token_hash": "s", "public_id": "p", "created_at": AT, "expires_at": AT,
         "ended_at": None, "address": "10.0.0.7"},
    ],
    "ticket": [{"id": 1, "account_id": 1, "token_hash": "t", "expires_at": AT, "used_at": None}],
    "signinfailure": [{"id": 1, "name_hash": "n", "address": "10.0.0.8", "at": AT}],
    "storedfile": [{"sha256": "a" * 64, "size": 9, "media_type": "application/pdf", "format": "pdf"}],
    "evidence": [
        {"id": 1, "item_id": 2, "kind": "file", "sha256": "a" * 64, "file_name": "รายงาน ต.ค. 67.pdf", "url": "",
         "note": "ก", "account_id": 1, "at": AT, "request_key": "k"},
        {"id": 2, "item_id": 1, "kind": "link", "sha256": None, "file_name": "", "url": "https://x.example", "note": "",
         "account_id": 1, "at": AT, "request_key": None},
    ],
    "evidenceslot": [
        {"id": 1, "evidence_id": 1, "requirement_id": 2, "period": "2024-10", "format": "pdf", "language": "",
         "ordinal": 1},
        {"id": 2, "evidence_id": 2, "requirement_id": 1, "period": "", "format": "", "language": "th", "ordinal": 1},
    ],
    "withdrawal": [{"id": 1, "evidence_id": 2, "account_id": 1, "at": AT}],
    "review": [{"id": 1, "evidence_id": 1, "account_id": 2, "decision": "accepted", "reason": "", "at": AT}],
    "approval": [{"id": 1, "item_id": 2, "account_id": 2, "fingerprint": "f", "at": AT}],
    "publication": [{"id": 1, "item_id": 2, "account_id": 2, "url": "https://x.example", "at": AT}],
    "filing": [
        {"id": 1, "item_id": 2, "account_id": 2, "answer": True, "url": "https://x.example", "explanation": "ก",
         "at": AT},
    ],
    "auditentry": [
        {"number": 1, "at": AT, "actor": "system", "account_id": None, "action": "plan.apply", "subject": "x",
         "detail": {"ก": 1}, "previous_hash": "0" * 64, "hash": "e"},
    ],
}  # fmt: skip
NEW = {"device", "meeting", "attendance", "directive", "assignment", "directiveevent", "upload"}


def rows(engine: sa.Engine) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table as the database has it."""
    found = {}
    with engine.connect() as connection:
        kept = sa.MetaData()
        kept.reflect(connection)
        for table in kept.sorted_tables:
            key = list(table.primary_key)
            found[table.name] = [dict(row._mapping) for row in connection.execute(sa.select(table).order_by(*key))]
    return found


def keys(engine: sa.Engine) -> dict[str, set[tuple[str, str]]]:
    """Foreign keys: (column, table referred to) by table."""
    look = sa.inspect(engine)
    return {
        table: {(*key["constrained_columns"], key["referred_table"]) for key in look.get_foreign_keys(table)}
        for table in look.get_table_names()
    }


@pytest.fixture
def first(bare: sa.Engine) -> sa.Engine:
    """A database of revision 0001 with rows in every table."""
    with bare.execution_options(ita_writes=True).begin() as connection:
        command.upgrade(db._alembic(connection), "0001")
        kept = sa.MetaData()
        kept.reflect(connection)
        for table, values in FIRST.items():
            connection.execute(sa.insert(kept.tables[table]), values)
        connection.execute(sa.update(kept.tables["audithead"]).values(number=1, hash="e"))
    assert set(FIRST) | {"audithead", "alembic_version"} == set(rows(bare))
    return bare


def test_a_database_in_use_is_upgraded_and_nothing_is_lost(first: sa.Engine):
    before, referred = rows(first), keys(first)
    db.upgrade(first)
    after = rows(first)
    assert set(after) == set(before) | NEW
    assert all(after[table] == [] for table in NEW)
    for table, old in before.items():
        if table not in {"alembic_version", "audithead"}:
            columns = set(old[0])
            kept = after[table][: len(old)] if table == "auditentry" else after[table]
            assert [{name: row[name] for name in columns} for row in kept] == old, table
    assert [(entry["number"], entry["action"]) for entry in after["auditentry"]] == [
        (1, "plan.apply"), (2, "rows.seal"),
    ]  # fmt: skip
    assert {table: names for table, names in keys(first).items() if table not in NEW} == referred
    with first.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []
        if first.dialect.name == "sqlite":
            assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []
            assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"


def test_the_dates_of_a_database_in_use_become_its_first_dates(first: sa.Engine):
    db.upgrade(first)
    after = rows(first)
    assert [row["first_dues"] for row in after["requirement"]] == [{"": "2025-01-31"}, REPORTS]
    assert [(row["first_starts"], row["first_ends"]) for row in after["step"]] == [
        (date(2024, 10, 1), date(2024, 12, 31)),
        (date(2025, 1, 1), date(2025, 1, 31)),
    ]
    assert [row["instrument_code"] for row in after["step"]] == [None, None]


def test_a_database_in_use_goes_on_being_used(first: sa.Engine):
    db.upgrade(first)
    with db.writing(first) as session:
        made = workflow.direct(
            session, by=2, assessment_id=1, text="ส่ง", party_ids=[3], due=date(2025, 3, 7), item_id=2,
            meeting_id=workflow.open_meeting(session, by=2, assessment_id=1, officer_ids=[1], at=AT), at=AT,
        )  # fmt: skip
        workflow.report(session, by=1, directive_id=made, at=AT)
    with db.reading(first) as session:
        data = queries.take_snapshot(session, queries.get_assessment(session))
        assert [slot.first_due for item in data.items for slot in item.slots] == [
            date(2025, 1, 31), date(2025, 1, 31), date(2024, 11, 1), date(2024, 12, 1),
        ]  # fmt: skip
        assert [step.first_ends for step in queries.list_steps(session, 1)] == [date(2024, 12, 31), date(2025, 1, 31)]
        assert queries.list_directives(session, 1)[0].officers == (1,)
    for statement in ("UPDATE evidence SET item_id = 999", "UPDATE assignment SET party_id = 999"):
        with pytest.raises(IntegrityError), first.begin() as connection:
            connection.execute(sa.text(statement))


class PowerCut(Exception):
    pass


@contextmanager
def power_cut(engine: sa.Engine, after: int) -> Iterator[None]:
    """Stops at a statement: after so many of those that write."""
    written = itertools.count()

    def count(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if statement.lstrip().startswith(("ALTER", "CREATE", "UPDATE", "INSERT")) and next(written) == after:
            raise PowerCut

    sa.event.listen(engine, "before_cursor_execute", count)
    try:
        yield
    finally:
        sa.event.remove(engine, "before_cursor_execute", count)


@pytest.mark.parametrize("bare", ["sqlite", pytest.param("postgres", marks=pytest.mark.trial)], indirect=True)
def test_an_upgrade_that_stops_anywhere_changes_nothing_and_the_next_start_completes_it(first: sa.Engine):
    before, referred = rows(first), keys(first)
    for stops_after in itertools.count():
        try:
            with power_cut(first, stops_after):
                db.upgrade(first)
            break
        except PowerCut:
            assert rows(first) == before
            assert keys(first) == referred
            assert before["alembic_version"] == [{"version_num": "0001"}]
    assert stops_after > 15  # the columns, the tables with their indexes, the new revision
    assert set(rows(first)) == set(before) | NEW
    with first.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []


def test_connections_that_are_all_in_use_are_a_sentence(bare: sa.Engine, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(bare.pool, "_timeout", 0.01)
    most = bare.pool.size() + bare.pool._max_overflow
    with contextlib.ExitStack() as held:
        for _number in range(most):
            held.enter_context(bare.connect())
        with pytest.raises(DatabaseBusy), db.reading(bare) as session:
            session.connection()
