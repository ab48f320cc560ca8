"""Deadlines in the plan: one by one, of a group, of a month, and all by some days."""

from collections.abc import Mapping
from datetime import date
from typing import TypeVar

import pandas as pd
import streamlit as st

from ita_core import thai
from ita_core.days import fiscal_months
from ita_core.language import _
from ita_core.plan import editing
from ita_core.plan.content import Content
from ita_core.plan.editing import Days
from ita_core.plan.plan import due_days
from pages.parts import pressing, thai_date
from pages.parts.plan_desk import Desk, chosen, fresh, say_which_days

P = TypeVar("P")  # what a deadline is of


def draw(desk: Desk) -> None:
    """From one deadline to all of them."""
    days = due_days(desk.framework, desk.plan)
    _one_by_one(desk, days)
    st.header(_("A whole group"), anchor=False)
    _groups(desk)
    st.header(_("A whole month"), anchor=False)
    _month(desk, days)
    st.header(_("Everything"), anchor=False)
    _all(desk)


def _one_by_one(desk: Desk, before: Days) -> None:
    """A row for each item and month; weekends and holidays are told."""
    titles = editing.titles_of(desk.content)
    places = list(before)
    code, title, month, due, off = _("Item"), _("Title"), _("Month"), _("Due"), _("Day off")
    frame = pd.DataFrame({
        code: [item for item, _period in places],
        title: [titles[item] for item, _period in places],
        month: [thai.period_text(period) if period else "" for _item, period in places],
        due: thai_date.cells([before[place] for place in places]),
        off: [thai.day_off(before[place]) for place in places],
    })  # fmt: skip
    say_which_days(desk.here)
    with st.form("deadlines", border=False):
        edited = st.data_editor(
            frame, hide_index=True, disabled=[code, title, month, off], width="stretch", height=420,
            key=fresh("deadlines", *before.items()), column_config={due: desk.day_column(due)},
        )  # fmt: skip
        if st.form_submit_button(_("Keep these days"), type="primary"):
            with pressing.refusals_here():
                moved = _moved(desk, before, places, edited[due])
                if moved:
                    desk.edit(lambda draft: editing.move_deadlines(draft, moved))


def _groups(desk: Desk) -> None:
    """What is shown once has its day from its group, reports from the day of the month, measures from their closing."""
    deadlines = desk.plan.deadlines
    before = {place: group.due for place, group in enumerate(deadlines.once)}
    items, due, off, own = _("Items of the group"), _("Due"), _("Day off"), _("With a day of its own")
    frame = pd.DataFrame({
        items: [", ".join(group.items) for group in deadlines.once],
        due: thai_date.cells(list(before.values())),
        off: [thai.day_off(day) for day in before.values()],
        own: [", ".join(code for code in group.items if code in deadlines.own) for group in deadlines.once],
    })  # fmt: skip
    key = fresh("groups", *before.items(), *deadlines.own, deadlines.monthly.day, desk.plan.measures_close)
    with st.form("deadline-groups"):
        edited = st.data_editor(
            frame, hide_index=True, disabled=[items, off, own], width="stretch", key=key,
            column_config={due: desk.day_column(due)},
        )  # fmt: skip
        one, other = st.columns(2)
        day = int(one.number_input(
            _("Monthly reports: by which day of the next month"), min_value=1, max_value=28,
            value=deadlines.monthly.day, key=f"monthly-{key}", help=", ".join(deadlines.monthly.items),
        ))  # fmt: skip
        with other:
            closes = desk.day(_("The office's measures: by"), desk.plan.measures_close, f"measures-{key}")
        _say_day_off(desk.plan.measures_close)
        if st.form_submit_button(_("Keep the groups' days"), type="primary"):
            with pressing.refusals_here():
                moved = _moved(desk, before, list(before), edited[due])

                def change(draft: Content) -> None:
                    editing.move_groups(draft, moved)
                    editing.set_monthly_day(draft, day)
                    if closes:
                        editing.set_measures_close(draft, closes)

                if closes and (moved or (day, closes) != (deadlines.monthly.day, desk.plan.measures_close)):
                    desk.edit(change)


def _month(desk: Desk, every: Days) -> None:
    """Every report on a month, or everything that is due in one, on one day; what is a day off is said before."""
    year = desk.here.assessment.fiscal_year
    of_month = _("Reports on {month} ({number})")
    in_month = _("Everything that is due in {month} ({number})")
    found = {f"of {month}": (of_month, month, editing.reports_of(every, month)) for month in fiscal_months(year)}
    found |= {f"in {month}": (in_month, month, editing.due_in_month(every, month)) for month in fiscal_months(year)}
    texts = {
        key: text.format(month=thai.period_text(month), number=len(days))
        for key, (text, month, days) in found.items() if days
    }  # fmt: skip
    what, day, press = st.columns([2, 1, 1], vertical_alignment="bottom")
    with what:
        which = chosen(_("Which deadlines"), texts, "month-what")
    days = found[which][2]
    with day:
        due = desk.day(_("to be due on"), max(days.values()), fresh(f"month-day-{which}", *days.items()))
    if due:
        _say_day_off(due)
    if press.button(_("Move the month"), width="stretch", key=fresh(f"month-move-{which}", *days.items())) and due:
        desk.edit(lambda draft: editing.move_deadlines(draft, dict.fromkeys(days, due)))


def _all(desk: Desk) -> None:
    with st.form("move-all"):
        days, first, press = st.columns([1, 1, 1], vertical_alignment="bottom")
        by = days.number_input(
            _("Move all by so many days"), value=0, min_value=-366, max_value=366, step=1, key="move-by"
        )
        with first:
            since = desk.day(_("that are due on or after"), desk.here.today, "move-since")
        if press.form_submit_button(_("Move"), width="stretch") and by and since:
            desk.edit(lambda draft: editing.move_all(draft, int(by), first=since))


def _moved(desk: Desk, before: Mapping[P, date], places: list[P], edited: pd.Series) -> dict[P, date]:
    """What is another day than before; raises BadDay for what is none."""
    after = {place: desk.read_day(day) for place, day in zip(places, edited, strict=True)}
    return {place: day for place, day in after.items() if day != before[place]}


def _say_day_off(day: date) -> None:
    """The day in Thai, and why nobody works on it."""
    off = thai.day_off(day)
    st.caption(thai.long_date_text(day) + (" · " + _("a day off: {why}").format(why=off) if off else ""))
