"""The editors of the plan's page: what is changed there is in the draft, and nothing that is no plan."""

import json
from datetime import date
from typing import Any

import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.testing.v1 import AppTest

from ita_core import db, queries
from ita_core.board.progress import Stage
from ita_core.plan import editing
from ita_core.plan.content import Content, content_of
from ita_core.plan.editing import Whose
from ita_core.plan.plan import Plan
from tests.pages.conftest import Office, shown


def draft() -> queries.DraftFacts:
    with db.reading() as session:
        found = queries.find_draft(session, queries.get_assessment(session).id)
    assert found is not None
    return found


def content() -> Content:
    """The draft's values."""
    return draft().content


def in_force() -> Content:
    with db.reading() as session:
        now = queries.get_history(session, queries.get_assessment(session).id).now
    return content_of(now.framework, now.plan)


def plan() -> Plan:
    return draft().plan


def no_draft() -> bool:
    with db.reading() as session:
        return queries.find_draft(session, queries.get_assessment(session).id) is None


@pytest.fixture
def page(office: Office) -> AppTest:
    return office.open("admin", "plan")


def field(tester: AppTest, kind: str, start: str):
    """The field whose key begins so: the rest of it goes by what the field shows."""
    return next(one for one in getattr(tester, kind) if str(one.key).startswith(start))


def press(tester: AppTest, label: str) -> AppTest:
    tester = next(one for one in tester.button if one.label == label).click().run()
    assert not tester.exception
    return tester


def press_key(tester: AppTest, start: str) -> AppTest:
    keys = [str(one.key) for one in tester.button]
    tester = (tester.button(key=start) if start in keys else field(tester, "button", start)).click().run()
    assert not tester.exception
    return tester


def edit_table(tester: AppTest, start: str, rows: dict[int, dict[str, Any]], label: str) -> AppTest:
    """Cells of a table changed as its browser would send them, then a press."""
    next(one for one in tester.button if one.label == label).click()
    states = tester._tree.get_widget_states()
    table = next(one for one in tester.dataframe if f"-{start}-" in one.proto.id)
    edits = {"edited_rows": {str(row): cells for row, cells in rows.items()}, "added_rows": [], "deleted_rows": []}
    states.widgets.append(WidgetState(id=table.proto.id, string_value=json.dumps(edits)))
    tester = tester._run(states)
    assert not tester.exception
    return tester


# --- Deadlines -------------------------------------------------------------------------------------------------------


def test_a_group_is_moved_with_the_day_of_reports_and_that_of_the_measures(page: AppTest):
    field(page, "number_input", "monthly-").set_value(5)
    field(page, "text_input", "measures-").set_value("28 มี.ค. 68")
    page = edit_table(page, "groups", {1: {"กำหนด": "7/3/2568"}}, "เก็บกำหนดของกลุ่ม")
    assert not page.error
    deadlines = plan().deadlines
    assert [group.due for group in deadlines.once] == [date(2025, 1, 31), date(2025, 3, 7), date(2025, 3, 31)]
    assert (deadlines.monthly.day, plan().measures_close) == (5, date(2025, 3, 28))


def test_one_deadline_is_moved_in_the_table(page: AppTest):
    edit_table(page, "deadlines", {0: {"กำหนด": "10 มี.ค. 68"}}, "เก็บกำหนดส่งนี้")
    assert plan().deadlines.own == {"O1": {"": date(2025, 3, 10)}}


def test_a_month_is_moved_to_a_day_that_is_said_to_be_a_day_off_before(page: AppTest):
    field(page, "selectbox", "month-what").set_value("of 2025-01").run()
    page = field(page, "text_input", "month-day-of 2025-01").set_value("8/2/68").run()
    assert "8 กุมภาพันธ์ 2568 · ตรงกับวันหยุด: วันเสาร์" in shown(page)
    assert no_draft()
    press_key(page, "month-move")
    days = editing.reports_of(editing.deadlines_of(content()), "2025-01")
    assert len(days) == 6
    assert set(days.values()) == {date(2025, 2, 8)}


