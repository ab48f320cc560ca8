"""Places to restore to, and an office to be proved."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from ita_core import db
from ita_core.evidence.folder import Folder
from tests.proof.office import Office


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[sa.Engine]:
    """A SQLite database that is not there yet."""
    made = db.make_engine(f"sqlite:///{tmp_path / 'new' / 'ita.db'}")
    yield made
    made.dispose()


@pytest.fixture
def elsewhere(tmp_path: Path) -> Folder:
    made = Folder(tmp_path / "elsewhere")
    made.prepare()
    return made


@pytest.fixture
def office(played: sa.Engine, played_store: Folder) -> Office:
    return Office(played, played_store)
