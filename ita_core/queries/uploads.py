"""Files that wait to be handed in."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, func, select

from ita_core.access import Actor
from ita_core.board.progress import SlotKey
from ita_core.evidence.noticed import Noticed
from ita_core.models import (
    Item,
    StoredFile,
    Upload,
)
from ita_core.queries.evidence import EvidenceFacts, find_same_content
from ita_core.queries.plans import get_history
from ita_core.typed import LONGEST_NAME, clean_text


@dataclass(frozen=True, slots=True)
class UploadFacts:
    """A file of one's own that waits to be handed in; `twins` are evidence with the same content, newest first."""

    id: int
    file_name: str
    format: str
    size: int
    sha256: str
    noticed: Noticed
    at: datetime
    twins: tuple[EvidenceFacts, ...]
    ticks: tuple[SlotKey, ...] | None  # what its sender ticked so far; None: nothing yet
    note: str


def find_upload(session: Session, account_id: int, key: str) -> int | None:
    """The id of the upload that this account sent under this key, which is kept cleaned.

    Raises BadText.
    """
    kept = clean_text(key, LONGEST_NAME)
    return session.exec(select(Upload.id).where(Upload.account_id == account_id, Upload.key == kept)).first()


def list_uploads(session: Session, who: Actor, of: int) -> list[UploadFacts]:
    """The actor's files for an item that wait to be handed in, in the order they came."""
    statement = select(Upload, StoredFile).join(StoredFile, col(StoredFile.sha256) == Upload.sha256)
    statement = statement.where(
        Upload.account_id == who.account_id, Upload.item_id == of, col(Upload.evidence_id).is_(None)
    )
    rows = session.exec(statement.order_by(col(Upload.id))).all()
    assessment_id = session.get_one(Item, of).assessment_id
    twins = find_same_content(session, who, assessment_id, [stored.sha256 for _row, stored in rows])
    return [
        UploadFacts(
            row.id, row.file_name, stored.format, stored.size, stored.sha256, Noticed.from_json(stored.facts), row.at,
            tuple(twins.get(stored.sha256, ())), _ticks(row), row.note,
        )
        for row, stored in rows
        if row.id is not None
    ]  # fmt: skip


def _ticks(row: Upload) -> tuple[SlotKey, ...] | None:
    return None if row.ticks is None else tuple(SlotKey(*key) for key in row.ticks)  # type: ignore[arg-type]


def count_waiting_uploads(session: Session, account_id: int, assessment_id: int) -> dict[str, int]:
    """Item code → how many files of this account came for it and were not handed in, in the plan's order."""
    statement = select(Item.code, func.count()).join(Upload, col(Upload.item_id) == Item.id)
    statement = statement.where(Upload.account_id == account_id, col(Upload.evidence_id).is_(None))
    counted = dict(session.exec(statement.where(Item.assessment_id == assessment_id).group_by(Item.code)).all())
    order = [item.code for item in get_history(session, assessment_id).now.items]
    return {code: counted[code] for code in [*order, *sorted(counted.keys() - set(order))] if code in counted}
