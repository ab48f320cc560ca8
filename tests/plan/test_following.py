"""The plan of a later year made out of an earlier one."""

from datetime import date
from typing import Any

import pytest

from ita_core.board.progress import Stage
from ita_core.plan.content import checked, content_of
from ita_core.plan.difference import differences
from ita_core.plan.following import NOBODY_YET, OtherYear, following
from ita_core.plan.framework import ForecastRules, Framework, Worth
from ita_core.plan.plan import Departure, Plan, planned_items


def made_of(rules: Framework, plan: Plan, year: int, **more: Any) -> tuple[Framework, Plan]:
    """The later year, which is a plan by every rule."""
    made = following(rules, plan, year, **more)
    assert checked(content_of(*made), "made") == made
    return made


def test_days_and_months_are_the_same_of_the_new_year(rules: Framework, real: Plan):
    framework, plan = made_of(rules, real, 2570)
    assert (framework.code, plan.code, plan.fiscal_year) == ("immigration-2570", "prachuap-2570", 2570)
    assert (framework.closes, plan.measures_close) == (date(2027, 4, 30), real.measures_close.replace(year=2027))
    assert framework.periods == ("2026-10", "2026-11", "2026-12", "2027-01", "2027-02", "2027-03")
    assert [group.due for group in plan.deadlines.once] == [
        group.due.replace(year=group.due.year + 2) for group in real.deadlines.once
    ]
    before, after = (planned_items(*parts) for parts in ((rules, real), (framework, plan)))
    assert [item.code for item in after] == [item.code for item in before]
    for old, new in zip(before, after, strict=True):
        for key, part in old.requirements.items():
            moved = {day.replace(year=day.year + 2) for day in part.dues.values()}
            assert set(new.requirements[key].dues.values()) == moved, (old.code, key)
    steps = {number: step.starts.replace(year=step.starts.year + 2) for number, step in rules.steps.items()}
    assert {number: step.starts for number, step in framework.steps.items()} == steps


def test_the_29th_of_february_becomes_the_28th(rules: Framework, real: Plan):
    leap = following(rules, real, 2571)  # its February is that of 2028
    moved = leap[1].model_copy(update={"measures_close": date(2028, 2, 29)})
    assert following(leap[0], moved, 2572)[1].measures_close == date(2029, 2, 28)


def test_every_item_is_assumed_until_it_is_confirmed_also_through_several_years(rules: Framework, real: Plan):
    once = made_of(rules, real, 2570)
    twice = made_of(*once, 2571)
    for _framework, plan in (once, twice):
        assert plan.assumed is not None
        assert (plan.assumed.source, plan.assumed.items) == ("immigration-2568", tuple(rules.items))
    assert {item.assumed for item in planned_items(*twice)} == {"immigration-2568", ""}  # the office's own are its own


def test_who_has_left_is_not_carried_over_and_what_they_leave_says_so(rules: Framework, real: Plan):
    _framework, plan = made_of(rules, real, 2570, gone={"usa", "setthaphat"})
    assert not {"usa", "setthaphat"} & plan.officers.keys()
    assert plan.posts["commander"].members == ("thianchai",)
    assert [hand.who for hand in plan.duties["O10"].prepare] == ["patthama"]
    assert (plan.duties["O12"].prepare, plan.duties["O12"].nobody) == ((), NOBODY_YET)


def test_a_known_framework_of_the_year_is_assumed_of_nothing_and_what_became_of_an_item_is_followed(
    rules: Framework, real: Plan
):
    carried, _plan = following(rules, real, 2570)
    items = dict(carried.items)
    items["O25"] = items.pop("O9")  # renumbered
    items["O26"] = items["O7"]  # split off
    known = carried.model_copy(update={"code": "immigration-2570", "items": items})
    became = {code: (code,) for code in rules.items if code != "O9"} | {"O9": ("O25",), "O7": ("O7", "O26")}
    framework, plan = made_of(rules, real, 2570, known=known, became=became)
    assert plan.assumed is None
    assert plan.duties["O25"] == real.duties["O9"]
    assert plan.duties["O26"] == plan.duties["O7"] == real.duties["O7"]
    by_code = {item.code: item for item in planned_items(framework, plan)}
    assert by_code["O25"].due == date(2027, 1, 31)


