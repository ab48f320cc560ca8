"""Files on their way from a browser to an evidence: where the store and the database have to agree.

A row is never without its object, so objects come first and go last. An object may only go while nobody can begin to
name it: whoever names one holds the database's write lock and looks whether it is there.
"""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime

from ita_core import audit, db, workflow
from ita_core.errors import Refused
from ita_core.evidence.store import Receiving, store


def keep(incoming: Receiving, *, by: int, item_id: int, key: str, at: datetime) -> int:
    """Put a file away that has come whole and note whose it is and for which item; gives the upload's id.

    Raises what `Receiving.keep` and `workflow.receive` raise.
    """
    file = incoming.keep()
    try:
        with db.writing() as session:
            made = workflow.receive(session, by=by, item_id=item_id, file=file, key=key, at=at)
            if not store().holds(file.sha256):  # the same content was cleared since: this transaction holds that off
                incoming.keep()
            return made
    except Refused:
        with suppress(Refused):  # what is left is a stray, which `ita verify` names; the reason is what is told
            remove_unnamed([file.sha256])
        raise


def discard(*, by: int, upload_id: int, at: datetime) -> None:
    """Take away a file that one sent and has not handed in.

    Raises NotFound, AlreadyHandedIn.
    """
    with db.writing() as session:
        hashes = workflow.discard(session, by=by, upload_id=upload_id, at=at)
    remove_unnamed(hashes)


def clear_left(*, at: datetime) -> None:
    """Take away what was sent long ago and never handed in."""
    with db.writing() as session:
        hashes = workflow.clear_left(session, at=at)
    remove_unnamed(hashes)


def remove_unnamed(hashes: Sequence[str]) -> list[str]:
    """Take away those of the objects that no row names; gives their hashes.

    A transaction of its own, after the rows are gone for good: stopped in between it leaves a stray, no loss.
    """
    if not hashes:
        return []
    with db.writing() as session:
        audit.one_at_a_time(session)
        gone = workflow.unnamed(session, hashes)
        for sha256 in gone:
            store().remove(sha256)
    return gone
