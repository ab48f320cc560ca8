"""Files that were sent and wait to be handed in."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import PurePath
from typing import Any

from sqlmodel import Session, col, func, select

from ita_core import access, audit, queries
from ita_core.access import Actor
from ita_core.board.progress import SlotKey
from ita_core.errors import (
    AlreadyHandedIn,
    NoKindOfItem,
    NotFound,
    NotReally,
    TooManyWaiting,
)
from ita_core.evidence.noticed import Noticed
from ita_core.evidence.objects import File
from ita_core.evidence.suggest import format_by_name
from ita_core.models import (
    Evidence,
    Item,
    StoredFile,
    Upload,
)
from ita_core.typed import LONGEST_NAME, LONGEST_NOTE, clean_file_name, clean_text
from ita_core.words import format_words
from ita_core.workflow.asking import (
    acting_on,
    check_format,
    check_wanted,
    demand_of,
    formats_of,
    get_account,
    get_item,
    new_id,
    not_yours,
)

LEFT_DAYS = 7  # so long a file that was sent waits to be handed in
MOST_WAITING = 60  # files of one account: whoever means to fill the disk has to hand them in, by name


def check_hand_in(session: Session, *, by: int, item_id: int, slot: SlotKey | None = None) -> None:
    """Nothing, where this account may hand in for the item (for that slot of it): asked before a large file is sent.

    Raises NotFound, NotYourItem, YearClosed, UnknownSlot.
    """
    item_to_hand_in(session, acting_on(session, by, item_id)[1], item_id)
    if slot is not None:
        demand_of(get_item(session, item_id).items[0], slot)


def check_waiting(session: Session, *, by: int) -> None:
    """Nothing, where another file of this account may wait to be handed in: asked before it is sent, and after.

    Raises TooManyWaiting.
    """
    waiting = select(func.count()).select_from(Upload).where(Upload.account_id == by, col(Upload.evidence_id).is_(None))
    if session.exec(waiting).one() >= MOST_WAITING:
        raise TooManyWaiting(most=MOST_WAITING)


def receive(
    session: Session, *, by: int, item_id: int, file: File, key: str, at: datetime, slot: SlotKey | None = None
) -> int:
    """Note a file that was received for an item, before its sender says what it covers; gives the upload's id.

    `slot` is the one that it was dropped on: it is ticked already. The same `key` of the same account again gives the
    id of what it made before. Call it once the file is in the store: a row is never without its object.
    Raises NotFound, NotYourItem, TooManyWaiting, BadText, UnknownSlot, NotOfItem, WrongFormat.
    """
    account, actor = acting_on(session, by, item_id)
    item = item_to_hand_in(session, actor, item_id)
    if (done := queries.find_upload(session, by, key)) is not None:
        return done
    check_waiting(session, by=by)
    facts = get_item(session, item_id).items[0]
    if slot is None:
        check_wanted(file, facts)
    else:
        check_format(file, slot, demand_of(facts, slot))
    know_file(session, file)
    upload = Upload(
        key=clean_text(key, LONGEST_NAME), account_id=by, item_id=item_id, sha256=file.sha256,
        file_name=clean_file_name(file.name), at=at, ticks=None if slot is None else _kept([slot]),
    )  # fmt: skip
    session.add(upload)
    session.flush()
    heic = file.noticed.heic_sha256
    sent: dict[str, Any] = {"heic_sha256": heic} if heic else {}
    audit.record(
        session, actor=account, action="upload.receive", subject=f"upload {upload.id}", at=at, item=item.code,
        sha256=file.sha256, file_name=upload.file_name, **sent,
    )  # fmt: skip
    return new_id(upload.id)


def no_kind_of(session: Session, *, by: int, item_id: int, file_name: str) -> NotReally | NoKindOfItem:
    """The refusal of what is no kind of file that is taken: it is not what its name says, or what this item takes.

    Raises NotFound, NotYourItem, YearClosed.
    """
    check_hand_in(session, by=by, item_id=item_id)
    if format_by_name(file_name):
        return NotReally(file=file_name, claimed=PurePath(file_name).suffix.removeprefix(".").upper())
    item = get_item(session, item_id).items[0]
    return NoKindOfItem(file=file_name, item=item.code, wanted=format_words(formats_of(item)))


def tick(session: Session, *, by: int, upload_id: int, slots: Sequence[SlotKey], note: str, at: datetime) -> None:
    """Keep what the sender of a file ticked and wrote so far with the file: it is there after Back, and elsewhere too.

    Raises NotFound, NotYourItem, YearClosed, AlreadyHandedIn, UnknownSlot, BadText.
    """
    upload = get_upload(session, by, upload_id)
    account, actor = acting_on(session, by, upload.item_id)
    item_to_hand_in(session, actor, upload.item_id)
    if upload.evidence_id is not None:
        raise AlreadyHandedIn
    chosen = list(dict.fromkeys(slots))
    item = get_item(session, upload.item_id).items[0]
    for key in chosen:
        demand_of(item, key)
    upload.ticks, upload.note = _kept(chosen), clean_text(note, LONGEST_NOTE)
    session.add(upload)
    session.flush()
    audit.record(session, actor=account, action="upload.tick", subject=f"upload {upload_id}", at=at)


def _kept(slots: Sequence[SlotKey]) -> list[list[object]]:
    return [list(key) for key in slots]


def discard(session: Session, *, by: int, upload_id: int, at: datetime) -> list[str]:
    """Take away a file that one sent and has not handed in; gives the hashes that no row names any more.

    Their objects are removed once this is committed (`receiving.discard`). Raises NotFound, AlreadyHandedIn.
    """
    account = get_account(session, by)
    upload = get_upload(session, by, upload_id)
    if upload.evidence_id is not None:
        raise AlreadyHandedIn
    session.delete(upload)
    session.flush()
    audit.record(session, actor=account, action="upload.discard", subject=f"upload {upload_id}", at=at)
    return _forget_unused(session, [upload.sha256])


def clear_left(session: Session, *, at: datetime) -> list[str]:
    """Clear the uploads of more than LEFT_DAYS ago; gives the hashes that no row names any more (see `discard`)."""
    old = session.exec(select(Upload).where(Upload.at < at - timedelta(days=LEFT_DAYS))).all()
    left = [upload for upload in old if upload.evidence_id is None]
    for upload in old:
        session.delete(upload)
    session.flush()
    if left:
        names = [upload.file_name for upload in left]
        audit.record(session, actor=None, action="upload.clear", subject="uploads", at=at, file_names=names)
    return _forget_unused(session, [upload.sha256 for upload in left])


def know_file(session: Session, file: File) -> None:
    """The row of a stored object, with what was noticed in it the last time it was examined."""
    row = session.get(StoredFile, file.sha256)
    if row is None:
        row = StoredFile(sha256=file.sha256, size=file.size, media_type=file.media_type, format=file.format)
    if file.noticed != Noticed():
        row.facts = file.noticed.to_json()
    session.add(row)
    session.flush()


def get_upload(session: Session, by: int, upload_id: int) -> Upload:
    """One's own upload.

    Raises NotFound, also for another's.
    """
    upload = session.get(Upload, upload_id)
    if upload is None or upload.account_id != by:
        raise NotFound
    return upload


def file_of(session: Session, upload: Upload) -> File:
    """The stored file of an upload, under the name that it was sent with."""
    row = session.get_one(StoredFile, upload.sha256)
    return File(row.sha256, row.size, row.media_type, row.format, upload.file_name, Noticed.from_json(row.facts))


def _forget_unused(session: Session, hashes: Sequence[str]) -> list[str]:
    """Take out the rows of those objects that neither an evidence nor an upload names; gives their hashes."""
    for sha256 in set(hashes):
        used = any(session.exec(select(table.id).where(table.sha256 == sha256)).first() for table in (Evidence, Upload))
        row = session.get(StoredFile, sha256)
        if row is not None and not used:
            session.delete(row)
    session.flush()
    return unnamed(session, hashes)


def unnamed(session: Session, hashes: Sequence[str]) -> list[str]:
    """Those of the hashes that no row names: their objects may go."""
    known = set(session.exec(select(StoredFile.sha256).where(col(StoredFile.sha256).in_(hashes))))
    return sorted(set(hashes) - known)


def item_to_hand_in(session: Session, actor: Actor, item_id: int) -> Item:
    """The item, where this actor of its assessment may hand in for it.

    Raises NotFound, NotYourItem.
    """
    item = session.get_one(Item, item_id)
    people = queries.get_history(session, item.assessment_id).now.people_of.get(item_id, access.ItemPeople())
    if not access.may_hand_in(actor, people):
        raise not_yours(actor, item.code, people)
    return item
