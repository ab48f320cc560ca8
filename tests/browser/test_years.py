"""The administrator's hour: a fresh install, the present year begun, an officer transferred, a deadline moved."""

import re
from pathlib import Path

import pytest
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
    page.get_by_role("option", name=re.compile(option)).click()


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
    expect(page.get_by_text("โอนงานแล้ว")).to_be_visible()
    usa.go("/my_work")
    expect(usa.page.get_by_role("button", name="เข้าสู่ระบบ")).to_be_visible()

    # What only she prepared is now the other's; its deadlines are moved by a week, in force with an order.
    page = admin.go("/plan")
    page.get_by_label("เลื่อนทุกข้อ (วัน)").fill("7")
    page.get_by_role("button", name="เลื่อน", exact=True).click()
    expect(page.get_by_text(re.compile(r"ฉบับร่างเปลี่ยน \d+ รายการ"))).to_be_visible()
    page.get_by_label("คำสั่งหรือบันทึกที่อ้างอิง").first.fill("คำสั่งที่ 7/2570")
    page.get_by_role("button", name="ประกาศใช้").click()
    expect(page.get_by_text("ประกาศใช้แล้ว")).to_be_visible()
    page.get_by_role("tab", name=re.compile("ฉบับแก้ไขแผน")).click()
    expect(page.get_by_text("คำสั่งที่ 7/2570")).to_be_visible()
    page.screenshot(path=pictures / "revisions.png")

    # She sees it in her work; last year stands as it was.
    page = patthama.go("/item?item=O12")
    expect(page.get_by_text(re.compile("O12 "))).not_to_have_count(0)
    expect(page.locator(".ita-lines")).to_contain_text("ปัทมา")
    page = patthama.go("/item?item=O10&year=2568")
    expect(page.locator(".ita-lines")).to_contain_text("อุษา มีนาม")
    page = admin.go("/overview?year=2568")
    expect(page.locator(".ita-sentence")).to_contain_text("ณ 30 ก.ย. 68")
    assert (admin.complaints, usa.complaints, patthama.complaints) == ([], [], [])
