"""An office's years one after the other: what of the year before an item comes of, and who may see how it was done."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from ita_core import access
from ita_core.access import Actor
from ita_core.board import progress, years
from ita_core.board.progress import ItemFacts, ItemStanding
from ita_core.board.years import ItemYears, OfficerYears
from ita_core.errors import NotFound
from ita_core.models import Item
from ita_core.queries.actors import get_actor
from ita_core.queries.assessments import AssessmentFacts, get_assessment_by_id, list_assessments
from ita_core.queries.kept import current_snapshot
from ita_core.queries.plans import get_history
from ita_core.queries.snapshots import Snapshot


def year_before(session: Session, assessment: AssessmentFacts) -> AssessmentFacts | None:
    """The office's last year before this one, None for its first."""
    return next((one for one in _own(session, assessment) if one.fiscal_year < assessment.fiscal_year), None)


def _year_after(session: Session, assessment: AssessmentFacts) -> AssessmentFacts | None:
    own = reversed(_own(session, assessment))
    return next((one for one in own if one.fiscal_year > assessment.fiscal_year), None)


def _own(session: Session, assessment: AssessmentFacts) -> list[AssessmentFacts]:
    """The same office's, the newest first."""
    return [one for one in list_assessments(session) if one.office_id == assessment.office_id]


def came_from(last: Snapshot, item: ItemFacts) -> tuple[ItemStanding, ...]:
    """How those items that this one comes of stood at the end of the year before."""
    before = {one.id for one in years.came_from(item, last.items)}
    return tuple(one for one in last.board(last.assessment.ends).items if one.item.id in before)


def is_example(session: Session, account_id: int, item_id: int, evidence_id: int) -> bool:
    """Whether the account may open this evidence as an example (`access.may_see_example`).

    It was accepted and fills a slot at the end of its year, and an item of the office's next year comes of its item.
    """
    item = session.get(Item, item_id)
    if item is None:
        return False
    here = get_assessment_by_id(session, item.assessment_id)
    after = _year_after(session, here)
    if after is None:
        return False
    try:
        who = get_actor(session, account_id, after.id)
    except NotFound:
        return False
    last = current_snapshot(session, here)
    history = get_history(session, after.id)
    return any(
        access.may_see_example(who, history.people_of[one.id])
        and any(evidence_id in before.accepted_ids for before in came_from(last, one) if before.item.id == item_id)
        for one in history.now.items
    )


@dataclass(frozen=True)
class Comparison:
    """This year on a day beside the end of the one before, as far as whoever asked may see it."""

    last: Snapshot
    now: Snapshot
    items: tuple[ItemYears, ...]
    officers: tuple[OfficerYears, ...]  # everybody for who sees all, else the actor


def compare_years(session: Session, who: Actor, assessment: AssessmentFacts, day: date) -> Comparison | None:
    """Both years item by item and officer by officer; None where there is no year before.

    Of the year before, it gives the items that the actor may read there, and those of which one comes that they may
    read now.
    """
    before = year_before(session, assessment)
    if before is None:
        return None
    now = current_snapshot(session, assessment).on(day).visible_to(who)
    last = _last_year(current_snapshot(session, before), get_actor(session, who.account_id, before.id), now.items)
    ended = min(before.ends, day)  # the next year may have begun while it still runs
    boards = last.board(ended), now.board(day)
    persons = [
        {of: one.person_id for of, one in part.people.items() if one.person_id is not None} for part in (last, now)
    ]
    records = progress.as_of(last.records, progress.until(ended, before.ends))
    officers = years.officers(*boards, records, *persons)
    if not access.sees_all(who):  # how colleagues do is for those who lead them
        officers = [one for one in officers if who.officer_id is not None and one.now_id == who.officer_id]
    return Comparison(last, now, tuple(years.items(*boards, records)), tuple(officers))


def _last_year(last: Snapshot, who: Actor, items: Iterable[ItemFacts]) -> Snapshot:
    """Restricted to what the actor may read there, and what the items come of."""
    if access.sees_all(who):
        return last
    also = {before.id for item in items for before in years.came_from(item, last.items)}
    return last.restricted_to({one.id for one in last.visible_to(who).items} | also)
