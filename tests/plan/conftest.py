"""The real framework and plan of 2568, as they are and with one thing changed; a database with neither."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import yaml

from ita_core import audit, db
from ita_core.models import AuditHead, Base
from ita_core.plan.faults import Faults
from ita_core.plan.files import read
from ita_core.plan.framework import Framework, load_framework
from ita_core.plan.plan import Plan, load_plan
from tests.plan.changing import DATA, FILE

FRAMEWORK = DATA / "frameworks" / "immigration-2568.yaml"


@pytest.fixture(scope="module")
def rules() -> Framework:
    return load_framework(FRAMEWORK)


@pytest.fixture(scope="module")
def real(rules: Framework) -> Plan:
    return load_plan(FILE, rules)


@pytest.fixture
def edited(tmp_path: Path, rules: Framework) -> Callable[[Callable[[Any], object]], Path]:
    """The real plan with one thing changed, as a file."""

    def write(change: Callable[[Any], object]) -> Path:
        raw = read(FILE, Faults(FILE.name))
        change(raw)
        path = tmp_path / "plan.yaml"
        path.write_text(yaml.safe_dump(raw, allow_unicode=True, sort_keys=False), encoding="utf-8")
        return path

    return write


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[sa.Engine]:
    """The tables, and nothing in them but the audit record's beginning."""
    engine = db.make_engine(f"sqlite:///{tmp_path}/x.db")
    Base.metadata.create_all(engine)
    with engine.begin() as connection:  # of this version, as whoever writes wants it
        connection.exec_driver_sql("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
        connection.exec_driver_sql("INSERT INTO alembic_version VALUES (?)", (db.revision(),))
    with db.writing(engine) as session:
        session.add(AuditHead(id=1, number=0, hash=audit.GENESIS))
    yield engine
    engine.dispose()


@pytest.fixture
def changed(edited: Callable[[Callable[[Any], object]], Path], rules: Framework) -> Callable[..., Plan]:
    """The real plan with one thing changed."""
    return lambda change: load_plan(edited(change), rules)


@pytest.fixture
def other_rules(tmp_path: Path) -> Callable[[Callable[[Any], object]], Framework]:
    """The real framework with one thing changed."""

    def load(change: Callable[[Any], object]) -> Framework:
        raw = read(FRAMEWORK, Faults(FRAMEWORK.name))
        change(raw)
        path = tmp_path / "framework.yaml"
        path.write_text(yaml.safe_dump(raw, allow_unicode=True, sort_keys=False), encoding="utf-8")
        return load_framework(path)

    return load
