"""What a document says, as text and tables: read by a process of its own (`child`), whose `main` this module also is.

Of a Word file paragraphs and tables in their order, of a workbook its sheets as tables, of a presentation its slides,
of a PDF the letters of its pages. Only plain text comes back, never the document's own markup. So much of a document
is read as `bounds` says; the process gets 1 GB of memory, up to 10 seconds of processor, by the file's size, and is
ended after 20 seconds. What was read is kept, up to 32 MB in all.
"""

import json
import re
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from ita_core.evidence import astray, child
from ita_core.evidence.astray import Sign
from ita_core.evidence.bounds import DEEPEST, MOST_LETTERS, MOST_PARTS, Bounds
from ita_core.evidence.kept import Kept

MOST_KEPT = 32 * 1024**2
MEMORY, PROCESSOR_SECONDS, SECONDS = 1024**3, 10, 20
READ = (".docx", ".xlsx", ".pptx", ".pdf")
WHOLE = 10**18  # numbers without a fraction below that are told digit by digit
_GROUPED = re.compile("[#0],[#0]")
_turns = threading.BoundedSemaphore(2)


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of a document: a "heading", a "text", a "table" with its `rows`, or the beginning of a "part".

    A part is a sheet by its name, a slide or page by its number.
    """

    kind: str
    text: str = ""
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Said:
    """What a document says; `cut`: there is more, past a bound or in a PDF's page without a letter (a scan).

    `readable` is false for what cannot be read as text.
    """

    blocks: tuple[Block, ...] = ()
    cut: bool = False
    readable: bool = True

    def lines(self) -> list[str]:
        """Each line of text and each row of a table, without blanks at ends or in a row."""
        found = []
        for block in self.blocks:
            if block.kind == "table":
                found += [" | ".join(cell for cell in row if cell) for row in block.rows]
            elif block.kind != "part":
                found += block.text.splitlines()
        return [line for line in (" ".join(one.split()) for one in found) if line]


def _size(said: Said) -> int:
    letters = sum(len(block.text) + sum(len(cell) + 8 for row in block.rows for cell in row) for block in said.blocks)
    return 4 * letters + 200 * len(said.blocks) + 1024


_kept = Kept(_size, lambda: MOST_KEPT, failed=Said(readable=False))


def said(sha256: str, verified: Callable[[str], Path], *, suffix: str, by: int | None = None) -> Said:
    """What the stored document with this hash says; `by` is the account that asks, whose readings take turns.

    `verified` gives its proven file; asked only where it was not read yet, so raises what that raises.
    """
    if suffix not in READ:
        return Said(readable=False)

    def make() -> Said:
        path = verified(sha256)
        allowed = child.processor_seconds(path.stat().st_size, PROCESSOR_SECONDS)
        return from_json(
            child.run(
                __name__, str(path), suffix, memory=MEMORY, processor_seconds=allowed, seconds=SECONDS, turns=_turns
            )
        )

    return _kept.or_made(sha256, make, by=by)


def from_json(answer: bytes) -> Said:
    """What the child's answer tells."""
    told = json.loads(answer)
    blocks = tuple(Block(one["kind"], one["text"], tuple(map(tuple, one["rows"]))) for one in told["blocks"])
    return Said(blocks, told["cut"])


# --- in the child -----------------------------------------------------------------------------------------------------


def main(path: str, suffix: str) -> None:
    """In the child: what it says as JSON on standard output."""
    sys.stdout.write(json.dumps(asdict(extract(path, suffix))))


def extract(path: str, suffix: str) -> Said:
    """What the file says, within the bounds."""
    readers = {".docx": _of_word, ".xlsx": _of_workbook, ".pptx": _of_slides, ".pdf": _of_pdf}
    blocks: list[Block] = []
    bounds = Bounds()
    for block in readers[suffix](path, bounds):
        letters = len(block.text) + sum(len(cell) for row in block.rows for cell in row)
        if not bounds.has_room(letters, 1 + len(block.rows)):
            break
        blocks.append(block)
    return Said(tuple(blocks), bounds.cut)


def _of_word(path: str, bounds: Bounds) -> Iterator[Block]:
    import docx
    from docx.oxml.ns import qn

    def text_of(element: Any) -> str:
        """Of all runs in it, also within links and content controls; a table in a cell is read as text."""
        parts = []
        for one in element.iter(qn("w:t"), qn("w:tab"), qn("w:br"), qn("w:p")):
            if one.tag == qn("w:t"):
                parts.append(one.text or "")
            elif one.tag == qn("w:p"):
                parts.append("\n" if parts else "")
            else:
                parts.append(" ")
        return "".join(parts).strip()

    document = docx.Document(path)
    for again in list(
        document.element.body.iter("{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback")
    ):
        again.getparent().remove(again)  # the same once more, for older programs
    names = {style.style_id: str(style.name or "") for style in document.styles}
    for element in document.element.body.iter(qn("w:p"), qn("w:tbl")):
        inside = element.getparent()
        while inside is not None and inside.tag not in {qn("w:tbl"), qn("w:p")}:  # text boxes lie in paragraphs
            inside = inside.getparent()
        if inside is not None:
            continue
        if element.tag == qn("w:tbl"):
            rows = bounds.table(
                [text_of(cell) for cell in row.iterchildren(qn("w:tc"), qn("w:sdt"))]
                for row in element.iter(qn("w:tr"))
                if row.getparent() is element or row.getparent().tag != qn("w:tbl")
            )
            if rows:
                yield Block("table", rows=rows)
        elif text := bounds.short(text_of(element)):
            style = element.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
            name = names.get(style.get(qn("w:val")), "") if style is not None else ""
            yield Block("heading" if name.startswith(("Heading", "heading", "Title")) else "text", text)


