"""My work: what came back and why, first; then what I owe, in the order it is due."""

import streamlit as st

from ita_core import db, queries, thai
from ita_core.board import directives, progress, steps
from ita_core.language import _
from pages.parts import clarification_list, empty, frame, owing, plan_news, talking, templates
from pages.parts import steps as step_lines

here = frame.frame()
data = frame.visible(here)
mine = [one for one in data.board(here.day).items if here.actor.officer_id in one.item.preparers]
tally = progress.tally_of(slot for one in mine for slot in one.slots)
frame.heading(here, _("My work"), any_day=True)
st.write(
    _("On {day} you have {accepted} of {slots} slots accepted, {waiting} waiting for review.").format(
        day=thai.date_text(here.day), accepted=tally.accepted, slots=tally.slots, waiting=tally.waiting
    )
)
if said := owing.by_kind(mine):
    st.caption(said)
groups = owing.owed(here, mine)
with db.reading() as session:
    given = directives.as_of(queries.list_directives(session, here.assessment.id, here.actor), here.before)
    late = steps.overdue(queries.list_steps(session, here.assessment, here.day), here.actor.officer_id or 0)
    left = queries.count_waiting_uploads(session, here.actor.account_id, here.assessment.id)
    back = [slots[0].returned_id for _one, slots in groups if slots[0].returned_id]
    reasons = queries.list_returns(session, back, before=here.before)
if left and here.acts():
    says = _("{pieces} files came but were not handed in yet: say what they cover and press “Hand in”.")
    templates.show(
        "waiting",
        text=says.format(pieces=sum(left.values())),
        items=[item.code for item in data.items if item.code in left],
    )
talking.waiting(here)
if news := plan_news.listed(here):
    st.header(_("What changed in the plan for you"), anchor=False)
    templates.show("plan_news", news=news)
ordered = [one for one in directives.still_open(given) if here.actor.officer_id in one.officers]
if ordered:
    st.header(_("Directives"), anchor=False)
    templates.show("orders", orders=owing.orders(ordered, here))
if late:
    st.header(_("Steps of the calendar past their last day"), anchor=False)
    templates.show("steps_owed", steps=step_lines.lines(late, data))
if clarify := clarification_list.to_carry_on(here, own=True):
    templates.show("clarify_on", clarify=clarify)
for title in (_("Came back: mend these first"), _("Overdue"), _("Due within a month"), _("Later")):
    part = [pair for pair in groups if owing.section(pair[1], here) == title]
    if part:
        st.header(title, anchor=False)
        templates.show("owed", owed=owing.lines(part, reasons))
if not groups and not ordered and not late and not clarify:
    empty.draw(empty.nothing_owed(here, prepares=bool(mine)))
