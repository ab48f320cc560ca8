"""The database: engine, sessions, migrations at start. Nothing outside this module knows which database it is."""

import os
import time
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path
from types import ModuleType
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import event
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlmodel import Session, create_engine

from ita_core import audit, seals, turns
from ita_core.errors import DatabaseBusy, NoRoom, ReadOnly, Refused
from ita_core.language import N_
from ita_core.models import Base
from ita_core.settings import settings

fcntl: ModuleType | None
try:
    import fcntl
except ImportError:  # Windows: one process
    fcntl = None

BUSY_SECONDS = 30
KEY = "-key"  # what the file beside the database ends with that holds its key (`accounts/keys.py`)
CLAIM_SECONDS = 180  # a bucket that is away is given up after less
_WRITES = "ita_writes"
# The first halves of advisory locks' keys: ours among whatever else uses that database.
_CLAIMS, _UPGRADES = 0x17A, 0x17B
_REVISION: sa.Select[Any] = sa.select(sa.column("version_num")).select_from(sa.table("alembic_version"))
_STATE = "ita_state"  # of what a session reads, once it was asked for
_HEAD: sa.Select[Any] = sa.select(sa.column("hash")).select_from(sa.table("audithead")).where(sa.column("id") == 1)
_writing: ContextVar[bool] = ContextVar("ita_writing", default=False)


class CannotOpenDatabase(Refused):
    says = N_("The database at {place} cannot be opened: {why}.")


class SlowUnderLock(RuntimeError):
    """A mistake in the code: something slow or remote was begun while everybody else waits for the write lock."""


class NewerDatabase(Refused):
    says = N_(
        "The database was made by a newer version of this program (revision {revision}): install that version. "
        "Nothing was changed."
    )


class Updated(Refused):
    says = N_(
        "The program has been updated, and this part of it is still the old one. Nothing was saved: try again in some "
        "minutes."
    )
    passing = True


def _wal_is_safe(version: tuple[int, ...]) -> bool:
    # SQLite's WAL-reset bug is fixed in 3.51.3 and in 3.50.7 and 3.44.6 of the older lines (threats.md, fact 6).
    return version >= (3, 51, 3) or (3, 50, 7) <= version < (3, 51) or (3, 44, 6) <= version < (3, 45)


def make_engine(url: str) -> sa.Engine:
    """An engine for SQLite or PostgreSQL with what each needs to lose nothing.

    Raises CannotOpenDatabase where the folder of a SQLite file cannot be made.
    """
    parsed = sa.make_url(url)
    if parsed.get_backend_name() != "sqlite":
        server = create_engine(url, pool_pre_ping=True, pool_size=10, max_overflow=40, hide_parameters=True)
        _wait_aside(server)
        return server
    if parsed.database:
        try:
            Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise CannotOpenDatabase(place=parsed.database, why=error.strerror) from None
    # isolation_level None: we say BEGIN ourselves, so that a writer takes its lock first and cannot lose an update.
    import sqlite3

    engine = create_engine(
        url, connect_args={"timeout": BUSY_SECONDS, "isolation_level": None}, pool_size=20, max_overflow=60,
        hide_parameters=True,
    )  # fmt: skip
    logs = _wal_is_safe(sqlite3.sqlite_version_info)

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: object) -> None:
        cursor = connection.cursor()
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.execute("PRAGMA secure_delete=ON")  # what is deleted is overwritten with zeros, not only let go
        if logs:
            cursor.execute("PRAGMA journal_mode=WAL")
            cursor.execute("PRAGMA synchronous=FULL")
        else:
            cursor.execute("PRAGMA journal_mode=DELETE")
            cursor.execute("PRAGMA synchronous=EXTRA")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        # Where there is no write-ahead log, readers wait for whoever commits: at their first look, which they take now.
        if connection.get_execution_options().get(_WRITES):
            _begin_aside(connection, "BEGIN IMMEDIATE")
        elif logs:
            connection.exec_driver_sql("BEGIN")
        else:
            _begin_aside(connection, "BEGIN", "SELECT 1 FROM sqlite_master LIMIT 1")

    return engine


def _begin_aside(connection: sa.Connection, *statements: str) -> None:
    """Begin; where a lock must be waited for, others' scripts go on meanwhile."""
    import sqlite3

    bare: Any = connection.connection.dbapi_connection
    if turns.is_held_here():
        bare.execute("PRAGMA busy_timeout = 0")
        try:
            for statement in statements:
                bare.execute(statement)
        except sqlite3.OperationalError:  # as most times it is locked; whatever else it is, is told below
            if bare.in_transaction:  # it holds nothing yet
                bare.execute("ROLLBACK")
        else:
            return
        finally:
            bare.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")
    with turns.waiting():
        for statement in statements:
            connection.exec_driver_sql(statement)


