"""From the assessor's verdict to an approved clarification, taken along as Word, with its result."""

import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import docx
import pytest
from playwright.sync_api import Browser, Page, expect
from sqlmodel import Session

from ita_core import db, queries, workflow
from ita_core.demo.build import PASSWORD, Demonstration
from ita_core.links.found import Found
from ita_core.models import LinkOutcome
from tests.browser.conftest import DESK_AND_PHONE, Desk
from tests.conftest import copied
from tests.server import Server, running

pytestmark = pytest.mark.browser
WORDS = "ขอเรียนชี้แจงว่าลิงก์เปิดได้ตลอดช่วงการตรวจ"


def looked_at(session: Session) -> None:
    """O9 is the demonstration's filed item: looked at daily in May, and not to be opened on the third."""
    here = queries.get_assessment(session)
    [link] = [one for one in queries.list_links(session, None, here.id) if one.code == "O9"]
    for day in range(1, 10):
        found = Found(LinkOutcome.refused, status=404) if day == 3 else Found(LinkOutcome.reached, status=200)
        at = datetime(2025, 5, 1, 1, tzinfo=UTC) + timedelta(days=day - 1)
        workflow.note_check(session, by=None, item_id=link.item_id, url=link.url, found=found, at=at)


@pytest.fixture
def server(demonstration: Demonstration, tmp_path: Path) -> Iterator[Server]:
    """The demonstration some months later, in the clarification window."""
    own = copied(demonstration, tmp_path / "demo")
    engine = db.make_engine(own.database_url)
    with db.writing(engine) as session:
        looked_at(session)
    engine.dispose()
    with running(tmp_path, **(own.environment | {"ITA_TODAY": "2025-06-20"})) as started:
        yield started


def as_word(page: Page) -> list[str]:
    """Every paragraph of the item's clarification, taken along as Word."""
    with page.expect_download() as taken:
        page.get_by_role("link", name="คำชี้แจง O9 Word").click()
    assert taken.value.suggested_filename == "ita-2568-clarifications-O9-2568-06-20.docx"
    return [one.text for one in docx.Document(io.BytesIO(taken.value.path().read_bytes())).paragraphs]


@DESK_AND_PHONE
def test_from_the_verdict_to_an_approved_clarification_with_its_result(
    browser: Browser, server: Server, pictures: Path, width: int, height: int
):
    keeper = Desk(browser, server.url, width, height)
    page = keeper.sign_in("angsuson", PASSWORD, "/clarifications")
    page.get_by_label("แหล่งที่มา: ประกาศหรือรายงาน").fill("ผลตรวจ OIT ในระบบ ITAP")
    page.get_by_label("O9", exact=True).fill("50")
    page.get_by_label("O1", exact=True).fill("0")
    page.get_by_label("O2", exact=True).fill("100")
    page.get_by_role("button", name="บันทึกคะแนน", exact=True).click()
    expect(page.get_by_text("หน่วยประเมินให้คะแนนแล้ว 3 ข้อ ไม่ได้คะแนนเต็ม 2 ข้อ")).to_be_visible()
    expect(page.get_by_text("ชี้แจงได้ถึง 4 ก.ค. 68 (เหลือ 14 วัน)")).to_be_visible()
    expect(page.locator(".ita-verdict")).to_contain_text("ลิงก์เปิดไม่ได้เมื่อ 3 พ.ค. 68")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.screenshot(path=pictures / f"verdict-{width}.png")

    page.locator(".ita-verdict").get_by_role("link", name="O9", exact=True).click()
    text = page.get_by_label("คำชี้แจง", exact=True)
    expect(text).to_have_value(re.compile("ก่อนปิดรับข้อมูลวันที่ 30 เมษายน 2568"))
    text.fill(WORDS)
    page.get_by_role("button", name="เสนอผู้บังคับบัญชา").click()
    expect(page.get_by_text("เสนอผู้บังคับบัญชาแล้ว")).to_be_visible()
    expect(page.locator(".ita-clarify .text").first).to_contain_text(WORDS)
    draft = as_word(page)
    assert draft[0].startswith("ร่าง")
    assert WORDS in draft

    commander = Desk(browser, server.url, width, height)
    told = commander.sign_in("thianchai", PASSWORD, "/my_turn")
    told.get_by_role("link", name="O9 E-Service").first.click()
    told.get_by_text("อนุมัติคำชี้แจง").click()
    told.get_by_role("button", name="ยืนยันการอนุมัติ").click()
    expect(told.locator(".ita-badge", has_text="อนุมัติแล้ว รอลงระบบ ITAP")).to_be_visible()
    told.screenshot(path=pictures / f"clarified-{width}.png")
    final = as_word(told)
    assert not final[0].startswith("ร่าง")
    assert any(one.startswith("อนุมัติโดย") for one in final)

    page = keeper.go("/clarifications?item=O9")
    page.get_by_text("รับตามคำชี้แจง", exact=True).click()
    page.get_by_label("คะแนนหลังชี้แจง").fill("100")
    page.get_by_role("button", name="บันทึกผล", exact=True).click()
    expect(page.get_by_text("รับตามคำชี้แจง · 100 คะแนน").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page = keeper.go("/clarifications")
    expect(page.locator(".ita-verdict tr", has_text="O9")).to_contain_text("50 → 100")
    page.screenshot(path=pictures / f"answered-{width}.png")
    assert keeper.complaints == commander.complaints == []
