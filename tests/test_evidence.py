"""Files: what they are, and that they are kept exactly once and exactly as they came."""

import fcntl
import hashlib
import io
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from PIL import Image

from ita_core.errors import BadText, NotFound
from ita_core.evidence import child, drawing
from ita_core.evidence.inspect import Broken, CutOff, EmptyFile, NotWhatItSays, TooLarge, UnknownKind
from ita_core.evidence.kinds import KINDS
from ita_core.evidence.store import STALE_SECONDS, Damaged, Folder, StoreUnusable
from tests import files


def zipped(*names: str) -> bytes:
    return files.packed(dict.fromkeys(names, b"x"))


PDF = files.pdf()
MP4 = files.film()


@pytest.mark.parametrize(
    ("name", "content", "fmt"),
    [
        ("รายงาน ต.ค. 67.pdf", PDF, "pdf"),
        ("รายงาน.PDF", PDF, "pdf"),
        ("รายงาน.docx", files.word(), "word"),
        ("ตาราง.xlsx", files.excel(), "excel"),
        ("ภาพ.jpg", files.picture("JPEG"), "image"),
        ("ภาพ.jpeg", files.picture("JPEG"), "image"),
        ("ภาพ.png", files.picture("PNG"), "image"),
        ("ภาพ.webp", files.picture("WEBP"), "image"),
        ("คลิป.mp4", MP4, "video"),
        ("นำเสนอ.pptx", files.slides(), "slides"),
    ],
)
def test_a_file_is_known_by_its_content_and_its_thai_name_is_kept(store: Folder, name: str, content: bytes, fmt: str):
    kept = store.put([content], name)
    assert (kept.format, kept.name, kept.size) == (fmt, name, len(content))
    assert kept.sha256 == hashlib.sha256(content).hexdigest()
    assert store.verified(kept.sha256).read_bytes() == content


