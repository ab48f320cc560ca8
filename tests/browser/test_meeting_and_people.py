"""What got in the way in meetings and on the people's page, tried again by the same steps (issue 12, 19 and 20)."""

import re
from pathlib import Path

import pypdfium2
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from ita_core.demo import build
from tests.browser.conftest import Desk
from tests.server import Server

pytestmark = pytest.mark.browser
ORDERS = [f"ข้อสั่งการทดสอบลำดับที่ {number} ให้ตรวจสอบเว็บไซต์ของหน่วยงานและรายงานผล" for number in range(1, 4)]


def in_sight(page: Page, one: Locator) -> bool:
    """Whether the middle of it is what one would press there."""
    expect(one).to_be_visible()
    return one.evaluate(
        """e => { const r = e.getBoundingClientRect(), y = r.top + r.height / 2;
          return e.contains(document.elementFromPoint(r.left + r.width / 2, y)) && r.bottom <= innerHeight; }"""
    )


def apart(one: Locator, other: Locator) -> bool:
    """Whether neither lies over the other."""
    a, b = one.bounding_box(), other.bounding_box()
    assert a
    assert b
    beside = a["x"] + a["width"] <= b["x"] + 1 or b["x"] + b["width"] <= a["x"] + 1
    return beside or a["y"] + a["height"] <= b["y"] + 1 or b["y"] + b["height"] <= a["y"] + 1


def test_the_commander_directs_cancels_with_a_reason_and_ends_the_meeting(
    browser: Browser, server: Server, pictures: Path
):
    desk = Desk(browser, server.url, 1366, 768)
    page = desk.sign_in("thianchai", build.PASSWORD, "/meeting?screen=directives")
    expect(page.get_by_role("button", name="เลื่อนอัตโนมัติ")).to_be_visible()
    page.get_by_role("button", name="เปิดการประชุม").click()
    page.get_by_role("button", name="เริ่มประชุม").click()
    expect(page.get_by_role("button", name=re.compile("กำลังประชุม"))).to_be_visible()
    page.keyboard.press("Escape")

    # A refusal lies over no field of the form, and not over its button.
    give, typed = page.get_by_role("button", name="บันทึกข้อสั่งการ"), page.get_by_label("ข้อสั่งการ: ให้ทำอะไร")
    give.click()
    refusal = page.get_by_text("โปรดระบุสิ่งที่ให้ดำเนินการ")
    assert in_sight(page, refusal)
    assert apart(refusal, typed)
    assert apart(refusal, give)
    page.screenshot(path=pictures / "meeting-refusal.png")

    # What is given is seen at once, on whichever screen it stands.
    for order in ORDERS:
        typed.fill(order)
        page.get_by_role("combobox", name=re.compile("มอบหมายให้")).click()
        page.keyboard.type("อังศุศรณ์")
        page.get_by_role("option", name=re.compile("อังศุศรณ์")).click()
        page.keyboard.press("Escape")
        give.click()
        expect(page.locator("section.ita-screen:visible tr.directive", has_text=order)).to_be_in_viewport()
        expect(typed).to_have_value("")
    page.screenshot(path=pictures / "meeting-given.png")

    # Cancelling asks why, and does nothing without a reason.
    row = page.locator("section.ita-screen:visible tr.directive", has_text=ORDERS[-1])
    row.get_by_role("button", name="ยกเลิก").click()
    asks = page.get_by_role("dialog", name="เหตุผลที่ยกเลิก")
    asks.get_by_role("button", name="ยกเลิกข้อสั่งการ").click()
    expect(asks).to_be_visible()
    asks.get_by_role("textbox").fill("มอบหมายซ้ำกัน")
    asks.get_by_role("button", name="ยกเลิกข้อสั่งการ").click()
    cancelled = page.locator("section.ita-screen tr.directive", has_text=ORDERS[-1])
    expect(cancelled.get_by_role("button", name="เปิดใหม่", include_hidden=True)).to_be_attached()

    page.get_by_role("button", name=re.compile("กำลังประชุม")).click()
    end = page.get_by_role("button", name="สิ้นสุดการประชุม")
    expect(end).to_be_in_viewport()
    assert in_sight(page, end)
    page.screenshot(path=pictures / "meeting-end.png")
    end.click()
    expect(page.get_by_text("สิ้นสุดการประชุมและเก็บบันทึกแล้ว")).to_be_visible()
    page = desk.go("/directives")
    expect(page.locator(".ita-directive", has_text=ORDERS[-1])).to_contain_text("มอบหมายซ้ำกัน")

    # The kept meeting on paper: a screen a sheet, A4, none of them empty.
    page.get_by_role("link", name="สิ่งที่แสดงในที่ประชุม").first.click()
    expect(page.locator("section.ita-screen:visible .chip")).to_have_text("บันทึกการประชุม")
    expect(page.locator('[data-testid="stApp"]')).to_have_attribute("data-test-script-state", "notRunning")
    headings = page.locator("section.ita-screen h2").all_text_contents()
    sheets = list(pypdfium2.PdfDocument(page.pdf(prefer_css_page_size=True)))
    assert len(sheets) == len(headings)
    for number, sheet in enumerate(sheets, 1):
        assert [round(length / 72 * 25.4) for length in sheet.get_size()] == [297, 210]
        text = "".join(sheet.get_textpage().get_text_range().split())
        assert f"{number}/{len(headings)}" in text
        assert len(text) > 60
    assert desk.complaints == []
    desk.close()