def _of_workbook(path: str, bounds: Bounds) -> Iterator[Block]:
    import openpyxl

    with open(path, "rb") as source:  # noqa: PTH123 - openpyxl wants an ending of a path; what is stored has none
        book = openpyxl.load_workbook(source, read_only=True, data_only=True, keep_links=False)
        bounds.cut = len(book.worksheets) > MOST_PARTS
        for sheet in book.worksheets[:MOST_PARTS]:
            yield Block("part", bounds.short(sheet.title))
            if rows := bounds.table(_rows_of(sheet)):
                yield Block("table", rows=rows)


def _rows_of(sheet: Any) -> Iterator[Iterator[str]]:
    """Those that are written down: down to row 1,048,576, which LibreOffice likes to name, there may be nothing."""
    sheet.reset_dimensions()  # what it says of its size need not be true
    for row in sheet.iter_rows():
        if row:
            yield (_value(cell.value, getattr(cell, "number_format", "")) for cell in row)


def _value(value: object, written: str) -> str:
    """A cell's value about as a workbook shows it; `written` is its number format."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime):
        return f"{value:%d/%m/%Y}" if (value.hour, value.minute) == (0, 0) else f"{value:%d/%m/%Y %H:%M}"
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, int | float):
        return _number(value, written)
    return str(value)


def _number(value: float, written: str) -> str:
    """Every digit of it, grouped or filled up with zeros where its format plainly says so.

    A person's or a telephone's number is told whole: a workbook's own 1.1017E+12 would be the same for many.
    """
    if "%" in written:
        return f"{value * 100:.10g}%"
    if isinstance(value, float) and value.is_integer() and abs(value) < WHOLE:
        value = int(value)  # written down as 1.1017E+12
    if not isinstance(value, int):
        return f"{value:.15g}"  # as many digits as a workbook keeps
    if set(written) == {"0"}:  # 0000000000: a telephone's number that was typed as a number
        return str(value).zfill(len(written))
    return f"{value:,}" if _GROUPED.search(written) else str(value)


def _of_slides(path: str, bounds: Bounds) -> Iterator[Block]:
    import pptx

    for number, slide in enumerate(pptx.Presentation(path).slides, start=1):
        if number > MOST_PARTS:
            bounds.cut = True
            return
        yield Block("part", str(number))
        title = slide.shapes.title
        for shape in _shapes(slide.shapes, bounds):
            if getattr(shape, "has_table", False):
                yield Block("table", rows=bounds.table([cell.text for cell in row.cells] for row in shape.table.rows))
            elif shape.has_text_frame and (text := bounds.short(shape.text_frame.text)):
                heads = title is not None and shape.shape_id == title.shape_id
                yield Block("heading" if heads else "text", text)


def _shapes(shapes: Any, bounds: Bounds, depth: int = 0) -> Iterator[Any]:
    """Those of groups too."""
    for shape in shapes:
        if hasattr(shape, "shapes"):
            if depth < DEEPEST:
                yield from _shapes(shape.shapes, bounds, depth + 1)
            else:
                bounds.cut = True
        else:
            yield shape


def _of_pdf(path: str, bounds: Bounds) -> Iterator[Block]:
    import pypdfium2

    with pypdfium2.PdfDocument(path) as document:
        bounds.cut = len(document) > MOST_PARTS
        for number in range(min(len(document), MOST_PARTS)):
            page = document[number]
            yield Block("part", str(number + 1))
            lines = [text for line in _lines_of(page.get_textpage(), bounds) if (text := bounds.short(line))]
            if not lines and next(page.get_objects(max_depth=1), None) is not None:
                bounds.cut = True  # a scan: what it says is not read
            for text in lines:
                yield Block("text", text)
            page.close()


def _lines_of(page: Any, bounds: Bounds) -> list[str]:
    """The lines of a page's text, with Thai marks where they are drawn."""
    letters: str = page.get_text_range()
    if len(letters) > MOST_LETTERS:
        bounds.cut = True
        letters = letters[:MOST_LETTERS]
    if not astray.has_marks(letters) or len(letters) != min(page.count_chars(), MOST_LETTERS):
        return letters.splitlines()  # other letters than boxes: nothing says which is whose
    lines: list[list[Sign]] = [[]]
    for number, letter in enumerate(letters):
        if letter in "\r\n":
            lines.append([])
        else:
            left, bottom, right, top = page.get_charbox(number)
            lines[-1].append(Sign(letter, left, right, top - bottom))
    return [astray.in_place(line) for line in lines if line]
