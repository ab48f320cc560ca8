"""My work: what came back and why, first; then what I owe, in the order it is due."""

from collections.abc import Sequence
from datetime import timedelta

import streamlit as st
from markupsafe import Markup

from ita_core import db, queries, thai, words
from ita_core.board import directives, headline, progress, turns
from ita_core.board.directives import DirectiveFacts, DirectiveState
from ita_core.board.headline import Face
from ita_core.board.progress import ItemStanding, SlotStanding
from ita_core.language import _
from pages.parts import frame, marks
from pages.parts.frame import Frame

SOON = timedelta(days=31)
TITLES = 2  # subjects named in a line before "and … more"

Owed = tuple[ItemStanding, list[SlotStanding]]


def owed(here: Frame, items: Sequence[ItemStanding]) -> list[Owed]:
    """Open slots by item, state and due date, the earliest due first; those that wait for review are not owed."""
    groups: dict[tuple[object, ...], Owed] = {}
    for standing in items:
        for slot in standing.slots:
            if turns.owes(slot):
                basis = (standing.item.code, slot.slot.due, slot.returned_id)
                groups.setdefault(basis, (standing, []))[1].append(slot)
    return sorted(groups.values(), key=lambda pair: (pair[1][0].slot.due or here.assessment.closes, pair[0].item.id))


def what(slots: Sequence[SlotStanding]) -> str:
    """The open slots in a few words: the months, and the first subjects."""
    months = dict.fromkeys(thai.period_text(one.slot.key.period) for one in slots if one.slot.key.period)
    titles = list(dict.fromkeys(one.slot.requirement.title for one in slots))
    more = _("and {number} more").format(number=len(titles) - TITLES) if len(titles) > TITLES else ""
    return " · ".join(part for part in (*months, ", ".join(titles[:TITLES]), more) if part)


def lines(groups: Sequence[Owed], reasons: dict[int, tuple[str, str]]) -> Markup:
    """A line for each group of slots, with the reason where it came back."""
    row = Markup('<li><span>{} {}{}</span><span class="soft">{}</span></li>')
    said = Markup('<br><span class="soft">{}: “{}”</span>')
    drawn = []
    for standing, slots in groups:
        why = reasons.get(slots[0].returned_id or 0)
        shown = Face.returned if why else min((headline.face(slot) for slot in slots), key=list(Face).index)
        late = max(slot.days_late if slot.overdue else 0 for slot in slots)
        due = thai.date_text(slots[0].slot.due)
        when = _("due {day}, {days} days late").format(day=due, days=late) if late else _("due {day}").format(day=due)
        drawn.append(
            row.format(
                marks.badge(shown),
                marks.item_link(standing.item.code, f"{standing.item.code} {what(slots)}"),
                said.format(*why) if why else "",
                when,
            )
        )
    return Markup('<ul class="ita-list">{}</ul>').format(marks.joined(drawn))


def orders(ordered: Sequence[DirectiveFacts], here: Frame) -> Markup:
    """A line for each directive, which leads to where it is reported as carried out."""
    row = Markup('<li><span>{} <a class="ita-go" href="/directives">{}</a></span><span class="soft">{}</span></li>')
    lines_ = []
    for one in ordered:
        late, due = one.days_late(here.day), thai.date_text(one.due)
        when = _("due {day}, {days} days late").format(day=due, days=late) if late else _("due {day}").format(day=due)
        face = Face.overdue if late else Face.missing
        state = words.OVERDUE if late and one.state() is DirectiveState.open else words.DIRECTIVE_STATES[one.state()]
        lines_.append(row.format(marks.badge(face, _(state)), one.text, when))
    return Markup('<ul class="ita-list">{}</ul>').format(marks.joined(lines_))


def section(slots: Sequence[SlotStanding], here: Frame) -> str:
    """Under which heading a group belongs."""
    first = slots[0]
    if first.returned_id is not None:
        return _("Came back: mend these first")
    if first.overdue:
        return _("Overdue")
    return _("Due within a month") if first.slot.due and first.slot.due - here.day <= SOON else _("Later")


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
groups = owed(here, mine)
with db.reading() as session:
    given = directives.as_of(
        queries.list_directives(session, here.assessment.id, here.actor), progress.until(here.day, here.assessment.ends)
    )
    left = queries.count_waiting_uploads(session, here.actor.account_id)
    reasons = queries.list_returns(session, [slots[0].returned_id for _one, slots in groups if slots[0].returned_id])
if left and not here.past:
    says = _("{pieces} files came but were not handed in yet: say what they cover and press “Hand in”.")
    links = marks.joined((marks.item_link(code) for code in left), " · ")
    reminder = Markup('<p class="ita-past" role="status">{} {}</p>')
    marks.show(reminder.format(says.format(pieces=sum(left.values())), links))
ordered = [one for one in directives.still_open(given) if here.actor.officer_id in one.officers]
if ordered:
    st.subheader(_("Directives"), anchor=False)
    marks.show(orders(ordered, here))
for title in (_("Came back: mend these first"), _("Overdue"), _("Due within a month"), _("Later")):
    part = [pair for pair in groups if section(pair[1], here) == title]
    if part:
        st.subheader(title, anchor=False)
        marks.show(lines(part, reasons))
if not groups and not ordered:
    st.success(_("Nothing is owed. Everything of yours is handed in.") if mine else _("No item is yours to prepare."))
