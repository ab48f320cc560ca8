"""The real plan and changed ones as workbooks: written and read again they say the same."""

import copy
import io
import json
import shutil
import subprocess
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from ita_core.plan.content import Content, checked, content_hash, content_of
from ita_core.plan.framework import Framework
from ita_core.plan.plan import Plan
from ita_core.plan.workbook import read, sheets, write
from tests.plan.changing import put
from tests.plan.filling import at, cell, faults_of, filled, read_again


@pytest.fixture(scope="module")
def content(rules: Framework, real: Plan) -> Content:
    return content_of(rules, real)


def both_ways(content: Content) -> None:
    """Written and read, it is the same to the last sign."""
    again = read(write(content), content, name="x")
    assert json.dumps(again, ensure_ascii=False) == json.dumps(content, ensure_ascii=False)
    assert content_hash(content_of(*checked(again, "x"))) == content_hash(content)


def with_change(content: Content, *changes: Callable[[Any], object]) -> Content:
    raw = copy.deepcopy(content)
    for change in changes:
        change(raw["plan"])
    return content_of(*checked(raw, "changed"))


def test_the_real_plan_is_the_same_again(content: Content):
    both_ways(content)


def own(title: str, **more: Any) -> dict[str, Any]:
    return {"title": title, **more}


CHANGES = {
    "a day of its own": [put("deadlines", "own", value={"O7": {"": "2025-03-31"}, "O6": {"2024-12": "2025-01-06"}})],
    "a day of its own that its group says too": [put("deadlines", "own", value={"O7": {"": "2025-02-28"}})],
    "what a measure is through the years": [put("measures", "C1", "lineage", value="C9"),
                                            put("measures", "C1", "came_of", value=["C8"])],
    "a measure's day": [put("deadlines", "own", value={"C1": {"": "2025-02-14"}})],
    "a requirement more": [
        put("items", value={"O7": {"requirements": {"film": own("ภาพยนตร์", formats=["word", "pdf"])}}})
    ],
    "a requirement less": [put("items", value={"O1": {"requirements": {"contact": None}}})],
    "a requirement otherwise": [
        put("items", value={"O18": {"requirements": {"activities": own("ข่าว", cadence="continuous", minimum=7)}}})
    ],
    "a requirement as the framework has it": [
        put("items", value={"O3": {"requirements": {"categories": own("มีการจัดเป็นหมวดหมู่ให้ง่ายต่อการค้นหา")}}})
    ],
    "another title": [put("items", value={"O3": {"title": "กฎหมาย", "demand": "ทุกฉบับ"}})],
    "nothing departs": [put("items", value={"O3": {}})],
    "some months": [
        put("items", value={"O6": {"requirements": {"inspection": own("งาน", periods=["2025-01", "2024-11"])}}})
    ],
    "its own calendar": [lambda plan: plan.update(phases=PHASES, steps={"2": NOBODY, "1": BY_TEAM})],
    "people of one word with tasks in brackets": [
        put("teams", "supply", "name", value="งาน (ก)"),
        put("teams", "investigation", "name", value="งาน"),
        put("steps", "1", value={"supervise": [{"who": "investigation", "task": "ก) (ข"}],
                                 "prepare": [{"who": "supply", "task": "ก"}, {"who": "investigation", "task": "ก"}]}),
    ],
    "no posts and no measures": [
        put("posts", value={}),
        put("measures", value={}),
        lambda plan: plan["steps"].update(dict.fromkeys(("1", "7", "10"), NOBODY)),
    ],
    "signs of a formula": [
        put("about", value="=1+1"),
        put("office", "website", value="@x"),
        put("officers", "usa", "title", value="+66 81"),
        put("measures", "C1", "demand", value="- ข้อหนึ่ง\n  - ข้อสอง"),
    ],
    "since when": [put("officers", "usa", "since", value="2025-01-15")],
    "assumed from another year": [put("assumed", value={"source": "immigration-2567", "items": ["O1", "O2"]})],
}  # fmt: skip
NOBODY = {"nobody": "ยังไม่กำหนด"}
BY_TEAM = {"supervise": ["commander"], "prepare": ["ita-team", {"who": "usa", "task": "พิมพ์"}]}
PHASES = [
    {"title": "ช่วงหนึ่ง", "steps": {"1": {"starts": "2024-10-01", "ends": "2024-10-31", "title": "ก", "work": "ข"}}},
    {"title": "ช่วงสอง", "steps": {"2": {"row": "๑", "instrument": "OIT", "starts": "2025-02-28", "ends": "2025-09-30",
                                       "title": "ค", "work": "ง"}}},
]  # fmt: skip


