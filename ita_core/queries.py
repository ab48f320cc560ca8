"""Reads: functions of a session that return plain values and never commit.

Rights are asked here (`access.may_read`): what an account may not read, it does not get, and is told the same as of
what does not exist. The number of statements of each function does not grow with the rows.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased, defer
from sqlmodel import Session, col, func, select

from ita_core import access, audit
from ita_core.access import Actor, ItemPeople
from ita_core.board import overview, progress
from ita_core.board.directives import DirectiveFacts, Happening
from ita_core.board.progress import HandIn, ItemEvent, ItemFacts, Records, RequirementFacts, SlotKey
from ita_core.board.timeline import StepFacts
from ita_core.errors import NotFound
from ita_core.evidence.facts import Facts
from ita_core.models import (
    Account,
    Approval,
    Assessment,
    Assignment,
    Attendance,
    AuditEntry,
    Decision,
    Directive,
    DirectiveEvent,
    Duty,
    DutyKind,
    Evidence,
    EvidenceKind,
    EvidenceSlot,
    Filing,
    Indicator,
    Instrument,
    Item,
    Level,
    Meeting,
    Membership,
    Party,
    PartyKind,
    Phase,
    Publication,
    Requirement,
    Review,
    Score,
    Step,
    StoredFile,
    Upload,
    Withdrawal,
)
from ita_core.thai import day_of, given_name, in_thai_order, rank_and_name, rank_height
from ita_core.typed import LONGEST_NAME, clean_text

DAYS_KEPT = 64  # boards of other days that one snapshot remembers

wide_select: Any = sa.select  # SQLModel's own is typed for four columns at most


@dataclass(frozen=True, slots=True)
class AssessmentFacts:
    id: int
    office: str
    office_short: str
    fiscal_year: int
    starts: date
    ends: date
    closes: date
    target: float
    website: str


@dataclass(frozen=True, slots=True)
class Person:
    """A party: an officer, a post or a team."""

    id: int
    key: str
    kind: PartyKind
    rank: str
    name: str
    title: str
    aliases: tuple[str, ...]
    confirm: bool
    members: tuple[int, ...] = ()

    @property
    def full(self) -> str:
        """With the rank: พ.ต.ท.ประโมทย์ พูลประเสริฐ."""
        return rank_and_name(self.rank, self.name)

    @property
    def short(self) -> str:
        """What colleagues say: the given name; a post's or a team's whole name."""
        return given_name(self.name) if self.kind is PartyKind.officer else self.name


@dataclass(frozen=True, slots=True)
class DutyFacts:
    party_id: int
    kind: DutyKind
    task: str


@dataclass(frozen=True, slots=True)
class IndicatorFacts:
    number: int
    title: str
    improve: str
    instrument: str


@dataclass(frozen=True, slots=True)
class InstrumentFacts:
    code: str
    title: str
    weight: float  # share of the total, 0–1


@dataclass(frozen=True)
class Snapshot:
    """Plan and records of one assessment as plain values: what `progress` works on."""

    assessment: AssessmentFacts
    items: tuple[ItemFacts, ...]
    records: Records
    people: dict[int, Person]
    duties: dict[int, tuple[DutyFacts, ...]]  # by item id, in the document's order

    @cached_property
    def officers(self) -> list[Person]:
        """Officers by rank, then in the plan's order."""
        return sorted(
            (person for person in self.people.values() if person.kind is PartyKind.officer),
            key=lambda person: rank_height(person.rank),
        )

    def named(self, item_id: int, kind: DutyKind) -> list[Person]:
        """The parties with this duty on an item, as the plan names them."""
        return [self.people[duty.party_id] for duty in self.duties.get(item_id, ()) if duty.kind is kind]

    def board(self, day: date, moment: datetime | None = None) -> progress.Board:
        """How everything stands on `day`, or at a moment of it; the same snapshot works it out once for each."""
        return self._seen(day, moment)[0]

    def figures(self, day: date, moment: datetime | None = None) -> overview.Figures:
        """The headline figures of that board."""
        return self._seen(day, moment)[1]

    def _seen(self, day: date, moment: datetime | None) -> tuple[progress.Board, overview.Figures]:
        if (day, moment) not in self._boards:
            if len(self._boards) >= DAYS_KEPT:
                self._boards.clear()
            board = progress.board(self.items, self.records, day=day, year_ends=self.assessment.ends, moment=moment)
            self._boards[day, moment] = board, overview.figures(board, self.records)
        return self._boards[day, moment]

    @cached_property
    def _boards(self) -> dict[tuple[date, datetime | None], tuple[progress.Board, overview.Figures]]:
        return {}

    @cached_property
    def _parts(self) -> dict[frozenset[int], "Snapshot"]:
        return {}

    def visible_to(self, actor: Actor) -> "Snapshot":
        """The same with only the items that the actor may read."""
        if access.sees_all(actor):
            return self
        items = tuple(item for item in self.items if access.may_read(actor, people_of(item)))
        kept = frozenset(item.id for item in items)
        if kept in self._parts:  # others with the same duties, and the same visitor's next look
            return self._parts[kept]

        def only(events: Sequence[ItemEvent]) -> list[ItemEvent]:
            return [event for event in events if event.item_id in kept]

        records = Records(
            [hand_in for hand_in in self.records.hand_ins if hand_in.item_id in kept],
            only(self.records.approvals),
            only(self.records.publications),
            only(self.records.filings),
        )
        part = self._parts[kept] = Snapshot(self.assessment, items, records, self.people, self.duties)
        return part


