"""A meeting in a real browser: turned by keys, directives taken down live, seen by the officer, kept afterwards."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from ita_core.demo import build
from tests.browser.conftest import DESK_AND_PHONE, Desk
from tests.server import Server

pytestmark = [pytest.mark.browser, pytest.mark.trial]
ORDER = "ตรวจสอบลิงก์ทุกข้อบนเว็บไซต์ให้เปิดได้"


def heading(page: Page) -> str:
    """The heading of the one screen that is shown."""
    shown = page.locator("section.ita-screen:visible")
    expect(shown).to_have_count(1)
    return shown.locator("h2").inner_text()


def test_the_screens_are_turned_by_keys_and_stand_in_the_address(browser: Browser, server: Server, pictures: Path):
    desk = Desk(browser, server.url)
    page = desk.sign_in("thianchai", build.PASSWORD, "/meeting")
    expect(page.locator("section.ita-screen").first).to_be_visible()
    expect(page.locator('[data-testid="stTopNavLink"]:visible')).to_have_count(0)
    first = heading(page)
    assert "สถานะการดำเนินการ" in first
    screens = page.locator("section.ita-screen").count()
    assert screens >= 7

    # Every screen: whole, and readable six metres away.
    seen = []
    for number in range(screens):
        if number:
            page.keyboard.press("ArrowRight")
            expect(page.locator("section.ita-screen:visible h2")).not_to_have_text(seen[-1])
        seen.append(heading(page))
        faults = page.evaluate(
            """() => { const s = [...document.querySelectorAll('section.ita-screen')].find(e => e.offsetParent);
              const small = [...s.querySelectorAll('*')].filter(e => e.offsetParent && [...e.childNodes].some(
                n => n.nodeType === 3 && n.textContent.trim()) && parseFloat(getComputedStyle(e).fontSize) < 28);
              const bar = document.querySelector('.st-key-meeting-bar').getBoundingClientRect().top;
              const low = [...s.querySelectorAll('.body *')].filter(e => e.getBoundingClientRect().bottom > bar + 2);
              return [...small, ...low].map(e => e.outerHTML.slice(0, 120)); }"""
        )
        assert faults == [], seen[-1]
        page.screenshot(path=pictures / f"meeting-{len(seen)}.png")
    assert len(set(seen)) == screens
    page.keyboard.press("Home")
    assert heading(page) == first
    page.keyboard.press("ArrowRight")
    second = heading(page)
    expect(page).to_have_url(re.compile(r"/meeting\?.*screen="))

    # The same screen after a reload; Back leaves the meeting instead of walking through its screens.
    page.reload()
    expect(page.locator("section.ita-screen:visible h2")).to_have_text(second)
    page.keyboard.press("ArrowLeft")
    assert heading(page) == first

    # A screen that is drawn anew loses what was just pressed on it.
    expect(page.locator('[data-testid="stApp"]')).to_have_attribute("data-test-script-state", "notRunning")
    # It turns itself when asked to, full screen when asked to.
    auto = page.locator('[data-meeting="auto"]')
    page.keyboard.press("a")
    expect(auto).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("a")
    expect(auto).to_have_attribute("aria-pressed", "false")
    page.locator('[data-meeting="full"]').click()
    page.wait_for_function("document.fullscreenElement !== null")
    page.keyboard.press("f")
    page.wait_for_function("document.fullscreenElement === null")

    page.get_by_label("ออกจากโหมดประชุม").click()
    expect(page.locator(".ita-board")).to_be_visible()
    expect(page.locator('[data-testid="stTopNavLink"]:visible').first).to_be_visible()
    assert desk.complaints == []
    desk.close()


@DESK_AND_PHONE
def test_a_directive_is_taken_down_followed_up_and_the_meeting_kept(
    browser: Browser, server: Server, pictures: Path, width: int, height: int
):
    commander = Desk(browser, server.url, width, height)
    page = commander.sign_in("thianchai", build.PASSWORD, "/meeting")
    page.get_by_role("button", name="เปิดการประชุม").click()
    page.get_by_role("button", name="เริ่มประชุม").click()
    expect(page.get_by_text("เปิดการประชุมแล้ว")).to_be_visible()

    for _turn in range(20):  # to the screen of directives
        if "ข้อสั่งการ" in heading(page):
            break
        page.locator('[data-meeting="next"]').click()
    typed = page.get_by_label("ข้อสั่งการ: ให้ทำอะไร")
    typed.fill(ORDER)
    assert "ข้อสั่งการ" in heading(page)  # letters that are typed turn no screen
    page.get_by_role("combobox", name=re.compile("มอบหมายให้")).click()
    page.keyboard.type("อังศุศรณ์")
    page.get_by_role("option", name=re.compile("อังศุศรณ์")).click()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="บันทึกข้อสั่งการ").click()
    expect(page.locator("section.ita-screen", has_text=ORDER).first).to_be_attached()
    page.screenshot(path=pictures / f"directive-{width}.png")

    # She finds it in her own work, and says that it is done.
    officer = Desk(browser, server.url, width, height)
    hers = officer.sign_in("angsuson", build.PASSWORD, "/my_work")
    hers.get_by_role("link", name=ORDER).click()
    expect(hers).to_have_url(re.compile("/directives"))
    card = hers.locator(".ita-directive", has_text=ORDER)
    expect(card).to_be_visible()
    hers.get_by_role("button", name="ดำเนินการแล้ว").last.click()  # the one that is due last
    hers.get_by_label("ดำเนินการอย่างไร").fill("เปิดได้ครบทุกลิงก์")
    hers.get_by_role("button", name="รายงานว่าดำเนินการแล้ว").click()
    expect(card).to_contain_text("เปิดได้ครบทุกลิงก์")

    # The meeting sees it without anybody doing anything, and is kept when it ends.
    reported = page.locator("section.ita-screen", has_text="เปิดได้ครบทุกลิงก์").or_(
        page.locator("section.ita-screen tr, section.ita-screen li, section.ita-screen article", has_text=ORDER).filter(
            has_text="รายงานว่าเสร็จแล้ว"
        )
    )
    expect(reported.first).to_be_attached()
    page.get_by_role("button", name=re.compile("กำลังประชุม")).click()
    page.get_by_role("button", name="สิ้นสุดการประชุม").click()
    expect(page.get_by_text("สิ้นสุดการประชุมและเก็บบันทึกแล้ว")).to_be_visible()

    page = commander.go("/directives")
    page.get_by_role("link", name="สิ่งที่แสดงในที่ประชุม").first.click()
    expect(page).to_have_url(re.compile(r"/meeting\?meeting=\d+"))
    expect(page.locator("section.ita-screen:visible .chip")).to_have_text("บันทึกการประชุม")
    expect(page.locator("section.ita-screen", has_text=ORDER).first).to_be_attached()
    for desk in (commander, officer):
        assert desk.complaints == []
        desk.close()
    assert "Traceback" not in server.output
