"""Files: what they are. How they are kept is test_store.py's."""

import hashlib
import io
from pathlib import Path

import pytest
from PIL import Image

from ita_core.evidence import child, drawing
from ita_core.evidence.inspect import Broken, CutOff, EmptyFile, NotWhatItSays, UnknownKind
from ita_core.evidence.kinds import KINDS
from ita_core.evidence.store import Folder
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