def acting_for(parties: Iterable[Person]) -> tuple[int, ...]:
    """The ids of the officers among the parties, and of those who act for posts and teams, each once."""
    found: dict[int, None] = {}
    for party in parties:
        found.update(dict.fromkeys([party.id] if party.kind is PartyKind.officer else party.members))
    return tuple(found)


def people_of(item: ItemFacts) -> ItemPeople:
    """Who has a duty on the item, as `access` asks for it."""
    return ItemPeople(item.preparers, item.supervisors)


def actor(session: Session, account_id: int) -> Actor:
    """Who an account is and what it may, as the database has it now.

    Raises NotFound for an account that is gone or disabled.
    """
    account = session.get(Account, account_id)
    if account is None or account.disabled:
        raise NotFound
    return Actor(account_id, account.role, account.party_id, account.keeps_itap)


# --- the plan and the records ----------------------------------------------------------------------------------------


def assessment(session: Session, name: str = "") -> AssessmentFacts:
    """The newest assessment, or the one called `name` ("prachuap 2568" or just its year or office code).

    Raises NotFound where there is none.
    """
    rows = session.exec(
        select(Assessment).order_by(col(Assessment.fiscal_year).desc(), col(Assessment.id).desc())
    ).all()
    for row in rows:
        known = {str(row.fiscal_year), row.office_code, f"{row.office_code}-{row.fiscal_year}", row.plan_code}
        if row.id is not None and (not name or name.replace(" ", "-") in known):
            return AssessmentFacts(
                row.id, row.office, row.office_short, row.fiscal_year, row.starts, row.ends, row.closes, row.target,
                row.website,
            )  # fmt: skip
    raise NotFound


def people(session: Session, assessment_id: int) -> dict[int, Person]:
    """Every party by id, in the plan's order."""
    members: dict[int, list[int]] = {}
    statement = select(Membership.group_id, Membership.officer_id).join(Party, col(Party.id) == Membership.group_id)
    for group_id, officer_id in session.exec(statement.where(Party.assessment_id == assessment_id)):
        members.setdefault(group_id, []).append(officer_id)
    rows = session.exec(select(Party).where(Party.assessment_id == assessment_id).order_by(col(Party.position))).all()
    return {
        row.id: Person(
            row.id, row.key, row.kind, row.rank, row.name, row.title, tuple(row.aliases),
            row.confirm and row.confirmed_at is None, tuple(members.get(row.id, ())),
        )
        for row in rows
        if row.id is not None
    }  # fmt: skip


