"""What the forwarded workbook is made of, as plain values: `office_book` fills them, `dressing` draws them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from ita_core.board.headline import Face
from ita_core.exports.tables import Value


@dataclass(frozen=True, slots=True)
class Cell:
    """A value with what is to be seen of it: the colour of a state, a link (an address, or "#" and a place here)."""

    value: object
    face: Face | None = None
    link: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """`heading` is Thai already; `width` in characters."""

    heading: str
    width: float
    value: Value = Value.text
    bar: bool = False  # a bar behind each share
    centred: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet of rows below a heading; `nothing` stands where there are none."""

    title: str
    columns: tuple[Column, ...]
    rows: list[list[object]]  # a Cell, or a value as it is
    nothing: str = ""


@dataclass(frozen=True, slots=True)
class Series:
    """What a chart draws: a name, and a value for each label; None: nothing there."""

    name: str
    values: list[float | None]
    face: Face | None = None


@dataclass(frozen=True, slots=True)
class Chart:
    """Labels are texts, or days for a line over time."""

    title: str
    labels: Sequence[str | date]
    series: list[Series]
    share: bool = False  # of 1, and not numbers


@dataclass(frozen=True, slots=True)
class Summary:
    title: str
    said: tuple[str, ...]
    counted: str  # what the figures and charts are of
    figures: list[tuple[str, str, str, Face | None]]  # what, how much, what is to be said of it
    over_time: Chart
    by_month: Chart
    indicators: Chart | None  # None for whoever sees some items only: of them they would look wrong
    officers: Chart | None
