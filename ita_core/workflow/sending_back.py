"""The commander sends a complete item back to its supervisors; they return pieces of it, or say that it stands."""

from datetime import datetime

from sqlmodel import Session, col, select

from ita_core import access, audit, queries
from ita_core.errors import NotComplete, NotFound, NotYourItem, NotYours, OwnEvidence, ReasonMissing, Refused
from ita_core.language import N_
from ita_core.models import SendBack, SendBackAnswer
from ita_core.typed import LONGEST_NOTE, clean_text
from ita_core.workflow.asking import acting_on, assessment_of, check_unchanged, standing_of


class NotSentBack(Refused):
    says = N_("{item} does not wait for its supervisors: nothing of it was sent back, or it has changed since.")


class NobodySupervises(Refused):
    says = N_("Nobody supervises {item}: there is nobody to send it back to.")


def send_back(session: Session, *, by: int, item_id: int, fingerprint: str, reason: str, at: datetime) -> None:
    """Send a complete item back with a reason; `fingerprint` is that of the evidence the commander looked at.

    An approval of before counts no more. Once more for the same evidence, while that waits, changes nothing.

    Raises NotFound, YearClosed, NotYours, NotComplete, NobodySupervises, EvidenceChanged, ReasonMissing, BadText.
    """
    account, actor = acting_on(session, by, item_id)
    if not access.may_send_back(actor):
        raise NotYours
    standing = standing_of(session, item_id)
    item = standing.item
    if not standing.complete:
        raise NotComplete(item=item.code)
    if not item.supervisors:
        raise NobodySupervises(item=item.code)
    check_unchanged(standing, fingerprint)
    why = clean_text(reason, LONGEST_NOTE)
    if not why:
        raise ReasonMissing(N_("Say why you send it back, so that its supervisors know what to look at."))
    if standing.sent_back:
        return
    session.add(SendBack(item_id=item_id, account_id=by, fingerprint=fingerprint, reason=why, at=at))
    audit.record(
        session, actor=account, action="item.send_back", subject=f"item {item.code}", at=at,
        touches=assessment_of(session, item_id), fingerprint=fingerprint, reason=why,
    )  # fmt: skip


def answer_that_it_stands(session: Session, *, by: int, send_back_id: int, note: str, at: datetime) -> None:
    """A supervisor has looked again at what was sent back, and says why it stands: it waits for the commander again.

    The same account's answer once more, a second click, changes nothing. Raises NotFound, YearClosed, NotYourItem,
    OwnEvidence, NotSentBack, ReasonMissing, BadText.
    """
    sent = session.get(SendBack, send_back_id)
    if sent is None:
        raise NotFound
    item_id = sent.item_id
    account, actor = acting_on(session, by, item_id)
    standing = standing_of(session, item_id)
    item = standing.item
    if not access.may_answer_send_back(actor, item.supervisors, ()):
        raise NotYourItem(item=item.code)
    if not access.may_answer_send_back(actor, item.supervisors, queries.list_senders(session, standing.accepted_ids)):
        raise OwnEvidence
    answered = session.exec(select(SendBackAnswer).where(SendBackAnswer.send_back_id == send_back_id)).first()
    if answered and answered.account_id == by:
        return
    of_item = select(SendBack.id).where(SendBack.item_id == item_id).order_by(col(SendBack.id).desc())
    if not standing.sent_back or session.exec(of_item).first() != send_back_id:
        raise NotSentBack(item=item.code)
    said = clean_text(note, LONGEST_NOTE)
    if not said:
        raise ReasonMissing(N_("Say why it stands as it is, so that the commander can decide."))
    session.add(SendBackAnswer(send_back_id=send_back_id, account_id=by, note=said, at=at))
    audit.record(
        session, actor=account, action="item.stands", subject=f"item {item.code}", at=at,
        touches=assessment_of(session, item_id), note=said,
    )  # fmt: skip