def snapshot(session: Session, facts: AssessmentFacts, item_id: int | None = None) -> Snapshot:
    """The whole assessment, or the part of it that belongs to one item."""
    persons = people(session, facts.id)
    where: list[Any] = [Item.assessment_id == facts.id]
    if item_id is not None:
        where.append(Item.id == item_id)

    duties: dict[int, list[DutyFacts]] = {}
    on_items = select(Duty).join(Item, col(Item.id) == Duty.item_id).where(*where).order_by(col(Duty.position))
    for duty in session.exec(on_items):
        duties.setdefault(duty.item_id or 0, []).append(DutyFacts(duty.party_id, duty.kind, duty.task))

    def acting(of: int, kind: DutyKind) -> tuple[int, ...]:
        return acting_for(persons[duty.party_id] for duty in duties.get(of, ()) if duty.kind is kind)

    requirements: dict[int, list[RequirementFacts]] = {}
    statement = select(Requirement).join(Item, col(Item.id) == Requirement.item_id).where(*where)
    for row in session.exec(statement.order_by(col(Requirement.position))):
        requirements.setdefault(row.item_id, []).append(
            RequirementFacts(
                row.id or 0, row.key, row.title, row.cadence, tuple(row.periods), tuple(row.formats),
                tuple(row.languages), row.minimum, row.nil_allowed,
                _days(row.dues), row.note, _days(row.first_dues),
            )
        )  # fmt: skip
    numbers = select(Item, Indicator.number).outerjoin(Indicator, col(Indicator.id) == Item.indicator_id)
    items = tuple(
        ItemFacts(
            item.id, item.code, item.title, item.kind, item.cadence, tuple(requirements.get(item.id, ())), number,
            item.due, acting(item.id, DutyKind.prepare), acting(item.id, DutyKind.supervise), item.instrument_code,
        )
        for item, number in session.exec(numbers.where(*where).order_by(col(Item.position)))
        if item.id is not None
    )  # fmt: skip
    frozen = {item: tuple(listed) for item, listed in duties.items()}
    return Snapshot(facts, items, _records(session, where), persons, frozen)


def _days(dues: dict[str, str]) -> dict[str, date]:
    return {period: date.fromisoformat(due) for period, due in dues.items()}


def version(session: Session) -> str:
    """Names the state of the data: every write changes it."""
    return audit.head(session)[1]


@dataclass(frozen=True, slots=True)
class _Kept:
    snapshot: Snapshot
    database: str
    number: int  # of the audit's last entry when it was made
    hash: str


_kept: dict[int, _Kept] = {}
# Acts that touch nothing of what a snapshot holds, by how their audit actions begin.
_ELSEWHERE = ("session.", "account.", "meeting.", "directive.", "upload.", "access.")


def current(session: Session, facts: AssessmentFacts) -> Snapshot:
    """`snapshot` of the whole assessment, kept until the next write that changes it: every write moves the audit's end,
    which so names the state of the data, and the entries since say what was done. What is kept is the office's plan and
    records, the same for everybody; whoever shows it restricts it first (`visible_to`).
    """
    database = str(session.get_bind().engine.url)
    number, last = audit.head(session)
    found = _kept.get(facts.id)
    if found and (found.database, found.hash) == (database, last):
        return found.snapshot
    if found and found.database == database and _only_elsewhere(session, found):
        made = found.snapshot
    else:
        made = snapshot(session, facts)
    _kept[facts.id] = _Kept(made, database, number, last)
    return made


def _only_elsewhere(session: Session, kept: _Kept) -> bool:
    statement = select(AuditEntry.hash, AuditEntry.action).where(col(AuditEntry.number) >= kept.number)
    entries = session.exec(statement.order_by(col(AuditEntry.number))).all()
    return bool(entries) and entries[0][0] == kept.hash and all(act.startswith(_ELSEWHERE) for _, act in entries[1:])


