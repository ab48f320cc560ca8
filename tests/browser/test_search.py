"""The search in a real browser: by its keys on a desk, by the thumb on a phone, and on to the place itself."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from ita_core.demo import build
from ita_core.demo.build import Demonstration
from tests.browser.conftest import Desk
from tests.browser.test_timeline import sideways
from tests.conftest import copied
from tests.server import Server, running

pytestmark = [pytest.mark.browser, pytest.mark.trial]


@pytest.fixture(scope="module")
def server(demonstration: Demonstration, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("search")
    with running(folder, **copied(demonstration, folder / "demo").environment) as started:
        yield started


def field(page: Page):
    return page.locator(".ita-find input")


def hits(page: Page):
    return page.locator("a.ita-hit")


def asked(page: Page) -> str:
    """What the address asks for."""
    return str(page.evaluate("new URLSearchParams(location.search).get('q')"))


def test_ctrl_k_words_arrows_and_enter_lead_to_the_place(browser: Browser, server: Server, pictures: Path):
    desk = Desk(browser, server.url)
    page = desk.sign_in("thianchai", build.PASSWORD, "/overview")
    expect(page.locator(".ita-sentence")).to_be_visible()
    main = page.locator('[data-testid="stMain"]')
    assert main.evaluate("one => one.scrollHeight") <= 1080  # nothing grew
    page.keyboard.press("Control+k")
    expect(field(page)).to_be_focused()
    page.keyboard.type("งบประมาณ")
    page.keyboard.press("Enter")
    expect(page.locator("mark").first).to_have_text("งบประมาณ")
    assert asked(page) == "งบประมาณ"
    expect(field(page)).to_have_value("งบประมาณ")
    expect(field(page)).to_be_focused()
    page.screenshot(path=pictures / "search.png")

    page.keyboard.press("ArrowDown")
    expect(hits(page).nth(0)).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(hits(page).nth(1)).to_be_focused()
    for _press in range(2):
        page.keyboard.press("ArrowUp")
    expect(field(page)).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    expect(field(page)).to_be_focused()
    page.keyboard.press("ArrowDown")
    title = hits(page).nth(0).inner_text()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/item\?item=O11"))
    expect(page.locator("h1")).to_contain_text(title.split(" ", 1)[1])
    page.go_back()
    expect(hits(page).first).to_be_visible()

    # The piece of evidence is shown at its place, and so is it by the address alone.
    page.keyboard.press("Control+k")
    page.keyboard.press("Control+a")
    page.keyboard.type("ประกาศจัดซื้อจัดจ้าง ธ.ค.")
    page.keyboard.press("Enter")
    hit = page.locator('a.ita-hit[href*="#evidence-"]').first
    expect(hit).to_contain_text("ธ.ค.67")
    hit.click()
    expect(page.locator("[data-arrived]")).to_contain_text("ประกาศจัดซื้อจัดจ้าง ธ.ค.67.pdf")
    expect(page.locator("[data-arrived]")).to_be_in_viewport()
    page.reload()
    expect(page.locator("[data-arrived]")).to_be_in_viewport()

    # A page by its name.
    page.keyboard.press("Control+k")
    page.keyboard.type("เส้นเวลา")
    page.keyboard.press("Enter")
    expect(hits(page).first).to_have_attribute("href", "/timeline")
    assert desk.complaints == []
    desk.close()


def test_the_key_takes_nothing_from_what_is_being_written(browser: Browser, server: Server):
    desk = Desk(browser, server.url, 1366, 768)
    page = desk.sign_in("nattawat", build.PASSWORD, "/review")
    page.get_by_role("button", name="ตีกลับ").first.click()
    reason = page.get_by_label("เหตุผล: ต้องแก้ไขอะไร")
    reason.fill("ตารางที่ 2 ไม่ครบ")
    page.keyboard.press("k")  # a letter, no piece turned and nothing opened
    expect(reason).to_have_value("ตารางที่ 2 ไม่ครบk")
    expect(reason).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("Control+k")
    expect(field(page)).to_be_focused()
    page.keyboard.type("jkar?")  # the keys of the page are letters here
    expect(field(page)).to_have_value("jkar?")
    expect(page).to_have_url(re.compile("/review"))
    desk.close()


def test_a_thumb_finds_an_officer(browser: Browser, server: Server, pictures: Path):
    desk = Desk(browser, server.url, 390, 844)
    page = desk.sign_in("thianchai", build.PASSWORD, "/overview")
    way = page.locator("a.ita-find-link")
    expect(way).to_be_in_viewport()
    box = way.bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) >= 40
    way.click()
    expect(field(page)).to_be_visible()
    field(page).fill("อุษา")
    page.locator(".ita-find button").click()
    expect(hits(page).first).to_contain_text("ด.ต.หญิง อุษา มีนาม")
    expect(page.locator(".ita-hits-count kbd")).to_have_count(3)
    expect(page.locator(".ita-hits-count kbd:visible")).to_have_count(0)  # no keys, no word of them
    assert sideways(page) <= 0
    page.screenshot(path=pictures / "search-phone.png")
    hits(page).first.click()
    expect(page).to_have_url(re.compile(r"/officers\?kind=all&officer=usa"))
    assert desk.complaints == []
    desk.close()
