"""The framework of fiscal year 2568 against the document.

The expected rows are taken from the document by hand (measures-2568.txt and its notes), not from the YAML.
"""

from datetime import date

import pytest
from pydantic import ValidationError

from ita_core.models import Cadence
from ita_core.plan.framework import Framework, find_framework

SIX = ("2024-10", "2024-11", "2024-12", "2025-01", "2025-02", "2025-03")

# The document's first column of the OIT table, its faults mended.
TITLES = {
    "O1": "โครงสร้าง และอำนาจหน้าที่",
    "O2": "ข้อมูลผู้บริหาร อัตรากำลัง และพื้นที่รับผิดชอบ",
    "O3": "กฎหมายที่เกี่ยวข้อง",
    "O4": "ข้อมูลการติดต่อและช่องทางการถาม-ตอบ/รับฟังความคิดเห็น",
    "O5": "การประชาสัมพันธ์ข้อมูลข่าวสาร",
    "O6": "ผลการปฏิบัติงานของแต่ละสายงาน",
    "O7": "คู่มือการปฏิบัติงานสำหรับเจ้าหน้าที่",
    "O8": "คู่มือการให้บริการประชาชน",
    "O9": "E-Service",
    "O10": "สถิติ ผลการดำเนินงาน",
    "O11": "แผนการใช้จ่ายงบประมาณประจำปี และการรายงานผล",
    "O12": "ข้อมูลเงินกองทุนเพื่อการสืบสวนและสอบสวนการป้องกันและปราบปรามการกระทำผิดทางอาญา",
    "O13": "ประกาศต่าง ๆ เกี่ยวกับการจัดซื้อจัดจ้าง",
    "O14": "สรุปผลการจัดซื้อจัดจ้างรายเดือน",
    "O15": "หลักเกณฑ์การบริหารและพัฒนากำลังพล",
    "O16": "ช่องทางการแจ้งเรื่องร้องเรียนการทุจริตและข้อมูลเชิงสถิติเรื่องร้องเรียนการทุจริต",
    "O17": "ประกาศนโยบายต่อต้านการรับสินบน (Anti-Bribery Policy)",
    "O18": "การมีส่วนร่วมของหัวหน้าสถานีตำรวจ",
    "O19": "การประเมินความเสี่ยงต่อการรับสินบน",
    "O20": "การรายงานผลการดำเนินการเพื่อจัดการความเสี่ยงต่อการรับสินบน",
    "O21": "คู่มือหรือแนวทางการปฏิบัติตามมาตรฐานทางจริยธรรม",
    "O22": "การจัดการทรัพย์สินของราชการ ของบริจาค และการรายงานผล",
    "O23": "มาตรการการยกระดับคุณธรรมและความโปร่งใสภายในหน่วยงาน",
    "O24": "การรายงานผลการดำเนินการ ตามมาตรการยกระดับคุณธรรมและความโปร่งใสภายในหน่วยงาน",
}

# How many things the document lists in each item.
REQUIREMENTS = {
    "O1": 4, "O2": 3, "O3": 2, "O4": 6, "O5": 3, "O6": 4, "O7": 1, "O8": 6, "O9": 4, "O10": 2, "O11": 4, "O12": 2,
    "O13": 3, "O14": 1, "O15": 3, "O16": 3, "O17": 6, "O18": 1, "O19": 5, "O20": 2, "O21": 2, "O22": 9, "O23": 6,
    "O24": 5,
}  # fmt: skip

# Phase, number printed in the row, first and last day, title.
STEPS = [
    (1, "1", date(2024, 10, 1), date(2024, 12, 31), "การเตรียมความพร้อม"),
    (2, "1", date(2025, 1, 1), date(2025, 1, 31), "การลงทะเบียนเข้าสู่ระบบ และบันทึกข้อมูลพื้นฐาน"),
    (2, "1", date(2025, 1, 1), date(2025, 1, 31), "การระบุจำนวนผู้มีส่วนได้ส่วนเสียภายใน (IIT)"),
    (2, "2", date(2025, 1, 1), date(2025, 2, 17), "การนำเข้าข้อมูลผู้มีส่วนได้ส่วนเสียภายนอก (EIT (2)) ของหน่วยงาน"),
    (2, "3", date(2025, 1, 1), date(2025, 4, 30), "การตอบข้อมูลแบบตรวจการเปิดเผยข้อมูลสาธารณะ (OIT)"),
    (2, "4", date(2025, 1, 1), date(2025, 6, 30), "การเก็บข้อมูลแบบวัดการรับรู้ของผู้มีส่วนได้ส่วนเสียภายใน (IIT)"),
    (2, "", date(2025, 1, 1), date(2025, 6, 30), "การเก็บข้อมูลแบบวัดการรับรู้ของผู้มีส่วนได้ส่วนเสียภายนอก (EIT)"),
    (3, "1", date(2025, 5, 1), date(2025, 6, 16), "การตรวจแบบตรวจการเปิดเผยข้อมูลสาธารณะ (OIT)"),
    (3, "2", date(2025, 6, 17), date(2025, 6, 24), "การตรวจสอบการให้คะแนนแบบตรวจการเปิดเผยข้อมูลสาธารณะ (OIT)"),
    (3, "3", date(2025, 6, 17), date(2025, 7, 4), "การชี้แจงเพิ่มเติมแบบตรวจการเปิดเผยข้อมูลสาธารณะ (OIT)"),
    (3, "4", date(2025, 7, 5), date(2025, 7, 31), "การตรวจการชี้แจงเพิ่มเติมแบบตรวจการเปิดเผยข้อมูลสาธารณะ (OIT)"),
    (4, "1", date(2025, 8, 1), date(2025, 8, 31), "การประมวลผลการประเมินและการจัดทำรายงานผลการประเมิน"),
    (4, "1", date(2025, 8, 1), date(2025, 8, 31), "การกลั่นกรองและนำเสนอผลการประเมิน"),
    (4, "2", date(2025, 9, 1), date(2025, 9, 30), "ประกาศและเผยแพร่ผลการประเมิน"),
]


