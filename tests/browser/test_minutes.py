"""The commander's minute and the officer's five minutes on the demonstration, at a desk and on a phone."""

import re
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser, FilePayload, expect

from ita_core.demo import build, documents
from tests.browser.conftest import DESK_AND_PHONE, Desk
from tests.server import Server

pytestmark = [pytest.mark.browser, pytest.mark.trial]


def document(name: str, heading: str) -> FilePayload:
    suffix, make = documents.FORMATS["word" if name.endswith("docx") else "pdf"]
    assert name.endswith(suffix)
    sheet = documents.Sheet(
        heading=heading, item="O14", sections=("สรุปผลการจัดซื้อจัดจ้าง",), office="ตม.จว.ประจวบคีรีขันธ์",
        by="ร.ต.อ.หญิง ไพลิน ฉัญจรัสรักษ์", day=date(2025, 3, 14), figures=True,
    )  # fmt: skip
    return {"name": name, "mimeType": "application/octet-stream", "buffer": make(sheet)}


def scrolls_sideways(desk: Desk) -> bool:
    page = '[data-testid="stMain"]'
    return bool(desk.page.evaluate(f"(e => e.scrollWidth > e.clientWidth + 1)(document.querySelector('{page}'))"))


@DESK_AND_PHONE
def test_the_commanders_minute(browser: Browser, server: Server, pictures: Path, width: int, height: int):
    desk = Desk(browser, server.url, width, height)
    page = desk.sign_in("thianchai", build.PASSWORD)

    # Open and understand: one sentence, five figures, what changed since the last meeting.
    expect(page.locator(".ita-sentence")).to_contain_text("ณ 15 มี.ค. 68 รับแล้ว 63%")
    expect(page.locator(".ita-sentence")).to_contain_text("เกินกำหนด 10 ช่องใน 6 ข้อ")
    expect(page.locator(".ita-card")).to_have_count(5)
    expect(page.locator(".ita-since")).to_contain_text("ตั้งแต่ การประชุม 3 มี.ค. 68")
    waiting = page.locator(".ita-card", has_text="รอผู้กำกับการอนุมัติ").locator(".figure")
    expect(waiting).to_have_text("3 ข้อ")
    assert not scrolls_sideways(desk)
    page.screenshot(path=pictures / f"commander-{width}.png")

    # Open the worst, see why and whose it is, come back with one press.
    page.locator(".ita-list li").filter(has_text="เกินกำหนด").get_by_role("link").first.click()
    expect(page).to_have_url(re.compile(r"/item\?item=O14$"))
    expect(page.get_by_text("เกินกำหนด 2 ช่อง")).to_be_visible()
    expect(page.get_by_text("ไพลิน ฉัญจรัสรักษ์").first).to_be_visible()
    page.go_back()
    expect(page).to_have_url(re.compile(r"/overview$"))

    # Approve one that is complete.
    page.locator(".ita-list li").filter(has_text="รออนุมัติ").get_by_role("link", name="O15").click()
    page.get_by_role("button", name="อนุมัติ O15").click()
    page.get_by_role("button", name="ยืนยันการอนุมัติ").click()
    expect(page.get_by_text("อนุมัติข้อ O15 แล้ว")).to_be_visible()
    page.go_back()
    expect(waiting).to_have_text("2 ข้อ")
    assert desk.complaints == []
    desk.close()
    assert "Traceback" not in server.output


