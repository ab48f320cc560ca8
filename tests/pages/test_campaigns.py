"""The surveys' page: what everybody sees, who records, what is said beside a form, a look back."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from streamlit.testing.v1 import AppTest

from ita_core import db, queries, workflow
from ita_core.board.campaigns import NO_LINE, CampaignFacts, Terms
from ita_core.models import Survey
from tests.cast import BEGINNING
from tests.pages.conftest import Office, shown

TERMS = Terms(date(2025, 1, 1), date(2025, 6, 30), 62, 40, "https://itap.example/iit", ("สืบ*สวน*", "<b>บริการ</b>"))
MAY = ["commander", "khanittha", "itap"]
THEN = datetime(2025, 2, 14, 5, tzinfo=UTC)


def recorded(office: Office, terms: Terms = TERMS, **counts: dict[str, int]) -> None:
    """The IIT's survey with numbers by day: d0228={"": 9}."""
    with db.writing(office.engine) as session:
        act = {"by": office.cast.itap, "assessment_id": queries.get_assessment(session).id, "survey": Survey.iit}
        workflow.set_campaign(session, terms=terms, at=BEGINNING, **act)
    for name, numbers in counts.items():
        day = date(2025, int(name[1:3]), int(name[3:]))
        at = datetime.combine(day, THEN.timetz())
        with db.writing(office.engine) as session:
            workflow.count_responses(session, day=day, counts=numbers, knowing=True, at=at, **act)


def iit() -> CampaignFacts:
    with db.reading() as session:
        return queries.list_campaigns(session, queries.get_assessment(session).id)[0]


def forms(tester: AppTest) -> set[str]:
    return {one.form_id for one in tester.button if one.form_id}


def press(tester: AppTest, form: str) -> AppTest:
    [button] = [one for one in tester.button if one.form_id == form]
    return button.click().run()


def field(tester: AppTest, kind: str, name: str):
    return next(one for one in getattr(tester, kind) if str(one.key).startswith(name))


def card(tester: AppTest) -> str:
    """What stands of the IIT."""
    return " ".join(shown(tester).split('<section class="ita-campaign">')[1].split("</section>")[0].split())


@pytest.mark.parametrize("who", ["usa", "piyaporn", "viewer", "admin", *MAY])
def test_everybody_sees_the_numbers_and_the_poster_and_who_may_has_the_forms(office: Office, who: str):
    recorded(office, d0228={"สืบ*สวน*": 3, NO_LINE: 1})
    tester = office.open(who, "campaigns")
    text = card(tester)
    assert "4 จาก 40" in text
    assert "</b> ช้ากว่าแผน</span>" in text
    assert "ขณะนี้ควรมี 17 ราย ต้องได้เพิ่มอีก 36 ราย ภายใน 30 มิ.ย. 68 (เหลือ 108 วัน)" in text
    assert "&lt;b&gt;บริการ&lt;/b&gt;" in text
    assert "ยังไม่มี" in text
    assert "/posters/iit.pdf?office=prachuap&year=2568" in text
    assert "data:image/svg+xml" in text
    wanted = {"count-iit", "campaign-iit", "campaign-eit-1", "campaign-eit-2"} if who in MAY else set()
    assert forms(tester) == wanted


def test_a_survey_of_which_nothing_is_recorded_says_what_to_do_and_what_the_plan_says(office: Office):
    text = card(office.open("usa", "campaigns"))
    assert "ยังไม่มีข้อมูลของแบบสำรวจนี้" in text
    assert "1 ม.ค. 68 – 30 มิ.ย. 68 · การเก็บข้อมูลแบบวัดการรับรู้ของผู้มีส่วนได้ส่วนเสียภายใน (IIT)" in text
    assert "/posters/" not in text


