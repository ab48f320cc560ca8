"""PURE: what waits for the commander's word on a day."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from ita_core.board import directives, turns
from ita_core.board.clarifications import Clarifying, Standing
from ita_core.board.directives import DirectiveFacts, DirectiveState
from ita_core.board.progress import Board, ItemStanding
from ita_core.board.turns import Then


@dataclass(frozen=True, slots=True)
class Waiting:
    """Disclosure items to approve, the longest complete first, those sent back, directives by what became of them."""

    approve: tuple[ItemStanding, ...]
    sent_back: tuple[ItemStanding, ...]  # the supervisors' turn
    reported: tuple[DirectiveFacts, ...]  # said to be done
    late: tuple[DirectiveFacts, ...]  # past their day: the officers' turn, but the commander asks
    clarify: tuple[ItemStanding, ...] = ()  # items whose clarification is to be approved, in their order

    @property
    def number(self) -> int:
        """How many decisions there are to make."""
        return len(self.approve) + len(self.reported) + len(self.clarify)


def waiting(
    board: Board, given: Iterable[DirectiveFacts], day: date, clarifying: Mapping[int, Clarifying] | None = None
) -> Waiting:
    """`given` are the directives as they stood then (`directives.as_of`), `clarifying` the clarifications by item."""
    approve = [one for one in board.oit if turns.then(one) is Then.approve]
    still = directives.still_open(list(given))
    return Waiting(
        tuple(sorted(approve, key=lambda one: (one.complete_since is None, one.complete_since))),
        tuple(one for one in board.oit if turns.then(one) is Then.look_again),
        tuple(one for one in still if one.state() is DirectiveState.reported),
        tuple(one for one in still if one.days_late(day)),
        tuple(one for one in board.oit if _is_proposed((clarifying or {}).get(one.item.id))),
    )


def _is_proposed(one: Clarifying | None) -> bool:
    return one is not None and one.standing is Standing.proposed
