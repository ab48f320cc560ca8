"""Lists and figures: each leads to what it counts, and names whose turn it is."""

import re
from datetime import date, timedelta

import pytest

from ita_core import db, queries, workflow
from ita_core.models import Decision
from tests.cast import item_id
from tests.pages.conftest import Office, shown
from tests.pages.work import NOW, hand_in


def row(text: str, code: str) -> str:
    """What stands in an item's row of the list, as one reads it."""
    found = re.search(rf'<tr[^>]*><td class="code"><a [^>]*>{code}</a>(.*?)</tr>', text)
    assert found, code
    return re.sub(r"<[^>]+>", " ", found[1])


def given(office: Office, code: str, text: str) -> None:
    with db.writing() as session:
        here = queries.get_assessment(session).id
        phailin = next(
            one.id for one in queries.get_history(session, here).now.parties.values() if one.key == "phailin"
        )
        workflow.direct(
            session, by=office.cast.commander, assessment_id=here, text=text, party_ids=[phailin],
            due=date(2025, 3, 20), item_id=item_id(session, code), at=NOW,
        )  # fmt: skip


def test_the_page_of_items_opens_on_the_list_of_all_that_one_may_read(office: Office):
    text = shown(office.open("commander", "item"))
    assert "44 ข้อ" in text
    assert "ยังไม่เริ่ม" in row(text, "O6")
    hers = shown(office.open("piyaporn", "item"))
    assert ">O11</a>" in hers
    assert ">O6</a>" not in hers


def test_the_list_names_whose_turn_it_is(office: Office):
    assert "ตรวจ" not in row(shown(office.open("commander", "item")), "O6")
    hand_in(office, 1)
    assert "ตรวจ: " in row(shown(office.open("commander", "item")), "O6")


@pytest.mark.parametrize("asked", ["x", "<script>", "overdue'"])
def test_a_state_that_there_is_not_is_not_asked_for(office: Office, asked: str):
    text = shown(office.open("commander", "item", state=asked, kind=asked, officer=asked))
    assert "44 ข้อ" in text
    assert "<script>" not in text


def test_a_figure_of_the_overview_and_the_list_it_leads_to_say_the_same(office: Office):
    hand_in(office, 1)
    overview = shown(office.open("commander", "overview"))
    pieces = re.search(
        r'href="/evidence\?item=oit&amp;state=waiting"[^>]*>.*?(\d+) ชิ้น.*?ใน (\d+) ช่อง', overview, re.DOTALL
    )
    assert pieces
    assert f"หลักฐาน {pieces[1]} ชิ้น" in shown(office.open("commander", "evidence", item="oit", state="waiting"))
    listed = shown(office.open("commander", "item", kind="oit", state="waiting"))
    assert f"1 ข้อ · รอตรวจ {pieces[2]} ช่อง" in listed


def test_two_figures_for_one_thing_say_why_they_differ(office: Office):
    accept(office)
    overview, officers = shown(office.open("commander", "overview")), shown(office.open("commander", "officers"))
    assert "นับเป็นช่อง" in overview
    assert "คือค่าเฉลี่ยรายข้อ" in overview
    assert "ในหน้าภาพรวมคือค่าเฉลี่ยรายข้อ" in officers
    assert "ค่าเฉลี่ยรายข้อ" not in shown(office.open("usa", "officers"))


def accept(office: Office) -> None:
    """Eight slots of O6, of the many that there are."""
    made = hand_in(office, 1)
    with db.writing() as session:
        workflow.review(
            session, by=office.cast.khanittha, evidence_id=made, decision=Decision.accepted, at=NOW + timedelta(hours=1)
        )


def test_what_waits_for_the_commander_is_theirs_alone(office: Office):
    given(office, "O13", "เร่งประกาศผล")
    text = shown(office.open("commander", "my_turn"))
    assert "ไม่มีข้อที่รออนุมัติ" in text
    for who in ("usa", "khanittha", "viewer", "admin", "itap"):
        other = shown(office.open(who, "my_turn"))
        assert "หน้านี้รวมเรื่องที่รอผู้กำกับการตัดสินใจ" in other
        assert "รออนุมัติ" not in other


def test_an_item_shows_its_directives_and_the_commander_gives_one_there(office: Office):
    given(office, "O13", "เร่งประกาศ <b>ผล</b>")
    tester = office.open("commander", "item", item="O13")
    assert "เร่งประกาศ &lt;b&gt;ผล&lt;/b&gt;" in shown(tester)
    tester.text_area[0].set_value("ลงนามให้ครบ")
    whom = next(one for one in tester.multiselect if one.key and one.key.startswith("directive-to"))
    whom.select(whom.options[0])
    tester.button(key="directive-give").click().run()
    assert not tester.exception
    assert "ลงนามให้ครบ" in shown(tester)
    with db.reading() as session:
        listed = queries.list_directives(session, queries.get_assessment(session).id)
    assert [one.item_code for one in listed] == ["O13", "O13"]
    assert "directive-give" not in {button.key for button in office.open("viewer", "item", item="O13").button}
    assert "เร่งประกาศ" not in shown(office.open("itap", "item", item="O6"))
