"""Our routes behind the real gate, asked as one of the cast."""

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.testclient import TestClient

from ita_core import accounts, db
from ita_core.web import (
    documents,
    downloads,
    manual,
    packs,
    plan_files,
    programs,
    provider,
    routes,
    score_files,
    stakeholders,
    uploads,
)
from ita_core.web.gate import COOKIE, Gate
from tests.cast import Cast

ORIGIN = {"Origin": "http://testserver"}


def in_a_loop(run: Callable[[], Coroutine[object, object, None]]) -> None:
    """In a thread of its own: a browser that is open in this process keeps a loop running here."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(lambda: asyncio.run(run())).result()


def server(connections: int = 1500) -> Starlette:
    """Our routes with the gate before them; so many connections may be open at once."""
    every = [
        *routes.routes(), *downloads.routes(), *documents.routes(), *packs.routes(), *plan_files.routes(),
        *programs.routes(), *provider.routes(), *score_files.routes(), *stakeholders.routes(),
        *manual.routes(), *uploads.routes(connections),
    ]  # fmt: skip
    return Starlette(routes=every, middleware=[Middleware(Gate)])


def cookie(account_id: int) -> str:
    """The cookie's value of a new sign-in."""
    now = datetime.now(UTC)
    with db.writing() as session:
        ticket = accounts.issue_ticket(session, account_id=account_id, now=now)
        return accounts.enter(session, ticket=ticket, address="x", now=now, hours=1)


def client(cast: Cast, who: str) -> TestClient:
    """A browser of one of the cast; "" is nobody."""
    made = TestClient(server())
    if who:
        made.cookies.set(COOKIE, cookie(getattr(cast, who)))
    return made
