"""The manual in Thai (`docs/manual`): its chapters, which of them tells of a page, and how a chapter is drawn.

It stands beside the program, not in the package: where somebody installed only that, the page says so.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache

from ita_core.board import searching
from ita_core.web.manual import FOLDER, ROUTE

# In the order in which they are read; each is a file of this name.
CHAPTERS = (
    "start", "commander", "officer", "supervisor", "itap", "administrator", "plan", "meeting", "progress", "evidence",
    "export", "forecast", "surveys", "clarifications", "notices", "account",
)  # fmt: skip
OF_PAGE = {
    "overview": "commander",
    "my_turn": "commander",
    "my_work": "officer",
    "item": "officer",
    "review": "supervisor",
    "itap": "itap",
    "readiness": "itap",
    "people": "administrator",
    "plan": "plan",
    "meeting": "meeting",
    "directives": "meeting",
    "officers": "progress",
    "timeline": "progress",
    "months": "progress",
    "evidence": "evidence",
    "export": "export",
    "indicators": "forecast",
    "campaigns": "surveys",
    "clarifications": "clarifications",
    "notices": "notices",
    "search": "start",
    "account": "account",
    "help": "start",
}
_TITLE = re.compile(r"\A# (.+)\n")
_PICTURE = re.compile(r"(!\[[^\]]*\])\(pictures/([^)]+)\)")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)  # for who writes it; without HTML it would be drawn
_MARKUP = re.compile(
    r"\[?!\[[^\]]*\](?:\([^)]*\))?(?:\]\([^)]*\))?|\*\*|[`|]|(?<=\])\([^)]*\)|[\[\]]|^[-#>] |^\d+\. ", re.MULTILINE
)
_page: ContextVar[str] = ContextVar("ita_page", default="")


@dataclass(frozen=True, slots=True)
class Chapter:
    """`text` is Markdown without the title; its pictures are those of our own route."""

    name: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Section:
    """A piece of a chapter under a heading of its own, as plain text; `folded` is all of it as it is looked through."""

    chapter: str
    title: str
    text: str
    folded: str


@contextmanager
def on(page: str) -> Iterator[None]:
    """What is drawn within belongs to the page of this address."""
    before = _page.set(page)
    try:
        yield
    finally:
        _page.reset(before)


def address() -> str:
    """Where the manual tells of the page that is being drawn; its beginning for one that it does not know."""
    return f"/help?chapter={OF_PAGE.get(_page.get(), CHAPTERS[0])}"


@lru_cache(maxsize=1)
def sections() -> tuple[Section, ...]:
    """Every section of every chapter, in their order; what stands before the first heading is the chapter's own."""
    found = []
    for one in chapters().values():
        for number, part in enumerate(re.split(r"^##+ ", one.text, flags=re.MULTILINE)):
            heading, _line, text = part.partition("\n") if number else ("", "", part)
            title = f"{one.title} · {heading}" if heading else one.title
            text = " ".join(_MARKUP.sub("", text).split())
            found.append(Section(one.name, title, text, searching.fold(f"{title}\n{text}")))
    return tuple(found)


@lru_cache(maxsize=1)
def chapters() -> dict[str, Chapter]:
    """Every chapter by its name, in their order; none where the manual was not installed."""
    found = {}
    for name in CHAPTERS:
        try:
            written = (FOLDER / f"{name}.md").read_text(encoding="utf-8")
        except OSError:
            continue
        title = _TITLE.match(written)
        # A press on a picture opens it whole: on a phone it is small.
        text = _PICTURE.sub(rf"[\1({ROUTE}/\2)]({ROUTE}/\2)", written[title.end() :] if title else written)
        found[name] = Chapter(name, title.group(1) if title else name, _COMMENT.sub("", text).strip())
    return found