@pytest.mark.parametrize("typed", ["31 ก.พ. 68", "พรุ่งนี้", "1 ต.ค. 68", ""])
def test_what_is_no_day_of_the_year_is_said_beside_its_field_and_moves_nothing(page: AppTest, typed: str):
    field(page, "selectbox", "month-what").set_value("of 2025-01").run()
    page = field(page, "text_input", "month-day-of 2025-01").set_value(typed).run()
    [said] = page.error
    assert "ไม่ใช่วันที่" in said.value or "นอกช่วง" in said.value
    press_key(page, "month-move")
    edit_table(page, "deadlines", {0: {"กำหนด": typed or "-"}}, "เก็บกำหนดส่งนี้")
    assert no_draft()


def test_keeping_what_was_not_changed_begins_no_draft(page: AppTest):
    for label in ("เก็บกำหนดส่งนี้", "เก็บกำหนดของกลุ่ม", "เก็บขั้นตอนเหล่านี้", "เก็บชื่อช่วง"):
        page = press(page, label)
    assert no_draft()


# --- Items and measures ----------------------------------------------------------------------------------------------


def test_words_of_a_framework_s_item_are_marked_as_the_office_s_own_and_taken_back(page: AppTest):
    before = field(page, "text_input", "words-title-O1").value
    field(page, "text_input", "words-title-O1").set_value("โครงสร้างของเรา")
    page = press(page, "เก็บข้อความนี้")
    assert plan().items["O1"].title == "โครงสร้างของเรา"
    assert "O1 โครงสร้างของเรา · ต่างจากกรอบ" in field(page, "selectbox", "plan-item").options
    assert "ข้อนี้ต่างจากกรอบการประเมิน" in shown(page)
    assert before in shown(page)  # the framework's own words, beside
    page = press_key(page, "framework-O1")
    assert plan().items == {}
    assert "ข้อนี้ต่างจากกรอบการประเมิน" not in shown(page)
    assert field(page, "text_input", "words-title-O1").value == before


def test_what_was_chosen_stays_chosen_when_it_is_called_otherwise(page: AppTest):
    page = field(page, "selectbox", "plan-item").set_value("O7").run()
    page = field(page, "selectbox", "month-what").set_value("in 2025-02").run()
    field(page, "text_input", "words-title-O7").set_value("คู่มือของเรา")
    page = press(page, "เก็บข้อความนี้")
    assert field(page, "selectbox", "plan-item").value == "O7"
    assert field(page, "text_input", "words-title-O7").value == "คู่มือของเรา"
    field(page, "text_input", "month-day-in 2025-02").set_value("3 มี.ค. 2568")
    page = press_key(page, "month-move")
    assert field(page, "selectbox", "plan-item").value == "O7"
    assert field(page, "selectbox", "month-what").value == "of 2024-10"  # nothing is due in February any more


def test_a_requirement_is_changed_dropped_and_taken_back(page: AppTest):
    [first, *_others] = editing.demands_of(in_force(), "O1")
    field(page, "number_input", "minimum-O1").set_value(2)
    field(page, "multiselect", "formats-O1").set_value(["pdf", "word"])
    page = press(page, "เก็บองค์ประกอบนี้")
    own = plan().items["O1"].requirements[first.key]
    assert own is not None
    assert (own.minimum, own.formats, own.title) == (2, ("pdf", "word"), first.values["title"])
    assert "ต่างจากกรอบ" in field(page, "selectbox", "requirement-of-O1").options[0]
    page = press_key(page, f"take-out-O1-{first.key}")
    assert editing.demands_of(content(), "O1")[0].whose is Whose.dropped
    page = press_key(page, f"back-O1-{first.key}")
    assert plan().items == {}
    assert not page.error


