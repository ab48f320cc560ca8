"""A decision taken back, one slot returned of two, and an item that goes back from the commander to its supervisor."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from ita_core.demo import build
from tests.browser.conftest import Desk
from tests.server import Server

pytestmark = pytest.mark.browser
WHY, STANDS = "ภาพหน้า 3 ไม่ชัด", "ชัดในไฟล์จริง ตรวจแล้ว"


def waiting(page: Page) -> list[str]:
    return page.locator(".st-key-queue label:has(input) p").all_inner_texts()


def test_a_supervisor_undoes_an_acceptance_and_returns_one_slot_of_two(
    browser: Browser, server: Server, pictures: Path
):
    desk = Desk(browser, server.url, 1366, 768)
    page = desk.sign_in("nattawat", build.PASSWORD, "/review")
    accept = page.locator('[class*="st-key-accept-"]:not([data-stale="true"]) button').first
    expect(accept).to_be_visible()
    first, *others = waiting(page)
    accept.click()
    undo = page.get_by_role("button", name="ยกเลิก “รับแล้ว”")
    expect(undo).to_be_visible()
    page.screenshot(path=pictures / "decide-undo.png")
    expect(page.locator(".st-key-queue label:has(input)")).to_have_count(len(others))
    undo.click()
    expect(undo).to_have_count(0)
    expect(page.locator(".st-key-queue label:has(input)").first).to_contain_text(first)
    expect(page.get_by_role("radio").first).to_be_checked()

    page.get_by_role("button", name="ตีกลับ").first.click()
    page.get_by_label("เหตุผล: ต้องแก้ไขอะไร").fill("ตารางที่ 2 ไม่ครบ")
    page.get_by_role("button", name="จับกุมตาม").click()  # accepted: only the other one comes back
    page.get_by_role("button", name="ตีกลับพร้อมเหตุผลนี้").click()
    expect(page.get_by_role("button", name="ยกเลิก “รับบางส่วน”")).to_be_visible()
    page.goto(server.url + "/item?item=O10")
    expect(page.locator(".ita-lines", has_text="รับบางส่วน").first).to_contain_text("ตารางที่ 2 ไม่ครบ")
    page.screenshot(path=pictures / "decide-slots.png")
    assert desk.complaints == []
    desk.close()


def test_an_item_goes_back_to_its_supervisor_who_says_that_it_stands(browser: Browser, server: Server, pictures: Path):
    commander, supervisor = (Desk(browser, server.url, 1366, 768) for _ in range(2))
    page = commander.sign_in("thianchai", build.PASSWORD, "/item?item=O21")
    page.get_by_role("button", name="ส่งกลับให้ผู้ควบคุมทบทวน").click()
    page.get_by_label("เหตุผล: ให้ทบทวนเรื่องใด").fill(WHY)
    page.get_by_role("button", name="ส่งกลับพร้อมเหตุผลนี้").click()
    expect(page.get_by_role("alert").filter(has_text=WHY)).to_be_visible()

    # It stands at her review page; she looks again and answers.
    page = supervisor.sign_in("khanittha", build.PASSWORD, "/review")
    line = page.locator("li", has_text=WHY)
    expect(line).to_be_visible()
    page.screenshot(path=pictures / "decide-sent-back.png")
    line.get_by_role("link").click()
    expect(page.get_by_role("button", name="ตีกลับ").first).to_be_visible()
    page.get_by_role("button", name="ยืนยันตามเดิม").click()
    page.get_by_label("เหตุผล", exact=True).fill(STANDS)
    page.get_by_role("button", name="ตอบผู้กำกับการ").click()
    expect(page.get_by_role("alert").filter(has_text=STANDS)).to_be_visible()

    # The commander reads the answer, approves, and takes that back.
    page = commander.go("/item?item=O21")
    expect(page.get_by_role("alert").filter(has_text=STANDS)).to_be_visible()
    page.get_by_role("button", name="อนุมัติ O21").click()
    page.get_by_role("button", name="อนุมัติ", exact=False).filter(has_text="ยืนยัน").click()
    page.get_by_role("button", name="ยกเลิกการอนุมัติ").click()
    expect(page.get_by_role("button", name="อนุมัติ O21")).to_be_visible()
    expect(page.get_by_text("ยกเลิกการอนุมัติ").first).to_be_visible()  # in the history
    page.screenshot(path=pictures / "decide-undone.png")
    assert commander.complaints == supervisor.complaints == []
    commander.close()
    supervisor.close()
