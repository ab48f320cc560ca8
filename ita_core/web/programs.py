"""The door for other programs, and for calendars: what a token opens, and nothing but that.

A program comes with `Authorization: Bearer …` (RFC 6750) to `/api/v1/…`, a calendar with its token in the path. Whoever
holds one reads what its owner may read at that moment. A cookie opens nothing here, so no page of another's can ask in
somebody's name; a token opens nothing elsewhere. Faults are told as RFC 9457 has it. Nothing here logs an address.

A wrong token is counted and slowed by the network that it came from, and only a wrong one is asked to wait.
"""

import hashlib
import json
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC, datetime
from functools import lru_cache, partial
from http import HTTPStatus

from anyio import CapacityLimiter, to_thread
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from ita_core import accounts, db, language, queries
from ita_core.accounts import Holder, TooManyTries, Visitor
from ita_core.days import day_of
from ita_core.errors import NotFound, Refused
from ita_core.exports import calendar, describing, making, tables
from ita_core.language import N_, _
from ita_core.models import TokenKind
from ita_core.settings import settings
from ita_core.web.asked import asked_of
from ita_core.web.downloads import answering, check_rows, given
from ita_core.web.gate import address_of
from ita_core.web.lines import Paces
from ita_core.web.noting import note_export
from ita_core.web.per_account import PerAccount

API = "/api/v1/"
LONGEST_QUERY = 2048  # bytes: a few filters
MOST_ROWS = 100_000  # of a table, however it comes: 25 MB of JSON; of an Excel file fewer, as over the web
MOST_OF_ACCOUNT, MOST_OF_ADDRESS, MOST_IN_ALL = 4, 16, 32  # under way at once; those of an account come one by one
# Requests: so many at once, so many a second from then on.
ACCOUNT_PACE, CALENDAR_PACE = (60, 1.0), (20, 0.2)
ADDRESS_PACE = (60, 10.0)  # of what needs no token
METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE")
_ALLOW = "GET, HEAD, OPTIONS"
_OWN = ("as_of", "format", "office", "year")
_SECRETS = frozenset({"token", "access_token", "api_key", "apikey", "key", "authorization", "bearer"})
_ACTS = "default-src 'none'; frame-ancestors 'none'"
_CHALLENGE = 'Bearer realm="ITA"'


class NoToken(Refused):
    says = N_("Send a token of yours: Authorization: Bearer ita_read_… It is made on the page “My account”.")


class WrongToken(Refused):
    says = N_("This token does not hold: it is unknown, has ended or is over. Make another on the page “My account”.")


class TokenInAddress(Refused):
    says = N_(
        "A token has no place in an address, where it is kept by proxies and histories: end it on the page “My "
        "account”, make another, and send it as Authorization: Bearer …"
    )


class TwoTokens(Refused):
    says = N_("Send one Authorization header, with one token: Bearer ita_read_…")


class UnknownWish(Refused):
    says = N_("“{table}” is not asked for by {what}. It takes {known}.")


class SaidTwice(Refused):
    says = N_("“{what}” stands in the address more than once.")


class NoFormat(Refused):
    says = N_("There is no format {format}: ask for {known}.")


class AddressTooLong(Refused):
    says = N_("This address is too long to be one of the dashboard's.")


class OnlyRead(Refused):
    says = N_("Here one only reads: GET and HEAD.")


class TooManyAtOnce(Refused):
    says = N_("Too many requests are under way. Wait {seconds} seconds, then ask again.")


class TooMany(Refused):
    says = N_("Too many requests. Wait {seconds} seconds, then ask again.")


class TableTooLong(Refused):
    says = N_("The table has {rows} rows, {most} at most are given: choose part of it.")


def routes() -> list[BaseRoute]:
    """The routes to give to `st.App`, which has the gate around it."""
    programs = partial(_door, kind=TokenKind.read)
    calendars = partial(_door, kind=TokenKind.calendar)
    return [
        Route(API, programs(_listed), methods=METHODS),
        Route(API + "openapi.json", _described, methods=METHODS),
        Route(API + "calendar.ics", programs(_calendar), methods=METHODS),
        Route(API + "{table}", programs(_table), methods=METHODS),
        Route("/api/{rest:path}", programs(_nothing), methods=METHODS),
        Route("/calendar.ics", answering(_calendar_file)),
        Route("/calendar/{token}.ics", calendars(_calendar), methods=METHODS),
        Route("/calendar/{rest:path}", calendars(_nothing), methods=METHODS),
    ]