@pytest.mark.parametrize("name", [name for name in CHANGES if name != "its own calendar"])
def test_a_changed_plan_is_the_same_again(content: Content, name: str):
    both_ways(with_change(content, *CHANGES[name]))


def test_a_calendar_of_its_own_is_the_same_again(content: Content):
    changed = with_change(content, *CHANGES["its own calendar"])
    again = read(write(changed), changed, name="x")
    assert again["plan"]["steps"] == changed["plan"]["steps"]
    assert [phase["title"] for phase in again["plan"]["phases"]] == ["ช่วงหนึ่ง", "ช่วงสอง"]


words = st.text(st.sampled_from("กขคงำ้่=+-@'\"<>&(), ๑1a:|"), min_size=1, max_size=12).map(str.strip).filter(bool)
days = st.dates(date(2024, 10, 1), date(2025, 9, 30)).map(date.isoformat)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_stands_in_the_texts_and_days(content: Content, data: st.DataObject):
    raw = copy.deepcopy(content)
    plan = raw["plan"]
    for party in data.draw(st.lists(st.sampled_from(list(plan["officers"])), max_size=3)):
        plan["officers"][party]["title"] = data.draw(words)
    plan["officers"]["usa"]["name"] = "อุษา " + data.draw(words)
    for item in data.draw(st.lists(st.sampled_from(["O1", "O9", "O20", "1.1", "C2"]), max_size=3)):
        plan["deadlines"]["own"][item] = {"": data.draw(days)}
    plan["duties"]["O3"]["prepare"] = [{"who": "usa", "task": data.draw(words)}]
    plan["steps"]["5"]["prepare"] = [{"who": "supply", "task": data.draw(words)}, {"who": "usa", "task": ""}]
    plan["items"] = {"O5": {"title": data.draw(words), "requirements": {"new": {"title": data.draw(words)}}}}
    both_ways(content_of(*checked(raw, "drawn")))


def test_no_cell_is_a_formula_and_days_are_days(content: Content):
    changed = with_change(content, *CHANGES["signs of a formula"])
    book = load_workbook(io.BytesIO(write(changed, holidays={date(2025, 2, 12): "วันมาฆบูชา"})))
    assert not [found for page in book for row in page.iter_rows() for found in row if found.data_type == "f"]
    due = book["กำหนดส่ง"][at(content, "กำหนดส่ง", "กำหนดส่ง", ข้อ="O7")]
    assert (due.value, due.number_format) == (datetime(2025, 2, 28), "[$-107041E]d mmm yyyy")
    assert datetime(2025, 2, 12) in [found.value for row in book["ตัวเลือก"].iter_rows() for found in row]


def test_every_sheet_is_frozen_filtered_and_has_its_lists(content: Content):
    book = load_workbook(io.BytesIO(write(content)))
    assert book.sheetnames == [*(sheet.title for sheet in sheets.SHEETS), "ตัวเลือก"]
    for sheet in sheets.SHEETS:
        page = book[sheet.title]
        assert page.freeze_panes.endswith("3")
        assert bool(page.auto_filter.ref) == sheet.filtered
        chosen = sum(bool(column.choices) for column in sheet.columns)
        assert sum(rule.type == "list" for rule in page.data_validations.dataValidation) >= chosen
    assert book["กำหนดส่ง"].conditional_formatting


def test_a_requirement_of_the_offices_own_is_marked(content: Content):
    changed = with_change(content, *CHANGES["a requirement more"])
    page = load_workbook(io.BytesIO(write(changed)))["ข้อและองค์ประกอบ"]
    place = at(changed, page.title, "ของหน่วยงาน", ข้อ="O7", รหัสองค์ประกอบ="film")
    assert page[place].value == "หน่วยงานกำหนดเอง"


# What a secretary does: a cell filled otherwise, and what the plan then says.


