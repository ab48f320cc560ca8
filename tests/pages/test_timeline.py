"""The timeline and the board by month: every role, every choice of the address, moved dates, past days."""

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import yaml

from ita_core import db
from ita_core.plan.apply import apply_plan
from ita_core.plan.framework import load_framework
from ita_core.plan.plan import find_plan, load_plan
from tests.pages.conftest import Office, shown
from tests.workflow.work import complete

ROLES = ["usa", "khanittha", "piyaporn", "commander", "itap", "admin", "viewer"]
LATER = datetime(2025, 3, 10, tzinfo=UTC)


def rows(text: str) -> list[str]:
    """The codes of the timeline's rows, "" for a phase."""
    return re.findall(r'role="rowheader"><span class="c">([^<]*)</span>', text)


def row(text: str, code: str) -> str:
    """The HTML of one row."""
    head = rf'<div class="r [^"]*" role="row"><div class="h" role="rowheader"><span class="c">{code}</span>'
    found = re.search(head + r".*?</div></div></div>", text)
    assert found, code
    return found.group()


def chosen(text: str, name: str) -> list[str]:
    """The values that the links of one parameter show as chosen."""
    return re.findall(rf'href="\?{name}=([^"]*)" aria-current', text)


# --- the timeline ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ROLES)
@pytest.mark.parametrize("page", ["timeline", "months"])
def test_every_role_sees_the_steps_and_what_it_may_read(office: Office, page: str, who: str):
    tester = office.open(who, page)
    assert not tester.exception
    text = shown(tester)
    assert "การตอบข้อมูลแบบตรวจการเปิดเผยข้อมูลสาธารณะ" in text
    sees_o6 = who != "piyaporn"
    assert ("/item?item=O6" in text) is sees_o6
    assert "/item?item=O11" in text or who == "usa"
    assert "{" not in text.replace("${", "").split("<style>")[0]


def test_the_commander_sees_all_rows_in_the_documents_order(office: Office):
    found = rows(shown(office.open("commander", "timeline")))
    assert len(found) == 62
    assert found[:4] == ["", "1", "", "2"]
    assert [code for code in found if code.startswith("O")] == [f"O{number}" for number in range(1, 25)]
    assert found.index("O24") < found.index("P1")


def test_an_officer_sees_all_steps_and_the_items_of_their_duties(office: Office):
    text = shown(office.open("usa", "timeline"))
    assert [code for code in rows(text) if code.startswith("O")] == ["O5", "O6", "O10", "O12"]
    assert [code for code in rows(text) if code.isdigit()] == [str(number) for number in range(1, 15)]


@pytest.mark.parametrize(
    ("query", "kept"),
    [
        ({"kind": "steps"}, lambda code: code == "" or code.isdigit()),
        ({"kind": "items"}, lambda code: code.startswith("O")),
        ({"kind": "measures"}, lambda code: code and not code.startswith("O") and not code.isdigit()),
    ],
)
def test_a_kind_of_rows(office: Office, query: dict[str, str], kept):
    everything = rows(shown(office.open("commander", "timeline")))
    text = shown(office.open("commander", "timeline", **query))
    assert rows(text) == [code for code in everything if kept(code)]
    assert chosen(text, "kind") == [query["kind"]]


def test_an_officers_rows_and_a_states_rows(office: Office):
    text = shown(office.open("commander", "timeline", officer="usa", kind="items"))
    assert rows(text) == ["O5", "O6", "O10", "O12"]
    assert '<option value="usa" selected>ด.ต.หญิง อุษา มีนาม</option>' in text
    text = shown(office.open("commander", "timeline", state="overdue"))
    overdue = rows(text)
    assert {"O6", "O9", "O14"} <= set(overdue)
    assert "O3" not in overdue
    assert chosen(text, "state") == ["overdue"]
    steps = [code for code in overdue if code.isdigit()]
    assert steps == ["1", "2", "3", "4"]  # nobody has said that they are done, nor do the records show it
    assert f"! เกินกำหนด {len([code for code in overdue if code])}<" in text  # phases are there for their steps


def test_only_officers_of_rows_that_one_sees_can_be_chosen(office: Office):
    def options(who: str) -> list[str]:
        return re.findall(r'<option value="([^"]+)"', shown(office.open(who, "timeline")))

    assert "piyaporn" in options("commander")
    assert "piyaporn" not in options("usa")
    assert "usa" in options("usa")


