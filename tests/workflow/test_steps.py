"""Steps of the calendar said to be done by hand and taken back: by whom, what is refused, and what of it lasts."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import select

from ita_core import db, queries, workflow
from ita_core.board.steps import StepStanding, StepState
from ita_core.days import day_of
from ita_core.errors import BadText, NotFound, NotYours, Refused
from ita_core.models import AuditEntry, Role, StepSign, StepTick
from ita_core.plan import editing
from ita_core.plan.apply import revise
from ita_core.plan.scores import ScoreEntry
from ita_core.proof.comparing import Rows, differences
from ita_core.workflow import steps
from ita_core.workflow.asking import YearClosed
from tests.cast import BEGINNING, Cast, replan, set_role
from tests.workflow.stakeholders import begin, bring
from tests.workflow.work import NOW as WORKED
from tests.workflow.work import complete

NOW = datetime(2025, 3, 10, 5, tzinfo=UTC)
DAY, ANNOUNCED = date(2025, 2, 20), date(2025, 3, 15)
EIT_LIST = "การนำเข้าข้อมูลผู้มีส่วนได้ส่วนเสียภายนอก (EIT (2)) ของหน่วยงาน"  # step 4: khanittha supervises


def stand(day: date = ANNOUNCED, step: int = 4) -> StepStanding:
    with db.reading() as session:
        return queries.list_steps(session, queries.get_assessment(session), day)[step - 1]


def tick(by: int, step: int = 4, title: str = EIT_LIST, day: date = DAY, at: datetime = NOW, note: str = "") -> None:
    with db.writing() as session:
        workflow.tick_step(
            session, by=by, assessment_id=queries.get_assessment(session).id, step=step, title=title, day=day,
            note=note, at=at,
        )  # fmt: skip


def untick(by: int, step: int = 4, title: str = EIT_LIST, at: datetime = NOW, note: str = "") -> None:
    with db.writing() as session:
        workflow.untick_step(
            session, by=by, assessment_id=queries.get_assessment(session).id, step=step, title=title, note=note, at=at
        )


def rows() -> int:
    with db.reading() as session:
        return len(session.exec(select(StepTick)).all())


@pytest.mark.parametrize("who", ["khanittha", "commander"])
def test_who_leads_a_step_and_the_commander_say_that_it_is_done_and_take_it_back(at_work: Cast, who: str):
    by = getattr(at_work, who)
    assert stand().state is StepState.overdue
    tick(by, note="หนังสือ 12/2568")
    found = stand()
    assert (found.state, found.since, found.days_late) == (StepState.done, DAY, 3)
    assert found.by_hand
    assert (found.by_hand.note, found.by_hand.at) == ("หนังสือ 12/2568", NOW)
    untick(by, at=NOW + timedelta(days=1), note="ส่งผิดไฟล์")
    found = stand()
    assert (found.state, found.by_hand) == (StepState.overdue, None)
    assert [(one.done, one.note) for one in found.ticks] == [(True, "หนังสือ 12/2568"), (False, "ส่งผิดไฟล์")]
    assert rows() == 2
    with db.reading() as session:
        entries = session.exec(select(AuditEntry).where(AuditEntry.account_id == by)).all()[-2:]
        assert [(one.action, one.detail["step"], one.detail["done"]) for one in entries] == [
            ("step.tick", 4, True), ("step.untick", 4, False)
        ]  # fmt: skip


def test_a_day_before_it_was_said_shows_it_not_done_and_one_before_it_was_taken_back_done(at_work: Cast):
    tick(at_work.khanittha)
    untick(at_work.khanittha, at=NOW + timedelta(days=2))
    states = [stand(date(2025, 3, day)).state for day in (9, 10, 11, 12, 15)]
    late, done = StepState.overdue, StepState.done
    assert states == [late, done, done, late, late]


@pytest.mark.parametrize("who", ["usa", "pramote", "itap", "admin", "viewer"])
def test_nobody_else_says_so_or_takes_it_back(at_work: Cast, who: str):
    with pytest.raises(NotYours):
        tick(getattr(at_work, who))
    tick(at_work.commander)
    with pytest.raises(NotYours):
        untick(getattr(at_work, who))
    assert rows() == 1


def test_a_member_of_a_team_leads_its_step(at_work: Cast):
    title = "การเตรียมความพร้อม"  # step 1: prepared by the team
    with pytest.raises(NotYours):
        tick(at_work.usa, 1, title)
    with db.writing() as session:
        replan(session, lambda plan: plan["teams"]["ita-team"]["members"].append("usa"), NOW)
    tick(at_work.usa, 1, title)
    assert stand(step=1).state is StepState.done


def test_one_who_leads_it_but_was_made_a_viewer_says_nothing(at_work: Cast):
    with db.writing() as session:
        set_role(session, at_work.khanittha, Role.viewer)
    with pytest.raises(NotYours):
        tick(at_work.khanittha)


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        ({"day": date(2025, 3, 11)}, steps.NotThen),
        ({"day": date(2024, 9, 30)}, steps.NotThen),
        ({"title": "ขั้นตอนอื่น"}, steps.StepMoved),
        ({"step": 99}, steps.StepMoved),
        ({"note": "ก\u202e"}, BadText),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_recorded(at_work: Cast, wrong: dict, refusal: type[Refused]):
    with pytest.raises(refusal):
        tick(at_work.commander, **wrong)
    assert rows() == 0


def test_twice_is_once_and_what_nobody_said_cannot_be_taken_back(at_work: Cast):
    with pytest.raises(steps.NotTicked):
        untick(at_work.commander)
    tick(at_work.commander)
    with pytest.raises(steps.StepDone):
        tick(at_work.khanittha)
    untick(at_work.khanittha)
    with pytest.raises(steps.NotTicked):
        untick(at_work.commander)
    assert rows() == 2


def test_of_the_assessors_step_the_commander_may_say_it_and_nobody_is_called_upon(at_work: Cast):
    found = stand(date(2025, 9, 30), 8)
    assert (found.state, found.step.led) == (StepState.over, False)
    with pytest.raises(NotYours):
        tick(at_work.khanittha, 8, found.step.title)
    tick(at_work.commander, 8, found.step.title)
    assert stand(date(2025, 9, 30), 8).state is StepState.done


def test_a_closed_year_and_an_account_of_nowhere(at_work: Cast):
    with pytest.raises(NotFound):
        tick(9_999)
    with db.writing() as session:
        of = queries.get_assessment(session).id
        workflow.close_year(session, by=at_work.commander, assessment_id=of, at=NOW)
    with pytest.raises(YearClosed):
        tick(at_work.khanittha)


# --- shown by the records of a whole office --------------------------------------------------------------------------


def test_the_plans_own_signs_show_their_steps_done(at_work: Cast):
    assert [stand(step=number).step.sign is not None for number in range(1, 15)] == [
        number in {1, 4, 5, 6, 7, 14} for number in range(1, 15)
    ]
    assert stand(step=1).state is StepState.overdue
    with db.writing() as session:
        replan(session, lambda plan: plan["steps"]["1"].update(shown_by="evidence_of O10"), BEGINNING)
        complete(session, at_work)
        workflow.announce_scores(
            session, by=at_work.admin, assessment_id=queries.get_assessment(session).id,
            entries=[ScoreEntry(2568, "", None, "", 95.9, "ป.ป.ช.")], at=NOW,
        )  # fmt: skip
    assert (stand(step=1).sign, stand(step=1).since) == (StepSign.evidence_of, day_of(WORKED))
    with db.writing() as session:
        workflow.announce_scores(  # with its source: it was known before
            session, by=at_work.admin, assessment_id=queries.get_assessment(session).id,
            entries=[ScoreEntry(2568, "", None, "", 95.9, "ประกาศ ป.ป.ช.")], at=NOW + timedelta(days=2),
        )  # fmt: skip
    assert stand(step=14).since == date(2025, 3, 10)
    assert stand(date(2025, 3, 9), 14).since is None
    with pytest.raises(steps.StepDone):
        tick(at_work.commander, 14, stand(step=14).step.title)


def test_the_list_of_stakeholders_shows_its_step_done_while_it_is_not_taken_back(at_work: Cast):
    begin(at_work.itap)
    assert stand().state is StepState.overdue
    bring(at_work.itap, at=NOW)
    number = bring(at_work.itap, at=NOW + timedelta(days=1))  # the one before is deleted, since this replaced it
    assert (stand().sign, stand().since) == (StepSign.stakeholders_listed, day_of(NOW))
    with db.writing() as session:
        of = queries.get_assessment(session).id
        workflow.delete_stakeholders(session, by=at_work.itap, assessment_id=of, list_id=number,
                                     at=NOW + timedelta(days=2))  # fmt: skip
    assert stand().since == day_of(NOW)  # the step was over: the list has been of use
    with db.writing() as session:
        change(session, renamed(4, ends=date(2025, 3, 31)), NOW + timedelta(days=3))
    assert stand().since is None  # it still runs: without the list it is not done


# --- through the plan's revisions ------------------------------------------------------------------------------------


def change(session: db.Session, edit: Callable[[dict[str, Any]], object], at: datetime) -> None:
    revise(session, queries.get_assessment(session).id, edit, at=at)


def renamed(step: int, *, ends: date | None = None, **words: str) -> Callable[[dict[str, Any]], None]:
    def edit(content: dict[str, Any]) -> None:
        one = next(phase["steps"][str(step)] for phase in editing.calendar_of(content) if str(step) in phase["steps"])
        made = editing.StepWords(
            words.get("title", one["title"]), words.get("work", one["work"]), date.fromisoformat(one["starts"]),
            ends or date.fromisoformat(one["ends"]),
        )  # fmt: skip
        editing.set_steps(content, {step: made})

    return edit


def in_phase_two() -> editing.StepWords:
    return editing.StepWords("ขั้นใหม่", "งานใหม่", date(2025, 1, 1), date(2025, 1, 31))


@pytest.mark.parametrize(
    ("edit", "number"),
    [
        (lambda content: editing.add_step(content, (1, 0), in_phase_two()), 5),
        (lambda content: editing.move_step(content, 4, (1, 0)), 2),
        (lambda content: editing.take_out_step(content, 2), 3),
        (renamed(4, title="นำเข้ารายชื่อ EIT(2)"), 4),
        (renamed(4, work="งานที่เขียนใหม่"), 4),
    ],
)
def test_what_was_said_goes_where_the_step_goes(at_work: Cast, edit: Callable[[dict[str, Any]], None], number: int):
    tick(at_work.khanittha)
    with db.writing() as session:
        change(session, edit, NOW + timedelta(hours=1))
    with db.reading() as session:
        listed = queries.list_steps(session, queries.get_assessment(session), ANNOUNCED)
    assert [one.step.position for one in listed if one.ticks] == [number]
    assert stand(step=number).state is StepState.done


def test_of_a_step_that_stands_where_another_was_nothing_was_said(at_work: Cast):
    tick(at_work.khanittha)
    with db.writing() as session:
        change(session, renamed(4, title="อีกขั้น", work="งานอื่น"), NOW + timedelta(hours=1))
    assert stand().ticks == ()
    with db.writing() as session:  # and nothing comes back by a name that another step gets later
        change(session, renamed(4, title=EIT_LIST), NOW + timedelta(hours=2))
    assert stand().ticks == ()
    assert stand(date(2025, 3, 9)).ticks == ()


def test_it_can_be_taken_back_in_the_plan_of_later_by_the_number_that_it_has_there(at_work: Cast):
    tick(at_work.khanittha)
    with db.writing() as session:
        change(session, lambda content: editing.take_out_step(content, 2), NOW + timedelta(hours=1))
    untick(at_work.khanittha, 3, at=NOW + timedelta(hours=2))
    assert [one.done for one in stand(step=3).ticks] == [True, False]


def test_what_was_said_is_told_by_the_audit(at_work: Cast):
    tick(at_work.khanittha, note="ก")
    with db.reading() as session:
        assert differences(Rows(session)) == []
        session.connection().execute(sa.update(StepTick).values(day=date(2025, 1, 1)))
        [(name, says)] = differences(Rows(session))
    assert name == "tick 1"
    assert "2025-01-01" in says