@pytest.mark.parametrize(
    ("name", "content", "refusal"),
    [
        ("ว่าง.pdf", b"", EmptyFile),
        ("โปรแกรม.pdf", b"MZ\x90\0" + b"\0" * 100, UnknownKind),
        ("เพจ.pdf", b"<html><script>alert(1)</script></html>", UnknownKind),
        ("รายงาน.docx", PDF, NotWhatItSays),
        ("รายงาน.pdf", files.word(), NotWhatItSays),
        ("รายงาน", PDF, NotWhatItSays),
        ("รายงาน.pdf.exe", PDF, NotWhatItSays),
        ("มาโคร.docm", files.word(), NotWhatItSays),
        ("อะไรก็ได้.docx", zipped("anything.txt"), UnknownKind),
        ("สองอย่าง.docx", zipped("[Content_Types].xml", "word/document.xml", "xl/workbook.xml"), UnknownKind),
        ("ขาด.docx", files.word()[:200], CutOff),
        ("ไอโฟน.heic", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", UnknownKind),
        ("ไอโฟน.mp4", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", UnknownKind),
        ("เก่า.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 1000, Broken),
    ],
)
def test_what_a_file_is_not_is_refused_and_nothing_stays(store: Folder, name: str, content: bytes, refusal: type):
    with pytest.raises(refusal, match=name.replace(".", r"\.")):
        store.put([content], name)
    assert [path for path in store.root.rglob("*") if path.is_file()] == []


def test_what_is_larger_than_the_limit_is_refused_while_it_comes(store: Folder):
    asked_for = []

    def endless():
        for number in range(10_000):
            asked_for.append(number)
            yield PDF + b"\0" * (1024 * 1024)

    with pytest.raises(TooLarge):
        store.put(endless(), "ใหญ่.pdf")
    assert len(asked_for) <= 51
    assert not any((store.root / "tmp").iterdir())


@pytest.mark.parametrize(
    ("sent", "kept"),
    [("../../etc/passwd.pdf", "passwd.pdf"), ("C:\\งาน\\รายงาน.pdf", "รายงาน.pdf"), ("ก" * 100 + ".pdf",) * 2],
)
def test_a_name_is_data_and_never_a_path(store: Folder, sent: str, kept: str):
    assert store.put([PDF], sent).name == kept
    digest = hashlib.sha256(PDF).hexdigest()
    files = [path.relative_to(store.root) for path in store.root.rglob("*") if path.is_file()]
    assert files == [Path("o") / digest[:2] / digest]


@pytest.mark.parametrize("name", ["a\0.pdf", "a\n.pdf", "\u202efdp.exe", "\x1b[2J.pdf", "ก" * 300 + ".pdf", "  "])
def test_names_with_signs_that_lie_are_refused(store: Folder, name: str):
    with pytest.raises(BadText):
        store.put([PDF], name)


def test_the_same_file_many_times_at_once_is_one_object(store: Folder):
    kept = []
    senders = [threading.Thread(target=lambda: kept.append(store.put([PDF, b"\n" * 99], "a.pdf"))) for _ in range(20)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    assert len({one.sha256 for one in kept}) == 1
    assert len(kept) == 20
    assert len([path for path in (store.root / "o").rglob("*") if path.is_file()]) == 1


def test_a_stored_file_that_changed_is_never_given_out(store: Folder):
    kept = store.put([PDF], "a.pdf")
    path = store.path(kept.sha256)
    path.chmod(0o644)
    flipped = bytearray(path.read_bytes())
    flipped[3] ^= 1
    path.write_bytes(flipped)
    with pytest.raises(Damaged):
        store.verified(kept.sha256)


def test_a_damaged_object_is_mended_by_a_good_copy(store: Folder):
    kept = store.put([PDF], "a.pdf")
    path = store.path(kept.sha256)
    path.chmod(0o644)
    path.write_bytes(b"x" * len(PDF))
    store.put([PDF], "a.pdf")
    assert store.verified(kept.sha256).read_bytes() == PDF


def test_a_missing_file_is_not_there(store: Folder):
    with pytest.raises(NotFound):
        store.verified("0" * 64)


def test_a_break_in_the_middle_of_receiving_leaves_nothing(store: Folder):
    def breaking():
        yield PDF
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        store.put(breaking(), "a.pdf")
    assert [path for path in store.root.rglob("*") if path.is_file()] == []


def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path: Path):
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    with pytest.raises(StoreUnusable, match="cannot be used"):
        Folder(blocked / "evidence").prepare()


def test_leftovers_of_a_killed_upload_are_cleared_at_the_next_start_and_living_ones_are_not(store: Folder):
    left, living = store.root / "tmp" / "left", store.root / "tmp" / "living"
    long_ago = time.time() - STALE_SECONDS - 10
    with living.open("wb") as receiving:
        fcntl.flock(receiving, fcntl.LOCK_EX)
        left.write_bytes(b"half")
        for path in (left, living):
            os.utime(path, (long_ago, long_ago))
        Folder(store.root).prepare()
        assert (left.exists(), living.exists()) == (False, True)


KILLED = """
import sys, time
from pathlib import Path
from ita_core.evidence.store import Folder
store = Folder(Path(sys.argv[1]))
store.prepare()
content = Path(sys.argv[2]).read_bytes()
number = 0
while True:
    kept = store.put([content, b"\\n%" + str(number).encode()], "a.pdf")
    print(kept.sha256, flush=True)
    number += 1
"""


def test_a_kill_in_the_middle_loses_nothing_that_was_acknowledged(tmp_path: Path):
    acknowledged = []
    (tmp_path / "a.pdf").write_bytes(PDF)
    for delay in (0.4, 0.05, 0.11, 0.17, 0.23):
        process = subprocess.Popen(
            [sys.executable, "-c", KILLED, str(tmp_path), str(tmp_path / "a.pdf")],
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ},
        )
        assert process.stdout is not None
        acknowledged.append(process.stdout.readline().strip())
        time.sleep(delay)
        process.send_signal(signal.SIGKILL)
        acknowledged += [line.strip() for line in process.stdout if line.endswith("\n")]
        process.wait()
    store = Folder(tmp_path)
    store.prepare()
    assert len(acknowledged) > 5
    for sha256 in acknowledged:
        assert store.verified(sha256).exists()
    for path in (tmp_path / "o").rglob("*"):
        if path.is_file():
            assert hashlib.sha256(path.read_bytes()).hexdigest() == path.name


def test_every_kind_that_the_uploader_offers_has_a_format():
    assert {kind.format for kind in KINDS} == {"pdf", "word", "excel", "slides", "image", "video"}


@pytest.mark.parametrize("box", ["0 0 595 842", "0 0 275 1000000", "0 0 1000000 1", "0 0 0.001 0.001"])
def test_a_page_of_any_size_is_drawn_small(tmp_path: Path, box: str):
    path = tmp_path / "page.pdf"
    path.write_bytes(files.pdf_with(box))
    found = drawing.drawn(str(path), Path)
    for page in found.pages:
        width, height = Image.open(io.BytesIO(page)).size
        assert width * height <= drawing.LARGEST * 1.05
    if box == "0 0 595 842":
        assert (found.count, len(found.pages)) == (1, 1)


def test_a_pdf_that_cannot_be_read_has_no_pages(tmp_path: Path):
    path = tmp_path / "broken.pdf"
    path.write_bytes(PDF[:300])
    assert drawing.drawn(str(path), Path) == drawing.Drawn(0, ())


def test_a_page_that_came_too_late_is_drawn_the_next_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = tmp_path / "page.pdf"
    path.write_bytes(PDF)
    with monkeypatch.context() as patch:
        patch.setattr(drawing, "SECONDS", 0.001)
        assert drawing.drawn(str(path), Path).count == 0
    assert drawing.drawn(str(path), Path).count == 1
    monkeypatch.setattr(child, "ROOT", tmp_path)  # no more child: what was drawn is kept
    assert drawing.drawn(str(path), Path).count == 1
