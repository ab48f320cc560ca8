"""What was asked and answered about evidence, and which of it waits for somebody."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session, col, func, select

from ita_core import access
from ita_core.access import Actor, ItemPeople
from ita_core.days import happened
from ita_core.models import Account, Evidence, Item, Message, Party, Review, Withdrawal
from ita_core.queries.actors import item_people_by_id
from ita_core.queries.rounds import holds
from ita_core.queries.wide import wide_select

WAITS_DAYS = 30  # what nobody answered for so long is no longer asked


@dataclass(frozen=True, slots=True)
class MessageFacts:
    """One message with who and when."""

    id: int
    evidence_id: int
    by: str
    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class Question:
    """A piece of evidence about which the other side wrote last; `name` is the file's or the link's."""

    id: int  # of the message
    evidence_id: int
    item_code: str
    name: str
    by: str
    at: datetime
    text: str


def list_messages(
    session: Session, who: Actor, assessment_id: int, evidence_ids: Sequence[int], *, before: datetime | None = None
) -> dict[int, list[MessageFacts]]:
    """Evidence id → what was written about it before a moment (None: ever), oldest first.

    Only of this assessment's items that the actor may read.
    """
    found: dict[int, list[MessageFacts]] = {}
    if not evidence_ids:
        return found
    persons = item_people_by_id(session, assessment_id)
    statement = (
        wide_select(Message, Account.name, Evidence.item_id)
        .join(Evidence, col(Evidence.id) == Message.evidence_id)
        .join(Item, col(Item.id) == Evidence.item_id)
        .join(Account, col(Account.id) == Message.account_id)
        .where(Item.assessment_id == assessment_id, col(Message.evidence_id).in_(evidence_ids))
        .order_by(col(Message.at), col(Message.id))
    )
    for row, by, item_id in session.execute(statement):
        if happened(row.at, before) and access.may_read(who, persons[item_id]):
            facts = MessageFacts(row.id, row.evidence_id, by, row.at, row.text)
            found.setdefault(row.evidence_id, []).append(facts)
    return found


def list_questions(
    session: Session, who: Actor, assessment_id: int, *, now: datetime, before: datetime | None = None
) -> list[Question]:
    """The evidence about which the other side wrote last, and which waits for the actor's answer; oldest first.

    A piece that was decided on or taken back after that waits for none, nor one of more than `WAITS_DAYS` ago. What
    came not before `before` (None: ever) has not happened.
    """
    written = [] if before is None else [col(Message.at) < before]
    taken_back: Any = col(Withdrawal.evidence_id) == Evidence.id
    if before is not None:
        taken_back &= col(Withdrawal.at) < before
    last = (
        select(func.max(Message.id))
        .join(Evidence, col(Evidence.id) == Message.evidence_id)
        .join(Item, col(Item.id) == Evidence.item_id)
        .where(Item.assessment_id == assessment_id, *written)
        .group_by(col(Message.evidence_id))
    )
    statement: Any = (
        wide_select(Message, Evidence, Item.code, Account.name, Party.id, Review.at)
        .join(Evidence, col(Evidence.id) == Message.evidence_id)
        .join(Item, col(Item.id) == Evidence.item_id)
        .join(Account, col(Account.id) == Message.account_id)
        .outerjoin(
            Party, (col(Party.person_id) == Account.person_id) & (col(Party.assessment_id) == Item.assessment_id)
        )
        .outerjoin(Review, holds(before))
        .outerjoin(Withdrawal, taken_back)
        .where(
            col(Message.id).in_(last),
            col(Message.at) > now - timedelta(days=WAITS_DAYS),
            Message.account_id != who.account_id,
            col(Withdrawal.id).is_(None),
        )
        .order_by(col(Message.at), col(Message.id))
    )
    persons = item_people_by_id(session, assessment_id)
    return [
        Question(row.id, of.id, code, of.file_name or of.url, by, row.at, row.text)
        for row, of, code, by, officer, reviewed in session.execute(statement)
        if _awaits(who, persons[of.item_id], officer) and not (reviewed and reviewed > row.at)
    ]


def _awaits(actor: Actor, people: ItemPeople, written_by: int | None) -> bool:
    """Whether what was written last about an item's evidence waits for the actor: it is of the item's other side.

    `written_by` is the officer who wrote it, None for nobody of the plan. Who prepares is one side, who supervises
    the other; what the commander or somebody of neither side wrote waits for both.
    """
    if not access.may_write_message(actor, people) or actor.officer_id is None or written_by == actor.officer_id:
        return False
    return any(actor.officer_id in side and written_by not in side for side in (people.preparers, people.supervisors))
