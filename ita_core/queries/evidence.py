"""Evidence: one item's with its history, one piece, what waits for a decision."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from heapq import nlargest
from typing import Any

from sqlmodel import Session, col, select

from ita_core import access
from ita_core.access import Actor, ItemPeople
from ita_core.board import progress
from ita_core.board.progress import HandIn, ItemFacts, SlotKey
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
    SendBack,
    SendBackAnswer,
    StoredFile,
    Undoing,
    Withdrawal,
)
from ita_core.queries.actors import get_actor_on, get_item_people, item_people_by_id
from ita_core.queries.assessments import AssessmentFacts
from ita_core.queries.framework import IndicatorFacts, list_indicators
from ita_core.queries.kept import current_snapshot
from ita_core.queries.lineage import is_example
from ita_core.queries.rounds import Decided, key_of, rounds_of, standing, undecided
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
    noticed: Noticed
    rounds: tuple[Decided, ...] = ()  # every decision in its order, those that were undone too

    @property
    def held(self) -> Decided | None:
        """The decision that holds."""
        return standing(self.rounds)

    @property
    def reviewed_at(self) -> datetime | None:
        return self.held.round.at if self.held else None

    @property
    def reviewed_by(self) -> str:
        return self.held.by if self.held else ""

    @property
    def decision(self) -> Decision | None:
        return self.held.round.decision if self.held else None

    @property
    def reason(self) -> str:
        return self.held.reason if self.held else ""

    @property
    def returned(self) -> tuple[SlotKey, ...]:
        """The slots that came back although the evidence was accepted."""
        return self.held.round.returned if self.held else ()

    @property
    def undecided(self) -> bool:
        """Whether it waits for a decision: none was made, and it was not taken back."""
        return self.held is None and self.withdrawn_at is None

    def decision_on(self, key: SlotKey) -> Decision | None:
        """What was decided of one of its slots."""
        return self.held.round.decision_on(key) if self.held else None

    def as_of(self, before: datetime | None) -> "EvidenceFacts":
        """The same as it stood just before a moment, None for now."""
        withdrawn = self.withdrawn_at if happened(self.withdrawn_at, before) else None
        known = tuple(one.as_of(before) for one in self.rounds if happened(one.round.at, before))
        return replace(self, withdrawn_at=withdrawn, rounds=known)


@dataclass(frozen=True, slots=True)
class Event:
    """One line of an item's history."""

    at: datetime
    what: str  # a key of `words.EVENTS`
    by: str
    evidence: EvidenceFacts | None = None
    text: str = ""
    explanation: str = ""  # of a filing
    id: int = 0  # of what was decided on the item, or of what was undone or answered
    account_id: int = 0  # who decided on the item
    corrects: bool = False  # what was published or filed before it, since the approval or publication that it is for


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
    approved: Event | None  # the last time that was not undone, whether it holds or has lapsed
    published: Event | None  # the last time, None where it was taken off the website since
    filed: Event | None
    sent_back: Event | None  # the last time, whether it holds or was answered
    stands: Event | None  # the last answer to that


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
    moments = [(at, one.id) for one in known.hand_ins for at in _moments(one, before)]
    wanted = {one.id for one in latest} | {of for _at, of in nlargest(newest or len(moments), moments)}
    where = col(Evidence.id).in_(wanted) if newest else Evidence.item_id == item.id
    evidence = {one.id: one.as_of(before) for one in select_evidence(session, where) if one.id in wanted}
    history = [event for one in evidence.values() for event in _events_of(one)]
    of_item = _told_apart(event for event in _item_events(session, item.id) if happened(event.at, before))
    undone = {event.id for event in of_item if event.what == "approval_undone"}
    last = {event.what: event for event in of_item if event.what != "approved" or event.id not in undone}
    if [event.what for event in of_item if event.what in {"published", "unpublished"}][-1:] == ["unpublished"]:
        last.pop("published", None)  # its last address was taken off the website since
    history += of_item
    history.sort(key=lambda event: event.at, reverse=True)
    indicator = next((one for one in list_indicators(session, assessment.id) if one.number == item.indicator), None)
    return ItemDetail(
        part, item, people, indicator,
        tuple(evidence[one.id] for one in latest), len(known.hand_ins),
        tuple(history[:newest]), len(moments) + len(of_item), last.get("approved"), last.get("published"),
        last.get("filed"), last.get("sent_back"), last.get("stands"),
    )  # fmt: skip


