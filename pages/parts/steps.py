"""Steps of the calendar as one reads them: how one stands and why, and the way to say that it is done."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from ita_core import access, thai, words, workflow
from ita_core.board.headline import Face
from ita_core.board.steps import StepStanding, StepState
from ita_core.language import N_, _
from ita_core.queries import Snapshot
from ita_core.settings import settings
from pages.parts import marks, pressing, templates, thai_date
from pages.parts.frame import Frame
from pages.parts.marks import Badge

FACES = {
    StepState.done: Face.accepted, StepState.overdue: Face.overdue, StepState.going_on: Face.waiting,
    StepState.ahead: Face.missing, StepState.over: Face.missing,
}  # fmt: skip
PLACE = "step"  # where a refusal is said


@dataclass(frozen=True, slots=True)
class Line:
    """A step past its last day, and where it is said to be done."""

    badge: Badge
    text: str
    address: str
    said: str


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody said of it."""

    what: str
    by: str
    at: str
    note: str


@dataclass(frozen=True, slots=True)
class Card:
    badge: Badge
    title: str
    days: str
    who: str
    because: str  # why it is done; "" where it is not
    shown_by: str  # by which records it would be
    work: str
    said: tuple[Said, ...]


def lines(listed: Sequence[StepStanding], data: Snapshot) -> tuple[Line, ...]:
    """Steps that are overdue, each leading to where it is said to be done."""
    short = _short(data)
    return tuple(
        Line(
            marks.badge(Face.overdue, marks.late_text(one.days_late)), _title(one),
            f"/timeline?step={one.step.position}",
            _("ended on {day} · {who}").format(day=thai.date_text(one.step.ends), who=_who(one, short)),
        )
        for one in listed
    )  # fmt: skip


def _title(one: StepStanding) -> str:
    return _("Step {number}: {title}").format(number=one.step.position, title=one.step.title)


def _short(data: Snapshot) -> dict[str, str]:
    """Whole names to what colleagues say."""
    return {person.full: person.short for person in data.people.values()}


def _who(one: StepStanding, short: Mapping[str, str]) -> str:
    named = [short.get(name, name) for name in dict.fromkeys((*one.step.supervisors, *one.step.preparers))]
    return ", ".join(named) or _("the assessors")


def asked(listed: Sequence[StepStanding]) -> StepStanding | None:
    """The step that the address names."""
    number = st.query_params.get("step", "")
    return next((one for one in listed if str(one.step.position) == number), None)


def draw(here: Frame, data: Snapshot, one: StepStanding) -> None:
    """The step with what was said of it; and to whoever may, the way to say that it is done, or to take that back."""
    with st.container(border=True):
        templates.show("step", one=_card(here, data, one))
        pressing.refusal_at(PLACE)
        if not here.acts() or not access.may_tick_step(here.actor, one.step.officers):
            return
        key = f"{here.assessment.id}-{one.step.position}-{len(one.ticks)}"
        if one.state is not StepState.done:
            _tick(here, one, key)
        elif one.ticks and one.ticks[-1].done:
            _untick(here, one, key)


def _card(here: Frame, data: Snapshot, one: StepStanding) -> Card:
    text = _(words.STEP_STATES[one.state])
    if one.state is StepState.done:
        text += " " + thai.date_text(one.since)
    if one.days_late:
        text += " · " + marks.late_text(one.days_late)
    planned, sign = _("Planned {starts} – {ends}"), one.step.sign
    days = planned.format(starts=thai.date_text(one.step.starts), ends=thai.date_text(one.step.ends))
    if one.state is StepState.going_on:
        days += " · " + _("{days} days left").format(days=(one.step.ends - here.day).days)
    shown = _("done by itself once {what}").format(what=words.sign_text(sign, one.step.item)) if sign else ""
    return Card(
        marks.badge(FACES[one.state], text),
        _title(one),
        days,
        _who(one, _short(data)),
        words.done_text(one),
        shown if one.sign is None else "",
        one.step.work,
        tuple(
            Said(
                _("Done on {day}").format(day=thai.date_text(tick.day)) if tick.done else _("Taken back"),
                tick.by, thai.moment_text(tick.at), tick.note,
            )
            for tick in one.ticks
        ),
    )  # fmt: skip


def _tick(here: Frame, one: StepStanding, key: str) -> None:
    with st.form("tick-step", border=False):
        day, note, press = st.columns([1, 3, 1], vertical_alignment="bottom")
        with day:
            thai_date.field(
                _("Done on"), here.today, key=f"tick-day-{key}", first=here.assessment.starts, last=here.today
            )
        note.text_input(_("Note, like the number of the letter"), key=f"tick-note-{key}")
        press.form_submit_button(
            _("Record as done"), type="primary", icon=":material/check:", width="stretch", on_click=_ticked,
            args=(here, one, key),
        )  # fmt: skip


def _untick(here: Frame, one: StepStanding, key: str) -> None:
    with st.form("untick-step", border=False):
        note, press = st.columns([4, 1], vertical_alignment="bottom")
        note.text_input(_("Why it is taken back"), key=f"untick-note-{key}")
        press.form_submit_button(
            _("Take it back"), icon=":material/undo:", width="stretch", on_click=_unticked, args=(here, one, key)
        )


def _ticked(here: Frame, one: StepStanding, key: str) -> None:
    pressing.write_first(
        lambda session: workflow.tick_step(
            session, by=here.actor.account_id, assessment_id=here.assessment.id, step=one.step.position,
            title=one.step.title, day=thai_date.typed(f"tick-day-{key}"), note=st.session_state[f"tick-note-{key}"],
            at=settings().now(),
        ),
        N_("The step is recorded as done."),
        place=PLACE,
    )  # fmt: skip


def _unticked(here: Frame, one: StepStanding, key: str) -> None:
    pressing.write_first(
        lambda session: workflow.untick_step(
            session, by=here.actor.account_id, assessment_id=here.assessment.id, step=one.step.position,
            title=one.step.title, note=st.session_state[f"untick-note-{key}"], at=settings().now(),
        ),
        N_("Taken back: what was recorded stays on record."),
        place=PLACE,
    )  # fmt: skip
