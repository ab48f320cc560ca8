"""The plan's page and the year at the head of every page."""

import re
from datetime import UTC, date, datetime

import pytest
from sqlmodel import select
from streamlit.testing.v1 import AppTest

from ita_core import db, queries, settings, workflow
from ita_core.models import Grant
from ita_core.plan.content import Content
from pages import ADDRESSES
from tests.cast import item_id, replan
from tests.pages.conftest import Office, shown
from tests.workflow.work import NOW, PDF, hand_in

LATER = datetime(2026, 11, 26, 2, 0, tzinfo=UTC)


@pytest.fixture
def later(office: Office, monkeypatch: pytest.MonkeyPatch) -> Office:
    """26 November 2569: fiscal year 2570, of which nothing is known yet."""
    monkeypatch.setenv("ITA_TODAY", "2026-11-26")
    settings.settings.cache_clear()
    return office


def begin(office: Office) -> int:
    with db.writing() as session:
        of = queries.get_assessment(session).id
        made = workflow.start_year(session, by=office.cast.admin, source_id=of, year=2570, at=LATER)
    return made.assessment.id or 0


def button(tester: AppTest, key: str) -> AppTest:
    return next(one for one in tester.button if one.key == key).click().run()


@pytest.mark.parametrize("who", ["admin", "commander"])
def test_once_the_newest_year_is_over_the_overview_leads_with_the_next(later: Office, who: str):
    tester = later.open(who, "overview")
    assert "ปีงบประมาณ 2568 สิ้นสุดแล้ว" in shown(tester)
    assert "เกินกำหนด" not in shown(tester)
    tester = button(tester, "greet-start")
    assert not tester.exception
    assert tester.query_params == {"office": "prachuap", "year": "2570"}
    assert "24 ข้อยกมาจาก immigration-2568" in shown(tester)
    with db.reading() as session:
        assert [one.assessment.fiscal_year for one in queries.list_years(session)] == [2570, 2568]


def test_whoever_begins_no_years_sees_the_year_that_is_over(later: Office):
    assert "สิ้นสุดแล้ว: แสดงสถานะ" in shown(later.open("viewer", "overview"))
    looked_at = later.open("commander", "overview", year="2568")
    assert "เกินกำหนด" in shown(looked_at)


def test_the_year_in_the_address_is_the_year_of_the_page(later: Office):
    begin(later)
    assert "ปีงบประมาณ พ.ศ. 2570" in shown(later.open("usa", "months"))
    assert "ปีงบประมาณ พ.ศ. 2568" in shown(later.open("usa", "months", year="2568", office="prachuap"))
    for wrong in ({"year": "2569"}, {"year": "x"}, {"office": "elsewhere"}):
        tester = later.open("usa", "months", **wrong)
        assert not tester.exception
        assert "ไม่มีแผนของหน่วยงานและปีนี้" in shown(tester)


def test_the_plan_is_for_those_who_put_it_in_force(office: Office):
    for who in ("usa", "khanittha", "itap", "viewer"):
        tester = office.open(who, "plan")
        assert len(tester.error) == 1
        assert not tester.tabs
    assert len(office.open("admin", "plan").tabs) == 3 + 7


def test_a_revision_is_shown_with_what_it_changed_and_put_in_force_again(office: Office):
    def change(plan: dict[str, object]) -> None:
        plan["deadlines"]["own"] = {"O7": {"": "2025-03-31"}}  # type: ignore[index]

    with db.writing() as session:
        replan(session, change, datetime(2025, 1, 6, tzinfo=UTC))
    tester = office.open("admin", "plan")
    assert "28 ก.พ. 68" in shown(tester)
    assert "31 มี.ค. 68" in shown(tester)
    tester = office.open("admin", "plan", revision="1")
    back = pressed(tester, "ประกาศใช้")
    assert not back.exception
    with db.reading() as session:
        history = queries.get_history(session, queries.get_assessment(session).id)
    assert [one.revision.number for one in history.plans] == [1, 2, 3]
    assert history.now.revision.hash == history.plans[0].revision.hash


