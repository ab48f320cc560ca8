"""Where evidence is kept: the same promises of a folder and of a bucket (moto's server, over real HTTP)."""

import fcntl
import hashlib
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ita_core import db, settings
from ita_core.errors import BadText, NotFound, Refused
from ita_core.evidence.folder import Folder
from ita_core.evidence.inspect import TooLarge
from ita_core.evidence.objects import STALE_SECONDS, Damaged, Store, StoreUnusable
from ita_core.evidence.store import open_store
from ita_core.proof import backup, verify
from ita_core.proof.verify import Wrong
from ita_core.workflow import receiving
from tests.cast import Cast, item_id
from tests.conftest import STARTED, forget
from tests.evidence.places import DIGEST, PDF, Place
from tests.papers import filled_pdf

PATH = f"o/{DIGEST[:2]}/{DIGEST}"


def names(store: Store) -> list[str]:
    return sorted(store.names())


@pytest.mark.parametrize("place", ["folder", pytest.param("bucket", marks=pytest.mark.trial)], indirect=True)
def test_a_backup_is_made_restored_and_proved_in_either(place: Place, tmp_path: Path, demo_backup: Path):
    engine, again = (db.make_engine(f"sqlite:///{tmp_path / name}.db") for name in ("one", "two"))
    back = backup.restore(engine=engine, store=place.store, file=demo_backup)
    assert verify.verify(engine=engine, store=place.elsewhere()).findings == ()
    made = backup.backup(engine=engine, store=place.elsewhere(), file=tmp_path / "again.tar", at=STARTED)
    assert made == back
    assert (tmp_path / "again.tar").read_bytes() == demo_backup.read_bytes()

    changed, gone = names(place.store)[:2]
    place.write(changed, b"changed")
    place.write("o/stray.txt", b"?")
    place.write(PATH, PDF)
    place.delete(gone)
    report = verify.verify(engine=engine, store=place.store, looks=())
    assert {(one.kind, one.what) for one in report.findings} == {
        (Wrong.changed, changed), (Wrong.missing, gone), (Wrong.stray, "o/stray.txt"), (Wrong.unnamed, PATH),
    }  # fmt: skip
    made = backup.backup(engine=engine, store=place.store, file=tmp_path / "worse.tar", at=STARTED)
    assert {(one.kind, one.what) for one in made.findings} == {
        (Wrong.changed, changed),
        (Wrong.missing, gone),
    }

    mended = backup.restore(engine=again, store=place.store, file=demo_backup)
    assert mended.findings == ()
    place.store.remove(DIGEST)
    place.delete("o/stray.txt")
    assert verify.verify(engine=again, store=place.elsewhere()).findings == ()
    engine.dispose()
    again.dispose()


@pytest.mark.parametrize("place", ["folder", pytest.param("bucket", marks=pytest.mark.trial)], indirect=True)
def test_a_refused_restore_takes_its_files_away_from_either(place: Place, tmp_path: Path, demo_backup: Path):
    engine = db.make_engine(f"sqlite:///{tmp_path / 'ita.db'}")

    def stop(done: int, expected: int) -> None:
        if done > expected / 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        backup.restore(engine=engine, store=place.store, file=demo_backup, progress=stop)
    assert names(place.store) == []
    engine.dispose()


def test_content_that_is_put_away_by_its_hash_is_read_back(place: Place):
    assert place.store.adopt([PDF[:100], PDF[100:]], DIGEST) == len(PDF)
    assert place.elsewhere().verified(DIGEST).read_bytes() == PDF
    with pytest.raises(Damaged):
        place.store.adopt([PDF, b"x"], "0" * 64)
    assert names(place.store) == [PATH]
    assert list(place.store.inbox.iterdir()) == []


def test_how_old_an_object_is_can_be_asked(place: Place):
    place.write(PATH, PDF)
    age = place.store.age(PATH)
    assert age is not None
    assert -5 < age < 60
    assert place.store.age("o/none") is None


def test_a_file_that_lies_in_the_store_s_own_folders_is_known(place: Place, tmp_path: Path):
    assert place.store.covers(place.store.inbox / "x.tar")
    assert place.store.covers(place.store.inbox.parent / "new" / ".." / "x.tar")
    assert not place.store.covers(tmp_path / "x.tar")


