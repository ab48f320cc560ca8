"""What is wrong with a plan is told to Thai readers in Thai, and on the command line in English."""

import ast
import io
import re
import types
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated, Any, get_args, get_origin

import pytest
from openpyxl import Workbook
from pydantic import BaseModel

from ita_core import language
from ita_core.plan.content import Content, checked, content_of
from ita_core.plan.faults import Fault, Faults, PlanFaults
from ita_core.plan.framework import Framework, load_framework
from ita_core.plan.mappings import ItemMapping, load_mapping
from ita_core.plan.places import WHICH, WORDS, Place, Where
from ita_core.plan.plan import Plan, load_plan
from ita_core.plan.workbook import read as read_workbook
from tests.plan import test_framework, test_mappings, test_plan, test_workbook_faults
from tests.plan.changing import put
from tests.plan.filling import cell, filled, written

PLAN = Path(__file__).parent.parent.parent / "ita_core" / "plan"
Change = Callable[[Any], object]


@pytest.fixture(scope="module")
def content(rules: Framework, real: Plan) -> Content:
    return content_of(rules, real)


def found(act: Callable[[], object]) -> tuple[Fault, ...]:
    with pytest.raises(PlanFaults) as refused:
        act()
    return refused.value.found


def told(faults: tuple[Fault, ...], spoken: str) -> list[str]:
    language.use(spoken)
    return [str(fault) for fault in faults]


# A change of the plan, what the command line says of it, and what a Thai reader is told.
IN_BOTH: list[tuple[Change, str, str]] = [
    (put("duties", "O7", "supervise", value=["somchai"]),
     "plan.yaml: duties.O7.supervise[0]: there is no officer, post or team somchai",
     "plan.yaml: หน้าที่ของ O7 · ผู้ควบคุม (ลำดับที่ 1): ไม่มีเจ้าหน้าที่ ตำแหน่ง หรือคณะทำงาน somchai"),
    (put("duties", "O1", "prepare", value=["usa", "usa"]),
     "plan.yaml: duties.O1.prepare[1]: usa has this duty twice",
     "plan.yaml: หน้าที่ของ O1 · ผู้จัดทำ (ลำดับที่ 2): อุษา มีนาม มีหน้าที่นี้ซ้ำสองครั้ง"),
    (put("duties", "O1", "supervise", value=[]),
     "plan.yaml: duties.O1: has no supervisor: name one under `supervise`, or say under `nobody` why there is none",
     "plan.yaml: หน้าที่ของ O1: ยังไม่มีผู้ควบคุม โปรดระบุผู้ควบคุม หรือระบุเหตุที่ไม่มีผู้รับผิดชอบ"),
    (put("officers", "usa", "name", value="นริศรา นามธง"),
     "plan.yaml: officers.usa.name: “นริศรา นามธง” is already a name of narisara",
     "plan.yaml: เจ้าหน้าที่ นริศรา นามธง · ชื่อ: “นริศรา นามธง” ซ้ำกับชื่อที่ใช้แล้วของ นริศรา นามธง"),
    (put("officers", "usa", "title", value=5),
     "plan.yaml: officers.usa.title: must be text, but is 5 (put it in quotes)",
     "plan.yaml: เจ้าหน้าที่ อุษา มีนาม · ตำแหน่ง: ต้องเป็นข้อความ แต่เป็น 5 (โปรดใส่เครื่องหมายคำพูดคร่อม)"),
    (put("teams", "usa", value={"name": "ทีม"}),
     "plan.yaml: teams.usa: the key usa stands under officers already: all parties share one set of keys",
     "plan.yaml: คณะทำงาน ทีม: รหัส usa ใช้แล้วในหมวดเจ้าหน้าที่ เจ้าหน้าที่ ตำแหน่ง และคณะทำงานต้องใช้รหัสไม่ซ้ำกัน"),
    (put("deadlines", "once", 0, "due", value="2026-01-31"),
     "plan.yaml: deadlines.once[0].due: 2026-01-31 lies outside fiscal year 2568 (2024-10-01 to 2025-09-30)",
     "plan.yaml: กำหนดส่ง · กลุ่มที่ส่งครั้งเดียว (ลำดับที่ 1) · กำหนด: "
     "วันที่ 31 ม.ค. 2569 อยู่นอกปีงบประมาณ 2568 (1 ต.ค. 2567 ถึง 30 ก.ย. 2568)"),
    (put("deadlines", "own", value={"O6": {"2025-08": "2025-09-10"}}),
     "plan.yaml: deadlines.own.O6.2025-08: O6 reports no month “2025-08”",
     "plan.yaml: กำหนดส่ง · กำหนดเฉพาะของ O6 · ส.ค. 2568: O6 ไม่ได้รายงานเดือน “ส.ค. 2568”"),
    (put("deadlines", "monthly", "day", value=31),
     "plan.yaml: deadlines.monthly.day: must be less than or equal to 28, but is 31",
     "plan.yaml: กำหนดส่ง · รายเดือน · วันที่ของเดือนถัดไป: ต้องไม่เกิน 28 แต่เป็น 31"),
    (put("deadlines", "continuous", "items", value=["O5"]),
     "plan.yaml: deadlines: O18 has no deadline",
     "plan.yaml: กำหนดส่ง: ข้อ O18 ยังไม่มีกำหนดส่ง"),
    (put("measures", "C1", "requirements", "photographs", "formats", value=["png"]),
     'plan.yaml: measures.C1.requirements.photographs.formats[0]: must be pdf, word, excel or image, but is "png"',
     "plan.yaml: มาตรการ C1 · องค์ประกอบ “{photographs}” · รูปแบบไฟล์ (ลำดับที่ 1): "
     'ต้องเป็น pdf, word, excel หรือ image แต่เป็น "png"'),
    (put("steps", "15", value={"supervise": ["pramote"], "prepare": ["usa"]}),
     "plan.yaml: steps.15: there is no step 15 in immigration-2568",
     "plan.yaml: ขั้นตอนที่ 15: ไม่มีขั้นตอนที่ 15 ในปฏิทินของแผนหรือกรอบ immigration-2568"),
    (put("office", "name", value=None),
     "plan.yaml: office.name: must be text, but is empty",
     "plan.yaml: หน่วยงาน · ชื่อ: ต้องเป็นข้อความ แต่เป็น ค่าว่าง"),
    (put("fiscal_year", value=2569),
     "plan.yaml: fiscal_year: is 2569, but immigration-2568 is for 2568",
     "plan.yaml: ปีงบประมาณ: ระบุเป็นปี 2569 แต่กรอบ immigration-2568 เป็นของปี 2568"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "english", "thai"), IN_BOTH)