def _records(session: Session, where: list[Any]) -> Records:
    reviewer = aliased(Account)
    slots: dict[int, list[SlotKey]] = {}
    covered = (
        wide_select(
            EvidenceSlot.evidence_id, EvidenceSlot.requirement_id, EvidenceSlot.period, EvidenceSlot.format,
            EvidenceSlot.language, EvidenceSlot.ordinal,
        )
        .join(Evidence, col(Evidence.id) == EvidenceSlot.evidence_id)
        .join(Item, col(Item.id) == Evidence.item_id)
        .where(*where)
    )  # fmt: skip
    for evidence_id, *key in session.execute(covered):
        slots.setdefault(evidence_id, []).append(SlotKey(*key))
    handed_in = (
        wide_select(
            Evidence.id, Evidence.item_id, Evidence.kind, Evidence.at, Account.party_id, Evidence.sha256,
            Evidence.url, Evidence.note, Withdrawal.at, Review.at, Review.decision, reviewer.party_id,
        )
        .join(Item, col(Item.id) == Evidence.item_id)
        .join(Account, col(Account.id) == Evidence.account_id)
        .outerjoin(Withdrawal, col(Withdrawal.evidence_id) == Evidence.id)
        .outerjoin(Review, col(Review.evidence_id) == Evidence.id)
        .outerjoin(reviewer, col(reviewer.id) == Review.account_id)
        .where(*where)
        .order_by(col(Evidence.at), col(Evidence.id))
    )  # fmt: skip
    hand_ins = [
        HandIn(id_, of, kind, tuple(slots.get(id_, ())), at, officer_id, sha256 or url or note, *became)
        for id_, of, kind, at, officer_id, sha256, url, note, *became in session.execute(handed_in)
    ]

    def events(table: Any, *columns: Any) -> list[ItemEvent]:
        statement = select(table.item_id, table.at, *columns).join(Item, col(Item.id) == table.item_id)
        return [ItemEvent(*row) for row in session.execute(statement.where(*where).order_by(table.at, table.id))]

    return Records(hand_ins, events(Approval, Approval.fingerprint), events(Publication), events(Filing))


def item_id(session: Session, assessment_id: int, code: str) -> int:
    """The id of the item with this code.

    Raises NotFound where there is none.
    """
    found = session.exec(select(Item.id).where(Item.assessment_id == assessment_id, Item.code == code)).first()
    if found is None:
        raise NotFound
    return found


# --- one item --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class EvidenceFacts:
    """One evidence with who and what, for the page and the review."""

    id: int
    item_id: int
    item_code: str
    item_title: str
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
    facts: Facts  # what was noticed in the file


@dataclass(frozen=True, slots=True)
class Event:
    """One line of an item's history."""

    at: datetime
    what: str  # handed_in, withdrawn, accepted, returned, approved, published, filed
    by: str
    evidence: EvidenceFacts | None = None
    text: str = ""


@dataclass(frozen=True)
class ItemDetail:
    """An item with everything its page shows."""

    snapshot: Snapshot
    facts: ItemFacts
    demand: str
    nobody: str
    indicator: IndicatorFacts | None
    evidence: tuple[EvidenceFacts, ...]  # newest first
    history: tuple[Event, ...]  # newest first


