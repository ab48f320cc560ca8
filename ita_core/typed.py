"""What people type or name: cleaned, and refused where it could not be kept or would be shown falsely."""

import re
from calendar import month_abbr, month_name
from datetime import date
from ipaddress import ip_address
from unicodedata import category, name, normalize
from urllib.parse import SplitResult, unquote, urlsplit

import idna

from ita_core.days import ERA, MONTHS, SHORT_MONTHS, TO_ARABIC
from ita_core.errors import BadAddress, BadDay, BadText, NameMissing
from ita_core.language import N_, _

LONGEST_NAME = 255  # characters
LONGEST_NOTE = 4000
LONGEST_PERSON = 120
BUDDHIST = 2400  # no year of the Christian era that we speak of is as late, none of the Buddhist era as early
EARLIEST = 1900  # of the Christian era

# Marks that turn the direction of a line: a name could be shown as another.
_BIDI = set("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def unkept_signs(text: str) -> list[str]:
    """The characters, each once, that PostgreSQL cannot keep or a screen would show falsely: controls but line ends
    and tabs, halves of surrogates, bidirectional marks.
    """
    return [
        sign for sign in dict.fromkeys(text) if sign in _BIDI or (category(sign) in {"Cc", "Cs"} and sign not in "\n\t")
    ]


def clean_text(text: str, longest: int) -> str:
    """The text without blanks at its ends.

    Raises BadText for what `unkept_signs` finds, and for more than `longest` characters.
    """
    text = text.strip().replace("\r\n", "\n")
    for sign in unkept_signs(text):
        raise BadText(what=f"U+{ord(sign):04X}")
    if len(text) > longest:
        raise BadText(
            N_("This text is too long: {length} characters, {longest} at most."), length=len(text), longest=longest
        )
    return text


# The part before the @ as RFC 5321 has it without quotes; after it a name of the internet with a dot in it.
_MAIL_ADDRESS = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@(?=.{4,253}$)(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]{0,61}[A-Za-z0-9]"
)
LONGEST_MAIL_ADDRESS = 254  # RFC 5321, with the brackets around it


class BadMailAddress(BadText):
    says = N_("This is not an e-mail address: write it like somchai@example.go.th, in Latin letters.")


def clean_mail_address(text: str) -> str:
    """An e-mail address as it is kept and compared: in small letters, without blanks at its ends.

    The part before the @ could differ by its capitals (RFC 5321), but no mail server of today tells such apart.

    Raises BadMailAddress: for anything that is more than one plain address, so for every line end too.
    """
    cleaned = text.strip(" ").lower()
    if len(cleaned) > LONGEST_MAIL_ADDRESS or not _MAIL_ADDRESS.fullmatch(cleaned) or cleaned.index("@") > 64:
        raise BadMailAddress
    return cleaned


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


def clean_typed_day(text: str) -> date:
    """A day as people here write it: 28 ก.พ. 68, 28 กุมภาพันธ์ 2568, 28/2/68, ๒๘/๐๒/๒๕๖๘, 2025-02-28.

    A year of two digits is one of the Buddhist era, one of four tells by itself which era it is of.
    Raises BadDay, also for years that nobody here speaks of: at the ends of all time no day comes before or after.
    """
    plain = " ".join(text.translate(TO_ARABIC).split())
    for pattern in _TYPED_DAYS:
        if found := re.fullmatch(pattern, plain):
            parts = found.groupdict()
            month = parts["month"]
            number = int(month) if month.isdecimal() else _MONTH_NAMES.get(month.replace(".", "").lower(), 0)
            year = int(parts["year"]) + (BUDDHIST_CENTURY if len(parts["year"]) == 2 else 0)
            year -= ERA if year >= BUDDHIST else 0
            if not EARLIEST <= year < BUDDHIST:
                break
            try:
                return date(year, number, int(parts["day"]))
            except ValueError:
                break
    raise BadDay(N_("“{text}” is no day: write it like 28 ก.พ. 68 or 28/2/2568."), text=text.strip()[:40])


BUDDHIST_CENTURY = 2500
_TYPED_DAYS = (
    r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})",
    r"(?P<day>\d{1,2}) ?[/.\- ] ?(?P<month>\d{1,2}) ?[/.\- ] ?(?P<year>\d{4}|\d{2})",
    r"(?:วัน\S* ?)?(?:ที่ ?)?(?P<day>\d{1,2}) ?(?P<month>[^\d\s]+?) ?(?:พ\.? ?ศ\.? ?)?(?P<year>\d{4}|\d{2})",
)
_MONTH_NAMES = {
    name.replace(".", "").lower(): number
    for names in (MONTHS, SHORT_MONTHS, month_name[1:], month_abbr[1:])
    for number, name in enumerate(names, start=1)
}


