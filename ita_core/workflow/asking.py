"""What every use case asks: who acts, on which item, and whether it is theirs."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from ita_core import access, audit, queries
from ita_core.access import Actor
from ita_core.board.progress import ItemFacts, ItemStanding, RequirementFacts, SlotKey
from ita_core.errors import (
    AlreadyReviewed,
    AlreadyWithdrawn,
    NotFound,
    NotOfItem,
    NotYourItem,
    NotYours,
    Refused,
    UnknownSlot,
    WrongFormat,
)
from ita_core.evidence.kinds import taken_for
from ita_core.evidence.objects import File
from ita_core.language import N_, _
from ita_core.models import (
    Account,
    AuditEntry,
    Evidence,
    EvidenceSlot,
    Item,
    Withdrawal,
)
from ita_core.words import DECISIONS, FORMATS, format_words


def note_refused(session: Session, *, by: int, subject: str, address: str, at: datetime) -> None:
    """Put into the audit that somebody asked for what is not theirs to see ("evidence 12", "item O6").

    Once a day for each account and subject: whoever asks a thousand times must not fill the record.
    """
    account = get_account(session, by)
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


def get_account(session: Session, by: int) -> Account:
    """The account that acts.

    Raises NotFound for one that is gone or disabled.
    """
    account = session.get(Account, by)
    if account is None or account.disabled:
        raise NotFound
    return account


class YearClosed(Refused):
    says = N_("Fiscal year {year} is closed: nothing of it can be changed. The commander can open an item again.")


def acting(session: Session, by: int, assessment_id: int, *, closed: bool = False) -> tuple[Account, Actor]:
    """The account that acts, and what it may in this assessment; with `closed`, also in a year that is closed.

    Raises NotFound for one that is gone or disabled, or has no role in the assessment's office, YearClosed.
    """
    actor = queries.get_actor(session, by, assessment_id)
    if not closed:
        check_open(session, assessment_id)
    return session.get_one(Account, by), actor


def planning(session: Session, by: int, assessment_id: int, *, closed: bool = False) -> Account:
    """The account that puts plans in force in this office and year; with `closed`, also where that is closed.

    Raises NotFound, YearClosed, NotYours.
    """
    account, actor = acting(session, by, assessment_id, closed=closed)
    if not access.may_plan(actor):
        raise NotYours
    return account


def check_open(session: Session, assessment_id: int, item_id: int | None = None) -> None:
    """Nothing, where the year is open, or this item of it. Asked once it is sure that the actor may know the thing.

    Raises YearClosed.
    """
    if not queries.is_open(session, assessment_id, item_id):
        raise YearClosed(year=queries.get_assessment_by_id(session, assessment_id).fiscal_year)


def acting_on(session: Session, by: int, item_id: int) -> tuple[Account, Actor]:
    """The account that acts, and what it may in the assessment of an item that it may read.

    Raises NotFound, also where there is no such item, YearClosed where neither the year nor the item is open.
    """
    item = session.get(Item, item_id)
    if item is None:
        raise NotFound
    account, actor = acting(session, by, item.assessment_id, closed=True)
    if not access.may_read(actor, queries.get_item_people(session, item_id)):
        raise NotFound
    check_open(session, item.assessment_id, item_id)
    return account, actor


def get_item(session: Session, item_id: int) -> queries.Snapshot:
    """The plan and the records of one item (`items[0]`), as they are now.

    Raises NotFound, also where the plan no longer has the item.
    """
    item = session.get(Item, item_id)
    if item is None:
        raise NotFound
    assessment = queries.get_assessment_by_id(session, item.assessment_id)
    part = queries.take_snapshot(session, assessment, item_id)
    if not part.items:
        raise NotFound
    return part


class EvidenceChanged(Refused):
    says = N_("{item} has changed since you looked at it. Look at it again before you decide.")


def standing_of(session: Session, item_id: int) -> ItemStanding:
    """How the item stands now.

    Raises NotFound, also where the plan no longer has the item.
    """
    part = get_item(session, item_id)
    return part.board(part.assessment.ends).items[0]


def check_unchanged(standing: ItemStanding, fingerprint: str) -> None:
    """Nothing, where the item's accepted evidence is the one that was looked at.

    Raises EvidenceChanged.
    """
    if standing.fingerprint != fingerprint:
        raise EvidenceChanged(item=standing.item.code)


def assessment_of(session: Session, item_id: int) -> int:
    """The id of the assessment to which an item belongs that is there."""
    return session.get_one(Item, item_id).assessment_id


def not_yours(actor: Actor, code: str, people: access.ItemPeople) -> Refused:
    """Who may not even read the item is told that there is none."""
    return NotYourItem(item=code) if access.may_read(actor, people) else NotFound()


@dataclass(frozen=True, slots=True)
class HandedIn:
    """An evidence with its item, who has a duty on that, and who acts."""

    evidence: Evidence
    item: Item
    people: access.ItemPeople
    account: Account
    actor: Actor


def handed_in(session: Session, by: int, evidence_id: int) -> HandedIn:
    """An evidence of an item that the account may read.

    Raises NotFound.
    """
    evidence = session.get(Evidence, evidence_id)
    if evidence is None:
        raise NotFound
    account, actor = acting_on(session, by, evidence.item_id)
    people = queries.get_item_people(session, evidence.item_id)
    return HandedIn(evidence, session.get_one(Item, evidence.item_id), people, account, actor)


def slots_of(session: Session, evidence_id: int) -> set[SlotKey]:
    """The slots that an evidence covers."""
    covers = select(EvidenceSlot).where(EvidenceSlot.evidence_id == evidence_id)
    return {queries.key_of(slot) for slot in session.exec(covers)}


def check_undecided(session: Session, found: HandedIn, held: queries.Decided | None) -> None:
    """Nothing, where no decision on the evidence is held and it was not taken back.

    Raises AlreadyReviewed, AlreadyWithdrawn.
    """
    if held:
        piece = f"{found.item.code} {found.evidence.file_name or found.evidence.url}".rstrip()
        raise AlreadyReviewed(piece=piece, who=held.by, decision=_(DECISIONS[held.round.decision]))
    if session.exec(select(Withdrawal).where(Withdrawal.evidence_id == found.evidence.id)).first():
        raise AlreadyWithdrawn


def demand_of(item: ItemFacts, key: SlotKey) -> RequirementFacts:
    """What the item demands in this slot.

    Raises UnknownSlot where it has no such slot now.
    """
    found = next((slot.requirement for slot in item.slots if slot.key == key), None)
    if found is None:
        raise UnknownSlot(item=item.code)
    return found


def formats_of(item: ItemFacts) -> list[str]:
    """The formats that the item's slots take, in the order of `kinds.TAKEN`; all where a slot takes any."""
    kinds = taken_for({slot.key.format for slot in item.slots})
    return list(dict.fromkeys(kind.format for kind in kinds))


def check_wanted(file: File, item: ItemFacts) -> None:
    """Nothing, where a slot of the item takes files of this kind.

    Raises NotOfItem.
    """
    wanted = formats_of(item)
    if file.format not in wanted:
        raise NotOfItem(file=file.name, found=_(FORMATS[file.format]), item=item.code, wanted=format_words(wanted))


def check_format(file: File, key: SlotKey, demand: RequirementFacts) -> None:
    """Nothing, where the slot takes files of this kind.

    Raises WrongFormat.
    """
    if key.format and file.format != key.format:
        raise WrongFormat(
            file=file.name, found=_(FORMATS[file.format]), slot=demand.title, wanted=_(FORMATS[key.format])
        )
