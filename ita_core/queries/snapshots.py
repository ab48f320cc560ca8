"""The plan and the records of one assessment as plain values."""

from collections.abc import Callable, Collection, Hashable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from ita_core import access
from ita_core.access import Actor
from ita_core.board import headline, progress
from ita_core.board.progress import HandIn, ItemEvent, ItemFacts, Records, SlotKey
from ita_core.board.steps import StepFacts
from ita_core.errors import NotFound
from ita_core.models import (
    Account,
    Approval,
    DutyKind,
    Evidence,
    EvidenceSlot,
    Filing,
    Item,
    Party,
    Publication,
    SendBack,
    SendBackAnswer,
    Undoing,
    Withdrawal,
)
from ita_core.queries.assessments import AssessmentFacts
from ita_core.queries.parties import PartyFacts
from ita_core.queries.plans import DutyFacts, PlanFacts, PlanHistory, get_history, officers_by_rank
from ita_core.queries.rounds import rounds_of
from ita_core.queries.wide import wide_select

T = TypeVar("T")
DAYS_KEPT = 64  # boards of other days that one snapshot remembers
PARTS_KEPT = 256  # of a snapshot: for each item, for other duties, for other days


@dataclass(frozen=True)
class Snapshot:
    """Plans and records of one assessment as plain values: what `progress` works on.

    Items, people, duties and steps are those of the revision in force on `day`; a board is made with the revision in
    force on its own day. `kept` are the ids of the items that it is restricted to; None: all.
    """

    assessment: AssessmentFacts
    history: PlanHistory
    records: Records
    day: date
    kept: frozenset[int] | None = None

    @cached_property
    def plan(self) -> PlanFacts:
        """The revision in force at the end of the day."""
        return self.history.before(progress.until(self.day, self.assessment.ends))

    @cached_property
    def items(self) -> tuple[ItemFacts, ...]:
        """The plan's items in their order, as far as they are kept."""
        return self._items(self.plan)

    @cached_property
    def people(self) -> dict[int, PartyFacts]:
        """Every party by id as it is called on the day: those of the plan in its order, then others (not `here`)."""
        return self.history.people(self.plan, self.day)

    @property
    def parties(self) -> list[PartyFacts]:
        """Those of the plan, in its order."""
        return [one for one in self.people.values() if one.here]

    @property
    def duties(self) -> dict[int, tuple[DutyFacts, ...]]:
        """By item id, in the document's order."""
        return self.plan.duties

    @cached_property
    def officers(self) -> list[PartyFacts]:
        """The plan's officers by rank, then in its order."""
        return officers_by_rank(self.people)

    @cached_property
    def steps(self) -> list[StepFacts]:
        """The calendar's steps in their order."""
        return self.plan.steps(self.people)

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
        ends = self.assessment.ends
        items = self._items(self.history.before(moment or progress.until(day, ends)))
        board = progress.board(items, self.records, day=day, year_ends=ends, moment=moment)
        made = self._boards[day, moment] = board, headline.figures(board, self.records)
        return made

    def _items(self, plan: PlanFacts) -> tuple[ItemFacts, ...]:
        return plan.items if self.kept is None else tuple(item for item in plan.items if item.id in self.kept)

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
    def _parts(self) -> dict[tuple[frozenset[int] | None, date], "Snapshot"]:
        return {}

    def on(self, day: date) -> "Snapshot":
        """The same with the plan that was in force on a day."""
        return self if day == self.day else self._part(self.kept, day)

    def visible_to(self, actor: Actor) -> "Snapshot":
        """The same with only the items that the actor may read: by the duties of now, on every day."""
        if access.sees_all(actor):
            return self
        people = self.history.people_of
        return self._part(frozenset(of for of, who in people.items() if access.may_read(actor, who)), self.day)

    def restricted_to(self, items: Collection[int]) -> "Snapshot":
        """The same with only those of its items, by their ids."""
        return self._part(frozenset(items) if self.kept is None else self.kept & frozenset(items), self.day)

    def of_item(self, code: str) -> "Snapshot":
        """The same with only the item of this code.

        Raises NotFound where the plan has none.
        """
        found = next((item for item in self.items if item.code == code), None)
        if found is None:
            raise NotFound
        return self._part(frozenset({found.id}), self.day)

    def _part(self, kept: frozenset[int] | None, day: date) -> "Snapshot":
        if (seen := self._parts.get((kept, day))) is not None:  # others with the same duties, and one's own next look
            return seen
        if len(self._parts) >= PARTS_KEPT:
            self._parts.clear()

        def only(events: Sequence[ItemEvent]) -> list[ItemEvent]:
            return [event for event in events if kept is None or event.item_id in kept]

        records = self.records
        if kept != self.kept:
            records = Records(
                [hand_in for hand_in in self.records.hand_ins if kept is None or hand_in.item_id in kept],
                only(self.records.approvals),
                only(self.records.publications),
                only(self.records.filings),
                only(self.records.send_backs),
            )
        part = self._parts[kept, day] = Snapshot(self.assessment, self.history, records, day, kept)
        return part


