"""The gate around Streamlit: who is here, decided before Streamlit sees a request or a websocket.

Streamlit takes its session id for a login: whoever names another's continues it. So the gate writes who is signed in
into a header of its own, which `server.trustedUserHeaders` binds every Streamlit session to, and takes another's
session id out of the handshake by itself as well. It also closes what Streamlit leaves open to anybody: media, metrics,
the agent API, and its uploads, which it keeps in memory (ours go to `uploads.py`).

A websocket is let in from pages of ours only, by its Origin: Streamlit takes those of this host's other ports, and for
an unknown one asks the internet for its own address, with everybody waiting. How many, and what they may send: `lines`.
"""

import ipaddress
import secrets
from collections.abc import Collection, Iterable
from contextlib import suppress
from datetime import UTC, datetime
from urllib.parse import urlsplit

from anyio import to_thread
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect, HTTPConnection
from starlette.responses import PlainTextResponse, RedirectResponse
from starlette.routing import BaseRoute, Match
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocket, WebSocketDisconnected

from ita_core import accounts, db
from ita_core.accounts import Visitor
from ita_core.errors import Refused
from ita_core.language import N_, _
from ita_core.settings import settings
from ita_core.web import hosts
from ita_core.web.lines import MOST_OF_AN_ACCOUNT, Lines, Sessions

COOKIE = "ita_session"
DEVICE_COOKIE = "ita_device"  # the browser that somebody signed in with before: `accounts.know_device`
HALF_COOKIE = "ita_half"  # half a sign-in that began at a route (`accounts.pass_first_step`): its code is asked for
HEADER = "x-ita-session"
LONGEST_QUERY = 8 * 1024  # bytes; the longest of ours names a few filters
LONGEST_PATH = 1024
_TOO_LONG = N_("This address is too long to be one of the dashboard's.")
USER_KEY = "ita_session"  # what Streamlit calls the header's value: `st.user["ita_session"]`

# Nobody is looked up by a cookie: Streamlit's own JavaScript, fonts and component files are the same for everybody, and
# programs and calendars come with a token, beside which a cookie opens nothing.
_FOR_ANYBODY = (
    "/api/",
    "/calendar/",
    "/static/",
    "/component/",
    "/_stcore/health",
    "/_stcore/host-config",
    "/_stcore/bidi-components/",
    "/icon.svg",
)
# Streamlit's own uploads, sign-in by OpenID Connect and agent API: not used here, so not there.
_CLOSED = (
    "/_stcore/upload_file",
    "/_stcore/agent",
    "/_stcore/script-health-check",
    "/auth/login",
    "/auth/logout",
    "/oauth2callback",
)
_AT_THE_DOOR = "/auth/"
_STREAMLITS = ("_stcore/", "static/", "component/", "media/")  # files, to which a browser may go as to a page
_METRICS = "/_stcore/metrics"
_MEDIA = "/media/"
_STREAM = "/_stcore/stream"
_NO_DEVICES = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
# A page asks for some sixty scripts, most of them of a few hundred bytes: what browsers hold documents to would double
# those. A worker is held to its script's own policy; this one is narrower than the pages'.
_NO_DOCUMENTS = ("text/javascript", "application/javascript", "text/css", "font/")
_NOTHING_OF_OTHERS = "default-src 'self'; frame-ancestors 'none'"


def policy(script_hashes: Iterable[str] = ()) -> str:
    """The Content-Security-Policy that Streamlit can live with; the hashes allow the inline scripts of its page."""
    scripts = " ".join(f"'{one}'" for one in script_hashes)
    return "; ".join(
        [
            "default-src 'self'",
            # A component's code is imported from a blob. No eval: Streamlit's Vega interprets its expressions; of all
            # elements only st.graphviz_chart (WebAssembly) would need it.
            f"script-src 'self' blob: {scripts}".rstrip(),
            "style-src 'self' 'unsafe-inline'",  # emotion writes its styles into the page
            "img-src 'self' data: blob:",
            "media-src 'self' data: blob:",
            "font-src 'self' data:",
            "connect-src 'self'",  # the websocket too
            "worker-src 'self' blob:",
            "frame-src 'self' blob: data:",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            "frame-ancestors 'self'",
        ]
    )


