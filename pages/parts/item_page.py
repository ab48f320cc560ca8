"""The parts of an item's page: its head, its slots, its history."""

from collections.abc import Sequence
from dataclasses import dataclass

from ita_core import thai, words
from ita_core.board import headline, turns
from ita_core.board.progress import ItemStanding, SlotKey, SlotStanding
from ita_core.language import _
from ita_core.models import DutyKind
from ita_core.queries import Event, ItemDetail
from pages.parts import evidence_card, marks
from pages.parts.marks import Badge


@dataclass(frozen=True, slots=True)
class Head:
    """Stage, numbers, deadline and people; "" for what there is not."""

    stage: str
    accepted: int
    slots: int
    due: str
    overdue: str
    supervisors: str
    preparers: str
    nobody: str
    assumed: str


@dataclass(frozen=True, slots=True)
class Slot:
    """`late` is by how many days it is overdue; `send` its name for who may send something for it here; "" for none."""

    badge: Badge
    says: str
    label: str
    late: str
    send: str


@dataclass(frozen=True, slots=True)
class Cell:
    """A requirement's slots of one column; `first`: they need work, and on a phone they come before the others."""

    column: str
    slots: tuple[Slot, ...]
    first: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A requirement, with its slots in each column."""

    title: str
    note: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Table:
    columns: list[tuple[str, str]]  # with their class
    rows: tuple[Row, ...]
    takes: bool  # whether a slot has its “Send” for this reader


@dataclass(frozen=True, slots=True)
class Entry:
    at: str
    what: str
    by: str
    about: str


def head(detail: ItemDetail, standing: ItemStanding) -> Head:
    """Two lines of what one wants to know first."""
    supervisors, preparers = (
        ", ".join(person.full for person in detail.snapshot.named(detail.item.id, kind))
        for kind in (DutyKind.supervise, DutyKind.prepare)
    )
    late = standing.tally.overdue
    return Head(
        marks.stage(standing),
        standing.tally.accepted,
        standing.tally.slots,
        marks.due_text(standing),
        _("{slots} slots").format(slots=late) if late else "",
        supervisors,
        preparers,
        detail.item.nobody,
        _("Carried over from {source}: not yet held against this year's manual.").format(source=detail.item.assumed)
        if detail.item.assumed
        else "",
    )


def slots(standing: ItemStanding, *, sends: bool) -> Table:
    """The requirements as rows; months as columns where the item has months; `sends`: open slots take what is sent."""
    columns = list(dict.fromkeys(slot.slot.key.period for slot in standing.slots if slot.slot.key.period)) or [""]
    rows = []
    for requirement in standing.item.requirements:
        mine = [slot for slot in standing.slots if slot.slot.requirement is requirement]
        cells = (
            _cell(column, [slot for slot in mine if _stands_under(slot, column, columns)], sends=sends)
            for column in columns
        )
        rows.append(Row(requirement.title, requirement.note, tuple(cells)))
    takes = any(slot.send for row in rows for cell in row.cells for slot in cell.slots)
    return Table([(thai.period_text(one) if one else "", "mark") for one in columns], tuple(rows), takes)


def _cell(column: str, mine: Sequence[SlotStanding], *, sends: bool) -> Cell:
    first = any(slot.returned_id is not None or (slot.overdue and turns.owes(slot)) for slot in mine)
    return Cell(thai.period_text(column) if column else "", tuple(_slot(slot, sends=sends) for slot in mine), first)


def _stands_under(slot: SlotStanding, column: str, columns: Sequence[str]) -> bool:
    """A requirement without months stands under the last one: it is due with the last report."""
    return slot.slot.key.period == column or (not slot.slot.key.period and column == columns[-1])


def slot_name(key: SlotKey) -> str:
    """A slot by the five parts of its key, as the browser sends it back (`web/uploads.py`)."""
    return "|".join(map(str, key))


def _slot(slot: SlotStanding, *, sends: bool) -> Slot:
    face = headline.face(slot)
    key = slot.slot.key
    both = [words.format_word(key.format), words.language_word(key.language)]
    short = " ".join(part for part in both if part) or marks.word(face)
    label = words.slot_label(slot.slot)
    late = marks.late_text(slot.days_late) if slot.overdue else ""
    due = f"{_('Due')} {thai.date_text(slot.slot.due)}"
    says = " · ".join(part for part in (f"{label}: {marks.word(face)}", due, late) if part)
    send = slot_name(key) if sends and turns.owes(slot) else ""
    return Slot(marks.badge(face, short), says, label, late, send)


def history(events: Sequence[Event]) -> list[Entry]:
    """What happened, newest first."""
    return [
        Entry(
            thai.moment_text(event.at),
            _((words.CORRECTIONS if event.corrects else words.EVENTS)[event.what]),
            event.by,
            _about(event),
        )
        for event in events
    ]


def _about(event: Event) -> str:
    name = evidence_card.name(event.evidence) if event.evidence else ""
    return " · ".join(part for part in (name, event.text, event.explanation) if part)