def test_what_is_kept_comes_back_here_and_elsewhere(place: Place):
    kept = place.store.put([PDF[:100], PDF[100:]], "รายงานผล ต.ค. 67.pdf")
    assert (kept.sha256, kept.size, kept.name, kept.format) == (DIGEST, len(PDF), "รายงานผล ต.ค. 67.pdf", "pdf")
    for store in (place.store, place.elsewhere()):
        assert store.holds(DIGEST)
        assert store.verified(DIGEST).read_bytes() == PDF
        assert b"".join(store.read(DIGEST)) == PDF
        assert names(store) == [PATH]
    assert list(place.store.inbox.iterdir()) == []


def test_a_large_file_comes_back_whole(place: Place):
    """More than one part, and no whole number of them."""
    content = filled_pdf(12 * 1024 * 1024 + 1)
    kept = place.store.put([content], "ใหญ่.pdf")
    assert place.elsewhere().verified(kept.sha256).read_bytes() == content
    assert b"".join(place.store.read(kept.sha256)) == content


@pytest.mark.parametrize(
    ("sent", "kept"),
    [("../../etc/passwd.pdf", "passwd.pdf"), ("C:\\งาน\\รายงาน.pdf", "รายงาน.pdf"), ("ก" * 100 + ".pdf",) * 2],
)
def test_a_name_is_data_and_never_a_path(place: Place, sent: str, kept: str):
    assert place.store.put([PDF], sent).name == kept
    assert names(place.store) == [PATH]


@pytest.mark.parametrize("name", ["a\0.pdf", "a\n.pdf", "\u202efdp.exe", "\x1b[2J.pdf", "ก" * 300 + ".pdf", "  "])
def test_names_with_signs_that_lie_are_refused(place: Place, name: str):
    with pytest.raises(BadText):
        place.store.put([PDF], name)


