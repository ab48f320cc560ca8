"""The page of the verdict: who sees what, who has which form, and from a first draft to the assessor's answer."""

from datetime import UTC, datetime

import pytest
from streamlit.testing.v1 import AppTest

from ita_core import db, language, queries, words, workflow
from ita_core.board.clarifications import Standing
from ita_core.language import _
from tests.cast import Cast, item_id
from tests.conftest import forget
from tests.pages.conftest import Office, shown
from tests.workflow.test_clarifications import filed, write  # noqa: F401 - a fixture

DAY = "2025-06-20"


@pytest.fixture
def june(filed: Cast, monkeypatch: pytest.MonkeyPatch) -> Office:  # noqa: F811 - the fixture
    """Two days after the assessor's points were recorded, in the clarification window."""
    monkeypatch.setenv("ITA_TODAY", DAY)
    forget()
    return Office(db.engine(), filed)


def press(tester: AppTest, key: str) -> AppTest:
    """The button with this in its key."""
    [button] = [one for one in tester.button if key in str(one.key or one.form_id)]
    return button.click().run()


def buttons(tester: AppTest) -> set[str]:
    return {str(one.key or one.form_id).split("-")[-1] for one in tester.button if one.key or one.form_id}


def stands(code: str = "O10") -> Standing | None:
    with db.reading() as session:
        here = queries.get_assessment(session)
        found = queries.list_clarifications(session, None, here.id).get(item_id(session, code))
    return found.standing if found else None


def fields(tester: AppTest, kind: str, ends: str):
    return next(one for one in getattr(tester, kind) if str(one.key).endswith(ends))


def test_before_the_closing_there_is_nothing_and_no_place_in_the_menu(office: Office):
    text = shown(office.open("itap", "clarifications"))
    assert "หน่วยประเมินเริ่มตรวจหลังปิดรับข้อมูล OIT วันที่ 30 เม.ย. 68" in text
    assert not office.open("itap", "clarifications").number_input


@pytest.mark.parametrize("who", ["itap", "commander", "admin", "viewer"])
def test_who_sees_all_sees_what_was_lost_with_the_reason_from_the_records(june: Office, who: str):
    text = shown(june.open(who, "clarifications"))
    assert "หน่วยประเมินให้คะแนนแล้ว 3 ข้อ ไม่ได้คะแนนเต็ม 2 ข้อ" in text
    assert "ชี้แจงได้ถึง 4 ก.ค. 68 (เหลือ 14 วัน)" in text
    assert "ลิงก์เปิดไม่ได้เมื่อ 3 พ.ค. 68" in text
    assert text.index("item=O10") < text.index("item=O6")  # what can be won back, before what lost more
    meanings = (*words.ADVICE_MEANINGS.values(), *words.CLARIFICATION_MEANINGS.values())
    with language.speaking("th"):
        assert [says for says in meanings if _(says) not in text] == []
    forms = {one.form_id for one in june.open(who, "clarifications").button if one.form_id}
    assert bool(forms) is (who != "viewer")


def test_before_the_first_points_it_is_said_where_they_are_recorded(office: Office, monkeypatch: pytest.MonkeyPatch):
    assert "/readiness" in shown(office.open("itap", "clarifications"))  # before the window closes: what to mend
    monkeypatch.setenv("ITA_TODAY", "2025-05-02")
    forget()
    for who, typed, brought in (("itap", True, False), ("commander", True, True), ("viewer", False, False)):
        text = shown(office.open(who, "clarifications"))
        assert ("บันทึกได้ด้านล่าง" in text, "/indicators" in text.split("ita-empty")[1]) == (typed, brought), who
        assert ("เป็นผู้บันทึกในหน้านี้" in text) is not typed


def test_the_item_and_my_work_lead_to_a_clarification_that_is_open_or_wanted(june: Office):
    link = "/clarifications?item=O10"
    assert link in shown(june.open("itap", "my_work"))
    assert link in shown(june.open("itap", "item", item="O10"))
    assert link not in shown(june.open("itap", "item", item="O9"))  # full points
    assert "/clarifications" not in shown(june.open("usa", "my_work"))  # prepares O10, and does not clarify it
    assert link in shown(june.open("usa", "item", item="O10"))  # and may read what is said of it
    assert "/clarifications?item=O6" in shown(june.open("khanittha", "my_work"))
    write(june.cast.itap)
    assert link not in shown(june.open("itap", "my_work"))  # it is the commander's turn
    assert link in shown(june.open("itap", "item", item="O10"))


def test_an_officer_sees_the_items_of_their_duties_only(june: Office):
    text = shown(june.open("khanittha", "clarifications"))
    assert "O6" in text
    assert "item=O10" not in text
    other = june.open("khanittha", "clarifications", item="O10")
    assert "ไม่มีข้อ “O10” ที่นี่" in shown(other)
    assert not other.text_area


def test_the_points_are_typed_and_only_what_differs_is_recorded(june: Office):
    tester = june.open("itap", "clarifications")
    assert fields(tester, "number_input", "-O10").value == 50.0
    fields(tester, "number_input", "-O10").set_value(60.0)
    fields(tester, "number_input", "-O1").set_value(100.0)
    press(tester, "verdict-")
    assert not tester.exception
    with db.reading() as session:
        points = queries.list_item_points(session, queries.get_assessment(session).id)
    assert {code: [one.entry.points for one in listed] for code, listed in points.items()} == {
        "O10": [50.0, 60.0], "O6": [0.0], "O9": [100.0], "O1": [100.0]
    }  # fmt: skip


