"""Where a link inside a file leads: to the web, to a letter, or to what acts when it is clicked."""

import re
from unicodedata import category
from urllib.parse import unquote

# A telephone number stands in many a letter's foot, and only dials.
_PLAIN = ("http:", "https:", "mailto:", "tel:")
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_FAR = re.compile(r"file:|//|[a-z][a-z0-9+.-]+:", re.IGNORECASE)
_ON_DISK = re.compile(r"(?:file:(?:///|//localhost/|/)?(?!/)|[a-z]:)", re.IGNORECASE)


def is_plain(address: str, *, disk: bool = False) -> bool:
    """Whether a click on it opens a page, a letter, a telephone call or a place beside the file, and nothing else.

    With `disk`, also a place on the reader's own disk: office programs note links to the author's files so. A place on
    another machine's disk (`\\\\host`, `//host`, `file://host`) is none: Windows signs in there on the way.
    """
    place = _as_followed(address)
    if place.startswith("//"):
        return False
    if place.lower().startswith(_PLAIN) or not _SCHEME.match(place):
        return True
    return disk and _ON_DISK.match(place) is not None


def is_far(address: str) -> bool:
    """Whether something taken from there would come from another machine."""
    place = _as_followed(address)
    return _FAR.match(place) is not None and _ON_DISK.match(place) is None


def _as_followed(address: str) -> str:
    """As browsers and Windows read it: without blanks and what is not seen, with one kind of stroke."""
    plain = unquote(address).replace("\\", "/")
    return "".join(sign for sign in plain if not sign.isspace() and category(sign) not in {"Cc", "Cf"})
