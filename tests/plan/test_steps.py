"""Steps that are the same in two calendars, whatever their numbers."""

from datetime import date

from ita_core.plan import editing
from ita_core.plan.content import Content, checked, content_of
from ita_core.plan.difference import differences, told_once
from ita_core.plan.framework import Framework, Step
from ita_core.plan.plan import Plan
from ita_core.plan.steps import lasting_steps, same_steps, step_places
from ita_core.plan.touched import Touched


def steps(*titles: str) -> dict[int, Step]:
    day = date(2025, 1, 1)
    return {number: Step(starts=day, ends=day, title=title, work="x") for number, title in enumerate(titles, start=1)}


def test_a_step_is_the_same_one_wherever_it_goes():
    assert same_steps(steps("ก", "ข", "ค"), steps("ใหม่", "ก", "ค", "ข")) == {2: 1, 3: 3, 4: 2}


def test_one_that_is_called_otherwise_is_the_one_of_its_number():
    assert same_steps(steps("ก", "ข"), steps("ก", "ข ที่แก้ไข")) == {1: 1, 2: 2}


def test_what_was_said_of_a_step_lasts_where_it_surely_is_the_same():
    assert lasting_steps(steps("ก", "ข", "ค"), steps("ใหม่", "ก", "ค", "ข")) == {1: 2, 2: 4, 3: 3}
    assert lasting_steps(steps("ก", "ข"), steps("ก", "ข ที่แก้ไข")) == {1: 1, 2: 2}  # its work is the same
    other = {number: step.model_copy(update={"work": "y"}) for number, step in steps("ก", "อื่น").items()}
    assert lasting_steps(steps("ก", "ข"), other) == {1: 1}
    assert lasting_steps(steps("ก", "ข", "ค"), steps("ข", "อื่น")) == {2: 1}  # "ค" is no "อื่น", whose number it had not


def test_what_is_gone_has_a_place_of_its_own():
    before, after = step_places(steps("ก", "ข", "ค"), steps("ก", "ค"))
    assert (before, after) == ({1: "step 1", 2: "step 2-", 3: "step 2"}, {1: "step 1", 2: "step 2"})


def test_a_step_that_comes_first_is_the_only_thing_that_differs(rules: Framework, real: Plan):
    content: Content = content_of(rules, real)
    for phase in reversed(content["framework"]["phases"]):
        phase["steps"] = {str(int(number) + 1): step for number, step in phase["steps"].items()}
    new = dict(next(iter(content["framework"]["phases"][0]["steps"].values()))) | {"title": "ขั้นแรกใหม่", "row": ""}
    content["framework"]["phases"][0]["steps"] = {"1": new} | content["framework"]["phases"][0]["steps"]
    content["plan"]["steps"] = {"1": editing.duties.no_duties()} | {
        str(int(number) + 1): duties for number, duties in content["plan"]["steps"].items()
    }
    after = checked(content, "changed")
    listed = differences((rules, real), after)
    assert [(one.where, one.after) for one in told_once(listed)] == [("step 1", "ขั้นแรกใหม่")]
    assert {one.where.split()[-1] for one in listed if one.before and one.after} == {"number"}  # all of it is said
    touched = Touched((rules, real), after)
    assert not any(touched.concerns(one, key) for one in listed for key in real.officers)
