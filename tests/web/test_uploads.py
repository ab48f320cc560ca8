"""Files on their way in: the real gate, route, store and database, asked by each of the cast."""

import asyncio
import hashlib
import threading
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import quote

import anyio
import httpx
import pytest
import sqlalchemy as sa
from sqlmodel import select
from starlette.testclient import TestClient
from starlette.types import Message

from ita_core import accounts, audit, db, queries, settings, start, workflow
from ita_core.errors import AlreadyHandedIn, NotFound
from ita_core.evidence.store import open_store
from ita_core.models import Account, AuditEntry, Evidence, SignIn, StoredFile, Upload
from ita_core.web import uploads
from ita_core.web.gate import COOKIE
from ita_core.workflow import receiving
from tests.asking import ORIGIN, client, cookie, in_a_loop, server
from tests.cast import Cast, item_id, slots
from tests.files import pdf_with

NAME = "รายงานผลการปฏิบัติงาน ก.พ. 68.pdf"
PDF = pdf_with("0 0 595 842")


@pytest.fixture
def cast(at_work: Cast) -> Cast:
    return at_work


@pytest.fixture
def o6(cast: Cast) -> int:
    with db.reading() as session:
        return item_id(session, "O6")


def send(browser: TestClient, item: int, key: str = "k1", content: bytes = PDF, name: str = NAME, **headers: str):
    return browser.post(
        f"/uploads/{item}/{key}", content=content, headers={**ORIGIN, "X-File-Name": quote(name), **headers}
    )


def waiting(account_id: int, item: int) -> list[queries.UploadFacts]:
    with db.reading() as session:
        return queries.list_uploads(session, queries.get_actor(session, account_id), item)


def hand_in(cast: Cast, upload_id: int, item: int) -> int:
    with db.writing() as session:
        return workflow.submit(
            session, by=cast.usa, item_id=item, content=workflow.Received(upload_id),
            slots=slots(session, "O6", period="2025-02", format="pdf"), at=settings.settings().now(),
        )  # fmt: skip


def files() -> list[str]:
    """Every file below the store."""
    return sorted(path.name for path in open_store().inbox.parent.rglob("*") if path.is_file())


def test_a_file_that_was_sent_waits_for_its_sender_and_becomes_evidence(cast: Cast, o6: int):
    answer = send(client(cast, "usa"), o6)
    assert answer.status_code == 201
    (one,) = waiting(cast.usa, o6)
    assert (one.id, one.file_name, one.size, one.format) == (answer.json()["id"], NAME, len(PDF), "pdf")
    assert open_store().verified(one.sha256).read_bytes() == PDF
    assert waiting(cast.pattama, o6) == []  # who prepares the same item does not see what another has not handed in
    made = hand_in(cast, one.id, o6)
    assert waiting(cast.usa, o6) == []
    assert client(cast, "khanittha").get(f"/evidence/{made}").content == PDF


def test_handing_the_same_upload_in_twice_makes_one_evidence(cast: Cast, o6: int):
    made = send(client(cast, "usa"), o6).json()["id"]
    assert hand_in(cast, made, o6) == hand_in(cast, made, o6)
    with db.reading() as session:
        assert len(session.exec(select(Evidence)).all()) == 1


def test_the_same_key_again_is_answered_with_what_it_made_before(cast: Cast, o6: int):
    browser = client(cast, "usa")
    assert browser.get(f"/uploads/{o6}/k1").status_code == 404
    first = send(browser, o6).json()
    assert browser.get(f"/uploads/{o6}/k1").json() == first
    again = send(browser, o6)
    assert (again.status_code, again.json()) == (200, first)
    hand_in(cast, first["id"], o6)
    assert send(browser, o6).json() == first  # the answer to the hand-in may be what was lost
    with db.reading() as session:
        assert len(session.exec(select(Upload)).all()) == 1


