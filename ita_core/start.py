"""What a start does before anybody is served: tables, framework and plan, the first administrator's link."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import anyio
from anyio import to_thread
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session, select

from ita_core import accounts, db, privacy
from ita_core.errors import Refused
from ita_core.evidence import scan
from ita_core.evidence.store import open_store
from ita_core.models import Assessment
from ita_core.settings import settings
from ita_core.workflow import forgetting, receiving

CLEARED_SECONDS = 6 * 3600

_log = logging.getLogger(__name__)


def fill() -> None:
    """Bring the database to this version, and put framework and plan into an empty one.

    Raises what `db.upgrade` and the plan raise: each one sentence.
    """
    db.upgrade()
    with db.reading() as session:
        if _filled(session):
            return
    from ita_core.plan.apply import apply_plan
    from ita_core.plan.plan import find_plan, load_with_framework

    rules, found = load_with_framework(find_plan(settings().plan))
    with db.writing() as session:
        if not _filled(session):
            apply_plan(session, rules, found, at=settings().now())


def _filled(session: Session) -> bool:
    return session.exec(select(Assessment.id)).first() is not None


def clear_what_is_over() -> None:
    """Take away what was sent long ago and never handed in, and stakeholders, sign-ins and codes that are over."""
    with _told_in_the_log("files that were left"):
        receiving.clear_left(at=settings().now())
    clear_stakeholders()
    with _told_in_the_log("sign-ins that are over"), db.writing() as session:
        accounts.forget_ended(session, datetime.now(UTC))
    with _told_in_the_log("codes that are over"), db.writing() as session:
        accounts.forget_codes(session, datetime.now(UTC))


def clear_stakeholders() -> None:
    """Delete the lists of stakeholders whose day is over."""
    with _told_in_the_log("lists of stakeholders"):
        forgetting.clear(keep_days=settings().stakeholder_days, at=settings().now())


@contextmanager
def _told_in_the_log(what: str) -> Iterator[None]:
    """What cannot be done now: a disk that is full today is not tomorrow."""
    try:
        yield
    except (Refused, SQLAlchemyError, OSError, RuntimeError) as error:
        _log.warning("%s could not be cleared: %s", what, error)


async def clear_regularly() -> None:
    """Clear what is over: now, and again every so often, for as long as this runs."""
    while True:
        try:
            await to_thread.run_sync(clear_what_is_over)
        except RuntimeError as error:  # the system gives no thread at the moment
            _log.warning("what is over could not be cleared: %s", error)
        await anyio.sleep(CLEARED_SECONDS)


async def write_use_regularly() -> None:
    """Write down when sign-ins were last used, as long as this runs: all at once and only now and then."""
    while True:
        await anyio.sleep(accounts.NOTED.total_seconds())
        try:
            await to_thread.run_sync(write_use)
        except RuntimeError as error:
            _log.warning("the last use of sign-ins could not be written: %s", error)


def write_use() -> None:
    """The same, once."""
    with _told_in_the_log("notes of when sign-ins were used"):
        if accounts.has_use_to_write():
            with db.writing() as session:
                accounts.write_use(session)


def prepare(public_url: str) -> str | None:
    """What a server does before it serves: `fill`; the first administrator's link, if one is needed.

    The link is new at every start until it is used; earlier ones end.
    """
    privacy.begin()
    fill()
    kept = open_store()  # a folder that cannot be written is told now, not at somebody's upload
    privacy.mend([*db.places(), *kept.places])
    scan.prove()  # and a scanner that does not look
    now = datetime.now(UTC)
    with db.writing() as session:
        if accounts.has_admin(session):
            return None
        admin = accounts.create_first_admin(session, now=now)
        assert admin.id is not None
        token = accounts.invite(session, by=None, account_id=admin.id, now=now)
    return f"{public_url}/?invite={token}"
