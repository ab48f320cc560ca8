"""The way to the office's sign-in provider and back: addresses that are in use only where the settings name one.

`/auth/oidc/start` sends the browser there, `/auth/oidc/back` takes the answer and ends, like every way in, in a ticket
and a sign-in of ours. `/auth/oidc/leave` leads whoever has signed out here to where they sign out there, too: else one
press would let the next one at a machine that several use in as them. (`prompt=login` at the next sign-in would not do:
Keycloak then takes nobody but the one who is signed in there.)

The answer comes from another site's page, so the browser keeps our strict cookies back: what belongs to the way stands
in a lax one of its own, for these addresses only; and what comes last is a page of ours that opens the next one, since
only what our own page opens is sent the strict cookie.
"""

import logging
from datetime import UTC, datetime
from functools import lru_cache, partial

from markupsafe import escape
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from ita_core import accounts, db, language
from ita_core.accounts import Passed, provider
from ita_core.accounts.provider import (
    Attempt,
    Declined,
    Provider,
    ProviderAway,
    ProviderRefusal,
    StillThere,
    TooManyAsk,
    Word,
)
from ita_core.errors import Refused
from ita_core.language import _
from ita_core.web.gate import DEVICE_COOKIE, HALF_COOKIE, address_of, is_https
from ita_core.web.lines import Paces
from ita_core.web.routes import give_cookie, give_cookies, in_turn, sign_in

START = "/auth/oidc/start"
LEAVE = "/auth/oidc/leave"
WAY_COOKIE = "ita_oidc"
THERE_COOKIE = "ita_oidc_there"  # somebody signed in at the provider in this browser, and not yet out
REFUSED = "oidc"  # what the sign-in page's address names the refusal by
PACE = (30, 0.5)  # leavings and comings from one address, at once and a second: an office comes at half past eight
LONGEST_QUERY = 6000  # bytes: a code, a state, what else a provider adds
LONGEST_CODE = 3000
_PATH = "/auth/oidc"
_NOT_KEPT = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
_paces = Paces("paces of the way to the provider")
_log = logging.getLogger(__name__)


def routes() -> list[BaseRoute]:
    """The routes to give to `st.App`, which has the gate around it."""
    return [
        Route(START, _start, methods=["GET"]),
        Route(provider.setup.BACK, _back, methods=["GET"]),
        Route(LEAVE, _leave, methods=["GET"]),
    ]


@lru_cache(maxsize=1)
def _provider() -> Provider | None:
    """The one of the settings, with what is known of it; None where there is none."""
    chosen = provider.current()
    return Provider(chosen) if chosen else None


async def _start(request: Request) -> Response:
    """To the provider; `then` is the address of ours that is opened afterwards."""
    at = _provider()
    if at is None:
        return Response(status_code=404)
    # Pictures and frames on another site's page would else use up what a whole office's network may ask.
    fetched = request.headers
    if fetched.get("Sec-Fetch-Site") == "cross-site" and fetched.get("Sec-Fetch-Dest") != "document":
        return Response(status_code=403)
    language.use("th")
    then = provider.local_address(request.query_params.get("then", "/"))
    before = request.state.visitor
    attempt = provider.begin(
        at.setup, now=datetime.now(UTC), then=then, before=before.sign_in_id if before else "",
        device=request.cookies.get(DEVICE_COOKIE, ""),
    )  # fmt: skip
    try:
        _check_pace(request)
        response = RedirectResponse(await at.leave(attempt), status_code=303, headers=_NOT_KEPT)
    except ProviderRefusal as refused:
        return _to_the_form(refused)
    response.set_cookie(
        WAY_COOKIE,
        attempt.cookie,
        max_age=provider.ATTEMPT_SECONDS,
        path=_PATH,
        secure=is_https(request.scope),
        httponly=True,
        samesite="lax",
    )
    return response


async def _back(request: Request) -> Response:
    """From the provider: whoever it names is signed in, where this very browser had left for it."""
    at = _provider()
    if at is None:
        return Response(status_code=404)
    language.use("th")
    if not request.scope["query_string"]:  # from signing out there: it asks nothing
        return RedirectResponse("/", status_code=303, headers=_NOT_KEPT)
    try:
        _check_pace(request)
        answer = _Answer(request)
        attempt = provider.resume(
            at.setup, cookie=request.cookies.get(WAY_COOKIE, ""), state=answer.state, now=datetime.now(UTC)
        )  # fmt: skip
        if not answer.code:
            _log.warning("The sign-in provider declined: %s", answer.error)
            raise Declined
        word = await at.come_back(attempt, code=answer.code, issuer=answer.issuer)
        response = await _enter(request, attempt, word, usernames=at.setup.usernames)
    except Refused as refused:
        response = _to_the_form(refused)
    response.delete_cookie(WAY_COOKIE, path=_PATH, secure=is_https(request.scope), httponly=True, samesite="lax")
    return response


