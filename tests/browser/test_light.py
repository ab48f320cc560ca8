"""A first load asks for what the page draws with and for nothing else, and draws it: seen by Chromium."""

import re

import pytest
from playwright.sync_api import Browser, Page, Request, expect

from ita_core.demo.build import PASSWORD
from ita_core.web import page as first
from tests.browser.conftest import DESK_AND_PHONE, Desk
from tests.server import Server
from tests.web.test_static import STREAMLITS, named_by

pytestmark = [pytest.mark.browser, pytest.mark.trial]

# Wider than high is a name that stands there in letters, because its icon is not in the font.
NOT_DRAWN = """
(icons) => icons
  .filter((icon) => icon.getBoundingClientRect().width > 1.2 * parseFloat(getComputedStyle(icon).fontSize))
  .map((icon) => icon.textContent)
"""


def icons_drawn(page: Page) -> int:
    """How many icons the page shows, each as a picture."""
    page.evaluate("document.fonts.ready.then(() => null)")
    assert page.evaluate("font => document.fonts.check(font)", '1em "Material Symbols Rounded"')
    icons = page.locator('[data-testid="stIconMaterial"] >> visible=true')
    assert icons.evaluate_all(NOT_DRAWN) == []
    return icons.count()


@DESK_AND_PHONE
def test_a_first_load_asks_for_what_it_draws_with_at_once_and_for_nothing_else(
    server: Server, browser: Browser, width: int, height: int
) -> None:
    desk, again = Desk(browser, server.url, width, height), Desk(browser, server.url, width, height)
    desk.sign_in("thianchai", PASSWORD, "/overview")
    expect(desk.page.locator(".ita-board")).to_be_visible()
    again.context.add_cookies(desk.context.cookies())  # type: ignore[arg-type]  # signed in, with nothing kept yet
    asked: list[Request] = []
    again.page.on("request", lambda request: asked.append(request))
    page = again.go("/overview")
    expect(page.locator(".ita-board")).to_be_visible()
    expect(page.locator('[data-testid="stApp"]')).to_have_attribute("data-test-script-state", "notRunning")
    assert icons_drawn(page) > 0
    paths = [request.url.removeprefix(server.url) for request in asked if request.url.startswith(server.url)]
    scripts = {path for path in paths if path.startswith("/static/js/")}
    assert scripts <= set(named_by(first.made(STREAMLITS).html)), "asked for one by one: name them in EVERY_PAGE"
    fonts = [path for path in paths if path.startswith("/static/media/")]
    assert [path for path in fonts if not re.fullmatch(r"/static/media/icons\.\w+\.woff2", path)] == []
    assert len(paths) <= 75, paths
    assert not again.complaints
    for one in (desk, again):
        one.close()


@DESK_AND_PHONE
def test_every_icon_of_every_page_is_drawn(server: Server, browser: Browser, width: int, height: int) -> None:
    desk = Desk(browser, server.url, width, height)
    desk.sign_in("demo-admin", PASSWORD, "/overview")
    expect(desk.page.locator(".ita-board")).to_be_visible()
    for address in ("/item?item=O6", "/review", "/timeline", "/directives", "/people", "/export", "/account"):
        page = desk.go(address)
        expect(page.locator("h1").first).to_be_visible()
        expect(page.locator('[data-testid="stApp"]')).to_have_attribute("data-test-script-state", "notRunning")
        assert icons_drawn(page) > 0, address
    if width < 900:  # the menu, which lies over the page
        desk.page.get_by_test_id("stExpandSidebarButton").click()
        expect(desk.page.get_by_test_id("stSidebarNavLink").first).to_be_visible()
        assert icons_drawn(desk.page) > 10
    assert not desk.complaints
    desk.close()
