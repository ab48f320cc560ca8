"""Where one works, one stays: a refusal beside its form at the first press, the focus with what comes next, what was
typed kept."""

import pytest
from playwright.sync_api import Browser, Page, expect

from ita_core.demo import build
from tests.browser.conftest import Desk
from tests.browser.test_minutes import document
from tests.server import Server

pytestmark = [pytest.mark.browser, pytest.mark.trial]
RUNS = """() => {
    const app = document.querySelector('[data-testid="stApp"]'), state = "data-test-script-state";
    delete document.body.dataset.ran;
    new MutationObserver(() => { if (app.getAttribute(state) === "notRunning") document.body.dataset.ran = "once"; })
        .observe(app, { attributeFilter: [state] });
}"""


def typed_and_kept(page: Page, label: str, text: str) -> None:
    """Type, and leave the cursor there: the page runs by itself once."""
    page.get_by_label(label).click()
    page.evaluate(RUNS)
    page.get_by_label(label).press_sequentially(text)
    expect(page.locator("body")).to_have_attribute("data-ran", "once")
    expect(page.get_by_label(label)).to_be_focused()
    expect(page.get_by_label(label)).to_have_value(text)


def test_a_refused_directive_stays_open_at_the_first_press_with_the_refusal_beside_it(browser: Browser, server: Server):
    desk = Desk(browser, server.url)
    page = desk.sign_in("thianchai", build.PASSWORD, "/item?item=O15")
    expect(page.get_by_role("heading", name="ประวัติ")).to_be_visible()
    expect(page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]')).to_be_attached()
    page.get_by_text("สั่งการเกี่ยวกับข้อ O15").click()
    give = page.get_by_role("button", name="บันทึกข้อสั่งการ")
    give.click()
    expect(page.get_by_test_id("stAlert")).to_contain_text("โปรดระบุสิ่งที่ให้ดำเนินการ")
    expect(page.get_by_test_id("stAlert")).to_be_in_viewport()
    expect(give).to_be_focused()
    page.get_by_label("ข้อสั่งการ: ให้ทำอะไร").fill("ตรวจทานหลักเกณฑ์")  # so the form is open
    desk.close()


def test_the_first_message_about_a_piece_leaves_its_thread_open_and_the_focus_there(browser: Browser, server: Server):
    desk = Desk(browser, server.url)
    page = desk.sign_in("usa", build.PASSWORD, "/item?item=O6")
    expect(page.get_by_role("heading", name="ประวัติ")).to_be_visible()
    assert page.locator(".ita-thread").count() == 0
    page.get_by_text("ถามหรือตอบ").first.click()
    typed, write = page.get_by_label("คำถามหรือคำตอบของท่าน"), page.get_by_role("button", name="บันทึกข้อความ")
    typed.fill("ขอเวลาถึงวันศุกร์")
    write.click()
    expect(page.locator(".ita-thread")).to_contain_text("ขอเวลาถึงวันศุกร์")
    expect(typed).to_have_value("")
    expect(write).to_be_focused()
    desk.close()


def test_a_note_is_kept_while_one_is_still_in_it_and_a_page_chosen_just_after_it_is_the_page_that_opens(
    browser: Browser, server: Server
):
    desk = Desk(browser, server.url)
    page = desk.sign_in("usa", build.PASSWORD, "/item?item=O12")
    expect(page.get_by_role("heading", name="ประวัติ")).to_be_visible()
    page.locator("input[type=file]").first.set_input_files([document("บันทึก มี.ค. 68.pdf", "บันทึก มี.ค. 68")])
    expect(page.locator(".ita-received")).to_be_visible()
    typed_and_kept(page, "ข้อความถึงผู้ควบคุม", "ฉบับร่าง")
    page.reload()
    note = page.get_by_label("ข้อความถึงผู้ควบคุม")
    expect(note).to_have_value("ฉบับร่าง")
    expect(page.get_by_role("heading", name="ประวัติ")).to_be_visible()
    note.press("End")
    note.press_sequentially("2")
    page.evaluate(  # as fast as nobody is: the text is left and the menu pressed in one and the same moment
        """() => {
            document.activeElement.blur();
            [...document.querySelectorAll('[data-testid="stTopNavLink"]')]
                .find((one) => one.textContent.includes("งานของฉัน")).click();
        }"""
    )
    expect(page.get_by_role("heading", level=1)).to_have_text("งานของฉัน")
    expect(page.locator(".ita-list").first).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_contain_text("O12")  # one step, and to the item
    expect(note).to_have_value("ฉบับร่าง2")
    desk.close()


def test_a_long_text_is_kept_on_back_while_the_cursor_is_in_it(browser: Browser, server: Server):
    desk = Desk(browser, server.url)
    page = desk.sign_in("thianchai", build.PASSWORD, "/indicators")
    directives = page.get_by_test_id("stTopNavLink").filter(has_text="ข้อสั่งการ")
    directives.click()
    page.get_by_text("ให้ข้อสั่งการ").first.click()
    typed_and_kept(page, "ข้อสั่งการ: ให้ทำอะไร", "ตรวจทาน")
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("ตัวชี้วัด")
    directives.click()
    expect(page.get_by_label("ข้อสั่งการ: ให้ทำอะไร")).to_have_value("ตรวจทาน")
    desk.close()


def test_on_a_phone_a_statement_of_nothing_says_what_is_missing_and_leaves_no_bar_below(
    browser: Browser, server: Server
):
    desk = Desk(browser, server.url, 390, 844)
    page = desk.sign_in("phailin", build.PASSWORD, "/item?item=O14")
    expect(page.get_by_role("heading", name="ประวัติ")).to_be_visible()
    assert page.locator(".ita-drop").evaluate("(one) => one.getBoundingClientRect().height") > 20
    page.get_by_role("radio", name="ไม่มีเรื่องต้องรายงาน").or_(
        page.get_by_role("button", name="ไม่มีเรื่องต้องรายงาน")
    ).first.click()
    page.get_by_role("button", name="ส่งหลักฐาน").click()
    expect(page.get_by_test_id("stAlert")).to_have_text("โปรดเลือกเดือน")
    assert page.locator(".ita-drop").evaluate("(one) => one.getBoundingClientRect().height") == 0
    desk.close()


def test_after_approving_and_after_a_refused_address_the_focus_is_with_what_comes_next(
    browser: Browser, server: Server
):
    commander, keeper = Desk(browser, server.url), Desk(browser, server.url)
    page = commander.sign_in("thianchai", build.PASSWORD, "/item?item=O21")
    expect(page.get_by_role("heading", name="ประวัติ")).to_be_visible()
    page.get_by_role("button", name="อนุมัติ O21").click()
    page.get_by_role("button", name="ยืนยันการอนุมัติ").click()
    expect(page.locator(":focus")).to_contain_text("เพิ่งอนุมัติ")  # and how to take that back
    page = keeper.sign_in("angsuson", build.PASSWORD, "/item?item=O21")
    expect(page.get_by_role("heading", name="ประวัติ")).to_be_visible()
    page.get_by_label("เผยแพร่ที่").fill("เว็บไซต์ของเรา")
    record = page.get_by_role("button", name="บันทึกว่าเผยแพร่แล้ว")
    record.click()
    expect(page.get_by_test_id("stAlert")).to_contain_text("ไม่ใช่ที่อยู่เว็บไซต์")
    expect(record).to_be_focused()
    page.get_by_label("เผยแพร่ที่").fill("https://example.org/o21")
    record.click()
    expect(page.locator(":focus")).to_contain_text("https://example.org/o21")  # what was recorded, and what is next
    commander.close()
    keeper.close()
