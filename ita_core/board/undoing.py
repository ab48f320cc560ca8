"""PURE: whether a decision can still be undone: within ten minutes, by who made it, until somebody acted on it.

The one home of this rule (issue 12, point 7): the pages ask here whether to offer it, the workflow whether to do it.
Who made it is asked by `access.may_undo_review` and `may_undo_approval`.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from enum import Enum

from ita_core.board.progress import Records, SlotKey, not_undone

MINUTES = 10


class Stays(Enum):
    """Why a decision stays as it is."""

    too_late = "too_late"
    acted_on = "acted_on"


def review_stays(slots: Collection[SlotKey], decided_at: datetime, records: Records, now: datetime) -> Stays | None:
    """Why the decision on a piece for these slots stays; None while it can be undone. `records` are those of its item.

    Acted on it has the commander who approved the item or sent it back since, and who handed in something since for
    one of its slots.
    """
    covered = set(slots)
    later = [one.at for one in (*not_undone(records.approvals), *records.send_backs)]
    later += [one.at for one in records.hand_ins if one.withdrawn_at is None and not covered.isdisjoint(one.slots)]
    acted_on = any(at > decided_at for at in later)
    return _stays(decided_at, now, acted_on=acted_on)


def approval_stays(approved_at: datetime, records: Records, now: datetime) -> Stays | None:
    """Why an approval stays; None while it can be undone. `records` are those of its item.

    Acted on it has who published the item since. What was published by the same moment was so for this approval.
    """
    acted_on = any(one.at >= approved_at for one in (*records.publications, *records.send_backs))
    return _stays(approved_at, now, acted_on=acted_on)


def _stays(decided_at: datetime, now: datetime, *, acted_on: bool) -> Stays | None:
    if acted_on:
        return Stays.acted_on
    return Stays.too_late if now - decided_at > timedelta(minutes=MINUTES) else None
