"""Last year's accepted evidence as an example for whoever does the item this year; it never counts."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session, col

from ita_core import access
from ita_core.access import Actor
from ita_core.board.progress import HandIn, ItemStanding
from ita_core.errors import NotFound
from ita_core.models import Decision, Evidence
from ita_core.queries.actors import get_actor
from ita_core.queries.assessments import AssessmentFacts
from ita_core.queries.evidence import EvidenceFacts, list_returns, select_evidence
from ita_core.queries.kept import current_snapshot
from ita_core.queries.lineage import came_from, year_before
from ita_core.queries.scores import list_scores
from ita_core.queries.snapshots import Snapshot


@dataclass(frozen=True, slots=True)
class Example:
    """An accepted evidence of the year before, and what came back in its place before it, the first one first."""

    evidence: EvidenceFacts
    returns: tuple[EvidenceFacts, ...]


@dataclass(frozen=True, slots=True)
class Lesson:
    """How it went the year before: pieces of evidence that came back of all, and why, the most frequent reason first.

    `late` of the slots were accepted after they were due or not at all, the latest by `days_late`; `points` is the
    assessor's score of each of the items by its code, where it was announced.
    """

    pieces: int
    returned: int
    reasons: tuple[tuple[str, int], ...]
    slots: int
    late: int
    days_late: int
    points: tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class Examples:
    """What was accepted the year before for what an item comes of."""

    last: Snapshot  # of those items
    items: tuple[ItemStanding, ...]  # none: the item is new
    readable: frozenset[str]  # codes of those that the actor may read there, too
    listed: tuple[Example, ...]  # in the order of the slots, as many as were asked for
    count: int  # of all there are
    lesson: Lesson


def get_examples(
    session: Session, who: Actor, assessment: AssessmentFacts, code: str, *, most: int | None = None
) -> Examples | None:
    """The examples for an item; None where there is no year before.

    Raises NotFound where there is no such item, or its examples are not the actor's to see.
    """
    here = current_snapshot(session, assessment)
    item = here.of_item(code).items[0]
    if not access.may_see_example(who, here.history.people_of[item.id]):
        raise NotFound
    before = year_before(session, assessment)
    if before is None:
        return None
    last = current_snapshot(session, before)
    items = came_from(last, item)
    part = last.restricted_to({one.item.id for one in items})
    then = get_actor(session, who.account_id, before.id)
    readable = {one.item.code for one in items if access.may_read(then, part.history.people_of[one.item.id])}
    order = dict.fromkeys(slot.evidence_id for one in items for slot in one.slots)
    accepted = {of for one in items for of in one.accepted_ids}
    chosen = [of for of in order if of in accepted][:most]
    by_id = {one.id: one for one in part.records.hand_ins}
    returns = {of: _returned_before(by_id[of], part.records.hand_ins) for of in chosen if of is not None}
    wanted = {*returns, *(one for ids in returns.values() for one in ids)}
    facts = {one.id: one for one in select_evidence(session, col(Evidence.id).in_(wanted))}
    listed = tuple(Example(facts[of], tuple(facts[one] for one in ids)) for of, ids in returns.items())
    return Examples(part, items, frozenset(readable), listed, len(accepted), _lesson(session, assessment, part, items))


def _lesson(session: Session, assessment: AssessmentFacts, last: Snapshot, items: Sequence[ItemStanding]) -> Lesson:
    hand_ins = [one for one in last.records.hand_ins if one.withdrawn_at is None]
    reasons = Counter(
        why for _who, why in list_returns(session, [one.id for one in hand_ins if one.came_back]).values()
    )
    slots = [slot for one in items for slot in one.slots]
    late = [slot.days_late for slot in slots if slot.late or slot.overdue]
    codes = {one.item.code for one in items}
    scores = [one.entry for one in list_scores(session, assessment.id)]
    year = last.assessment.fiscal_year
    return Lesson(
        len(hand_ins), reasons.total(), tuple(reasons.most_common()), len(slots), len(late), max(late, default=0),
        tuple((one.item, one.points) for one in scores if one.fiscal_year == year and one.item in codes),
    )  # fmt: skip


def _returned_before(one: HandIn, hand_ins: Sequence[HandIn]) -> list[int]:
    """What came back of a slot that this one fills, before it was handed in."""
    slots = set(one.slots)
    return [
        other.id
        for other in hand_ins
        if other.decision is Decision.returned and other.at < one.at and slots.intersection(other.slots)
    ]
