"""The plan of ตม.จว.ประจวบคีรีขันธ์ for 2568 against the document.

The expected rows are taken from the document by hand (measures-2568.txt and its notes), not from the YAML.
"""

from datetime import date

import pytest

from ita_core.models import Cadence, ItemKind
from ita_core.plan.framework import Framework
from ita_core.plan.plan import Plan, PlannedItem, planned_items
from ita_core.thai import rank_and_name
from tests.plan.document import (
    AITHANYA,
    ALIASES,
    ANGSUSON,
    APHINPORN,
    CHIEF,
    DUTIES,
    INSPECTOR,
    KHANITTHA,
    NARISARA,
    NATTAWAT,
    PATTHAMA,
    PHAILIN,
    PIYAPORN,
    PRAMOTE,
    RAKCHANU,
    REPORTED,
    SARAWUT,
    SERVICE,
    SETTHAPHAT,
    STEP_DUTIES,
    SUPHAWAN,
    SUPPLY,
    THANET,
    THIANCHAI,
    USA,
)


@pytest.fixture(scope="module")
def items(rules: Framework, real: Plan) -> dict[str, PlannedItem]:
    return {item.code: item for item in planned_items(rules, real)}


def names(real: Plan) -> dict[str, str]:
    """What the document calls each party, by its key."""
    officers = {key: rank_and_name(officer.rank, officer.name) for key, officer in real.officers.items()}
    return officers | {key: group.name for key, group in (real.posts | real.teams).items()}


def test_the_office_and_its_scores_are_the_documents(real: Plan):
    assert real.office.name == "ตรวจคนเข้าเมืองจังหวัดประจวบคีรีขันธ์"
    assert real.office.short == "ตม.จว.ประจวบคีรีขันธ์"
    assert real.office.website == "www.prachuap-immigration.com"
    assert (real.fiscal_year, real.target) == (2568, 95)
    [last] = real.scores
    assert (last.fiscal_year, last.total) == (2567, 95.85)
    assert last.instruments == {"IIT": 93.45, "EIT": 95.21, "OIT": 98.13}
    for fact in ("คำสั่งที่ 1/2568 ลงวันที่ 2 มกราคม 2568", "วันที่ 3 มกราคม 2568 พ.ต.อ.เศรษฐภัทร ณ สงขลา", "4. ปฏิบัติงานร่วมกับ"):
        assert fact in real.about


def test_seventeen_officers_stand_in_the_plan(real: Plan):
    assert {rank_and_name(officer.rank, officer.name) for officer in real.officers.values()} == {
        SETTHAPHAT, THIANCHAI, PRAMOTE, NATTAWAT, KHANITTHA, ANGSUSON, NARISARA, THANET, SARAWUT, PIYAPORN, PHAILIN,
        SUPHAWAN, APHINPORN, AITHANYA, RAKCHANU, USA, PATTHAMA,
    }  # fmt: skip
    assert len(real.officers) == 17


def test_other_spellings_are_aliases_that_ask_for_confirmation(real: Plan):
    spelled = {
        rank_and_name(officer.rank, officer.name): set(officer.aliases)
        for officer in real.officers.values()
        if officer.aliases
    }
    assert spelled == ALIASES
    assert {rank_and_name(o.rank, o.name) for o in real.officers.values() if o.confirm} == set(ALIASES)


def test_both_commanders_act_for_the_post(real: Plan):
    assert {group.name: [names(real)[key] for key in group.members] for group in real.posts.values()} == {
        CHIEF: [SETTHAPHAT, THIANCHAI],
        INSPECTOR: [],
    }
    titles = {officer.name: officer.title for officer in real.officers.values() if officer.title}
    assert titles == {"เศรษฐภัทร ณ สงขลา": "ผกก.๓ รรท.ผกก.ตม.จว.ประจวบคีรีขันธ์", "เทียนชัย ชมภู": "ผู้กำกับการ"}


def test_who_supervises_and_prepares_every_item_and_measure(real: Plan, items: dict[str, PlannedItem]):
    called = names(real)
    assert {
        code: ([called[hand.who] for hand in item.duties.supervise], [called[hand.who] for hand in item.duties.prepare])
        for code, item in items.items()
    } == DUTIES


def test_who_supervises_and_prepares_every_step(real: Plan):
    called = names(real)
    assert {
        number: ([called[hand.who] for hand in duties.supervise], [called[hand.who] for hand in duties.prepare])
        for number, duties in real.steps.items()
    } == STEP_DUTIES


def test_where_somebody_is_missing_the_plan_says_why(real: Plan, items: dict[str, PlannedItem]):
    assert {code for code, item in items.items() if item.duties.nobody} == {
        "P1", "P2", "P3", "P4", "P5", "P6", "C1", "C2", "C3",
    }  # fmt: skip
    assert {number for number, duties in real.steps.items() if duties.nobody} == {8, 9}
    assert not any(real.steps[number].shown_by for number in (8, 9))
    assert real.steps[8].nobody.startswith("รอผลประกาศการให้คะแนน")


