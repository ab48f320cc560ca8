"""Clarifications: who writes, decides and records; that nothing is overwritten; and that tampering is found."""

from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlmodel import select

from ita_core import db, queries, workflow
from ita_core.board.clarifications import Advice, Dispute, Standing, What
from ita_core.errors import BadText, NotFound, NotYours, OwnEvidence, ReasonMissing, Refused, TextMissing, WhyMissing
from ita_core.links.found import Found
from ita_core.models import (
    AnnouncedScore,
    AuditEntry,
    Clarification,
    ClarificationDecision,
    ClarificationOutcome,
    ClarificationResult,
    Grant,
    LinkOutcome,
    Role,
)
from ita_core.plan.apply import revise
from ita_core.plan.faults import PlanFaults
from ita_core.workflow import clarifications
from tests.cast import Cast, item_id, set_role
from tests.sealed import said
from tests.workflow.work import complete

NOW = datetime(2025, 6, 18, 3, 0, tzinfo=UTC)
URL = "https://example.org/o10"
LAST = date(2025, 7, 4)  # of the plan's own step
TEXT = "ขอเรียนชี้แจงเพิ่มเติม"


@pytest.fixture
def filed(at_work: Cast) -> Cast:
    """O10 approved, published and filed in March, looked at in May, then given 50 points; O6 0, O9 100."""
    march = datetime(2025, 3, 3, 3, tzinfo=UTC)
    with db.writing() as session:
        of, fingerprint = complete(session, at_work)
        workflow.approve(session, by=at_work.commander, item_id=of, fingerprint=fingerprint, at=march)
        workflow.publish(session, by=at_work.itap, item_id=of, url=URL, at=march + timedelta(days=1))
        workflow.record_filing(session, by=at_work.itap, item_id=of, answer=True, url=URL, at=march + timedelta(days=2))
        for number, outcome in ((-3, LinkOutcome.slow), (1, LinkOutcome.reached), (3, LinkOutcome.refused),
                                (4, LinkOutcome.reached), (99, LinkOutcome.slow)):  # fmt: skip
            at = datetime(2025, 4, 30, 3, tzinfo=UTC) + timedelta(days=number)
            workflow.note_check(session, by=None, item_id=of, url=URL, found=Found(outcome), at=at)
        verdict(session, at_work.itap, {"O10": 50.0, "O6": 0.0, "O9": 100.0})
    return at_work


def verdict(session, by: int, points: dict[str, float], at: datetime = NOW) -> int:
    of = queries.get_assessment(session).id
    return workflow.record_verdict(session, by=by, assessment_id=of, points=points, source="ITAP", at=at)


def write(by: int, code: str = "O10", *, text: str = TEXT, propose: bool = True, seen: int = 0, hours: int = 1, **more):
    with db.writing() as session:
        return workflow.clarify(
            session, by=by, item_id=item_id(session, code), text=text, propose=propose, seen=seen,
            at=NOW + timedelta(hours=hours), **more,
        )  # fmt: skip


def give_up(by: int, seen: int, why: str = "หลักฐานไม่ครบ") -> None:
    with db.writing() as session:
        workflow.give_up_clarification(
            session, by=by, item_id=item_id(session, "O10"), why=why, seen=seen, at=NOW + timedelta(hours=2)
        )


def decide(by: int, *, approve: bool = True, reason: str = "", version: int | None = None) -> None:
    with db.writing() as session:
        workflow.decide_clarification(
            session, by=by, clarification_id=version or newest(), approve=approve, reason=reason,
            at=NOW + timedelta(hours=3),
        )  # fmt: skip


def answer(by: int, outcome: ClarificationOutcome = ClarificationOutcome.granted, points: float | None = 100.0,
           note: str = "", days: int = 30) -> bool:  # fmt: skip
    with db.writing() as session:
        return workflow.record_result(
            session, by=by, clarification_id=newest(), outcome=outcome, points=points, note=note,
            at=NOW + timedelta(days=days),
        )  # fmt: skip


def newest() -> int:
    with db.reading() as session:
        found = session.exec(select(Clarification.id).order_by(sa.desc("id"))).first()
    assert found is not None
    return found


