"""data/plans/*.yaml: who does what by when in one office and year; read, checked and frozen.

`load_plan` and `planned_items` say what should be there and know no database; `apply.py` makes it so.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from ita_core.days import period_end
from ita_core.errors import NotFound
from ita_core.language import N_
from ita_core.models import Cadence, ItemKind, PartyKind, StepSign
from ita_core.plan.faults import Faults, listed, mapping, named
from ita_core.plan.files import read
from ita_core.plan.framework import (
    Framework,
    Item,
    Phase,
    Requirement,
    Requirements,
    check_calendar,
    check_lineages,
    check_requirements,
    complete,
    find_framework,
    framework_of,
    load_framework,
)
from ita_core.plan.places import Place, Where
from ita_core.plan.sentences import Misfit, Sentence, Told, told_month
from ita_core.plan.shape import Code, Day, Key, Note, Points, Strict, Text, Through, Year, check_day, distinct, shaped
from ita_core.settings import DATA

PLANS = DATA / "plans"
_NO_ITEM = N_("there is no item {code} in {framework}")
_NO_INSTRUMENT = N_("there is no instrument {instrument} in {framework}")
_NONE = {
    "supervise": N_("has no supervisor: name one under `supervise`, or say under `nobody` why there is none"),
    "prepare": N_("has no preparer: name one under `prepare`, or say under `nobody` why there is none"),
}
_CADENCES = {Cadence.once: N_("once"), Cadence.monthly: N_("monthly"), Cadence.continuous: N_("continuous")}


class UnknownPlan(NotFound):
    says = N_("There is no plan “{code}”. Known: {known}.")


class Office(Strict):
    """The office whose plan it is."""

    code: Key
    name: Text
    short: Text
    website: Note = ""


class Scores(Strict):
    """What was announced for one earlier year."""

    fiscal_year: Year
    total: Points
    instruments: dict[str, Points]


class Officer(Strict):
    """A person; `confirm`: the document writes the name in several ways, an administrator settles it."""

    rank: Text
    name: Text
    since: Day | None = None  # from which day rank and name are so, where that is not the day they came into the plan
    title: Note = ""
    aliases: Annotated[tuple[Text, ...], Field(max_length=50)] = ()
    confirm: bool = False


class Group(Strict):
    """A post or a team."""

    name: Text
    title: Note = ""
    aliases: Annotated[tuple[Text, ...], Field(max_length=50)] = ()
    members: Annotated[tuple[str, ...], Field(max_length=500)] = ()


class Hand(Strict):
    """A party in a duty, with the document's own word for the part where it has one."""

    who: str
    task: Note = ""


def _hand(value: object) -> object:
    if isinstance(value, str):
        return {"who": value}
    if not isinstance(value, dict):
        raise Misfit(N_("must be the key of an officer, post or team, or {{who: …, task: …}}"))
    return value


Hands = tuple[Annotated[Hand, BeforeValidator(_hand)], ...]


PARTS = ("supervise", "prepare")  # of duties, as the plan's values call them


class Duties(Strict):
    """Who supervises and who prepares; `nobody` says why where somebody is missing."""

    supervise: Hands = ()
    prepare: Hands = ()
    nobody: Note = ""


def sign_of(shown_by: str) -> tuple[StepSign, str] | None:
    """What of the records shows a step done, with the code of the item whose evidence that is; None: nothing does.

    Raises ValueError for what `shown_by` cannot be.
    """
    name, _blank, code = shown_by.partition(" ")
    sign = StepSign(name) if shown_by else None
    if sign is None:
        return None
    if (sign is StepSign.evidence_of) is not bool(code):
        raise ValueError(shown_by)
    return sign, code


def _shown_by(shown_by: str) -> str:
    try:
        sign_of(shown_by)
    except ValueError:
        known = ", ".join(f"{one.value} O1" if one is StepSign.evidence_of else one.value for one in StepSign)
        raise Misfit(N_("must be one of {known}, but is “{text}”"), known=known, text=shown_by) from None
    return shown_by


