"""The plan of an assessment as plain values, on any day: the one path from a revision to what pages show.

A revision is never edited, so what was made of one is kept for as long as the process runs.
"""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from threading import Lock

from sqlmodel import Session, col, select

from ita_core.access import ItemPeople
from ita_core.board.progress import ItemFacts, RequirementFacts
from ita_core.board.steps import StepFacts
from ita_core.models import (
    Account,
    Assessment,
    DutyKind,
    Item,
    Party,
    PartyKind,
    Person,
    PersonName,
    Requirement,
    Revision,
)
from ita_core.plan.content import parts_of
from ita_core.plan.framework import Framework, Step
from ita_core.plan.plan import PARTIES, Duties, Hand, Plan, PlannedItem, planned_items, sign_of
from ita_core.plan.steps import same_steps, steps_of
from ita_core.queries.parties import PartyFacts, acting_for
from ita_core.queries.remembered import remembered
from ita_core.queries.wide import wide_select
from ita_core.thai import rank_height

MOST_KEPT = 512  # revisions

ENDS = ("starts", "ends")  # of a step
Days = dict[tuple[str, ...], date]  # by item, requirement and month, or by step and end


@dataclass(frozen=True, slots=True)
class DutyFacts:
    """A party's part in an item; `task` is the document's own word for it, where it has one."""

    party_id: int
    kind: DutyKind
    task: str


@dataclass(frozen=True, slots=True)
class RevisionFacts:
    """A revision without its content; `by` is empty for the system itself."""

    id: int
    number: int
    at: datetime
    note: str
    by: str
    hash: str


@dataclass(frozen=True, slots=True)
class NameFacts:
    """A person's rank and name from a day on."""

    since: date
    rank: str
    name: str


@dataclass(frozen=True)
class PlanFacts:
    """One revision: what it demands, of whom, by when. Names are those of the plan, not of a day."""

    revision: RevisionFacts
    framework: Framework
    plan: Plan
    items: tuple[ItemFacts, ...]
    parties: dict[int, PartyFacts]
    duties: dict[int, tuple[DutyFacts, ...]]  # by item id, in the document's order
    first: Days  # as first planned

    @cached_property
    def people_of(self) -> dict[int, ItemPeople]:
        """Who has a duty on each item, by its id: officers themselves, or for a post or team."""
        return {item.id: ItemPeople(item.preparers, item.supervisors) for item in self.items}

    def steps(self, people: Mapping[int, PartyFacts]) -> list[StepFacts]:
        """The calendar's steps in their order, with the names of the parties as `people` has them."""
        by_key = {one.key: people[one.id] for one in self.parties.values()}
        found = []
        for phase in self.plan.calendar(self.framework):
            for number, step in phase.steps.items():
                duties = self.plan.steps[number]
                supervise, prepare = ([by_key[hand.who] for hand in hands] for hands in _hands(duties).values())
                sign, item = sign_of(duties.shown_by) or (None, "")
                starts, ends = (self.first.get((str(number), end), getattr(step, end)) for end in ("starts", "ends"))
                found.append(
                    StepFacts(
                        phase.title, number, step.title, step.work, step.starts, step.ends, starts, ends,
                        step.instrument, tuple(one.full for one in supervise), tuple(one.full for one in prepare),
                        acting_for([*supervise, *prepare]), sign, item,
                    )
                )  # fmt: skip
        return found


@dataclass(frozen=True)
class PlanHistory:
    """Every revision of an assessment in its order, and the names of the office's people through the years."""

    plans: tuple[PlanFacts, ...]
    names: Mapping[int, tuple[NameFacts, ...]]  # by the id of an officer's party, the earliest first
    baseline: int  # the number of the revision whose dates are "as first planned"

    @property
    def now(self) -> PlanFacts:
        """The newest revision."""
        return self.plans[-1]

    def before(self, moment: datetime | None) -> PlanFacts:
        """The revision in force just before a moment, None for now; before the first began, the first.

        Of several that began with the first, the last one: a plan that was kept before plans had revisions.
        """
        if moment is None:
            return self.now
        begun = [one for one in self.plans if one.revision.at < moment]
        first = self.plans[0].revision.at
        return begun[-1] if begun else [one for one in self.plans if one.revision.at == first][-1]

    @cached_property
    def known(self) -> dict[int, PartyFacts]:
        """Every party that any revision has or had, as the last one that has it; those of now first, in their order."""
        found = dict(self.now.parties)
        for plan in reversed(self.plans[:-1]):
            for key, party in plan.parties.items():
                found.setdefault(key, replace(party, here=False))
        return found

    @property
    def keys(self) -> set[str]:
        """Of all parties and requirements that any revision has or had: none of them is given to something new."""
        demanded = (one.key for plan in self.plans for item in plan.items for one in item.requirements)
        return self.party_keys | set(demanded)

    @property
    def party_keys(self) -> set[str]:
        """The keys of all parties that any revision has or had: none of them is given to somebody new."""
        return {party.key for party in self.known.values()}

    @cached_property
    def people_of(self) -> dict[int, ItemPeople]:
        """Who has a duty on each item now; of an item that the plan no longer has, who had one last."""
        found: dict[int, ItemPeople] = {}
        for plan in self.plans:
            found |= plan.people_of
        return found

    def people(self, plan: PlanFacts, day: date) -> dict[int, PartyFacts]:
        """The parties of a revision as they are called on a day, officers and groups in the plan's order; then others.

        The others (`here` is False) are parties that other revisions have: work and orders of theirs are shown, too.
        """
        others = {key: replace(one, here=False) for key, one in self.known.items() if key not in plan.parties}
        return {key: self._called(one, day) for key, one in (plan.parties | others).items()}

    def _called(self, party: PartyFacts, day: date) -> PartyFacts:
        names = self.names.get(party.id)
        if not names:
            return party
        now = next((one for one in reversed(names) if one.since <= day), names[0])
        if (now.rank, now.name) == (party.rank, party.name):
            return party
        return replace(party, rank=now.rank, name=now.name)


