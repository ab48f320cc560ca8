"""Documents looked at beside the decision and on an item's page, what they replace, and their threads."""

from datetime import timedelta

import docx
import pytest
from streamlit.testing.v1 import AppTest

from ita_core import db, workflow
from ita_core.evidence import printing
from ita_core.evidence.bounds import MOST_LINES
from ita_core.evidence.store import open_store
from ita_core.models import Decision
from tests import files
from tests.cast import item_id, slots
from tests.evidence.test_reading import saved
from tests.pages.conftest import Office, shown
from tests.pages.work import NOW, PDF, hand_in
from tests.workflow.work import the_supervisor_of_o10

needs_libreoffice = pytest.mark.skipif(
    not printing.program(), reason="soffice (Debian: libreoffice-writer-nogui …) is not installed"
)


def send(office: Office, content: bytes, name: str, minutes: int = 0, fmt: str = "word") -> int:
    kept = open_store().put([content], name)
    with db.writing() as session:
        return workflow.submit(
            session, by=office.cast.usa, item_id=item_id(session, "O6"), content=kept,
            slots=slots(session, "O6", period="2025-02", format=fmt), at=NOW + timedelta(minutes=minutes),
        )  # fmt: skip


def decide(evidence: int, by: int, decision: Decision, reason: str = "", minutes: int = 1) -> None:
    with db.writing() as session:
        at = NOW + timedelta(minutes=minutes)
        workflow.review(session, by=by, evidence_id=evidence, decision=decision, reason=reason, at=at)


def opened(tester: AppTest, key: str) -> AppTest:
    tester.session_state[key] = True
    return tester.run()


def write(tester: AppTest, evidence: int, text: str) -> AppTest:
    tester.text_area(key=f"say-{evidence}").set_value(text)
    return tester.button(key=f"message-{evidence}").click().run()


def report(*lines: str) -> bytes:
    document = docx.Document()
    for line in lines:
        document.add_paragraph(line)
    table = document.add_table(1, 2)
    table.rows[0].cells[0].text, table.rows[0].cells[1].text = "คดี", "<b>12</b>"
    return saved(document)


def test_a_word_file_is_read_beside_the_decision_as_text_never_as_its_own_markup(office: Office):
    send(office, report("รายงาน <script>alert(1)</script>"), "รายงาน.docx")
    text = shown(office.open("khanittha", "review"))
    assert "รายงาน &lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert "<td>คดี</td><td>&lt;b&gt;12&lt;/b&gt;</td>" in text
    assert "<script>" not in text