def dispute(code: str = "O10", day: date = date(2025, 8, 1), who: int | None = None) -> Dispute:
    with db.reading() as session:
        here = queries.get_assessment(session)
        actor = None if who is None else queries.get_actor(session, who, here.id)
        [found] = [one for one in queries.list_disputes(session, actor, here, day=day) if one.code == code]
        [alone] = queries.list_disputes(session, actor, here, day=day, code=code)
    assert alone == found
    return found


def counted() -> list[int]:
    with db.reading() as session:
        tables = (Clarification, ClarificationDecision, ClarificationResult)
        return [len(session.exec(select(table)).all()) for table in tables]


# --- the verdict ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["itap", "commander", "admin"])
def test_who_keeps_itap_and_who_plans_records_the_points_and_they_are_announced_scores(at_work: Cast, who: str):
    with db.writing() as session:
        assert verdict(session, getattr(at_work, who), {"O1": 0.0, "O2": 100.0}) == 2
        assert verdict(session, getattr(at_work, who), {"O1": 0.0}, NOW + timedelta(hours=1)) == 0
    with db.reading() as session:
        rows = session.exec(select(AnnouncedScore)).all()
        told = [(one.item, one.points, one.fiscal_year, one.source) for one in rows]
        listed = queries.list_scores(session, queries.get_assessment(session).id)
    assert told == [
        ("O1", 0.0, 2568, "ITAP"), ("O2", 100.0, 2568, "ITAP")
    ]  # fmt: skip
    assert {one.entry.item for one in listed} >= {"O1", "O2"}
    assert said(db.engine()) == []


@pytest.mark.parametrize("who", ["usa", "khanittha", "viewer"])
def test_nobody_else_records_points(at_work: Cast, who: str):
    with pytest.raises(NotYours), db.writing() as session:
        verdict(session, getattr(at_work, who), {"O1": 0.0})


def test_points_that_cannot_be_are_refused_all_together(at_work: Cast):
    for wrong in ({"O1": 101.0}, {"O99": 50.0}):
        with pytest.raises(PlanFaults), db.writing() as session:
            verdict(session, at_work.itap, {"O2": 50.0, **wrong})
    with db.reading() as session:
        assert session.exec(select(AnnouncedScore)).all() == []


def test_points_are_held_against_what_we_had_when_the_window_closed(filed: Cast):
    one = dispute()
    assert (one.first, one.points, one.source, one.lost, one.due) == (50.0, 50.0, "ITAP", 50.0, LAST)
    assert one.advice is Advice.weigh
    found = {each.what: each for each in one.findings}
    # From the closing day to the deadline: neither what failed before nor what fails in August is told.
    assert (found[What.broken].day, found[What.broken].times) == (date(2025, 5, 3), (1, 3))
    assert (found[What.opened].day, found[What.opened].until) == (date(2025, 5, 1), date(2025, 5, 4))
    assert (found[What.filed].day, found[What.approved].day) == (date(2025, 3, 5), date(2025, 3, 3))
    assert one.ours.judged == (URL,)
    assert {piece.name for piece in one.ours.pieces} == {"a.pdf", "a.word"}
    assert dispute("O6").advice is Advice.explained
    assert dispute("O9").advice is Advice.full
    assert dispute("O1").advice is Advice.unscored


def test_checks_run_to_the_item_s_own_deadline_and_not_to_the_last_one_of_all(filed: Cast):
    """Another item may be clarified until 31 July: what failed at O10's address on 7 July is none of O10's."""
    with db.writing() as session:
        of = item_id(session, "O10")
        for day in (4, 7):
            workflow.note_check(session, by=None, item_id=of, url=URL, found=Found(LinkOutcome.slow),
                                at=datetime(2025, 7, day, 3, tzinfo=UTC))  # fmt: skip
    write(filed.itap, "O6", due=date(2025, 7, 31))
    assert dispute("O6").due == date(2025, 7, 31)
    [broken] = [each for each in dispute().findings if each.what is What.broken]
    assert (broken.until, broken.times) == (LAST, (2, 4))
    write(filed.itap, "O10", due=date(2025, 7, 10), hours=2)
    [broken] = [each for each in dispute().findings if each.what is What.broken]
    assert (broken.until, broken.times) == (date(2025, 7, 7), (3, 5))


