"""Files on their way from a browser to an evidence: where the store and the database have to agree.

A row is never without its object, so objects come first and go last. Whoever puts an object in order to name it, and
whoever takes one away, is alone with that hash (`db.claiming`) from the first look until it is done: so none goes while
somebody begins to name it. Nothing of the store is asked under the database's write lock.
"""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime

from ita_core import db, workflow
from ita_core.errors import Refused
from ita_core.evidence.store import Receiving, store


def keep(incoming: Receiving, *, by: int, item_id: int, key: str, at: datetime) -> int:
    """Put a file away that has come whole and note whose it is and for which item; gives the upload's id.

    Raises what `Receiving.examine`, `Receiving.put_away` and `workflow.receive` raise.
    """
    file = incoming.examine()
    try:
        with db.claiming(file.sha256):
            incoming.put_away()
            with db.writing() as session:
                return workflow.receive(session, by=by, item_id=item_id, file=file, key=key, at=at)
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

    After the rows are gone for good, and one by one: stopped in between it leaves strays, no loss.
    """
    gone = []
    for sha256 in dict.fromkeys(hashes):
        with db.claiming(sha256):
            with db.reading() as session:
                unnamed = workflow.unnamed(session, [sha256])
            if unnamed:
                store().remove(sha256)
                gone.append(sha256)
    return gone