def test_who_keeps_itap_records_a_survey_and_then_a_day(office: Office):
    tester = office.open("itap", "campaigns")
    field(tester, "number_input", "minimum-iit").set_value(40)
    field(tester, "text_input", "opens-iit").set_value("1/1/68")
    field(tester, "text_input", "closes-iit").set_value("30 มิ.ย. 68")
    field(tester, "text_input", "url-iit").set_value("https://itap.example/iit")
    field(tester, "text_area", "lines-iit").set_value("สืบสวน\n\nบริการ")
    press(tester, "campaign-iit")
    assert not tester.exception
    assert not tester.error
    assert iit().terms == Terms(
        date(2025, 1, 1), date(2025, 6, 30), None, 40, "https://itap.example/iit", ("สืบสวน", "บริการ")
    )
    field(tester, "number_input", "count-1-iit").set_value(25)
    field(tester, "text_input", "count-day-iit").set_value("14 มี.ค. 68")
    press(tester, "count-iit")
    assert not tester.exception
    assert [(one.day, one.total) for one in iit().counts] == [(date(2025, 3, 14), 25)]
    assert "25 จาก 40" in card(tester)
    assert "</b> ทันตามแผน</span>" in card(tester)
    assert field(tester, "number_input", "count-1-iit").value == 25  # it begins with what is known


def test_what_is_refused_is_said_beside_the_form_and_what_was_typed_stays(office: Office):
    recorded(office)
    tester = office.open("khanittha", "campaigns")
    field(tester, "number_input", "count-1-iit").set_value(63)
    press(tester, "count-iit")
    [said] = [one.value for one in tester.error]
    assert "มากกว่าจำนวนทั้งหมด 62 ราย" in said
    assert field(tester, "number_input", "count-1-iit").value == 63
    field(tester, "text_input", "url-iit").set_value("http://itap.example")
    press(tester, "campaign-iit")
    assert any("https" in one.value for one in tester.error)
    assert iit().counts == ()
    assert iit().terms == TERMS


def test_a_number_lower_than_the_day_before_is_warned_of_before_it_is_recorded_and_the_same_again_does(office: Office):
    recorded(office, d0227={NO_LINE: 9})
    tester = office.open("commander", "campaigns")
    field(tester, "number_input", "count-1-iit").set_value(0)
    field(tester, "number_input", "count-3-iit").set_value(8)
    press(tester, "count-iit")
    assert "น้อยกว่า 9 ราย" in tester.error[0].value
    field(tester, "number_input", "count-3-iit").set_value(7)
    press(tester, "count-iit")  # another number is warned of anew
    assert "7 ราย น้อยกว่า 9 ราย" in tester.error[0].value
    assert [one.total for one in iit().counts] == [9]
    press(tester, "count-iit")
    assert not tester.error
    assert [one.total for one in iit().counts] == [9, 7]


def test_how_many_a_day_is_said_where_it_is_more_than_one_on_most_days(office: Office):
    recorded(office, replace(TERMS, population=5_000, minimum=400), d0228={NO_LINE: 13})
    said = "ต้องได้เพิ่มอีก 387 ราย ภายใน 30 มิ.ย. 68 (เหลือ 108 วัน) เฉลี่ยอย่างน้อยวันละ 4 ราย"
    assert said in card(office.open("usa", "campaigns"))


def test_the_days_of_a_survey_are_those_of_the_plans_calendar_until_it_is_recorded(office: Office):
    tester = office.open("commander", "campaigns")
    assert [field(tester, "text_input", f"{end}-iit").value for end in ("opens", "closes")] == [
        "1 ม.ค. 68", "30 มิ.ย. 68"
    ]  # fmt: skip
    assert "ขั้นตอนที่ 6" in " ".join(one.value for one in tester.caption)
    recorded(office, replace(TERMS, opens=date(2025, 2, 1)))
    tester = office.open("commander", "campaigns")
    assert field(tester, "text_input", "opens-iit").value == "1 ก.พ. 68"


def test_a_number_lower_than_the_day_before_is_warned_of_until_it_is_mended(office: Office):
    recorded(office, d0227={NO_LINE: 9}, d0228={NO_LINE: 7})
    tester = office.open("commander", "campaigns")
    assert "28 ก.พ. 68: 7 น้อยกว่า 9 ของ 27 ก.พ. 68" in card(tester)
    recorded(office, d0228={NO_LINE: 9})
    assert "น้อยกว่า" not in card(office.open("commander", "campaigns"))


