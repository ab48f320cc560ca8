"""Directives on the screen: how one is given, reported and settled.

What a button does runs before navigation.py asks who is here, so each asks itself.
"""

from datetime import timedelta

import streamlit as st

from ita_core import thai, words, workflow
from ita_core.language import N_, _
from ita_core.models import DirectiveStep
from ita_core.queries import MeetingFacts, Snapshot
from ita_core.settings import settings
from pages.parts import pressing, templates, thai_date
from pages.parts.frame import Frame

TEXT, TO, DUE, ITEM = "directive-text", "directive-to", "directive-due", "directive-item"
WRITING = "directive-writing"
USUAL = timedelta(days=14)


def take_down(here: Frame, data: Snapshot, meeting: MeetingFacts | None, *, about: int | None = None) -> None:
    """The fields of a directive to give, in the meeting that goes on or outside one; what is typed stays until then.

    `about`: the id of the item that it is about; None: the commander says which, if any.
    """
    text, to, by_day = (_key(name, about) for name in (TEXT, TO, DUE))
    officers = {person.id: person.full for person in data.officers}
    names = officers | {one.id: one.name for one in data.parties if one.id not in officers}
    titles = {item.id: f"{item.code} {item.title}" for item in data.items}
    st.text_area(_("Directive: what is to be done"), key=text, height=132, persist_state="session")
    st.multiselect(
        _("To whom: officers, posts, teams"), list(names), format_func=names.__getitem__, key=to,
        placeholder=_("Choose"), persist_state="session",
    )  # fmt: skip
    by, which = st.columns(2)
    with by:
        due = thai_date.field(_("By"), settings().day() + USUAL, key=by_day, persist="session")
    if about is None:
        which.selectbox(
            _("Item, if any"), list(titles), index=None, format_func=titles.__getitem__, key=ITEM,
            placeholder=_("None"), persist_state="session",
        )  # fmt: skip
    if due:
        templates.show("thai_day", day=thai.long_date_text(due))
    st.button(
        _("Give the directive"), type="primary", icon=":material/assignment_add:", width="stretch",
        key="directive-give", on_click=_give, args=(here, meeting.id if meeting else None, about),
    )  # fmt: skip
    pressing.refusal_at("directive-give")


def writing() -> bool:
    """Whether one was begun and not given yet, be its text empty again: its box stays open until then."""
    state = st.session_state
    state[WRITING] = bool(state.get(WRITING) or state.get(TEXT))
    return bool(state[WRITING])


def _key(name: str, about: int | None) -> str:
    """A field's own: what is typed about an item waits at that item."""
    return name if about is None else f"{name}-{about}"


def _give(here: Frame, meeting_id: int | None, about: int | None) -> None:
    typed, (text, to, due) = st.session_state, (_key(name, about) for name in (TEXT, TO, DUE))
    item_id = typed[ITEM] if about is None else about
    given = pressing.write_first(
        lambda session: workflow.direct(
            session, by=here.actor.account_id, assessment_id=here.assessment.id, text=typed[text],
            party_ids=typed[to], due=thai_date.typed(due), item_id=item_id, meeting_id=meeting_id,
            at=settings().now(),
        ),
        N_("The directive is given."),
        place="directive-give",
    )  # fmt: skip
    if given:
        typed[text], typed[to] = "", []
        if about is None:
            typed[ITEM], typed[WRITING] = None, False


def settle(here: Frame, directive_id: int, what: DirectiveStep, note: str | None = None) -> None:
    """Done, cancelled or opened again, by the commander; without a `note`, with what was typed as the reason."""
    why = st.session_state.get(f"why-{directive_id}", "") if note is None and what is DirectiveStep.cancelled else note
    pressing.write_first(
        lambda session: workflow.settle(
            session,
            by=here.actor.account_id,
            directive_id=directive_id,
            what=what,
            note=why or "",
            at=settings().now(),
        ),
        N_("Recorded."),
        words.DIRECTIVE_STEPS[what],
        place=f"directive-{directive_id}",
    )


def report(here: Frame, directive_id: int) -> None:
    """Carried out, says an officer whom it was given to, with a word."""
    pressing.write_first(
        lambda session: workflow.report(
            session, by=here.actor.account_id, directive_id=directive_id,
            note=st.session_state.get(f"report-{directive_id}", ""), at=settings().now(),
        ),
        N_("Reported. The commander sees it now."),
        place=f"directive-{directive_id}",
    )  # fmt: skip
