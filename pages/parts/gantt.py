"""The timeline as HTML: rows that are links, that can be printed and read aloud. `gantt.css` says how it looks."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import streamlit as st
from markupsafe import Markup

from ita_core import thai, words
from ita_core.board import timeline
from ita_core.board.progress import Board
from ita_core.board.timeline import Due, Row, RowKind, RowState, Span, StepFacts, Window
from ita_core.days import period_of
from ita_core.language import _
from ita_core.models import DutyKind
from ita_core.queries import PartyFacts, Snapshot
from pages.parts import marks
from pages.parts.frame import Frame

SIGNS = {
    RowState.overdue: "!",
    RowState.running: "▸",
    RowState.ahead: "○",
    RowState.over: "■",
    RowState.complete: "✓",
}
KINDS = {
    "": frozenset(RowKind),
    "steps": frozenset({RowKind.phase, RowKind.step}),
    "items": frozenset({RowKind.item}),
    "measures": frozenset({RowKind.measure}),
}
NEAR_THE_END = 86  # percent of the axis from where a label stands left of its mark


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands beside a row's title: who prepares it, and of a step the instrument (IIT, EIT, OIT)."""

    names: tuple[str, ...] = ()
    instrument: str = ""


Details = Mapping[tuple[RowKind, str], Beside]

_PIECE = Markup('<i class="{}" style="left:{:.2f}%;width:{:.2f}%"></i>')
_MARK = Markup('<i class="{}" style="left:{:.2f}%" title="{}">{}</i>')
_LABEL = Markup('<em class="{}" style="left:{:.2f}%">{}</em>')


# --- what the address asks for ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class View:
    """What is shown, as the address has it; what it has wrong counts as not given."""

    kind: str
    officer: PartyFacts | None
    state: RowState | None
    month: date | None
    window: Window

    @property
    def kinds(self) -> frozenset[RowKind]:
        return KINDS[self.kind]

    @property
    def officer_id(self) -> int | None:
        return self.officer.id if self.officer else None


def asked(here: Frame, data: Snapshot, listed: Sequence[Row]) -> View:
    """The kind, officer, state and month of the address."""
    kind, state = st.query_params.get("kind", ""), st.query_params.get("state", "")
    officers = {one.key: one for one in _officers(data, listed)}
    months = {period_of(month): month for month in timeline.months(here.assessment.starts, here.assessment.ends)}
    month = months.get(st.query_params.get("month", ""))
    return View(
        kind if kind in KINDS else "",
        officers.get(st.query_params.get("officer", "")),
        next((one for one in RowState if one.value == state), None),
        month,
        Window.of_month(month) if month else Window(here.assessment.starts, here.assessment.ends),
    )


def _officers(data: Snapshot, listed: Sequence[Row]) -> list[PartyFacts]:
    acting = {officer for row in listed for officer in row.officers}
    return [one for one in data.officers if one.id in acting]


def choices(here: Frame, data: Snapshot, view: View, listed: Sequence[Row]) -> Markup:
    """Kinds, states with how many rows stand so, officers, and the months to look into."""
    kinds = {
        "": _("All"),
        "steps": _("Phases and steps"),
        "items": _(words.ROW_KINDS[RowKind.item]),
        "measures": _(words.ROW_KINDS[RowKind.measure]),
    }
    counts = Counter(
        row.state
        for row in timeline.chosen(listed, kinds=view.kinds, officer=view.officer_id)
        if row.kind is not RowKind.phase
    )
    states = {"": _("Any state")} | {
        one.value: f"{SIGNS[one]} {_(words.ROW_STATES[one])} {counts[one]}"
        for one in RowState
        if counts[one] or one is view.state
    }
    officers = {"": _("All")} | {one.key: one.full for one in _officers(data, listed)}
    return Markup('<div class="ita-foot ita-choices">{}{}{}{}</div>').format(
        marks.links("kind", kinds, view.kind),
        marks.links("state", states, view.state.value if view.state else ""),
        marks.select(_("Officer"), "officer", officers, view.officer.key if view.officer else ""),
        _zoom(here, view.month),
    )