def test_one_fault_is_told_in_the_language_of_whoever_reads_it(
    edited: Callable[[Change], Path], rules: Framework, real: Plan, change: Change, english: str, thai: str
):
    path = edited(change)
    faults = found(lambda: load_plan(path, rules))
    assert told(faults, "en") == [english]
    thai = thai.replace("{photographs}", real.measures["C1"].requirements["photographs"].title)
    assert told(faults, "th") == [thai]
    assert told(faults, "en") == [english]


@pytest.mark.parametrize(
    ("edit", "thai"),
    [
        (cell("บุคคล", "H20", "เทียนชัย ชมพู"),
         "บุคคล!H20: ไม่มีชื่อ “เทียนชัย ชมพู” ในแผ่นงาน “บุคคล” หมายถึง “เทียนชัย ชมภู” หรือไม่"),
        (cell("หน่วยงาน", "B10", "ดีมาก"), "หน่วยงาน!B10: ต้องเป็นตัวเลข แต่เป็น “ดีมาก”"),
        (cell("บุคคล", "D5", "=D6"), "บุคคล!D5: เป็นสูตร โปรดใส่ค่าแทนสูตร"),
        (test_workbook_faults.delete("มาตรการ"),
         "ขาดแผ่นงาน “มาตรการ” โปรดใช้สมุดงานที่ส่งออกจากระบบนี้แล้วกรอกในไฟล์นั้น"),
    ],
)  # fmt: skip
def test_a_workbook_s_fault_keeps_its_sheet_and_cell(content: Content, edit: Callable[[Workbook], object], thai: str):
    data = filled(content, edit)
    language.use("th")
    assert told(found(lambda: read_workbook(data, content, name="แผน.xlsx")), "th") == [f"แผน.xlsx: {thai}"]


