"""Databases of before and migrations: every row is sealed once, and what was wrong stays wrong."""

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext

from ita_core import db, dump, former, seals
from ita_core.models import Item, Requirement
from ita_core.proof.verify import Wrong
from tests.first_version import make_first, rows
from tests.sealed import found, last


@pytest.fixture
def of_before(bare: sa.Engine) -> sa.Engine:
    """A database in use of revision 0001: nothing is sealed."""
    make_first(bare)
    return bare


@pytest.fixture
def of_tables(of_before: sa.Engine) -> sa.Engine:
    """A database in use of revision 0006, whose plans stand in tables; all of it is sealed."""
    with of_before.execution_options(ita_writes=True).begin() as connection:
        command.upgrade(db._alembic(connection), "0006")
        columns = {name: list(table.columns) for name, table in former.TABLES.tables.items()}
        sealed = {name: {} for name in columns} | {"account": {}}
        for name, chosen in columns.items():
            for row in connection.execute(sa.select(*chosen)):
                sealed[name][str(row.id)] = seals.row_hash(name, row._mapping)
        kept = sa.MetaData()
        kept.reflect(connection)
        account = [*seals.COVERED["account"].columns, *seals.DROPPED["account"]]
        account = [column for column in account if column.name in kept.tables["account"].c]
        for row in connection.execute(sa.select(*account)):
            sealed["account"][str(row.id)] = seals.row_hash("account", row._mapping)
        everything = {name for name in seals.COVERED if name in kept.tables} - set(sealed)
        for name in everything:
            table = seals.COVERED[name]
            have = [column for column in table.columns if column.name in kept.tables[name].c]
            key = [column.name for column in table.primary_key.columns]
            for row in connection.execute(sa.select(*have)):
                named = ",".join(str(row._mapping[one]) for one in key)
                sealed.setdefault(name, {})[named] = seals.row_hash(name, row._mapping)
        connection.execute(sa.update(kept.tables["auditentry"]).values(seals=sealed))
    return of_before


def of_rows(engine: sa.Engine) -> list[str]:
    return [str(one) for one in found(engine) if one.kind is Wrong.row]


def named(engine: sa.Engine) -> list[str]:
    return sorted(one.partition(":")[0] for one in of_rows(engine))


def test_the_first_start_of_this_version_seals_every_row_once(of_before: sa.Engine):
    db.upgrade(of_before)
    entry = last(of_before)
    there = sum(len(found) for table, found in rows(of_before).items() if table in seals.COVERED)
    assert (entry.action, entry.detail) == ("rows.seal", {"rows": there, "first": True})
    assert of_rows(of_before) == []
    db.upgrade(of_before)
    assert last(of_before).number == entry.number
    with of_before.begin() as connection:
        connection.execute(sa.update(Requirement).where(Requirement.id == 1).values(item_id=2))
    assert named(of_before) == ["requirement 1"]


def test_plans_that_stood_in_tables_as_sealed_are_sealed_as_revisions(of_tables: sa.Engine):
    db.upgrade(of_tables)
    assert of_rows(of_tables) == []
    assert last(of_tables).detail["first"] is False


@pytest.mark.parametrize(
    ("table", "column", "value", "wrong"),
    [
        ("duty", "task", "แก้", ["office 1", "person 1", "person 2", "personname 1", "personname 2", "revision 1"]),
        ("account", "keeps_itap", True, ["account 1", "account 2", "officegrant 1", "officegrant 2"]),
    ],
)
def test_what_was_changed_in_a_plan_s_tables_is_not_made_right_by_the_migration(
    of_tables: sa.Engine, table: str, column: str, value: object, wrong: list[str]
):
    """The row is gone, but what was made of its table is of no entry of the audit."""
    kept = sa.MetaData()
    with of_tables.begin() as connection:
        kept.reflect(connection)
        connection.execute(sa.update(kept.tables[table]).values({column: value}))
    db.upgrade(of_tables)
    assert named(of_tables) == wrong


def test_a_migration_s_columns_and_values_are_sealed_anew_and_what_was_wrong_before_stays_wrong(
    engine: sa.Engine, monkeypatch: pytest.MonkeyPatch
):
    """What `db.upgrade` does around every migration, with one of the future: a column more, and values that change."""
    with engine.begin() as connection:
        connection.execute(sa.update(Requirement).where(Requirement.id == 1).values(key="x"))
        connection.execute(sa.delete(Requirement).where(Requirement.id == 2))
        connection.execute(sa.insert(Requirement).values(id=999, item_id=1, key="y"))
    names = ["requirement 1", "requirement 2", "requirement 999"]
    assert named(engine) == names
    later = dump.TABLES["item"].to_metadata(sa.MetaData())
    later.append_column(sa.Column("room", sa.String(), nullable=False, server_default="ใหม่"))
    monkeypatch.setitem(seals.COVERED, "item", later)
    with engine.begin() as connection:
        wrong = seals.before(connection)
        context = MigrationContext.configure(connection)
        Operations(context).add_column("item", sa.Column("room", sa.String(), nullable=False, server_default="ใหม่"))
        connection.execute(sa.update(Item).values(code=sa.func.lower(Item.code)))
    assert len(of_rows(engine)) == 44 + 3  # every item, until they are sealed anew
    with engine.begin() as connection:
        seals.renew(connection, wrong, "9999")
    assert named(engine) == names
    entry = last(engine)
    assert (entry.action, entry.subject, entry.detail) == ("rows.seal", "revision 9999", {"rows": 44, "first": False})
