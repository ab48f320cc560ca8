"""Evidence, ITAP and days, in a real browser: found, taken along, reviewed; published and corrected; typed in Thai."""

import re
import zipfile

import pytest
from playwright.sync_api import Browser, expect

from ita_core.demo.build import PASSWORD
from tests.browser.conftest import Desk
from tests.server import Server

pytestmark = pytest.mark.browser


def test_evidence_is_found_taken_along_and_reviewed_one_after_another(browser: Browser, server: Server):
    desk = Desk(browser, server.url)
    page = desk.sign_in("khanittha", PASSWORD, "/evidence")
    rows = page.locator(".ita-evidences tbody tr")
    page.get_by_label("ค้นชื่อหรือหมายเหตุ").fill("รายงาน")
    page.get_by_label("ค้นชื่อหรือหมายเหตุ").press("Enter")
    expect(page).to_have_url(re.compile("find="))
    expect(rows.filter(has_not_text="รายงาน")).to_have_count(0)
    page.get_by_role("button", name="ดาวน์โหลดเป็น ZIP").click()
    expect(page.get_by_role("alert").filter(has_text="โปรดเลือกหลักฐานก่อน")).to_be_visible()
    rows.nth(0).get_by_role("checkbox").check()
    rows.nth(1).get_by_role("checkbox").check()
    with page.expect_download() as loading:
        page.get_by_role("button", name="ดาวน์โหลดเป็น ZIP").click()
    assert loading.value.suggested_filename == "ita-2568-evidence-O6-2568-03-15.zip"
    with zipfile.ZipFile(loading.value.path()) as made:
        assert made.testzip() is None
        assert len(made.namelist()) == 3
        assert "รายงาน" in made.namelist()[1]
    page.get_by_label("สถานะ").select_option("waiting")
    expect(page).to_have_url(re.compile("state=waiting"))
    page.get_by_role("search").get_by_role("link", name="แสดงทั้งหมด").click()
    expect(page).not_to_have_url(re.compile("find="))
    page.get_by_label("สถานะ").select_option("waiting")
    expect(page.locator(".ita-evidences .waiting").first).to_be_visible()
    expect(page.locator(".ita-evidences .accepted")).to_have_count(0)
    mine = page.locator("input[data-mine]")
    mine.nth(0).check()
    mine.nth(1).check()
    page.get_by_role("button", name="ตรวจทีละชิ้น").click()
    expect(page.get_by_text("ที่ท่านเลือกไว้ 2 ชิ้น")).to_be_visible()
    expect(page.get_by_role("radio")).to_have_count(2)
    assert desk.complaints == []
    desk.close()


def test_who_keeps_itap_goes_from_the_work_list_to_the_record_and_corrects_it(browser: Browser, server: Server):
    desk = Desk(browser, server.url)
    page = desk.sign_in("angsuson", PASSWORD, "/itap")
    page.locator("tr", has_text="O2").get_by_role("link").first.click()
    expect(page.get_by_role("heading", name="เผยแพร่ O2 บนเว็บไซต์")).to_be_visible()
    address = page.get_by_label("เผยแพร่ที่")
    address.fill("www.example.org/o2")
    page.get_by_role("button", name="บันทึกว่าเผยแพร่แล้ว").click()
    expect(page.get_by_text("ต้องขึ้นต้นด้วย http")).to_be_visible()
    expect(address).to_have_value("www.example.org/o2")
    expect(page.get_by_role("heading", name="ประวัติ")).to_be_visible()
    address.fill("https://www.example.org/o2-wrong")
    page.get_by_role("button", name="บันทึกว่าเผยแพร่แล้ว").click()
    expect(page.get_by_role("heading", name="ลงระบบ ITAP ข้อ O2")).to_be_visible()
    page.get_by_text("แก้ไขข้อมูลที่บันทึกไว้").click()
    expect(page.get_by_label("เผยแพร่ที่")).to_have_value("https://www.example.org/o2-wrong")
    page.get_by_label("เผยแพร่ที่").fill("https://www.example.org/o2")
    page.get_by_role("button", name="บันทึกที่อยู่ที่แก้ไข").click()
    expect(page.locator(".ita-history")).to_contain_text("o2-wrong")
    expect(page.get_by_role("link", name="https://www.example.org/o2", exact=True).first).to_be_visible()
    desk.close()


def test_a_day_is_typed_in_thai_and_what_is_none_is_said(browser: Browser, server: Server):
    desk = Desk(browser, server.url, 390, 844)
    page = desk.sign_in("thianchai", PASSWORD, "/evidence")
    state = page.get_by_role("search").get_by_label("สถานะ")
    expect(state).to_have_css("font-weight", "400")  # as long as nothing is wrong with it
    assert state.evaluate("one => one.clientWidth / one.parentElement.clientWidth") > 0.9
    page.get_by_role("button", name="15 มี.ค. 68").click()
    day = page.get_by_test_id("stPopoverBody").get_by_role("textbox")
    day.fill("31/2/68")
    day.press("Enter")
    expect(page.get_by_text("“31/2/68” ไม่ใช่วันที่")).to_be_visible()
    day.fill("28/2/68")
    day.press("Enter")
    expect(page.get_by_role("button", name="28 ก.พ. 68")).to_be_visible()
    desk.go("/directives")
    page.get_by_text("ให้ข้อสั่งการ").first.click()
    due = page.get_by_label("ภายใน", exact=True)
    expect(due).to_have_value("29 มี.ค. 68")
    due.fill("วันไหนก็ได้")
    due.press("Tab")
    expect(page.get_by_text("“วันไหนก็ได้” ไม่ใช่วันที่")).to_be_visible()
    due.fill("๑/๔/๒๕๖๘")
    due.press("Tab")
    expect(page.get_by_text("= 1 เมษายน 2568")).to_be_visible()
    desk.close()
