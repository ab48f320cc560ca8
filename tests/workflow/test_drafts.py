"""Changes of a plan gather in a draft; who leaves hands over."""

from collections.abc import Callable
from datetime import date

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col, select

from ita_core import db, queries, workflow
from ita_core.errors import NotFound, NotYours
from ita_core.models import Account, DutyKind, Person, PersonName
from ita_core.plan import editing
from ita_core.plan.content import Content, content_of
from ita_core.plan.following import NOBODY_YET
from ita_core.proof.comparing import Rows
from ita_core.proof.verify import row_findings
from tests.cast import Cast
from tests.workflow.work import NOW, hand_in

O7 = {("O7", ""): date(2025, 3, 31)}


def here(session: Session) -> int:
    return queries.get_assessment(session).id


def later(content: Content) -> None:
    editing.move_deadlines(content, O7)


def due(session: Session, code: str = "O7") -> date | None:
    plan = queries.get_history(session, here(session)).now
    return next(item.slots[0].due for item in plan.items if item.code == code)


@pytest.mark.both
def test_what_is_changed_gathers_and_nothing_is_in_force_before_it_is_put(engine: sa.Engine, cast: Cast):
    with db.writing(engine) as session:
        of = here(session)
        workflow.edit(session, later, by=cast.admin, assessment_id=of, at=NOW)
        workflow.edit(
            session, lambda plan: editing.set_duties(plan, "O7", ["khanittha"], ["usa"]), by=cast.admin,
            assessment_id=of, at=NOW,
        )  # fmt: skip
        assert due(session) == date(2025, 2, 28)
    with db.reading(engine) as session:
        draft = queries.find_draft(session, of)
        assert draft is not None
        assert (draft.by, draft.plan.deadlines.own) == ("admin", {"O7": {"": date(2025, 3, 31)}})
    with db.writing(engine) as session:
        workflow.put_draft_in_force(session, by=cast.commander, assessment_id=of, seen=1, note="คำสั่ง 3", at=NOW)
        assert due(session) == date(2025, 3, 31)
        last = queries.list_revisions(session, of)[-1]
        assert (last.number, last.note, last.by) == (2, "คำสั่ง 3", "เทียนชัย ชมภู")
        assert queries.find_draft(session, of) is None
        with pytest.raises(NotFound):
            workflow.put_draft_in_force(session, by=cast.admin, assessment_id=of, seen=2, note="", at=NOW)
    with db.reading(engine) as session:
        assert row_findings(Rows(session)) == []


def test_of_two_who_change_a_plan_the_second_is_told_and_may_take_over(engine: sa.Engine, cast: Cast):
    with db.writing(engine) as session:
        workflow.edit(session, later, by=cast.admin, assessment_id=here(session), at=NOW)
    with pytest.raises(workflow.DraftOfAnother, match="admin"), db.writing(engine) as session:
        workflow.edit(session, later, by=cast.commander, assessment_id=here(session), at=NOW)
    with db.writing(engine) as session:
        of = here(session)
        workflow.edit(session, later, by=cast.commander, assessment_id=of, take_over=True, at=NOW)
        draft = queries.find_draft(session, of)
        assert draft is not None
        assert draft.account_id == cast.commander
        workflow.discard_draft(session, by=cast.admin, assessment_id=of, at=NOW)
        assert queries.find_draft(session, of) is None


def test_a_draft_that_was_compared_with_an_older_revision_is_not_put_in_force(engine: sa.Engine, cast: Cast):
    with db.writing(engine) as session:
        of = here(session)
        workflow.edit(session, later, by=cast.admin, assessment_id=of, at=NOW)
        workflow.set_members(
            session, by=cast.admin, group_id=party(session, "supply"), officer_ids=[party(session, "usa")], at=NOW
        )
    with pytest.raises(workflow.PlanMoved), db.writing(engine) as session:
        workflow.put_draft_in_force(session, by=cast.admin, assessment_id=of, seen=1, note="", at=NOW)
    with db.reading(engine) as session:
        assert queries.find_draft(session, of) is not None


@pytest.mark.parametrize("who", ["usa", "khanittha", "itap", "viewer"])
def test_only_who_plans_changes_plans(engine: sa.Engine, cast: Cast, who: str):
    with db.writing(engine) as session:
        of, by = here(session), getattr(cast, who)
        workflow.edit(session, later, by=cast.admin, assessment_id=of, at=NOW)
        for act in (
            lambda: workflow.edit(session, later, by=by, assessment_id=of, take_over=True, at=NOW),
            lambda: workflow.discard_draft(session, by=by, assessment_id=of, at=NOW),
            lambda: workflow.put_draft_in_force(session, by=by, assessment_id=of, seen=1, note="", at=NOW),
            lambda: workflow.leave(
                session, by=by, party_id=party(session, "usa"), to_id=None, day=NOW.date(), note="", at=NOW
            ),
        ):
            with pytest.raises(NotYours):
                act()


def party(session: Session, key: str) -> int:
    return next(one.id for one in queries.get_history(session, here(session)).now.parties.values() if one.key == key)


