"""The plan of ตม.จว.ประจวบคีรีขันธ์ for 2568 against the document, faulty plans, and what applying one does.

The expected rows are taken from the document by hand (measures-2568.txt and its notes), not from the YAML.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import yaml
from sqlmodel import Session, col, select

from ita_core import audit, db, queries
from ita_core.models import (
    Account,
    Assessment,
    AuditEntry,
    AuditHead,
    Base,
    Cadence,
    Duty,
    DutyKind,
    Evidence,
    EvidenceKind,
    EvidenceSlot,
    Indicator,
    Instrument,
    Item,
    ItemKind,
    Level,
    Membership,
    Party,
    PartyKind,
    Phase,
    Requirement,
    Role,
    Score,
    Step,
)
from ita_core.plan.apply import WorkHangsOn, apply_plan
from ita_core.plan.faults import Faults, PlanFaults
from ita_core.plan.files import read
from ita_core.plan.framework import Framework, load_framework
from ita_core.plan.plan import PLANS, Plan, PlannedItem, UnknownPlan, find_plan, load_plan, planned_items
from ita_core.thai import rank_and_name

DATA = Path(__file__).parents[2] / "data"
FILE = DATA / "plans" / "prachuap-2568.yaml"
FRAMEWORK = DATA / "frameworks" / "immigration-2568.yaml"
AT = datetime(2024, 10, 1, 2, 0, tzinfo=UTC)
LATER = datetime(2025, 1, 6, 2, 0, tzinfo=UTC)

# --- the document's people, by the words this file uses for them -----------------------------------------------------

PRAMOTE = "พ.ต.ท.ประโมทย์ พูลประเสริฐ"
NATTAWAT = "พ.ต.ท.ณัฐวรรธ แก้วทิพย์เนตร"
KHANITTHA = "พ.ต.ท.หญิง ขนิษฐา แก้วโสภา"
ANGSUSON = "ร.ต.อ.หญิง อังศุศรณ์ เชาวเลิศ"
NARISARA = "ร.ต.อ.หญิง นริศรา นามธง"
THANET = "ร.ต.อ.ธเนศ จันทการ"
SARAWUT = "ร.ต.อ.ศราวุฒิ ประยูรวงศ์"
PIYAPORN = "ร.ต.อ.หญิง ปิยาภรณ์ หาญณรงค์"
PHAILIN = "ร.ต.อ.หญิง ไพลิน ฉัญจรัสรักษ์"
SUPHAWAN = "ร.ต.ท.หญิง สุภวรรณ ศรีสุวรรณ"
APHINPORN = "ร.ต.ท.หญิง อภินทร์พร แสงแก้ว"
AITHANYA = "ด.ต.หญิง อัยย์ธัญญา กฤตย์อัศวโกคิน"
RAKCHANU = "ด.ต.หญิง รักชนู กฤตานุสาร"
USA = "ด.ต.หญิง อุษา มีนาม"
PATTHAMA = "ด.ต.หญิง ปัทมา เทพทวี"
SETTHAPHAT = "พ.ต.อ.เศรษฐภัทร ณ สงขลา"
THIANCHAI = "ว่าที่ พ.ต.อ.เทียนชัย ชมภู"
CHIEF, INSPECTOR = "ผกก.ตม.จว.ประจวบคีรีขันธ์", "สว.ตม.จว.ประจวบคีรีขันธ์"
ITA_TEAM, SUPPLY, SERVICE = "คณะทำงานขับเคลื่อน ITA", "งานส่งกำลังบำรุง", "เจ้าหน้าที่งานบริการคนต่างด้าว"
EVERYBODY = "ข้าราชการตำรวจในสังกัดทุกนาย"

# Item: who supervises, who prepares.
DUTIES = {
    "O1": ([KHANITTHA], [ANGSUSON, RAKCHANU]),
    "O2": ([KHANITTHA], [ANGSUSON]),
    "O3": ([PRAMOTE, NATTAWAT], [NARISARA, THANET, SARAWUT]),
    "O4": ([KHANITTHA], [ANGSUSON]),
    "O5": ([PRAMOTE, NATTAWAT, KHANITTHA], [NARISARA, ANGSUSON, AITHANYA, USA]),
    "O6": ([PRAMOTE, NATTAWAT, KHANITTHA], [ANGSUSON, SUPHAWAN, APHINPORN, USA, PATTHAMA]),
    "O7": ([PRAMOTE, NATTAWAT, KHANITTHA], [NARISARA, ANGSUSON, SARAWUT]),
    "O8": ([PRAMOTE, NATTAWAT], [NARISARA, THANET, SARAWUT, APHINPORN]),
    "O9": ([KHANITTHA], [AITHANYA]),
    "O10": ([NATTAWAT], [PATTHAMA, USA]),
    "O11": ([KHANITTHA], [PIYAPORN]),
    "O12": ([NATTAWAT], [USA]),
    "O13": ([KHANITTHA], [PHAILIN, APHINPORN]),
    "O14": ([KHANITTHA], [PHAILIN, APHINPORN]),
    "O15": ([KHANITTHA], [ANGSUSON, RAKCHANU]),
    "O16": ([KHANITTHA], [RAKCHANU]),
    "O17": ([KHANITTHA], [AITHANYA]),
    "O18": ([KHANITTHA], [AITHANYA]),
    "O19": ([KHANITTHA], [AITHANYA]),
    "O20": ([KHANITTHA], [AITHANYA]),
    "O21": ([KHANITTHA], [AITHANYA]),
    "O22": ([KHANITTHA], [PHAILIN, APHINPORN]),
    "O23": ([PRAMOTE, KHANITTHA], [AITHANYA]),
    "O24": ([KHANITTHA], [AITHANYA]),
    "P1": ([], [EVERYBODY]),
    "P2": ([], ["งานอำนวยความสะดวก", SERVICE, "งานสืบสวนปราบปราม", "งานควบคุมคนต้องห้ามและส่งกลับ"]),
    "P3": ([], [EVERYBODY]),
    "P4": ([], [SERVICE]),
    "P5": ([], [EVERYBODY]),
    "P6": ([], [EVERYBODY]),
    "1.1": ([PRAMOTE], [SERVICE, SUPPLY]),
    "1.2": ([PRAMOTE], [SUPPLY]),
    "1.3": ([PRAMOTE], [SUPPLY]),
    "1.4": ([PRAMOTE], [SUPPLY]),
    "1.5": ([PRAMOTE], [SERVICE, SUPPLY]),
    "1.6": ([PRAMOTE], [SERVICE, SUPPLY]),
    "C1": ([], []),
    "C2": ([], []),
    "C3": ([], []),
    "W1": ([KHANITTHA], [ANGSUSON]),
    "W2": ([KHANITTHA], [ANGSUSON]),
    "W3": ([KHANITTHA], [ANGSUSON]),
    "S1": ([INSPECTOR], [AITHANYA, ITA_TEAM]),
    "S2": ([CHIEF], [ITA_TEAM]),
}

STEP_DUTIES = {
    1: ([CHIEF], [ITA_TEAM]),
    2: ([KHANITTHA], [AITHANYA]),
    3: ([KHANITTHA], [AITHANYA]),
    4: ([KHANITTHA], [AITHANYA]),
    5: ([KHANITTHA], [ANGSUSON]),
    6: ([KHANITTHA], [AITHANYA]),
    7: ([INSPECTOR], [ITA_TEAM]),
    8: ([], []),  # the assessor's
    9: ([], []),  # the assessor's
    10: ([CHIEF], [AITHANYA]),
    11: ([KHANITTHA], [AITHANYA]),
    12: ([KHANITTHA], [AITHANYA]),
    13: ([KHANITTHA], [AITHANYA]),
    14: ([KHANITTHA], [AITHANYA]),
}

# The scan's other spellings of one person.
ALIASES = {
    NATTAWAT: {"ณัฐวรธร แก้วทิพย์เนตร"},
    KHANITTHA: {"ชนิษฐา แก้วโสภา", "ขนิษฐา แก้วโสภาค"},
    ANGSUSON: {"อังศุพรรณ เชาวเลิศ"},
    THANET: {"ธเนศ จุนทการ"},
    PHAILIN: {"ไพลิน ฉัญจรส์รักษ์"},
    APHINPORN: {"อภินิหารพร แสงแก้ว", "ร.ต.ต.หญิง อภินิทร์พร แสงแก้ว", "อภินิษฐ์พร แสงแก้ว"},
    AITHANYA: {
        "อัยยัญญา กฤตย์อัศวโกคิน",
        "อัยย์ญา กฤตย์อัศวโกคิน",
        "อัยย์ณญา กฤตย์อัศวโกศิน",
        "อัยย์ณญา กฤตย์อัครวโกลิน",
        "อัยย์ธญา กฤตย์อัสวโกติน",
        "อัยย์ธัญญา กฤตย์อัศวโกศิน",
    },
    RAKCHANU: {"รักชฎ กฤตานุสาร"},
}

REPORTED = {
    "2024-10": date(2024, 11, 1),
    "2024-11": date(2024, 12, 1),
    "2024-12": date(2025, 1, 1),
    "2025-01": date(2025, 2, 1),
    "2025-02": date(2025, 3, 1),
    "2025-03": date(2025, 4, 1),
}


@pytest.fixture(scope="module")
def rules() -> Framework:
    return load_framework(FRAMEWORK)


@pytest.fixture(scope="module")
def real(rules: Framework) -> Plan:
    return load_plan(FILE, rules)


@pytest.fixture(scope="module")
def items(rules: Framework, real: Plan) -> dict[str, PlannedItem]:
    return {item.code: item for item in planned_items(rules, real)}


def names(real: Plan) -> dict[str, str]:
    """What the document calls each party, by its key."""
    officers = {key: rank_and_name(officer.rank, officer.name) for key, officer in real.officers.items()}
    return officers | {key: group.name for key, group in (real.posts | real.teams).items()}


# --- the document ----------------------------------------------------------------------------------------------------


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


# --- faulty plans ----------------------------------------------------------------------------------------------------


@pytest.fixture
def edited(tmp_path: Path, rules: Framework) -> Callable[[Callable[[Any], object]], Path]:
    """The real plan with one thing changed, as a file."""

    def write(change: Callable[[Any], object]) -> Path:
        raw = read(FILE, Faults(FILE))
        change(raw)
        path = tmp_path / "plan.yaml"
        path.write_text(yaml.safe_dump(raw, allow_unicode=True, sort_keys=False), encoding="utf-8")
        return path

    return write


def faults_of(path: Path, rules: Framework) -> list[str]:
    with pytest.raises(PlanFaults) as refused:
        load_plan(path, rules)
    return refused.value.faults


def put(*path: str | int, value: object) -> Callable[[Any], object]:
    """A change: this value at this place."""

    def change(raw: Any) -> None:
        for part in path[:-1]:
            raw = raw[part]
        raw[path[-1]] = value

    return change


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


# --- applying --------------------------------------------------------------------------------------------------------


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[sa.Engine]:
    """The tables, and nothing in them but the audit record's beginning."""
    engine = db.make_engine(f"sqlite:///{tmp_path}/x.db")
    Base.metadata.create_all(engine)
    with engine.begin() as connection:  # of this version, as whoever writes wants it
        connection.exec_driver_sql("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
        connection.exec_driver_sql("INSERT INTO alembic_version VALUES (?)", (db.revision(),))
    with db.writing(engine) as session:
        session.add(AuditHead(id=1, number=0, hash=audit.GENESIS))
    yield engine
    engine.dispose()


@pytest.fixture
def changed(edited: Callable[[Callable[[Any], object]], Path], rules: Framework) -> Callable[..., Plan]:
    """The real plan with one thing changed."""
    return lambda change: load_plan(edited(change), rules)


@pytest.fixture
def other_rules(tmp_path: Path) -> Callable[[Callable[[Any], object]], Framework]:
    """The real framework with one thing changed."""

    def load(change: Callable[[Any], object]) -> Framework:
        raw = read(FRAMEWORK, Faults(FRAMEWORK))
        change(raw)
        path = tmp_path / "framework.yaml"
        path.write_text(yaml.safe_dump(raw, allow_unicode=True, sort_keys=False), encoding="utf-8")
        return load_framework(path)

    return load


def put_in(engine: sa.Engine, rules: Framework, chosen: Plan, at: datetime = AT) -> bool:
    with db.writing(engine) as session:
        return apply_plan(session, rules, chosen, at=at)[1]


TABLES = (
    Assessment, Level, Instrument, Score, Indicator, Item, Requirement, Party, Membership, Phase, Step, Duty,
    AuditEntry,
)  # fmt: skip


def everything(engine: sa.Engine) -> dict[str, list[dict[str, Any]]]:
    """Every row that a plan fills, and the record."""
    with db.reading(engine) as session:
        return {model.__name__: [row.model_dump() for row in session.exec(select(model)).all()] for model in TABLES}


def party(session: Session, key: str) -> Party:
    return session.exec(select(Party).where(Party.key == key)).one()


def hand_in(session: Session, code: str, key: str, by: str = "usa") -> Evidence:
    """An evidence for one requirement, handed in by an officer with an account."""
    account = Account(party_id=party(session, by).id, username=by, name=by, role=Role.officer, created_at=AT)
    session.add(account)
    item = session.exec(select(Item).where(Item.code == code)).one()
    session.flush()
    assert item.id is not None
    assert account.id is not None
    evidence = Evidence(item_id=item.id, kind=EvidenceKind.link, url="https://x.example", account_id=account.id, at=AT)
    session.add(evidence)
    requirement = session.exec(select(Requirement).where(Requirement.item_id == item.id, Requirement.key == key)).one()
    session.flush()
    assert evidence.id is not None
    assert requirement.id is not None
    session.add(EvidenceSlot(evidence_id=evidence.id, requirement_id=requirement.id))
    return evidence


def test_applying_fills_the_tables_and_writes_one_audit_entry(empty: sa.Engine, rules: Framework, real: Plan):
    assert put_in(empty, rules, real)
    rows = everything(empty)
    assert {name: len(found) for name, found in rows.items()} == {
        "Assessment": 1, "Level": 5, "Instrument": 3, "Score": 4, "Indicator": 10, "Item": 44, "Requirement": 107,
        "Party": 26, "Membership": 2, "Phase": 4, "Step": 14, "Duty": 136, "AuditEntry": 1,
    }  # fmt: skip
    [assessment], [entry] = rows["Assessment"], rows["AuditEntry"]
    assert (assessment["starts"], assessment["ends"], assessment["closes"]) == (
        date(2024, 10, 1), date(2025, 9, 30), date(2025, 4, 30),
    )  # fmt: skip
    assert (assessment["framework_code"], assessment["plan_code"]) == ("immigration-2568", "prachuap-2568")
    assert (entry["action"], entry["subject"], entry["actor"]) == ("plan.apply", "assessment prachuap 2568", "system")
    with db.reading(empty) as session:
        assert audit.faults(session) == []


def test_the_rows_say_what_the_document_says(empty: sa.Engine, rules: Framework, real: Plan):
    put_in(empty, rules, real)
    with db.reading(empty) as session:
        found: dict[str, tuple[list[str], list[str]]] = {code: ([], []) for code in DUTIES}
        duties = select(Item.code, Duty.kind, Party.rank, Party.name).join(Duty, col(Duty.item_id) == Item.id)
        for code, kind, rank, name in session.exec(
            duties.join(Party, col(Party.id) == Duty.party_id).order_by(col(Duty.position))
        ):
            found[code][kind is DutyKind.prepare].append(rank_and_name(rank, name))
        assert found == DUTIES
        reports = session.exec(
            select(Requirement).join(Item, col(Item.id) == Requirement.item_id).where(Item.code == "O6")
        ).all()
        for report in reports:
            assert report.dues == {period: day.isoformat() for period, day in REPORTED.items()}
            assert report.formats == ["pdf", "word"]
        items = session.exec(select(Item.code).order_by(col(Item.position))).all()
        assert list(items)[:24] == [f"O{number}" for number in range(1, 25)]
        steps = session.exec(select(Step).order_by(col(Step.position))).all()
        assert [step.position for step in steps] == list(range(1, 15))
        scores = {(row.fiscal_year, row.instrument_code): row.points for row in session.exec(select(Score))}
        assert scores == {(2567, None): 95.85, (2567, "IIT"): 93.45, (2567, "EIT"): 95.21, (2567, "OIT"): 98.13}
        kinds = [row.kind for row in session.exec(select(Party).order_by(col(Party.position)))]
        assert kinds == [PartyKind.officer] * 17 + [PartyKind.post] * 2 + [PartyKind.team] * 7


def test_applying_the_same_plan_twice_changes_nothing(empty: sa.Engine, rules: Framework, real: Plan):
    put_in(empty, rules, real)
    before = everything(empty)
    assert not put_in(empty, rules, real, LATER)
    assert everything(empty) == before


def test_a_changed_plan_changes_rows_in_place_and_evidence_stays(
    empty: sa.Engine, rules: Framework, real: Plan, changed: Callable[..., Plan]
):
    put_in(empty, rules, real)
    with db.writing(empty) as session:
        evidence = hand_in(session, "O9", "visa").model_dump()
    before = everything(empty)

    def change(raw: Any) -> None:
        raw["deadlines"]["once"][0]["due"] = "2025-02-15"
        raw["duties"]["O9"]["prepare"] = ["usa", "aithanya"]
        raw["officers"]["narisara"]["rank"] = "พ.ต.ต.หญิง"

    assert put_in(empty, rules, changed(change), LATER)
    after = everything(empty)
    for name in ("Item", "Requirement", "Party", "Step", "Indicator"):
        assert [row["id"] for row in after[name]] == [row["id"] for row in before[name]]
    assert {row["code"]: row["due"] for row in after["Item"]}["O9"] == date(2025, 2, 15)
    o9 = next(row["id"] for row in after["Item"] if row["code"] == "O9")
    assert {tuple(row["dues"].values()) for row in after["Requirement"] if row["item_id"] == o9} == {("2025-02-15",)}
    assert len(after["Duty"]) == len(before["Duty"]) + 1
    (applied,) = [row["detail"]["changes"] for row in after["AuditEntry"][1:] if row["action"] == "plan.apply"]
    assert applied == {
        "assessment": {"added": 0, "changed": 1, "removed": 0},
        "item": {"added": 0, "changed": 1, "removed": 0},
        "requirement": {"added": 0, "changed": 4, "removed": 0},
        "party": {"added": 0, "changed": 1, "removed": 0},
        "duty": {"added": 1, "changed": 1, "removed": 0},
    }
    with db.reading(empty) as session:
        assert session.get_one(Evidence, evidence["id"]).model_dump() == evidence


def test_going_back_to_the_first_plan_restores_it(
    empty: sa.Engine, rules: Framework, real: Plan, changed: Callable[..., Plan]
):
    put_in(empty, rules, real)
    before = everything(empty)

    def change(raw: Any) -> None:
        del raw["measures"]["S2"]
        del raw["officers"]["suphawan"]
        raw["duties"]["O6"]["prepare"].remove("suphawan")
        raw["posts"]["commander"]["members"] = ["thianchai"]
        raw["scores"] = []

    put_in(empty, rules, changed(change), LATER)
    without = everything(empty)
    gone = {name: len(before[name]) - len(without[name]) for name in ("Item", "Requirement", "Party", "Membership")}
    assert gone == {"Item": 1, "Requirement": 1, "Party": 1, "Membership": 1}
    assert without["Score"] == []
    assert put_in(empty, rules, real, LATER)
    again = everything(empty)
    assert {name: len(rows) for name, rows in again.items() if name != "AuditEntry"} == {
        name: len(rows) for name, rows in before.items() if name != "AuditEntry"
    }


def without_item(raw: Any) -> None:
    del raw["measures"]["S2"]


def without_officer(raw: Any) -> None:
    del raw["officers"]["usa"]
    for duties in raw["duties"].values():
        duties["prepare"] = [who for who in duties["prepare"] if who != "usa"] or ["patthama"]


def officer_into_team(raw: Any) -> None:
    raw["teams"]["usa"] = {"name": raw["officers"].pop("usa")["name"]}


def other_key(raw: Any) -> None:
    raw["measures"]["S2"]["requirements"] = {"pictures": {"title": "ภาพ"}}


@pytest.mark.parametrize(
    ("change", "lost"),
    [(without_item, "S2, S2 › photographs"), (other_key, "S2 › photographs"), (without_officer, "usa"),
     (officer_into_team, "usa")],
)  # fmt: skip
def test_a_plan_that_would_lose_what_work_hangs_on_is_refused_and_changes_nothing(
    empty: sa.Engine,
    rules: Framework,
    real: Plan,
    changed: Callable[..., Plan],
    change: Callable[[Any], None],
    lost: str,
):
    put_in(empty, rules, real)
    with db.writing(empty) as session:
        hand_in(session, "S2", "photographs")
    before = everything(empty)
    with pytest.raises(WorkHangsOn, match=f"The plan no longer has {lost}, but"):
        put_in(empty, rules, changed(change), LATER)
    assert everything(empty) == before


def test_the_spelling_that_an_administrator_confirmed_stays(
    empty: sa.Engine, rules: Framework, real: Plan, changed: Callable[..., Plan]
):
    put_in(empty, rules, real)
    with db.writing(empty) as session:
        chosen = party(session, "thanet")
        chosen.name, chosen.aliases, chosen.confirmed_at = "ธเนศ จุนทการ", ["ธเนศ จันทการ"], LATER
        session.add(chosen)
    assert put_in(empty, rules, changed(put("officers", "usa", "title", value="ผบ.หมู่")), LATER)
    with db.reading(empty) as session:
        kept = party(session, "thanet")
        assert (kept.name, kept.aliases) == ("ธเนศ จุนทการ", ["ธเนศ จันทการ"])
        assert kept.confirmed_at is not None
        assert party(session, "usa").title == "ผบ.หมู่"


def test_the_members_that_an_administrator_chose_stay(
    empty: sa.Engine, rules: Framework, real: Plan, changed: Callable[..., Plan]
):
    put_in(empty, rules, real)
    with db.writing(empty) as session:
        left = session.exec(select(Membership).where(Membership.officer_id == party(session, "setthaphat").id)).one()
        session.delete(left)
        audit.record(session, actor=None, action="party.members", subject="party commander", at=LATER)
    assert put_in(empty, rules, changed(put("target", value=96)), LATER)
    with db.reading(empty) as session:
        [member] = session.exec(select(Membership)).all()
        assert member.officer_id == party(session, "thianchai").id


def test_the_years_own_scores_are_not_the_plans(
    empty: sa.Engine, rules: Framework, real: Plan, changed: Callable[..., Plan]
):
    put_in(empty, rules, real)
    with db.writing(empty) as session:
        here = session.exec(select(Assessment)).one()
        assert here.id is not None
        session.add(Score(assessment_id=here.id, fiscal_year=2568, points=97.1))
    put_in(empty, rules, changed(put("scores", value=[])), LATER)
    with db.reading(empty) as session:
        assert [(row.fiscal_year, row.points) for row in session.exec(select(Score))] == [(2568, 97.1)]


def test_a_step_moves_to_another_phase_and_keeps_its_id(empty: sa.Engine, rules: Framework, real: Plan):
    put_in(empty, rules, real)
    before = {row["position"]: row["id"] for row in everything(empty)["Step"]}
    first, second, *others = rules.phases
    joined = second.model_copy(update={"steps": first.steps | second.steps})
    assert put_in(empty, rules.model_copy(update={"phases": (joined, *others)}), real, LATER)
    after = everything(empty)
    assert {row["position"]: row["id"] for row in after["Step"]} == before
    assert len(after["Phase"]) == 3


def test_two_years_of_one_office_stand_side_by_side(empty: sa.Engine, rules: Framework, real: Plan):
    put_in(empty, rules, real)
    before = everything(empty)
    assert put_in(empty, rules, real.model_copy(update={"fiscal_year": 2569}), LATER)
    after = everything(empty)
    for name, rows in before.items():
        if name != "AuditEntry":
            assert [row for row in after[name] if row in rows] == rows
            assert len(after[name]) == 2 * len(rows)


# --- dates that were moved -------------------------------------------------------------------------------------------


def planned_days(engine: sa.Engine) -> tuple[dict[str, Any], dict[str, Any]]:
    """Every date of the plan by what it is of: as it is now, and as it was first planned."""
    now: dict[str, Any] = {}
    first: dict[str, Any] = {}
    with db.reading(engine) as session:
        of_items = select(Item.code, Requirement).join(Item, col(Item.id) == Requirement.item_id)
        for code, row in session.exec(of_items):
            now |= {f"{code} {row.key} {period}".strip(): due for period, due in row.dues.items()}
            first |= {f"{code} {row.key} {period}".strip(): due for period, due in row.first_dues.items()}
        for row in session.exec(select(Step)):
            now |= {f"step {row.position} starts": row.starts, f"step {row.position} ends": row.ends}
            first |= {f"step {row.position} starts": row.first_starts, f"step {row.position} ends": row.first_ends}
    return now, first


def moved(engine: sa.Engine) -> set[str]:
    """What differs from the first plan."""
    now, first = planned_days(engine)
    assert set(now) == set(first)
    return {name for name, day in now.items() if first[name] != day}


def ids(engine: sa.Engine) -> dict[str, list[int]]:
    rows = everything(engine)
    return {name: [row["id"] for row in rows[name]] for name in ("Item", "Requirement", "Step", "Phase")}


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
    now, first = planned_days(empty)
    assert (now["O9 visa"], first["O9 visa"]) == ("2025-03-15", "2025-01-31")


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
    with db.reading(empty) as session:
        of_o10 = select(Requirement).join(Item, col(Item.id) == Requirement.item_id).where(Item.code == "O10")
        for row in session.exec(of_o10):
            assert row.dues == {
                "2024-10": "2024-11-05", "2024-11": "2024-12-05", "2024-12": "2025-01-05", "2025-01": "2025-02-05",
                "2025-02": "2025-03-05", "2025-03": "2025-04-05", "2025-04": "2025-05-05",
            }  # fmt: skip
            assert row.first_dues == {period: str(day) for period, day in REPORTED.items()} | {"2025-04": "2025-05-05"}


def test_a_new_requirement_begins_with_its_own_date(
    empty: sa.Engine, rules: Framework, real: Plan, changed: Callable[..., Plan], other_rules: Callable[..., Framework]
):
    fewer = other_rules(lambda raw: raw["items"]["O9"]["requirements"].pop("visa"))
    put_in(empty, fewer, real)
    put_in(empty, rules, changed(put("deadlines", "once", 0, "due", value="2025-02-15")), LATER)
    now, first = planned_days(empty)
    assert (now["O9 visa"], first["O9 visa"]) == ("2025-02-15", "2025-02-15")
    assert moved(empty) == {name for name in now if name.startswith("O9 ")} - {"O9 visa"}


def test_steps_serve_the_instrument_that_their_title_names(empty: sa.Engine, rules: Framework, real: Plan):
    put_in(empty, rules, real)
    served: dict[str | None, list[int]] = {}
    with db.reading(empty) as session:
        for row in session.exec(select(Step).order_by(col(Step.position))):
            served.setdefault(row.instrument_code, []).append(row.position)
    assert served == {None: [1, 2, 12, 13, 14], "IIT": [3, 6], "EIT": [4, 7], "OIT": [5, 8, 9, 10, 11]}


@pytest.mark.parametrize(
    ("instrument", "fault"),
    [
        ("XIT", "phases[1].steps.4.instrument: there is no instrument XIT (IIT, EIT, OIT)"),
        (5, "phases[1].steps.4.instrument: must be text, but is 5 (put it in quotes)"),
    ],
)
def test_a_step_that_serves_an_unknown_instrument_is_told_where(
    other_rules: Callable[..., Framework], instrument: object, fault: str
):
    with pytest.raises(PlanFaults) as refused:
        other_rules(put("phases", 1, "steps", "4", "instrument", value=instrument))
    assert refused.value.faults == [f"framework.yaml: {fault}"]
