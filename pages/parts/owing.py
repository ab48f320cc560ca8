"""What an officer owes, in the order it is due, and the directives that are theirs to carry out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from ita_core import thai, words
from ita_core.board import headline, progress, turns
from ita_core.board.directives import DirectiveFacts, DirectiveState
from ita_core.board.headline import Face
from ita_core.board.progress import ItemStanding, SlotStanding, State
from ita_core.language import _
from ita_core.models import ItemKind
from pages.parts import marks
from pages.parts.frame import Frame
from pages.parts.marks import Badge

SOON = timedelta(days=31)
TITLES = 2  # subjects named in a line before "and … more"

Owed = tuple[ItemStanding, list[SlotStanding]]


@dataclass(frozen=True, slots=True)
class Line:
    """Slots of one item; `reason` is who returned what was there and why, None where nothing came back."""

    badge: Badge
    code: str
    text: str
    when: str
    reason: tuple[str, str] | None


@dataclass(frozen=True, slots=True)
class Order:
    badge: Badge
    text: str
    when: str


def by_kind(items: Sequence[ItemStanding]) -> str:
    """Why the officers' page, which counts the kinds of items apart, has other numbers; "" for items of one kind."""
    parts = []
    for disclosed, name in ((True, _("Disclosure items")), (False, _("The office's measures"))):
        if of_kind := [one for one in items if (one.item.kind is ItemKind.oit) is disclosed]:
            tally = progress.tally_of(slot for one in of_kind for slot in one.slots)
            parts.append(f"{name} {tally.accepted}/{tally.slots}")
    return _("Of these: {parts}.").format(parts=" · ".join(parts)) if len(parts) > 1 else ""


def owed(here: Frame, items: Sequence[ItemStanding]) -> list[Owed]:
    """Open slots by item, state and due date, the earliest due first; those that wait for review are not owed.

    Of what came back, the slots where an older piece still counts stand in a group of their own.
    """
    groups: dict[tuple[object, ...], Owed] = {}
    for standing in items:
        for slot in standing.slots:
            if turns.owes(slot):
                basis = (standing.item.code, slot.slot.due, slot.returned_id, slot.state is State.accepted)
                groups.setdefault(basis, (standing, []))[1].append(slot)
    return sorted(groups.values(), key=lambda pair: (pair[1][0].slot.due or here.assessment.closes, pair[0].item.id))


def section(slots: Sequence[SlotStanding], here: Frame) -> str:
    """Under which heading a group belongs."""
    first = slots[0]
    if first.returned_id is not None:
        return _("Came back: mend these first")
    if first.overdue:
        return _("Overdue")
    return _("Due within a month") if first.slot.due and first.slot.due - here.day <= SOON else _("Later")


def lines(groups: Sequence[Owed], reasons: Mapping[int, tuple[str, str]]) -> list[Line]:
    """A line for each group of slots."""
    return [_line(standing, slots, reasons.get(slots[0].returned_id or 0)) for standing, slots in groups]


def _line(standing: ItemStanding, slots: Sequence[SlotStanding], reason: tuple[str, str] | None) -> Line:
    face = Face.returned if reason else min((headline.face(slot) for slot in slots), key=list(Face).index)
    late = max(slot.days_late if slot.overdue else 0 for slot in slots)
    return Line(marks.badge(face), standing.item.code, _what(slots), _when(slots[0].slot.due, late), reason)


def _what(slots: Sequence[SlotStanding]) -> str:
    """The open slots in a few words: the months, and the first subjects."""
    months = dict.fromkeys(thai.period_text(one.slot.key.period) for one in slots if one.slot.key.period)
    titles = list(dict.fromkeys(one.slot.requirement.title for one in slots))
    more = marks.more(len(titles) - TITLES) if len(titles) > TITLES else ""
    counts = all(one.state is State.accepted for one in slots)
    still = _still_counting(slots) if counts else _only(slots)
    return " · ".join(part for part in (*months, ", ".join(titles[:TITLES]), more, still) if part)


def _still_counting(slots: Sequence[SlotStanding]) -> str:
    """A newer piece for these slots came back: what was accepted counts until a newer one is (`board/progress.py`)."""
    kinds = dict.fromkeys(words.format_word(one.slot.key.format) for one in slots if one.slot.key.format)
    said = _("the replacement came back; the one accepted before still counts")
    return " · ".join(part for part in (", ".join(kinds), said) if part)


def _only(slots: Sequence[SlotStanding]) -> str:
    """Of what is wanted in several formats or languages, those that are open, where the others are there: only Word."""
    found = []
    for field, word in (("format", words.format_word), ("language", words.language_word)):
        wanted = {value for one in slots for value in getattr(one.slot.requirement, f"{field}s")}
        open_ = dict.fromkeys(getattr(one.slot.key, field) for one in slots if getattr(one.slot.key, field))
        if open_ and set(open_) < wanted:
            found.append(", ".join(map(word, open_)))
    return _("only {what}").format(what=" · ".join(found)) if found else ""


def orders(ordered: Sequence[DirectiveFacts], here: Frame) -> list[Order]:
    """A line for each directive."""
    return [_order(one, one.days_late(here.day)) for one in ordered]


def _order(one: DirectiveFacts, late: int) -> Order:
    state = words.OVERDUE if late and one.state() is DirectiveState.open else words.DIRECTIVE_STATES[one.state()]
    return Order(marks.badge(Face.overdue if late else Face.missing, _(state)), one.text, _when(one.due, late))


def _when(due: date | None, late: int) -> str:
    said = _("due {day}, {days} days late") if late else _("due {day}")
    return said.format(day=thai.date_text(due), days=late)