class StepDuties(Duties):
    """Who does a step, and by which records it is shown done (`sign_of`); "": it is ticked by hand only."""

    # A plan that says nothing of it is, as values, as it ever was: revisions keep their hash.
    shown_by: Annotated[Note, AfterValidator(_shown_by)] = Field(default="", exclude_if=lambda value: not value)


def _own(kind: ItemKind) -> ItemKind:
    if kind is ItemKind.oit:
        raise Misfit(N_("must not be oit: the disclosure items stand in the framework"))
    return kind


class Measure(Duties, Through):
    """An item of the office itself, beside those of the framework."""

    kind: Annotated[ItemKind, AfterValidator(_own)]
    instrument: str | None = None
    title: Text
    demand: Text
    cadence: Literal["continuous"] = "continuous"
    requirements: Requirements


class Deadline(Strict):
    """Items that are shown once, and the day by which."""

    says: Note = ""
    due: Day
    items: tuple[str, ...]


class Monthly(Strict):
    """Items that report every month, and the day of the next month by which."""

    says: Note = ""
    day: Annotated[int, Field(ge=1, le=28)]  # of the month after the period; every month has 28
    items: tuple[str, ...]


class Continuous(Strict):
    """Items that are kept up to date until the window closes."""

    says: Note = ""
    items: tuple[str, ...]


class Deadlines(Strict):
    """When each item of the framework is due, by its cadence."""

    once: tuple[Deadline, ...] = ()
    monthly: Monthly
    continuous: Continuous
    # What the groups do not say: the day of an item or measure, by month (YYYY-MM) or "" for what has none.
    own: dict[str, Annotated[dict[str, Day], Field(min_length=1)]] = Field(default_factory=dict)


class Departure(Strict):
    """What the office itself demands of an item of the framework, in place of what the framework says."""

    title: Note = ""
    demand: Note = ""
    requirements: dict[Key, Requirement | None] = Field(default_factory=dict)  # None: not demanded


class Assumed(Strict):
    """Items that were carried over from an earlier year's framework and not yet held against this year's manual."""

    source: Key
    items: Annotated[tuple[str, ...], AfterValidator(distinct)]


class Plan(Strict):
    """Who does what by when in one office and fiscal year."""

    code: Key = Field(alias="plan")
    framework: str
    fiscal_year: Year
    office: Office
    target: Points
    about: Note = ""
    scores: tuple[Scores, ...] = ()
    officers: Annotated[dict[Key, Officer], Field(max_length=500)]  # the most there may be: a revision is written whole
    posts: dict[Key, Group] = Field(default_factory=dict, max_length=200)
    teams: dict[Key, Group] = Field(default_factory=dict, max_length=200)
    deadlines: Deadlines
    duties: Annotated[dict[str, Duties], Field(min_length=1)]
    measures_close: Day
    measures: dict[Code, Measure] = Field(default_factory=dict, max_length=200)
    steps: Annotated[dict[int, StepDuties], Field(min_length=1)]
    items: dict[str, Departure] = Field(default_factory=dict)
    phases: Annotated[
        tuple[Phase, ...], Field(max_length=60)
    ] = ()  # the office's own calendar, where it is not the framework's
    assumed: Assumed | None = None

    @property
    def name(self) -> str:
        """prachuap-2568, as the command line calls the assessment."""
        return f"{self.office.code}-{self.fiscal_year}"

    def calendar(self, framework: Framework) -> tuple[Phase, ...]:
        """The phases with their steps: the office's own, or the framework's."""
        return self.phases or framework.phases


