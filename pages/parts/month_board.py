"""The year's twelve months, and one of them opened: what is due in it, and the steps of the calendar."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import streamlit as st

from ita_core import thai
from ita_core.board import months
from ita_core.board.headline import Face
from ita_core.board.months import Group, StepPart
from ita_core.board.steps import StepFacts
from ita_core.days import period_of
from ita_core.language import N_, _
from ita_core.queries import Snapshot
from pages.parts import marks
from pages.parts.marks import Badge, Whose

TITLES = 2  # of requirements that are named before "and more"
PARTS = {
    StepPart.whole: N_("Begins and ends"),
    StepPart.begins: N_("Begins"),
    StepPart.ends: N_("Ends"),
    StepPart.runs: N_("Goes on"),
}


@dataclass(frozen=True, slots=True)
class Month:
    """`column` is how much of it stands how: faces from above, each with percent of the fullest month."""

    name: str
    text: str
    says: str
    figures: str
    column: tuple[tuple[str, float], ...]
    overdue: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class Due:
    """Slots of one item that are due on one day."""

    day: str  # "" where the line above says it
    moved: str  # since when it was first planned
    code: str
    title: str
    about: str  # the months reported on, and what is not accepted yet
    open: str  # all of that
    whose: Whose
    accepted: int
    slots: int
    badge: Badge
    late: str
    still_late: bool


@dataclass(frozen=True, slots=True)
class Step:
    days: str
    number: int
    title: str
    people: tuple[str, ...]
    part: str  # of it that lies in the month


def asked(listed: Sequence[months.Month], day: date) -> months.Month:
    """The month of the address; the one of the day looked at where it names none of these."""
    known = {month.name: month for month in listed}
    return known.get(st.query_params.get("month", "")) or known.get(period_of(day)) or listed[-1]


def year(listed: Sequence[months.Month], chosen: months.Month) -> list[Month]:
    """How much is due in each month, and how much of that is accepted and overdue."""
    most = max((month.tally.slots for month in listed), default=0) or 1
    return [_month(month, most, chosen=month is chosen) for month in listed]


def _month(month: months.Month, most: int, *, chosen: bool) -> Month:
    tally, text = month.tally, thai.period_text(month.name)
    later = tally.slots - tally.accepted - tally.overdue
    counts = ((Face.missing, later), (Face.overdue, tally.overdue), (Face.accepted, tally.accepted))
    says = _("{month}: {slots} slots due, {accepted} accepted, {overdue} overdue").format(
        month=text, slots=tally.slots, accepted=tally.accepted, overdue=tally.overdue
    )
    return Month(
        month.name,
        text,
        says,
        f"{tally.accepted}/{tally.slots}" if tally.slots else "–",
        tuple((face.value, count * 100 / most) for face, count in counts if count),
        tally.overdue,
        chosen,
    )


def due(groups: Sequence[Group], data: Snapshot) -> list[Due]:
    """What is due in a month, the earliest first."""
    said = [None, *(group.due for group in groups)]
    return [_due(group, data, says_day=group.due != before) for group, before in zip(groups, said, strict=False)]


def _due(group: Group, data: Snapshot, *, says_day: bool) -> Due:
    item, tally = group.standing.item, group.tally
    late = marks.late_text(group.days_late) if tally.overdue else _("was {days} days late").format(days=group.days_late)
    return Due(
        thai.date_text(group.due) if says_day else "",
        _moved(group) if says_day else "",
        item.code,
        item.title,
        _about(group),
        ", ".join(group.open_titles),
        marks.whose_turn(group.standing, group.slots, data.people),
        tally.accepted,
        tally.slots,
        marks.badge(group.face),
        late if group.days_late else "",
        bool(tally.overdue),
    )


def _moved(group: Group) -> str:
    if group.first_due == group.due:
        return ""
    first, day = (thai.date_text(one, year=False) for one in (group.first_due, group.due))
    return _("was {first} → {day}").format(first=first, day=day)


def _about(group: Group) -> str:
    """The months reported on, and what is not accepted yet."""
    parts = [thai.period_text(period) for period in group.periods]
    titles = group.open_titles
    if titles and group.standing.item.title not in titles:
        named = ", ".join(titles[:TITLES])
        more = _("and {count} more").format(count=len(titles) - TITLES) if len(titles) > TITLES else ""
        parts.append(_("still open: {titles}").format(titles=f"{named} {more}".strip()))
    return " · ".join(parts)


def steps(listed: Sequence[tuple[StepFacts, StepPart]]) -> list[Step]:
    """The steps that begin, run or end in a month."""
    return [
        Step(
            f"{thai.date_text(step.starts, year=False)} – {thai.date_text(step.ends)}",
            step.position,
            step.title,
            tuple(step.preparers or step.supervisors),
            _(PARTS[part]),
        )
        for step, part in listed
    ]
