"""A database in use is upgraded and nothing is lost, wherever it stops."""

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy.exc import IntegrityError

from ita_core import db, queries, workflow
from ita_core.models import Base
from ita_core.plan.content import content_hash, content_of, parts_of
from tests.first_version import AT, FILLED, FIRST, GONE, NEW, REPORTS, make_first, rows

pytestmark = pytest.mark.both


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
    make_first(bare)
    assert set(FIRST) | {"audithead", "alembic_version"} == set(rows(bare))
    return bare


REMADE = {"assessment", "account", "item", "requirement", "party"}  # with fewer columns


def test_a_database_in_use_is_upgraded_and_nothing_is_lost(first: sa.Engine):
    before, referred = rows(first), keys(first)
    db.upgrade(first)
    after = rows(first)
    assert set(after) == (set(before) | NEW) - GONE
    assert all(after[table] == [] for table in NEW - FILLED)
    for table, old in before.items():
        if table not in {"alembic_version", "audithead"} | GONE:
            columns = set(old[0]) & set(after[table][0])
            assert table in REMADE or columns == set(old[0])
            kept = after[table][: len(old)] if table == "auditentry" else after[table]
            assert [{name: row[name] for name in columns} for row in kept] == [
                {name: row[name] for name in columns} for row in old
            ], table
    assert [(entry["number"], entry["action"]) for entry in after["auditentry"]] == [
        (1, "plan.apply"), (2, "rows.seal"),
    ]  # fmt: skip
    assert {table: names for table, names in keys(first).items() if table not in NEW | REMADE} == {
        table: names for table, names in referred.items() if table not in GONE | REMADE
    }
    with first.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []
        if first.dialect.name == "sqlite":
            assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []
            assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
            assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"


def test_the_rows_of_a_plan_become_its_first_revision(first: sa.Engine):
    db.upgrade(first)
    after = rows(first)
    [revision] = after["revision"]
    framework, plan = parts_of(revision["content"])
    assert content_hash(revision["content"]) == revision["hash"]
    assert content_of(framework, plan) == content_of(*parts_of(revision["content"]))
    assert (plan.office.name, plan.target, framework.closes) == ("ตม.", 95.0, date(2025, 4, 30))
    assert (plan.officers["usa"].rank, plan.officers["usa"].confirm) == ("ด.ต.หญิง", False)
    assert plan.teams["supply"].members == ("usa",)
    assert [hand.who for hand in plan.duties["O6"].prepare] == ["usa"]
    assert plan.steps[1].supervise[0].task == "ก"
    assert [(row["key"], row["office_id"]) for row in after["person"]] == [("usa", 1), ("thianchai", 1)]
    assert [(row["person_id"], row["username"]) for row in after["account"]] == [(1, "usa"), (2, "thianchai")]
    assert [(row["account_id"], str(row["role"])) for row in after["officegrant"]] == [(1, "officer"), (2, "commander")]


def test_a_date_that_was_moved_before_plans_had_revisions_is_still_compared_with_its_first(first: sa.Engine):
    with first.execution_options(ita_writes=True).begin() as connection:
        command.upgrade(db._alembic(connection), "0006")
        kept = sa.MetaData()
        kept.reflect(connection)
        moved = {period: f"{due[:8]}15" for period, due in REPORTS.items()}
        connection.execute(sa.update(kept.tables["requirement"]).where(sa.text("id = 2")).values(dues=moved))
    db.upgrade(first)
    assert [row["number"] for row in rows(first)["revision"]] == [1, 2]
    with db.reading(first) as session:
        data = queries.take_snapshot(session, queries.get_assessment(session))
    for day in (date(2024, 10, 1), date(2025, 9, 30)):
        [item] = [item for item in data.on(day).items if item.code == "O6"]
        assert [(slot.first_due, slot.due) for slot in item.slots] == [
            (date(2024, 11, 1), date(2024, 11, 15)), (date(2024, 12, 1), date(2024, 12, 15)),
        ]  # fmt: skip


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
        assert [(slot.due, slot.first_due) for item in data.items for slot in item.slots] == [
            (day, day) for day in (date(2025, 1, 31), date(2025, 1, 31), date(2024, 11, 1), date(2024, 12, 1))
        ]
        assert [step.first_ends for step in data.steps] == [date(2024, 12, 31), date(2025, 1, 31)]
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
    assert set(rows(first)) == (set(before) | NEW) - GONE
    with first.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []
