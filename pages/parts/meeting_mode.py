"""Meeting mode: what it looks at, the meeting itself, and the bar below the screens."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import streamlit as st
from markupsafe import Markup

from ita_core import access, db, language, queries, thai, workflow
from ita_core.board import directives, progress
from ita_core.board.directives import DirectiveFacts
from ita_core.errors import NotFound, Refused
from ita_core.language import _
from ita_core.models import DirectiveStep
from ita_core.queries import MeetingFacts, Snapshot
from ita_core.settings import settings
from pages.parts import day_choice, directive_list, frame, marks, meeting_screens, visiting
from pages.parts.day_choice import Earlier
from pages.parts.frame import Frame
from pages.parts.meeting_screens import Look

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
        ordered = directives.as_of(every, progress.until(here.day, here.assessment.ends) if here.past else None)
        board = data.board(here.day)
        directs = access.may_direct(here.actor) and not here.past
    else:
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
        version = queries.data_version(session)
    state = (version, here.day, here.today, here.actor, dict(st.query_params).get("since"), language.current())
    kept = st.session_state.get(DRAWN)
    if kept is None or kept[0] != (
        state,
        st.query_params.get("meeting"),
    ):  # the data moved, or another look is asked for
        seen = look(here, now)
        kept = ((state, st.query_params.get("meeting")), seen, meeting_screens.draw(seen))
        st.session_state[DRAWN] = kept
    _state, seen, markup = kept
    marks.show(markup)
    if seen.directs:
        with st.container(key="meeting-panel"):
            directive_list.take_down(here, seen.data, directive_list.going_on(here))
    done = st.session_state.pop("done", "")
    _said(done)
    with st.container(key="meeting-bar", horizontal=True, vertical_alignment="center"):
        marks.show(_controls(seen))
        meeting = directive_list.going_on(here)
        if seen.directs and settings().day() == here.today:
            _meeting_itself(here, seen.data, meeting)
        elif meeting and not seen.kept:
            marks.show(Markup('<span class="going">{}</span>').format(_since(meeting)))
        if seen.kept is None and not here.past:
            marks.show(Markup('<span class="fresh">{}</span>').format(
                _("updated {time}").format(time=directive_list.clock(now))
            ))  # fmt: skip
    if done:
        st.toast(done, icon=":material/check:")


def _said(done: str) -> None:
    """A refusal stays until something is done: the screens are drawn anew by themselves meanwhile."""
    said = st.session_state.pop("refused", "") or ("" if done else st.session_state.get(REFUSED, ""))
    st.session_state[REFUSED] = said
    if said:
        with st.container(key="meeting-refusal"):
            st.error(marks.plain(said))


def _since(meeting: MeetingFacts) -> str:
    return _("meeting since {time}").format(time=directive_list.clock(meeting.at))


def _controls(seen: Look) -> Markup:
    button = Markup('<button type="button" data-meeting="{}" aria-label="{}" title="{}"{}>{}</button>')
    toggle = Markup(' aria-pressed="false"')
    drawn = [
        button.format("previous", _("Previous screen"), "←", "", "‹"),
        button.format("next", _("Next screen"), "→", "", "›"),
        button.format("auto", _("Turn the screens by themselves, every 20 seconds"), "A", toggle, _("Auto")),
        button.format("full", _("Full screen"), "F", toggle, _("Full screen")),
    ]
    out = Markup('<a class="ita-go leave" href="{}" aria-label="{}">{}</a>').format(
        "/directives?day=" if seen.kept else "/overview", _("Leave meeting mode"), _("Leave")
    )
    aloud = Markup('<span class="ita-aloud" role="status" aria-live="polite"></span>')
    return Markup('<div class="controls">{}{}{}</div>').format(marks.joined(drawn), out, aloud)


# --- the meeting itself ----------------------------------------------------------------------------------------------


def _meeting_itself(here: Frame, data: Snapshot, meeting: MeetingFacts | None) -> None:
    """Open it with who is here; then change that, and end it."""
    label, icon = _("Open the meeting"), ":material/play_arrow:"
    if meeting:
        there = _("{number} officers").format(number=len(meeting.officers))
        label, icon = f"{_since(meeting)} · {there}", ":material/groups:"
    short = Counter(person.short for person in data.officers)
    names = {one.id: marks.plain(one.short if short[one.short] == 1 else one.full) for one in data.officers}
    officers, guests = _fields(meeting)
    with st.popover(label, icon=icon, key=f"meeting-{meeting.id if meeting else 'new'}"):
        st.session_state.setdefault(officers, list(meeting.officers) if meeting else [])
        st.session_state.setdefault(guests, meeting.guests if meeting else "")
        st.pills(  # everybody at a glance, a press each
            _("Officers who are here"), list(names), selection_mode="multi", format_func=names.__getitem__,
            key=officers, persist_state="session",
        )  # fmt: skip
        st.text_input(_("Guests"), key=guests, placeholder=_("Names, units"), persist_state="session")
        if meeting is None:
            open_ = _("Open the meeting now")
            st.button(open_, type="primary", key="meeting-open", on_click=_hold, args=(here, "open", None))
            return
        st.button(_("Note who is here"), key="meeting-attend", on_click=_hold, args=(here, "attend", meeting))
        st.caption(_("What the screens show at its end is kept, and the next meeting is compared with it."))
        st.button(_("End the meeting"), type="primary", key="meeting-end", on_click=_hold, args=(here, "end", meeting))


def _fields(meeting: MeetingFacts | None) -> tuple[str, str]:
    return f"meeting-officers-{meeting.id if meeting else ''}", f"meeting-guests-{meeting.id if meeting else ''}"


def _hold(here: Frame, what: str, meeting: MeetingFacts | None) -> None:
    """Open, note or end; before navigation.py asks who is here, so it asks itself."""
    if visiting.visitor() is None:
        return
    by, now = here.actor.account_id, settings().now()
    officers, guests = (st.session_state[field] for field in _fields(meeting))
    try:
        with db.writing() as session:
            if meeting is None:
                workflow.open_meeting(
                    session, by=by, assessment_id=here.assessment.id, officer_ids=officers, guests=guests, at=now
                )
            elif what == "attend":
                workflow.attend(session, by=by, meeting_id=meeting.id, officer_ids=officers, guests=guests, at=now)
            else:
                workflow.end_meeting(session, by=by, meeting_id=meeting.id, at=now)
    except Refused as refused:
        frame.say_refusal(refused)
        return
    says = {
        "open": _("The meeting is open."),
        "attend": _("Who is here is noted."),
        "end": _("The meeting has ended and is kept."),
    }
    frame.say_done(says[what])


def settle(here: Frame, pressed: dict[str, object]) -> None:
    """What was pressed beside a directive; it comes from a browser, so anything may stand in it."""
    steps = {step.value: step for step in DirectiveStep}
    number, what = pressed.get("directive"), steps.get(str(pressed.get("what")))
    if isinstance(number, int) and what:
        directive_list.settle(here, number, what)
