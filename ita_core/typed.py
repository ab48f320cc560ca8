"""What people type or name: cleaned, and refused where it could not be kept or would be shown falsely. PURE."""

from unicodedata import category
from urllib.parse import urlsplit

from ita_core.errors import BadAddress, BadText
from ita_core.language import N_, _

LONGEST_NAME = 255  # characters
LONGEST_NOTE = 4000

_BIDI = set("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def clean_text(text: str, longest: int) -> str:
    """The text without blanks at its ends; what PostgreSQL cannot keep or a screen would show falsely is refused.

    Raises BadText for control characters (but line ends and tabs), bidirectional marks, and more than `longest`
    characters.
    """
    text = text.strip().replace("\r\n", "\n")
    for sign in text:
        if sign in _BIDI or (category(sign) in {"Cc", "Cs"} and sign not in "\n\t"):
            raise BadText(what=f"U+{ord(sign):04X}")
    if len(text) > longest:
        raise BadText(
            N_("This text is too long: {length} characters, {longest} at most."), length=len(text), longest=longest
        )
    return text


def clean_name(name: str) -> str:
    """A file's name as typed, Thai and spaces and all; folders that a browser may send before it are dropped.

    Raises BadText.
    """
    cleaned = clean_text(name.replace("\\", "/").rsplit("/", 1)[-1], LONGEST_NAME)
    if "\n" in cleaned or "\t" in cleaned or not cleaned:
        raise BadText(what=_("a line end or nothing at all in a file name"))
    return cleaned


def clean_address(url: str) -> str:
    """A web address without blanks at its ends.

    Raises BadAddress, BadText.
    """
    cleaned = clean_text(url, 2000)
    try:
        parts = urlsplit(cleaned)
    except ValueError:
        raise BadAddress from None
    if parts.scheme not in {"http", "https"} or not parts.hostname or any(sign.isspace() for sign in cleaned):
        raise BadAddress
    return cleaned
