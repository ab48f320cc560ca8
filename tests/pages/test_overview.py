"""The overview: where the office stands, and whose figures it shows."""

from tests.pages.conftest import Office, shown


def test_the_overview_says_where_the_office_stands(office: Office):
    text = shown(office.open("commander", "overview"))
    assert "ณ 15 มี.ค. 68" in text
    assert "เหลือ 46 วันก่อนปิดระบบ OIT" in text
    assert "95.85/95" in text
    for number in range(1, 25):
        assert f">O{number}</a>" in text


def test_an_officer_is_told_that_the_figures_are_of_their_items_only(office: Office):
    assert "เฉพาะ 4 ข้อในหน้าที่ของท่าน" in shown(office.open("usa", "overview"))
    assert "เฉพาะ" not in shown(office.open("commander", "overview"))
