"""PURE: whom a change of a plan touches, and which evidence it takes out of the count, or back into it."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from ita_core.board.progress import HandIn, ItemStanding, RequirementFacts, SlotKey, State, slots_of
from ita_core.models import Decision
from ita_core.plan.difference import Difference
from ita_core.plan.framework import Framework
from ita_core.plan.plan import PARTS, Duties, Hand, Plan, planned_items
from ita_core.plan.steps import step_places, steps_of

Parts = tuple[Framework, Plan]
Place = tuple[str, str]  # an item's code and its requirement's key
Demanded = set[tuple[Place, SlotKey]]  # the slot's key without the id of its requirement's row


@dataclass(frozen=True, slots=True)
class Recount:
    """Ids of evidence, by item and requirement, whose slot goes and no longer counts there; or comes, and counts."""

    lost: Mapping[Place, frozenset[int]]
    back: Mapping[Place, frozenset[int]]
    kept: frozenset[int]  # what still counts somewhere

    @property
    def all_lost(self) -> frozenset[int]:
        """What counts nowhere any more."""
        return frozenset().union(*self.lost.values()) - self.kept

    @property
    def all_back(self) -> frozenset[int]:
        """Wherever they come."""
        return frozenset().union(*self.back.values())


class Touched:
    """Whom each difference between two plans touches."""

    def __init__(self, before: Parts, after: Parts) -> None:
        self._plans = before[1], after[1]
        places = step_places(steps_of(*before), steps_of(*after))
        self._titles = _titles(*before, places[0]) | _titles(*after, places[1])
        self._requirements = {
            (item.code, key): part.demand.title
            for parts in (before, after)
            for item in planned_items(*parts)
            for key, part in item.requirements.items()
        }
        self._duties = [_duties(*parts, of) for parts, of in zip((before, after), places, strict=True)]

    def officers(self, one: Difference) -> frozenset[str]:
        """The keys of the officers, themselves or for a post or team; of a duty, only those who get or lose it."""
        place, part = place_of(one)
        match one.what:
            case "person":
                return frozenset({place})
            case "group":
                before, after = (self._members(number, place) for number in (0, 1))
                return before ^ after if part == "members" else before | after
            case "duty" | "step" | "item" | "requirement" | "due":
                parts = [part] if part in PARTS else () if part == "number" else PARTS
                before, after = (self._who(number, place, parts) for number in (0, 1))
                return before ^ after if part in PARTS else frozenset() if one.what == "duty" else before | after
        return frozenset()

    def concerns(self, one: Difference, key: str) -> bool:
        """Whether an officer should hear of it: what is theirs now, and what they got or lost; of that, no more."""
        place, part = place_of(one)
        if key not in self.officers(one):
            return False
        return part in {*PARTS, "members"} or one.what == "person" or key in self._who(1, place, PARTS)

    def gains(self, one: Difference, key: str) -> bool:
        """Whether the officer has this duty, or is a member of this post or team, by the later plan."""
        place, part = place_of(one)
        if one.what == "group":
            return key in self._members(1, place)
        return part in PARTS and key in self._who(1, place, [part])

    def title(self, one: Difference) -> str:
        """What the item, measure, step, post or team is called; "" for anything else."""
        return self._titles.get(place_of(one)[0], "")

    def requirement(self, code: str, key: str) -> str:
        """What a requirement is called now, or was; "" where there is none."""
        return self._requirements.get((code, key), "")

    def _members(self, number: int, group: str) -> frozenset[str]:
        return frozenset(_acting(self._plans[number], [Hand(who=group)]))

    def _who(self, number: int, place: str, parts: Collection[str]) -> frozenset[str]:
        duties = self._duties[number].get(place)
        hands = [hand for part in parts for hand in getattr(duties, part)] if duties else []
        return frozenset(_acting(self._plans[number], hands))


def place_of(one: Difference) -> tuple[str, str]:
    """The item, "step 4", party or setting that differs, and what of it; of a requirement, its key and what of that."""
    if one.what in {"person", "group", "framework", "office"}:
        place, _dot, part = one.where.partition(".")
        return place, part
    words = one.where.split(" ", 2 if one.what == "step" else 1)
    if one.what == "step":
        number, _dot, part = words[1].partition(".")
        return f"step {number}", part or "".join(words[2:])
    return words[0], "".join(words[1:]).removeprefix("› ")


def _duties(framework: Framework, plan: Plan, places: Mapping[int, str]) -> dict[str, Duties]:
    items = {item.code: item.duties for item in planned_items(framework, plan)}
    return items | {places[number]: duties for number, duties in plan.steps.items() if number in places}


def _titles(framework: Framework, plan: Plan, places: Mapping[int, str]) -> dict[str, str]:
    groups = {key: group.name for key, group in (plan.posts | plan.teams).items()}
    items = {item.code: item.title for item in planned_items(framework, plan)}
    steps = {places[number]: step.title for number, step in steps_of(framework, plan).items()}
    return groups | items | steps


def _acting(plan: Plan, hands: Iterable[Hand]) -> Iterator[str]:
    for hand in hands:
        group = plan.posts.get(hand.who) or plan.teams.get(hand.who)
        yield from group.members if group else [hand.who] if hand.who in plan.officers else []


def demanded(framework: Framework, plan: Plan) -> Demanded:
    """Every slot that a plan expects filled."""
    found: Demanded = set()
    for item in planned_items(framework, plan):
        for key, part in item.requirements.items():
            one = part.demand
            facts = RequirementFacts(
                0, key, one.title, one.cadence, one.periods, one.formats, one.languages, one.minimum
            )
            found |= {((item.code, key), slot.key) for slot in slots_of(facts)}
    return found


def recount(
    before: Demanded, after: Demanded, standings: Iterable[ItemStanding], hand_ins: Iterable[HandIn],
    places: Mapping[int, Place],
) -> Recount:  # fmt: skip
    """What a plan that demands `after` in place of `before` leaves out of the count, and takes back into it.

    `standings` are those of `before`, `places` where each requirement's id has its place, those of former plans too.
    """
    lost: dict[Place, set[int]] = {}
    kept: set[int] = set()
    for standing in standings:
        for slot in standing.slots:
            if slot.state not in {State.accepted, State.waiting}:
                continue
            pieces = {one for one in (slot.evidence_id, slot.replacing_id) if one is not None}
            if _named(slot.slot.key, places) in after:
                kept |= pieces
            else:
                lost.setdefault(places[slot.slot.key.requirement_id], set()).update(pieces)
    back: dict[Place, set[int]] = {}
    for hand_in in hand_ins:
        if hand_in.withdrawn_at is None and hand_in.decision is not Decision.returned:
            for key in hand_in.slots:
                if (
                    key not in hand_in.returned
                    and key.requirement_id in places
                    and _named(key, places) in after - before
                ):
                    back.setdefault(places[key.requirement_id], set()).add(hand_in.id)
    gone, come = ({place: frozenset(ids) for place, ids in found.items()} for found in (lost, back))
    return Recount(gone, come, frozenset(kept))


def _named(key: SlotKey, places: Mapping[int, Place]) -> tuple[Place, SlotKey]:
    return places[key.requirement_id], key._replace(requirement_id=0)
