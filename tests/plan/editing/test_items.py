"""What is demanded: of the framework's items, and the office's own measures."""

from copy import deepcopy
from datetime import date

import pytest

from ita_core.errors import NotFound
from ita_core.models import ItemKind
from ita_core.plan import editing
from ita_core.plan.content import Content, checked
from ita_core.plan.editing import Whose
from ita_core.plan.faults import PlanFaults
from ita_core.plan.following import NOBODY_YET
from ita_core.plan.plan import PlannedItem, planned_items

PICTURE = {
    "title": "ภาพป้าย", "note": "", "cadence": "continuous", "periods": [], "formats": ["image"], "languages": [],
    "minimum": 1, "nil_allowed": False,
}  # fmt: skip


def item(content: Content, code: str) -> PlannedItem:
    return next(one for one in planned_items(*checked(content, "x")) if one.code == code)


def whose(content: Content, code: str) -> dict[str, Whose]:
    return {one.key: one.whose for one in editing.demands_of(content, code)}


def test_a_word_of_the_framework_s_item_is_the_office_s_own_until_it_is_taken_back(content: Content):
    before = deepcopy(content)
    title, demand = editing.words_of(content, "O1")
    editing.set_words(content, "O1", title="โครงสร้างของเรา", demand=demand)
    assert content["framework"] == before["framework"]
    assert item(content, "O1").title == editing.titles_of(content)["O1"] == "โครงสร้างของเรา"
    assert (item(content, "O1").own, item(content, "O1").demand) == (True, demand)
    editing.take_framework_back(content, "O1")
    assert content == before
    editing.set_words(content, "O1", title="", demand=f" {demand}\n")
    assert editing.words_of(content, "O1") == (title, demand)
    assert content == before
    with pytest.raises(NotFound):
        editing.take_framework_back(content, "O1")


def test_a_requirement_of_the_framework_is_changed_dropped_and_taken_back(content: Content):
    before = deepcopy(content)
    [*first, last] = editing.demands_of(content, "O2")
    assert first
    assert {one.whose for one in [*first, last]} == {Whose.framework}
    editing.set_requirement(content, "O2", last.key, last.values | {"minimum": 3, "formats": ["pdf", "word"]})
    assert whose(content, "O2")[last.key] is Whose.changed
    planned = item(content, "O2").requirements[last.key]
    assert (planned.demand.minimum, planned.demand.formats, planned.own) == (3, ("pdf", "word"), True)
    editing.take_out_requirement(content, "O2", last.key)
    assert whose(content, "O2")[last.key] is Whose.dropped
    assert editing.demands_of(content, "O2")[-1].values == last.values
    assert last.key not in item(content, "O2").requirements
    editing.take_framework_back(content, "O2", last.key)
    assert content == before
    editing.take_out_requirement(content, "O2", last.key)
    editing.set_requirement(content, "O2", last.key, last.values)
    assert content == before


def test_a_requirement_is_added_to_an_item_and_goes_again_without_a_trace(content: Content):
    before = deepcopy(content)
    key = editing.add_requirement(content, "O2", PICTURE, ever={"own-1"})
    assert key == "own-2"
    assert editing.demands_of(content, "O2")[-1] == editing.Demand(key, PICTURE, Whose.own)
    assert item(content, "O2").requirements[key].demand.title == "ภาพป้าย"
    editing.take_out_requirement(content, "O2", key)
    assert content == before


def test_an_item_of_which_nothing_would_be_demanded_is_no_plan(content: Content):
    [*others, last] = editing.demands_of(content, "O2")
    for one in others:
        editing.take_out_requirement(content, "O2", one.key)
    with pytest.raises(PlanFaults, match="nothing would be demanded of O2"):
        editing.take_out_requirement(content, "O2", last.key)