def officers_by_rank(people: Mapping[int, PartyFacts]) -> list[PartyFacts]:
    """The officers of a plan by rank, then in its order."""
    officers = (person for person in people.values() if person.kind is PartyKind.officer and person.here)
    return sorted(officers, key=lambda person: rank_height(person.rank))


@remembered
def list_revisions(session: Session, assessment_id: int) -> list[RevisionFacts]:
    """Every revision of an assessment, the first one first."""
    statement = (
        wide_select(Revision.id, Revision.number, Revision.at, Revision.note, Account.name, Revision.hash)
        .outerjoin(Account, col(Account.id) == Revision.account_id)
        .where(Revision.assessment_id == assessment_id)
        .order_by(col(Revision.number))
    )
    return [
        RevisionFacts(of, number, at, note, by or "", digest)
        for of, number, at, note, by, digest in session.execute(statement)
    ]


@remembered
def get_history(session: Session, assessment_id: int) -> PlanHistory:
    """All plans of an assessment that is there, and what its people were called when."""
    revisions = list_revisions(session, assessment_id)
    number = session.exec(select(Assessment.baseline).where(Assessment.id == assessment_id)).one()
    baseline = next((one for one in revisions if one.number == number), revisions[0])
    database = str(session.get_bind().engine.url)
    keys = {one.id: _Key(database, one.id, one.hash, baseline.id) for one in revisions}
    with _lock:
        made = {of: _kept[key] for of, key in keys.items() if key in _kept}
    lacking = [one for one in revisions if one.id not in made]
    if lacking:
        made |= _make(session, assessment_id, revisions, baseline, made)
    with _lock:
        for of, key in keys.items():
            _kept[key] = made[of]
            _kept.move_to_end(key)
        while len(_kept) > MOST_KEPT:
            _kept.popitem(last=False)
    plans = tuple(made[one.id] for one in revisions)
    return PlanHistory(plans, _names(session, assessment_id), baseline.number)


@dataclass(frozen=True, slots=True)
class _Key:
    """What a revision's facts follow from."""

    database: str
    revision: int
    content: str
    baseline: int  # the id of that revision


_lock = Lock()  # of the dictionary; nothing is asked of a database under it
_kept: OrderedDict[_Key, PlanFacts] = OrderedDict()


def _names(session: Session, assessment_id: int) -> dict[int, tuple[NameFacts, ...]]:
    statement = (
        wide_select(Party.id, PersonName.since, PersonName.rank, PersonName.name)
        .join(Person, col(Person.id) == Party.person_id)
        .join(PersonName, col(PersonName.person_id) == Person.id)
        .where(Party.assessment_id == assessment_id)
        .order_by(col(PersonName.since))
    )
    found: dict[int, list[NameFacts]] = {}
    for party_id, *name in session.execute(statement):
        found.setdefault(party_id, []).append(NameFacts(*name))
    return {party_id: tuple(names) for party_id, names in found.items()}


def _make(
    session: Session, assessment_id: int, revisions: Sequence[RevisionFacts], baseline: RevisionFacts,
    made: Mapping[int, PlanFacts],
) -> dict[int, PlanFacts]:  # fmt: skip
    """The facts of those revisions that are not made yet, by their ids; four statements however many they are.

    What a date is compared with is the baseline's, or that of the first revision after it that has such a date.
    """
    ids = {one.id for one in revisions if one.id not in made} | {baseline.id}
    contents = session.exec(select(Revision.id, Revision.content).where(col(Revision.id).in_(ids)))
    parts = {of: parts_of(dict(content)) for of, content in contents if of is not None}
    anchors = _Anchors(session, assessment_id)
    first, known = _days(*parts[baseline.id]), steps_of(*parts[baseline.id])  # the steps as `first` numbers them
    found = {}
    for one in revisions:
        framework, plan = (made[one.id].framework, made[one.id].plan) if one.id in made else parts[one.id]
        here = steps_of(framework, plan)
        days = _renumbered(first, known, here)
        if one.number > baseline.number:
            days = first = _days(framework, plan) | days
            known = here
        if one.id not in made:
            found[one.id] = _facts(one, framework, plan, anchors, days)
    return found