def test_the_24_items_bear_the_documents_titles_in_its_order(rules: Framework):
    assert {code: item.title for code, item in rules.items.items()} == TITLES
    assert list(rules.items) == [f"O{number}" for number in range(1, 25)]


def test_every_item_shows_as_many_things_as_the_document_lists(rules: Framework):
    assert {code: len(item.requirements) for code, item in rules.items.items()} == REQUIREMENTS


def test_o1_to_o16_disclose_and_o17_to_o24_prevent(rules: Framework):
    assert [item.indicator for item in rules.items.values()] == [9] * 16 + [10] * 8


@pytest.mark.parametrize(
    ("code", "titles"),
    [
        ("O1", ["แผนผังโครงสร้าง", "อัตรากำลังพล", "ข้อมูลผู้บริหาร", "ช่องทางการติดต่อ"]),
        ("O4", ["ชื่อหน่วยงาน", "ที่อยู่", "หมายเลขโทรศัพท์", "E-mail", "แผนที่ตั้ง", "ช่องทางการถาม-ตอบ"]),
        ("O6", ["งานสืบสวนปราบปราม", "งานบริการคนต่างด้าว", "งานตรวจบุคคลและพาหนะ", "งานอำนวยความสะดวก/ธุรการ"]),
        ("O9", ["ระบบการให้บริการขออนุญาต", "ระบบขอรับการตรวจลงตรา", "ระบบการรับแจ้ง", "การรับแจ้งคนต่างด้าวเข้าพักอาศัย"]),
        ("O10", ["จับกุมตาม พ.ร.บ.คนเข้าเมือง", "สถิติการให้บริการ"]),
        ("O13", ["ประกาศแผนการจัดซื้อจัดจ้าง", "ประกาศเชิญชวน", "ประกาศผลการจัดซื้อจัดจ้าง"]),
        ("O15", ["หลักเกณฑ์การประเมินผล", "หลักเกณฑ์การเลื่อนขั้น", "หลักเกณฑ์การพัฒนากำลังพล"]),
        ("O19", ["ชื่อกระบวนการ", "เกณฑ์ในการประเมิน", "ระบุประเด็นความเสี่ยง", "ระดับของความเสี่ยง", "แผนบริหารจัดการ"]),
    ],
)
def test_an_item_asks_for_what_the_document_numbers(rules: Framework, code: str, titles: list[str]):
    asked = [requirement.title for requirement in rules.items[code].requirements.values()]
    assert len(asked) == len(titles)
    assert all(title.startswith(start) for title, start in zip(asked, titles, strict=True))


def test_six_items_are_monthly_two_are_kept_up_to_date_and_the_others_are_shown_once(rules: Framework):
    by_cadence = {cadence: {c for c, item in rules.items.items() if item.cadence is cadence} for cadence in Cadence}
    assert by_cadence[Cadence.monthly] == {"O6", "O10", "O12", "O13", "O14", "O16"}
    assert by_cadence[Cadence.continuous] == {"O5", "O18"}
    assert len(by_cadence[Cadence.once]) == 16


def test_monthly_reports_cover_october_to_march(rules: Framework):
    periods = {
        (code, key): requirement.periods
        for code, item in rules.items.items()
        for key, requirement in item.requirements.items()
        if requirement.cadence is Cadence.monthly
    }
    assert set(periods.values()) == {SIX}
    assert sorted({code for code, _ in periods}) == ["O10", "O12", "O13", "O14", "O16", "O6"]
    assert rules.periods == SIX


def test_of_o16_only_the_statistics_are_monthly(rules: Framework):
    assert [requirement.cadence for requirement in rules.items["O16"].requirements.values()] == [
        Cadence.once, Cadence.once, Cadence.monthly,
    ]  # fmt: skip


