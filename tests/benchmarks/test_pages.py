"""How long overview and item take, beside an empty page of the same server in the same run. Prints, asserts no time.

Server: from asking for a rerun until the script has finished, over a websocket on this machine (10 runs, median).
Drawn: in Chromium until the page's last part is there (5 loads with a warm cache, median). On the demo's database.
"""

import contextlib
import statistics
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from sqlmodel import select

from ita_core import accounts, db
from ita_core.demo import build
from ita_core.models import Account
from ita_core.web.gate import COOKIE
from tests.server import Server, Visitor, running, sign_in

RERUNS, LOADS = 10, 5
# address → what is there when the page is drawn
PAGES = {
    "/?empty=1": "h1",
    "/overview": "[data-testid=stVegaLiteChart] svg",
    "/item?item=O6": ".ita-history",
}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("benchmark")
    demonstration = build.build(folder / "demo")
    more = {name: value for name, value in demonstration.environment.items() if name.startswith("ITA_")}
    with running(folder, script=Path(__file__).with_name("measured.py"), **more) as started:
        yield started


@pytest.fixture
def cookie(server: Server) -> str:
    engine = db.make_engine(server.database_url)
    with db.writing(engine) as session:
        commander = session.exec(select(Account).where(Account.username == "thianchai")).one()
        ticket = accounts.issue_ticket(session, account_id=commander.id or 0, now=datetime.now(UTC))
    engine.dispose()
    return sign_in(server, ticket).cookies[COOKIE]


def median(act: Callable[[], object], times: int) -> float:
    """Milliseconds; the first time does not count."""
    act()
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        act()
        taken.append((time.perf_counter() - began) * 1000)
    return statistics.median(taken)


def on_the_server(server: Server, cookie: str, address: str) -> float:
    with Visitor(server, cookie=f"{COOKIE}={cookie}") as visitor:
        screen = visitor.open(address)
        assert not screen.failed, screen.text
        assert not screen.is_sign_in
        return median(visitor.again, RERUNS)


def drawn(server: Server, page: Page, address: str, last: str) -> float:
    def load() -> None:
        page.goto(server.url + address)
        page.locator(last).first.wait_for()

    return median(load, LOADS)


@pytest.mark.browser
def test_what_a_page_takes(
    server: Server,
    cookie: str,
    browser: Browser,
    capsys: pytest.CaptureFixture[str],
):
    with contextlib.closing(browser.new_context(viewport={"width": 1920, "height": 1080})) as context:
        context.add_cookies([{"name": COOKIE, "value": cookie, "url": server.url}])
        page = context.new_page()
        page.set_default_timeout(60_000)
        rows = [(address, on_the_server(server, cookie, address), drawn(server, page, address, last))
                for address, last in PAGES.items()]  # fmt: skip
    _, empty_server, empty_drawn = rows[0]
    with capsys.disabled():
        print(f"\n{'page':<16}{'server ms':>10}{'× empty':>9}{'drawn ms':>10}{'× empty':>9}")
        for address, on_server, in_browser in rows:
            times = on_server / empty_server, in_browser / empty_drawn
            print(f"{address:<16}{on_server:>10.0f}{times[0]:>9.1f}{in_browser:>10.0f}{times[1]:>9.1f}")
