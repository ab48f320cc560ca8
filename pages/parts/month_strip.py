"""The strip of monthly reports: a row for each monthly item, a cell for each month reported on."""

from dataclasses import dataclass

from ita_core import thai, words
from ita_core.board import headline
from ita_core.board.headline import Face
from ita_core.board.months import Strip
from ita_core.board.progress import Tally
from ita_core.language import _
from ita_core.queries import Snapshot
from pages.parts import marks
from pages.parts.marks import Whose


@dataclass(frozen=True, slots=True)
class Cell:
    """A month of an item; `says` is what it means."""

    face: str
    sign: str
    says: str
    ahead: bool
    accepted: int
    slots: int


@dataclass(frozen=True, slots=True)
class Row:
    code: str
    title: str
    whose: Whose
    cells: tuple[Cell | None, ...]  # None where the item has no such month


@dataclass(frozen=True, slots=True)
class Table:
    """`totals` are the months', below the rows."""

    heads: list[tuple[str, str]]  # with their class
    rows: tuple[Row, ...]
    totals: tuple[Tally, ...]


def table(data: Strip, plan: Snapshot) -> Table | None:
    """The strip; None without a monthly item."""
    if not data.rows:
        return None
    rows = [
        Row(
            standing.item.code,
            standing.item.title,
            marks.whose_turn(standing, standing.slots, plan.people),
            tuple(_cell(standing.item.code, period, cells.get(period)) for period in data.periods),
        )
        for standing, cells in data.rows
    ]
    first = _first_to_work_on(data)
    heads = [(thai.period_text(one), "first" if one == first else "") for one in data.periods]
    return Table(heads, tuple(rows), tuple(data.totals[period] for period in data.periods))


def _first_to_work_on(data: Strip) -> str:
    """The month that a narrow screen shows first: the earliest with something late or returned, else missing."""
    for wanted in ({Face.overdue, Face.returned}, {Face.missing}):
        for period in data.periods:
            here = [cells[period] for _standing, cells in data.rows if period in cells]
            if any(cell.face in wanted and not cell.ahead for cell in here):
                return period
    return data.periods[-1] if data.periods else ""


def _cell(code: str, period: str, cell: headline.Cell | None) -> Cell | None:
    if cell is None:
        return None
    face = _("Month not over") if cell.ahead else marks.word(cell.face)
    says = f"{code} {thai.period_text(period)}: {face} {cell.accepted}/{cell.slots}"
    sign = "" if cell.ahead else words.SIGNS[cell.face]
    return Cell(cell.face.value, sign, says, cell.ahead, cell.accepted, cell.slots)
