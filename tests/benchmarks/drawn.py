"""How long a page takes until it is drawn in Chromium, measured inside the page: until its last change is painted."""

import contextlib
import statistics
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page

from ita_core.web.gate import COOKIE
from tests.benchmarks.served import ACTIVE_EMPTY, EMPTY, TIMES, Served

WATCH = Path(__file__).with_name("drawn.js").read_text(encoding="utf-8")
# One of a page's own choices that is not chosen yet: a click on it is an ordinary rerun.
CHOICE = '[data-testid="stMain"] button[role="radio"][aria-checked="false"] >> visible=true'
# The menu's link where the menu has one, else a link in the page, as our tables have them.
FOLLOW = """
(address) => {
  const inMenu = document.querySelectorAll('[data-testid="stTopNavLink"], [data-testid="stSidebarNavLink"]');
  const link = [...inMenu].find((one) => one.pathname === address);
  const own = Object.assign(document.createElement("a"), { className: "ita-go", href: address });
  if (!link) document.body.append(own);
  return measure(() => (link || own).click()).finally(() => own.remove());
}
"""
# From where to where and back, for what cannot be reached from the overview.
WAYS = {EMPTY: ("/", "/second"), "/overview": ("/account", "/overview")}


@dataclass(frozen=True)
class Drawn:
    """Median milliseconds; `again` None where the page has no choice to click."""

    cold: float
    switch: float
    again: float | None


@contextlib.contextmanager
def opened(served: Served, browser: Browser, cookie: str, address: str) -> Iterator[tuple[Page, float]]:
    """The page in a context of its own, so that nothing is in its cache, and how long its first load took."""
    with contextlib.closing(browser.new_context(viewport={"width": 1920, "height": 1080})) as context:
        context.add_cookies([{"name": COOKIE, "value": cookie, "url": served.server.url}])
        context.add_init_script(WATCH)
        page = context.new_page()
        page.set_default_timeout(60_000)
        page.goto(served.server.url + address)
        took = float(page.evaluate("settled(0)"))
        _look(served, page)
        yield page, took


def drawn(served: Served, browser: Browser, cookie: str, addresses: list[str]) -> dict[str, Drawn]:
    """First loads each with a cold cache; then, in one session, from the overview to each page and back."""
    cold: dict[str, list[float]] = {address: [] for address in addresses}
    for address, taken in cold.items():
        for _ in range(TIMES):
            with opened(served, browser, cookie, address) as (_page, took):
                taken.append(took)
    found = {}
    for start, chosen in ((ACTIVE_EMPTY, [EMPTY]), ("/overview", [one for one in addresses if one != EMPTY])):
        with opened(served, browser, cookie, start) as (page, _):
            for address in chosen:
                switches, agains = _switches(served, page, address), _agains(served, page)
                again = statistics.median(agains) if agains else None
                found[address] = Drawn(statistics.median(cold[address]), statistics.median(switches), again)
    return found


def _switches(served: Served, page: Page, address: str) -> list[float]:
    """There and back, in one session; at the end the page stands there."""
    back, there = WAYS.get(address, ("/overview", address))
    taken = []
    for _ in range(TIMES + 1):
        page.evaluate(FOLLOW, back)
        taken.append(float(page.evaluate(FOLLOW, there)))
        _look(served, page)
        assert page.url.split("?")[0] == served.server.url + there.split("?")[0]
    return taken[1:]  # the first time loads what the browser has not got yet, which `cold` has counted


def _agains(served: Served, page: Page) -> list[float]:
    taken = []
    for _ in range(TIMES if page.locator(CHOICE).count() else 0):
        choice = page.locator(CHOICE).first
        taken.append(float(choice.evaluate("(choice) => measure(() => choice.click())")))
        _look(served, page)
    return taken


def _look(served: Served, page: Page) -> None:
    """Something is drawn, and no error."""
    assert page.locator('[data-testid="stMain"]').inner_text().strip()
    assert not page.locator('[data-testid="stException"]').count(), served.server.output[-3000:]
