"""Deadlines of a group and of a month."""

from copy import deepcopy
from datetime import date

import pytest

from ita_core.errors import NotFound
from ita_core.plan import editing
from ita_core.plan.content import Content, checked


def moved(before: Content, after: Content) -> dict[tuple[str, str], date]:
    days = editing.deadlines_of(before)
    return {place: day for place, day in editing.deadlines_of(after).items() if days[place] != day}


def test_a_group_is_moved_as_one_and_what_the_document_said_of_its_day_goes(content: Content):
    before = deepcopy(content)
    editing.move_groups(content, {1: date(2025, 3, 14)})
    assert moved(before, content) == {(code, ""): date(2025, 3, 14) for code in ("O1", "O2", "O7", "O8", "O17")}
    group = checked(content, "x")[1].deadlines.once[1]
    assert (group.due, group.says) == (date(2025, 3, 14), "")
    assert content["plan"]["deadlines"]["own"] == {}
    with pytest.raises(NotFound):
        editing.move_groups(content, {3: date(2025, 3, 14)})


def test_an_item_with_a_day_of_its_own_keeps_it_until_the_group_says_the_same(content: Content):
    editing.move_deadlines(content, {("O7", ""): date(2025, 3, 14)})
    editing.move_groups(content, {1: date(2025, 3, 7)})
    assert editing.deadlines_of(content)["O7", ""] == date(2025, 3, 14)
    editing.move_groups(content, {1: date(2025, 3, 14)})
    assert content["plan"]["deadlines"]["own"] == {}
    assert editing.deadlines_of(content)["O7", ""] == date(2025, 3, 14)


def test_monthly_reports_are_due_on_another_day_of_the_month(content: Content):
    before = deepcopy(content)
    editing.set_monthly_day(content, 5)
    days = moved(before, content)
    assert days["O6", "2025-01"] == date(2025, 2, 5)
    assert {code for code, _period in days} >= {"O6", "O10", "O12", "O13", "O14", "O16"}
    editing.set_monthly_day(content, 1)
    assert moved(before, content) == {}


def test_the_measures_close_on_another_day(content: Content):
    before = deepcopy(content)
    editing.set_measures_close(content, date(2025, 3, 28))
    days = moved(before, content)
    assert days["S1", ""] == date(2025, 3, 28)
    assert {code for code, _period in days} <= set(content["plan"]["measures"])


def test_every_report_on_one_month_is_moved(content: Content):
    before = deepcopy(content)
    reports = editing.reports_of(editing.deadlines_of(content), "2025-01")
    assert ("O6", "2025-01") in reports
    editing.move_deadlines(content, dict.fromkeys(reports, date(2025, 2, 10)))
    assert moved(before, content) == dict.fromkeys(reports, date(2025, 2, 10))


def test_everything_that_is_due_in_one_month_is_moved_whatever_it_is_of(content: Content):
    before = deepcopy(content)
    february = editing.due_in_month(editing.deadlines_of(content), "2025-02")
    assert {("O7", ""), ("O6", "2025-01")} <= set(february)
    assert {(day.year, day.month) for day in february.values()} == {(2025, 2)}
    editing.move_deadlines(content, dict.fromkeys(february, date(2025, 3, 3)))
    assert moved(before, content) == dict.fromkeys(february, date(2025, 3, 3))
    assert editing.due_in_month(editing.deadlines_of(content), "2025-02") == {}
