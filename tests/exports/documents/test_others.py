"""The other documents, of a small office with real work in it: what they say, and what they do not."""

from collections.abc import Callable, Iterator
from datetime import date

import pytest

from ita_core import language, settings, workflow
from ita_core.access import Actor
from ita_core.board import progress
from ita_core.errors import NotFound
from ita_core.exports.documents import making
from ita_core.exports.documents.docx import as_docx
from ita_core.exports.documents.model import Document, PageBreak, Table, body
from ita_core.exports.documents.pdf import as_pdf
from ita_core.models import Decision, Role
from tests.exports.documents import reading
from tests.exports.office import DAY, Office, at

Made = Callable[..., Document]


@pytest.fixture
def made(office: Office, monkeypatch: pytest.MonkeyPatch) -> Iterator[Made]:
    """`made(name, …)`: a document for the server's own command, as of a day."""
    monkeypatch.setenv("ITA_TODAY", DAY.isoformat())
    settings.settings.cache_clear()

    def make(name: str, day: date = DAY, who: Actor | None = None, number: int = 0) -> Document:
        snapshot = office.snapshot.on(day)
        snapshot = snapshot if who is None else snapshot.visible_to(who)
        return making.prepare(office.session, name, snapshot, day, who, number)(lambda _done, _expected: None)

    yield make
    settings.settings.cache_clear()


def tables(document: Document, head: str) -> list[list[list[str]]]:
    """The rows of each table whose head has this word."""
    found = [one for one in document.blocks if isinstance(one, Table) and head in [cell.text for cell in one.head]]
    return [[[cell.text for cell in row] for row in table.rows] for table in found]


def rows(document: Document, head: str) -> list[list[str]]:
    """Of the one table whose head has this word."""
    [table] = tables(document, head)
    return table


# --- each officer's list ---------------------------------------------------------------------------------------------


def test_each_officer_has_a_list_that_begins_on_a_page_of_its_own(made: Made, office: Office):
    document = made("assignments")
    titles = [one for one in document.texts if one == "บัญชีมอบหมายงานรายบุคคล"]
    breaks = [one for one in document.blocks if isinstance(one, PageBreak)]
    assert (len(titles), len(breaks)) == (17, 16)
    assert [text for text in document.texts if text.startswith("ร.ต.อ.หญิง ปิยาภรณ์")][:1] == ["ร.ต.อ.หญิง ปิยาภรณ์ หาญณรงค์"]


def test_an_officer_gets_their_own_list_and_nobody_else_s(made: Made, office: Office):
    who = Actor(
        office.account("piyaporn"), Role.officer, office.parties["piyaporn"].id, assessment_id=office.assessment.id
    )
    wanted = next(item.requirements for item in office.snapshot.items if item.code == "O11")
    document = made("assignments", who=who)
    assert rows(document, "สิ่งที่ต้องจัดทำ") == [
        [
            "O11",
            "\n".join(["แผนการใช้จ่ายงบประมาณประจำปี และการรายงานผล", *(f"- {one.title}" for one in wanted)]),
            "ดำเนินการเสร็จสิ้น ภายใน มี.ค.68",
            "0/7\nยังไม่เริ่ม",
        ]
    ]
    assert not [text for text in document.texts if "อังศุศรณ์" in text]


def test_an_account_that_belongs_to_no_officer_gets_an_empty_list(made: Made, office: Office):
    document = made("assignments", who=Actor(1, Role.officer, None, assessment_id=office.assessment.id))
    assert document.texts[-1] == "ไม่มีผู้ได้รับมอบหมายตามแผนในวันดังกล่าว"


@pytest.mark.parametrize("name", ["measure", "report", "monthly", "meeting"])
def test_the_rest_is_for_who_sees_all(made: Made, office: Office, name: str):
    with pytest.raises(NotFound):
        made(name, who=Actor(1, Role.officer, office.parties["piyaporn"].id, assessment_id=office.assessment.id))


# --- the month -------------------------------------------------------------------------------------------------------


