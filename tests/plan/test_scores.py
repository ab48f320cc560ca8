"""Announced scores as people hand them over: what is taken, and the sentence for what is not."""

import io
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import Workbook

from ita_core import language
from ita_core.plan import scores
from ita_core.plan.faults import PlanFaults
from ita_core.plan.framework import load_framework
from ita_core.plan.scores import Known, Reading, ScoreEntry
from ita_core.plan.workbook.cells import folded

OFFICE = "ตรวจคนเข้าเมืองจังหวัดประจวบคีรีขันธ์"
HEAD = "ปีงบประมาณ,เครื่องมือ,ตัวชี้วัด,ข้อ,คะแนน,แหล่งที่มา,หน่วยงาน"
OF_2567 = [
    ScoreEntry(2567, code, None, "", points, "แผน")
    for code, points in {"": 95.85, "IIT": 93.45, "EIT": 95.21, "OIT": 98.13}.items()
]


@pytest.fixture(scope="module")
def known() -> Known:
    framework = load_framework(Path("data/frameworks/immigration-2568.yaml"))
    return Known(frozenset(map(folded, (OFFICE, "prachuap"))), {2568: framework}, OF_2567, 2568)


def csv_of(*rows: str, head: str = HEAD) -> bytes:
    return "\n".join([head, *rows]).encode("utf-8-sig")


def xlsx_of(*rows: Sequence[object]) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def refused(data: bytes, known: Known, name: str = "คะแนน.csv") -> list[str]:
    with pytest.raises(PlanFaults) as found:
        scores.read(data, name, known)
    return [str(one) for one in found.value.found]


def test_a_file_of_a_report_gives_its_scores_with_what_follows_from_the_framework(known: Known):
    rows = ("๒๕๖๘,IIT,,,94.10,ประกาศ ป.ป.ช.,", "2568,,9,,97.5,,", "2568,,,O6,75,,prachuap", "2568,oit,10,o17,100,,")
    assert scores.read(csv_of(*rows), "รายงาน.csv", known) == [
        ScoreEntry(2568, "IIT", None, "", 94.1, "ประกาศ ป.ป.ช."),
        ScoreEntry(2568, "OIT", 9, "", 97.5),
        ScoreEntry(2568, "OIT", 9, "O6", 75),  # an item may score in part
        ScoreEntry(2568, "OIT", 10, "O17", 100),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp874"])
@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_a_csv_is_read_as_spreadsheets_here_write_it(known: Known, encoding: str, sign: str):
    text = f"ปี{sign}เครื่องมือ{sign}คะแนน{sign}ที่มา\r\n2568{sign}EIT{sign}95.5{sign}ประกาศ\r\n"
    assert scores.read(text.encode(encoding), "x.csv", known) == [ScoreEntry(2568, "EIT", None, "", 95.5, "ประกาศ")]


def test_a_workbook_is_read_by_its_headings(known: Known):
    data = xlsx_of(["คะแนน", "ปีงบประมาณ", "เครื่องมือ", "หมายเหตุ"], [95.5, 2568, "EIT", "x"], [None, None, None, None])
    assert scores.read(data, "ITAP.xlsx", known) == [ScoreEntry(2568, "EIT", None, "", 95.5)]


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("2568,IIT,,,100.01,,", "E2: must be a number from 0 to 100, but is 100.01"),
        ("2568,IIT,,,-1,,", "E2: must be a number from 0 to 100, but is -1"),
        ("2568,IIT,,,เก้าสิบ,,", "E2: must be a number, but is “เก้าสิบ”"),
        ('2568,IIT,,,"9,5",,', "E2: has a comma where a point belongs: write 9.5"),
        ('2568,IIT,,,"95,75",,', "E2: has a comma where a point belongs: write 95.75"),
        ("2568,IIT,,,,,", "A2: this row lacks its คะแนน"),
        (",IIT,,,90,,", "B2: this row lacks its ปีงบประมาณ"),
        ("2025,IIT,,,90,,", "A2: must be a year of the Buddhist era, but is 2025: write 2568"),
        ("2569,IIT,,,90,,", "A2: fiscal year 2569 comes after 2568, the year of this plan"),
        ("2568,XIT,,,90,,", "B2: there is no instrument XIT (IIT, EIT, OIT)"),
        ("2568,IIT,9,,90,,", "C2: indicator 9 belongs to OIT, not to IIT"),
        ("2568,,11,,90,,", "C2: there is no indicator 11 (1, 2, 3, 4, 5, 6, 7, 8, 9, 10)"),
        ("2568,,1.5,,90,,", "C2: must be a whole number, but is 1.5"),
        ("2568,,,O25,90,,", "D2: there is no item O25 in immigration-2568"),
        ("2568,,9,O17,90,,", "C2: O17 belongs to indicator 10, not to 9"),
        ("2567,,,ข้อหก,90,,", "D2: must be a code like O1 or 1.1"),
        ("2568,IIT,,,90,,ตม.จว.ชลบุรี", "G2: is of another office: ตม.จว.ชลบุรี"),
    ],
)
def test_what_is_wrong_is_said_with_its_cell(known: Known, row: str, says: str):
    assert refused(csv_of(row), known) == [f"คะแนน.csv: {says}"]


