"""Which kind a file is of, and that what it is not is refused."""

import hashlib
import struct

import pytest

from ita_core.evidence.folder import Folder
from ita_core.evidence.inspect import Broken, CutOff, EmptyFile, NotWhatItSays, TooManyPixels, UnknownKind
from ita_core.evidence.kinds import KINDS
from tests import files, papers


def zipped(*names: str) -> bytes:
    return files.packed(dict.fromkeys(names, b"x"))


PDF = papers.pdf()
MP4 = files.film()
HEIC = files.heic()


def test_a_photograph_of_an_iphone_is_kept_as_a_jpeg_with_the_hash_of_what_was_sent(store: Folder):
    kept = store.put([HEIC], "ไอโฟน.HEIC")
    assert (kept.format, kept.media_type, kept.name) == ("image", "image/jpeg", "ไอโฟน.jpg")
    content = store.verified(kept.sha256).read_bytes()
    assert content.startswith(b"\xff\xd8\xff")
    assert kept.size == len(content)
    assert kept.noticed.heic_sha256 == hashlib.sha256(HEIC).hexdigest()
    assert (kept.noticed.width, kept.noticed.height) == (64, 48)
    assert (kept.noticed.made_at or "").startswith("2025-02-03T10:11:12")
    assert store.put([HEIC], "ไอโฟน.heif").sha256 == kept.sha256
    assert not list(store.inbox.iterdir())


def test_a_heic_of_more_pixels_than_can_be_decoded_is_refused_by_its_header(store: Folder):
    wide = HEIC
    for height in (48, 64):  # as shown and as coded
        size = struct.pack(">LLL", 0, 64, height)
        wide = wide.replace(b"ispe" + size, b"ispe" + struct.pack(">LLL", 0, 30_000, 30_000))
    assert wide != HEIC
    with pytest.raises((TooManyPixels, Broken)):
        store.put([wide], "ไอโฟน.heic")


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
        ("ไอโฟน.heic", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", Broken),
        ("ไอโฟน.heic", HEIC[: len(HEIC) // 2], Broken),
        ("ไอโฟน.mp4", HEIC, NotWhatItSays),
        ("ไอโฟน.jpg", HEIC, NotWhatItSays),
        ("ภาพ.avif", b"\0\0\0\x18ftypavif\0\0\0\0mif1avif", UnknownKind),
        ("เก่า.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 1000, Broken),
    ],
)
def test_what_a_file_is_not_is_refused_and_nothing_stays(store: Folder, name: str, content: bytes, refusal: type):
    with pytest.raises(refusal, match=name.replace(".", r"\.")):
        store.put([content], name)
    assert [path for path in store.root.rglob("*") if path.is_file()] == []


def test_every_kind_that_the_uploader_offers_has_a_format():
    assert {kind.format for kind in KINDS} == {"pdf", "word", "excel", "slides", "image", "video"}
