"""The calendar in the plan: phases and steps, their words and days, and their order."""

from datetime import date

import pandas as pd
import streamlit as st

from ita_core import words
from ita_core.language import _
from ita_core.models import StepSign
from ita_core.plan import editing
from ita_core.plan.content import Content
from ita_core.plan.editing import Place, StepWords
from ita_core.typed import LONGEST_NAME, LONGEST_NOTE, clean_text
from pages.parts import pressing, thai_date
from pages.parts.plan_desk import Desk, fresh, say_which_days


def draw(desk: Desk) -> None:
    """The steps as a table, the phases' titles, then the order."""
    if desk.content["plan"]["phases"]:
        st.caption(_("The calendar is the office's own: it differs from the framework's."))
    else:
        st.caption(_("The calendar is the framework's; from the first change on it is the office's own."))
    _steps(desk)
    _phases(desk)
    st.header(_("One more step"), anchor=False)
    _add(desk)
    st.header(_("Order of the steps"), anchor=False)
    _order(desk)


def _steps(desk: Desk) -> None:
    phases = editing.calendar_of(desk.content)
    rows = [(phase["title"], int(number), step) for phase in phases for number, step in phase["steps"].items()]
    signs = {number: desk.plan.steps[number].shown_by for _phase, number, _step in rows}
    step, phase, title, starts, ends, work, shown = (
        _("Step"), _("Phase"), _("Title"), _("Starts"), _("Ends"), _("What is done"), _("Counts as done once"),
    )  # fmt: skip
    frame = pd.DataFrame({
        step: [number for _phase, number, _step in rows],
        phase: [of for of, _number, _step in rows],
        title: [one["title"] for _phase, _number, one in rows],
        starts: thai_date.cells([date.fromisoformat(one["starts"]) for _phase, _number, one in rows]),
        ends: thai_date.cells([date.fromisoformat(one["ends"]) for _phase, _number, one in rows]),
        work: [one["work"] for _phase, _number, one in rows],
        shown: [signs[number] for _phase, number, _one in rows],
    })  # fmt: skip
    say_which_days(desk.here)
    with st.form("steps", border=False):
        edited = st.data_editor(
            frame, hide_index=True, disabled=[step, phase], width="stretch", height=420,
            key=fresh("steps", str(phases), str(signs)),
            column_config={
                starts: desk.day_column(starts), ends: desk.day_column(ends),
                step: st.column_config.NumberColumn(step, width="small"),
                phase: st.column_config.TextColumn(phase, width="small"),
                title: st.column_config.TextColumn(title, required=True, width="medium"),
                work: st.column_config.TextColumn(work, required=True, width="large"),
                shown: st.column_config.SelectboxColumn(
                    shown, options=_signs(desk), format_func=_sign_text, width="medium",
                    help=_("By which records; without any, whoever leads the step records it by hand."),
                ),
            },
        )  # fmt: skip
        if st.form_submit_button(_("Keep these steps"), type="primary"):
            with pressing.refusals_here():
                told = {
                    int(row[step]): StepWords(
                        clean_text(row[title] or "", LONGEST_NOTE), clean_text(row[work] or "", LONGEST_NOTE),
                        desk.read_day(row[starts]), desk.read_day(row[ends]),
                    )
                    for row in edited.to_dict("records")
                }  # fmt: skip
                before = {number: _words(one) for _phase, number, one in rows}
                changed = {number: one for number, one in told.items() if one != before[number]}
                chosen = {
                    int(row[step]): row[shown] if isinstance(row[shown], str) else ""
                    for row in edited.to_dict("records")
                }
                resigned = {number: sign for number, sign in chosen.items() if sign != signs[number]}

                def change(draft: Content) -> None:
                    editing.set_signs(draft, resigned)
                    if changed:
                        editing.set_steps(draft, changed)

                if changed or resigned:
                    desk.edit(change)


def _signs(desk: Desk) -> list[str]:
    """What a step can be shown done by, as the plan writes it."""
    alone = [one.value for one in StepSign if one is not StepSign.evidence_of]
    return ["", *alone, *(f"{StepSign.evidence_of.value} {code}" for code in editing.titles_of(desk.content))]