def check_plan(raw: dict[str, Any], framework: Framework, faults: Faults) -> None:
    """Notes what of a plan's plain values contradicts something else in it, or its framework."""
    year = raw.get("fiscal_year")
    if isinstance(raw.get("framework"), str) and raw["framework"] != framework.code:
        says = N_("is {its}, but the framework given is {framework}")
        faults.add(("framework",), says, its=raw["framework"], framework=framework.code)
    if isinstance(year, int) and year != framework.fiscal_year:
        says = N_("is {year}, but {framework} is for {its}")
        faults.add(("fiscal_year",), says, year=year, framework=framework.code, its=framework.fiscal_year)
    _check_people(raw, faults)
    _check_scores(raw, framework, faults)
    _check_deadlines(raw, framework, faults)
    _check_measures(raw, framework, faults)
    _check_departures(raw, framework, faults)
    check_calendar(raw.get("phases"), framework.fiscal_year, framework.instruments, faults)

    known = _called(raw)
    duties = mapping(raw, "duties")
    _check_known(duties, ("duties",), framework.items, _NO_ITEM, framework, faults)
    for code in framework.items if duties else ():  # a part that is missing as a whole is one fault
        _check_duties(duties.get(code, {}), ("duties", code), known, faults)
    for code, measure in mapping(raw, "measures").items():
        _check_duties(measure, ("measures", code), known, faults)
    steps = mapping(raw, "steps")
    own = [number for phase in listed(raw.get("phases")) for number in mapping(phase, "steps")]
    numbers = own or [str(number) for number in framework.steps]
    _check_known(steps, ("steps",), numbers, N_("there is no step {code} in {framework}"), framework, faults)
    items = {*framework.items, *mapping(raw, "measures")}
    for number in numbers if steps else ():
        _check_duties(steps.get(number, {}), ("steps", number), known, faults)
        shown_by = mapping(steps.get(number)).get("shown_by")
        if isinstance(shown_by, str) and (code := shown_by.partition(" ")[2]) and code not in items:
            faults.add(("steps", number, "shown_by"), _NO_ITEM, code=code, framework=framework.code)


def _check_known(
    keys: Iterable[str], where: Where, known: Iterable[str], says: str, framework: Framework, faults: Faults
) -> None:
    for key in keys:
        if key not in known:
            faults.add((*where, key), says, code=key, framework=framework.code)


def _check_people(raw: dict[str, Any], faults: Faults) -> None:
    parties = {(kind, key): mapping(raw, kind, key) for kind in PARTIES for key in mapping(raw, kind)}
    called, keys = _called(raw), dict[str, str]()
    names: dict[str, Told] = {}
    for (kind, key), party in parties.items():
        if key in keys:
            says = N_("the key {key} stands under {kind} already: all parties share one set of keys")
            faults.add((kind, key), says, key=key, kind=Place((keys[key],)))
        keys.setdefault(key, kind)
        spellings: list[tuple[Where, object]] = [((kind, key, "name"), party.get("name"))]
        spellings += [((kind, key, "aliases", index), name) for index, name in enumerate(listed(party.get("aliases")))]
        for where, spelling in spellings:
            if not isinstance(spelling, str):
                continue
            bare = " ".join(spelling.split())
            if bare in names:  # parties of one name could not be told apart on any screen
                faults.add(where, N_("“{name}” is already a name of {whose}"), name=bare, whose=names[bare])
            names.setdefault(bare, called[key])
    officers = mapping(raw, "officers")
    for (kind, key), party in parties.items():
        seen: set[str] = set()
        for index, member in enumerate(listed(party.get("members"))):
            here = (kind, key, "members", index)
            if isinstance(member, str) and member not in officers:
                faults.add(here, N_("there is no officer {who}"), who=called.get(member, member))
            elif isinstance(member, str) and member in seen:
                faults.add(here, N_("{who} stands twice"), who=called[member])
            seen.add(str(member))


PARTIES = {"officers": PartyKind.officer, "posts": PartyKind.post, "teams": PartyKind.team}


def _called(raw: dict[str, Any]) -> dict[str, Told]:
    """Every party by its key, which is what the file calls it; people know its name."""
    parties = {key: party for kind in reversed(PARTIES) for key, party in mapping(raw, kind).items()}
    return {key: Told(key, str(mapping(party).get("name") or key)) for key, party in parties.items()}


