"""PURE: what differs between two plans, told by what it means to people: days, people, duties, demands."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ita_core.plan.figures import figures_of, path_of, sources_of
from ita_core.plan.framework import Framework
from ita_core.plan.plan import PARTS, Duties, Plan, PlannedItem, planned_items
from ita_core.plan.steps import step_places, steps_of


@dataclass(frozen=True, slots=True)
class Difference:
    """`what` is office, item, requirement, due, duty, person, group, step or framework; "" for what is not there.

    `where` names the place in codes and keys (O7, usa, step 4), `before` and `after` are values as text.
    """

    what: str
    where: str
    before: str
    after: str


def differences(before: tuple[Framework, Plan], after: tuple[Framework, Plan]) -> list[Difference]:
    """Everything that differs, in the order of the plan; an empty list where the two say the same."""
    return [
        *_named("framework", _framework(before[0]), _framework(after[0])),
        *_named("office", _office(before[1]), _office(after[1])),
        *_named("person", _people(before[1]), _people(after[1])),
        *_named("group", _groups(before[1]), _groups(after[1])),
        *_items(before, after),
        *_steps(before, after),
    ]


def told_once(listed: Iterable[Difference]) -> list[Difference]:
    """Without the single values of what is new or gone as a whole: that it is so, says them all.

    Nor with the numbers of steps: they count what is told anyway, what came, went or moved.
    """
    found: list[Difference] = []
    whole = ("", "")  # what and where
    for one in listed:
        of_whole = one.what == whole[0] and one.where.startswith((f"{whole[1]}.", f"{whole[1]} "))
        if not of_whole and not (one.what == "step" and one.where.endswith(" number")):
            found.append(one)
            if not (one.before and one.after):
                whole = one.what, one.where
    return found


def _named(what: str, before: Mapping[str, str], after: Mapping[str, str]) -> list[Difference]:
    return [
        Difference(what, name, before.get(name, ""), after.get(name, ""))
        for name in dict.fromkeys((*before, *after))
        if before.get(name, "") != after.get(name, "")
    ]


def _text(value: Any) -> str:
    if value is None or value == ():
        return ""
    if isinstance(value, tuple | list):
        return ", ".join(map(_text, value))
    if isinstance(value, float):
        return f"{value:g}"
    return str(getattr(value, "value", value))


def _flat(prefix: str, value: Any) -> dict[str, str]:
    """A model's values by their paths."""
    if hasattr(value, "model_fields_set"):
        value = {name: getattr(value, name) for name in type(value).model_fields}
    if isinstance(value, Mapping):
        found: dict[str, str] = {}
        for key, part in value.items():
            found |= _flat(f"{prefix}.{_text(key)}" if prefix else _text(key), part)
        return found
    return {prefix: _text(value)}


def _framework(framework: Framework) -> dict[str, str]:
    """Figures that a forecast assumes are told as they are in force: against our own guess where none was stated."""
    without: dict[str, object] = {"items": {}, "phases": (), "levels": (), "forecast": None}
    found = _flat("", framework.model_copy(update=without)) | _flat("levels", dict(enumerate(framework.levels, 1)))
    del found["forecast"]
    for figure, value in figures_of(framework).items():
        if path_of(figure)[0] == "forecast":
            found[".".join(map(str, path_of(figure)))] = _text(value)
    return found | _flat("forecast.sources", sources_of(framework))


def _office(plan: Plan) -> dict[str, str]:
    found = _flat("", plan.office) | {"target": f"{plan.target:g}", "plan": plan.code, "about": plan.about}
    for one in plan.scores:
        found |= {f"scores.{one.fiscal_year}": f"{one.total:g}", **_flat(f"scores.{one.fiscal_year}", one.instruments)}
    return found


def _people(plan: Plan) -> dict[str, str]:
    found: dict[str, str] = {}
    for key, one in plan.officers.items():
        found |= {key: f"{one.rank} {one.name}", **_flat(key, one.model_copy(update={"rank": "", "name": ""}))}
    return found


def _groups(plan: Plan) -> dict[str, str]:
    found: dict[str, str] = {}
    for kind, groups in (("post", plan.posts), ("team", plan.teams)):
        for key, group in groups.items():
            found |= {key: f"{kind} {group.name}", **_flat(key, group.model_copy(update={"name": ""}))}
    return found


def _duties(duties: Duties) -> dict[str, str]:
    told = {
        kind: ", ".join(f"{hand.who} ({hand.task})" if hand.task else hand.who for hand in getattr(duties, kind))
        for kind in PARTS
    }
    return told | {"nobody": duties.nobody}


def _items(before: tuple[Framework, Plan], after: tuple[Framework, Plan]) -> Iterable[Difference]:
    old, new = ({item.code: item for item in planned_items(*parts)} for parts in (before, after))
    for code in dict.fromkeys((*new, *old)):
        there, here = old.get(code), new.get(code)
        yield from _named("item", _item(there), _item(here))
        yield from _named("requirement", _requirements(there), _requirements(here))
        if there and here:
            yield from _named("due", _dues(there), _dues(here))
        yield from _named(
            "duty", _by(code, there, lambda one: _duties(one.duties)), _by(code, here, lambda one: _duties(one.duties))
        )


def _by(code: str, item: PlannedItem | None, told: Callable[[PlannedItem], dict[str, str]]) -> dict[str, str]:
    return {f"{code} {name}": value for name, value in told(item).items()} if item else {}


def _item(item: PlannedItem | None) -> dict[str, str]:
    if item is None:
        return {}
    names = ("demand", "cadence", "kind", "indicator", "instrument", "assumed", "lineage", "came_of")
    return {item.code: item.title} | {f"{item.code} {name}": _text(getattr(item, name)) for name in names}


def _requirements(item: PlannedItem | None) -> dict[str, str]:
    if item is None:
        return {}
    found: dict[str, str] = {}
    for key, part in item.requirements.items():
        place = f"{item.code} › {key}"
        found |= {place: part.demand.title, **_flat(place, part.demand.model_copy(update={"title": ""}))}
    return found


def _dues(item: PlannedItem) -> dict[str, str]:
    """One line for an item's days that are all the same in all its requirements; else by month or requirement."""
    by_period: dict[str, set[str]] = {}
    for part in item.requirements.values():
        for period, due in part.dues.items():
            by_period.setdefault(period, set()).add(due.isoformat())
    return {f"{item.code} {period}".strip(): ", ".join(sorted(days)) for period, days in by_period.items()}


def _steps(before: tuple[Framework, Plan], after: tuple[Framework, Plan]) -> list[Difference]:
    places = step_places(steps_of(*before), steps_of(*after))
    return _named("step", _calendar(*before, places[0]), _calendar(*after, places[1]))


def _calendar(framework: Framework, plan: Plan, places: Mapping[int, str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for phase in plan.calendar(framework):
        for number, step in phase.steps.items():
            place = places[number]
            found |= {place: step.title, f"{place} number": str(number), f"{place} phase": phase.title}
            duties = plan.steps[number]
            found |= _flat(place, step.model_copy(update={"title": ""})) | _flat(place, _duties(duties))
            found[f"{place}.shown_by"] = duties.shown_by
    return found
