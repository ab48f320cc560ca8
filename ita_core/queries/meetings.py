"""Meetings and directives."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, select

from ita_core import access
from ita_core.access import Actor
from ita_core.board.directives import DirectiveFacts, Happening
from ita_core.days import day_of
from ita_core.models import (
    Account,
    Assignment,
    Attendance,
    Directive,
    DirectiveEvent,
    Item,
    Meeting,
)
from ita_core.queries.parties import PartyFacts, acting_for
from ita_core.queries.plans import get_history
from ita_core.queries.remembered import remembered


@dataclass(frozen=True, slots=True)
class MeetingFacts:
    """A meeting; what it showed is the board just before `shown_at`."""

    id: int
    at: datetime
    ended_at: datetime | None
    by: str
    officers: tuple[int, ...]  # who was there
    guests: str

    @property
    def day(self) -> date:
        """The day in Thailand on which it began."""
        return day_of(self.at)

    @property
    def shown_at(self) -> datetime:
        """The moment whose board it showed: its end; its beginning while it goes on."""
        return self.ended_at or self.at


@remembered
def list_meetings(session: Session, assessment_id: int) -> list[MeetingFacts]:
    """Every meeting, the newest first."""
    there: dict[int, list[int]] = {}
    statement = select(Attendance.meeting_id, Attendance.officer_id).join(
        Meeting, col(Meeting.id) == Attendance.meeting_id
    )
    statement = statement.order_by(col(Attendance.officer_id))  # the ids of parties follow the plan's order
    for meeting_id, officer_id in session.exec(statement.where(Meeting.assessment_id == assessment_id)):
        there.setdefault(meeting_id, []).append(officer_id)
    held = select(Meeting, Account.name).join(Account, col(Account.id) == Meeting.account_id)
    return [
        MeetingFacts(row.id, row.at, row.ended_at, by, tuple(there.get(row.id, ())), row.guests)
        for row, by in session.exec(
            held.where(Meeting.assessment_id == assessment_id).order_by(col(Meeting.at).desc(), col(Meeting.id).desc())
        )
        if row.id is not None
    ]


@remembered
def list_directives(session: Session, assessment_id: int, who: Actor | None = None) -> list[DirectiveFacts]:
    """Every directive in the order they were given; with an actor, those they may read: given to them, or all."""
    persons = get_history(session, assessment_id).known
    given: dict[int, list[PartyFacts]] = {}
    became: dict[int, list[Happening]] = {}
    own = Directive.assessment_id == assessment_id
    parties = select(Assignment.directive_id, Assignment.party_id).join(
        Directive, col(Directive.id) == Assignment.directive_id
    )
    for directive_id, party_id in session.exec(parties.where(own).order_by(col(Assignment.id))):
        given.setdefault(directive_id, []).append(persons[party_id])
    events = select(DirectiveEvent, Account.name).join(Account, col(Account.id) == DirectiveEvent.account_id)
    events = events.join(Directive, col(Directive.id) == DirectiveEvent.directive_id)
    for event, by in session.exec(events.where(own).order_by(col(DirectiveEvent.at), col(DirectiveEvent.id))):
        became.setdefault(event.directive_id, []).append(Happening(event.what, by, event.at, event.note))
    statement = select(Directive, Account.name, Item.code).join(Account, col(Account.id) == Directive.account_id)
    statement = statement.outerjoin(Item, col(Item.id) == Directive.item_id)
    found = [
        DirectiveFacts(
            row.id, row.text, row.due, by, row.at, tuple(one.id for one in given.get(row.id, ())),
            acting_for(given.get(row.id, ())), tuple(became.get(row.id, ())), row.meeting_id, code or "",
        )
        for row, by, code in session.exec(statement.where(own).order_by(col(Directive.at), col(Directive.id)))
        if row.id is not None
    ]  # fmt: skip
    if who is None or access.reads_directives(who):
        return found
    return [one for one in found if who.officer_id in one.officers]
