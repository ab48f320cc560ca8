"""What supervisors, the commander and the keeper of ITAP decide: review, approve, publish, file."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, TypeVar

from sqlmodel import Session, func, select
from sqlmodel.sql.expression import SelectOfScalar

from ita_core import access, audit, queries
from ita_core.board.links import addresses, not_opening
from ita_core.board.progress import ItemStanding, SlotKey, Stage
from ita_core.errors import (
    BadAddress,
    NotApproved,
    NotComplete,
    NotYourItem,
    NotYours,
    OwnEvidence,
    ReasonMissing,
    Refused,
    UnknownSlot,
)
from ita_core.language import N_
from ita_core.links.outside import networks, plainly_inside
from ita_core.models import (
    Approval,
    Decision,
    Filing,
    Publication,
    ReturnedSlot,
    Review,
)
from ita_core.settings import settings
from ita_core.typed import LONGEST_NOTE, clean_addresses, clean_text
from ita_core.workflow.asking import (
    HandedIn,
    acting_on,
    assessment_of,
    check_unchanged,
    check_undecided,
    handed_in,
    new_id,
    slots_of,
    standing_of,
)
from ita_core.workflow.links import NotPublished

T = TypeVar("T", Publication, Filing)


class LinkBroken(Refused):
    says = N_("{address} did not open when it was checked last: have it mended, or tick that you know it.")


class AddressesChanged(Refused):
    says = N_("The links of {item} have changed since you looked at them. Look at them again before you record.")


def review(
    session: Session, *, by: int, evidence_id: int, decision: Decision, reason: str = "",
    returned: Collection[SlotKey] = (), at: datetime,
) -> int:  # fmt: skip
    """Accept an evidence, or return it with a reason; gives the review's id.

    Accepted with slots of it in `returned`, it comes back for those, and counts for the others. Of two decisions at
    once one wins, the other is told of it. What was accepted can be returned, in whole or for some of its slots, while
    the commander has sent its item back (`send_back`).

    Raises NotFound, YearClosed, NotYours, OwnEvidence, AlreadyReviewed, AlreadyWithdrawn, UnknownSlot, ReasonMissing,
    BadText.
    """
    found = handed_in(session, by, evidence_id)
    if found.evidence.account_id == by:
        raise OwnEvidence
    if not access.may_review(found.actor, found.people, found.evidence.account_id):
        raise NotYourItem(item=found.item.code)
    why = clean_text(reason, LONGEST_NOTE)
    held = queries.get_decided(session, evidence_id)
    so_far = held.round.returned if held and returned else ()  # what came back stays so
    decision, back = _slot_by_slot(session, found, decision, {*returned, *so_far})
    returns = decision is Decision.returned or bool(back)
    if returns and not why:
        raise ReasonMissing
    if held and (held.account_id, held.round.decision, set(held.round.returned)) == (by, decision, back):
        return held.id  # a second click on the same button
    was_accepted = held is not None and held.round.decision is Decision.accepted
    if not (returns and was_accepted and standing_of(session, found.evidence.item_id).reopened):
        check_undecided(session, found, held)
    last = session.exec(select(func.max(Review.round)).where(Review.evidence_id == evidence_id)).one() or 0
    made = Review(
        evidence_id=evidence_id, round=last + 1, account_id=by, decision=decision, reason=why, at=at
    )  # fmt: skip
    session.add(made)
    session.flush()
    review_id = new_id(made.id)
    session.add_all(ReturnedSlot(review_id=review_id, **key._asdict()) for key in sorted(back))
    audit.record(
        session, actor=found.account, action=f"evidence.{decision.value}", subject=f"evidence {evidence_id}", at=at,
        touches=found.item.assessment_id, item=found.item.code, reason=why, round=made.round,
        returned=[list(key) for key in sorted(back)],
    )  # fmt: skip
    return review_id


def _slot_by_slot(
    session: Session, found: HandedIn, decision: Decision, returned: Collection[SlotKey]
) -> tuple[Decision, set[SlotKey]]:
    """The decision, and which slots come back although it is accepted; where all do, the whole is returned.

    Raises UnknownSlot for a slot that the evidence does not cover.
    """
    if decision is Decision.returned or not returned:
        return decision, set()
    covered = slots_of(session, new_id(found.evidence.id))
    if not covered >= set(returned):
        raise UnknownSlot(item=found.item.code)
    return (Decision.returned, set()) if covered == set(returned) else (decision, set(returned))


def approve(session: Session, *, by: int, item_id: int, fingerprint: str, at: datetime) -> None:
    """Approve a complete item; `fingerprint` is that of the evidence the commander looked at.

    Raises NotYours, NotFound, OwnEvidence, NotComplete, EvidenceChanged.
    """
    account, actor = acting_on(session, by, item_id)
    if not access.may_approve(actor, ()):
        raise NotYours
    standing = standing_of(session, item_id)
    item = standing.item
    if not access.may_approve(actor, queries.list_senders(session, standing.accepted_ids)):
        raise OwnEvidence
    if not standing.complete:
        raise NotComplete(item=item.code)
    check_unchanged(standing, fingerprint)
    if standing.stage is not Stage.complete:
        return  # approved as it stands; nothing to add
    session.add(Approval(item_id=item_id, account_id=by, fingerprint=fingerprint, at=at))
    audit.record(
        session, actor=account, action="item.approve", subject=f"item {item.code}", at=at,
        touches=assessment_of(session, item_id), fingerprint=fingerprint,
    )  # fmt: skip


def publish(
    session: Session, *, by: int, item_id: int, url: str, seen: str | None = None, at: datetime
) -> None:  # fmt: skip
    """Record where on the office's website an approved item can be seen: all addresses, one a line.

    A later record corrects it, and says all of it again: so it is refused to who began with what was recorded
    (`seen`) when that is no longer the last record. What was filed is to be filed anew with other addresses; the same
    ones once more, in whatever order, change nothing.

    Raises NotYours, NotFound, NotApproved, AddressesChanged, BadAddress, BadText.
    """
    account, actor = acting_on(session, by, item_id)
    if not access.may_publish(actor):
        raise NotYours
    standing = standing_of(session, item_id)
    item = standing.item
    if standing.stage not in {Stage.approved, Stage.published, Stage.filed}:
        raise NotApproved(item=item.code)
    address = _recorded(url)
    before = session.exec(_last(Publication, item_id)).first()
    if standing.stage is not Stage.approved and before and _are_same(before.url, address):
        return  # a second click, or nothing corrected: what was filed stays filed
    _check_seen(item.code, before, seen)
    session.add(Publication(item_id=item_id, account_id=by, url=address, at=at))
    audit.record(
        session, actor=account, action="item.publish", subject=f"item {item.code}", at=at,
        touches=assessment_of(session, item_id), url=address,
    )  # fmt: skip


def take_off(session: Session, *, by: int, item_id: int, url: str, at: datetime) -> None:
    """Record that a published item is not to be seen at this one of its addresses any more.

    What was filed is to be filed anew; without any address left the item is to be published anew.

    Raises NotYours, NotFound, NotApproved, NotPublished.
    """
    account, actor = acting_on(session, by, item_id)
    if not access.may_publish(actor):
        raise NotYours
    item = _published(session, item_id).item
    before = session.exec(_last(Publication, item_id)).first()
    standing = addresses(before.url) if before else []
    if url not in standing:
        raise NotPublished(item=item.code)
    left = "\n".join(one for one in standing if one != url)
    session.add(Publication(item_id=item_id, account_id=by, url=left, at=at))
    audit.record(
        session, actor=account, action="item.withdraw", subject=f"item {item.code}", at=at,
        touches=assessment_of(session, item_id), url=left, withdrawn=url,
    )  # fmt: skip


def record_filing(
    session: Session, *, by: int, item_id: int, answer: bool, url: str, explanation: str = "", knowing: bool = False,
    seen: str | None = None, at: datetime,
) -> None:  # fmt: skip
    """Record the answer, links (one a line) and explanation of a published item as entered in ITAP, or correct it.

    Where one of the links did not open when it was checked last, only for who does so `knowing` it. Refused to who
    began with what was published (of a correction: filed; `seen`) when that is no longer the last record.

    Raises NotYours, NotFound, NotApproved, AddressesChanged, LinkBroken, BadAddress, BadText.
    """
    account, actor = acting_on(session, by, item_id)
    if not access.may_publish(actor):
        raise NotYours
    standing = _published(session, item_id)
    item = standing.item
    address, text = _recorded(url), clean_text(explanation, LONGEST_NOTE)
    before = session.exec(_last(Filing, item_id)).first()
    filed = before if standing.stage is Stage.filed else None
    if filed and (filed.answer, filed.explanation) == (answer, text) and _are_same(filed.url, address):
        return
    _check_seen(item.code, filed or session.exec(_last(Publication, item_id)).first(), seen)
    broken = _broken(session, item_id, address)
    if broken and not knowing:
        raise LinkBroken(address=broken[0])
    session.add(Filing(item_id=item_id, account_id=by, answer=answer, url=address, explanation=text, at=at))
    audit.record(
        session, actor=account, action="item.file", subject=f"item {item.code}", at=at,
        touches=assessment_of(session, item_id), answer=answer, url=address, explanation=text,
        **({"broken": broken} if broken else {}),
    )  # fmt: skip


def _published(session: Session, item_id: int) -> ItemStanding:
    """How an item stands that is published.

    Raises NotApproved.
    """
    standing = standing_of(session, item_id)
    if standing.stage not in {Stage.published, Stage.filed}:
        raise NotApproved(N_("{item} has not been published yet."), item=standing.item.code)
    return standing


def _recorded(typed: str) -> str:
    """The addresses that were typed, as a record has them: of websites that people outside can open.

    Raises BadAddress, BadText.
    """
    found = clean_addresses(typed)
    allowed = networks(settings().links_inside)
    for one in found:
        if plainly_inside(one, allowed):
            raise BadAddress(
                N_("{address} is an address inside the office: write the one on the public website."),
                address=one,
            )
    return "\n".join(found)


def _are_same(one: str, other: str) -> bool:
    """Whether two records name the same addresses, in whatever order."""
    return set(addresses(one)) == set(addresses(other))


def _check_seen(code: str, last: Publication | Filing | None, seen: str | None) -> None:
    """Nothing, where the last record is what somebody began with; None: they began with none.

    Raises AddressesChanged.
    """
    if seen is not None and not _are_same(last.url if last else "", seen):
        raise AddressesChanged(item=code)


def _broken(session: Session, item_id: int, recorded: str) -> list[str]:
    """Those of the addresses that did not open when they were checked last."""
    listed = queries.list_links(session, None, assessment_of(session, item_id), item_id=item_id)
    return [one.url for one in not_opening(listed, addresses(recorded))]


def _last(table: type[T], item_id: int) -> SelectOfScalar[T]:
    """The newest record of an item."""
    columns: Any = table
    return select(table).where(columns.item_id == item_id).order_by(columns.at.desc(), columns.id.desc()).limit(1)
