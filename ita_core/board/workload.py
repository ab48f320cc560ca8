"""PURE: who carries what, and how it goes: preparers by their slots, supervisors by their decisions.

No ranking as punishment: lists are sorted by what needs help first. A slot that several prepare is each one's to do,
and counted once in the totals of the board.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median

from ita_core.board import progress, turns
from ita_core.board.progress import Board, HandIn, ItemStanding, Records, Tally
from ita_core.days import day_of


@dataclass(frozen=True, slots=True)
class Preparing:
    """An officer's own: the items they prepare and the slots of those, shared ones whole."""

    officer_id: int
    items: tuple[ItemStanding, ...]
    tally: Tally
    days_late: int  # of the longest overdue slot that waits for nobody else
    shared: int  # of the slots, those that others prepare too


@dataclass(frozen=True, slots=True)
class Supervising:
    """What an officer decides: the items they supervise, and how that goes."""

    officer_id: int
    items: tuple[ItemStanding, ...]
    waiting: int  # pieces of evidence that wait for this officer's decision
    overdue: int  # overdue slots that wait for it
    waiting_days: int  # how long the oldest of them has waited
    decided: int  # pieces that this officer decided
    returned: int  # of those, the ones given back
    days_to_decide: float | None  # the median of calendar days from handing in to decision; None before the first


def preparing(items: Sequence[ItemStanding]) -> list[Preparing]:
    """Every officer who prepares one of the items, whoever needs help first."""
    officers = dict.fromkeys(officer for one in items for officer in one.item.preparers)
    listed = []
    for officer in officers:
        mine = tuple(one for one in items if officer in one.item.preparers)
        slots = [slot for one in mine for slot in one.slots]
        owed = [slot.days_late for slot in slots if slot.overdue and turns.owes(slot)]
        shared = sum(one.tally.slots for one in mine if len(one.item.preparers) > 1)
        listed.append(Preparing(officer, mine, progress.tally_of(slots), max(owed, default=0), shared))
    return sorted(
        listed, key=lambda one: (-one.tally.overdue_open, -one.tally.returned, -one.days_late, one.tally.progress)
    )


def supervising(items: Sequence[ItemStanding], records: Records, day: date) -> list[Supervising]:
    """Every officer who supervises one of the items, whoever has the oldest piece waiting first.

    `records` are those that the standings were made from (`progress.as_of`).
    """
    officers = dict.fromkeys(officer for one in items for officer in one.item.supervisors)
    of_these = {one.item.id for one in items}
    pieces = turns.to_decide([one.item for one in items], records.hand_ins)
    late = {one.item.id: [slot for slot in one.slots if slot.overdue] for one in items}
    decided: dict[int, list[HandIn]] = {}
    for hand_in in records.hand_ins:
        if hand_in.item_id in of_these and hand_in.reviewed_at is not None and hand_in.reviewer_id is not None:
            decided.setdefault(hand_in.reviewer_id, []).append(hand_in)
    listed = []
    for officer in officers:
        mine = tuple(one for one in items if officer in one.item.supervisors)
        waiting = [(day - day_of(piece.at)).days for piece in pieces.get(officer, ())]
        own = decided.get(officer, [])
        taken = [(day_of(piece.decided_at) - day_of(piece.at)).days for piece in own if piece.decided_at]
        listed.append(
            Supervising(
                officer,
                mine,
                waiting=len(waiting),
                overdue=sum(
                    officer in turns.turn(one.item, [slot]).decide for one in mine for slot in late[one.item.id]
                ),
                waiting_days=max(0, *waiting) if waiting else 0,  # after the year's end the day lies before the hand-in
                decided=len(own),
                returned=sum(piece.came_back for piece in own),
                days_to_decide=median(taken) if taken else None,
            )
        )
    return sorted(listed, key=lambda one: (-one.waiting_days, -one.waiting))


def totals(board: Board | Sequence[ItemStanding]) -> Tally:
    """Every slot once, however many prepare it."""
    items = board.items if isinstance(board, Board) else board
    return progress.tally_of(slot for one in items for slot in one.slots)