def test_what_shows_a_step_done_goes_along_by_what_became_of_its_item(rules: Framework, real: Plan):
    def shown(number: int, by: str) -> Plan:
        steps = real.steps | {number: real.steps[number].model_copy(update={"shown_by": by})}
        return real.model_copy(update={"steps": steps})

    carried, plan = following(rules, real, 2570)
    assert {number: step.shown_by for number, step in plan.steps.items()} == {
        number: step.shown_by for number, step in real.steps.items()
    }
    items = dict(carried.items)
    items["O25"] = items.pop("O9")  # renumbered
    known = carried.model_copy(update={"code": "immigration-2570", "items": items})
    became = {code: (code,) for code in rules.items if code not in {"O9", "O2"}} | {"O9": ("O25",), "O2": ("O1",)}
    for by, later in (
        ("evidence_of O9", "evidence_of O25"), ("evidence_of O7", "evidence_of O7"),
        ("evidence_of O1", ""), ("evidence_of S2", "evidence_of S2"),  # O1 is made of two: neither alone shows it
    ):  # fmt: skip
        _framework, plan = made_of(rules, shown(4, by), 2570, known=known, became=became)
        assert plan.steps[4].shown_by == later, by


def test_what_shows_a_step_done_is_a_difference(rules: Framework, real: Plan):
    steps = real.steps | {4: real.steps[4].model_copy(update={"shown_by": "meeting_held"})}
    [one] = differences((rules, real), (rules, real.model_copy(update={"steps": steps})))
    assert (one.what, one.where, one.before, one.after) == (
        "step",
        "step 4.shown_by",
        "stakeholders_listed",
        "meeting_held",
    )


def test_an_item_that_is_new_has_nobody_and_is_due_when_the_window_closes(rules: Framework, real: Plan):
    carried, _plan = following(rules, real, 2570)
    known = carried.model_copy(update={"items": carried.items | {"O25": carried.items["O9"]}})
    _framework, plan = made_of(rules, real, 2570, known=known)
    assert plan.duties["O25"].nobody == NOBODY_YET
    assert next(group.due for group in plan.deadlines.once if "O25" in group.items) == date(2027, 4, 30)
    dropped = carried.model_copy(update={"items": {code: item for code, item in carried.items.items() if code != "O9"}})
    _framework, plan = made_of(rules, real, 2570, known=dropped)
    assert "O9" not in plan.duties


def test_what_the_office_itself_demands_and_its_own_days_go_along(rules: Framework, real: Plan):
    own = {"O7": Departure(requirements={"film": rules.items["O9"].requirements["visa"]})}
    days = real.deadlines.model_copy(
        update={"own": {"O6": {"2024-11": date(2024, 12, 9)}, "S1": {"": date(2025, 2, 3)}}}
    )
    framework, plan = made_of(rules, real.model_copy(update={"items": own, "deadlines": days}), 2570)
    assert plan.deadlines.own == {"O6": {"2026-11": date(2026, 12, 9)}, "S1": {"": date(2027, 2, 3)}}
    o7 = next(item for item in planned_items(framework, plan) if item.code == "O7")
    assert (o7.own, o7.requirements["film"].own) == (True, True)


def test_a_framework_of_another_year_is_refused(rules: Framework, real: Plan):
    with pytest.raises(OtherYear):
        following(rules, real, 2570, known=rules)


def test_two_plans_that_say_the_same_differ_in_nothing_and_each_change_is_told(rules: Framework, real: Plan):
    assert differences((rules, real), (rules, real)) == []
    days = real.deadlines.model_copy(update={"own": {"O7": {"": date(2025, 3, 31)}}})
    officers = real.officers | {"usa": real.officers["usa"].model_copy(update={"rank": "ร.ต.ต.หญิง"})}
    duties = real.duties | {"O7": real.duties["O7"].model_copy(update={"prepare": real.duties["O6"].prepare[:1]})}
    later = real.model_copy(update={"deadlines": days, "officers": officers, "duties": duties, "target": 96.0})
    told = {(one.what, one.where): (one.before, one.after) for one in differences((rules, real), (rules, later))}
    assert told == {
        ("office", "target"): ("95", "96"),
        ("person", "usa"): ("ด.ต.หญิง อุษา มีนาม", "ร.ต.ต.หญิง อุษา มีนาม"),
        ("due", "O7"): ("2025-02-28", "2025-03-31"),
        ("duty", "O7 prepare"): ("narisara, angsuson, sarawut", "angsuson"),
    }


def test_what_a_forecast_assumes_differs_by_its_place_and_is_carried_into_the_next_year(rules: Framework, real: Plan):
    filed = Worth(low=97, likely=99, high=100)
    own = rules.model_copy(update={"forecast": ForecastRules(stages={Stage.filed: filed}, bands={"IIT": 1.5})})
    told = {one.where: one.after for one in differences((rules, real), (own, real))}
    assert told["forecast.stages.filed.likely"] == "99"
    assert told["forecast.bands.IIT"] == "1.5"
    assert made_of(own, real, 2569)[0].forecast == own.forecast
