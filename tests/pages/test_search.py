"""The search: its field on every page, what was found with the words marked, and what is said where nothing was."""

import re
from datetime import date, timedelta

import pytest

from ita_core import db, queries, workflow
from pages.parts import evidence_list
from pages.parts import searching as parts
from tests.cast import actor
from tests.pages.conftest import Office, shown
from tests.pages.work import NOW, hand_in

FIELD = re.compile(r'<span class="ita-find[^>]*><input type="search" value="([^"]*)"')


def search(office: Office, who: str, typed: str, **query: str) -> str:
    tester = office.open(who, "search", q=typed, **query)
    assert not tester.exception
    return shown(tester)


def lines(text: str) -> list[str]:
    """Where what was found leads to, in its order."""
    return re.findall(r'<a class="ita-go ita-hit" href="([^"]*)"', text)


def marked(text: str) -> set[str]:
    return set(re.findall("<mark>(.*?)</mark>", text))


@pytest.mark.parametrize(("who", "page"), [("usa", "my_work"), ("commander", "overview"), ("viewer", "evidence")])
def test_every_page_has_the_field_and_for_a_phone_the_way_to_it(office: Office, who: str, page: str):
    text = shown(office.open(who, page))
    assert FIELD.findall(text) == [""]
    assert 'class="ita-go ita-find-link" href="/search"' in text


def test_the_field_says_what_was_asked_and_the_words_are_marked_where_they_were_found(office: Office):
    hand_in(office, 1, "สรุปงบประมาณ ๒๕๖๘.pdf", note="แก้ไขงบ")
    text = search(office, "commander", "งบ 2568")
    assert FIELD.findall(text) == ["งบ 2568"]
    assert "/item?item=O6#evidence-1" in lines(text)
    assert 'href="/evidence/1"' in text
    assert marked(text) == {"งบ", "๒๕๖๘", "2568"}
    assert "สรุป<mark>งบ</mark>ประมาณ <mark>๒๕๖๘</mark>.pdf" in text


def test_items_officers_directives_and_pages_are_found(office: Office):
    with db.writing() as session:
        who = actor(session, office.cast.usa)
        workflow.direct(session, by=office.cast.commander, assessment_id=who.assessment_id, text="เร่งรัด <b>คู่มือ</b>",
                        party_ids=[who.officer_id or 0], due=date(2025, 3, 20), at=NOW)  # fmt: skip
    assert lines(search(office, "commander", "o7"))[0] == "/item?item=O7"
    assert lines(search(office, "commander", "อุษา")) == ["/officers?kind=all&amp;officer=usa"]
    assert lines(search(office, "usa", "อุษา")) == ["/item?officer=usa"]
    assert lines(search(office, "commander", "ชนิษฐา")) == ["/officers?kind=all&amp;officer=khanittha"]
    text = search(office, "commander", "เร่งรัด")
    assert lines(text) == ["/directives#directive-1"]
    assert "&lt;b&gt;คู่มือ&lt;/b&gt;" in text
    assert lines(search(office, "viewer", "เส้นเวลา"))[0] == "/timeline"
    assert lines(search(office, "viewer", "แจ้งเตือน"))[0].startswith("/help?")  # called otherwise on its page
    assert lines(search(office, "viewer", "บัญชีของฉัน"))[:2] == ["/account", "/help?chapter=account"]


def test_the_manual_is_found_by_its_words_those_called_so_first_and_by_no_code(office: Office):
    text = shown(office.open("usa", "search", q="อีเมล"))
    manual = text[text.index("<h2>คู่มือ") :]
    first = manual[: manual.index("</li>")]
    assert 'href="/help?chapter=' in first
    assert "<mark>อีเมล</mark>" in first[: first.index("</a>")]
    assert "<h2>คู่มือ" not in shown(office.open("commander", "search", q="O6"))


def test_a_page_that_the_menu_does_not_show_somebody_is_not_offered(office: Office):
    assert "/people" in lines(search(office, "admin", "บุคคล"))
    assert "/people" not in lines(search(office, "viewer", "บุคคล"))


