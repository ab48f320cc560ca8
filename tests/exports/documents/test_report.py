"""O24: what was done against each measure, with accepted pictures, made small by a process of its own."""

import errno
import io
from datetime import date
from pathlib import Path

import pytest
from PIL import Image

from ita_core import db, queries, settings, workflow
from ita_core.errors import NoRoom, Refused
from ita_core.evidence.folder import Folder
from ita_core.evidence.objects import DiskFull, StoreAway
from ita_core.evidence.store import open_store
from ita_core.exports.documents import making, report
from ita_core.exports.documents.docx import as_docx
from ita_core.exports.documents.model import Document, Picture
from ita_core.exports.documents.pdf import as_pdf
from ita_core.models import Decision
from tests.cast import Cast, item_id, slots
from tests.exports.documents import reading

DAY = date(2025, 3, 15)  # of the server at work


def made(day: date = DAY) -> Document:
    with db.reading() as session:
        snapshot = queries.take_snapshot(session, queries.get_assessment(session)).on(day)
        make = making.prepare(session, "report", snapshot, day)
    return make(lambda _done, _expected: None)


def pictures(document: Document) -> list[Picture]:
    return [one for one in document.blocks if isinstance(one, Picture)]


def photograph(width: int = 2400, height: int = 1600, turned: int = 1) -> bytes:
    kept, how = io.BytesIO(), Image.Exif()
    how[0x0112] = turned
    Image.effect_noise((width // 4, height // 4), 60).resize((width, height)).convert("RGB").save(
        kept, "JPEG", exif=how
    )
    return kept.getvalue()


def accept(cast: Cast, code: str, content: bytes, name: str, note: str = "") -> str:
    """A picture that Angsuson handed in to a measure, and Khanittha accepted; gives its hash."""
    file = open_store().put([content], name)
    with db.writing() as session:
        piece = workflow.submit(
            session, by=cast.itap, item_id=item_id(session, code), slots=slots(session, code), content=file, note=note,
            at=settings.settings().now(),
        )  # fmt: skip
        workflow.review(
            session, by=cast.khanittha, evidence_id=piece, decision=Decision.accepted, at=settings.settings().now()
        )
    return file.sha256


def test_it_shows_accepted_pictures_and_says_so_where_there_are_none(at_work: Cast):
    accept(at_work, "W1", photograph(), "หน้าเว็บ.jpg", "หน้าแรกของเว็บไซต์")
    document = made()
    [picture] = pictures(document)
    assert picture.caption == "ภาพที่ 1  หน้าแรกของเว็บไซต์ (15 มีนาคม 2568)"
    with Image.open(io.BytesIO(picture.content)) as opened:
        assert (opened.format, opened.size) == ("JPEG", (1400, 933))
    assert "- หน้าแรกของเว็บไซต์ (หน้าเว็บ.jpg) วันที่ 15 มีนาคม 2568" in document.texts
    assert document.texts.count("ผลการดำเนินการ: ยังไม่มีหลักฐานที่ผ่านการตรวจรับ ณ วันที่ 15 มีนาคม 2568") == 19
    assert pictures(made(date(2025, 3, 14))) == []
    pdf = as_pdf(document)
    found = {reader: reading.lost(document, read(pdf)) for reader, read in reading.readers().items()}
    assert found == {"PDFium": [], "poppler": []}
    assert as_docx(document).startswith(b"PK")


def test_a_photograph_stands_as_it_was_held(at_work: Cast):
    accept(at_work, "W1", photograph(turned=6), "ตั้ง.jpg")
    [picture] = pictures(made())
    with Image.open(io.BytesIO(picture.content)) as opened:
        assert opened.size == (933, 1400)
    assert picture.height == report.TALLEST


def test_what_is_seen_through_is_white_as_paper(at_work: Cast):
    kept = io.BytesIO()
    Image.new("RGBA", (40, 40), (0, 0, 0, 0)).save(kept, "PNG")
    accept(at_work, "W1", kept.getvalue(), "ใส.png")
    [picture] = pictures(made())
    with Image.open(io.BytesIO(picture.content)) as opened:
        assert opened.getpixel((20, 20)) == (255, 255, 255)


def test_a_picture_that_cannot_be_decoded_is_one_sentence_in_its_place(at_work: Cast):
    """A PNG whose pixels are rubbish: its header is in order, so it was taken when it came."""
    import struct
    import zlib

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 64, 64, 8, 2, 0, 0, 0))
    broken = b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", b"no zlib at all") + chunk(b"IEND", b"")
    accept(at_work, "W1", broken, "เสีย.png")
    document = made()
    assert pictures(document) == []
    assert "ภาพ “เสีย.png” เปิดไม่ได้ จึงไม่ได้แสดงไว้ในรายงานนี้" in document.texts
    assert as_pdf(document).startswith(b"%PDF")


def test_a_picture_that_is_gone_from_the_store_is_the_same_sentence(at_work: Cast):
    gone = accept(at_work, "W2", photograph(400, 300), "หาย.jpg")
    open_store().remove(gone)
    assert "ภาพ “หาย.jpg” เปิดไม่ได้ จึงไม่ได้แสดงไว้ในรายงานนี้" in made().texts


@pytest.mark.parametrize(
    ("trouble", "told"),
    [
        (StoreAway(), StoreAway),
        (DiskFull(file="ภาพ"), DiskFull),
        (OSError(errno.ENOSPC, "No space left on device"), NoRoom),
    ],
)
def test_a_store_that_is_away_or_a_full_disk_tells_nothing_of_the_picture(
    at_work: Cast, monkeypatch: pytest.MonkeyPatch, trouble: Exception, told: type[Refused]
):
    accept(at_work, "W1", photograph(width=404), "อยู่.jpg")

    def away(_store: Folder, _sha256: str) -> Path:
        raise trouble

    monkeypatch.setattr(Folder, "verified", away)
    with pytest.raises(told):
        made()


def test_who_is_responsible_stands_part_by_part(at_work: Cast):
    told = made().texts
    at = told.index("W1  เว็บไซต์ของหน่วยงาน")
    lead = told.index("ผู้รับผิดชอบ", at)
    assert [text.split(" ")[:2] for text in told[lead + 1 : lead + 3]] == [
        ["-", "ควบคุมและติดตามข้อมูล:"],
        ["-", "จัดทำข้อมูล:"],
    ]


def test_there_are_no_more_pictures_than_a_report_can_hold(at_work: Cast, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(report, "MOST_PICTURES", 1)
    accept(at_work, "W1", photograph(400, 300), "หนึ่ง.jpg")
    accept(at_work, "W2", photograph(404, 300), "สอง.jpg")
    document = made()
    assert len(pictures(document)) == 1
    assert "ภาพ “สอง.jpg” ไม่ได้แสดงไว้ในรายงานนี้ เนื่องจากมีภาพจำนวนมาก" in document.texts