def _zoom(here: Frame, month: date | None) -> Markup:
    months = timeline.months(here.assessment.starts, here.assessment.ends)
    place = months.index(month or here.day.replace(day=1))
    near = {"": _("Whole year")}
    if month and place:
        near[period_of(months[place - 1])] = f"◂ {_month(months[place - 1])}"
    near[period_of(months[place])] = _month(months[place])
    if month and place + 1 < len(months):
        near[period_of(months[place + 1])] = f"{_month(months[place + 1])} ▸"
    return marks.links("month", near, period_of(month) if month else "")


def _month(month: date) -> str:
    return thai.period_text(period_of(month))


def nothing() -> Markup:
    """What stands there where no row is left."""
    return Markup('<p class="ita-none" role="status">{} <a class="ita-go" href="?{}">{}</a></p>').format(
        _("Nothing fits this choice."), "kind=&state=&officer=", _("Show everything")
    )


# --- the board -------------------------------------------------------------------------------------------------------


def details(data: Snapshot, steps: Sequence[StepFacts], board: Board) -> Details:
    """Beside each row: who prepares it, by the names that colleagues say."""
    short = {person.full: person.short for person in data.people.values()}
    found = {
        (RowKind.step, str(step.position)): Beside(tuple(short[name] for name in step.preparers), step.instrument or "")
        for step in steps
    }
    for one in board.items:
        named = tuple(person.short for person in data.named(one.item.id, DutyKind.prepare))
        found[RowKind.item, one.item.code] = found[RowKind.measure, one.item.code] = Beside(named)
    return found


def table(listed: Sequence[Row], window: Window, here: Frame, beside: Details) -> Markup:
    """The axis, a row for each, and the lines over them: months, and the day that is looked at."""
    lines = [_LINE.format("g", span.left) for _first, span in window.months() if span.left]
    if window.holds(here.day):
        lines.append(_LINE.format("t", window.middle(here.day)))
    return Markup(
        '<div class="ita-gantt{}" role="region" tabindex="0" aria-label="{title}">'
        '<div class="in" role="table" aria-label="{title}"><div class="hd" role="rowgroup">{}</div>'
        '<div class="bd" role="rowgroup">{}</div><div class="ov" aria-hidden="true">{}</div></div></div>'
    ).format(
        " zoom" if window.is_month else "",
        _axis(window, here),
        marks.joined(_row(row, window, here.day, beside.get((row.kind, row.code), Beside())) for row in listed),
        marks.joined(lines),
        title=_("Timeline"),
    )


_LINE = Markup('<i class="{}" style="left:{:.2f}%"></i>')


def _axis(window: Window, here: Frame) -> Markup:
    months = marks.joined(
        Markup('<a class="ita-go mo" href="?month={}" style="left:{:.2f}%;width:{:.2f}%" title="{}">{}</a>').format(
            period_of(first), span.left, span.width, _("Look into {month}").format(month=_month(first)),
            _month(first) if span.width > 6 else "",
        )
        for first, span in window.months()
    )  # fmt: skip
    day = Markup('<i class="n{}" style="left:{:.2f}%">{}</i>')
    days = marks.joined(
        day.format(" we" if one.weekday() > 4 else "", window.middle(one), one.day)
        for one in (window.days() if window.is_month else ())
    )
    flag = Markup("")
    if window.holds(here.day):
        text = (_("As of {day}") if here.past else _("Today {day}")).format(day=thai.date_text(here.day, year=False))
        name = _sided("t", window.middle(here.day))
        flag = _LABEL.format(name, window.middle(here.day), Markup("<b>{}</b>").format(text))
    head = marks.joined(
        Markup('<span class="{}">{}</span>').format(name, text)
        for name, text in (("c", _("Item")), ("n", _("Title")), ("p", _("Prepared by")), ("s", _("State")))
    )
    return Markup(
        '<div class="r ax" role="row"><div class="h" role="columnheader">{}</div>'
        '<div class="k" role="columnheader">{}{}{}</div></div>'
    ).format(head, months, days, flag)