def _check_duties(raw: object, where: Where, known: dict[str, Told], faults: Faults) -> None:
    """Notes unknown parties, a duty that stands twice, and a missing supervisor or preparer that nothing explains."""
    if not isinstance(raw, dict):
        return
    for kind in PARTS:
        seen: set[str] = set()
        for index, hand in enumerate(listed(raw.get(kind))):
            who = hand.get("who") if isinstance(hand, dict) else hand
            if not isinstance(who, str):
                continue
            if who not in known:
                faults.add((*where, kind, index), N_("there is no officer, post or team {who}"), who=who)
            elif who in seen:
                faults.add((*where, kind, index), N_("{who} has this duty twice"), who=known[who])
            seen.add(who)
    explained = bool(raw.get("nobody"))
    missing = [kind for kind in PARTS if raw.get(kind, []) == []]
    for kind in missing:
        if not explained:
            faults.add(where, _NONE[kind])
    if explained and not missing:
        faults.add((*where, "nobody"), N_("nobody is missing: both supervisor and preparer are named"))


def _check_scores(raw: dict[str, Any], framework: Framework, faults: Faults) -> None:
    year, seen = framework.fiscal_year, set()
    for index, scores in enumerate(listed(raw.get("scores"))):
        here, announced = ("scores", index), mapping(scores).get("fiscal_year")
        if isinstance(announced, int):
            where = (*here, "fiscal_year")
            if announced >= year:
                says = N_("{announced} is not before {year}: scores of the year itself are entered in the app")
                faults.add(where, says, announced=announced, year=year)
            if announced in seen:
                faults.add(where, N_("{year} stands twice"), year=announced)
            seen.add(announced)
        for code in mapping(scores, "instruments"):
            if code not in framework.instruments:
                faults.add((*here, "instruments", code), _NO_INSTRUMENT, instrument=code, framework=framework.code)


def _check_deadlines(raw: dict[str, Any], framework: Framework, faults: Faults) -> None:
    """Notes a day outside the year, and every item that does not stand once, in the group of its cadence."""
    year, deadlines = framework.fiscal_year, mapping(raw, "deadlines")
    check_day(raw.get("measures_close"), ("measures_close",), year, faults)
    groups: list[tuple[Where, Cadence, object]] = []
    for index, group in enumerate(listed(deadlines.get("once"))):
        check_day(mapping(group).get("due"), ("deadlines", "once", index, "due"), year, faults)
        groups.append((("deadlines", "once", index, "items"), Cadence.once, mapping(group).get("items")))
    for cadence in (Cadence.monthly, Cadence.continuous):
        where = ("deadlines", cadence.value, "items")
        groups.append((where, cadence, mapping(deadlines, cadence.value).get("items")))
    seen: set[str] = set()
    for place, cadence, items in groups:
        for index, code in enumerate(listed(items)):
            if not isinstance(code, str):
                continue
            item = framework.items.get(code)
            if item is None:
                faults.add((*place, index), _NO_ITEM, code=code, framework=framework.code)
            elif code in seen:
                faults.add((*place, index), N_("{code} has a deadline twice"), code=code)
            elif item.cadence is not cadence:
                is_, not_ = Sentence(_CADENCES[item.cadence]), Sentence(_CADENCES[cadence])
                says = N_("{code} is {cadence} in {framework}, not {other}")
                faults.add((*place, index), says, code=code, cadence=is_, framework=framework.code, other=not_)
            seen.add(code)
    for code in framework.items if deadlines else ():
        if code not in seen:
            faults.add(("deadlines",), N_("{code} has no deadline"), code=code)
    _check_own_days(raw, framework, faults)


def _check_own_days(raw: dict[str, Any], framework: Framework, faults: Faults) -> None:
    for code, days in mapping(raw, "deadlines", "own").items():
        months = _months(raw, framework, code)
        if months is None:
            faults.add(("deadlines", "own", code), N_("there is no item or measure {code}"), code=code)
        for period, day in mapping(days).items():
            where = ("deadlines", "own", code, period)
            check_day(day, where, framework.fiscal_year, faults)
            if months is not None and period not in months:
                says = N_("{code} reports no month “{month}”") if period else N_("{code} reports by months only")
                faults.add(where, says, code=code, month=told_month(period))


def _months(raw: dict[str, Any], framework: Framework, code: str) -> set[str] | None:
    """The months that an item or measure reports, "" for what it shows without; None where there is no such item."""
    found: set[str] = set()
    if code in framework.items:
        for own in mapping(raw, "items", code, "requirements").values():
            found.update(listed(mapping(own).get("periods")) or [""] if own is not None else [])
        for key, requirement in framework.items[code].requirements.items():
            if key not in mapping(raw, "items", code, "requirements"):
                found.update(requirement.periods or ("",))
        return found
    if code not in mapping(raw, "measures"):
        return None
    for requirement in mapping(raw, "measures", code, "requirements").values():
        found.update(listed(mapping(requirement).get("periods")) or [""])
    return found


