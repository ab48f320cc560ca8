"""What people type or name: cleaned, and refused where it could not be kept or would be shown falsely. PURE."""

import re
from datetime import date
from unicodedata import category, normalize
from urllib.parse import urlsplit

from ita_core.errors import BadAddress, BadDay, BadText, NameMissing
from ita_core.language import N_, _
from ita_core.thai import ERA

LONGEST_NAME = 255  # characters
LONGEST_NOTE = 4000
LONGEST_PERSON = 120
BUDDHIST = 2400  # no year of the Christian era that we speak of is as late, none of the Buddhist era as early

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


def clean_file_name(name: str) -> str:
    """A file's name as typed, Thai and spaces and all; folders that a browser may send before it are dropped.

    Raises BadText.
    """
    cleaned = clean_text(name.replace("\\", "/").rsplit("/", 1)[-1], LONGEST_NAME)
    if "\n" in cleaned or "\t" in cleaned or not cleaned:
        raise BadText(what=_("a line end or nothing at all in a file name"))
    return cleaned


def clean_person_name(name: str) -> str:
    """A person's name as it is kept: NFC, single spaces.

    Raises NameMissing, BadText for control and direction characters.
    """
    cleaned = " ".join(normalize("NFC", name).split())
    for character in cleaned:
        # Zero-width joiners and the like are format characters too: a name needs none.
        if category(character) in {"Cc", "Cf", "Cs", "Co", "Cn"}:
            raise BadText(what=f"U+{ord(character):04X}")
    if not 0 < len(cleaned) <= LONGEST_PERSON:
        raise NameMissing
    return cleaned


def clean_day(text: str) -> date:
    """A day written as 2025-03-15.

    Raises BadDay; for a year of the Buddhist era with what to write instead.
    """
    found = re.fullmatch(r"(\d{4})-(\d{2})-(\d{2})", text.strip())
    if found and int(found[1]) >= BUDDHIST:
        raise BadDay(
            N_("{text} is a date of the Buddhist era: write {christian}."),
            text=text,
            christian=f"{int(found[1]) - ERA}-{found[2]}-{found[3]}",
        )
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise BadDay(text=text) from None


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