@pytest.mark.parametrize("key", ["k1%20", "%20k1", "k1%0A"])
def test_a_key_with_blanks_around_it_is_the_same_key(cast: Cast, o6: int, key: str):
    browser = client(cast, "usa")
    first = send(browser, o6, key).json()
    again = send(browser, o6, key)
    assert (again.status_code, again.json()) == (200, first)
    assert browser.get(f"/uploads/{o6}/{key}").json() == send(browser, o6, "k1").json() == first


@pytest.mark.parametrize("key", ["k%00", "k%E2%80%AE", "k" * 256])
def test_a_key_that_cannot_be_kept_is_refused(cast: Cast, o6: int, key: str):
    browser = client(cast, "usa")
    assert browser.get(f"/uploads/{o6}/{key}").status_code == send(browser, o6, key).status_code == 400
    assert files() == []


def test_a_key_is_its_accounts_own(cast: Cast, o6: int):
    first = send(client(cast, "usa"), o6).json()["id"]
    second = send(client(cast, "pattama"), o6)
    assert second.status_code == 201
    assert second.json()["id"] != first
    with pytest.raises(NotFound), db.writing() as session:
        workflow.submit(
            session, by=cast.pattama, item_id=o6, content=workflow.Received(first), at=settings.settings().now(),
            slots=slots(session, "O6", period="2025-02", format="pdf"),
        )  # fmt: skip


@pytest.mark.parametrize(
    ("who", "status"),
    [("usa", 201), ("pattama", 201), ("itap", 201), ("khanittha", 400), ("commander", 400), ("admin", 400),
     ("viewer", 400), ("piyaporn", 404), ("", 401)],
)  # fmt: skip
def test_files_are_taken_from_who_prepares_the_item_only(cast: Cast, o6: int, who: str, status: int):
    answer = send(client(cast, who), o6)
    assert answer.status_code == status
    if status != 201:
        assert answer.json()["says"]
        assert files() == []
        asked = client(cast, who).get(f"/uploads/{o6}/k1")
        assert (asked.status_code, asked.json()["says"]) == (status, answer.json()["says"])


@pytest.mark.parametrize("origin", ["http://evil.example", "null", ""])
def test_another_sites_page_sends_nothing(cast: Cast, o6: int, origin: str):
    assert send(client(cast, "usa"), o6, Origin=origin).status_code == 401
    assert files() == []


@pytest.mark.parametrize("item", [0, 999, 2**31, 10**30])
def test_an_item_that_is_not_there_takes_nothing(cast: Cast, item: int):
    assert send(client(cast, "usa"), item).status_code == 404


@pytest.mark.parametrize(
    ("content", "name", "says"),
    [
        (b"", "ว่าง.pdf", "“ว่าง.pdf” เป็นไฟล์ว่าง"),
        (b"MZ" + b"\0" * 500, "โปรแกรม.pdf", "ไม่ใช่ไฟล์ชนิดที่รับ"),
        (PDF, "ลวง\u202efdp.exe", "อักขระ"),
        (PDF, "", "ชื่อไฟล์"),
        (PDF, "ก" * 300 + ".pdf", "255"),
        (PDF, "nul\0.pdf", "อักขระ"),
    ],
)
def test_what_is_refused_says_why_in_thai_and_leaves_nothing(cast: Cast, o6: int, content: bytes, name: str, says: str):
    answer = send(client(cast, "usa"), o6, content=content, name=name)
    assert answer.status_code == 400
    assert says in answer.json()["says"]
    assert files() == []
    with db.reading() as session:
        assert session.exec(select(StoredFile)).all() == []


def test_a_path_in_a_name_is_dropped_and_thai_is_kept(cast: Cast, o6: int):
    send(client(cast, "usa"), o6, name="../../C:\\งาน\\ผลงาน น้ำ.pdf")
    assert waiting(cast.usa, o6)[0].file_name == "ผลงาน น้ำ.pdf"


