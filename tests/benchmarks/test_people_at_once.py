"""How many people can look at the overview at once. Prints, asserts no time."""

import json
import os
import statistics
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import count

import pytest
from sqlmodel import select

from ita_core import db
from ita_core.models import Item
from ita_core.web.gate import COOKIE
from tests.benchmarks import table, uploads
from tests.benchmarks.served import COMMANDER, FULL, Served

pytestmark = pytest.mark.benchmark

AIM, SECOND = 250, 200
HEAD = ("people", "reruns", "p50", "p95", "server's CPU", "crowd's", "others'", "aim")
SLOWEST = "/item?item=O6"
SENDERS = {"usa": "O12", "aithanya": "O18", "phailin": "O13", "piyaporn": "O11", "rakchanu": "O16"}  # they take films
FILE, LINE = 20 * 1024**2, 50e6 / 8  # bytes; bytes a second of each sender's line, 50 Mbit/s


def test_people_at_once(served: Served, say: Callable[[str], None]) -> None:
    levels = [75, 110, 150, 200, 250] if FULL else [4, 8] if served.name == "demo" else [8]
    rows = gather(served, levels)
    enough = max((people for people, _reruns, _p50, p95, *_more in rows if p95 < SECOND), default=0)
    title = f"3. People at once on the overview, {served.name}, {os.cpu_count()} cores: ms of a rerun, 5 s between two"
    say(table.text(title, HEAD, rows) + f"\nlargest level with p95 < {SECOND} ms: {enough}")


def test_people_at_once_beside_the_slowest_page_and_files_on_their_way(
    served: Served, say: Callable[[str], None]
) -> None:
    """One opens the page that takes longest again and again; five send file after file, each by a line of its own."""
    levels, over = [150, 200, 250] if FULL else [8], threading.Event()
    looker = served.cookies(1, only=COMMANDER)[0]
    engine = db.make_engine(served.server.database_url)
    with db.reading(engine) as session:
        items = dict(session.exec(select(Item.code, Item.id)).all())
    engine.dispose()
    sent: list[int] = []

    def sends(name: str, code: str) -> None:
        cookie = served.cookies(1, only=name)[0]
        for number in count():
            if over.is_set():
                return
            status, _hash = uploads.send(served.server, f"{COOKIE}={cookie}", items[code] or 0, number, FILE, LINE)
            sent.append(status)

    with ThreadPoolExecutor(6) as beside:
        busy = [beside.submit(sends, *sender) for sender in SENDERS.items()]
        slow = beside.submit(uploads.looks, served.server, f"{COOKIE}={looker}", over, 1, SLOWEST)
        try:
            rows = gather(served, levels)
        finally:
            over.set()
        for one in busy:
            one.result()
    assert set(sent) == {201}
    what = f"{SLOWEST}: {uploads.spread(slow.result())}; files of {FILE >> 20} MB sent: {len(sent)}"
    title = f"3b. The same beside {SLOWEST} again and again and five who send, {served.name}"
    say(table.text(title, HEAD, rows) + f"\n{what}")


def gather(served: Served, levels: list[int]) -> list[tuple[object, ...]]:
    """So many people, level after level: a row of figures each."""
    cookies = served.cookies(levels[-1])
    assert len(set(cookies)) == levels[-1]
    command = [sys.executable, "-m", "tests.benchmarks.crowd", served.server.url]
    command += ["--levels", ",".join(map(str, levels)), "--server", str(served.server.process.pid)]
    command += [] if FULL else ["--settle", "1.5", "--measure", "6"]
    rows = []
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as crowd:
        assert crowd.stdin
        assert crowd.stdout
        crowd.stdin.write("\n".join(cookies))
        crowd.stdin.close()
        for line in map(json.loads, crowd.stdout):
            assert not line["failed"], f"{line['failed']} saw nothing, an error, or the end of the connection"
            people, taken = line["people"], sorted(line["taken"])
            p50, p95 = statistics.median(taken), taken[min(len(taken) - 1, int(len(taken) * 0.95))]
            aim = f"p95 < {SECOND}" if people == AIM else ""
            cores = [f"{max(line[who], 0):.1%}" for who in ("server", "crowd", "others")]
            rows.append((people, len(taken), p50, p95, *cores, aim))
    assert crowd.returncode == 0
    assert [row[0] for row in rows] == levels
    return rows
