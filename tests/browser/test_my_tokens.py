"""My account in a real browser: a token made, used by a program, ended; a calendar's address made, fetched, ended."""

import re
from pathlib import Path

import httpx
import pytest
import vobject
from playwright.sync_api import Browser, expect

from ita_core.demo.build import PASSWORD
from tests.browser.conftest import DESK_AND_PHONE, Desk
from tests.server import Server

pytestmark = pytest.mark.browser


@DESK_AND_PHONE
def test_a_token_reads_until_it_is_ended(browser: Browser, server: Server, pictures: Path, width: int, height: int):
    desk = Desk(browser, server.url, width, height)
    page = desk.sign_in("usa", PASSWORD, "/account?part=tokens")
    page.get_by_label("ใช้ทำอะไร").fill("รายงานของจังหวัด")
    page.get_by_test_id("stForm").filter(has_text="ใช้ทำอะไร").get_by_label("รหัสผ่านปัจจุบัน").fill(PASSWORD)
    page.get_by_role("button", name="สร้างโทเคน").click()
    field = page.get_by_label("โทเคน", exact=True)
    expect(field).to_have_value(re.compile("ita_read_[A-Za-z0-9_-]{43}"))
    token = field.input_value()
    page.screenshot(path=pictures / f"token-{width}.png", full_page=True)

    def ask() -> httpx.Response:
        return httpx.get(f"{server.url}/api/v1/slots?item=O6", headers={"Authorization": f"Bearer {token}"})

    assert {row["item"] for row in ask().raise_for_status().json()} == {"O6"}
    page.get_by_role("button", name="เสร็จแล้ว ซ่อน").click()
    expect(field).to_have_count(0)
    page.reload()
    expect(page.get_by_text("รายงานของจังหวัด · ใช้ได้ถึง")).to_be_visible()
    assert token not in page.content()
    page.get_by_role("button", name="ยุติ", exact=True).click()
    page.get_by_role("button", name="ยุติทันที").click()
    expect(page.get_by_text("รายงานของจังหวัด · ใช้ได้ถึง")).to_have_count(0)
    assert ask().status_code == 401
    assert not desk.complaints
    desk.close()


def test_a_calendar_s_address_is_fetched_without_a_cookie_until_it_is_ended(
    browser: Browser, server: Server, pictures: Path, tmp_path: Path
):
    desk = Desk(browser, server.url)
    page = desk.sign_in("usa", PASSWORD, "/account?part=calendar")
    with page.expect_download() as saved:
        page.get_by_role("link", name="ของฉัน", exact=True).click()
    saved.value.save_as(tmp_path / "ฉัน.ics")
    file = vobject.readOne((tmp_path / "ฉัน.ics").read_text(encoding="utf-8"))
    button = page.get_by_role("button", name="สร้างที่อยู่ส่วนตัว")
    page.get_by_test_id("stForm").filter(has=button).get_by_label("รหัสผ่านปัจจุบัน").fill(PASSWORD)
    button.click()
    address = page.get_by_label("ที่อยู่ปฏิทินของฉัน", exact=True).input_value()
    page.screenshot(path=pictures / "calendar-address.png", full_page=True)
    answer = httpx.get(address)
    fetched = vobject.readOne(answer.raise_for_status().text)
    assert [one.uid.value for one in fetched.vevent_list] == [one.uid.value for one in file.vevent_list]
    assert httpx.get(address, headers={"If-None-Match": answer.headers["etag"]}).status_code == 304
    page.get_by_role("button", name="ยุติที่อยู่").click()
    page.get_by_role("button", name="ยุติทันที").click()
    expect(page.get_by_text("ขณะนี้ท่านยังไม่มี")).to_be_visible()
    assert httpx.get(address).status_code == 404
    assert not desk.complaints
    desk.close()
