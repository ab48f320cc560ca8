"""What the commander orders, and what becomes of it."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlmodel import Session, col, select

from ita_core import access, audit, queries
from ita_core.access import Actor
from ita_core.board.directives import OPEN, DirectiveFacts, DirectiveState
from ita_core.days import day_of
from ita_core.errors import (
    AlreadySettled,
    DueBefore,
    MeetingOver,
    NobodyGiven,
    NotFound,
    NotYours,
    ReasonMissing,
    TextMissing,
)
from ita_core.language import N_
from ita_core.models import (
    Account,
    Assignment,
    Directive,
    DirectiveEvent,
    DirectiveStep,
    Item,
    Meeting,
    Party,
)
from ita_core.thai import date_text
from ita_core.typed import LONGEST_NOTE, clean_text
from ita_core.workflow.asking import acting, check_open, new_id


def direct(
    session: Session,
    *,
    by: int,
    assessment_id: int,
    text: str,
    party_ids: Sequence[int],
    due: date,
    item_id: int | None = None,
    meeting_id: int | None = None,
    at: datetime,
) -> int:
    """Give a directive to officers, posts or teams, to be done by a day; gives its id.

    Raises NotYours, NotFound, TextMissing, BadText, NobodyGiven, DueBefore, MeetingOver.
    """
    account, actor = acting(session, by, assessment_id)
    if not access.may_direct(actor):
        raise NotYours
    words = clean_text(text, LONGEST_NOTE)
    if not words:
        raise TextMissing
    if not party_ids:
        raise NobodyGiven
    if due < day_of(at):
        raise DueBefore(due=date_text(due))
    if meeting_id is not None:
        meeting = session.get(Meeting, meeting_id)
        if meeting is None or meeting.assessment_id != assessment_id:
            raise NotFound
        if meeting.ended_at is not None:
            raise MeetingOver
    parties = session.exec(
        select(Party).where(col(Party.id).in_(party_ids), Party.assessment_id == assessment_id).order_by(Party.key)
    ).all()
    item = session.get(Item, item_id) if item_id is not None else None
    if len(parties) != len(set(party_ids)) or (item_id is not None and item is None):
        raise NotFound
    if item is not None and item.assessment_id != assessment_id:
        raise NotFound
    directive = Directive(
        assessment_id=assessment_id, meeting_id=meeting_id, item_id=item_id, account_id=by, text=words, due=due, at=at
    )
    session.add(directive)
    session.flush()
    made = new_id(directive.id)
    session.add_all(Assignment(directive_id=made, party_id=new_id(party.id)) for party in parties)
    audit.record(
        session, actor=account, action="directive.give", subject=f"directive {made}", at=at, text=words,
        due=due.isoformat(), parties=[party.key for party in parties], item=item.code if item else "",
        meeting=meeting_id,
    )  # fmt: skip
    return made


def report(session: Session, *, by: int, directive_id: int, note: str = "", at: datetime) -> None:
    """Say that a directive given to oneself is carried out; the commander agrees with `settle`.

    Raises NotFound, NotYours, AlreadySettled, BadText.
    """
    directive, account, actor = _directive(session, by, directive_id)
    if not access.may_report(actor, directive.officers):
        raise NotYours
    if directive.state() not in OPEN:
        raise AlreadySettled
    _became(session, account, directive_id, DirectiveStep.reported, note, at)


def settle(session: Session, *, by: int, directive_id: int, what: DirectiveStep, note: str = "", at: datetime) -> None:
    """Say that a directive is done or, with the reason as `note`, no longer wanted; or open it again.

    Raises NotYours, NotFound, AlreadySettled, BadText, ReasonMissing.
    """
    directive, account, actor = _directive(session, by, directive_id)
    if not access.may_direct(actor) or what is DirectiveStep.reported:
        raise NotYours
    state = directive.state()
    if state not in OPEN and what is not DirectiveStep.reopened:
        raise AlreadySettled
    if state is DirectiveState.open and what is DirectiveStep.reopened:
        return  # a second click on the same button
    if what is DirectiveStep.cancelled and not clean_text(note, LONGEST_NOTE):
        raise ReasonMissing(N_("Say why it is cancelled, so that those it was given to know."))
    _became(session, account, directive_id, what, note, at)


def _became(
    session: Session, account: Account, directive_id: int, what: DirectiveStep, note: str, at: datetime
) -> None:
    said = clean_text(note, LONGEST_NOTE)
    session.add(DirectiveEvent(directive_id=directive_id, account_id=new_id(account.id), what=what, note=said, at=at))
    audit.record(
        session, actor=account, action=f"directive.{what.value}", subject=f"directive {directive_id}", at=at, note=said
    )


def _directive(session: Session, by: int, directive_id: int) -> tuple[DirectiveFacts, Account, Actor]:
    """A directive that the account may read. Raises NotFound, YearClosed."""
    row = session.get(Directive, directive_id)
    if row is None:
        raise NotFound
    account, actor = acting(session, by, row.assessment_id, closed=True)
    readable = queries.list_directives(session, row.assessment_id, actor)
    found = next((one for one in readable if one.id == directive_id), None)
    if found is None:
        raise NotFound
    check_open(session, row.assessment_id)
    return found, account, actor
