"""One database with the measured server on it: its visitors, and how long its script took."""

import os
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlmodel import col, select

from ita_core import accounts, db
from ita_core.models import Account
from ita_core.web.gate import COOKIE
from pages import ADDRESSES
from tests.server import Screen, Server, Visitor, sign_in

FULL = os.environ.get("ITA_BENCHMARK") == "full"  # else so little that CI can afford it, but every line of it
TIMES = 5 if FULL else 1  # of what the browser does
RUNS = 10 if FULL else 3  # of what the server does
EMPTY, ACTIVE_EMPTY = "/?empty=1", "/?empty=2"
COMMANDER = "thianchai"
QUERIES = {"item": "item=O6"}  # addresses that show nothing without one


def addresses() -> list[str]:
    """The empty page, then every page there is."""
    return [EMPTY, *(f"/{name}" + (f"?{QUERIES[name]}" if name in QUERIES else "") for name in ADDRESSES)]


@dataclass(frozen=True)
class Served:
    """A running server; `times` is the file in which its script notes how long it took."""

    name: str
    server: Server
    times: Path

    def cookies(self, people: int, *, only: str = "") -> list[str]:
        """A sign-in each, of every account in turn or of one."""
        engine = db.make_engine(self.server.database_url)
        with db.writing(engine) as session:
            chosen = select(Account.id).where(col(Account.disabled).is_(False), col(Account.username).is_not(None))
            found = session.exec(chosen.where(Account.username == only) if only else chosen).all()
            tickets = [
                accounts.issue_ticket(session, account_id=found[number % len(found)] or 0, now=datetime.now(UTC))
                for number in range(people)
            ]
        engine.dispose()
        return [sign_in(self.server, ticket).cookies[COOKIE] for ticket in tickets]


@dataclass(frozen=True)
class Taken:
    """Median milliseconds on the server: of the script alone, and from the message to `script_finished`."""

    first_script: float
    first: float
    again_script: float
    again: float


def on_the_server(served: Served, cookie: str, address: str) -> Taken:
    """The first run of new sessions, then reruns of one; what they drew is looked at as well."""
    firsts, agains = [], []
    for number in range(RUNS):
        with Visitor(served.server, cookie=f"{COOKIE}={cookie}") as visitor:
            firsts.append(_timed(served, lambda: visitor.open(address)))
            if number == RUNS - 1:
                visitor.again()
                agains = [_timed(served, visitor.again) for _ in range(RUNS)]
    columns = [statistics.median(column) for run in (firsts, agains) for column in zip(*run, strict=True)]
    return Taken(*columns)


def _timed(served: Served, act: Callable[[], Screen]) -> tuple[float, float]:
    noted = served.times.stat().st_size if served.times.exists() else 0
    began = time.perf_counter()
    screen = act()
    whole = (time.perf_counter() - began) * 1000
    assert not screen.failed, served.server.output[-3000:]
    assert not screen.is_sign_in
    assert not screen.not_found
    assert any(not text.startswith("<style>") for text in screen.texts), "nothing is drawn"
    with served.times.open("rb") as file:  # a page that asks for a rerun has noted two
        file.seek(noted)
        script = sum(float(line.split(b"\t")[1]) for line in file.read().splitlines())
    return script, whole
