"""The page that says what would lose points, item by item."""

import pytest

from ita_core import db, workflow
from ita_core.links.found import Found
from ita_core.models import LinkOutcome, StoredFile
from ita_core.settings import settings
from tests.pages.conftest import Office, shown
from tests.pages.work import NOW
from tests.workflow.work import complete

URL = "https://example.org/o10"


def lines_of(office: Office, code: str, who: str = "commander") -> str:
    """What the page says of an item that something is to be mended of; "" for one that is ready."""
    text = shown(office.open(who, "readiness"))
    sections = [one.split("</section>")[0] for one in text.split('<section class="ita-ready">')[1:]]
    return next((one for one in sections if f'item={code}"' in one), "")


def test_months_formats_and_whose_turn_it_is_stand_at_the_item(office: Office):
    said = lines_of(office, "O6")
    for part in ("เกินกำหนด", "ก.พ. 68 · PDF, Word", "กำหนด", "อุษา"):
        assert part in said


def test_a_whole_item_is_ready_until_its_link_breaks(office: Office):
    assert lines_of(office, "O10")
    with db.writing() as session:
        of, mark = complete(session, office.cast)
    assert not lines_of(office, "O10")
    with db.writing() as session:
        workflow.approve(session, by=office.cast.commander, item_id=of, fingerprint=mark, at=NOW)
        workflow.publish(session, by=office.cast.itap, item_id=of, url=URL, at=NOW)
    assert "ยังไม่ได้ตรวจลิงก์" in lines_of(office, "O10")
    for found, says in (
        (Found(LinkOutcome.refused, status=404), "เว็บไซต์แจ้งข้อผิดพลาด (404)"),
        (Found(LinkOutcome.reached, status=200, names_year=False), "ไม่ระบุปีงบประมาณ"),
        (Found(LinkOutcome.reached, status=200, names_year=True), ""),
    ):
        with db.writing() as session:
            workflow.note_check(session, by=None, item_id=of, url=URL, found=found, at=NOW)
        text = lines_of(office, "O10")
        assert (says in text) if says else not text


def test_what_the_commander_sent_back_is_to_be_mended(office: Office):
    with db.writing() as session:
        of, mark = complete(session, office.cast)
        workflow.send_back(session, by=office.cast.commander, item_id=of, fingerprint=mark, reason="ปีผิด", at=NOW)
    assert "ผู้กำกับการส่งกลับ" in lines_of(office, "O10")


def test_what_was_not_filed_when_itap_closed_is_not_ready(office: Office, monkeypatch: pytest.MonkeyPatch):
    with db.writing() as session:
        complete(session, office.cast)
    assert not lines_of(office, "O10")
    monkeypatch.setenv("ITA_TODAY", "2025-05-20")
    settings.cache_clear()
    assert "ยังไม่ได้ลงระบบ ITAP เมื่อปิดระบบ 30 เม.ย. 68" in lines_of(office, "O10")


@pytest.mark.parametrize(
    ("facts", "says"),
    [
        ({"has_text": False, "pages": 2}, "ค้นหา"),
        ({"has_text": True, "fiscal_years": [2560]}, "2560"),
    ],
)
def test_what_an_assessor_could_hold_against_an_accepted_file_is_said_with_its_name(
    office: Office, facts: dict[str, object], says: str
):
    with db.writing() as session:
        complete(session, office.cast)
        stored = session.get_one(StoredFile, "pdf" * 16)
        stored.facts = facts
        session.add(stored)
    said = lines_of(office, "O10")
    assert says in said
    assert "a.pdf" in said


def test_an_officer_sees_the_items_of_their_duties_only(office: Office):
    assert lines_of(office, "O11", "piyaporn")
    assert not lines_of(office, "O6", "piyaporn")