def test_a_day_before_the_verdict_knows_nothing_of_it(filed: Cast):
    write(filed.itap)
    before = dispute(day=date(2025, 6, 17))
    assert (before.first, before.clarifying, before.advice) == (None, None, Advice.unscored)
    assert dispute(day=date(2025, 6, 18)).standing is Standing.proposed


def test_an_officer_sees_only_the_items_of_their_duties(filed: Cast):
    write(filed.itap)
    with db.reading() as session:
        here = queries.get_assessment(session)
        for who, code in ((filed.piyaporn, "O10"), (filed.khanittha, "O10")):
            actor = queries.get_actor(session, who, here.id)
            seen = {one.code for one in queries.list_disputes(session, actor, here, day=date(2025, 8, 1))}
            assert code not in seen
            assert queries.list_clarifications(session, actor, here.id) == {}
        usa = queries.get_actor(session, filed.usa, here.id)
        assert set(queries.list_clarifications(session, usa, here.id)) == {item_id(session, "O10")}


# --- written ----------------------------------------------------------------------------------------------------------


def test_versions_are_only_added_and_each_has_its_entry(filed: Cast):
    assert write(filed.itap, propose=False)
    assert not write(filed.itap, propose=False, seen=1)  # a second click
    assert write(filed.itap, text=TEXT + " ดังนี้", seen=1)
    one = dispute()
    assert one.clarifying
    assert [(each.number, each.text, each.proposed) for each in one.clarifying.versions] == [
        (1, TEXT, False), (2, TEXT + " ดังนี้", True)
    ]  # fmt: skip
    assert one.standing is Standing.proposed
    with db.reading() as session:
        entries = session.exec(select(AuditEntry).where(AuditEntry.action == "clarification.write")).all()
        told = [(each.detail["number"], each.detail["item"], each.account_id) for each in entries]
    assert told == [
        (1, "O10", filed.itap), (2, "O10", filed.itap)
    ]  # fmt: skip
    assert said(db.engine()) == []


def test_a_supervisor_of_the_item_writes_too(filed: Cast):
    write(filed.khanittha, "O6")
    assert dispute("O6").standing is Standing.proposed


@pytest.mark.parametrize(
    ("who", "code", "refusal"),
    [
        ("usa", "O10", NotYours),  # prepares it
        ("commander", "O10", NotYours),
        ("admin", "O10", NotYours),
        ("viewer", "O10", NotYours),
        ("piyaporn", "O10", NotFound),
        ("khanittha", "O10", NotFound),  # supervises others
    ],
)
def test_nobody_else_writes(filed: Cast, who: str, code: str, refusal: type[Refused]):
    with pytest.raises(refusal):
        write(getattr(filed, who), code)
    write(filed.itap)
    with pytest.raises(refusal):
        give_up(getattr(filed, who), 1)
    assert counted() == [1, 0, 0]


def test_a_keeper_who_was_made_a_viewer_writes_and_records_nothing(filed: Cast):
    with db.writing() as session:
        set_role(session, filed.itap, Role.viewer)
    with pytest.raises(NotYours):
        write(filed.itap)
    with pytest.raises(NotYours), db.writing() as session:
        verdict(session, filed.itap, {"O1": 1.0})


def test_what_was_written_meanwhile_is_not_overwritten(filed: Cast):
    write(filed.itap)
    for seen in (0, 2):
        with pytest.raises(clarifications.ClarificationChanged):
            write(filed.itap, text="อื่น", seen=seen)
        with pytest.raises(clarifications.ClarificationChanged):
            give_up(filed.itap, seen)
    assert counted() == [1, 0, 0]


@pytest.mark.parametrize(
    ("code", "more", "refusal"),
    [
        ("O10", {"text": " "}, TextMissing),
        ("O10", {"text": "ก" * 20_001}, BadText),
        ("O10", {"text": "ก\u202e"}, BadText),
        ("O1", {}, clarifications.NotDisputed),  # no points yet
        ("O10", {"due": date(2025, 4, 30)}, clarifications.DueOutside),
        ("O10", {"due": date(2025, 10, 1)}, clarifications.DueOutside),
    ],
)
def test_what_cannot_be_is_refused(filed: Cast, code: str, more: dict, refusal: type[Refused]):
    with pytest.raises(refusal):
        write(filed.itap, code, **more)
    assert counted() == [0, 0, 0]


