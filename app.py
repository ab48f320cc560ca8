"""The server: `streamlit run app.py`. Streamlit runs `pages/navigation.py`; around it stands our gate."""

import asyncio
import base64
import gc
import hashlib
import re
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware
from streamlit import config

from ita_core import language, start
from ita_core.errors import Refused
from ita_core.language import _
from ita_core.settings import settings
from ita_core.web import connections, downloads, inside, routes, uploads
from ita_core.web.gate import HEADER, USER_KEY, Gate
from pages import ADDRESSES, _marks

# Streamlit's lazy parts that every page of ours draws with: st.html, our links, columns' popovers.
EVERY_PAGE = ("Html", "purify.es", "BidiComponent", "Popover", "ButtonGroup")


def prepare() -> None:
    """Make the database ready and print the first administrator's link; ends with one sentence where it can't."""
    language.use("en")  # the terminal's language
    trusted = config.get_option("server.trustedUserHeaders") or {}
    try:
        if {name.lower(): key for name, key in trusted.items()} != {HEADER: USER_KEY}:
            raise Refused("server.trustedUserHeaders must be as in .streamlit/config.toml: sessions depend on it.")  # noqa: TRY301
        if config.get_option("server.baseUrlPath"):
            raise Refused("server.baseUrlPath cannot be used: serve it at the root of a host name of its own.")  # noqa: TRY301
        link = start.prepare(settings().public_url or f"http://localhost:{config.get_option('server.port')}")
    except Refused as refused:
        first, *more = str(refused).splitlines()
        rest = f" (and {len(more)} more: `ita plan check` names them all)" if more else ""
        print(first + rest, file=sys.stderr, flush=True)
        raise SystemExit(1) from None
    finally:
        language.use("th")
    if link:
        print(f"  Open this link to become the first administrator (once, within 7 days):\n  {link}\n", flush=True)


def first_page() -> str:
    """Streamlit's own page as we serve it: in Thai, with our icon, without the fonts that nobody here reads.

    It says where the server is; without that Streamlit tries the page's address first, and each first load of a page
    but "/" waits 100 ms for the 404. The parts that every page of ours needs are fetched at once, not one by one.
    """
    static = Path(st.__file__).parent / "static"
    page = (static / "index.html").read_text(encoding="utf-8")
    parts = [path.name for part in EVERY_PAGE for path in sorted(static.glob(f"static/js/{part}.*.js"))]
    preload = "".join(f'<link rel="modulepreload" crossorigin href="./static/js/{name}">' for name in parts)
    page = re.sub(r"<link\s+rel=\"preload\".*?/>", "", page, flags=re.DOTALL)
    page = page.replace('<html lang="en">', '<html lang="th">').replace(
        "<title>Streamlit</title>", "<title>ITA</title>"
    )
    page = page.replace('href="./favicon.png"', f'href="{routes.ICON}"')
    server = "<script>window.__streamlit = { BACKEND_BASE_URL: location.origin };</script>"
    return page.replace("</head>", f"{preload}{server}</head>")


def script_hashes(page: str) -> list[str]:
    """The hashes by which the policy allows the scripts that stand in the page itself."""
    scripts = re.findall(r"<script>(.*?)</script>", page, flags=re.DOTALL)
    return ["sha256-" + base64.b64encode(hashlib.sha256(one.encode()).digest()).decode() for one in scripts]


def tell(error: Exception) -> bool:
    """What a page shows for an error that it did not expect: a refusal's own sentence, else that it was noted."""
    unexpected = _("Something went wrong here. It has been noted on the server; nothing was saved by this step.")
    st.error(_marks.plain(str(error)) if isinstance(error, Refused) else unexpected)
    return True  # Streamlit has written the traceback to the log, and shows nothing of its own


@asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[None]:
    # The first visitor should not wait for these, nor for what draws charts to get going.
    import pandas  # noqa: F401

    from ita_core import charts

    charts.picture((), (), date(2025, 1, 1), "th")

    connections.prepare(CONNECTIONS, settings().proxy)
    # What is loaded now stays: the garbage collector needn't walk through it after every run (from 79 ms to 2).
    gc.collect()
    gc.freeze()
    clearing = asyncio.create_task(start.clear_regularly())
    yield
    clearing.cancel()


def gate() -> Middleware:
    """Our gate around Streamlit, with what it asks of this program."""
    return Middleware(
        Gate, sessions=inside, connections=CONNECTIONS, pages=ADDRESSES, script_hashes=script_hashes(PAGE)
    )


PAGE = first_page()
CONNECTIONS = connections.room()
ROUTES = [*routes.routes(), *routes.pages(PAGE, ADDRESSES), *downloads.routes(), *uploads.routes()]
prepare()
app = st.App(
    "pages/navigation.py",
    routes=ROUTES,
    middleware=[gate()],
    lifespan=lifespan,
    on_script_error=tell,
)