def test_the_month_tells_what_was_accepted_in_it_what_is_late_and_whose_and_what_comes(made: Made, office: Office):
    sender, supervisor = office.account("piyaporn"), office.account("khanittha")
    piece = office.hand_in(sender, moment=at(5))
    workflow.review(office.session, by=supervisor, evidence_id=piece, decision=Decision.accepted, at=at(6))
    document = made("monthly")
    assert document.texts[0] == "บันทึกข้อความ"
    assert "รายงานความก้าวหน้าการเตรียมความพร้อมรับการประเมินคุณธรรมและความโปร่งใส (ITA) ประจำเดือนมีนาคม 2568" in document.texts
    assert "เรียน  ผกก.ตม.จว.ประจวบคีรีขันธ์" in document.texts
    each = {row[0]: row for table in document.blocks if isinstance(table, Table) and len(table.head) == 6
            for row in ([cell.text for cell in one] for one in table.rows)}  # fmt: skip
    assert each["O11"][3:] == ["1/7", "+1", "กำลังจัดทำ"]
    assert each["1.2"][2:] == ["งานส่งกำลังบำรุง", "0/1", "-", "ยังไม่เริ่ม"]
    late = {row[0]: row for row in rows(document, "เกินกำหนด\nมาแล้ว")}
    assert late["O9"][2:] == ["43 วัน", "ด.ต.หญิง อัยย์ธัญญา กฤตย์อัศวโกคิน"]
    assert "O11" not in late
    still, coming = tables(document, "ครบกำหนด")
    assert {row[2] for row in still} == {"31 มี.ค. 68"}
    assert {row[2] for row in coming} == {"1 เม.ย. 68", "30 เม.ย. 68"}
    assert [row[2] for row in coming] == sorted((row[2] for row in coming), key=lambda day: int(day.split()[0]))
    later = made("monthly", day=date(2025, 4, 2))
    assert not any(row[4] == "+1" for table in later.blocks if isinstance(table, Table) and len(table.head) == 6
                   for row in ([cell.text for cell in one] for one in table.rows))  # fmt: skip


def test_the_month_says_whose_figures_they_are_and_they_are_the_overview_s(made: Made, office: Office):
    """The overview counts disclosure items; what the office's own measures add to the tables is told apart."""
    sender, supervisor = office.account("piyaporn"), office.account("khanittha")
    piece = office.hand_in(sender, moment=at(5))
    workflow.review(office.session, by=supervisor, evidence_id=piece, decision=Decision.accepted, at=at(6))
    day = date(2025, 4, 5)  # some measures are overdue by then
    now, board = office.snapshot.on(day).figures(day), office.snapshot.on(day).board(day)
    own = [one for one in board.items if one not in board.oit]
    slots, items = progress.overdue_parts(own)
    oit, measures = [text for text in made("monthly", day=day).texts if "ช่องใน" in text]
    assert oit.startswith(f"ณ วันที่ 5 เมษายน 2568 ข้อมูลสาธารณะ (OIT) รับแล้วร้อยละ {now.accepted * 100:.1f} ")
    assert f"เทียบกับแผนร้อยละ {now.planned * 100:.1f} (ช้ากว่าแผน " in oit
    assert f"เกินกำหนด {now.overdue_slots} ช่องใน {now.overdue_items} ข้อ ของ {now.overdue_officers} นาย" in oit
    assert f"รอตรวจ {now.waiting} ชิ้น รอผู้กำกับการอนุมัติ {len(now.to_approve)} ข้อ" in oit
    assert measures.startswith(f"มาตรการของหน่วยงาน รับแล้ว 0 จาก {sum(one.tally.slots for one in own)} ช่อง ")
    assert slots > 0
    assert f"เกินกำหนด {slots} ช่องใน {items} ข้อ ของ " in measures
    [march] = [text for text in made("monthly").texts if "ช่องใน" in text]
    assert "ในเดือนนี้รับเพิ่ม 1 ช่อง" in march


def test_on_a_month_s_last_day_what_is_due_that_day_is_still_told(made: Made):
    document = made("monthly", day=date(2025, 3, 31))
    assert any("งานที่จะครบกำหนดภายในสิ้นเดือนมีนาคม 2568" in text for text in document.texts)
    still, coming = tables(document, "ครบกำหนด")
    assert {row[2] for row in still} == {"31 มี.ค. 68"}
    assert "31 มี.ค. 68" not in {row[2] for row in coming}


def test_what_waits_for_review_is_the_supervisors_turn_in_the_list_of_what_is_due(made: Made, office: Office):
    office.hand_in(office.account("piyaporn"), moment=at(5))
    turns = [row[3] for table in tables(made("monthly"), "ครบกำหนด") for row in table if row[0] == "O11"]
    assert any("ขนิษฐา" in turn for turn in turns)


def test_the_first_month_of_a_year_has_none_before_it(made: Made):
    assert any("เมื่อต้นเดือนร้อยละ 0.0" in text for text in made("monthly", day=date(2024, 10, 5)).texts)