def _moments(one: HandIn, before: datetime | None) -> list[datetime]:
    """When something happened to a piece of evidence."""
    rounds = [at for round_ in one.rounds for at in (round_.at, round_.undone_at)]
    decided = rounds if one.rounds else [one.reviewed_at]
    return [at for at in (one.at, one.withdrawn_at, *decided) if at is not None and happened(at, before)]


def _item_events(session: Session, item_id: int) -> list[Event]:
    """What was decided on an item, each in the order of its moments."""
    tables: list[tuple[Any, str]] = [
        (Approval, "approved"), (SendBack, "sent_back"), (Publication, "published"), (Filing, "filed"),
    ]  # fmt: skip
    found = []
    for table, what in tables:
        statement = select(table, Account.name).join(Account, col(Account.id) == table.account_id)
        for done, by in session.exec(statement.where(table.item_id == item_id).order_by(table.at, table.id)):
            text, said = getattr(done, "url", "") or getattr(done, "reason", ""), getattr(done, "explanation", "")
            now = "unpublished" if what == "published" and not text else what
            found.append(Event(done.at, now, by, text=text, explanation=said, id=done.id, account_id=done.account_id))
    done_so_far = {one.what for one in found}
    if "approved" in done_so_far:
        undone = wide_select(Undoing.at, Account.name, Approval.id).join(Account, col(Account.id) == Undoing.account_id)
        undone = undone.join(Approval, col(Approval.id) == Undoing.approval_id).where(Approval.item_id == item_id)
        undone = undone.order_by(col(Undoing.at))
        found += [Event(at, "approval_undone", by, id=of) for at, by, of in session.execute(undone)]
    if "sent_back" in done_so_far:
        answers = wide_select(SendBackAnswer.at, Account.name, SendBackAnswer.note, SendBack.id)
        answers = answers.join(Account, col(Account.id) == SendBackAnswer.account_id)
        answers = answers.join(SendBack, col(SendBack.id) == SendBackAnswer.send_back_id)
        answers = answers.where(SendBack.item_id == item_id).order_by(col(SendBackAnswer.at))
        found += [Event(at, "stands", by, text=note, id=of) for at, by, note, of in session.execute(answers)]
    return found


_TO_DO_ANEW = {
    "approved": {"published", "filed"}, "unpublished": {"published", "filed"}, "published": {"filed"},
}  # fmt: skip


def _told_apart(events: Iterable[Event]) -> list[Event]:
    """The events of an item by their moments; a second publication or filing of the same is told as a correction."""
    found, done = [], set[str]()
    for event in sorted(events, key=lambda event: event.at):
        found.append(replace(event, corrects=event.what in done))
        # Approved anew or taken off the website, it is to be published anew; published anew, to be filed anew.
        done -= _TO_DO_ANEW.get(event.what, set())
        done |= {event.what} - {"approved"}
    return found


def list_senders(session: Session, evidence_ids: Iterable[int]) -> set[int]:
    """The ids of the accounts that handed these in."""
    return set(session.exec(select(Evidence.account_id).where(col(Evidence.id).in_(set(evidence_ids)))))


def _events_of(evidence: EvidenceFacts) -> list[Event]:
    events = [Event(evidence.at, "handed_in", evidence.by, evidence, evidence.note)]
    if evidence.withdrawn_at:
        events.append(Event(evidence.withdrawn_at, "withdrawn", evidence.by, evidence))
    for decided in evidence.rounds:
        now = decided.round
        what = "partly_returned" if now.returned else now.decision.value
        events.append(Event(now.at, what, decided.by, evidence, decided.reason))
        if now.undone_at is not None:
            what = "acceptance_undone" if now.decision is Decision.accepted else "return_undone"
            events.append(Event(now.undone_at, what, decided.by, evidence))
    return events


