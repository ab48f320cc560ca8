"""Backup and restore: everything comes back equal, on either database; what is no whole backup brings back nothing."""

import contextlib
import gzip
import hashlib
import io
import json
import signal
import sqlite3
import subprocess
import sys
import tarfile
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlmodel import select

from ita_core import audit, db, dump, workflow
from ita_core.dump import BadRow
from ita_core.errors import Refused
from ita_core.evidence.folder import Folder
from ita_core.evidence.objects import claim, object_name
from ita_core.models import Account, Assessment, AuditEntry, Decision, Evidence, StoredFile, Upload
from ita_core.proof import backup, verify
from ita_core.proof.backup import (
    BadPlace,
    BeingWritten,
    CannotKeep,
    FileThere,
    NoBackup,
    NotEmpty,
    OtherFormat,
    OtherRevision,
    RefusedRow,
)
from ita_core.proof.comparing import Rows
from ita_core.proof.verify import Wrong
from tests.cast import Cast, item_id, slots
from tests.papers import pdf

pytestmark = pytest.mark.both

ROOT = Path(__file__).parents[2]
NOW = datetime(2025, 3, 14, 3, 0, 0, 123456, tzinfo=UTC)
PDF = pdf()


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


# --- there and back --------------------------------------------------------------------------------------------------


def test_a_backup_comes_back_equal_on_the_other_database(
    played: sa.Engine, played_store: Folder, bare: sa.Engine, elsewhere: Folder, tmp_path: Path
):
    """From each kind to each: SQLite to PostgreSQL and back among them."""
    file = tmp_path / "สำรอง 2568.tar"
    made = backup.backup(engine=played, store=played_store, file=file, at=NOW)
    back = backup.restore(engine=bare, store=elsewhere, file=file)
    assert made == back
    assert (back.rows, back.tables, back.objects, back.findings) == (1206, 34, 84, ())
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
        session.add(Account(name="ก\u200bข\t\"'\\ 😀\r\n", role="viewer", created_at=NOW.astimezone(bangkok)))
        session.add(Account(name="", role="viewer", created_at=datetime(1, 1, 2, tzinfo=UTC)))
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


def test_a_file_that_is_taken_away_while_it_is_copied_is_not_missed(
    engine: sa.Engine, cast: Cast, store: Folder, empty: sa.Engine, elsewhere: Folder, tmp_path: Path
):
    files = [store.put([PDF, b"%%%d" % number], f"{number}.pdf") for number in range(3)]
    with db.writing(engine) as session:
        o6 = item_id(session, "O6")
        uploads = {
            file.sha256: workflow.receive(session, by=cast.usa, item_id=o6, file=file, key=file.name, at=NOW)
            for file in files
        }
    left = sorted(uploads)

    def take_away(_done: int, _all: int) -> None:
        """The first, copied already, and the last, not yet."""
        for sha256 in (left[0], left[-1]) if len(left) == 3 else ():
            with db.writing(engine) as session:
                gone = workflow.discard(session, by=cast.usa, upload_id=uploads[sha256], at=NOW)
            for one in gone:
                store.remove(one)
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
    files = [store.put([PDF, b"%%%d" % number], f"{number}.pdf") for number in range(2)]
    with db.writing(engine) as session:
        o6 = item_id(session, "O6")
        uploads = {
            file.sha256: workflow.receive(session, by=cast.usa, item_id=o6, file=file, key=file.name, at=NOW)
            for file in files
        }
    wrong, taken = sorted(uploads)
    with db.writing(engine) as session:
        session.get_one(StoredFile, wrong).size += 1

    def take_away(_done: int, _all: int) -> None:
        """After the first was copied, so that the second is missing with its row, and everything is read again."""
        if store.holds(taken):
            with db.writing(engine) as session:
                gone = workflow.discard(session, by=cast.usa, upload_id=uploads[taken], at=NOW)
            for one in gone:
                store.remove(one)

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


