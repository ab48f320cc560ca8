"""The clarification as a document: drafted from the records, marked as a draft until it is approved, read back."""

import io
from collections.abc import Callable
from datetime import date

import docx
import pytest

from ita_core import db, language, queries
from ita_core.errors import NotFound
from ita_core.exports.documents import making
from ita_core.exports.documents.clarification import drafted
from ita_core.models import ClarificationOutcome
from tests.cast import Cast
from tests.workflow.test_clarifications import URL, answer, decide, dispute, filed, give_up, write  # noqa: F401

DAY = date(2025, 8, 1)
DRAFT = "ร่าง (ผู้บังคับบัญชายังไม่ได้อนุมัติ ยังนำไปลงในระบบ ITAP ไม่ได้)"


def taken(who: int | None = None, item: str = "", day: date = DAY) -> tuple[str, list[str]]:
    """The file's name, and every text in it: of paragraphs and of tables."""
    with db.reading() as session:
        here = queries.get_assessment(session)
        actor = None if who is None else queries.get_actor(session, who, here.id)
        data = queries.current_snapshot(session, here).on(day)
        data = data if actor is None else data.visible_to(actor)
        make = making.prepare(session, "clarifications", data, day, actor, item=item)
    made = make(lambda _done, _expected: None)
    read = docx.Document(io.BytesIO(making.encode(made, "docx")))
    assert making.encode(made, "pdf").startswith(b"%PDF")
    texts = [one.text for one in read.paragraphs]
    texts += [cell.text for table in read.tables for row in table.rows for cell in row.cells]
    plain = [text.replace("\N{NO-BREAK SPACE}", " ").replace("\u200b", "") for text in texts]
    return making.file_of("clarifications", made, here, day, "docx"), plain


def lines(code: str = "O10") -> list[str]:
    return drafted(dispute(code), "ตม.จว.ประจวบคีรีขันธ์").split("\n")


def test_the_draft_says_what_the_records_say_each_with_its_day(filed: Cast):  # noqa: F811
    text = lines()
    assert text[0] == (
        "ตามที่หน่วยประเมินได้แจ้งผลการตรวจแบบตรวจการเปิดเผยข้อมูลสาธารณะ (OIT) ข้อ O10 สถิติ ผลการดำเนินงาน ได้ 50 คะแนน "
        "จากคะแนนเต็ม 100 คะแนน นั้น ตม.จว.ประจวบคีรีขันธ์ ขอเรียนชี้แจงเพิ่มเติม ดังนี้"
    )
    assert text[1] == "1. หน่วยงานได้จัดทำข้อมูลครบถ้วนทุกองค์ประกอบ และผู้ควบคุมได้ตรวจรับแล้วก่อนปิดรับข้อมูลวันที่ 30 เมษายน 2568"
    months = "เดือน ต.ค. 67, พ.ย. 67, ธ.ค. 67, ม.ค. 68, ก.พ. 68, มี.ค. 68 (PDF, Word) ตรวจรับวันที่ 27 กุมภาพันธ์ 2568"
    assert text[2:4] == [f"- {what} {months}" for what in ("จับกุมตาม พ.ร.บ.คนเข้าเมือง พ.ศ.2522", "สถิติการให้บริการ")]
    assert text[4:] == [
        "2. ผู้บริหาร (เทียนชัย ชมภู) ได้ตรวจสอบและอนุมัติข้อมูลเมื่อวันที่ 3 มีนาคม 2568",
        "3. เผยแพร่ข้อมูลบนเว็บไซต์ของหน่วยงานตั้งแต่วันที่ 4 มีนาคม 2568",
        f"- {URL}",
        "4. ได้รายงานในระบบ ITAP เมื่อวันที่ 5 มีนาคม 2568 ก่อนปิดรับข้อมูลวันที่ 30 เมษายน 2568 ด้วยลิงก์ที่ให้ไว้ครั้งแรก ดังนี้",
        f"- {URL}",
        "5. ระบบของหน่วยงานได้ตรวจสอบลิงก์ดังกล่าวหลังปิดรับข้อมูล ปรากฏผลดังนี้",
        f"- {URL} เปิดได้ 2 ครั้ง จากที่ตรวจ 3 ครั้ง (วันที่ 1 พฤษภาคม 2568 ถึง 4 พฤษภาคม 2568)",
        "จึงเรียนมาเพื่อโปรดพิจารณาทบทวนผลการให้คะแนนข้อ O10 โดยพิจารณาจากลิงก์ที่ให้ไว้ในระบบ ITAP ครั้งแรก",
    ]  # fmt: skip


