"""What somebody saw who looked for the first time (issue 12), in a browser: nothing is cut, at no size."""

import pytest
from playwright.sync_api import Browser, expect

from ita_core.demo import build
from tests.browser.conftest import Desk
from tests.server import Server

pytestmark = pytest.mark.browser
BEYOND = """() => [...document.querySelectorAll(".st-key-board .ita-cell, .st-key-board td.people")]
  .filter(one => one.getBoundingClientRect().right > innerWidth || !one.offsetParent).length"""


def test_the_board_shows_whose_turn_it_is_and_every_cell_and_a_meeting_every_name(browser: Browser, server: Server):
    desk = Desk(browser, server.url, 1366, 768)
    page = desk.sign_in("thianchai", build.PASSWORD)
    board = page.locator(".st-key-board .ita-board")
    expect(board.get_by_role("columnheader", name="ผู้ต้องดำเนินการ")).to_be_visible()
    expect(board.locator("tr", has_text="O10").locator("td.people")).to_be_visible()
    assert page.locator(".ita-scroll").first.evaluate("one => one.scrollWidth <= one.clientWidth")
    page.set_viewport_size({"width": 390, "height": 844})
    expect(board.locator("tr", has_text="O22")).to_be_visible()
    assert page.evaluate(BEYOND) == 0
    picture = page.locator(".ita-picture:visible")
    expect(picture).to_have_count(1)
    assert picture.evaluate("one => one.clientWidth / one.naturalWidth") > 0.9  # its letters keep their size

    # Who is here: every name whole at once, the button at the very foot of the box.
    page.set_viewport_size({"width": 1920, "height": 1080})
    desk.go("/meeting")
    page.get_by_role("button", name="เปิดการประชุม").click()
    box, button = page.get_by_test_id("stPopoverBody"), page.get_by_role("button", name="เริ่มประชุม")
    expect(button).to_be_in_viewport()
    assert box.evaluate("one => one.scrollHeight <= one.clientHeight")
    cut = button.evaluate("""one => { const bar = one.closest(".st-key-meeting-acts").getBoundingClientRect();
      return [...document.querySelectorAll('[data-testid=stPopoverBody] [data-testid=stButtonGroup] button')]
        .filter(name => name.getBoundingClientRect().bottom > bar.top + 1).length; }""")
    assert cut == 0
    desk.close()