def test_a_requirement_is_added_to_an_item(page: AppTest):
    page = field(page, "selectbox", "requirement-of-O1").set_value("").run()
    field(page, "text_input", "title-O1-new").set_value("สำเนาคำสั่ง")
    field(page, "multiselect", "languages-O1-new").set_value(["th", "en"])
    press(page, "เก็บองค์ประกอบนี้")
    added = editing.demands_of(content(), "O1")[-1]
    assert (added.values["title"], added.values["languages"], added.whose) == ("สำเนาคำสั่ง", ["th", "en"], Whose.own)


def test_what_is_no_plan_is_said_where_it_was_pressed_and_what_was_typed_stays(page: AppTest):
    field(page, "text_input", "title-O1").set_value("")
    field(page, "selectbox", "cadence-O1").set_value("monthly")
    page = press(page, "เก็บองค์ประกอบนี้")
    [said] = page.error
    assert len(said.value.splitlines()) == 2  # both at once: no title, and monthly without months
    assert field(page, "text_input", "title-O1").value == ""
    assert field(page, "selectbox", "cadence-O1").value == "monthly"
    assert no_draft()


def test_a_measure_is_added_changed_and_taken_out(page: AppTest):
    page = field(page, "selectbox", "plan-item").set_value("").run()
    page.text_input(key="measure-title").set_value("จุดบริการใหม่")
    page.text_area(key="measure-demand").set_value("จัดจุดบริการ")
    page.text_input(key="measure-shows").set_value("ภาพจุดบริการ")
    page.multiselect(key="measure-formats").set_value(["image"])
    page = press(page, "เพิ่มมาตรการ")
    made = plan().measures["1.7"]
    assert (made.title, made.demand) == ("จุดบริการใหม่", "จัดจุดบริการ")
    assert [(one.title, one.formats) for one in made.requirements.values()] == [("ภาพจุดบริการ", ("image",))]
    page = field(page, "selectbox", "plan-item").set_value("1.7").run()
    field(page, "text_input", "words-title-1.7").set_value("จุดบริการ")
    page = press(page, "เก็บข้อความนี้")
    assert plan().measures["1.7"].title == "จุดบริการ"
    assert "ต่างจากกรอบ" not in shown(page)
    page = press_key(page, "take-out-1.7")
    assert "1.7" not in plan().measures
    assert not page.error


# --- Calendar --------------------------------------------------------------------------------------------------------


def test_days_of_steps_and_titles_of_phases_are_changed(page: AppTest):
    assert "ปฏิทินเป็นไปตามกรอบการประเมิน" in shown(page)
    edits = {1: {"เริ่ม": "2025-01-06", "เรื่อง": "ลงทะเบียน"}, 3: {"สิ้นสุด": "2025-02-21"}}
    page = edit_table(page, "steps", edits, "เก็บขั้นตอนเหล่านี้")
    assert "หน่วยงานกำหนดเอง" in shown(page)
    field(page, "text_input", "phase-1").set_value("เตรียมการ")
    press(page, "เก็บชื่อช่วง")
    phases = plan().phases
    steps = {number: step for phase in phases for number, step in phase.steps.items()}
    assert (steps[2].starts, steps[2].title, steps[4].ends) == (date(2025, 1, 6), "ลงทะเบียน", date(2025, 2, 21))
    assert phases[0].title == "เตรียมการ"


def test_what_shows_a_step_done_is_chosen_in_the_table(page: AppTest):
    edits = {1: {"ถือว่าเสร็จเมื่อ": "meeting_held"}, 5: {"ถือว่าเสร็จเมื่อ": None}, 3: {"ถือว่าเสร็จเมื่อ": "evidence_of O18"}}
    page = edit_table(page, "steps", edits, "เก็บขั้นตอนเหล่านี้")
    assert not page.error
    assert {number: step.shown_by for number, step in plan().steps.items() if step.shown_by} == {
        1: "evidence_of S1", 2: "meeting_held", 4: "evidence_of O18", 5: "items_filed", 7: "eit_minimum",
        14: "scores_announced",
    }  # fmt: skip
    assert plan().phases == ()  # the calendar itself is still the framework's


