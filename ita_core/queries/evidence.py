"""Evidence: one item's with its history, one piece, what waits for a decision."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from heapq import nlargest
from typing import Any

from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from ita_core import access
from ita_core.access import Actor, ItemPeople
from ita_core.board import progress
from ita_core.board.progress import ItemFacts, SlotKey
from ita_core.days import happened
from ita_core.errors import NotFound
from ita_core.evidence.noticed import Noticed
from ita_core.models import (
    Account,
    Approval,
    Decision,
    Evidence,
    EvidenceKind,
    EvidenceSlot,
    Filing,
    Item,
    Publication,
    Review,
    StoredFile,
    Withdrawal,
)
from ita_core.queries.actors import get_actor_on, get_item_people, item_people_by_id
from ita_core.queries.assessments import AssessmentFacts
from ita_core.queries.framework import IndicatorFacts, list_indicators
from ita_core.queries.kept import current_snapshot
from ita_core.queries.lineage import is_example
from ita_core.queries.snapshots import Snapshot
from ita_core.queries.wide import wide_select


@dataclass(frozen=True, slots=True)
class EvidenceFacts:
    """One evidence with who and what, for the page and the review."""

    id: int
    item_id: int
    item_code: str
    kind: EvidenceKind
    file_name: str
    format: str
    media_type: str
    size: int
    sha256: str
    url: str
    note: str
    account_id: int
    by: str
    at: datetime
    slots: tuple[SlotKey, ...]
    withdrawn_at: datetime | None
    reviewed_at: datetime | None
    reviewed_by: str
    decision: Decision | None
    reason: str
    noticed: Noticed

    @property
    def undecided(self) -> bool:
        """Whether it waits for a decision: none was made, and it was not taken back."""
        return self.decision is None and self.withdrawn_at is None

    def as_of(self, before: datetime | None) -> "EvidenceFacts":
        """The same as it stood just before a moment, None for now."""
        one = self
        if not happened(one.withdrawn_at, before):
            one = replace(one, withdrawn_at=None)
        if not happened(one.reviewed_at, before):
            one = replace(one, reviewed_at=None, reviewed_by="", decision=None, reason="")
        return one


@dataclass(frozen=True, slots=True)
class Event:
    """One line of an item's history."""

    at: datetime
    what: str  # handed_in, withdrawn, accepted, returned, approved, published, filed
    by: str
    evidence: EvidenceFacts | None = None
    text: str = ""
    explanation: str = ""  # of a filing


@dataclass(frozen=True)
class ItemDetail:
    """An item with everything its page shows."""

    snapshot: Snapshot
    item: ItemFacts
    people: ItemPeople  # who has a duty on it now, whatever day is looked at
    indicator: IndicatorFacts | None
    evidence: tuple[EvidenceFacts, ...]  # newest first, as many as were asked for
    evidence_count: int  # of all there is
    history: tuple[Event, ...]  # newest first, as many as were asked for
    history_count: int
    approved: Event | None  # the last time, whether it holds or has lapsed
    published: Event | None
    filed: Event | None


def get_item_detail(
    session: Session,
    who: Actor,
    assessment: AssessmentFacts,
    code: str,
    *,
    day: date | None = None,
    newest: int | None = None,
) -> ItemDetail:
    """Everything about one item; with a day, its plan, evidence and history as they stood at the end of it.

    `newest` is how many pieces of evidence and entries of the history are wanted at most; only those are read, for an
    item has hundreds after a year of corrections.
    Raises NotFound where there is no such item, or it is not the actor's to read.
    """
    day = day or assessment.ends
    before = progress.until(day, assessment.ends)
    part = current_snapshot(session, assessment).on(day).of_item(code)
    item = part.items[0]
    people = part.history.people_of[item.id]
    if not access.may_read(who, people):
        raise NotFound
    known = progress.as_of(part.records, before)
    latest = nlargest(newest or len(known.hand_ins), known.hand_ins, key=lambda one: (one.at, one.id))
    moments = [
        (at, one.id) for one in known.hand_ins for at in (one.at, one.withdrawn_at, one.reviewed_at) if at is not None
    ]
    of_item = [event.at for events in (known.approvals, known.publications, known.filings) for event in events]
    wanted = {one.id for one in latest} | {of for _at, of in nlargest(newest or len(moments), moments)}
    where = col(Evidence.id).in_(wanted) if newest else Evidence.item_id == item.id
    evidence = {one.id: one.as_of(before) for one in select_evidence(session, where) if one.id in wanted}
    history = [event for one in evidence.values() for event in _events_of(one)]
    decided = [event for event in _item_events(session, item.id) if happened(event.at, before)]
    last = {event.what: event for event in decided}
    history += decided
    history.sort(key=lambda event: event.at, reverse=True)
    indicator = next((one for one in list_indicators(session, assessment.id) if one.number == item.indicator), None)
    return ItemDetail(
        part, item, people, indicator,
        tuple(evidence[one.id] for one in latest), len(known.hand_ins),
        tuple(history[:newest]), len(moments) + len(of_item), last.get("approved"), last.get("published"),
        last.get("filed"),
    )  # fmt: skip