# --- the door --------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def _workers() -> CapacityLimiter:
    """Threads of their own: what programs ask for must not keep people waiting."""
    return CapacityLimiter(3)


@lru_cache(maxsize=1)
def _doorkeepers() -> CapacityLimiter:
    return CapacityLimiter(2)


_under_way = PerAccount("asked for by programs")
_paces = Paces("paces of programs")

Answer = Callable[[Request, Visitor], Response]


def _door(answer: Answer, *, kind: TokenKind) -> Callable[[Request], Awaitable[Response]]:
    """An endpoint that a token of this kind opens; the work is done in a thread, since it reads a database."""

    async def endpoint(request: Request) -> Response:
        _speak(request)
        tell = _problem if kind is TokenKind.read else _sentence
        try:
            return await _through(request, answer, kind)
        except Refused as refused:
            return tell(refused)

    return endpoint


async def _through(request: Request, answer: Answer, kind: TokenKind) -> Response:
    if request.method == "OPTIONS":
        return Response(status_code=204, headers={"Allow": _ALLOW})
    if request.method not in {"GET", "HEAD"}:
        raise OnlyRead
    _check_address(request, kind)
    network = accounts.network_of(address_of(request.scope))
    # Looked up before anything of the network is asked: whoever floods it from there holds up no right token by that.
    # What waits for it is bounded by the connections that an address may have (`connections.py`).
    token = _token_of(request, kind)
    holder = await to_thread.run_sync(partial(_find, token, kind, network), limiter=_doorkeepers())
    visitor, request.state.token_id = holder.visitor, holder.token_id
    _speak(request, visitor)
    by_account = visitor.account_id
    _go((kind.value, by_account), ACCOUNT_PACE if kind is TokenKind.read else CALENDAR_PACE)
    counted = (by_account, MOST_OF_ACCOUNT), (network, MOST_OF_ADDRESS)
    if any(_under_way.of(one) >= most for one, most in counted) or _under_way.total >= 2 * MOST_IN_ALL:
        raise TooManyAtOnce(seconds=1)
    with _under_way.one_more(network), _under_way.one_more(by_account) as turn:
        async with turn:
            return await to_thread.run_sync(partial(answer, request, visitor), limiter=_workers())


def _check_address(request: Request, kind: TokenKind) -> None:
    """Raises TokenInAddress, AddressTooLong, SaidTwice."""
    query = request.query_params
    said = request.scope["query_string"].decode("latin-1") + (request.url.path if kind is TokenKind.read else "")
    if accounts.looks_like_token(said) or any(name.lower() in _SECRETS for name in query):
        raise TokenInAddress
    if len(request.scope["query_string"]) > LONGEST_QUERY:
        raise AddressTooLong
    for name in query:
        if len(query.getlist(name)) > 1:
            raise SaidTwice(what=name[:60])


def _token_of(request: Request, kind: TokenKind) -> str:
    """Raises NoToken, TwoTokens, NotFound."""
    if kind is TokenKind.calendar:
        return str(request.path_params.get("token", ""))
    said = request.headers.getlist("authorization")
    if len(said) > 1:
        raise TwoTokens
    scheme, _blank, token = (said[0] if said else "").strip().partition(" ")
    if scheme.lower() != "bearer":
        raise NoToken
    return token.strip()


def _find(token: str, kind: TokenKind, network: str) -> Holder:
    """Who holds it. Raises WrongToken, TooManyTries."""
    now = datetime.now(UTC)
    with db.reading() as session:
        holder = accounts.find_holder(session, token=token, kind=kind, now=now)
        wait = 0 if holder else accounts.wait_before_next_token(session, address=network, now=now)
    if wait:
        raise TooManyTries(seconds=wait)
    if holder is None:
        with db.writing() as session:
            accounts.count_wrong_token(session, address=network, now=now)
        raise WrongToken
    if holder.last_on != (today := day_of(now)):
        # Reading goes on where nothing can be written, as on a full disk; what names people is noted or not given out.
        with suppress(Refused, SQLAlchemyError), db.writing() as session:
            accounts.note_token_use(session, token_id=holder.token_id, day=today)
    return holder