def _wait_aside(server: sa.Engine) -> None:
    """While a server works on a statement, others' scripts go on."""

    @event.listens_for(server, "do_execute")
    def _execute(cursor: Any, statement: str, parameters: Any, _context: object) -> bool:
        with turns.waiting():
            cursor.execute(statement, parameters)
        return True  # so it is done

    @event.listens_for(server, "do_executemany")
    def _execute_many(cursor: Any, statement: str, parameters: Any, _context: object) -> bool:
        with turns.waiting():
            cursor.executemany(statement, parameters)
        return True

    @event.listens_for(server, "do_execute_no_params")
    def _execute_alone(cursor: Any, statement: str, _context: object) -> bool:
        with turns.waiting():
            cursor.execute(statement)
        return True


def _connect(session: Session) -> None:
    """Take the session's connection now: it may have to be made, which looks into the file, or waited for."""
    chosen = session.get_bind().engine
    pool = chosen.pool
    if chosen.dialect.name == "sqlite" and isinstance(pool, sa.QueuePool) and pool.checkedin():
        session.connection()  # what it waits for, `_begin_aside` knows
    else:
        with turns.waiting():
            session.connection()


@lru_cache(maxsize=1)
def engine() -> sa.Engine:
    """The engine of this process."""
    return make_engine(settings().database_url)


@contextmanager
def reading(source: sa.Engine | None = None) -> Iterator[Session]:
    """A session that sees one consistent state and changes nothing."""
    chosen = source or engine()
    if chosen.dialect.name != "sqlite":  # SQLite's transactions see one state by themselves
        chosen = chosen.execution_options(isolation_level="REPEATABLE READ")
    with _busy_is_a_sentence(), Session(chosen) as session:
        _connect(session)
        session.info[_STATE] = None
        yield session
        session.rollback()


@contextmanager
def writing(source: sa.Engine | None = None) -> Iterator[Session]:
    """One transaction that holds the write lock from its start; committed at the end, rolled back by any error.

    What it wrote is sealed by its audit entry (`seals`).

    Raises DatabaseBusy where the lock is not to be had within BUSY_SECONDS, Updated where another version of this
    program has changed the tables meanwhile: what this one writes would not be as the seals say.
    """
    with _locking(seals.Sealing, source) as session:
        yield session
        session.flush()
        audit.one_at_a_time(session)  # where there was no entry yet: an upgrade is over, or waits for this to end
        if session.connection().execute(_REVISION).scalar() != revision():
            raise Updated
        with turns.waiting():  # until it lies on the disk
            session.commit()


@contextmanager
def trying(source: sa.Engine | None = None) -> Iterator[Session]:
    """One transaction that does what a write would, and is rolled back at its end whatever happens.

    Raises DatabaseBusy.
    """
    with _locking(Session, source) as session:
        yield session
        session.flush()
        session.rollback()


@contextmanager
def _locking(kind: type[Session], source: sa.Engine | None) -> Iterator[Session]:
    """A session of this kind that holds the write lock."""
    chosen = (source or engine()).execution_options(**{_WRITES: True})
    before = _writing.set(True)
    try:
        with _busy_is_a_sentence(), kind(chosen, expire_on_commit=False) as session:
            _connect(session)
            audit.one_at_a_time(session)  # before any row: whoever took rows first and this then could wait for ever
            yield session
    finally:
        _writing.reset(before)


def state(session: Session) -> str | None:
    """Names the state of the data that a session of `reading` sees: every write changes it. None for any other one."""
    if _STATE not in session.info:
        return None
    if session.info[_STATE] is None:
        session.info[_STATE] = session.connection().execute(_HEAD).scalar() or audit.GENESIS
    named: str = session.info[_STATE]
    return named


def wipe(table: str, source: sa.Engine | None = None) -> None:
    """Let nothing of what was deleted from a table linger in the database's files; whatever is in use stays.

    SQLite has overwritten it (`secure_delete`), where there is a write-ahead log only once that is written back, which
    waits for readers. PostgreSQL writes the table anew, as it only marks what is deleted; its own log (WAL) forgets as
    it goes round, and an archive of that keeps what it has for as long as it is kept.

    Raises DatabaseBusy.
    """
    not_while_writing("wiping what was deleted")
    chosen = source or engine()
    with _busy_is_a_sentence(), turns.waiting():
        options = chosen.execution_options(isolation_level="AUTOCOMMIT")
        if chosen.dialect.name != "sqlite":
            with options.connect() as connection:
                name = connection.dialect.identifier_preparer.quote(table)
                connection.exec_driver_sql(f"SET lock_timeout = '{BUSY_SECONDS}s'")
                try:
                    connection.exec_driver_sql(f"VACUUM (FULL) {name}")
                finally:
                    connection.exec_driver_sql("RESET lock_timeout")
            return
        bare = chosen.raw_connection()
        try:
            # Where there is no such log it does nothing; one that somebody reads is not cut off.
            busy = bare.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        finally:
            bare.close()
        if busy:
            raise DatabaseBusy


