"""Who is here, asked of the database on every run; and the one way by which a page talks to our routes.

A session holds what the gate wrote into its header when the websocket opened: the sign-in's public id. Whether that
sign-in still holds is asked anew each time, so that whatever an administrator does holds from the next action on.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

import streamlit as st

from ita_core import accounts, db, language
from ita_core.accounts import Visitor
from ita_core.settings import settings
from ita_core.web import inside
from ita_core.web.gate import DEVICE_COOKIE, HALF_COOKIE
from ita_core.web.provider import LEAVE
from pages.parts import templates

_posting = st.components.v2.component("ita_post", js=templates.script("post.js"))


_found: ContextVar[Visitor | None] = ContextVar("ita_visitor", default=None)


@contextmanager
def as_found(visitor: Visitor) -> Iterator[None]:
    """What a run has just found out holds for the page that it draws: `visitor` doesn't ask it again."""
    before = _found.set(visitor)
    try:
        yield
    finally:
        _found.reset(before)


def visitor() -> Visitor | None:
    """Who is signed in now, None for nobody; sets the language that this run speaks.

    Nobody, too, is whoever must set up a second step first: to them only that is drawn (`as_found`).
    """
    if found := _found.get():
        return found
    with db.reading() as session:
        here = find(session)
    return None if here is None or here.must_enrol else here


def find(session: db.Session) -> Visitor | None:
    """Who is signed in, asked in this session; whoever must set up a second step first is among them."""
    now = datetime.now(UTC)
    found = accounts.find_visitor_by_public_id(session, public_id=inside.owner_here(), now=now)
    if found:
        accounts.note_use(found.sign_in_id, now)
    language.use(found.language if found else "th")
    return found


def address() -> str:
    """The visitor's address, as the gate sees it; Streamlit says None for this machine's own."""
    known = st.context.ip_address
    return known if isinstance(known, str) else "127.0.0.1"  # Streamlit's own test runner knows none either


def device() -> str:
    """The token that this browser is known by since somebody signed in with it; empty for none."""
    held = st.context.cookies.get(DEVICE_COOKIE)
    return held if isinstance(held, str) else ""  # Streamlit's own test runner gives anything


def half() -> str:
    """The token of half a sign-in that a route left in a cookie: a provider named who it is, the code is to come."""
    held = st.context.cookies.get(HALF_COOKIE)
    return held if isinstance(held, str) else ""


def post(path: str, body: dict[str, object], *, key: str, then: str = "") -> bool:
    """Let the browser post this once, then load this address again, or open `then`; True if the server refused."""
    answer = _posting(
        data={"path": path, "body": body, "key": key, "then": then},
        key="post-" + path.strip("/"),
        on_failed_change=lambda: None,
    )
    return bool(answer.failed)


def enter(ticket: str, *, then: str = "") -> bool:
    """Exchange the ticket for the cookie and come back signed in; True if the ticket was refused."""
    return post("/auth/enter", {"ticket": ticket}, key=ticket, then=then)


def sign_out_button(label: str, *, everywhere: bool = False, key: str = "sign-out") -> None:
    """A button that ends this sign-in, or all of the account, and opens the front page; by way of the provider, where
    whoever came in by it signs out there, too."""
    if st.button(label, key=key, icon=":material/logout:"):
        then = LEAVE if settings().oidc_issuer else "/"
        post("/auth/leave", {"everywhere": everywhere}, key=datetime.now(UTC).isoformat(), then=then)