@pytest.mark.parametrize("page", ["timeline", "months"])
@pytest.mark.parametrize("wrong", ["", "x", "2568-03", "2025-3", "2030-01", "<script>", "' OR 1=1 --", "๒๕๖๘", "0"])
def test_what_the_address_has_wrong_counts_as_not_given(office: Office, page: str, wrong: str):
    days = re.compile(r'<div class="ita-days">.*?</ul></div></div></div>', re.S)  # where it says what is no day
    usual = days.sub("", shown(office.open("commander", page)))
    given = dict.fromkeys(("kind", "officer", "state", "month", "day"), wrong)
    tester = office.open("commander", page, **given)
    assert not tester.exception
    assert days.sub("", shown(tester)) == usual


def test_another_officers_items_are_not_shown_by_asking_for_them(office: Office):
    asked = shown(office.open("piyaporn", "timeline", officer="usa"))
    assert asked == shown(office.open("piyaporn", "timeline"))


def test_where_nothing_fits_it_says_so_and_offers_the_way_back(office: Office):
    text = shown(office.open("commander", "timeline", kind="steps", state="complete"))
    assert "ไม่มีรายการตามเงื่อนไขที่เลือก" in text
    assert 'href="?kind=&amp;state=&amp;officer="' in text
    assert rows(text) == []


def test_a_month_is_shown_by_its_days_with_the_months_beside_it(office: Office):
    text = shown(office.open("commander", "timeline", month="2025-03"))
    assert chosen(text, "month") == ["2025-03"]
    assert 'href="?month=2025-02">◂ ก.พ. 68<' in text
    assert 'href="?month=2025-04">เม.ย. 68 ▸<' in text
    days = re.findall(r'<i class="n(?: we)?" style="left:[\d.]+%">(\d+)</i>', text)
    assert [int(day) for day in days] == [25, 26, 27, 28, *range(1, 32), 1, 2, 3, 4]
    assert "◂ 31 ธ.ค." in row(text, "1")  # the step is over
    first, last = (shown(office.open("commander", "timeline", month=month)) for month in ("2024-10", "2025-09"))
    assert "◂ ก.ย." not in first
    assert "ต.ค. 68 ▸" not in last


def test_in_a_month_before_today_a_bar_goes_on_and_its_text_stays_inside(office: Office):
    text = shown(office.open("commander", "timeline", month="2025-02"))
    assert re.search(r'<i class="o cb ca" style="left:0.00%;width:100.00%">', row(text, "O6"))  # since November
    assert '<em class="late mid" style="left:50.00%">! ช้า 134 วัน</em>' in row(text, "O6")
    assert '<em class="late lf"' in row(text, "O1")  # since the 28th
    assert '<em class="t' not in text  # today is not in it
    assert 'class="cut right low"' in row(text, "O6")  # only a sign: the bar is in the way
    assert "31 มี.ค. ▸" in row(text, "O3")


def test_what_is_overdue_says_for_how_long_on_the_day_looked_at(office: Office):
    assert "! ช้า 134 วัน" in row(shown(office.open("commander", "timeline")), "O6")
    text = shown(office.open("commander", "timeline", day="2024-11-11"))
    assert "! ช้า 10 วัน" in row(text, "O6")
    assert "ณ 11 พ.ย." in text
    assert "ข้อมูลย้อนหลัง" in text
    assert "เกินกำหนด" not in row(text, "O1")
    assert "ผลจริง: ยังไม่มีการส่ง" in row(text, "O1")


def test_an_item_that_is_complete_says_when_and_what_was_late(office: Office):
    with db.writing() as session:
        complete(session, office.cast)
    text = shown(office.open("commander", "timeline"))
    assert "ผลจริง: 27 ก.พ. 68 – 27 ก.พ. 68 ครบถ้วน" in row(text, "O10")
    assert "เคยช้า 1 พ.ย. – 27 ก.พ. รวม 118 วัน" in row(text, "O10")
    assert "เคยช้า 118 วัน" in row(text, "O10")
    assert '<i class="m ok"' in row(text, "O10")


def test_a_row_says_its_people_state_and_dates_in_words(office: Office):
    o1 = row(shown(office.open("commander", "timeline")), "O1")
    assert "อังศุศรณ์, รักชนู" in o1
    assert "เกินกำหนด" in o1
    assert 'href="/item?item=O1"' in o1
    assert 'aria-label="ตามแผน: กำหนด 28 ก.พ. 68 · ผลจริง: ยังไม่มีการส่ง · ช้า 15 วัน"' in o1