def _go(who: tuple[str, object], pace: tuple[int, float]) -> None:
    """Take one of the requests that somebody has. Raises TooMany."""
    kept = _paces.of(who, *pace)
    if not kept.may():
        raise TooMany(seconds=max(1, round(kept.seconds_to_next + 0.5)))


# --- how it is told --------------------------------------------------------------------------------------------------


def _speak(request: Request, visitor: Visitor | None = None) -> None:
    """The language that is asked for, else its owner's, else Thai."""
    asked = request.headers.get("accept-language", "").strip().lower()[:2]
    usual = visitor.language if visitor else language.LANGUAGES[0]
    language.use(asked if asked in language.LANGUAGES else usual)


def _status(refused: Refused) -> int:
    statuses: dict[type[Refused], int] = {
        NotFound: 404, NoToken: 401, WrongToken: 401, OnlyRead: 405, AddressTooLong: 414, TooMany: 429,
        TooManyAtOnce: 429, TooManyTries: 429,
    }  # fmt: skip
    return statuses.get(type(refused), 503 if refused.passing else 400)


def _headers(refused: Refused, status: int) -> dict[str, str]:
    headers = {
        "Cache-Control": "private, no-store", "Content-Security-Policy": _ACTS, "Referrer-Policy": "no-referrer",
        "Content-Language": language.current(),
    }  # fmt: skip
    if status in {429, 503}:
        headers["Retry-After"] = str(refused.facts.get("seconds", 10))
    if status == 405:
        headers["Allow"] = _ALLOW
    error = {WrongToken: "invalid_token", TokenInAddress: "invalid_request", TwoTokens: "invalid_request"}
    if isinstance(refused, NoToken):  # RFC 6750, section 3: who sent none is told no code
        headers["WWW-Authenticate"] = _CHALLENGE
    elif code := error.get(type(refused)):
        headers["WWW-Authenticate"] = f'{_CHALLENGE}, error="{code}"'
    return headers


def _problem(refused: Refused) -> Response:
    """As RFC 9457 has it: the status' own name as title, our sentence as detail."""
    status = _status(refused)
    said = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": refused.first_lines}
    return Response(_json(said), status, _headers(refused, status), describing.PROBLEM)


def _sentence(refused: Refused) -> Response:
    """For a calendar: an address that does not hold is one that is not there."""
    if isinstance(refused, WrongToken):
        refused = NotFound()
    status = _status(refused)
    return Response(refused.first_lines, status, _headers(refused, status), "text/plain; charset=utf-8")