class Gate:
    """Middleware: finds the visitor, binds Streamlit's session to them, refuses what is not theirs, adds headers.

    Behind it `scope["state"]["visitor"]` is a `Visitor` or None. `sessions` is Streamlit's, of at most so many
    connections; without it there are no websockets. `pages` are the addresses that pages stand at, `routes` ours
    beside them: what they answer is no page, however a browser asks for it (a download in a tab of its own).
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        sessions: Sessions | None = None,
        connections: int = 0,
        pages: Collection[str] = (),
        routes: Collection[BaseRoute] = (),
        script_hashes: Iterable[str] = (),
    ) -> None:
        self.app = app
        self.lines = Lines(connections, sessions) if sessions else None
        self.pages = {"", *pages}
        self.routes = routes
        self.policy = policy(script_hashes)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in {"http", "websocket"}:
            await self.app(scope, receive, send)
            return
        # Whoever goes away in the middle gets no answer, and writes no page of traceback into the log by it.
        with suppress(ClientDisconnect, WebSocketDisconnected):
            await self._answer(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            send = self._with_headers(scope, send)
        if not hosts.is_ours(scope):
            hosts.note_foreign(scope)
            says = _("This address does not lead to the dashboard. Ask whoever gave it to you.")
            await _refuse(scope, receive, send, 421, says)
            return
        if len(scope["path"]) > LONGEST_PATH:  # before a route reads a number of a million digits in it
            await _refuse(scope, receive, send, 414, _(_TOO_LONG))
            return
        try:
            status = self._drop_foreign_origin(scope) or await self._check(scope)
        except Refused as busy:
            await _refuse(scope, receive, send, 503, str(busy))
            return
        if status:
            await _refuse(scope, receive, send, status, "")
            return
        if self._wants_page(scope) and (fault := self._fault_of_page(scope)):
            await _refuse(scope, receive, send, *fault)
        elif self._is_no_page(scope):
            await RedirectResponse("/", status_code=303)(scope, receive, send)
        elif scope["type"] == "websocket":
            await self._stream(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    def _drop_foreign_origin(self, scope: Scope) -> int:
        """The status to refuse a websocket from another's page with, or 0; a request from there says no Origin.

        Streamlit never sees another's Origin, so it has nothing to ask the internet about.
        """
        if own_origin(HTTPConnection(scope)):
            return 0
        if scope["type"] == "websocket":
            return 403
        scope["headers"] = [header for header in scope["headers"] if header[0].lower() != b"origin"]
        return 0

    async def _stream(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Streamlit's websocket, within bounds."""
        visitor: Visitor | None = scope["state"]["visitor"]
        if self.lines is None or scope["path"] != _STREAM:
            await _refuse(scope, receive, send, 404, "")
            return
        try:
            browser = "" if visitor else await to_thread.run_sync(_known_browser, scope)
        except Refused:  # a busy database
            await _refuse(scope, receive, send, 503, "")
            return
        holder = _account(visitor) if visitor else browser or accounts.network_of(address_of(scope))
        line = self.lines.open(scope["state"]["owner"], holder, known=visitor is not None, apart=bool(browser))
        if line is None:
            await _refuse(scope, receive, send, 503, "")
            return
        scope["state"]["line"] = line  # `connections` holds what is not whole yet to it, too
        try:
            await self.app(scope, line.receiving(receive, send), line.sending(send))
        finally:
            self.lines.close(line)

    def _is_no_page(self, scope: Scope) -> bool:
        """Whether a person asks for an address that nothing stands at: Streamlit would say so in English."""
        path = scope["path"].strip("/")
        return len(self.pages) > 1 and self._wants_page(scope) and path not in self.pages

    def _wants_page(self, scope: Scope) -> bool:
        if scope["type"] != "http" or scope["method"] != "GET":
            return False
        path = scope["path"].strip("/")
        if "text/html" not in Headers(scope=scope).get("accept", "") or path.startswith(_STREAMLITS):
            return False
        return all(one.matches(scope)[0] is not Match.FULL for one in self.routes)

    def _fault_of_page(self, scope: Scope) -> tuple[int, str] | None:
        """The status to refuse a page with, and why: its websocket would be refused without a word."""
        if len(scope["query_string"]) > LONGEST_QUERY:
            return 414, _(_TOO_LONG)
        visitor: Visitor | None = scope["state"]["visitor"]
        if self.lines and visitor and self.lines.is_full(_account(visitor)):
            says = _("Your account has {most} windows of the dashboard open. Close some, then open this page again.")
            return 503, says.format(most=MOST_OF_AN_ACCOUNT)
        return None

    async def _check(self, scope: Scope) -> int:
        """Put the visitor into the scope, in place of what the browser says; the status to refuse with, or 0."""
        visitor = None
        if not scope["path"].startswith(_FOR_ANYBODY):
            visitor = await to_thread.run_sync(_find, HTTPConnection(scope).cookies.get(COOKIE, ""))
        if visitor and visitor.must_enrol and scope["type"] == "http" and not scope["path"].startswith(_AT_THE_DOOR):
            visitor = None  # nothing is given out before they have the second factor that their role must have
        scope.setdefault("state", {})["visitor"] = visitor
        # An anonymous visitor gets a name that comes once: nobody else's anonymous session is theirs to continue.
        name = visitor.sign_in_id if visitor else "anonymous-" + secrets.token_urlsafe(16)
        scope["state"]["owner"] = name
        scope["headers"] = [header for header in scope["headers"] if _plain(header[0]) != HEADER]
        scope["headers"].append((HEADER.encode(), name.encode()))
        if scope["type"] == "websocket":
            await self._drop_foreign_session(scope, visitor, name)
            return 0
        return self._fault(scope["path"], visitor)

    def _fault(self, path: str, visitor: Visitor | None) -> int:
        """The status to refuse this request with, 0 if it may pass."""
        if path.startswith(_CLOSED):
            return 404
        if path.startswith(_METRICS):
            return 0 if visitor and visitor.administers else 404
        if path.startswith(_MEDIA):
            return 0 if visitor else 403
        return 0

    async def _drop_foreign_session(self, scope: Scope, visitor: Visitor | None, name: str) -> None:
        """Streamlit reads the session to continue from the third subprotocol: only one's own may stand there."""
        headers = MutableHeaders(scope=scope)
        offered = [part.strip() for part in headers.get("sec-websocket-protocol", "").split(",")]
        if len(offered) < 3 or self.lines is None:
            return
        owner = self.lines.sessions.owner_of(offered[2])
        if owner != name:
            headers["sec-websocket-protocol"] = ", ".join(offered[:2])
            await to_thread.run_sync(_note, visitor, owner, address_of(scope))

    def _with_headers(self, scope: Scope, send: Send) -> Send:
        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.setdefault("X-Content-Type-Options", "nosniff")
                if headers.get("content-type", "").startswith(_NO_DOCUMENTS):
                    headers.setdefault("Content-Security-Policy", _NOTHING_OF_OTHERS)
                else:
                    headers.setdefault("Content-Security-Policy", self.policy)
                    headers.setdefault("X-Frame-Options", "SAMEORIGIN")
                    headers.setdefault("Referrer-Policy", "same-origin")
                    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
                    headers.setdefault("Permissions-Policy", _NO_DEVICES)
                if is_https(scope):
                    headers.setdefault("Strict-Transport-Security", "max-age=31536000")
                if scope["path"].startswith(_MEDIA):
                    headers.setdefault("Cache-Control", "private, no-store")
            await send(message)

        return sending


