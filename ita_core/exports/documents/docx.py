"""A document as DOCX, by python-docx: what Word and LibreOffice open, edit and number the pages of."""

import io
import zipfile
import zlib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import docx
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK, WD_LINE_SPACING, WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.opc.exceptions import OpcError
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from ita_core.errors import Refused
from ita_core.exports.documents.fitting import lines_of_names
from ita_core.exports.documents.model import (
    BODY,
    BOTTOM,
    LEFT,
    RIGHT,
    TITLE,
    TOP,
    Align,
    Cell,
    Document,
    Line,
    PageBreak,
    Paragraph,
    Picture,
    Row,
    Run,
    Table,
    cell,
    head,
    plain,
)
from ita_core.exports.workbook import writable
from ita_core.language import N_

FONT = "TH Sarabun New"  # what offices write in; where a machine lacks it, Word takes another
LARGEST_TEMPLATE, LARGEST_UNPACKED = 20 * 1024**2, 100 * 1024**2  # bytes
# What zipfile, lxml and python-docx raise at what is no Word file, or one in no order.
BROKEN = (zipfile.BadZipFile, zlib.error, OpcError, SyntaxError, KeyError, ValueError, AttributeError, TypeError,
          IndexError, NotImplementedError, RuntimeError, EOFError)  # fmt: skip
BELOW, BELOW_HEADING = 6.0, 3.0  # points below a table, below a heading
INSET = 2.0  # points above and below what stands in a cell: marks of Thai letters touch no line
CELL_MARGINS = 0.4  # centimetres, both sides
LONGEST_PROPERTY = 255  # characters of a title or author, by Open XML
_ALIGN = {
    Align.left: WD_ALIGN_PARAGRAPH.LEFT,
    Align.center: WD_ALIGN_PARAGRAPH.CENTER,
    Align.right: WD_ALIGN_PARAGRAPH.RIGHT,
}


class BadTemplate(Refused):
    says = N_("“{file}” cannot be used as a template: {why}. It must be a Word document (.docx).")


def read_template(path: Path) -> Any:
    """An office's own Word document, to write into: its styles, its page, its header with the garuda stay.

    Raises BadTemplate.
    """
    try:
        if path.stat().st_size > LARGEST_TEMPLATE:
            raise BadTemplate(file=path.name, why="too large")
        content = path.read_bytes()
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(one.file_size for one in packed.infolist()) > LARGEST_UNPACKED:
                raise BadTemplate(file=path.name, why="too large")
        found = docx.Document(io.BytesIO(content))
        as_docx(Document("", "", _EVERYTHING), found)  # whether it can be written into is known before anything is made
        found = docx.Document(io.BytesIO(content))
    except OSError as error:
        raise BadTemplate(file=path.name, why=error.strerror) from None
    except BROKEN:
        raise BadTemplate(file=path.name, why="it is none") from None
    if not found.sections:
        raise BadTemplate(file=path.name, why="it has no page")
    return found


def as_docx(document: Document, template: Any = None) -> bytes:
    """The file; written behind what the template holds, where one is given (`read_template`)."""
    word = template if template is not None else _new()
    writing = _Writing(word)
    if template is not None and any(one.text.strip() for one in word.paragraphs):
        word.add_paragraph()
    for block in document.blocks:
        writing.add(block)
    core = word.core_properties
    core.title, core.author = (writable(one)[:LONGEST_PROPERTY] for one in (document.title, document.office))
    core.language, core.comments = "th-TH", ""
    core.created = core.modified = datetime.now(UTC)
    made = io.BytesIO()
    word.save(made)
    return made.getvalue()