def take_snapshot(session: Session, assessment: AssessmentFacts, item_id: int | None = None) -> Snapshot:
    """The whole assessment, or the part of it that belongs to one item; with the plan of now."""
    where: list[Any] = [Item.assessment_id == assessment.id]
    if item_id is not None:
        where.append(Item.id == item_id)
    kept = None if item_id is None else frozenset({item_id})
    history, records = get_history(session, assessment.id), _records(session, where)
    return Snapshot(assessment, history, records, assessment.ends, kept)


def _records(session: Session, where: list[Any]) -> Records:
    sending = aliased(Party)
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
            Evidence.id, Evidence.item_id, Evidence.kind, Evidence.at, sending.id, Evidence.sha256,
            Evidence.url, Evidence.note, Withdrawal.at,
        )
        .join(Item, col(Item.id) == Evidence.item_id)
        .join(Account, col(Account.id) == Evidence.account_id)
        .outerjoin(Withdrawal, col(Withdrawal.evidence_id) == Evidence.id)
        .outerjoin(sending, (sending.person_id == Account.person_id) & (sending.assessment_id == Item.assessment_id))
        .where(*where)
        .order_by(col(Evidence.at), col(Evidence.id))
    )  # fmt: skip
    decided = rounds_of(session, *where)

    def became(hand_in: HandIn) -> HandIn:
        rounds = tuple(one.round for one in decided.get(hand_in.id, ()))
        if len(rounds) == 1 and rounds[0].undone_at is None:  # as nearly all are: there is nothing else to remember
            now = rounds[0]
            return replace(
                hand_in, reviewed_at=now.at, decision=now.decision, reviewer_id=now.reviewer_id, returned=now.returned
            )
        return hand_in.decided(rounds) if rounds else hand_in

    hand_ins = [
        became(HandIn(id_, of, kind, tuple(slots.get(id_, ())), at, officer_id, sha256 or url or note, withdrawn))
        for id_, of, kind, at, officer_id, sha256, url, note, withdrawn in session.execute(handed_in)
    ]

    def events(table: Any, *columns: Any, ended: Any = None) -> list[ItemEvent]:
        statement = select(table.item_id, table.at, *columns).join(Item, col(Item.id) == table.item_id)
        if ended is not None:
            statement = statement.outerjoin(ended[0], ended[1] == table.id)
        return [ItemEvent(*row) for row in session.execute(statement.where(*where).order_by(table.at, table.id))]

    return Records(
        hand_ins,
        events(Approval, Approval.fingerprint, Undoing.at, ended=(Undoing, Undoing.approval_id)),
        events(Publication, sa.literal(""), sa.case((col(Publication.url) == "", col(Publication.at)))),
        events(Filing),
        events(SendBack, SendBack.fingerprint, SendBackAnswer.at, ended=(SendBackAnswer, SendBackAnswer.send_back_id)),
    )


def get_item_id(session: Session, assessment_id: int, code: str) -> int:
    """The id of the item with this code.

    Raises NotFound where there is none.
    """
    found = session.exec(select(Item.id).where(Item.assessment_id == assessment_id, Item.code == code)).first()
    if found is None:
        raise NotFound
    return found