def own_origin(connection: HTTPConnection) -> bool:
    """Whether a page of ours sent this: a browser names the origin of every POST and of every websocket."""
    origin = connection.headers.get("origin", "")
    if settings().public_url and origin == settings().public_url:
        return True
    try:
        said = urlsplit(origin)
    except ValueError:  # http://[
        return False
    schemes = {"https"} if is_https(connection.scope) else {"http", "https"}  # a proxy's TLS may be none of ours
    return said.scheme in schemes and said.netloc == connection.headers.get("host")


def is_https(scope: Scope) -> bool:
    """Whether the browser came by TLS, here or at a proxy that says so."""
    return settings().https or scope.get("scheme") in {"https", "wss"}


def address_of(scope: Scope) -> str:
    """The address that the request came from, "" where that is none.

    uvicorn has taken it from a trusted proxy's header already, unread; one of IPv4 may be written as IPv6 has it.
    """
    try:
        address = ipaddress.ip_address(scope["client"][0] if scope.get("client") else "")
    except ValueError:
        return ""
    return str(getattr(address, "ipv4_mapped", None) or address)


def _plain(header: bytes) -> str:
    return header.decode("latin-1").lower().replace("_", "-")


def _account(visitor: Visitor) -> str:
    return f"account {visitor.account_id}"


def _known_browser(scope: Scope) -> str:
    """The browser of one who isn't signed in, where somebody signed in with it before; else ""."""
    if device := HTTPConnection(scope).cookies.get(DEVICE_COOKIE, ""):
        with db.reading() as session:
            if number := accounts.known_device(session, device=device):
                return f"browser {number}"
    return ""


def _find(token: str) -> Visitor | None:
    if not token:
        return None
    now = datetime.now(UTC)
    with db.reading() as session:
        found = accounts.find_visitor(session, token=token, now=now)
    if found:
        accounts.note_use(found.sign_in_id, now)
    return found


def _note(visitor: Visitor | None, owner: str | None, address: str) -> None:
    if owner:
        with db.writing() as session:
            accounts.note_intrusion(
                session, visitor=visitor, owner_id=owner, what="session", address=address, now=datetime.now(UTC)
            )


async def _refuse(scope: Scope, receive: Receive, send: Send, status: int, says: str) -> None:
    headers = {"Retry-After": "10"} if status == 503 else {}
    response = PlainTextResponse(says, status_code=status, headers=headers)
    if scope["type"] == "websocket":
        await receive()
        await WebSocket(scope, receive, send).send_denial_response(response)
        return
    await response(scope, receive, send)
