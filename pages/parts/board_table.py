"""The board: a row for each item."""

from collections.abc import Sequence
from dataclasses import dataclass

from ita_core.board.progress import Board, ItemStanding
from ita_core.queries import Snapshot
from pages.parts import marks
from pages.parts.marks import Cell, Whose


@dataclass(frozen=True, slots=True)
class Row:
    code: str
    title: str
    cells: tuple[Cell, ...]
    accepted: int
    slots: int
    whose: Whose
    due: str
    stage: str
    overdue: bool
    lapsed: bool  # an approval, for the evidence has changed since


def rows(data: Snapshot, items: Sequence[ItemStanding], board: Board) -> list[Row]:
    """Each item's cells, whose turn it is, due date and stage."""
    return [
        Row(
            one.item.code,
            one.item.title,
            marks.cells(one, board.day),
            one.tally.accepted,
            one.tally.slots,
            marks.whose_turn(one, one.slots, data.people),
            marks.due_text(one),
            marks.stage(one),
            bool(one.tally.overdue),
            one.approval_lapsed,
        )
        for one in items
    ]
