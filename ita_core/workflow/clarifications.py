"""What the office says to the assessor of a disputed item: written, approved or sent back, answered."""

from datetime import date, datetime

from sqlmodel import Session

from ita_core import access, audit, queries
from ita_core.access import Actor
from ita_core.board.clarifications import Clarifying, Standing, Version, window
from ita_core.errors import NotFound, NotYours, OwnEvidence, ReasonMissing, Refused, TextMissing, WhyMissing
from ita_core.language import N_
from ita_core.models import (
    Account,
    Clarification,
    ClarificationDecision,
    ClarificationOutcome,
    ClarificationResult,
    Decision,
    Item,
    ItemKind,
)
from ita_core.thai import date_text
from ita_core.typed import LONGEST_NOTE, clean_text
from ita_core.workflow.asking import acting_on, assessment_of, get_item, new_id
from ita_core.workflow.scores import record_points

LONGEST_CLARIFICATION = 20_000  # characters: some ten pages, more than the drafted text with every month's evidence


class ClarificationChanged(Refused):
    says = N_("The clarification of {item} has changed since you looked at it. Look at it again before you go on.")


class NotDisputed(Refused):
    says = N_("{item} is no disclosure item with points from the assessor: there is nothing to clarify. Record the "
              "points first.")  # fmt: skip


class NoClarification(Refused):
    says = N_("Nothing is written to clarify {item}.")


class NotProposed(Refused):
    says = N_("The clarification of {item} does not wait for the commander.")


class NotApprovedYet(Refused):
    says = N_("The commander has not approved the clarification of {item}: no answer can have come to it.")


class Answered(Refused):
    says = N_("The assessor has answered the clarification of {item} already: its text stays as it was.")


class DueMissing(Refused):
    says = N_("The plan has no step for clarifying: enter the last day on which it can be handed in.")


class DueOutside(Refused):
    says = N_("{day} cannot be the last day for clarifying: it lies from {first} to {last}.")


def clarify(
    session: Session, *, by: int, item_id: int, text: str, due: date | None = None, propose: bool, seen: int,
    at: datetime,
) -> bool:  # fmt: skip
    """Write a version of the clarification of a disputed item, as a draft or (`propose`) for the commander; whether
    that is new. An earlier version stays, and an approval holds for the version that it was given for.

    `due` is the last day on which it can be handed in, where it is another than the plan's step says; `seen` the
    number of the version that was looked at, 0 for none.

    Raises NotFound, YearClosed, NotYours, NotDisputed, Answered, ClarificationChanged, TextMissing, DueMissing,
    DueOutside, BadText.
    """
    account, code = _writing(session, by, item_id)
    words = clean_text(text, LONGEST_CLARIFICATION)
    if not words:
        raise TextMissing(N_("Write what the office says to the assessor."))
    data = get_item(session, item_id)
    year = data.assessment
    if data.items[0].kind is not ItemKind.oit or not _has_points(session, year.id, code):
        raise NotDisputed(item=code)
    term = window(data.steps)
    if due is not None and term is not None and due == term[1]:
        due = None  # the plan says it, and goes on saying it when it is moved
    if due is None and term is None:
        raise DueMissing
    if due is not None and not year.closes < due <= year.ends:
        raise DueOutside(day=date_text(due), first=date_text(year.closes), last=date_text(year.ends))
    audit.one_at_a_time(session)
    known = _known(session, item_id)
    now = known.now if known else None
    stands = now is not None and (now.text, now.due, now.proposed) == (words, due, propose)
    if stands and known and known.standing in {Standing.draft, Standing.proposed, Standing.approved}:
        return False  # a second click, which still names the version before the first one's
    _seen(known, code, seen)
    if known and known.standing is Standing.answered:
        raise Answered(item=code)
    _add(session, account, code, known, item_id=item_id, text=words, due=due, proposed=propose, withdrawn=False, at=at)
    return True


def give_up_clarification(session: Session, *, by: int, item_id: int, why: str, seen: int, at: datetime) -> None:
    """Record that an item is not clarified any more, and why; what was written stays. It can be written anew.

    Raises NotFound, YearClosed, NotYours, NoClarification, Answered, ClarificationChanged, WhyMissing, BadText.
    """
    account, code = _writing(session, by, item_id)
    said = clean_text(why, LONGEST_NOTE)
    if not said:
        raise WhyMissing(N_("Say why the item is not clarified."))
    audit.one_at_a_time(session)
    known = _known(session, item_id)
    if _seen(known, code, seen) is None:
        raise NoClarification(item=code)
    if known and known.standing is Standing.answered:
        raise Answered(item=code)
    _add(session, account, code, known, item_id=item_id, text=said, due=None, proposed=False, withdrawn=True, at=at)