def test_a_step_is_added_moved_and_taken_out_with_its_duties(page: AppTest):
    field(page, "selectbox", "step-at").set_value((1, 1))
    page.text_input(key="step-title").set_value("ซักซ้อม")
    page.text_area(key="step-work").set_value("ซักซ้อมการตอบ")
    page = press(page, "เพิ่มขั้นตอนนี้")
    assert not page.error
    before = plan()
    assert before.phases[1].steps[3].title == "ซักซ้อม"
    assert before.steps[3].nobody
    field(page, "selectbox", "step-moved").set_value(3)
    field(page, "selectbox", "step-to").set_value((0, 0))
    page = press_key(page, "step-move")
    assert plan().phases[0].steps[1].title == "ซักซ้อม"
    assert plan().steps[2] == before.steps[1]
    press_key(page, "take-out-step-1")
    assert plan().phases == ()  # the framework's calendar again
    assert len(plan().steps) == 14


def test_a_new_phase_begins_with_its_first_step(page: AppTest):
    field(page, "selectbox", "step-at").set_value((0, 1))
    page.text_input(key="step-phase").set_value("ช่วงซักซ้อม")
    page.text_input(key="step-title").set_value("ซักซ้อม")
    page.text_area(key="step-work").set_value("ซักซ้อมการตอบ")
    press(page, "เพิ่มขั้นตอนนี้")
    assert [phase.title for phase in plan().phases][1] == "ช่วงซักซ้อม"
    assert plan().phases[1].steps[2].title == "ซักซ้อม"


def test_a_step_that_ends_before_it_starts_is_refused_at_its_place(page: AppTest):
    page = edit_table(page, "steps", {1: {"สิ้นสุด": "2024-12-01"}}, "เก็บขั้นตอนเหล่านี้")
    assert len(page.error) == 1
    assert no_draft()


# --- Office ----------------------------------------------------------------------------------------------------------


def test_the_office_is_called_otherwise_and_wants_more(page: AppTest):
    field(page, "text_input", "name-office").set_value("ตม.จว.ประจวบฯ แห่งใหม่")
    field(page, "number_input", "target-office").set_value(97.5)
    press(page, "เก็บข้อมูลหน่วยงาน")
    assert (plan().office.name, plan().target) == ("ตม.จว.ประจวบฯ แห่งใหม่", 97.5)


def test_a_team_is_made_named_manned_and_taken_out(page: AppTest):
    page = field(page, "selectbox", "group-of").set_value("+teams").run()
    field(page, "text_input", "name-group-+teams").set_value("งานสารบรรณ")
    field(page, "multiselect", "members-group-+teams").set_value(["usa", "phailin"])
    page = press(page, "เก็บตำแหน่ง/คณะทำงานนี้")
    assert not page.error
    assert (plan().teams["team-1"].name, plan().teams["team-1"].members) == ("งานสารบรรณ", ("usa", "phailin"))
    page = field(page, "selectbox", "group-of").set_value("team-1").run()
    press_key(page, "take-out-team-1")
    assert "team-1" not in plan().teams


def test_a_post_with_duties_is_not_taken_out_and_every_place_is_said(page: AppTest):
    page = field(page, "selectbox", "group-of").set_value("inspector").run()
    assert "มีหน้าที่ใน S1, ขั้นตอนที่ 7" in shown(page)
    page = press_key(page, "take-out-inspector")
    assert "ยังมีหน้าที่ใน S1, ขั้นตอนที่ 7" in shown(page)
    assert no_draft()


# --- Scores and forecast ---------------------------------------------------------------------------------------------

KEEP = "เก็บค่าเหล่านี้"


def keep_figures(page: AppTest, figures: dict[str, float]) -> AppTest:
    """Figures typed into their fields, then the press."""
    for name, value in figures.items():
        next(one for one in page.number_input if str(one.key).endswith(f"-{name}")).set_value(float(value))
    return press(page, KEEP)