def test_items_are_confirmed_with_the_source_named_where_it_is_asked(later: Office):
    of = begin(later)
    tester = later.open("commander", "plan")
    every = next(one for one in tester.button if one.label == "ยืนยันทุกข้อ").click().run()
    assert len(every.error) == 1
    every.text_input(key="confirm-source").set_value("คู่มือ ITA 2570")
    every = next(one for one in every.button if one.label == "ยืนยันทุกข้อ").click().run()
    assert not every.error
    with db.reading() as session:
        assert queries.list_revisions(session, of)[-1].note == "คู่มือ ITA 2570"
        assert not any(item.assumed for item in queries.get_history(session, of).now.items)


def test_a_year_is_closed_by_the_commander_and_nothing_can_be_pressed_in_it(later: Office):
    begin(later)
    assert not any(one.key == "close-year" for one in later.open("admin", "plan", year="2568").button)
    tester = button(later.open("commander", "plan", year="2568"), "close-year")
    assert not tester.exception
    item = later.open("usa", "item", item="O6", year="2568")
    assert "ปิดปีงบประมาณ 2568 แล้ว" in shown(item) + "".join(one.value for one in item.caption)
    assert "ส่งหลักฐาน" not in [one.value for one in item.header]
    assert "ส่งหลักฐาน" in [one.value for one in later.open("usa", "item", item="O6").header]
    with db.reading() as session:
        assert not queries.get_year(session, queries.get_assessment(session, "2568")).open


def test_a_past_day_is_drawn_with_the_plan_of_that_day(office: Office):
    with db.writing() as session:
        replan(session, lambda plan: plan["measures"].pop("S2"), datetime(2025, 1, 6, tzinfo=UTC))  # type: ignore
    assert "S2" not in shown(office.open("commander", "months"))
    with db.reading() as session:
        data = queries.current_snapshot(session, queries.get_assessment(session))
    assert len(data.on(date(2025, 1, 5)).items) == len(data.items) + 1


def pressed(tester: AppTest, label: str) -> AppTest:
    return next(one for one in tester.button if one.label == label).click().run()


def test_a_deadline_moved_on_the_page_gathers_in_a_draft_and_is_put_in_force(office: Office):
    tester = office.open("admin", "plan")
    tester.number_input(key="move-by").set_value(7)
    tester = pressed(tester, "เลื่อน")
    assert not tester.exception
    assert "ฉบับร่างเปลี่ยน 39 รายการ" in [one.value for one in tester.header]
    with db.reading() as session:
        of = queries.get_assessment(session).id
        assert len(queries.list_revisions(session, of)) == 1
    tester.text_input(key="draft-note").set_value("คำสั่งที่ 5/2568")
    tester = pressed(tester, "ยืนยันประกาศใช้")
    assert not tester.exception
    with db.reading() as session:
        assert [one.note for one in queries.list_revisions(session, of)] == ["", "คำสั่งที่ 5/2568"]
    o3 = office.open("commander", "item", item="O3")
    assert "7 เม.ย. 68" in shown(o3)


def test_days_that_lie_outside_the_year_are_told_in_thai_each_on_a_line_of_its_own(office: Office):
    tester = office.open("admin", "plan")
    tester.number_input(key="move-by").set_value(200)
    [said] = pressed(tester, "เลื่อน").error
    *lines, more = said.value.split("  \n")
    assert (len(lines), more) == (20, "และอีก 19 รายการ")
    for line in lines:
        assert re.match(
            r"prachuap-2568: กำหนดส่ง · กำหนดเฉพาะของ .*: วันที่ .* อยู่นอกปีงบประมาณ 2568 ", line.replace("\\", "")
        )
    with db.reading() as session:
        assert queries.find_draft(session, queries.get_assessment(session).id) is None


