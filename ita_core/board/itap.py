"""PURE: what waits for the officer who keeps ITAP: approved → to be published, published → to be filed."""

from dataclasses import dataclass
from datetime import datetime

from ita_core.board.headline import APPROVED
from ita_core.board.progress import Board, ItemStanding, Records, Stage, as_of, latest, not_undone


@dataclass(frozen=True, slots=True)
class Waiting:
    """An item with the moment since which it is the keeper's turn."""

    standing: ItemStanding
    since: datetime


def answer(standing: ItemStanding) -> bool:
    """What ITAP is told of an item: yes, it is disclosed, once the commander has approved it; no before."""
    return standing.stage in APPROVED


def waiting(board: Board, records: Records) -> dict[Stage, list[Waiting]]:
    """By the stage that they stand at (approved, published, and filed, where nothing waits), the longest first."""
    known = as_of(records, board.before)
    begun = {
        Stage.approved: latest(not_undone(known.approvals)),
        Stage.published: latest(known.publications),
        Stage.filed: latest(known.filings),
    }
    found: dict[Stage, list[Waiting]] = {stage: [] for stage in begun}
    for one in board.items:
        if one.stage in begun:
            found[one.stage].append(Waiting(one, begun[one.stage][one.item.id].at))
    for listed in found.values():
        listed.sort(key=lambda one: one.since)
    return found
