"""The route that LINE calls (`POST /line/webhook`): what people send to the office's account there, and who leaves it.

Anybody can call it: what LINE did not sign is refused before it is read. An event counts once by what it is, so that
one which is recorded and sent again does nothing, whatever id it bears: a code is used up, and who blocked the account
before they proved it anew did that before. LINE sends an event again that we did not answer, so a busy database is said
to be that.
"""

import json
import logging
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from anyio import CapacityLimiter, fail_after, to_thread
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from ita_core.channels import line
from ita_core.channels.faults import NotSent
from ita_core.errors import Refused
from ita_core.language import _, speaking
from ita_core.settings import settings
from ita_core.workflow import proving

LARGEST = 256 * 1024  # bytes; LINE puts several events into a call, a text of 5,000 characters at most into each
BODY_SECONDS = 10
MOST_EVENTS = 100
MOST_WAITING = 50  # calls
OLDEST = timedelta(days=1)  # nothing is recorded and sent again after
_log = logging.getLogger(__name__)


def routes() -> list[BaseRoute]:
    """The route to give to `st.App`, which has the gate around it."""
    return [Route("/line/webhook", _webhook, methods=["POST"])]


@lru_cache(maxsize=1)
def _doors() -> CapacityLimiter:
    """Threads of their own: what waits for the write lock here keeps nobody else from being answered."""
    return CapacityLimiter(2)


async def _webhook(request: Request) -> Response:
    if not settings().line_secret.get_secret_value():
        return Response(status_code=404)
    body = await _body(request)
    if body is None:
        return Response(status_code=413)
    if not line.is_lines(body, request.headers.get("x-line-signature", "")):
        return Response(status_code=403)
    if _doors().statistics().tasks_waiting >= MOST_WAITING:
        return Response(status_code=503)
    try:
        await to_thread.run_sync(_heard, _events(body), limiter=_doors())
    except Refused:  # a busy database
        return Response(status_code=503)
    return Response(status_code=200)


async def _body(request: Request) -> bytes | None:
    """What was sent; None where it is too large, or too slow."""
    raw = b""
    try:
        with fail_after(BODY_SECONDS):
            async for chunk in request.stream():
                raw += chunk
                if len(raw) > LARGEST:
                    return None
    except TimeoutError:
        return None
    return raw


def _events(body: bytes) -> list[dict[str, object]]:
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return []
    listed = told.get("events") if isinstance(told, dict) else None
    return [one for one in listed if isinstance(one, dict)][:MOST_EVENTS] if isinstance(listed, list) else []


def _heard(events: list[dict[str, object]]) -> None:
    """Raises Refused where the database is busy."""
    now = datetime.now(UTC)
    for event in events:
        user, at = _user(event), _moment(event)
        if user is None or at is None or abs(now - at) > OLDEST:
            continue
        if event.get("type") == "unfollow":
            proving.left_line(line_user=user, before=at)
        elif (text := _text(event)) and proving.heard_in_line(text=text, line_user=user):
            _answer(event)


def _user(event: dict[str, object]) -> str | None:
    source = event.get("source")
    user = source.get("userId") if isinstance(source, dict) and source.get("type") == "user" else None
    return user if isinstance(user, str) and line.USER.fullmatch(user) else None


def _moment(event: dict[str, object]) -> datetime | None:
    stamp = event.get("timestamp")
    if not isinstance(stamp, int) or not 0 < stamp < 10**14:
        return None
    return datetime.fromtimestamp(stamp / 1000, UTC)


def _text(event: dict[str, object]) -> str:
    message = event.get("message")
    if event.get("type") != "message" or not isinstance(message, dict) or message.get("type") != "text":
        return ""
    text = message.get("text")
    return text[:100] if isinstance(text, str) else ""


def _answer(event: dict[str, object]) -> None:
    """That it worked; where this cannot be said, the page says it."""
    token = event.get("replyToken")
    if not isinstance(token, str) or len(token) > 100:
        return
    with speaking("th"):
        says = _("Linked. What concerns you in the ITA dashboard is told to you here.")
    try:
        line.reply(token, says)
    except NotSent as fault:
        _log.warning("A reply in LINE was not sent: %s", fault)
