"""One officer opened: their items, what they prepare first, and the directives that are theirs to do."""

from collections.abc import Sequence
from dataclasses import dataclass

from ita_core import thai
from ita_core.board.directives import DirectiveFacts
from ita_core.board.progress import Board, ItemStanding
from ita_core.language import _
from ita_core.queries import PartyFacts, Snapshot
from pages.parts import board_table
from pages.parts.board_table import Row


@dataclass(frozen=True, slots=True)
class Card:
    name: str
    prepares: tuple[Row, ...]
    supervises: tuple[Row, ...]
    directives: tuple[tuple[str, str], ...]  # with when they are due


def card(
    person: PartyFacts, items: Sequence[ItemStanding], data: Snapshot, board: Board, ordered: Sequence[DirectiveFacts]
) -> Card:
    """What this officer has to do with these items."""
    return Card(
        person.full,
        tuple(board_table.rows(data, [one for one in items if person.id in one.item.preparers], board)),
        tuple(board_table.rows(data, [one for one in items if person.id in one.item.supervisors], board)),
        tuple((one.text, _("due {day}").format(day=thai.date_text(one.due))) for one in ordered),
    )
