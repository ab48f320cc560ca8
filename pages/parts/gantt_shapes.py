"""What is drawn in a row of the timeline, one over the other: bars, marks, and the words beside them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from ita_core import thai
from ita_core.board.timeline import Due, Row, RowState, Span, Window
from ita_core.language import _
from pages.parts import marks
from pages.parts.gantt_words import short

NEAR_THE_END = 86  # percent of the axis from where a label stands left of its mark


@dataclass(frozen=True, slots=True)
class Shape:
    """A bar or mark (`i`), words (`em`), or a sign at the axis' end (`u`); `name` is how `gantt.css` knows it."""

    tag: str
    name: str
    left: float | None = None  # percent of the axis
    width: float | None = None
    text: str = ""
    title: str = ""


def of(row: Row, window: Window, day: date) -> list[Shape]:
    """A row's shapes, those beneath the others first."""
    return _planned(row, window, day) if row.starts else _happened(row, window, day)


def sided(name: str, left: float) -> str:
    """Left of its place where the axis is near its end."""
    return f"{name} lf" if left > NEAR_THE_END else name


def _planned(row: Row, window: Window, day: date) -> list[Shape]:
    """A phase or a step: its span, where it stood at first, and its days in words."""
    if not (row.starts and row.ends):
        return []
    drawn: list[Shape] = []
    if row.moved and row.first_starts and row.first_ends:
        drawn += _pieces("gh", window.span(row.first_starts, row.first_ends))
    whole = window.span(row.starts, row.ends)
    drawn += _pieces("b", whole)
    if row.state is RowState.running:
        drawn += _pieces("b el", window.until(row.starts, day))
    late = window.between(row.overdue_since, day) if row.overdue_since else None
    drawn += _pieces("o", late)
    if whole:
        text = f"{thai.date_text(row.starts, year=False)} – {thai.date_text(row.ends, year=False)}"
        if row.step and row.step.since:
            text += " · " + _("✓ done {day}").format(day=short(row.step.since))
        if late:
            return [*drawn, _beside("late", late, f"{text} · ! {marks.late_text((day - row.ends).days)}")]
        return [*drawn, _beside("d", whole, text)]
    return drawn + _outside(window, [row.starts if row.starts > window.last else row.ends], [])


def _happened(row: Row, window: Window, day: date) -> list[Shape]:
    """An item: what happened, what of it was late, and the deadlines over it."""
    done = row.accepted
    work = (window.span(row.handed_in, done) if done else window.until(row.handed_in, day)) if row.handed_in else None
    late = window.between(row.overdue_since, day) if row.overdue_since else None
    drawn = _pieces("a ok" if done else "a", work)
    for stretch in row.made_good:
        drawn += _pieces("l", window.between(*stretch))
    drawn += _pieces("o", late)
    if late:
        drawn.append(_beside("late", _past_marks(late, row, window, 10), _lateness(row, day)))
    elif work and not row.overdue_since and (parts := _besides(row)):
        drawn.append(_beside("d", _past_marks(work, row, window, 10 if row.made_good else 4.5), " · ".join(parts)))
    for due in row.dues:
        drawn += _deadline(due, window)
    return drawn + _outside(window, [due.day for due in row.dues], [bar for bar in (work, late) if bar])


def _lateness(row: Row, day: date) -> str:
    """! ช้า 14 วัน · 79%."""
    days = (day - row.overdue_since).days if row.overdue_since else 0
    return f"! {marks.late_text(days)}" + (f" · {row.progress:.0%}" if row.progress else "")


def _besides(row: Row) -> list[str]:
    """How far it is, and the longest time that it was late."""
    parts = [] if row.accepted else [f"{row.progress:.0%}"]
    if row.made_good:
        longest = max((until - due).days for due, until in row.made_good)
        parts.append(_("was {days} days late").format(days=longest))
    return parts


def _deadline(due: Due, window: Window) -> list[Shape]:
    drawn: list[Shape] = []
    if due.moved:
        drawn += _pieces("j", window.between(due.first, due.day))
        if window.holds(due.first):
            text = _("First planned for {day}").format(day=thai.date_text(due.first))
            drawn.append(Shape("i", "f", window.middle(due.first), title=text))
    if window.holds(due.day):
        name, sign = ("m ok", "✓") if due.met else ("m no", "!") if due.missed else ("m", "")
        text = _("Due {day}").format(day=thai.date_text(due.day))
        drawn.append(Shape("i", name, window.middle(due.day), text=sign, title=text))
    return drawn


def _outside(window: Window, days: Sequence[date], bars: Sequence[Span]) -> list[Shape]:
    """That there is something before and after what is shown, and when; only a sign where a bar is in the way."""
    before, after = [day for day in days if day < window.first], [day for day in days if day > window.last]
    drawn = []
    if before:
        low = any(bar.left < 100 - NEAR_THE_END for bar in bars)
        text = "◂" if low else f"◂ {short(before[-1])}"
        drawn.append(Shape("u", "cut" + " low" * low, text=text, title=thai.date_text(before[-1])))
    if after:
        low = any(bar.left + bar.width > NEAR_THE_END for bar in bars)
        text = "▸" if low else f"{short(after[0])} ▸"
        drawn.append(Shape("u", "cut right" + " low" * low, text=text, title=thai.date_text(after[0])))
    return drawn


def _pieces(name: str, span: Span | None) -> list[Shape]:
    """A bar, cut off where it goes on outside; none where nothing of it is shown."""
    if span is None:
        return []
    return [Shape("i", f"{name}{' cb' * span.before}{' ca' * span.after}", span.left, span.width)]


def _beside(name: str, span: Span, text: str) -> Shape:
    """Right of a piece; left of it where the axis ends, or within it where it fills the axis."""
    right = span.left + span.width
    if right <= NEAR_THE_END:
        return Shape("em", name, right, text=text)
    if span.left > 100 - NEAR_THE_END:
        return Shape("em", f"{name} lf", span.left, text=text)
    return Shape("em", f"{name} mid", 50, text=text)


def _past_marks(span: Span, row: Row, window: Window, width: float) -> Span:
    """The piece made longer to the deadlines that would stand in a text of this width beside it."""
    for due in row.dues:
        middle, right = window.middle(due.day), span.left + span.width
        if right < middle < right + width:
            span = Span(span.left, middle - span.left + 0.6)
    return span
