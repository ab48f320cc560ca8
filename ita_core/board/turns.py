"""PURE: whose turn it is: who has to hand in, who has to decide, and what waits for whom.

The one home of this rule: the overview, the officers' page, the meeting, My work and the exports ask here. By it the
supervisors of an item decide, but nobody on what they handed in themselves: `access.may_review` says the same of an
account (an officer has one), for the queue and for whoever presses the button.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

from ita_core.board.progress import HandIn, ItemFacts, ItemStanding, SlotStanding, Stage, State


@dataclass(frozen=True, slots=True)
class Turn:
    """The ids of the officers who have to do something about some slots of an item; both where it is both's turn."""

    hand_in: tuple[int, ...] = ()  # something is missing or came back
    decide: tuple[int, ...] = ()  # something waits for review


class Then(Enum):
    """What an item waits for once every slot of it is accepted."""

    look_again = "look_again"  # by its supervisors: the commander sent it back
    approve = "approve"  # by the commander
    publish = "publish"  # by whoever administers ITAP
    file = "file"  # by the same


_THEN = {Stage.complete: Then.approve, Stage.approved: Then.publish, Stage.published: Then.file}


def then(standing: ItemStanding) -> Then | None:
    """What a whole item waits for; None while a slot lacks something, and once it is filed."""
    return Then.look_again if standing.sent_back else _THEN.get(standing.stage)


def owes(slot: SlotStanding) -> bool:
    """Whether the preparers have to hand something in: nothing is there, or what was there came back."""
    return slot.state is State.missing or slot.returned_id is not None


def waits(slot: SlotStanding) -> bool:
    """Whether a supervisor has to decide before the slot counts."""
    return slot.state is State.waiting


def deciders(item: ItemFacts, sender: int | None) -> tuple[int, ...]:
    """The officers who may decide on what `sender` (an officer; None for nobody of the plan) handed in to the item."""
    return tuple(officer for officer in item.supervisors if officer != sender)


def turn(item: ItemFacts, slots: Sequence[SlotStanding], *, sent_back: bool = False) -> Turn:
    """Whose turn it is with these slots of the item. Nobody's, where nobody has the duty or all is accepted.

    What the commander sent back (`ItemStanding.sent_back`) is its supervisors' to look at again.
    """
    asked = [officer for slot in slots if waits(slot) for officer in deciders(item, slot.sender_id)]
    asked += item.supervisors if sent_back else ()
    return Turn(item.preparers if any(map(owes, slots)) else (), tuple(dict.fromkeys(asked)))


def late(items: Iterable[ItemStanding]) -> frozenset[int]:
    """The officers whose turn it is with an overdue slot: who has to hand it in, or to decide on what was handed in.

    For whoever speaks of overdue slots "of so many officers": those whom the lists beside it name.
    """
    of_each = (turn(one.item, [slot for slot in one.slots if slot.overdue]) for one in items)
    return frozenset(officer for one in of_each for officer in (*one.hand_in, *one.decide))


def undecided(items: Iterable[ItemFacts], hand_ins: Iterable[HandIn]) -> list[HandIn]:
    """The pieces of evidence of the items that wait for a decision, each once, in the order given."""
    known = {item.id for item in items}
    return [hand_in for hand_in in hand_ins if hand_in.undecided and hand_in.item_id in known]


def to_decide(items: Iterable[ItemFacts], hand_ins: Iterable[HandIn]) -> dict[int, list[HandIn]]:
    """Officer's id → the pieces of evidence that wait for their decision, in the order given.

    One that several may decide on is there for each of them; nobody's own is there for them.
    """
    known = {item.id: item for item in items}
    found: dict[int, list[HandIn]] = {}
    for hand_in in undecided(known.values(), hand_ins):
        for officer in deciders(known[hand_in.item_id], hand_in.officer_id):
            found.setdefault(officer, []).append(hand_in)
    return found
