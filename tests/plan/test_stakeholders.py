"""Lists of stakeholders as people send them: what is taken, and the sentence for what is not, by its cell."""

import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ita_core.exports import stakeholders as exports
from ita_core.plan import stakeholders
from ita_core.plan.faults import PlanFaults
from ita_core.plan.sentences import Misfit
from ita_core.plan.stakeholders import by_kind, email, exported, kept_of, load_form, people_of, phone, read

FORM = load_form()
HEADS = list(FORM.headings)
ONE = ["สมชาย สมมุติ", "โรงแรมสมมุติ", "ผู้ประกอบการ", "02 000 0001", "A.b@Example.ORG"]


def csv_of(*rows: list[Any], heads: list[str] | None = None) -> bytes:
    return "\n".join(",".join(map(str, row)) for row in [heads or HEADS, *rows]).encode()


def book_of(*rows: list[Any], heads: list[str] | None = None) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "รายชื่อ"
    for row in [heads or HEADS, *rows]:
        sheet.append(row)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def faults(data: bytes, name: str = "list.csv") -> list[str]:
    with pytest.raises(PlanFaults) as refused:
        read(data, name, FORM)
    return [one.removeprefix(f"{name}: ") for one in refused.value.faults]


@pytest.mark.parametrize(("data", "name"), [(csv_of(ONE), "a.csv"), (book_of(ONE), "a.xlsx"), (book_of(ONE), "A.XLSX")])
def test_a_row_is_read_and_brought_into_one_form(data: bytes, name: str):
    wanted = {"name": ONE[0], "organisation": ONE[1], "kind": ONE[2], "phone": "020000001", "email": "A.b@example.org"}
    assert read(data, name, FORM) == [wanted]


def test_columns_are_found_by_thai_and_english_headings_in_any_order_and_remarks_are_not_read():
    heads = ["No.", "E-mail", "TEL", "Type", "Company", "Full name", "หมายเหตุ"]
    found = read(csv_of([1, "a@b.example", "020000001", "Business", "x", "ก", "ลับ"], heads=heads), "a.csv", FORM)
    wanted = {"name": "ก", "organisation": "x", "kind": "ผู้ประกอบการ", "phone": "020000001", "email": "a@b.example"}
    assert found == [wanted]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("๐๘๑-๒๓๔-๕๖๗๘", "0812345678"),
        ("+66 81 234 5678", "0812345678"),
        ("+66 (0)81 234 5678", "0812345678"),
        ("0066 32 611 234", "032611234"),
        ("6632611234", "032611234"),
        ("(032) 611-234", "032611234"),
        ("032611234 ต่อ 15", "032611234 ต่อ 15"),
        ("032611234 ext. ๑๕", "032611234 ต่อ 15"),
        ("+44 1632 960001", "+441632960001"),
    ],
)
def test_a_telephone_number_is_digits(typed: str, kept: str):
    assert phone(typed) == kept


@pytest.mark.parametrize(
    "typed",
    ["", "x", "1178", "08123456", "081234567", "08123456789", "0112345678", "0012345678", "0711234567", "812345678",
     "0812345678, 0823456789", "0812345678/9", "+66 1 234 5678", "+6681234567", "+0812345678", "08+12345678",
     "+1234567", "+1234567890123456", "=0812345678", "0812345678\x00"],
)  # fmt: skip
def test_what_is_no_telephone_number_is_refused(typed: str):
    with pytest.raises(Misfit):
        phone(typed)


def test_the_0_that_a_spreadsheet_took_is_put_back_for_numbers_and_asked_for_in_texts():
    found = read(book_of([*ONE[:3], 812345678, ""], ["ข", "", "อื่นๆ", 32611234.0, ""]), "a.xlsx", FORM)
    assert [one["phone"] for one in found] == ["0812345678", "032611234"]
    [fault] = faults(csv_of([*ONE[:3], "812345678", ""]))
    assert fault.startswith("D2: lacks the 0 at its front")


@given(st.text(max_size=30))
def test_whatever_is_typed_is_a_number_of_ours_or_is_refused(typed: str):
    try:
        kept = phone(typed)
    except Misfit:
        return
    assert phone(kept) == kept
    assert kept[0] in "0+"


@pytest.mark.parametrize(
    "typed",
    ["ก.b", "a b@c.example", "a@b", "a@b.c", "a@-b.example", ".a@b.example", "a..b@c.example", "a.@b.example",
     "a@b.example,c@d.example", "<a@b.example>"],
)  # fmt: skip
def test_what_is_no_e_mail_address_is_refused(typed: str):
    assert email("a@b.example") == "a@b.example"
    with pytest.raises(Misfit):
        email(typed)