@pytest.fixture
def moved(office: Office, tmp_path: Path) -> Office:
    """The office after a plan that gives O7 until 20 March, and a framework that moved step 4."""
    raw = yaml.safe_load(find_plan("prachuap-2568").read_text(encoding="utf-8"))
    by_end_of_february = next(one for one in raw["deadlines"]["once"] if "O7" in one["items"])
    by_end_of_february["items"].remove("O7")
    raw["deadlines"]["once"].append({"says": "ขยายเวลา", "due": date(2025, 3, 20), "items": ["O7"]})
    path = tmp_path / "plan.yaml"
    path.write_text(yaml.safe_dump(raw, allow_unicode=True), encoding="utf-8")
    text = Path("data/frameworks/immigration-2568.yaml").read_text(encoding="utf-8")
    assert text.count("ends: 2025-02-17") == 1
    (tmp_path / "immigration-2568.yaml").write_text(text.replace("ends: 2025-02-17", "ends: 2025-03-31"), "utf-8")
    rules = load_framework(tmp_path / "immigration-2568.yaml")
    with db.writing() as session:
        apply_plan(session, rules, load_plan(path, rules), at=LATER)
    return office


def test_a_moved_date_shows_beside_the_first_one(moved: Office):
    text = shown(moved.open("commander", "timeline"))
    o7 = row(text, "O7")
    assert "เดิม 28 ก.พ. → 20 มี.ค." in o7
    assert '<i class="f" ' in o7  # the hollow mark
    assert '<i class="j" ' in o7  # the dotted line
    assert "เกินกำหนด" not in o7
    assert "เดิม 1 ม.ค. – 17 ก.พ. → 1 ม.ค. – 31 มี.ค." in row(text, "4")
    assert '<i class="gh" ' in row(text, "4")
    assert "เดิม" not in row(text, "O8")
    assert "เดิม 28 ก.พ. → 20 มี.ค." in shown(moved.open("commander", "months", month="2025-03"))


# --- the board by month ----------------------------------------------------------------------------------------------


def test_the_six_monthly_items_stand_with_their_six_months(office: Office):
    text = shown(office.open("commander", "months"))
    strip = text[text.index('class="ita-strip"') : text.index("</table>")]
    assert re.findall(r'<th scope="row"><b><a [^>]*>(O\d+)</a>', strip) == ["O6", "O10", "O12", "O13", "O14", "O16"]
    assert strip.count('<th scope="col"') == 2 + 6  # the item, the people, the months
    assert "O6 ต.ค. 67: เกินกำหนด 0/8" in strip
    assert "O6 มี.ค. 68: ยังไม่สิ้นเดือน 0/8" in strip


def test_an_officers_strip_has_their_items_and_may_be_missing(office: Office):
    text = shown(office.open("usa", "months"))
    assert "O14 ต.ค. 67" not in text
    assert "O6 ต.ค. 67" in text
    assert "รายงานประจำเดือน" not in shown(office.open("piyaporn", "months"))


def test_the_month_of_the_day_is_open_unless_the_address_names_another(office: Office):
    assert chosen(shown(office.open("commander", "months")), "month") == ["2025-03"]
    assert chosen(shown(office.open("commander", "months", day="2024-12-15")), "month") == ["2024-12"]
    text = shown(office.open("commander", "months", month="2025-02"))
    assert chosen(text, "month") == ["2025-02"]
    due = text[text.index("ita-due") :]
    assert "1 ก.พ. 68" in due
    assert "28 ก.พ. 68" in due
    assert "/item?item=O3" not in due  # due in March
    assert "คงค้าง: " in due
    assert "สิ้นสุด" in due  # step 4


def test_the_twelve_months_say_how_much_is_due_in_each(office: Office):
    text = shown(office.open("commander", "months"))
    months = re.findall(r'title="([^":]+): ครบกำหนด (\d+) ช่อง รับแล้ว (\d+) ช่อง เกินกำหนด (\d+) ช่อง"', text)
    assert len(months) == 12
    due = {month: (int(slots), int(overdue)) for month, slots, _accepted, overdue in months}
    assert due["ต.ค. 67"] == (0, 0)
    assert due["พ.ย. 67"] == (20, 20)
    assert due["เม.ย. 68"] == (30, 0)


def test_an_empty_month_says_so_and_names_its_steps(office: Office):
    text = shown(office.open("commander", "months", month="2025-07"))
    assert "ไม่มีงานที่ครบกำหนดในเดือนนี้" in text
    assert "การตรวจการชี้แจงเพิ่มเติม" in text


@pytest.mark.parametrize("page", ["timeline", "months"])
def test_english_throughout(office: Office, page: str):
    tester = office.open("viewer", page)
    next(group for group in tester.get("button_group") if group.label == "ภาษา").set_value("en").run()
    text = shown(office.open("viewer", page))
    for word in ("เกินกำหนด", "ตามแผน", "รับแล้ว", "ครบกำหนด", "สถานะ", "มี.ค."):
        assert word not in text.split("<style>")[0], word
