"""Seeing, in a real browser: the menu in sight, the trail, figures that lead to what they count."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from ita_core.demo import build
from tests.browser.conftest import Desk
from tests.server import Server

pytestmark = [pytest.mark.browser, pytest.mark.trial]
OFFICE = "ตม.จว.ประจวบคีรีขันธ์ · ITA 2568"


def menu(page: Page):
    return page.locator('[data-testid="stTopNavLink"]:visible')


def in_a_row(page: Page) -> bool:
    """Whether every link of the menu stands whole in one row of the window."""
    return bool(
        page.evaluate("""() => {
        const all = [...document.querySelectorAll('[data-testid=stTopNavLink]')]
            .map(one => one.getBoundingClientRect());
        return all.every(one => one.width > 0 && one.right <= innerWidth && one.top === all[0].top);
    }""")
    )


def test_the_commander_sees_where_they_are_and_goes_from_a_figure_to_what_it_counts(browser: Browser, server: Server):
    desk = Desk(browser, server.url)
    page = desk.sign_in("thianchai", build.PASSWORD)

    # Every page one click away, at no height: the overview is one screen.
    expect(page.locator(".ita-sentence")).to_be_visible()
    expect(page).to_have_title(f"ภาพรวม · {OFFICE}")
    expect(page.get_by_test_id("stTopNavSection")).to_have_count(0)
    for name in ("ภาพรวม", "รอท่าน 4", "รายข้อ", "ตัวชี้วัด", "เจ้าหน้าที่", "โหมดประชุม", "แผน"):
        expect(menu(page).filter(has_text=name)).to_have_count(1)
    assert in_a_row(page)
    main = page.get_by_test_id("stMain")
    assert main.evaluate("one => one.scrollHeight <= one.clientHeight")
    page.set_viewport_size({"width": 1366, "height": 768})
    assert in_a_row(page)

    # A figure leads to what it counts, and the same numbers stand there.
    page.get_by_role("link", name=re.compile("^เกินกำหนด 10 ช่อง")).first.click()
    expect(page).to_have_url(re.compile(r"/item\?kind=oit&state=overdue$"))
    expect(page.get_by_text("6 ข้อ · เกินกำหนด 10 ช่อง")).to_be_visible()
    expect(page).to_have_title(f"รายข้อ · {OFFICE}")
    row = page.locator(".ita-items tr", has_text="O10")
    expect(row.locator(".whose")).to_contain_text("ตรวจ: ณัฐวรรธ")

    # The trail leads back; the menu to what waits for the commander, and that to the item.
    page.get_by_role("navigation", name="ท่านอยู่ที่").get_by_role("link").click()
    expect(page.locator(".ita-sentence")).to_be_visible()
    menu(page).filter(has_text="รอท่าน 4").click()
    page.get_by_role("link", name=re.compile("^O15 ")).click()
    expect(page).to_have_url(re.compile(r"/item\?item=O15$"))

    # An order about it, given where it is read.
    page.get_by_text("สั่งการเกี่ยวกับข้อ O15").click()
    # While the box grows it scrolls, and a list that hangs over what scrolls closes.
    to_whom = page.get_by_role("combobox", name=re.compile("มอบหมายให้"))
    expect(to_whom).to_be_visible()
    page.evaluate("""() => Promise.allSettled(document.getAnimations()
        .filter(one => one.effect.getTiming().iterations !== Infinity).map(one => one.finished))""")
    to_whom.click()
    page.keyboard.type("อังศุศรณ์")
    page.get_by_role("option", name=re.compile("อังศุศรณ์")).click()
    page.keyboard.press("Escape")
    page.get_by_label("ข้อสั่งการ: ให้ทำอะไร").fill("เผยแพร่ภายในสัปดาห์นี้")
    page.get_by_role("button", name="บันทึกข้อสั่งการ").click()
    expect(page.get_by_role("link", name="เผยแพร่ภายในสัปดาห์นี้")).to_be_visible()
    assert desk.complaints == []
    desk.close()


def test_on_a_phone_the_menu_is_one_press_away(browser: Browser, server: Server):
    desk = Desk(browser, server.url, 390, 844)
    page = desk.sign_in("thianchai", build.PASSWORD, "/item?state=approve")
    expect(page.locator(".ita-items tr").filter(has_text="ผู้กำกับการ: อนุมัติ")).to_have_count(3)
    page.get_by_test_id("stExpandSidebarButton").click()
    page.get_by_test_id("stSidebarNavLink").filter(has_text="รอท่าน").click()
    expect(page.get_by_role("link", name=re.compile("^O15 "))).to_be_visible()
    desk.close()
