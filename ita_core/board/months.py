"""PURE: the board by month: what is due in each of the year's months, and what became of it by a day.

A month holds what is due in it, not what it reports on: February's report is due on 1 March and stands in March. The
strip of monthly items is the other view: a column for each month that is reported on.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum

from ita_core.board import headline, progress
from ita_core.board.headline import Cell, Face
from ita_core.board.progress import ItemStanding, SlotStanding, State, Tally
from ita_core.board.steps import StepFacts
from ita_core.days import period_of


@dataclass(frozen=True, slots=True)
class Month:
    """What is due in one month; the slots are counted."""

    first: date
    tally: Tally

    @property
    def name(self) -> str:
        """YYYY-MM, as the address has it."""
        return period_of(self.first)


@dataclass(frozen=True, slots=True)
class Group:
    """An item's slots that are due on the same day."""

    standing: ItemStanding
    due: date
    slots: tuple[SlotStanding, ...]

    @property
    def tally(self) -> Tally:
        """The numbers of its slots."""
        return progress.tally_of(self.slots)

    @property
    def face(self) -> Face:
        """The most urgent of its slots."""
        return min((headline.face(slot) for slot in self.slots), key=list(Face).index)

    @property
    def days_late(self) -> int:
        """Of what is overdue; where nothing is, of what was accepted late."""
        overdue = [slot.days_late for slot in self.slots if slot.overdue]
        return max(overdue or (slot.days_late for slot in self.slots))

    @property
    def periods(self) -> tuple[str, ...]:
        """The months reported on, YYYY-MM."""
        return tuple(sorted({slot.slot.key.period for slot in self.slots if slot.slot.key.period}))

    @property
    def open_titles(self) -> tuple[str, ...]:
        """The requirements of which something is not accepted, each once."""
        titles = (slot.slot.requirement.title for slot in self.slots if slot.state is not State.accepted)
        return tuple(dict.fromkeys(titles))

    @property
    def first_due(self) -> date:
        """As first planned; the earliest where they differ."""
        return min(slot.slot.first_due or self.due for slot in self.slots)


class StepPart(Enum):
    """What a step does in a month."""

    whole = "whole"  # begins and ends in it
    begins = "begins"
    ends = "ends"
    runs = "runs"


def months(items: Iterable[ItemStanding], firsts: Sequence[date]) -> list[Month]:
    """These months, each with what is due in it."""
    due: dict[str, list[SlotStanding]] = {period_of(first): [] for first in firsts}
    for standing in items:
        for slot in standing.slots:
            if slot.slot.due and (month := period_of(slot.slot.due)) in due:
                due[month].append(slot)
    return [Month(first, progress.tally_of(due[period_of(first)])) for first in firsts]


def due_in(items: Iterable[ItemStanding], month: str) -> list[Group]:
    """What is due in a month (YYYY-MM), the earliest first, then in the document's order."""
    found: list[Group] = []
    for standing in items:
        days: dict[date, list[SlotStanding]] = {}
        for slot in standing.slots:
            if slot.slot.due and period_of(slot.slot.due) == month:
                days.setdefault(slot.slot.due, []).append(slot)
        found += [Group(standing, day, tuple(slots)) for day, slots in days.items()]
    return sorted(found, key=lambda group: group.due)


def steps_in(steps: Iterable[StepFacts], month: str) -> list[tuple[StepFacts, StepPart]]:
    """The calendar's steps of which at least a day lies in a month (YYYY-MM)."""
    found = []
    for step in steps:
        begins, ends = period_of(step.starts), period_of(step.ends)
        if begins <= month <= ends:
            part = {(True, True): StepPart.whole, (True, False): StepPart.begins, (False, True): StepPart.ends}
            found.append((step, part.get((begins == month, ends == month), StepPart.runs)))
    return found


@dataclass(frozen=True, slots=True)
class Strip:
    """The items that report every month: a row each, a cell for each month reported on."""

    periods: tuple[str, ...]
    rows: tuple[tuple[ItemStanding, dict[str, Cell]], ...]
    totals: dict[str, Tally]


def strip(items: Iterable[ItemStanding], day: date) -> Strip:
    """The monthly items as they stand on `day`; empty where there is none."""
    rows = []
    slots: dict[str, list[SlotStanding]] = {}
    for standing in items:
        cells = {cell.period: cell for cell in headline.cells(standing, day) if cell.period}
        if cells:
            rows.append((standing, cells))
        for slot in standing.slots:
            if slot.slot.key.period:
                slots.setdefault(slot.slot.key.period, []).append(slot)
    periods = tuple(sorted(slots))
    return Strip(periods, tuple(rows), {period: progress.tally_of(slots[period]) for period in periods})
