"""What a forecast assumes, in the workbook: written, filled in otherwise, read again, and what is wrong with a cell."""

import copy
from typing import Any

import pytest

from ita_core.plan import editing
from ita_core.plan.content import Content, content_of
from ita_core.plan.figures import Figure, figures_of
from ita_core.plan.framework import Framework
from ita_core.plan.plan import Plan
from tests.plan.filling import at, cell, faults_of, filled, read_again

SHEET = "การคาดการณ์"
STAGES, BANDS = "คะแนนของข้อตามขั้นที่ทำถึง", "ความคลาดเคลื่อนจากปีก่อน (บวกลบ)"
LEVELS, WEIGHTS = "เกณฑ์ของระดับผลการประเมิน", "น้ำหนักของเครื่องมือ (ร้อยละ)"


@pytest.fixture(scope="module")
def content(rules: Framework, real: Plan) -> Content:
    return content_of(rules, real)


def place(content: Content, group: str, what: str, heading: str = "ค่าที่สมมติ") -> str:
    return at(content, SHEET, heading, หมวด=group, รายการ=what)


def with_figures(content: Content, figures: dict[Figure, float], **sources: str) -> Content:
    changed = copy.deepcopy(content)
    editing.set_figures(changed, figures)
    editing.set_sources(changed, sources)
    return changed


def test_figures_and_sources_go_both_ways(content: Content):
    """Of a plan whose framework states none, of one that states some, and of the real one."""
    bare = copy.deepcopy(content)
    del bare["framework"]["forecast"]
    some = with_figures(bare, {("stages", "filed", "likely"): 98.5, ("bands", "IIT"): 3})
    changed = with_figures(content, {("levels", "0", "each_min"): 90.5, ("left", "approved"): 81}, bands="ก; ข")
    for one in (content, bare, some, changed):
        assert read_again(one) == one


def test_a_figure_filled_in_otherwise_is_that_of_the_framework(content: Content):
    found = read_again(
        content,
        cell(SHEET, place(content, STAGES, "ลงระบบ ITAP แล้ว · น่าจะได้"), "๙๙.๕"),
        cell(SHEET, place(content, BANDS, "EIT"), 3),
        cell(SHEET, place(content, WEIGHTS, "IIT"), 25), cell(SHEET, place(content, WEIGHTS, "OIT"), 45),
        cell(SHEET, place(content, STAGES, "ยังไม่เริ่ม · อย่างน้อย", "ที่มา"), "ประกาศ ป.ป.ช."),
    )  # fmt: skip
    expected = with_figures(
        content,
        {("stages", "filed", "likely"): 99.5, ("bands", "EIT"): 3, ("weights", "IIT"): 25, ("weights", "OIT"): 45},
        stages="ประกาศ ป.ป.ช.",
    )
    assert figures_of(Framework.model_validate(found["framework"], strict=False)) == figures_of(
        Framework.model_validate(expected["framework"], strict=False)
    )
    assert found == expected


def test_a_workbook_from_before_there_was_this_sheet_changes_no_figure(content: Content):
    mine = with_figures(content, {("bands", "EIT"): 3})
    assert read_again(mine, lambda book: book.remove(book[SHEET])) == mine


def edits(content: Content) -> dict[str, tuple[Any, list[str]]]:
    likely = place(content, STAGES, "เผยแพร่แล้ว · น่าจะได้")
    row = likely[1:]
    before = place(content, STAGES, "เผยแพร่แล้ว · อย่างน้อย")
    weight = place(content, WEIGHTS, "IIT")
    return {
        "less than the stage before": (cell(SHEET, likely, 96), [
            f"{SHEET}!{before}: “Likely”, 96, is less than the 97 of the stage before it, “Approved”: raise it, or "
            "lower that one",
        ]),
        "over 100": (cell(SHEET, likely, 101), [
            f"{SHEET}!{before}: “Highest”, 100, is less than “Likely”, 101: change one of the two",
            f"{SHEET}!{likely}: must be less than or equal to 100, but is 101",
        ]),
        "no number": (cell(SHEET, likely, "มาก"), [f"{SHEET}!{likely}: must be a number, but is “มาก”"]),
        "empty": (cell(SHEET, likely, None), [f"{SHEET}!{likely}: is empty: write a number from 0 to 100"]),
        "weights": (cell(SHEET, weight, 20), [
            f"{SHEET}!{weight}: the weights add up to 90%, not to 100%: raise them by 10 in all",
        ]),
        "an unknown row": (cell(SHEET, f"B{row}", "อย่างอื่น"), [
            f"{SHEET}!B{row}: “อย่างอื่น” is none of the figures of a forecast: leave this column as it was",
            f"{SHEET}!B:B: there is no row “เผยแพร่แล้ว · น่าจะได้”: take a workbook that was exported here",
        ]),
    }  # fmt: skip


@pytest.mark.parametrize("name", ["less than the stage before", "no number", "empty", "weights", "an unknown row"])
def test_a_fault_names_its_cell(content: Content, name: str):
    edit, said = edits(content)[name]
    assert sorted(faults_of(filled(content, edit), content)) == sorted(said)


def test_what_is_over_100_is_said_in_its_own_cell(content: Content):
    edit, said = edits(content)["over 100"]
    assert said[1] in faults_of(filled(content, edit), content)
