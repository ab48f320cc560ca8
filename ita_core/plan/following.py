"""PURE: the plan of a later fiscal year made out of an earlier one, to be changed and confirmed there."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import TypeVar

from ita_core.days import period_of
from ita_core.errors import Refused
from ita_core.language import N_
from ita_core.models import Cadence
from ita_core.plan.framework import Framework, Item, Phase, Requirement, Step
from ita_core.plan.plan import Assumed, Deadline, Deadlines, Departure, Duties, Group, Hand, Plan, StepDuties

T = TypeVar("T", bound=Duties)

NOBODY_YET = "ยังไม่ได้กำหนดผู้รับผิดชอบ"  # in the plan's language: why nobody is named


class OtherYear(Refused):
    says = N_("The framework “{code}” is for fiscal year {its}, not for {year}.")


def following(
    framework: Framework,
    plan: Plan,
    year: int,
    *,
    known: Framework | None = None,
    became: Mapping[str, Sequence[str]] | None = None,
    gone: Collection[str] = (),
) -> tuple[Framework, Plan]:
    """Framework and plan of a later fiscal year: the same days and months, 29 February as the 28th.

    `known` is that year's own framework; `became` says which of its items an earlier one became (`plan.mappings`),
    without it one of the same code; what was made of several has the duties, days and own demands of all of them. Where
    it is not known, the earlier framework is carried over and every item is marked as assumed (`Plan.assumed`). `gone`
    are the keys of officers who have left; a duty that they leave without anybody says so.

    Raises OtherYear.
    """
    if known is not None and known.fiscal_year != year:
        raise OtherYear(code=known.code, its=known.fiscal_year, year=year)
    shift = _Shift(year - framework.fiscal_year)
    if known is None:
        rules, became = _carried(framework, year, shift), {code: (code,) for code in framework.items}
        source = plan.assumed.source if plan.assumed else framework.code
        assumed = Assumed(source=source, items=tuple(framework.items))
    else:
        rules, assumed = known, None
        became = became or {code: (code,) for code in framework.items if code in known.items}
    officers = {
        key: officer.model_copy(update={"since": None}) for key, officer in plan.officers.items() if key not in gone
    }
    sources = _sources(became, plan)
    duties = {new: _together([_without(plan.duties[old], gone) for old in olds]) for new, olds in sources.items()}
    calendar = tuple(_moved_phase(phase, shift) for phase in plan.phases)
    numbers = {number for phase in calendar or rules.phases for number in phase.steps}
    update = {
        "code": f"{plan.office.code}-{year}", "framework": rules.code, "fiscal_year": year, "about": "",
        "officers": officers, "posts": {key: _members(group, gone) for key, group in plan.posts.items()},
        "teams": {key: _members(group, gone) for key, group in plan.teams.items()},
        "deadlines": _deadlines(plan, rules, sources, shift),
        "duties": {code: duties.get(code, Duties(nobody=NOBODY_YET)) for code in rules.items},
        "measures_close": shift.day(plan.measures_close),
        "measures": {
            code: _without(one, gone).model_copy(update={"requirements": _requirements(one.requirements, shift)})
            for code, one in plan.measures.items()
            if code not in rules.items
        },
        "steps": {
            number: _shown_there(_without(plan.steps.get(number, StepDuties(nobody=NOBODY_YET)), gone), sources, plan)
            for number in numbers
        },
        "items": _departures(plan, rules, sources, shift), "phases": calendar, "assumed": assumed,
    }  # fmt: skip
    return rules, plan.model_copy(update=update)


class _Shift:
    """So many years later."""

    def __init__(self, years: int) -> None:
        self.years = years

    def day(self, day: date) -> date:
        try:
            return day.replace(year=day.year + self.years)
        except ValueError:  # 29 February
            return day.replace(year=day.year + self.years, day=28)

    def period(self, period: str) -> str:
        return period_of(self.day(date.fromisoformat(f"{period}-01"))) if period else ""


def _carried(framework: Framework, year: int, shift: _Shift) -> Framework:
    """The framework as if it were of another year; its words are those of the manual that it is from."""
    before, now = str(framework.fiscal_year), str(year)
    items = {
        code: item.model_copy(update={"requirements": _requirements(item.requirements, shift)})
        for code, item in framework.items.items()
    }
    return framework.model_copy(update={
        "code": framework.code.removesuffix(f"-{before}") + f"-{now}", "fiscal_year": year,
        "title": framework.title.replace(before, now), "closes": shift.day(framework.closes), "items": items,
        "periods": tuple(map(shift.period, framework.periods)),
        "phases": tuple(_moved_phase(phase, shift) for phase in framework.phases),
    })  # fmt: skip


def _requirements(requirements: Mapping[str, Requirement], shift: _Shift) -> dict[str, Requirement]:
    return {
        key: one.model_copy(update={"periods": tuple(map(shift.period, one.periods))})
        for key, one in requirements.items()
    }


def _moved_phase(phase: Phase, shift: _Shift) -> Phase:
    def moved(step: Step) -> Step:
        return step.model_copy(update={"starts": shift.day(step.starts), "ends": shift.day(step.ends)})

    return phase.model_copy(update={"steps": {number: moved(step) for number, step in phase.steps.items()}})


def _members(group: Group, gone: Collection[str]) -> Group:
    return group.model_copy(update={"members": tuple(key for key in group.members if key not in gone)})


def _without(duties: T, gone: Collection[str]) -> T:
    """The same without those who have left; where that leaves a part without anybody, it says that nobody is named."""

    def stay(hands: tuple[Hand, ...]) -> tuple[Hand, ...]:
        return tuple(hand for hand in hands if hand.who not in gone)

    update: dict[str, object] = {"supervise": stay(duties.supervise), "prepare": stay(duties.prepare)}
    if not all(update.values()) and not duties.nobody:
        update["nobody"] = NOBODY_YET
    return duties.model_copy(update=update)


def _shown_there(step: StepDuties, sources: Mapping[str, Sequence[str]], plan: Plan) -> StepDuties:
    """The same; an item whose evidence shows it done by the code that it has then, if one item comes of that alone."""
    sign, _blank, code = step.shown_by.partition(" ")
    if not code or (code in plan.measures and code not in sources):
        return step
    became = [new for new, olds in sources.items() if list(olds) == [code]]
    return step.model_copy(update={"shown_by": f"{sign} {became[0]}" if len(became) == 1 else ""})


def _sources(became: Mapping[str, Sequence[str]], plan: Plan) -> dict[str, list[str]]:
    """Each later code with the earlier ones of the plan that it comes of, in their order."""
    found: dict[str, list[str]] = {}
    for old in plan.duties:
        for new in became.get(old, ()):
            found.setdefault(new, []).append(old)
    return found


def _together(duties: Sequence[Duties]) -> Duties:
    """The duties of several items as those of one: everybody once, with every word for their part."""

    def all_of(kind: str) -> tuple[Hand, ...]:
        tasks: dict[str, list[str]] = {}
        for one in duties:
            for hand in getattr(one, kind):
                tasks.setdefault(hand.who, []).append(hand.task)
        return tuple(Hand(who=who, task=_joined(told, ", ")) for who, told in tasks.items())

    supervise, prepare = all_of("supervise"), all_of("prepare")
    nobody = "" if supervise and prepare else _joined([one.nobody for one in duties], "; ") or NOBODY_YET
    return duties[0].model_copy(update={"supervise": supervise, "prepare": prepare, "nobody": nobody})


def _joined(texts: Sequence[str], between: str) -> str:
    return between.join(dict.fromkeys(text for text in texts if text))


def _deadlines(plan: Plan, rules: Framework, sources: Mapping[str, Sequence[str]], shift: _Shift) -> Deadlines:
    """Every item of the year in the group of its cadence; one that has had no day is due when the window closes.

    Of several days of what was made of several, the earliest.
    """
    before = {code: group for group in plan.deadlines.once for code in group.items}
    groups: dict[date, Deadline] = {}
    by_cadence: dict[Cadence, list[str]] = {cadence: [] for cadence in Cadence}
    for code, item in rules.items.items():
        by_cadence[item.cadence].append(code)
        if item.cadence is Cadence.once:
            had = [before[old] for old in sources.get(code, ()) if old in before]
            group = min(had, key=lambda one: one.due, default=None)
            due = shift.day(group.due) if group else rules.closes
            there = groups.get(due) or Deadline(says=group.says if group else "", due=due, items=())
            groups[due] = there.model_copy(update={"items": (*there.items, code)})
    own: dict[str, dict[str, date]] = {}
    measures = {code: [code] for code in plan.measures if code not in rules.items}
    for new, olds in {**sources, **measures}.items():
        for code in olds:
            months = _months(rules.items.get(new), plan, code)
            for period, day in plan.deadlines.own.get(code, {}).items():
                moved, later = shift.period(period), shift.day(day)
                if months is None or moved in months:
                    days = own.setdefault(new, {})
                    days[moved] = min(later, days.get(moved, later))
    return plan.deadlines.model_copy(update={
        "once": tuple(groups[due] for due in sorted(groups)), "own": own,
        "monthly": plan.deadlines.monthly.model_copy(update={"items": tuple(by_cadence[Cadence.monthly])}),
        "continuous": plan.deadlines.continuous.model_copy(update={"items": tuple(by_cadence[Cadence.continuous])}),
    })  # fmt: skip


def _months(item: Item | None, plan: Plan, code: str) -> set[str] | None:
    """The months that an item reports in its year, "" for what has none; None for what is carried over as it is."""
    if item is None or code in plan.items:
        return None
    return {period for one in item.requirements.values() for period in one.periods or ("",)}


def _departures(
    plan: Plan, rules: Framework, sources: Mapping[str, Sequence[str]], shift: _Shift
) -> dict[str, Departure]:
    """What the office itself demands, of items that are still there."""
    found = {}
    for new, olds in sources.items():
        departing = [old for old in olds if old in plan.items]
        if departing:
            found[new] = Departure(
                title=_joined([plan.items[old].title for old in departing], " / "),
                demand=_joined([plan.items[old].demand for old in departing], "\n"),
                requirements=_own_demands(plan, rules.items[new], departing, shift, alone=len(olds) == 1),
            )
    return found


def _own_demands(
    plan: Plan, item: Item, olds: Sequence[str], shift: _Shift, *, alone: bool
) -> dict[str, Requirement | None]:
    """The office's own demands of these items together: of two under one key, the second under its item's code, too.

    What the office does not demand of an item is left out of what comes of that item `alone`, and only where that
    leaves something to demand.
    """
    found: dict[str, Requirement | None] = {}
    for old in olds:
        for key, one in plan.items[old].requirements.items():
            if one is None:
                if alone and key in item.requirements:
                    found[key] = None
                continue
            moved = _requirements({key: one}, shift)[key]
            name = key if found.get(key, moved) == moved else f"{key}-{old.lower().replace('.', '-')}"
            found[name] = moved
    if all(one is None for one in {**item.requirements, **found}.values()):
        return {key: one for key, one in found.items() if one is not None}
    return found
