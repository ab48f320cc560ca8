"""One piece of evidence for several slots: accepted for some of them, returned for others."""

import pytest
import sqlalchemy as sa
from sqlmodel import Session, select

from ita_core import db, queries, workflow
from ita_core.board import turns
from ita_core.board.progress import State
from ita_core.errors import AlreadyReviewed, ReasonMissing, UnknownSlot
from ita_core.models import Decision, ReturnedSlot
from tests.cast import Cast, actor, item_id, slots
from tests.workflow.test_undoing import after, item
from tests.workflow.work import NOW, OTHER, PDF, hand_in

BOTH = ("2025-01", "2025-02")


def decide(
    session: Session, by: int, evidence: int, *periods: str, reason: str = "ก.พ. ไม่ครบ", minutes: int = 0
) -> int:
    back = [key for period in periods for key in slots(session, "O6", period=period, format="pdf")]
    return workflow.review(
        session,
        by=by,
        evidence_id=evidence,
        decision=Decision.accepted,
        reason=reason,
        returned=back,
        at=after(minutes),
    )


def both_months(session: Session, by: int) -> int:
    keys = [key for period in BOTH for key in slots(session, "O6", period=period, format="pdf")]
    of = item_id(session, "O6")
    return workflow.submit(session, by=by, item_id=of, slots=keys, content=PDF, at=NOW)


def state_of(session: Session, period: str) -> set[State]:
    return {
        one.state for one in item(session, "O6").slots if (one.slot.key.period, one.slot.key.format) == (period, "pdf")
    }


@pytest.mark.both
def test_the_good_month_counts_and_the_other_comes_back(engine: sa.Engine, cast: Cast):
    with db.writing(engine) as session:
        made = both_months(session, cast.usa)
        review = decide(session, cast.khanittha, made, "2025-02", minutes=1)
        assert state_of(session, "2025-01") == {State.accepted}
        assert state_of(session, "2025-02") == {State.returned}
        assert decide(session, cast.khanittha, made, "2025-02", minutes=2) == review  # a second click
        assert {one.slot.key.period for one in item(session, "O6").slots if one.returned_id} == {"2025-02"}
        assert all(turns.owes(one) for one in item(session, "O6").slots if one.returned_id)
        assert queries.list_returns(session, [made]) == {made: ("ขนิษฐา แก้วโสภา", "ก.พ. ไม่ครบ")}
        facts = queries.get_assessment(session)
        detail = queries.get_item_detail(session, actor(session, cast.usa), facts, "O6")
        assert detail.history[0].what == "partly_returned"
        found = queries.get_evidence(session, cast.usa, made)
        assert {key.period for key in found.returned} == {"2025-02"}


def test_the_mended_month_takes_its_place(engine: sa.Engine, cast: Cast):
    with db.writing(engine) as session:
        decide(session, cast.khanittha, both_months(session, cast.usa), "2025-02")
        again = hand_in(session, cast.usa, content=OTHER, period="2025-02", format="pdf")
        assert state_of(session, "2025-02") == {State.waiting}
        decide(session, cast.khanittha, again, minutes=2)
        assert state_of(session, "2025-01") == state_of(session, "2025-02") == {State.accepted}


def test_where_every_slot_comes_back_the_whole_is_returned(engine: sa.Engine, cast: Cast):
    with db.writing(engine) as session:
        made = both_months(session, cast.usa)
        decide(session, cast.khanittha, made, *BOTH)
        assert queries.get_evidence(session, cast.usa, made).decision is Decision.returned
        assert session.exec(select(ReturnedSlot)).all() == []


def test_what_comes_back_wants_a_reason_and_must_be_of_the_piece(engine: sa.Engine, cast: Cast):
    with db.writing(engine) as session:
        made = both_months(session, cast.usa)
        with pytest.raises(ReasonMissing):
            decide(session, cast.khanittha, made, "2025-02", reason=" ")
        with pytest.raises(UnknownSlot):
            decide(session, cast.khanittha, made, "2025-03")


def test_of_two_decisions_that_differ_in_a_slot_the_second_is_told_of_the_first(engine: sa.Engine, cast: Cast):
    with db.writing(engine) as session:
        made = both_months(session, cast.usa)
        decide(session, cast.khanittha, made, "2025-02")
        with pytest.raises(AlreadyReviewed):
            decide(session, cast.khanittha, made, "2025-01")
        with pytest.raises(AlreadyReviewed):
            decide(session, cast.pramote, made)


def test_undone_all_its_slots_wait_again(engine: sa.Engine, cast: Cast):
    with db.writing(engine) as session:
        made = both_months(session, cast.usa)
        review = decide(session, cast.khanittha, made, "2025-02")
        workflow.undo_review(session, by=cast.khanittha, review_id=review, at=after(1))
        assert state_of(session, "2025-01") == state_of(session, "2025-02") == {State.waiting}