def test_a_draft_says_whom_it_touches_and_names_what_would_no_longer_count(office: Office):
    def without_pdf(content: Content) -> None:
        departure = {"title": "", "demand": "", "requirements": {}}
        framework = content["framework"]["items"]["O10"]["requirements"]
        departure["requirements"] = {key: one | {"formats": ["word"]} for key, one in framework.items()}
        content["plan"]["items"]["O10"] = departure

    with db.writing() as session:
        hand_in(session, office.cast.usa, "O10", content=PDF, format="pdf")
        workflow.edit(
            session, without_pdf, by=office.cast.admin, assessment_id=queries.get_assessment(session).id, at=NOW
        )
    tester = office.open("admin", "plan")
    assert not tester.exception
    assert "1 ชิ้นจะไม่นับในข้อย่อยนี้" in shown(tester)
    assert "หลักฐาน 1 ชิ้นยังเปิดอ่านได้ แต่จะไม่นับ" in [one.label for one in tester.expander]
    assert PDF.name in shown(tester)
    with db.reading() as session:
        duties = queries.get_history(session, queries.get_assessment(session).id).now.people_of[item_id(session, "O10")]
    assert f"{len({*duties.preparers, *duties.supervisors})} นาย" in shown(tester)
    assert not pressed(tester, "ยืนยันประกาศใช้").exception
    with db.reading() as session:
        assert len(queries.list_revisions(session, queries.get_assessment(session).id)) == 2
    o10 = shown(office.open("usa", "item", item="O10"))
    assert PDF.name in o10  # what does not count stays readable
    assert "หน่วยงานกำหนดไว้ต่างออกไปในแผน" in o10
    assert "หน่วยงานกำหนดไว้ต่างออกไปในแผน" not in shown(office.open("usa", "item", item="O6"))


def test_duties_and_people_are_changed_and_somebody_else_is_told_who_is_at_it(office: Office):
    tester = office.open("admin", "plan")
    next(one for one in tester.selectbox if str(one.key).startswith("duties-of")).set_value("O7").run()
    chosen = next(one for one in tester.multiselect if str(one.key).startswith("prepare-O7"))
    chosen.set_value(["usa"])
    tester = pressed(tester, "เก็บรายชื่อนี้")
    for start, value in (("rank-person-", "ร.ต.ต."), ("name-person-", "ทดสอบ ใหม่")):
        next(one for one in tester.text_input if str(one.key).startswith(start)).set_value(value)
    tester = next(one for one in tester.button if one.label == "เก็บ").click().run()
    assert not tester.exception
    with db.reading() as session:
        draft = queries.find_draft(session, queries.get_assessment(session).id)
    assert draft is not None
    assert [hand.who for hand in draft.plan.duties["O7"].prepare] == ["usa"]
    assert draft.plan.officers["officer-2568-1"].name == "ทดสอบ ใหม่"
    other = office.open("commander", "plan")
    assert "admin กำลังแก้ไขแผนนี้" in "".join(one.value for one in other.info)
    assert "ทดสอบ ใหม่" in shown(other)  # who is told sees what is being changed
    other = pressed(other, "ยืนยันรับช่วง")
    assert "สิ่งที่ท่านพิมพ์ไว้และยังไม่ได้เก็บ" in shown(tester.run())
    assert not other.exception
    other = pressed(other, "ยืนยันทิ้ง")
    with db.reading() as session:
        assert queries.find_draft(session, queries.get_assessment(session).id) is None