def item_detail(
    session: Session, who: Actor, facts: AssessmentFacts, code: str, before: datetime | None = None
) -> ItemDetail:
    """Everything about one item; with a moment, its evidence and history as they stood just before it.

    Raises NotFound where there is no such item, or it is not the actor's to read.
    """
    part = snapshot(session, facts, item_id(session, facts.id, code))
    item = part.items[0]
    if not access.may_read(who, people_of(item)):
        raise NotFound
    row = session.get_one(Item, item.id)
    evidence = _evidence(session, Evidence.item_id == item.id)
    if before is not None:
        evidence = [_as_of(one, before) for one in evidence if one.at < before]
    history = [event for one in evidence for event in _events_of(one)]
    tables: list[tuple[Any, str]] = [(Approval, "approved"), (Publication, "published"), (Filing, "filed")]
    for table, what in tables:
        statement = select(table, Account.name).join(Account, col(Account.id) == table.account_id)
        history += [
            Event(done.at, what, by, text=getattr(done, "url", ""))
            for done, by in session.exec(statement.where(table.item_id == item.id))
        ]
    history = [event for event in history if before is None or event.at < before]
    history.sort(key=lambda event: event.at, reverse=True)
    indicator = next((one for one in indicators(session, facts.id) if one.number == item.indicator), None)
    return ItemDetail(part, item, row.demand, row.nobody, indicator, tuple(reversed(evidence)), tuple(history))


def _as_of(evidence: EvidenceFacts, before: datetime) -> EvidenceFacts:
    if evidence.withdrawn_at and evidence.withdrawn_at >= before:
        evidence = replace(evidence, withdrawn_at=None)
    if evidence.reviewed_at and evidence.reviewed_at >= before:
        evidence = replace(evidence, reviewed_at=None, reviewed_by="", decision=None, reason="")
    return evidence


def _events_of(evidence: EvidenceFacts) -> list[Event]:
    events = [Event(evidence.at, "handed_in", evidence.by, evidence, evidence.note)]
    if evidence.withdrawn_at:
        events.append(Event(evidence.withdrawn_at, "withdrawn", evidence.by, evidence))
    if evidence.reviewed_at and evidence.decision:
        events.append(
            Event(evidence.reviewed_at, evidence.decision.value, evidence.reviewed_by, evidence, evidence.reason)
        )
    return events


def _evidence(session: Session, *where: Any) -> list[EvidenceFacts]:
    """Evidence by a condition, oldest first; two statements however many there are."""
    reviewer = aliased(Account)
    statement = (
        wide_select(Evidence, Item.code, Item.title, Account.name, StoredFile, Withdrawal.at, Review, reviewer.name)
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
            item_title=title,
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
            facts=Facts.from_json(stored.facts if stored else {}),
        )
        for row, code, title, by, stored, withdrawn, review, reviewed_by in rows
    ]


def evidence(session: Session, who: Actor, evidence_id: int) -> EvidenceFacts:
    """One evidence.

    Raises NotFound where there is none, or its item is not the actor's to read.
    """
    found = _evidence(session, Evidence.id == evidence_id)
    if not found or not access.may_read(who, item_people(session, found[0].item_id)):
        raise NotFound
    return found[0]


@dataclass(frozen=True, slots=True)
class UploadFacts:
    """A file of one's own that waits to be handed in; `twins` are evidence with the same content, newest first."""

    id: int
    file_name: str
    format: str
    size: int
    sha256: str
    facts: Facts
    at: datetime
    twins: tuple[EvidenceFacts, ...]


def upload_by_key(session: Session, account_id: int, key: str) -> int | None:
    """The id of the upload that this account sent under this key, which is kept cleaned.

    Raises BadText.
    """
    kept = clean_text(key, LONGEST_NAME)
    return session.exec(select(Upload.id).where(Upload.account_id == account_id, Upload.key == kept)).first()


def uploads(session: Session, who: Actor, of: int) -> list[UploadFacts]:
    """The actor's files for an item that wait to be handed in, in the order they came."""
    statement = select(Upload, StoredFile).join(StoredFile, col(StoredFile.sha256) == Upload.sha256)
    statement = statement.where(
        Upload.account_id == who.account_id, Upload.item_id == of, col(Upload.evidence_id).is_(None)
    )
    rows = session.exec(statement.order_by(col(Upload.id))).all()
    twins = same_content(session, who, [stored.sha256 for _row, stored in rows])
    return [
        UploadFacts(
            row.id, row.file_name, stored.format, stored.size, stored.sha256, Facts.from_json(stored.facts), row.at,
            tuple(twins.get(stored.sha256, ())),
        )
        for row, stored in rows
        if row.id is not None
    ]  # fmt: skip


