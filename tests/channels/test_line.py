"""A text pushed in LINE: what each answer means, as LINE's documentation has it; and which calls are LINE's."""

import socket
import ssl
import time
import uuid

import httpx
import pytest

from ita_core.channels import faults, line
from tests.channels.conftest import Setting
from tests.channels.line_house import TOKEN, LineHouse, signed
from tests.channels.post_office import answering

USER = "U" + "a" * 32


def push(text: str = "ข้อความ", key: str = "") -> None:
    line.push(USER, text, retry_key=key or str(uuid.uuid4()))


def test_a_text_arrives(house: LineHouse):
    push("เรียน อุษา")
    assert house.pushed == [(USER, "เรียน อุษา")]
    assert line.is_set_up()


def test_the_same_message_sent_again_arrives_once_and_counts_as_sent(house: LineHouse):
    key = str(uuid.uuid4())
    house.loses = 1
    with pytest.raises(faults.ServerAway) as lost:
        push(key=key)
    assert lost.value.again
    push(key=key)  # 409
    assert len(house.pushed) == 1
    assert house.asked == [key, key]


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (500, faults.ServerBusy),
        (503, faults.ServerBusy),
        (429, faults.ServerBusy),
        (400, faults.ServerRefuses),
        (403, faults.ServerRefuses),
        (302, faults.ServerGarbles),
    ],
)
def test_what_the_answer_means(house: LineHouse, status: int, kind: type[faults.NotSent]):
    house.fails = [status]
    with pytest.raises(kind):
        push()
    assert house.pushed == []


def test_a_month_s_allowance_that_is_spent_is_told_as_that(house: LineHouse):
    house.allowance = 1
    push()
    with pytest.raises(faults.AllowanceSpent):
        push()


def test_a_user_whom_line_does_not_know_is_the_address_s_fault(house: LineHouse):
    house.unknown = {USER}
    with pytest.raises(faults.AddressRefused):
        push()


def test_a_wrong_token_is_told_without_it(house: LineHouse, setting: Setting):
    setting(line_token="wrong-one")
    with pytest.raises(faults.ServerRefuses) as refused:
        push()
    assert "wrong-one" not in str(refused.value)
    assert house.pushed == []


def test_a_text_that_is_too_long_is_cut(house: LineHouse):
    push("😀" * 4000)
    assert len(house.pushed[0][1].encode("utf-16-le")) <= 2 * line.LONGEST


@pytest.mark.parametrize(("answers", "drip"), [((), 0.0), ((b"", b"HTTP/1.1 200 OK\r\nX: "), 0.05)])
def test_a_server_that_hangs_or_drips_is_left_in_time(
    setting: Setting, monkeypatch: pytest.MonkeyPatch, answers: tuple[bytes, ...], drip: float
):
    monkeypatch.setattr(line, "SECONDS", 0.6)
    with answering(*answers, drip=drip) as port:
        setting(line_token=TOKEN, line_api=f"http://127.0.0.1:{port}")
        began = time.monotonic()
        with pytest.raises(faults.ServerSlow):
            push()
    assert time.monotonic() - began < 4


def test_noise_and_nobody_are_sentences(setting: Setting):
    with answering(b"", b"SSH-2.0\r\n\r\n", b"bye") as port:
        setting(line_token=TOKEN, line_api=f"http://127.0.0.1:{port}")
        with pytest.raises(faults.NotSent):
            push()
    setting(line_api="http://127.0.0.1:1")
    with pytest.raises(faults.ServerAway):
        push()


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (OSError("no route"), faults.ServerAway),
        (RuntimeError("can't start new thread"), faults.ServerAway),
        (ssl.SSLError("broken"), faults.ServerInsecure),
        (UnicodeEncodeError("ascii", "โทเคน", 0, 1, "no"), faults.ServerGarbles),
        (httpx.InvalidURL("none"), faults.ServerGarbles),
    ],
)
def test_whatever_goes_wrong_in_asking_is_a_sentence(
    house: LineHouse, monkeypatch: pytest.MonkeyPatch, fault: Exception, kind: type[faults.NotSent]
):
    async def fails(*_asked: object) -> tuple[int, str]:
        raise fault

    monkeypatch.setattr(line, "_asked", fails)
    with pytest.raises(kind):
        push()
    with pytest.raises(kind):
        line.reply("token", "ข้อความ")


def test_without_a_token_nothing_is_asked(setting: Setting):
    setting(line_token="")
    with pytest.raises(line.LineNotSetUp):
        push()


def test_a_proxy_of_the_environment_gets_no_token(house: LineHouse, monkeypatch: pytest.MonkeyPatch):
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    push()
    assert len(house.pushed) == 1


def test_only_what_is_signed_with_the_channel_s_secret_is_line_s(house: LineHouse, setting: Setting):
    body = b'{"events":[]}'
    assert line.is_lines(body, signed(body))
    for forged in ("", "x", "ลายเซ็น", signed(body, "another"), signed(b"{}"), signed(body)[:-1], signed(body) + "="):
        assert not line.is_lines(body, forged)
    setting(line_secret="")
    assert not line.is_lines(body, signed(body, ""))


def test_a_name_whose_look_up_hangs_is_left_in_time(
    house: LineHouse, setting: Setting, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(line, "SECONDS", 0.3)
    setting(line_api=house.url.replace("127.0.0.1", "localhost"))

    def hangs(*_asked: object, **_more: object) -> list[object]:
        time.sleep(6)
        return []

    monkeypatch.setattr(socket, "getaddrinfo", hangs)
    began = time.monotonic()
    with pytest.raises(faults.ServerSlow):
        push()
    assert time.monotonic() - began < 4