def clean_address(url: str) -> str:
    """A web address without blanks at its ends, which leads where it seems to lead.

    Raises BadAddress, BadText.
    """
    cleaned = url.strip()
    for sign in (*cleaned, *unquote(cleaned)):
        if sign in _UNSEEN or category(sign) in {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"}:
            raise BadAddress(
                N_("This address holds a character that cannot be seen ({what}): delete it, or type the address anew."),
                what=f"U+{ord(sign):04X}",
            )
    cleaned = clean_text(cleaned, 2000)
    if "\\" in cleaned:
        raise BadAddress(N_("This address holds a backslash: write / in its place."))
    try:
        parts = urlsplit(cleaned)
        host, _port = parts.hostname, parts.port
    except ValueError:
        raise BadAddress from None
    if parts.scheme not in {"http", "https"} or not host or any(sign.isspace() for sign in cleaned):
        raise BadAddress
    if "@" in parts.netloc:
        raise BadAddress(N_("This address has an @ before the website's name: delete the @ and what stands before it."))
    _check_host(host, in_brackets=parts.netloc.startswith("["))
    return cleaned


MOST_ADDRESSES = 20  # of one item


def clean_addresses(text: str) -> list[str]:
    """The web addresses, one a line, each cleaned and named once, in their order.

    Those that differ only by the case of the website's name are one: the first stays as it was typed.
    Raises BadAddress, also where there is none or are too many, BadText.
    """
    lines = [line for line in text.split("\n") if line.strip()]
    by_website: dict[SplitResult, str] = {}
    for one in map(clean_address, lines or [""]):
        parts = urlsplit(one)
        by_website.setdefault(parts._replace(netloc=parts.netloc.lower()), one)
    found = list(by_website.values())
    if len(found) > MOST_ADDRESSES:
        raise BadAddress(N_("These are {number} addresses, {most} at most."), number=len(found), most=MOST_ADDRESSES)
    return found


def sent_address(url: str) -> str:
    """An address (of `clean_address`) in ASCII, as browsers send it: the website by IDNA, Thai by percent signs."""
    import httpx  # most of what is typed is no address: whoever types only that need not wait for it

    return str(httpx.URL(url))


# Letters and marks that are drawn as nothing; most of that kind are format characters.
# (Default_Ignorable_Code_Point of Unicode's DerivedCoreProperties, and two that are signs without ink.)
_UNSEEN = set("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\U0001d159") | {
    chr(sign)
    for first, last in ((0x180B, 0x180F), (0xFE00, 0xFE0F), (0xE0100, 0xE01EF))
    for sign in range(first, last + 1)
}
# Scripts with letters like Latin ones: a website's name in one of them stands below a name in the same.
_ALIKE = {"CYRILLIC", "GREEK", "COPTIC", "ARMENIAN", "CHEROKEE", "LISU", "GLAGOLITIC"}
# … and those whose letters nobody takes for others. Of scripts that are in neither, some have a round letter that is
# an "o" to whoever looks quickly; no office of ours has a website there.
_KNOWN = _ALIKE | {"LATIN", "THAI", "LAO", "KHMER", "MYANMAR", "HAN", "HANGUL", "ARABIC", "HEBREW", "DEVANAGARI"}
_EAST_ASIAN = {"CJK": "HAN", "HIRAGANA": "HAN", "KATAKANA": "HAN", "KATAKANA-HIRAGANA": "HAN"}  # written together


_NO_WEBSITE = N_("“{host}” is not the name of a website: copy the address from the browser again.")


def _check_host(host: str, *, in_brackets: bool) -> None:
    """Raises BadAddress for a website's name that is none, or that could be taken for another one."""
    if in_brackets:
        try:
            ip_address(host)
        except ValueError:
            raise BadAddress from None
        return
    labels = [_shown_label(label, host) for label in host.rstrip(".").split(".")]
    if len(labels) < 2 or re.fullmatch(
        r"\d+|0x[0-9a-f]*", labels[-1]
    ):  # this machine or its network, by name or number
        try:
            ip_address(host)
        except ValueError:
            raise BadAddress(_NO_WEBSITE, host=host) from None
    scripts = [_scripts(label) for label in labels]
    for label, those in zip(labels, scripts, strict=True):
        if len(those) > 1 or not those <= _KNOWN or (those & _ALIKE and those != scripts[-1]):
            raise BadAddress(
                N_("“{label}” in this address has letters that look like others: type the website's name anew."),
                label=label,
            )


def _shown_label(label: str, host: str) -> str:
    """A part of a website's name as a browser may show it; raises BadAddress where it is none."""
    if re.fullmatch(r"[a-z0-9_-]+", label) and not label.startswith("xn--"):
        return label
    try:
        return idna.ulabel(idna.alabel(label))
    except (idna.IDNAError, UnicodeError):
        raise BadAddress(_NO_WEBSITE, host=host) from None


def _scripts(label: str) -> set[str]:
    """The scripts of its letters and marks; "" is for what only looks like a letter or a digit of ours."""
    found = set()
    for sign in label:
        if sign.isascii() and not sign.isalpha():
            continue
        script = name(sign, "").split(" ")[0]
        if not sign.isascii() and (script == "LATIN" or category(sign) == "Nd"):
            script = ""
        found.add(_EAST_ASIAN.get(script, script))
    return found