def test_a_moved_deadline_is_a_day_of_its_own_and_moved_back_none(content: Content):
    o7 = at(content, "กำหนดส่ง", "กำหนดส่ง", ข้อ="O7")
    moved = read_again(content, cell("กำหนดส่ง", o7, datetime(2025, 3, 31)))
    assert moved["plan"]["deadlines"] == {**content["plan"]["deadlines"], "own": {"O7": {"": "2025-03-31"}}}
    assert read_again(moved, cell("กำหนดส่ง", o7, datetime(2025, 2, 28))) == content


@pytest.mark.parametrize(
    "written",
    ["31 มี.ค. 2568", "31 มีนาคม 2568", "๓๑ มี.ค. ๖๘", "31/3/2568", "๓๑/๓/๒๕๖๘", "31-3-68", "2568-03-31", "2025-03-31",
     "31 มี.ค. พ.ศ. 2568", " 31/03/2025 ", datetime(2568, 3, 31), date(2025, 3, 31)],
)  # fmt: skip
def test_a_day_in_any_hand(content: Content, written: Any):
    o7 = at(content, "กำหนดส่ง", "กำหนดส่ง", ข้อ="O7")
    assert read_again(content, cell("กำหนดส่ง", o7, written))["plan"]["deadlines"]["own"] == {"O7": {"": "2025-03-31"}}


@pytest.mark.parametrize("who", ["narisara", "นริศรา นามธง", " ร.ต.อ.หญิง  นริศรา นามธง ", "ร.ต.อ.หญิงนริศรา นามธง"])
def test_a_duty_is_handed_over_by_any_name(content: Content, who: str):
    place = at(content, "หน้าที่", "ผู้รับผิดชอบ", ข้อ="O9", หน้าที่="จัดทำ")
    duty = read_again(content, cell("หน้าที่", place, who))["plan"]["duties"]["O9"]
    assert duty["prepare"] == [{"who": "narisara", "task": ""}]


def test_somebody_new_needs_no_key(content: Content):
    def add(book: Any) -> None:
        book["บุคคล"].append([None, "ข้าราชการตำรวจ", "ร.ต.ท.", "สมชาย ใจดี "])
        book["หน้าที่"][at(content, "หน้าที่", "ผู้รับผิดชอบ", ข้อ="O9", หน้าที่="จัดทำ")] = "สมชาย ใจดี"

    plan = read_again(content, add)["plan"]
    assert plan["officers"]["officer-2568-1"]["name"] == "สมชาย ใจดี"
    assert plan["duties"]["O9"]["prepare"] == [{"who": "officer-2568-1", "task": ""}]


def test_a_code_that_excel_took_for_a_number_and_thai_digits(content: Content):
    place = at(content, "หน้าที่", "ข้อ", ข้อ="1.4", หน้าที่="จัดทำ")
    assert read_again(content, cell("หน้าที่", place, 1.4)) == content
    assert read_again(content, cell("หน้าที่", place, "๑.๔ ")) == content
    assert read_again(content, cell("หน่วยงาน", "B5", "๒๕๖๘"), cell("หน่วยงาน", "B10", "๙๕")) == content


def test_sorted_rows_blank_rows_and_notes_beside_the_table_change_nothing(content: Content):
    def edit(book: Any) -> None:
        page = book["กำหนดส่ง"]
        rows = [[found.value for found in row] for row in page.iter_rows(min_row=3)]
        for number, row in enumerate(reversed(rows), start=4):
            for place, value in enumerate(row, start=1):
                page.cell(number, place).value = value
        for place in range(1, 5):
            page.cell(3, place).value = " "
        page["F1"], page["F5"] = "บันทึกของฉัน", "ถามผู้กำกับ"

    assert read_again(content, edit) == content


def test_a_sheet_of_another_title_is_found_by_its_hidden_name_and_a_column_by_its_heading(content: Content):
    def edit(book: Any) -> None:
        book["กำหนดส่ง"].move_range("C1:D200", cols=3)
        book["กำหนดส่ง"].title = "Deadlines"
        book.defined_names["ita_deadlines"].attr_text = "'Deadlines'!$A$1"

    assert read_again(content, edit) == content