def _item_events(session: Session, item_id: int) -> list[Event]:
    """Approvals, publications and filings of an item, each in the order of their moments."""
    tables: list[tuple[Any, str]] = [(Approval, "approved"), (Publication, "published"), (Filing, "filed")]
    found = []
    for table, what in tables:
        statement = select(table, Account.name).join(Account, col(Account.id) == table.account_id)
        for done, by in session.exec(statement.where(table.item_id == item_id).order_by(table.at, table.id)):
            said = getattr(done, "explanation", "")
            found.append(Event(done.at, what, by, text=getattr(done, "url", ""), explanation=said))
    return found


def list_senders(session: Session, evidence_ids: Iterable[int]) -> set[int]:
    """The ids of the accounts that handed these in."""
    return set(session.exec(select(Evidence.account_id).where(col(Evidence.id).in_(set(evidence_ids)))))


def _events_of(evidence: EvidenceFacts) -> list[Event]:
    events = [Event(evidence.at, "handed_in", evidence.by, evidence, evidence.note)]
    if evidence.withdrawn_at:
        events.append(Event(evidence.withdrawn_at, "withdrawn", evidence.by, evidence))
    if evidence.reviewed_at and evidence.decision:
        events.append(
            Event(evidence.reviewed_at, evidence.decision.value, evidence.reviewed_by, evidence, evidence.reason)
        )
    return events


def select_evidence(session: Session, *where: Any) -> list[EvidenceFacts]:
    """Evidence by a condition, oldest first; two statements however many there are."""
    reviewer = aliased(Account)
    statement = (
        wide_select(Evidence, Item.code, Account.name, StoredFile, Withdrawal.at, Review, reviewer.name)
        .join(Item, col(Item.id) == Evidence.item_id)
        .join(Account, col(Account.id) == Evidence.account_id)
        .outerjoin(StoredFile, col(StoredFile.sha256) == Evidence.sha256)
        .outerjoin(Withdrawal, col(Withdrawal.evidence_id) == Evidence.id)
        .outerjoin(Review, col(Review.evidence_id) == Evidence.id)
        .outerjoin(reviewer, col(reviewer.id) == Review.account_id)
        .where(*where)
        .order_by(col(Evidence.at), col(Evidence.id))
    )
    rows = session.execute(statement).all()
    slots: dict[int, list[SlotKey]] = {}
    covered = select(EvidenceSlot).join(Evidence, col(Evidence.id) == EvidenceSlot.evidence_id)
    covered = covered.join(Item, col(Item.id) == Evidence.item_id)
    covered = covered.outerjoin(Withdrawal, col(Withdrawal.evidence_id) == Evidence.id)
    covered = covered.outerjoin(Review, col(Review.evidence_id) == Evidence.id)
    for slot in session.exec(covered.where(*where).order_by(col(EvidenceSlot.id))):
        slots.setdefault(slot.evidence_id, []).append(
            SlotKey(slot.requirement_id, slot.period, slot.format, slot.language, slot.ordinal)
        )
    return [
        EvidenceFacts(
            id=row.id,
            item_id=row.item_id,
            item_code=code,
            kind=row.kind,
            file_name=row.file_name,
            format=stored.format if stored else "",
            media_type=stored.media_type if stored else "",
            size=stored.size if stored else 0,
            sha256=row.sha256 or "",
            url=row.url,
            note=row.note,
            account_id=row.account_id,
            by=by,
            at=row.at,
            slots=tuple(slots.get(row.id, ())),
            withdrawn_at=withdrawn,
            reviewed_at=review.at if review else None,
            reviewed_by=reviewed_by or "",
            decision=review.decision if review else None,
            reason=review.reason if review else "",
            noticed=Noticed.from_json(stored.facts if stored else {}),
        )
        for row, code, by, stored, withdrawn, review, reviewed_by in rows
    ]


