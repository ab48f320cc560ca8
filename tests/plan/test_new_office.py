"""The plan that another office begins with."""

from datetime import date

from ita_core.models import Cadence
from ita_core.plan.content import checked
from ita_core.plan.following import NOBODY_YET
from ita_core.plan.framework import Framework
from ita_core.plan.new_office import for_office
from ita_core.plan.plan import Departure, Plan, planned_items

HUA_HIN = {"code": "hua-hin", "name": "ด่านตรวจคนเข้าเมืองหัวหิน", "short": "ด่าน ตม.หัวหิน", "website": ""}


def test_the_other_offices_people_are_left_blank_and_everything_else_stays(rules: Framework, real: Plan):
    _framework, plan = checked(for_office(rules, real, HUA_HIN, bare=False), "hua-hin")
    assert (plan.code, plan.name, plan.office.short) == ("hua-hin-2568", "hua-hin-2568", "ด่าน ตม.หัวหิน")
    assert (plan.officers, plan.scores, plan.about) == ({}, (), "")
    assert list(plan.teams) == list(real.teams)
    assert {group.members for group in (*plan.posts.values(), *plan.teams.values())} == {()}
    before, after = ({item.code: item for item in planned_items(rules, one)} for one in (real, plan))
    assert list(after) == list(before)
    assert all(after[code].requirements == before[code].requirements for code in before)
    for item in after.values():
        assert {hand.who for hand in (*item.duties.supervise, *item.duties.prepare)} <= {*plan.posts, *plan.teams}
        assert bool(item.duties.nobody) == (not item.duties.supervise or not item.duties.prepare)


def test_a_bare_one_has_what_the_framework_demands_and_nothing_else(rules: Framework, real: Plan):
    _framework, plan = checked(for_office(rules, real, HUA_HIN, bare=True), "hua-hin")
    assert [item.code for item in planned_items(rules, plan)] == list(rules.items)
    assert (plan.officers, plan.posts, plan.teams, plan.measures, plan.items) == ({}, {}, {}, {}, {})
    assert {duties.nobody for duties in (*plan.duties.values(), *plan.steps.values())} == {NOBODY_YET}
    assert plan.calendar(rules) == rules.phases


def test_the_plan_it_is_made_of_stays_as_it_is(rules: Framework, real: Plan):
    kept = real.model_copy(deep=True)
    for_office(rules, real, HUA_HIN, bare=False)
    assert real == kept


def test_a_bare_one_keeps_no_day_of_what_only_the_other_office_demands(rules: Framework, real: Plan):
    demand = rules.items["O5"].requirements
    own = next(iter(demand.values())).model_copy(update={"cadence": Cadence.monthly, "periods": ("2024-11",)})
    plan = real.model_copy(update={
        "items": {"O5": Departure(requirements={"own-1": own})},
        "deadlines": real.deadlines.model_copy(update={
            "own": {"O5": {"2024-11": date(2024, 12, 20)}, "O7": {"": date(2025, 3, 31)}}
        }),
    })  # fmt: skip
    _framework, bare = checked(for_office(rules, plan, HUA_HIN, bare=True), "hua-hin")
    assert bare.deadlines.own == {"O7": {"": date(2025, 3, 31)}}