async def _leave(request: Request) -> Response:
    """To where one signs out at the provider, for whoever has just signed out here and came in by it; else to the page.

    The cookie is strict, so no other site's page leads anybody there; and what is opened is the provider's own address.
    """
    at = _provider()
    if at is None:
        return Response(status_code=404)
    if THERE_COOKIE not in request.cookies or request.state.visitor is not None:
        return RedirectResponse("/", status_code=303, headers=_NOT_KEPT)
    try:
        _check_pace(request)
        response = RedirectResponse(await at.sign_out() or "/", status_code=303, headers=_NOT_KEPT)
    except ProviderRefusal:  # the cookie stays: whoever signs out here next is led there
        return _to_the_form(StillThere())
    response.delete_cookie(THERE_COOKIE, path=_PATH, secure=is_https(request.scope), httponly=True, samesite="strict")
    return response


class _Answer:
    """What the browser brought, each once (RFC 6749, section 3.1) and no longer than it may be.

    Raises AttemptOver for what is no answer.
    """

    def __init__(self, request: Request) -> None:
        said = request.query_params.multi_items() if len(request.scope["query_string"]) <= LONGEST_QUERY else []
        names = [name for name, _value in said]
        if not said or any(names.count(name) > 1 for name in ("code", "state", "iss", "error")):
            raise provider.AttemptOver
        found = dict(said)
        self.state, self.code, self.issuer = found.get("state", ""), found.get("code", ""), found.get("iss")
        if len(self.code) > LONGEST_CODE or (self.code and "error" in found):
            raise provider.AttemptOver
        known = {"access_denied", "login_required", "consent_required", "interaction_required", "server_error",
                 "temporarily_unavailable", "invalid_request", "invalid_scope", "unauthorized_client"}  # fmt: skip
        self.error = found.get("error", "") if found.get("error") in known else "another error"


async def _enter(request: Request, attempt: Attempt, word: Word, *, usernames: bool) -> Response:
    """The cookie of a sign-in of ours, or of half of one, and the page that opens what was wanted."""
    passed = await in_turn(partial(_accept, attempt, word, address_of(request.scope), usernames))
    says = _("Signed in. Go on") if passed.whole else _("Continue")
    response = HTMLResponse(_onward(attempt.then, says), headers=_NOT_KEPT)
    response.set_cookie(  # until the browser is closed: so long, mostly, it is known there
        THERE_COOKIE, "1", path=_PATH, secure=is_https(request.scope), httponly=True, samesite="strict"
    )  # fmt: skip
    if not passed.whole:  # what is opened is then the sign-in page, which asks for the code
        give_cookie(response, request, HALF_COOKIE, passed.token, accounts.HALF_SECONDS)
        return response
    token, device = await in_turn(
        partial(
            sign_in, passed.token, attempt.before, address_of(request.scope), attempt.device,
            request.headers.get("user-agent", ""),
        )
    )  # fmt: skip
    give_cookies(response, request, token, device)
    return response


def _accept(attempt: Attempt, word: Word, address: str, usernames: bool) -> Passed:
    """What whom the provider names gets."""
    now = datetime.now(UTC)
    try:
        with db.reading() as session:
            accounts.check_word(session, word=word, usernames=usernames)
        with db.writing() as session:
            return accounts.accept_word(session, word=word, state=attempt.state, usernames=usernames, now=now)
    except provider.NobodyHere:
        with db.writing() as session:
            accounts.note_refused_word(session, address=address, now=now)
        raise


def _onward(then: str, says: str) -> str:
    """A page that opens the next one by itself: without a script, so that the policy stays as it is."""
    says, then = escape(says), escape(then)
    return (
        f'<!doctype html><html lang="th"><head><meta charset="utf-8"><title>ITA</title>'
        f'<meta name="viewport" content="width=device-width"><meta http-equiv="refresh" content="0;url={then}">'
        f'</head><body><p><a href="{then}">{says}</a></p></body></html>'
    )


def _to_the_form(refused: Refused) -> Response:
    """The sign-in page, which says why; a sentence that has no name of its own is told as the provider's silence."""
    kind = refused.kind if isinstance(refused, ProviderRefusal) else ProviderAway.kind
    return RedirectResponse(f"/?{REFUSED}={kind}", status_code=303, headers=_NOT_KEPT)


def _check_pace(request: Request) -> None:
    """Raises TooManyAsk where this address asks too often: what it asks for costs the provider work, too."""
    if not _paces.of(accounts.network_of(address_of(request.scope)), *PACE).may():
        raise TooManyAsk