def _row(row: Row, window: Window, day: date, beside: Beside) -> Markup:
    names = ", ".join(beside.names)
    if row.kind in {RowKind.item, RowKind.measure}:
        title = Markup('<a class="ita-go" href="{}" title="{title}">{title}</a>').format(
            marks.item_address(row.code), title=row.title
        )
    else:
        tag = Markup("<s>{}</s> ").format(beside.instrument) if beside.instrument else ""
        title = Markup('<b title="{0}">{1}{0}</b>').format(row.title, tag)
    if moves := _moves(row):
        more = f" (+{len(moves) - 1})" if len(moves) > 1 else ""
        title += Markup('<small title="{}">{}{}</small>').format(" · ".join(moves), moves[0], more)
    head = Markup('<span class="c">{}</span><span class="n">{}</span><span class="p" title="{names}">{names}</span>')
    state = Markup('<span class="s {}"><b aria-hidden="true">{}</b> {}</span>').format(
        row.state.value, SIGNS[row.state], _(words.ROW_STATES[row.state])
    )
    return Markup(
        '<div class="r {}" role="row"><div class="h" role="rowheader">{}{}</div>'
        '<div class="k" role="cell"><div role="img" title="{says}" aria-label="{says}">{}</div></div></div>'
    ).format(
        f"{row.kind.value} {row.state.value}",
        head.format(row.code, title, names=names),
        state,
        marks.joined(_planned(row, window, day) if row.starts else _happened(row, window, day)),
        says=says(row, day),
    )


def _planned(row: Row, window: Window, day: date) -> list[Markup]:
    """A phase or a step: its span, where it stood at first, and its days in words."""
    if not (row.starts and row.ends):
        return []
    drawn = []
    if row.moved and row.first_starts and row.first_ends:
        drawn.append(_piece("gh", window.span(row.first_starts, row.first_ends)))
    whole = window.span(row.starts, row.ends)
    drawn.append(_piece("b", whole))
    if row.state is RowState.running:
        drawn.append(_piece("b el", window.until(row.starts, day)))
    if whole:
        text = f"{thai.date_text(row.starts, year=False)} – {thai.date_text(row.ends, year=False)}"
        return [*drawn, _beside("d", whole, text)]
    return drawn + _outside(window, [row.starts if row.starts > window.last else row.ends], [])


def _happened(row: Row, window: Window, day: date) -> list[Markup]:
    """An item: what happened, what of it was late, and the deadlines over it."""
    done = row.accepted
    work = (window.span(row.handed_in, done) if done else window.until(row.handed_in, day)) if row.handed_in else None
    late = window.between(row.overdue_since, day) if row.overdue_since else None
    drawn = [_piece("a ok" if done else "a", work)]
    drawn += [_piece("l", window.between(*stretch)) for stretch in row.made_good]
    drawn.append(_piece("o", late))
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
    return f"! {_('{days} days late').format(days=days)}" + (f" · {row.progress:.0%}" if row.progress else "")


def _besides(row: Row) -> list[str]:
    """How far it is, and the longest time that it was late."""
    parts = [] if row.accepted else [f"{row.progress:.0%}"]
    if row.made_good:
        longest = max((until - due).days for due, until in row.made_good)
        parts.append(_("was {days} days late").format(days=longest))
    return parts


def _deadline(due: Due, window: Window) -> list[Markup]:
    drawn = []
    if due.moved:
        drawn.append(_piece("j", window.between(due.first, due.day)))
        if window.holds(due.first):
            text = _("First planned for {day}").format(day=thai.date_text(due.first))
            drawn.append(_MARK.format("f", window.middle(due.first), text, ""))
    if window.holds(due.day):
        name, sign = ("m ok", "✓") if due.met else ("m no", "!") if due.missed else ("m", "")
        text = _("Due {day}").format(day=thai.date_text(due.day))
        drawn.append(_MARK.format(name, window.middle(due.day), text, sign))
    return drawn


def _outside(window: Window, days: Sequence[date], bars: Sequence[Span]) -> list[Markup]:
    """That there is something before and after what is shown, and when; only a sign where a bar is in the way."""
    before, after = [day for day in days if day < window.first], [day for day in days if day > window.last]
    sign = Markup('<u class="cut{}{}" title="{}">{}</u>')
    drawn = []
    if before:
        low = any(bar.left < 100 - NEAR_THE_END for bar in bars)
        text = "◂" if low else f"◂ {_short(before[-1])}"
        drawn.append(sign.format("", " low" * low, _day(before[-1]), text))
    if after:
        low = any(bar.left + bar.width > NEAR_THE_END for bar in bars)
        text = "▸" if low else f"{_short(after[0])} ▸"
        drawn.append(sign.format(" right", " low" * low, _day(after[0]), text))
    return drawn


