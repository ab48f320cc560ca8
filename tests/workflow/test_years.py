"""Years begun, confirmed, closed and opened again; plans put in force; and nothing of one office for another."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import Session, select

from ita_core import audit, db, queries, workflow
from ita_core.errors import NotFound, NotYours, ReasonMissing
from ita_core.models import AuditEntry, Grant, Office, Person, Role
from ita_core.plan.apply import apply_plan
from ita_core.plan.plan import find_plan, load_with_framework
from ita_core.proof.comparing import Rows
from ita_core.proof.verify import row_findings
from tests.cast import Cast, account, give_duty, item_id, replan
from tests.workflow.work import NOW, hand_in

LATER = datetime(2026, 11, 26, 2, 0, tzinfo=UTC)
RULES, REAL = load_with_framework(find_plan("prachuap-2568"))


def here(session: Session, year: int = 2568) -> queries.AssessmentFacts:
    return queries.get_assessment(session, f"prachuap-{year}")


def begin(engine: sa.Engine, by: int | None, year: int = 2570) -> int:
    with db.writing(engine) as session:
        made = workflow.start_year(session, by=by, source_id=here(session).id, year=year, at=LATER)
    return made.assessment.id or 0


@pytest.fixture
def other(engine: sa.Engine) -> int:
    """The commander of another office with the same plan."""
    office = REAL.office.model_copy(update={"code": "zone", "name": "ที่อื่น", "short": "ที่อื่น"})
    with db.writing(engine) as session:
        made = apply_plan(session, RULES, REAL.model_copy(update={"office": office}), at=NOW).assessment
        return account(session, NOW, "elsewhere", "ที่อื่น", Role.commander, made.office_id)


@pytest.mark.both
def test_a_year_begins_with_its_own_work_and_everybody_keeps_their_duties(engine: sa.Engine, cast: Cast):
    with db.writing(engine) as session:
        hand_in(session, cast.usa)
    of = begin(engine, cast.admin)
    with db.reading(engine) as session:
        years = queries.list_years(session)
        assert [(one.assessment.name, one.open, len(one.assumed)) for one in years] == [
            ("prachuap-2570", True, 24), ("prachuap-2568", True, 0),
        ]  # fmt: skip
        old, new = (queries.get_actor(session, cast.usa, one) for one in (here(session).id, of))
        assert old.officer_id != new.officer_id
        assert queries.has_duties(session, old) == queries.has_duties(session, new) == (True, False)
        data = queries.take_snapshot(session, here(session, 2570))
        assert data.records.hand_ins == []
        assert queries.get_visible(session, cast.usa, day=date(2026, 11, 26)).fiscal_year == 2570
        assert queries.get_visible(session, cast.usa, day=date(2026, 9, 30)).fiscal_year == 2568
        assert queries.get_visible(session, cast.usa, year="2568", day=date(2026, 11, 26)).fiscal_year == 2568
        with pytest.raises(NotFound):
            queries.get_visible(session, cast.usa, year="2569", day=date(2026, 11, 26))
        assert audit.faults(session) == []


def test_a_year_begins_once_and_only_after_the_one_before(engine: sa.Engine, cast: Cast):
    begin(engine, cast.commander)
    with pytest.raises(workflow.YearBegun, match="2570"):
        begin(engine, cast.commander)
    with pytest.raises(workflow.NotLater):
        begin(engine, cast.commander, 2567)


@pytest.mark.parametrize("who", ["usa", "khanittha", "itap", "viewer"])
def test_only_who_administers_or_commands_plans(engine: sa.Engine, cast: Cast, who: str):
    with pytest.raises(NotYours):
        begin(engine, getattr(cast, who))
    with db.writing(engine) as session:
        of, by = here(session).id, getattr(cast, who)
        for act in (
            lambda: workflow.put_in_force(session, RULES, REAL, by=by, assessment_id=of, seen=1, note="", at=NOW),
            lambda: workflow.go_back(session, by=by, assessment_id=of, number=1, note="", at=NOW),
            lambda: workflow.confirm_items(session, by=by, assessment_id=of, codes=["O1"], source="x", at=NOW),
            lambda: workflow.close_year(session, by=by, assessment_id=of, at=NOW),
            lambda: workflow.reopen(session, by=by, assessment_id=of, reason="x", at=NOW),
        ):
            with pytest.raises(NotYours):
                act()
        with pytest.raises(NotYours):  # the administrator begins years, the commander closes them
            workflow.close_year(session, by=cast.admin, assessment_id=of, at=NOW)


def test_who_has_left_does_not_come_along(engine: sa.Engine, cast: Cast):
    with db.writing(engine) as session:
        session.exec(select(Person).where(Person.key == "usa")).one().until = date(2026, 9, 30)
    of = begin(engine, None)
    with db.reading(engine) as session:
        assert "usa" not in {one.key for one in queries.get_history(session, of).now.parties.values()}
        who = queries.get_actor(session, cast.usa, of)
        assert (who.officer_id, queries.has_duties(session, who)) == (None, (False, False))


def test_items_are_confirmed_one_by_one_or_all_with_the_source_named(engine: sa.Engine, cast: Cast):
    of = begin(engine, cast.admin)

    def confirm(codes: list[str], source: str = "คู่มือ 2570") -> None:
        with db.writing(engine) as session:
            workflow.confirm_items(session, by=cast.commander, assessment_id=of, codes=codes, source=source, at=LATER)

    with pytest.raises(ReasonMissing):
        confirm(["O1"], " ")
    with pytest.raises(NotFound):
        confirm(["O1", "O99"])
    confirm(["O1", "O2"])
    with db.reading(engine) as session:
        year = queries.get_year(session, here(session, 2570))
        assert len(year.assumed) == 22
        last = queries.list_revisions(session, of)[-1]
        assert (last.number, last.note, last.by) == (2, "คู่มือ 2570", "เทียนชัย ชมภู")
    confirm(list(year.assumed))
    with db.reading(engine) as session:
        assert queries.get_year(session, here(session, 2570)).assumed == ()


@pytest.mark.both
def test_of_two_who_put_plans_in_force_the_second_is_told_and_loses_nothing(engine: sa.Engine, cast: Cast):
    def put(target: float, seen: int, by: int) -> None:
        with db.writing(engine) as session:
            plan = queries.get_history(session, here(session).id).now.plan.model_copy(update={"target": target})
            workflow.put_in_force(
                session, RULES, plan, by=by, assessment_id=here(session).id, seen=seen, note="คำสั่ง", at=NOW
            )

    put(96, 1, cast.admin)
    with pytest.raises(workflow.PlanMoved, match=r"Revision 2 .*admin"):
        put(97, 1, cast.commander)
    put(97, 2, cast.commander)
    with pytest.raises(workflow.NothingChanges):
        put(97, 3, cast.commander)
    with db.writing(engine) as session:
        workflow.go_back(session, by=cast.admin, assessment_id=here(session).id, number=1, note="ยกเลิก", at=NOW)
    with db.reading(engine) as session:
        history = queries.get_history(session, here(session).id)
        assert [one.plan.target for one in history.plans] == [95, 96, 97, 95]
        assert history.plans[-1].revision.hash == history.plans[0].revision.hash


@pytest.mark.both
def test_a_closed_year_is_looked_at_and_not_changed_but_for_what_was_opened_again(engine: sa.Engine, cast: Cast):
    with db.writing(engine) as session:
        waiting = hand_in(session, cast.usa)
        of, o6 = here(session).id, item_id(session, "O6")
        workflow.close_year(session, by=cast.commander, assessment_id=of, at=NOW)
        workflow.close_year(session, by=cast.commander, assessment_id=of, at=NOW)  # a second press

    def refused(act: Callable[[Session], object]) -> None:
        with pytest.raises(workflow.YearClosed, match="2568"), db.writing(engine) as session:
            act(session)

    refused(lambda session: hand_in(session, cast.usa))
    refused(lambda session: workflow.withdraw(session, by=cast.usa, evidence_id=waiting, at=NOW))
    refused(lambda session: workflow.check_hand_in(session, by=cast.usa, item_id=o6))
    refused(lambda session: workflow.open_meeting(session, by=cast.commander, assessment_id=of, at=NOW))
    refused(lambda session: workflow.go_back(session, by=cast.admin, assessment_id=of, number=1, note="", at=NOW))
    with db.writing(engine) as session:
        with pytest.raises(ReasonMissing):
            workflow.reopen(session, by=cast.commander, assessment_id=of, item_id=o6, reason="", at=NOW)
        with pytest.raises(NotFound):
            workflow.reopen(session, by=cast.commander, assessment_id=of, item_id=4711, reason="x", at=NOW)
        workflow.reopen(session, by=cast.commander, assessment_id=of, item_id=o6, reason="ITAP ให้แก้ไข", at=NOW)
        hand_in(session, cast.usa)
    refused(lambda session: hand_in(session, cast.usa, "O10"))
    with db.writing(engine) as session:
        workflow.reopen(session, by=cast.commander, assessment_id=of, reason="ปิดผิดปี", at=NOW)
        hand_in(session, cast.usa, "O10", period="2025-01", format="pdf")
        workflow.close_year(session, by=cast.commander, assessment_id=of, at=NOW)
    refused(lambda session: hand_in(session, cast.usa))  # closed again, the item too
    with db.reading(engine) as session:
        told = [one.what.value for one in queries.list_year_events(session, of)]
        assert told == ["closed", "reopened", "reopened", "closed"]
        acts = session.exec(select(AuditEntry.action).where(AuditEntry.action.startswith("year."))).all()
        assert len(acts) == 4
    begin(engine, cast.admin)  # from a closed year, too


def test_nothing_of_another_office_is_for_anybody(engine: sa.Engine, cast: Cast, other: int):
    with db.writing(engine) as session:
        made = hand_in(session, cast.usa)
        mine, theirs = here(session).id, queries.get_assessment(session, "zone-2568").id
    with db.reading(engine) as session:
        assert [one.name for one in queries.list_visible(session, other)] == ["zone-2568"]
        assert [one.name for one in queries.list_visible(session, cast.commander)] == ["prachuap-2568"]
        for who, of in ((other, mine), (cast.commander, theirs), (cast.admin, theirs), (cast.usa, theirs)):
            with pytest.raises(NotFound):
                queries.get_actor(session, who, of)
        with pytest.raises(NotFound):
            queries.get_visible(session, other, office="prachuap", day=NOW.date())
        with pytest.raises(NotFound):
            queries.get_evidence(session, other, made)
        assert queries.is_others(session, other, evidence_id=made)
        assert not queries.get_actor(session, cast.commander, mine).everywhere
    for act in (
        lambda session: workflow.start_year(session, by=other, source_id=mine, year=2570, at=NOW),
        lambda session: workflow.close_year(session, by=other, assessment_id=mine, at=NOW),
        lambda session: workflow.open_meeting(session, by=other, assessment_id=mine, at=NOW),
        lambda session: workflow.approve(
            session, by=other, item_id=queries.get_item_id(session, mine, "O6"), fingerprint="", at=NOW
        ),
        lambda session: workflow.withdraw(session, by=other, evidence_id=made, at=NOW),
    ):
        with pytest.raises(NotFound), db.writing(engine) as session:
            act(session)


def test_a_role_above_holds_below_where_it_says_so(engine: sa.Engine, cast: Cast, other: int):
    with db.writing(engine) as session:
        above = Office(code="bureau", name="กองบังคับการ", short="บก.")
        session.add(above)
        session.flush()
        for code in ("prachuap", "zone"):
            session.exec(select(Office).where(Office.code == code)).one().parent_id = above.id
        chief = account(session, NOW, "chief", "ผบก.", Role.commander, above.id or 0)
    with db.reading(engine) as session:
        assert queries.list_visible(session, chief) == []
    with db.writing(engine) as session:
        session.exec(select(Grant).where(Grant.account_id == chief)).one().below = True
    with db.reading(engine) as session:
        assert {one.name for one in queries.list_visible(session, chief)} == {"prachuap-2568", "zone-2568"}
        assert queries.get_actor(session, chief, here(session).id).everywhere


def test_rights_follow_the_plan_of_now_and_what_is_shown_the_plan_of_the_day(engine: sa.Engine, cast: Cast):
    """Piyaporn gets O6: she sees it on past days, too; on those days others were to hand it in."""
    with db.writing(engine) as session:
        give_duty(session, cast.pattama, "O6")
        replan(session, lambda plan: plan["duties"]["O6"]["prepare"].append({"who": "piyaporn", "task": ""}), NOW)
    with db.reading(engine) as session:
        who = queries.get_actor(session, cast.piyaporn, here(session).id)
        data = queries.current_snapshot(session, here(session))
    past = data.on(date(2025, 2, 26)).visible_to(who)
    o6 = next(item for item in past.items if item.code == "O6")
    assert who.officer_id not in o6.preparers
    assert who.officer_id in next(item for item in data.items if item.code == "O6").preparers


@pytest.mark.both
def test_the_commander_names_the_revision_that_dates_are_compared_with(engine: sa.Engine, cast: Cast):
    def first_due(session: Session) -> date | None:
        now = queries.get_history(session, here(session).id).now
        return next(item for item in now.items if item.code == "O7").slots[0].first_due

    def move(session: Session, day: str) -> None:
        replan(session, lambda plan: plan["deadlines"].update(own={"O7": {"": day}}), NOW)

    with db.writing(engine) as session:
        move(session, "2025-03-31")
        move(session, "2025-04-30")
        assert first_due(session) == date(2025, 2, 28)
    with db.writing(engine) as session:
        workflow.name_baseline(session, by=cast.commander, assessment_id=here(session).id, number=2, at=NOW)
    with db.reading(engine) as session:
        assert first_due(session) == date(2025, 3, 31)
        assert queries.get_history(session, here(session).id).baseline == 2
        assert row_findings(Rows(session)) == []


def test_nobody_else_names_it_and_none_that_is_not_there(engine: sa.Engine, cast: Cast):
    for who, number, refusal in (
        (cast.admin, 1, NotYours), (cast.khanittha, 1, NotYours), (cast.commander, 2, NotFound),
    ):  # fmt: skip
        with pytest.raises(refusal), db.writing(engine) as session:
            workflow.name_baseline(session, by=who, assessment_id=here(session).id, number=number, at=NOW)


def test_a_baseline_of_the_same_content_is_another_one(engine: sa.Engine, cast: Cast):
    """Revisions 1 and 3 are alike, but what came between them was not planned yet for the third."""

    def due_first(session: Session) -> date | None:
        now = queries.get_history(session, here(session).id).now
        return next(item for item in now.items if item.code == "S3").slots[0].first_due

    def add(day: str) -> Callable[[dict[str, Any]], None]:
        def change(plan: dict[str, Any]) -> None:
            plan["measures"]["S3"] = plan["measures"]["S2"] | {"title": "มาตรการใหม่"}
            plan["deadlines"]["own"] = {"S3": {"": day}}

        return change

    with db.writing(engine) as session:
        replan(session, add("2025-04-01"), NOW)
        workflow.go_back(session, by=cast.admin, assessment_id=here(session).id, number=1, note="", at=NOW)
        replan(session, add("2025-06-01"), NOW)
        assert due_first(session) == date(2025, 4, 1)
        workflow.name_baseline(session, by=cast.commander, assessment_id=here(session).id, number=3, at=NOW)
        assert due_first(session) == date(2025, 6, 1)
