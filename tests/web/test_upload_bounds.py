"""Uploads that are cut off, held open, slow or too many."""

import asyncio
from collections.abc import Callable

import anyio
import httpx
import pytest
from starlette.types import Message

from ita_core import accounts, db, settings, workflow
from ita_core.models import Account, SignIn
from ita_core.web import uploads
from ita_core.web.gate import COOKIE
from tests.asking import ORIGIN, client, cookie, in_a_loop, server
from tests.cast import Cast
from tests.web.sending import PDF, files, hand_in, send, waiting


def deliver(cast: Cast, item: int, receive: Callable[[], object], key: str = "k1") -> list[Message]:
    """Ask the route as a server would, with a body that comes by `receive`."""
    scope = {
        "type": "http", "method": "POST", "path": f"/uploads/{item}/{key}", "raw_path": b"", "query_string": b"",
        "root_path": "", "scheme": "http", "http_version": "1.1", "client": ("x", 1), "server": ("testserver", 80),
        "headers": [(b"host", b"testserver"), (b"origin", ORIGIN["Origin"].encode()), (b"content-length", b"500000"),
                    (b"x-file-name", b"a.pdf"), (b"cookie", f"{COOKIE}={cookie(cast.usa)}".encode())],
    }  # fmt: skip
    sent: list[Message] = []

    async def run() -> None:
        async def send_(message: Message) -> None:
            sent.append(message)

        await server()(scope, receive, send_)

    in_a_loop(run)
    return sent


def test_a_connection_cut_in_the_middle_leaves_nothing(cast: Cast, o6: int):
    messages = iter([{"type": "http.request", "body": PDF, "more_body": True}, {"type": "http.disconnect"}])

    async def receive() -> Message:
        return next(messages)

    sent = deliver(cast, o6, receive)
    assert sent[0]["status"] == 503
    assert files() == []
    assert waiting(cast.usa, o6) == []


