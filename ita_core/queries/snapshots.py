"""The plan and the records of one assessment as plain values."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any, TypeVar

from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from ita_core import access
from ita_core.access import Actor, ItemPeople
from ita_core.board import headline, progress
from ita_core.board.progress import HandIn, ItemEvent, ItemFacts, Records, RequirementFacts, SlotKey
from ita_core.errors import NotFound
from ita_core.models import (
    Account,
    Approval,
    Duty,
    DutyKind,
    Evidence,
    EvidenceSlot,
    Filing,
    Indicator,
    Item,
    PartyKind,
    Publication,
    Requirement,
    Review,
    Withdrawal,
)
from ita_core.queries.assessments import AssessmentFacts
from ita_core.queries.parties import PartyFacts, acting_for, people_by_id
from ita_core.queries.wide import wide_select
from ita_core.thai import rank_height

T = TypeVar("T")
DAYS_KEPT = 64  # boards of other days that one snapshot remembers


@dataclass(frozen=True, slots=True)
class DutyFacts:
    """A party's part in an item; `task` is the document's own word for it, where it has one."""

    party_id: int
    kind: DutyKind
    task: str


@dataclass(frozen=True)
class Snapshot:
    """Plan and records of one assessment as plain values: what `progress` works on."""

    assessment: AssessmentFacts
    items: tuple[ItemFacts, ...]
    records: Records
    people: dict[int, PartyFacts]
    duties: dict[int, tuple[DutyFacts, ...]]  # by item id, in the document's order

    @cached_property
    def officers(self) -> list[PartyFacts]:
        """Officers by rank, then in the plan's order."""
        return sorted(
            (person for person in self.people.values() if person.kind is PartyKind.officer),
            key=lambda person: rank_height(person.rank),
        )

    def named(self, item_id: int, kind: DutyKind) -> list[PartyFacts]:
        """The parties with this duty on an item, as the plan names them."""
        return [self.people[duty.party_id] for duty in self.duties.get(item_id, ()) if duty.kind is kind]

    def board(self, day: date, moment: datetime | None = None) -> progress.Board:
        """How everything stands on `day`, or at a moment of it; the same snapshot works it out once for each."""
        return self._seen(day, moment)[0]

    def figures(self, day: date, moment: datetime | None = None) -> headline.Figures:
        """The headline figures of that board."""
        return self._seen(day, moment)[1]

    def _seen(self, day: date, moment: datetime | None) -> tuple[progress.Board, headline.Figures]:
        if (seen := self._boards.get((day, moment))) is not None:
            return seen
        if len(self._boards) >= DAYS_KEPT:
            self._boards.clear()
        board = progress.board(self.items, self.records, day=day, year_ends=self.assessment.ends, moment=moment)
        made = self._boards[day, moment] = board, headline.figures(board, self.records)
        return made

    def once(self, made: Callable[[], T], *of: Hashable) -> T:
        """What `made` gives, made once for each `of`: all that it follows from beside this very snapshot."""
        if of not in self._made:
            if len(self._made) >= DAYS_KEPT:
                self._made.clear()
            self._made[of] = made()
        kept: T = self._made[of]
        return kept

    @cached_property
    def _made(self) -> dict[tuple[Hashable, ...], Any]:
        return {}

    @cached_property
    def _boards(self) -> dict[tuple[date, datetime | None], tuple[progress.Board, headline.Figures]]:
        return {}

    @cached_property
    def _parts(self) -> dict[frozenset[int], "Snapshot"]:
        return {}

    def visible_to(self, actor: Actor) -> "Snapshot":
        """The same with only the items that the actor may read."""
        if access.sees_all(actor):
            return self
        items = tuple(item for item in self.items if access.may_read(actor, people_of(item)))
        return self._only(items)

    def of_item(self, code: str) -> "Snapshot":
        """The same with only the item of this code.

        Raises NotFound where there is none.
        """
        items = tuple(item for item in self.items if item.code == code)
        if not items:
            raise NotFound
        return self._only(items)

    def _only(self, items: tuple[ItemFacts, ...]) -> "Snapshot":
        kept = frozenset(item.id for item in items)
        if (seen := self._parts.get(kept)) is not None:  # others with the same duties, and the same visitor's next look
            return seen

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


def people_of(item: ItemFacts) -> ItemPeople:
    """Who has a duty on the item, as `access` asks for it."""
    return ItemPeople(item.preparers, item.supervisors)


def take_snapshot(session: Session, assessment: AssessmentFacts, item_id: int | None = None) -> Snapshot:
    """The whole assessment, or the part of it that belongs to one item."""
    persons = people_by_id(session, assessment.id)
    where: list[Any] = [Item.assessment_id == assessment.id]
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
    return Snapshot(assessment, items, _records(session, where), persons, frozen)


def _days(dues: dict[str, str]) -> dict[str, date]:
    return {period: date.fromisoformat(due) for period, due in dues.items()}


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


def get_item_id(session: Session, assessment_id: int, code: str) -> int:
    """The id of the item with this code.

    Raises NotFound where there is none.
    """
    found = session.exec(select(Item.id).where(Item.assessment_id == assessment_id, Item.code == code)).first()
    if found is None:
        raise NotFound
    return found
