"""What is wrong with a workbook is said with its sheet and cell, all of it at once, and nothing is read falsely."""

import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from openpyxl import Workbook

from ita_core.plan.content import Content, content_of
from ita_core.plan.faults import PlanFaults
from ita_core.plan.framework import Framework
from ita_core.plan.plan import Plan
from ita_core.plan.workbook import write
from ita_core.plan.workbook.opening import LARGEST, MOST_UNPACKED
from tests.plan.filling import at, cell, faults_of, filled, written

EXPORTED = "take a workbook that was exported here, and fill that"


@pytest.fixture(scope="module")
def content(rules: Framework, real: Plan) -> Content:
    return content_of(rules, real)


def zipped(parts: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return target.getvalue()


def parts_of(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def another_program() -> bytes:
    target = io.BytesIO()
    Workbook().save(target)
    return target.getvalue()


DAMAGED = f"is no xlsx workbook, or it is damaged: open it, save it anew as .xlsx; or {EXPORTED}"
FILES = {
    "nothing": (lambda: b"", DAMAGED),
    "text": (lambda: "ข้อ,กำหนด\n".encode(), DAMAGED),
    "another zip": (lambda: zipped({"a.txt": b"a"}), DAMAGED),
    "an old one": (
        lambda: b"\xd0\xcf\x11\xe0" + bytes(600),
        "is an old workbook (.xls) or protected by a password: save it as .xlsx without a password",
    ),
    "another program's": (another_program, f"is a workbook of another program: it has none of our sheets; {EXPORTED}"),
    "too large": (lambda: b"PK" + bytes(LARGEST), f"is larger than 5 MB: {EXPORTED}"),
    "a bomb": (
        lambda: zipped({"xl/workbook.xml": bytes(MOST_UNPACKED + 1)}),
        f"unpacks to more than 40 MB, or to too many parts: {EXPORTED}",
    ),
    "entities": (
        lambda: zipped({"[Content_Types].xml": b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b 'c'>]><a/>"}),
        f"is not written as office programs do it ([Content_Types].xml): {EXPORTED}",
    ),
}


@pytest.mark.parametrize("name", FILES)
def test_what_is_no_workbook_of_ours(content: Content, name: str):
    make, sentence = FILES[name]
    assert faults_of(make(), content) == [sentence]


def test_whatever_part_is_cut_off_or_missing_is_no_crash(content: Content):
    data = written(content)
    for end in range(0, len(data), len(data) // 25):
        assert faults_of(data[:end], content)
    parts = parts_of(data)
    for name in parts:
        for other in ({**parts, name: parts[name][: len(parts[name]) // 2]}, {k: parts[k] for k in parts if k != name}):
            faults_of(zipped(other), content)


def delete(title: str) -> Callable[[Workbook], object]:
    return lambda book: book.remove(book[title])


def hide_row(book: Workbook) -> None:
    for number in (5, 6, 9):
        book["บุคคล"].row_dimensions[number].hidden = True


def hide_column(book: Workbook) -> None:
    book["บุคคล"].column_dimensions["E"].hidden = True


def hide_sheet(book: Workbook) -> None:
    book["ปฏิทิน"].sheet_state = "hidden"


def merge(book: Workbook) -> None:
    book["หน้าที่"].merge_cells("D5:D7")


def rename_heading(book: Workbook) -> None:
    book["บุคคล"]["D1"], book["บุคคล"]["E1"] = "Name", "ชื่อ "


def many_rows(book: Workbook) -> None:
    book["บุคคล"]["A10001"] = "x"


def add(sheet: str, *values: Any) -> Callable[[Workbook], object]:
    return lambda book: book[sheet].append(values)


# A change of the workbook, and all that is said of it.
EDITS: dict[str, tuple[Callable[[Workbook], object], list[str]]] = {
    "a sheet missing": (delete("มาตรการ"), [f"lacks the sheet “มาตรการ”: {EXPORTED}"]),
    "a heading missing": (rename_heading, [
        f"บุคคล!1:1: there is no heading “ตำแหน่ง”: {EXPORTED}",
    ]),
    "hidden rows": (hide_row, [
        "บุคคล!5:6: hidden rows: show them (clear the filter), look through them, and save",
        "บุคคล!9:9: hidden rows: show them (clear the filter), look through them, and save",
    ]),
    "hidden columns": (hide_column, ["บุคคล!E:E: hidden columns: show them, look through them, and save"]),
    "a hidden sheet": (hide_sheet, [
        "ปฏิทิน: this sheet is hidden: show it, look through it, and save the workbook again",
    ]),
    "merged cells": (merge, ["หน้าที่!D5:D7: merged cells: undo the merge, and fill each cell"]),
    "a formula": (cell("บุคคล", "D5", "=D6"), ["บุคคล!D5: holds a formula: put the value itself in its place"]),
    "a formula for a duty": (cell("หน้าที่", "D5", "=D6"), [
        "หน้าที่!D5: holds a formula: put the value itself in its place",
    ]),
    "an error": (cell("บุคคล", "D5", "#N/A"), ["บุคคล!D5: holds an error (#N/A): put the value in its place"]),
    "too many rows": (many_rows, ["บุคคล: has more than 10,000 rows: delete what is below the table"]),
    "a name twice": (add("บุคคล", "other", "ข้าราชการตำรวจ", "ด.ต.", "อุษา มีนาม "), [
        "บุคคล!D29: “อุษา มีนาม” is already a name of usa",
    ]),
    "a key twice": (add("บุคคล", "usa", "ข้าราชการตำรวจ", "ด.ต.", "อุษณา มีนา"), [
        "บุคคล!A29: the key usa stands in row 18 already",
    ]),
    "a kind unknown": (add("บุคคล", "x", "พลเรือน", "", "อุษณา มีนา"), [
        "บุคคล!B29: must be ข้าราชการตำรวจ, ตำแหน่ง, คณะ/สายงาน, but is “พลเรือน”",
    ]),
    "a member nobody": (cell("บุคคล", "H20", "เทียนชัย ชมพู"), [
        "บุคคล!H20: there is nobody called “เทียนชัย ชมพู” on the sheet “บุคคล”: is it “เทียนชัย ชมภู”?",
    ]),
    "a year of another era": (cell("หน่วยงาน", "B5", 2025), [
        "หน่วยงาน!B5: must be a year of the Buddhist era, but is 2025: write 2568",
        "หน่วยงาน!B5: is 2025, but immigration-2568 is for 2568",
    ]),
    "another framework": (cell("หน่วยงาน", "B4", "police-2568"), [
        "หน่วยงาน!B4: is police-2568, but the framework given is immigration-2568",
    ]),
    "a target that is none": (cell("หน่วยงาน", "B10", "ดีมาก"), ["หน่วยงาน!B10: must be a number, but is “ดีมาก”"]),
    "an item more": (add("ข้อและองค์ประกอบ", "O25", "ก", "a", "ข"), [
        "ข้อและองค์ประกอบ!A90: there is no item O25 in immigration-2568: what the office adds stands under “มาตรการ”",
    ]),
    "a duty of no item": (add("หน้าที่", "O99", "", "จัดทำ", "usa"), [
        "หน้าที่!A124: there is no item O99 in immigration-2568",
    ]),
    "a day twice": (add("กำหนดส่ง", "O7", "", "", "31/3/2568"), [
        "กำหนดส่ง!D78: says a day for what row 14 says one for already",
    ]),
    "a sign that cannot be kept": (cell("บุคคล", "E5", "ก\u202eข"), [
        "บุคคล!E5: holds the character U+202E, which cannot be kept: delete it",
    ]),
}  # fmt: skip


@pytest.mark.parametrize("name", EDITS)
def test_a_fault_names_its_sheet_and_cell(content: Content, name: str):
    edit, sentences = EDITS[name]
    assert faults_of(filled(content, edit), content) == sentences


@pytest.mark.parametrize(
    ("written_as", "nearest"),
    [
        ("อุษา มีนามม", "“อุษา มีนาม”"),
        ("ขนิษฐา แก้วโสภาคย์", "“ขนิษฐา แก้วโสภาค” (ขนิษฐา แก้วโสภา)"),
        ("aithanyaa", "“aithanya” (อัยย์ธัญญา กฤตย์อัศวโกคิน)"),
        ("ด.ต.หญิง อุษา มีนำ", "“ด.ต.หญิง อุษา มีนาม” (อุษา มีนาม)"),
    ],
)
def test_an_unknown_name_suggests_the_nearest(content: Content, written_as: str, nearest: str):
    place = at(content, "หน้าที่", "ผู้รับผิดชอบ", ข้อ="O9", หน้าที่="จัดทำ")
    [fault] = faults_of(filled(content, cell("หน้าที่", place, written_as)), content)
    assert fault == f"หน้าที่!{place}: there is nobody called “{written_as}” on the sheet “บุคคล”: is it {nearest}?"


@pytest.mark.parametrize(
    ("day", "sentence"),
    [
        ("31 กุมภา 2568", "must be a day like 31 ม.ค. 2568, but is “31 กุมภา 2568”"),
        ("30/2/2568", "there is no day 30/2/2568"),
        ("1/31/2025", "there is no day 1/31/2025"),
        ("31 มี.ค. 2569", "2026-03-31 lies outside fiscal year 2568 (2024-10-01 to 2025-09-30)"),
        (True, "must be text, but is TRUE"),
    ],
)
def test_a_day_that_is_none(content: Content, day: Any, sentence: str):
    place = at(content, "กำหนดส่ง", "กำหนดส่ง", ข้อ="O7")
    assert faults_of(filled(content, cell("กำหนดส่ง", place, day)), content) == [f"กำหนดส่ง!{place}: {sentence}"]


def test_all_of_it_at_once(content: Content):
    duty = at(content, "หน้าที่", "ผู้รับผิดชอบ", ข้อ="O9", หน้าที่="ควบคุม")
    step = at(content, "ปฏิทิน", "เริ่ม", ขั้นตอนที่=4)
    edits = [
        cell("หน้าที่", duty, None),
        cell("ปฏิทิน", step, "เร็ว ๆ นี้"),
        cell("มาตรการ", "A3", None),
        cell("บุคคล", "D3", 2568),
        hide_row,
        merge,
    ]
    found = faults_of(filled(content, *edits), content)
    said = [fault.split(": ")[0] for fault in found]
    assert {"บุคคล!5:6", "หน้าที่!D5:D7", f"ปฏิทิน!{step}", "มาตรการ!A3"} <= set(said)
    assert any(fault.startswith(f"หน้าที่!A{duty[1:]}: has no supervisor") for fault in found)
    assert len(said) == len(set(found))


def test_a_text_that_no_cell_holds_is_not_cut(content: Content):
    long = {**content, "plan": {**content["plan"], "about": "ก" * 32_768}}
    with pytest.raises(PlanFaults, match=r"หน่วยงาน!11: .* cannot stand in a cell"):
        write(long)


def test_a_cell_far_away_and_a_merge_of_everything_take_no_time(content: Content):
    def far(book: Workbook) -> None:
        book["บุคคล"]["XFD9000"] = "x"

    assert faults_of(filled(content, far), content) == []
    parts = parts_of(written(content))
    sheet = next(name for name, part in parts.items() if name.endswith("sheet2.xml") and part)
    merged = b"</sheetData><mergeCells><mergeCell ref='A1:XFD1048576'/></mergeCells>"
    parts[sheet] = parts[sheet].replace(b"</sheetData>", merged)
    found = faults_of(zipped(parts), content)
    assert found[0] == "บุคคล!A1:XFD1048576: merged cells: undo the merge, and fill each cell"
