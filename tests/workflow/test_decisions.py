"""Reviews, approvals, publications and filings: who decides, and what a second decision is told."""

import threading

import pytest
import sqlalchemy as sa
from sqlmodel import select

from ita_core import audit, db, queries, workflow
from ita_core.board.progress import Stage, State
from ita_core.errors import (
    AlreadyReviewed,
    NotApproved,
    NotComplete,
    NotFound,
    NotYourItem,
    NotYours,
    OwnEvidence,
    ReasonMissing,
)
from ita_core.models import Decision, Review
from tests.cast import Cast, actor, give_duty, item_id
from tests.workflow.work import NOW, OTHER, complete, hand_in, states, the_supervisor_of_o10


@pytest.mark.both
def test_a_second_click_on_the_same_decision_is_no_refusal(engine: sa.Engine, cast: Cast):
    with db.writing(engine) as session:
        made = hand_in(session, cast.usa)
        for _ in range(2):
            workflow.review(session, by=cast.khanittha, evidence_id=made, decision=Decision.accepted, at=NOW)
        assert len(session.exec(select(Review)).all()) == 1


@pytest.mark.both
def test_a_supervisor_accepts(engine: sa.Engine, cast: Cast):
    with db.writing(engine) as session:
        made = hand_in(session, cast.usa)
        workflow.review(session, by=cast.khanittha, evidence_id=made, decision=Decision.accepted, at=NOW)
    with db.reading(engine) as session:
        assert State.accepted in states(session, "O6")


@pytest.mark.both
def test_a_supervisor_returns_with_a_reason_that_is_kept(engine: sa.Engine, cast: Cast):
    with db.writing(engine) as session:
        made = hand_in(session, cast.usa)
        workflow.review(
            session, by=cast.khanittha, evidence_id=made, decision=Decision.returned, reason=" ภาพไม่ครบ ", at=NOW
        )
    with db.reading(engine) as session:
        found = queries.get_evidence(session, cast.usa, made)
        assert (found.decision, found.reason, found.reviewed_by) == (
            Decision.returned,
            "ภาพไม่ครบ",
            "ขนิษฐา แก้วโสภา",
        )


def test_nothing_is_returned_without_a_reason(engine: sa.Engine, cast: Cast):
    with db.writing(engine) as session:
        made = hand_in(session, cast.usa)
        with pytest.raises(ReasonMissing):
            workflow.review(session, by=cast.khanittha, evidence_id=made, decision=Decision.returned, at=NOW)


@pytest.mark.parametrize("who", ["pattama", "commander", "admin", "viewer", "itap"])
def test_who_does_not_supervise_an_item_cannot_review_it(engine: sa.Engine, cast: Cast, who: str):
    with db.writing(engine) as session:
        made = hand_in(session, cast.usa)
        with pytest.raises(NotYourItem):
            workflow.review(session, by=getattr(cast, who), evidence_id=made, decision=Decision.accepted, at=NOW)


def test_an_officer_without_a_duty_on_the_item_does_not_learn_of_its_evidence(engine: sa.Engine, cast: Cast):
    with db.writing(engine) as session:
        made = hand_in(session, cast.usa)
        with pytest.raises(NotFound):
            workflow.review(session, by=cast.piyaporn, evidence_id=made, decision=Decision.accepted, at=NOW)
        with pytest.raises(NotFound):
            queries.get_evidence(session, cast.piyaporn, made)


def test_nobody_reviews_what_they_handed_in_even_as_supervisor(engine: sa.Engine, cast: Cast):
    with db.writing(engine) as session:
        give_duty(session, cast.khanittha, "O6")
        made = hand_in(session, cast.khanittha)
        with pytest.raises(OwnEvidence):
            workflow.review(session, by=cast.khanittha, evidence_id=made, decision=Decision.accepted, at=NOW)


@pytest.mark.both
def test_the_second_decision_is_told_who_was_quicker(engine: sa.Engine, cast: Cast):
    with db.writing(engine) as session:
        made = hand_in(session, cast.usa)
        workflow.review(session, by=cast.khanittha, evidence_id=made, decision=Decision.accepted, at=NOW)
        with pytest.raises(AlreadyReviewed, match="ขนิษฐา แก้วโสภา has already decided on this: accepted"):
            workflow.review(
                session, by=cast.pramote, evidence_id=made, decision=Decision.returned, reason="ไม่ครบ", at=NOW
            )


@pytest.mark.both
def test_of_two_reviews_at_once_one_wins(engine: sa.Engine, cast: Cast):
    with db.writing(engine) as session:
        made = [hand_in(session, cast.usa) for _ in range(10)]
    outcomes: list[str] = []

    def decide(who: int, evidence: int, ready: threading.Barrier) -> None:
        ready.wait()
        try:
            with db.writing(engine) as session:
                workflow.review(session, by=who, evidence_id=evidence, decision=Decision.accepted, at=NOW)
            outcomes.append("won")
        except AlreadyReviewed:
            outcomes.append("told")

    for evidence in made:
        ready = threading.Barrier(2)
        both = [threading.Thread(target=decide, args=(who, evidence, ready)) for who in (cast.khanittha, cast.pramote)]
        for thread in both:
            thread.start()
        for thread in both:
            thread.join()
    assert (outcomes.count("won"), outcomes.count("told")) == (10, 10)
    with db.reading(engine) as session:
        assert audit.faults(session) == []


