"""My work: what came back and why, first; then what I owe, in the order it is due."""

import streamlit as st
from markupsafe import Markup

from ita_core import overview, progress, thai
from ita_core.language import _
from ita_core.overview import Face
from ita_core.progress import ItemStanding, SlotStanding, State
from pages import _frame, _marks
from pages._frame import Frame

SOON_DAYS = 31


def owed(here: Frame, items: list[ItemStanding]) -> list[tuple[ItemStanding, list[SlotStanding]]]:
    """Open slots by item and due date, the earliest due first; those that wait for review are not owed."""
    groups: dict[tuple[str, object], tuple[ItemStanding, list[SlotStanding]]] = {}
    for standing in items:
        for slot in standing.slots:
            if slot.state in {State.missing, State.returned}:
                groups.setdefault((standing.item.code, slot.slot.due), (standing, []))[1].append(slot)
    return sorted(groups.values(), key=lambda pair: (pair[1][0].slot.due or here.facts.closes, pair[0].item.id))


def what(slots: list[SlotStanding]) -> str:
    """The open slots in a few words: the month, or the subjects."""
    months = list(dict.fromkeys(thai.period_text(one.slot.key.period) for one in slots if one.slot.key.period))
    titles = list(dict.fromkeys(one.slot.requirement.title for one in slots))
    return " · ".join([*months, ", ".join(titles)])


def lines(here: Frame, groups: list[tuple[ItemStanding, list[SlotStanding]]]) -> Markup:
    row = Markup('<li><span>{} <b>{}</b> {}</span><span class="soft">{}</span></li>')
    drawn = []
    for standing, slots in groups:
        shown = min((overview.face(slot) for slot in slots), key=list(Face).index)
        late = max(slot.days_late for slot in slots)
        due = thai.date_text(slots[0].slot.due)
        when = _("due {day}, {days} days late").format(day=due, days=late) if late else _("due {day}").format(day=due)
        drawn.append(row.format(_marks.badge(shown), _marks.item_link(standing.item.code), what(slots), when))
    return Markup('<ul class="ita-list">{}</ul>').format(_marks.joined(drawn))


here = _frame.frame()
data = _frame.visible(here)
mine = [one for one in data.board(here.day).items if here.actor.officer_id in one.item.preparers]
tally = progress.tally_of(slot for one in mine for slot in one.slots)
_frame.heading(here, _("My work"))
st.write(
    _("On {day} you have {accepted} of {slots} slots accepted, {waiting} waiting for review.").format(
        day=thai.date_text(here.day), accepted=tally.accepted, slots=tally.slots, waiting=tally.waiting
    )
)
groups = owed(here, mine)
returned = [pair for pair in groups if any(slot.state is State.returned for slot in pair[1])]
overdue = [pair for pair in groups if pair not in returned and any(slot.overdue for slot in pair[1])]
rest = [pair for pair in groups if pair not in returned and pair not in overdue]
soon = [pair for pair in rest if pair[1][0].slot.due and (pair[1][0].slot.due - here.day).days <= SOON_DAYS]
later = [pair for pair in rest if pair not in soon]
for title, part in (
    (_("Came back: mend these first"), returned),
    (_("Overdue"), overdue),
    (_("Due within a month"), soon),
    (_("Later"), later),
):
    if part:
        st.subheader(title, anchor=False)
        _marks.show(lines(here, part))
if not groups:
    st.success(_("Nothing is owed. Everything of yours is handed in.") if mine else _("No item is yours to prepare."))