def test_points_that_were_retracted_are_nothing_to_clarify(filed: Cast):
    with db.writing() as session:
        here = queries.get_assessment(session).id
        [score] = [one.entry for one in queries.list_scores(session, here) if one.entry.item == "O10"]
        workflow.retract_score(session, by=filed.admin, assessment_id=here, entry=score, why="ผิดข้อ", at=NOW)
    with pytest.raises(clarifications.NotDisputed):
        write(filed.itap)
    assert dispute().advice is Advice.unscored


def test_the_deadline_is_the_plan_s_unless_another_was_typed(filed: Cast):
    write(filed.itap, due=LAST)
    assert dispute().clarifying.now.due is None  # it follows the plan when that is moved
    write(filed.itap, due=date(2025, 7, 10), seen=1)
    assert dispute().due == date(2025, 7, 10)


def test_without_such_a_step_in_the_plan_the_deadline_is_typed(filed: Cast):
    def rename(content: dict) -> None:
        for phase in content["framework"]["phases"]:
            for step in phase["steps"].values():
                step["title"] = step["title"].replace("การชี้แจง", "การอื่น")

    with db.writing() as session:
        revise(session, queries.get_assessment(session).id, rename, at=NOW)
    assert dispute().due is None
    with pytest.raises(clarifications.DueMissing):
        write(filed.itap)
    write(filed.itap, due=LAST)
    assert dispute().due == LAST


def test_it_is_given_up_with_a_reason_and_can_be_written_anew(filed: Cast):
    write(filed.itap)
    with pytest.raises(WhyMissing):
        give_up(filed.itap, 1, " ")
    give_up(filed.itap, 1)
    assert dispute().standing is None
    with pytest.raises(clarifications.NoClarification):
        give_up(filed.itap, 2)
    assert write(filed.itap, seen=2)
    assert dispute().standing is Standing.proposed
    assert said(db.engine()) == []


# --- decided ----------------------------------------------------------------------------------------------------------


def test_the_commander_approves_the_version_and_a_new_one_waits_again(filed: Cast):
    write(filed.itap)
    decide(filed.commander)
    decide(filed.commander)  # a second click
    assert dispute().standing is Standing.approved
    assert not write(filed.itap, seen=1)
    write(filed.itap, text="แก้ไข", seen=1, hours=5)
    assert dispute().standing is Standing.proposed
    assert counted() == [2, 1, 0]
    assert said(db.engine()) == []


def test_or_sends_it_back_with_a_reason_and_the_same_text_can_be_proposed_anew(filed: Cast):
    write(filed.itap)
    with pytest.raises(ReasonMissing):
        decide(filed.commander, approve=False)
    decide(filed.commander, approve=False, reason="เพิ่มวันที่")
    one = dispute()
    assert one.standing is Standing.returned
    assert one.clarifying.now.decided.reason == "เพิ่มวันที่"
    with pytest.raises(clarifications.NotProposed):
        decide(filed.commander)
    assert write(filed.itap, seen=1, hours=6)
    assert dispute().standing is Standing.proposed


@pytest.mark.parametrize(
    ("who", "refusal"),
    [("itap", NotYours), ("usa", NotYours), ("admin", NotYours), ("viewer", NotYours), ("piyaporn", NotFound)],
)
def test_nobody_else_decides(filed: Cast, who: str, refusal: type[Refused]):
    write(filed.itap)
    for approve in (True, False):
        with pytest.raises(refusal):
            decide(getattr(filed, who), approve=approve, reason="x")
    assert counted() == [1, 0, 0]


def test_a_commander_who_keeps_itap_does_not_approve_their_own_words(filed: Cast):
    with db.writing() as session:
        session.exec(select(Grant).where(Grant.account_id == filed.commander)).one().keeps_itap = True
    write(filed.commander)
    with pytest.raises(OwnEvidence):
        decide(filed.commander)


def test_a_draft_and_an_older_version_are_not_decided_on(filed: Cast):
    write(filed.itap, propose=False)
    with pytest.raises(clarifications.NotProposed):
        decide(filed.commander)
    first = newest()
    write(filed.itap, seen=1)
    with pytest.raises(clarifications.ClarificationChanged):
        decide(filed.commander, version=first)
    with pytest.raises(NotFound):
        decide(filed.commander, version=999)


