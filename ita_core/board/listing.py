"""PURE: what of a list is shown: by item, kind, indicator, officer and state, as an address has it.

The one home of this choosing: the list of items, the slots, the directives, the timeline's steps and the meetings, on
the screen and in an export. (Evidence is chosen by the database: `queries.find_evidence`.)
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from ita_core.board import timeline, turns
from ita_core.board.directives import DirectiveFacts, DirectiveState
from ita_core.board.headline import Face
from ita_core.board.progress import Board, ItemStanding, SlotStanding, State
from ita_core.board.steps import StepStanding
from ita_core.board.timeline import RowKind, RowState
from ita_core.board.turns import Then
from ita_core.models import DutyKind, ItemKind

OIT, MEASURES, OPEN, OVERDUE = "oit", "measures", "open", Face.overdue.value
KINDS = (OIT, MEASURES)
# A state of slots → whether a slot is so.
SLOTS: Mapping[str, Callable[[SlotStanding], bool]] = {
    OVERDUE: lambda slot: slot.overdue,
    Face.returned.value: lambda slot: slot.state is State.returned,
    Face.waiting.value: lambda slot: slot.state is State.waiting,
    Face.missing.value: lambda slot: slot.state is State.missing,
    Face.accepted.value: lambda slot: slot.state is State.accepted,
    OPEN: lambda slot: slot.state is not State.accepted,
}
THEN = {one.value: one for one in Then}  # what whole items wait for
STATES_OF_ITEMS = (*SLOTS, *THEN)
STATES_OF_DIRECTIVES = (OVERDUE, *(one.value for one in DirectiveState))
STATES_OF_STEPS = tuple(one.value for one in RowState)


@dataclass(frozen=True, slots=True)
class Listing:
    """What a list shall show; an empty field asks for nothing. `officer` is an officer's id."""

    item: str = ""  # its code
    kind: str = ""  # OIT or MEASURES
    indicator: str = ""  # its number
    officer: int | None = None
    duty: str = ""  # the officer's, of items: a DutyKind's value; "" is either
    state: str = ""


EVERYTHING = Listing()


def asked(
    query: Mapping[str, str], *, items: Iterable[ItemStanding], officers: Mapping[str, int], states: Collection[str]
) -> Listing:
    """What an address asks for of these items, officers (key → id) and states; what means nothing here is not asked."""

    def one_of(name: str, known: Collection[str]) -> str:
        said = query.get(name, "")
        return said if said in known else ""

    standings = list(items)
    return Listing(
        one_of("item", {one.item.code for one in standings}),
        one_of("kind", KINDS),
        one_of("indicator", {str(one.item.indicator) for one in standings if one.item.indicator is not None}),
        officers.get(query.get("officer", "")),
        one_of("duty", {one.value for one in DutyKind}),
        one_of("state", states),
    )


def is_so(one: ItemStanding, state: str) -> bool:
    """Whether the item belongs to those of a state: a slot of it is so, or the whole waits for that."""
    if state in THEN:
        return turns.then(one) is THEN[state]
    return not state or any(SLOTS[state](slot) for slot in one.slots)


def has_duty(one: ItemStanding, officer: int, duty: str = "") -> bool:
    """Whether the officer prepares the item, or supervises it where that is asked for; by default either."""
    prepares = duty != DutyKind.supervise.value and officer in one.item.preparers
    return prepares or (duty != DutyKind.prepare.value and officer in one.item.supervisors)


def items(standings: Iterable[ItemStanding], wanted: Listing) -> list[ItemStanding]:
    """The items that fit, in the order given."""
    return [
        one
        for one in standings
        if wanted.item in {"", one.item.code}
        and (not wanted.kind or (one.item.kind is ItemKind.oit) is (wanted.kind == OIT))
        and wanted.indicator in {"", str(one.item.indicator)}
        and (wanted.officer is None or has_duty(one, wanted.officer, wanted.duty))
        and is_so(one, wanted.state)
    ]


def slots(standing: ItemStanding, wanted: Listing) -> list[SlotStanding]:
    """Of an item that fits, the slots of the state that is asked for; all where none of slots is."""
    return [slot for slot in standing.slots if wanted.state not in SLOTS or SLOTS[wanted.state](slot)]


def directives(listed: Iterable[DirectiveFacts], wanted: Listing, day: date) -> list[DirectiveFacts]:
    """The directives (`directives.as_of`) that fit on a day, in the order given."""
    return [
        one
        for one in listed
        if ((wanted.state == OVERDUE and one.days_late(day) > 0) or wanted.state in {"", one.state().value})
        and (wanted.officer is None or wanted.officer in one.officers)
        and wanted.item in {"", one.item_code}
    ]


def steps(listed: Sequence[StepStanding], board: Board, wanted: Listing) -> list[StepStanding]:
    """The calendar's steps that fit on the board's day, as the timeline shows them."""
    state = RowState(wanted.state) if wanted.state else None
    kept = timeline.chosen(
        timeline.rows(listed, board), kinds=frozenset({RowKind.step}), officer=wanted.officer, state=state
    )
    codes = {row.code for row in kept}
    return [one for one in listed if str(one.step.position) in codes]