def holds_the_write_lock() -> bool:
    """Whether this thread is inside `writing`: nothing slow or remote may be done there."""
    return _writing.get()


def not_while_writing(what: str) -> None:
    """Called where something slow begins (a password's hash, a child process, a bucket).

    Raises SlowUnderLock inside `writing`, in production too.
    """
    if _writing.get():
        raise SlowUnderLock(f"{what} under the write lock")


@contextmanager
def claiming(what: str, source: sa.Engine | None = None, *, kind: str = "") -> Iterator[None]:
    """Alone with this thing (an object's hash) among all threads and processes, while everybody else goes on writing.

    `kind` (letters) keeps other things than objects apart: who waits for a website waits for no object.

    Not the write lock: an advisory lock of PostgreSQL by a connection of its own; with SQLite, where all processes are
    on one machine, a locked file beside the database. Whoever dies lets go. Claim first, write inside, never the other
    way round.

    Raises DatabaseBusy after CLAIM_SECONDS, SlowUnderLock.
    """
    not_while_writing("waiting for a claim")
    chosen, number = source or engine(), zlib.crc32(f"{kind}{what}".encode())
    if chosen.dialect.name == "sqlite":
        with _claiming_a_file(chosen, f"{kind}{number % 256:02x}"):
            yield
        return
    with _busy_is_a_sentence(), ExitStack() as open_:
        with turns.waiting():  # a new connection, as a rule
            options = chosen.execution_options(isolation_level="AUTOCOMMIT")
            connection = open_.enter_context(options.connect())
        connection.exec_driver_sql(f"SET lock_timeout = '{CLAIM_SECONDS}s'")
        try:
            connection.execute(sa.select(sa.func.pg_advisory_lock(_CLAIMS, number - 2**31)))
        finally:
            connection.exec_driver_sql("RESET lock_timeout")
        try:
            yield
        finally:
            connection.execute(sa.select(sa.func.pg_advisory_unlock(_CLAIMS, number - 2**31)))


@contextmanager
def _claiming_a_file(source: sa.Engine, name: str) -> Iterator[None]:
    if fcntl is None or not source.url.database:
        yield
        return
    folder = Path(f"{source.url.database}-claims")
    folder.mkdir(mode=0o700, exist_ok=True)
    handle = os.open(folder / name, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        with turns.waiting():
            _wait_for_file(fcntl, handle)
        yield
    finally:
        os.close(handle)  # which lets go


def _wait_for_file(locks: ModuleType, handle: int) -> None:
    ends = time.monotonic() + CLAIM_SECONDS
    while True:
        try:
            locks.flock(handle, locks.LOCK_EX | locks.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > ends:
                raise DatabaseBusy from None
            time.sleep(0.01)
        else:
            return


@contextmanager
def _busy_is_a_sentence() -> Iterator[None]:
    try:
        yield
    except PoolTimeout as error:
        raise DatabaseBusy from error
    except OperationalError as error:
        for words, refusal in (
            ("locked", DatabaseBusy),
            ("lock timeout", DatabaseBusy),
            ("deadlock", DatabaseBusy),
            ("readonly", ReadOnly),
            ("disk is full", NoRoom),
        ):
            if words in str(error.orig):
                raise refusal from error
        raise


def _alembic(connection: sa.Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    return config


def upgrade(target: sa.Engine | None = None) -> None:
    """Bring the database to this version's tables; one that is up to date is left alone.

    Of several processes that start at once, one does it and the others wait.

    Raises NewerDatabase where a newer version made it, CannotOpenDatabase where it cannot be read or written.
    """
    target = target or engine()
    try:
        with _upgrading(target) as connection:
            if connection.dialect.name != "sqlite":  # whose write lock this transaction holds
                connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_UPGRADES, 0)))
                if sa.inspect(connection).has_table("audithead"):  # as `audit.one_at_a_time`: no writer in the middle
                    connection.exec_driver_sql("SELECT number FROM audithead FOR UPDATE")
            script = ScriptDirectory.from_config(_alembic())
            revision = MigrationContext.configure(connection).get_current_revision()
            if revision == script.get_current_head():
                return
            if revision is not None and revision not in {known.revision for known in script.walk_revisions()}:
                raise NewerDatabase(revision=revision)
            wrong = seals.before(connection)
            command.upgrade(_alembic(connection), "head")
            seals.renew(connection, wrong, str(script.get_current_head()))
    except DatabaseError as error:  # a file that is no database, too
        place = target.url.render_as_string(hide_password=True)
        raise CannotOpenDatabase(place=place, why=str(error.orig).strip().splitlines()[0]) from None