def waiting_uploads(session: Session, account_id: int) -> dict[str, int]:
    """Item code → how many files of this account came and were not handed in."""
    statement = select(Item.code, func.count()).join(Upload, col(Upload.item_id) == Item.id)
    statement = statement.where(Upload.account_id == account_id, col(Upload.evidence_id).is_(None))
    return dict(session.exec(statement.group_by(Item.code, col(Item.position)).order_by(col(Item.position))).all())


def same_content(session: Session, who: Actor, hashes: Sequence[str]) -> dict[str, list[EvidenceFacts]]:
    """Hash → the evidence with that content, newest first, of the items that the actor may read; withdrawn left out."""
    found: dict[str, list[EvidenceFacts]] = {}
    if not hashes:
        return found
    listed = _evidence(session, col(Evidence.sha256).in_(hashes), col(Withdrawal.id).is_(None))
    persons = _people_by_item(session, col(Item.id).in_({one.item_id for one in listed}))
    for one in reversed(listed):
        if access.may_read(who, persons[one.item_id]):
            found.setdefault(one.sha256, []).append(one)
    return found


def is_others(session: Session, who: Actor, assessment_id: int, *, code: str = "", evidence_id: int = 0) -> bool:
    """Whether the item or the evidence exists, but is not the actor's to read."""
    of: int | None
    if code:
        of = session.exec(select(Item.id).where(Item.assessment_id == assessment_id, Item.code == code)).first()
    else:
        of = session.exec(select(Evidence.item_id).where(Evidence.id == evidence_id)).first()
    return of is not None and not access.may_read(who, item_people(session, of))


def evidence_of(session: Session, who: Actor | None, assessment_id: int) -> list[EvidenceFacts]:
    """Every evidence of the items that the actor may read, oldest first; None, the server itself, reads all."""
    listed = _evidence(session, Item.assessment_id == assessment_id)
    if who is None:
        return listed
    persons = _people_by_item(session, Item.assessment_id == assessment_id)
    return [one for one in listed if access.may_read(who, persons[one.item_id])]


def item_people(session: Session, of: int) -> ItemPeople:
    """Who has a duty on one item."""
    return _people_by_item(session, Item.id == of).get(of, ItemPeople())


def _people_by_item(session: Session, *where: Any) -> dict[int, ItemPeople]:
    statement = (
        wide_select(Item.id, Duty.kind, Duty.party_id, Membership.officer_id)
        .outerjoin(Duty, col(Duty.item_id) == Item.id)
        .outerjoin(Membership, col(Membership.group_id) == Duty.party_id)
        .where(*where)
    )
    found: dict[int, dict[DutyKind, set[int]]] = {}
    for of, kind, party_id, member_id in session.execute(statement):
        acting = found.setdefault(of, {DutyKind.prepare: set(), DutyKind.supervise: set()})
        if kind is not None:
            acting[kind] |= {party_id} if member_id is None else {member_id}
    return {of: ItemPeople(acting[DutyKind.prepare], acting[DutyKind.supervise]) for of, acting in found.items()}


def has_duties(session: Session, who: Actor, assessment_id: int) -> tuple[bool, bool]:
    """Whether the actor (prepares, supervises) any item."""
    persons = _people_by_item(session, Item.assessment_id == assessment_id).values()
    return (
        any(who.officer_id in people.preparers for people in persons),
        any(who.officer_id in people.supervisors for people in persons),
    )


