"""PURE: what a document is made of, whatever file it becomes: paragraphs, tables, pictures, page breaks.

Documents are Thai whatever language the screen speaks. Sizes are points of TH Sarabun, lengths are centimetres; figures
are written 0–9, as the office's own measure writes them, and only the pages are numbered in Thai (`- ๒ -`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

BODY, TITLE, MEMO = 16.0, 20.0, 29.0  # points: text, headings, the words บันทึกข้อความ
TABLE = 14.0  # text in tables
LEFT, RIGHT, TOP, BOTTOM = 3.0, 2.0, 2.5, 2.0  # margins of a government letter
WIDTH = 21.0 - LEFT - RIGHT  # of the text on A4
FIRST = 2.5  # how far a paragraph's first line is drawn in


class Align(Enum):
    left = "left"
    center = "center"
    right = "right"


@dataclass(frozen=True, slots=True)
class Run:
    """Text in one hand."""

    text: str
    bold: bool = False
    underline: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Runs one after the other. `first` draws the first line in further, `indent` the whole, `space` is set above."""

    runs: tuple[Run, ...]
    align: Align = Align.left
    first: float = 0.0
    indent: float = 0.0
    space: float = 0.0  # points
    size: float = BODY
    keep: bool = False  # on one page with what follows
    level: int = 0  # of a heading, 1–3; 0: none
    whole: bool = False  # names: no dictionary knows them, so no line ends within one of their words

    @property
    def text(self) -> str:
        """What it says, without how."""
        return "".join(run.text for run in self.runs)


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in one place of a table, over one or more of its columns."""

    paragraphs: tuple[Paragraph, ...]
    span: int = 1
    shaded: bool = False

    @property
    def text(self) -> str:
        """What it says, a line a paragraph."""
        return "\n".join(one.text for one in self.paragraphs)


Row = tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows below a head that is repeated on every page; widths are shares of all.

    No row is torn between two pages but one that fills most of a page by itself.
    """

    widths: tuple[float, ...]
    head: Row
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """A JPEG or PNG with what is said below it; `width` and `height` in centimetres, fitted to the page already."""

    content: bytes
    caption: str
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a memo's head: its bold word, and what is written behind it on a dotted line; often two beside."""

    parts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class PageBreak:
    """What follows begins on a new page."""


Block = Paragraph | Table | Picture | Line | PageBreak


@dataclass(frozen=True, slots=True)
class Document:
    """A document, with the title that its file carries and the office that it is of."""

    title: str
    office: str
    blocks: tuple[Block, ...]
    which: str = ""  # of several of its kind, for its file's name: a meeting's number

    @property
    def texts(self) -> list[str]:
        """Every paragraph in its order, those in tables and below pictures too; empty ones are left out."""
        found: list[str] = []
        for block in self.blocks:
            match block:
                case Paragraph():
                    found.append(block.text)
                case Table():
                    found += [one.text for row in (block.head, *block.rows) for cell in row for one in cell.paragraphs]
                case Picture():
                    found.append(block.caption)
                case Line():
                    found += [text for part in block.parts for text in part]
        return [text for text in found if text]


def plain(text: str, **how: object) -> Paragraph:
    """A paragraph in one hand."""
    return Paragraph((Run(text),), **how)  # type: ignore[arg-type]


def heading(text: str, level: int = 1, **how: object) -> Paragraph:
    """A bold line that stays with what follows it."""
    given: dict[str, object] = {"space": 6.0, "keep": True, "level": level} | how
    return Paragraph((Run(text, bold=True),), **given)  # type: ignore[arg-type]


def body(text: str, *, keep: bool = False) -> Paragraph:
    """A paragraph of a letter: its first line is drawn in; `keep`: on one page with what follows."""
    return plain(text, first=FIRST, space=6.0, keep=keep)


def cell(*lines: str | Paragraph, span: int = 1, bold: bool = False, align: Align = Align.left) -> Cell:
    """A cell of lines, each a paragraph; none is an empty one."""
    made = [
        line if isinstance(line, Paragraph) else Paragraph((Run(line, bold=bold),), align=align, size=TABLE)
        for line in lines
    ]
    return Cell(tuple(made) or (plain("", size=TABLE),), span, shaded=bold)


def people(names: Sequence[str]) -> Cell:
    """A cell of names, several with numbers, one below another."""
    lines = list(names) if len(names) < 2 else [f"{number}. {name}" for number, name in enumerate(names, 1)]
    return cell(*(Paragraph((Run(line),), size=TABLE, whole=True) for line in lines))


def head(*words: str) -> Row:
    """The head of a table; one that is too wide for its column has its lines ended by hand."""
    return tuple(cell(*word.split("\n"), bold=True, align=Align.center) for word in words)


def band(text: str, columns: int) -> Row:
    """A row that names what follows it, over all columns."""
    return (cell(Paragraph((Run(text, bold=True),), size=TABLE, keep=True), bold=True, span=columns),)


def memo(office: str, number: str, day: str, subject: str, to: str) -> list[Block]:
    """The head of a บันทึกข้อความ. The garuda is left out: an office that wants it has it in its own template."""
    return [
        Paragraph((Run("บันทึกข้อความ", bold=True),), align=Align.center, size=MEMO, level=1),
        Line((("ส่วนราชการ", office),)),
        Line((("ที่", number), ("วันที่", day))),
        Line((("เรื่อง", subject),)),
        plain(f"เรียน  {to}", space=6.0),
    ]


def signature(rank: str, name: str, post: str) -> list[Block]:
    """Where somebody signs: rank, name in brackets and post, right of the middle."""
    lines = (rank, f"({name})" if name else f"({' ' * 40})", post)
    return [
        plain(line, align=Align.center, indent=7.5, space=36.0 if not number else 0.0, keep=number < len(lines) - 1)
        for number, line in enumerate(lines)
    ]
