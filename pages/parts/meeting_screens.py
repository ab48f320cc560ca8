"""The screens of a meeting, one subject each; what is longer than a screen goes on on the next one."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup

from ita_core import thai
from ita_core.language import _
from ita_core.queries import MeetingFacts
from pages.parts import (
    headline_figures,
    meeting_calendar,
    meeting_directives,
    meeting_list,
    meeting_people,
    meeting_split,
    meeting_work,
    templates,
)
from pages.parts.headline_figures import Card, Sentence
from pages.parts.meeting_look import Look, Subject, subject
from pages.parts.meeting_split import Part

COLUMNS = 3  # of names on a screen
NAMES = COLUMNS * 10  # on one that shows nothing else; long ones take two lines
GUESTS = 36.0  # em of their line
MOST_GUESTS = 5  # lines of them on one screen


@dataclass(frozen=True, slots=True)
class Screen:
    """One of the `pieces` that a subject takes. `key` opens it, "" where none does."""

    name: str
    subject: str
    key: int | str
    title: str
    piece: int
    pieces: int
    parts: Sequence[Part]


@dataclass(frozen=True, slots=True)
class Record:
    """A meeting that is over; what its first screen does not hold goes on on the next, without the facts."""

    time: str
    by: str
    given: int  # directives
    guests: str
    there: tuple[str, ...]
    all: int  # officers who were there
    first: bool = True


@dataclass(frozen=True, slots=True)
class Standing:
    said: Sentence
    cards: Sequence[Card]


def draw(look: Look) -> Markup:
    """All screens one after another."""
    return templates.render("meeting", screens=screens(look), chip=_chip(look), stands=_stands(look))


def screens(look: Look) -> list[Screen]:
    """Every screen of every subject in its order."""
    return [
        Screen(
            one.name if piece == 1 else f"{one.name}-{piece}",
            one.name,
            one.key if piece == 1 else "",
            one.title,
            piece,
            len(one.screens),
            parts,
        )
        for one in subjects(look)
        for piece, parts in enumerate(one.screens, 1)
    ]


def subjects(look: Look) -> list[Subject]:
    """What a meeting speaks of; of a kept one first that it was held."""
    found = [
        _standing(look),
        meeting_work.since(look),
        meeting_work.overdue(look),
        meeting_work.soon(look),
        meeting_people.people(look),
        meeting_calendar.calendar(look),
        meeting_directives.directives_of(look),
    ]
    return [_record(look, look.kept), *found] if look.kept else found


def _record(look: Look, kept: MeetingFacts) -> Subject:
    names = tuple(look.data.people[officer].full for officer in kept.officers)
    guests, *more_guests = meeting_split.pieces(kept.guests or "–", GUESTS, MOST_GUESTS)
    given = sum(one.meeting_id == kept.id for one in look.ordered)
    fit = NAMES - COLUMNS * (2 + meeting_split.lines(guests, GUESTS))
    whole = Record(meeting_list.hours(kept), kept.by, given, guests, names[:fit], len(names))
    views = [whole]
    views += [replace(whole, guests=piece, there=(), first=False) for piece in more_guests]
    views += [
        replace(whole, guests="", there=names[place : place + NAMES], first=False)
        for place in range(fit, len(names), NAMES)
    ]
    title = _("Meeting of {day}").format(day=thai.long_date_text(kept.day))
    return subject("record", 0, title, [Part("record", view) for view in views])


def _standing(look: Look) -> Subject:
    now = look.data.figures(look.here.day, look.kept.shown_at if look.kept else None)
    then = look.data.figures(look.earlier.day, look.earlier.moment)
    view = Standing(
        headline_figures.sentence(look.here, now),
        headline_figures.cards(look.here, look.data, look.board, now, then, look.earlier),
    )
    return subject("standing", 1, _("Where we stand"), [Part("standing", view)])


def _stands(look: Look) -> str:
    if look.here.past and not look.kept:
        return _("at the end of {day}").format(day=thai.date_text(look.here.day))
    return _("as of {moment}").format(moment=thai.moment_text(look.moment))


def _chip(look: Look) -> str:
    if look.kept:
        return _("Record of the meeting")
    return _("Looking back") if look.here.past else ""
