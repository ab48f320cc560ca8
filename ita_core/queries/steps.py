"""How the steps of the calendar stand, for everybody of the office."""

from datetime import date

from sqlmodel import Session, col

from ita_core.board import steps
from ita_core.board.steps import Seen, StepStanding, Tick
from ita_core.days import day_of, happened
from ita_core.models import Account, StepTick
from ita_core.plan.steps import lasting_steps, steps_of
from ita_core.queries.assessments import AssessmentFacts
from ita_core.queries.campaigns import list_campaigns
from ita_core.queries.kept import current_snapshot
from ita_core.queries.meetings import list_meetings
from ita_core.queries.plans import PlanFacts, PlanHistory
from ita_core.queries.remembered import remembered
from ita_core.queries.scores import list_totals
from ita_core.queries.stakeholders import list_stakeholder_days
from ita_core.queries.wide import wide_select


@remembered
def list_steps(session: Session, assessment: AssessmentFacts, day: date) -> list[StepStanding]:
    """Every step of the plan in force on a day as it stood at the end of that day, in its order.

    It is the same for everybody: that all items are filed is told also to who may not see each of them, but not which.
    """
    whole, of = current_snapshot(session, assessment).on(day), assessment.id
    board = whole.board(day)
    before = board.before
    totals = [(day_of(one.at), not one.retracted) for one in list_totals(session, of, before)]
    ends = (one.ended_at for one in list_meetings(session, of))
    held = [day_of(ended) for ended in ends if ended is not None and happened(ended, before)]
    lists = list_stakeholder_days(session, of, before)
    seen = Seen(board, whole.records, list_campaigns(session, of, before), held, totals, lists)
    ticks: dict[int, list[Tick]] = {}
    for tick, revision, number in _ticks(session, of):
        there = _number_in(whole.history, whole.plan, revision, number) if happened(tick.at, before) else None
        if there is not None:
            ticks.setdefault(there, []).append(tick)
    return steps.standings(whole.steps, ticks, seen, day)


@remembered
def _ticks(session: Session, assessment_id: int) -> list[tuple[Tick, int, int]]:
    """What was said of steps, the first one first, each with the revision by which it was said and the number there."""
    statement = (
        wide_select(
            StepTick.done, StepTick.day, Account.name, StepTick.at, StepTick.note, StepTick.revision_id, StepTick.step
        )
        .join(Account, col(Account.id) == StepTick.account_id)
        .where(StepTick.assessment_id == assessment_id)
        .order_by(col(StepTick.at), col(StepTick.id))
    )
    return [(Tick(*said), revision, number) for *said, revision, number in session.execute(statement)]


def _number_in(history: PlanHistory, plan: PlanFacts, revision: int, number: int) -> int | None:
    """The number that a step of a revision has in a plan of the same time or later; None where that has it no more."""
    found: int | None = None
    before: PlanFacts | None = None
    for one in history.plans:
        if one.revision.id == revision:
            found = number
        elif found is not None and before is not None:
            calendars = (steps_of(each.framework, each.plan) for each in (before, one))
            found = lasting_steps(*calendars).get(found)
            if found is None:
                return None
        if one.revision.id == plan.revision.id:
            return found
        before = one
    return None
