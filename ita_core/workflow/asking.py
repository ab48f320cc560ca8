"""What every use case asks: who acts, on which item, and whether it is theirs."""

from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from ita_core import access, audit, queries
from ita_core.access import Actor
from ita_core.errors import (
    AlreadyReviewed,
    AlreadyWithdrawn,
    NotFound,
    NotYourItem,
    Refused,
)
from ita_core.language import _
from ita_core.models import (
    Account,
    Assessment,
    AuditEntry,
    Evidence,
    Item,
    Review,
    Withdrawal,
)
from ita_core.words import DECISIONS


def note_refused(session: Session, *, by: int, subject: str, address: str, at: datetime) -> None:
    """Put into the audit that somebody asked for what is not theirs to see ("evidence 12", "item O6").

    Once a day for each account and subject: whoever asks a thousand times must not fill the record.
    """
    account, _actor = acting(session, by)
    last = select(AuditEntry.at).where(
        AuditEntry.account_id == by, AuditEntry.action == "access.refuse", AuditEntry.subject == subject
    )
    before = session.exec(last.order_by(col(AuditEntry.number).desc())).first()
    if before is None or abs(at - before) >= timedelta(days=1):
        audit.record(session, actor=account, action="access.refuse", subject=subject, at=at, address=address)


def new_id(value: int | None) -> int:
    """The id of a row that was flushed."""
    assert value is not None, "a flushed row has its id"
    return value


def acting(session: Session, by: int) -> tuple[Account, Actor]:
    """The account that acts, and what it may.

    Raises NotFound for one that is gone or disabled.
    """
    actor = queries.get_actor(session, by)
    return session.get_one(Account, by), actor


def get_item(session: Session, item_id: int) -> queries.Snapshot:
    """The plan and the records of one item (`items[0]`), as they are now.

    Raises NotFound.
    """
    item = session.get(Item, item_id)
    if item is None:
        raise NotFound
    row = session.get_one(Assessment, item.assessment_id)
    assessment = queries.get_assessment(session, f"{row.office_code}-{row.fiscal_year}")
    return queries.take_snapshot(session, assessment, item_id)


def assessment_of(session: Session, item_id: int) -> int:
    """The id of the assessment to which an item belongs that is there."""
    return session.get_one(Item, item_id).assessment_id


def not_yours(actor: Actor, code: str, people: access.ItemPeople) -> Refused:
    """Who may not even read the item is told that there is none."""
    return NotYourItem(item=code) if access.may_read(actor, people) else NotFound()


def handed_in(session: Session, actor: Actor, evidence_id: int) -> tuple[Evidence, Item, access.ItemPeople]:
    """An evidence with its item and who has a duty on that.

    Raises NotFound, also where the actor may not read it.
    """
    evidence = session.get(Evidence, evidence_id)
    if evidence is None:
        raise NotFound
    people = queries.get_item_people(session, evidence.item_id)
    if not access.may_read(actor, people):
        raise NotFound
    return evidence, session.get_one(Item, evidence.item_id), people


def check_undecided(session: Session, evidence_id: int) -> None:
    """Nothing, where nobody has decided on the evidence and it was not taken back.

    Raises AlreadyReviewed, AlreadyWithdrawn.
    """
    statement = select(Review, Account.name).join(Account, col(Account.id) == Review.account_id)
    decided = session.exec(statement.where(Review.evidence_id == evidence_id)).first()
    if decided:
        review, who = decided
        raise AlreadyReviewed(who=who, decision=_(DECISIONS[review.decision]))
    if session.exec(select(Withdrawal).where(Withdrawal.evidence_id == evidence_id)).first():
        raise AlreadyWithdrawn