def test_there_is_none_of_a_year_that_has_not_begun(made: Made, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("ITA_TODAY", "2024-09-30")
    settings.settings.cache_clear()
    language.use("en")
    try:
        for name in ("monthly", "report", "meeting"):
            with pytest.raises(making.NotBegun, match=r"^The fiscal year 2568 has not begun, so"):
                made(name)
    finally:
        language.use("th")
    assert made("assignments").texts


# --- the meeting -----------------------------------------------------------------------------------------------------


@pytest.fixture
def held(office: Office) -> list[int]:
    """Two meetings: what the first ordered is still open in the second; one more that has not ended."""
    commander = office.account("thianchai", Role.commander)
    of = office.assessment.id
    ids = []
    for day, text, ended in ((3, "ทำ O11 ให้ <b>เสร็จ</b>", True), (10, "เร่ง O9", True), (14, "ยังไม่จบ", False)):
        meeting = workflow.open_meeting(office.session, by=commander, assessment_id=of, at=at(day))
        there = [office.parties[key].id for key in ("thianchai", "khanittha")]
        workflow.attend(
            office.session, by=commander, meeting_id=meeting, officer_ids=there, guests="ผู้แทน บก.ตม.3", at=at(day)
        )
        workflow.direct(
            office.session, by=commander, assessment_id=of, text=text, party_ids=[office.parties["piyaporn"].id],
            due=date(2025, 3, 20), meeting_id=meeting, at=at(day, 10),
        )  # fmt: skip
        if ended:
            workflow.end_meeting(office.session, by=commander, meeting_id=meeting, at=at(day, 11))
        ids.append(meeting)
    return ids


def test_a_meeting_s_report_says_who_was_there_and_who_does_what_by_when(made: Made, office: Office, held: list[int]):
    document = made("meeting")
    text = "\n".join(document.texts)
    assert "ครั้งที่ 2 ประจำปีงบประมาณ พ.ศ. 2568" in text
    assert document.which == "2"
    figures = office.snapshot.figures(date(2025, 3, 10), at(10, 11))
    assert f"ข้อมูลสาธารณะ (OIT) รับแล้วร้อยละ {figures.accepted * 100:.1f} (ค่าเฉลี่ยรายข้อ) เทียบกับแผนร้อยละ" in text
    assert f"เกินกำหนด {figures.overdue_slots} ช่องใน {figures.overdue_items} ข้อ ของ" in text
    assert "มาตรการของหน่วยงาน รับแล้ว 0 จาก 20 ช่อง" in text
    assert "นับจากการประชุมครั้งที่แล้ว ข้อมูลสาธารณะ (OIT) รับเพิ่ม 0 ช่อง ตีกลับ 0 ช่อง เกินกำหนดใหม่ 0 ช่อง" in text
    assert "เมื่อวันที่ 10 มีนาคม 2568 เวลา 16.00 น." in text
    assert "1. ว่าที่ พ.ต.อ.เทียนชัย ชมภู" in text
    assert "ผู้แทน บก.ตม.3" in document.texts
    assert "เลิกประชุมเวลา 18.00 น." in document.texts
    carried, ordered = (
        [[cell.text for cell in row] for row in one.rows]
        for one in document.blocks
        if isinstance(one, Table) and one.head[1].text == "ข้อสั่งการ"
    )
    assert carried[0][1:4] == ["ทำ O11 ให้ <b>เสร็จ</b>", "ร.ต.อ.หญิง ปิยาภรณ์ หาญณรงค์", "20 มี.ค. 68"]
    assert [row[1] for row in ordered] == ["เร่ง O9"]


def test_a_number_chooses_the_meeting_and_one_that_goes_on_is_none(made: Made, held: list[int]):
    first = made("meeting", number=1)
    assert "ครั้งที่ 1 ประจำปีงบประมาณ พ.ศ. 2568" in first.texts
    assert any("เป็นการประชุมครั้งแรก" in text for text in first.texts)
    with pytest.raises(making.UnknownMeeting):
        made("meeting", number=3)


def test_without_a_meeting_there_is_no_report_of_one(made: Made, held: list[int]):
    with pytest.raises(making.NoMeeting):
        made("meeting", day=date(2025, 3, 2))


# --- all of them -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["monthly", "meeting", "assignments"])
def test_every_paragraph_comes_back_from_the_pdf(made: Made, held: list[int], name: str):
    document = made(name)
    pdf = as_pdf(document)
    found = {reader: reading.lost(document, read(pdf)) for reader, read in reading.readers().items()}
    assert found == {"PDFium": [], "poppler": []}
    assert as_docx(document).startswith(b"PK")


def test_what_people_type_is_no_markup():
    typed = '#import "x" $x^2$ *หนา* _เอียง_ `โค้ด` <ป้าย> @อ้าง \\ // หมายเหตุ #read("/etc/passwd") [ก] {ข} ~ -- ...'
    document = Document("#panic()", '"', (body(typed),))
    assert reading.lost(document, reading.by_pdfium(as_pdf(document))) == []
