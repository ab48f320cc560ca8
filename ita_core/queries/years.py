"""The years of the offices: which are open, and what of them is not confirmed yet."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col

from ita_core.models import Account, YearEvent, YearStep
from ita_core.queries.assessments import AssessmentFacts, list_assessments
from ita_core.queries.plans import get_history
from ita_core.queries.remembered import remembered
from ita_core.queries.wide import wide_select


@dataclass(frozen=True, slots=True)
class YearFacts:
    """One office in one year: its newest revision, whether it is open, and the items that were only carried over."""

    assessment: AssessmentFacts
    revision: int
    open: bool
    reopened: frozenset[int]  # ids of items, where the year is closed
    assumed: tuple[str, ...]  # codes


@dataclass(frozen=True, slots=True)
class YearEventFacts:
    """When who closed the year or opened something of it again; `item_id` None is the whole year."""

    what: YearStep
    item_id: int | None
    by: str
    reason: str
    at: datetime


@remembered
def list_year_events(session: Session, assessment_id: int) -> list[YearEventFacts]:
    """What happened to the year, in its order."""
    statement = (
        wide_select(YearEvent.what, YearEvent.item_id, Account.name, YearEvent.reason, YearEvent.at)
        .outerjoin(Account, col(Account.id) == YearEvent.account_id)
        .where(YearEvent.assessment_id == assessment_id)
        .order_by(col(YearEvent.at), col(YearEvent.id))
    )
    return [
        YearEventFacts(what, item, by or "", reason, at) for what, item, by, reason, at in session.execute(statement)
    ]


def is_open(session: Session, assessment_id: int, item_id: int | None = None) -> bool:
    """Whether anything may be written in the year, or on this item of it."""
    year, reopened = _standing(session, assessment_id)
    return year or item_id in reopened


def _standing(session: Session, assessment_id: int) -> tuple[bool, frozenset[int]]:
    """Whether the year is open, and which items of a closed one are."""
    year, reopened = True, set[int]()
    for event in list_year_events(session, assessment_id):
        if event.item_id is None:
            year, reopened = event.what is YearStep.reopened, set()
        else:
            reopened.add(event.item_id)
    return year, frozenset(reopened)


def list_years(session: Session) -> list[YearFacts]:
    """Every year of every office, the newest of each first."""
    return [get_year(session, one) for one in list_assessments(session)]


def get_year(session: Session, assessment: AssessmentFacts) -> YearFacts:
    """What there is to say of one."""
    now = get_history(session, assessment.id).now
    assumed = tuple(item.code for item in now.items if item.assumed)
    return YearFacts(assessment, now.revision.number, *_standing(session, assessment.id), assumed)
