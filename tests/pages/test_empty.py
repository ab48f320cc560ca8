"""What an empty page says: what it is for and what to do first, for each role; the way there only for who may go it.

The office of these tests has the plan and its people, and nothing was handed in.
"""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from ita_core import db, queries
from ita_core.settings import settings
from tests.cast import BEGINNING, replan
from tests.pages.conftest import Office, shown
from tests.pages.work import hand_in

# Page, who, what it says, where it leads ("" nowhere).
EMPTY = [
    ("my_turn", "commander", "ไม่มีเรื่องที่รอท่านตัดสินใจ", "/overview"),
    ("my_turn", "usa", "หน้านี้รวมเรื่องที่รอผู้กำกับการตัดสินใจ", "/notices"),
    ("my_work", "khanittha", "ท่านเป็นผู้ควบคุม", "/review"),
    ("my_work", "admin", "มอบหน้าที่รายข้อได้ในหน้าแผน", "/plan"),
    ("my_work", "viewer", "เริ่มจากหน้าภาพรวม", "/overview"),
    ("review", "khanittha", "ไม่มีหลักฐานรอการตรวจของท่าน", "/evidence"),
    ("review", "usa", "โปรดแจ้งผู้ดูแลระบบหรือผู้บังคับบัญชาให้มอบหน้าที่", ""),
    ("review", "admin", "ท่านไม่มีข้อที่ต้องควบคุม", "/plan"),
    ("evidence", "usa", "ส่งไฟล์แรกที่นั่น", "/my_work"),
    ("evidence", "khanittha", "จะแสดงที่นี่และในหน้า “ตรวจหลักฐาน”", ""),
    ("evidence", "admin", "โปรดเชิญเจ้าหน้าที่ก่อน", "/people"),
    ("evidence", "viewer", "ดูว่าใครต้องส่งอะไรได้ในหน้ารายข้อ", "/item"),
    ("itap", "itap", "ไม่มีข้อใดรอเผยแพร่หรือรอลงระบบ", "/readiness"),
    ("itap", "admin", "กำหนดผู้ลงระบบ ITAP ได้ที่บัญชีของเจ้าหน้าที่", "/people"),
    ("itap", "usa", "หน้านี้เป็นงานของเจ้าหน้าที่ผู้ลงข้อมูล", "/item"),
    ("meeting", "usa", "เปิดได้เฉพาะผู้มีสิทธิดูทั้งหมด", "/directives"),
    ("directives", "commander", "ให้ข้อสั่งการได้ด้านบน", "/meeting"),
    ("directives", "viewer", "ผู้บังคับบัญชาให้ข้อสั่งการในการประชุมหรือในหน้านี้", ""),
    ("directives", "usa", "ยังไม่มีข้อสั่งการถึงท่าน", ""),
    ("clarifications", "itap", "ระหว่างนี้โปรดแก้ไขจุดที่อาจเสียคะแนน", "/readiness"),
    ("campaigns", "commander", "เปิด “ข้อมูลแบบสำรวจ” ด้านล่าง", ""),
    ("campaigns", "usa", "ผู้ลงระบบ ITAP ผู้ควบคุม หรือผู้บังคับบัญชา เป็นผู้บันทึก", ""),
    ("plan", "usa", "โปรดแจ้งผู้ดูแลระบบหรือผู้บังคับบัญชา", "/timeline"),
    ("people", "commander", "ผู้ดูแลระบบเท่านั้นที่เชิญเจ้าหน้าที่", "/account"),
]
BOX = re.compile(r'<div class="ita-empty.*?</div>', re.DOTALL)


def boxes(office: Office, who: str, page: str, **query: str) -> list[str]:
    return BOX.findall(shown(office.open(who, page, **query)))


@pytest.fixture
def _as_the_year_begins(office: Office, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nothing is due yet, so nothing but the emptiness stands there. `office` first: it sets another day."""
    assert office
    monkeypatch.setenv("ITA_TODAY", "2024-10-10")
    settings.cache_clear()
    yield
    monkeypatch.undo()
    settings.cache_clear()


@pytest.mark.usefixtures("_as_the_year_begins")
@pytest.mark.parametrize(("page", "who", "says", "leads"), EMPTY)
def test_it_says_what_to_do_first(office: Office, page: str, who: str, says: str, leads: str):
    [box] = [one for one in boxes(office, who, page) if says in one][:1]
    ways = re.findall(r'href="([^"]+)"', box)
    assert ways == ([leads] if leads else [])


@pytest.mark.usefixtures("_as_the_year_begins")
@pytest.mark.parametrize(
    ("who", "leads"),
    [
        ("admin", ["/people", "/plan"]),
        ("commander", ["/plan", "/timeline"]),
        ("usa", ["/my_work"]),
        ("khanittha", ["/review"]),
        ("viewer", ["/timeline"]),
    ],
)
def test_the_overview_of_a_year_in_which_nothing_was_handed_in(office: Office, who: str, leads: list[str]):
    [box] = boxes(office, who, "overview")
    assert "ปีงบประมาณนี้ยังไม่มีหลักฐานที่ส่ง" in box
    assert re.findall(r'href="([^"]+)"', box) == leads


def test_it_goes_once_something_was_handed_in(office: Office):
    hand_in(office, 1)
    assert not boxes(office, "admin", "overview")
    assert not boxes(office, "admin", "evidence")


def test_whoever_has_no_duty_is_told_whom_to_ask(office: Office):
    with db.writing() as session:
        of = queries.get_assessment(session)
        who = queries.get_actor(session, office.cast.piyaporn, of.id)
        key = queries.get_history(session, of.id).now.parties[who.officer_id or 0].key

        def without(plan: dict[str, Any]) -> None:
            for duties in plan["duties"].values():
                for kind in ("prepare", "supervise"):
                    duties[kind] = [hand for hand in duties.get(kind, ()) if hand["who"] != key]
                    duties["nobody"] = duties.get("nobody") or ("" if duties[kind] else "ย้ายไปแล้ว")

        replan(session, without, BEGINNING)
    for page, says in (("overview", "ท่านยังไม่มีหน้าที่ในข้อ OIT"), ("item", "ท่านยังไม่มีหน้าที่ในข้อใด")):
        [box] = boxes(office, "piyaporn", page)
        assert says in box
        assert "โปรดแจ้งผู้ดูแลระบบ" in box
        assert "href" not in box


def test_a_choice_that_nothing_fits_leads_back(office: Office):
    [box] = boxes(office, "viewer", "evidence", state="accepted")
    assert 'href="/evidence"' in box


def test_where_nothing_can_be_changed_nobody_is_sent_to_change_it(office: Office):
    for who in ("usa", "admin"):
        [box] = boxes(office, who, "review", day="2025-01-10")
        assert "ขณะนี้แก้ไขไม่ได้" in box
        assert "href" not in box
