"""A button does what it said when the pointer came to it: in a real browser, by double clicks."""

from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, Locator, expect
from sqlalchemy import create_engine, text

from ita_core.demo.build import PASSWORD
from tests.browser.conftest import DESK_AND_PHONE, Desk
from tests.server import Server

pytestmark = [pytest.mark.browser, pytest.mark.trial]


def count(server: Server, statement: str) -> int:
    engine = create_engine(server.database_url)
    with engine.connect() as connection:
        found = int(connection.execute(text(statement)).scalar_one())
    engine.dispose()
    return found


def middle(one: Locator) -> tuple[float, float]:
    one.scroll_into_view_if_needed()
    box = one.bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_a_second_press_does_not_accept_what_took_its_place(browser: Browser, server: Server):
    desk = Desk(browser, server.url)
    # Date.now() stands still, so that a slow machine changes nothing: all presses at one place are one double click.
    desk.page.clock.set_fixed_time(datetime.now(UTC))
    page = desk.sign_in("khanittha", PASSWORD, "/review")
    accept, queue = page.get_by_role("button", name="รับ", exact=True), page.get_by_role("radio")
    expect(accept).to_be_visible()
    expect(queue.nth(2)).to_be_attached()
    waiting, before = queue.count(), count(server, "SELECT count(*) FROM review")
    place, of = middle(accept), page.locator('[class*="st-key-accept-"]:not([data-stale="true"])')
    first = of.get_attribute("class") or ""
    page.mouse.dblclick(*place)  # 0 ms apart
    expect(queue).to_have_count(waiting - 1)
    expect(of.first).not_to_have_class(first)
    expect(of).to_have_count(1)
    page.mouse.click(*place)  # the button of the next one has come there meanwhile
    last = page.get_by_test_id("stRadioOption").last
    code = last.inner_text().split(" · ")[0]
    last.click()
    expect(page.locator(".ita-go", has_text=code).first).to_be_visible()  # what was pressed before has had its effect
    assert count(server, "SELECT count(*) FROM review") == before + 1
    accept.click()  # meant: the pointer has been elsewhere
    expect(queue).to_have_count(waiting - 2)
    assert count(server, "SELECT count(*) FROM review") == before + 2
    desk.close()


def test_a_return_without_a_reason_says_so_where_it_was_pressed_and_the_next_piece_s_box_is_shut(
    browser: Browser, server: Server
):
    desk = Desk(browser, server.url)
    page = desk.sign_in("khanittha", PASSWORD, "/review")
    queue, give_back = page.get_by_role("radio"), page.get_by_role("button", name="ตีกลับพร้อมเหตุผลนี้")
    page.get_by_role("button", name="ตีกลับ", exact=True).click()
    expect(queue.nth(1)).to_be_attached()
    waiting = queue.count()
    give_back.click()
    expect(page.get_by_text("โปรดระบุเหตุผลที่ตีกลับ")).to_be_visible()
    page.get_by_role("textbox").last.fill("ขาดลายมือชื่อ")
    give_back.click()
    expect(queue).to_have_count(waiting - 1)
    expect(give_back).to_be_hidden()
    desk.close()


@DESK_AND_PHONE
def test_an_account_that_is_disabled_by_a_double_click_stays_disabled(
    browser: Browser, server: Server, width: int, height: int
):
    changes = "SELECT count(*) FROM auditentry WHERE action IN ('account.disable', 'account.enable')"
    disabled = "SELECT count(*) FROM account WHERE disabled"
    before = count(server, disabled), count(server, changes)
    desk = Desk(browser, server.url, width, height)
    page = desk.sign_in("demo-admin", PASSWORD, "/people")
    page.get_by_role("button", name="เปลี่ยน", exact=True).first.click()
    body = page.get_by_test_id("stPopoverBody")
    body.get_by_text("ปิดใช้งาน", exact=True).click()
    save = body.get_by_role("button", name="บันทึก", exact=True)
    place = middle(save)
    page.mouse.dblclick(*place)  # 0 ms apart
    expect(page.get_by_text(" · ปิดใช้งาน").first).to_be_visible()
    page.mouse.click(*place)  # and once more, when it has been drawn anew
    page.reload()
    expect(page.get_by_text(" · ปิดใช้งาน").first).to_be_visible()
    assert (count(server, disabled), count(server, changes)) == (before[0] + 1, before[1] + 1)
    desk.close()
