"""Databases of before and migrations: every row is sealed once, and what was wrong stays wrong."""

import pytest
import sqlalchemy as sa
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext

from ita_core import db, dump, seals
from ita_core.models import Duty, Item, Membership
from ita_core.proof.verify import Wrong
from tests.first_version import FIRST, make_first
from tests.sealed import found, last


@pytest.fixture
def of_before(bare: sa.Engine) -> sa.Engine:
    """A database in use of revision 0001: nothing is sealed."""
    make_first(bare)
    return bare


def of_rows(engine: sa.Engine) -> list[str]:
    return [str(one) for one in found(engine) if one.kind is Wrong.row]


def test_the_first_start_of_this_version_seals_every_row_once(of_before: sa.Engine):
    db.upgrade(of_before)
    entry = last(of_before)
    rows = sum(len(rows) for table, rows in FIRST.items() if table in seals.COVERED)
    assert (entry.action, entry.detail) == ("rows.seal", {"rows": rows, "first": True})
    assert of_rows(of_before) == []
    db.upgrade(of_before)
    assert last(of_before).number == entry.number
    with of_before.begin() as connection:
        connection.execute(sa.update(Duty).where(Duty.id == 1).values(party_id=2))
    assert [one.partition(":")[0] for one in of_rows(of_before)] == ["duty 1"]


def test_a_migration_s_columns_and_values_are_sealed_anew_and_what_was_wrong_before_stays_wrong(
    engine: sa.Engine, monkeypatch: pytest.MonkeyPatch
):
    """What `db.upgrade` does around every migration, with one of the future: a column more, and values that change."""
    with engine.begin() as connection:
        connection.execute(sa.update(Duty).where(Duty.id == 1).values(task="แก้"))
        connection.execute(sa.delete(Duty).where(Duty.id == 2))
        connection.execute(sa.insert(Membership).values(id=999, group_id=1, officer_id=2))
    names = ["duty 1", "duty 2", "membership 999"]
    assert sorted(one.partition(":")[0] for one in of_rows(engine)) == names
    later = dump.TABLES["item"].to_metadata(sa.MetaData())
    later.append_column(sa.Column("room", sa.String(), nullable=False, server_default="ใหม่"))
    monkeypatch.setitem(seals.COVERED, "item", later)
    with engine.begin() as connection:
        wrong = seals.before(connection)
        context = MigrationContext.configure(connection)
        Operations(context).add_column("item", sa.Column("room", sa.String(), nullable=False, server_default="ใหม่"))
        connection.execute(sa.update(Item).values(demand="อื่น"))
    assert len(of_rows(engine)) == 44 + 3  # every item, until they are sealed anew
    with engine.begin() as connection:
        seals.renew(connection, wrong, "9999")
    assert sorted(one.partition(":")[0] for one in of_rows(engine)) == names
    entry = last(engine)
    assert (entry.action, entry.subject, entry.detail) == ("rows.seal", "revision 9999", {"rows": 44, "first": False})