def test_what_is_not_theirs_looks_like_what_does_not_exist(office: Office):
    hand_in(office, 1, "ลับเฉพาะข้อหก.pdf")
    theirs, nothing = (search(office, "piyaporn", typed) for typed in ("ลับเฉพาะ", "ไม่มีทางพบ"))
    assert theirs.replace("ลับเฉพาะ", "ไม่มีทางพบ") == nothing
    assert "ไม่พบ “ไม่มีทางพบ”" in nothing
    assert "เฉพาะข้อในหน้าที่ของท่าน" in nothing
    assert "เฉพาะข้อในหน้าที่ของท่าน" not in search(office, "viewer", "ไม่มีทางพบ")


def test_a_code_that_is_not_theirs_is_told_to_be_so_before_any_advice_as_one_that_is_nobody_s(office: Office):
    theirs, nothing = (search(office, "piyaporn", typed) for typed in ("O6", "O99"))
    assert theirs.replace("O6", "O99") == nothing
    tried = nothing.split('<ul class="ita-hits-try">')[1].split("</ul>")[0]
    assert "ไม่พบข้อ “O99” หรือไม่อยู่ในหน้าที่ของท่าน" in tried.split("</li>")[0]
    assert "เช่น O7" not in tried
    advised = search(office, "viewer", "ไม่มีทางพบ")
    assert "เช่น O7" in advised


def test_a_past_day_shows_what_was_there_then(office: Office):
    hand_in(office, 1, "งบเฉพาะกิจ.pdf")
    assert lines(search(office, "viewer", "งบเฉพาะกิจ"))
    then = search(office, "viewer", "งบเฉพาะกิจ", day="2025-03-01")
    assert "ข้อมูลย้อนหลัง" in then
    assert lines(then) == []


@pytest.mark.parametrize(
    "typed", ["<img src=x onerror=alert(1)>", '"><script>', "' OR 1=1 --", "[x](https://evil)", "{0}"]
)
def test_what_was_typed_and_what_a_file_is_called_stay_text(office: Office, typed: str):
    hand_in(office, 1, "ก.pdf", note=f"ก่อน {typed} หลัง")
    for text in (search(office, "viewer", typed), search(office, "viewer", f"{typed} ไม่มี")):
        assert "<img" not in text
        assert "<script" not in text
        assert len(FIELD.findall(text)) == 1
    assert lines(search(office, "viewer", typed))


@pytest.mark.parametrize("typed", ["", "  ", "\u200b\u202e", "\n"])
def test_without_a_word_it_says_what_can_be_looked_for(office: Office, typed: str):
    text = search(office, "viewer", typed)
    assert lines(text) == []
    assert "พิมพ์บางส่วนของคำ" in text


def test_a_text_without_end_is_cut(office: Office):
    assert len(FIELD.findall(search(office, "viewer", "ก" * 20_000))[0]) == 100


def test_a_long_list_is_cut_until_all_is_asked_for(office: Office):
    for number in range(parts.FIRST + 3):
        hand_in(office, number, f"คำหายาก {number}.pdf")
    text = search(office, "viewer", "คำหายาก")
    assert len(lines(text)) == parts.FIRST
    assert 'href="?all=evidence"' in text
    assert "และอีก 3 รายการ" in text
    assert len(lines(search(office, "viewer", "คำหายาก", all="evidence"))) == parts.FIRST + 3


def test_an_older_piece_is_opened_where_all_of_its_item_are_shown(office: Office, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(evidence_list, "NEWEST", 2)
    for number in range(4):
        hand_in(office, number, f"คำหายาก {number}.pdf")
    assert [("all=1" in one) for one in lines(search(office, "viewer", "คำหายาก"))] == [False, False, True, True]


def test_the_notices_say_that_a_question_waits(office: Office):
    made = hand_in(office, 1)
    with db.writing() as session:
        workflow.write_message(
            session, by=office.cast.khanittha, evidence_id=made, text="ขาดหน้า 2", at=NOW + timedelta(hours=1)
        )
        assert queries.get_assessment(session)
    text = shown(office.open("usa", "notices"))
    assert "คำถามที่ท่านต้องตอบ" in text
    assert "ขาดหน้า 2" not in text
