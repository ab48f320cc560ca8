"""A plan as a workbook: its rows in cells that a secretary can fill, with lists to choose from and days that show.

openpyxl (which brings numpy along) is imported when the first workbook is made: whatever else uses plans needn't wait.
"""

import io
from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from ita_core.days import fiscal_bounds, in_thai
from ita_core.language import N_
from ita_core.plan.content import Content, parts_of
from ita_core.plan.faults import Faults
from ita_core.plan.framework import Framework
from ita_core.plan.workbook import sheets
from ita_core.plan.workbook.filling import Row, Value, rows_of
from ita_core.plan.workbook.sheets import FIRST, HEADINGS, HELP, Column, Kind, Sheet
from ita_core.thai import RANKS
from ita_core.typed import unkept_signs

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

_FONT, _SIZE = "TH Sarabun New", 14  # the official font of Thai documents; machines without it show another
_DAY = "[$-107041E]d mmm yyyy"  # Thai month, Buddhist era, Arabic digits: 31 ม.ค. 2568
_FORMATS = {Kind.text: "@", Kind.code: "@", Kind.number: "General", Kind.day: _DAY}
_LONGEST = 32_767  # characters that a cell can hold
_TALLEST = 409  # points
_FREE = 200  # rows below the last that are ready to be filled
_FEWEST_HANDS = 3
_HEADING, _TOLD, _HELP, _OWN, _FREE_DAY = "D6E0EB", "F2F2F2", "FFF8DC", "FDEBD0", "F8CBAD"


def write(content: Content, *, holidays: Mapping[date, str] | None = None) -> bytes:
    """The plan of values that `content_of` gave, as a workbook (xlsx); `holidays` are days with their names.

    Raises PlanFaults for texts that no cell can hold.
    """
    from openpyxl import Workbook
    from openpyxl.workbook.defined_name import DefinedName

    framework, plan = parts_of(content)
    rows = rows_of(framework, plan)
    _check(rows, plan.code)
    book = Workbook()
    book.remove(book.worksheets[0])
    lists = _lists(framework, sorted((holidays or {}).items()))
    for sheet in sheets.SHEETS:
        page = book.create_sheet(sheet.title)
        columns = _columns(sheet, rows[sheet.key])
        _fill(page, sheet, columns, rows[sheet.key])
        _dress(page, sheet, columns, rows[sheet.key])
        _let_choose(page, columns, lists, framework.fiscal_year)
        _show_free_days(page, sheet, columns, lists)
        book.defined_names[sheets.defined(sheet)] = DefinedName(
            sheets.defined(sheet), attr_text=f"'{sheet.title}'!$A$1", hidden=True
        )
    _put_choices(book, lists)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _check(rows: Mapping[str, Sequence[Row]], name: str) -> None:
    faults = Faults(name)
    for sheet in sheets.SHEETS:
        for number, row in enumerate(rows[sheet.key], start=FIRST):
            for value in row.values():
                if isinstance(value, str) and (len(value) > _LONGEST or unkept_signs(value)):
                    says = N_(
                        "“{text}…” cannot stand in a cell: it is longer than {most} characters, or holds a control "
                        "character"
                    )
                    faults.add_at(f"{sheet.title}!{number}", says, text=value[:20], most=_LONGEST)
    faults.stop()


def _columns(sheet: Sheet, rows: Sequence[Row]) -> list[tuple[str, str, Column]]:
    """Each column's key, heading and kind; of which there are several, as many as are used."""
    columns = []
    for column in sheet.columns:
        used = sum(any(f"{column.key} {place}" in row for row in rows) for place in range(1, sheets.MOST_COLUMNS))
        if column.many:
            count = max(used, _FEWEST_HANDS)
            columns += [(f"{column.key} {n}", f"{column.heading} {n}", column) for n in range(1, count + 1)]
        else:
            columns.append((column.key, column.heading, column))
    return columns


