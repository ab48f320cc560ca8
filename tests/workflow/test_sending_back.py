"""A complete item that the commander sends back: its supervisors return pieces of it, or say that it stands."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col, select

from ita_core import db, queries, workflow
from ita_core.board import commander, progress, turns
from ita_core.board.progress import Stage, State
from ita_core.board.turns import Then
from ita_core.errors import AlreadyReviewed, NotComplete, NotYourItem, NotYours, OwnEvidence, ReasonMissing
from ita_core.evidence.objects import File
from ita_core.models import Decision, Evidence, SendBack, SendBackAnswer
from ita_core.workflow import EvidenceChanged, NotSentBack
from tests.cast import Cast, actor, give_duty, item_id, slots
from tests.workflow.test_undoing import after, item, item_at
from tests.workflow.work import NOW, complete, hand_in, the_supervisor_of_o10

WHY = "ภาพหน้า 3 ไม่ชัด"
JUNE = timedelta(days=100)


def sent_back(session: Session, cast: Cast, minutes: float = 1, reason: str = WHY) -> int:
    of, fingerprint = complete(session, cast)
    workflow.send_back(
        session, by=cast.commander, item_id=of, fingerprint=fingerprint, reason=reason, at=after(minutes)
    )
    return of


def sending(session: Session) -> int:
    """The newest one."""
    found = session.exec(select(SendBack.id).order_by(col(SendBack.id).desc())).first()
    assert found is not None
    return found


def give_back(session: Session, minutes: float = 2, *, which: int = 0) -> int:
    """Its supervisor returns a piece after all."""
    pieces = session.exec(select(Evidence.id).order_by(Evidence.id)).all()
    return workflow.review(
        session, by=the_supervisor_of_o10(session), evidence_id=pieces[which] or 0, decision=Decision.returned,
        reason="ส่งภาพใหม่", at=after(minutes),
    )  # fmt: skip


@pytest.mark.both
def test_it_is_the_supervisors_turn_and_no_longer_the_commanders(engine: sa.Engine, cast: Cast):
    with db.writing(engine) as session:
        sent_back(session, cast)
        standing = item(session, "O10")
        assert (standing.stage, standing.sent_back) == (Stage.complete, True)
        assert turns.then(standing) is Then.look_again
        turn = turns.turn(standing.item, standing.slots, sent_back=standing.sent_back)
        assert (turn.hand_in, turn.decide) == ((), standing.item.supervisors)
        facts = queries.get_assessment(session)
        board = queries.take_snapshot(session, facts, standing.item.id).board(facts.ends)
        assert commander.waiting(board, [], NOW.date()).number == 0
        assert item_at(session, "O10", after(0.5)).sent_back is False
        detail = queries.get_item_detail(session, actor(session, cast.usa), facts, "O10")
        assert detail.sent_back is not None
        assert (detail.sent_back.by, detail.sent_back.text) == ("เทียนชัย ชมภู", WHY)


def test_an_approval_of_before_counts_no_more_and_approving_begins_anew(engine: sa.Engine, cast: Cast):
    with db.writing(engine) as session:
        of, fingerprint = complete(session, cast)
        given = {"by": cast.commander, "item_id": of, "fingerprint": fingerprint}
        workflow.approve(session, **given, at=NOW)
        workflow.publish(session, by=cast.itap, item_id=of, url="https://x.example", at=NOW)
        workflow.send_back(session, **given, reason=WHY, at=after(1))
        standing = item(session, "O10")
        assert (standing.stage, standing.approval_lapsed, standing.sent_back) == (Stage.complete, False, True)
        workflow.approve(session, **given, at=after(2))  # the commander thinks better of it
        assert (item(session, "O10").stage, item(session, "O10").sent_back) == (Stage.approved, False)


@pytest.mark.both
def test_a_supervisor_returns_what_was_accepted_and_the_officer_mends_it(engine: sa.Engine, cast: Cast):
    with db.writing(engine) as session:
        sent_back(session, cast)
        give_back(session)
        standing = item(session, "O10")
        assert (standing.stage, standing.sent_back) == (Stage.preparing, False)
        assert {one.state for one in standing.slots} == {State.accepted, State.returned}
        better = hand_in(session, cast.usa, "O10", content=File("c" * 64, 9, "x", "pdf", "ใหม่.pdf"), format="pdf")
        workflow.review(
            session, by=the_supervisor_of_o10(session), evidence_id=better, decision=Decision.accepted, at=after(5)
        )
        assert turns.then(item(session, "O10")) is Then.approve


def test_a_return_that_is_undone_leaves_the_item_sent_back(engine: sa.Engine, cast: Cast):
    with db.writing(engine) as session:
        sent_back(session, cast)
        review = give_back(session)
        workflow.undo_review(session, by=the_supervisor_of_o10(session), review_id=review, at=after(3))
        standing = item(session, "O10")
        assert (standing.complete, standing.sent_back) == (True, True)


def test_what_a_returned_piece_had_replaced_does_not_count_again(engine: sa.Engine, cast: Cast):
    with db.writing(engine) as session:
        complete(session, cast)
        newer = hand_in(session, cast.usa, "O10", content=File("d" * 64, 9, "x", "pdf", "ใหม่.pdf"), format="pdf")
        supervisor = the_supervisor_of_o10(session)
        workflow.review(session, by=supervisor, evidence_id=newer, decision=Decision.accepted, at=NOW)
        mark = item(session, "O10").fingerprint
        of = item_id(session, "O10")
        workflow.send_back(session, by=cast.commander, item_id=of, fingerprint=mark, reason=WHY, at=after(1))
        workflow.review(
            session, by=supervisor, evidence_id=newer, decision=Decision.returned, reason="ใช้ไม่ได้", at=after(2)
        )
        assert {one.state for one in item(session, "O10").slots} == {State.accepted, State.returned}


def test_a_supervisor_says_why_it_stands_and_it_waits_for_the_commander_again(engine: sa.Engine, cast: Cast):
    with db.writing(engine) as session:
        of = sent_back(session, cast)
        supervisor = the_supervisor_of_o10(session)
        with pytest.raises(ReasonMissing):
            workflow.answer_that_it_stands(session, by=supervisor, send_back_id=sending(session), note=" ", at=after(2))
        workflow.answer_that_it_stands(
            session, by=supervisor, send_back_id=sending(session), note="ภาพชัดในไฟล์จริง", at=after(2)
        )
        assert turns.then(item(session, "O10")) is Then.approve
        assert item_at(session, "O10", after(1.5)).sent_back
        facts = queries.get_assessment(session)
        detail = queries.get_item_detail(session, actor(session, cast.commander), facts, "O10", newest=2)
        assert [(one.what, one.text) for one in detail.history] == [("stands", "ภาพชัดในไฟล์จริง"), ("sent_back", WHY)]
        workflow.answer_that_it_stands(session, by=supervisor, send_back_id=sending(session), note="ซ้ำ", at=after(3))
        assert [one.note for one in session.exec(select(SendBackAnswer))] == ["ภาพชัดในไฟล์จริง"]
        # The commander may ask once more; what answers the first question is no answer to the second.
        first = sending(session)
        again = item(session, "O10").fingerprint
        workflow.send_back(session, by=cast.commander, item_id=of, fingerprint=again, reason="ยังไม่ชัด", at=after(4))
        give_duty(session, cast.pramote, "O10", "supervise")
        with pytest.raises(NotSentBack):
            workflow.answer_that_it_stands(session, by=cast.pramote, send_back_id=first, note="ชัด", at=after(5))
        assert item(session, "O10").sent_back
        assert len(session.exec(select(SendBackAnswer)).all()) == 1


def test_only_while_it_is_sent_back_what_was_accepted_can_be_returned(engine: sa.Engine, cast: Cast):
    with db.writing(engine) as session:
        complete(session, cast)
        with pytest.raises(AlreadyReviewed):
            give_back(session)


def test_once_more_for_the_same_evidence_changes_nothing(engine: sa.Engine, cast: Cast):
    with db.writing(engine) as session:
        of = sent_back(session, cast)
        mark = item(session, "O10").fingerprint
        workflow.send_back(session, by=cast.commander, item_id=of, fingerprint=mark, reason="อีกครั้ง", at=after(2))
        assert [one.reason for one in session.exec(select(SendBack))] == [WHY]


def test_it_must_be_complete_looked_at_and_told_why(engine: sa.Engine, cast: Cast):
    with db.writing(engine) as session:
        with pytest.raises(ReasonMissing):
            sent_back(session, cast, reason="  ")
        act = {"by": cast.commander, "at": NOW, "reason": WHY}
        with pytest.raises(EvidenceChanged):
            workflow.send_back(session, item_id=item_id(session, "O10"), fingerprint="before", **act)
        with pytest.raises(NotComplete):
            workflow.send_back(session, item_id=item_id(session, "O6"), fingerprint="", **act)


@pytest.mark.parametrize("who", ["admin", "itap", "viewer", "usa"])
def test_only_the_commander_sends_back_and_only_its_supervisors_answer(engine: sa.Engine, cast: Cast, who: str):
    with db.writing(engine) as session:
        of, fingerprint = complete(session, cast)
        with pytest.raises(NotYours):
            workflow.send_back(
                session, by=getattr(cast, who), item_id=of, fingerprint=fingerprint, reason=WHY, at=after(1)
            )
        workflow.send_back(session, by=cast.commander, item_id=of, fingerprint=fingerprint, reason=WHY, at=after(1))
        with pytest.raises(NotYourItem):
            workflow.answer_that_it_stands(
                session, by=getattr(cast, who), send_back_id=sending(session), note="ชัดแล้ว", at=after(2)
            )


def test_two_pieces_come_back_one_after_the_other(engine: sa.Engine, cast: Cast):
    with db.writing(engine) as session:
        sent_back(session, cast)
        give_back(session, 2)
        assert item(session, "O10").reopened
        give_back(session, 3, which=1)
        standing = item(session, "O10")
        assert {one.state for one in standing.slots} == {State.returned}
        with pytest.raises(NotSentBack):  # it is the officers' turn now
            workflow.answer_that_it_stands(
                session, by=the_supervisor_of_o10(session), send_back_id=sending(session), note="ชัด", at=after(4)
            )


def test_another_piece_that_is_accepted_meanwhile_answers_nothing(engine: sa.Engine, cast: Cast):
    with db.writing(engine) as session:
        sent_back(session, cast)
        newer = hand_in(session, cast.usa, "O10", content=File("e" * 64, 9, "x", "pdf", "อื่น.pdf"), format="pdf")
        supervisor = the_supervisor_of_o10(session)
        workflow.review(session, by=supervisor, evidence_id=newer, decision=Decision.accepted, at=after(2))
        assert turns.then(item(session, "O10")) is Then.look_again
        give_back(session, 3, which=1)


def test_once_the_commander_approved_what_was_accepted_stays_so(engine: sa.Engine, cast: Cast):
    with db.writing(engine) as session:
        of = sent_back(session, cast)
        mark = item(session, "O10").fingerprint
        workflow.approve(session, by=cast.commander, item_id=of, fingerprint=mark, at=after(2))
        with pytest.raises(AlreadyReviewed):
            give_back(session, 3)
        workflow.send_back(session, by=cast.commander, item_id=of, fingerprint=mark, reason=WHY, at=after(2))
        assert item(session, "O10").sent_back  # of the same moment the later act is the sending back


def test_nobody_says_of_their_own_evidence_that_it_stands(engine: sa.Engine, cast: Cast):
    with db.writing(engine) as session:
        sent_back(session, cast)
        give_duty(session, cast.usa, "O10", "supervise")
        with pytest.raises(OwnEvidence):
            workflow.answer_that_it_stands(
                session, by=cast.usa, send_back_id=sending(session), note="ชัดแล้ว", at=after(2)
            )


def test_an_older_piece_that_is_accepted_after_the_newer_came_back_counts(engine: sa.Engine, cast: Cast):
    with db.writing(engine) as session:
        of, _mark = complete(session, cast)
        supervisor = the_supervisor_of_o10(session)
        one, two = (
            hand_in(session, cast.usa, "O10", content=File(sign * 64, 9, "x", "pdf", f"{sign}.pdf"), format="pdf")
            for sign in "ef"
        )
        workflow.review(session, by=supervisor, evidence_id=two, decision=Decision.accepted, at=after(1))
        mark = item(session, "O10").fingerprint
        workflow.send_back(session, by=cast.commander, item_id=of, fingerprint=mark, reason=WHY, at=after(2))
        workflow.review(session, by=supervisor, evidence_id=two, decision=Decision.returned, reason="x", at=after(3))
        workflow.review(session, by=supervisor, evidence_id=one, decision=Decision.accepted, at=after(4))
        assert {slot.evidence_id for slot in item(session, "O10").slots if slot.slot.key.format == "pdf"} == {one}


def test_what_stayed_accepted_is_accepted_since_it_was_and_the_curve_keeps_its_past(engine: sa.Engine, cast: Cast):
    with db.writing(engine) as session:
        of, mark = complete(session, cast)
        before = {one.slot.key: one.accepted_on for one in item(session, "O10").slots}
        workflow.send_back(session, by=cast.commander, item_id=of, fingerprint=mark, reason=WHY, at=NOW + JUNE)
        word = session.exec(select(Evidence.id).order_by(col(Evidence.id).desc())).first()
        assert word is not None
        [back, *_] = slots(session, "O10", format="word", period="2025-03")
        workflow.review(
            session, by=the_supervisor_of_o10(session), evidence_id=word, decision=Decision.accepted, returned=[back],
            reason="ไม่ครบ", at=NOW + JUNE,
        )  # fmt: skip
        now = item(session, "O10")
        assert {one.slot.key: one.accepted_on for one in now.slots} == before | {back: None}
        june = (NOW + JUNE).date()
        days = [NOW.date() - timedelta(days=1), NOW.date(), june - timedelta(days=1), june]
        curve = progress.accepted_over_time([now], days, queries.get_assessment(session).ends)
        assert [round(share, 3) for _day, share in curve] == [0.0, 1.0, 1.0, round(1 - 1 / len(now.slots), 3)]
