"""A decision taken back at once: by who made it, within ten minutes, until somebody acted on it; nothing is erased."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col, select

from ita_core import db, queries, workflow
from ita_core.board.progress import Board, ItemStanding, Stage, State
from ita_core.errors import AlreadyReviewed, NotFound, NotYours, Refused
from ita_core.evidence.objects import File
from ita_core.models import Account, Approval, Decision, Person, Review, Role, Undoing
from ita_core.workflow import ActedOn, TooLateToUndo
from tests.cast import Cast, account, actor, item_id, office, replan, slots
from tests.workflow.work import NOW, OTHER, PDF, complete, hand_in, states, the_supervisor_of_o10

ACCEPTED, RETURNED = Decision.accepted, Decision.returned


def after(minutes: float) -> datetime:
    return NOW + timedelta(minutes=minutes)


def decide(session: Session, by: int, evidence: int, decision: Decision = ACCEPTED, minutes: float = 0) -> int:
    return workflow.review(
        session, by=by, evidence_id=evidence, decision=decision, reason="ขาดหน้า 2", at=after(minutes)
    )


def approval(session: Session) -> int:
    """The newest one."""
    found = session.exec(select(Approval.id).order_by(col(Approval.id).desc())).first()
    assert found is not None
    return found


def item(session: Session, code: str) -> ItemStanding:
    facts = queries.get_assessment(session)
    return queries.take_snapshot(session, facts, item_id(session, code)).board(facts.ends).items[0]


def item_at(session: Session, code: str, moment: datetime) -> ItemStanding:
    facts = queries.get_assessment(session)
    part = queries.take_snapshot(session, facts, item_id(session, code))
    found: Board = part.board(moment.date(), moment)
    return found.items[0]


@pytest.mark.both
@pytest.mark.parametrize("decision", [ACCEPTED, RETURNED])
def test_a_decision_is_undone_and_the_piece_waits_again(engine: sa.Engine, cast: Cast, decision: Decision):
    with db.writing(engine) as session:
        made = hand_in(session, cast.usa)
        review = decide(session, cast.khanittha, made, decision)
        assert states(session, "O6") == {State.missing, State[decision.value]}
        for _ in range(2):  # a second click changes nothing
            workflow.undo_review(session, by=cast.khanittha, review_id=review, at=after(10))
        assert states(session, "O6") == {State.missing, State.waiting}
        here = queries.get_assessment(session).id
        queue = queries.list_review_queue(session, actor(session, cast.khanittha), here)
        assert [one.id for one in queue] == [made]
        assert queries.get_evidence(session, cast.usa, made).reason == ""
        assert len(session.exec(select(Review)).all()) == len(session.exec(select(Undoing)).all()) == 1
        decide(session, cast.khanittha, made, minutes=11)
        assert states(session, "O6") == {State.missing, State.accepted}
        assert [one.round for one in session.exec(select(Review).order_by(Review.id))] == [1, 2]


def test_the_history_keeps_both_and_a_day_before_shows_what_held_then(engine: sa.Engine, cast: Cast):
    with db.writing(engine) as session:
        made = hand_in(session, cast.usa)
        review = decide(session, cast.khanittha, made, minutes=1)
        workflow.undo_review(session, by=cast.khanittha, review_id=review, at=after(3))
        facts = queries.get_assessment(session)
        detail = queries.get_item_detail(session, actor(session, cast.usa), facts, "O6")
        assert [one.what for one in detail.history] == ["acceptance_undone", "accepted", "handed_in"]
        assert detail.history_count == 3
        assert item_at(session, "O6", after(2)).tally.accepted > 0
        assert item_at(session, "O6", after(4)).tally.accepted == 0


def test_it_is_too_late_after_ten_minutes(engine: sa.Engine, cast: Cast):
    with db.writing(engine) as session:
        review = decide(session, cast.khanittha, hand_in(session, cast.usa))
        with pytest.raises(TooLateToUndo):
            workflow.undo_review(session, by=cast.khanittha, review_id=review, at=after(10.1))


@pytest.mark.parametrize(
    ("who", "refusal"),
    [("pramote", NotYours), ("commander", NotYours), ("usa", NotYours), ("admin", NotYours), ("piyaporn", NotFound)],
)
def test_only_who_decided_undoes_it(engine: sa.Engine, cast: Cast, who: str, refusal: type[Refused]):
    with db.writing(engine) as session:
        review = decide(session, cast.khanittha, hand_in(session, cast.usa))
        with pytest.raises(refusal):
            workflow.undo_review(session, by=getattr(cast, who), review_id=review, at=after(1))
        assert session.exec(select(Undoing)).all() == []


def test_what_is_not_there_is_not_undone(engine: sa.Engine, cast: Cast):
    with db.writing(engine) as session:
        with pytest.raises(NotFound):
            workflow.undo_review(session, by=cast.khanittha, review_id=99, at=NOW)
        with pytest.raises(NotFound):
            workflow.undo_approval(session, by=cast.commander, approval_id=99, at=NOW)


def test_once_the_officer_mended_it_a_return_stays(engine: sa.Engine, cast: Cast):
    with db.writing(engine) as session:
        made = hand_in(session, cast.usa)
        review = decide(session, cast.khanittha, made, RETURNED, minutes=1)
        hand_in(session, cast.usa, content=PDF, period="2025-02", format="pdf")  # of another month: not an answer
        workflow.undo_review(session, by=cast.khanittha, review_id=review, at=after(2))
        again = decide(session, cast.khanittha, made, RETURNED, minutes=3)
        workflow.submit(
            session, by=cast.usa, item_id=item_id(session, "O6"), content=OTHER, at=after(4),
            slots=slots(session, "O6", period="2025-01", format="pdf"),
        )  # fmt: skip
        with pytest.raises(ActedOn):
            workflow.undo_review(session, by=cast.khanittha, review_id=again, at=after(5))


def test_once_the_commander_approved_it_an_acceptance_stays(engine: sa.Engine, cast: Cast):
    with db.writing(engine) as session:
        of, fingerprint = complete(session, cast)
        [review, *_] = session.exec(select(Review.id).order_by(Review.id.desc())).all()
        workflow.approve(session, by=cast.commander, item_id=of, fingerprint=fingerprint, at=after(1))
        supervisor = the_supervisor_of_o10(session)
        with pytest.raises(ActedOn):
            workflow.undo_review(session, by=supervisor, review_id=review, at=after(2))
        workflow.undo_approval(session, by=cast.commander, approval_id=approval(session), at=after(3))
        workflow.undo_review(session, by=supervisor, review_id=review, at=after(4))
        assert {one.state for one in item(session, "O10").slots} == {State.accepted, State.waiting}


@pytest.mark.both
def test_an_approval_is_undone_and_waits_for_the_commander_again(engine: sa.Engine, cast: Cast):
    with db.writing(engine) as session:
        of, fingerprint = complete(session, cast)
        workflow.approve(session, by=cast.commander, item_id=of, fingerprint=fingerprint, at=after(1))
        for _ in range(2):
            workflow.undo_approval(session, by=cast.commander, approval_id=approval(session), at=after(2))
        standing = item(session, "O10")
        assert (standing.stage, standing.approval_lapsed) == (Stage.complete, False)
        assert item_at(session, "O10", after(1.5)).stage is Stage.approved
        facts = queries.get_assessment(session)
        detail = queries.get_item_detail(session, actor(session, cast.commander), facts, "O10", newest=2)
        assert [one.what for one in detail.history] == ["approval_undone", "approved"]
        workflow.approve(session, by=cast.commander, item_id=of, fingerprint=fingerprint, at=after(3))
        assert item(session, "O10").stage is Stage.approved


def test_a_published_item_stays_approved_and_so_does_one_of_ten_minutes_ago(engine: sa.Engine, cast: Cast):
    with db.writing(engine) as session:
        of, fingerprint = complete(session, cast)
        workflow.approve(session, by=cast.commander, item_id=of, fingerprint=fingerprint, at=NOW)
        with pytest.raises(TooLateToUndo):
            workflow.undo_approval(session, by=cast.commander, approval_id=approval(session), at=after(11))
        workflow.publish(session, by=cast.itap, item_id=of, url="https://x.example/o10", at=after(1))
        with pytest.raises(ActedOn):
            workflow.undo_approval(session, by=cast.commander, approval_id=approval(session), at=after(2))


@pytest.mark.parametrize("who", ["admin", "itap", "viewer"])
def test_nobody_else_undoes_an_approval(engine: sa.Engine, cast: Cast, who: str):
    with db.writing(engine) as session:
        of, fingerprint = complete(session, cast)
        workflow.approve(session, by=cast.commander, item_id=of, fingerprint=fingerprint, at=NOW)
        with pytest.raises(NotYours):
            workflow.undo_approval(session, by=getattr(cast, who), approval_id=approval(session), at=NOW)


def test_nothing_is_undone_in_a_closed_year(engine: sa.Engine, cast: Cast):
    with db.writing(engine) as session:
        review = decide(session, cast.khanittha, hand_in(session, cast.usa))
        workflow.close_year(session, by=cast.commander, assessment_id=queries.get_assessment(session).id, at=NOW)
        with pytest.raises(workflow.YearClosed):
            workflow.undo_review(session, by=cast.khanittha, review_id=review, at=NOW)


def test_another_supervisor_decides_anew_what_was_undone_but_not_what_holds(engine: sa.Engine, cast: Cast):
    with db.writing(engine) as session:
        made = hand_in(session, cast.usa)
        review = decide(session, cast.khanittha, made)
        with pytest.raises(AlreadyReviewed):
            decide(session, cast.pramote, made, RETURNED, 1)
        workflow.undo_review(session, by=cast.khanittha, review_id=review, at=after(2))
        decide(session, cast.pramote, made, RETURNED, 3)
        found = queries.get_evidence(session, cast.usa, made)
        assert (found.decision, found.reviewed_by) == (RETURNED, "ประโมทย์ พูลประเสริฐ")


def test_who_lost_the_duty_undoes_nothing_any_more(engine: sa.Engine, cast: Cast):
    with db.writing(engine) as session:
        review = decide(session, cast.khanittha, hand_in(session, cast.usa))
        key = session.get_one(Person, session.get_one(Account, cast.khanittha).person_id).key

        def without(plan: dict[str, Any]) -> None:
            hands = plan["duties"]["O6"]
            hands["supervise"] = [one for one in hands["supervise"] if one["who"] != key]

        replan(session, without, at=after(-60 * 24))
        with pytest.raises((NotYours, NotFound)):
            workflow.undo_review(session, by=cast.khanittha, review_id=review, at=after(1))
        assert session.exec(select(Undoing)).all() == []


def test_another_commander_undoes_no_approval_of_the_first(engine: sa.Engine, cast: Cast):
    with db.writing(engine) as session:
        of, fingerprint = complete(session, cast)
        workflow.approve(session, by=cast.commander, item_id=of, fingerprint=fingerprint, at=NOW)
        second = account(session, NOW, "second", "รรท.", Role.commander, office(session))
        with pytest.raises(NotYours):
            workflow.undo_approval(session, by=second, approval_id=approval(session), at=NOW)


def test_what_was_replaced_counts_again_where_the_replacement_s_acceptance_was_undone(engine: sa.Engine, cast: Cast):
    with db.writing(engine) as session:
        first = hand_in(session, cast.usa)
        decide(session, cast.khanittha, first)
        newer = hand_in(session, cast.usa, content=OTHER)
        review = decide(session, cast.khanittha, newer, minutes=1)
        workflow.undo_review(session, by=cast.khanittha, review_id=review, at=after(2))
        decide(session, cast.khanittha, newer, RETURNED, minutes=3)
        assert {one.evidence_id for one in item(session, "O6").slots if one.state is State.accepted} == {first}


def test_a_lapsed_approval_is_told_by_the_one_that_was_not_undone(engine: sa.Engine, cast: Cast):
    with db.writing(engine) as session:
        of, fingerprint = complete(session, cast)
        workflow.approve(session, by=cast.commander, item_id=of, fingerprint=fingerprint, at=after(1))
        newer = hand_in(session, cast.usa, "O10", content=File("d" * 64, 9, "x", "pdf", "ใหม่.pdf"), format="pdf")
        decide(session, the_supervisor_of_o10(session), newer, minutes=2)
        mark = item(session, "O10").fingerprint
        workflow.approve(session, by=cast.commander, item_id=of, fingerprint=mark, at=after(3))
        workflow.undo_approval(session, by=cast.commander, approval_id=approval(session), at=after(4))
        facts = queries.get_assessment(session)
        told = queries.get_item_detail(session, actor(session, cast.commander), facts, "O10").approved
        assert item(session, "O10").approval_lapsed
        assert told is not None
        assert told.at == after(1)


def test_a_past_day_has_the_reason_of_then(engine: sa.Engine, cast: Cast):
    with db.writing(engine) as session:
        made = hand_in(session, cast.usa)
        review = decide(session, cast.khanittha, made, RETURNED, minutes=1)
        workflow.undo_review(session, by=cast.khanittha, review_id=review, at=after(3))
        assert queries.list_returns(session, [made], before=after(2)) == {made: ("ขนิษฐา แก้วโสภา", "ขาดหน้า 2")}
        assert queries.list_returns(session, [made], before=after(4)) == {}
