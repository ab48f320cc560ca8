"""LINE's calls: who sends a code, who leaves; and those that are not LINE's, or are sent again."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from ita_core import accounts, db
from ita_core.models import Channel
from ita_core.web import line as web
from ita_core.workflow import proving
from tests.cast import Cast
from tests.channels.conftest import Setting
from tests.channels.line_house import LineHouse, signed

USER = "U" + "a" * 32
Call = Callable[..., httpx.Response]


@pytest.fixture
def call(at_work: Cast, house: LineHouse) -> Call:
    del at_work, house
    client = TestClient(Starlette(routes=web.routes()))

    def post(*events: dict[str, object], signature: str | None = None) -> httpx.Response:
        body = json.dumps({"destination": "x", "events": list(events)}).encode()
        headers = {"X-Line-Signature": signed(body) if signature is None else signature}
        return client.post("/line/webhook", content=body, headers=headers)

    return post


def event(kind: str, at: datetime | None = None, **more: object) -> dict[str, object]:
    stamp = int((at or datetime.now(UTC)).timestamp() * 1000)
    return {"type": kind, "timestamp": stamp, "webhookEventId": "01H", "deliveryContext": {"isRedelivery": False},
            "source": {"type": "user", "userId": USER}, "mode": "active", **more}  # fmt: skip


def says(text: str, **more: object) -> dict[str, object]:
    return event("message", message={"type": "text", "id": "1", "text": text}, replyToken="r" * 32, **more)


def linked(account: int) -> list[str]:
    with db.reading() as session:
        return [one.value for one in accounts.list_addresses(session, account) if one.channel is Channel.line]


def test_a_code_sent_in_line_links_the_account_and_is_answered(call: Call, at_work: Cast, house: LineHouse):
    code = proving.ask_by_line(by=at_work.usa)
    assert call(says("สวัสดี"), says(code)).status_code == 200
    assert linked(at_work.usa) == [USER]
    assert [one[:14] for one in house.replied] == ["เชื่อมบัญชีแล้"]


def test_line_s_own_test_call_without_events_is_answered(call: Call):
    assert call().status_code == 200


@pytest.mark.parametrize("signature", ["", "x", signed(b"{}"), signed(b"", "another")])
def test_a_forged_call_is_refused_and_does_nothing(call: Call, at_work: Cast, signature: str):
    code = proving.ask_by_line(by=at_work.usa)
    assert call(says(code), signature=signature).status_code == 403
    assert linked(at_work.usa) == []


def test_a_call_that_was_recorded_and_is_sent_again_does_nothing(call: Call, at_work: Cast):
    joining = says(proving.ask_by_line(by=at_work.usa))
    call(joining)
    leaving = event("unfollow")
    call(leaving)
    assert linked(at_work.usa) == []
    call(joining)  # its code is used up
    assert linked(at_work.usa) == []
    call(says(proving.ask_by_line(by=at_work.usa)))
    assert linked(at_work.usa) == [USER]
    call(leaving)  # they left before they proved it anew
    assert linked(at_work.usa) == [USER]


def test_who_blocks_the_office_s_account_is_not_written_to_any_more(call: Call, at_work: Cast):
    call(says(proving.ask_by_line(by=at_work.usa)))
    call(event("unfollow", source={"type": "user", "userId": "U" + "b" * 32}))
    assert linked(at_work.usa) == [USER]
    call(event("unfollow"))
    assert linked(at_work.usa) == []


@pytest.mark.parametrize(
    "change",
    [
        {"source": {"type": "group", "groupId": "C1", "userId": USER}},
        {"source": {"type": "user", "userId": "U1"}},
        {"source": None},
        {"timestamp": "now"},
        {"timestamp": 10**30},
        {"timestamp": int((datetime.now(UTC) - timedelta(days=2)).timestamp() * 1000)},
        {"message": {"type": "sticker"}},
        {"message": {"type": "text", "text": 5}},
        {"type": "postback"},
    ],
)
def test_an_event_of_another_kind_links_nobody(call: Call, at_work: Cast, change: dict[str, object]):
    code = proving.ask_by_line(by=at_work.usa)
    assert call(says(code) | change).status_code == 200
    assert linked(at_work.usa) == []


@pytest.mark.parametrize("body", [b"", b"x", b"[]", b'{"events": 5}', b'{"events": [5, []]}', b"[" * 100_000])
def test_what_makes_no_sense_is_answered_and_does_nothing(call: Call, body: bytes):
    del call
    client = TestClient(Starlette(routes=web.routes()))
    answer = client.post("/line/webhook", content=body, headers={"X-Line-Signature": signed(body)})
    assert answer.status_code == 200


def test_a_body_without_end_is_cut_off(call: Call):
    del call
    client = TestClient(Starlette(routes=web.routes()))
    assert client.post("/line/webhook", content=b"x" * (web.LARGEST + 1)).status_code == 413


def test_without_a_secret_there_is_no_such_door(call: Call, setting: Setting):
    setting(line_secret="")
    assert call().status_code == 404
    assert call(signature=signed(b"", "")).status_code == 404


def test_guesses_in_line_link_nobody(call: Call, at_work: Cast):
    proving.ask_by_line(by=at_work.usa)
    assert all(call(*(says(f"{of}{number:04}".replace("0", "A").replace("1", "B")) for number in range(100))).is_success
               for of in ("ABCDEF", "234567"))  # fmt: skip
    assert linked(at_work.usa) == []


def test_nobody_s_messages_wait_for_the_write_lock(call: Call, at_work: Cast, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(db, "BUSY_SECONDS", 0)
    proving.ask_by_line(by=at_work.usa)
    with db.writing():
        assert call(says("สวัสดี"), event("unfollow")).status_code == 200
