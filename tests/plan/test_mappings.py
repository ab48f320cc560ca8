"""What became of the items of one framework in a later one. The later frameworks here are made up."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from ita_core.plan import mappings
from ita_core.plan.content import checked, content_of, parts_of
from ita_core.plan.difference import differences
from ita_core.plan.faults import PlanFaults
from ita_core.plan.following import following
from ita_core.plan.framework import FRAMEWORKS, Framework
from ita_core.plan.mappings import ItemMapping, descended, load_mapping
from ita_core.plan.plan import Assumed, Departure, Plan, find_plan, load_plan, planned_items

SAME = {f"O{number}": f"O{number}" for number in range(1, 25)}
# O9 is O25 now, and O9 another item; O7 was split into O7 and O26; O1 and O12 were made one, O12; O24 was dropped.
MADE_UP: dict[str, Any] = {
    "from": "immigration-2568",
    "to": "made-up-2570",
    "equal": {code: old for code, old in SAME.items() if code not in {"O1", "O7", "O9", "O12", "O24"}} | {"O25": "O9"},
    "part_of": {"O7": "O7", "O26": "O7"},
    "made_of": {"O12": ["O1", "O12"]},
    "new": ["O9"],
    "dropped": ["O24"],
}


def made_up(rules: Framework, plan: Plan) -> Framework:
    carried, _plan = following(rules, plan, 2570)
    items = {code: item for code, item in carried.items.items() if code not in {"O1", "O24"}}
    items |= {"O25": carried.items["O9"], "O26": carried.items["O7"]}
    return carried.model_copy(update={"code": "made-up-2570", "items": items})


@pytest.fixture
def later(rules: Framework, real: Plan) -> Framework:
    return made_up(rules, real)


@pytest.fixture
def how(tmp_path: Path, rules: Framework, later: Framework) -> ItemMapping:
    return load_mapping(written(tmp_path, MADE_UP), rules, later)


def written(folder: Path, raw: object) -> Path:
    path = folder / mappings.file_name("immigration-2568", "made-up-2570")
    path.write_text(raw if isinstance(raw, str) else yaml.safe_dump(raw, sort_keys=False), encoding="utf-8")
    return path


def lineages(framework: Framework) -> dict[str, tuple[str, tuple[str, ...]]]:
    return {code: (item.lineage or code, item.came_of) for code, item in framework.items.items()}


def test_each_item_is_told_apart_from_one_of_the_same_code(rules: Framework, later: Framework, how: ItemMapping):
    found = lineages(descended(later, rules, how))
    assert found["O2"] == ("O2", ())
    assert found["O25"] == ("O9", ())  # renumbered
    assert found["O9"] == ("O9-2570", ())  # new, under a code that another had
    assert (found["O7"], found["O26"]) == (("O7-2570", ("O7",)), ("O26-2570", ("O7",)))  # split
    assert found["O12"] == ("O12-2570", ("O1", "O12"))  # merged
    assert "O24" not in {lineage for lineage, _came_of in found.values()}  # dropped


def test_a_lineage_goes_on_through_several_years(rules: Framework, real: Plan, later: Framework, how: ItemMapping):
    second = descended(later, rules, how)
    third, _plan = following(second, following(rules, real, 2570, known=second, became=how.became)[1], 2571)
    assert lineages(third) == lineages(second)  # carried over as it is
    merged = ItemMapping.model_validate({
        "from": "immigration-2571", "to": "made-up-2572",
        "equal": {code: code for code in third.items if code not in {"O12", "O25"}},
        "made_of": {"O1": ("O12", "O25")},
    })  # fmt: skip
    items = {code: item for code, item in third.items.items() if code not in {"O12", "O25"}}
    fourth = third.model_copy(update={"fiscal_year": 2572, "items": items | {"O1": third.items["O12"]}})
    found = lineages(descended(fourth, third, merged))
    assert found["O1"] == ("O1-2572", ("O12-2570", "O1", "O12", "O9"))  # of what was made of several, all of them
    assert found["O26"] == ("O26-2570", ("O7",))


def test_what_was_made_of_several_loses_nothing_of_any_of_them(
    rules: Framework, real: Plan, later: Framework, how: ItemMapping
):
    own = rules.items["O9"].requirements["visa"]
    other = own.model_copy(update={"title": "อีกอย่าง"})
    days = real.deadlines.model_copy(update={"own": {"O1": {"": date(2025, 2, 3)}, "O12": {"": date(2025, 1, 20)}}})
    departures = {
        "O1": Departure(title="หนึ่ง", requirements={"film": own}),
        "O12": Departure(title="สิบสอง", requirements={"film": other}),
    }
    plan = real.model_copy(update={"deadlines": days, "items": departures})
    made = following(rules, plan, 2570, known=descended(later, rules, how), became=how.became)
    assert checked(content_of(*made), "made") == made
    hands = {kind: [hand.who for hand in getattr(made[1].duties["O12"], kind)] for kind in ("supervise", "prepare")}
    assert hands == {"supervise": ["khanittha", "nattawat"], "prepare": ["angsuson", "rakchanu", "usa"]}
    item = next(one for one in planned_items(*made) if one.code == "O12")
    assert item.requirements["film"].dues == {"": date(2027, 1, 20)}  # the earliest
    assert item.title == "หนึ่ง / สิบสอง"
    assert {item.requirements[key].demand.title for key in ("film", "film-o12")} == {own.title, other.title}


def test_the_demonstration_of_a_split_gives_each_part_the_duties_of_the_whole(
    rules: Framework, real: Plan, later: Framework, how: ItemMapping
):
    _framework, plan = following(rules, real, 2570, known=descended(later, rules, how), became=how.became)
    assert plan.duties["O7"] == plan.duties["O26"] == real.duties["O7"]
    assert plan.duties["O25"] == real.duties["O9"]
    assert (plan.duties["O9"].prepare, plan.duties["O9"].supervise) == ((), ())


def test_lineages_are_kept_with_a_revision_and_what_says_none_is_as_it_was(
    rules: Framework, real: Plan, later: Framework, how: ItemMapping
):
    assert "lineage" not in str(content_of(rules, real))  # so the hashes of older revisions hold
    made = following(rules, real, 2570, known=descended(later, rules, how), became=how.became)
    assert parts_of(content_of(*made)) == made
    bare = following(rules, real, 2570, known=later, became=how.became)
    told = {one.where: (one.before, one.after) for one in differences(bare, made)}
    assert told["O25 lineage"] == ("", "O9")
    assert told["O12 came_of"] == ("", "O1, O12")


def changed(change: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
    raw = yaml.safe_load(yaml.safe_dump(MADE_UP))
    change(raw)
    return raw  # type: ignore[no-any-return]


# A change of MADE_UP, and all that is said of it.
FAULTY: list[tuple[Callable[[dict[str, Any]], object], list[str]]] = [
    (lambda raw: raw.pop("dropped"),
     ["does not say of O24 in immigration-2568 what became of it, or that it was dropped"]),
    (lambda raw: raw["equal"].pop("O2"),
     ["does not say of O2 in made-up-2570 what it is: equal, part_of, made_of, new",
      "does not say of O2 in immigration-2568 what became of it, or that it was dropped"]),
    (lambda raw: raw["equal"].update(O99="O98"),
     ["equal.O99: there is no item O99 in made-up-2570", "equal.O99: there is no item O98 in immigration-2568"]),
    (lambda raw: raw["new"].append("O3"), ["new[1]: O3 stands under equal already"]),
    (lambda raw: raw["part_of"].update(O26="O3"),
     ["equal.O3: O3 stands under part_of too: of an item that was split, each is a part_of"]),
    (lambda raw: raw["dropped"].append("O7"), ["dropped[1]: O7 stands under part_of too"]),
    (lambda raw: raw["made_of"].update(O12=["O12"]),
     ['made_of.O12: must not be empty',
      "does not say of O1 in immigration-2568 what became of it, or that it was dropped"]),
    (lambda raw: raw["made_of"].update(O12=["O1", "O1", "O12"]), ["made_of.O12: names O1 twice"]),
    (lambda raw: raw.update(to="immigration-2570"),
     ["to: is immigration-2570, but the framework given is made-up-2570"]),
    (lambda raw: raw.update(same={}), ["same: unknown key"]),
    (lambda raw: raw["part_of"].update(O26=["O7"]),
     ['part_of.O26: must be text, but is ["O7"]']),
]  # fmt: skip


@pytest.mark.parametrize(("change", "faults"), FAULTY)
def test_every_fault_is_named_with_its_place(
    tmp_path: Path, rules: Framework, later: Framework, change: Callable[[dict[str, Any]], object], faults: list[str]
):
    path = written(tmp_path, changed(change))
    with pytest.raises(PlanFaults) as refused:
        load_mapping(path, rules, later)
    assert refused.value.faults == [f"{path.name}: {fault}" for fault in faults]


def test_a_mapping_back_in_time_is_refused(tmp_path: Path, rules: Framework, later: Framework):
    with pytest.raises(PlanFaults, match="is for 2568, not later than 2570"):
        load_mapping(written(tmp_path, MADE_UP), later, rules)


def test_two_items_of_one_lineage_are_a_fault(other_rules: Callable[..., Framework], rules: Framework, real: Plan):
    with pytest.raises(PlanFaults, match=r"items.O9.lineage: O3 is the lineage of O3: each needs one of its own"):
        other_rules(lambda raw: raw["items"]["O9"].update(lineage="O3"))
    with pytest.raises(PlanFaults, match=r"items.O9.came_of: O9 is its own lineage"):
        other_rules(lambda raw: raw["items"]["O9"].update(came_of=["O9"]))
    content = content_of(rules, real)
    content["plan"]["measures"]["S1"]["lineage"] = "O3"
    with pytest.raises(PlanFaults, match=r"measures.S1.lineage: O3 is the lineage of O3"):
        checked(content, "made")


def test_a_mapping_is_found_by_the_frameworks_it_is_between(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rules: Framework, real: Plan, later: Framework
):
    frameworks, folder = tmp_path / "frameworks", tmp_path / "mappings"
    frameworks.mkdir()
    written_framework = yaml.safe_dump(content_of(later, real)["framework"], allow_unicode=True, sort_keys=False)
    (frameworks / "made-up-2570.yaml").write_text(written_framework, encoding="utf-8")
    monkeypatch.setattr("ita_core.plan.framework.FRAMEWORKS", frameworks)
    monkeypatch.setattr(mappings, "MAPPINGS", folder)
    assert mappings.known_framework("made-up-2570", rules, real) == (later, None)  # no folder, no mapping
    folder.mkdir()
    assert mappings.known_framework("made-up-2570", rules, real) == (later, None)
    written(folder, MADE_UP)
    known, how = mappings.known_framework("made-up-2570", rules, real)
    assert (known, how and how.dropped) == (later, ("O24",))
    carried, plan = following(rules, real, 2569)  # 2569 without a manual of its own is still that of 2568
    assert plan.assumed == Assumed(source="immigration-2568", items=tuple(rules.items))
    assert mappings.known_framework("made-up-2570", carried, plan) == (known, how)


def test_every_mapping_that_we_keep_is_in_order():
    for path in sorted(mappings.MAPPINGS.glob("*.yaml")):
        before, after = path.stem.split("-to-")
        framework = mappings.load_framework(FRAMEWORKS / f"{before}.yaml")
        plan = load_plan(find_plan(before), framework)
        assert mappings.known_framework(after, framework, plan)[1] is not None