def _renumbered(days: Days, before: Mapping[int, Step], after: Mapping[int, Step]) -> Days:
    """The same days, those of steps under the numbers that the steps have in another calendar."""
    steps = {
        (str(number), end): days[str(old), end]
        for number, old in same_steps(before, after).items()
        for end in ENDS
        if (str(old), end) in days
    }
    return {place: day for place, day in days.items() if place[-1] not in ENDS} | steps


def _days(framework: Framework, plan: Plan) -> Days:
    """Every date of a plan."""
    found: Days = {
        (item.code, key, period): due
        for item in planned_items(framework, plan)
        for key, part in item.requirements.items()
        for period, due in part.dues.items()
    }
    for phase in plan.calendar(framework):
        for number, step in phase.steps.items():
            found |= {(str(number), "starts"): step.starts, (str(number), "ends"): step.ends}
    return found


class _Anchors:
    """The ids of the rows that work hangs on."""

    def __init__(self, session: Session, assessment_id: int) -> None:
        items = session.exec(select(Item.code, Item.id).where(Item.assessment_id == assessment_id))
        self.items = {code: of for code, of in items if of is not None}
        of_items = wide_select(Requirement.item_id, Requirement.key, Requirement.id).join(
            Item, col(Item.id) == Requirement.item_id
        )
        listed = session.execute(of_items.where(Item.assessment_id == assessment_id))
        self.requirements: dict[tuple[int, str], int] = {(of, key): number for of, key, number in listed}
        parties = session.exec(select(Party).where(Party.assessment_id == assessment_id)).all()
        self.parties = {row.key: row.id for row in parties if row.id is not None}
        self.persons = {row.key: row.person_id for row in parties}


def _facts(revision: RevisionFacts, framework: Framework, plan: Plan, anchors: _Anchors, first: Days) -> PlanFacts:
    parties = _parties(plan, anchors)
    by_key = {one.key: one for one in parties.values()}
    items, duties = [], {}
    for planned in planned_items(framework, plan):
        of = anchors.items[planned.code]
        hands = _hands(planned.duties)
        duties[of] = tuple(
            DutyFacts(by_key[hand.who].id, kind, hand.task) for kind, listed in hands.items() for hand in listed
        )
        acting = {kind: acting_for(by_key[hand.who] for hand in listed) for kind, listed in hands.items()}
        items.append(
            ItemFacts(
                of, planned.code, planned.title, planned.kind, planned.cadence,
                _requirements(planned, of, anchors, first), planned.indicator, planned.due,
                acting[DutyKind.prepare], acting[DutyKind.supervise], planned.instrument,
                planned.demand, planned.duties.nobody, planned.own, planned.assumed,
                planned.lineage, planned.came_of,
            )
        )  # fmt: skip
    return PlanFacts(revision, framework, plan, tuple(items), parties, duties, first)


def _hands(duties: Duties) -> dict[DutyKind, tuple[Hand, ...]]:
    return {DutyKind.supervise: duties.supervise, DutyKind.prepare: duties.prepare}


def _requirements(planned: PlannedItem, item_id: int, anchors: _Anchors, first: Days) -> tuple[RequirementFacts, ...]:
    found = []
    for key, part in planned.requirements.items():
        demand = part.demand
        found.append(
            RequirementFacts(
                anchors.requirements[item_id, key], key, demand.title, demand.cadence, demand.periods, demand.formats,
                demand.languages, demand.minimum, demand.nil_allowed, part.dues, demand.note,
                {period: first.get((planned.code, key, period), due) for period, due in part.dues.items()}, part.own,
            )
        )  # fmt: skip
    return tuple(found)


def _parties(plan: Plan, anchors: _Anchors) -> dict[int, PartyFacts]:
    """The plan's parties by id, in its order."""
    found: dict[int, PartyFacts] = {}
    for part, kind in PARTIES.items():
        for key, party in getattr(plan, part).items():
            of, officer = anchors.parties[key], kind is PartyKind.officer
            found[of] = PartyFacts(
                of, key, kind, party.rank if officer else "", party.name, party.title, party.aliases,
                party.confirm if officer else False,
                () if officer else tuple(anchors.parties[member] for member in party.members), anchors.persons[key],
            )  # fmt: skip
    return found
