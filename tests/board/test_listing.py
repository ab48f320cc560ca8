"""What of a list is shown, by what an address asks for."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from ita_core.board import listing
from ita_core.board.listing import Listing
from ita_core.board.progress import ItemStanding, Records, SlotKey
from ita_core.board.steps import Seen, StepFacts, standing
from ita_core.models import Decision, DirectiveStep, ItemKind
from tests.board.test_directives import DAY, DUE, given_on
from tests.board.two_items import OCTOBER_PDF, all_accepted, board_on, handed_in

LATE = date(2024, 12, 15)
WORD = SlotKey(1, "2024-10", "word")


def standings() -> list[ItemStanding]:
    """O6 with a slot accepted, one returned, two missing and overdue; O18 with nothing, and not due."""
    accepted = handed_in(1, OCTOBER_PDF, on=date(2024, 10, 30), reviewed=date(2024, 10, 30))
    returned = handed_in(2, WORD, on=date(2024, 10, 30), reviewed=date(2024, 10, 31), decision=Decision.returned)
    return list(board_on(LATE, accepted, returned).items)


def codes(**wanted: object) -> list[str]:
    return [one.item.code for one in listing.items(standings(), Listing(**wanted))]


@pytest.mark.parametrize(
    ("state", "fitting", "slots"),
    [
        ("", ["O6", "O18"], 4), ("accepted", ["O6"], 1), ("returned", ["O6"], 1), ("overdue", ["O6"], 3),
        ("missing", ["O6", "O18"], 2), ("open", ["O6", "O18"], 3), ("waiting", [], 0), ("approve", [], 4),
    ],
)  # fmt: skip
def test_items_and_slots_of_a_state(state: str, fitting: list[str], slots: int):
    assert codes(state=state) == fitting
    assert len(listing.slots(standings()[0], Listing(state=state))) == slots


def test_of_a_whole_item_what_it_waits_for_counts_and_every_slot_of_it():
    whole = board_on(LATE, all_accepted()).items
    assert [one.item.code for one in listing.items(whole, Listing(state="approve"))] == ["O6"]
    assert len(listing.slots(whole[0], Listing(state="approve"))) == 4


def test_items_by_code_kind_indicator_and_officer_all_at_once():
    assert codes(item="O18") == ["O18"]
    assert codes(indicator="9") == ["O6"]
    assert codes(officer=10) == ["O6"]
    assert codes(officer=20, duty="prepare") == []
    assert codes(officer=11, duty="prepare", indicator="10") == ["O18"]
    measure = [replace(one, item=replace(one.item, kind=ItemKind.service)) for one in standings()[:1]]
    assert listing.items(measure, Listing(kind="oit")) == []
    assert listing.items(measure, Listing(kind="measures")) == measure


def test_what_means_nothing_is_not_asked():
    known = {"items": standings(), "officers": {"usa": 11}, "states": listing.STATES_OF_ITEMS}
    query = {"item": "O6", "kind": "oit", "indicator": "9", "officer": "usa", "duty": "prepare", "state": "open"}
    assert listing.asked(query, **known) == Listing("O6", "oit", "9", 11, "prepare", "open")
    odd = dict.fromkeys(query, "x") | {"day": "2025-01-01"}
    assert listing.asked(odd, **known) == listing.EVERYTHING
    assert listing.asked({"state": "reported"}, **known) == listing.EVERYTHING


@pytest.mark.parametrize(
    ("wanted", "numbers"),
    [({}, [1, 2, 3]), ({"state": "overdue"}, [1]), ({"state": "open"}, [1, 2]), ({"state": "done"}, [3]),
     ({"officer": 1}, [1, 2, 3]), ({"officer": 9}, []), ({"item": "O6"}, [2])],
)  # fmt: skip
def test_directives(wanted: dict[str, object], numbers: list[int]):
    later = DUE + timedelta(days=3)
    given = [
        given_on(DAY), replace(given_on(DAY, later, number=2), item_code="O6"),
        given_on(DAY, DUE, (DirectiveStep.done, DUE), number=3),
    ]  # fmt: skip
    assert [one.id for one in listing.directives(given, Listing(**wanted), later)] == numbers


def test_steps_as_the_timeline_has_them():
    def step(position: int, starts: date, ends: date, *officers: int) -> StepFacts:
        return StepFacts("ช่วง", position, f"ขั้น {position}", "", starts, ends, starts, ends, officers=officers)

    steps = [step(1, date(2024, 10, 1), date(2024, 11, 30), 10), step(2, date(2024, 12, 1), date(2025, 1, 31), 11)]
    board = board_on(LATE)
    stand = [standing(one, (), Seen(board, Records()), LATE) for one in steps]
    assert listing.steps(stand, board, Listing()) == stand
    assert listing.steps(stand, board, Listing(state="overdue")) == stand[:1]
    assert listing.steps(stand, board, Listing(officer=11)) == stand[1:]