def test_a_title_changed_in_one_row_is_a_departure(content: Content):
    place = at(content, "ข้อและองค์ประกอบ", "ชื่อข้อ", ข้อ="O4", รหัสองค์ประกอบ="email")
    plan = read_again(content, cell("ข้อและองค์ประกอบ", place, "ติดต่อเรา"))["plan"]
    assert plan["items"] == {"O4": {"title": "ติดต่อเรา", "demand": "", "requirements": {}}}


def test_a_step_moved_is_a_calendar_of_its_own(content: Content):
    place = at(content, "ปฏิทิน", "สิ้นสุด", ขั้นตอนที่=5)
    plan = read_again(content, cell("ปฏิทิน", place, "15 พ.ค. 2568"))["plan"]
    assert plan["phases"][1]["steps"]["5"]["ends"] == "2025-05-15"
    assert len(plan["phases"]) == 4


@pytest.mark.parametrize(
    ("written", "read_as"),
    [("ประชุมแล้ว", "meeting_held"), ("meeting_held", "meeting_held"), ("หลักฐานครบ O18", "evidence_of O18"),
     ("evidence_of  1.4", "evidence_of 1.4"), (None, None)],
)  # fmt: skip
def test_what_shows_a_step_done(content: Content, written: Any, read_as: str | None):
    place = at(content, "ปฏิทิน", "ถือว่าเสร็จเมื่อ", ขั้นตอนที่=5)
    plan = read_again(content, cell("ปฏิทิน", place, written))["plan"]
    assert plan["steps"]["5"].get("shown_by") == read_as
    assert plan["phases"] == []


@pytest.mark.parametrize("written", ["หลักฐานครบ O99", "เสร็จแล้ว", "หลักฐานครบ"])
def test_what_cannot_show_a_step_done_is_told_at_its_cell(content: Content, written: str):
    place = at(content, "ปฏิทิน", "ถือว่าเสร็จเมื่อ", ขั้นตอนที่=5)
    [fault] = faults_of(filled(content, cell("ปฏิทิน", place, written)), content)
    assert fault.startswith(f"ปฏิทิน!{place}: ")


def test_a_workbook_from_before_there_was_such_a_column_keeps_what_the_plan_says(content: Content):
    letter = at(content, "ปฏิทิน", "ถือว่าเสร็จเมื่อ", ขั้นตอนที่=5)[0]

    def edit(book: Any) -> None:
        for row in range(1, 40):
            book["ปฏิทิน"][f"{letter}{row}"].value = None

    assert read_again(content, edit) == content


def test_a_step_that_moved_in_such_a_workbook_keeps_what_shows_it_done(content: Content):
    """Steps 5 and 6 change places: each is known by its name."""
    book = {head: at(content, "ปฏิทิน", head, ขั้นตอนที่=5)[0] for head in ("ขั้นตอนที่", "ถือว่าเสร็จเมื่อ")}
    rows = {number: at(content, "ปฏิทิน", "ขั้นตอนที่", ขั้นตอนที่=number)[1:] for number in (5, 6)}

    def edit(opened: Any) -> None:
        sheet = opened["ปฏิทิน"]
        for row in range(1, 40):
            sheet[f"{book['ถือว่าเสร็จเมื่อ']}{row}"].value = None
        sheet[f"{book['ขั้นตอนที่']}{rows[5]}"].value, sheet[f"{book['ขั้นตอนที่']}{rows[6]}"].value = 6, 5

    steps = read_again(content, edit)["plan"]["steps"]
    assert (steps["5"]["shown_by"], steps["6"]["shown_by"]) == ("iit_minimum", "items_filed")
    assert steps["14"]["shown_by"] == "scores_announced"


def test_libreoffice_saves_it_as_the_same_plan(content: Content, tmp_path: Path):
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("soffice (Debian: libreoffice-calc-nogui) is not installed: nothing opened and saved the workbook")
    (tmp_path / "plan.xlsx").write_bytes(write(content))
    command = [office, f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", "xlsx"]
    command += ["--outdir", str(tmp_path / "saved"), str(tmp_path / "plan.xlsx")]
    subprocess.run(command, check=False, timeout=120)  # the first start may only make the profile, and say 81
    subprocess.run(command, check=True, timeout=120)
    assert read((tmp_path / "saved" / "plan.xlsx").read_bytes(), content, name="saved") == content