def test_a_heading_that_is_not_known_is_refused_with_its_cell(known: Known):
    # Unread, the score of IIT would be taken for the total.
    [says] = refused(csv_of("2568,IIT,95", head="ปี,เครื่องมือประเมิน,คะแนน"), known)
    assert says.startswith("คะแนน.csv: B1: “เครื่องมือประเมิน” is no heading that is known: name it as one of ปีงบประมาณ, ")
    [says] = refused(csv_of("2568,IIT,95", head="ปี,,คะแนน"), known)
    assert says == "คะแนน.csv: B2: stands below no heading: write one above it, or หมายเหตุ: not read"


def test_a_row_of_remark_is_not_read(known: Known):
    rows = ("2568,EIT,95.5,ทราบแล้ว", ",,,รอประกาศ", ",,,,ดูหน้า 3")
    assert len(scores.read(csv_of(*rows, head="ปี,เครื่องมือ,คะแนน,หมายเหตุ"), "x.csv", known)) == 1
    assert refused(csv_of(",,,รอประกาศ", head="ปี,เครื่องมือ,คะแนน,หมายเหตุ"), known) == ["คะแนน.csv: holds no score"]


FORM_HEAD = "ปีงบประมาณ,เครื่องมือ,ตัวชี้วัด,ข้อ,รายการในแบบกรอก,คะแนน,แหล่งที่มา,หน่วยงาน"


def test_a_row_of_the_form_that_nobody_filled_in_says_nothing(known: Known):
    rows = ("2568,คะแนนรวม,,,คะแนนรวม,,,prachuap", "2568,IIT,1,,การปฏิบัติหน้าที่,97.5,ประกาศ,prachuap")
    assert scores.read(csv_of(*rows, head=FORM_HEAD), "x.csv", known) == [
        ScoreEntry(2568, "IIT", 1, "", 97.5, "ประกาศ")
    ]
    assert refused(csv_of(rows[0], head=FORM_HEAD), known) == ["คะแนน.csv: holds no score"]


def test_a_row_of_the_form_with_a_source_but_no_points_was_forgotten(known: Known):
    row = "2568,IIT,,,แบบวัด,,ประกาศ,prachuap"
    assert refused(csv_of(row, head=FORM_HEAD), known) == ["คะแนน.csv: A2: this row lacks its คะแนน"]


def test_a_source_that_could_not_be_recorded_is_said_with_its_cell(known: Known):
    assert scores.read(csv_of(f"2568,IIT,,,95,{'ก' * 300},"), "x.csv", known)[0].source == "ก" * 300
    [says] = refused(csv_of(f"2568,IIT,,,95,{'ก' * 301},"), known)
    assert says == "คะแนน.csv: F2: is too long: 301 characters, 300 at most"


def test_each_score_of_a_file_stands_beside_the_one_that_is_recorded():
    corrected, told = replace(OF_2567[1], points=93.5), replace(OF_2567[2], source="ประกาศ")
    given = [corrected, told, OF_2567[3], ScoreEntry(2568, "IIT", None, "", 95.0)]
    found = scores.beside(given, OF_2567)
    assert [one.reading for one in found] == [Reading.other, Reading.other, Reading.same, Reading.new]
    assert [one.stands for one in found] == [*OF_2567[1:], None]


def test_everything_that_is_wrong_is_said_at_once(known: Known):
    found = refused(csv_of("2568,IIT,,,101,,", "2568,,9,,90,,", "2568,,9,,91,,", "2570,EIT,,,90,,"), known)
    assert [one.split(": ")[1] for one in found] == ["E2", "E4", "A5"]
    assert "is a second score of the same: the first is at E3" in found[1]


ROWS = ("2568,IIT,,,94.10,,", "2568,EIT,,,95.50,,", "2568,OIT,,,98,,")


def odd(known: Known, *rows: str) -> list[tuple[int, float, float]]:
    entries = scores.read(csv_of(*rows), "x.csv", known)
    return [(one.year, one.total, one.gives) for one in scores.differing(entries, known)]