def test_an_assumed_worth_is_changed_with_where_it_comes_from_and_told_in_words(page: AppTest):
    field(page, "text_input", "source-stages").set_value("ประกาศ ป.ป.ช.")
    page = keep_figures(page, {"stages-filed-likely": 99.5})
    assert not page.error
    forecast = draft().framework.forecast
    assert forecast is not None
    assert (forecast.stages[Stage.filed].likely, forecast.sources["stages"]) == (99.5, "ประกาศ ป.ป.ช.")
    told = " ".join(shown(page).split())
    assert "การคาดการณ์คะแนน · คะแนนตามขั้นของข้อ · ลงระบบ ITAP แล้ว · น่าจะได้</td><td>98</td><td>99.5</td>" in told


def test_a_better_stage_of_less_worth_is_refused_in_a_sentence_and_begins_no_draft(page: AppTest):
    page = keep_figures(page, {"stages-filed-likely": 97})
    [said] = page.error
    assert said.value.replace("\\", "") == (
        "ยังไม่ได้เก็บค่าใด โปรดแก้ไข:  \n– คะแนนที่ข้อหนึ่งน่าจะได้ ตามขั้นที่ทำถึง · ลงระบบ ITAP แล้ว: “น่าจะได้” 97 น้อยกว่า "
        "98 ของขั้นก่อนหน้า “เผยแพร่แล้ว” โปรดเพิ่มค่านี้ หรือลดค่าของขั้นนั้น"
    )
    assert no_draft()


def test_more_than_100_is_refused_also_where_its_source_is_changed_with_it(page: AppTest):
    field(page, "text_input", "source-bands").set_value("ประกาศ ป.ป.ช.")
    page = keep_figures(page, {"stages-filed-high": 101})
    assert "ลงระบบ ITAP แล้ว · อย่างมาก\\: ต้องไม่เกิน 100 แต่เป็น 101" in page.error[0].value
    assert no_draft()


def test_weights_that_do_not_add_up_are_refused(page: AppTest):
    page = keep_figures(page, {"weights-IIT": 20})
    assert "– น้ำหนักของเครื่องมือ: น้ำหนักรวมกันได้ 90% ต้องเป็น 100% โปรดเพิ่มอีกรวม 10" in page.error[0].value.replace("\\", "")
    page = keep_figures(page, {"weights-IIT": 35})
    assert "โปรดลดลงรวม 5" in page.error[0].value
    assert no_draft()


def test_levels_out_of_order_are_told_by_their_names(page: AppTest):
    page = keep_figures(page, {"levels-1-total_min": 96, "levels-0-each_min": 101})
    said = page.error[0].value.replace("\\", "")
    assert "– เกณฑ์ของระดับผลการประเมิน · ผ่านดีเยี่ยม · ทุกเครื่องมืออย่างน้อย: ต้องไม่เกิน 100 แต่เป็น 101" in said
    assert "– เกณฑ์ของระดับผลการประเมิน: ระดับ “ผ่านดี” เริ่มที่คะแนนรวม 96 สูงกว่า “ผ่านดีเยี่ยม”" in said
    assert no_draft()


def test_weights_levels_and_bands_are_changed(page: AppTest):
    page = keep_figures(page, {"weights-IIT": 25, "weights-OIT": 45})
    page = keep_figures(page, {"levels-0-each_min": 90})
    page = keep_figures(page, {"bands-EIT": 3})
    framework = draft().framework
    assert [one.weight for one in framework.instruments.values()] == [0.25, 0.3, 0.45]
    assert framework.levels[0].each_min == 90
    assert framework.forecast is not None
    assert framework.forecast.bands == {"IIT": 2, "EIT": 3}
    told = " ".join(shown(page).split())
    assert "เครื่องมือ · IIT · น้ำหนัก</td><td>30%</td><td>25%</td><td>การคาดการณ์ของปี</td>" in told


def test_figures_kept_as_they_are_begin_no_draft(page: AppTest):
    press(page, KEEP)
    assert no_draft()


def test_whoever_only_looks_has_no_editor(office: Office):
    tester = office.open("usa", "plan")
    assert not tester.tabs
    assert not tester.text_input
