"""Directives on the screen: how one reads, and how one is given, reported and settled.

What a button does runs before navigation.py asks who is here, so each asks itself.
"""

from datetime import date, datetime, timedelta

import streamlit as st
from markupsafe import Markup

from ita_core import db, thai, words, workflow
from ita_core.board.directives import DirectiveFacts, DirectiveState
from ita_core.board.headline import Face
from ita_core.days import BANGKOK
from ita_core.errors import Refused
from ita_core.language import _
from ita_core.models import DirectiveStep, PartyKind
from ita_core.queries import MeetingFacts, Snapshot
from ita_core.settings import settings
from pages.parts import frame, marks, visiting
from pages.parts.frame import Frame

TEXT, TO, DUE, ITEM = "directive-text", "directive-to", "directive-due", "directive-item"
USUAL = timedelta(days=14)
_FACES = {
    DirectiveState.open: Face.missing,
    DirectiveState.reported: Face.waiting,
    DirectiveState.done: Face.accepted,
    DirectiveState.cancelled: Face.missing,
}


# --- how it reads ----------------------------------------------------------------------------------------------------


def clock(moment: datetime) -> str:
    """14:05, in Thailand."""
    return f"{moment.astimezone(BANGKOK):%H:%M}"


def hours(meeting: MeetingFacts) -> str:
    """09:30–11:40; from 09:30, where its end was not recorded."""
    if meeting.ended_at is None:
        return _("from {time}").format(time=clock(meeting.at))
    return f"{clock(meeting.at)}–{clock(meeting.ended_at)}"


def to_whom(one: DirectiveFacts, data: Snapshot, *, short: bool = False) -> str:
    """The parties as it was given; a post or team with who acts for it."""
    named = []
    for party in (data.people[party] for party in one.parties):
        acting = ", ".join(data.people[officer].short for officer in party.members)
        if party.kind is PartyKind.officer:
            named.append(party.short if short else party.full)
        else:
            named.append(f"{party.name} ({acting or _('nobody acts for it yet')})")
    return ", ".join(named)


def late_text(days: int) -> str:
    return _("{days} days late").format(days=days)


def badge(one: DirectiveFacts, day: date) -> Markup:
    """How it stands, with the days that it is late."""
    state, late = one.state(), one.days_late(day)
    text = _(words.DIRECTIVE_STATES[state])
    if state is DirectiveState.open and late:
        return marks.badge(Face.overdue, late_text(late))
    return marks.badge(_FACES[state], f"{text} · {late_text(late)}" if late else text)


def going_on(here: Frame) -> MeetingFacts | None:
    """The meeting of today that has not ended."""
    return next((one for one in here.meetings if one.ended_at is None and one.day == settings().day()), None)


# --- what is done ----------------------------------------------------------------------------------------------------


def take_down(here: Frame, data: Snapshot, meeting: MeetingFacts | None) -> None:
    """The fields of a directive to give, in the meeting that goes on or outside one; what is typed stays until then."""
    officers = {person.id: person.full for person in data.officers}
    names = officers | {one.id: one.name for one in data.people.values() if one.id not in officers}
    titles = {item.id: f"{item.code} {item.title}" for item in data.items}
    st.text_area(_("Directive: what is to be done"), key=TEXT, height=132, persist_state="session")
    st.multiselect(
        _("To whom: officers, posts, teams"), list(names), format_func=names.__getitem__, key=TO,
        placeholder=_("Choose"), persist_state="session",
    )  # fmt: skip
    st.session_state.setdefault(DUE, settings().day() + USUAL)
    by, about = st.columns(2)
    due = by.date_input(_("By (C.E. year)"), key=DUE, format="DD/MM/YYYY", persist_state="session")
    about.selectbox(
        _("Item, if any"), list(titles), index=None, format_func=titles.__getitem__, key=ITEM, placeholder=_("None"),
        persist_state="session",
    )  # fmt: skip
    marks.show(Markup('<p class="ita-thai-day">{}</p>').format(_("by {day}").format(day=thai.long_date_text(due))))
    st.button(
        _("Give the directive"), type="primary", icon=":material/assignment_add:", width="stretch",
        key="directive-give", on_click=_give, args=(here, meeting.id if meeting else None),
    )  # fmt: skip
    frame.refusal_at("directive-give")


def _give(here: Frame, meeting_id: int | None) -> None:
    if visiting.visitor() is None:
        return
    typed = st.session_state
    try:
        with db.writing() as session:
            workflow.direct(
                session, by=here.actor.account_id, assessment_id=here.assessment.id, text=typed[TEXT],
                party_ids=typed[TO], due=typed[DUE], item_id=typed[ITEM], meeting_id=meeting_id, at=settings().now(),
            )  # fmt: skip
    except Refused as refused:
        frame.say_refusal(refused, "directive-give")
        return
    frame.say_done(_("The directive is given."))
    typed[TEXT], typed[TO], typed[ITEM] = "", [], None


