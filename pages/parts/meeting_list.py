"""Meetings as a list has them: when, who was there, what was directed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from ita_core import thai
from ita_core.board.directives import DirectiveFacts
from ita_core.days import BANGKOK
from ita_core.language import _
from ita_core.queries import MeetingFacts, Snapshot
from ita_core.settings import settings
from pages.parts.frame import Frame


@dataclass(frozen=True, slots=True)
class Meeting:
    id: int
    day: str
    hours: str
    there: str
    given: int  # directives
    goes_on: bool


def clock(moment: datetime) -> str:
    """14:05, in Thailand."""
    return f"{moment.astimezone(BANGKOK):%H:%M}"


def hours(meeting: MeetingFacts) -> str:
    """09:30–11:40; from 09:30, where its end was not recorded."""
    if meeting.ended_at is None:
        return _("from {time}").format(time=clock(meeting.at))
    return f"{clock(meeting.at)}–{clock(meeting.ended_at)}"


def going_on(here: Frame) -> MeetingFacts | None:
    """The meeting of today that has not ended."""
    return next((one for one in here.meetings if one.ended_at is None and one.day == settings().day()), None)


def meetings(here: Frame, data: Snapshot, ordered: Sequence[DirectiveFacts]) -> list[Meeting]:
    """The meetings kept, the newest first."""
    goes_on = going_on(here)
    return [
        Meeting(
            one.id,
            thai.date_text(one.day),
            hours(one),
            _there(one, data),
            sum(each.meeting_id == one.id for each in ordered),
            one == goes_on,
        )
        for one in here.meetings
    ]


def _there(one: MeetingFacts, data: Snapshot) -> str:
    names = [data.people[officer].short for officer in one.officers] + ([one.guests] if one.guests else [])
    return ", ".join(names) or "–"
