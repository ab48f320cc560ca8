"""The revisions of a plan: who put what in force when, what differs between two, and the way back."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import streamlit as st

from ita_core import access, thai, workflow
from ita_core.language import _
from ita_core.plan.difference import Difference, differences
from ita_core.plan.touched import Parts, Place, Recount, Touched, place_of
from ita_core.queries import EvidenceFacts, PlanFacts, PlanHistory, Snapshot
from ita_core.settings import settings
from ita_core.words import DIFFERENCES
from pages.parts import evidence_card, marks, pressing, templates
from pages.parts.frame import Frame

SHOWN = 60  # differences at once


@dataclass(frozen=True, slots=True)
class Row:
    """One revision; `chosen`: what it changed is shown."""

    number: int
    at: str
    by: str
    note: str
    chosen: bool
    in_force: bool
    baseline: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that differs."""

    what: str
    where: str
    before: str
    after: str
    touches: str  # how many officers, how many pieces of evidence


def draw(here: Frame, history: PlanHistory) -> None:
    """The newest first, and what the chosen one changed."""
    wanted = st.query_params.get("revision", "")
    chosen = next((one for one in history.plans if str(one.revision.number) == wanted), history.now)
    rows = [
        Row(
            one.revision.number, thai.moment_text(one.revision.at), one.revision.by or _("the system"),
            one.revision.note, one is chosen, one is history.now, one.revision.number == history.baseline,
        )
        for one in reversed(history.plans)
    ]  # fmt: skip
    templates.show("plan_revisions", rows=rows)
    before = next((one for one in history.plans if one.revision.number == chosen.revision.number - 1), None)
    st.subheader(_("What revision {number} changed").format(number=chosen.revision.number), anchor=False)
    if before is None:
        st.caption(_("It is the first: everything before it is unknown here."))
    else:
        changes((before.framework, before.plan), (chosen.framework, chosen.plan), history)
    if not here.acts():
        return
    if chosen is not history.now:
        _go_back(here, history, chosen)
    if access.may_name_baseline(here.actor) and chosen.revision.number != history.baseline:
        _name_baseline(here, chosen.revision.number)


def changes(before: Parts, after: Parts, history: PlanHistory, recount: Recount | None = None) -> int:
    """A table of what differs, people by their names, and whom it touches; gives how many lines there are.

    `recount` says what of the evidence a plan that is not in force yet would count otherwise.
    """
    listed = differences(before, after)
    if not listed:
        st.caption(_("Only the order or the wording of notes differs."))
        return 0
    names = {one.key: one.short for one in history.known.values()}
    names |= {key: f"{one.rank} {one.name}" for key, one in after[1].officers.items() if key not in names}
    templates.show("plan_changes", lines=_lines(listed[:SHOWN], names, Touched(before, after), recount))
    if len(listed) > SHOWN:
        st.caption(marks.more(len(listed) - SHOWN))
    return len(listed)


def uncounted(listed: list[EvidenceFacts], snapshot: Snapshot) -> None:
    """The pieces that a plan would no longer count; each stays where it is, to be opened and read."""
    if not listed:
        return
    with st.expander(_("{number} pieces stay, to be read, but would not count").format(number=len(listed))):
        for one in listed[:SHOWN]:
            covers = [one.item_code, *evidence_card.covered(one, snapshot)]
            templates.show("evidence", one=evidence_card.card(one, covers=covers))
        if len(listed) > SHOWN:
            st.caption(marks.more(len(listed) - SHOWN))


def _lines(
    listed: Iterable[Difference], names: Mapping[str, str], touched: Touched, recount: Recount | None
) -> list[Line]:
    told_of: set[Place] = set()

    def touches(one: Difference) -> str:
        said = []
        if officers := len(touched.officers(one)):
            said.append(_("{number} officers").format(number=officers))
        place = _place(one)
        if recount and place and place not in told_of:  # at the first line of each requirement
            told_of.add(place)
            if lost := len(recount.lost.get(place, ())):
                said.append(_("{number} pieces will not count").format(number=lost))
            if back := len(recount.back.get(place, ())):
                said.append(_("{number} pieces count again").format(number=back))
        return " · ".join(said)

    def told(one: Difference, value: str) -> str:
        if one.what == "due":
            return ", ".join(thai.date_text(date.fromisoformat(day)) for day in value.split(", ") if day)
        if one.what in {"duty", "group", "step"}:
            return ", ".join(names.get(part, part) for part in value.split(", "))
        return value

    return [
        Line(_(DIFFERENCES[one.what]), _where(one), told(one, one.before), told(one, one.after), touches(one))
        for one in listed
    ]


def _place(one: Difference) -> Place | None:
    """The item's code and the requirement's key of "O7 › key" and "O7 › key.formats"."""
    code, part = place_of(one)
    return (code, part.partition(".")[0]) if one.what == "requirement" else None


def _where(one: Difference) -> str:
    code, _blank, period = one.where.partition(" ")
    return f"{code} {thai.period_text(period)}" if one.what == "due" and period else one.where


def _go_back(here: Frame, history: PlanHistory, chosen: PlanFacts) -> None:
    number = chosen.revision.number
    text = _("Put revision {number} in force again").format(number=number)
    with st.popover(text, icon=":material/undo:", key=f"back-{number}"), st.form(f"go-back-{number}", border=False):
        st.text(_("Nothing is lost: it becomes revision {number}.").format(number=history.now.revision.number + 1))
        note = st.text_input(_("The order or note it rests on"))
        if st.form_submit_button(_("Put in force"), type="primary"):
            with pressing.writing(_("In force.")) as session:
                workflow.go_back(
                    session, by=here.actor.account_id, assessment_id=here.assessment.id, number=number, note=note,
                    at=settings().now(),
                )  # fmt: skip


def _name_baseline(here: Frame, number: int) -> None:
    text = _("Compare the timeline with revision {number}").format(number=number)
    if st.button(text, icon=":material/flag:", help=_("Its dates are then “as first planned”, on every day.")):
        with pressing.writing(_("The timeline compares with revision {number}.").format(number=number)) as session:
            workflow.name_baseline(
                session, by=here.actor.account_id, assessment_id=here.assessment.id, number=number, at=settings().now()
            )
