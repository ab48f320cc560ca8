"""Who decided takes it back at once, as a record of its own: nothing is erased."""

from datetime import datetime

from sqlmodel import Session, select

from ita_core import access, audit, queries
from ita_core.board.undoing import MINUTES, Stays, approval_stays, review_stays
from ita_core.errors import NotFound, NotYours, Refused
from ita_core.language import N_
from ita_core.models import Approval, Review, Undoing
from ita_core.workflow.asking import acting_on, assessment_of, get_item, handed_in, slots_of


class TooLateToUndo(Refused):
    says = N_("A decision can be undone within {minutes} minutes. They are over.")


class ActedOn(Refused):
    says = N_("Somebody has acted on this decision already, so it stays as it is.")


def undo_review(session: Session, *, by: int, review_id: int, at: datetime) -> None:
    """Take back one's own decision on an evidence: what was decided before it holds again, if anything was.

    A second click on the same button changes nothing.

    Raises NotFound, YearClosed, NotYours, TooLateToUndo, ActedOn.
    """
    review = session.get(Review, review_id)
    if review is None:
        raise NotFound
    evidence_id = review.evidence_id
    found = handed_in(session, by, evidence_id)
    if not access.may_undo_review(found.actor, found.people, found.evidence.account_id, review.account_id):
        raise NotYours
    if session.exec(select(Undoing).where(Undoing.review_id == review_id)).first():
        return
    held = queries.get_decided(session, evidence_id)
    if held is None or held.id != review_id:
        raise ActedOn  # it was decided anew
    records = get_item(session, found.evidence.item_id).records
    _check(review_stays(slots_of(session, evidence_id), review.at, records, at))
    session.add(Undoing(review_id=review_id, account_id=by, at=at))
    audit.record(
        session, actor=found.account, action="evidence.undo", subject=f"evidence {evidence_id}", at=at,
        touches=found.item.assessment_id, item=found.item.code, decision=review.decision.value, round=review.round,
    )  # fmt: skip


def undo_approval(session: Session, *, by: int, approval_id: int, at: datetime) -> None:
    """Take back one's own approval of an item. A second click on the same button changes nothing.

    Raises NotFound, YearClosed, NotYours, TooLateToUndo, ActedOn.
    """
    given = session.get(Approval, approval_id)
    if given is None:
        raise NotFound
    account, actor = acting_on(session, by, given.item_id)
    if not access.may_undo_approval(actor, given.account_id):
        raise NotYours
    if session.exec(select(Undoing).where(Undoing.approval_id == approval_id)).first():
        return
    part = get_item(session, given.item_id)
    _check(approval_stays(given.at, part.records, at))
    session.add(Undoing(approval_id=approval_id, account_id=by, at=at))
    audit.record(
        session, actor=account, action="item.undo", subject=f"item {part.items[0].code}", at=at,
        touches=assessment_of(session, given.item_id),
    )  # fmt: skip


def _check(stays: Stays | None) -> None:
    """Raises TooLateToUndo, ActedOn."""
    if stays is Stays.too_late:
        raise TooLateToUndo(minutes=MINUTES)
    if stays is Stays.acted_on:
        raise ActedOn
