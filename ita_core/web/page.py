"""Streamlit's own page as we serve it: in Thai, with our icon, and with what our pages draw with and no more."""

import base64
import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from ita_core.web import inside, routes, static

# Streamlit's lazy parts that every page of ours draws with at once: st.html and our links.
EVERY_PAGE = ("Html", "BidiComponent")
LATIN, SYMBOLS = "Source Sans", "Material Symbols Rounded"  # Streamlit's fonts
ICONS = Path(__file__).with_name("icons.woff2")

# What Streamlit's page asks the server for before it opens its websocket, unless it knows: the server's own answer.
HOST = {
    "useExternalAuthToken": False,
    "enableCustomParentMessages": False,
    "enforceDownloadInNewTab": False,
    "metricsUrl": "",
    "blockErrorDialogs": False,
    "resourceCrossOriginMode": None,
}
# And where the server is: without that it tries the page's address first, and each first load of a page but "/" waits
# 100 ms for the 404. Pages that may frame ours and talk to it are none, but the list must not be empty.
_WHERE = Path(__file__).with_name("where.js").read_text(encoding="utf-8").strip()
_SERVER = _WHERE.replace("...HOST ", f"...{json.dumps(HOST)} ")
_FACE = re.compile(r"@font-face\{[^}]*\}")
_IMPORT = re.compile(r'(?:from|import)"\./([\w.-]+\.js)"')


@dataclass(frozen=True)
class Page:
    """The HTML, and files of ours that it names, by their names below /static/."""

    html: str
    files: dict[str, bytes]

    @cached_property
    def script_hashes(self) -> list[str]:
        """The hashes by which the policy allows the scripts that stand in the page itself."""
        scripts = re.findall(r"<script>(.*?)</script>", self.html, flags=re.DOTALL)
        return ["sha256-" + base64.b64encode(hashlib.sha256(one.encode()).digest()).decode() for one in scripts]


def made(folder: Path) -> Page:
    """The page, from Streamlit's `static` folder.

    The parts that every page of ours needs are fetched at once, not one by one as each asks for the next.

    Raises PartGone where something that is to be changed is not as it was.
    """
    html = (folder / "index.html").read_text(encoding="utf-8")
    scripts = folder / "static" / "js"
    parts = []
    for part in EVERY_PAGE:
        parts += sorted(path.name for path in scripts.glob(f"{part}.*.js")) or _gone(f"{part}.js")
    missing = [name for name in _with_imports(scripts, parts) if name not in html]
    preload = "".join(f'<link rel="modulepreload" crossorigin href=".{static.ADDRESS}js/{name}">' for name in missing)
    files: dict[str, bytes] = {}
    html = _changed(r"<link\s+rel=\"preload\".*?/>", "", html)
    for name in re.findall(r"static/(css/index\.[\w-]+\.css)", html) or _gone("its styles"):
        ours = _styles((folder / "static" / name).read_text(encoding="utf-8"))
        files |= ours
        html = html.replace(name, next(iter(ours)))
    html = _changed('<html lang="en">', '<html lang="th">', html)
    html = _changed("<title>Streamlit</title>", "<title>ITA</title>", html)
    html = _changed(r'href="\./favicon\.png"', f'href="{routes.ICON}"', html)
    return Page(_changed("</head>", f"{preload}<script>{_SERVER}</script></head>", html), files)


def _changed(pattern: str, ours: str, text: str) -> str:
    text, number = re.subn(pattern, lambda _found: ours, text, flags=re.DOTALL)
    return text if number else next(iter(_gone(pattern)))


def _gone(what: str) -> list[str]:
    raise inside.gone(what, "the page that is served first")


def _with_imports(scripts: Path, names: Iterable[str]) -> list[str]:
    """These scripts and whatever they import before they can run, in the order found."""
    found: dict[str, None] = {}
    left = list(names)
    while left:
        name = left.pop(0)
        if name not in found:
            found[name] = None
            left += _IMPORT.findall((scripts / name).read_text(encoding="utf-8"))
    return list(found)


def _styles(css: str) -> dict[str, bytes]:
    """Streamlit's styles without Source Sans, which has no Thai letter and would be fetched for texts that are not
    there yet; and with an icon font of the icons that are used, a twentieth of the whole one. The styles come first."""
    font = ICONS.read_bytes()
    icons = f"media/icons.{_hash(font)}.woff2"

    seen: set[str] = set()

    def face(found: re.Match[str]) -> str:
        name = next((name for name in (LATIN, SYMBOLS) if f"font-family:{name};" in found[0]), "")
        seen.add(name)
        if name == SYMBOLS:
            return _changed(r"url\([^)]*\)", f"url(../{icons})", found[0])
        return "" if name == LATIN else found[0]

    styles = _FACE.sub(face, css).encode()
    for name in {LATIN, SYMBOLS} - seen:
        _gone(f"the font {name}")
    return {f"css/index.{_hash(styles)}.css": styles, icons: font}


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:16]
