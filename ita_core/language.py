"""What a user reads, in the user's language: gettext with English msgids and the Thai catalogue in `locale/`.

The language belongs to the running script or request (a context variable), so no function needs to be handed it.
The catalogue is read from its `.po` by Babel (maintained, the usual reader): no compiled file to fall out of step.
"""

import gettext
import io
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


def _(message: str) -> str:
    """The message in the current language; itself where the catalogue has none (English)."""
    return _catalogue(_language.get()).gettext(message) if message else ""


def N_(message: str) -> str:
    """Marks a message for the catalogue where it is written; translated later with `_`."""
    return message
