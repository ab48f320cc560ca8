"""The meeting itself, as its holder has it in the bar: open it with who is here, change that, end it."""

from collections import Counter

import streamlit as st

from ita_core import db, workflow
from ita_core.language import N_, _
from ita_core.queries import MeetingFacts, Snapshot
from ita_core.settings import settings
from pages.parts import marks, meeting_list, pressing
from pages.parts.frame import Frame

PLACE = "meeting-held"  # where its refusals stand


def since_text(meeting: MeetingFacts) -> str:
    """Since when it goes on."""
    return _("meeting since {time}").format(time=meeting_list.clock(meeting.at))


def hold(here: Frame, data: Snapshot, meeting: MeetingFacts | None) -> None:
    """Open it with who is here; then change that, and end it."""
    label, icon = _("Open the meeting"), ":material/play_arrow:"
    if meeting:
        there = _("{number} officers").format(number=len(meeting.officers))
        label, icon = f"{since_text(meeting)} · {there}", ":material/groups:"
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
        if meeting:
            st.caption(_("What the screens show at its end is kept, and the next meeting is compared with it."))
        # They stay in sight where the list of officers is longer than the window.
        with st.container(key="meeting-acts"):
            pressing.refusal_at(PLACE)
            with st.container(horizontal=True):
                if meeting is None:
                    _button(here, "open", None, _("Open the meeting now"), first=True)
                else:
                    _button(here, "attend", meeting, _("Note who is here"))
                    _button(here, "end", meeting, _("End the meeting"), first=True)


def _button(here: Frame, what: str, meeting: MeetingFacts | None, text: str, *, first: bool = False) -> None:
    st.button(
        text, type="primary" if first else "secondary", key=f"meeting-{what}", on_click=_act, args=(here, what, meeting)
    )


def _fields(meeting: MeetingFacts | None) -> tuple[str, str]:
    return f"meeting-officers-{meeting.id if meeting else ''}", f"meeting-guests-{meeting.id if meeting else ''}"


def _act(here: Frame, what: str, meeting: MeetingFacts | None) -> None:
    """Open, note or end."""
    by, now = here.actor.account_id, settings().now()
    officers, guests = (st.session_state[field] for field in _fields(meeting))

    def write(session: db.Session) -> None:
        if meeting is None:
            workflow.open_meeting(
                session, by=by, assessment_id=here.assessment.id, officer_ids=officers, guests=guests, at=now
            )
        elif what == "attend":
            workflow.attend(session, by=by, meeting_id=meeting.id, officer_ids=officers, guests=guests, at=now)
        else:
            workflow.end_meeting(session, by=by, meeting_id=meeting.id, at=now)

    says = {
        "open": N_("The meeting is open."),
        "attend": N_("Who is here is noted."),
        "end": N_("The meeting has ended and is kept."),
    }
    pressing.write_first(write, says[what], place=PLACE)
