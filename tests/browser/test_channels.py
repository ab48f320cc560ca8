"""An address proved in a real browser by the code that a real mail server got, and a digest that comes there."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from ita_core.demo.build import PASSWORD, Demonstration
from tests.browser.conftest import DESK_AND_PHONE, Desk
from tests.channels.post_office import PostOffice, post_office
from tests.conftest import copied
from tests.server import Server, running

pytestmark = pytest.mark.browser
ADDRESS = "usa.meenam@example.go.th"


@pytest.fixture
def mails() -> Iterator[PostOffice]:
    with post_office() as made:
        yield made


@pytest.fixture
def settings_of(demonstration: Demonstration, tmp_path: Path, mails: PostOffice) -> dict[str, str]:
    return copied(demonstration, tmp_path / "demo").environment | {
        "ITA_MAIL_HOST": "127.0.0.1", "ITA_MAIL_PORT": str(mails.port), "ITA_MAIL_SECURITY": "none",
        "ITA_MAIL_FROM": "ITA <ita@example.go.th>",
    }  # fmt: skip


@pytest.fixture
def server(settings_of: dict[str, str], tmp_path: Path) -> Iterator[Server]:
    with running(tmp_path, **settings_of) as started:
        yield started


@DESK_AND_PHONE
def test_an_address_is_proved_and_a_digest_comes_there(
    browser: Browser, server: Server, mails: PostOffice, settings_of: dict[str, str], width: int, height: int
):
    usa = Desk(browser, server.url, width, height)
    page = usa.sign_in("usa", PASSWORD, "/account")
    page.get_by_text("รับแจ้งเรื่องที่เกี่ยวข้องกับท่าน").click()  # opens, and stays so
    page.get_by_label("ที่อยู่อีเมล").fill(ADDRESS)
    page.locator(".st-key-channel-mail").get_by_label("รหัสผ่านปัจจุบัน").fill(PASSWORD)
    page.get_by_role("button", name="ส่งรหัส").click()
    expect(page.get_by_text(f"ส่งรหัส 6 หลักไปที่ {ADDRESS} แล้ว")).to_be_visible()
    [mail] = mails.mails
    [code] = re.findall(r"\b\d{6}\b", str(mail.get_content()))
    page.get_by_label("รหัสจากอีเมล").fill(code)
    page.get_by_role("button", name="ยืนยัน", exact=True).click()
    expect(page.get_by_text(f"{ADDRESS} ยืนยันเมื่อ")).to_be_visible()
    # At whatever hour this runs.
    for label in ("งดแจ้งตั้งแต่", "ถึง", "แจ้งรายวันตั้งแต่"):
        page.get_by_role("combobox", name=label, exact=True).fill("00:00")
        page.keyboard.press("Enter")
    page.get_by_role("button", name="บันทึก", exact=True).click()
    expect(page.get_by_text("บันทึกการเปลี่ยนแปลงแล้ว")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    done = subprocess.run(
        [sys.executable, "-m", "ita_core.cli", "remind"], env=os.environ | settings_of, capture_output=True, text=True,
        check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done
    assert mails.mails[-1]["To"] == ADDRESS
    assert "เรื่องที่เกี่ยวข้องกับท่าน" in mails.mails[-1]["Subject"]
    page.get_by_role("button", name="เลิกใช้").click()
    expect(page.get_by_text(f"{ADDRESS} ยืนยันเมื่อ")).to_have_count(0)
    assert usa.complaints == []
    usa.close()
