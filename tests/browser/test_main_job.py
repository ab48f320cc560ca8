"""The product's main job, as four people in a real browser: invited, handed in, accepted, seen, exported."""

import csv
import io
import re
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Desk
from tests.exports.packs import Unpacked
from tests.server import Server, running

pytestmark = pytest.mark.browser
PASSWORD = "รหัสทดลอง 2568 ยาวพอ"
DOCUMENT = "รายงานผลการปฏิบัติงาน ก.พ. 68 (ฉบับสมบูรณ์).pdf"


def join(desk: Desk, link: str, username: str, name: str = "") -> None:
    page = desk.go(link.removeprefix(desk.url))
    if name:
        page.get_by_label("ยศ ชื่อ และนามสกุล").fill(name)
    page.get_by_role("textbox", name="ชื่อผู้ใช้").fill(username)
    page.get_by_label("รหัสผ่าน", exact=True).fill(PASSWORD)
    page.get_by_label("ยืนยันรหัสผ่าน").fill(PASSWORD)
    page.get_by_role("button", name=re.compile("บันทึก")).click()
    expect(page.get_by_test_id("stPopover").first).to_be_visible()


def invite(page: Page, officer: str, role: str = "") -> str:
    """The link on the slip that the administrator gets for one officer."""
    box = page.get_by_role("combobox", name=re.compile("เจ้าหน้าที่")).first
    box.click()
    page.keyboard.type(officer)
    page.get_by_role("option", name=re.compile(officer)).click()
    page.keyboard.press("Escape")
    if role:
        page.get_by_role("combobox", name=re.compile("บทบาท")).click()
        page.get_by_role("option", name=role, exact=True).click()
    page.get_by_role("button", name="สร้างลิงก์คำเชิญ").click()
    slip = page.locator(".ita-slip", has_text=officer)
    expect(slip).to_be_visible()
    link = slip.get_by_role("link").get_attribute("href") or ""
    page.get_by_role("button", name="เสร็จแล้ว ซ่อนลิงก์").click()
    expect(slip).to_have_count(0)
    return link


def accepted_of_o6(page: Page) -> str:
    row = page.locator(".ita-board tr", has=page.locator("td.code", has_text=re.compile(r"^O6\b")))
    return row.locator("td.number").inner_text()


@pytest.fixture
def server(tmp_path: Path):
    with running(tmp_path, ITA_TODAY="2025-03-15") as started:
        yield started


