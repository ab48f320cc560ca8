"""Makes `ita_core/web/icons.woff2`: of Streamlit's icon font what our pages and Streamlit's own parts draw.

`python -m tests.icons`, after a page got a new icon or Streamlit a new version; a test says when.
"""

import re
from io import BytesIO
from pathlib import Path

import streamlit
from fontTools import subset
from fontTools.ttLib import TTFont

from ita_core.web.page import ICONS

STREAMLIT = Path(streamlit.__file__).parent
PAGES = Path(__file__).resolve().parents[1] / "pages"
_NAMED = re.compile(r"material/(\w+)")


def font(path: Path) -> TTFont:
    return TTFont(path)


def drawn(fonts: TTFont) -> dict[str, str]:
    """The icons of a font: their names, which are ligatures of it, and their glyphs."""
    letters = {glyph: chr(code) for code, glyph in fonts.getBestCmap().items() if code < 128}
    found = {}
    for lookup in fonts["GSUB"].table.LookupList.Lookup:
        for table in lookup.SubTable:
            for first, ligatures in getattr(getattr(table, "ExtSubTable", table), "ligatures", {}).items():
                for one in ligatures:
                    if all(glyph in letters for glyph in (first, *one.Component)):
                        found["".join(letters[glyph] for glyph in (first, *one.Component))] = one.LigGlyph
    return found


def whole() -> Path:
    """Streamlit's own icon font."""
    [path] = (STREAMLIT / "static" / "static" / "media").glob("MaterialSymbols-Rounded.*.woff2")
    return path


def wanted() -> set[str]:
    """The icons that anything names: our pages, Streamlit's scripts, its Python."""
    texts = [path.read_text(encoding="utf-8") for path in PAGES.rglob("*.*") if path.suffix in {".py", ".html", ".js"}]
    scripts = (STREAMLIT / "static" / "static" / "js").glob("*.js")
    texts += [path.read_text(encoding="utf-8") for path in (*STREAMLIT.rglob("*.py"), *scripts)]
    return {name for text in texts for name in _NAMED.findall(text)} & drawn(font(whole())).keys()


def make() -> bytes:
    made, names = font(whole()), wanted()
    glyphs = drawn(made)
    options = subset.Options(flavor="woff2", layout_closure=False, notdef_outline=True)
    subsetter = subset.Subsetter(options)
    # With the letters alone every ligature would be kept; without closure, only those whose glyph is named.
    subsetter.populate(glyphs=[glyphs[name] for name in names], unicodes=range(0x20, 0x7F))
    subsetter.subset(made)
    out = BytesIO()
    made.flavor = "woff2"
    made.save(out)
    return out.getvalue()


if __name__ == "__main__":
    ICONS.write_bytes(make())
    print(f"{len(wanted())} icons, {ICONS.stat().st_size} bytes")
