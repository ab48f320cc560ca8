"""Whose turn it is, and what waits for whom."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from ita_core import db, queries, workflow
from ita_core.board import headline, progress, turns, workload
from ita_core.board.progress import Board, HandIn, ItemFacts, ItemStanding, Records, RequirementFacts, SlotKey
from ita_core.board.turns import Turn
from ita_core.exports import tables
from ita_core.models import Cadence, Decision, EvidenceKind, ItemKind
from tests.cast import Cast, actor, give_duty, item_id, office, slots

DAY, PAST, ENDS = date(2025, 3, 15), date(2025, 3, 1), date(2025, 9, 30)
NOON = datetime(2025, 3, 14, 5, 0, tzinfo=UTC)
USA, PATTAMA, KHANITTHA, PRAMOTE = 10, 11, 20, 21
NEWS = RequirementFacts(1, "news", "ข่าว", Cadence.continuous, minimum=3, dues={"": PAST})
ITEM = ItemFacts(
    1, "O1", "ข้อ", ItemKind.oit, Cadence.continuous, (NEWS,), 9, None, (USA, PATTAMA), (KHANITTHA, PRAMOTE)
)  # fmt: skip


def handed_in(number: int, by: int | None = USA, decision: Decision | None = None, **more: object) -> HandIn:
    """One evidence for the slot of its number."""
    reviewed = {"reviewed_at": NOON, "decision": decision, "reviewer_id": PRAMOTE} if decision else {}
    key = SlotKey(1, ordinal=number)
    return replace(HandIn(number, 1, EvidenceKind.file, (key,), NOON, by, "x"), **reviewed, **more)


def standing(*hand_ins: HandIn, item: ItemFacts = ITEM) -> ItemStanding:
    return progress.board([item], Records(hand_ins), day=DAY, year_ends=ENDS).items[0]


def turn(*hand_ins: HandIn, item: ItemFacts = ITEM) -> Turn:
    found = standing(*hand_ins, item=item)
    return turns.turn(item, [slot for slot in found.slots if slot.overdue])


ALL = [1, 2, 3]


@pytest.mark.parametrize(
    ("hand_ins", "whose"),
    [
        ([], Turn(hand_in=(USA, PATTAMA))),
        ([handed_in(one) for one in ALL], Turn(decide=(KHANITTHA, PRAMOTE))),
        # Some of it is missing, some waits: both.
        ([handed_in(1)], Turn((USA, PATTAMA), (KHANITTHA, PRAMOTE))),
        # A supervisor's own piece waits for the other one.
        ([handed_in(one, KHANITTHA) for one in ALL], Turn(decide=(PRAMOTE,))),
        # What came back is the preparers' to mend, and so is what was taken back.
        ([handed_in(one, decision=Decision.returned) for one in ALL], Turn(hand_in=(USA, PATTAMA))),
        ([handed_in(one, withdrawn_at=NOON) for one in ALL], Turn(hand_in=(USA, PATTAMA))),
        ([handed_in(one, decision=Decision.accepted) for one in ALL], Turn()),
        # Handed in by an account that belongs to no officer: every supervisor decides.
        ([handed_in(one, None) for one in ALL], Turn(decide=(KHANITTHA, PRAMOTE))),
    ],
)
def test_whose_turn_it_is(hand_ins: list[HandIn], whose: Turn):
    assert turn(*hand_ins) == whose


def test_nobodys_turn_is_said_where_the_only_supervisor_handed_it_in():
    alone = replace(ITEM, supervisors=(KHANITTHA,))
    assert turn(*(handed_in(one, KHANITTHA) for one in ALL), item=alone) == Turn()


def test_what_an_officer_owes_is_what_is_overdue_and_does_not_wait():
    found = standing(handed_in(1), handed_in(2, decision=Decision.returned))
    assert sum(turns.owes(slot) for slot in found.slots) == found.tally.overdue_open == 2
    assert sum(turns.waits(slot) for slot in found.slots) == found.tally.waiting == 1


def test_an_overdue_slot_counts_for_those_whose_turn_it_is_in_headline_and_lists():
    waits, owed = standing(*(handed_in(one) for one in ALL)), standing(handed_in(1))
    assert turns.late([waits]) == {KHANITTHA, PRAMOTE}  # not of its preparers: they did their part
    assert turns.late([owed]) == {USA, PATTAMA, KHANITTHA, PRAMOTE}
    board = Board(DAY, (owed,))
    figures = headline.figures(board, Records([handed_in(1)]))
    preparing = [one.officer_id for one in workload.preparing(board.items) if one.tally.overdue_open]
    deciding = [one for one in workload.supervising(board.items, Records([handed_in(1)]), DAY) if one.overdue]
    assert [one.overdue for one in deciding] == [1, 1]
    assert figures.overdue_officers == len({*preparing, *(one.officer_id for one in deciding)}) == 4


def test_nobodys_own_evidence_waits_for_them():
    pieces = [handed_in(1, KHANITTHA), handed_in(2), handed_in(3, decision=Decision.accepted)]
    found = turns.to_decide([ITEM], pieces)
    assert {officer: [one.id for one in waiting] for officer, waiting in found.items()} == {
        KHANITTHA: [2],
        PRAMOTE: [1, 2],
    }
    by = {one.officer_id: one for one in workload.supervising([standing(*pieces)], Records(pieces), DAY)}
    assert (by[KHANITTHA].waiting, by[PRAMOTE].waiting) == (1, 2)


def test_an_item_that_is_not_asked_about_counts_for_nobody():
    assert turns.to_decide([], [handed_in(1)]) == {}


def test_queue_workload_and_export_count_the_same_for_everybody(at_work: Cast):
    """Usa prepares O6 and, here, supervises it too: of two pieces that wait one is her own."""
    with db.writing() as session:
        facts = queries.get_assessment(session)
        of = item_id(session, "O6")
        give_duty(session, at_work.usa, "O6", "supervise")
        for by, period in ((at_work.usa, "2025-01"), (at_work.pattama, "2025-02")):
            if by == at_work.pattama:
                give_duty(session, by, "O6")
            workflow.submit(
                session, by=by, item_id=of, content=workflow.Link(f"https://example.org/{period}"), at=NOON,
                slots=slots(session, "O6", period=period, format="pdf"),
            )  # fmt: skip
    with db.reading() as session:
        data = queries.take_snapshot(session, facts)
        actors = {
            who.officer_id: who
            for who in (actor(session, one.id) for one in queries.list_accounts(session, office(session)))
            if who.officer_id is not None
        }
        usa = actor(session, at_work.usa).officer_id
        queues = {officer: len(queries.list_review_queue(session, who, facts.id)) for officer, who in actors.items()}
    board = data.board(DAY)
    carried = {one.officer_id: one.waiting for one in workload.supervising(board.items, data.records, DAY)}
    exported = [row["to_review"] for row in tables.officers(data, board).rows]
    assert exported == [carried.get(officer.id, 0) for officer in data.officers]
    assert {officer: carried.get(officer, 0) for officer in queues} == queues
    khanittha = data.board(DAY).by_code["O6"].item.supervisors[0]
    assert (queues[usa], queues[khanittha]) == (1, 2)