def test_the_main_job(browser: Browser, server: Server, tmp_path: Path, pictures: Path, pdf: bytes):
    # The first administrator comes by the link in the terminal, and invites three people.
    admin = Desk(browser, server.url)
    join(admin, server.first_link, "admin", "ผู้ดูแลระบบ")
    page = admin.go("/people")
    links = {
        "usa": invite(page, "อุษา มีนาม"),
        "khanittha": invite(page, "ขนิษฐา แก้วโสภา"),
        "thianchai": invite(page, "เทียนชัย ชมภู", "ผู้บังคับบัญชา"),
    }

    # The commander sees where the office stands.
    commander = Desk(browser, server.url)
    join(commander, links["thianchai"], "thianchai")
    expect(commander.page.locator(".ita-sentence")).to_contain_text("ณ 15 มี.ค. 68 รับแล้ว 0%")
    assert accepted_of_o6(commander.page) == "0/48"

    # An officer opens a link somebody sent her, signs in, and is where the link led; she hands in a file.
    officer = Desk(browser, server.url)
    join(officer, links["usa"], "usa")
    officer.context.clear_cookies()
    page = officer.sign_in("usa", PASSWORD, "/item?item=O6")
    expect(page.get_by_text("องค์ประกอบที่ต้องแสดง")).to_be_visible()
    assert page.url.endswith("/item?item=O6")
    page.locator("input[type=file]").set_input_files({"name": DOCUMENT, "mimeType": "application/pdf", "buffer": pdf})
    expect(page.get_by_text(DOCUMENT).first).to_be_visible()
    expect(page.locator(".ita-drop li")).to_have_count(0)  # all have come
    page.get_by_role("button", name="ส่งหลักฐาน").click()
    expect(page.get_by_text("ได้รับแล้ว 1 ชิ้น")).to_be_visible()
    expect(page.get_by_role("link", name=DOCUMENT)).to_be_visible()
    page.screenshot(path=pictures / "officer.png")

    # What she handed in comes back as it was, under its Thai name.
    with page.expect_download() as downloading:
        page.get_by_role("link", name=DOCUMENT).click()
    assert downloading.value.suggested_filename == DOCUMENT
    assert Path(downloading.value.path()).read_bytes() == pdf

    # Her supervisor sees the document beside the decision, and accepts it.
    supervisor = Desk(browser, server.url)
    join(supervisor, links["khanittha"], "khanittha")
    page = supervisor.go("/review")
    expect(page.locator("img.ita-page").first).to_be_visible()
    assert page.locator("img.ita-page").first.evaluate("image => image.decode().then(() => image.naturalWidth)") > 500
    page.screenshot(path=pictures / "supervisor.png")
    page.get_by_role("button", name="รับ", exact=True).click()
    expect(page.get_by_text("ไม่มีหลักฐานรอการตรวจของท่าน")).to_be_visible()

    # The commander's overview moves: four lines of work of one month in PDF.
    page = commander.go("/overview")
    expect(page.locator(".ita-board")).to_be_visible()
    assert accepted_of_o6(page) == "4/48"
    page.screenshot(path=pictures / "commander.png")
    page.locator(".ita-board td.code", has_text=re.compile(r"^O6\b")).get_by_role("link").click()
    expect(page.get_by_text("ประวัติ")).to_be_visible()
    assert page.url.endswith("/item?item=O6")
    page.go_back()
    expect(page.locator(".ita-sentence")).to_be_visible()

    # A CSV comes out, in Thai.
    page = commander.go("/export")
    with page.expect_download() as downloading:
        page.locator("tr", has_text="รายข้อ").get_by_role("link", name="CSV").click()
    assert downloading.value.suggested_filename == "ita-2568-items-2568-03-15.csv"
    raw = Path(downloading.value.path()).read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"))))
    o6 = next(row for row in rows if row[0] == "O6")
    assert "48" in o6
    assert "4" in o6

    # So does the pack for an auditor, which says of itself that it is whole.
    with page.expect_download() as downloading:
        page.locator("tr", has_text="ชุดหลักฐานสำหรับผู้ตรวจสอบ").get_by_role("link", name="รับแล้ว").click()
    assert downloading.value.suggested_filename == "ita-2568-pack-2568-03-15.zip"
    packed = Unpacked.of(Path(downloading.value.path()).read_bytes(), tmp_path)
    assert any(name.startswith("หลักฐาน/O6 ") for name in packed.evidence)
    assert packed.check().stdout.endswith("ผล: ถูกต้องครบถ้วน\n")

    # Each document as well, in Word and as PDF; an officer's own list only for the officer.
    for name in ("มาตรการยกระดับ", "รายงานผลการดำเนินการ", "รายงานความก้าวหน้า", "บัญชีมอบหมายงาน"):
        for kind, start in (("Word", b"PK"), ("PDF", b"%PDF")):
            with page.expect_download() as downloading:
                page.locator("tr", has_text=name).get_by_role("link", name=kind).click()
            assert Path(downloading.value.path()).read_bytes().startswith(start)
            assert downloading.value.suggested_filename.endswith(f"-2568-03-15.{'docx' if kind == 'Word' else 'pdf'}")
    page = officer.go("/export")
    expect(page.locator("tr", has_text="บัญชีมอบหมายงาน")).to_be_visible()
    expect(page.locator("a[href^='/documents/']")).to_have_count(2)

    for desk in (admin, commander, officer, supervisor):
        assert desk.complaints == []
        desk.close()
    assert "Traceback" not in server.output


@pytest.mark.trial
def test_whoever_is_not_signed_in_gets_no_file_and_no_table(browser: Browser, server: Server):
    nobody = Desk(browser, server.url)
    for address in ("/evidence/1", "/evidence/1/page/1", "/tables/items.csv", "/pack.zip"):
        response = nobody.page.request.get(server.url + address)
        assert response.status == 403, address
    nobody.close()


@pytest.fixture
def pdf() -> bytes:
    """A real document with Thai text, as the demo makes them."""
    from ita_core.demo import documents

    return documents.pdf(
        documents.Sheet(
            heading="รายงานผลการปฏิบัติงาน เดือนกุมภาพันธ์ 2568",
            item="O6",
            sections=("งานบริการคนต่างด้าว", "งานสืบสวนปราบปราม"),
            office="ตม.จว.ประจวบคีรีขันธ์",
            by="ด.ต.หญิง อุษา มีนาม",
            day=date(2025, 2, 28),
            figures=True,
        )
    )
