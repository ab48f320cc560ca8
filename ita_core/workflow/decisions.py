"""What supervisors, the commander and the keeper of ITAP decide: review, approve, publish, file."""

from datetime import datetime
from typing import Any, TypeVar

from sqlmodel import Session, select
from sqlmodel.sql.expression import SelectOfScalar

from ita_core import access, audit, queries
from ita_core.board.progress import ItemStanding, Stage
from ita_core.errors import (
    NotApproved,
    NotComplete,
    NotYourItem,
    NotYours,
    OwnEvidence,
    ReasonMissing,
    Refused,
)
from ita_core.language import N_
from ita_core.models import (
    Approval,
    Decision,
    Filing,
    Publication,
    Review,
)
from ita_core.typed import LONGEST_NOTE, clean_address, clean_text
from ita_core.workflow.asking import acting_on, assessment_of, check_undecided, get_item, handed_in

T = TypeVar("T", Publication, Filing)


class EvidenceChanged(Refused):
    says = N_("{item} has changed since you looked at it. Look at it again before you approve.")


def review(session: Session, *, by: int, evidence_id: int, decision: Decision, reason: str = "", at: datetime) -> None:
    """Accept an evidence, or return it with a reason. Of two decisions at once one wins, the other is told of it.

    Raises NotFound, NotYours, OwnEvidence, AlreadyReviewed, AlreadyWithdrawn, ReasonMissing, BadText.
    """
    found = handed_in(session, by, evidence_id)
    if found.evidence.account_id == by:
        raise OwnEvidence
    if not access.may_review(found.actor, found.people, found.evidence.account_id):
        raise NotYourItem(item=found.item.code)
    why = clean_text(reason, LONGEST_NOTE)
    if decision is Decision.returned and not why:
        raise ReasonMissing
    done = session.exec(select(Review).where(Review.evidence_id == evidence_id)).first()
    if done and (done.account_id, done.decision) == (by, decision):
        return  # a second click on the same button
    check_undecided(session, evidence_id)
    session.add(Review(evidence_id=evidence_id, account_id=by, decision=decision, reason=why, at=at))
    audit.record(
        session, actor=found.account, action=f"evidence.{decision.value}", subject=f"evidence {evidence_id}", at=at,
        touches=found.item.assessment_id, item=found.item.code, reason=why,
    )  # fmt: skip


def approve(session: Session, *, by: int, item_id: int, fingerprint: str, at: datetime) -> None:
    """Approve a complete item; `fingerprint` is that of the evidence the commander looked at.

    Raises NotYours, NotFound, OwnEvidence, NotComplete, EvidenceChanged.
    """
    account, actor = acting_on(session, by, item_id)
    if not access.may_approve(actor, ()):
        raise NotYours
    standing = _standing(session, item_id)
    item = standing.item
    if not access.may_approve(actor, queries.list_senders(session, standing.accepted_ids)):
        raise OwnEvidence
    if standing.tally.accepted < standing.tally.slots or not standing.slots:
        raise NotComplete(item=item.code)
    if standing.fingerprint != fingerprint:
        raise EvidenceChanged(item=item.code)
    if standing.stage is not Stage.complete:
        return  # approved as it stands; nothing to add
    session.add(Approval(item_id=item_id, account_id=by, fingerprint=fingerprint, at=at))
    audit.record(
        session, actor=account, action="item.approve", subject=f"item {item.code}", at=at,
        touches=assessment_of(session, item_id), fingerprint=fingerprint,
    )  # fmt: skip


def publish(session: Session, *, by: int, item_id: int, url: str, at: datetime) -> None:
    """Record the address on the office's website where an approved item can be seen, or correct it by a later record.

    One that was filed is to be filed anew with a corrected address; the same address once more changes nothing.

    Raises NotYours, NotFound, NotApproved, BadAddress.
    """
    account, actor = acting_on(session, by, item_id)
    if not access.may_publish(actor):
        raise NotYours
    standing = _standing(session, item_id)
    item = standing.item
    if standing.stage not in {Stage.approved, Stage.published, Stage.filed}:
        raise NotApproved(item=item.code)
    address = clean_address(url)
    before = session.exec(_last(Publication, item_id)).first()
    if standing.stage is not Stage.approved and before and before.url == address:
        return  # a second click, or nothing corrected: what was filed stays filed
    session.add(Publication(item_id=item_id, account_id=by, url=address, at=at))
    audit.record(
        session, actor=account, action="item.publish", subject=f"item {item.code}", at=at,
        touches=assessment_of(session, item_id), url=address,
    )  # fmt: skip


def record_filing(
    session: Session, *, by: int, item_id: int, answer: bool, url: str, explanation: str = "", at: datetime
) -> None:
    """Record the answer, link and explanation of a published item as entered in ITAP, or correct it by a later record.

    Raises NotYours, NotFound, NotApproved, BadAddress, BadText.
    """
    account, actor = acting_on(session, by, item_id)
    if not access.may_publish(actor):
        raise NotYours
    standing = _standing(session, item_id)
    item = standing.item
    if standing.stage not in {Stage.published, Stage.filed}:
        raise NotApproved(N_("{item} has not been published yet."), item=item.code)
    address, text = clean_address(url), clean_text(explanation, LONGEST_NOTE)
    before = session.exec(_last(Filing, item_id)).first()
    said = (answer, address, text)
    if standing.stage is Stage.filed and before and (before.answer, before.url, before.explanation) == said:
        return
    session.add(Filing(item_id=item_id, account_id=by, answer=answer, url=address, explanation=text, at=at))
    audit.record(
        session, actor=account, action="item.file", subject=f"item {item.code}", at=at,
        touches=assessment_of(session, item_id), answer=answer, url=address, explanation=text,
    )  # fmt: skip


def _last(table: type[T], item_id: int) -> SelectOfScalar[T]:
    """The newest record of an item."""
    columns: Any = table
    return select(table).where(columns.item_id == item_id).order_by(columns.at.desc(), columns.id.desc()).limit(1)


def _standing(session: Session, item_id: int) -> ItemStanding:
    """How the item stands now."""
    part = get_item(session, item_id)
    return part.board(part.assessment.ends).items[0]