def test_who_only_holds_the_connection_open_is_sent_away(cast: Cast, o6: int, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(uploads, "STALLED_SECONDS", 0.2)
    first = iter([{"type": "http.request", "body": PDF, "more_body": True}])

    async def receive() -> Message:
        for message in first:
            return message
        await asyncio.sleep(60)
        raise AssertionError("nobody waited")

    sent = deliver(cast, o6, receive)
    assert sent[0]["status"] == 503
    assert "ลองใหม่" in sent[1]["body"].decode()
    assert files() == []


def test_an_account_disabled_while_its_file_comes_hands_nothing_in(cast: Cast, o6: int):
    messages = iter([{"type": "http.request", "body": PDF, "more_body": True}, {"type": "http.request", "body": b""}])

    async def receive() -> Message:
        message = next(messages)
        if not message["body"]:
            with db.writing() as session:
                accounts.disable(session, by=None, account_id=cast.usa, now=settings.settings().now())
        return message

    assert deliver(cast, o6, receive)[0]["status"] == 401
    assert files() == []


@pytest.mark.parametrize("end", ["everywhere", "password", "disable"])
def test_an_upload_begun_before_the_sign_in_ended_is_not_recorded(cast: Cast, o6: int, end: str):
    messages = iter([{"type": "http.request", "body": PDF, "more_body": True}, {"type": "http.request", "body": b""}])

    def finish() -> None:
        now = settings.settings().now()
        with db.writing() as session:
            account = session.get_one(Account, cast.usa)
            if end == "everywhere":
                accounts.sign_out_everywhere(session, account=account, now=now)
            elif end == "password":
                accounts.signing_in.end_sign_ins(
                    session, now, SignIn.account_id == cast.usa
                )  # what `set_password` does to the others
            else:
                accounts.disable(session, by=None, account_id=cast.usa, now=now)
                accounts.enable(session, by=None, account_id=cast.usa, now=now)

    async def receive() -> Message:
        message = next(messages)
        if not message["body"]:
            finish()
        return message

    sent = deliver(cast, o6, receive)
    assert (sent[0]["status"], "เข้าสู่ระบบใหม่" in sent[1]["body"].decode()) == (401, True)
    assert files() == []
    assert waiting(cast.usa, o6) == []


def test_a_byte_now_and_then_buys_no_time_and_a_slow_phone_line_passes(
    cast: Cast, o6: int, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(uploads, "STALLED_SECONDS", 1)
    monkeypatch.setattr(uploads, "LEAST_BYTES", 100)
    asked = 0

    async def dripping() -> Message:
        nonlocal asked
        asked += 1
        await asyncio.sleep(0.05)
        return {"type": "http.request", "body": b"x", "more_body": asked < 1000}

    assert deliver(cast, o6, dripping)[0]["status"] == 503
    assert asked < 100  # a hundred bytes never came within a second, though each came in time
    assert files() == []
    pieces = [PDF[place : place + 50] for place in range(0, len(PDF), 50)]

    async def slowly() -> Message:
        await asyncio.sleep(0.01)
        return {"type": "http.request", "body": pieces.pop(0), "more_body": bool(pieces)}

    assert deliver(cast, o6, slowly)[0]["status"] == 201


def test_no_file_comes_for_ever(cast: Cast, o6: int, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(uploads, "LONGEST_SECONDS", 0.2)

    async def receive() -> Message:
        await asyncio.sleep(0.01)
        return {"type": "http.request", "body": b"x" * 1000, "more_body": True}

    assert deliver(cast, o6, receive)[0]["status"] == 503
    assert files() == []


def test_so_many_are_on_their_way_of_one_and_of_all_and_no_more(cast: Cast, o6: int, monkeypatch: pytest.MonkeyPatch):
    """One loop as in a server: two uploads stand half-way, and others come."""
    cookies = {who: cookie(getattr(cast, who)) for who in ("usa", "pattama")}

    async def begun(who: str, key: str, gate: asyncio.Event | None, connections: int = 1500) -> tuple[int, str]:
        headers = {**ORIGIN, "X-File-Name": "a.pdf", "Cookie": f"{COOKIE}={cookies[who]}"}

        async def content():
            yield PDF[:100]
            if gate:
                await gate.wait()
            yield PDF[100:]

        transport = httpx.ASGITransport(app=server(connections))
        async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as browser:
            answer = await browser.post(f"/uploads/{o6}/{key}", content=content(), headers=headers)
            return answer.status_code, answer.json().get("says", "")

    async def on_their_way(number: int) -> None:
        while uploads._on_their_way.total < number:
            await asyncio.sleep(0.01)

    async def run() -> None:
        gate = asyncio.Event()
        held = [asyncio.create_task(begun("usa", f"h{number}", gate)) for number in range(2)]
        with anyio.fail_after(60):
            await on_their_way(2)
            monkeypatch.setattr(uploads, "MOST_OF_ONE", 2)
            status, says = await begun("usa", "k1", None)
            assert (status, "2 ไฟล์" in says) == (429, True)
            assert (await begun("pattama", "k1", None))[0] == 201
            status, says = await begun("pattama", "k2", None, connections=4)  # half of them for what is not a file
            assert (status, "ลองใหม่" in says) == (503, True)
            gate.set()
            assert [status for status, _says in await asyncio.gather(*held)] == [201, 201]
            assert uploads._on_their_way.total == 0
            assert (await begun("usa", "k1", None))[0] == 201  # "try again"

    in_a_loop(run)


def test_who_has_too_many_waiting_is_told_before_anything_is_sent(cast: Cast, o6: int, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(workflow.uploads, "MOST_WAITING", 1)
    assert send(client(cast, "usa"), o6).status_code == 201

    async def receive() -> Message:
        raise AssertionError("the body was read")

    sent = deliver(cast, o6, receive, key="k2")
    assert (sent[0]["status"], "1 ไฟล์" in sent[1]["body"].decode()) == (400, True)


def test_so_many_wait_and_no_more(cast: Cast, o6: int, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(workflow.uploads, "MOST_WAITING", 2)
    browser = client(cast, "usa")
    assert [send(browser, o6, key=f"k{number}").status_code for number in range(3)] == [201, 201, 400]
    made = waiting(cast.usa, o6)[0].id
    hand_in(cast, made, o6)
    assert send(browser, o6, key="k9").status_code == 201


def test_whoever_sends_on_after_such_an_answer_waits_for_the_next(cast: Cast, o6: int, monkeypatch: pytest.MonkeyPatch):
    """Each answer to too many takes its time; any other comes at once."""
    held: list[float] = []

    async def hold(seconds: float) -> None:
        held.append(seconds)

    monkeypatch.setattr(uploads, "sleep", hold)
    browser = client(cast, "usa")
    assert send(browser, o6, key="k1").status_code == 201
    assert send(browser, o6, key="k2", content=b"").status_code == 400
    assert held == []
    monkeypatch.setattr(workflow.uploads, "MOST_WAITING", 1)
    assert send(browser, o6, key="k3").status_code == 400
    assert held == [uploads.TOO_MANY_SECONDS]
