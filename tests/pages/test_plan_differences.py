"""What differs between two plans, in people's words."""

from collections.abc import Callable
from datetime import date

import pytest

from ita_core import language
from ita_core.plan import editing
from ita_core.plan.content import Content, checked, content_of
from ita_core.plan.plan import find_plan, load_with_framework
from ita_core.plan.touched import Parts
from pages.parts import plan_differences
from pages.parts.plan_differences import Line


@pytest.fixture(scope="module")
def real() -> Parts:
    return load_with_framework(find_plan("prachuap-2568"))


@pytest.fixture(autouse=True)
def _thai(_english: None) -> None:
    language.use("th")


def told(real: Parts, change: Callable[[Content], object], **parties: str) -> list[Line]:
    content = content_of(*real)
    change(content)
    after = checked(content, "changed")
    return plan_differences.lines(plan_differences.listed(real, after), real, after, parties)


def formats(content: Content) -> None:
    key, one = next(iter(content["framework"]["items"]["O6"]["requirements"].items()))
    content["plan"]["items"]["O6"] = {"title": "", "demand": "", "requirements": {key: one | {"formats": ["image"]}}}


def office(content: Content) -> None:
    content["plan"]["office"]["website"] = "https://example.go.th"
    content["plan"]["target"] = 96.5


def step(content: Content) -> None:
    content["framework"]["phases"][0]["steps"]["1"]["starts"] = "2024-10-07"


def confirmed(content: Content) -> None:
    next(one for one in content["plan"]["officers"].values() if one["confirm"])["confirm"] = False


@pytest.mark.parametrize(("change", "line"), [
    (lambda one: editing.move_deadlines(one, {("O7", ""): date(2025, 3, 31)}),
     ("กำหนด", "O7", "28 ก.พ. 68", "31 มี.ค. 68")),
    (lambda one: editing.move_deadlines(one, {("O14", "2025-01"): date(2025, 2, 14)}),
     ("กำหนด", "O14 ม.ค. 68", "1 ก.พ. 68", "14 ก.พ. 68")),
    (formats, ("องค์ประกอบ", "O6 · งานสืบสวนปราบปราม · รูปแบบไฟล์", "PDF, Word", "รูปภาพ")),
    (confirmed, ("บุคคล", "รอยืนยันชื่อ", "ใช่", "ไม่ใช่")),
    (step, ("ขั้นตอน", "ขั้นตอนที่ 1 · เริ่ม", "", "7 ต.ค. 67")),
    (lambda one: one["framework"].update(closes="2025-05-31"),
     ("กรอบการประเมิน", "วันปิดระบบ OIT", "30 เม.ย. 68", "31 พ.ค. 68")),
])  # fmt: skip
def test_what_was_changed_is_told_in_words(
    real: Parts, change: Callable[[Content], object], line: tuple[str, str, str, str]
):
    kind, where, before, after = line
    found = next(one for one in told(real, change) if where in one.where)
    assert (found.what, found.before if before else "", found.after) == (kind, before, after)


def test_members_are_called_by_their_names_as_they_are_now(real: Parts):
    def members(content: Content) -> None:
        next(iter(content["plan"]["teams"].values()))["members"] = ["usa", "patthama"]

    assert [(one.before, one.after) for one in told(real, members, usa="อุษา")] == [("", "อุษา, ด.ต.หญิง ปัทมา เทพทวี")]


def test_what_is_new_as_a_whole_is_one_line(real: Parts):
    def add(content: Content) -> None:
        demand = next(iter(content["framework"]["items"]["O7"]["requirements"].values()))
        editing.add_requirement(content, "O7", demand | {"title": "สำเนาคำสั่ง"})

    assert [(one.what, one.where, one.before, one.after) for one in told(real, add)] == [
        ("องค์ประกอบ", "O7", "", "สำเนาคำสั่ง"),
    ]  # fmt: skip


def test_the_office_s_own_settings_are_called_by_their_words(real: Parts):
    assert [(one.where, one.after) for one in told(real, office)] == [
        ("เว็บไซต์", "https://example.go.th"), ("เป้าหมายคะแนน", "96.5"),
    ]  # fmt: skip


def test_a_step_that_is_gone_is_one_line_though_the_others_count_one_less(real: Parts):
    phases = editing.calendar_of(content_of(*real))
    title = next(phase["steps"]["2"]["title"] for phase in phases if "2" in phase["steps"])
    found = [one for one in told(real, lambda one: editing.take_out_step(one, 2)) if one.what == "ขั้นตอน"]
    assert [(one.where, one.before, one.after) for one in found] == [("ขั้นตอนที่ 2", title, "")]
