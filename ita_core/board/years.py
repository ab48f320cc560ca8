"""PURE: an item and an officer through the years: what was late then and is due now.

An item is the same in two years where its lineage is (issue 11, section 5): its printed code says nothing of that.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from ita_core.board import progress, turns
from ita_core.board.progress import Board, ItemFacts, ItemStanding, Records, SlotStanding, State, Tally

SOON = timedelta(days=31)  # so many days ahead a slot is due now


def lineage(item: ItemFacts) -> str:
    """What the item is in every year, whatever its code."""
    return item.lineage or item.code


def came_from(item: ItemFacts, earlier: Iterable[ItemFacts]) -> tuple[ItemFacts, ...]:
    """Those of an earlier year that the item is, or comes of; none where it is new.

    The one of its own lineage; where that year had none yet, those that it is a part of or was made of.
    """
    by_lineage = {lineage(one): one for one in earlier}
    same = by_lineage.get(lineage(item))
    return (same,) if same else tuple(by_lineage[one] for one in item.came_of if one in by_lineage)


@dataclass(frozen=True, slots=True)
class Then:
    """How slots stood at their year's end; `returned` is how often a piece of evidence came back."""

    tally: Tally
    late: int  # accepted after the day, or never
    days_late: int  # of the latest of them
    returned: int


@dataclass(frozen=True, slots=True)
class Now:
    """How slots stand now; what is due is not accepted, and its day is over or comes within SOON."""

    tally: Tally
    due: int
    next_due: date | None  # of what is not accepted and not overdue


@dataclass(frozen=True)
class ItemYears:
    """An item in both years: without a `standing` it was dropped, without any of `earlier` it is new."""

    standing: ItemStanding | None
    earlier: tuple[ItemStanding, ...]
    then: Then | None
    now: Now | None

    @property
    def again(self) -> bool:
        """Whether it was late then and is due now."""
        return bool(self.then and self.then.late and self.now and self.now.due)


@dataclass(frozen=True)
class OfficerYears:
    """A person's own work in both years, over the slots of the items they prepare; the parties they are in each."""

    then_id: int | None
    now_id: int | None
    then: Then | None
    now: Now | None

    @property
    def again(self) -> bool:
        """Whether they were late then and have something due now."""
        return bool(self.then and self.then.late and self.now and self.now.due)


def items(then: Board, now: Board, records: Records) -> list[ItemYears]:
    """Every item of this year, then those that were dropped; first what was late then and is due now.

    `then` is the earlier year's board at its end, made of `records`.
    """
    standings = {one.item.id: one for one in then.items}
    facts = [one.item for one in then.items]
    returns = _returns(records)
    used: set[int] = set()
    found = []
    for one in now.items:
        earlier = tuple(standings[before.id] for before in came_from(one.item, facts))
        used |= {before.item.id for before in earlier}
        found.append(ItemYears(one, earlier, _then(earlier, returns), _now(one.slots, now.day)))
    found += [
        ItemYears(None, (one,), _then([one], returns), None) for one in then.items if one.item.id not in used
    ]  # fmt: skip
    return sorted(found, key=lambda one: not one.again)


def officers(
    then: Board, now: Board, records: Records, then_persons: Mapping[int, int], now_persons: Mapping[int, int]
) -> list[OfficerYears]:
    """Everybody who prepared then or prepares now, by their person; first who was late then and has something due now.

    The mappings give the person of each officer's party. An item that several prepare counts whole for each.
    """
    returns = _returns(records)
    before, after = _by_person(then, then_persons), _by_person(now, now_persons)
    parties = [{person: party for party, person in persons.items()} for persons in (then_persons, now_persons)]
    found = []
    for person in dict.fromkeys((*after, *before)):
        earlier, mine = before.get(person), after.get(person)
        slots = [slot for one in mine or () for slot in one.slots]
        found.append(
            OfficerYears(
                parties[0].get(person), parties[1].get(person),
                _then(earlier or (), returns), _now(slots, now.day) if mine else None,
            )
        )  # fmt: skip
    return sorted(
        found, key=lambda one: (not one.again, -(one.now.tally.overdue_open if one.now else 0),
                                -(one.then.late if one.then else 0), one.now is None)
    )  # fmt: skip


def _by_person(board: Board, persons: Mapping[int, int]) -> dict[int, list[ItemStanding]]:
    found: dict[int, list[ItemStanding]] = {}
    for one in board.items:
        for party in one.item.preparers:
            if party in persons:
                found.setdefault(persons[party], []).append(one)
    return found


def _returns(records: Records) -> dict[int, int]:
    """Item → how often a piece of evidence came back."""
    found: dict[int, int] = {}
    for hand_in in records.hand_ins:
        if hand_in.came_back:
            found[hand_in.item_id] = found.get(hand_in.item_id, 0) + 1
    return found


def _then(items: Sequence[ItemStanding], returns: Mapping[int, int]) -> Then | None:
    if not items:
        return None
    late = [slot for one in items for slot in one.slots if slot.late or slot.overdue]
    return Then(
        progress.tally_of(slot for one in items for slot in one.slots),
        len(late),
        max((slot.days_late for slot in late), default=0),
        sum(returns.get(one.item.id, 0) for one in items),
    )


def _now(slots: Sequence[SlotStanding], day: date) -> Now:
    still = [(slot.slot.due, slot) for slot in slots if slot.state is not State.accepted]
    due = [slot for on, slot in still if on is not None and on <= day + SOON and turns.owes(slot)]
    ahead = [on for on, slot in still if on is not None and on >= day and turns.owes(slot)]
    return Now(progress.tally_of(slots), len(due), min(ahead, default=None))