@pytest.mark.both
def test_the_commander_approves_a_complete_item_and_it_is_published_and_filed(engine: sa.Engine, cast: Cast):
    with db.writing(engine) as session:
        of, mark = complete(session, cast)
        workflow.approve(session, by=cast.commander, item_id=of, fingerprint=mark, at=NOW)
        workflow.publish(session, by=cast.itap, item_id=of, url="https://example.org/o10", at=NOW)
        workflow.record_filing(session, by=cast.itap, item_id=of, answer=True, url="https://example.org/o10", at=NOW)
        facts = queries.get_assessment(session)
        assert queries.take_snapshot(session, facts, of).board(facts.ends).items[0].stage is Stage.filed
        detail = queries.get_item_detail(session, actor(session, cast.viewer), facts, "O10")
        assert {event.what for event in detail.history} == {"handed_in", "accepted", "approved", "published", "filed"}


@pytest.mark.parametrize("who", ["usa", "khanittha", "admin", "viewer", "itap"])
def test_only_the_commander_approves(engine: sa.Engine, cast: Cast, who: str):
    with db.writing(engine) as session:
        of, mark = complete(session, cast)
        with pytest.raises(NotFound if who == "khanittha" else NotYours):  # who has no duty on it
            workflow.approve(session, by=getattr(cast, who), item_id=of, fingerprint=mark, at=NOW)


def test_who_may_not_read_an_item_does_not_learn_whether_there_is_one(engine: sa.Engine, cast: Cast):
    with db.writing(engine) as session:
        for of in (item_id(session, "O6"), 2**30):
            for act in (
                lambda of=of: workflow.approve(session, by=cast.piyaporn, item_id=of, fingerprint="", at=NOW),
                lambda of=of: workflow.publish(session, by=cast.piyaporn, item_id=of, url="https://x.example", at=NOW),
            ):
                with pytest.raises(NotFound) as refused:
                    act()
                assert type(refused.value) is NotFound


def test_only_what_is_accepted_keeps_the_commander_from_approving(engine: sa.Engine, cast: Cast):
    with db.writing(engine) as session:
        give_duty(session, cast.commander, "O10")
        made = hand_in(session, cast.commander, "O10", period="2025-01", format="pdf")
        with pytest.raises(NotComplete):
            workflow.approve(session, by=cast.commander, item_id=item_id(session, "O10"), fingerprint="", at=NOW)
        supervisor = the_supervisor_of_o10(session)
        workflow.review(session, by=supervisor, evidence_id=made, decision=Decision.accepted, at=NOW)
        with pytest.raises(OwnEvidence):
            workflow.approve(session, by=cast.commander, item_id=item_id(session, "O10"), fingerprint="", at=NOW)


def test_an_unfinished_item_is_not_approved(engine: sa.Engine, cast: Cast):
    with db.writing(engine) as session, pytest.raises(NotComplete):
        workflow.approve(session, by=cast.commander, item_id=item_id(session, "O6"), fingerprint="", at=NOW)


@pytest.mark.both
def test_an_approval_is_for_what_the_commander_saw(engine: sa.Engine, cast: Cast):
    with db.writing(engine) as session:
        of, mark = complete(session, cast)
        newer = hand_in(session, cast.usa, "O10", content=OTHER, period="2024-10", format="pdf")
        supervisor = the_supervisor_of_o10(session)
        workflow.review(session, by=supervisor, evidence_id=newer, decision=Decision.accepted, at=NOW)
        with pytest.raises(workflow.EvidenceChanged):
            workflow.approve(session, by=cast.commander, item_id=of, fingerprint=mark, at=NOW)


@pytest.mark.parametrize("who", ["usa", "khanittha", "commander", "admin", "viewer"])
def test_only_who_keeps_itap_publishes(engine: sa.Engine, cast: Cast, who: str):
    with db.writing(engine) as session:
        of, mark = complete(session, cast)
        workflow.approve(session, by=cast.commander, item_id=of, fingerprint=mark, at=NOW)
        with pytest.raises(NotFound if who == "khanittha" else NotYours):
            workflow.publish(session, by=getattr(cast, who), item_id=of, url="https://example.org", at=NOW)


def test_nothing_is_published_before_it_is_approved_nor_filed_before_it_is_published(engine: sa.Engine, cast: Cast):
    with db.writing(engine) as session:
        of, mark = complete(session, cast)
        with pytest.raises(NotApproved):
            workflow.publish(session, by=cast.itap, item_id=of, url="https://example.org", at=NOW)
        workflow.approve(session, by=cast.commander, item_id=of, fingerprint=mark, at=NOW)
        with pytest.raises(NotApproved):
            workflow.record_filing(session, by=cast.itap, item_id=of, answer=True, url="https://example.org", at=NOW)
