"""Backups: everything comes back equal, on either database; while others work; where they may be written."""

import contextlib
import json
import sqlite3
import tarfile
import threading
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlmodel import select

from ita_core import audit, db, workflow
from ita_core.evidence.folder import Folder
from ita_core.evidence.objects import claim, object_name
from ita_core.models import Account, Assessment, AuditEntry, Decision, Evidence, StoredFile, Upload
from ita_core.proof import backup, verify
from ita_core.proof.backup import BadPlace, BeingWritten, CannotKeep, FileThere
from ita_core.proof.comparing import Rows
from ita_core.proof.verify import Wrong
from tests.cast import Cast, item_id, slots
from tests.papers import filled_pdf
from tests.proof.looking import NOW, digests, objects

pytestmark = pytest.mark.both


PDF = filled_pdf()


# --- there and back --------------------------------------------------------------------------------------------------


def test_a_backup_comes_back_equal_on_the_other_database(
    played: sa.Engine, played_store: Folder, bare: sa.Engine, elsewhere: Folder, tmp_path: Path
):
    """From each kind to each: SQLite to PostgreSQL and back among them."""
    file = tmp_path / "สำรอง 2568.tar"
    made = backup.backup(engine=played, store=played_store, file=file, at=NOW)
    back = backup.restore(engine=bare, store=elsewhere, file=file)
    assert made == back
    assert (back.rows, back.tables, back.objects, back.findings) == (1128, 64, 84, ())
    assert digests(bare) == digests(played)
    assert objects(elsewhere) == objects(played_store)
    assert verify.verify(engine=bare, store=elsewhere, kept=made.head).findings == ()


def test_the_same_data_is_the_same_backup_whichever_database_it_comes_from(
    bare: sa.Engine, elsewhere: Folder, demo_backup: Path, tmp_path: Path
):
    backup.restore(engine=bare, store=elsewhere, file=demo_backup)
    made_at = datetime(2024, 10, 1, 2, 0, tzinfo=UTC)
    backup.backup(engine=bare, store=elsewhere, file=tmp_path / "again.tar", at=made_at)
    assert (tmp_path / "again.tar").read_bytes() == demo_backup.read_bytes()


def test_values_that_are_easily_bent_come_back_exactly(
    engine: sa.Engine, cast: Cast, store: Folder, bare: sa.Engine, elsewhere: Folder, tmp_path: Path
):
    bangkok = timezone(timedelta(hours=7))
    found = {"น้ำ": "นํ้า", "z": 1, "a": [1.5, None, True, {"": "\u2028"}], "n": 2**60, "e": 1e-7}
    with db.writing(engine) as session:
        session.add(StoredFile(sha256="0" * 64, size=2**31 - 1, media_type="x", format="pdf", facts=found))
        session.add(Account(name="ก\u200bข\t\"'\\ 😀\r\n", created_at=NOW.astimezone(bangkok)))
        session.add(Account(name="", created_at=datetime(1, 1, 2, tzinfo=UTC)))
        audit.record(session, actor=None, action="test", subject="x", at=NOW, ไทย=found)
    made = backup.backup(engine=engine, store=store, file=tmp_path / "x.tar", at=NOW)
    assert [finding.kind for finding in made.findings] == [Wrong.missing]  # the made-up file
    backup.restore(engine=bare, store=elsewhere, file=tmp_path / "x.tar")
    assert digests(bare) == digests(engine)
    with db.reading(bare) as session:
        row = session.get_one(StoredFile, "0" * 64)
        assert json.dumps(row.facts) == json.dumps(found)
        assert row.facts == found
        people = session.exec(select(Account).order_by(Account.id)).all()
        assert (people[-2].name, people[-2].created_at) == ("ก\u200bข\t\"'\\ 😀\r\n", NOW)
        assert (people[-1].username, people[-1].created_at) == (None, datetime(1, 1, 2, tzinfo=UTC))


def test_work_goes_on_after_a_restore(bare: sa.Engine, elsewhere: Folder, demo_backup: Path):
    backup.restore(engine=bare, store=elsewhere, file=demo_backup)
    kept = elsewhere.put([PDF], "ก.พ. 68.pdf")
    with db.writing(bare) as session:
        usa = session.exec(select(Account).where(Account.username == "usa")).one()
        highest = session.exec(select(sa.func.max(Evidence.id))).one()
        chosen = slots(session, "O6", period="2025-02", format="pdf")
        made = workflow.submit(session, by=usa.id, item_id=item_id(session, "O6"), slots=chosen, content=kept, at=NOW)
    assert made == highest + 1
    assert verify.verify(engine=bare, store=elsewhere).findings == ()


