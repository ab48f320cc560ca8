"""PURE: the year's phases and steps. The steps count 1, 2, 3 … through the phases, and duties go where their step goes.

The office's own calendar (`plan.phases`) begins as a copy of the framework's, and is none where both say the same.
"""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import date
from typing import Any

from ita_core.errors import NotFound, Refused
from ita_core.language import N_
from ita_core.plan.content import Content
from ita_core.plan.editing.duties import no_duties

Place = tuple[int, int]  # which phase (0, 1 …), and after how many of its steps


class OnlyStep(Refused):
    says = N_("A calendar needs at least one step.")


@dataclass(frozen=True, slots=True)
class StepWords:
    """What a step is, and from which day to which."""

    title: str
    work: str
    starts: date
    ends: date


@dataclass(slots=True)
class _Phase:
    title: str
    steps: list[tuple[dict[str, Any], dict[str, Any]]]  # each with its duties


def calendar_of(content: Content) -> list[dict[str, Any]]:
    """The phases with their steps (by their number as text): the office's own, or the framework's."""
    found: list[dict[str, Any]] = content["plan"]["phases"] or content["framework"]["phases"]
    return found


def name_phases(content: Content, titles: Mapping[int, str]) -> None:
    """The titles of phases, by their place (0, 1 …).

    Raises NotFound.
    """
    phases = _opened(content)
    for place, title in titles.items():
        _phase(phases, place).title = title
    _close(content, phases)


def set_steps(content: Content, steps: Mapping[int, StepWords]) -> None:
    """Title, work and days of steps, by their numbers.

    Raises NotFound.
    """
    phases = _opened(content)
    for number, words in steps.items():
        phase, place = _where(phases, number)
        phases[phase].steps[place][0].update(_told(words))
    _close(content, phases)


def set_signs(content: Content, signs: Mapping[int, str]) -> None:
    """By which records steps are shown done (`plan.sign_of`), by their numbers; "": they are ticked by hand only.

    Raises NotFound.
    """
    for number, shown_by in signs.items():
        duties = content["plan"]["steps"].get(str(number))
        if duties is None:
            raise NotFound
        duties.pop("shown_by", None)
        duties |= {"shown_by": shown_by} if shown_by else {}


def add_step(content: Content, at: Place, words: StepWords) -> int:
    """One more step, nobody's yet; gives its number. Those after it count one more.

    Raises NotFound.
    """
    phases = _opened(content)
    steps = _phase(phases, at[0]).steps
    if not 0 <= at[1] <= len(steps):
        raise NotFound
    steps.insert(at[1], _new(words))
    _close(content, phases)
    return sum(len(phase.steps) for phase in phases[: at[0]]) + at[1] + 1


def add_phase(content: Content, after: int, title: str, first: StepWords) -> None:
    """One more phase with its first step, after so many phases (0: at the beginning).

    Raises NotFound.
    """
    phases = _opened(content)
    if not 0 <= after <= len(phases):
        raise NotFound
    phases.insert(after, _Phase(title, [_new(first)]))
    _close(content, phases)


def move_step(content: Content, number: int, to: Place) -> None:
    """Put a step elsewhere, with its duties; `to` as the calendar stands before. A phase that it leaves empty goes.

    Raises NotFound.
    """
    phases = _opened(content)
    phase, place = _where(phases, number)
    steps = _phase(phases, to[0]).steps
    if not 0 <= to[1] <= len(steps):
        raise NotFound
    moved = phases[phase].steps.pop(place)
    steps.insert(to[1] - (to[0] == phase and to[1] > place), moved)
    _close(content, phases)


def take_out_step(content: Content, number: int) -> None:
    """A step with its duties; a phase that it leaves empty goes.

    Raises NotFound, OnlyStep.
    """
    phases = _opened(content)
    phase, place = _where(phases, number)
    if sum(len(one.steps) for one in phases) == 1:
        raise OnlyStep  # without any the framework's calendar would be in force again
    del phases[phase].steps[place]
    _close(content, phases)


def _opened(content: Content) -> list[_Phase]:
    """A copy of the calendar in which every step has its duties beside it."""
    duties = content["plan"]["steps"]
    return [
        _Phase(phase["title"], [(deepcopy(step), duties[number]) for number, step in phase["steps"].items()])
        for phase in calendar_of(content)
    ]


def _close(content: Content, phases: list[_Phase]) -> None:
    """Number the steps through, and let this be the office's calendar."""
    calendar: list[dict[str, Any]] = []
    duties: dict[str, Any] = {}
    for phase in phases:
        steps: dict[str, Any] = {}
        for step, its in phase.steps:
            number = str(len(duties) + 1)
            steps[number], duties[number] = step, its
        if steps:
            calendar.append({"title": phase.title, "steps": steps})
    content["plan"]["phases"] = [] if calendar == content["framework"]["phases"] else calendar
    content["plan"]["steps"] = duties


def _phase(phases: list[_Phase], place: int) -> _Phase:
    if not 0 <= place < len(phases):
        raise NotFound
    return phases[place]


def _where(phases: list[_Phase], number: int) -> Place:
    places = [(phase, place) for phase, one in enumerate(phases) for place in range(len(one.steps))]
    if not 1 <= number <= len(places):
        raise NotFound
    return places[number - 1]


def _told(words: StepWords) -> dict[str, Any]:
    return {
        "title": words.title, "work": words.work, "starts": words.starts.isoformat(), "ends": words.ends.isoformat(),
    }  # fmt: skip


def _new(words: StepWords) -> tuple[dict[str, Any], dict[str, Any]]:
    return {"row": "", "instrument": None} | _told(words), no_duties()
