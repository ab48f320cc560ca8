"""What a document says, as text and tables: read by a process of its own (`child`), whose `main` this module also is.

Of a Word file paragraphs and tables in their order, of a workbook its sheets as tables, of a presentation its slides,
of a PDF the letters of its pages. Only plain text comes back, never the document's own markup. At most `MOST_LETTERS`
letters and `MOST_LINES` lines and rows of a document are read; the process gets 1 GB of memory, up to 10 seconds of
processor, by the file's size, and is ended after 20 seconds. What was read is kept, up to 32 MB in all.
"""

import json
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from ita_core.evidence import astray, child
from ita_core.evidence.astray import Sign
from ita_core.evidence.kept import Kept, OneAtATime

MOST_LETTERS, MOST_LINES = 100_000, 2_000
LONGEST_LINE = 2_000  # letters of one paragraph or cell
MOST_ROWS, MOST_COLUMNS, MOST_PARTS = 200, 30, 50  # of one table; sheets, slides, pages
DEEPEST = 8  # groups of shapes in groups
MOST_KEPT = 32 * 1024**2
MEMORY, PROCESSOR_SECONDS, SECONDS = 1024**3, 10, 20
READ = (".docx", ".xlsx", ".pptx", ".pdf")
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
    """What a document says; `cut`: there is more. `readable` is false for what cannot be read as text."""

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


_kept, _one_at_a_time = Kept(_size, lambda: MOST_KEPT), OneAtATime()


def said(sha256: str, verified: Callable[[str], Path], *, suffix: str, by: int | None = None) -> Said:
    """What the stored document with this hash says; `by` is the account that asks, whose readings take turns.

    `verified` gives its proven file; asked only where it was not read yet, so raises what that raises.
    """
    if suffix not in READ:
        return Said(readable=False)
    if found := _kept.get(sha256):
        return found
    with _one_at_a_time.of(("account", by) if by is not None else object()), _one_at_a_time.of(sha256):
        if found := _kept.get(sha256):
            return found
        path = verified(sha256)
        allowed = child.processor_seconds(path.stat().st_size, PROCESSOR_SECONDS)
        try:
            answer = child.run(
                __name__, str(path), suffix, memory=MEMORY, processor_seconds=allowed, seconds=SECONDS, turns=_turns
            )
            found = from_json(answer)
        except child.Ended as ended:
            found = Said(readable=False)
            if not ended.in_time:  # it may go better on a less busy machine
                return found
        _kept.put(sha256, found)
        return found


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
    letters = lines = 0
    for block in readers[suffix](path):
        letters += len(block.text) + sum(len(cell) for row in block.rows for cell in row)
        lines += 1 + len(block.rows)
        if letters > MOST_LETTERS or lines > MOST_LINES:
            return Said(tuple(blocks), cut=True)
        blocks.append(block)
    return Said(tuple(blocks))


def _short(text: str) -> str:
    """Without controls, which no page shows; cut where it is longer than a line may be."""
    kept = "".join(sign for sign in text[:LONGEST_LINE] if sign >= " " or sign in "\n\t").strip()
    return kept + "…" * (len(text) > LONGEST_LINE)


def _table(rows: Iterable[Iterable[str]]) -> Block:
    """The rows that hold anything, as many as are shown."""
    found: list[tuple[str, ...]] = []
    for row in rows:
        cells = [_short(cell) for _number, cell in zip(range(MOST_COLUMNS), row, strict=False)]
        if len(found) >= MOST_ROWS:
            found.append(("…",))
            break
        if any(cells):
            found.append(tuple(cells))
    wide = max((len(row) - next((i for i, cell in enumerate(reversed(row)) if cell), 0) for row in found), default=0)
    return Block("table", rows=tuple(row[:wide] for row in found))


def _of_word(path: str) -> Iterator[Block]:
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
            table = _table(
                [text_of(cell) for cell in row.iterchildren(qn("w:tc"), qn("w:sdt"))]
                for row in element.iter(qn("w:tr"))
                if row.getparent() is element or row.getparent().tag != qn("w:tbl")
            )
            if table.rows:
                yield table
        elif text := _short(text_of(element)):
            style = element.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
            name = names.get(style.get(qn("w:val")), "") if style is not None else ""
            yield Block("heading" if name.startswith(("Heading", "heading", "Title")) else "text", text)


def _of_workbook(path: str) -> Iterator[Block]:
    import openpyxl

    book = openpyxl.load_workbook(path, read_only=True, data_only=True, keep_links=False)
    for sheet in book.worksheets[:MOST_PARTS]:
        yield Block("part", _short(sheet.title))
        rows = sheet.iter_rows(max_row=10 * MOST_ROWS, max_col=MOST_COLUMNS)
        table = _table([_value(cell.value, getattr(cell, "number_format", "")) for cell in row] for row in rows)
        if table.rows:
            yield table


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
        if "%" in written:
            return f"{value * 100:.10g}%"
        return f"{value:,}" if "," in written and isinstance(value, int) else f"{value:.10g}"
    return str(value)


def _of_slides(path: str) -> Iterator[Block]:
    import pptx

    for number, slide in enumerate(pptx.Presentation(path).slides, start=1):
        if number > MOST_PARTS:
            return
        yield Block("part", str(number))
        title = slide.shapes.title
        for shape in _shapes(slide.shapes):
            if getattr(shape, "has_table", False):
                yield _table([cell.text for cell in row.cells] for row in shape.table.rows)
            elif shape.has_text_frame and (text := _short(shape.text_frame.text)):
                heads = title is not None and shape.shape_id == title.shape_id
                yield Block("heading" if heads else "text", text)


def _shapes(shapes: Any, depth: int = 0) -> Iterator[Any]:
    """Those of groups too."""
    for shape in shapes:
        if hasattr(shape, "shapes"):
            if depth < DEEPEST:
                yield from _shapes(shape.shapes, depth + 1)
        else:
            yield shape


def _of_pdf(path: str) -> Iterator[Block]:
    import pypdfium2

    with pypdfium2.PdfDocument(path) as document:
        for number in range(min(len(document), MOST_PARTS)):
            page = document[number]
            yield Block("part", str(number + 1))
            for line in _lines_of(page.get_textpage()):
                if text := _short(line):
                    yield Block("text", text)
            page.close()


def _lines_of(page: Any) -> list[str]:
    """The lines of a page's text, with Thai marks where they are drawn."""
    letters: str = page.get_text_range()[:MOST_LETTERS]
    if not astray.has_marks(letters) or len(letters) != min(page.count_chars(), MOST_LETTERS):
        return letters.splitlines()  # other letters than boxes: nothing says which is whose
    lines: list[list[Sign]] = [[]]
    for number, letter in enumerate(letters):
        if letter in "\r\n":
            lines.append([])
        else:
            left, _bottom, right, _top = page.get_charbox(number)
            lines[-1].append(Sign(letter, left, right))
    return [astray.in_place(line) for line in lines if line]
