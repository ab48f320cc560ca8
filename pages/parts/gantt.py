"""The timeline: its axis, and rows that are links, that can be printed and read aloud."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from ita_core import thai, words
from ita_core.board.progress import Board
from ita_core.board.steps import StepStanding, StepState
from ita_core.board.timeline import Row, RowKind, RowState, Window
from ita_core.days import period_of
from ita_core.language import _
from ita_core.queries import Snapshot
from pages.parts import gantt_shapes, gantt_words, marks
from pages.parts.frame import Frame
from pages.parts.gantt_shapes import Shape
from pages.parts.marks import Meaning, Meanings

SIGNS = {
    RowState.overdue: "!",
    RowState.running: "▸",
    RowState.ahead: "○",
    RowState.over: "■",
    RowState.complete: "✓",
}
ADDRESSES = {RowKind.item: "/item?item={code}", RowKind.measure: "/item?item={code}", RowKind.step: "?step={code}"}
ROOM = 6  # percent of the axis that a month's name needs


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands beside a row's title: who has to act, and of a step the instrument (IIT, EIT, OIT)."""

    names: tuple[str, ...] = ()
    instrument: str = ""


Details = Mapping[tuple[RowKind, str], Beside]


@dataclass(frozen=True, slots=True)
class Line:
    """One row: `shapes` is what is drawn, `says` the same in words."""

    kind: str
    code: str
    title: str
    address: str  # of the item's page, or the step on this one; "" for a phase
    moved: tuple[str, ...]  # dates, from when to when
    beside: Beside
    state: str
    sign: str
    state_text: str
    shapes: tuple[Shape, ...]
    says: str


@dataclass(frozen=True, slots=True)
class Month:
    name: str
    text: str
    left: float
    width: float

    @property
    def fits(self) -> bool:
        """Whether its name has room on the axis."""
        return self.width > ROOM


@dataclass(frozen=True, slots=True)
class Day:
    number: int
    left: float
    weekend: bool


@dataclass(frozen=True, slots=True)
class Flag:
    """The day that is looked at."""

    name: str
    left: float
    text: str


@dataclass(frozen=True, slots=True)
class Table:
    """Months, and of a month its days, above the rows; `flag` is None where that day is not in it."""

    zoomed: bool
    months: tuple[Month, ...]
    days: tuple[Day, ...]
    flag: Flag | None
    lines: tuple[Line, ...]


def details(data: Snapshot, steps: Sequence[StepStanding], board: Board) -> Details:
    """Beside each row: of a step who prepares it, of an item whose turn it is, by the names that colleagues say."""
    short = {person.full: person.short for person in data.people.values()}
    found = {
        (RowKind.step, str(one.step.position)): Beside(
            tuple(short[name] for name in one.step.preparers), one.step.instrument or ""
        )
        for one in steps
    }
    for one in board.items:
        named = (marks.whose_turn(one, one.slots, data.people).text,)
        found[RowKind.item, one.item.code] = found[RowKind.measure, one.item.code] = Beside(named)
    return found


def table(listed: Sequence[Row], window: Window, here: Frame, beside: Details) -> Table:
    """The axis, and a row for each."""
    return Table(
        window.is_month,
        tuple(
            Month(period_of(first), month_text(first), span.left, span.width) for first, span in window.months()
        ),
        tuple(
            Day(one.day, window.middle(one), one.weekday() > 4) for one in (window.days() if window.is_month else ())
        ),
        _flag(window, here),
        tuple(_line(row, window, here.day, beside.get((row.kind, row.code), Beside())) for row in listed),
    )  # fmt: skip


def _flag(window: Window, here: Frame) -> Flag | None:
    if not window.holds(here.day):
        return None
    text = (_("As of {day}") if here.past else _("Today {day}")).format(day=gantt_words.short(here.day))
    left = window.middle(here.day)
    return Flag(gantt_shapes.sided("t", left), left, text)


def _line(row: Row, window: Window, day: date, beside: Beside) -> Line:
    return Line(
        row.kind.value,
        row.code,
        row.title,
        ADDRESSES.get(row.kind, "").format(code=row.code),
        tuple(gantt_words.moves(row)),
        beside,
        row.state.value,
        SIGNS[row.state],
        _(words.STEP_STATES[row.step.state] if row.step else words.ROW_STATES[row.state]),
        tuple(gantt_shapes.of(row, window, day)),
        gantt_words.says(row, day),
    )


def month_text(month: date) -> str:
    """มี.ค. 68."""
    return thai.period_text(period_of(month))


def _named(state: RowState) -> str:
    """What a row says of it; a step that is complete says another word than an item."""
    said = [_(words.ROW_STATES[state])]
    return " / ".join([*said, _(words.STEP_STATES[StepState.done])] if state is RowState.complete else said)


def meanings() -> Meanings:
    """What the state at the end of a row's head means, each with its sign."""
    of = tuple(Meaning(f"{SIGNS[one]} {_named(one)}", _(says)) for one, says in words.ROW_MEANINGS.items())
    return Meanings(_("What the states mean"), of)