# --- answered ---------------------------------------------------------------------------------------------------------


def test_the_answer_and_the_points_after_it_are_recorded_and_corrected_by_a_later_record(filed: Cast):
    write(filed.itap)
    with pytest.raises(clarifications.NotApprovedYet):
        answer(filed.itap)
    decide(filed.commander)
    assert answer(filed.itap, ClarificationOutcome.partly, 80.0, "ขาด ก.พ.")
    assert not answer(filed.itap, ClarificationOutcome.partly, 80.0, "ขาด ก.พ.", days=31)
    one = dispute()
    assert one.standing is Standing.answered
    assert (one.first, one.points, one.lost) == (50.0, 80.0, 50.0)
    assert one.clarifying.answer.points == 80.0
    assert dispute(day=date(2025, 7, 1)).points == 50.0
    assert answer(filed.itap, ClarificationOutcome.granted, 100.0, days=32)
    one = dispute()
    assert (one.first, one.points, one.clarifying.answer.outcome) == (50.0, 100.0, ClarificationOutcome.granted)
    with db.reading() as session:
        scores = session.exec(select(AnnouncedScore.points).where(AnnouncedScore.item == "O10")).all()
    assert list(scores) == [50.0, 80.0, 100.0]
    for act in (lambda: write(filed.itap, text="อื่น", seen=1), lambda: give_up(filed.itap, 1)):
        with pytest.raises(clarifications.Answered):
            act()
    assert said(db.engine()) == []


def test_points_that_stay_as_they_were_make_no_score(filed: Cast):
    write(filed.itap)
    decide(filed.commander)
    answer(filed.itap, ClarificationOutcome.refused, None)
    one = dispute()
    assert (one.points, one.clarifying.answer.points) == (50.0, None)
    answer(filed.itap, ClarificationOutcome.refused, 50.0, days=31)
    assert dispute().clarifying.answer.points == 50.0
    with db.reading() as session:
        assert len(session.exec(select(AnnouncedScore).where(AnnouncedScore.item == "O10")).all()) == 1


@pytest.mark.parametrize(("who", "refusal"), [("commander", NotYours), ("admin", NotYours), ("piyaporn", NotFound)])
def test_only_who_keeps_itap_records_the_answer(filed: Cast, who: str, refusal: type[Refused]):
    write(filed.itap)
    decide(filed.commander)
    with pytest.raises(refusal):
        answer(getattr(filed, who))
    with pytest.raises(PlanFaults):
        answer(filed.itap, points=101.0)
    assert counted() == [1, 1, 0]


def test_in_a_closed_year_nothing_is_written_but_points_are_recorded(filed: Cast):
    write(filed.itap)
    with db.writing() as session:
        of = queries.get_assessment(session).id
        workflow.close_year(session, by=filed.commander, assessment_id=of, at=NOW + timedelta(hours=2))
        assert verdict(session, filed.itap, {"O1": 10.0}, NOW + timedelta(hours=3)) == 1
    for act in (
        lambda: write(filed.itap, text="อื่น", seen=1),
        lambda: give_up(filed.itap, 1),
        lambda: decide(filed.commander),
        lambda: answer(filed.itap),
    ):
        with pytest.raises(workflow.YearClosed):
            act()


# --- proof ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("statement", "finding"),
    [
        ("UPDATE clarification SET text = 'อื่น'", "clarification 1"),
        ("UPDATE clarification SET proposed = 0", "clarification 1"),
        ("DELETE FROM clarificationdecision", "word on clarification 1"),
        ("UPDATE clarificationdecision SET decision = 'returned'", "word on clarification 1"),
        ("UPDATE clarificationresult SET outcome = 'refused'", "answer 1"),
        ("UPDATE clarificationresult SET score_id = NULL", "answer 1"),
    ],
)
def test_what_is_changed_past_the_product_is_found(filed: Cast, statement: str, finding: str):
    write(filed.itap)
    decide(filed.commander)
    answer(filed.itap)
    assert said(db.engine()) == []
    with db.engine().begin() as connection:
        connection.execute(sa.text(statement))
    told = said(db.engine())
    assert len(told) == 1
    assert finding in told[0]
