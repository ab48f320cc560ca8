"""The parts of the board by month: the strip of monthly reports, the year's twelve months, one month opened."""

from collections.abc import Sequence
from datetime import date

import streamlit as st
from markupsafe import Markup

from ita_core import thai
from ita_core.board.headline import Cell, Face
from ita_core.board.months import Group, Month, StepPart, Strip
from ita_core.board.progress import Tally
from ita_core.board.timeline import StepFacts
from ita_core.days import period_of
from ita_core.language import _
from ita_core.models import DutyKind
from ita_core.queries import Snapshot
from pages.parts import marks

TITLES = 2  # of requirements that are named before "and more"


def asked(listed: Sequence[Month], day: date) -> Month:
    """The month of the address; the one of the day looked at where it names none of these."""
    known = {month.name: month for month in listed}
    return known.get(st.query_params.get("month", "")) or known.get(period_of(day)) or listed[-1]


# --- the reports of every month --------------------------------------------------------------------------------------


def strip(data: Strip, plan: Snapshot) -> Markup:
    """A row for each monthly item, a cell for each month reported on; the months' totals below."""
    heads = marks.joined(Markup('<th scope="col">{}</th>').format(thai.period_text(one)) for one in data.periods)
    row = Markup('<tr><th scope="row"><b>{}</b> {}</th><td class="people" title="{names}">{names}</td>{}</tr>')
    rows = [
        row.format(
            marks.item_link(standing.item.code),
            marks.item_link(standing.item.code, standing.item.title),
            marks.joined(_cell(standing.item.code, period, cells.get(period)) for period in data.periods),
            names=_names(plan, standing.item.id),
        )
        for standing, cells in data.rows
    ]
    total = Markup('<td><span class="sum">{}/{}</span>{}</td>')
    totals = (data.totals[period] for period in data.periods)
    foot = marks.joined(total.format(one.accepted, one.slots, _overdue(one)) for one in totals)
    drawn = Markup(
        '<div class="ita-scroll"><table class="ita-strip"><thead><tr><th scope="col">{}</th>'
        '<th scope="col" class="people">{}</th>{}</tr></thead><tbody>{}</tbody>'
        '<tfoot><tr><th scope="row">{}</th><td class="people"></td>{}</tr></tfoot></table></div>'
    ).format(_("Item"), _("Prepared by"), heads, marks.joined(rows), _("Accepted of all slots"), foot)
    return drawn + marks.legend()


def _cell(code: str, period: str, cell: Cell | None) -> Markup:
    if cell is None:
        return Markup("<td></td>")
    month, face = thai.period_text(period), _("Month not over") if cell.ahead else marks.word(cell.face)
    says = f"{code} {month}: {face} {cell.accepted}/{cell.slots}"
    return Markup(
        '<td><a class="ita-go ita-month-cell {}{}" href="{}" title="{says}" aria-label="{says}">'
        '<b aria-hidden="true">{}</b> {}/{}</a></td>'
    ).format(
        cell.face.value, " ahead" if cell.ahead else "", marks.item_address(code),
        "" if cell.ahead else marks.SIGNS[cell.face], cell.accepted, cell.slots, says=says,
    )  # fmt: skip


# --- the year's months -----------------------------------------------------------------------------------------------


def year(listed: Sequence[Month], chosen: Month) -> Markup:
    """A link for each month: how much is due in it, and how much of that is accepted and overdue."""
    most = max((month.tally.slots for month in listed), default=0) or 1
    return Markup('<nav class="ita-year" aria-label="{}">{}</nav>').format(
        _("Months"), marks.joined(_month(month, most, month is chosen) for month in listed)
    )


def _month(month: Month, most: int, chosen: bool) -> Markup:
    tally = month.tally
    part = Markup('<i class="{}" style="height:{:.1f}%"></i>')
    counts = ((Face.accepted, tally.accepted), (Face.overdue, tally.overdue), (Face.missing, _later(tally)))
    column = marks.joined(part.format(face.value, count * 100 / most) for face, count in reversed(counts) if count)
    figures = Markup("{}/{}").format(tally.accepted, tally.slots) if tally.slots else Markup("–")
    says = _("{month}: {slots} slots due, {accepted} accepted, {overdue} overdue").format(
        month=thai.period_text(month.name), slots=tally.slots, accepted=tally.accepted, overdue=tally.overdue
    )
    return Markup(
        '<a class="ita-go" href="?month={}"{} title="{says}" aria-label="{says}"><span class="column">{}</span>'
        "<b>{}</b><span>{}</span>{}</a>"
    ).format(
        month.name, Markup(' aria-current="true"') if chosen else "", column, thai.period_text(month.name), figures,
        _overdue(tally), says=says,
    )  # fmt: skip


