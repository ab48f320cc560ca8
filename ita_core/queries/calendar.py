"""What stands in somebody's calendar, of what they may read."""

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from ita_core import access
from ita_core.access import Actor
from ita_core.board import calendar, directives, progress
from ita_core.board.calendar import Event, Known
from ita_core.days import happened
from ita_core.queries.actors import get_actor
from ita_core.queries.assessments import AssessmentFacts
from ita_core.queries.kept import current_snapshot
from ita_core.queries.meetings import list_directives, list_meetings
from ita_core.queries.remembered import remembered
from ita_core.queries.steps import list_steps
from ita_core.queries.visiting import get_visible, list_visible


@dataclass(frozen=True, slots=True)
class YearEvents:
    """The events of one office and year."""

    assessment: AssessmentFacts
    events: tuple[Event, ...]


@remembered
def list_events(
    session: Session, who: Actor | None, assessment: AssessmentFacts, day: date, officer: int | None
) -> YearEvents:
    """The events as they stand at the end of the day, of what `who` may read; None is the server's own command.

    `officer` names whose they are: deadlines of items that they prepare or supervise, steps they act in, directives
    given to them, and, for whoever may read meetings, those they were in. None: the office's, as far as it may be read.
    Nothing of it names a person.
    """
    whole = current_snapshot(session, assessment).on(day)
    data = whole if who is None else whole.visible_to(who)
    board = data.board(day)
    begun = [one for one in whole.history.plans if happened(one.revision.at, board.before)]
    plans = [one for one in begun if one.revision.number < whole.plan.revision.number] + [whole.plan]
    meetings = list_meetings(session, assessment.id) if who is None or access.sees_all(who) else []
    held = [
        calendar.Meeting(one.id, one.at, one.ended_at if happened(one.ended_at, board.before) else None)
        for one in reversed(meetings)
        if happened(one.at, board.before) and (officer is None or officer in one.officers)
    ]
    known = Known(
        board,
        list_steps(session, assessment, day),
        directives.as_of(list_directives(session, assessment.id, who), board.before),
        held,
        calendar.moved((one.revision.at, one.items, one.steps(one.parties)) for one in plans),
        officer,
    )
    return YearEvents(assessment, tuple(calendar.events(known)))


def list_calendar(session: Session, account_id: int, day: date, *, of_office: bool) -> list[YearEvents]:
    """The account's own calendar, or its office's: of the year that the day lies in and of those after it.

    Raises NotFound where the account is disabled or has a role nowhere.
    """
    now = get_visible(session, account_id, day=day)
    listed = [one for one in list_visible(session, account_id) if one.office_id == now.office_id]
    found = []
    for one in sorted(listed, key=lambda each: each.fiscal_year):
        if one.fiscal_year >= now.fiscal_year:
            who = get_actor(session, account_id, one.id)
            shown = progress.shown_day(day, one.starts, one.ends)
            found.append(list_events(session, who, one, shown, whose(who, of_office=of_office)))
    return found


def whose(who: Actor, *, of_office: bool) -> int | None:
    """Whose events these are, for `list_events`; 0 is nobody: an account that belongs to no officer has none."""
    return None if of_office else who.officer_id or 0