def get_evidence(session: Session, account_id: int, evidence_id: int) -> EvidenceFacts:
    """One evidence.

    Raises NotFound where there is none, or its item is not the account's to read, and it is no example for it either.
    """
    found = select_evidence(session, Evidence.id == evidence_id)
    if not found:
        raise NotFound
    who, people = get_actor_on(session, account_id, found[0].item_id), get_item_people(session, found[0].item_id)
    if not access.may_read(who, people) and not is_example(session, account_id, found[0].item_id, evidence_id):
        raise NotFound
    return found[0]


def find_same_content(
    session: Session, who: Actor, assessment_id: int, hashes: Sequence[str]
) -> dict[str, list[EvidenceFacts]]:
    """Hash → this year's evidence with that content, newest first, of the items that the actor may read.

    What was withdrawn is left out.
    """
    found: dict[str, list[EvidenceFacts]] = {}
    if not hashes:
        return found
    listed = select_evidence(
        session, Item.assessment_id == assessment_id, col(Evidence.sha256).in_(hashes), col(Withdrawal.id).is_(None)
    )
    persons = item_people_by_id(session, assessment_id)
    for one in reversed(listed):
        if access.may_read(who, persons[one.item_id]):
            found.setdefault(one.sha256, []).append(one)
    return found


def list_replaced(session: Session, who: Actor, one: EvidenceFacts) -> list[EvidenceFacts]:
    """What was handed in before for slots that this evidence covers, newest first; what was withdrawn is left out.

    Of each slot the newest piece, and the newest accepted one: what came back was to be mended, what was accepted
    counts until this is decided. Nothing, where the item is not the actor's to read.
    """
    if not one.slots or not access.may_read(who, get_item_people(session, one.item_id)):
        return []
    for_these = select(EvidenceSlot.evidence_id).where(
        col(EvidenceSlot.requirement_id).in_({key.requirement_id for key in one.slots})
    )
    before = select_evidence(
        session, Evidence.item_id == one.item_id, col(Evidence.id).in_(for_these), Evidence.id != one.id,
        col(Evidence.at) <= one.at, col(Withdrawal.id).is_(None),
    )  # fmt: skip
    before = [other for other in reversed(before) if (other.at, other.id) < (one.at, one.id)]
    found = set()
    for key in one.slots:
        same = [other for other in before if key in other.slots]
        found |= {other.id for other in same[:1]}
        found |= {other.id for other in [other for other in same if other.decision is Decision.accepted][:1]}
    return [other for other in before if other.id in found]


def is_others(session: Session, account_id: int, *, item_id: int = 0, evidence_id: int = 0) -> bool:
    """Whether the item or the evidence exists, but is not the account's to read."""
    of = item_id or session.exec(select(Evidence.item_id).where(Evidence.id == evidence_id)).first()
    if not of or session.get(Item, of) is None:
        return False
    try:
        return not access.may_read(get_actor_on(session, account_id, of), get_item_people(session, of))
    except NotFound:  # of another office
        return True


def list_evidence(session: Session, who: Actor | None, assessment_id: int) -> list[EvidenceFacts]:
    """Every evidence of the items that the actor may read, oldest first; None, the server itself, reads all."""
    listed = select_evidence(session, Item.assessment_id == assessment_id)
    if who is None:
        return listed
    persons = item_people_by_id(session, assessment_id)
    return [one for one in listed if access.may_read(who, persons[one.item_id])]


def list_returns(session: Session, evidence_ids: Sequence[int]) -> dict[int, tuple[str, str]]:
    """Evidence id → (who returned it, why)."""
    statement = select(Review, Account.name).join(Account, col(Account.id) == Review.account_id)
    found = session.exec(statement.where(col(Review.evidence_id).in_(evidence_ids)))
    return {row.evidence_id: (who, row.reason) for row, who in found if row.decision is Decision.returned}


def list_review_queue(session: Session, who: Actor, assessment_id: int) -> list[EvidenceFacts]:
    """What waits for the actor's decision, oldest first."""
    persons = item_people_by_id(session, assessment_id)
    waiting = select_evidence(
        session, Item.assessment_id == assessment_id, col(Review.id).is_(None), col(Withdrawal.id).is_(None)
    )
    return [one for one in waiting if access.may_review(who, persons[one.item_id], one.account_id)]
