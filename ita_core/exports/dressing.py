"""How the forwarded workbook looks: one place for its font, colours, widths, frozen headings, filters and paper.

The states have the colours of the screen's badges (look.css), each with its sign and word, so that it can be printed
without colour.
"""

import io
from collections.abc import Callable, Sequence
from copy import copy
from functools import partial
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from openpyxl import Workbook
from openpyxl.cell import Cell as Written
from openpyxl.cell import MergedCell
from openpyxl.formatting.rule import DataBarRule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.writer.excel import ExcelWriter

from ita_core.board.headline import Face
from ita_core.exports.book_charts import ACROSS, COLUMN, FIGURE_HEIGHT, FIGURES, draw
from ita_core.exports.book_parts import Cell, Column, Sheet, Summary
from ita_core.exports.tables import Value
from ita_core.exports.workbook import (
    FONT,
    FORMATS,
    LONGEST_LINK,
    MOST_LINKS,
    SIZE,
    TALLEST_ROW,
    THAI_FORMATS,
    kept,
    set_up_printing,
)
from ita_core.language import _
from ita_core.waiting import Progress

COLOURS = {  # of a state: what fills its cell, and the letters on it
    Face.accepted: ("00795A", "FFFFFF"),
    Face.waiting: ("0072B2", "FFFFFF"),
    Face.returned: ("E69F00", "1B1B1B"),
    Face.overdue: ("B84F00", "FFFFFF"),
    Face.missing: ("AEB6BF", "1B2733"),
}
HEADING, LINE, LINK, SOFT = "E3EAF0", "D5DBE1", "005A8D", "5F6B78"
LINE_HEIGHT = SIZE * 1.5  # points: what the fonts take that are shown where this one is not installed
LETTERS = 1.0  # of those stand where one of the font stands by which columns are measured; of this one 1.15
UNBROKEN = 2.5  # letters of a line that stay empty, where the next word is longer


def dressed(
    summary: Summary, sheets: Sequence[Sheet], *, footer: str, row_done: Callable[[], None] = lambda: None
) -> Workbook:
    """The workbook of a summary, with what its charts draw beside it, and sheets; `row_done` is told of each row."""
    book = Workbook()
    first = book.active
    assert isinstance(first, Worksheet)
    look = _Look()
    _write_summary(first, summary, look)
    for sheet in sheets:
        _write(book.create_sheet(sheet.title[:31]), sheet, look, row_done)
    draw(book, summary, colours={face: fill for face, (fill, _letters) in COLOURS.items()})
    for written in book.worksheets:
        _paper(written, footer)
    first.page_setup.fitToWidth = first.page_setup.fitToHeight = 1
    first.print_title_rows = first.print_title_cols = None
    first.sheet_view.showGridLines = False
    return book


class _Writer(ExcelWriter):
    """Tells of a sheet's rows once they are written: that takes half of the time."""

    def __init__(self, book: Workbook, target: ZipFile, done: Callable[[Worksheet], None]) -> None:
        super().__init__(book, target)
        self._done = done

    def write_worksheet(self, ws: Worksheet) -> None:
        super().write_worksheet(ws)
        self._done(ws)


def make(summary: Summary, sheets: Sequence[Sheet], *, footer: str, progress: Progress) -> bytes:
    """The workbook as a file; `progress` is told of rows, each of which is dressed and then written."""
    rows = {sheet.title[:31]: len(sheet.rows) for sheet in sheets}
    done, expected = 0, 2 * sum(rows.values())

    def more(number: int) -> None:
        nonlocal done
        done += number
        progress(done, expected)

    book, target = dressed(summary, sheets, footer=footer, row_done=partial(more, 1)), io.BytesIO()
    with ZipFile(target, "w", ZIP_DEFLATED, allowZip64=True) as archive:
        _Writer(book, archive, lambda sheet: more(rows.get(sheet.title, 0))).save()
    return target.getvalue()


class _Look:
    """The styles, each made once."""

    def __init__(self) -> None:
        self.formats = FORMATS | THAI_FORMATS
        self.plain, self.bold = Font(name=FONT, size=SIZE), Font(name=FONT, size=SIZE, bold=True)
        self.soft = Font(name=FONT, size=SIZE, color=SOFT)
        self.link = Font(name=FONT, size=SIZE, color=LINK, u="single")
        self.fonts = {face: Font(name=FONT, size=SIZE, bold=True, color=on) for face, (_fill, on) in COLOURS.items()}
        self.fills = {face: PatternFill("solid", fgColor=fill) for face, (fill, _on) in COLOURS.items()}
        self.heading = PatternFill("solid", fgColor=HEADING)
        self.line = Border(bottom=Side(style="thin", color=LINE))
        self.left = Alignment(horizontal="left", vertical="center", wrap_text=True, indent=1)
        self.right = Alignment(horizontal="right", vertical="center", indent=1)
        self.middle = Alignment(horizontal="center", vertical="center")
        self.top = Alignment(horizontal="center", vertical="center", wrap_text=True)
        self._known: dict[tuple[object, ...], Any] = {}

    def dress(self, cell: Written, column: Column, face: Face | None, *, text: bool, leads: bool) -> None:
        """Font, colour, border, format and place; one that looked the same before gives its looks as they are."""
        key = column.value, column.centred, face, text, leads
        if (known := self._known.get(key)) is not None:
            cell._style = copy(known)  # type: ignore[attr-defined]  # else each part is looked up among all
            return
        cell.font, cell.border = self.link if leads else self.plain, self.line
        if face is not None:
            cell.font, cell.fill = self.fonts[face], self.fills[face]
        middle = column.centred or (not text and column.value in {Value.date, Value.moment})
        cell.alignment = self.middle if middle else self.left if text else self.right
        cell.number_format = "@" if text else self.formats.get(column.value, "General")
        self._known[key] = cell._style  # type: ignore[attr-defined]