def run(code: str, *arguments: object) -> subprocess.Popen[str]:
    """A process that does this and says so, line by line."""
    command = [sys.executable, "-u", "-c", code, *map(str, arguments)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


BEGIN = """
import sys, time
from datetime import UTC, datetime
from pathlib import Path
from ita_core import db
from ita_core.proof import backup
from ita_core.evidence.store import Folder
url, folder, file = sys.argv[1:]
store = Folder(Path(folder))
store.prepare()
def slow(done, expected):
    print(done)
    time.sleep(0.05)
"""
BACKUP = "backup.backup(engine=db.make_engine(url), store=store, file=Path(file), at=datetime.now(UTC), progress=slow)"
RESTORE = "backup.restore(engine=db.make_engine(url), store=store, file=Path(file), progress=slow)"


def kill_after(process: subprocess.Popen[str], lines: int) -> None:
    assert process.stdout is not None
    for _ in range(lines):
        assert process.stdout.readline()
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()


@pytest.mark.parametrize("played", ["sqlite"], indirect=True)
def test_a_backup_that_is_killed_leaves_no_file_and_the_next_is_whole(
    played: sa.Engine, played_store: Folder, empty: sa.Engine, elsewhere: Folder, tmp_path: Path
):
    file = tmp_path / "x.tar"
    kill_after(run(BEGIN + BACKUP, played.url, played_store.root, file), 20)
    assert not file.exists()
    assert (tmp_path / "x.tar.part").exists()
    backup.backup(engine=played, store=played_store, file=file, at=NOW)
    assert not (tmp_path / "x.tar.part").exists()
    assert backup.restore(engine=empty, store=elsewhere, file=file).objects == 84


def test_a_restore_that_is_killed_can_be_run_again(empty: sa.Engine, elsewhere: Folder, demo_backup: Path):
    kill_after(run(BEGIN + RESTORE, empty.url, elsewhere.root, demo_backup), 20)
    assert 19 <= len(objects(elsewhere)) < 84
    back = backup.restore(engine=empty, store=elsewhere, file=demo_backup)
    assert back.objects == len(objects(elsewhere)) == 84
    assert verify.verify(engine=empty, store=elsewhere).findings == ()


def test_a_restore_that_is_interrupted_takes_its_files_away(empty: sa.Engine, elsewhere: Folder, demo_backup: Path):
    def stop(done: int, expected: int) -> None:
        if done > expected / 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        backup.restore(engine=empty, store=elsewhere, file=demo_backup, progress=stop)
    assert is_untouched(empty, elsewhere)


# --- what brings back nothing ----------------------------------------------------------------------------------------


def test_a_database_in_use_is_left_alone(engine: sa.Engine, elsewhere: Folder, demo_backup: Path):
    before = digests(engine)
    with pytest.raises(NotEmpty):
        backup.restore(engine=engine, store=elsewhere, file=demo_backup)
    assert digests(engine) == before
    assert objects(elsewhere) == set()


Parts = dict[str, bytes]


def parts(file: Path) -> Parts:
    with tarfile.open(file) as archive:
        return {member.name: archive.extractfile(member).read() for member in archive}


def packed(content: Parts, *more: tuple[tarfile.TarInfo, bytes]) -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as archive:
        for name, value in content.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(value)
            archive.addfile(entry, io.BytesIO(value))
        for entry, value in more:
            archive.addfile(entry, io.BytesIO(value))
    return made.getvalue()


def with_part(name: str, kind: bytes = tarfile.REGTYPE, link: str = "") -> Callable[[Parts], bytes]:
    def make(content: Parts) -> bytes:
        entry = tarfile.TarInfo(name)
        entry.type, entry.linkname = kind, link
        return packed(content, (entry, b""))

    return make


def without(name: str) -> Callable[[Parts], bytes]:
    return lambda content: packed({key: value for key, value in content.items() if not key.startswith(name)})


def with_changed(name: str, old: bytes, new: bytes, *, told: bool = False) -> Callable[[Parts], bytes]:
    """One table or the manifest changed; `told`: with a manifest made to fit."""

    def make(content: Parts) -> bytes:
        assert old in content[name]
        changed = content | {name: content[name].replace(old, new, 1)}
        if told:
            manifest = json.loads(changed["manifest.json"])
            table = manifest["tables"][name.removeprefix("rows/").removesuffix(".jsonl")]
            value = changed[name]
            table |= {"bytes": len(value), "rows": value.count(b"\n"), "sha256": hashlib.sha256(value).hexdigest()}
            changed["manifest.json"] = json.dumps(manifest).encode()
        return packed(changed)

    return make


def with_manifest(**values: object) -> Callable[[Parts], bytes]:
    return lambda content: packed(
        content | {"manifest.json": json.dumps(json.loads(content["manifest.json"]) | values).encode()}
    )


def an_object(change: Callable[[bytes], bytes]) -> Callable[[Parts], bytes]:
    def make(content: Parts) -> bytes:
        name = max(name for name in content if name.startswith("o/"))
        return packed(content | {name: change(content[name])})

    return make


def a_sparse_part(content: Parts) -> bytes:
    entry = tarfile.TarInfo("o/ab/ab" + "c" * 62)
    entry.pax_headers = {"GNU.sparse.major": "0", "GNU.sparse.minor": "1", "GNU.sparse.size": str(2**40),
                         "GNU.sparse.map": f"{2**40 - 1},1"}  # fmt: skip
    entry.size = 1
    return packed(content, (entry, b"x"))


def a_part_twice(content: Parts) -> bytes:
    entry = tarfile.TarInfo("rows/account.jsonl")
    return packed(content, (entry, b""))


REVIEW, ACCOUNT, AUDIT = "rows/review.jsonl", "rows/account.jsonl", "rows/auditentry.jsonl"
FIRST, ODD = b'{"id":1,', "Line 1 of the table account is no row"
HOSTILE: list[tuple[str, Callable[[Parts], bytes], type[Refused], str]] = [
    ("nothing", lambda _: b"", NoBackup, "it is no tar file"),
    ("a text", lambda _: b"year 2568 " * 1000, NoBackup, "it is no tar file"),
    ("compressed", lambda content: gzip.compress(packed(content)), NoBackup, "it is no tar file"),
    ("an empty tar", lambda _: packed({}), NoBackup, "it has no manifest.json at its end"),
    ("cut in the middle", lambda content: packed(content)[: len(packed(content)) // 2], NoBackup, "damaged"),
    ("cut before the manifest", without("manifest.json"), NoBackup, "it has no manifest.json at its end"),
    ("zeros in the middle", lambda content: packed(content)[:10240] + bytes(10240), NoBackup, ""),
    ("a path upwards", with_part("../evil"), NoBackup, "'../evil' does not belong in one"),
    ("an absolute path", with_part("/etc/cron.d/evil"), NoBackup, "'/etc/cron.d/evil' does not belong in one"),
    ("a path upwards in a table's name", with_part("rows/../account.jsonl"), NoBackup, "does not belong in one"),
    ("an object of another name", with_part("o/ab/evil"), NoBackup, "'o/ab/evil' does not belong in one"),
    ("an object in another folder", with_part("o/zz/ab" + "c" * 62), NoBackup, "does not belong in one"),
    ("an unknown table", with_part("rows/sqlitemaster.jsonl"), NoBackup, "rows/sqlitemaster.jsonl does not belong"),
    ("an unknown file", with_part("readme.txt"), NoBackup, "'readme.txt' does not belong in one"),
    ("a soft link", with_part("o/ab/ab" + "c" * 62, tarfile.SYMTYPE, "/etc/passwd"), NoBackup, "does not belong"),
    ("a hard link", with_part("o/ab/ab" + "c" * 62, tarfile.LNKTYPE, "manifest.json"), NoBackup, "does not belong"),
    ("a device", with_part("o/ab/ab" + "c" * 62, tarfile.CHRTYPE), NoBackup, "does not belong"),
    ("a folder", with_part("o/ab", tarfile.DIRTYPE), NoBackup, "'o/ab' does not belong in one"),
    ("a sparse file", a_sparse_part, NoBackup, "does not belong"),
    ("a part twice", a_part_twice, NoBackup, "'rows/account.jsonl' does not belong in one"),
    ("a table missing", without(REVIEW), NoBackup, "rows/review.jsonl is missing"),
    ("a row changed", with_changed(REVIEW, b'"returned"', b'"accepted"'), NoBackup, "rows/review.jsonl was changed"),
    ("a row removed", with_changed(ACCOUNT, b"\n", b""), NoBackup, "rows/account.jsonl was changed"),
    ("a row changed, and its digest", with_changed(REVIEW, b'"returned"', b'"accepted"', told=True), NoBackup,
     "its rows do not agree with its audit (review of evidence "),
    ("an audit entry changed, and its digest", with_changed(AUDIT, b'"item":"O', b'"item":"P', told=True), NoBackup,
     "its rows do not agree with its audit ("),
    ("no row", with_changed(ACCOUNT, FIRST, b'{"id":1', told=True), BadRow, ODD),
    ("a column less", with_changed(ACCOUNT, FIRST, b"{", told=True), BadRow, ODD),
    ("another type", with_changed(ACCOUNT, FIRST, b'{"id":"1",', told=True), BadRow, ODD),
    ("an unknown role", with_changed(ACCOUNT, b'"role":"admin"', b'"role":"king"', told=True), BadRow, "table account"),
    ("a moment of no zone", with_changed(ACCOUNT, b"+00:00", b"", told=True), BadRow, "table account"),
    ("deep", with_changed("rows/party.jsonl", b'"aliases":[', b'"aliases":' + b"[" * 200_000, told=True), BadRow, ""),
    ("a row that refers to none", with_changed(REVIEW, b'"account_id":', b'"account_id":9', told=True), RefusedRow, ""),
    ("a number too large", with_changed(ACCOUNT, FIRST, b'{"id":99999999999999999999,', told=True), RefusedRow, ""),
    ("the same key twice", with_changed(ACCOUNT, b'{"id":2,', b'{"id":1,', told=True), RefusedRow, ""),
    ("an object changed", an_object(lambda value: value[:-1] + bytes([value[-1] ^ 1])), NoBackup, " was changed"),
    ("an object cut", an_object(lambda value: value[:-1]), NoBackup, "manifest.json says something else"),
    ("objects missing", without("o/"), NoBackup, " is missing"),
    ("a manifest of no sense", lambda content: packed(content | {"manifest.json": b"{"}), NoBackup, "be understood"),
    ("a deep manifest", lambda content: packed(content | {"manifest.json": b"[" * 200_000}), NoBackup, "be understood"),
    ("a manifest with more", with_manifest(command="rm -rf /"), NoBackup, "manifest.json cannot be understood"),
    ("a manifest with less", with_manifest(tables={}), NoBackup, "does not belong in one"),
    ("another head", with_manifest(audit_head={"number": 1, "hash": "0" * 64}), NoBackup, "says something else"),
    ("lacking what is none", with_manifest(lacking=["0" * 64]), NoBackup, "manifest.json says something else"),
    ("a fault that is none", with_manifest(faults=["audit: entry 3 was changed"]), NoBackup, "entry 3 was changed"),
    ("a newer format", with_manifest(format=2), OtherFormat, "has format 2"),
    ("an older revision", with_manifest(revision="0002", program="0.0.9"), OtherRevision, "at revision 0002"),
]  # fmt: skip


@pytest.fixture(scope="module")
def content(demo_backup: Path) -> Parts:
    return parts(demo_backup)


@pytest.mark.parametrize(("make", "refusal", "says"), [row[1:] for row in HOSTILE], ids=[row[0] for row in HOSTILE])
def test_what_is_no_whole_backup_is_refused_in_a_sentence_and_leaves_nothing(
    empty: sa.Engine, elsewhere: Folder, tmp_path: Path, content: Parts,
    make: Callable[[Parts], bytes], refusal: type[Refused], says: str,
):  # fmt: skip
    (tmp_path / "x.tar").write_bytes(make(content))
    with pytest.raises(refusal) as refused:
        backup.restore(engine=empty, store=elsewhere, file=tmp_path / "x.tar")
    assert says in str(refused.value)
    assert len(str(refused.value).splitlines()) == 1
    assert is_untouched(empty, elsewhere)


@pytest.mark.parametrize("bare", ["postgres"], indirect=True)
@pytest.mark.parametrize(
    "change",
    [
        with_changed(ACCOUNT, b'"name":"', b'"name":"\\u0000', told=True),
        with_changed(ACCOUNT, FIRST, b'{"id":2147483648,', told=True),
    ],
)
def test_what_postgresql_cannot_hold_is_refused_and_leaves_nothing(
    bare: sa.Engine, elsewhere: Folder, tmp_path: Path, content: Parts, change: Callable[[Parts], bytes]
):
    (tmp_path / "x.tar").write_bytes(change(content))
    with pytest.raises(RefusedRow):
        backup.restore(engine=bare, store=elsewhere, file=tmp_path / "x.tar")
    assert is_untouched(bare, elsewhere)


def test_every_damaged_byte_of_the_frame_is_refused_or_does_no_harm(
    tmp_path: Path, elsewhere: Folder, demo_backup: Path
):
    """One byte changed here and there, headers above all: refused, or all equal; never anything between."""
    whole = demo_backup.read_bytes()
    with tarfile.open(demo_backup) as archive:
        headers = [member.offset for member in archive][-12:]
    places = [start + inside for start in headers for inside in (3, 125, 150, 156, 300)]
    for number, place in enumerate(places):
        damaged = bytearray(whole)
        damaged[place] ^= 0x15
        (tmp_path / "x.tar").write_bytes(damaged)
        engine = db.make_engine(f"sqlite:///{tmp_path / str(number)}.db")
        with pytest.raises(NoBackup):
            backup.restore(engine=engine, store=elsewhere, file=tmp_path / "x.tar")
        engine.dispose()
    assert objects(elsewhere) == set()


def test_an_object_that_was_there_before_stays_when_a_restore_is_refused(
    empty: sa.Engine, elsewhere: Folder, tmp_path: Path, content: Parts
):
    name = min(name for name in content if name.startswith("o/"))
    elsewhere.adopt([content[name]], name.rpartition("/")[2])
    (tmp_path / "x.tar").write_bytes(with_changed(REVIEW, b'"returned"', b'"accepted"', told=True)(content))
    with pytest.raises(NoBackup):
        backup.restore(engine=empty, store=elsewhere, file=tmp_path / "x.tar")
    assert objects(elsewhere) == {name}


def test_a_damaged_object_in_the_store_is_mended_by_a_restore(empty: sa.Engine, elsewhere: Folder, demo_backup: Path):
    with tarfile.open(demo_backup) as archive:
        sha256 = next(member.name for member in archive).rpartition("/")[2]
    elsewhere.path(sha256).parent.mkdir(exist_ok=True)
    elsewhere.path(sha256).write_bytes(b"damaged")
    backup.restore(engine=empty, store=elsewhere, file=demo_backup)
    assert elsewhere.verified(sha256)
    assert list(elsewhere.inbox.iterdir()) == []
    assert object_name(sha256) in objects(elsewhere)
