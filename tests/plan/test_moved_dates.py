"""Dates that were moved: the first one is kept beside the one in force."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from ita_core import db, queries
from ita_core.plan.framework import Framework
from ita_core.plan.plan import Plan
from tests.plan.changing import LATER, everything, now, put, put_in
from tests.plan.document import REPORTED


def planned_days(engine: sa.Engine) -> tuple[dict[str, Any], dict[str, Any]]:
    """Every date of the plan by what it is of: as it is now, and as it was first planned."""
    today: dict[str, Any] = {}
    first: dict[str, Any] = {}
    plan = now(engine)
    for item in plan.items:
        for row in item.requirements:
            today |= {f"{item.code} {row.key} {period}".strip(): due for period, due in (row.dues or {}).items()}
            first |= {f"{item.code} {row.key} {period}".strip(): due for period, due in (row.first_dues or {}).items()}
    for step in plan.steps(plan.parties):
        today |= {f"step {step.position} starts": step.starts, f"step {step.position} ends": step.ends}
        first |= {f"step {step.position} starts": step.first_starts, f"step {step.position} ends": step.first_ends}
    return today, first


def moved(engine: sa.Engine) -> set[str]:
    """What differs from the first plan."""
    today, first = planned_days(engine)
    assert set(today) == set(first)
    return {name for name, day in today.items() if first[name] != day}


def ids(engine: sa.Engine) -> dict[str, list[int]]:
    rows = everything(engine)
    return {name: [row["id"] for row in rows[name]] for name in ("Item", "Requirement")}


def later_step(raw: Any) -> None:
    raw["phases"][1]["steps"]["4"]["starts"] = "2025-01-06"
    raw["phases"][1]["steps"]["4"]["ends"] = "2025-02-28"


MONTHLY_ITEMS = ("O6", "O10", "O12", "O13", "O14", "O16")


@pytest.mark.parametrize(
    ("to_plan", "to_framework", "what"),
    [
        (put("deadlines", "once", 0, "due", value="2025-02-15"), lambda raw: None, "O9"),
        (put("deadlines", "monthly", "day", value=5), lambda raw: None, "the monthly reports"),
        (lambda raw: None, later_step, "step 4"),
    ],
)
def test_a_moved_date_keeps_the_first_one_in_the_same_rows_and_moving_it_back_ends_it(
    empty: sa.Engine,
    rules: Framework,
    real: Plan,
    changed: Callable[..., Plan],
    other_rules: Callable[..., Framework],
    to_plan: Callable[[Any], object],
    to_framework: Callable[[Any], object],
    what: str,
):
    put_in(empty, rules, real)
    rows, (at_first, baseline) = ids(empty), planned_days(empty)
    assert at_first == baseline
    assert moved(empty) == set()

    other, other_framework = changed(to_plan), other_rules(to_framework)
    assert put_in(empty, other_framework, other, LATER)
    expected = {
        "O9": {name for name in at_first if name.startswith("O9 ")},
        "the monthly reports": {name for name in at_first if name.split()[0] in MONTHLY_ITEMS},
        "step 4": {"step 4 starts", "step 4 ends"},
    }
    assert moved(empty) == expected[what]
    assert planned_days(empty)[1] == baseline
    assert ids(empty) == rows

    assert put_in(empty, rules, real, LATER)
    assert moved(empty) == set()
    assert planned_days(empty) == (at_first, baseline)
    assert ids(empty) == rows


def test_a_date_moved_twice_is_compared_with_the_first(
    empty: sa.Engine, rules: Framework, real: Plan, changed: Callable[..., Plan]
):
    put_in(empty, rules, real)
    for due in ("2025-02-15", "2025-03-15"):
        put_in(empty, rules, changed(put("deadlines", "once", 0, "due", value=due)), LATER)
    today, first = planned_days(empty)
    assert (today["O9 visa"], first["O9 visa"]) == (date(2025, 3, 15), date(2025, 1, 31))


def test_what_the_board_reads_knows_the_first_date(
    empty: sa.Engine, rules: Framework, real: Plan, changed: Callable[..., Plan]
):
    put_in(empty, rules, real)
    put_in(empty, rules, changed(put("deadlines", "once", 0, "due", value="2025-02-15")), LATER)
    with db.reading(empty) as session:
        items = {item.code: item for item in queries.take_snapshot(session, queries.get_assessment(session)).items}
    assert {(slot.due, slot.first_due) for slot in items["O9"].slots} == {(date(2025, 2, 15), date(2025, 1, 31))}
    assert all(slot.due == slot.first_due for code, item in items.items() if code != "O9" for slot in item.slots)


def test_a_new_month_to_report_gets_its_own_first_date(
    empty: sa.Engine,
    rules: Framework,
    real: Plan,
    changed: Callable[..., Plan],
    other_rules: Callable[..., Framework],
):
    put_in(empty, rules, real)
    seven = other_rules(put("periods", value=[*REPORTED, "2025-04"]))
    put_in(empty, seven, changed(put("deadlines", "monthly", "day", value=5)), LATER)
    o10 = next(item for item in now(empty).items if item.code == "O10")
    for row in o10.requirements:
        assert {period: str(day) for period, day in (row.dues or {}).items()} == {
            "2024-10": "2024-11-05", "2024-11": "2024-12-05", "2024-12": "2025-01-05", "2025-01": "2025-02-05",
            "2025-02": "2025-03-05", "2025-03": "2025-04-05", "2025-04": "2025-05-05",
        }  # fmt: skip
        assert row.first_dues == REPORTED | {"2025-04": date(2025, 5, 5)}


def test_a_new_requirement_begins_with_its_own_date(
    empty: sa.Engine, rules: Framework, real: Plan, changed: Callable[..., Plan], other_rules: Callable[..., Framework]
):
    fewer = other_rules(lambda raw: raw["items"]["O9"]["requirements"].pop("visa"))
    put_in(empty, fewer, real)
    put_in(empty, rules, changed(put("deadlines", "once", 0, "due", value="2025-02-15")), LATER)
    today, first = planned_days(empty)
    assert (today["O9 visa"], first["O9 visa"]) == (date(2025, 2, 15), date(2025, 2, 15))
    assert moved(empty) == {name for name in today if name.startswith("O9 ")} - {"O9 visa"}
    put_in(empty, rules, changed(put("deadlines", "once", 0, "due", value="2025-03-15")), LATER)
    assert planned_days(empty)[1]["O9 visa"] == date(2025, 2, 15)