def test_a_day_of_a_month_that_is_no_longer_reported_goes_with_it(content: Content):
    editing.move_deadlines(content, {("O6", "2024-10"): date(2024, 11, 8), ("O6", "2024-11"): date(2024, 12, 9)})
    *others, last = editing.demands_of(content, "O6")
    for one in others:
        editing.set_requirement(content, "O6", one.key, one.values | {"periods": one.values["periods"][1:]})
    assert "2024-10" in content["plan"]["deadlines"]["own"]["O6"]  # the last one still reports it
    editing.set_requirement(content, "O6", last.key, last.values | {"periods": last.values["periods"][1:]})
    assert content["plan"]["deadlines"]["own"] == {"O6": {"2024-11": "2024-12-09"}}


def test_a_measure_is_added_after_those_of_its_kind_without_anybody(content: Content):
    code = editing.add_measure(
        content, kind=ItemKind.supervision, title="ตรวจเยี่ยม", demand="ตรวจเยี่ยมทุกเดือน", instrument="OIT", first=PICTURE
    )
    assert code == "S3"
    assert list(content["plan"]["measures"])[-3:] == ["S1", "S2", "S3"]
    made = item(content, "S3")
    assert (made.kind, made.title, made.instrument) == (ItemKind.supervision, "ตรวจเยี่ยม", "OIT")
    assert made.duties.nobody == NOBODY_YET
    assert [one.demand.title for one in made.requirements.values()] == ["ภาพป้าย"]


def test_a_code_that_work_may_hang_on_is_not_given_again(content: Content):
    editing.take_out_measure(content, "1.6")
    added = {"kind": ItemKind.service, "title": "ก", "demand": "ข", "instrument": None, "first": PICTURE}
    assert editing.add_measure(content, **added, ever={"1.6", "1.7"}) == "1.8"
    assert list(content["plan"]["measures"]).index("1.8") == list(content["plan"]["measures"]).index("1.5") + 1


def test_the_first_measure_of_a_kind_gets_a_code_of_that_kind(content: Content):
    for code in ("S1", "S2"):
        editing.take_out_measure(content, code)
    added = {"kind": ItemKind.supervision, "title": "ก", "demand": "ข", "instrument": None, "first": PICTURE}
    assert editing.add_measure(content, **added) == "S1"


def test_a_measure_is_changed_and_taken_out_with_its_days(content: Content):
    editing.move_deadlines(content, {("S2", ""): date(2025, 3, 3)})
    editing.set_words(content, "S2", title="กำกับ", demand="กำกับติดตาม")
    key = editing.add_requirement(content, "S2", PICTURE)
    assert editing.words_of(content, "S2") == ("กำกับ", "กำกับติดตาม")
    editing.set_requirement(content, "S2", key, PICTURE | {"nil_allowed": True})
    assert item(content, "S2").requirements[key].demand.nil_allowed
    editing.take_out_requirement(content, "S2", key)
    assert key not in item(content, "S2").requirements
    editing.take_out_measure(content, "S2")
    assert "S2" not in editing.titles_of(content)
    assert content["plan"]["deadlines"]["own"] == {}
    checked(content, "x")


def test_a_measure_that_shows_nothing_and_one_without_a_title_are_no_plan(content: Content):
    for one in editing.demands_of(content, "S1")[1:]:
        editing.take_out_requirement(content, "S1", one.key)
    with pytest.raises(PlanFaults, match=r"measures\.S1\.requirements: must not be empty"):
        editing.take_out_requirement(content, "S1", editing.demands_of(content, "S1")[0].key)
    editing.set_words(content, "S2", title=" ", demand="ข")
    with pytest.raises(PlanFaults, match=r"measures\.S2\.title: must not be empty"):
        checked(content, "x")


def test_what_is_not_there_is_not_changed(content: Content):
    for change in (
        lambda: editing.set_words(content, "O99", title="ก", demand="ข"),
        lambda: editing.set_requirement(content, "O1", "nothing", PICTURE),
        lambda: editing.take_out_requirement(content, "O1", "nothing"),
        lambda: editing.add_requirement(content, "O99", PICTURE),
        lambda: editing.take_out_measure(content, "O1"),
    ):
        with pytest.raises(NotFound):
            change()