def returned(session: Session, evidence_ids: Sequence[int]) -> dict[int, tuple[str, str]]:
    """Evidence id → (who returned it, why)."""
    statement = select(Review, Account.name).join(Account, col(Account.id) == Review.account_id)
    found = session.exec(statement.where(col(Review.evidence_id).in_(evidence_ids)))
    return {row.evidence_id: (who, row.reason) for row, who in found if row.decision is Decision.returned}


def review_queue(session: Session, who: Actor, assessment_id: int) -> list[EvidenceFacts]:
    """What waits for the actor's decision, oldest first."""
    persons = _people_by_item(session, Item.assessment_id == assessment_id)
    waiting = _evidence(
        session, Item.assessment_id == assessment_id, col(Review.id).is_(None), col(Withdrawal.id).is_(None)
    )
    return [one for one in waiting if access.may_review(who, persons[one.item_id], one.account_id)]


# --- the framework and the calendar ----------------------------------------------------------------------------------


def indicators(session: Session, assessment_id: int) -> list[IndicatorFacts]:
    """The ten indicators in their order."""
    statement = select(Indicator, Instrument.code).join(Instrument, col(Instrument.id) == Indicator.instrument_id)
    rows = session.exec(statement.where(Indicator.assessment_id == assessment_id).order_by(col(Indicator.number)))
    return [IndicatorFacts(row.number, row.title, row.improve, code) for row, code in rows]


def instruments(session: Session, assessment_id: int) -> list[InstrumentFacts]:
    """IIT, EIT, OIT in their order."""
    statement = select(Instrument).where(Instrument.assessment_id == assessment_id).order_by(col(Instrument.position))
    return [InstrumentFacts(row.code, row.title, row.weight) for row in session.exec(statement)]


def levels(session: Session, assessment_id: int) -> list[tuple[str, float, float]]:
    """(title, total from, each instrument from), the highest first."""
    statement = select(Level).where(Level.assessment_id == assessment_id).order_by(col(Level.position))
    return [(row.title, row.total_min, row.each_min) for row in session.exec(statement)]


def scores(session: Session, assessment_id: int) -> dict[int, dict[str, float]]:
    """Announced points by fiscal year and instrument code; "" is the total."""
    found: dict[int, dict[str, float]] = {}
    for row in session.exec(select(Score).where(Score.assessment_id == assessment_id)):
        found.setdefault(row.fiscal_year, {})[row.instrument_code or ""] = row.points
    return found


def steps(session: Session, assessment_id: int) -> list[StepFacts]:
    """The calendar's steps in their order, with the names of the parties and the officers who act for them."""
    persons = people(session, assessment_id)
    duties: dict[tuple[int, DutyKind], list[Person]] = {}
    on_steps = select(Duty).where(col(Duty.step_id).is_not(None), col(Duty.party_id).in_(persons))
    for duty in session.exec(on_steps.order_by(col(Duty.position))):
        duties.setdefault((duty.step_id or 0, duty.kind), []).append(persons[duty.party_id])
    statement = select(Step, Phase.title).join(Phase, col(Phase.id) == Step.phase_id)
    rows = session.exec(statement.where(Phase.assessment_id == assessment_id).order_by(col(Step.position)))
    found = []
    for step, phase in rows:
        supervise, prepare = (duties.get((step.id or 0, kind), []) for kind in (DutyKind.supervise, DutyKind.prepare))
        found.append(
            StepFacts(
                phase, step.position, step.title, step.work, step.starts, step.ends, step.first_starts,
                step.first_ends, step.instrument_code, tuple(one.full for one in supervise),
                tuple(one.full for one in prepare), acting_for([*supervise, *prepare]),
            )
        )  # fmt: skip
    return found


# --- meetings and directives -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class MeetingFacts:
    """A meeting; what it showed is the board just before `shown_at`."""

    id: int
    at: datetime
    ended_at: datetime | None
    by: str
    officers: tuple[int, ...]  # who was there
    guests: str

    @property
    def day(self) -> date:
        return day_of(self.at)

    @property
    def shown_at(self) -> datetime:
        return self.ended_at or self.at


