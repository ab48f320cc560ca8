"""The one home of HTML: the Jinja2 templates of `pages/templates`, which escape whatever is put into them.

Python hands them plain view data: words already chosen, days already written, numbers. What stands the same on every
page is written in the template, `{{ _("…") }}`, and is said in the reader's language when it is drawn.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import streamlit as st
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream
from markupsafe import Markup

from ita_core import thai
from ita_core.language import _

PARTS = Path(__file__).parent
TEMPLATES = PARTS.parent / "templates"
# At either end of a piece of text, before a tag and after one.
_LINE_BREAK = re.compile(r"\A\s*\n\s*|\s*\n\s*\Z|(?<=>)\s*\n\s*|\s*\n\s*(?=<)")


class LineBreaks(Extension):
    """A line's end beside a tag is there for who reads the template: the page, where it would be a blank, gets none."""

    def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
        for token in stream:
            if token.type != "data":
                yield token
            elif text := _LINE_BREAK.sub("", token.value):
                yield Token(token.lineno, token.type, text)


# Each is read and compiled once, and kept for all.
_environment = Environment(
    loader=FileSystemLoader(TEMPLATES),
    autoescape=True,
    undefined=StrictUndefined,
    extensions=[LineBreaks],
    auto_reload=False,
    cache_size=-1,
)
_environment.globals["_"] = _
_environment.filters["unbroken"] = thai.unbroken


def prepare() -> None:
    """Compile every template: a tenth of a second's work and more, which no visitor should wait for."""
    for name in _environment.list_templates():
        _environment.get_template(name)


def render(name: str, /, **view: object) -> Markup:
    """A template with its view data as escaped HTML."""
    return Markup(_environment.get_template(f"{name}.html").render(view))  # noqa: S704 - the template escaped it


def show(name: str, /, **view: object) -> None:
    """Draw a template where it says anything."""
    put(render(name, **view))


def put(drawn: Markup) -> None:
    """Draw what was rendered, where it says anything."""
    if drawn:
        st.html(drawn)


def style(name: str) -> None:
    """Put one of the style sheets of `pages/parts` onto the page."""
    st.html(PARTS / name)


def script(name: str) -> str:
    """One of the scripts of `pages/parts`, for a component."""
    return (PARTS / name).read_text(encoding="utf-8")
