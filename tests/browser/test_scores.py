"""A report of scores brought as a file: the form, a fault told by its cell, looked at, recorded, retracted."""

import io
import re
from pathlib import Path

import openpyxl
import pytest
from openpyxl import Workbook
from playwright.sync_api import Browser, Page, expect

from ita_core.demo.build import PASSWORD
from tests.browser.conftest import DESK_AND_PHONE, Desk
from tests.server import Server

pytestmark = [pytest.mark.browser, pytest.mark.trial]

POINTS = {"คะแนนรวม": 96.08, "IIT": 94.1, "EIT": 95.5, "OIT": 98}


def fill(book: Workbook, points: dict[str, float]) -> None:
    """By the instrument's row, in the form's own columns."""
    sheet = book.active
    heads = {cell.value: cell.column for cell in sheet[1]}
    for row in range(2, sheet.max_row + 1):
        name = sheet.cell(row, heads["เครื่องมือ"]).value
        if name in points and sheet.cell(row, heads["ตัวชี้วัด"]).value is None:
            sheet.cell(row, heads["คะแนน"]).value = points[name]


def send(page: Page, book: Workbook, name: str) -> None:
    kept = io.BytesIO()
    book.save(kept)
    page.locator(".ita-drop input[type=file]").set_input_files(
        {"name": name, "mimeType": "application/octet-stream", "buffer": kept.getvalue()}
    )


@DESK_AND_PHONE
def test_a_report_is_brought_as_a_file_looked_at_recorded_and_retracted(
    browser: Browser, server: Server, pictures: Path, width: int, height: int
):
    head = Desk(browser, server.url, width, height)
    page = head.sign_in("thianchai", PASSWORD, "/indicators")
    chart = page.locator(".ita-trend img:visible")
    expect(chart).to_have_attribute("alt", re.compile(r"คะแนนรวม 95\.85 \(2567\)"))
    page.get_by_text("กรอกคะแนนด้วยไฟล์").click()
    with page.expect_download() as coming:
        page.get_by_role("link", name="Excel", exact=True).click()
    assert coming.value.suggested_filename == "ita-2568-scores-form.xlsx"
    book = openpyxl.load_workbook(io.BytesIO(coming.value.path().read_bytes()))

    # What is wrong is said with its cell, and nothing waits.
    fill(book, POINTS | {"EIT": 955})
    send(page, book, "รายงานผิด.xlsx")
    expect(page.locator(".ita-drop li.fault")).to_contain_text(re.compile(r"!F\d+: ต้องเป็นตัวเลขตั้งแต่ 0 ถึง 100 แต่พบ 955"))
    expect(page.locator(".ita-read")).to_have_count(0)
    page.screenshot(path=pictures / f"scores-fault-{width}.png")

    # What it would record is shown; nothing is, until it is pressed.
    fill(book, POINTS)
    send(page, book, "รายงาน.xlsx")
    waits = page.locator(".ita-read tbody tr")
    expect(waits).to_have_count(4)
    expect(waits.first).to_contain_text(re.compile(r"คะแนนรวม\s*96\.08\s*–\s*\+ ใหม่"))
    expect(page.locator(".ita-scores th", has_text=re.compile("^2568$"))).to_have_count(0)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.screenshot(path=pictures / f"scores-waits-{width}.png")
    page.get_by_role("button", name="บันทึกคะแนน 4 รายการนี้").click()
    expect(page.get_by_text("บันทึกแล้ว").first).to_be_visible()
    expect(page.locator(".ita-news")).to_be_in_viewport()  # the button was far below what came of it
    expect(page.locator(".ita-news")).to_be_focused()
    year = page.locator(".ita-scores tr", has=page.get_by_role("rowheader", name="2568", exact=True))
    expect(year).to_contain_text("96.08")
    expect(page.locator(".ita-read")).to_have_count(0)
    expect(chart).to_have_attribute("alt", re.compile(r"คะแนนรวม 96\.08 \(2568\)"))
    page.screenshot(path=pictures / f"scores-recorded-{width}.png")

    # It was a draft of the report: all of it is retracted in one press.
    page.get_by_text("ยกเลิกคะแนนที่บันทึกไว้แล้ว").click()
    scores = page.get_by_test_id("stExpander").filter(has_text="ยกเลิกคะแนนที่บันทึกไว้แล้ว").get_by_role("combobox")
    scores.click()
    page.screenshot(path=pictures / f"scores-to-retract-{width}.png")
    scores.press("ArrowDown")
    page.get_by_role("option", name=re.compile("2568 ทั้งชุดที่บันทึกพร้อมกัน 4 รายการ")).click()
    page.get_by_label("เหตุผลที่ยกเลิก").fill("ฉบับร่าง")
    page.get_by_role("button", name="ยกเลิกคะแนนนี้").click()
    expect(year).to_have_count(0)
    assert head.complaints == []
    head.close()


def test_a_figure_that_is_typed_and_kept_at_once_is_in_the_draft(browser: Browser, server: Server):
    head = Desk(browser, server.url, 1366, 768)
    page = head.sign_in("demo-admin", PASSWORD, "/plan?figures=1")
    page.get_by_label("ลงระบบ ITAP แล้ว · น่าจะได้").fill("99.5")
    page.get_by_role("button", name="เก็บค่าเหล่านี้").click(delay=0)
    expect(page.get_by_text("ฉบับร่างเปลี่ยน 1 รายการ")).to_be_visible()
    expect(page.locator(".ita-board", has_text="99.5").first).to_contain_text("การคาดการณ์ของปี")
    page.get_by_role("button", name="ทิ้งฉบับร่าง").click()
    page.get_by_role("button", name="ยืนยันทิ้ง").click()
    expect(page.get_by_text("ฉบับร่างเปลี่ยน")).to_have_count(0)
    assert head.complaints == []
    head.close()
