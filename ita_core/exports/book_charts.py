"""The charts of the forwarded workbook: Excel's own, so that they can be copied, restyled and their figures read.

Their figures stand beside them, right of what is printed: they can be read, and take no paper.
"""

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

from openpyxl import Workbook
from openpyxl.chart import BarChart, LineChart, Reference
from openpyxl.chart.axis import DateAxis
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText
from openpyxl.chart.title import Title, title_maker
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.spreadsheet_drawing import AnchorMarker, TwoCellAnchor
from openpyxl.drawing.text import CharacterProperties, Font, Paragraph, ParagraphProperties, RichTextProperties
from openpyxl.styles import Font as Letters
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from ita_core.board.headline import Face
from ita_core.exports.tables import Value
from ita_core.exports.workbook import FONT, FORMATS, SIZE, THAI_FORMATS, kept
from ita_core.language import _

if TYPE_CHECKING:
    from openpyxl.chart._chart import ChartBase

    from ita_core.exports.book_parts import Chart, Summary

PLANNED, GRID = "5F6B78", "E3E8EC"
# The summary is one A4 lying down: figures in the left half with a chart beside them, three charts below.
ACROSS, COLUMN = 12, 15  # columns, and how many characters each is wide: 2.9 centimetres
FIGURES, FIGURE_HEIGHT = 4, 42  # the first row of the figures, and the points that each is high
ROWS = 27  # of the charts below
LABELS = ACROSS + 2  # the column in which what they draw begins
_MONTHS = "[$-107041E]mmm yy"  # of the Buddhist era


def draw(book: Workbook, summary: "Summary", *, colours: Mapping[Face, str]) -> None:
    """The summary's charts on the first sheet, beside and below its figures; what they draw right of them."""
    first = book.worksheets[0]
    _write(first, 1, LABELS, _("Figures of the charts"), Letters(name=FONT, size=SIZE, bold=True))
    first.column_dimensions[get_column_letter(LABELS)].width = 44
    row, below = 4, FIGURES + max(len(summary.figures), 1) + 1
    places = (
        (summary.over_time, (6, FIGURES, 12, below - 1)), (summary.by_month, (0, below, 4, below + ROWS)),
        (summary.indicators, (4, below, 8, below + ROWS)), (summary.officers, (8, below, 12, below + ROWS)),
    )  # fmt: skip
    for chart, place in places:
        if chart is None or not chart.labels:
            continue
        _figures(first, chart, row)
        lying = chart is summary.indicators or chart is summary.officers
        made = _line(first, chart, row) if chart is summary.over_time else _bars(first, chart, row, lying=lying)
        _colour(made, chart, colours, line=chart is summary.over_time)
        made.title = _title(chart.title)
        made.anchor = _within(*place)  # type: ignore[assignment]  # its only type there is a cell's name
        first.add_chart(made)
        row += len(chart.labels) + 2
    first.print_area = f"A1:L{below + ROWS}"


def _within(left: int, top: int, right: int, bottom: int) -> TwoCellAnchor:
    """From the column and row of one corner to those of the other: columns differ in width from program to program."""
    point, gap = 12_700, 60_000  # EMU: 36,000 are a millimetre
    begins = AnchorMarker(col=left, row=top - 1, colOff=gap, rowOff=gap)
    tall = FIGURE_HEIGHT if bottom - top < ROWS else 15
    ends = AnchorMarker(col=right - 1, row=bottom - 2, colOff=1_000_000, rowOff=(tall - 3) * point)
    return TwoCellAnchor("twoCell", _from=begins, to=ends)


def _figures(sheet: Worksheet, chart: "Chart", row: int) -> None:
    """Writes what a chart draws, its headings in this row."""
    plain, bold = Letters(name=FONT, size=SIZE), Letters(name=FONT, size=SIZE, bold=True)
    _write(sheet, row, LABELS, chart.title, bold)
    for number, one in enumerate(chart.series, start=LABELS + 1):
        _write(sheet, row, number, one.name, bold)
    for below, label in enumerate(chart.labels, start=1):
        _write(sheet, row + below, LABELS, label, plain, THAI_FORMATS[Value.date] if isinstance(label, date) else "@")
        for number, one in enumerate(chart.series, start=LABELS + 1):
            share = FORMATS[Value.share] if chart.share else "0"
            _write(sheet, row + below, number, one.values[below - 1], plain, share)