def select_evidence(session: Session, *where: Any) -> list[EvidenceFacts]:
    """Evidence by a condition, oldest first; four statements however many there are."""
    statement = (
        wide_select(Evidence, Item.code, Account.name, StoredFile, Withdrawal.at)
        .join(Item, col(Item.id) == Evidence.item_id)
        .join(Account, col(Account.id) == Evidence.account_id)
        .outerjoin(StoredFile, col(StoredFile.sha256) == Evidence.sha256)
        .outerjoin(Withdrawal, col(Withdrawal.evidence_id) == Evidence.id)
        .where(*where)
        .order_by(col(Evidence.at), col(Evidence.id))
    )
    rows = session.execute(statement).all()
    slots: dict[int, list[SlotKey]] = {}
    covered = select(EvidenceSlot).join(Evidence, col(Evidence.id) == EvidenceSlot.evidence_id)
    covered = covered.join(Item, col(Item.id) == Evidence.item_id)
    covered = covered.outerjoin(Withdrawal, col(Withdrawal.evidence_id) == Evidence.id)
    for slot in session.exec(covered.where(*where).order_by(col(EvidenceSlot.id))):
        slots.setdefault(slot.evidence_id, []).append(key_of(slot))
    decided = rounds_of(session, *where)
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
            rounds=tuple(decided.get(row.id, ())),
            noticed=Noticed.from_json(stored.facts if stored else {}),
        )
        for row, code, by, stored, withdrawn in rows
    ]


def list_accepted(session: Session, evidence_ids: Collection[int]) -> dict[int, EvidenceFacts]:
    """These by their ids: of a board that holds only what its reader may see (`Snapshot.visible_to`)."""
    return {one.id: one for one in select_evidence(session, col(Evidence.id).in_(evidence_ids))}


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
        found |= {other.id for other in [other for other in same if other.decision_on(key) is Decision.accepted][:1]}
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


def list_returns(
    session: Session, evidence_ids: Sequence[int], *, before: datetime | None = None
) -> dict[int, tuple[str, str]]:
    """Evidence id → (who returned it, why) just before a moment (None: now), also where some slots were accepted."""
    found = {}
    for evidence, decided in rounds_of(session, col(Evidence.id).in_(evidence_ids)).items():
        held = standing([one.as_of(before) for one in decided if happened(one.round.at, before)])
        if held and held.round.came_back:
            found[evidence] = (held.by, held.reason)
    return found


def list_review_queue(session: Session, who: Actor, assessment_id: int) -> list[EvidenceFacts]:
    """What waits for the actor's decision, oldest first."""
    persons = item_people_by_id(session, assessment_id)
    waiting = select_evidence(session, Item.assessment_id == assessment_id, undecided(), col(Withdrawal.id).is_(None))
    return [one for one in waiting if access.may_review(who, persons[one.item_id], one.account_id)]


def list_decided_lately(session: Session, who: Actor, assessment_id: int, *, since: datetime) -> list[EvidenceFacts]:
    """What the actor decided since a moment and may undo as far as rights go, the newest decision first."""
    own = select(Review.id, Review.evidence_id).where(Review.account_id == who.account_id, col(Review.at) >= since)
    mine = dict(session.exec(own).all())
    if not mine:
        return []
    persons = item_people_by_id(session, assessment_id)
    found = [
        (one.held.round.at, one.held.id, one)
        for one in select_evidence(session, Item.assessment_id == assessment_id, col(Evidence.id).in_(mine.values()))
        if one.held
        and one.held.id in mine
        and access.may_undo_review(who, persons[one.item_id], one.account_id, who.account_id)
    ]
    return [one for _at, _id, one in sorted(found, key=lambda one: one[:2], reverse=True)]