def test_a_total_that_the_weights_do_not_give_is_told_with_the_sum(known: Known):
    assert odd(known, *ROWS, "2568,รวม,,,96.50,,") == [(2568, 96.5, 96.08)]
    assert odd(known, *ROWS, "2568,total,,,96.09,,") == []  # rounded points give no more
    assert odd(known, *ROWS[:2], "2568,รวม,,,96.50,,") == []  # nothing of OIT is known
    [one] = scores.differing(scores.read(csv_of(*ROWS, "2568,รวม,,,96.50,,"), "x.csv", known), known)
    assert one.told["points"] == "IIT 94.1 × 0.3, EIT 95.5 × 0.3, OIT 98 × 0.4"


@pytest.mark.parametrize(("total", "taken"), [(94.08, False), (94.09, True), (98.01, True), (98.02, False)])
def test_a_total_that_no_weights_give_is_refused_at_its_cell(known: Known, total: float, taken: bool):
    rows = (*ROWS, f"2568,รวม,,,{total},,")
    if taken:
        assert odd(known, *rows) == [(2568, total, 96.08)]
        return
    [says] = refused(csv_of(*rows), known)
    assert says.startswith(f"คะแนน.csv: E5: {total:g} is beyond what every instrument has (IIT 94.1")


def test_where_the_place_is_an_instrument_s_the_total_is_named(known: Known):
    [says] = refused(csv_of("2567,IIT,,,99,,", "2567,EIT,,,99,,", "2567,OIT,,,99,,"), known)
    assert ": the total of 2567, 95.85, is beyond what every instrument has (" in says


def test_a_correction_is_held_against_what_stands(known: Known):
    assert odd(known, "2567,IIT,,,93.55,,") == [(2567, 95.85, 95.88)]
    assert odd(known, "2567,IIT,,,83.45,,", "2567,,,,92.85,,") == []
    assert odd(known, "2567,IIT,1,,83.45,,", "2567,,,O1,92.85,,") == []  # neither is of what a total is made


def test_a_year_that_was_confirmed_is_not_asked_about_for_what_is_no_part_of_its_total(known: Known):
    stands = [*known.standing, *scores.read(csv_of(*ROWS, "2568,รวม,,,96.50,,"), "x.csv", known)]
    later = scores.read(csv_of("2568,OIT,9,,90,,"), "x.csv", replace(known, standing=stands))
    assert scores.differing(later, replace(known, standing=stands)) == []


def test_of_a_year_before_the_first_framework_the_items_are_not_known(known: Known):
    assert scores.read(csv_of("2566,,,O37,50,,"), "x.csv", known) == [ScoreEntry(2566, "", None, "O37", 50)]


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("x.csv", b"", "holds no score"),
        ("x.csv", csv_of(), "holds no score"),
        ("x.csv", csv_of("2568,90", head="ปี,ผล"), "there is no heading “คะแนน”"),
        ("x.csv", csv_of("2568,90,91", head="ปี,คะแนน,score"), "“score” stands twice"),
        ("x.csv", b"PK\x03\x04\x00\x00", "is no CSV: save it as .csv or .xlsx"),
        ("x.xlsx", b"ab", "is no xlsx workbook, or it is damaged"),
        ("x.xlsx", xlsx_of(["ปี", "คะแนน"], [2568, "=40+50"]), "x.xlsx: Sheet!B2: holds a formula"),
        ("x.csv", csv_of(*["2568,IIT,,,90,,"] * 2_001), "has more than 2,000 rows"),
        ("x.csv", csv_of("2568,IIT,,,90,a\x00b,"), "is no CSV"),
    ],
)  # fmt: skip
def test_what_is_no_file_of_scores_is_refused_with_a_sentence(known: Known, name: str, data: bytes, says: str):
    assert says in "\n".join(refused(data, known, name))


def test_what_was_typed_is_checked_the_same_way(known: Known):
    with pytest.raises(PlanFaults) as found:
        scores.checked([ScoreEntry(2568, "IIT", 1, "", 140)], known, "ตม.จว.ประจวบฯ")
    assert found.value.faults == ["ตม.จว.ประจวบฯ: IIT 1 2568: must be a number from 0 to 100, but is 140"]


def test_a_fault_is_told_in_thai_to_whoever_reads_thai(known: Known):
    language.use("th")
    assert refused(csv_of("2568,IIT,,,101,,"), known) == ["คะแนน.csv: E2: ต้องเป็นตัวเลขตั้งแต่ 0 ถึง 100 แต่พบ 101"]