def test_a_workbook_is_read_beside_the_decision_from_the_store(office: Office, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(printing, "program", lambda: "")
    kept = open_store().put([files.excel(("เลขประจำตัว", 1101700203451))], "รายชื่อ.xlsx")
    with db.writing() as session:
        workflow.submit(
            session, by=office.cast.piyaporn, item_id=item_id(session, "O11"), content=kept,
            slots=slots(session, "O11", format="excel"), at=NOW,
        )  # fmt: skip
    assert "<td>เลขประจำตัว</td><td>1101700203451</td>" in shown(office.open("khanittha", "review"))


@needs_libreoffice
def test_an_office_file_s_pages_are_drawn_where_libreoffice_is_installed(office: Office):
    made = send(office, report("รายงาน"), "รายงาน.docx")
    old = send(office, files.doc(), "เดิม.doc", 1)
    text = shown(office.open("khanittha", "review"))
    assert f'src="/evidence/{made}/page/1"' in text
    tester = office.open("khanittha", "review")
    tester.radio(key="queue").set_value(old).run()
    assert f'src="/evidence/{old}/page/1"' in shown(tester)


def test_without_libreoffice_an_old_word_file_is_not_drawn(office: Office, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(printing, "program", lambda: "")
    send(office, files.doc() + b"\0", "เดิม.doc")
    assert "เอกสารชนิดนี้ไม่แสดงตัวอย่าง โปรดเปิดไฟล์เพื่ออ่าน" in shown(office.open("khanittha", "review"))


def test_beside_a_replacement_stand_the_old_one_its_reason_and_what_differs(office: Office):
    old = send(office, report("รายงานเดือน ก.พ.", "ไม่ระบุวันที่"), "เดิม.docx")
    decide(old, office.cast.khanittha, Decision.returned, "ขาดวันที่")
    new = send(office, report("รายงานเดือน ก.พ.", "วันที่ 3 มี.ค. 68"), "แก้ไข.docx", 5)
    text = shown(office.open("khanittha", "review"))
    assert "แทนที่หลักฐานเดิม" in text
    assert "ขาดวันที่" in text
    assert f'href="/evidence/{old}"' in text
    assert "ข้อความ: ตัดออก 1 บรรทัด เพิ่มเข้ามา 1 บรรทัด" in text
    assert "<del><b>−</b> ไม่ระบุวันที่</del><ins><b>+</b> วันที่ 3 มี.ค. 68</ins>" in text
    assert text.index("เดิม: เดิม.docx") < text.index("ฉบับใหม่")
    assert f'href="/evidence/{new}"' in text


def replaced(office: Office, old: bytes, new: bytes) -> str:
    """What the supervisor sees of a Word file in place of one that was returned."""
    decide(send(office, old, "เดิม.docx"), office.cast.khanittha, Decision.returned, "ไม่ครบ")
    send(office, new, "แก้ไข.docx", 5)
    return shown(office.open("khanittha", "review"))


MANY_LINES = [f"บรรทัดที่ {number}" for number in range(MOST_LINES)]


def test_two_long_documents_are_told_as_the_same_only_as_far_as_they_were_compared(office: Office):
    """A supervisor decides by it."""
    text = replaced(office, files.word(*MANY_LINES, "ยอดรวม 100"), files.word(*MANY_LINES, "ยอดรวม 900"))
    assert '<p class="ita-doubt">⚠ ข้อความส่วนต้นเหมือนกัน แต่ไม่ได้เทียบส่วนที่เหลือ' in text
    assert "ข้อความเหมือนกันทุกบรรทัด" not in text
    assert "ข้อความและตารางในไฟล์ (แสดงเพียงบางส่วน)" in text


def test_where_the_differences_are_not_all_that_is_said_beside_them(office: Office):
    text = replaced(office, files.word("ไม่ระบุวันที่", *MANY_LINES), files.word("วันที่ 3 มี.ค. 68", *MANY_LINES))
    assert "ข้อความ: ตัดออก 1 บรรทัด เพิ่มเข้ามา 1 บรรทัด" in text
    assert '<p class="ita-doubt">⚠ ยังไม่ได้เทียบทั้งหมด' in text


def test_two_short_documents_with_the_same_text_are_told_as_the_same_in_what_is_compared(office: Office):
    again = files.added(report("รายงาน"), "docProps/other.xml", b"<x/>", "application/xml")
    text = replaced(office, report("รายงาน"), again)
    assert "ข้อความเหมือนกันทุกบรรทัด (ไม่ได้เทียบภาพ หัวท้ายกระดาษ และหมายเหตุ)" in text
    assert "เพียงบางส่วน" not in text


def test_nothing_is_said_to_be_replaced_where_nothing_was_there_or_it_was_withdrawn(office: Office):
    first = send(office, report("ก"), "ก.docx")
    assert "แทนที่หลักฐานเดิม" not in shown(office.open("khanittha", "review"))
    with db.writing() as session:
        workflow.withdraw(session, by=office.cast.usa, evidence_id=first, at=NOW + timedelta(minutes=1))
    send(office, report("ข"), "ข.docx", 2)
    assert "แทนที่หลักฐานเดิม" not in shown(office.open("khanittha", "review"))


def test_what_the_requirement_demands_stands_beside_the_decision_as_on_the_item_s_page(office: Office):
    hand_in(office, 1)
    text = shown(office.open("khanittha", "review"))
    for piece in ("ita-demand", "งานสืบสวนปราบปราม", "ก.พ. 68 · PDF · กำหนด 1 มี.ค. 68"):
        assert piece in text


@pytest.mark.parametrize("who", ["usa", "khanittha", "commander", "viewer"])
def test_whoever_may_read_an_item_looks_at_its_documents_on_its_page(office: Office, who: str):
    made = hand_in(office, 1)
    tester = office.open(who, "item", item="O6")
    assert "/page/1" not in shown(tester)  # drawn once somebody wants to see it
    assert f'src="/evidence/{made}/page/1"' in shown(opened(tester, f"look-{made}"))


def test_an_officer_answers_what_the_supervisor_asked_and_each_sees_that_it_waits(office: Office):
    made = hand_in(office, 1)
    write(opened(office.open("khanittha", "review"), f"thread-{made}"), made, "หน้า 2 อยู่ที่ใด")
    work = shown(office.open("usa", "my_work"))
    assert "ข้อความที่รอท่านตอบ" in work
    assert "หน้า 2 อยู่ที่ใด" in work
    tester = write(opened(office.open("usa", "item", item="O6"), f"thread-{made}"), made, "อยู่ท้ายไฟล์")
    assert not tester.exception
    assert tester.text_area(key=f"say-{made}").value == ""
    assert "อยู่ท้ายไฟล์" in shown(tester)
    assert "ข้อความที่รอท่านตอบ" not in shown(office.open("usa", "my_work"))
    review = office.open("khanittha", "review")
    assert "ข้อความที่รอท่านตอบ" in shown(review)
    assert "มีข้อความรอตอบ" in review.radio(key="queue").options[0]
    assert "อยู่ท้ายไฟล์" in shown(office.open("viewer", "item", item="O6"))
    assert not [one for one in office.open("viewer", "item", item="O6").expander if one.label == "ถามหรือตอบ"]


def test_what_was_refused_stays_in_its_field_with_the_reason(office: Office):
    made = hand_in(office, 1)
    tester = write(opened(office.open("usa", "item", item="O6"), f"thread-{made}"), made, "ก" * 4001)
    assert "ข้อความยาวเกินไป" in shown(tester)
    assert len(tester.text_area(key=f"say-{made}").value) == 4001


def test_on_a_past_day_stands_what_was_written_until_then(office: Office):
    made = hand_in(office, 1)
    for days, text in ((0, "ถามวันแรก"), (1, "ถามวันหลัง")):
        with db.writing() as session:
            at = NOW + timedelta(days=days)
            workflow.write_message(session, by=office.cast.khanittha, evidence_id=made, text=text, at=at)
    past = shown(office.open("usa", "item", item="O6", day="2025-03-14"))
    assert "ถามวันแรก" in past
    assert "ถามวันหลัง" not in past
    assert "ถามวันหลัง" in shown(office.open("usa", "item", item="O6"))


def test_the_commander_looks_at_all_that_is_accepted_before_approving(office: Office):
    with db.writing() as session:
        of, everything = item_id(session, "O10"), slots(session, "O10")
        by, supervisor = office.cast.usa, the_supervisor_of_o10(session)
    made = []
    for fmt, suffix, content in (("pdf", ".pdf", PDF), ("word", ".docx", report("รายงาน"))):
        kept = open_store().put([content], f"รายงาน{suffix}")
        with db.writing() as session:
            keys = [key for key in everything if key.format == fmt]
            made.append(workflow.submit(session, by=by, item_id=of, content=kept, slots=keys, at=NOW))
        decide(made[-1], supervisor, Decision.accepted)
    tester = opened(office.open("commander", "item", item="O10"), "look-all-O10")
    assert f'src="/evidence/{made[0]}/page/1"' in shown(tester)
    assert "<td>คดี</td>" in shown(tester)
    label = "ดูหลักฐานที่รับแล้วทั้งหมด"
    assert [one for one in tester.expander if label in one.label]
    assert not [one for one in office.open("usa", "item", item="O10").expander if label in one.label]
