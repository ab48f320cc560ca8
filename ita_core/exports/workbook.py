"""A table as a workbook (xlsx) that can be printed and sorted as it comes.

openpyxl (which brings numpy along) is imported when the first workbook is made: the other formats needn't wait for it.
"""

import io
import math
import re
from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

from ita_core.exports.tables import Table, Value, buddhist_era, in_thai
from ita_core.language import _
from ita_core.waiting import Progress, silent

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

FONT = "TH Sarabun New"  # the official font of Thai government documents; machines without it show another
SIZE = 14
LONGEST_CELL = 32_767  # characters that a cell can hold
MOST_LINKS, LONGEST_LINK = 65_530, 2_000  # on a worksheet; characters of each: more, and Excel calls the file damaged
TALLEST_ROW = 409  # points
_NARROWEST, _WIDEST = 8, 40  # characters
# Characters across one A4 sheet lying down, at the 72 % to which the letters may shrink and be read: 10 points.
ACROSS = 200
MARGIN = 0.4  # inches
FORMATS = {Value.date: "yyyy-mm-dd", Value.moment: "yyyy-mm-dd hh:mm", Value.share: "0.0%", Value.number: "General"}
# For who reads Thai: Thai months, years of the Buddhist era, Arabic digits (28 ก.พ. 2568); the cell stays a true date.
THAI_FORMATS = {Value.date: "[$-107041E]d mmm yyyy", Value.moment: "[$-107041E]d mmm yyyy hh:mm"}
_NOT_IN_ADDRESSES = re.compile("[ %#?]")
# What XML has no way to write, and the 66 code points that are no letters and never will be (Unicode, section 23.7).
_NO_LETTERS = "\ufdd0-\ufdef" + "".join(
    chr(plane * 0x10000 + 0xFFFE) + chr(plane * 0x10000 + 0xFFFF) for plane in range(17)
)
_UNWRITABLE = re.compile(f"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff{_NO_LETTERS}]")


def as_xlsx(table: Table, progress: Progress = silent) -> bytes:
    """The table on one sheet: Thai headings, real dates and numbers, every text a text and never a formula.

    `progress` is told of rows dressed and, at once, of all of them written: that takes a third of the time.
    """
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    with in_thai():
        sheet.title = _(table.title)[:31]
        sheet.append([_(column.heading) for column in table.columns])
        for row in table.rows:
            sheet.append([kept(column.shown(row[column.key])) for column in table.columns])
    formats = FORMATS | (THAI_FORMATS if buddhist_era() else {})
    expected = len(table.rows) * 3 // 2
    _dress(sheet, [formats.get(column.value, "@") for column in table.columns], lambda row: progress(row, expected))
    _link(sheet, table)
    _size(sheet)
    set_up_printing(sheet)
    assert sheet.oddFooter is not None
    sheet.oddFooter.center.text = "&A · &P/&N"
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions
    target = io.BytesIO()
    book.save(target)
    progress(expected, expected)
    return target.getvalue()


def kept(value: Any) -> Any:
    """A value as a cell can hold it."""
    if not isinstance(value, str):
        return value
    return writable(value)[:LONGEST_CELL]


def writable(text: str) -> str:
    """The text as an XML file can hold it: what it cannot is shown as �."""
    return _UNWRITABLE.sub("\N{REPLACEMENT CHARACTER}", text)


def _dress(sheet: "Worksheet", formats: list[str], row_done: Callable[[int], None]) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill

    font, bold = Font(name=FONT, size=SIZE), Font(name=FONT, size=SIZE, bold=True)
    fill = PatternFill("solid", fgColor="E8EDF2")
    left = Alignment(horizontal="left", vertical="top", wrap_text=True)
    right = Alignment(horizontal="right", vertical="top")
    for number, row in enumerate(sheet.iter_rows(), start=1):
        for cell, number_format in zip(row, formats, strict=True):
            if isinstance(cell.value, str):
                cell.data_type = "s"  # openpyxl takes what starts with "=" for a formula
            if number == 1:
                cell.font, cell.fill, cell.alignment = bold, fill, left
                continue
            cell.number_format = number_format
            cell.font = font
            cell.alignment = right if isinstance(cell.value, int | float | date) else left
        row_done(number - 1)


def _link(sheet: "Worksheet", table: Table) -> None:
    """Files beside the workbook open at a click. Thai letters may stand in an address, some signs may not.

    The cell's text is short: LibreOffice breaks no line of a link.
    """
    from openpyxl.styles import Font

    font = Font(name=FONT, size=SIZE, color="0563C1", underline="single")
    keys = {number: one.key for number, one in enumerate(table.columns, start=1) if one.value is Value.file}
    named = [(at, number, row[key]) for at, row in enumerate(table.rows, start=2) for number, key in keys.items()]
    for at, number, place in [one for one in named if one[-1]][:MOST_LINKS]:
        cell = sheet.cell(at, number)
        cell.hyperlink = _NOT_IN_ADDRESSES.sub(lambda sign: f"%{ord(sign[0]):02X}", place)
        cell.font = font


def _size(sheet: "Worksheet") -> None:
    """Columns as wide as their texts; rows as high: not every program finds that out by itself when it opens a file."""
    from openpyxl.utils import get_column_letter

    lines: dict[int, int] = {}
    for number, column in enumerate(sheet.iter_cols(values_only=True), start=1):
        texts = ["" if value is None else str(value) for value in column]
        width = min(max([len(line) + 3 for text in texts for line in text.split("\n")] + [_NARROWEST]), _WIDEST)
        sheet.column_dimensions[get_column_letter(number)].width = width
        for row, text in enumerate(texts, start=1):
            needed = sum(1 + len(line) // width for line in text.split("\n"))
            lines[row] = max(lines.get(row, 1), needed)
    for row, count in lines.items():
        sheet.row_dimensions[row].height = min(count * SIZE * 1.6, TALLEST_ROW)


def set_up_printing(sheet: "Worksheet") -> None:
    """On A4 lying down, as many sheets across as it takes to be read; each with the headings and what the row is of."""
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.properties import PageSetupProperties

    widths = [sheet.column_dimensions[get_column_letter(number)].width for number in range(1, sheet.max_column + 1)]
    across = 1
    if sum(widths) > ACROSS:
        named = 2 if sum(widths[:2]) < ACROSS / 3 else 1
        sheet.print_title_cols = f"A:{get_column_letter(named)}"
        repeated = sum(widths[:named])
        across = math.ceil((sum(widths) - repeated) / (ACROSS - repeated))
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9  # A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = across, 0
    sheet.page_setup.pageOrder = "overThenDown"
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = "1:1"
    margins = sheet.page_margins
    margins.left = margins.right = margins.top = MARGIN
    margins.bottom, margins.footer = 2 * MARGIN, MARGIN