def _lists(framework: Framework, holidays: list[tuple[date, str]]) -> dict[str, tuple[str, list[Value]]]:
    """What can be chosen: each list with its heading."""
    formats = list(sheets.FORMATS.values())
    languages = list(sheets.LANGUAGES.values())
    ranks: list[Value] = [spelling for rank in RANKS for spelling in (rank, f"{rank}หญิง")]
    return {
        "kinds": ("ประเภทบุคคล", list(sheets.KINDS.values())),
        "ranks": ("ยศ", ranks),
        "answers": ("ตอบ", [sheets.YES, sheets.NO]),
        "parts": ("หน้าที่", list(sheets.PARTS.values())),
        "cadences": ("รอบการรายงาน", list(sheets.CADENCES.values())),
        "formats": ("รูปแบบไฟล์", [*formats, "PDF, Word", "PDF, Excel"]),
        "languages": ("ภาษา", [*languages, *(f"{languages[0]}, {other}" for other in languages[1:])]),
        "measures": ("ประเภทมาตรการ", list(sheets.MEASURES.values())),
        "instruments": ("เครื่องมือ", list(framework.instruments)),
        "signs": ("ถือว่าเสร็จเมื่อ", [*sheets.SIGNS.values()]),
        "holidays": ("วันหยุด", [day for day, _name in holidays]),
        "holiday names": ("ชื่อวันหยุด", [name for _day, name in holidays]),
    }


def _put_choices(book: "Workbook", lists: Mapping[str, tuple[str, list[Value]]]) -> None:
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    page = book.create_sheet(sheets.CHOICES)
    for place, (heading, values) in enumerate(lists.values(), start=1):
        for number, value in enumerate([heading, *values], start=1):
            cell = page.cell(number, place, value)
            cell.font = Font(name=_FONT, size=_SIZE, bold=number == 1)
            cell.number_format = _DAY if isinstance(value, date) else "@"
        page.column_dimensions[get_column_letter(place)].width = 26
    page.freeze_panes = "A2"


def _fill(
    page: "Worksheet", sheet: Sheet, columns: Sequence[tuple[str, str, Column]], rows: Sequence[Row]
) -> None:  # fmt: skip
    for place, (key, heading, column) in enumerate(columns, start=1):
        page.cell(HEADINGS, place, heading)
        page.cell(HELP, place, column.help)
        for number, row in enumerate(rows, start=FIRST):
            value = row.get(key)
            cell = page.cell(number, place, None if value == "" else value)
            cell.number_format = _FORMATS[column.kind]
            if isinstance(value, str) and value:
                cell.data_type = "s"  # openpyxl takes what starts with "=" for a formula
    if sheet is sheets.OFFICE:
        for number, (_key, _what, _told, kind) in enumerate(sheets.OFFICE_ROWS, start=FIRST):
            page.cell(number, 2).number_format = _FORMATS[kind]


def _dress(
    page: "Worksheet", sheet: Sheet, columns: Sequence[tuple[str, str, Column]], rows: Sequence[Row]
) -> None:  # fmt: skip
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.properties import PageSetupProperties

    plain, bold = Font(name=_FONT, size=_SIZE), Font(name=_FONT, size=_SIZE, bold=True)
    small = Font(name=_FONT, size=_SIZE - 2, italic=True, color="595959")
    top = Alignment(vertical="top", wrap_text=True, horizontal="left")
    side = Side(style="thin", color="BFBFBF")
    border = Border(bottom=side, right=side)
    fills = {colour: PatternFill("solid", fgColor=colour) for colour in (_HEADING, _HELP, _TOLD, _OWN)}
    for place, (_key, _heading, column) in enumerate(columns, start=1):
        whole = page.column_dimensions[get_column_letter(place)]
        whole.width, whole.font, whole.alignment = column.width, plain, top
        whole.number_format = _FORMATS[column.kind]
        for number in range(HEADINGS, len(rows) + FIRST):
            cell = page.cell(number, place)
            cell.font = {HEADINGS: bold, HELP: small}.get(number, plain)
            cell.alignment, cell.border = top, border
            if number < FIRST:
                cell.fill = fills[_HEADING if number == HEADINGS else _HELP]
            elif rows[number - FIRST].get("own"):
                cell.fill = fills[_OWN]
            elif column.told:
                cell.fill = fills[_TOLD]
    for number in range(HEADINGS, len(rows) + FIRST):
        needed = max(
            _lines(page.cell(number, place).value, column.width) for place, (*_, column) in enumerate(columns, 1)
        )
        page.row_dimensions[number].height = min(needed * _SIZE * 1.75, _TALLEST)
    page.freeze_panes = f"{get_column_letter(sheet.frozen + 1)}{FIRST}"
    if sheet.filtered:
        page.auto_filter.ref = f"A{HELP}:{get_column_letter(len(columns))}{max(len(rows), 1) + HELP}"
    page.page_setup.orientation, page.page_setup.paperSize = "landscape", 9  # A4
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    page.print_title_rows = f"{HEADINGS}:{HELP}"


