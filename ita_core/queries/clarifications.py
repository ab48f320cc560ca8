"""What the assessor gave for each item of a year, what our records say of it, and its clarification."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from ita_core import access
from ita_core.access import Actor, ItemPeople
from ita_core.board import clarifications, progress
from ita_core.board.clarifications import Answer, Clarifying, Decided, Dispute, Looked, Ours, Piece, Recorded, Version
from ita_core.board.headline import APPROVED
from ita_core.board.links import addresses
from ita_core.board.progress import ItemStanding, SlotStanding, State
from ita_core.days import end_of, happened
from ita_core.models import (
    Account,
    AnnouncedScore,
    Approval,
    Clarification,
    ClarificationDecision,
    ClarificationResult,
    Decision,
    Evidence,
    Filing,
    Item,
    LinkCheck,
    LinkOutcome,
    Publication,
    Undoing,
)
from ita_core.queries.actors import item_people_by_id
from ita_core.queries.assessments import AssessmentFacts
from ita_core.queries.kept import current_snapshot
from ita_core.queries.remembered import remembered
from ita_core.queries.scores import ScoreFacts, list_item_points
from ita_core.queries.wide import wide_select

Approved = tuple[str, datetime, datetime | None]  # by whom, when, when it was undone


def list_clarifications(
    session: Session, who: Actor | None, assessment_id: int, before: datetime | None = None
) -> dict[int, Clarifying]:
    """Item's id → its clarification just before a moment (None: now), of the items that the actor may read.

    None, the server itself, reads all.
    """
    people = item_people_by_id(session, assessment_id)
    found = {}
    for of, one in _every(session, assessment_id).items():
        known = clarifications.as_of(one, before)
        if known and (who is None or access.may_read(who, people.get(of, ItemPeople()))):
            found[of] = known
    return found


@remembered
def _every(session: Session, assessment_id: int) -> dict[int, Clarifying]:
    deciding = aliased(Account)
    rows = (
        wide_select(Clarification, Account.name, ClarificationDecision, deciding.name)
        .join(Item, col(Item.id) == Clarification.item_id)
        .join(Account, col(Account.id) == Clarification.account_id)
        .outerjoin(ClarificationDecision, col(ClarificationDecision.clarification_id) == Clarification.id)
        .outerjoin(deciding, col(deciding.id) == ClarificationDecision.account_id)
        .where(Item.assessment_id == assessment_id)
        .order_by(col(Clarification.item_id), col(Clarification.number))
    )
    versions: dict[int, list[Version]] = defaultdict(list)
    for row, by, word, decided_by in session.execute(rows):
        decided = word and Decided(word.decision is Decision.accepted, word.reason, decided_by, word.at)
        versions[row.item_id].append(
            Version(row.id, row.number, row.text, row.due, row.proposed, row.withdrawn, row.account_id, by, row.at,
                    decided)
        )  # fmt: skip
    answers = _answers(session, assessment_id) if versions else {}
    return {of: Clarifying(tuple(listed), tuple(answers.get(of, ()))) for of, listed in versions.items()}


def _answers(session: Session, assessment_id: int) -> dict[int, list[Answer]]:
    rows = (
        wide_select(Clarification.item_id, ClarificationResult, AnnouncedScore.points, Account.name)
        .join(Clarification, col(Clarification.id) == ClarificationResult.clarification_id)
        .join(Item, col(Item.id) == Clarification.item_id)
        .join(Account, col(Account.id) == ClarificationResult.account_id)
        .outerjoin(AnnouncedScore, col(AnnouncedScore.id) == ClarificationResult.score_id)
        .where(Item.assessment_id == assessment_id)
        .order_by(col(ClarificationResult.at), col(ClarificationResult.id))
    )
    found: dict[int, list[Answer]] = defaultdict(list)
    for of, row, points, by in session.execute(rows):
        found[of].append(Answer(row.clarification_id, row.outcome, points, row.note, by, row.at))
    return found


def list_disputes(
    session: Session, who: Actor | None, assessment: AssessmentFacts, *, day: date, code: str = ""
) -> list[Dispute]:
    """The disclosure items that the actor may read (or only the one with this code), in their order, as of the end of
    a day: the assessor's points, what the records say of each, and its clarification. None, the server, reads all.

    How an item stood is told of the day on which the OIT window closed; what was found at its addresses, from that
    day to the deadline of its clarification.
    """
    before = progress.until(day, assessment.ends)
    data = current_snapshot(session, assessment).on(day)
    data = data if who is None else data.visible_to(who)
    closed = min(day, assessment.closes)
    standings = [one for one in data.board(closed).oit if code in {"", one.item.code}]
    known = list_clarifications(session, who, assessment.id, before)
    points = list_item_points(session, assessment.id, before)
    term = clarifications.window(data.steps)
    dues = {one.item.id: _due(known.get(one.item.id), term) for one in standings}
    where: list[Any] = [Item.assessment_id == assessment.id]
    if code:
        where.append(col(Item.id).in_([one.item.id for one in standings]))
    looked = _looked(session, where, closed, dues, before)
    approved = _approved(session, where, before)
    published, filed = _recorded(session, Publication, where, before), _recorded(session, Filing, where, before)
    names = _names(session, [number for one in standings for number in one.accepted_ids])
    found = []
    for one in standings:
        of = one.item.id
        ours = Ours(
            one, closed, _approval(one, approved.get(of, ()), closed), tuple(published.get(of, ())),
            tuple(filed.get(of, ())), tuple(looked.get(of, ())), _pieces(one, names),
            day < assessment.closes,
        )  # fmt: skip
        first, last, source = _points(points.get(one.item.code, ()), known.get(of))
        said = tuple(clarifications.findings(ours))
        found.append(Dispute(ours, last, first, source, said, known.get(of), dues[of]))
    return found


def _due(one: Clarifying | None, term: tuple[date, date] | None) -> date | None:
    """What was typed in with the clarification, else the end of the plan's step."""
    typed = one.now.due if one and one.now else None
    return typed or (term[1] if term else None)


