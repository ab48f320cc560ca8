"""Days in the address: the one that is looked at, and the one that it is compared with."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import streamlit as st

from ita_core import thai
from ita_core.board.progress import shown_day
from ita_core.errors import BadDay
from ita_core.language import _
from ita_core.queries import MeetingFacts
from ita_core.typed import clean_typed_day
from pages.parts import thai_date

FORTNIGHT = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Earlier:
    """What a board is compared with: a meeting at its moment, or the end of a day."""

    day: date
    moment: datetime | None
    name: str


@dataclass(frozen=True, slots=True)
class Days:
    """What can be chosen as the day that `name` is in the address; `text` says the chosen one."""

    name: str
    chosen: date
    first: date
    last: date
    text: str
    typed: str | None  # as it stands in a field of text, in Thai; None: the field is a calendar
    usual: str  # what it is without the address
    lists: tuple[tuple[str, tuple[tuple[date, str], ...]], ...]  # titles, and days with their texts


def asked(name: str, first: date, last: date) -> date | None:
    """The day that the address asks for, moved into these bounds; None where it asks for none, or for no day."""
    try:
        return shown_day(clean_typed_day(st.query_params.get(name, "")), first, last)
    except BadDay:
        return None


def earlier(day: date, first: date, meetings: Sequence[MeetingFacts]) -> Earlier:
    """What the address wants `day` compared with; without it the last meeting before, or two weeks before."""
    wanted = asked("since", first, day)
    held = [one for one in meetings if (one.day == wanted if wanted else one.day < day)]
    if held:
        return Earlier(held[0].day, held[0].shown_at, _("the meeting of {day}").format(day=thai.date_text(held[0].day)))
    before = wanted or max(day - FORTNIGHT, first)
    return Earlier(before, None, thai.date_text(before))


def choice(name: str, chosen: date, *, first: date, last: date, meetings: Sequence[MeetingFacts]) -> Days:
    """A day for the address: any, or one of the meetings, or the end of a month."""
    ends = [date(last.year, last.month, 1) - timedelta(days=1)]
    while ends[-1] > first:
        ends.append(ends[-1].replace(day=1) - timedelta(days=1))
    held = [(one.day, _("Meeting {day}").format(day=thai.date_text(one.day))) for one in meetings]
    listed = {_("Meetings"): held, _("Ends of months"): [(day, thai.date_text(day)) for day in ends if day > first]}
    typed = thai.date_text(chosen) if thai_date.in_text() else None
    return Days(
        name, chosen, first, last, _said(name) or thai.long_date_text(chosen), typed,
        usual=_("Today") if name == "day" else _("The last meeting"),
        lists=tuple((title, tuple(days)) for title, days in listed.items() if days),
    )  # fmt: skip


def _said(name: str) -> str:
    """What is wrong with the day in the address; "" for nothing."""
    text = st.query_params.get(name, "")
    try:
        clean_typed_day(text)
    except BadDay as bad:
        return str(bad) if text else ""
    return ""
