"""What was decided on evidence: every round of it, also those that were undone."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import exists
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, func, select

from ita_core import access
from ita_core.access import Actor
from ita_core.board.progress import Round, SlotKey, standing_round
from ita_core.days import happened
from ita_core.models import (
    Account,
    Evidence,
    EvidenceSlot,
    Item,
    Party,
    ReturnedSlot,
    Review,
    SendBack,
    SendBackAnswer,
    Undoing,
    Withdrawal,
)
from ita_core.queries.actors import item_people_by_id
from ita_core.queries.wide import wide_select


@dataclass(frozen=True, slots=True)
class Decided:
    """A round with who decided, and why; `id` is the review's, `account_id` of who decided."""

    id: int
    round: Round
    by: str
    account_id: int
    reason: str

    def as_of(self, before: datetime | None) -> "Decided":
        """The same as it stood just before a moment: it may not have been undone yet."""
        return replace(self, round=self.round.as_of(before))


def key_of(slot: EvidenceSlot | ReturnedSlot) -> SlotKey:
    """What a slot is known by, of the row that names it."""
    return SlotKey(slot.requirement_id, slot.period, slot.format, slot.language, slot.ordinal)


def undecided() -> sa.ColumnElement[bool]:
    """The condition that nobody has decided on an `Evidence`, or it was undone."""
    undone = exists().where(col(Undoing.review_id) == Review.id).correlate(Review)
    return ~exists().where(col(Review.evidence_id) == Evidence.id, ~undone).correlate(Evidence)


def holds(before: datetime | None = None) -> sa.ColumnElement[bool]:
    """The condition that a `Review` is the decision that held on its `Evidence` just before a moment (None: now)."""
    other = aliased(Review)
    undone = exists().where(col(Undoing.review_id) == other.id)
    of = select(func.max(other.id)).where(other.evidence_id == Evidence.id)
    if before is not None:
        undone, of = undone.where(col(Undoing.at) < before), of.where(col(other.at) < before)
    return col(Review.id) == of.where(~undone).correlate(Evidence).scalar_subquery()


def get_decided(session: Session, evidence_id: int) -> Decided | None:
    """The decision that holds on an evidence now."""
    return standing(rounds_of(session, col(Evidence.id) == evidence_id).get(evidence_id, ()))


def rounds_of(session: Session, *where: Any) -> dict[int, list[Decided]]:
    """Evidence id → its decisions in their order; the condition may name Evidence, Item and Withdrawal."""
    decided = (
        wide_select(
            Review.evidence_id, Review.id, Review.at, Review.decision, Review.reason, Account.id, Account.name,
            Undoing.at, (deciding := aliased(Party)).id,
        )
        .join(Evidence, col(Evidence.id) == Review.evidence_id)
        .join(Item, col(Item.id) == Evidence.item_id)
        .join(Account, col(Account.id) == Review.account_id)
        .outerjoin(Withdrawal, col(Withdrawal.evidence_id) == Evidence.id)
        .outerjoin(Undoing, col(Undoing.review_id) == Review.id)
        .outerjoin(deciding, (deciding.person_id == Account.person_id) & (deciding.assessment_id == Item.assessment_id))
        .where(*where)
        .order_by(col(Review.evidence_id), col(Review.round))
    )  # fmt: skip
    rows = session.execute(decided).all()
    returned = _returned(session, *where) if rows else {}
    found: dict[int, list[Decided]] = {}
    for evidence, review, at, decision, reason, account, by, undone_at, officer in rows:
        round_ = Round(at, decision, officer, returned.get(review, ()), undone_at)
        found.setdefault(evidence, []).append(Decided(review, round_, by, account, reason))
    return found


@dataclass(frozen=True, slots=True)
class SentBackFacts:
    """That the commander sent an item back, and why."""

    item_id: int
    by: str
    at: datetime
    reason: str
    answer: str = ""  # that it stands, and why; "" before
    answered_by: str = ""
    answered_at: datetime | None = None


def list_send_backs(
    session: Session, who: Actor | None, assessment_id: int, *, before: datetime | None = None, every: bool = False
) -> list[SentBackFacts]:
    """The last sending back before a moment (None: ever) of each item that the actor may read; oldest first.

    `every` one of each item, where that is asked for. None, the server itself, reads all.
    """
    answering = aliased(Account)
    statement = (
        wide_select(
            SendBack.id, SendBack.item_id, Account.name, SendBack.at, SendBack.reason, SendBackAnswer.note,
            answering.name, SendBackAnswer.at,
        )
        .join(Item, col(Item.id) == SendBack.item_id)
        .join(Account, col(Account.id) == SendBack.account_id)
        .outerjoin(SendBackAnswer, col(SendBackAnswer.send_back_id) == SendBack.id)
        .outerjoin(answering, col(answering.id) == SendBackAnswer.account_id)
        .where(Item.assessment_id == assessment_id)
        .order_by(col(SendBack.at), col(SendBack.id))
    )  # fmt: skip
    persons = item_people_by_id(session, assessment_id)
    found = {}
    for id_, item_id, by, at, reason, note, answered_by, answered_at in session.execute(statement):
        if not happened(at, before) or not (who is None or access.may_read(who, persons[item_id])):
            continue
        one = SentBackFacts(item_id, by, at, reason)
        if happened(answered_at, before):
            one = replace(one, answer=note, answered_by=answered_by, answered_at=answered_at)
        found[id_ if every else f"item {item_id}"] = one
    return sorted(found.values(), key=lambda one: one.at)


def _returned(session: Session, *where: Any) -> dict[int, tuple[SlotKey, ...]]:
    """Review id → the slots that came back of what was accepted for others."""
    statement = (
        select(ReturnedSlot)
        .join(Review, col(Review.id) == ReturnedSlot.review_id)
        .join(Evidence, col(Evidence.id) == Review.evidence_id)
        .join(Item, col(Item.id) == Evidence.item_id)
        .outerjoin(Withdrawal, col(Withdrawal.evidence_id) == Evidence.id)
    )
    found: dict[int, tuple[SlotKey, ...]] = {}
    for one in session.exec(statement.where(*where).order_by(col(ReturnedSlot.id))):
        found[one.review_id] = (*found.get(one.review_id, ()), key_of(one))
    return found


def standing(decided: Sequence[Decided]) -> Decided | None:
    """The decision that holds; `decided` are in their order."""
    held = standing_round([one.round for one in decided])
    return next((one for one in decided if one.round is held), None)
