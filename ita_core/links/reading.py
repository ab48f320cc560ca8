"""What a page or file of a website says, read in a process of its own with limits (`evidence.child`), whose `main` this
module also is: whether it names the fiscal year, and the hash of its words.

The words, not the bytes, tell whether a page has changed: every answer of most websites differs in what nobody sees.
Of a page not its numbers either, nor the names of days and months: nearly every website of an office counts its
visitors or shows a clock, and a change that is told every morning is read by nobody. So a page in which only a figure
was corrected is not told as changed; files (PDF, Word …) are held to every letter, and whether what is there is the
accepted file is told by its bytes alone.
"""

import hashlib
import json
import re
import sys
import threading
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

from ita_core.evidence import child
from ita_core.evidence.reading import Said, extract

MEMORY, PROCESSOR_SECONDS, SECONDS = 1024**3, 10, 20
LARGEST = 50 * 1024**2  # bytes of a file that is read for its words
LARGEST_PAGE = 4 * 1024**2  # of a page: what comes after it is not read
_HTML = {"text/html", "application/xhtml+xml"}
_OFFICE = "application/vnd.openxmlformats-officedocument."
_FILES = {
    "application/pdf": ".pdf",
    _OFFICE + "wordprocessingml.document": ".docx",
    _OFFICE + "spreadsheetml.sheet": ".xlsx",
    _OFFICE + "presentationml.presentation": ".pptx",
}
# What may stand in a head; whatever else begins ends it (HTML, 13.2.6.4.4), for `</head>` may be left out.
_IN_HEAD = {
    "head", "title", "meta", "link", "base", "basefont", "bgsound", "script", "style", "noscript", "noframes",
    "template",
}  # fmt: skip
_UNSEEN = {"script", "style", "noscript", "template", "svg", "head"}
_THAI_DIGITS = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")
_turns = threading.BoundedSemaphore(2)


@dataclass(frozen=True, slots=True)
class Words:
    """`names_year` None: it cannot be read, or not all of it and what was read has no year; `sha256` "" likewise."""

    names_year: bool | None = None
    sha256: str = ""


def words(body: Path, media_type: str, charset: str, year: int) -> Words:
    """What lies in this file says, of this year of the Buddhist era; a file that does harm says nothing.

    Raises SlowUnderLock.
    """
    size = body.stat().st_size
    kind = _kind(body, media_type)
    if not kind or size > LARGEST:
        return Words()
    allowed = child.processor_seconds(size, PROCESSOR_SECONDS)
    try:
        told = child.run(
            __name__, str(body), kind, charset, str(year),
            memory=MEMORY, processor_seconds=allowed, seconds=SECONDS, turns=_turns,
        )  # fmt: skip
    except child.Ended:
        return Words()
    found = json.loads(told)
    return Words(found["names_year"], found["sha256"])


def _kind(body: Path, media_type: str) -> str:
    """How it is read, by what it says it is; a PDF also by how it begins, as many websites name no type."""
    with body.open("rb") as source:
        if source.read(5) == b"%PDF-":
            return ".pdf"
    if media_type in _HTML or media_type == "text/plain":
        return media_type
    return _FILES.get(media_type, "")


# --- in the child -----------------------------------------------------------------------------------------------------


def main(path: str, kind: str, charset: str, year: str) -> None:
    """In the child: what it says, as JSON on standard output."""
    sys.stdout.write(json.dumps(told(path, kind, charset, int(year))))


def told(path: str, kind: str, charset: str, year: int) -> dict[str, object]:
    """Whether the year is named and the hash of the words, as `Words` has them."""
    if kind in _HTML or kind == "text/plain":
        with Path(path).open("rb") as source:
            raw, cut = source.read(LARGEST_PAGE), bool(source.read(1))
        text = _decoded(raw, charset)
        if kind in _HTML:
            page = _Page()
            page.feed(text)
            page.close()
            text = " ".join(page.seen)
    else:
        said = extract(path, kind)
        text, cut = _text_of(said), said.cut
    text = " ".join(text.split())
    compared = steady(text) if kind in _HTML else text
    named = names_year(text, year)
    unknown = not named and (cut or not text)
    return {
        "names_year": None if unknown else named,
        "sha256": hashlib.sha256(compared.encode(errors="replace")).hexdigest() if text else "",
    }


def steady(text: str) -> str:
    """The text of a page without what counts visitors and tells the time: each number, day or month is a 0."""
    return _NUMBERS.sub("0", _DAYS.sub("0", text))


# A number with its signs inside is one: 999 and 1,000, 9:05 and 14:15. `\d` is Thai digits too.
_NUMBERS = re.compile(r"\d+(?:[\s.,:/-]+\d+)*")
# The longer of two names that begin alike stands first.
_DAYS = re.compile(
    r"\b(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?\b"
    r"|\b(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?|am|pm)\b"
    r"|อาทิตย์|จันทร์|อังคาร|พุธ|พฤหัสบดี|พฤหัสฯ?|ศุกร์|เสาร์"
    r"|มกราคม|กุมภาพันธ์|มีนาคม|เมษายน|พฤษภาคม|มิถุนายน|กรกฎาคม|สิงหาคม|กันยายน|ตุลาคม|พฤศจิกายน|ธันวาคม"
    r"|ม\.ค\.|ก\.พ\.|มี\.ค\.|เม\.ย\.|พ\.ค\.|มิ\.ย\.|ก\.ค\.|ส\.ค\.|ก\.ย\.|ต\.ค\.|พ\.ย\.|ธ\.ค\.",
    re.IGNORECASE,
)


def names_year(text: str, year: int) -> bool:
    """Whether a year of the Buddhist era stands there, in digits of either kind, and not within a longer number."""
    plain = text.translate(_THAI_DIGITS)
    return re.search(rf"(?<!\d){year}(?!\d)", plain, re.ASCII) is not None


def _text_of(said: Said) -> str:
    return "\n".join(said.lines())


def _decoded(raw: bytes, charset: str) -> str:
    """The letters of a page: by its head, its own word, or as Thai pages of before are written."""
    own = re.search(rb"charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{1,40})", raw[:2048])
    for name in (charset, own[1].decode() if own else "", "utf-8"):
        try:
            return raw.decode(name) if name else raw.decode("utf-8-sig")
        except (LookupError, UnicodeError, ValueError):
            continue
    return raw.decode("cp874", errors="replace")


class _Page(HTMLParser):
    """The words that a page shows, its title too."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.seen: list[str] = []
        self._inside: list[str] = []
        self._title = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        self._title = tag == "title"
        if tag not in _IN_HEAD:
            self._end_head()
        if tag in _UNSEEN:
            self._inside.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag == "title":
            self._title = False
        if tag in self._inside:
            del self._inside[self._inside.index(tag) :]

    def handle_data(self, data: str) -> None:
        if not self._title and data.strip():
            self._end_head()
        if not self._inside or (self._title and self._inside == ["head"]):
            self.seen.append(data)

    def _end_head(self) -> None:
        if self._inside == ["head"]:
            self._inside.clear()
