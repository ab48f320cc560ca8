"""The server: `streamlit run app.py`. Streamlit runs `pages/navigation.py`; around it stands our gate."""

import asyncio
import gc
import logging
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import date
from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware
from streamlit import config

from ita_core import language, start, turns
from ita_core.errors import Refused
from ita_core.language import _
from ita_core.settings import settings
from ita_core.web import (
    connections,
    documents,
    downloads,
    inside,
    line,
    manual,
    packs,
    page,
    plan_files,
    programs,
    provider,
    routes,
    score_files,
    stakeholders,
    static,
    uploads,
)
from ita_core.web.gate import HEADER, USER_KEY, Gate
from pages import ADDRESSES
from pages.parts import marks, templates

_log = logging.getLogger(__name__)
STREAMLITS = Path(st.__file__).parent / "static"


@contextmanager
def refusal_ends_it() -> Iterator[None]:
    """What is refused at the start is said in one sentence, in the terminal's language; then it ends."""
    language.use("en")
    try:
        yield
    except Refused as refused:
        first, *more = str(refused).splitlines()
        rest = f" (and {len(more)} more: `ita plan check` names them all)" if more else ""
        print(first + rest, file=sys.stderr, flush=True)
        raise SystemExit(1) from None
    finally:
        language.use("th")


def prepare() -> None:
    """Make the database ready and print the first administrator's link.

    Raises Refused where it can't.
    """
    trusted = config.get_option("server.trustedUserHeaders") or {}
    if {name.lower(): key for name, key in trusted.items()} != {HEADER: USER_KEY}:
        raise Refused("server.trustedUserHeaders must be as in .streamlit/config.toml: sessions depend on it.")
    if config.get_option("server.baseUrlPath"):
        raise Refused("server.baseUrlPath cannot be used: serve it at the root of a host name of its own.")
    link = start.prepare(settings().public_url or f"http://localhost:{config.get_option('server.port')}")
    if link:
        print(f"  Open this link to become the first administrator (once, within 7 days):\n  {link}\n", flush=True)


def tell(error: Exception) -> bool:
    """What a page shows for an error that it did not expect: a refusal's own sentence, else that it was noted."""
    unexpected = _("Something went wrong here. It has been noted on the server; nothing was saved by this step.")
    st.error(marks.plain(str(error)) if isinstance(error, Refused) else unexpected)
    return True  # Streamlit has written the traceback to the log, and shows nothing of its own


@asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[None]:
    # The first visitor should not wait for these, nor for what draws charts to get going.
    import pandas  # noqa: F401

    from ita_core import charts

    charts.picture((), (), date(2025, 1, 1), "th")
    templates.prepare()

    connections.prepare(CONNECTIONS, settings().proxy)
    # What is loaded now stays: the garbage collector needn't walk through it after every run (from 79 ms to 2).
    gc.collect()
    gc.freeze()
    working = [asyncio.create_task(one()) for one in (start.clear_regularly, start.write_use_regularly)]
    yield
    for one in working:
        one.cancel()
    _log.warning("Scripts' turns: %s", turns.figures())


def gate() -> Middleware:
    """Our gate around Streamlit, with what it asks of this program."""
    return Middleware(
        Gate, sessions=inside, connections=CONNECTIONS, pages=ADDRESSES, routes=ROUTES, script_hashes=PAGE.script_hashes
    )


def light() -> Middleware:
    """Streamlit's files, compressed; kept where this server keeps what it can make again."""
    keep = Path(settings().cache_folder) / "static"
    return Middleware(static.Static, shelf=static.Shelf(STREAMLITS / "static", PAGE.files, keep))


with refusal_ends_it():
    inside.check()
    inside.one_at_a_time()
    PAGE = page.made(STREAMLITS)
    CONNECTIONS = connections.room()
    ROUTES = [
        *routes.routes(), *downloads.routes(), *documents.routes(), *packs.routes(), *plan_files.routes(),
        *line.routes(), *manual.routes(), *programs.routes(), *provider.routes(), *score_files.routes(),
        *stakeholders.routes(), *uploads.routes(CONNECTIONS),
    ]  # fmt: skip
    prepare()
app = st.App(
    "pages/navigation.py",
    routes=[*routes.pages(PAGE.html, ADDRESSES), *ROUTES],
    middleware=[gate(), light()],
    lifespan=lifespan,
    on_script_error=tell,
)