def meetings(session: Session, assessment_id: int) -> list[MeetingFacts]:
    """Every meeting, the newest first."""
    there: dict[int, list[int]] = {}
    statement = select(Attendance.meeting_id, Attendance.officer_id).join(
        Meeting, col(Meeting.id) == Attendance.meeting_id
    )
    statement = statement.join(Party, col(Party.id) == Attendance.officer_id).order_by(col(Party.position))
    for meeting_id, officer_id in session.exec(statement.where(Meeting.assessment_id == assessment_id)):
        there.setdefault(meeting_id, []).append(officer_id)
    held = select(Meeting, Account.name).join(Account, col(Account.id) == Meeting.account_id)
    return [
        MeetingFacts(row.id, row.at, row.ended_at, by, tuple(there.get(row.id, ())), row.guests)
        for row, by in session.exec(
            held.where(Meeting.assessment_id == assessment_id).order_by(col(Meeting.at).desc(), col(Meeting.id).desc())
        )
        if row.id is not None
    ]


def directives(session: Session, assessment_id: int, who: Actor | None = None) -> list[DirectiveFacts]:
    """Every directive in the order they were given; with an actor, those they may read: given to them, or all."""
    persons = people(session, assessment_id)
    given: dict[int, list[Person]] = {}
    became: dict[int, list[Happening]] = {}
    own = Directive.assessment_id == assessment_id
    parties = select(Assignment.directive_id, Assignment.party_id).join(
        Directive, col(Directive.id) == Assignment.directive_id
    )
    for directive_id, party_id in session.exec(parties.where(own).order_by(col(Assignment.id))):
        given.setdefault(directive_id, []).append(persons[party_id])
    events = select(DirectiveEvent, Account.name).join(Account, col(Account.id) == DirectiveEvent.account_id)
    events = events.join(Directive, col(Directive.id) == DirectiveEvent.directive_id)
    for event, by in session.exec(events.where(own).order_by(col(DirectiveEvent.at), col(DirectiveEvent.id))):
        became.setdefault(event.directive_id, []).append(Happening(event.what, by, event.at, event.note))
    statement = select(Directive, Account.name, Item.code).join(Account, col(Account.id) == Directive.account_id)
    statement = statement.outerjoin(Item, col(Item.id) == Directive.item_id)
    found = [
        DirectiveFacts(
            row.id, row.text, row.due, by, row.at, tuple(one.id for one in given.get(row.id, ())),
            acting_for(given.get(row.id, ())), tuple(became.get(row.id, ())), row.meeting_id, code or "",
        )
        for row, by, code in session.exec(statement.where(own).order_by(col(Directive.at), col(Directive.id)))
        if row.id is not None
    ]  # fmt: skip
    if who is None or access.reads_directives(who):
        return found
    return [one for one in found if who.officer_id in one.officers]


# --- accounts and the audit ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AccountFacts:
    id: int
    party_id: int | None
    username: str
    name: str
    role: str
    keeps_itap: bool
    disabled: bool
    joined: bool


def accounts(session: Session) -> list[AccountFacts]:
    """Every account in Thai order of the names, without anything secret."""
    rows = list(session.exec(select(Account)))
    order = {name: place for place, name in enumerate(in_thai_order([row.name for row in rows]))}
    rows.sort(key=lambda row: order[row.name])
    return [
        AccountFacts(
            row.id, row.party_id, row.username or "", row.name, row.role.value, row.keeps_itap, row.disabled,
            row.password_hash is not None,
        )
        for row in rows
        if row.id is not None
    ]  # fmt: skip


def audit_entries(session: Session) -> list[AuditEntry]:
    """The whole record, first entry first, without the seals; detached values, not to be changed."""
    every = select(AuditEntry).order_by(col(AuditEntry.number))
    rows = list(session.exec(every.options(defer(AuditEntry.seals))))  # type: ignore[arg-type]
    for row in rows:
        session.expunge(row)
    return rows
