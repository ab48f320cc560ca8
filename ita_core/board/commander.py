"""PURE: what waits for the commander's word on a day."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from ita_core.board import directives, turns
from ita_core.board.clarifications import Clarifying, Standing
from ita_core.board.directives import DirectiveFacts, DirectiveState
from ita_core.board.progress import Board, ItemStanding
from ita_core.board.steps import StepStanding, overdue
from ita_core.board.turns import Then


@dataclass(frozen=True, slots=True)
class Waiting:
    """Disclosure items to approve, the longest complete first, those sent back, directives by what became of them."""

    approve: tuple[ItemStanding, ...]
    sent_back: tuple[ItemStanding, ...]  # the supervisors' turn
    reported: tuple[DirectiveFacts, ...]  # said to be done
    late: tuple[DirectiveFacts, ...]  # past their day: the officers' turn, but the commander asks
    steps: tuple[StepStanding, ...] = ()  # past their last day, and the commander's to do, or of nobody who could
    late_steps: tuple[StepStanding, ...] = ()  # past it, and others'
    clarify: tuple[ItemStanding, ...] = ()  # items whose clarification is to be approved, in their order

    @property
    def number(self) -> int:
        """How many decisions there are to make, and steps of their own to end."""
        return len(self.approve) + len(self.reported) + len(self.steps) + len(self.clarify)


def waiting(
    board: Board, given: Iterable[DirectiveFacts], day: date, *, steps: Sequence[StepStanding] = (),
    officer: int | None = None, account: int = 0, clarifying: Mapping[int, Clarifying] | None = None,
) -> Waiting:  # fmt: skip
    """`given` are the directives as they stood then (`directives.as_of`), `steps` the calendar's, `clarifying` the
    clarifications by item; `officer` and `account` are theirs, who decide on nothing that they wrote.

    Where a post or a team leads a step and has no members yet, that is the commander's to settle.
    """
    behind = overdue(steps)
    own = tuple(one for one in behind if not one.step.officers or officer in one.step.officers)
    approve = [one for one in board.oit if turns.then(one) is Then.approve]
    still = directives.still_open(list(given))
    return Waiting(
        tuple(sorted(approve, key=lambda one: (one.complete_since is None, one.complete_since))),
        tuple(one for one in board.oit if turns.then(one) is Then.look_again),
        tuple(one for one in still if one.state() is DirectiveState.reported),
        tuple(one for one in still if one.days_late(day)),
        own,
        tuple(one for one in behind if one not in own),
        tuple(one for one in board.oit if _is_theirs((clarifying or {}).get(one.item.id), account)),
    )


def _is_theirs(one: Clarifying | None, account: int) -> bool:
    now = one.now if one else None
    return now is not None and one is not None and one.standing is Standing.proposed and now.account_id != account
