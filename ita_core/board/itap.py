"""PURE: what waits for the officer who keeps ITAP: approved → to be published, published → to be filed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from ita_core.board.progress import Board, ItemEvent, ItemStanding, Records, Stage, as_of


@dataclass(frozen=True, slots=True)
class Waiting:
    """An item with the moment since which it is the keeper's turn."""

    standing: ItemStanding
    since: datetime


def waiting(board: Board, records: Records) -> dict[Stage, list[Waiting]]:
    """By the stage that they stand at (approved, published, and filed, where nothing waits), the longest first."""
    known = as_of(records, board.before)
    begun = {
        Stage.approved: _last(known.approvals),
        Stage.published: _last(known.publications),
        Stage.filed: _last(known.filings),
    }
    found: dict[Stage, list[Waiting]] = {stage: [] for stage in begun}
    for one in board.items:
        if one.stage in begun:
            found[one.stage].append(Waiting(one, begun[one.stage][one.item.id]))
    for listed in found.values():
        listed.sort(key=lambda one: one.since)
    return found


def _last(events: Iterable[ItemEvent]) -> dict[int, datetime]:
    """Item id → the moment of its last one."""
    return {event.item_id: event.at for event in sorted(events, key=lambda event: event.at)}