def _later(tally: Tally) -> int:
    return tally.slots - tally.accepted - tally.overdue


def _overdue(tally: Tally) -> Markup:
    if not tally.overdue:
        return Markup("")
    return Markup('<span class="ita-late">! {}</span>').format(_("{slots} overdue").format(slots=tally.overdue))


# --- one month -------------------------------------------------------------------------------------------------------


def due(groups: Sequence[Group], data: Snapshot) -> Markup:
    """What is due in it, the earliest first."""
    if not groups:
        return Markup('<p class="ita-none">{}</p>').format(_("Nothing is due in this month."))
    row = Markup(
        '<tr><td class="when">{}</td><th scope="row"><b>{}</b> {}{}</th><td class="people">{}</td>'
        '<td class="number">{}/{}</td><td>{} {}</td></tr>'
    )
    rows = []
    last = None
    for group in groups:
        tally = group.tally
        rows.append(row.format(
            _day(group) if group.due != last else "",
            marks.item_link(group.standing.item.code),
            marks.item_link(group.standing.item.code, group.standing.item.title),
            _what(group),
            marks.names(person.short for person in data.named(group.standing.item.id, DutyKind.prepare)),
            tally.accepted,
            tally.slots,
            marks.badge(group.face),
            _late(group),
        ))  # fmt: skip
        last = group.due
    heads = (_("Due"), ""), (_("Item"), ""), (_("Prepared by"), "people"), (_("Accepted"), "number"), (_("State"), "")
    return _table(heads, rows)


def _day(group: Group) -> Markup:
    text = thai.date_text(group.due)
    if group.first_due == group.due:
        return Markup("{}").format(text)
    was = _("was {first} → {day}").format(
        first=thai.date_text(group.first_due, year=False), day=thai.date_text(group.due, year=False)
    )
    return Markup("{}<small>{}</small>").format(text, was)


def _what(group: Group) -> Markup:
    """The months reported on, and what is not accepted yet."""
    parts = [thai.period_text(period) for period in group.periods]
    titles = group.open_titles
    if titles and group.standing.item.title not in titles:
        named = ", ".join(titles[:TITLES])
        more = _("and {count} more").format(count=len(titles) - TITLES) if len(titles) > TITLES else ""
        parts.append(_("still open: {titles}").format(titles=f"{named} {more}".strip()))
    if not parts:
        return Markup("")
    return Markup('<small title="{}">{}</small>').format(", ".join(titles), " · ".join(parts))


def _late(group: Group) -> Markup:
    if not group.days_late:
        return Markup("")
    if group.tally.overdue:
        return Markup('<span class="ita-late">{}</span>').format(_("{days} days late").format(days=group.days_late))
    return Markup('<span class="soft">{}</span>').format(_("was {days} days late").format(days=group.days_late))


def steps(listed: Sequence[tuple[StepFacts, StepPart]]) -> Markup:
    """The steps that begin, run or end in it."""
    if not listed:
        return Markup('<p class="ita-none">{}</p>').format(_("No step of the calendar lies in this month."))
    kinds = {
        StepPart.whole: _("Begins and ends"),
        StepPart.begins: _("Begins"),
        StepPart.ends: _("Ends"),
        StepPart.runs: _("Goes on"),
    }
    row = Markup(
        '<tr><td class="when">{}</td><th scope="row"><b>{}</b> <span>{}</span></th><td class="people">{}</td>'
        "<td>{}</td></tr>"
    )
    rows = [
        row.format(
            f"{thai.date_text(step.starts, year=False)} – {thai.date_text(step.ends)}", step.position, step.title,
            marks.names(step.preparers or step.supervisors), kinds[part],
        )
        for step, part in listed
    ]  # fmt: skip
    heads = (_("Days"), ""), (_("Step"), ""), (_("Responsible"), "people"), (_("In this month"), "")
    return _table(heads, rows)


def _table(heads: Sequence[tuple[str, str]], rows: Sequence[Markup]) -> Markup:
    head = marks.joined(Markup('<th scope="col" class="{}">{}</th>').format(name, text) for text, name in heads)
    return Markup(
        '<div class="ita-scroll"><table class="ita-board ita-due"><thead><tr>{}</tr></thead>'
        "<tbody>{}</tbody></table></div>"
    ).format(head, marks.joined(rows))


def _names(data: Snapshot, item_id: int) -> str:
    return ", ".join(person.short for person in data.named(item_id, DutyKind.prepare))
