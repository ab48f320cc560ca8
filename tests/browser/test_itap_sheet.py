"""The sheet for ITAP in a real browser: each field is copied, where browsers give scripts a clipboard and where not."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from ita_core.demo.build import PASSWORD
from tests.browser.conftest import DESK_AND_PHONE, Desk
from tests.server import Server

pytestmark = pytest.mark.browser
ADDRESS = "https://www.prachuap-immigration.com/ita/2568/o17"
# As over http from another machine: there is no clipboard for scripts.
OVER_HTTP = (
    "Object.defineProperty(window, 'isSecureContext', {value: false});"
    "Object.defineProperty(navigator, 'clipboard', {value: undefined});"
)


def pasted(page: Page) -> str:
    """What lies in the clipboard, as one gets it elsewhere."""
    field = page.get_by_label("คำอธิบาย").last  # of the form beside the sheet
    field.fill("")
    field.press("Control+V")
    value: str = field.input_value()
    return value


@DESK_AND_PHONE
@pytest.mark.parametrize("secure", [True, False], ids=["https", "http"])
def test_each_field_is_copied_whole_and_says_so(
    browser: Browser, server: Server, pictures: Path, width: int, height: int, secure: bool
):
    desk = Desk(browser, server.url, width, height)
    if secure:
        desk.context.grant_permissions(["clipboard-read", "clipboard-write"])
    else:
        desk.page.add_init_script(OVER_HTTP)
    page = desk.sign_in("angsuson", PASSWORD, "/itap?item=O17")
    expect(page.get_by_role("heading", name="O17")).to_be_visible()
    page.get_by_role("button", name="คัดลอกลิงก์").click()
    expect(page.get_by_role("status").filter(has_text="คัดลอกแล้ว").last).to_be_visible()
    assert pasted(page) == ADDRESS
    explained = page.locator(".ita-sheet textarea").last.input_value()
    page.get_by_role("button", name="คัดลอกคำอธิบาย").press("Enter")
    expect(page.get_by_role("status").filter(has_text="คัดลอกแล้ว").last).to_be_visible()
    assert pasted(page) == explained
    assert "\n1. " in explained
    expect(page.get_by_text("เปิดลิงก์ไม่ได้").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.screenshot(path=pictures / f"itap-sheet-{width}.png")
    assert desk.complaints == []
    desk.close()
