"""This year beside the one before: what was late then and is due now, officer by officer and item by item."""

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from ita_core import access, db, queries, thai
from ita_core.board.progress import ItemStanding
from ita_core.board.years import ItemYears, Now, OfficerYears, Then
from ita_core.language import _
from ita_core.queries import Comparison
from pages.parts import marks, templates
from pages.parts.frame import Frame
from pages.parts.marks import Bar


@dataclass(frozen=True, slots=True)
class Was:
    """How it stood at that year's end."""

    progress: str
    late: str  # late slots of all
    days: int | str
    returned: int | str


@dataclass(frozen=True, slots=True)
class Stands:
    """How it stands now; `due` are slots due now, `overdue` those of them whose day is over."""

    bar: Bar
    due: int
    overdue: int
    next_due: str


@dataclass(frozen=True, slots=True)
class Row:
    """An item or an officer; `about` is what it was called then, or that it is new or was dropped."""

    name: str
    address: str
    title: str
    about: str
    again: bool
    was: Was | None
    stands: Stands | None


def chosen(here: Frame) -> bool:
    """Whether the years are to be compared; offers to, where there is a year before."""
    with db.reading() as session:
        before = queries.year_before(session, here.assessment)
    if before is None:
        return False
    views = {"": _("This year"), "years": _("Beside fiscal year {year}").format(year=before.fiscal_year)}
    asked = st.query_params.get("view", "")
    templates.show("links", choice=marks.choice("view", views, asked), label=_("View"))
    return asked == "years"


def draw(here: Frame) -> None:
    """Both tables, what was late then and is due now first in each."""
    with db.reading() as session:
        found = queries.compare_years(session, here.actor, here.assessment, here.day)
    if found is None:
        return
    if not access.sees_all(here.actor):
        st.caption(_("Only your own work is shown here."))
    templates.show(
        "years_compared",
        then=_("FY {year}").format(year=found.last.assessment.fiscal_year),
        now=_("FY {year}").format(year=here.assessment.fiscal_year),
        said=_said(found),
        officers=[_officer(one, found) for one in found.officers],
        items=[_item(one) for one in found.items],
    )


def _said(found: Comparison) -> str:
    again = [one for one in found.items if one.again]
    if not again:
        return _("Nothing that was late then is due now.")
    codes = ", ".join(one.standing.item.code for one in again if one.standing)
    return _("Late then and due now: {items} items ({codes})").format(items=len(again), codes=codes)


def _officer(one: OfficerYears, found: Comparison) -> Row:
    now = found.now.people.get(one.now_id or 0)
    person = now or found.last.people[one.then_id or 0]
    about = _("new") if one.then is None else _("prepares nothing this year") if one.now is None else ""
    address = f"?view=&officer={person.key}" if one.now else ""
    return Row(person.full, address, "", about, one.again, _was(one.then), _stands(one.now))


def _item(one: ItemYears) -> Row:
    standing = one.standing or one.earlier[0]
    before = [earlier.item.code for earlier in one.earlier]
    if one.standing is None:
        about = _("dropped")
    elif not before:
        about = _("new")
    else:
        about = "" if before == [standing.item.code] else _("then {codes}").format(codes=" + ".join(before))
    address = f"/item?item={standing.item.code}" if one.standing else ""
    return Row(standing.item.code, address, _title(standing, one.earlier), about, one.again, _was(one.then),
               _stands(one.now))  # fmt: skip


def _title(standing: ItemStanding, earlier: Sequence[ItemStanding]) -> str:
    return standing.item.title or earlier[0].item.title


def _was(then: Then | None) -> Was | None:
    if then is None:
        return None
    late = f"{then.late}/{then.tally.slots}"
    return Was(f"{then.tally.progress:.0%}", late if then.late else "–", then.days_late or "–", then.returned or "–")


def _stands(now: Now | None) -> Stands | None:
    if now is None:
        return None
    return Stands(marks.work_bar("", now.tally), now.due, now.tally.overdue_open, thai.date_text(now.next_due) or "–")
