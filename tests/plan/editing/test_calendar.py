"""The office's own calendar."""

from copy import deepcopy
from datetime import date

import pytest

from ita_core.errors import NotFound
from ita_core.plan import editing
from ita_core.plan.content import Content, checked
from ita_core.plan.following import NOBODY_YET

NEW = editing.StepWords("ซักซ้อม", "ซักซ้อมการตอบ", date(2025, 1, 6), date(2025, 1, 10))


def steps(content: Content) -> dict[int, tuple[str, str]]:
    """Each step's title with its first preparer."""
    framework, plan = checked(content, "x")
    return {
        number: (step.title, next((hand.who for hand in plan.steps[number].prepare), ""))
        for phase in plan.calendar(framework)
        for number, step in phase.steps.items()
    }


def test_the_office_s_calendar_begins_as_a_copy_of_the_framework_s(content: Content):
    before = deepcopy(content)
    editing.name_phases(content, {0: "เตรียมการ"})
    assert content["framework"] == before["framework"]
    assert content["plan"]["phases"][0]["title"] == "เตรียมการ"
    assert content["plan"]["phases"][1:] == before["framework"]["phases"][1:]
    assert steps(content) == steps(before)
    editing.name_phases(content, {0: before["framework"]["phases"][0]["title"]})
    assert content == before  # both say the same: it is the framework's again


def test_words_and_days_of_steps_are_changed_together(content: Content):
    editing.set_steps(content, {2: NEW, 4: editing.StepWords("ก", "ข", date(2025, 2, 1), date(2025, 2, 2))})
    framework, plan = checked(content, "x")
    told = [step for phase in plan.phases for step in phase.steps.values()]
    assert (told[1].title, told[1].starts, told[3].ends) == ("ซักซ้อม", date(2025, 1, 6), date(2025, 2, 2))
    assert told[2] == framework.steps[3]


def test_a_step_put_in_between_is_nobody_s_and_the_others_keep_their_duties(content: Content):
    before = steps(content)
    assert editing.add_step(content, (1, 1), NEW) == 3
    after = steps(content)
    assert list(after) == list(range(1, 16))
    assert after[3] == ("ซักซ้อม", "")
    assert content["plan"]["steps"]["3"]["nobody"] == NOBODY_YET
    assert [after[number] for number in (1, 2, *range(4, 16))] == list(before.values())


def test_a_step_is_taken_out_with_its_duties(content: Content):
    before = steps(content)
    editing.take_out_step(content, 2)
    assert list(steps(content).values()) == [told for number, told in before.items() if number != 2]
    assert list(content["plan"]["steps"]) == [str(number) for number in range(1, 14)]


def test_a_phase_that_is_left_empty_goes_and_a_new_one_comes_with_its_first_step(content: Content):
    titles = [phase["title"] for phase in editing.calendar_of(content)]
    editing.take_out_step(content, 1)
    assert [phase["title"] for phase in editing.calendar_of(content)] == titles[1:]
    editing.add_phase(content, 0, "ก่อนเริ่ม", NEW)
    assert [phase["title"] for phase in editing.calendar_of(content)] == ["ก่อนเริ่ม", *titles[1:]]
    assert steps(content)[1] == ("ซักซ้อม", "")


@pytest.mark.parametrize(
    ("number", "to", "order"),
    [
        (2, (1, 0), [1, 2, 3, 4]),
        (2, (1, 1), [1, 2, 3, 4]),
        (2, (1, 2), [1, 3, 2, 4]),
        (4, (1, 0), [1, 4, 2, 3]),
        (3, (0, 0), [3, 1, 2, 4]),
        (3, (0, 1), [1, 3, 2, 4]),
        (1, (1, 1), [2, 1, 3, 4]),
    ],
)
def test_a_step_is_moved_with_its_duties(content: Content, number: int, to: tuple[int, int], order: list[int]):
    before = steps(content)
    editing.move_step(content, number, to)
    after = steps(content)
    assert list(after) == list(before)
    assert [after[place] for place in range(1, 5)] == [before[place] for place in order]


def test_the_last_step_of_all_stays(content: Content):
    for _step in range(13):
        editing.take_out_step(content, 1)
    with pytest.raises(editing.OnlyStep):
        editing.take_out_step(content, 1)
    assert len(steps(content)) == 1


def test_what_is_not_there_is_not_changed(content: Content):
    for change in (
        lambda: editing.set_steps(content, {15: NEW}),
        lambda: editing.take_out_step(content, 0),
        lambda: editing.name_phases(content, {4: "ก"}),
        lambda: editing.add_step(content, (0, 2), NEW),
        lambda: editing.add_phase(content, 5, "ก", NEW),
        lambda: editing.move_step(content, 1, (9, 0)),
    ):
        with pytest.raises(NotFound):
            change()


def test_what_shows_a_step_done_goes_where_it_goes_and_to_nothing_without_a_trace(content: Content):
    before = deepcopy(content)
    editing.set_signs(content, {4: "evidence_of O18", 14: ""})
    assert "shown_by" not in content["plan"]["steps"]["14"]
    editing.move_step(content, 4, (0, 0))
    _framework, plan = checked(content, "x")
    assert {number: step.shown_by for number, step in plan.steps.items() if step.shown_by} == {
        1: "evidence_of O18", 2: "evidence_of S1", 5: "items_filed", 6: "iit_minimum", 7: "eit_minimum",
    }  # fmt: skip
    with pytest.raises(NotFound):
        editing.set_signs(content, {15: "items_filed"})
    editing.set_signs(before, {5: ""})
    editing.set_signs(before, {5: "items_filed"})
    assert before["plan"]["steps"]["5"]["shown_by"] == "items_filed"


def test_a_measure_taken_out_shows_no_step_done_any_more(content: Content):
    editing.take_out_measure(content, "S1")
    _framework, plan = checked(content, "x")
    assert plan.steps[1].shown_by == ""