def decide_clarification(
    session: Session, *, by: int, clarification_id: int, approve: bool, reason: str = "", at: datetime
) -> None:
    """Approve the version that was looked at, or send it back with a reason; the same once more changes nothing.

    Raises NotFound, YearClosed, NotYours, OwnEvidence, ClarificationChanged, NotProposed, ReasonMissing, BadText.
    """
    account, actor, row, code = _of_version(session, by, clarification_id)
    if not access.may_direct(actor):
        raise NotYours
    if not access.may_decide_clarification(actor, row.account_id):
        raise OwnEvidence(N_("Nobody decides on what they wrote themselves."))
    why = clean_text(reason, LONGEST_NOTE)
    if not approve and not why:
        raise ReasonMissing(N_("Say why you send it back, so that whoever wrote it knows what to change."))
    audit.one_at_a_time(session)
    now = _now(_known(session, row.item_id), code, clarification_id)
    if now.decided is not None and now.decided.approved is approve:
        return  # a second click, or both at once
    if now.standing is not Standing.proposed:
        raise NotProposed(item=code)
    decision = Decision.accepted if approve else Decision.returned
    session.add(
        ClarificationDecision(clarification_id=clarification_id, account_id=by, decision=decision, reason=why, at=at)
    )
    session.flush()
    audit.record(
        session, actor=account, action="clarification.decide", subject=f"clarification {clarification_id}", at=at,
        item=code, decision=decision.value, reason=why,
    )  # fmt: skip


def record_result(
    session: Session, *, by: int, clarification_id: int, outcome: ClarificationOutcome, points: float | None,
    note: str = "", at: datetime,
) -> bool:  # fmt: skip
    """Record what the assessor made of an approved clarification, and the item's points after it (None: as before);
    whether that is new. A later record corrects it. The points become the item's announced score.

    Raises NotFound, YearClosed, NotYours, ClarificationChanged, NotApprovedYet, PlanFaults for points that cannot be,
    BadText.
    """
    account, actor, row, code = _of_version(session, by, clarification_id)
    if not access.may_publish(actor):
        raise NotYours
    said = clean_text(note, LONGEST_NOTE)
    audit.one_at_a_time(session)
    known = _known(session, row.item_id)
    now = _now(known, code, clarification_id)
    if now.decided is None or not now.decided.approved:
        raise NotApprovedYet(item=code)
    before = known.answer if known else None
    if before and (before.outcome, before.points, before.note) == (outcome, points, said):
        return False
    score = None
    if points is not None:
        score = record_points(session, account, assessment_of(session, row.item_id), code, points, at)
    made = ClarificationResult(
        clarification_id=clarification_id, outcome=outcome, score_id=score, note=said, account_id=by, at=at
    )
    session.add(made)
    session.flush()
    audit.record(
        session, actor=account, action="clarification.answer", subject=f"answer {new_id(made.id)}", at=at,
        item=code, clarification=clarification_id, outcome=outcome.value, score=score, points=points, note=said,
    )  # fmt: skip
    return True


def _writing(session: Session, by: int, item_id: int) -> tuple[Account, str]:
    """Who writes, and the item's code. Raises NotFound, YearClosed, NotYours."""
    account, actor = acting_on(session, by, item_id)
    if not access.may_clarify(actor, queries.get_item_people(session, item_id)):
        raise NotYours
    return account, session.get_one(Item, item_id).code


def _of_version(session: Session, by: int, clarification_id: int) -> tuple[Account, Actor, Clarification, str]:
    """Raises NotFound, also where it is of an item that the account may not read, YearClosed."""
    row = session.get(Clarification, clarification_id)
    if row is None:
        raise NotFound
    account, actor = acting_on(session, by, row.item_id)
    return account, actor, row, session.get_one(Item, row.item_id).code


def _has_points(session: Session, assessment_id: int, code: str) -> bool:
    records = queries.list_item_points(session, assessment_id).get(code, ())
    return bool(records) and not records[-1].retracted


def _known(session: Session, item_id: int) -> Clarifying | None:
    return queries.list_clarifications(session, None, assessment_of(session, item_id)).get(item_id)


def _seen(known: Clarifying | None, code: str, seen: int) -> Version | None:
    """The version that holds, where it is the one that was looked at. Raises ClarificationChanged."""
    number = known.versions[-1].number if known else 0
    if number != seen:
        raise ClarificationChanged(item=code)
    return known.now if known else None


def _now(known: Clarifying | None, code: str, clarification_id: int) -> Version:
    """The version that holds, where it is this one. Raises ClarificationChanged."""
    if known is None or known.now is None or known.now.id != clarification_id:
        raise ClarificationChanged(item=code)
    return known.now


def _add(
    session: Session, account: Account, code: str, known: Clarifying | None, *, item_id: int, text: str,
    due: date | None, proposed: bool, withdrawn: bool, at: datetime,
) -> None:  # fmt: skip
    number = known.versions[-1].number + 1 if known else 1
    row = Clarification(
        item_id=item_id, number=number, text=text, due=due, proposed=proposed, withdrawn=withdrawn,
        account_id=new_id(account.id), at=at,
    )  # fmt: skip
    session.add(row)
    session.flush()
    audit.record(
        session, actor=account, action="clarification.write", subject=f"clarification {new_id(row.id)}", at=at,
        item=code, number=number, text=text, due=due.isoformat() if due else None, proposed=proposed,
        withdrawn=withdrawn,
    )  # fmt: skip