def _json(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode()


def _tagged(
    request: Request, answer: Response | Callable[[], Response], *content: bytes, cache: str = "private, no-store"
) -> Response:
    """The answer with its ETag, or 304 without it, where the asker has it already: then none is made."""
    tag = '"' + hashlib.sha256(b"\0".join(content)).hexdigest()[:32] + '"'
    headers = {
        "ETag": tag, "Cache-Control": cache, "Content-Security-Policy": _ACTS, "Referrer-Policy": "no-referrer",
        "X-Robots-Tag": "noindex",
    }  # fmt: skip
    known = [one.strip().removeprefix("W/") for one in request.headers.get("if-none-match", "").split(",")]
    if tag in known or "*" in known:
        return Response(status_code=304, headers=headers)
    made = answer if isinstance(answer, Response) else answer()
    made.headers.update(headers)
    return made


# --- what there is ---------------------------------------------------------------------------------------------------


def _nothing(_request: Request, _visitor: Visitor) -> Response:
    raise NotFound


def _listed(request: Request, visitor: Visitor) -> Response:
    """The tables that the holder may have something of, and the offices and years."""
    _check_known(request, "/", ())
    with db.reading() as session:
        years = queries.list_visible(session, visitor.account_id)
        who = [queries.get_actor(session, visitor.account_id, one.id) for one in years]
    offered = {name for name in making.TABLES if any(making.offered(name, one) for one in who)}
    content = _json(
        {
            "tables": [
                {"name": name, "title": _(title), "about": _(about), "address": API + name}
                for name, (title, about) in making.TABLES.items()
                if name in offered
            ],
            "years": [
                {
                    "office": one.office_code, "year": one.fiscal_year, "name": one.office, "starts": str(one.starts),
                    "ends": str(one.ends),
                }
                for one in years
            ],
        }
    )  # fmt: skip
    return _tagged(request, Response(content, media_type="application/json"), content)


def _table(request: Request, visitor: Visitor) -> Response:
    """A table of what the holder may read of an office and year, as of a day up to today."""
    name, fmt = request.path_params["table"], request.query_params.get("format", "json")
    if name not in making.TABLES:
        raise NotFound
    with db.reading() as session:
        who, data, day = asked_of(request, session, visitor, named="as_of")
        if not making.offered(name, who):
            raise NotFound
        _check_known(request, name, (*_OWN, *making.CHOSEN_BY[name]))
        if fmt not in making.ENCODINGS:
            raise NoFormat(format=fmt[:20], known=", ".join(making.ENCODINGS))
        make = making.prepare(session, name, data, day, who, request.query_params)
    table = make()
    if len(table.rows) > MOST_ROWS:
        raise TableTooLong(rows=f"{len(table.rows):,}", most=f"{MOST_ROWS:,}")
    if fmt == "xlsx":
        check_rows(len(table.rows))
    rows = tables.as_json(table).encode()  # of the same rows an Excel file is never the same bytes
    media_type, encode = making.ENCODINGS[fmt]

    def give() -> Response:
        if name in making.PERSONAL and request.method != "HEAD":
            # By the token, so that what a thief takes does not look like the same thing that its owner took.
            token = request.state.token_id
            note_export(
                visitor.account_id, data.assessment.id, f"{name} by token {token}", day, format=fmt, token=token
            )
        if fmt == "json":
            return Response(rows, media_type=media_type)
        return given(encode(table), media_type, tables.file_name(name, data.assessment, day, fmt))

    return _tagged(request, give, fmt.encode(), language.current().encode(), rows)


def _check_known(request: Request, name: str, known: tuple[str, ...]) -> None:
    """Raises UnknownWish for what would be asked for in vain."""
    if odd := [one for one in request.query_params if one not in known]:
        raise UnknownWish(table=name, what=", ".join(odd)[:100], known=", ".join(known) or "–")


def _calendar(request: Request, visitor: Visitor) -> Response:
    """The holder's own calendar, or with `whose=office` their office's."""
    of_office = request.query_params.get("whose", "") == "office"
    with db.reading() as session:
        years = queries.list_calendar(session, visitor.account_id, settings().day(), of_office=of_office)
    content = calendar.as_ics(years, own=not of_office, home=_home(request))
    answer = Response(content, media_type=calendar.MEDIA_TYPE)
    return _tagged(request, answer, content, cache="private, no-cache")


def _calendar_file(request: Request, visitor: Visitor) -> Response:
    """The same as a file, of the office and year that the address names, for whoever is signed in."""
    of_office = request.query_params.get("whose", "") == "office"
    with db.reading() as session:
        who, data, day = asked_of(request, session, visitor, any_day=False)
        officer = queries.whose(who, of_office=of_office)
        events = queries.list_events(session, who, data.assessment, day, officer)
    content = calendar.as_ics([events], own=not of_office, home=_home(request))
    return given(content, calendar.MEDIA_TYPE, tables.file_name(calendar.NAME, data.assessment, day, "ics"))


def _home(request: Request) -> str:
    return settings().public_url or str(request.base_url).rstrip("/")


async def _described(request: Request) -> Response:
    """The description, for anybody: it says what there is, of nobody."""
    _speak(request)
    if request.method == "OPTIONS":
        return Response(status_code=204, headers={"Allow": _ALLOW})
    if request.method not in {"GET", "HEAD"}:
        return _problem(OnlyRead())
    try:
        _check_address(request, TokenKind.read)
        _go(("address", accounts.network_of(address_of(request.scope))), ADDRESS_PACE)
    except Refused as refused:
        return _problem(refused)
    content = _description(settings().public_url)
    return _tagged(request, Response(content, media_type="application/json"), content, cache="no-cache")


@lru_cache(maxsize=1)
def _description(server: str) -> bytes:
    return _json(describing.openapi(server))