def _lines(value: object, width: int) -> int:
    """How many lines a value takes in a column, by a guess: Thai marks above and below take no width of their own."""
    if isinstance(value, date):
        return 1
    wide = max(width - 4, 1)
    return sum(1 + int(sum(not _no_width(sign) for sign in line) / wide) for line in str(value or "").split("\n"))


def _no_width(sign: str) -> bool:
    return sign == "ั" or "ิ" <= sign <= "ฺ" or "็" <= sign <= "๎"


def _let_choose(
    page: "Worksheet",
    columns: Sequence[tuple[str, str, Column]],
    lists: Mapping[str, tuple[str, list[Value]]],
    year: int,
) -> None:
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    last = page.max_row + _FREE
    names = get_column_letter([column.key for column in sheets.PEOPLE.columns].index("name") + 1)
    for place, (_key, _heading, column) in enumerate(columns, start=1):
        letter = get_column_letter(place)
        if column.kind is Kind.day:
            first, final = fiscal_bounds(year)
            rule = DataValidation("date", formula1=f"DATE({first:%Y,%-m,%-d})", formula2=f"DATE({final:%Y,%-m,%-d})",
                                  operator="between", allow_blank=True, errorStyle="warning")  # fmt: skip
            rule.error = f"ปีงบประมาณ {year}: {in_thai(first, '%-d %b %Y')} – {in_thai(final, '%-d %b %Y')}"
            rule.showErrorMessage = column.key != "since"
        elif column.choices == "people":
            rule = DataValidation(
                "list", formula1=f"'{sheets.PEOPLE.title}'!${names}${FIRST}:${names}$500", allow_blank=True
            )
        elif column.choices:
            rule = DataValidation("list", formula1=_range(column.choices, lists), allow_blank=True)
        else:
            continue
        if column.kind is not Kind.day:
            rule.showErrorMessage, rule.error = column.only, "เลือกจากรายการ"
        rule.showInputMessage, rule.prompt = bool(column.help), column.help
        rule.add(f"{letter}{FIRST}:{letter}{last}")
        page.add_data_validation(rule)


def _range(name: str, lists: Mapping[str, tuple[str, list[Value]]]) -> str:
    from openpyxl.utils import get_column_letter

    letter = get_column_letter(list(lists).index(name) + 1)
    return f"'{sheets.CHOICES}'!${letter}$2:${letter}${max(len(lists[name][1]), 1) + 1}"


def _show_free_days(
    page: "Worksheet",
    sheet: Sheet,
    columns: Sequence[tuple[str, str, Column]],
    lists: Mapping[str, tuple[str, list[Value]]],
) -> None:
    """Weekends and holidays in another colour, also for days that are put in later."""
    from openpyxl.formatting.rule import FormulaRule
    from openpyxl.styles import PatternFill
    from openpyxl.utils import get_column_letter

    fill = PatternFill("solid", bgColor=_FREE_DAY)
    for place, (key, _heading, _column) in enumerate(columns, start=1):
        if key in sheet.days:
            letter = get_column_letter(place)
            first = f"{letter}{FIRST}"
            free = f"WEEKDAY({first},2)>5,COUNTIF({_range('holidays', lists)},{first})>0"
            rule = FormulaRule(formula=[f"AND(ISNUMBER({first}),OR({free}))"], fill=fill)  # type: ignore[no-untyped-call]
            page.conditional_formatting.add(f"{first}:{letter}{page.max_row + _FREE}", rule)
