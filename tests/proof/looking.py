"""What lies in a database and a store."""

from datetime import UTC, datetime

import sqlalchemy as sa

from ita_core import db, dump
from ita_core.evidence.folder import Folder

NOW = datetime(2025, 3, 14, 3, 0, 0, 123456, tzinfo=UTC)


def digests(engine: sa.Engine) -> dict[str, dump.Table]:
    with db.reading(engine) as session:
        return dump.digests(session)


def objects(store: Folder) -> set[str]:
    return set(store.names())


def is_untouched(engine: sa.Engine, store: Folder) -> bool:
    """Whether there is nothing in the database and nothing in the store, not even on its way."""
    db.upgrade(engine)
    with db.reading(engine) as session:
        return dump.is_bare(session) and not objects(store) and not list(store.inbox.iterdir())
