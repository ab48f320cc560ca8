"""Meeting mode: what it looks at, and the bar below the screens."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import streamlit as st

from ita_core import access, db, language, queries, thai
from ita_core.board import directives
from ita_core.board.directives import DirectiveFacts
from ita_core.errors import NotFound
from ita_core.language import _
from ita_core.models import DirectiveStep
from ita_core.queries import MeetingFacts
from ita_core.settings import settings
from pages.parts import day_choice, directing, frame, marks, meeting_held, meeting_list, meeting_screens, templates
from pages.parts.day_choice import Earlier
from pages.parts.frame import Frame
from pages.parts.meeting_look import Look

DRAWN, REFUSED = "meeting-drawn", "meeting-refused"


# --- what it looks at ------------------------------------------------------------------------------------------------


def asked(here: Frame) -> MeetingFacts | None:
    """The meeting that the address asks for.

    Raises NotFound where there is no such meeting.
    """
    wanted = st.query_params.get("meeting", "")
    found = next((one for one in here.meetings if str(one.id) == wanted), None)
    if wanted and found is None:
        raise NotFound
    return found


def look(here: Frame, moment: datetime) -> Look:
    """The day's board beside that of the last meeting; of a kept meeting, its own beside that of the one before."""
    data, kept = frame.visible(here), asked(here)
    with db.reading() as session:
        every = queries.list_directives(session, here.assessment.id, here.actor)
    if kept is None:
        earlier = day_choice.earlier(here.day, here.assessment.starts, here.meetings)
        ordered = directives.as_of(every, here.before)
        board = data.board(here.day)
        directs = access.may_direct(here.actor) and here.acts()
    else:
        data = data.on(kept.day)
        here = replace(here, day=kept.day, meetings=tuple(one for one in here.meetings if one.at < kept.at))
        earlier, moment, directs = _before(here), kept.shown_at, False
        ordered, board = _then(every, kept), data.board(kept.day, kept.shown_at)
    return Look(here, data, board, data.board(earlier.day, earlier.moment), earlier, ordered, moment, kept, directs)


def _before(here: Frame) -> Earlier:
    if not here.meetings:
        return day_choice.earlier(here.day, here.assessment.starts, ())
    last = here.meetings[0]
    return Earlier(last.day, last.shown_at, _("the meeting of {day}").format(day=thai.date_text(last.day)))


def _then(every: Sequence[DirectiveFacts], kept: MeetingFacts) -> list[DirectiveFacts]:
    """As they stood at that meeting, with those given in it whose end was not recorded."""
    known = directives.as_of(every, kept.shown_at)
    there = {one.id for one in known}
    given = [replace(one, happenings=()) for one in every if one.meeting_id == kept.id and one.id not in there]
    return known + given


# --- what is drawn ---------------------------------------------------------------------------------------------------


def draw() -> None:
    """The screens and what stands around them; as a fragment it runs by itself, so it asks who is here."""
    here = frame.frame()
    now = settings().now()
    with db.reading() as session:
        version = db.state(session)
    asks = tuple(st.query_params.get(name) for name in ("since", "meeting"))
    state = (version, here.day, here.today, here.actor, asks, language.current())
    kept = st.session_state.get(DRAWN)
    if kept is None or kept[0] != state:  # the data moved, or another look is asked for
        seen = look(here, now)
        kept = (state, seen, meeting_screens.draw(seen))
        st.session_state[DRAWN] = kept
    _state, seen, markup = kept
    st.html(str(markup))
    if seen.directs:
        templates.show("meeting/why")
    done = st.session_state.pop("done", "")
    _said(done)
    if seen.directs:
        with st.container(key="meeting-panel"):
            directing.take_down(here, seen.data, meeting_list.going_on(here))
    with st.container(key="meeting-bar", horizontal=True, vertical_alignment="center"):
        templates.show("meeting/controls", out="/directives?day=" if seen.kept else "/overview")
        meeting = meeting_list.going_on(here)
        if seen.directs and settings().day() == here.today:
            meeting_held.hold(here, seen.data, meeting)
        elif meeting and not seen.kept:
            templates.show("meeting/note", kind="going", text=meeting_held.since_text(meeting))
        if seen.kept is None and not here.past:
            text = _("updated {time}").format(time=meeting_list.clock(now))
            templates.show("meeting/note", kind="fresh", text=text)
    if done:
        st.toast(done, icon=":material/check:")


def _said(done: str) -> None:
    """A refusal stays until something is done: the screens are drawn anew by themselves meanwhile.

    It stands above the screens, unless the form that it belongs to is drawn: then there (`pressing.refusal_at`).
    """
    said, place = st.session_state.pop("refused", ""), st.session_state.pop("refused-at", "")
    if not said and not done:
        said, place = st.session_state.get(REFUSED, ("", ""))
    st.session_state[REFUSED] = said, place
    head = None
    with st.container(key="meeting-refusal"):  # its place is kept, or the form below would be drawn as a new one
        if said:
            head = st.empty()
            head.error(marks.plain(said))
    st.session_state["refused-shown"] = (head, said, place)


def settle(here: Frame, pressed: dict[str, object]) -> None:
    """What was pressed beside a directive; it comes from a browser, so anything may stand in it."""
    steps = {step.value: step for step in DirectiveStep}
    number, what = pressed.get("directive"), steps.get(str(pressed.get("what")))
    if isinstance(number, int) and what:
        directing.settle(here, number, what, str(pressed.get("note") or ""))