def _new() -> Any:
    """An empty A4 page of a government letter: margins, font, pages from the second one numbered `- ๒ -` at the top."""
    word = docx.Document()
    section = word.sections[0]
    section.orientation = WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin, section.right_margin = Cm(LEFT), Cm(RIGHT)
    section.top_margin, section.bottom_margin = Cm(TOP), Cm(BOTTOM)
    section.header_distance = Cm(1.25)
    normal = word.styles["Normal"]
    normal.font.size = Pt(BODY)
    _font(normal.element.get_or_add_rPr())
    normal.paragraph_format.space_after = Pt(0)
    for level in range(1, 4):
        style = word.styles[f"Heading {level}"]
        style.font.size, style.font.bold, style.font.italic = Pt(TITLE if level == 1 else BODY), True, False
        style.font.color.rgb = None
        properties = style.element.get_or_add_rPr()
        for old in properties.findall(qn("w:color")):
            properties.remove(old)
        _font(properties)
        style.paragraph_format.space_before = style.paragraph_format.space_after = Pt(0)
    section.different_first_page_header_footer = True
    numbering = OxmlElement("w:pgNumType")
    # Word then draws every PAGE as ๒. LibreOffice 7.4 draws 2, and the letter ข where the field itself asks for Thai.
    numbering.set(qn("w:fmt"), "thaiNumbers")
    section._sectPr.find(qn("w:cols")).addprevious(numbering)  # Word wants them in its order
    line = section.header.paragraphs[0]
    line.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for kind, text in (("text", "- "), ("field", "PAGE"), ("text", " -")):
        run = line.add_run("" if kind == "field" else text)
        if kind == "field":
            _field(run, text)
        _sized(run, BODY)
    return word


def _field(run: Any, instruction: str) -> None:
    for kind in ("begin", "", "end"):
        if kind:
            part = OxmlElement("w:fldChar")
            part.set(qn("w:fldCharType"), kind)
        else:
            part = OxmlElement("w:instrText")
            part.set(qn("xml:space"), "preserve")
            part.text = f" {instruction} "
        run._r.append(part)


def _font(properties: Any) -> None:
    """The office's font for Latin and for Thai, which Word calls complex script."""
    fonts = properties.find(qn("w:rFonts"))
    if fonts is None:
        fonts = OxmlElement("w:rFonts")
        properties.insert(0, fonts)
    for theme in [name for name in fonts.attrib if name.lower().endswith("theme")]:
        del fonts.attrib[theme]
    for script in ("ascii", "hAnsi", "cs", "eastAsia"):
        fonts.set(qn(f"w:{script}"), FONT)
    for old in properties.findall(qn("w:lang")):
        properties.remove(old)
    properties.append(_language())


def _sized(run: Any, size: float) -> None:
    """Word keeps a size for Thai of its own, beside that for Latin."""
    run.font.size = Pt(size)
    big = OxmlElement("w:szCs")
    big.set(qn("w:val"), str(int(size * 2)))
    run._r.rPr.find(qn("w:sz")).addnext(big)
    run._r.rPr.append(_language())


def _language() -> Any:
    """Which language's words a line may end behind: told with every run, as an office's template may not tell it."""
    lang = OxmlElement("w:lang")
    lang.set(qn("w:val"), "en-US")
    lang.set(qn("w:bidi"), "th-TH")
    return lang


def _inset(table: Any) -> None:
    margins = OxmlElement("w:tblCellMar")
    for side in ("top", "bottom"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), str(int(INSET * 20)))
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    table._tbl.tblPr.find(qn("w:tblLook")).addprevious(margins)  # Word wants them in its order