def test_no_word_of_the_timeline_lies_under_todays_line(browser: Browser, server: Server, pictures: Path):
    desk = Desk(browser, server.url, 1366, 768)
    page = desk.sign_in("thianchai", build.PASSWORD, "/timeline")
    expect(page.locator(".ita-gantt")).to_be_visible()
    # The words that today's line crosses: each is painted over it.
    crossed = page.evaluate(
        """() => { const line = document.querySelector('.ita-gantt .ov i.t').getBoundingClientRect();
          const over = [...document.querySelectorAll('.ita-gantt .bd .k em')].filter(e => {
            const r = e.getBoundingClientRect(), pad = 8;
            return r.left + pad < line.left && r.right - pad > line.right; });
          const z = e => Number(getComputedStyle(e).zIndex) || 0;
          const bar = z(document.querySelector('.ita-gantt .ov i.t'));
          return over.map(e => z(e) > bar && getComputedStyle(e.parentElement).zIndex === 'auto'); }"""
    )
    assert crossed
    assert all(crossed)
    page = desk.go("/meeting?screen=timeline")
    expect(page.locator("section.ita-screen:visible .steps .phase").first).to_be_visible()
    crossed = page.evaluate(
        """() => [...document.querySelectorAll('.ita-screen:not([hidden]) .steps .phase')].filter(row => {
            const line = row.querySelector('i').getBoundingClientRect();
            const r = row.querySelector('span').getBoundingClientRect();
            return r.left < line.left && r.right > line.right; })
          .map(row => Number(getComputedStyle(row.querySelector('span')).zIndex)
            > Number(getComputedStyle(row.querySelector('i')).zIndex))"""
    )
    assert all(crossed)
    page.screenshot(path=pictures / "meeting-timeline.png")
    desk.close()


def test_the_administrator_handles_people_in_the_app(browser: Browser, server: Server, pictures: Path):
    desk = Desk(browser, server.url, 1366, 768)
    page = desk.sign_in("demo-admin", build.PASSWORD, "/people")
    line = page.get_by_text(re.compile("· usa ·"))
    change = page.locator('[data-testid="stHorizontalBlock"]', has=line).get_by_role("button", name="เปลี่ยน")
    body = page.locator('[data-testid="stPopoverBody"]:visible')

    # Two clicks on saving that it is disabled: it is disabled.
    change.click()
    body.get_by_text("ปิดใช้งาน", exact=True).click()
    body.get_by_role("button", name="บันทึก", exact=True).dblclick()
    expect(line).to_contain_text("ปิดใช้งาน")
    expect(page.locator('[data-testid="stApp"]')).to_have_attribute("data-test-script-state", "notRunning")
    expect(line).to_contain_text("ปิดใช้งาน")
    body.get_by_text("เข้าใช้งานได้", exact=True).click()
    body.get_by_role("button", name="บันทึก", exact=True).click()
    expect(line).not_to_contain_text("ปิดใช้งาน")

    # A role, and who enters ITAP.
    body.get_by_text(re.compile("เป็นผู้ดูแลระบบ ITAP")).click()
    body.get_by_role("button", name="บันทึกบทบาท").click()
    expect(line).to_contain_text("ITAP")

    # A slip for a new password stands below the line it was asked for, and is all that is printed.
    body.get_by_role("button", name="สร้างใบตั้งรหัสผ่านใหม่").click()
    slip = page.locator(".ita-slip")
    expect(slip).to_contain_text("ชื่อผู้ใช้: usa")
    expect(page.locator('[data-testid="stPopoverBody"]:visible')).to_have_count(0)
    page.emulate_media(media="print")
    expect(slip).to_be_visible()
    expect(line).to_be_hidden()
    page.emulate_media(media="screen")
    link = slip.get_by_role("link").get_attribute("href") or ""
    owner = Desk(browser, server.url)
    hers = owner.go("/?" + link.split("?")[1])
    expect(hers.get_by_label("ชื่อผู้ใช้", exact=True)).to_have_value("usa")
    owner.close()
    page.get_by_role("button", name="เสร็จแล้ว ซ่อนลิงก์").click()
    expect(slip).to_have_count(0)

    # Somebody outside the plan: two clicks make one account.
    page.get_by_text("เพิ่มบุคคลนอกแผน").click()
    page.get_by_label("ยศ ชื่อ และนามสกุล").fill("นางสาวสังเกต การณ์ดี")
    page.get_by_role("button", name="สร้างบัญชีและลิงก์คำเชิญ").dblclick()
    expect(slip).to_contain_text("นางสาวสังเกต การณ์ดี")
    expect(page.locator('[data-testid="stText"]', has_text="นางสาวสังเกต การณ์ดี ·")).to_have_count(1)

    # A name is confirmed: the tab, the place and the focus stay; then once more.
    page.get_by_role("tab", name="ชื่อที่ต้องยืนยัน").click()
    confirm = page.get_by_role("button", name="ยืนยันชื่อนี้")
    expect(confirm.nth(3)).to_be_visible()
    confirm.nth(3).evaluate("e => e.scrollIntoView({ block: 'center' })")  # away from what is said below
    at = confirm.nth(3).bounding_box()
    number = confirm.count()
    form = page.locator('[data-testid="stForm"]:visible', has=page.get_by_role("button", name="ยืนยันชื่อนี้")).nth(3)
    for name in ("ไพลิน ชื่อแรก", "ไพลิน ชื่อหลัง"):
        form.get_by_label("ชื่อ", exact=True).fill(name)
        confirm.nth(3).click()
        expect(form).to_contain_text("ยืนยันแล้ว")
        expect(form).to_contain_text("ไพลิน ชื่อแรก" if name.endswith("หลัง") else "ไพลิน")
        expect(confirm).to_have_count(number)
        now = confirm.nth(3).bounding_box()
        assert at
        assert now
        assert abs(now["y"] - at["y"]) < 40
        expect(confirm.nth(3)).to_be_focused()
    page.screenshot(path=pictures / "people-names.png")
    assert desk.complaints == []
    desk.close()
    assert "Traceback" not in server.output
