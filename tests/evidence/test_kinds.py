"""Which kind a file is of, and that what it is not is refused."""

import hashlib

import pytest

from ita_core.evidence.folder import Folder
from ita_core.evidence.inspect import Broken, CutOff, EmptyFile, NotWhatItSays, UnknownKind
from ita_core.evidence.kinds import KINDS
from tests import files, papers


def zipped(*names: str) -> bytes:
    return files.packed(dict.fromkeys(names, b"x"))


PDF = papers.pdf()
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