@contextmanager
def _upgrading(target: sa.Engine) -> Iterator[sa.Connection]:
    """One transaction in which tables may be made anew, as SQLite alters most of them.

    SQLite would take rows that refer to the old table for lost, and looks only outside of transactions whether it is
    told not to: what refers to nothing afterwards stops the upgrade.
    """
    with target.execution_options(**{_WRITES: True}).connect() as connection:
        bare: Any = connection.connection.dbapi_connection
        lite = connection.dialect.name == "sqlite"
        if lite:
            bare.execute("PRAGMA foreign_keys=OFF")
        try:
            with connection.begin():
                yield connection
                if lite and (lost := connection.exec_driver_sql("PRAGMA foreign_key_check").first()):
                    raise AssertionError(f"a row of {lost[0]} refers to none of {lost[2]}")
        finally:
            if lite:
                bare.execute("PRAGMA foreign_keys=ON")


@lru_cache(maxsize=1)
def revision() -> str:
    """The revision of the tables that this version makes."""
    return str(ScriptDirectory.from_config(_alembic()).get_current_head())


def number_on(session: Session) -> None:
    """Let the next row of every table get the number after the highest: rows were put in with their own numbers.

    SQLite does so by itself.
    """
    connection = session.connection()
    if connection.dialect.name == "sqlite":
        return
    for table in Base.metadata.sorted_tables:
        for column in table.primary_key.columns:
            if isinstance(column.type, sa.Integer):
                name = sa.func.pg_get_serial_sequence(table.name, column.name)
                highest = sa.select(sa.func.coalesce(sa.func.max(column), 0)).scalar_subquery()
                connection.execute(sa.select(sa.func.setval(name, highest + 1, False)))


def strangers(session: Session) -> list[str]:
    """What stands in the database and is not of this program: "trigger x", "view y", "column account.z".

    A trigger writes when we do: what it changed would be sealed as ours.
    """
    connection = session.connection()
    look, ours = sa.inspect(connection), Base.metadata.tables
    tables = set(look.get_table_names())
    found = [f"table {name}" for name in tables - ours.keys() - {"alembic_version"}]
    found += [f"view {name}" for name in look.get_view_names()]
    for name in tables & ours.keys():
        have = {column["name"] for column in look.get_columns(name)}
        found += [f"column {name}.{column}" for column in have - set(ours[name].columns.keys())]
    asked = (
        {"trigger": "SELECT name FROM sqlite_master WHERE type = 'trigger'"}
        if connection.dialect.name == "sqlite"
        else {
            "trigger": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
            "rule": "SELECT rulename FROM pg_rules WHERE schemaname = current_schema()",
        }
    )
    for kind, statement in asked.items():
        found += [f"{kind} {name}" for name in connection.exec_driver_sql(statement).scalars()]
    return sorted(found)


def places() -> list[Path]:
    """The files of this process's database and what lies beside them; none where it is a server's."""
    source = engine().url
    if source.get_backend_name() != "sqlite" or not source.database:
        return []
    beside = Path(source.database).resolve()  # SQLite writes its own files where the database really lies
    files = [Path(f"{beside}{more}") for more in ("", "-journal", "-wal", "-shm")]
    return [*files, Path(f"{source.database}-claims"), Path(f"{source.database}{KEY}")]


def beside(ending: str) -> Path | None:
    """Where a file lies that belongs to this process's database but not into it; None where that is a server's."""
    source = engine().url
    if source.get_backend_name() != "sqlite" or not source.database:
        return None
    return Path(f"{source.database}{ending}").absolute()


def lies_in(source: sa.Engine, path: Path) -> bool:
    """Whether this path is the database's own file, so that nothing may be written there."""
    return source.dialect.name == "sqlite" and bool(source.url.database) and _same(Path(str(source.url.database)), path)


def _same(one: Path, other: Path) -> bool:
    return one.resolve() == other.resolve() or (one.exists() and other.exists() and one.samefile(other))
