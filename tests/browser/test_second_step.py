"""In a browser from end to end: a second step set up, asked for and stood in for; a forgotten password by mail."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyotp
import pytest
from playwright.sync_api import Browser, Page, expect
from sqlmodel import select

from ita_core import db
from ita_core.demo import build
from ita_core.demo.build import Demonstration
from ita_core.models import Account, Channel, ChannelAddress
from tests.browser.conftest import Desk
from tests.channels.post_office import PostOffice, post_office
from tests.conftest import copied
from tests.server import Server, free_port, running

pytestmark = pytest.mark.browser
MAIL = "usa@example.go.th"
NEW = "กล้วยตาก ภูเขาไฟ รถราง"


@pytest.fixture
def posts() -> Iterator[PostOffice]:
    with post_office() as made:
        yield made


@pytest.fixture
def server(demonstration: Demonstration, posts: PostOffice, tmp_path: Path) -> Iterator[Server]:
    """The demonstration with a mail server beside it, where Usa has proved her address."""
    port = free_port()
    mails = {
        "ITA_MAIL_HOST": "127.0.0.1", "ITA_MAIL_PORT": str(posts.port), "ITA_MAIL_SECURITY": "none",
        "ITA_MAIL_FROM": "ita@example.go.th", "ITA_PUBLIC_URL": f"http://localhost:{port}",
    }  # fmt: skip
    with running(tmp_path, port=port, **copied(demonstration, tmp_path / "demo").environment, **mails) as started:
        engine = db.make_engine(started.database_url)
        with db.writing(engine) as session:
            usa = session.exec(select(Account).where(Account.username == "usa")).one()
            proved = {"channel": Channel.mail, "value": MAIL, "salt": "s", "proved_at": datetime.now(UTC)}
            session.add(ChannelAddress(account_id=usa.id or 0, **proved))
        engine.dispose()
        yield started


def code(page: Page, typed: str) -> None:
    page.get_by_label("รหัส", exact=True).fill(typed)
    page.get_by_role("button", name="ยืนยัน", exact=True).click()


def test_a_second_step_and_a_forgotten_password_from_end_to_end(
    browser: Browser, server: Server, posts: PostOffice, pictures: Path
):
    desk = Desk(browser, server.url)
    page = desk.sign_in("usa", build.PASSWORD, "/account?part=second-step")
    form = page.get_by_test_id("stForm").filter(has_text="เริ่มตั้งค่า")
    form.get_by_label("รหัสผ่านปัจจุบัน").fill(build.PASSWORD)
    form.get_by_role("button", name="เริ่มตั้งค่า").click()
    secret = page.locator(".ita-factor code").inner_text().replace(" ", "")
    app = pyotp.TOTP(secret)
    page.get_by_label("เลขหกหลัก").fill(app.now())
    page.get_by_role("button", name="ตรวจสอบและเปิดใช้").click()
    expect(page.locator(".ita-slip.codes li")).to_have_count(10)
    codes = page.locator(".ita-slip.codes li code").all_inner_texts()
    # The focus went to what came in the button's place, up to the whole page: no ring is drawn around that.
    expect(page.locator("[data-lands]:focus")).to_have_css("outline-style", "none")
    page.screenshot(path=pictures / "recovery-codes.png")
    page.get_by_role("button", name="เก็บไว้แล้ว ซ่อนรหัส").click()
    expect(page.get_by_text("รหัสกู้คืนเหลือ 10 จาก 10 รหัส")).to_be_visible()

    # Elsewhere: the password alone shows nothing; the code leads to where one wanted to go.
    other = Desk(browser, server.url, 390, 844)
    there = other.sign_in("usa", build.PASSWORD, "/item?item=O6")
    expect(there.get_by_label("รหัส", exact=True)).to_be_visible()
    expect(there.locator(".ita-trail")).to_have_count(0)
    code(there, "000000")
    expect(there.get_by_text("รหัสไม่ถูกต้อง")).to_be_visible()
    typed = app.at(datetime.now(UTC) + timedelta(seconds=30))  # a telephone that is ahead; this one's was used up
    code(there, typed)
    expect(there.locator(".ita-trail")).to_be_visible()
    assert there.url.endswith("/item?item=O6")
    other.close()
    third = Desk(browser, server.url)
    code(third.sign_in("usa", build.PASSWORD), typed)  # overheard: nobody gets in by it once more
    expect(third.page.get_by_text("รหัสไม่ถูกต้อง")).to_be_visible()
    code(third.page, codes[0])
    expect(third.page.locator(".ita-trail")).to_be_visible()
    third.close()

    # Forgotten: by mail, and the second step is asked for all the same.
    fourth = Desk(browser, server.url)
    away = fourth.go("/")
    away.get_by_text("ลืมรหัสผ่าน?").click()
    away.get_by_label("อีเมลหรือชื่อผู้ใช้ของท่าน").fill(MAIL)
    away.get_by_role("button", name="ส่งลิงก์ให้ข้าพเจ้า").click()
    expect(away.get_by_text("หากมีบัญชีนี้")).to_be_visible()
    away.screenshot(path=pictures / "forgotten.png")
    for _wait in range(100):
        if posts.mails:
            break
        away.wait_for_timeout(100)
    assert posts.recipients == [MAIL]
    link = re.search(r"http://localhost:\d+/\?invite=[\w-]{43}", posts.mails[0].get_content())
    assert link
    away.goto(link[0])
    away.get_by_label("รหัสผ่าน", exact=True).fill(NEW)
    away.get_by_label("ยืนยันรหัสผ่าน").fill(NEW)
    away.get_by_role("button", name="บันทึกและเข้าสู่ระบบ").click()
    expect(away.get_by_label("รหัส", exact=True)).to_be_visible()
    code(away, codes[1])
    expect(away.locator(".ita-trail")).to_be_visible()
    assert "invite" not in away.url
    fourth.close()
    desk.go("/account")  # the first one was signed out by the new password
    expect(desk.page.get_by_label("ชื่อผู้ใช้", exact=True)).to_be_visible()
    assert link[0].split("=")[1] not in server.output
    assert MAIL not in server.output
    assert desk.complaints == fourth.complaints == []
    desk.close()