def test_doers_and_sign_makers_bear_the_documents_word(real: Plan, items: dict[str, PlannedItem]):
    called = names(real)
    tasks = {
        (code, called[hand.who]): hand.task for code, item in items.items() for hand in item.duties.prepare if hand.task
    }
    assert {place: task for place, task in tasks.items() if task != "หัวหน้างาน"} == {
        ("1.1", SERVICE): "ผู้ปฏิบัติ",
        ("1.1", SUPPLY): "จัดทำป้าย",
        ("1.2", SUPPLY): "จัดทำป้าย",
        ("1.3", SUPPLY): "จัดทำป้าย",
        ("1.4", SUPPLY): "จัดทำป้าย",
        ("1.5", SERVICE): "ผู้ปฏิบัติ",
        ("1.5", SUPPLY): "จัดทำป้าย",
        ("1.6", SERVICE): "ผู้ปฏิบัติ",
        ("1.6", SUPPLY): "จัดทำป้าย",
        ("S1", AITHANYA): "จัดทำคำสั่ง",
    }
    assert {code for (code, _), task in tasks.items() if task == "หัวหน้างาน"} == {"P2"}


@pytest.mark.parametrize(
    ("due", "codes"),
    [
        (date(2025, 1, 31), {"O9"}),
        (date(2025, 2, 28), {"O1", "O2", "O7", "O8", "O17"}),
        (date(2025, 3, 31), {"O3", "O4", "O11", "O15", "O19", "O20", "O21", "O22", "O23", "O24"}),
    ],
)
def test_what_is_shown_once_is_due_on_the_last_day_of_its_month(
    items: dict[str, PlannedItem], due: date, codes: set[str]
):
    assert {code for code, item in items.items() if item.due == due} == codes
    dues = [requirement.dues for code in codes for requirement in items[code].requirements.values()]
    assert all(day == {"": due} for day in dues)


@pytest.mark.parametrize("code", ["O6", "O10", "O12", "O13", "O14", "O16"])
def test_a_monthly_report_is_due_on_the_first_of_the_next_month(items: dict[str, PlannedItem], code: str):
    assert items[code].due is None
    for requirement in items[code].requirements.values():
        once = requirement.demand.cadence is Cadence.once
        assert requirement.dues == ({"": date(2025, 4, 1)} if once else REPORTED)


@pytest.mark.parametrize("code", ["O5", "O18"])
def test_what_is_kept_up_to_date_closes_with_the_oit_window(items: dict[str, PlannedItem], code: str):
    assert items[code].due is None
    assert all(requirement.dues == {"": date(2025, 4, 30)} for requirement in items[code].requirements.values())


def test_the_offices_measures_want_photographs_by_the_day_o24_is_due(items: dict[str, PlannedItem]):
    own = [item for item in items.values() if item.kind is not ItemKind.oit]
    for item in own:
        assert (item.cadence, item.due, item.indicator) == (Cadence.continuous, None, None)
        assert [part.dues for part in item.requirements.values()] == [{"": items["O24"].due}]
        assert [part.demand.formats for part in item.requirements.values()] == [("image",)]
    assert {
        kind: [item.code for item in own if item.kind is kind] for kind in ItemKind if kind is not ItemKind.oit
    } == {
        ItemKind.service: ["1.1", "1.2", "1.3", "1.4", "1.5", "1.6"],
        ItemKind.communication: ["C1", "C2", "C3"],
        ItemKind.website: ["W1", "W2", "W3"],
        ItemKind.supervision: ["S1", "S2"],
        ItemKind.preparation: ["P1", "P2", "P3", "P4", "P5", "P6"],
    }


def test_what_was_assigned_under_an_instrument_serves_it(items: dict[str, PlannedItem]):
    assert [items[f"P{number}"].instrument for number in range(1, 7)] == ["IIT", "IIT", "EIT", "EIT", "EIT", "OIT"]
    assert {items[code].instrument for code in ("1.1", "1.6", "C1", "C3")} == {"EIT"}
    assert {items[code].instrument for code in ("W1", "W3", "S1", "S2")} == {"OIT"}


def test_the_four_signs_of_good_communication_stand_with_every_matter(items: dict[str, PlannedItem]):
    for code in ("C1", "C2", "C3"):
        [photographs] = items[code].requirements.values()
        assert photographs.demand.note.count("\n- ") == 4
        assert "ประชาชน/ผู้มารับบริการ" in photographs.demand.note
    assert "ม.38 (ตม.30)" in items["C2"].demand


def test_the_plan_makes_as_many_slots_as_the_document_has_cells(items: dict[str, PlannedItem]):
    slots = {
        code: sum(
            max(1, len(part.demand.periods)) * max(1, len(part.demand.formats)) * max(1, len(part.demand.languages))
            * part.demand.minimum
            for part in item.requirements.values()
        )
        for code, item in items.items()
    }  # fmt: skip
    assert {code: count for code, count in slots.items() if code.startswith("O")} == {
        "O1": 4, "O2": 3, "O3": 2, "O4": 6, "O5": 3, "O6": 48, "O7": 1, "O8": 11, "O9": 4, "O10": 24, "O11": 7,
        "O12": 12, "O13": 18, "O14": 12, "O15": 3, "O16": 8, "O17": 8, "O18": 5, "O19": 5, "O20": 2, "O21": 2,
        "O22": 9, "O23": 6, "O24": 5,
    }  # fmt: skip
    assert sum(slots.values()) == 228
