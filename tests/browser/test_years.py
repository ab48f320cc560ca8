"""The administrator's hour: a fresh install, the present year begun, an officer transferred, a deadline moved."""

import io
import re
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest
from openpyxl import Workbook
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Desk
from tests.browser.test_main_job import invite, join
from tests.server import Server, running

pytestmark = pytest.mark.browser


@pytest.fixture
def server(tmp_path: Path):
    with running(tmp_path, ITA_TODAY="2026-11-26") as started:
        yield started


def choose(page: Page, label: str, option: str) -> None:
    page.get_by_role("combobox", name=label).click()
    page.keyboard.type(option)
    # By the keyboard: the list may hang below the screen's edge, where a pointer does not reach it.
    expect(page.get_by_role("option", name=re.compile(option))).to_have_attribute("data-focused", "true")
    page.keyboard.press("Enter")


def test_the_administrators_hour(browser: Browser, server: Server, pictures: Path):
    # A fresh install knows the published plan of 2568; that year is over, so the overview leads with the present one.
    admin = Desk(browser, server.url, 1366, 768)
    join(admin, server.first_link, "admin", "ผู้ดูแลระบบ")
    page = admin.go("/overview")
    expect(page.get_by_text("ปีงบประมาณ 2568 สิ้นสุดแล้ว จะดำเนินการต่ออย่างไร")).to_be_visible()
    page.screenshot(path=pictures / "fresh.png")
    page.get_by_role("button", name="เริ่มปีงบประมาณ 2570").click()
    expect(page.locator(".ita-sentence")).to_contain_text("ณ 26 พ.ย. 69")
    expect(page).to_have_url(re.compile("year=2570"))
    expect(page.get_by_text(re.compile("24 ข้อยกมาจาก"))).to_be_visible()
    page.screenshot(path=pictures / "begun.png")

    # Two officers get accounts; one of them is transferred the next day, the other takes over.
    page = admin.go("/people")
    links = {"usa": invite(page, "อุษา มีนาม"), "patthama": invite(page, "ปัทมา เทพทวี")}
    usa, patthama = Desk(browser, server.url), Desk(browser, server.url)
    join(usa, links["usa"], "usa")
    join(patthama, links["patthama"], "patthama")
    page = admin.go("/plan")
    page.get_by_role("tab", name="บุคคล").click()
    choose(page, "ผู้ที่ย้ายออก", "อุษา มีนาม")
    choose(page, "โอนให้", "ปัทมา เทพทวี")
    page.get_by_role("button", name="โอนงานและปิดบัญชี").click()
    expect(page.get_by_text("ทำเครื่องหมายยืนยันว่ามีผลทันที")).to_be_visible()
    page.get_by_text("ยืนยัน: มีผลทันที และปิดบัญชีผู้ย้ายออก").click()
    page.get_by_role("button", name="โอนงานและปิดบัญชี").click()
    expect(page.get_by_text("โอนงานแล้ว")).to_be_visible()
    usa.go("/my_work")
    expect(usa.page.get_by_role("button", name="เข้าสู่ระบบ")).to_be_visible()

    # What only she prepared is now the other's; its deadlines are moved by a week, in force with an order.
    page = admin.go("/plan")
    page.get_by_label("เลื่อนทุกข้อ (วัน)").fill("7")
    page.get_by_role("button", name="เลื่อน", exact=True).click()
    expect(page.get_by_text(re.compile(r"ฉบับร่างเปลี่ยน \d+ รายการ"))).to_be_visible()
    page.get_by_role("button", name="ประกาศใช้").click()
    page.get_by_label("คำสั่งหรือบันทึกที่อ้างอิง").filter(visible=True).fill("คำสั่งที่ 7/2570")
    page.get_by_role("button", name="ยืนยันประกาศใช้").click()
    expect(page.get_by_text("ประกาศใช้แล้ว")).to_be_visible()
    # The tab's name has the number of revisions in it: until it is drawn anew, a press would be of the one of before.
    expect(page.get_by_text(re.compile(r"ฉบับร่างเปลี่ยน \d+ รายการ"))).to_have_count(0)
    page.locator('[data-test-script-state="notRunning"]').wait_for()
    page.get_by_role("tab", name=re.compile("ฉบับแก้ไขแผน")).click()
    expect(page.get_by_text("คำสั่งที่ 7/2570")).to_be_visible()
    page.screenshot(path=pictures / "revisions.png")

    # She reads of it in her work; last year stands as it was.
    page = patthama.go("/my_work")
    news = page.locator("ul.ita-list", has_text="คำสั่งที่ 7/2570")
    expect(news).to_contain_text(re.compile(r"O12 .*พ\.ย\. 69: กำหนดส่ง .* แทน .*และอีก 4 รายการ"))
    expect(page.locator("ul.ita-list", has_text="ท่านได้รับหน้าที่จัดทำข้อมูล")).to_contain_text("O12")
    page = patthama.go("/item?item=O12")
    expect(page.get_by_text(re.compile("O12 "))).not_to_have_count(0)
    expect(page.locator(".ita-lines")).to_contain_text("ปัทมา")
    page = patthama.go("/item?item=O10&year=2568")
    expect(page.locator(".ita-lines")).to_contain_text("อุษา มีนาม")
    page = admin.go("/overview?year=2568")
    expect(page.locator(".ita-sentence")).to_contain_text("ณ 30 ก.ย. 68")
    assert (admin.complaints, usa.complaints, patthama.complaints) == ([], [], [])


@pytest.mark.trial
def test_a_plan_is_taken_away_changed_and_brought_back(browser: Browser, server: Server, pictures: Path):
    admin = Desk(browser, server.url, 1366, 768)
    join(admin, server.first_link, "admin", "ผู้ดูแลระบบ")
    page = admin.go("/plan?year=2568")
    page.get_by_text("แก้ไขด้วยไฟล์").click()
    with page.expect_download() as coming:
        page.get_by_role("link", name="Excel", exact=True).click()
    book = openpyxl.load_workbook(io.BytesIO(coming.value.path().read_bytes()))
    row = next(row for row in book["กำหนดส่ง"].iter_rows(min_row=3) if row[0].value == "O7")
    due = next(cell for cell in row if isinstance(cell.value, datetime))

    # What cannot be is said with its cell, and nothing of the file is taken.
    due.value = "เร็ว ๆ นี้"
    send(page, book, "แผนผิด.xlsx")
    fault = page.locator(".ita-drop li.fault")
    expect(fault).to_contain_text(f"กำหนดส่ง!{due.coordinate}")
    expect(page.get_by_text(re.compile("ฉบับร่างเปลี่ยน"))).to_have_count(0)
    page.screenshot(path=pictures / "plan-fault.png")

    due.value = datetime(2025, 3, 31)
    send(page, book, "แผน.xlsx")
    expect(page.get_by_text("ฉบับร่างเปลี่ยน 1 รายการ")).to_be_visible()
    expect(page.get_by_text("ไฟล์เป็นร่างแล้ว")).to_be_visible()
    expect(fault).to_have_count(0)
    expect(page.locator(".ita-history tr", has_text="31 มี.ค. 68")).to_contain_text(re.compile(r"28 ก\.พ\. 68.* นาย"))
    page.screenshot(path=pictures / "plan-draft.png")
    assert admin.complaints == []
    admin.close()


def send(page: Page, book: Workbook, name: str) -> None:
    kept = io.BytesIO()
    book.save(kept)
    media = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    page.locator("input[type=file]").set_input_files({"name": name, "mimeType": media, "buffer": kept.getvalue()})