def _check_departures(raw: dict[str, Any], framework: Framework, faults: Faults) -> None:
    for code, departure in mapping(raw, "items").items():
        here: Where = ("items", code)
        item = framework.items.get(code)
        if item is None:
            faults.add(here, _NO_ITEM, code=code, framework=framework.code)
            continue
        own = mapping(departure, "requirements")
        check_requirements(own, (*here, "requirements"), framework.fiscal_year, faults)
        if all(demand is None for demand in {**item.requirements, **own}.values()):
            faults.add((*here, "requirements"), N_("nothing would be demanded of {code} any more"), code=code)
    assumed = mapping(raw, "assumed")
    for index, code in enumerate(listed(assumed.get("items"))):
        if isinstance(code, str) and code not in framework.items:
            faults.add(("assumed", "items", index), _NO_ITEM, code=code, framework=framework.code)


def _check_measures(raw: dict[str, Any], framework: Framework, faults: Faults) -> None:
    for code, measure in mapping(raw, "measures").items():
        here: Where = ("measures", code)
        instrument, requirements = mapping(measure).get("instrument"), mapping(measure).get("requirements")
        if code in framework.items:
            says = N_("{code} is an item of {framework}: a measure needs a code of its own")
            faults.add(here, says, code=code, framework=framework.code)
        if isinstance(instrument, str) and instrument not in framework.instruments:
            faults.add((*here, "instrument"), _NO_INSTRUMENT, instrument=instrument, framework=framework.code)
        check_requirements(requirements, (*here, "requirements"), framework.fiscal_year, faults)
    taken = {item.lineage or code: code for code, item in framework.items.items()}
    measures = {code: one for code, one in mapping(raw, "measures").items() if code not in framework.items}
    check_lineages(measures, ("measures",), taken, faults)


def find_plan(name: str) -> Path:
    """The file of the plan with this code.

    Raises UnknownPlan.
    """
    known = {path.stem: path for path in sorted(PLANS.glob("*.yaml"))}
    if name not in known:
        raise UnknownPlan(code=name, known=named(known))
    return known[name]


def load_plan(path: Path, framework: Framework) -> Plan:
    """The plan of a file, checked against its framework.

    Raises PlanFaults with everything that is wrong.
    """
    faults = Faults(path.name)
    raw = read(path, faults)
    return plan_of(raw, framework, faults)


def plan_of(raw: dict[str, Any], framework: Framework, faults: Faults) -> Plan:
    """The plan of plain values, checked against its framework.

    Raises PlanFaults with everything that is wrong, `faults` among it.
    """
    faults.values = raw
    complete(raw.get("measures"), Cadence.continuous.value, list(framework.periods))
    for code, departure in mapping(raw, "items").items():
        item = framework.items.get(code)
        complete({code: departure}, item.cadence.value if item else None, list(framework.periods))
    plan = shaped(Plan, raw, faults)
    check_plan(raw, framework, faults)
    faults.stop()
    assert plan is not None  # no fault, so it was shaped
    return plan


def load_with_framework(path: Path) -> tuple[Framework, Plan]:
    """The plan of a file and its framework, as `with_framework` gives them.

    Raises PlanFaults with everything that is wrong, UnknownFramework.
    """
    faults = Faults(path.name)
    return with_framework(read(path, faults), faults)


def with_framework(raw: dict[str, Any], faults: Faults) -> tuple[Framework, Plan]:
    """A plan and its framework, both checked: one that the plan names by its code, or has written out in its place.

    Raises PlanFaults with everything that is wrong, UnknownFramework.
    """
    if isinstance(raw.get("framework"), dict):
        rules = framework_of(raw["framework"], Faults(f"{faults.file}: framework"))
        return rules, plan_of(raw | {"framework": rules.code}, rules, faults)
    rules = load_framework(find_framework(str(raw.get("framework") or "")))
    return rules, plan_of(raw, rules, faults)


