"""Steps of the calendar said to be done by hand, and that taken back."""

from datetime import date, datetime

from sqlmodel import Session

from ita_core import access, audit, queries
from ita_core.board.steps import StepStanding, StepState
from ita_core.days import day_of
from ita_core.errors import NotYours, Refused
from ita_core.language import N_
from ita_core.models import Account, StepTick
from ita_core.thai import date_text
from ita_core.typed import LONGEST_NOTE, clean_text
from ita_core.workflow.asking import acting, new_id


class StepMoved(Refused):
    says = N_("The calendar has changed since you looked at it: step {number} is another one now. Look at it again.")


class StepDone(Refused):
    says = N_("Step {number} is done already, since {day}.")


class NotTicked(Refused):
    says = N_("Nobody has said that step {number} is done, so there is nothing to take back.")


class NotThen(Refused):
    says = N_("{day} cannot be the day on which it was done: it lies between {first} and today.")


def tick_step(
    session: Session, *, by: int, assessment_id: int, step: int, title: str, day: date, note: str = "", at: datetime
) -> None:  # fmt: skip
    """Say that a step, by its number and its title as it was looked at, is done since a day.

    Raises NotFound, YearClosed, NotYours, StepMoved, StepDone where it is shown or was said already, NotThen, BadText.
    """
    account, now = _asked(session, by, assessment_id, step, title)
    if now.state is StepState.done:
        raise StepDone(number=step, day=date_text(now.since))
    year = queries.get_assessment_by_id(session, assessment_id)
    if not year.starts <= day <= day_of(at):
        raise NotThen(day=date_text(day), first=date_text(year.starts))
    _say(session, account, assessment_id, StepTick(
        assessment_id=assessment_id, revision_id=_revision(session, assessment_id), step=step, title=now.step.title,
        done=True, day=day, note=clean_text(note, LONGEST_NOTE), account_id=by, at=at,
    ))  # fmt: skip


def untick_step(
    session: Session, *, by: int, assessment_id: int, step: int, title: str, note: str = "", at: datetime
) -> None:
    """Take back that a step is done, as it was said by hand; what was said stays on record.

    Raises NotFound, YearClosed, NotYours, StepMoved, NotTicked, BadText.
    """
    account, now = _asked(session, by, assessment_id, step, title)
    if not now.ticks or not now.ticks[-1].done:
        raise NotTicked(number=step)
    _say(session, account, assessment_id, StepTick(
        assessment_id=assessment_id, revision_id=_revision(session, assessment_id), step=step, title=now.step.title,
        done=False, day=day_of(at), note=clean_text(note, LONGEST_NOTE), account_id=by, at=at,
    ))  # fmt: skip


def _asked(session: Session, by: int, assessment_id: int, number: int, title: str) -> tuple[Account, StepStanding]:
    """Who acts, and the step as it stands now. Raises NotFound, YearClosed, NotYours, StepMoved."""
    account, actor = acting(session, by, assessment_id)
    audit.one_at_a_time(session)  # of two at once the second sees what the first has said
    assessment = queries.get_assessment_by_id(session, assessment_id)
    listed = queries.list_steps(session, assessment, assessment.ends)
    found = next((one for one in listed if one.step.position == number), None)
    if found is None or found.step.title != title:
        raise StepMoved(number=number)
    if not access.may_tick_step(actor, found.step.officers):
        raise NotYours
    return account, found


def _revision(session: Session, assessment_id: int) -> int:
    return queries.get_history(session, assessment_id).now.revision.id


def _say(session: Session, account: Account, assessment_id: int, row: StepTick) -> None:
    session.add(row)
    session.flush()
    audit.record(
        session, actor=account, action="step.tick" if row.done else "step.untick", subject=f"tick {new_id(row.id)}",
        at=row.at, assessment=assessment_id, step=row.step, title=row.title, done=row.done, day=row.day.isoformat(),
        note=row.note,
    )  # fmt: skip