def test_formats_are_asked_for_where_the_document_names_them(rules: Framework):
    asked = {
        code: [requirement.formats for requirement in item.requirements.values() if requirement.formats]
        for code, item in rules.items.items()
    }
    assert {code: formats for code, formats in asked.items() if formats} == {
        "O6": [("pdf", "word")] * 4,
        "O10": [("pdf", "word")] * 2,
        "O11": [("pdf", "excel")] * 3,  # not the report to the head of the office
        "O14": [("pdf", "word")],
    }


def test_languages_are_asked_for_where_the_document_names_them(rules: Framework):
    asked = {
        code: [requirement.languages for requirement in item.requirements.values() if requirement.languages]
        for code, item in rules.items.items()
    }
    assert {code: languages for code, languages in asked.items() if languages} == {
        "O8": [("th", "foreign")] * 5,
        "O17": [("th", "en")] * 2,
    }


def test_only_o18_wants_several_of_a_kind(rules: Framework):
    assert {
        (code, requirement.minimum)
        for code, item in rules.items.items()
        for requirement in item.requirements.values()
        if requirement.minimum != 1
    } == {("O18", 5)}


def test_nothing_to_report_is_an_answer_for_procurement_and_complaints_only(rules: Framework):
    allowed = [
        (code, requirement.title)
        for code, item in rules.items.items()
        for requirement in item.requirements.values()
        if requirement.nil_allowed
    ]
    assert [code for code, _ in allowed] == ["O13", "O13", "O13", "O14", "O16"]
    assert allowed[-1][1].startswith("สถิติเรื่องร้องเรียน")


def test_the_calendar_is_the_documents(rules: Framework):
    rows = [
        (place, step.row, step.starts, step.ends, step.title)
        for place, phase in enumerate(rules.phases, start=1)
        for step in phase.steps.values()
    ]
    assert rows == STEPS
    assert list(rules.steps) == list(range(1, 15))
    assert [phase.title for phase in rules.phases] == [
        "ช่วงเตรียมการประเมิน",
        "ช่วงดำเนินการประเมิน",
        "ช่วงดำเนินการตรวจ OIT การตรวจการชี้แจงเพิ่มเติมแบบตรวจการเปิดเผยข้อมูลสาธารณะ OIT",
        "ช่วงสรุปผลและเผยแพร่การประเมิน",
    ]
    assert rules.closes == date(2025, 4, 30)


def test_ten_indicators_belong_to_three_instruments(rules: Framework):
    assert [(n, indicator.instrument, indicator.title) for n, indicator in rules.indicators.items()] == [
        (1, "IIT", "การปฏิบัติหน้าที่"),
        (2, "IIT", "การใช้งบประมาณ"),
        (3, "IIT", "การใช้อำนาจ"),
        (4, "IIT", "การใช้ทรัพย์สินของราชการ"),
        (5, "IIT", "การแก้ไขปัญหาการทุจริต"),
        (6, "EIT", "คุณภาพการดำเนินงาน"),
        (7, "EIT", "ประสิทธิภาพการสื่อสาร"),
        (8, "EIT", "การปรับปรุงระบบการทำงาน"),
        (9, "OIT", "การเปิดเผยข้อมูล"),
        (10, "OIT", "การป้องกันการทุจริต"),
    ]
    assert "อำนาจหน้าที่ ข่าวประชาสัมพันธ์" in rules.indicators[9].improve  # the scan: อานาจอหน้าที ชาวประชาสัมพันธ์
    assert all(len(indicator.improve) > 200 for indicator in rules.indicators.values())


def test_the_weights_give_last_years_total(rules: Framework):
    assert {code: instrument.weight for code, instrument in rules.instruments.items()} == {
        "IIT": 0.3, "EIT": 0.3, "OIT": 0.4,
    }  # fmt: skip
    scores = {"IIT": 93.45, "EIT": 95.21, "OIT": 98.13}
    assert round(sum(rules.instruments[code].weight * points for code, points in scores.items()), 2) == 95.85


def test_levels_are_five_the_best_first(rules: Framework):
    assert [(level.title, level.total_min, level.each_min) for level in rules.levels] == [
        ("ผ่านดีเยี่ยม", 95, 95),
        ("ผ่านดี", 85, 85),
        ("ผ่าน", 85, 0),
        ("ต้องปรับปรุง", 70, 0),
        ("ต้องปรับปรุงโดยด่วน", 0, 0),
    ]


def test_the_scans_misspellings_are_mended(rules: Framework):
    text = find_framework("immigration-2568").read_text(encoding="utf-8")
    for fault in ("อานาจ", "ชาวประชา", "บริจาด", "ทิชม", "จำกระบบ", "สอบทำการ", "การออกไปอนุญาต", "O8 คู่มือ", "<p>"):
        assert fault not in text


def test_what_was_loaded_cannot_be_changed(rules: Framework):
    with pytest.raises(ValidationError):
        rules.items["O1"].title = "x"  # type: ignore[misc]