def _sign_text(shown_by: str) -> str:
    return words.shown_by_text(shown_by) or _("recorded by hand")


def _words(step: dict[str, str]) -> StepWords:
    starts, ends = (date.fromisoformat(step[end]) for end in ("starts", "ends"))
    return StepWords(step["title"], step["work"], starts, ends)


def _phases(desk: Desk) -> None:
    titles = [phase["title"] for phase in editing.calendar_of(desk.content)]
    with st.expander(_("Titles of the phases")), st.form(fresh("phases", *titles), border=False):
        numbered = _("Phase {number}")
        typed = [
            st.text_input(numbered.format(number=place), value=title, key=fresh(f"phase-{place}", *titles))
            for place, title in enumerate(titles, start=1)
        ]
        if st.form_submit_button(_("Keep these titles")):
            with pressing.refusals_here():
                told = {place: clean_text(title, LONGEST_NAME) for place, title in enumerate(typed)}
                if list(told.values()) != titles:
                    desk.edit(lambda draft: editing.name_phases(draft, told))


def _places(desk: Desk) -> dict[Place, str]:
    """Where a step can stand, in words."""
    found: dict[Place, str] = {}
    first, after = _("first of “{phase}”"), _("after step {number} {title}")
    for place, phase in enumerate(editing.calendar_of(desk.content)):
        found[place, 0] = first.format(phase=phase["title"])
        for count, (number, step) in enumerate(phase["steps"].items(), start=1):
            found[place, count] = after.format(number=number, title=step["title"])
    return found


def _add(desk: Desk) -> None:
    """A step in a phase, or the first step of a new phase."""
    places = _places(desk)
    with st.form("new-step"):
        where, title_of_phase = st.columns(2)
        at = where.selectbox(
            _("Put it"), list(places), index=len(places) - 1, format_func=places.__getitem__,
            key=fresh("step-at", *places.values()),
        )  # fmt: skip
        phase = title_of_phase.text_input(
            _("Title of a new phase, where it begins one"), key="step-phase",
            help=_("The new phase stands after the phase that was chosen beside it."),
        )  # fmt: skip
        title = st.text_input(_("Title"), key="step-title")
        work = st.text_area(_("What is done"), height=68, key="step-work")
        left, right = st.columns(2)
        with left:
            starts = desk.day(_("Starts"), desk.here.today, "step-starts")
        with right:
            ends = desk.day(_("Ends"), desk.here.today, "step-ends")
        if st.form_submit_button(_("Add the step"), type="primary") and starts and ends:
            with pressing.refusals_here():
                words = StepWords(clean_text(title, LONGEST_NOTE), clean_text(work, LONGEST_NOTE), starts, ends)
                if named := clean_text(phase, LONGEST_NAME):
                    desk.edit(lambda draft: editing.add_phase(draft, at[0] + 1, named, words))
                else:
                    desk.edit(lambda draft: editing.add_step(draft, at, words))


def _order(desk: Desk) -> None:
    """Moving a step, with its duties; taking one out, which asks first."""
    places = _places(desk)
    numbered = _("Step {number}: {title}")
    steps = {
        int(number): numbered.format(number=number, title=step["title"])
        for phase in editing.calendar_of(desk.content)
        for number, step in phase["steps"].items()
    }
    what, where, press = st.columns([2, 2, 1], vertical_alignment="bottom")
    # A number is another step once they are in another order: then the choice begins anew.
    number = what.selectbox(
        _("Step"), list(steps), format_func=steps.__getitem__, key=fresh("step-moved", *steps.values())
    )
    to = where.selectbox(
        _("goes"), list(places), format_func=places.__getitem__, key=fresh("step-to", *places.values())
    )
    if press.button(_("Move the step"), width="stretch", key=fresh("step-move", *steps.values())):
        desk.edit(lambda draft: editing.move_step(draft, number, to))
    with st.popover(_("Take step {number} out").format(number=number), icon=":material/delete:", key=f"out-{number}"):
        st.text(_("Its duties go with it, and the steps after it count one less."))
        if st.button(_("Yes, take it out"), key=f"take-out-step-{number}"):
            desk.edit(lambda draft: editing.take_out_step(draft, number))
