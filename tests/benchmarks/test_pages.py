"""How long every page takes, beside an empty page of the same server in the same run. Prints, asserts no time."""

from collections.abc import Callable, Sequence

import pytest
from playwright.sync_api import Browser

from tests.benchmarks import table
from tests.benchmarks.drawn import drawn
from tests.benchmarks.served import COMMANDER, EMPTY, FULL, Served, addresses, on_the_server

pytestmark = pytest.mark.benchmark

Say = Callable[[str], None]


def test_every_page_on_the_server(served: Served, say: Say) -> None:
    [cookie] = served.cookies(1, only=COMMANDER)
    taken = {address: on_the_server(served, cookie, address) for address in addresses()}
    empty = taken[EMPTY]
    rows: list[Sequence[object]] = [
        (
            address, one.first_script, one.first, table.times(one.first, empty.first),
            one.again_script, one.again, table.times(one.again, empty.again), "≤ 30" if address == "/overview" else "",
        )
        for address, one in taken.items()
    ]  # fmt: skip
    head = ("page", "1st: script", "in all", "× empty", "again: script", "in all", "× empty", "aim")
    say(table.text(f"1. On the server, {served.name}: ms from the websocket's message to script_finished", head, rows))


@pytest.mark.browser
def test_every_page_in_chromium(served: Served, browser: Browser, say: Say) -> None:
    [cookie] = served.cookies(1, only=COMMANDER)
    everything = FULL or served.name == "demo"
    taken = drawn(served, browser, cookie, addresses() if everything else [EMPTY, "/overview"])
    empty = taken[EMPTY]
    rows: list[Sequence[object]] = [
        (
            address, one.cold, table.times(one.cold, empty.cold), one.switch, table.times(one.switch, empty.switch),
            one.again, table.times(one.again, empty.again), "≤ 1.3×" if address != EMPTY else "",
        )
        for address, one in taken.items()
    ]  # fmt: skip
    head = ("page", "cold load", "× empty", "switch", "× empty", "again", "× empty", "aim")
    say(table.text(f"2. Drawn in Chromium, {served.name}: ms until the last change is painted", head, rows))