def settle(here: Frame, directive_id: int, what: DirectiveStep) -> None:
    """Done, cancelled or opened again, by the commander."""
    if visiting.visitor() is None:
        return
    try:
        with db.writing() as session:
            workflow.settle(
                session, by=here.actor.account_id, directive_id=directive_id, what=what, at=settings().now()
            )
    except Refused as refused:
        frame.say_refusal(refused, f"directive-{directive_id}")
        return
    frame.say_done(f"{_('Recorded.')} {_(words.DIRECTIVE_STEPS[what])}")


def report(here: Frame, directive_id: int) -> None:
    """Carried out, says an officer whom it was given to, with a word."""
    if visiting.visitor() is None:
        return
    try:
        with db.writing() as session:
            workflow.report(
                session, by=here.actor.account_id, directive_id=directive_id,
                note=st.session_state.get(f"report-{directive_id}", ""), at=settings().now(),
            )  # fmt: skip
    except Refused as refused:
        frame.say_refusal(refused, f"directive-{directive_id}")
        return
    frame.say_done(_("Reported. The commander sees it now."))


# --- on the page of directives ---------------------------------------------------------------------------------------


def facts(one: DirectiveFacts, here: Frame, data: Snapshot, held: dict[int, MeetingFacts], *, links: bool) -> Markup:
    """A directive with everything that is known of it."""
    meeting = held.get(one.meeting_id or 0)
    place = Markup("{}").format(_("outside a meeting"))
    if meeting:
        place = kept_link(meeting, _("in the meeting of {day}").format(day=thai.date_text(meeting.day)), links=links)
    titles = {item.code: item.title for item in data.items}
    about = ""
    if one.item_code:  # an officer may have been given one about an item that is not theirs to open
        name = f"{one.item_code} {titles.get(one.item_code, '')}"
        about = marks.item_link(one.item_code, name) if one.item_code in titles else one.item_code
    lines = [
        Markup("{} <b>{}</b>").format(_("To"), to_whom(one, data)),
        Markup("{} <b>{}</b>").format(_("By"), thai.date_text(one.due)),
        about,
        Markup("{} {} · {}").format(_("Given by {who}").format(who=one.by), place, thai.moment_text(one.at)),
    ]
    happened = Markup('<li><b>{}</b> {} <span class="when">{}</span>{}</li>')
    became = marks.joined(
        happened.format(
            _(words.DIRECTIVE_STEPS[each.what]), each.by, thai.moment_text(each.at),
            Markup(" “{}”").format(each.note) if each.note else "",
        )
        for each in one.happenings
    )  # fmt: skip
    return Markup(
        '<article class="ita-directive"><p class="text">{} {}</p><p class="about">{}</p>{}</article>'
    ).format(
        badge(one, here.day), one.text, marks.joined((Markup("{}").format(line) for line in lines if line), " · "),
        Markup("<ul>{}</ul>").format(became) if became else "",
    )  # fmt: skip


def kept_link(meeting: MeetingFacts, text: str, *, links: bool) -> Markup:
    """A link to what a meeting showed, for whoever may see it."""
    if not links:
        return Markup("{}").format(text)
    return Markup('<a class="ita-go" href="/meeting?meeting={}">{}</a>').format(meeting.id, text)


def meetings(here: Frame, data: Snapshot, ordered: list[DirectiveFacts]) -> Markup:
    """The meetings kept, the newest first."""
    heads = [_("Meeting"), _("Time"), _("Who was there"), _("Directives"), ""]
    head = marks.joined(Markup('<th scope="col">{}</th>').format(text) for text in heads)
    row = Markup('<tr><td>{}</td><td>{}</td><td>{}</td><td class="number">{}</td><td>{}</td></tr>')
    rows = []
    for one in here.meetings:
        there = [data.people[officer].short for officer in one.officers] + ([one.guests] if one.guests else [])
        shown = kept_link(one, _("What was shown"), links=True)
        if one == going_on(here):
            shown = Markup('<a class="ita-go" href="/meeting">{}</a>').format(_("goes on now"))
        given = sum(each.meeting_id == one.id for each in ordered)
        rows.append(row.format(thai.date_text(one.day), hours(one), ", ".join(there) or "–", given, shown))
    return Markup(
        '<div class="ita-scroll"><table class="ita-board slots"><thead><tr>{}</tr></thead>'
        "<tbody>{}</tbody></table></div>"
    ).format(head, marks.joined(rows))
