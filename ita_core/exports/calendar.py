"""A calendar as other programs read it: iCalendar (RFC 5545), by the library icalendar, which is kept up.

Words are Thai whatever language the screen speaks, like everything that leaves the system for people. It names nobody,
and gives no reason: what somebody has to do, which day, and where it stands.
"""

import uuid
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode

import icalendar

from ita_core import thai
from ita_core.board.calendar import Event, EventKind
from ita_core.days import BANGKOK
from ita_core.exports.tables import in_thai
from ita_core.language import _
from ita_core.queries import AssessmentFacts, YearEvents
from ita_core.typed import unkept_signs

MEDIA_TYPE = "text/calendar; charset=utf-8"
NAME = "calendar"  # of the file
_REFRESH = "PT1H"  # that a program is asked to wait before it looks again
LONGEST_TEXT = 100  # characters of what was ordered: the rest stands where the link leads
_ZONE = "Asia/Bangkok"
# The namespace of our UIDs (RFC 7986, section 5.3): by it the same event has the same one wherever it is made.
_OURS = uuid.UUID("6f1b6b0e-5c0b-4d4e-9d5a-1f2c7f6a2568")


def as_ics(years: Sequence[YearEvents], *, own: bool, home: str) -> bytes:
    """The calendar of these events; with `home`, where the app is served, each leads to where it stands there.

    The same events give the same bytes, at whatever moment it is made.
    """
    made = icalendar.Calendar()
    made.add("prodid", "-//ITA dashboard//th")
    made.add("version", "2.0")
    with in_thai():
        office = years[0].assessment.office_short if years else ""
        name = _("ITA: what is mine") if own else _("ITA: {office}").format(office=office)
        made.add("name", name)
        made.add("x-wr-calname", name)
        made.add("x-wr-timezone", _ZONE)
        made.add("refresh-interval", icalendar.vDuration(timedelta(hours=1)), parameters={"VALUE": "DURATION"})
        made.add("x-published-ttl", _REFRESH)
        events = [_event(one, year.assessment, home) for year in years for one in year.events]
    if any(year_event.kind is EventKind.meeting for year in years for year_event in year.events):
        made.add_component(_zone())
    for one in events:
        made.add_component(one)
    return bytes(made.to_ical())


def uid(event: Event, of: AssessmentFacts) -> str:
    """By what it is, in its office and year: whatever its day and title become."""
    return str(uuid.uuid5(_OURS, f"{of.name} {event.identity}"))


def _event(event: Event, of: AssessmentFacts, home: str) -> icalendar.Event:
    made = icalendar.Event()
    made.add("uid", uid(event, of))
    # Without a METHOD this is when it was last changed (RFC 5545, section 3.8.7.2): so it doesn't change by itself.
    made.add("dtstamp", event.changed)
    made.add("last-modified", event.changed)
    made.add("sequence", event.moves)
    made.add("summary", _plain(_summary(event)))
    _put_days(made, event)
    made.add("status", "CANCELLED" if event.cancelled else "CONFIRMED")
    made.add("transp", "OPAQUE" if event.kind is EventKind.meeting else "TRANSPARENT")  # nobody is busy all day by it
    made.add("categories", ["ITA"])
    link = home + _address(event, of) if home else ""
    if about := "\n".join(filter(None, (_about(event), link))):
        made.add("description", _plain(about))
    if link:
        made.add("url", link)
    return made


def _put_days(made: icalendar.Event, event: Event) -> None:
    if isinstance(event.starts, datetime):
        made.add("dtstart", event.starts.astimezone(BANGKOK).replace(microsecond=0))
        if isinstance(event.ends, datetime):
            made.add("dtend", event.ends.astimezone(BANGKOK).replace(microsecond=0))
        return
    last = event.ends or event.starts
    made.add("dtstart", event.starts)
    made.add("dtend", date(last.year, last.month, last.day) + timedelta(days=1))  # the first day that is not of it


def _summary(event: Event) -> str:
    title = event.title if len(event.title) <= LONGEST_TEXT else event.title[: LONGEST_TEXT - 1].rstrip() + "…"
    match event.kind:
        case EventKind.deadline:
            month = f" ({thai.period_text(event.period)})" if event.period else ""
            says = _("To check, due: {code} {title}") if event.to_check else _("Due: {code} {title}")
            text = says.format(code=event.code, title=title) + month
        case EventKind.step:
            text = _("ITA step {number}: {title}").format(number=event.number, title=title)
        case EventKind.directive:
            text = _("Directive: {text}").format(text=title)
        case EventKind.meeting:
            text = _("ITA meeting")
    return "✓ " + text if event.done else text


def _about(event: Event) -> str:
    if event.kind is EventKind.deadline:
        return _("{accepted} of {slots} slots accepted").format(accepted=event.accepted, slots=event.slots)
    return event.code


def _address(event: Event, of: AssessmentFacts) -> str:
    page, more = {
        EventKind.deadline: ("item", {"item": event.code}),
        EventKind.step: ("timeline", {"step": str(event.number)}),
        EventKind.directive: ("directives", {}),
        EventKind.meeting: ("meeting", {"meeting": str(event.number)}),
    }[event.kind]
    return f"/{page}?" + urlencode(more | {"office": of.office_code, "year": str(of.fiscal_year)})


def _plain(text: str) -> str:
    """Without what has no place in a line of text: a control sign would break the file for whoever reads it."""
    odd = set(unkept_signs(text))
    return "".join(" " if sign in odd or sign in "\r\t" else sign for sign in text)


def _zone() -> icalendar.Timezone:
    """Thailand's time, the same all year since 1920."""
    zone = icalendar.Timezone()
    zone.add("tzid", _ZONE)
    always = icalendar.TimezoneStandard()
    always.add("dtstart", datetime.combine(date(1970, 1, 1), time()))
    always.add("tzoffsetfrom", timedelta(hours=7))
    always.add("tzoffsetto", timedelta(hours=7))
    always.add("tzname", "+07")
    zone.add_component(always)
    return zone
