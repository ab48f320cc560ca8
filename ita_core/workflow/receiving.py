"""Files on their way from a browser to an evidence: where the store and the database have to agree.

A row is never without its object, so objects come first and go last. Whoever puts an object in order to name it, and
whoever takes one away, is alone with that hash (`db.claiming`) from the first look until it is done: so none goes while
somebody begins to name it. Nothing of the store is asked under the database's write lock.
"""

from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime

from sqlmodel import Session

from ita_core import accounts, db, workflow
from ita_core.board.progress import SlotKey
from ita_core.errors import Refused, SignedOut
from ita_core.evidence.inspect import UnknownKind
from ita_core.evidence.objects import Receiving
from ita_core.evidence.store import open_store
from ita_core.workflow.uploads import no_kind_of


def keep(
    incoming: Receiving, *, by: int, item_id: int, key: str, at: datetime, sign_in: str | None = None,
    slot: SlotKey | None = None,
) -> int:  # fmt: skip
    """Put a file away that has come whole and note whose it is and for which item (and slot); gives the upload's id.

    `sign_in` is the public id of the sign-in by which it was sent: one that has ended meanwhile notes nothing. None
    where nobody's browser sent it.

    Raises SignedOut, NotReally, NoKindOfItem, and what `Receiving.examine`, `Receiving.put_away` and `workflow.receive`
    raise.
    """
    try:
        file = incoming.examine()
    except UnknownKind:
        with db.reading() as session:
            raise no_kind_of(session, by=by, item_id=item_id, file_name=incoming.name) from None
    try:
        with db.claiming(file.sha256):
            incoming.put_away()
            with db.writing() as session:
                if sign_in is not None:
                    _check_sign_in(session, by, sign_in)
                return workflow.receive(session, by=by, item_id=item_id, file=file, key=key, at=at, slot=slot)
    except Refused:
        with suppress(Refused):  # what is left is a stray, which `ita verify` names; the reason is what is told
            remove_unnamed([file.sha256])
        raise


def _check_sign_in(session: Session, by: int, sign_in: str) -> None:
    # By the clock, as sign-ins are, whatever day is shown.
    visitor = accounts.find_visitor_by_public_id(session, public_id=sign_in, now=datetime.now(UTC))
    if visitor is None or visitor.must_enrol or visitor.account_id != by:
        raise SignedOut


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
                open_store().remove(sha256)
                gone.append(sha256)
    return gone
