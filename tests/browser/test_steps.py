"""A step of the calendar in a real browser: said to be done by who leads it, taken back by the commander."""

import pytest
from playwright.sync_api import Browser, Page, expect

from ita_core.demo.build import PASSWORD
from tests.browser.conftest import DESK_AND_PHONE, Desk
from tests.server import Server

pytestmark = pytest.mark.browser
STEP = "ขั้นตอนที่ 3: การระบุจำนวนผู้มีส่วนได้ส่วนเสียภายใน"


def row(page: Page):
    """The third step's, on the timeline."""
    return page.locator(".ita-gantt .r.step").nth(2)


@DESK_AND_PHONE
def test_a_step_is_recorded_as_done_and_taken_back(browser: Browser, server: Server, width: int, height: int):
    officer = Desk(browser, server.url, width, height)
    page = officer.sign_in("aithanya", PASSWORD, "/my_work")
    expect(page.get_by_role("heading", name="ขั้นตอนตามปฏิทินที่เลยกำหนด")).to_be_visible()
    page.get_by_role("link", name=STEP).click()
    expect(row(page).locator(".s")).to_have_text("! เกินกำหนด")
    page.get_by_label("วันที่แล้วเสร็จ").fill("30 ม.ค. 68")
    page.get_by_label("หมายเหตุ เช่น เลขที่หนังสือ").fill("หนังสือที่ ตช 0029/12")
    page.get_by_role("button", name="บันทึกว่าเสร็จสิ้น").click()
    expect(row(page).locator(".s")).to_have_text("✓ เสร็จสิ้น")
    told = row(page).get_by_role("img").get_attribute("title") or ""
    assert "✓ เสร็จ 30 ม.ค. 68" in told
    assert "เพราะบันทึกด้วยตนเองโดย ด.ต.หญิง อัยย์ธัญญา" in told
    assert told.endswith("หนังสือที่ ตช 0029/12")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    officer.go("/my_work")
    expect(page.get_by_role("heading", name="ครบกำหนดภายในหนึ่งเดือน")).to_be_visible()
    expect(page.get_by_role("link", name=STEP)).to_have_count(0)
    officer.go("/timeline?day=2025-03-14&step=3")  # what was said today was not said then
    expect(row(page).locator(".s")).to_have_text("! เกินกำหนด")
    expect(page.get_by_role("button", name="บันทึกว่าเสร็จสิ้น")).to_have_count(0)

    commander = Desk(browser, server.url, width, height)
    page = commander.sign_in("thianchai", PASSWORD, "/timeline?step=3")
    page.get_by_label("เหตุที่ยกเลิก").fill("ระบบ ITAP แสดงว่ายังไม่ครบ")
    page.get_by_role("button", name="ยกเลิกการบันทึก").click()
    expect(row(page).locator(".s")).to_have_text("! เกินกำหนด")
    said = page.locator(".ita-directive li")
    expect(said).to_have_count(2)  # both stay
    expect(said.nth(0)).to_contain_text("หนังสือที่ ตช 0029/12")
    expect(said.nth(1)).to_contain_text("ระบบ ITAP แสดงว่ายังไม่ครบ")
    commander.go("/my_turn")
    expect(page.get_by_role("link", name=STEP)).to_be_visible()
    assert officer.complaints == commander.complaints == []
    officer.close()
    commander.close()
