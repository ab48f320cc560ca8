"""A table as a workbook (xlsx) that can be printed and sorted as it comes.

openpyxl (which brings numpy along) is imported when the first workbook is made: the other formats needn't wait for it.
"""

import io
import math
import re
from datetime import date
from typing import TYPE_CHECKING, Any

from ita_core import language
from ita_core.exports.tables import Table, Value, in_thai
from ita_core.language import _

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

FONT = "TH Sarabun New"  # the official font of Thai government documents; machines without it show another
SIZE = 14
LONGEST_CELL = 32_767  # characters that a cell can hold
TALLEST_ROW = 409  # points
_NARROWEST, _WIDEST = 8, 40  # characters
_ACROSS = (
    230  # characters across one A4 sheet lying down, at the 65 % to which the letters may shrink and be read: 9 points
)
_MARGIN = 0.4  # inches
_FORMATS = {Value.date: "yyyy-mm-dd", Value.moment: "yyyy-mm-dd hh:mm", Value.share: "0.0%", Value.number: "General"}
# For who reads Thai: Thai months, years of the Buddhist era, Arabic digits (28 ก.พ. 2568); the cell stays a true date.
_THAI_FORMATS = {Value.date: "[$-107041E]d mmm yyyy", Value.moment: "[$-107041E]d mmm yyyy hh:mm"}
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # XML has no way to write these


def as_xlsx(table: Table) -> bytes:
    """The table on one sheet: Thai headings, real dates and numbers, every text a text and never a formula."""
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    with in_thai():
        sheet.title = _(table.title)[:31]
        sheet.append([_(column.heading) for column in table.columns])
        for row in table.rows:
            sheet.append([_kept(column.shown(row[column.key])) for column in table.columns])
    formats = _FORMATS | (_THAI_FORMATS if language.current() == "th" else {})
    _dress(sheet, [formats.get(column.value, "@") for column in table.columns])
    _size(sheet)
    _set_up_printing(sheet)
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _kept(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    return _UNWRITABLE.sub("\N{REPLACEMENT CHARACTER}", value)[:LONGEST_CELL]


def _dress(sheet: "Worksheet", formats: list[str]) -> None:
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


def _set_up_printing(sheet: "Worksheet") -> None:
    """On A4 lying down, as many sheets across as it takes to be read; each with the headings and what the row is of."""
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.properties import PageSetupProperties

    widths = [sheet.column_dimensions[get_column_letter(number)].width for number in range(1, sheet.max_column + 1)]
    across = 1
    if sum(widths) > _ACROSS:
        named = 2 if sum(widths[:2]) < _ACROSS / 3 else 1
        sheet.print_title_cols = f"A:{get_column_letter(named)}"
        repeated = sum(widths[:named])
        across = math.ceil((sum(widths) - repeated) / (_ACROSS - repeated))
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9  # A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = across, 0
    sheet.page_setup.pageOrder = "overThenDown"
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = "1:1"
    margins = sheet.page_margins
    margins.left = margins.right = margins.top = _MARGIN
    margins.bottom, margins.footer = 2 * _MARGIN, _MARGIN
    assert sheet.oddFooter is not None
    sheet.oddFooter.center.text = "&A · &P/&N"