@pytest.mark.both
def test_who_leaves_hands_over_duties_places_and_directives_and_the_past_stays_theirs(engine: sa.Engine, cast: Cast):
    with db.writing(engine) as session:
        made = hand_in(session, cast.usa)
        of, usa, phailin = here(session), party(session, "usa"), party(session, "phailin")
        given = workflow.direct(
            session, by=cast.commander, assessment_id=of, text="ส่ง", party_ids=[usa], due=date(2025, 3, 20), at=NOW
        )
        workflow.edit(session, later, by=cast.admin, assessment_id=of, at=NOW)
        workflow.start_year(session, by=cast.admin, source_id=of, year=2569, at=NOW)
    with pytest.raises(workflow.NotInTheFuture), db.writing(engine) as session:
        workflow.leave(session, by=cast.admin, party_id=usa, to_id=phailin, day=date(2025, 12, 1), note="", at=NOW)
    with db.writing(engine) as session:
        workflow.leave(
            session, by=cast.admin, party_id=usa, to_id=phailin, day=date(2025, 2, 26), note="คำสั่งย้าย", at=NOW
        )
    with db.reading(engine) as session:
        one = queries.get_assessment(session, "prachuap-2568")
        data = queries.take_snapshot(session, one)
        assert usa not in {officer.id for officer in data.officers}
        o12 = next(item for item in data.items if item.code == "O12")
        assert [person.key for person in data.named(o12.id, DutyKind.prepare)] == ["phailin"]
        assert data.records.hand_ins[0].officer_id == usa
        assert queries.get_evidence(session, cast.admin, made).by == "อุษา มีนาม"
        [directive] = [d for d in queries.list_directives(session, one.id) if d.id == given]
        assert set(directive.parties) == {usa, phailin}
        draft = queries.find_draft(session, one.id)
        assert draft is not None
        assert "usa" not in draft.plan.officers
        assert draft.plan.deadlines.own == {"O7": {"": date(2025, 3, 31)}}
        following = queries.get_history(session, queries.get_assessment(session, "prachuap-2569").id).now
        assert "usa" not in following.plan.officers
        assert session.get_one(Account, cast.usa).disabled
        assert session.exec(select(Person).where(Person.key == "usa")).one().until == date(2025, 2, 26)
        past = data.on(date(2025, 2, 25))
        assert usa in {officer.id for officer in past.officers}
        assert row_findings(Rows(session)) == []


def test_who_leaves_without_a_successor_leaves_what_says_that_it_is_nobody_s(engine: sa.Engine, cast: Cast):
    with db.writing(engine) as session:
        workflow.leave(
            session, by=cast.admin, party_id=party(session, "usa"), to_id=None, day=date(2025, 2, 26), note="", at=NOW
        )
        plan = queries.get_history(session, here(session)).now.plan
    assert (plan.duties["O12"].prepare, plan.duties["O12"].nobody) == ((), NOBODY_YET)
    assert [hand.who for hand in plan.duties["O10"].prepare] == ["patthama"]


def test_deadlines_are_moved_one_by_one_or_all_by_some_days_and_back(engine: sa.Engine, cast: Cast):
    with db.reading(engine) as session:
        now = queries.get_history(session, here(session)).now
    content = content_of(now.framework, now.plan)
    before = editing.deadlines_of(content)
    editing.move_all(content, 7, first=date(2025, 3, 1))
    after = editing.deadlines_of(content)
    assert {place for place in before if before[place] != after[place]} == {
        place for place, day in before.items() if day >= date(2025, 3, 1)
    }
    assert after["O3", ""] == date(2025, 4, 7)
    editing.move_all(content, -7, first=date(2025, 3, 8))
    assert editing.deadlines_of(content) == before
    assert content["plan"]["deadlines"]["own"] == {}
    with pytest.raises(NotFound):
        editing.move_deadlines(content, {("O7", "2025-01"): date(2025, 3, 1)})


def test_somebody_new_in_one_year_is_nobody_who_was_new_in_another(engine: sa.Engine, cast: Cast):
    def come(name: str) -> Callable[[Content], None]:
        return lambda plan: editing.add_officer(plan, rank="ร.ต.ต.", name=name, title="") and None

    with db.writing(engine) as session:
        of = here(session)
        later = workflow.start_year(session, by=cast.admin, source_id=of, year=2569, at=NOW).assessment.id or 0
        for year, name in ((of, "ทดสอบ หนึ่ง"), (later, "ทดสอบ สอง")):
            workflow.edit(session, come(name), by=cast.admin, assessment_id=year, at=NOW)
            workflow.put_draft_in_force(session, by=cast.admin, assessment_id=year, seen=1, note="", at=NOW)
    with db.reading(engine) as session:
        names = session.exec(select(PersonName.name).where(col(PersonName.name).startswith("ทดสอบ"))).all()
        assert sorted(names) == ["ทดสอบ สอง", "ทดสอบ หนึ่ง"]
        persons = session.exec(select(Person.key).where(col(Person.key).startswith("officer"))).all()
        assert sorted(persons) == ["officer-2568-1", "officer-2569-1"]


def test_who_left_comes_back_as_who_they_were_also_in_another_year(engine: sa.Engine, cast: Cast):
    with db.writing(engine) as session:
        of = here(session)
        party = next(one for one in queries.get_history(session, of).now.parties.values() if one.key == "usa")
        workflow.leave(session, by=cast.admin, party_id=party.id, to_id=None, day=NOW.date(), note="ย้าย", at=NOW)
        later = workflow.start_year(session, by=cast.admin, source_id=of, year=2569, at=NOW).assessment.id or 0
        assert "usa" not in queries.get_history(session, later).now.plan.officers
        office = queries.get_assessment_by_id(session, of).office_id
        assert "อุษา มีนาม" in [one.name for one in queries.list_persons(session, office)]

        def back(plan: Content) -> None:
            editing.bring_back(plan, "usa", rank="ด.ต.หญิง", name="อุษา มีนาม", title="")

        workflow.edit(session, back, by=cast.admin, assessment_id=later, at=NOW)
        workflow.put_draft_in_force(session, by=cast.admin, assessment_id=later, seen=1, note="", at=NOW)
        person = session.exec(select(Person).where(Person.key == "usa")).one()
        assert (person.id, person.until) == (party.person_id, None)
        assert session.get_one(Account, cast.usa).disabled  # an account is opened by whoever administers