def _points(records: Sequence[ScoreFacts], one: Clarifying | None) -> tuple[float | None, float | None, str]:
    """Points before the first answer to the clarification, points as they stand, where they were announced."""
    answered = one.answers[0].at if one and one.answers else None
    first = [record for record in records if happened(record.at, answered)] if answered else list(records)
    known = first[-1] if first and not first[-1].retracted else None
    last = records[-1] if records and not records[-1].retracted else None
    return known.entry.points if known else None, last.entry.points if last else None, last.entry.source if last else ""


def _approval(one: ItemStanding, given: Sequence[Approved], closed: date) -> tuple[str, datetime] | None:
    """The approval that held at the closing; else the first one after it that was not undone."""
    ends = end_of(closed)
    if one.stage in APPROVED:
        held = [(by, at) for by, at, undone in given if at < ends and not happened(undone, ends)]
        return held[-1] if held else None
    return next(((by, at) for by, at, undone in given if at >= ends and undone is None), None)


def _approved(session: Session, where: list[Any], before: datetime | None) -> dict[int, list[Approved]]:
    rows = (
        wide_select(Approval.item_id, Account.name, Approval.at, Undoing.at)
        .join(Item, col(Item.id) == Approval.item_id)
        .join(Account, col(Account.id) == Approval.account_id)
        .outerjoin(Undoing, col(Undoing.approval_id) == Approval.id)
        .where(*where)
        .order_by(col(Approval.at), col(Approval.id))
    )
    found: dict[int, list[Approved]] = defaultdict(list)
    for of, by, at, undone in session.execute(rows):
        if happened(at, before):
            found[of].append((by, at, undone if happened(undone, before) else None))
    return found