@DESK_AND_PHONE
def test_the_officers_five_minutes(browser: Browser, server: Server, pictures: Path, width: int, height: int):
    # A link that somebody sent leads through the sign-in to the item.
    desk = Desk(browser, server.url, width, height)
    page = desk.sign_in("phailin", build.PASSWORD, "/item?item=O14")
    expect(page.get_by_text("องค์ประกอบที่ต้องแสดง")).to_be_visible()
    expect(page.get_by_text("เกินกำหนด 2 ช่อง")).to_be_visible()

    # Three files at once: month and format are read from their names.
    names = [f"สรุปผลการจัดซื้อจัดจ้าง {month}.docx" for month in ("ม.ค.68", "ก.พ.68", "มี.ค.68")]
    page.locator("input[type=file]").set_input_files([document(name, name) for name in names])
    for name in names:
        expect(page.get_by_text(name).first).to_be_visible()
    expect(page.locator(".ita-drop li")).to_have_count(0)  # all have come
    page.get_by_role("button", name="ส่งหลักฐาน").click()
    expect(page.get_by_text("ได้รับแล้ว 3 ชิ้น")).to_be_visible()
    for name in names:
        expect(page.get_by_role("link", name=name)).to_be_visible()
    assert not scrolls_sideways(desk)
    page.screenshot(path=pictures / f"officer-{width}.png")

    # What came back stands first in her own list; she mends it.
    page = desk.go("/my_work")
    came_back = page.locator("li", has_text="ประกาศยังไม่มีลายมือชื่อผู้อนุมัติ")
    expect(came_back).to_be_visible()
    came_back.get_by_role("link").click()
    expect(page).to_have_url(re.compile(r"/item\?item=O13$"))
    mended = "ประกาศผลการจัดซื้อจัดจ้าง ม.ค.68 (แก้ไข).pdf"
    page.locator("input[type=file]").set_input_files([document(mended, mended)])
    expect(page.locator(".ita-drop li")).to_have_count(0)  # all have come
    page.get_by_role("button", name="ส่งหลักฐาน").click()
    expect(page.get_by_role("link", name=mended)).to_be_visible()
    page = desk.go("/my_work")
    expect(page.get_by_role("heading", name="งานของฉัน")).to_be_visible()
    expect(came_back).to_have_count(0)
    assert desk.complaints == []
    desk.close()
    assert "Traceback" not in server.output


@pytest.mark.trial
def test_back_and_forward_walk_through_what_was_chosen(browser: Browser, server: Server):
    desk = Desk(browser, server.url)
    page = desk.sign_in("thianchai", build.PASSWORD)
    expect(page.locator(".ita-board")).to_be_visible()
    page.get_by_role("link", name="เรียงตามความเร่งด่วน").click()
    expect(page.locator(".ita-board td.code").first).to_contain_text("O13")
    page.get_by_role("button", name="15 มี.ค. 68").click()
    page.get_by_role("link", name="ประชุม 3 ก.พ. 68").click()
    expect(page.locator(".ita-past")).to_contain_text("ข้อมูลย้อนหลัง ณ วันที่ 3 กุมภาพันธ์ 2568")
    assert page.url.endswith("/overview?order=urgency&day=2025-02-03")

    # The day stays from page to page, and nothing can be done on a past one.
    page.locator(".ita-board td.code", has_text=re.compile(r"^O9\b")).get_by_role("link").click()
    expect(page).to_have_url(re.compile(r"/item\?item=O9&day=2025-02-03$"))
    expect(page.get_by_text("สิ่งที่คู่มือกำหนด")).to_be_visible()  # whoever goes back has seen the item first
    expect(page.locator(".ita-past")).to_be_visible()
    expect(page.locator("input[type=file]")).to_have_count(0)

    page.go_back()
    expect(page.locator(".ita-sentence")).to_contain_text("ณ 3 ก.พ. 68")
    page.go_back()
    expect(page.locator(".ita-past")).to_have_count(0)
    expect(page.locator(".ita-board td.code").first).to_contain_text("O13")
    page.go_back()
    expect(page.locator(".ita-board td.code").first).to_contain_text("O1")
    page.go_forward()
    expect(page.locator(".ita-board td.code").first).to_contain_text("O13")

    # The same address shows the same to somebody else.
    other = Desk(browser, server.url)
    other.sign_in("demo-viewer", build.PASSWORD, "/overview?order=urgency&day=2025-02-03")
    expect(other.page.locator(".ita-sentence")).to_contain_text("ณ 3 ก.พ. 68")
    expect(other.page.locator(".ita-past")).to_be_visible()
    desk.close()
    other.close()