@dataclass(frozen=True)
class PlannedRequirement:
    """A requirement and when it is due."""

    demand: Requirement
    dues: dict[str, date]  # by period, "" without periods
    own: bool = False  # the office's own, or changed by it


@dataclass(frozen=True)
class PlannedItem:
    """An item of the framework, or a measure of the office, with everything that the plan says of it."""

    code: str
    kind: ItemKind
    title: str
    demand: str
    cadence: Cadence
    due: date | None
    indicator: int | None
    instrument: str | None
    duties: Duties
    requirements: dict[str, PlannedRequirement]
    own: bool = False  # the office departs from the framework
    assumed: str = ""  # the framework from which it was carried over, until somebody has held it against this year's
    lineage: str = ""  # what it is through the years, whatever its code; "" is the code
    came_of: tuple[str, ...] = ()  # the lineages of earlier years that it is a part of, or was made of


def planned_items(framework: Framework, plan: Plan) -> list[PlannedItem]:
    """Every item in its order: those of the framework, then the office's measures, with the due day of every slot.

    Deadlines are the document's: a date for what is shown once, a day of the month after it for a monthly report; what
    is kept up to date closes with the OIT window, and the office's measures with `measures_close`. A day of an item's
    own (`deadlines.own`) stands before these.
    """
    once = {code: group.due for group in plan.deadlines.once for code in group.items}
    assumed = plan.assumed.items if plan.assumed else ()
    items = []
    for code, item in framework.items.items():
        departure = plan.items.get(code, Departure())
        demands = _demands(item, departure)
        own_days = plan.deadlines.own.get(code, {})
        due = own_days.get("", once.get(code)) if item.cadence is Cadence.once else None
        # A part of a monthly item that is shown once is complete with the item's last report.
        last = max((period for part in demands.values() for period in part.periods), default=None)
        closes = due or (_reported(last, plan) if item.cadence is Cadence.monthly and last else framework.closes)
        requirements = {
            key: PlannedRequirement(demand, _dues(demand, closes, plan, own_days), key in departure.requirements)
            for key, demand in demands.items()
        }
        items.append(
            PlannedItem(
                code, ItemKind.oit, departure.title or item.title, departure.demand or item.demand, item.cadence, due,
                item.indicator, None, plan.duties[code], requirements, own=code in plan.items,
                assumed=plan.assumed.source if plan.assumed and code in assumed else "",
                lineage=item.lineage or "", came_of=item.came_of,
            )
        )  # fmt: skip
    for code, measure in plan.measures.items():
        requirements = {
            key: PlannedRequirement(demand, _dues(demand, plan.measures_close, plan, plan.deadlines.own.get(code, {})))
            for key, demand in measure.requirements.items()
        }
        items.append(
            PlannedItem(
                code, measure.kind, measure.title, measure.demand, Cadence.continuous, None, None, measure.instrument,
                measure, requirements, lineage=measure.lineage or "", came_of=measure.came_of,
            )
        )  # fmt: skip
    return items


def due_days(framework: Framework, plan: Plan) -> dict[tuple[str, str], date]:
    """The day by which, of every item and month; "" for what has no month."""
    return {
        (item.code, period): due
        for item in planned_items(framework, plan)
        for part in item.requirements.values()
        for period, due in part.dues.items()
    }


def _demands(item: Item, departure: Departure) -> dict[str, Requirement]:
    """What the framework demands, each in its place, with the office's own after it."""
    demands: dict[str, Requirement | None] = {**item.requirements, **departure.requirements}
    return {key: demand for key, demand in demands.items() if demand is not None}


def _dues(demand: Requirement, closes: date, plan: Plan, own: dict[str, date]) -> dict[str, date]:
    by_period = {period: own.get(period, _reported(period, plan)) for period in demand.periods}
    return by_period or {"": own.get("", closes)}


def _reported(period: str, plan: Plan) -> date:
    """The day on which the report of a month is due: in the month after it."""
    return period_end(period) + timedelta(days=plan.deadlines.monthly.day)