def test_a_file_that_waits_to_be_handed_in_comes_along(
    engine: sa.Engine, cast: Cast, store: Folder, empty: sa.Engine, elsewhere: Folder, tmp_path: Path
):
    kept = store.put([PDF], "รอส่ง.pdf")
    with db.writing(engine) as session:
        o6 = item_id(session, "O6")
        waits = workflow.receive(session, by=cast.usa, item_id=o6, file=kept, key="1", at=NOW)
    backup.backup(engine=engine, store=store, file=tmp_path / "x.tar", at=NOW)
    backup.restore(engine=empty, store=elsewhere, file=tmp_path / "x.tar")
    with db.reading(empty) as session:
        assert session.get_one(Upload, waits).file_name == "รอส่ง.pdf"
    assert elsewhere.verified(kept.sha256)


def test_no_plan_is_put_in_before_a_restore(empty: sa.Engine, elsewhere: Folder, demo_backup: Path):
    backup.restore(engine=empty, store=elsewhere, file=demo_backup)
    with db.reading(empty) as session:
        assert len(session.exec(select(Assessment)).all()) == 1
        first = session.get_one(AuditEntry, 1)
        assert (first.action, first.at) == ("plan.apply", datetime(2024, 10, 1, 1, 30, tzinfo=UTC))