def test_too_large_is_refused_before_it_comes_and_while_it_comes(cast: Cast, o6: int, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("ITA_MAX_UPLOAD_MB", "1")
    settings.settings.cache_clear()
    large = PDF + b"\0" * (1024 * 1024)
    assert "1 MB" in send(client(cast, "usa"), o6, content=large).json()["says"]
    taken = []

    def pieces():
        for _number in range(100):
            taken.append(1)
            yield large[: 300 * 1024]

    headers = {**ORIGIN, "X-File-Name": "a.pdf"}  # without a length
    answer = client(cast, "usa").post(f"/uploads/{o6}/k1", content=pieces(), headers=headers)
    assert answer.status_code == 400
    assert files() == []


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


# --- taking away -----------------------------------------------------------------------------------------------------


def test_what_was_not_handed_in_is_taken_away_with_its_object(cast: Cast, o6: int):
    made = send(client(cast, "usa"), o6).json()["id"]
    with pytest.raises(NotFound):
        receiving.discard(by=cast.pattama, upload_id=made, at=settings.settings().now())
    receiving.discard(by=cast.usa, upload_id=made, at=settings.settings().now())
    assert files() == []
    with db.reading() as session:
        assert session.exec(select(StoredFile)).all() == []
        actions = [entry.action for entry in session.exec(select(AuditEntry).order_by(AuditEntry.number))][-2:]
        assert actions == ["upload.receive", "upload.discard"]
        assert audit.faults(session) == []


def test_what_was_handed_in_is_not_taken_away(cast: Cast, o6: int):
    made = send(client(cast, "usa"), o6).json()["id"]
    hand_in(cast, made, o6)
    with pytest.raises(AlreadyHandedIn):
        receiving.discard(by=cast.usa, upload_id=made, at=settings.settings().now())


def test_an_object_that_another_names_stays(cast: Cast, o6: int):
    first = send(client(cast, "usa"), o6).json()["id"]
    second = send(client(cast, "pattama"), o6).json()["id"]
    receiving.discard(by=cast.pattama, upload_id=second, at=settings.settings().now())
    made = hand_in(cast, first, o6)
    assert client(cast, "usa").get(f"/evidence/{made}").content == PDF


def test_what_lay_too_long_is_cleared_and_what_was_handed_in_stays(cast: Cast, o6: int):
    browser = client(cast, "usa")
    kept = send(browser, o6).json()["id"]
    send(browser, o6, key="k2", content=PDF + b"\n", name="ลืมแล้ว.pdf")
    made = hand_in(cast, kept, o6)
    later = settings.settings().now() + timedelta(days=workflow.LEFT_DAYS)
    receiving.clear_left(at=later - timedelta(minutes=1))
    assert len(waiting(cast.usa, o6)) == 1
    receiving.clear_left(at=later + timedelta(minutes=1))
    assert waiting(cast.usa, o6) == []
    assert files() == [hashlib.sha256(PDF).hexdigest()]
    assert browser.get(f"/evidence/{made}").content == PDF


def test_what_lay_too_long_is_cleared_again_and_again_whatever_went_wrong_once(
    cast: Cast, o6: int, monkeypatch: pytest.MonkeyPatch
):
    """Twice something is left lying while the server runs; in between the database is away for once."""
    monkeypatch.setattr(start, "CLEARED_SECONDS", 0.01)
    old = settings.settings().now() - timedelta(days=workflow.LEFT_DAYS, minutes=1)

    def leave(key: str) -> None:
        with open_store().receive(NAME) as incoming:
            incoming.write(PDF)
            receiving.keep(incoming, by=cast.usa, item_id=o6, key=key, at=old)

    async def cleared() -> None:
        while waiting(cast.usa, o6):
            await anyio.sleep(0.01)

    async def run() -> None:
        leave("k1")
        clearing = asyncio.create_task(start.clear_regularly())
        with anyio.fail_after(60):
            await cleared()
            with db.engine().begin() as connection:
                connection.execute(sa.text("ALTER TABLE upload RENAME TO away"))
            await anyio.sleep(0.1)
            with db.engine().begin() as connection:
                connection.execute(sa.text("ALTER TABLE away RENAME TO upload"))
            leave("k2")
            await cleared()
        clearing.cancel()

    in_a_loop(run)
    assert files() == []


def test_what_lay_too_long_is_cleared_once_there_is_a_thread_for_it_again(
    cast: Cast, o6: int, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    monkeypatch.setattr(start, "CLEARED_SECONDS", 0.01)
    with open_store().receive(NAME) as incoming:
        incoming.write(PDF)
        old = settings.settings().now() - timedelta(days=workflow.LEFT_DAYS, minutes=1)
        receiving.keep(incoming, by=cast.usa, item_id=o6, key="k1", at=old)

    async def run() -> None:
        before = threading.stack_size(2**46)  # more than any machine gives a thread: none starts
        try:
            clearing = asyncio.create_task(start.clear_regularly())
            with anyio.fail_after(60):
                while not caplog.records and not clearing.done():
                    await anyio.sleep(0.01)
        finally:
            threading.stack_size(before)
        assert not clearing.done()
        with anyio.fail_after(60):
            while waiting(cast.usa, o6):
                await anyio.sleep(0.01)
        clearing.cancel()

    in_a_loop(run)
    assert files() == []


@pytest.mark.trial
def test_sending_and_taking_away_the_same_content_at_once_never_loses_an_object(cast: Cast, o6: int):
    at, faults = settings.settings().now(), []

    def come_and_go(account_id: int, stay: bool) -> None:
        for number in range(25):
            with open_store().receive(NAME) as incoming:
                incoming.write(PDF)
                made = receiving.keep(incoming, by=account_id, item_id=o6, key=f"r{number}", at=at)
            if not open_store().holds(hashlib.sha256(PDF).hexdigest()):
                faults.append(number)
            if not stay or number % 2:
                receiving.discard(by=account_id, upload_id=made, at=at)

    both = [threading.Thread(target=come_and_go, args=who) for who in ((cast.usa, True), (cast.pattama, False))]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert faults == []
    assert open_store().verified(hashlib.sha256(PDF).hexdigest())


def test_what_comes_after_a_quiet_week_is_handed_in_as_itself(cast: Cast, o6: int):
    """SQLite gives the number of a row that was cleared to the next one."""
    first = send(client(cast, "usa"), o6).json()["id"]
    before = hand_in(cast, first, o6)
    receiving.clear_left(at=settings.settings().now() + timedelta(days=workflow.LEFT_DAYS, minutes=1))
    second = send(client(cast, "usa"), o6, key="k2", content=PDF + b"\n").json()["id"]
    assert second == first
    made = hand_in(cast, second, o6)
    assert made != before
    assert client(cast, "usa").get(f"/evidence/{made}").content == PDF + b"\n"


def test_the_same_content_is_noticed_wherever_one_may_see_it(cast: Cast, o6: int):
    browser = client(cast, "usa")
    made = hand_in(cast, send(browser, o6).json()["id"], o6)
    send(browser, o6, key="k2", name="สำเนา.pdf")
    assert [twin.id for twin in waiting(cast.usa, o6)[0].twins] == [made]
    with db.reading() as session:
        hashes = [hashlib.sha256(PDF).hexdigest()]
        assert queries.find_same_content(session, queries.get_actor(session, cast.piyaporn), hashes) == {}


# --- somebody else's -------------------------------------------------------------------------------------------------


def refusals() -> list[tuple[int | None, str]]:
    with db.reading() as session:
        entries = session.exec(select(AuditEntry).where(AuditEntry.action == "access.refuse")).all()
        return [(entry.account_id, entry.subject) for entry in entries]


def test_whoever_asks_for_others_evidence_stands_in_the_audit_once_a_day(cast: Cast, o6: int):
    made = hand_in(cast, send(client(cast, "usa"), o6).json()["id"], o6)
    outsider = client(cast, "piyaporn")
    for _try in range(3):
        assert outsider.get(f"/evidence/{made}").status_code == 404
        assert outsider.get("/evidence/999").status_code == 404
    client(cast, "usa").get(f"/evidence/{made}")
    assert refusals() == [(cast.piyaporn, f"evidence {made}")]


def test_streamlits_own_uploads_are_shut(cast: Cast):
    for method in ("PUT", "POST", "DELETE", "OPTIONS"):
        assert client(cast, "admin").request(method, "/_stcore/upload_file/x/y").status_code == 404
