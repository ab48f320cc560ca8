"""LINE by its Messaging API: a text pushed to one user, and whether a call of our webhook is LINE's own.

As developers.line.biz describes it: POST /v2/bot/message/push with X-Line-Retry-Key, by which LINE takes a message
once however often it is sent (409 where it has it already, for 24 hours); a webhook is signed by HMAC-SHA256 of its
body with the channel's secret (X-Line-Signature, Base64).
"""

import base64
import hashlib
import hmac
import json
import re
import ssl
import threading
from collections.abc import Awaitable, Callable
from concurrent.futures import Future
from functools import partial

import anyio
import httpx

from ita_core import db, turns
from ita_core.channels.faults import (
    AddressRefused,
    AllowanceSpent,
    NotSetUp,
    ServerAway,
    ServerBusy,
    ServerGarbles,
    ServerInsecure,
    ServerRefuses,
    ServerSlow,
)
from ita_core.settings import settings

SECONDS = 15.0  # for all of one message
LONGEST = 5000  # characters of a text, as UTF-16 counts them
LARGEST_ANSWER = 16 * 1024
USER = re.compile(r"U[0-9a-f]{32}")


class LineNotSetUp(NotSetUp):
    """No ITA_LINE_TOKEN."""


def missing() -> list[str]:
    """The settings that are not there, of those without which nobody is sent to, or heard from, in LINE from here."""
    chosen = settings()
    found = {
        "ITA_LINE_TOKEN": chosen.line_token.get_secret_value(),
        "ITA_LINE_SECRET": chosen.line_secret.get_secret_value(),
        "ITA_LINE_ACCOUNT": chosen.line_account,
    }
    return [name for name, value in found.items() if not value]


def is_set_up() -> bool:
    """Whether people can be reached in LINE from here, as far as the settings say."""
    return not missing()


def push(user: str, text: str, *, retry_key: str) -> None:
    """Send a text to one user; `retry_key`, a UUID, names the message: sent again with it, it arrives once.

    At most SECONDS. Raises NotSent, always one of its kinds in `faults`, and SlowUnderLock under the write lock.
    """
    _post("/v2/bot/message/push", {"to": user, "messages": [_text(text)]}, {"X-Line-Retry-Key": retry_key})


def reply(reply_token: str, text: str) -> None:
    """Answer what a user sent, within a minute; such answers count towards no allowance.

    Raises as `push` does.
    """
    _post("/v2/bot/message/reply", {"replyToken": reply_token, "messages": [_text(text)]}, {})


def is_lines(body: bytes, signature: str) -> bool:
    """Whether LINE sent this body: its signature is made with the channel's secret. Never where there is none."""
    secret = settings().line_secret.get_secret_value()
    made = base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest())
    return hmac.compare_digest(made, signature.encode("utf-8", "replace")) and bool(secret)


def _text(text: str) -> dict[str, str]:
    while len(text.encode("utf-16-le")) > 2 * LONGEST:
        text = text[: -max(1, len(text) // 20)]
    return {"type": "text", "text": text}


def _post(path: str, body: dict[str, object], headers: dict[str, str]) -> None:
    db.not_while_writing("sending to LINE")
    token = settings().line_token.get_secret_value()
    if not token:
        raise LineNotSetUp
    headers = headers | {"Authorization": f"Bearer {token}"}
    try:
        with turns.waiting():
            status, said = _in_time(partial(_asked, settings().line_api + path, body, headers))
    except (TimeoutError, httpx.TimeoutException):
        raise ServerSlow from None
    except httpx.ConnectError as error:
        raise (ServerInsecure(why="certificate") if "CERTIFICATE" in str(error).upper() else ServerAway()) from None
    except ssl.SSLError:
        raise ServerInsecure(why="certificate") from None
    except (httpx.HTTPError, httpx.StreamError, OSError, RuntimeError):  # RuntimeError: no thread to be had
        raise ServerAway from None
    except (ValueError, httpx.InvalidURL):  # what cannot be put into words of HTTP, or be read
        raise ServerGarbles from None
    _judge(status, said)


def _in_time(ask: Callable[[], Awaitable[tuple[int, str]]]) -> tuple[int, str]:
    """What `ask` gives; in a thread of its own, for `anyio.run` waits for the system's look-up of a name, which knows
    no end of time.

    Raises what `ask` does, and TimeoutError.
    """
    answer: Future[tuple[int, str]] = Future()

    def run() -> None:
        try:
            answer.set_result(anyio.run(ask))
        except (OSError, ValueError, RuntimeError, httpx.HTTPError, httpx.StreamError, httpx.InvalidURL) as fault:
            answer.set_exception(fault)

    threading.Thread(target=run, name="asking LINE", daemon=True).start()
    return answer.result(SECONDS + 1)


async def _asked(url: str, body: dict[str, object], headers: dict[str, str]) -> tuple[int, str]:
    """Status and the beginning of the answer, within SECONDS, however slowly it comes."""
    with anyio.fail_after(SECONDS):
        # No proxy from the environment and no redirect: the token goes to LINE itself or nowhere.
        async with (
            httpx.AsyncClient(timeout=SECONDS, trust_env=False, follow_redirects=False, verify=_tls()) as client,
            client.stream("POST", url, json=body, headers=headers) as answer,
        ):
            said = b""
            async for piece in answer.aiter_bytes():
                said += piece
                if len(said) > LARGEST_ANSWER:
                    break
            return answer.status_code, said.decode("utf-8", "replace")


def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()


def _judge(status: int, said: str) -> None:
    """What the documentation says an answer means."""
    if status in {200, 409}:  # 409: it has this message already
        return
    if status == 429:
        raise AllowanceSpent if "monthly" in said.lower() else ServerBusy
    if status >= 500:
        raise ServerBusy
    if status == 400 and "'to'" in _message(said):
        raise AddressRefused
    if 400 <= status < 500:
        raise ServerRefuses(status=status)
    raise ServerGarbles


def _message(said: str) -> str:
    try:
        told = json.loads(said)
    except (ValueError, RecursionError):
        return ""
    return str(told.get("message", "")) if isinstance(told, dict) else ""