def test_everything_that_is_wrong_is_said_at_once_by_its_cell_and_nothing_of_what_stands_there():
    rows = [
        ONE,
        ["", "x", "เพื่อน", "0812", "a@@b"],
        ["ข", "", "อื่น", "", ""],
        ["ค", "", "ผู้รับบริการ", "+6620000001", ""],
        ["ง" * 201, "", "ผู้รับบริการ", "020000002", ""],
        ["จ\u202e", "", "ผู้รับบริการ", "020000003", ""],
        [" สมชาย  สมมุติ", "โรงแรมสมมุติ ", "other", "020000004", ""],
    ]
    found = faults(book_of(*rows), "a.xlsx")
    for said, cell in [
        ("this row lacks its ชื่อ-นามสกุล", "B3"), ("is no kind that is known", "C3"), ("is no telephone number", "D3"),
        ("is no e-mail address", "E3"), ("neither โทรศัพท์ / อีเมล", "A4"),
        ("stands twice: the same โทรศัพท์ is at รายชื่อ!D2", "D5"), ("is longer than 200", "A6"),
        ("holds what cannot be kept", "A7"),
        ("stands twice: the same ชื่อ-นามสกุล + หน่วยงาน/บริษัท is at รายชื่อ!A2", "A8"),
    ]:  # fmt: skip
        assert any(one.startswith(f"รายชื่อ!{cell}: ") and said in one for one in found), (said, found)
    assert len(found) == 9
    assert not any(value in "\n".join(found) for value in ("0812", "a@@b", "สมชาย", "6620000001"))


@pytest.mark.parametrize(
    ("data", "name", "says"),
    [
        (csv_of(ONE[:2], heads=HEADS[:2]), "a.csv", "there is no heading “ประเภทผู้มีส่วนได้ส่วนเสีย”"),
        (csv_of([*ONE, "x"], heads=[*HEADS, "เลขบัตรประชาชน"]), "a.csv", "F1: is no heading that is known"),
        (csv_of([*ONE, "x"], heads=[*HEADS, "มือถือ"]), "a.csv", "F1: “มือถือ” stands twice"),
        (csv_of([*ONE, "x"]), "a.csv", "F2: stands below no heading"),
        (csv_of(), "a.csv", "holds nobody"),
        (b"", "a.csv", "holds nobody"),
        (b"\x00", "a.csv", "is no CSV"),
        (b"PK\x03\x04", "a.xlsx", "is no xlsx workbook"),
        (book_of([*ONE[:3], "=1+1", ""]), "a.xlsx", "holds a formula"),
        (csv_of(*[[f"ก{n}", "", "อื่น", f"02{n:07}", ""] for n in range(2_000)]), "a.csv", "more than 2,000 rows"),
        (b"x" * (5 * 1024**2 + 1), "a.csv", "is larger than"),
    ],
)  # fmt: skip
def test_a_list_that_cannot_be_read_says_why(data: bytes, name: str, says: str):
    assert any(says in one for one in faults(data, name)), faults(data, name)


def test_a_row_that_stands_for_the_headings_is_not_repeated():
    found = "\n".join(faults(csv_of(heads=["ผู้ทดสอบ หนึ่ง", "", "", "0812345678", ""]), "a.csv"))
    assert "D1: is no heading that is known" in found
    assert not any(value in found for value in ("ผู้ทดสอบ", "0812345678"))


def test_a_workbook_that_unpacks_to_too_much_is_refused_before_it_is_read(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("ita_core.plan.workbook.opening.MOST_UNPACKED", 100)
    assert "unpacks to more than" in faults(book_of(ONE), "a.xlsx")[0]


def test_what_is_exported_stands_below_the_assessor_s_headings_and_no_cell_is_a_formula():
    names = ["=HYPERLINK(1)", "+1", "-1", "@a", "\t=1", "ก;=1"]
    people = read(csv_of(*[[one, "", "อื่น", f"02000000{n}", ""] for n, one in enumerate(names)]), "a.csv", FORM)
    sheet = openpyxl.load_workbook(io.BytesIO(exports.for_itap(people, FORM))).active
    assert sheet is not None
    rows = list(sheet.iter_rows())
    assert [cell.value for cell in rows[0]] == [one.heading for one in FORM.export]
    assert [row[0].value for row in rows[1:]] == [1, 2, 3, 4, 5, 6]
    assert [(row[4].value, row[4].data_type) for row in rows[1:3]] == [("020000000", "s"), ("020000001", "s")]
    assert not any(cell.data_type == "f" for row in rows for cell in row)


def test_our_own_empty_form_is_one_that_is_taken_once_it_is_filled():
    book = openpyxl.load_workbook(io.BytesIO(exports.empty(FORM)))
    sheet = book.active
    assert sheet is not None
    sheet.append(ONE)
    target = io.BytesIO()
    book.save(target)
    assert len(read(target.getvalue(), "form.xlsx", FORM)) == 1


def test_how_many_there_are_of_each_kind_and_what_is_kept():
    people = read(csv_of(ONE, ["ข", "", "อื่น", "020000002", ""], ["ค", "", "โรงแรม", "020000003", ""]),
                  "a.csv", FORM)  # fmt: skip
    assert by_kind(people, FORM) == {"ผู้ประกอบการ": 2, "อื่น ๆ": 1}
    assert people_of(kept_of(people)) == people
    assert exported(people, FORM)[1] == [2, "ข", "", "อื่น ๆ", "020000002", ""]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("of: email", "of: mail"), "names the column “mail”"),
        (("check: kind", "check: text"), "exactly one column"),
        (("check: phone", "check: fax"), "check"),
        (("sheet:", "page:"), "page"),
        (("reached_by: [phone", "reached_by: [fax"), "names the column “fax”"),
    ],
)
def test_a_form_that_does_not_fit_itself_is_named(tmp_path: Path, change: tuple[str, str], says: str):
    text = stakeholders.FORM.read_text(encoding="utf-8")
    assert change[0] in text
    path = tmp_path / "form.yaml"
    path.write_text(text.replace(*change), encoding="utf-8")
    with pytest.raises(PlanFaults) as refused:
        load_form(path)
    assert says in str(refused.value)
