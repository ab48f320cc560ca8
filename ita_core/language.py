"""What a user reads, in the user's language: gettext with English msgids and the Thai catalogue in `locale/`.

The language belongs to the running script or request (a context variable), so no function needs to be handed it.
The catalogue is read from its `.po` by Babel (maintained, the usual reader): no compiled file to fall out of step.
"""

import gettext
import io
import re
import string
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LANGUAGES = ("th", "en")
_language: ContextVar[str] = ContextVar("language", default="th")


def use(language: str) -> None:
    """Speak this language from here on in this script or request; an unknown one is Thai."""
    _language.set(language if language in LANGUAGES else "th")


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """This language inside, whatever is spoken around it."""
    before = current()
    use(language)
    try:
        yield
    finally:
        use(before)


def current() -> str:
    """'th' or 'en'."""
    return _language.get()


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    path = Path(__file__).parent / "locale" / language / "LC_MESSAGES" / "ita.po"
    if not path.exists():
        return gettext.NullTranslations()
    compiled = io.BytesIO()
    with path.open("rb") as source:
        write_mo(compiled, read_po(source, locale=language))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


_ONE = {
    "slots": "slot", "days": "day", "items": "item", "pieces": "piece", "officers": "officer", "points": "point",
    "pages": "page", "sheets": "sheet", "slides": "slide", "files": "file", "entries": "entry", "things": "thing",
    "deadlines": "deadline", "revisions": "revision", "options": "option",
}  # fmt: skip
_COUNTED = re.compile(rf" ({'|'.join(_ONE)})\b")


class Counting(str):
    """An English message; what is counted right after a figure is one where the figure is 1. Thai has no such forms."""

    __slots__ = ()

    def format(self, *values: object, **fields: object) -> str:
        """As ever, but "1 slot"."""
        said, one = [], False
        for literal, name, spec, conversion in string.Formatter().parse(self):
            text = _COUNTED.sub(lambda found: " " + _ONE[found[1]], literal, count=1) if one else literal
            said.append(text.replace("{", "{{").replace("}", "}}"))
            one = str(fields.get(name or "", "")) == "1"
            if name is not None:
                said.append("{" + name + (f"!{conversion}" if conversion else "") + (f":{spec}" if spec else "") + "}")
        return "".join(said).format(*values, **fields)


def _(message: str) -> str:
    """The message in the current language; itself where the catalogue has none (English)."""
    if not message:
        return ""
    language = _language.get()
    text = _catalogue(language).gettext(message)
    return Counting(text) if language == "en" and "{" in text else text


def N_(message: str) -> str:
    """Marks a message for the catalogue where it is written; translated later with `_`."""
    return message
