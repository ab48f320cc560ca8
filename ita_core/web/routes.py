"""Our own routes beside Streamlit's: the page itself, and signing in and out, because only a response can set a cookie
that scripts cannot read."""

import json
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import lru_cache, partial
from pathlib import Path
from typing import TypeVar

from anyio import CapacityLimiter, fail_after, to_thread
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp

from ita_core import accounts, db
from ita_core.accounts import Visitor
from ita_core.accounts.browsers import told
from ita_core.errors import DatabaseBusy, Refused
from ita_core.settings import settings
from ita_core.web import static
from ita_core.web.gate import COOKIE, DEVICE_COOKIE, HALF_COOKIE, address_of, is_https, own_origin

ICON = "/icon.svg"
_HTML = "text/html; charset=utf-8"
_LONGEST_BODY = 1000
BODY_SECONDS = 20
MOST_AT_THE_DOOR = 100  # who sign in or out and wait for their turn

T = TypeVar("T")


def routes() -> list[BaseRoute]:
    """The routes to give to `st.App`, which has the gate around it."""
    return [
        Route("/auth/enter", _enter, methods=["POST"]),
        Route("/auth/leave", _leave, methods=["POST"]),
        Route("/auth/back", _back_to_the_password, methods=["POST"]),
        Route(ICON, _icon),
    ]


def pages(page: str, addresses: Iterable[str]) -> list[BaseRoute]:
    """The page that the browser gets at every address, in which Streamlit then draws."""
    in_coding = static.in_each_coding(page.encode())

    async def first(request: Request) -> ASGIApp:
        how = request.state.coding
        return static.answer(in_coding(how), how, {"Cache-Control": "no-cache", "Content-Type": _HTML})

    return [Route(f"/{address}", first) for address in ("", *addresses)]


async def _icon(_request: Request) -> Response:
    """The tab's picture: Streamlit would fetch a named icon from Google, and serves pictures only to who is in."""
    return FileResponse(Path(__file__).with_name("icon.svg"), media_type="image/svg+xml")


async def _body(request: Request) -> dict[str, object]:
    """The JSON object that was sent; an empty one for anything else, for more than a ticket needs, and for too slow."""
    raw = b""
    try:
        with fail_after(BODY_SECONDS):
            async for chunk in request.stream():
                raw += chunk
                if len(raw) > _LONGEST_BODY:
                    return {}
        body = json.loads(raw)
    except (ValueError, RecursionError, TimeoutError):  # RecursionError: brackets in brackets
        return {}
    return body if isinstance(body, dict) else {}


@lru_cache(maxsize=1)
def _doors() -> CapacityLimiter:
    """Threads of their own: what waits for the write lock here must not keep the gate from answering."""
    return CapacityLimiter(4)


async def in_turn(work: Callable[[], T]) -> T:
    """What the work gives, done when its turn comes.

    Raises DatabaseBusy where too many wait already, and what the work raises."""
    if _doors().statistics().tasks_waiting >= MOST_AT_THE_DOOR:
        raise DatabaseBusy
    return await to_thread.run_sync(work, limiter=_doors())


async def _enter(request: Request) -> Response:
    """Ticket in, cookie out."""
    if not own_origin(request):
        return _refusal("")
    ticket = (await _body(request)).get("ticket")
    visitor: Visitor | None = request.state.visitor
    before = visitor.sign_in_id if visitor else ""
    known, called = request.cookies.get(DEVICE_COOKIE, ""), request.headers.get("user-agent", "")
    try:
        token, device = await in_turn(
            partial(sign_in, str(ticket), before, address_of(request.scope), known, called)
        )  # fmt: skip
    except Refused as refused:
        return _refusal(str(refused))
    response = Response(status_code=204)
    give_cookies(response, request, token, device)
    return response


def give_cookies(response: Response, request: Request, token: str, device: str) -> None:
    """The cookies of a sign-in and of the browser, which no script can read."""
    hours = settings().session_hours
    give_cookie(response, request, COOKIE, token, hours * 3600)
    give_cookie(response, request, DEVICE_COOKIE, device, accounts.DEVICE_DAYS * 86400)
    if HALF_COOKIE in request.cookies:
        _take_cookie(response, request, HALF_COOKIE)


def give_cookie(response: Response, request: Request, name: str, value: str, seconds: int) -> None:
    """A cookie that no script can read and no other site's page sends along."""
    response.set_cookie(
        name, value, max_age=seconds, path="/", secure=is_https(request.scope), httponly=True, samesite="strict"
    )


def _take_cookie(response: Response, request: Request, name: str) -> None:
    response.delete_cookie(name, path="/", secure=is_https(request.scope), httponly=True, samesite="strict")


def sign_in(ticket: str, before: str, address: str, device: str, called: str) -> tuple[str, str]:
    """The tokens of the sign-in and of the browser, for a ticket: every way in ends here.

    `before` is the public id of the sign-in that the browser had, `called` what it calls itself.
    Raises TicketOver.
    """
    now = datetime.now(UTC)
    with db.reading() as session:
        accounts.check_ticket(session, ticket=ticket, now=now)
    with db.writing() as session:
        token = accounts.enter(
            session, ticket=ticket, address=address, now=now, hours=settings().session_hours, browser=told(called)
        )  # fmt: skip
        if before:  # the browser forgets that cookie, so nobody could end that sign-in later
            accounts.sign_out(session, public_id=before, now=now)
        here = accounts.find_visitor(session, token=token, now=now)
        assert here is not None
        return token, accounts.know_device(session, account_id=here.account_id, device=device, now=now)


async def _leave(request: Request) -> Response:
    """End this sign-in, or with {"everywhere": true} all of the account, and clear the cookies."""
    if not own_origin(request):
        return _refusal("")
    everywhere = (await _body(request)).get("everywhere") is True
    visitor: Visitor | None = request.state.visitor
    if visitor:
        try:
            await in_turn(partial(_sign_out, visitor, everywhere))
        except Refused as refused:
            return _refusal(str(refused))
    response = Response(status_code=204)
    _take_cookie(response, request, COOKIE)
    _take_cookie(response, request, HALF_COOKIE)  # another's, perhaps: nobody is asked for their code next
    return response


async def _back_to_the_password(request: Request) -> Response:
    """Forget half a sign-in, and nothing else: in another window somebody may have signed in meanwhile."""
    if not own_origin(request):
        return _refusal("")
    response = Response(status_code=204)
    _take_cookie(response, request, HALF_COOKIE)
    return response


def _sign_out(visitor: Visitor, everywhere: bool) -> None:
    now = datetime.now(UTC)
    with db.writing() as session:
        if everywhere:
            accounts.sign_out_everywhere(session, account=accounts.account_of(session, visitor), now=now)
        else:
            accounts.sign_out(session, public_id=visitor.sign_in_id, now=now)


def _refusal(says: str) -> Response:
    return JSONResponse({"says": says}, status_code=403)
