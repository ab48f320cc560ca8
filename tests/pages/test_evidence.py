"""The list of all evidence, its filters in the address, and the review of those that were chosen."""

import pytest

from tests.pages.conftest import Office, shown
from tests.pages.work import hand_in


def test_the_list_shows_what_one_may_read_and_no_more(office: Office):
    made = hand_in(office, 1, "รายงาน ก.พ. 68.pdf", note="ฉบับลงนาม")
    text = shown(office.open("usa", "evidence"))
    for part in ("รายงาน ก.พ. 68.pdf", "ฉบับลงนาม", f"/evidence/{made}", "หลักฐาน 1 ชิ้น"):
        assert part in text
    others = shown(office.open("piyaporn", "evidence", item="O6", find="รายงาน"))
    assert "รายงาน ก.พ. 68.pdf" not in others
    assert f"/evidence/{made}" not in others


def test_the_filters_stand_in_the_address(office: Office):
    hand_in(office, 1, "รายงาน ก.พ. 68.pdf")
    for query in ({"find": "รายงาน"}, {"item": "O6", "state": "waiting", "month": "2025-02", "kind": "pdf"},
                  {"on": "14 มี.ค. 68"}, {"on": "2025-03-14"}, {"officer": "usa"}, {"sort": "item"}):  # fmt: skip
        assert "รายงาน ก.พ. 68.pdf" in shown(office.open("commander", "evidence", **query)), query
    for query in ({"find": "ไม่มี"}, {"item": "O7"}, {"state": "accepted"}, {"month": "2025-01"}, {"on": "13 มี.ค. 68"}):
        text = shown(office.open("commander", "evidence", **query))
        assert "รายงาน ก.พ. 68.pdf" not in text, query
        assert "ไม่พบหลักฐานตามเงื่อนไขนี้" in text


def test_a_day_at_the_end_of_all_time_is_not_asked_for(office: Office):
    hand_in(office, 1, "รายงาน ก.พ. 68.pdf")
    for day in ("0001-01-01", "1 ม.ค. 0001", "31/12/9999", "9999-12-31", "28 ² 68"):
        assert "รายงาน ก.พ. 68.pdf" in shown(office.open("commander", "evidence", on=day)), day


@pytest.mark.parametrize("name", ["day", "since"])
@pytest.mark.parametrize("page", ["overview", "timeline", "meeting"])
def test_a_day_at_the_end_of_all_time_opens_every_page(office: Office, page: str, name: str):
    for day in ("0001-01-01", "9999-12-31", "2399-12-31", "1900-01-01", "28 ² 68"):
        assert not office.open("commander", page, **{name: day}).exception, day


def test_the_overviews_pieces_that_wait_lead_to_the_list_of_those_pieces(office: Office):
    hand_in(office, 1, "รายงาน ก.พ. 68.pdf")
    overview = shown(office.open("commander", "overview"))
    listed = 'href="/evidence?item=oit&amp;state=waiting"'
    assert overview.count(listed) == 2  # the figure, and the line beside the board
    assert "หลักฐาน 1 ชิ้น" in shown(office.open("commander", "evidence", item="oit", state="waiting"))
    assert "หลักฐาน 1 ชิ้น" not in shown(office.open("commander", "evidence", item="measures", state="waiting"))


def test_who_decides_on_nothing_is_led_to_what_waits_for_others(office: Office):
    hand_in(office, 1, "รายงาน ก.พ. 68.pdf")
    assert 'href="/evidence?state=waiting"' in shown(office.open("commander", "review"))
    assert 'href="/evidence?state=waiting"' not in shown(office.open("piyaporn", "review"))


def test_a_day_that_is_none_is_said_at_its_field_and_stays_there(office: Office):
    hand_in(office, 1, "รายงาน ก.พ. 68.pdf")
    text = shown(office.open("commander", "evidence", on="abc"))
    assert "“abc” ไม่ใช่วันที่ จึงไม่ได้ใช้ค้นหา" in text
    assert 'value="abc"' in text
    assert 'aria-invalid="true" aria-describedby="ita-on-wrong"' in text
    assert "ไม่ใช่วันที่" not in shown(office.open("commander", "evidence", on="28 ก.พ. 68"))


def test_a_past_day_has_none_of_what_came_later(office: Office):
    hand_in(office, 1, "รายงาน ก.พ. 68.pdf")
    assert "รายงาน ก.พ. 68.pdf" not in shown(office.open("commander", "evidence", day="2025-03-13"))


def test_only_who_decides_is_offered_to_review_and_reviews_those_that_were_chosen(office: Office):
    first, _second = hand_in(office, 1, "ก.pdf"), hand_in(office, 2, "ข.pdf")
    assert "ตรวจทีละชิ้น" in shown(office.open("khanittha", "evidence"))
    assert "ตรวจทีละชิ้น" not in shown(office.open("usa", "evidence"))
    tester = office.open("khanittha", "review", only=f"{first},99999")
    assert len(tester.radio[0].options) == 1
    assert "ที่ท่านเลือกไว้ 1 ชิ้น จากที่รอตรวจทั้งหมด 2 ชิ้น" in shown(tester)
    for odd in ("x", "9" * 5000, "²"):
        assert len(office.open("khanittha", "review", only=odd).radio[0].options) == 2, odd[:9]