def _piece(name: str, span: Span | None) -> Markup:
    if span is None:
        return Markup("")
    return _PIECE.format(f"{name}{' cb' * span.before}{' ca' * span.after}", span.left, span.width)


def _beside(name: str, span: Span, text: str) -> Markup:
    """Right of a piece; left of it where the axis ends, or within it where it fills the axis."""
    right = span.left + span.width
    if right <= NEAR_THE_END:
        return _LABEL.format(name, right, text)
    if span.left > 100 - NEAR_THE_END:
        return _LABEL.format(f"{name} lf", span.left, text)
    return _LABEL.format(f"{name} mid", 50, text)


def _past_marks(span: Span, row: Row, window: Window, width: float) -> Span:
    """The piece made longer to the deadlines that would stand in a text of this width beside it."""
    for due in row.dues:
        middle, right = window.middle(due.day), span.left + span.width
        if right < middle < right + width:
            span = Span(span.left, middle - span.left + 0.6)
    return span


def _sided(name: str, left: float) -> str:
    return f"{name} lf" if left > NEAR_THE_END else name


# --- in words --------------------------------------------------------------------------------------------------------


def says(row: Row, day: date) -> str:
    """Planned, actual and days late, for the tooltip and for screen readers."""
    if row.starts and row.ends:
        parts = [_("Planned {starts} – {ends}").format(starts=_day(row.starts), ends=_day(row.ends))]
        if row.state is RowState.running:
            parts.append(_("{days} days left").format(days=(row.ends - day).days))
        return " · ".join([*parts, *_moves(row)])
    due = [due.day for due in row.dues]
    if len(due) > 1:
        planned = _("Planned: {count} deadlines from {first} to {last}")
        parts = [planned.format(count=len(due), first=_day(due[0]), last=_day(due[-1]))]
    else:
        parts = [_("Planned: due {day}").format(day=_day(due[0])) if due else _("Planned: no deadline")]
    parts += _moves(row)
    if row.handed_in and row.accepted:
        parts.append(_("Actual: {starts} – {ends}, complete").format(
            starts=_day(row.handed_in), ends=_day(row.accepted)
        ))  # fmt: skip
    elif row.handed_in:
        parts.append(_("Actual: since {day}, {share:.0%} accepted").format(
            day=_day(row.handed_in), share=row.progress or 0
        ))  # fmt: skip
    else:
        parts.append(_("Actual: nothing handed in yet"))
    if row.overdue_since:
        parts.append(_("{days} days late").format(days=(day - row.overdue_since).days))
    late = _("was late {first} – {last}, {days} days")
    parts += [
        late.format(first=_short(due), last=_short(until), days=(until - due).days) for due, until in row.made_good
    ]
    return " · ".join(parts)


def _moves(row: Row) -> list[str]:
    """เดิม 28 ก.พ. → 15 มี.ค., for each date that was moved."""
    text = _("was {first} → {day}")
    moved = [(_short(due.first), _short(due.day)) for due in row.dues if due.moved]
    if row.starts and row.ends and row.moved:
        first = f"{_short(row.first_starts)} – {_short(row.first_ends)}"
        moved.append((first, f"{_short(row.starts)} – {_short(row.ends)}"))
    return [text.format(first=first, day=day) for first, day in moved]


def _short(day: date | None) -> str:
    return thai.date_text(day, year=False)


def _day(day: date) -> str:
    return thai.date_text(day)


def legend() -> Markup:
    """What the marks and bars mean."""
    shapes = [
        ("b", "", _("Step as planned")),
        ("a", "", _("Work on an item so far")),
        ("a ok", "", _("Work on an item, complete")),
        ("m", "", _("Deadline")),
        ("m ok", "✓", _("Deadline met")),
        ("m no", "!", _("Deadline missed")),
        ("o", "", _("Overdue until the day looked at")),
        ("l", "", _("Was late, made good")),
        ("f", "", _("As first planned")),
        ("t", "", _("The day looked at")),
    ]
    entry = Markup('<span><span class="x"><i class="{}" aria-hidden="true">{}</i></span> {}</span>')
    return Markup('<div class="ita-gantt-legend">{}</div>').format(
        marks.joined(entry.format(name, sign, text) for name, sign, text in shapes)
    )
