"""Help, in a real browser: from a page to its chapter with its pictures; what the marks mean, by keyboard; on paper."""

import re

import pytest
from playwright.sync_api import Browser, expect

from ita_core.demo import build
from tests.browser.conftest import DESK_AND_PHONE, Desk
from tests.server import Server

pytestmark = [pytest.mark.browser, pytest.mark.trial]


@DESK_AND_PHONE
def test_a_page_leads_to_its_chapter_and_its_pictures_are_there(
    browser: Browser, server: Server, width: int, height: int
):
    desk = Desk(browser, server.url, width, height)
    page = desk.sign_in("usa", build.PASSWORD, "/my_work")
    page.get_by_role("link", name="คู่มือ", exact=True).click()
    expect(page).to_have_url(re.compile(r"/help\?chapter=officer$"))
    expect(page.get_by_role("heading", name="เจ้าหน้าที่: ส่งหลักฐาน", exact=True)).to_be_visible()
    pictures = page.locator(".st-key-manual img")
    expect(pictures).to_have_count(2)
    for picture in pictures.all():
        picture.scroll_into_view_if_needed()
        expect(picture).to_have_js_property("complete", True)
        assert picture.evaluate("one => one.naturalWidth") > 0
        assert picture.evaluate("one => one.alt.length") > 0
    main = page.get_by_test_id("stMain")
    assert main.evaluate("one => one.scrollWidth <= one.clientWidth")

    # From chapter to chapter without a reload, and Back undoes one step.
    page.evaluate("window.kept = true")
    page.get_by_role("navigation", name="สารบัญ").get_by_role("link", name="ส่งออก").click()
    expect(page.get_by_role("heading", name="ส่งออก", exact=True)).to_be_visible()
    assert page.evaluate("window.kept")
    page.go_back()
    expect(page.get_by_role("heading", name="เจ้าหน้าที่: ส่งหลักฐาน", exact=True)).to_be_visible()

    # On paper: the text and its pictures, neither menu nor contents.
    page.emulate_media(media="print")
    expect(page.get_by_role("heading", name="ส่งไฟล์")).to_be_visible()
    expect(page.locator(".ita-contents")).to_be_hidden()
    assert desk.complaints == []
    desk.close()


def test_the_meaning_of_the_marks_opens_by_keyboard_over_the_board_and_moves_nothing(browser: Browser, server: Server):
    desk = Desk(browser, server.url)
    page = desk.sign_in("thianchai", build.PASSWORD, "/overview")
    summary = page.get_by_text("ความหมายของเครื่องหมายและขั้น")
    expect(summary).to_be_visible()
    where = (
        "() => [...document.querySelectorAll('.ita-board tr, .ita-bar')].map(one => one.getBoundingClientRect().top)"
    )
    before = page.evaluate(where)
    summary.focus()
    page.keyboard.press("Enter")
    said = page.get_by_text("ยังไม่มีหลักฐานที่ส่ง และเลยวันกำหนดแล้ว")
    expect(said).to_be_visible()
    assert page.evaluate(where) == before
    main = page.get_by_test_id("stMain")
    assert main.evaluate("one => one.scrollHeight <= one.clientHeight")
    box = page.locator(".ita-means .said").bounding_box()
    assert box
    assert box["y"] >= 0
    assert box["y"] + box["height"] <= 1080
    page.keyboard.press("Enter")
    expect(said).to_be_hidden()
    desk.close()
