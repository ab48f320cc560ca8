"""Where a link inside a file leads: to the web, to a letter, or to what acts when it is clicked."""

import re
from unicodedata import category
from urllib.parse import unquote

# A telephone number stands in many a letter's foot, and only dials.
_PLAIN = ("http:", "https:", "mailto:", "tel:")
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_FAR = re.compile(r"file:|//|[a-z][a-z0-9+.-]+:", re.IGNORECASE)
_ON_DISK = re.compile(r"(?:file:(?:///|//localhost/|/)?(?!/)|[a-z]:)", re.IGNORECASE)
# A name and an @ before the website's name, which seems to be the website; a file of the reader's put into a letter.
_LIES = re.compile(r"https?:[/\\]*[^/?#]*@|mailto:[^?]*\?(?:.*&)?attach(?:ment)?=", re.IGNORECASE)
_TURNS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")  # what follows is drawn the other way round
_PROGRAM = re.compile(
    r"\.(?:exe|scr|pif|bat|cmd|ps1|vb[se]|jse|ws[fh]|hta|lnk|msi|msc|cpl|reg|url|scf|(?:appref|settingcontent|library)-ms)"
    r"(?:[?#].*)?$",
    re.IGNORECASE,
)


def is_plain(address: str, *, disk: bool = False) -> bool:
    """Whether a click on it opens a page, a letter, a telephone call or a place beside the file, and nothing else.

    With `disk`, also a place on the reader's own disk: office programs note links to the author's files so. A place on
    another machine's disk (`\\\\host`, `//host`, `file://host`) is none: Windows signs in there on the way. Nor is a
    program on a disk, or an address that is read as another one than it is.
    """
    place = _as_followed(address)
    if place.startswith("//") or _TURNS.search(address) or _LIES.match(re.sub(r"\s", "", address)):
        return False
    if place.lower().startswith(_PLAIN):
        return True
    on_disk = _ON_DISK.match(place) is not None
    return (not _SCHEME.match(place) or (disk and on_disk)) and not _PROGRAM.search(place)


def is_far(address: str) -> bool:
    """Whether something taken from there would come from another machine."""
    place = _as_followed(address)
    return _FAR.match(place) is not None and _ON_DISK.match(place) is None


def is_program(address: str) -> bool:
    """Whether it is a program's by its name, as Windows goes by names."""
    return _PROGRAM.search(_as_followed(address)) is not None


def _as_followed(address: str) -> str:
    """As browsers and Windows read it: without blanks and what is not seen, with one kind of stroke."""
    plain = unquote(address).replace("\\", "/")
    return "".join(sign for sign in plain if not sign.isspace() and category(sign) not in {"Cc", "Cf"})
