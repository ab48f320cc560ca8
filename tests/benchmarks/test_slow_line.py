"""What the overview's first load costs on a slow line: compressed, by gzip alone, as it is. Prints, asserts no time.

Chromium itself holds the line slow, through its own protocol; what is kept from before is nothing.
"""

import contextlib
import socket
import statistics
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import Browser, CDPSession

from ita_core.web.gate import COOKIE
from tests.benchmarks import table
from tests.benchmarks.drawn import WATCH
from tests.benchmarks.served import COMMANDER, TIMES, Served
from tests.server import Visitor

pytestmark = [pytest.mark.benchmark, pytest.mark.browser]

LINES = {"1.6 Mbit/s, 150 ms": (1.6, 150), "9 Mbit/s, 60 ms": (9.0, 60)}
# A browser takes Brotli over TLS and from its own machine; else gzip.
TAKEN = {"Brotli": "gzip, deflate, br, zstd", "gzip": "gzip, deflate", "as it is": "identity"}
CODINGS = {"Brotli": "br", "gzip": "gzip", "as it is": ""}


@dataclass
class Load:
    """One first load: milliseconds until it was drawn; bytes with their heads, and requests, but the websocket's."""

    took: float = 0
    size: int = 0
    requests: int = 0
    codings: set[str] = field(default_factory=set)

    def listen(self, session: CDPSession) -> None:
        def answered(event: dict[str, Any]) -> None:
            heads = {name.lower(): value for name, value in event["response"]["headers"].items()}
            if "/static/js/" in event["response"]["url"]:
                self.codings.add(heads.get("content-encoding", ""))

        def loaded(event: dict[str, Any]) -> None:
            self.size += int(event["encodedDataLength"])
            self.requests += event["encodedDataLength"] > 0  # not what the page itself holds

        session.on("Network.responseReceived", answered)
        session.on("Network.loadingFinished", loaded)


def load(served: Served, browser: Browser, cookie: str, line: tuple[float, int], accepts: str) -> Load:
    mbit, latency = line
    through = mbit * 1e6 / 8
    with contextlib.closing(browser.new_context(viewport={"width": 1920, "height": 1080})) as context:
        context.add_cookies([{"name": COOKIE, "value": cookie, "url": served.server.url}])
        context.add_init_script(WATCH)
        page, found = context.new_page(), Load()
        page.set_default_timeout(60_000)
        session = context.new_cdp_session(page)
        session.send("Network.enable")
        session.send("Network.setExtraHTTPHeaders", {"headers": {"Accept-Encoding": accepts}})
        slow = {"offline": False, "latency": latency, "downloadThroughput": through, "uploadThroughput": through}
        session.send("Network.emulateNetworkConditions", slow)
        found.listen(session)
        page.goto(served.server.url + "/overview")
        found.took = float(page.evaluate("settled(0)"))
        page.wait_for_timeout(500)  # the tab's picture, which nobody waits for
        assert page.locator('[data-testid="stMain"]').inner_text().strip()
        return found


class Counting(socket.socket):
    """A connection that counts what it receives."""

    received = 0

    def recv(self, *given: Any) -> bytes:
        got = super().recv(*given)
        self.received += len(got)
        return got


def messages(served: Served, cookie: str, compression: str | None) -> int:
    """The bytes that the overview's messages take on the line."""
    host, _, port = served.server.url.removeprefix("http://").partition(":")
    family, *_rest, address = socket.getaddrinfo(host, int(port), type=socket.SOCK_STREAM)[0]
    line = Counting(family, socket.SOCK_STREAM)
    line.connect(address)
    with Visitor(served.server, cookie=f"{COOKIE}={cookie}", line=line, compression=compression) as visitor:
        before = line.received
        visitor.open("/overview")
        return line.received - before


def test_the_overview_on_a_slow_line(plain: Served, browser: Browser, say: Callable[[str], None]) -> None:
    [cookie] = plain.cookies(1, only=COMMANDER)
    load(plain, browser, cookie, LINES["9 Mbit/s, 60 ms"], TAKEN["Brotli"])  # the server's own first time is no line's
    rows = []
    for line, speed in LINES.items():
        for how, accepts in TAKEN.items():
            loads = [load(plain, browser, cookie, speed, accepts) for _ in range(TIMES)]
            assert {coding for one in loads for coding in one.codings} == {
                {"Brotli": "br", "as it is": ""}.get(how, how)
            }
            size, took = statistics.median(one.size for one in loads), statistics.median(one.took for one in loads)
            aim = "≤ 800 KB, ≤ 4,500 ms" if (line, how) == (next(iter(LINES)), "Brotli") else ""
            rows.append((f"{line}, {how}", loads[0].requests, size / 1000, took, aim))
    head = ("line, coding", "requests", "KB", "drawn, ms", "aim")
    deflated, raw = (messages(plain, cookie, compression) / 1000 for compression in ("deflate", None))
    beside = f"beside them the websocket's messages: {deflated:.1f} KB deflated, {raw:.1f} KB as they are"
    say(table.text("5. The overview's first load, nothing kept from before", head, rows) + "\n" + beside)
