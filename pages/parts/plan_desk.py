"""What every editor of the plan works on: the draft's values, and how a change gets into the draft."""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

import streamlit as st

from ita_core import thai, workflow
from ita_core.errors import Refused
from ita_core.language import _
from ita_core.plan.content import Content
from ita_core.plan.faults import PlanFaults
from ita_core.plan.framework import Framework
from ita_core.plan.plan import Plan
from ita_core.queries import PlanHistory
from ita_core.settings import settings
from pages.parts import marks, pressing, thai_date
from pages.parts.frame import Frame

K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Desk:
    """`content`, `framework` and `plan` are the draft's, or those in force where there is none."""

    here: Frame
    history: PlanHistory
    content: Content
    framework: Framework
    plan: Plan

    def edit(self, change: Callable[[Content], object], retold: Callable[[PlanFaults], Refused] | None = None) -> None:
        """A press: the change goes into the draft, or everything that is wrong with it is said here, by `retold` in
        the words of the editor.
        """
        edit(self.here, change, retold=retold)

    def day(self, label: str, value: date, key: str) -> date | None:
        """A day of the fiscal year, to be typed; None, which is said there, where what is typed is none."""
        starts, ends = self.here.assessment.starts, self.here.assessment.ends
        return thai_date.field(label, min(max(value, starts), ends), key=key, first=starts, last=ends)

    def day_column(self, label: str) -> Any:
        """A table's column of such days, which `thai_date.cells` fills."""
        return thai_date.column(label, self.here.assessment.starts, self.here.assessment.ends)

    def read_day(self, cell: Any) -> date:
        """The day in a cell of such a column; raises BadDay."""
        return thai_date.read(cell, self.here.assessment.starts, self.here.assessment.ends)

    @property
    def party_names(self) -> dict[str, str]:
        """Officers, posts and teams by their keys."""
        officers = {key: f"{one.rank}{one.name}" for key, one in self.plan.officers.items()}
        return officers | {key: group.name for key, group in (self.plan.posts | self.plan.teams).items()}

    @property
    def measure_codes(self) -> set[str]:
        """The codes of all measures that any revision has or had: work hangs on them."""
        return {code for one in self.history.plans for code in one.plan.measures}

    def requirement_keys(self, code: str) -> set[str]:
        """The keys of everything that any revision demands or demanded of an item: work hangs on them."""
        items = (item for one in self.history.plans for item in one.items if item.code == code)
        return {requirement.key for item in items for requirement in item.requirements}


def edit(
    here: Frame, change: Callable[[Content], object], *, take_over: bool = False,
    retold: Callable[[PlanFaults], Refused] | None = None,
) -> None:  # fmt: skip
    """What `Desk.edit` does, before there is a desk."""
    with pressing.writing(_("In the draft.")) as session:
        try:
            workflow.edit(
                session, change, by=here.actor.account_id, assessment_id=here.assessment.id, take_over=take_over,
                at=settings().now(),
            )  # fmt: skip
        except PlanFaults as faults:
            raise (retold(faults) if retold else faults) from None


def say_which_days(here: Frame) -> None:
    """Above a table of days: how they are typed, and which ones the table takes."""
    first, last = here.assessment.starts, here.assessment.ends
    if thai_date.in_text():
        says = _("Days are typed like {examples}, from {first} to {last}.")
        st.caption(marks.plain(says.format(
            examples=thai_date.EXAMPLES, first=thai.date_text(first), last=thai.date_text(last)
        )))  # fmt: skip
        return
    st.caption(_("Days are typed in the Christian era, from {first} to {last}; the table keeps no others.").format(
        first=first.strftime("%d/%m/%Y"), last=last.strftime("%d/%m/%Y")
    ))  # fmt: skip


def chosen(label: str, names: Mapping[K, str], name: str, *, first: int = 0) -> K:
    """One of these, by what it is called; it stays chosen when that changes, which to a field would be another choice.

    `name` is what the field's key begins with; `first` is chosen at the beginning.
    """
    options, kept = list(names), f"{name}-kept"
    before = st.session_state.get(kept)
    one = st.selectbox(
        label, options, index=options.index(before) if before in names else first, format_func=names.__getitem__,
        key=fresh(name, *names.items()),
    )  # fmt: skip
    st.session_state[kept] = one
    return one


def fresh(name: str, *values: Hashable) -> str:
    """The key of a field that shows these values: once they have changed it is another field, which shows the new."""
    return f"{name}-{hash(values)}"