@pytest.mark.parametrize(
    ("who", "forms"),
    [
        ("itap", {"draft", "propose"}),
        ("commander", set()),
        ("usa", set()),
        ("viewer", set()),
    ],
)
def test_who_may_write_has_the_drafted_text(june: Office, who: str, forms: set[str]):
    tester = june.open(who, "clarifications", item="O10")
    assert not tester.exception
    assert buttons(tester) & {"draft", "propose", "stop", "approve", "back"} == forms
    if forms:
        text = fields(tester, "text_area", "-text").value
        assert "ได้ 50 คะแนน จากคะแนนเต็ม 100 คะแนน" in text
        assert "https://example.org/o10 เปิดได้ 2 ครั้ง จากที่ตรวจ 3 ครั้ง" in text
        assert "ได้รายงานในระบบ ITAP เมื่อวันที่ 5 มีนาคม 2568 ก่อนปิดรับข้อมูลวันที่ 30 เมษายน 2568" in text


def test_from_the_draft_to_the_assessor_s_answer(june: Office):
    keeper = june.open("itap", "clarifications", item="O10")
    assert not fields(keeper, "text_area", "-text").disabled
    fields(keeper, "text_area", "-text").set_value("ขอเรียนชี้แจง *ดังนี้*")
    press(keeper, "-draft")
    assert stands() is Standing.draft
    keeper = june.open("itap", "clarifications", item="O10")
    press(keeper, "-propose")
    assert stands() is Standing.proposed

    commander = june.open("commander", "my_turn")
    text = shown(commander)
    assert "คำชี้แจงรออนุมัติ" in text
    assert "/clarifications?item=O10" in text
    assert "4 ก.ค. 68 · เหลือ 14 วัน" in text
    commander = june.open("commander", "clarifications", item="O10")
    fields(commander, "text_area", "-reason").set_value("เพิ่มวันที่")
    press(commander, "-back")
    assert stands() is Standing.returned

    keeper = june.open("itap", "clarifications", item="O10")
    assert "เพิ่มวันที่" in shown(keeper)
    assert "ส่งกลับให้ทบทวน" in shown(june.open("itap", "itap"))
    press(keeper, "-propose")
    press(june.open("commander", "clarifications", item="O10"), "-approve")
    assert stands() is Standing.approved

    keeper = june.open("itap", "clarifications", item="O10")
    [form] = [one for one in keeper.button if one.form_id and one.form_id.startswith("answer-")]
    form.click().run()
    assert "โปรดเลือกผลการพิจารณา" in shown(keeper)
    keeper.radio[0].set_value(keeper.radio[0].options[0])
    fields(keeper, "number_input", "-points").set_value(100.0)
    press(keeper, "answer-")
    assert not keeper.exception
    assert stands() is Standing.answered
    text = shown(june.open("usa", "clarifications", item="O10"))
    assert "รับตามคำชี้แจง · 100 คะแนน" in text
    assert "50 / 100" in text


def test_what_was_typed_while_another_wrote_is_kept_and_shown(june: Office):
    keeper = june.open("itap", "clarifications", item="O10")
    fields(keeper, "text_area", "-text").set_value("ข้อความของฉัน")
    write(june.cast.itap, text="ข้อความของคนอื่น")
    press(keeper, "-draft")
    text = shown(keeper)
    assert "คำชี้แจงข้อ O10 มีการแก้ไขหลังจากที่ท่านเปิดดู" in text
    values = [one.value for one in keeper.text_area]
    assert "ข้อความของฉัน" in values
    assert "ข้อความของคนอื่น" in values


def test_a_look_back_has_no_form(june: Office):
    write(june.cast.itap)
    for who in ("itap", "commander"):
        tester = june.open(who, "clarifications", item="O10", day="2025-06-19")
        assert not buttons(tester) & {"draft", "propose", "approve", "back"}
        assert "ขอเรียนชี้แจงเพิ่มเติม" in shown(tester)
    before = shown(june.open("itap", "clarifications", item="O10", day="2025-06-17"))
    assert "ขอเรียนชี้แจงเพิ่มเติม" not in before


def test_what_waits_for_the_commander_is_told_once_it_is_proposed(june: Office):
    before = june.open("commander", "my_turn")
    write(june.cast.itap)
    after = june.open("commander", "my_turn")
    assert "คำชี้แจงรออนุมัติ" not in shown(before)
    assert "คำชี้แจงรออนุมัติ" in shown(after)


def test_a_clarification_stays_listed_when_its_points_are_retracted(june: Office):
    write(june.cast.itap)
    assert "คำชี้แจงข้อ O10 อ้างอิงคะแนนที่บันทึกไว้" in shown(june.open("commander", "indicators"))
    with db.writing() as session:
        of = queries.get_assessment(session).id
        entries = [one.entry for one in queries.list_scores(session, of) if one.entry.item]
        workflow.retract_report(
            session, by=june.cast.commander, assessment_id=of, entries=entries, why="ผิดฉบับ",
            at=datetime(2025, 6, 19, 3, tzinfo=UTC),
        )  # fmt: skip
    listed = shown(june.open("commander", "clarifications"))
    assert "หน่วยประเมินเริ่มตรวจหลังปิดรับ" not in listed
    assert "/clarifications?item=O10" in listed
    assert "รอผู้กำกับการอนุมัติ" in listed
    assert "/clarifications?item=O6" not in listed  # nothing was written of it
    assert "/clarifications?item=O10" in shown(june.open("commander", "my_turn"))
    sheet = june.open("commander", "clarifications", item="O10")
    assert "ยกเลิกคะแนนของหน่วยประเมินข้อนี้แล้ว" in shown(sheet)
    assert "approve" in buttons(sheet)