def _write(sheet: Worksheet, row: int, number: int, value: object, font: Letters, number_format: str = "@") -> None:
    cell = sheet.cell(row, number, kept(value))
    cell.font, cell.number_format = font, number_format
    if isinstance(value, str):
        cell.data_type = "s"  # openpyxl takes what starts with "=" for a formula


def _filled(made: "ChartBase", sheet: Worksheet, chart: "Chart", row: int) -> None:
    first, last = LABELS + 1, row + len(chart.labels)
    made.add_data(
        Reference(sheet, min_col=first, max_col=LABELS + len(chart.series), min_row=row, max_row=last),
        titles_from_data=True,
    )
    made.set_categories(Reference(sheet, min_col=LABELS, min_row=row + 1, max_row=last))


def _line(sheet: Worksheet, chart: "Chart", row: int) -> LineChart:
    made = LineChart()
    _filled(made, sheet, chart, row)
    made.x_axis = DateAxis(crossAx=100)
    made.x_axis.number_format, made.x_axis.majorTimeUnit = _MONTHS, "months"
    made.x_axis.baseTimeUnit, made.x_axis.majorUnit = "days", 1
    made.y_axis.crossAx = 500
    made.y_axis.scaling.min, made.y_axis.scaling.max, made.y_axis.majorUnit = 0.0, 1.0, 0.25
    made.y_axis.number_format = "0%"
    _axes(made)
    return made


def _bars(sheet: Worksheet, chart: "Chart", row: int, *, lying: bool) -> BarChart:
    made = BarChart()
    made.type = "bar" if lying else "col"
    stacked = not chart.share
    made.grouping, made.overlap = ("stacked", 100) if stacked else ("clustered", None)
    made.gapWidth = 120 if chart.share else 45
    _filled(made, sheet, chart, row)
    if lying:
        made.x_axis.scaling.orientation = "maxMin"  # the first one above
        made.y_axis.crosses = "max"
    if chart.share:
        made.y_axis.scaling.min, made.y_axis.scaling.max, made.y_axis.majorUnit = 0.0, 1.0, 0.25
    made.y_axis.number_format = "0%" if chart.share else "0"
    _axes(made)
    return made


def _axes(made: LineChart | BarChart) -> None:
    for axis in (made.x_axis, made.y_axis):
        axis.delete = False  # openpyxl leaves them out otherwise
        axis.txPr = RichText(bodyPr=RichTextProperties(), p=[_paragraph(1000)])
        axis.title = None
    made.x_axis.tickLblPos = "low"
    assert made.y_axis.majorGridlines is not None
    made.y_axis.majorGridlines.spPr = GraphicalProperties(ln=LineProperties(solidFill=GRID))
    assert made.legend is not None
    made.legend.position = "b"
    made.legend.txPr = RichText(bodyPr=RichTextProperties(), p=[_paragraph(1000)])


def _colour(made: LineChart | BarChart, chart: "Chart", colours: Mapping[Face, str], *, line: bool) -> None:
    for drawn, one in zip(made.series, chart.series, strict=True):
        colour = colours[one.face] if one.face else PLANNED
        if line:
            drawn.smooth = False
            drawn.marker.symbol = "none"
            drawn.graphicalProperties.line.solidFill = colour
            drawn.graphicalProperties.line.width = 32_000 if one.face else 19_000  # EMU: 12,700 are a point
            if not one.face:
                drawn.graphicalProperties.line.dashStyle = "dash"
        else:
            drawn.graphicalProperties.solidFill = colour
            drawn.graphicalProperties.line.solidFill = colour


def _title(text: str) -> Title:
    """Above what is drawn, not over it."""
    made = title_maker(text)
    made.overlay = False
    for paragraph in made.tx.rich.p:  # type: ignore[union-attr]
        paragraph.pPr = ParagraphProperties(defRPr=_letters(1500, bold=True))
        for run in paragraph.r:
            run.rPr = _letters(1500, bold=True)
    return made


def _letters(size: int, *, bold: bool = False) -> CharacterProperties:
    """In hundredths of a point; the font for Thai letters too."""
    return CharacterProperties(sz=size, b=bold, latin=Font(typeface=FONT), cs=Font(typeface=FONT))


def _paragraph(size: int) -> Paragraph:
    return Paragraph(pPr=ParagraphProperties(defRPr=_letters(size)), endParaRPr=_letters(size))
