"""The tables as people and programs get them: CSV, JSON, workbooks."""

import csv
import io
import json
import re
from datetime import UTC, date, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from openpyxl import load_workbook

from ita_core import language
from ita_core.exports import tables, workbook
from ita_core.exports.tables import Column, Table, Value, as_csv, as_json
from ita_core.exports.workbook import as_xlsx
from tests.exports.office import DAY, Office


def as_rows(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


def table_of(*texts: str) -> Table:
    return Table("notes", "Evidence", (Column("note", "Note"),), [{"note": text} for text in texts])


def test_csv_is_for_spreadsheets_in_thai(office: Office) -> None:
    content = as_csv(tables.items(office.snapshot, office.snapshot.board(DAY).items))
    assert language.current() == "en"  # whatever the screen speaks, before and after
    assert content.startswith(b"\xef\xbb\xbf")
    headings, *rows = as_rows(content)
    assert headings[0] == "ข้อ"
    o6 = dict(zip(headings, next(row for row in rows if row[0] == "O6"), strict=True))
    assert o6["รับแล้ว"] == "0"
    assert "ร.ต.อ.หญิง อังศุศรณ์ เชาวเลิศ, ร.ต.ท.หญิง สุภวรรณ ศรีสุวรรณ" in o6["ผู้จัดทำ"]
    assert "ต.ค. 67, พ.ย. 67" in ",".join(o6.values())
    o9 = dict(zip(headings, next(row for row in rows if row[0] == "O9"), strict=True))
    assert o9["กำหนด"] == "2025-01-31"


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+66812345678", "-1", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("http://x")', "  =1", "＝1+1", "\n=1"],
)
def test_no_cell_is_a_formula(text: str) -> None:
    (cell,) = as_rows(as_csv(table_of(text)))[1]
    assert cell.startswith("'")
    assert cell.replace("'", "") == text.replace("\t", " ")
    cell = load_workbook(io.BytesIO(as_xlsx(table_of(text)))).worksheets[0]["A2"]
    assert cell.data_type == "s"
    assert cell.value.replace("\r", "").strip() == text.replace("\r", "").strip()


@given(
    st.lists(st.sampled_from(["=1+1", "+1", "-1", "@A", ";", ",", '"', "\t", "\n", " ", "ก"]), max_size=9).map("".join)
)
@example("x;=1+1")
@example('";\t=1+1')
def test_no_part_of_a_cell_is_a_formula_wherever_a_spreadsheet_splits(text: str) -> None:
    """As if quotes held nothing together: LibreOffice splits within them where a text has quotes of its own."""
    content = as_csv(table_of(text, "ข")).decode("utf-8-sig")
    pieces = re.split(r'[;,\t"\r\n]', content)
    assert not [piece for piece in pieces if piece.lstrip().startswith(("=", "+", "-", "@"))]


@pytest.mark.parametrize("text", ["ไม่มีการจัดซื้อจัดจ้าง", "O6 = ผลการปฏิบัติงาน", "1-2", 'a,b"c'])
def test_other_text_stays_as_it_was_written(text: str) -> None:
    assert as_rows(as_csv(table_of(text)))[1] == [text]


def test_json_is_for_programs() -> None:
    columns = (Column("day", "Due", Value.date), Column("at", "Handed in at", Value.moment), Column("name", "Name"))
    row = {"day": DAY, "at": datetime(2025, 3, 15, 2, 30, tzinfo=UTC), "name": "น้ำ"}
    text = as_json(Table("x", "Evidence", columns, [row]))
    assert json.loads(text) == [{"day": "2025-03-15", "at": "2025-03-15T09:30:00+07:00", "name": "น้ำ"}]
    assert "น้ำ" in text


def test_a_workbook_has_real_dates_numbers_and_texts(office: Office) -> None:
    language.use("th")
    sheet = load_workbook(
        io.BytesIO(as_xlsx(tables.items(office.snapshot, office.snapshot.board(DAY).items)))
    ).worksheets[0]
    assert (sheet["A1"].value, sheet["A1"].font.b, sheet.freeze_panes) == ("ข้อ", True, "A2")
    assert sheet.auto_filter.ref == sheet.dimensions
    o9 = next(row for row in sheet.iter_rows() if row[0].value == "O9")
    assert o9[5].value == datetime(2025, 1, 31)
    assert o9[5].number_format == "[$-107041E]d mmm yyyy"
    assert (o9[11].value, o9[17].value, o9[17].number_format) == (4, 0, "0.0%")
    assert o9[0].font.name == "TH Sarabun New"
    measure = next(row for row in sheet.iter_rows() if row[0].value == "1.1")
    assert measure[0].data_type == "s"  # 1.1 is a code, no number


