"""PURE: what of an item's evidence stands in the way of its points before it is filed in ITAP."""

from collections.abc import Iterable
from dataclasses import dataclass

from ita_core.board import headline
from ita_core.board.headline import Face
from ita_core.board.progress import ItemStanding, RequirementFacts, SlotStanding, State


@dataclass(frozen=True, slots=True)
class Gap:
    """Slots of one requirement that stand alike, none of them accepted."""

    face: Face
    requirement: RequirementFacts
    slots: tuple[SlotStanding, ...]


def gaps(standing: ItemStanding) -> list[Gap]:
    """What is not accepted of an item: every demanded month, format and language, the most urgent first."""
    groups: dict[tuple[Face, int], list[SlotStanding]] = {}
    for slot in standing.slots:
        if slot.state is not State.accepted:
            groups.setdefault((headline.face(slot), slot.slot.requirement.id), []).append(slot)
    made = [Gap(face, slots[0].slot.requirement, tuple(slots)) for (face, _requirement), slots in groups.items()]
    return sorted(made, key=lambda one: list(Face).index(one.face))


def accepted_ids(items: Iterable[ItemStanding]) -> frozenset[int]:
    """The evidence that counts now: what the assessor will read."""
    return frozenset(number for one in items for number in one.accepted_ids)
