"""Faulty plans are told where and what."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ita_core.plan.faults import PlanFaults
from ita_core.plan.framework import Framework
from ita_core.plan.plan import PLANS, UnknownPlan, find_plan, load_plan, planned_items
from tests.plan.changing import FILE, put
from tests.plan.document import REPORTED


def faults_of(path: Path, rules: Framework) -> list[str]:
    with pytest.raises(PlanFaults) as refused:
        load_plan(path, rules)
    return refused.value.faults


def drop(*path: str | int) -> Callable[[Any], object]:
    """A change: what stands at this place is gone."""

    def change(raw: Any) -> None:
        for part in path[:-1]:
            raw = raw[part]
        del raw[path[-1]]

    return change


FAULTY: list[tuple[Callable[[Any], object], list[str]]] = [
    (put("duties", "O1", "prepare", value=["somchai"]), [
        "duties.O1.prepare[0]: there is no officer, post or team somchai",
    ]),
    (put("steps", "5", "shown_by", value="evidence_of O99"), [
        "steps.5.shown_by: there is no item O99 in immigration-2568",
    ]),
    *((put("steps", "5", "shown_by", value=odd), [
        "steps.5.shown_by: must be one of items_filed, iit_minimum, eit_minimum, evidence_of O1, meeting_held, "
        f"scores_announced, stakeholders_listed, but is “{odd}”",
    ]) for odd in ("filed", "items_filed O1")),
    (put("duties", "O1", "prepare", value=["usa", "usa"]), ["duties.O1.prepare[1]: usa has this duty twice"]),
    (put("duties", "O1", "prepare", value=["usa", {"who": "usa", "task": "จัดทำป้าย"}]), [
        "duties.O1.prepare[1]: usa has this duty twice",
    ]),
    (put("duties", "O1", "supervise", value=[]), [
        "duties.O1: has no supervisor: name one under `supervise`, or say under `nobody` why there is none",
    ]),
    (drop("duties", "O1", "prepare"), [
        "duties.O1: has no preparer: name one under `prepare`, or say under `nobody` why there is none",
    ]),
    (drop("duties", "O1"), [
        "duties.O1: has no supervisor: name one under `supervise`, or say under `nobody` why there is none",
        "duties.O1: has no preparer: name one under `prepare`, or say under `nobody` why there is none",
    ]),
    (put("duties", "O1", "nobody", value="ไม่มี"), [
        "duties.O1.nobody: nobody is missing: both supervisor and preparer are named",
    ]),
    (drop("measures", "C1", "nobody"), [
        "measures.C1: has no supervisor: name one under `supervise`, or say under `nobody` why there is none",
        "measures.C1: has no preparer: name one under `prepare`, or say under `nobody` why there is none",
    ]),
    (drop("measures", "1.1", "supervise"), [
        'measures."1.1": has no supervisor: name one under `supervise`, or say under `nobody` why there is none',
    ]),
    (drop("steps", "8", "nobody"), [
        "steps.8: has no supervisor: name one under `supervise`, or say under `nobody` why there is none",
        "steps.8: has no preparer: name one under `prepare`, or say under `nobody` why there is none",
    ]),
    (put("duties", "O25", value={"supervise": ["pramote"], "prepare": ["usa"]}), [
        "duties.O25: there is no item O25 in immigration-2568",
    ]),
    (put("steps", "15", value={"supervise": ["pramote"], "prepare": ["usa"]}), [
        "steps.15: there is no step 15 in immigration-2568",
    ]),
    (put("duties", "O1", "prepare", value="usa"), ['duties.O1.prepare: must be a list, but is "usa"']),
    (put("duties", "O1", "prepare", value=[5]), [
        "duties.O1.prepare[0]: must be the key of an officer, post or team, or {who: …, task: …}",
    ]),
    (put("duties", "O1", "prepare", value=[{"who": "usa", "role": "x"}]), ["duties.O1.prepare[0].role: unknown key"]),
    (put("deadlines", "once", 0, "due", value="2026-01-31"), [
        "deadlines.once[0].due: 2026-01-31 lies outside fiscal year 2568 (2024-10-01 to 2025-09-30)",
    ]),
    (put("deadlines", "once", 0, "due", value="2568-01-31"), [
        "deadlines.once[0].due: 2568-01-31 is in the Buddhist era: write the Christian-era day 2025-01-31",
    ]),
    (put("measures_close", value="2024-03-31"), [
        "measures_close: 2024-03-31 lies outside fiscal year 2568 (2024-10-01 to 2025-09-30)",
    ]),
    (put("deadlines", "once", 0, "items", value=["O9", "O1"]), ["deadlines.once[1].items[0]: O1 has a deadline twice"]),
    (put("deadlines", "once", 0, "items", value=[]), ["deadlines: O9 has no deadline"]),
    (put("deadlines", "once", 0, "items", value=["O9", "O99"]), [
        "deadlines.once[0].items[1]: there is no item O99 in immigration-2568",
    ]),
    (put("deadlines", "continuous", "items", value=["O5", "O18", "O9"]), [
        "deadlines.continuous.items[2]: O9 has a deadline twice",
    ]),
    (put("deadlines", "continuous", "items", value=["O5"]), ["deadlines: O18 has no deadline"]),
    (put("deadlines", "once", 0, "items", value=["O9", "O18"]), [
        "deadlines.once[0].items[1]: O18 is continuous in immigration-2568, not once",
        "deadlines.continuous.items[1]: O18 has a deadline twice",
    ]),
    (put("deadlines", "monthly", "day", value=31), [
        "deadlines.monthly.day: must be less than or equal to 28, but is 31",
    ]),
    (put("measures", "C1", "requirements", "photographs", value={
        "title": "ก", "cadence": "monthly", "periods": ["2025-10"],
    }), ["measures.C1.requirements.photographs.periods[0]: 2025-10 lies outside fiscal year 2568"]),
    (put("duties", value={}), ["duties: must not be empty"]),
    (put("steps", value={}), ["steps: must not be empty"]),
    (put("officers", "usa", "aliases", value=[f"ชื่อ {number}" for number in range(51)]),
     ["officers.usa.aliases: has 51 entries, 50 at most"]),
    (put("measures", "C1", "requirements", value={}), ["measures.C1.requirements: must not be empty"]),
    (put("measures", "C1", "kind", value="oit"), [
        "measures.C1.kind: must not be oit: the disclosure items stand in the framework",
    ]),
    (put("measures", "C1", "instrument", value="XIT"), [
        "measures.C1.instrument: there is no instrument XIT in immigration-2568",
    ]),
    (put("measures", "O1", value={
        "kind": "website", "title": "ก", "demand": "ข", "nobody": "ค", "requirements": {"x": {"title": "ง"}},
    }), ["measures.O1: O1 is an item of immigration-2568: a measure needs a code of its own"]),
    (put("officers", "usa", "phone", value="x"), ["officers.usa.phone: unknown key"]),
    (drop("officers", "usa", "rank"), ["officers.usa.rank: is missing"]),
    (put("officers", "usa", "confirm", value="true"), [
        'officers.usa.confirm: must be true or false, but is "true"',
    ]),
    (put("officers", "usa", "name", value="นริศรา นามธง"), [
        "officers.usa.name: “นริศรา นามธง” is already a name of narisara",
    ]),
    (put("officers", "usa", "aliases", value=["ชนิษฐา  แก้วโสภา"]), [
        "officers.usa.aliases[0]: “ชนิษฐา แก้วโสภา” is already a name of khanittha",
    ]),
    (put("teams", "usa", value={"name": "ทีม"}), [
        "teams.usa: the key usa stands under officers already: all parties share one set of keys",
    ]),
    (put("posts", "commander", "members", value=["setthaphat", "ita-team", "setthaphat"]), [
        "posts.commander.members[1]: there is no officer ita-team",
        "posts.commander.members[2]: setthaphat stands twice",
    ]),
    (put("scores", 0, "fiscal_year", value=2568), [
        "scores[0].fiscal_year: 2568 is not before 2568: scores of the year itself are entered in the app",
    ]),
    (put("scores", 0, "instruments", "XIT", value=1), [
        "scores[0].instruments.XIT: there is no instrument XIT in immigration-2568",
    ]),
    (put("scores", 0, "total", value=101), ["scores[0].total: must be less than or equal to 100, but is 101"]),
    (put("fiscal_year", value=2569), ["fiscal_year: is 2569, but immigration-2568 is for 2568"]),
    (put("framework", value="police-2568"), ["framework: is police-2568, but the framework given is immigration-2568"]),
    (put("office", "code", value="ประจวบ"), [
        "office.code: must be a key of small Latin letters, digits and hyphens, starting with a letter",
    ]),
    (drop("duties"), ["duties: is missing"]),
    (drop("steps"), ["steps: is missing"]),
    (drop("deadlines"), ["deadlines: is missing"]),
]  # fmt: skip


@pytest.mark.parametrize(("change", "faults"), FAULTY)
def test_a_faulty_plan_is_told_where_and_what(
    edited: Callable[[Callable[[Any], object]], Path],
    rules: Framework,
    change: Callable[[Any], object],
    faults: list[str],
):
    assert sorted(faults_of(edited(change), rules)) == sorted(f"plan.yaml: {fault}" for fault in faults)


def test_a_measure_may_report_monthly(edited: Callable[[Callable[[Any], object]], Path], rules: Framework):
    change = put("measures", "C1", "requirements", "photographs", "cadence", value="monthly")
    found = {item.code: item for item in planned_items(rules, load_plan(edited(change), rules))}
    assert found["C1"].requirements["photographs"].dues == REPORTED


def test_every_fault_is_named_at_once(edited: Callable[[Callable[[Any], object]], Path], rules: Framework):
    def change(raw: Any) -> None:
        raw["colour"] = "red"
        raw["target"] = "95"
        raw["officers"]["usa"]["confirm"] = 1
        raw["duties"]["O2"] = {"supervise": ["khanittha"], "prepare": ["nobody-we-know"], "extra": 1}
        raw["deadlines"]["once"][1]["due"] = "2568-02-28"
        raw["deadlines"]["once"][2]["due"] = "2025-10-31"
        raw["measures"]["S2"]["supervise"] = []

    assert sorted(faults_of(edited(change), rules)) == [
        "plan.yaml: colour: unknown key",
        "plan.yaml: deadlines.once[1].due: 2568-02-28 is in the Buddhist era: write the Christian-era day 2025-02-28",
        "plan.yaml: deadlines.once[2].due: 2025-10-31 lies outside fiscal year 2568 (2024-10-01 to 2025-09-30)",
        "plan.yaml: duties.O2.extra: unknown key",
        "plan.yaml: duties.O2.prepare[0]: there is no officer, post or team nobody-we-know",
        "plan.yaml: measures.S2: "
        "has no supervisor: name one under `supervise`, or say under `nobody` why there is none",
        "plan.yaml: officers.usa.confirm: must be true or false, but is 1",
        'plan.yaml: target: must be a number, but is "95"',
    ]


def test_a_key_that_stands_twice_is_named(tmp_path: Path, rules: Framework):
    path = tmp_path / "plan.yaml"
    path.write_text(FILE.read_text(encoding="utf-8") + '  "14": {nobody: x}\n', encoding="utf-8")
    [fault] = faults_of(path, rules)
    assert fault.startswith("plan.yaml: steps.14: stands twice, the second time in line ")


def test_bad_yaml_is_named_with_its_line(tmp_path: Path, rules: Framework):
    path = tmp_path / "plan.yaml"
    path.write_text("plan: x\nfiscal_year: [2568\n", encoding="utf-8")
    assert faults_of(path, rules) == ["plan.yaml: line 3, column 1: expected ',' or ']', but got '<stream end>'"]


def test_a_file_of_other_things_is_told_what_is_missing_not_more(tmp_path: Path, rules: Framework):
    path = tmp_path / "plan.yaml"
    path.write_text("officers: 5\nposts: [1]\nduties: x\nmeasures: {C1: }\nscores: {}\n", encoding="utf-8")
    found = faults_of(path, rules)
    assert "plan.yaml: officers: must be a mapping (key: value), but is 5" in found
    assert "plan.yaml: measures.C1: must be a mapping (key: value), but is empty" in found
    assert len(found) < 20


def test_a_plan_is_found_by_its_code_and_by_nothing_else():
    assert find_plan("prachuap-2568") == PLANS / "prachuap-2568.yaml"
    for code in ("", "../frameworks/immigration-2568", "prachuap-2568.yaml", "no-such-plan"):
        with pytest.raises(UnknownPlan, match="prachuap-2568"):
            find_plan(code)