def _write(sheet: Worksheet, of: Sheet, look: _Look, row_done: Callable[[], None]) -> None:
    links = 0
    for number, column in enumerate(of.columns, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = column.width
        cell = sheet.cell(1, number, column.heading)
        cell.data_type = "s"
        cell.font, cell.fill, cell.alignment, cell.border = look.bold, look.heading, look.top, look.line
    sheet.row_dimensions[1].height = LINE_HEIGHT * 1.2 * max(_lines(one.heading, one.width - 3) for one in of.columns)
    for row, values in enumerate(of.rows, start=2):
        lines = 1
        for number, (column, value) in enumerate(zip(of.columns, values, strict=True), start=1):
            links += _put(sheet.cell(row, number), value, column, look, linked=links < MOST_LINKS)
            said = value.value if isinstance(value, Cell) else value
            if isinstance(said, str):
                lines = max(lines, _lines(said, column.width - 2))
        sheet.row_dimensions[row].height = min(LINE_HEIGHT * lines + SIZE / 3, TALLEST_ROW)
        row_done()
    last = len(of.rows) + 1
    if not of.rows:
        sheet.cell(2, 1, of.nothing).font = look.soft
        last = 2
    for number, column in enumerate(of.columns, start=1):
        if column.bar and of.rows:
            letter = get_column_letter(number)
            rule = DataBarRule("num", 0, "num", 1, color=COLOURS[Face.accepted][0], minLength=0, maxLength=100)  # type: ignore[no-untyped-call]
            sheet.conditional_formatting.add(f"{letter}2:{letter}{last}", rule)
    wide = get_column_letter(len(of.columns))
    sheet.freeze_panes = "C2"  # the headings, and what the row is of
    sheet.auto_filter.ref = f"A1:{wide}{last}"
    sheet.print_area = f"A1:{wide}{last}"


def _put(cell: Written | MergedCell, value: Any, column: Column, look: _Look, *, linked: bool) -> bool:
    """Whether it is a link; it is none where it may not be `linked`."""
    assert isinstance(cell, Written)
    face, link = (value.face, value.link) if isinstance(value, Cell) else (None, "")
    value = kept(value.value if isinstance(value, Cell) else value)
    cell.value = value
    leads = ""
    if not linked:
        pass
    elif link.startswith("#"):
        cell.hyperlink, leads = Hyperlink(ref=cell.coordinate, location=link[1:]), link
    elif link.startswith(("http://", "https://")) and len(link) <= LONGEST_LINK:
        cell.hyperlink, leads = link, link
    if isinstance(value, str):
        cell.data_type = "s"  # openpyxl takes what starts with "=" for a formula
    look.dress(cell, column, face, text=isinstance(value, str), leads=bool(leads))
    return bool(leads)


def _lines(text: str, width: float) -> int:
    """How many lines a text takes in a column; vowels and tone marks above and below letters take no room."""
    across = max(width * LETTERS - UNBROKEN, 1)
    return sum(1 + int(sum(not _above(one) for one in line) / across) for line in text.split("\n"))


def _above(sign: str) -> bool:
    return "\u0e34" <= sign <= "\u0e3a" or "\u0e47" <= sign <= "\u0e4e" or sign == "\u0e31"


def _write_summary(sheet: Worksheet, summary: Summary, look: _Look) -> None:
    """Title and figures in the left half; the charts come beside and below, their figures right of what is printed."""
    sheet.title = _("Summary")
    for number in range(1, ACROSS + 1):
        sheet.column_dimensions[get_column_letter(number)].width = COLUMN
    sheet["A1"] = summary.title
    sheet["A1"].data_type = "s"
    sheet["A1"].font = Font(name=FONT, size=SIZE * 1.7, bold=True)
    sheet.row_dimensions[1].height = SIZE * 2.4
    sheet["A2"] = kept(" · ".join(summary.said))
    sheet["A3"] = kept(summary.counted)
    for said in (sheet["A2"], sheet["A3"]):
        said.font, said.data_type = look.soft, "s"
        sheet.row_dimensions[said.row].height = LINE_HEIGHT
    inside = Alignment(horizontal="left", vertical="center", wrap_text=True, indent=1)
    for row, (what, much, said, face) in enumerate(summary.figures, start=FIGURES):
        sheet.row_dimensions[row].height = FIGURE_HEIGHT
        for first, last, text, font in ((1, 2, what, look.bold), (3, 3, much, look.bold), (4, 6, said, look.plain)):
            cell = sheet.cell(row, first, kept(text))
            cell.data_type = "s"
            cell.font, cell.alignment = font, inside
            if last > first:
                sheet.merge_cells(start_row=row, end_row=row, start_column=first, end_column=last)
            for number in range(first, last + 1):
                sheet.cell(row, number).border = look.line
        if face is not None:
            sheet.cell(row, 3).font, sheet.cell(row, 3).fill = look.fonts[face], look.fills[face]


def _paper(sheet: Worksheet, footer: str) -> None:
    """As tables are printed; below it whose, of which day, and the page."""
    set_up_printing(sheet)
    assert sheet.oddFooter is not None
    for part, text in ((sheet.oddFooter.left, footer.replace("&", "&&")), (sheet.oddFooter.right, "&A · &P/&N")):
        part.text, part.font, part.size = text, FONT, 12
