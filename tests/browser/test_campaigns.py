"""A survey in a real browser: a day's number recorded by who keeps ITAP, the poster printed by an officer."""

from pathlib import Path

import pypdfium2
import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Browser, expect

from ita_core.demo.build import PASSWORD
from tests.browser.conftest import DESK_AND_PHONE, Desk
from tests.server import Server

pytestmark = pytest.mark.browser
ADDRESS = "https://itap.example/demo/iit-2568"


@DESK_AND_PHONE
def test_a_day_is_recorded_and_the_poster_is_taken_along(
    browser: Browser, server: Server, pictures: Path, width: int, height: int
):
    desk = Desk(browser, server.url, width, height)
    page = desk.sign_in("angsuson", PASSWORD, "/campaigns")
    iit = page.locator(".ita-campaign").first
    expect(iit).to_contain_text("13 จาก 40")
    expect(iit).to_contain_text("ช้ากว่าแผน")
    expect(iit).to_contain_text("ยังไม่มีผู้ตอบ")  # of one line of work
    page.get_by_text("บันทึกจำนวนผู้ตอบ").first.click()
    page.get_by_label("งานตรวจบุคคลและพาหนะ").fill("4")
    page.get_by_role("button", name="บันทึกยอด").click()
    expect(iit).to_contain_text("17 จาก 40")
    expect(iit).to_contain_text("ทันตามแผน")
    expect(iit).not_to_contain_text("ยังไม่มีผู้ตอบ")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.screenshot(path=pictures / f"campaigns-{width}.png")
    desk.close()

    officer = Desk(browser, server.url, width, height)
    page = officer.sign_in("usa", PASSWORD, "/campaigns")
    expect(page.locator(".ita-campaign").first).to_contain_text("17 จาก 40")
    expect(page.get_by_text("บันทึกจำนวนผู้ตอบ")).to_have_count(0)
    for kind in ("PDF", "PNG"):
        with page.expect_download() as taken:
            page.get_by_role("link", name=f"ป้ายประชาสัมพันธ์ {kind}").click()
        assert taken.value.suggested_filename == f"ita-2568-poster-iit-2568-03-15.{kind.lower()}"
        path = pictures / f"poster-{width}.{kind.lower()}"
        taken.value.save_as(path)
        if kind == "PDF":
            with pypdfium2.PdfDocument(path) as pdf:
                drawn = pdf[0].render(scale=2).to_pil()
        else:
            drawn = Image.open(path)
        assert [one.text for one in zxingcpp.read_barcodes(drawn)] == [ADDRESS]
    assert desk.complaints == officer.complaints == []
    officer.close()
