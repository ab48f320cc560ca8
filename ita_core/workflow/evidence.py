"""Handing in evidence and taking it back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, select

from ita_core import access, audit, queries
from ita_core.board.progress import ItemFacts, SlotKey
from ita_core.errors import (
    NilNotAllowed,
    NoSlot,
    NotFound,
    NotYours,
)
from ita_core.evidence.objects import File
from ita_core.models import (
    Evidence,
    EvidenceKind,
    EvidenceSlot,
    Upload,
    Withdrawal,
)
from ita_core.typed import LONGEST_NOTE, clean_address, clean_file_name, clean_text
from ita_core.workflow.asking import (
    acting_on,
    check_format,
    check_undecided,
    demand_of,
    get_item,
    handed_in,
    new_id,
    not_yours,
)
from ita_core.workflow.uploads import file_of, get_upload, know_file


@dataclass(frozen=True, slots=True)
class Link:
    """A page of the web."""

    url: str


@dataclass(frozen=True, slots=True)
class Nil:
    """A statement that there is nothing to report."""


@dataclass(frozen=True, slots=True)
class Received:
    """A file that was received before: the upload's id."""

    upload_id: int


Content = File | Received | Link | Nil


def submit(
    session: Session,
    *,
    by: int,
    item_id: int,
    slots: Sequence[SlotKey],
    content: Content,
    note: str = "",
    at: datetime,
    request_key: str | None = None,
) -> int:
    """Hand in one evidence for one or more slots of an item; gives the evidence's id.

    The same `request_key` or received file again gives the id of the record that it made before: a hand-in repeated
    after a lost connection makes no second record.

    Raises NotYourItem, NotFound, NoSlot, UnknownSlot, WrongFormat, NilNotAllowed, BadAddress, BadText.
    """
    account, actor = acting_on(session, by, item_id)
    upload = _upload_for(session, by, item_id, content)
    if (before := _made_before(session, by, upload, request_key)) is not None:
        return before
    part = get_item(session, item_id)
    item = part.items[0]
    people = part.plan.people_of[item.id]
    if not access.may_hand_in(actor, people):
        raise not_yours(actor, item.code, people)
    given = file_of(session, upload) if upload else content
    chosen = list(dict.fromkeys(slots))
    _check_slots(item, chosen, given)
    evidence = Evidence(
        item_id=item_id, account_id=by, at=at, request_key=request_key, note=clean_text(note, LONGEST_NOTE),
        **_columns_of(given),
    )  # fmt: skip
    made = _add(session, evidence, chosen, given, upload)
    audit.record(
        session, actor=account, action="evidence.submit", subject=f"evidence {made}", at=at,
        touches=part.assessment.id, item=item.code, kind=evidence.kind.value, sha256=evidence.sha256,
        file_name=evidence.file_name, url=evidence.url, note=evidence.note, slots=[list(key) for key in chosen],
    )  # fmt: skip
    return made


def _upload_for(session: Session, by: int, item_id: int, content: Content) -> Upload | None:
    """The upload that is to be handed in, None for what comes in any other way.

    Raises NotFound where it is another's or another item's.
    """
    if not isinstance(content, Received):
        return None
    upload = get_upload(session, by, content.upload_id)
    if upload.item_id != item_id:
        raise NotFound
    return upload


def _made_before(session: Session, by: int, upload: Upload | None, request_key: str | None) -> int | None:
    """The evidence that this very hand-in made when it came the first time, None at its first time.

    Raises NotFound for another's key.
    """
    if upload is not None and upload.evidence_id is not None:
        return upload.evidence_id
    if not request_key:
        return None
    done = session.exec(select(Evidence).where(Evidence.request_key == request_key)).first()
    if done is not None and done.account_id != by:
        raise NotFound
    return done.id if done else None


def _columns_of(given: Content) -> dict[str, Any]:
    """What an evidence's row says of its content. Raises BadText, BadAddress."""
    match given:
        case File():
            return {
                "kind": EvidenceKind.file,
                "sha256": given.sha256,
                "file_name": clean_file_name(given.name),
            }
        case Link():
            return {"kind": EvidenceKind.link, "url": clean_address(given.url)}
        case _:
            return {"kind": EvidenceKind.nil}


def _add(session: Session, evidence: Evidence, chosen: Sequence[SlotKey], given: Content, upload: Upload | None) -> int:
    """Write the evidence with its slots, and to its upload what became of it; gives the evidence's id."""
    if isinstance(given, File):
        know_file(session, given)
    session.add(evidence)
    session.flush()
    made = new_id(evidence.id)
    if upload is not None:
        upload.evidence_id = made
        session.add(upload)
    session.add_all(EvidenceSlot(evidence_id=made, **key._asdict()) for key in chosen)
    return made


def withdraw(session: Session, *, by: int, evidence_id: int, at: datetime) -> None:
    """Take back one's own evidence while nobody has decided on it.

    Raises NotFound, NotYours, AlreadyReviewed, AlreadyWithdrawn.
    """
    found = handed_in(session, by, evidence_id)
    if not access.may_withdraw(found.actor, found.people, found.evidence.account_id):
        raise NotYours
    check_undecided(session, found, queries.get_decided(session, evidence_id))
    session.add(Withdrawal(evidence_id=evidence_id, account_id=by, at=at))
    audit.record(
        session, actor=found.account, action="evidence.withdraw", subject=f"evidence {evidence_id}", at=at,
        touches=found.item.assessment_id, item=found.item.code,
    )  # fmt: skip


def _check_slots(item: ItemFacts, chosen: Sequence[SlotKey], content: Content) -> None:
    if not chosen:
        raise NoSlot
    for key in chosen:
        demand = demand_of(item, key)
        if isinstance(content, Nil) and not demand.nil_allowed:
            raise NilNotAllowed(requirement=demand.title)
        if isinstance(content, File):
            check_format(content, key, demand)