def test_the_draft_is_thai_on_an_english_screen_too(filed: Cast):  # noqa: F811
    before = lines()
    with language.speaking("en"):
        assert lines() == before


def test_of_what_was_not_done_the_draft_claims_nothing(filed: Cast):  # noqa: F811
    text = lines("O6")
    assert len(text) == 2
    assert text[1] == "จึงเรียนมาเพื่อโปรดพิจารณาทบทวนผลการให้คะแนนข้อ O6"


def test_it_is_marked_as_a_draft_until_the_commander_has_approved_this_version(filed: Cast):  # noqa: F811
    write(filed.itap, text="ย่อหน้า\n- รายการ")
    name, texts = taken(item="O10")
    assert name == "ita-2568-clarifications-O10-2568-08-01.docx"
    assert texts[0] == DRAFT
    assert {"ย่อหน้า", "- รายการ", "ข้อ O10 สถิติ ผลการดำเนินงาน", URL, "2/3", "a.pdf"} <= set(texts)
    assert not [text for text in texts if text.startswith("อนุมัติโดย")]

    decide(filed.commander)
    _name, texts = taken(item="O10")
    assert DRAFT not in texts
    assert "อนุมัติโดย เทียนชัย ชมภู เมื่อวันที่ 18 มิถุนายน 2568" in texts

    write(filed.itap, text="แก้ไข", seen=1, hours=5)
    _name, texts = taken(item="O10")
    assert DRAFT in texts
    assert not [text for text in texts if text.startswith("อนุมัติโดย")]
    _name, before = taken(item="O10", day=date(2025, 6, 17 + 1))
    assert "แก้ไข" in before  # of the same day


def test_the_answer_stands_in_it_and_all_of_them_come_together(filed: Cast):  # noqa: F811
    write(filed.khanittha, "O6", text="ของข้อ O6")
    write(filed.itap, text="ของข้อ O10")
    decide(filed.commander)
    answer(filed.itap, ClarificationOutcome.partly, 80.0)
    name, texts = taken()
    assert name == "ita-2568-clarifications-2568-08-01.docx"
    assert texts.count(DRAFT) == 1
    assert texts.index("ของข้อ O6") < texts.index("ของข้อ O10")
    assert {"รับตามคำชี้แจงบางส่วน (18 ก.ค. 68)", "80", "50"} <= set(texts)


def test_an_officer_takes_those_of_their_items(filed: Cast):  # noqa: F811
    write(filed.khanittha, "O6", text="ของข้อ O6")
    write(filed.itap, text="ของข้อ O10")
    _name, texts = taken(filed.khanittha)
    assert "ของข้อ O6" in texts
    assert "ของข้อ O10" not in texts
    for who, item in ((filed.piyaporn, ""), (filed.khanittha, "O10"), (filed.itap, "O1"), (filed.itap, "X")):
        with pytest.raises(making.NothingClarified):
            taken(who, item)


def test_what_was_given_up_and_what_was_not_written_then_is_not_in_it(filed: Cast):  # noqa: F811
    write(filed.itap)
    with pytest.raises(making.NothingClarified):
        taken(day=date(2025, 6, 17))
    give_up(filed.itap, 1)
    with pytest.raises(making.NothingClarified):
        taken()


def test_another_name_is_not_found(filed: Cast):  # noqa: F811
    with db.reading() as session, pytest.raises(NotFound):
        here = queries.get_assessment(session)
        make: Callable[..., object] = making.prepare
        make(session, "clarification", queries.current_snapshot(session, here), DAY)
