"""A supervisor decides with all in sight: what is demanded, old and new side by side; they ask and are answered."""

import io
from datetime import UTC, datetime
from pathlib import Path

import docx
import pytest
from playwright.sync_api import Browser, Page, expect
from sqlmodel import select

from ita_core import db, workflow
from ita_core.board.progress import SlotKey
from ita_core.demo import build
from ita_core.evidence.folder import Folder
from ita_core.models import Evidence, EvidenceSlot
from tests.browser.conftest import Desk
from tests.server import Server

pytestmark = pytest.mark.browser
RETURNED = "แบบยืมทรัพย์สินของราชการ.docx"


def mend(server: Server, store: Path) -> None:
    """The form that was returned in the demonstration is handed in anew by who sent it."""
    document, made = docx.Document(), io.BytesIO()
    document.add_paragraph("แบบยืมทรัพย์สินของราชการ")
    document.add_paragraph("ฉบับปรับปรุง พ.ศ. 2567")
    document.save(made)
    kept = Folder(store).put([made.getvalue()], "แบบยืมทรัพย์สินของราชการ (แก้ไข).docx")
    engine = db.make_engine(server.database_url)
    with db.writing(engine) as session:
        old = session.exec(select(Evidence).where(Evidence.file_name == RETURNED)).one()
        covered = session.exec(select(EvidenceSlot).where(EvidenceSlot.evidence_id == old.id)).all()
        workflow.submit(
            session, by=old.account_id, item_id=old.item_id, content=kept, at=datetime(2025, 3, 14, 3, tzinfo=UTC),
            slots=[SlotKey(one.requirement_id, one.period, one.format, one.language, one.ordinal) for one in covered],
        )  # fmt: skip
    engine.dispose()


def say(page: Page, text: str) -> None:
    page.get_by_label("คำถามหรือคำตอบของท่าน").fill(text)
    page.get_by_role("button", name="บันทึกข้อความ").click()
    expect(page.locator(".ita-thread").filter(has_text=text).first).to_be_visible()


def test_the_officer_answers_where_the_document_is_and_the_supervisor_sees_it_beside_the_decision(
    browser: Browser, server: Server, pictures: Path
):
    # The supervisor's question waits at the officer's desk since two days.
    officer = Desk(browser, server.url, 1366, 768)
    page = officer.sign_in("patthama", build.PASSWORD, "/my_work")
    asked = page.locator("li", has_text="ตารางที่ 2 ยังไม่รวมคดี")
    asked.get_by_role("link").click()

    # She looks at what she sent, where it is, and answers.
    page.get_by_text("ดูเอกสาร").first.click()
    expect(page.locator(".ita-page, .ita-text[open]").first).to_be_visible()
    page.get_by_text("ถามหรือตอบ").first.click()
    say(page, "รวมแล้วในแถวสุดท้าย")
    page.screenshot(path=pictures / "look-answer.png")
    page = officer.go("/my_work")
    expect(page.get_by_text("ครบกำหนดภายในหนึ่งเดือน")).to_be_visible()
    expect(asked).to_have_count(0)
    assert officer.complaints == []
    officer.close()

    supervisor = Desk(browser, server.url)
    page = supervisor.sign_in("nattawat", build.PASSWORD, "/review")
    expect(page.get_by_text("ข้อความที่รอท่านตอบ")).to_be_visible()
    expect(page.locator(".ita-thread").filter(has_text="รวมแล้วในแถวสุดท้าย")).to_be_visible()
    expect(page.locator(".ita-demand").first).to_contain_text("จับกุมตาม พ.ร.บ.คนเข้าเมือง")
    expect(page.locator(".ita-page, .ita-text[open]").first).to_be_visible()
    assert supervisor.complaints == []
    supervisor.close()
    assert "Traceback" not in server.output


def test_old_and_new_stand_side_by_side_with_what_differs(
    browser: Browser, server: Server, tmp_path: Path, pictures: Path
):
    mend(server, tmp_path / "demo" / "evidence")
    desk = Desk(browser, server.url)
    page = desk.sign_in("khanittha", build.PASSWORD, "/review")
    page.get_by_text("แบบยืมทรัพย์สินของราชการ (แก้ไข).docx").first.click()
    beside = page.locator(".ita-beside section")
    expect(beside).to_have_count(2)
    expect(page.get_by_text("แนบแบบยืมพัสดุฉบับเก่า")).to_be_visible()
    expect(page.locator(".ita-changes ins").first).to_contain_text("ฉบับปรับปรุง พ.ศ. 2567")
    old, new = (beside.nth(number).bounding_box() for number in range(2))
    assert old is not None
    assert new is not None
    assert old["y"] == new["y"]
    assert old["x"] + old["width"] <= new["x"]
    page.screenshot(path=pictures / "look-beside.png")

    # On a phone one stands above the other, and nothing hangs over the edge.
    page.set_viewport_size({"width": 390, "height": 844})
    expect(beside.first).to_be_visible()
    old, new = (beside.nth(number).bounding_box() for number in range(2))
    assert old is not None
    assert new is not None
    assert old["y"] + old["height"] <= new["y"]
    assert old["width"] <= 390
    assert desk.complaints == []
    desk.close()
    assert "Traceback" not in server.output
