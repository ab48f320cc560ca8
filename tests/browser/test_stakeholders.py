"""The list of stakeholders in a real browser: looked over, imported, opened, taken along, deleted by who keeps ITAP."""

from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Browser, expect

from ita_core.demo.build import PASSWORD
from ita_core.plan.stakeholders import load_form
from tests.browser.conftest import DESK_AND_PHONE, Desk
from tests.server import Server

pytestmark = pytest.mark.browser
HEADS = list(load_form().headings)
ROWS = [
    ["ผู้ทดสอบ หนึ่ง", "โรงแรมทดสอบ", "โรงแรม", "๐๒-๐๐๐-๐๐๙๑", ""],
    ["ผู้ทดสอบ สอง", "", "ผู้รับบริการ", "", "two@stakeholders.example"],
]


def book(path: Path, *rows: list[str]) -> Path:
    made = openpyxl.Workbook()
    sheet = made.active
    assert sheet is not None
    for row in [HEADS, *rows]:
        sheet.append(row)
    made.save(path)
    return path


@DESK_AND_PHONE
def test_a_list_from_import_to_export_to_deletion(
    browser: Browser, server: Server, pictures: Path, tmp_path: Path, width: int, height: int
):
    desk = Desk(browser, server.url, width, height)
    page = desk.sign_in("angsuson", PASSWORD, "/campaigns")
    listed = page.locator(".ita-stakeholders")
    expect(listed).to_contain_text("ผู้ประกอบการ 8")
    page.get_by_text("นำเข้ารายชื่อ", exact=True).click()
    chooser = page.get_by_label("วางไฟล์รายชื่อที่นี่")

    broken = [[*ROWS[0][:3], "02-000", ""], ROWS[1], ROWS[1]]
    chooser.set_input_files(book(tmp_path / "ผิด.xlsx", *broken))
    fault = page.locator(".ita-drop .fault")
    expect(fault).to_contain_text("ผิด.xlsx: Sheet!D2: ไม่ใช่หมายเลขโทรศัพท์")
    expect(fault).to_contain_text("Sheet!E4: ซ้ำ: อีเมลเดียวกับที่ Sheet!E3")
    page.screenshot(path=pictures / f"stakeholders-faults-{width}.png")
    expect(page.get_by_role("button", name="นำเข้า", exact=True)).to_have_count(0)

    chooser.set_input_files(book(tmp_path / "รายชื่อ.xlsx", *ROWS))
    expect(page.locator(".ita-drop li")).to_contain_text("2 ราย · ผู้รับบริการ 1 · ผู้ประกอบการ 1")
    expect(listed).to_contain_text("ผู้ประกอบการ 8")  # nothing is imported yet
    page.screenshot(path=pictures / f"stakeholders-looked-over-{width}.png")
    page.get_by_role("button", name="นำเข้า", exact=True).click()
    expect(listed).to_contain_text("ผู้รับบริการ 1 · ผู้ประกอบการ 1")
    expect(page.locator(".ita-drop li")).to_have_count(0)

    expect(page.get_by_text("020000091")).to_have_count(0)
    page.get_by_role("button", name="เปิดดูรายชื่อ").click()
    expect(page.get_by_role("cell", name="020000091")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.screenshot(path=pictures / f"stakeholders-open-{width}.png")
    page.get_by_role("button", name="ปิดรายชื่อ").click()
    expect(page.get_by_text("020000091")).to_have_count(0)

    with page.expect_download() as taken:
        page.get_by_role("link", name="ดาวน์โหลดรายชื่อสำหรับ ITAP (Excel)").click()
    assert taken.value.suggested_filename == "ita-2568-stakeholders-2568-03-15.xlsx"
    taken.value.save_as(tmp_path / "itap.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "itap.xlsx").active
    assert sheet is not None
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows[0] == [one.heading for one in load_form().export]
    assert [(row[1], row[4]) for row in rows[1:]] == [("ผู้ทดสอบ หนึ่ง", "020000091"), ("ผู้ทดสอบ สอง", None)]

    page.get_by_text("ลบรายชื่อ", exact=True).click()
    page.get_by_role("button", name="ลบถาวร").click()
    expect(listed).to_contain_text("ลบโดยเจ้าหน้าที่")
    expect(page.get_by_role("button", name="เปิดดูรายชื่อ")).to_have_count(0)
    page.screenshot(path=pictures / f"stakeholders-deleted-{width}.png")
    assert desk.complaints == []
    desk.close()

    officer = Desk(browser, server.url, width, height)
    page = officer.sign_in("usa", PASSWORD, "/campaigns")
    expect(page.locator(".ita-stakeholders")).to_contain_text("ลบโดยเจ้าหน้าที่")
    assert page.request.get(f"{server.url}/stakeholders/prachuap-2568.xlsx").status == 404
    officer.close()