def _recorded(
    session: Session, table: type[Publication | Filing], where: list[Any], before: datetime | None
) -> dict[int, list[Recorded]]:
    answer = Filing.answer if table is Filing else sa.true()
    rows = (
        wide_select(table.item_id, table.url, Account.name, table.at, answer)
        .join(Item, col(Item.id) == table.item_id)
        .join(Account, col(Account.id) == table.account_id)
        .where(*where)
        .order_by(col(table.at), col(table.id))
    )
    found: dict[int, list[Recorded]] = defaultdict(list)
    for of, url, by, at, said in session.execute(rows):
        if happened(at, before):
            found[of].append(Recorded(tuple(addresses(url)), by, at, bool(said)))
    return found


def _looked(
    session: Session, where: list[Any], closed: date, dues: Mapping[int, date | None], before: datetime | None
) -> dict[int, list[Looked]]:
    """What the checks from the closing day on found, each item's up to the end of its own deadline (item's id → day;
    None: however late), counted by the database: there is one a day of each address."""
    at = col(LinkCheck.at)
    grouped = (
        wide_select(
            LinkCheck.item_id, LinkCheck.url, LinkCheck.outcome, sa.func.count(), sa.func.min(at), sa.func.max(at),
            sa.func.count(col(LinkCheck.evidence_id)),
            *(pick(sa.case((col(LinkCheck.evidence_id).is_not(None), at))) for pick in (sa.func.min, sa.func.max)),
        )
        .join(Item, col(Item.id) == LinkCheck.item_id)
        .where(*where, at >= end_of(closed - timedelta(days=1)))
        .group_by(col(LinkCheck.item_id), col(LinkCheck.url), col(LinkCheck.outcome))
        .order_by(col(LinkCheck.item_id), col(LinkCheck.url))
    )  # fmt: skip
    if before is not None:
        grouped = grouped.where(at < before)
    by_due: defaultdict[date, list[int]] = defaultdict(list)
    for of, due in dues.items():
        if due is not None:
            by_due[due].append(of)
    for due, those in by_due.items():
        grouped = grouped.where(sa.or_(col(LinkCheck.item_id).not_in(those), at < end_of(due)))
    found: dict[tuple[int, str], Looked] = {}
    for of, url, outcome, times, first, last, same, first_same, last_same in session.execute(grouped):
        one = found.get((of, url), Looked(url))
        if outcome is LinkOutcome.reached:
            one = replace(one, opened=times, first_opened=first, last_opened=last, same=same, first_same=first_same,
                          last_same=last_same)  # fmt: skip
        else:
            newer = one.last_failed is None or last > one.last_failed
            one = replace(
                one, failed=one.failed + times, first_failed=min(one.first_failed or first, first),
                last_failed=max(one.last_failed or last, last), outcome=outcome if newer else one.outcome,
            )  # fmt: skip
        found[of, url] = one
    listed: dict[int, list[Looked]] = defaultdict(list)
    for (of, _url), one in found.items():
        listed[of].append(one)
    return listed


def _names(session: Session, evidence_ids: Sequence[int]) -> dict[int, str]:
    """Evidence → its file's name, its address, or "" for a statement that there is nothing to report."""
    if not evidence_ids:
        return {}
    rows = wide_select(Evidence.id, Evidence.file_name, Evidence.url).where(col(Evidence.id).in_(evidence_ids))
    return {number: name or url for number, name, url in session.execute(rows)}


def _pieces(one: ItemStanding, names: Mapping[int, str]) -> tuple[Piece, ...]:
    """What was accepted, in the order of the item's slots."""
    grouped: dict[int, list[SlotStanding]] = {}
    for slot in one.slots:
        if slot.state is State.accepted and slot.evidence_id:
            grouped.setdefault(slot.evidence_id, []).append(slot)
    return tuple(
        Piece(number, names.get(number, ""), tuple(slots), min((s.accepted_on for s in slots if s.accepted_on),
                                                               default=None))
        for number, slots in grouped.items()
    )  # fmt: skip
