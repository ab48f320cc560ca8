"""Directives: what the commander ordered, open ones first; below, the meetings that are kept."""

import streamlit as st

from ita_core import access, db, queries, words
from ita_core.board import directives, listing
from ita_core.board.directives import OPEN, DirectiveFacts, DirectiveState
from ita_core.language import _
from ita_core.models import DirectiveStep
from pages.parts import directing, directive_card, empty, exporting, frame, marks, meeting_list, pressing, templates
from pages.parts.frame import Frame


def settle(here: Frame, one: DirectiveFacts, step: DirectiveStep, text: str, icon: str) -> None:
    st.button(
        text, icon=icon, width="stretch", key=f"{step.value}-{one.id}", on_click=directing.settle,
        args=(here, one.id, step),
    )  # fmt: skip


def act(here: Frame, one: DirectiveFacts) -> None:
    """The buttons that this visitor has for it."""
    if access.may_direct(here.actor):
        if one.state() in OPEN:
            settle(here, one, DirectiveStep.done, _("Done"), ":material/check:")
            with st.popover(_("Cancel"), icon=":material/close:", width="stretch", key=f"cancel-{one.id}"):
                st.text_area(_("Why it is cancelled"), key=f"why-{one.id}", persist_state="session")
                settle(here, one, DirectiveStep.cancelled, _("Cancel the directive"), ":material/close:")
        else:  # it stands where “Done” stood, so it asks first
            with st.popover(_("Open again"), icon=":material/undo:", width="stretch", key=f"again-{one.id}"):
                settle(here, one, DirectiveStep.reopened, _("Yes, open it again"), ":material/undo:")
    if one.state() is DirectiveState.open and access.may_report(here.actor, one.officers):
        with st.popover(_("Carried out"), icon=":material/task_alt:", width="stretch"):
            st.text_area(_("What was done"), key=f"report-{one.id}", persist_state="session")
            st.button(
                _("Report as carried out"), type="primary", key=f"reported-{one.id}", on_click=directing.report,
                args=(here, one.id),
            )  # fmt: skip


here = frame.frame()
sees_all, directs = access.sees_all(here.actor), access.may_direct(here.actor) and here.acts()
data = frame.visible(here)
before = here.before
with db.reading() as session:
    ordered = directives.as_of(queries.list_directives(session, here.assessment.id, here.actor), before)
frame.heading(here, _("Directives"), "" if sees_all else _("those given to you"), any_day=True)
if directs:
    meeting = meeting_list.going_on(here)
    title = _("Give a directive")
    if meeting:
        title += " · " + _("in the meeting that goes on")
    with st.expander(title, icon=":material/assignment_add:", expanded=directing.writing()):
        directing.take_down(here, data, meeting)

known = directives.still_open(ordered)
settled = [one for one in ordered if one.state() not in OPEN]
known += sorted(settled, key=lambda one: one.happenings[-1].at, reverse=True)
people = {data.people[officer].key: data.people[officer] for one in ordered for officer in one.officers}
states = {"": _("All"), listing.OVERDUE: _(words.OVERDUE)}
states |= {state.value: _(text) for state, text in words.DIRECTIVE_STATES.items()}
wanted = listing.asked(
    st.query_params.to_dict(), items=(), officers={key: one.id for key, one in people.items()},
    states=listing.STATES_OF_DIRECTIVES,
)  # fmt: skip
officer = next((key for key, one in people.items() if one.id == wanted.officer), "")
if ordered:
    names = {"": _("Everybody"), **{key: person.full for key, person in people.items()}}
    templates.show(
        "directives_choice",
        states=marks.choice("state", states, wanted.state),
        officers=marks.choice("officer", names, officer) if sees_all else None,
        export=exporting.address(here, data),
    )
shown = listing.directives(known, wanted, here.day)
held = {one.id: one for one in here.meetings}
for one in shown:
    with st.container(border=True, key=f"at-directive-{one.id}"):  # the search leads there
        text, buttons = st.columns([5, 1], vertical_alignment="center")
        with text:
            templates.show("directive", one=directive_card.card(one, here.day, data, held, links=sees_all))
        if here.acts():
            with buttons:
                act(here, one)
            pressing.refusal_at(f"directive-{one.id}")
if ordered and not shown:
    empty.draw(empty.not_found(_("No directive fits this choice."), "?state=&officer="))
elif not ordered:
    empty.draw(empty.directives(here))
if shown:
    templates.show("legend", badges=(), means=(directive_card.meanings(),))
if sees_all:
    st.header(_("Meetings"), anchor=False)
    if here.meetings:
        templates.show("meetings", meetings=meeting_list.meetings(here, data, ordered))
    else:
        empty.draw(empty.meetings(here))