def test_people_of_a_line_since_renamed_or_dropped_stay_and_the_new_name_is_not_said_to_be_empty(
    office: Office,
):
    recorded(office, replace(TERMS, lines=("สืบสวน", "บริการ", "ตรวจ")), d0228={"สืบสวน": 10, "บริการ": 5})
    recorded(office, replace(TERMS, lines=("งานสืบสวน", "ตรวจ")))
    rows = re.findall(r'class="line">(.*?)</th><td class="number">(.*?)</td>', card(office.open("usa", "campaigns")))
    assert [(name, re.sub("<.*?>", "", said)) for name, said in rows] == [
        ("งานสืบสวน", "ยังไม่มียอด"), ("ตรวจ", "ยังไม่มีผู้ตอบ 0"),
        ("สืบสวน (ไม่อยู่ในรายการสายงานแล้ว)", "10"), ("บริการ (ไม่อยู่ในรายการสายงานแล้ว)", "5"),
    ]  # fmt: skip
    recorded(office, replace(TERMS, lines=()))
    assert "สืบสวน (ไม่อยู่ในรายการสายงานแล้ว)" in card(office.open("usa", "campaigns"))


def test_a_minimum_reached_is_said_to_be_open_only_until_the_closing_day(office: Office):
    recorded(office, d0228={NO_LINE: 40})
    assert "ได้ผู้ตอบครบจำนวนขั้นต่ำแล้ว ตอบได้ถึงวันที่ 30 มิ.ย. 68" in card(office.open("usa", "campaigns"))
    recorded(office, replace(TERMS, closes=date(2025, 3, 14)))
    text = card(office.open("usa", "campaigns"))
    assert "ได้ผู้ตอบครบจำนวนขั้นต่ำแล้วเมื่อปิดวันที่ 14 มี.ค. 68" in text
    assert "ตอบได้ถึง" not in text


def test_what_is_to_be_done_for_one_survey_is_not_planned_for_the_other(office: Office):
    _iit, public, external = shown(office.open("usa", "campaigns")).split('<section class="ita-campaign">')[1:]
    assert "การนำเข้าข้อมูลผู้มีส่วนได้ส่วนเสียภายนอก (EIT (2))" not in public
    assert "การนำเข้าข้อมูลผู้มีส่วนได้ส่วนเสียภายนอก (EIT (2))" in external
    assert "การเก็บข้อมูลแบบวัดการรับรู้ของผู้มีส่วนได้ส่วนเสียภายนอก (EIT)" in public


def test_without_a_minimum_nobody_is_held_against_all_there_are(office: Office):
    recorded(office, replace(TERMS, minimum=None), d0228={NO_LINE: 4})
    text = card(office.open("usa", "campaigns"))
    assert "4 จาก" not in text
    assert "ยังไม่ได้บันทึก" in text


def test_a_look_back_shows_what_was_known_then_and_has_no_form(office: Office):
    recorded(office, d0214={NO_LINE: 5}, d0228={NO_LINE: 9})
    tester = office.open("commander", "campaigns", day="2025-02-20")
    assert forms(tester) == set()
    assert "5 จาก 40" in card(tester)


def test_a_long_list_of_days_is_cut_and_says_so(office: Office):
    days = [date(2025, 2, 1) + timedelta(days=number) for number in range(9)]
    recorded(office, **{f"d{day:%m%d}": {NO_LINE: number} for number, day in enumerate(days)})
    text = card(office.open("usa", "campaigns"))
    assert "9 ก.พ. 68" in text
    assert "2 ก.พ. 68</th>" not in text
    assert "และอีก 2" in text


def test_it_stands_in_everybody_s_menu(office: Office):
    from pages import ADDRESSES

    assert ADDRESSES[ADDRESSES.index("indicators") + 1] == "campaigns"