class _Writing:
    """Puts blocks at the end of a Word document, in its styles."""

    def __init__(self, word: Any) -> None:
        self._word = word
        self._names = {style.name for style in word.styles}
        section = word.sections[-1]
        width = section.page_width - section.left_margin - section.right_margin
        self._width = width / Cm(1)
        self._breaks = False  # whether what comes next begins on a new page

    def add(self, block: object) -> None:
        """One block at the end of the document.

        A paragraph begins its page itself: one that only holds the break may come to stand on an empty page.
        """
        if self._breaks and not isinstance(block, Paragraph):
            self._word.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
            self._breaks = False
        match block:
            case Paragraph():
                made = self._word.add_paragraph()
                self._paragraph(made, block)
                made.paragraph_format.page_break_before = self._breaks or None
                self._breaks = False
            case Table():
                self._table(block)
            case Picture():
                self._picture(block)
            case Line():
                self._line(block)
            case PageBreak():
                self._breaks = True

    def _paragraph(self, into: Any, of: Paragraph, width: float | None = None) -> None:
        """`width` is that of the place it stands in, in centimetres; None: the page's."""
        width = self._width if width is None else width
        if of.level and f"Heading {of.level}" in self._names:
            into.style = self._word.styles[f"Heading {of.level}"]
        into.alignment = _ALIGN[of.align]
        how = into.paragraph_format
        how.space_before, how.space_after = Pt(of.space), Pt(BELOW_HEADING if of.level else 0)
        how.line_spacing_rule = WD_LINE_SPACING.SINGLE
        how.keep_with_next = of.keep
        how.widow_control = True
        if of.indent:
            how.left_indent = Cm(of.indent)
        if of.first:
            how.first_line_indent = Cm(of.first)
        for run in of.runs:
            text = lines_of_names(run.text, of.size, width - of.indent) if of.whole else run.text
            self._run(into, Run(text, run.bold, run.underline), of.size)

    def _run(self, into: Any, of: Run, size: float) -> None:
        run = into.add_run(writable(of.text))
        if of.bold:
            run.font.bold = run.font.cs_bold = True
        if of.underline:
            run.font.underline = True
        _sized(run, size)

    def _table(self, of: Table) -> None:
        table = self._word.add_table(rows=0, cols=len(of.widths))
        if "Table Grid" in self._names:
            table.style = "Table Grid"
        table.alignment = WD_TABLE_ALIGNMENT.CENTER
        table.autofit = False
        _inset(table)
        whole = sum(of.widths)
        widths = [Cm(self._width * share / whole) for share in of.widths]
        for column, width in zip(table.columns, widths, strict=True):
            column.width = width
        self._row(table, of.head, widths, head=True)
        for row in of.rows:
            self._row(table, row, widths)
        below = self._word.add_paragraph().paragraph_format  # without one, Word joins two tables
        below.space_after, below.line_spacing_rule, below.line_spacing = Pt(0), WD_LINE_SPACING.EXACTLY, Pt(BELOW)

    def _row(self, table: Any, of: Row, widths: list[Any], *, head: bool = False) -> None:
        row = table.add_row()
        properties = row._tr.get_or_add_trPr()
        properties.append(OxmlElement("w:cantSplit"))
        if head:
            properties.append(OxmlElement("w:tblHeader"))
        place = 0
        for one in of:
            found = row.cells[place]
            if one.span > 1:
                found = found.merge(row.cells[place + one.span - 1])
            found.width = sum(widths[place : place + one.span])
            self._cell(found, one, found.width / Cm(1))
            place += one.span

    def _cell(self, into: Any, of: Cell, width: float) -> None:
        if of.shaded:
            shade = OxmlElement("w:shd")
            shade.set(qn("w:val"), "clear")
            shade.set(qn("w:fill"), "F2F2F2")
            into._tc.get_or_add_tcPr().append(shade)
        for number, paragraph in enumerate(of.paragraphs):
            self._paragraph(into.paragraphs[0] if not number else into.add_paragraph(), paragraph, width - CELL_MARGINS)

    def _picture(self, of: Picture) -> None:
        line = self._word.add_paragraph()
        line.alignment = WD_ALIGN_PARAGRAPH.CENTER
        line.paragraph_format.space_before, line.paragraph_format.space_after = Pt(6), Pt(0)
        line.paragraph_format.keep_with_next = True
        scale = min(1.0, self._width / of.width)
        line.add_run().add_picture(io.BytesIO(of.content), Cm(of.width * scale), Cm(of.height * scale))
        self._paragraph(self._word.add_paragraph(), Paragraph((Run(of.caption),), align=Align.center, size=BODY - 2))

    def _line(self, of: Line) -> None:
        line = self._word.add_paragraph()
        line.paragraph_format.space_after = Pt(0)
        each = self._width / len(of.parts)
        for number, (word, text) in enumerate(of.parts, 1):
            self._run(line, Run(word, bold=True), TITLE)
            self._run(line, Run(f"  {text}\t"), BODY)
            line.paragraph_format.tab_stops.add_tab_stop(Cm(each * number), WD_TAB_ALIGNMENT.LEFT, WD_TAB_LEADER.DOTS)


_EVERYTHING = (plain("ก"), Table((1.0,), head("ก"), ((cell("ข"),),)), Line((("ก", "ข"),)), PageBreak())  # to try
