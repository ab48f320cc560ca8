"""The meeting's screens of the work: what happened since the last one, what is overdue, what is due soon."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from ita_core import thai, words
from ita_core.board import headline, progress
from ita_core.board.headline import Face
from ita_core.board.progress import ItemStanding, SlotStanding, State
from ita_core.language import _
from pages.parts import marks, meeting_split
from pages.parts.marks import Badge, Whose
from pages.parts.meeting_look import Look, Subject, subject
from pages.parts.meeting_split import Row, lines

SOON = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Change:
    """An item, with how much of it was accepted, came back, went overdue; and whether it was approved."""

    code: str
    title: str
    badges: tuple[Badge | None, ...]


@dataclass(frozen=True, slots=True)
class Late:
    code: str
    title: str
    what: str
    whose: Whose
    days: int


@dataclass(frozen=True, slots=True)
class Coming:
    due: str  # "" where the row above says it
    code: str
    title: str
    what: str
    whose: Whose


def since(look: Look) -> Subject:
    """What happened since the meeting before."""
    found = headline.since(look.before, look.board)
    columns = [
        (Face.accepted, _("accepted"), found.accepted),
        (Face.returned, _("came back"), found.returned),
        (Face.overdue, _("went overdue"), found.overdue),
    ]
    rows = []
    for one in look.board.oit:
        code = one.item.code
        badges = [marks.badge(face, str(slots[code])) if slots.get(code) else None for face, _title, slots in columns]
        badges.append(marks.badge(Face.accepted, _("approved")) if code in found.approved else None)
        if any(badges):
            rows.append(Row(Change(code, one.item.title, tuple(badges)), lines(one.item.title, 20.6)))
    said = [f"{text} " + _("{slots} slots").format(slots=sum(slots.values())) for _face, text, slots in columns]
    said.append(_("approved") + " " + _("{items} items").format(items=len(found.approved)))
    title = _("Since {name}").format(name=look.earlier.name)
    nothing = _("Nothing was accepted, came back or went overdue since then.")
    return subject("since", 2, title, meeting_split.tables("since", rows, lead=" · ".join(said)), nothing)


def overdue(look: Look) -> Subject:
    """What is late, whose turn it is, and for how many days."""
    rows = []
    for one in progress.risks(look.board.items):
        slots = [slot for slot in one.slots if slot.overdue]
        text, whose = _what(slots), marks.whose_turn(one, slots, look.data.people)
        height = max(lines(one.item.title, 22.6) + lines(text, 24.6), lines(whose.text, 10.8))
        rows.append(Row(Late(one.item.code, one.item.title, text, whose, one.days_late), height))
    nothing = _("Nothing is overdue. Well done.")
    return subject("overdue", 3, _(words.OVERDUE), meeting_split.tables("overdue", rows), nothing)


def soon(look: Look) -> Subject:
    """What is due in the coming days; where nothing is, what comes next."""
    groups = _due_from(look)
    coming = sorted(groups)
    last, lead = look.here.day + SOON, ""
    if coming and coming[0][0] > last:  # then what comes next
        last = coming[0][0]
        lead = _("Nothing is due in the coming {days} days. The next is due on {day}: {items} items").format(
            days=SOON.days, day=thai.date_text(last), items=sum(due == last for due, _place in coming)
        )
    rows, codes, shown = [], [], None
    for due, place in coming:
        if due > last:
            break
        rows.append(_coming(look, *groups[due, place], "" if due == shown else thai.date_text(due, year=False)))
        codes.append(groups[due, place][0].item.code)
        shown = due
    # One screen is enough of what is not soon: of the rest it names the items.
    tables = meeting_split.first("soon", rows, codes, lead=lead) if lead else meeting_split.tables("soon", rows)
    title = _("Due in the coming {days} days").format(days=SOON.days)
    return subject("soon", 4, title, tables, _("Everything that has a due date is accepted."))


def _due_from(look: Look) -> dict[tuple[date, int], tuple[ItemStanding, list[SlotStanding]]]:
    """The slots that are due from this day on, by day and item."""
    groups: dict[tuple[date, int], tuple[ItemStanding, list[SlotStanding]]] = {}
    for place, one in enumerate(look.board.items):
        for slot in one.slots:
            if slot.slot.due and slot.slot.due >= look.here.day and slot.state is not State.accepted:
                groups.setdefault((slot.slot.due, place), (one, []))[1].append(slot)
    return groups


def _coming(look: Look, one: ItemStanding, slots: Sequence[SlotStanding], when: str) -> Row:
    text, whose = _what(slots), marks.whose_turn(one, slots, look.data.people)
    if lines(text, 26.4) > 1:  # many things fall due on one day
        text = _("{slots} slots").format(slots=len(slots))
    height = max(lines(one.item.title, 24.6) + 1, lines(whose.text, 10.8))
    return Row(Coming(when, one.item.code, one.item.title, text, whose), height)


def _what(slots: Sequence[SlotStanding]) -> str:
    """Slots in words: their months, and what is to be shown."""
    months = dict.fromkeys(thai.period_text(one.slot.key.period) for one in slots if one.slot.key.period)
    titles = list(dict.fromkeys(one.slot.requirement.title for one in slots))
    return " · ".join(part for part in (", ".join(months), ", ".join(titles)) if part)
