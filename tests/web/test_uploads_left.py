"""Uploads that are taken away or left lying, and their objects."""

import asyncio
import hashlib
import threading
from datetime import timedelta

import anyio
import pytest
import sqlalchemy as sa
from sqlmodel import select

from ita_core import audit, db, settings, start, workflow
from ita_core.errors import AlreadyHandedIn, NotFound
from ita_core.evidence.store import open_store
from ita_core.models import AuditEntry, StoredFile
from ita_core.workflow import receiving
from tests.asking import client, in_a_loop
from tests.cast import Cast
from tests.web.sending import NAME, PDF, files, hand_in, send, waiting


def test_what_was_not_handed_in_is_taken_away_with_its_object(cast: Cast, o6: int):
    made = send(client(cast, "usa"), o6).json()["id"]
    with pytest.raises(NotFound):
        receiving.discard(by=cast.pattama, upload_id=made, at=settings.settings().now())
    receiving.discard(by=cast.usa, upload_id=made, at=settings.settings().now())
    assert files() == []
    with db.reading() as session:
        assert session.exec(select(StoredFile)).all() == []
        actions = [entry.action for entry in session.exec(select(AuditEntry).order_by(AuditEntry.number))][-2:]
        assert actions == ["upload.receive", "upload.discard"]
        assert audit.faults(session) == []


def test_what_was_handed_in_is_not_taken_away(cast: Cast, o6: int):
    made = send(client(cast, "usa"), o6).json()["id"]
    hand_in(cast, made, o6)
    with pytest.raises(AlreadyHandedIn):
        receiving.discard(by=cast.usa, upload_id=made, at=settings.settings().now())


def test_an_object_that_another_names_stays(cast: Cast, o6: int):
    first = send(client(cast, "usa"), o6).json()["id"]
    second = send(client(cast, "pattama"), o6).json()["id"]
    receiving.discard(by=cast.pattama, upload_id=second, at=settings.settings().now())
    made = hand_in(cast, first, o6)
    assert client(cast, "usa").get(f"/evidence/{made}").content == PDF


def test_what_lay_too_long_is_cleared_and_what_was_handed_in_stays(cast: Cast, o6: int):
    browser = client(cast, "usa")
    kept = send(browser, o6).json()["id"]
    send(browser, o6, key="k2", content=PDF + b"\n", name="ลืมแล้ว.pdf")
    made = hand_in(cast, kept, o6)
    later = settings.settings().now() + timedelta(days=workflow.LEFT_DAYS)
    receiving.clear_left(at=later - timedelta(minutes=1))
    assert len(waiting(cast.usa, o6)) == 1
    receiving.clear_left(at=later + timedelta(minutes=1))
    assert waiting(cast.usa, o6) == []
    assert files() == [hashlib.sha256(PDF).hexdigest()]
    assert browser.get(f"/evidence/{made}").content == PDF


def test_what_lay_too_long_is_cleared_again_and_again_whatever_went_wrong_once(
    cast: Cast, o6: int, monkeypatch: pytest.MonkeyPatch
):
    """Twice something is left lying while the server runs; in between the database is away for once."""
    monkeypatch.setattr(start, "CLEARED_SECONDS", 0.01)
    old = settings.settings().now() - timedelta(days=workflow.LEFT_DAYS, minutes=1)

    def leave(key: str) -> None:
        with open_store().receive(NAME) as incoming:
            incoming.write(PDF)
            receiving.keep(incoming, by=cast.usa, item_id=o6, key=key, at=old)

    def rename(table: str, name: str) -> None:
        # As a writer from its start: one that begins to read cannot write any more once somebody else has written.
        with db.engine().execution_options(**{db._WRITES: True}).begin() as connection:
            connection.execute(sa.text(f"ALTER TABLE {table} RENAME TO {name}"))

    async def cleared() -> None:
        while waiting(cast.usa, o6):
            await anyio.sleep(0.01)

    async def run() -> None:
        leave("k1")
        clearing = asyncio.create_task(start.clear_regularly())
        with anyio.fail_after(60):
            await cleared()
            rename("upload", "away")
            await anyio.sleep(0.1)
            rename("away", "upload")
            leave("k2")
            await cleared()
        clearing.cancel()

    in_a_loop(run)
    assert files() == []


def test_what_lay_too_long_is_cleared_once_there_is_a_thread_for_it_again(
    cast: Cast, o6: int, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    monkeypatch.setattr(start, "CLEARED_SECONDS", 0.01)
    with open_store().receive(NAME) as incoming:
        incoming.write(PDF)
        old = settings.settings().now() - timedelta(days=workflow.LEFT_DAYS, minutes=1)
        receiving.keep(incoming, by=cast.usa, item_id=o6, key="k1", at=old)

    async def run() -> None:
        before = threading.stack_size(2**46)  # more than any machine gives a thread: none starts
        try:
            clearing = asyncio.create_task(start.clear_regularly())
            with anyio.fail_after(60):
                while not caplog.records and not clearing.done():
                    await anyio.sleep(0.01)
        finally:
            threading.stack_size(before)
        assert not clearing.done()
        with anyio.fail_after(60):
            while waiting(cast.usa, o6):
                await anyio.sleep(0.01)
        clearing.cancel()

    in_a_loop(run)
    assert files() == []


@pytest.mark.trial
def test_sending_and_taking_away_the_same_content_at_once_never_loses_an_object(cast: Cast, o6: int):
    at, faults = settings.settings().now(), []

    def come_and_go(account_id: int, stay: bool) -> None:
        for number in range(25):
            with open_store().receive(NAME) as incoming:
                incoming.write(PDF)
                made = receiving.keep(incoming, by=account_id, item_id=o6, key=f"r{number}", at=at)
            if not open_store().holds(hashlib.sha256(PDF).hexdigest()):
                faults.append(number)
            if not stay or number % 2:
                receiving.discard(by=account_id, upload_id=made, at=at)

    both = [threading.Thread(target=come_and_go, args=who) for who in ((cast.usa, True), (cast.pattama, False))]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert faults == []
    assert open_store().verified(hashlib.sha256(PDF).hexdigest())


def test_what_comes_after_a_quiet_week_is_handed_in_as_itself(cast: Cast, o6: int):
    """SQLite gives the number of a row that was cleared to the next one."""
    first = send(client(cast, "usa"), o6).json()["id"]
    before = hand_in(cast, first, o6)
    receiving.clear_left(at=settings.settings().now() + timedelta(days=workflow.LEFT_DAYS, minutes=1))
    second = send(client(cast, "usa"), o6, key="k2", content=PDF + b"\n").json()["id"]
    assert second == first
    made = hand_in(cast, second, o6)
    assert made != before
    assert client(cast, "usa").get(f"/evidence/{made}").content == PDF + b"\n"
