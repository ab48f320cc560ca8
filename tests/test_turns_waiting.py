"""Whatever a run waits for, others run meanwhile: locks and connections of the database, a child process, a hash."""

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import Any

import bcrypt
import pytest
import sqlalchemy as sa
from sqlmodel import Session

from ita_core import db, turns
from ita_core.accounts import passwords
from ita_core.evidence import child
from ita_core.models import AuditHead
from ita_core.turns import Place

SOON = 20


@pytest.fixture(autouse=True)
def _nobody_loses_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns.SCRIPTS, "_longest", 3600.0)
    monkeypatch.setattr(turns.SCRIPTS, "_piece", 3600.0)


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(10) as pool:
        yield pool


def in_turn(threads: ThreadPoolExecutor, act: Callable[[], object]) -> Future[None]:
    def run() -> None:
        with turns.turn(Place()):
            act()

    return threads.submit(run)


def others_run(threads: ThreadPoolExecutor) -> bool:
    in_turn(threads, lambda: None).result(SOON)
    return True


def idle(engine: sa.Engine) -> sa.Engine:
    """With connections that are made already: to make one is a wait of its own."""
    for one in [engine.connect() for _number in range(3)]:
        one.close()
    return engine


def read(engine: sa.Engine) -> None:
    with db.reading(engine) as session:
        session.get_one(AuditHead, 1)


def write(engine: sa.Engine) -> None:
    with db.writing(engine) as session:
        session.get_one(AuditHead, 1)


@pytest.mark.both
def test_the_write_lock(engine: sa.Engine, threads: ThreadPoolExecutor):
    with db.writing(idle(engine)):
        waits = in_turn(threads, lambda: write(engine))
        assert others_run(threads)
        assert others_run(threads)
        assert not waits.done()
    waits.result(SOON)


def test_a_reader_while_another_one_commits(engine: sa.Engine, threads: ThreadPoolExecutor):
    """Without a write-ahead log it waits; `EXCLUSIVE` is what a commit holds."""
    with idle(engine).connect() as commits:
        commits.exec_driver_sql("COMMIT")
        commits.exec_driver_sql("BEGIN EXCLUSIVE")
        waits = in_turn(threads, lambda: read(engine))
        assert others_run(threads)
        assert others_run(threads)
        commits.exec_driver_sql("ROLLBACK")
    waits.result(SOON)


@pytest.mark.both
def test_a_commit(engine: sa.Engine, threads: ThreadPoolExecutor, monkeypatch: pytest.MonkeyPatch):
    begun, go = threading.Event(), threading.Event()
    commit = Session.commit

    def slow(session: Session) -> None:
        begun.set()
        assert go.wait(SOON)
        commit(session)

    monkeypatch.setattr(Session, "commit", slow)
    waits = in_turn(threads, lambda: write(engine))
    assert begun.wait(SOON)
    assert others_run(threads)
    go.set()
    waits.result(SOON)


@pytest.mark.both
def test_a_connection(engine: sa.Engine, threads: ThreadPoolExecutor):
    held = [engine.connect() for _number in range(engine.pool.size() + engine.pool._max_overflow)]  # type: ignore[attr-defined]
    waits = in_turn(threads, lambda: read(engine))
    assert others_run(threads)
    assert not waits.done()
    for one in held:
        one.close()
    waits.result(SOON)


@pytest.mark.both
def test_a_statement_of_a_server(engine: sa.Engine, threads: ThreadPoolExecutor):
    if engine.dialect.name == "sqlite":  # which is no server
        return
    key = 4711
    with engine.connect() as other:
        other.execute(sa.select(sa.func.pg_advisory_lock(key)))

        def ask() -> None:
            with db.reading(engine) as session:
                session.execute(sa.select(sa.func.pg_advisory_xact_lock(key)))

        waits = in_turn(threads, ask)
        assert others_run(threads)
        assert others_run(threads)
        assert not waits.done()
        other.execute(sa.select(sa.func.pg_advisory_unlock(key)))
    waits.result(SOON)


@pytest.mark.both
def test_a_claim(engine: sa.Engine, threads: ThreadPoolExecutor):
    def claim() -> None:
        with db.claiming("a" * 64, engine):
            pass

    with db.claiming("a" * 64, engine):
        waits = in_turn(threads, claim)
        assert others_run(threads)
        assert others_run(threads)
        assert not waits.done()
    waits.result(SOON)


def test_a_child_process(threads: ThreadPoolExecutor, monkeypatch: pytest.MonkeyPatch):
    go, turn = threading.Event(), threading.BoundedSemaphore(1)
    begun, start = threading.Event(), subprocess.Popen

    def stays(*asked: Any, **streams: Any) -> subprocess.Popen[bytes]:
        begun.set()
        assert go.wait(SOON)
        return start([sys.executable, "-c", ""], **streams)

    monkeypatch.setattr(child.subprocess, "Popen", stays)
    asked = partial(child.run, "nothing", memory=2**30, processor_seconds=9, seconds=60, turns=turn)
    waits = in_turn(threads, asked)
    assert begun.wait(SOON)
    also = in_turn(threads, asked)  # for one of the children's turns
    assert others_run(threads)
    assert others_run(threads)
    go.set()
    waits.result(SOON)
    also.result(SOON)


@pytest.mark.parametrize("act", [passwords.hash_password, lambda word: passwords.password_matches(word, "$2b$…")])
def test_a_hash(act: Callable[[str], object], threads: ThreadPoolExecutor, monkeypatch: pytest.MonkeyPatch):
    begun, go = threading.Event(), threading.Event()

    def slow(*_asked: bytes) -> bytes:
        begun.set()
        assert go.wait(SOON)
        return b""

    monkeypatch.setattr(bcrypt, "hashpw", slow)
    monkeypatch.setattr(bcrypt, "checkpw", slow)
    waits = in_turn(threads, lambda: act("correct horse"))
    assert begun.wait(SOON)
    assert others_run(threads)
    go.set()
    waits.result(SOON)


def test_readers_and_writers_in_turn_and_beside_it_end_all(engine: sa.Engine, threads: ThreadPoolExecutor):
    """Nobody who holds the turn waits for a lock of one who waits for the turn."""
    runs = [in_turn(threads, lambda act=act: [act(engine) for _number in range(20)]) for act in (read, write) * 3]  # type: ignore[misc]
    beside = [threads.submit(lambda act=act: [act(engine) for _number in range(20)]) for act in (read, write)]  # type: ignore[misc]
    for one in [*runs, *beside]:
        one.result(4 * SOON)