def test_somebody_leaves_by_the_page(office: Office):
    with db.reading() as session:
        parties = queries.get_history(session, queries.get_assessment(session).id).now.parties.values()
    by_key = {one.key: one.id for one in parties}
    tester = office.open("admin", "plan")
    tester.selectbox(key="leaves").set_value(by_key["usa"])
    tester.selectbox(key="takes").set_value(by_key["phailin"])
    tester = pressed(tester, "โอนงานและปิดบัญชี")  # it takes effect at once: so it is asked for twice
    assert [one.value for one in tester.error] == ["โปรดเลือกผู้ที่ย้ายออก และทำเครื่องหมายยืนยันว่ามีผลทันที"]
    tester.checkbox(key="leave-sure").check()
    tester = pressed(tester, "โอนงานและปิดบัญชี")
    assert not tester.exception
    assert not tester.error
    with db.reading() as session:
        plan = queries.get_history(session, queries.get_assessment(session).id).now.plan
    assert "usa" not in plan.officers
    assert "phailin" in {hand.who for hand in plan.duties["O12"].prepare}
    tester = office.open("admin", "plan")  # and comes back
    who = next(one for one in tester.selectbox if str(one.key).startswith("person-"))
    assert "ด.ต.หญิง อุษา มีนาม (เคยอยู่ที่นี่ กลับมา)" in who.options
    tester = who.set_value("usa").run()
    tester = next(one for one in tester.button if one.label == "เก็บ").click().run()
    assert not tester.exception
    with db.reading() as session:
        draft = queries.find_draft(session, queries.get_assessment(session).id)
    assert draft is not None
    assert draft.plan.officers["usa"].name == "อุษา มีนาม"


def test_another_office_is_begun_by_whoever_administers_those_below_and_every_page_of_it_opens(office: Office):
    with db.writing() as session:
        session.exec(select(Grant).where(Grant.account_id == office.cast.admin)).one().below = True
    tester = office.open("admin", "plan")
    for key, value in (
        ("office-name", "ด่านตรวจคนเข้าเมืองหัวหิน"),
        ("office-short", "ตม.หัวหิน"),
        ("office-code", "hua-hin"),
    ):
        next(one for one in tester.text_input if one.key == key).input(value)
    next(one for one in tester.button if one.label == "เริ่มหน่วยงานนี้").click()
    tester.run()
    assert not tester.exception
    assert tester.query_params == {"office": "hua-hin", "year": "2568"}
    for page in ADDRESSES:
        opened = office.open("admin", page, office="hua-hin", year="2568")
        assert not opened.exception, page
        assert "Traceback" not in shown(opened)
    assert "ตม.หัวหิน" in shown(office.open("admin", "months", office="hua-hin"))


@pytest.mark.parametrize("who", ["commander", "admin"])
def test_nobody_else_begins_another_office(office: Office, who: str):
    """The commander is not offered it; the administrator of this office only is told who can."""
    tester = office.open(who, "plan")
    offered = [one for one in tester.text_input if one.key == "office-code"]
    assert bool(offered) == (who == "admin")
    if offered:
        for key in ("office-name", "office-short", "office-code"):
            next(one for one in tester.text_input if one.key == key).input("hua-hin")
        next(one for one in tester.button if one.label == "เริ่มหน่วยงานนี้").click()
        assert "เฉพาะ" in tester.run().error[0].value


def test_the_commander_names_the_baseline_of_the_timeline(office: Office):
    with db.writing() as session:
        replan(session, lambda plan: plan["deadlines"].update(own={"O7": {"": "2025-03-31"}}), NOW)
    text = "ใช้ฉบับที่ 2 เป็นฐานของเส้นเวลา"
    assert text not in [one.label for one in office.open("admin", "plan").button]
    assert "เทียบกับแผนฉบับที่" not in shown(office.open("commander", "timeline"))
    tester = pressed(office.open("commander", "plan"), text)
    assert not tester.exception
    assert text not in [one.label for one in tester.button]
    assert "เทียบกับแผนฉบับที่ 2" in shown(office.open("commander", "timeline"))


def test_where_one_and_the_same_prepares_and_supervises_it_is_said(office: Office):
    hand = [{"who": "usa", "task": ""}]
    with db.writing() as session:
        replan(session, lambda plan: plan["duties"].update(O7={"supervise": hand, "prepare": hand, "nobody": ""}), NOW)
    said = [one.value for one in office.open("admin", "plan").warning]
    assert "ผู้จัดทำและผู้ควบคุมเป็นคนเดียวกัน จึงไม่มีผู้ตรวจ: O7" in [one.replace("\\", "") for one in said]