# Three English words in a row are a sentence. What comes in brackets is what the reader of YAML, or the system, said.
_ENGLISH = re.compile(r"\b[A-Za-z]{2,} [a-z]{2,} [a-z]{2,}\b")


def in_thai_only(faults: tuple[Fault, ...]) -> None:
    language.use("th")
    assert faults
    for fault in faults:
        what, place = str(fault.what), str(fault.place)
        bare = what.split(" (")[0]
        assert re.search("[ก-๙]", what), str(fault)
        assert not _ENGLISH.search(bare), str(fault)
        if isinstance(fault.place, Place) and fault.place.where and fault.place.where[0] in WORDS:
            assert re.search("[ก-๙]", place), str(fault)


@pytest.mark.parametrize("number", range(len(test_plan.FAULTY)))
def test_nothing_wrong_with_a_plan_is_told_a_thai_reader_in_english(
    edited: Callable[[Change], Path], rules: Framework, number: int
):
    path = edited(test_plan.FAULTY[number][0])
    in_thai_only(found(lambda: load_plan(path, rules)))


def _framework_texts() -> Iterator[str | bytes]:
    for was, becomes, _faults in test_framework.FAULTY:
        yield test_framework.SMALL.replace(was, becomes, 1)
    for text, _fault in test_framework.UNREADABLE:
        yield text


@pytest.mark.parametrize("text", list(_framework_texts()))
def test_nothing_wrong_with_a_framework_is_told_a_thai_reader_in_english(tmp_path: Path, text: str | bytes):
    path = test_framework.written(tmp_path, text)
    in_thai_only(found(lambda: load_framework(path)))


def test_a_file_that_is_not_there_is_told_in_thai(tmp_path: Path):
    in_thai_only(found(lambda: load_framework(tmp_path / "none.yaml")))


@pytest.mark.parametrize("number", range(len(test_mappings.FAULTY)))
def test_nothing_wrong_with_a_mapping_is_told_a_thai_reader_in_english(
    tmp_path: Path, rules: Framework, real: Plan, number: int
):
    path = test_mappings.written(tmp_path, test_mappings.changed(test_mappings.FAULTY[number][0]))
    in_thai_only(found(lambda: load_mapping(path, rules, test_mappings.made_up(rules, real))))


@pytest.mark.parametrize("name", test_workbook_faults.EDITS)
def test_nothing_wrong_with_a_workbook_is_told_a_thai_reader_in_english(content: Content, name: str):
    data = filled(content, test_workbook_faults.EDITS[name][0])
    language.use("th")
    in_thai_only(found(lambda: read_workbook(data, content, name="plan.xlsx")))


@pytest.mark.parametrize("name", test_workbook_faults.FILES)
def test_what_is_no_workbook_is_told_in_thai(content: Content, name: str):
    in_thai_only(found(lambda: read_workbook(test_workbook_faults.FILES[name][0](), content, name="plan.xlsx")))


def test_a_draft_s_fault_names_who_is_meant(content: Content):
    changed = {**content, "plan": {**content["plan"], "officers": {**content["plan"]["officers"]}}}
    changed["plan"]["officers"]["usa"] = {**content["plan"]["officers"]["usa"], "rank": ""}
    faults = found(lambda: checked(changed, "prachuap-2568"))
    assert told(faults, "th") == ["prachuap-2568: เจ้าหน้าที่ อุษา มีนาม · ยศ: ต้องไม่เว้นว่าง"]
    assert told(faults, "en") == ["prachuap-2568: officers.usa.rank: must not be empty"]


@pytest.mark.parametrize(
    ("where", "path", "words"),
    [
        ((), "", ""),
        (("duties", "O7", "supervise", 0), "duties.O7.supervise[0]", "หน้าที่ของ O7 · ผู้ควบคุม (ลำดับที่ 1)"),
        (("measures", "1.1", "title"), 'measures."1.1".title', "มาตรการ 1.1 · ชื่อ"),
        (("posts", "commander", "title"), "posts.commander.title", "ตำแหน่ง commander · ตำแหน่ง"),
        (("deadlines", "own", "O1", ""), 'deadlines.own.O1.""', "กำหนดส่ง · กำหนดเฉพาะของ O1"),
        (("phases", 1, "steps", "4", "ends"), "phases[1].steps.4.ends", "ช่วง (ลำดับที่ 2) · ขั้นตอนที่ 4 · สิ้นสุด"),
        (("colour",), "colour", "colour"),
    ],
)
def test_a_place_is_a_path_and_in_thai_words(where: Where, path: str, words: str):
    assert str(Place(where)) == path
    language.use("th")
    assert str(Place(where)) == words


