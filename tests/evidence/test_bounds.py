"""Only so much of a document is read: two that differ behind a bound are never told as the same."""

import io
import json
from collections.abc import Callable, Iterable
from pathlib import Path

import docx
import openpyxl
import pptx
import pytest
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import PatternFill
from pptx.util import Inches
from reportlab.pdfgen import canvas

from ita_core.evidence import differing, reading
from ita_core.evidence.bounds import (
    DEEPEST,
    LONGEST_LINE,
    MOST_BLANK,
    MOST_COLUMNS,
    MOST_LETTERS,
    MOST_LINES,
    MOST_PARTS,
    MOST_ROWS,
)
from tests.evidence.test_reading import saved

LONG = "long " * (LONGEST_LINE // 5)
MANY = MOST_LETTERS // (LONGEST_LINE - 100) + 1  # of nearly the longest lines are too many letters


def book(*sheets: Iterable[Iterable[object]]) -> bytes:
    made = openpyxl.Workbook(write_only=True)
    for rows in sheets:
        sheet = made.create_sheet()
        for row in rows:
            sheet.append(list(row))
    return saved(made)


def coloured_then(last: str, rows: int = MOST_BLANK + 1) -> bytes:
    """Behind a first word rows that are written down, but hold none."""
    made = openpyxl.Workbook(write_only=True)
    sheet = made.create_sheet()
    cell = WriteOnlyCell(sheet)
    cell.fill = PatternFill("solid", fgColor="FFFF00")
    for row in (["first"], *[[cell]] * rows, [last]):
        sheet.append(row)
    return saved(made)


def paper(*paragraphs: str, table: Iterable[Iterable[str]] = ()) -> bytes:
    made = docx.Document()
    for one in paragraphs:
        made.add_paragraph(one)
    rows = [list(row) for row in table]
    if rows:
        drawn = made.add_table(len(rows), len(rows[0]))
        for row, cells in zip(drawn.rows, rows, strict=True):
            for cell, text in zip(row.cells, cells, strict=True):
                cell.text = text
    return saved(made)


def show(*slides: str, table: Iterable[str] = (), deep: str = "") -> bytes:
    """Slides of a text each; the last one with a table of one column, and a text in groups of groups."""
    made = pptx.Presentation()
    for text in slides:
        slide = made.slides.add_slide(made.slide_layouts[6])
        slide.shapes.add_textbox(Inches(1), Inches(1), Inches(3), Inches(1)).text_frame.text = text
    rows = list(table)
    if rows:
        drawn = slide.shapes.add_table(len(rows), 1, Inches(1), Inches(2), Inches(3), Inches(3)).table
        for number, text in enumerate(rows):
            drawn.cell(number, 0).text = text
    if deep:
        shapes = slide.shapes
        for _level in range(DEEPEST + 1):
            shapes = shapes.add_group_shape().shapes
        shapes.add_textbox(Inches(1), Inches(1), Inches(3), Inches(1)).text_frame.text = deep
    return saved(made)


def pages(*those: Iterable[str], scan: str = "") -> bytes:
    """A PDF of pages with these lines; behind them a page that is only a drawing, another one for another `scan`."""
    made = io.BytesIO()
    drawn = canvas.Canvas(made, pagesize=(20_000, 20_000), invariant=True)
    for lines in those:
        for number, line in enumerate(lines):
            drawn.drawString(10, 19_900 - 9 * number, line)
        drawn.showPage()
    if scan:
        drawn.rect(100, 100, 100 * len(scan), 100, fill=True)
        drawn.showPage()
    drawn.save()
    return made.getvalue()


def lines(count: int, last: str) -> list[str]:
    return [f"line {number}" for number in range(count)] + [last]


def wide(last: str) -> list[str]:
    return [f"{number}" for number in range(MOST_COLUMNS + 5)] + [last]


BEHIND: dict[str, tuple[str, Callable[[str], bytes]]] = {
    "a row of a sheet": (".xlsx", lambda last: book([[one] for one in lines(MOST_ROWS + 50, last)])),
    "a column of a sheet": (".xlsx", lambda last: book([wide(last)])),
    "the letters of a cell": (".xlsx", lambda last: book([[LONG + last]])),
    "a sheet": (".xlsx", lambda last: book(*[[["x"]]] * MOST_PARTS, [[last]])),
    "the rows of all sheets": (
        ".xlsx", lambda last: book(*[[[one] for one in lines(150, "x")]] * (MOST_LINES // 150 + 1), [[last]]),
    ),
    "the letters of all sheets": (".xlsx", lambda last: book(*[[["x" * 1900]] * 30] * (MANY // 30 + 1), [[last]])),
    "rows that are only coloured": (".xlsx", coloured_then),
    "the lines of a Word file": (".docx", lambda last: paper(*lines(MOST_LINES, last))),
    "the letters of a Word file": (".docx", lambda last: paper(*["x" * (LONGEST_LINE - 100)] * MANY, last)),
    "the letters of a paragraph": (".docx", lambda last: paper(LONG + last)),
    "a row of a table": (".docx", lambda last: paper("x", table=[[one] for one in lines(MOST_ROWS, last)])),
    "a column of a table": (".docx", lambda last: paper("x", table=[wide(last)])),
    "the letters of a table's cell": (".docx", lambda last: paper("x", table=[[LONG + last]])),
    "a slide": (".pptx", lambda last: show(*["x"] * MOST_PARTS, last)),
    "the letters of a slide": (".pptx", lambda last: show(LONG + last)),
    "a row of a slide's table": (".pptx", lambda last: show("x", table=lines(MOST_ROWS, last))),
    "groups of a slide in groups": (".pptx", lambda last: show("x", deep=last)),
    "a page": (".pdf", lambda last: pages(*[["x"]] * MOST_PARTS, [last])),
    "the lines of a PDF": (".pdf", lambda last: pages(*[lines(1000, "x")] * 2, [last])),
    "the letters of a line": (".pdf", lambda last: pages([LONG + last])),
    "the letters of a page": (".pdf", lambda last: pages([*["x" * 1900] * MANY, last])),
    "a page that is a scan": (".pdf", lambda last: pages(["x"], scan=last)),
}  # fmt: skip


def told(tmp_path: Path, capsys: pytest.CaptureFixture[str], old: bytes, new: bytes, suffix: str) -> dict[str, object]:
    """What the child tells of the two."""
    for name, content in (("old", old), ("new", new)):
        (tmp_path / name).write_bytes(content)
    differing.main(str(tmp_path / "old"), suffix, str(tmp_path / "new"), suffix)
    found: dict[str, object] = json.loads(capsys.readouterr().out)
    return found


@pytest.mark.parametrize(("suffix", "made"), BEHIND.values(), ids=BEHIND)
def test_two_that_differ_behind_a_bound_are_told_as_not_wholly_compared(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], suffix: str, made: Callable[[str], bytes]
):
    found = told(tmp_path, capsys, made("one"), made("the other"), suffix)
    assert found == {"changes": [], "left": 0, "cut": True, "known": True}


AT: dict[str, tuple[str, Callable[[str], bytes]]] = {
    "the last row of a sheet": (".xlsx", lambda last: book([[one] for one in lines(MOST_ROWS - 1, last)])),
    "the last column": (".xlsx", lambda last: book([[*wide("")[: MOST_COLUMNS - 1], last, "", " "]])),
    "the last sheet": (".xlsx", lambda last: book(*[[["x"]]] * (MOST_PARTS - 1), [[last]])),
    "the last letters of a cell": (".xlsx", lambda last: book([[last.rjust(LONGEST_LINE, "x")]])),
    "behind rows that are only coloured": (".xlsx", lambda last: coloured_then(last, rows=5000)),
    "the last line of a Word file": (".docx", lambda last: paper(*lines(MOST_LINES // 2 - 1, last))),
    "the last row of a table": (".docx", lambda last: paper("x", table=[[one] for one in lines(MOST_ROWS - 1, last)])),
    "the last slide": (".pptx", lambda last: show(*["x"] * (MOST_PARTS - 1), last)),
    "the last page": (".pdf", lambda last: pages(*[["x"]] * (MOST_PARTS - 2), [], [last])),
}


@pytest.mark.parametrize(("suffix", "made"), AT.values(), ids=AT)
def test_what_stands_just_within_the_bounds_is_compared_and_nothing_is_said_to_be_left(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], suffix: str, made: Callable[[str], bytes]
):
    found = told(tmp_path, capsys, made("one"), made("another"), suffix)
    assert len(found["changes"]) == 1  # type: ignore[arg-type]
    assert not found["cut"]


def test_where_one_of_the_two_goes_on_that_is_said_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    short, long = paper("x"), paper("y", *lines(MOST_LINES, "z"))
    for old, new in ((short, long), (long, short)):
        found = told(tmp_path, capsys, old, new, ".docx")
        assert found["changes"]
        assert found["cut"]


def test_a_last_row_far_below_without_a_word_is_none(tmp_path: Path):
    """As LibreOffice writes workbooks."""
    made = openpyxl.Workbook()
    made.active["A1"] = "x"
    made.active.row_dimensions[2**20].height = 12.8
    (tmp_path / "a.xlsx").write_bytes(saved(made))
    assert not reading.extract(str(tmp_path / "a.xlsx"), ".xlsx").cut


def test_the_very_same_file_is_the_same_however_long_it_is(tmp_path: Path):
    (tmp_path / "a.docx").write_bytes(paper(*lines(MOST_LINES, "x")))
    one = differing.Document(str(tmp_path / "a.docx"), ".docx")
    assert differing.difference(one, one, Path) == differing.Difference()
