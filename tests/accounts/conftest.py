"""A database without a plan, and passwords that are hashed and judged quickly."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from ita_core import db
from ita_core.accounts import guessable, passwords


@pytest.fixture(autouse=True)
def _quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "BCRYPT_COST", 4)


@pytest.fixture
def engine(bare: sa.Engine) -> sa.Engine:
    db.upgrade(bare)
    return bare


@pytest.fixture
def session(engine: sa.Engine) -> Iterator[Session]:
    with db.writing(engine) as opened:
        yield opened


@pytest.fixture(autouse=True)
def _judged_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process of its own for each password takes a second to start."""
    monkeypatch.setattr(guessable, "is_guessable", guessable.judged)