def parts_of(model: type[BaseModel]) -> Iterator[tuple[str, Any]]:
    """Every name that a path into a model may have, of the models inside it too."""
    for name, field in model.model_fields.items():
        yield field.alias or name, field.annotation
        for inside in models_in(field.annotation):
            yield from parts_of(inside)


def models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    if get_origin(annotation) in {dict, tuple, list, Annotated, types.UnionType}:
        for inside in get_args(annotation):
            yield from models_in(inside)


@pytest.mark.parametrize(("model", "one"), [(Framework, "cadence"), (Plan, "who"), (ItemMapping, "from")])
def test_every_part_of_a_plan_has_a_thai_word(model: type[BaseModel], one: str):
    names = {name for name, _annotation in parts_of(model)}
    assert one in names
    assert names <= set(WORDS)
    assert set(WHICH) <= set(WORDS)
    language.use("th")
    for name in names:
        assert re.search("[ก-๙]", str(Place((name,)))), name


def said_by(call: ast.AST) -> Iterator[ast.expr]:
    """What is said where a fault is noted or a sentence made, or kept for that as `says`."""
    if isinstance(call, ast.Assign) and isinstance(call.targets[0], ast.Name) and call.targets[0].id == "says":
        yield call.value
    if not isinstance(call, ast.Call):
        return
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    if name in {"Misfit", "Sentence"}:
        yield call.args[0]
    owner = ast.unparse(call.func.value) if isinstance(call.func, ast.Attribute) else ""
    if name in {"add", "add_at"} and owner.split(".")[-1] == "faults":
        yield call.args[1]


def test_no_sentence_of_a_fault_is_without_its_msgid():
    """A text written where a fault is noted stands in N_(…), so that test_language asks for its Thai."""
    number = 0
    for path in sorted(PLAN.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            for says in said_by(node):
                number += 1
                marked = {
                    id(inside)
                    for call in ast.walk(says)
                    if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "N_"
                    for inside in ast.walk(call)
                }
                texts = [one for one in ast.walk(says) if isinstance(one, ast.Constant) and isinstance(one.value, str)]
                assert [one.value for one in texts if id(one) not in marked] == [], f"{path.name}:{node.lineno}"
                assert not any(isinstance(one, ast.JoinedStr) for one in ast.walk(says)), f"{path.name}:{node.lineno}"
    assert number > 100


def test_a_fault_is_told_once(tmp_path: Path):
    faults = Faults("plan.yaml")
    for _time in range(2):
        faults.add(("officers", "usa"), "there is no officer {who}", who="usa")
    faults.add(("officers", "usa"), "there is no officer {who}", who="other")
    assert len(found(faults.stop)) == 2


def test_what_was_typed_is_told_as_it_stands(edited: Callable[[Change], Path], rules: Framework):
    path = edited(put("duties", "O1", "prepare", value=["{who} {0}"]))
    [english] = told(found(lambda: load_plan(path, rules)), "en")
    assert english.endswith("there is no officer, post or team {who} {0}")


def test_a_number_too_large_for_any_office_program_is_told_with_its_cell(content: Content):
    data = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(written(content))) as before, zipfile.ZipFile(data, "w") as after:
        for name in before.namelist():
            part = before.read(name)
            if name == "xl/worksheets/sheet1.xml":
                part, times = re.subn(rb'(<c r="B10"[^>]*><v>)[^<]*', rb"\g<1>" + b"9" * 400, part)
                assert times == 1
            after.writestr(name, part)
    language.use("en")
    faults = found(lambda: read_workbook(data.getvalue(), content, name="plan.xlsx"))
    assert told(faults, "en")[0] == "plan.xlsx: หน่วยงาน!B10: holds an error (#NUM!): put the value in its place"