@pytest.mark.parametrize("played", ["sqlite"], indirect=True)
def test_what_takes_long_is_done_when_nobody_waits_for_it(
    played: sa.Engine, played_store: Folder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """SQLite without WAL: behind a long reader waits a writer, and behind that writer every other reader."""
    find, looked = backup.row_findings, []

    def slowly(rows: Rows) -> list[verify.Finding]:
        looked.append(rows)
        with contextlib.closing(sqlite3.connect(tmp_path / "ita.db", timeout=0, isolation_level=None)) as other:
            other.execute("BEGIN EXCLUSIVE")
            other.execute("ROLLBACK")
        return find(rows)

    monkeypatch.setattr(backup, "row_findings", slowly)
    backup.backup(engine=played, store=played_store, file=tmp_path / "a.tar", at=NOW)
    assert looked


# --- while others work -----------------------------------------------------------------------------------------------


def test_a_backup_while_others_write_is_one_moment(
    engine: sa.Engine, cast: Cast, store: Folder, bare: sa.Engine, elsewhere: Folder, tmp_path: Path
):
    stop = threading.Event()
    done = 0

    def work() -> None:
        nonlocal done
        while not stop.is_set():
            kept = store.put([PDF, b"%%%d" % done], f"{done}.pdf")
            with db.writing(engine) as session:
                chosen = slots(session, "O6", period="2025-02", format="pdf")
                made = workflow.submit(
                    session, by=cast.usa, item_id=item_id(session, "O6"), slots=chosen, content=kept, at=NOW
                )
            with db.writing(engine) as session:
                workflow.review(session, by=cast.khanittha, evidence_id=made, decision=Decision.accepted, at=NOW)
            done += 1

    worker = threading.Thread(target=work)
    worker.start()
    try:
        before = done
        while done < before + 3:
            stop.wait(0.01)
        made = backup.backup(
            engine=engine, store=store, file=tmp_path / "x.tar", at=NOW, progress=lambda *_: stop.wait(0.01)
        )
        while done < before + 5:
            stop.wait(0.01)
    finally:
        stop.set()
        worker.join()
    back = backup.restore(engine=bare, store=elsewhere, file=tmp_path / "x.tar")
    assert back == made
    assert made.findings == ()
    assert verify.verify(engine=bare, store=elsewhere, kept=made.head).findings == ()
    assert verify.verify(engine=engine, store=store, kept=made.head).findings == ()
    with db.reading(engine) as session:
        assert audit.head(session)[0] > made.head[0]


def received(engine: sa.Engine, cast: Cast, store: Folder, number: int) -> dict[str, int]:
    """So many files that wait to be handed in: the upload of each, by its hash."""
    files = [store.put([PDF, b"%%%d" % one], f"{one}.pdf") for one in range(number)]
    with db.writing(engine) as session:
        o6 = item_id(session, "O6")
        return {
            file.sha256: workflow.receive(session, by=cast.usa, item_id=o6, file=file, key=file.name, at=NOW)
            for file in files
        }


def discard(engine: sa.Engine, cast: Cast, store: Folder, upload: int) -> None:
    with db.writing(engine) as session:
        gone = workflow.discard(session, by=cast.usa, upload_id=upload, at=NOW)
    for one in gone:
        store.remove(one)


def test_a_file_that_is_taken_away_while_it_is_copied_is_not_missed(
    engine: sa.Engine, cast: Cast, store: Folder, empty: sa.Engine, elsewhere: Folder, tmp_path: Path
):
    uploads = received(engine, cast, store, 3)
    left = sorted(uploads)

    def take_away(_done: int, _all: int) -> None:
        """The first, copied already, and the last, not yet."""
        for sha256 in (left[0], left[-1]) if len(left) == 3 else ():
            discard(engine, cast, store, uploads[sha256])
        del left[1:]

    made = backup.backup(engine=engine, store=store, file=tmp_path / "x.tar", at=NOW, progress=take_away)
    assert (made.objects, made.findings) == (1, ())
    backup.restore(engine=empty, store=elsewhere, file=tmp_path / "x.tar")
    assert len(objects(elsewhere)) == 1
    assert verify.verify(engine=empty, store=elsewhere).findings == ()
    assert digests(empty) == digests(engine)


def test_what_was_wrong_with_a_file_stays_said_when_it_is_copied_in_a_second_round(
    engine: sa.Engine, cast: Cast, store: Folder, tmp_path: Path
):
    uploads = received(engine, cast, store, 2)
    wrong, taken = sorted(uploads)
    with db.writing(engine) as session:
        session.get_one(StoredFile, wrong).size += 1

    def take_away(_done: int, _all: int) -> None:
        """After the first was copied, so that the second is missing with its row, and everything is read again."""
        if store.holds(taken):
            discard(engine, cast, store, uploads[taken])

    made = backup.backup(engine=engine, store=store, file=tmp_path / "x.tar", at=NOW, progress=take_away)
    assert [(one.kind, one.what) for one in made.findings] == [(Wrong.size, object_name(wrong))]
    assert made.objects == 1


# --- what is damaged already -----------------------------------------------------------------------------------------


def test_a_damaged_and_a_missing_file_are_named_and_the_rest_is_saved(
    played: sa.Engine, played_store: Folder, empty: sa.Engine, elsewhere: Folder, tmp_path: Path
):
    damaged, missing = sorted(objects(played_store))[:2]
    (played_store.root / damaged).chmod(0o644)
    (played_store.root / damaged).write_bytes(b"%PDF-changed")
    (played_store.root / missing).unlink()
    made = backup.backup(engine=played, store=played_store, file=tmp_path / "x.tar", at=NOW)
    assert [(one.kind, one.what) for one in made.findings] == [
        (Wrong.changed, damaged),
        (Wrong.missing, missing),
    ]
    assert all(" of evidence " in one.says for one in made.findings)
    back = backup.restore(engine=empty, store=elsewhere, file=tmp_path / "x.tar")
    assert (back.objects, {one.what for one in back.findings}) == (82, {damaged, missing})
    assert digests(empty) == digests(played)
    found = verify.verify(engine=empty, store=elsewhere, looks=()).findings
    assert [(one.kind, one.what) for one in found] == [(Wrong.missing, damaged), (Wrong.missing, missing)]


def test_a_broken_audit_is_named_and_saved_as_it_is(
    played: sa.Engine, played_store: Folder, empty: sa.Engine, elsewhere: Folder, tmp_path: Path
):
    with played.begin() as connection:
        connection.execute(sa.update(AuditEntry).where(AuditEntry.number == 7).values(actor="x"))
    made = backup.backup(engine=played, store=played_store, file=tmp_path / "x.tar", at=NOW)
    assert [str(one) for one in made.findings] == ["audit: entry 7 was changed"]
    back = backup.restore(engine=empty, store=elsewhere, file=tmp_path / "x.tar")
    assert back == made


# --- where a backup may be written -----------------------------------------------------------------------------------


def test_a_file_that_is_there_is_replaced_only_when_that_is_said(
    played: sa.Engine, played_store: Folder, tmp_path: Path
):
    file = tmp_path / "x.tar"
    file.write_text("last year's")
    with pytest.raises(FileThere):
        backup.backup(engine=played, store=played_store, file=file, at=NOW)
    assert file.read_text() == "last year's"
    backup.backup(engine=played, store=played_store, file=file, at=NOW, force=True)
    assert tarfile.is_tarfile(file)
    assert file.stat().st_mode & 0o777 == 0o600
    assert sorted(path.name for path in tmp_path.glob("*.tar*")) == ["x.tar"]


def test_a_backup_never_lands_in_the_store_nor_on_the_database(played: sa.Engine, played_store: Folder, tmp_path: Path):
    within = [
        played_store.root / "x.tar",
        played_store.root / "o" / "x.tar",
        tmp_path / "evidence" / ".." / "evidence" / "x",
    ]
    if played.dialect.name == "sqlite":
        within.append(tmp_path / "ita.db")
    for file in within:
        with pytest.raises(BadPlace):
            backup.backup(engine=played, store=played_store, file=file, at=NOW, force=True)


def test_a_folder_that_is_not_there_is_a_sentence(played: sa.Engine, played_store: Folder, tmp_path: Path):
    with pytest.raises(CannotKeep, match="No such file"):
        backup.backup(engine=played, store=played_store, file=tmp_path / "no" / "x.tar", at=NOW)


@pytest.mark.parametrize("played", ["sqlite"], indirect=True)
def test_of_two_backups_to_one_file_at_once_one_is_refused(played: sa.Engine, played_store: Folder, tmp_path: Path):
    with (tmp_path / "x.tar.part").open("ab") as other:
        assert claim(other)
        with pytest.raises(BeingWritten):
            backup.backup(engine=played, store=played_store, file=tmp_path / "x.tar", at=NOW)
    assert (tmp_path / "x.tar.part").exists()
