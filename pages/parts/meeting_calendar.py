"""The meeting's screen of the calendar: the steps of the year by phases, and where today is."""

from dataclasses import dataclass
from datetime import date

from ita_core import db, queries, thai, words
from ita_core.board import timeline
from ita_core.board.timeline import RowKind, RowState, Span, Window
from ita_core.days import period_of
from ita_core.language import _
from pages.parts import meeting_split
from pages.parts.meeting_look import Look, Subject, subject
from pages.parts.meeting_split import Row, lines

WIDE = 45.0  # em of a line that is as wide as the screen
SIGNS = {RowState.overdue: "!", RowState.running: "▶", RowState.ahead: "○", RowState.over: "■", RowState.complete: "✓"}
# Estimated closely, so that a phase stands on one screen: each has room for two lines more.
CLOSELY = -0.2


@dataclass(frozen=True, slots=True)
class Step:
    """A step, or a phase of several. Places are shares of the axis; `today` is None where the day is not in it."""

    phase: bool
    code: str
    title: str
    state: str
    sign: str
    state_text: str
    at: float
    length: float
    today: float | None
    says: str


@dataclass(frozen=True, slots=True)
class Axis:
    key: str
    ticks: tuple[tuple[float, str], ...]


def calendar(look: Look) -> Subject:
    """Phases with their steps, each with its span."""
    assessment, day = look.here.assessment, look.here.day
    window = Window(assessment.starts, assessment.ends)
    rows = []
    with db.reading() as session:
        steps = queries.list_steps(session, assessment, day)
    for row in timeline.rows(steps, look.board):
        if row.kind in {RowKind.phase, RowKind.step} and row.starts and row.ends:
            span = window.span(row.starts, row.ends)
            if span:
                rows.append(_row(row, span, window, day))
    title = _("Timeline: today is {day}").format(day=thai.date_text(day))
    tables = meeting_split.tables("steps", rows, head=_axis(window))
    return subject("timeline", 6, title, tables, _("The plan has no steps."))


def _row(row: timeline.Row, span: Span, window: Window, day: date) -> Row:
    phase = row.kind is RowKind.phase
    view = Step(
        phase,
        row.code,
        row.title,
        row.state.value,
        "" if phase else SIGNS[row.state],
        _(words.ROW_STATES[row.state]),
        span.left / 100,
        span.width / 100,
        window.middle(day) / 100 if window.holds(day) else None,
        f"{thai.date_text(row.starts)} – {thai.date_text(row.ends)}",
    )
    height = lines(row.title, WIDE) if phase else lines(f"{row.code} {row.title}", 32.6)
    return Row(view, height, more=CLOSELY, leads=phase)


def _axis(window: Window) -> Axis:
    """A tick for each quarter, with the year where one begins."""
    ticks = []
    for place, (month, _span) in enumerate(window.months()):
        if place % 3 == 0:
            text = thai.period_text(period_of(month))
            ticks.append((window.middle(month) / 100, text if month.month in {1, 10} else text.split(" ")[0]))
    key = " ".join(f"{sign} {_(words.ROW_STATES[state])}" for state, sign in SIGNS.items())
    return Axis(key, tuple(ticks))
