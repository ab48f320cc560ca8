"""Meetings in front of the board."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from ita_core import access, audit
from ita_core.days import day_of
from ita_core.errors import (
    MeetingOver,
    NotFound,
    NotYours,
)
from ita_core.models import (
    Account,
    Attendance,
    Meeting,
    Party,
    PartyKind,
)
from ita_core.typed import LONGEST_NOTE, clean_text
from ita_core.workflow.asking import acting, check_open, new_id


def open_meeting(
    session: Session, *, by: int, assessment_id: int, officer_ids: Sequence[int] = (), guests: str = "", at: datetime
) -> int:
    """Begin a meeting in front of the board; gives its id. One that goes on already that day is that meeting.

    Raises NotYours, NotFound, BadText.
    """
    account, actor = acting(session, by, assessment_id)
    if not access.may_direct(actor):
        raise NotYours
    found = session.exec(select(Meeting).where(Meeting.assessment_id == assessment_id, col(Meeting.ended_at).is_(None)))
    for one in found:
        if day_of(one.at) == day_of(at):
            return new_id(one.id)
    meeting = Meeting(assessment_id=assessment_id, account_id=by, guests=clean_text(guests, LONGEST_NOTE), at=at)
    session.add(meeting)
    session.flush()
    made = new_id(meeting.id)
    officers = _set_attendance(session, meeting, officer_ids)
    audit.record(
        session, actor=account, action="meeting.open", subject=f"meeting {made}", at=at, officers=officers,
        guests=meeting.guests,
    )  # fmt: skip
    return made


def attend(
    session: Session, *, by: int, meeting_id: int, officer_ids: Sequence[int], guests: str = "", at: datetime
) -> None:
    """Say who is at a meeting that goes on.

    Raises NotYours, NotFound, MeetingOver, BadText.
    """
    account, meeting = _meeting(session, by, meeting_id)
    meeting.guests = clean_text(guests, LONGEST_NOTE)
    session.add(meeting)
    officers = _set_attendance(session, meeting, officer_ids)
    audit.record(
        session, actor=account, action="meeting.attend", subject=f"meeting {meeting_id}", at=at, officers=officers,
        guests=meeting.guests,
    )  # fmt: skip


def end_meeting(session: Session, *, by: int, meeting_id: int, at: datetime) -> None:
    """End a meeting: what the board showed at this moment is what the next one is compared with.

    Raises NotYours, NotFound, MeetingOver.
    """
    account, meeting = _meeting(session, by, meeting_id)
    meeting.ended_at = at
    session.add(meeting)
    audit.record(session, actor=account, action="meeting.end", subject=f"meeting {meeting_id}", at=at)


def _meeting(session: Session, by: int, meeting_id: int) -> tuple[Account, Meeting]:
    meeting = session.get(Meeting, meeting_id)
    if meeting is None:
        raise NotFound
    account, actor = acting(session, by, meeting.assessment_id, closed=True)
    if not access.may_direct(actor):
        raise NotYours if access.sees_all(actor) else NotFound
    check_open(session, meeting.assessment_id)
    if meeting.ended_at is not None:
        raise MeetingOver
    return account, meeting


def _set_attendance(session: Session, meeting: Meeting, officer_ids: Sequence[int]) -> list[str]:
    here = col(Party.id).in_(officer_ids), Party.assessment_id == meeting.assessment_id
    officers = session.exec(select(Party).where(*here, Party.kind == PartyKind.officer)).all()
    if {officer.id for officer in officers} != set(officer_ids):
        raise NotFound
    for old in session.exec(select(Attendance).where(Attendance.meeting_id == meeting.id)):
        session.delete(old)
    session.flush()
    session.add_all(Attendance(meeting_id=new_id(meeting.id), officer_id=chosen) for chosen in set(officer_ids))
    return sorted(officer.key for officer in officers)