def test_a_wide_workbook_is_printed_on_several_sheets_across_that_can_be_read(office: Office) -> None:
    narrow = load_workbook(io.BytesIO(as_xlsx(table_of("ก")))).worksheets[0]
    assert narrow.page_setup.fitToWidth == 1
    wide = load_workbook(
        io.BytesIO(as_xlsx(tables.items(office.snapshot, office.snapshot.board(DAY).items)))
    ).worksheets[0]
    letters = sum(one.width for one in wide.column_dimensions.values()) / wide.page_setup.fitToWidth
    assert letters < 240
    assert wide.page_setup.orientation == "landscape"
    assert (wide.print_title_rows, wide.print_title_cols) == ("$1:$1", "$A:$B")


@pytest.mark.parametrize(("spoken", "pattern"), [("en", "yyyy-mm-dd hh:mm"), ("th", "[$-107041E]d mmm yyyy hh:mm")])
def test_a_workbook_shows_days_in_the_era_of_who_reads_it_and_keeps_true_ones(spoken: str, pattern: str) -> None:
    language.use(spoken)
    column = Column("at", "Handed in at", Value.moment)
    table = Table("x", "Evidence", (column,), [{"at": datetime(2025, 2, 28, 2, 30, tzinfo=UTC)}])
    cell = load_workbook(io.BytesIO(as_xlsx(table))).worksheets[0]["A2"]
    assert (cell.value, cell.number_format) == (datetime(2025, 2, 28, 9, 30), pattern)


def test_a_workbook_takes_any_text() -> None:
    sheet = load_workbook(io.BytesIO(as_xlsx(table_of("ก\x0bข", "ก" * 40_000)))).worksheets[0]
    assert sheet["A2"].value == "ก\N{REPLACEMENT CHARACTER}ข"
    assert len(sheet["A3"].value) == 32_767


def test_moments_are_in_thailand() -> None:
    table = Table(
        "x", "Evidence", (Column("at", "Time", Value.moment),), [{"at": datetime(2025, 3, 15, 20, tzinfo=UTC)}]
    )
    assert as_rows(as_csv(table))[1] == ["2025-03-16 03:00:00"]


@pytest.mark.parametrize(
    ("spoken", "day", "moment"),
    [("en", "2025-02-28", "2025-02-28 09:30:05"), ("th", "28 ก.พ. 2568", "28 ก.พ. 2568 09:30:05")],
)
def test_a_csv_has_days_of_the_era_of_who_reads_it_and_json_of_the_standard(spoken: str, day: str, moment: str) -> None:
    language.use(spoken)
    columns = (Column("due", "Due", Value.date), Column("at", "Handed in at", Value.moment))
    row = {"due": date(2025, 2, 28), "at": datetime(2025, 2, 28, 2, 30, 5, tzinfo=UTC)}
    table = Table("x", "Evidence", columns, [row])
    assert as_rows(as_csv(table))[1] == [day, moment]
    assert json.loads(as_json(table)) == [{"due": "2025-02-28", "at": "2025-02-28T09:30:05+07:00"}]


def test_file_names_are_of_the_buddhist_era(office: Office) -> None:
    assert tables.file_name("items", office.assessment, DAY, "xlsx") == "ita-2568-items-2568-03-15.xlsx"


def test_a_workbook_has_no_more_links_than_excel_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "MOST_LINKS", 2)
    rows = [{"file": place} for place in ("a.pdf", None, "b.pdf", "c.pdf")]
    table = Table("x", "Evidence", (Column("file", "Open", Value.file),), rows)
    sheet = load_workbook(io.BytesIO(as_xlsx(table))).worksheets[0]
    assert [bool(cell.hyperlink) for cell in sheet["A"][1:]] == [True, False, True, False]
