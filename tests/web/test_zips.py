"""Many ZIPs at once, asked of a real uvicorn with the real gate: so many are sent, and the gate goes on answering."""

import socket
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import anyio
import httpx
import pytest
from anyio import to_thread
from sqlmodel import select
from starlette.types import Message

from ita_core import db, settings, workflow
from ita_core.evidence.store import open_store
from ita_core.models import AuditEntry
from ita_core.web import zips
from ita_core.web.gate import COOKIE
from tests.asking import cookie, in_a_loop
from tests.cast import Cast, item_id, slots
from tests.papers import filled_pdf
from tests.web.house import FOR_EVER, until

LARGE = 16 * 1024**2  # more than lies between a server and a reader who doesn't read


@pytest.fixture
def evidence(cast: Cast) -> int:
    kept = open_store().put([filled_pdf(LARGE)], "ใหญ่.pdf")
    with db.writing() as session:
        return workflow.submit(
            session, by=cast.usa, item_id=item_id(session, "O6"), content=kept,
            slots=slots(session, "O6", period="2025-02", format="pdf"), at=settings.settings().now(),
        )  # fmt: skip


class Askers:
    """Each of them asks for a ZIP and reads nothing of it until they are let go."""

    def __init__(self, address: str, evidence: int) -> None:
        self._url = f"{address}/evidence.zip?only={evidence}"
        self._held = ExitStack()

    def ask(self, token: str) -> int:
        small = httpx.HTTPTransport(socket_options=[(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)])
        browser = self._held.enter_context(httpx.Client(transport=small, timeout=FOR_EVER))
        return self._held.enter_context(
            browser.stream("GET", self._url, headers={"Cookie": f"{COOKIE}={token}"})
        ).status_code

    def ask_at_once(self, tokens: list[str]) -> Counter[int]:
        with ThreadPoolExecutor(len(tokens)) as pool:
            return Counter(pool.map(self.ask, tokens))

    def go(self) -> None:
        self._held.close()


@pytest.fixture
def askers(address: str, evidence: int) -> Iterator[Askers]:
    made = Askers(address, evidence)
    yield made
    made.go()


def test_of_fifty_that_an_account_asks_for_at_once_two_are_sent(cast: Cast, askers: Askers):
    token = cookie(cast.usa)
    assert askers.ask_at_once([token] * 50) == {200: zips.MOST_OF_ONE, 429: 50 - zips.MOST_OF_ONE}
    askers.go()  # in the middle
    until(lambda: askers.ask(token) == 200)


def test_of_fourteen_that_seven_accounts_ask_for_at_once_ten_are_sent(cast: Cast, askers: Askers, address: str):
    whose = (cast.usa, cast.pattama, cast.khanittha, cast.pramote, cast.commander, cast.admin, cast.viewer)
    given = askers.ask_at_once([cookie(one) for one in whose] * 2)
    assert given == {200: zips.MOST_IN_ALL, 503: 14 - zips.MOST_IN_ALL}
    with httpx.Client(headers={"Cookie": f"{COOKIE}={cookie(cast.itap)}"}) as another:
        assert another.get(f"{address}/tables/items.json").status_code == 200  # nobody waits for them


def test_who_has_as_many_on_their_way_gets_no_pack_either_and_none_is_begun(cast: Cast, askers: Askers, address: str):
    token = cookie(cast.usa)
    assert askers.ask_at_once([token] * zips.MOST_OF_ONE) == {200: zips.MOST_OF_ONE}
    with httpx.Client(headers={"Cookie": f"{COOKIE}={token}"}, timeout=FOR_EVER) as browser:
        assert browser.get(f"{address}/pack.zip").status_code == 429
        with db.reading() as session:
            noted = session.exec(select(AuditEntry.subject).where(AuditEntry.action == "export.take")).all()
        assert not [one for one in noted if "pack" in one]
        askers.go()
        until(lambda: browser.get(f"{address}/pack.zip").status_code == 200)


def test_a_zip_takes_no_thread_in_which_the_gate_looks_visitors_up():
    """All of those are taken here: the ZIP comes all the same."""
    sent: list[Message] = []
    go_on = threading.Event()

    async def run() -> None:
        async def receive() -> Message:
            await anyio.sleep_forever()
            raise AssertionError

        async def send(message: Message) -> None:
            sent.append(message)

        to_thread.current_default_thread_limiter().total_tokens = 1
        async with anyio.create_task_group() as others:
            others.start_soon(to_thread.run_sync, go_on.wait)
            await anyio.wait_all_tasks_blocked()
            try:
                with anyio.fail_after(10):
                    parts = (part for part in (b"a", b"", b"b"))
                    await zips.Zip(parts, 1, {})({"type": "http", "asgi": {"spec_version": "2.3"}}, receive, send)
            finally:
                go_on.set()

    in_a_loop(run)
    assert b"".join(message.get("body", b"") for message in sent) == b"ab"
