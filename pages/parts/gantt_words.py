"""A row of the timeline in words, for its tooltip and for screen readers."""

from datetime import date

from ita_core import thai, words
from ita_core.board.steps import StepStanding
from ita_core.board.timeline import Row, RowState
from ita_core.language import _
from pages.parts import marks


def says(row: Row, day: date) -> str:
    """Planned, actual and days late, for the tooltip and for screen readers."""
    if row.starts and row.ends:
        planned = _("Planned {starts} – {ends}")
        parts = [planned.format(starts=thai.date_text(row.starts), ends=thai.date_text(row.ends))]
        if row.state is RowState.running:
            parts.append(_("{days} days left").format(days=(row.ends - day).days))
        if row.step:
            parts += _of_step(row.step)
        return " · ".join([*parts, *moves(row)])
    due = [due.day for due in row.dues]
    if len(due) > 1:
        planned = _("Planned: {count} deadlines from {first} to {last}")
        parts = [planned.format(count=len(due), first=thai.date_text(due[0]), last=thai.date_text(due[-1]))]
    else:
        parts = [_("Planned: due {day}").format(day=thai.date_text(due[0])) if due else _("Planned: no deadline")]
    parts += moves(row)
    if row.handed_in and row.accepted:
        parts.append(_("Actual: {starts} – {ends}, complete").format(
            starts=thai.date_text(row.handed_in), ends=thai.date_text(row.accepted)
        ))  # fmt: skip
    elif row.handed_in:
        parts.append(_("Actual: since {day}, {share:.0%} accepted").format(
            day=thai.date_text(row.handed_in), share=row.progress or 0
        ))  # fmt: skip
    else:
        parts.append(_("Actual: nothing handed in yet"))
    if row.overdue_since:
        parts.append(marks.late_text((day - row.overdue_since).days))
    late = _("was late {first} – {last}, {days} days")
    parts += [late.format(first=short(due), last=short(until), days=(until - due).days) for due, until in row.made_good]
    return " · ".join(parts)


def _of_step(one: StepStanding) -> list[str]:
    """When it was done and why, and how late."""
    said = []
    if one.since:
        said = [_("✓ done {day}").format(day=thai.date_text(one.since)), words.done_text(one)]
    return said + ([marks.late_text(one.days_late)] if one.days_late else [])


def moves(row: Row) -> list[str]:
    """เดิม 28 ก.พ. → 15 มี.ค., for each date that was moved."""
    text = _("was {first} → {day}")
    moved = [(short(due.first), short(due.day)) for due in row.dues if due.moved]
    if row.starts and row.ends and row.moved:
        first = f"{short(row.first_starts)} – {short(row.first_ends)}"
        moved.append((first, f"{short(row.starts)} – {short(row.ends)}"))
    return [text.format(first=first, day=day) for first, day in moved]


def short(day: date | None) -> str:
    """28 ก.พ."""
    return thai.date_text(day, year=False)