def test_the_same_file_many_times_at_once_is_one_object(place: Place):
    content, kept = filled_pdf(100_000), []
    senders = [threading.Thread(target=lambda: kept.append(place.store.put([content], "a.pdf"))) for _ in range(20)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    digest = hashlib.sha256(content).hexdigest()
    assert [one.sha256 for one in kept] == [digest] * 20
    assert names(place.store) == [f"o/{digest[:2]}/{digest}"]
    assert place.elsewhere().verified(digest).read_bytes() == content


def test_what_is_larger_than_the_limit_is_refused_while_it_comes(place: Place, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("ITA_MAX_UPLOAD_MB", "2")
    asked_for = []

    def endless() -> Iterator[bytes]:
        for number in range(100):
            asked_for.append(number)
            yield PDF + b"\0" * (1024 * 1024)

    with pytest.raises(TooLarge):
        place.store.put(endless(), "ใหญ่.pdf")
    assert len(asked_for) <= 2
    assert (list(place.store.inbox.iterdir()), names(place.store)) == ([], [])


def test_a_break_in_the_middle_of_receiving_leaves_nothing(place: Place):
    def breaking() -> Iterator[bytes]:
        yield PDF
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        place.store.put(breaking(), "a.pdf")
    assert (list(place.store.inbox.iterdir()), names(place.store)) == ([], [])


def test_one_flipped_bit_and_it_is_never_given_out(place: Place):
    place.store.put([PDF], "a.pdf")
    flipped = bytes([PDF[0] ^ 1]) + PDF[1:]
    place.write(PATH, flipped)
    other = place.elsewhere()
    with pytest.raises(Damaged):
        other.verified(DIGEST)
    assert b"".join(other.read(DIGEST)) == flipped
    assert list(other.inbox.iterdir()) == []


def test_a_damaged_object_is_mended_by_a_good_copy(place: Place):
    place.store.put([PDF], "a.pdf")
    place.write(PATH, b"x" * len(PDF))
    place.store.put([PDF], "a.pdf")
    assert place.elsewhere().verified(DIGEST).read_bytes() == PDF


def test_what_is_missing_is_not_found_and_may_be_removed_again(place: Place):
    for store in (place.store, place.elsewhere()):
        assert not store.holds(DIGEST)
        with pytest.raises(NotFound):
            store.verified(DIGEST)
        with pytest.raises(NotFound):
            list(store.read(DIGEST))
        store.remove(DIGEST)
    assert names(place.store) == []


def test_what_is_removed_is_gone(place: Place):
    place.store.put([PDF], "a.pdf")
    assert place.store.verified(DIGEST)
    place.store.remove(DIGEST)
    assert not place.store.holds(DIGEST)
    with pytest.raises(NotFound):
        place.store.verified(DIGEST)
    assert names(place.store) == []


@pytest.mark.trial
def test_one_sends_what_another_takes_away_and_neither_breaks(place: Place):
    broke = []

    def often(act: Callable[[], object]) -> None:
        try:
            for _ in range(20):
                act()
        except (Refused, OSError) as error:
            broke.append(error)

    def take_away() -> None:
        place.store.remove(DIGEST)
        time.sleep(0.05)

    acts = [take_away, *[lambda: place.store.put([PDF], "a.pdf")] * 2]
    threads = [threading.Thread(target=often, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert broke == []
    place.store.put([PDF], "a.pdf")
    assert place.elsewhere().verified(DIGEST).read_bytes() == PDF


def test_what_was_deleted_by_other_hands_is_missing_elsewhere(place: Place):
    place.store.put([PDF], "a.pdf")
    place.delete(PATH)
    other = place.elsewhere()
    assert not other.holds(DIGEST)
    with pytest.raises(NotFound):
        other.verified(DIGEST)


def test_strays_are_among_the_names(place: Place):
    place.store.put([PDF], "a.pdf")
    for stray in ("o/stray", "o/aa/ภาพ ก.png", "o/aa/b/c"):
        place.write(stray, b"x")
    assert names(place.store) == sorted([PATH, "o/stray", "o/aa/ภาพ ก.png", "o/aa/b/c"])


def test_leftovers_of_a_killed_upload_are_cleared_at_the_next_start_and_living_ones_are_not(place: Place):
    left, living = place.store.inbox / "left", place.store.inbox / "living"
    long_ago = time.time() - STALE_SECONDS - 10
    with living.open("wb") as receiving:
        fcntl.flock(receiving, fcntl.LOCK_EX)
        left.write_bytes(b"half")
        for path in (left, living):
            os.utime(path, (long_ago, long_ago))
        place.store.prepare()
        assert (left.exists(), living.exists()) == (False, True)


MEMORY = """
import sys
from pathlib import Path
from ita_core.evidence.store import open_store
from tests.papers import filled_pdf
def peak():  # of this program alone: what getrusage says begins with the peak of the one that started it
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) // 1024
open_store().put([filled_pdf()], "a.pdf")
before = peak()
def pieces():
    with open(sys.argv[1], "rb") as source:
        while piece := source.read(256 * 1024):
            yield piece
kept = open_store().put(pieces(), "ใหญ่.pdf")
for copy in (open_store().inbox.parent / "copies").glob("*"):
    copy.unlink()
assert open_store().verified(kept.sha256).stat().st_size == kept.size
assert sum(len(piece) for piece in open_store().read(kept.sha256)) == kept.size
print(peak() - before)
"""


@pytest.mark.parametrize("place", ["folder", pytest.param("bucket", marks=pytest.mark.trial)], indirect=True)
def test_fifty_megabytes_pass_through_little_memory(place: Place, tmp_path: Path):
    (tmp_path / "large.pdf").write_bytes(filled_pdf(50 * 1024 * 1024))
    env = {**os.environ, "ITA_EVIDENCE_URL": place.url, "ITA_CACHE_FOLDER": str(tmp_path / "cache")}
    done = subprocess.run(
        [sys.executable, "-c", MEMORY, str(tmp_path / "large.pdf")],
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert 0 < int(done.stdout) < 64


def test_the_settings_choose(place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("ITA_EVIDENCE_URL", place.url + "/")
    monkeypatch.setenv("ITA_CACHE_FOLDER", str(tmp_path / "cache"))
    place.store.put([PDF], "a.pdf")
    assert type(open_store()) is type(place.store)
    assert open_store().verified(DIGEST).read_bytes() == PDF


def test_what_is_sent_lies_there_and_taken_away_it_is_gone(
    place: Place, at_work: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("ITA_EVIDENCE_URL", place.url)
    monkeypatch.setenv("ITA_CACHE_FOLDER", str(tmp_path / "cache"))
    forget()
    now = settings.settings().now()
    with db.reading() as session:
        of = item_id(session, "O6")
    with open_store().receive("รายงาน.pdf") as incoming:
        incoming.write(PDF)
        upload = receiving.keep(incoming, by=at_work.usa, item_id=of, key="one", at=now)
    assert names(place.store) == [PATH]
    receiving.discard(by=at_work.usa, upload_id=upload, at=now)
    assert names(place.store) == []


def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path: Path):
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    with pytest.raises(StoreUnusable, match="cannot be used"):
        Folder(blocked / "evidence").prepare()
