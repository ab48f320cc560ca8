"""PURE: words looked for in running text, as people type them.

Thai is written without blanks between words, so a word is found anywhere inside of the text. What is written in two
ways and looks the same is the same: ำ as one sign or as two, a tone before or after the vowel it stands on, Thai and
Arabic digits, capitals, widths, signs that are not seen. A code stands for itself: O1 finds "o 1", "O-01" and "O๑", and
not O10; ข้อ 1 finds it, too.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from unicodedata import category, decimal, normalize

LONGEST = 100  # letters of what is asked for
MOST_WORDS = 8
AROUND = 60  # letters that are shown before what was found in a long text, and after it

_TONES = "\u0e48\u0e49\u0e4a\u0e4b\u0e4c"  # and the sign of silence: written after a vowel above or below
_VOWELS = "\u0e31\u0e34-\u0e3a\u0e47\u0e4d\u0e4e"
_MARKS = re.compile(f"[{_TONES}{_VOWELS}]{{2,}}")
_E = "เ"  # two of it look like แ, and are often typed in its place
_CODE = re.compile(r"([a-z])[ .\-]?0*(\d{1,3})")
_ITEM = re.compile(r"ข้อ0*(\d{1,3})")  # as an item is called in talk, which has O before its number
_PARTED_CODE = re.compile(r"(?<!\S)([a-z]|ข้อ) (\d{1,3})(?!\S)")
_SAID_TWICE = re.compile(r"(?<!\S)ข้อ ?(?=o[ .\-]?\d)")  # ข้อ O7 is O7


class _Signs(dict[int, str]):
    """What each sign is taken for; worked out when it is first met."""

    def __missing__(self, sign: int) -> str:
        self[sign] = taken = _taken(chr(sign))
        return taken


def _taken(sign: str) -> str:
    if sign.isspace():
        return " "
    if category(sign) in {"Cc", "Cf", "Cs", "Co", "Cn"}:
        return ""
    before, text = "", sign
    while text != before:
        before, text = text, normalize("NFKD", normalize("NFKD", text).casefold())
    return "".join(
        str(decimal(one)) if decimal(one, None) is not None else " " if one.isspace() else one
        for one in text
        if category(one) not in {"Cc", "Cf", "Cs", "Co", "Cn"}
    )


_SIGNS = _Signs()


def fold(text: str) -> str:
    """The text as it is compared: whoever folds it again gets the same."""
    plain = normalize("NFKD", text.translate(_SIGNS))
    plain = _MARKS.sub(lambda run: "".join(sorted(run[0], key=_TONES.__contains__)), plain)
    return re.sub(" {2,}", " ", normalize("NFKD", plain).replace(_E + _E, "แ"))


@dataclass(frozen=True, slots=True)
class Word:
    """One word that is asked for, folded; a code is found as itself only."""

    text: str
    code: re.Pattern[str] | None = None

    def places(self, folded: str) -> Iterator[tuple[int, int]]:
        """Where it begins and ends in a folded text."""
        if self.code is not None:
            yield from (found.span() for found in self.code.finditer(folded))
            return
        at = folded.find(self.text)
        while at >= 0:
            yield at, at + len(self.text)
            at = folded.find(self.text, at + len(self.text))

    def stands_in(self, folded: str) -> bool:
        """Whether the folded text has it."""
        return bool(self.code.search(folded)) if self.code is not None else self.text in folded

    def is_all_of(self, folded: str) -> bool:
        """Whether the folded text is the word and nothing more."""
        return bool(self.code.fullmatch(folded)) if self.code is not None else self.text == folded


def asked(text: str) -> tuple[Word, ...]:
    """The words of what was typed, each once; of a text that is too long, those at its beginning."""
    folded = _PARTED_CODE.sub(r"\1\2", _SAID_TWICE.sub("", fold(text[:LONGEST]).strip()))
    return tuple(_word(one) for one in dict.fromkeys(folded.split()[:MOST_WORDS]))


def _word(text: str) -> Word:
    if item := _ITEM.fullmatch(text):
        return Word(text, re.compile(rf"(?:(?<![a-z])o[ .\-]?|ข้อ ?)0*{item[1].lstrip('0') or '0'}(?!\d)"))
    if not (found := _CODE.fullmatch(text)):
        return Word(text)
    letter, number = found[1], found[2].lstrip("0") or "0"
    return Word(text, re.compile(rf"(?<![a-z]){letter}[ .\-]?0*{number}(?!\d)"))


def stands_in(words: Sequence[Word], folded: str) -> bool:
    """Whether every one of the words stands in the folded text."""
    return all(word.stands_in(folded) for word in words)


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text, in the text's own letters; `found`: it is one of the words."""

    text: str
    found: bool = False


def marked(text: str, words: Sequence[Word]) -> tuple[Piece, ...]:
    """The text in pieces, together the very text; no letter is parted from the signs that stand on it."""
    units = list(_units(text))
    folded, unit_of = "", []
    for number, unit in enumerate(units):
        part = fold(unit)
        folded += part
        unit_of += [number] * len(part)
    hit: set[int] = set()
    for word in words:
        for start, end in word.places(folded):
            hit.update(unit_of[start:end])
    pieces: list[Piece] = []
    for number, unit in enumerate(units):
        found = number in hit
        if pieces and pieces[-1].found is found:
            pieces[-1] = Piece(pieces[-1].text + unit, found)
        else:
            pieces.append(Piece(unit, found))
    return tuple(pieces)


def excerpt(text: str, words: Sequence[Word]) -> tuple[Piece, ...]:
    """A long text as `marked`, cut to what stands around its first find; "…" where something was left out."""
    pieces = marked(text, words)
    first = next((number for number, one in enumerate(pieces) if one.found), 0)
    lead = "".join(one.text for one in pieces[:first])
    rest = pieces[first:]
    shown: list[Piece] = []
    if lead:
        cut = lead[-AROUND:]
        shown.append(Piece(("…" if len(lead) > len(cut) else "") + cut))
    left = 2 * AROUND
    for one in rest:
        if left <= 0:
            break
        part = one.text if one.found else one.text[:left]
        left -= len(part)
        shown.append(Piece(part, one.found))
    if sum(len(one.text) for one in shown[bool(lead) :]) < sum(len(one.text) for one in rest):
        shown.append(Piece("…"))
    return tuple(shown)


def _units(text: str) -> Iterator[str]:
    """The text in the smallest parts that can be folded each by itself: folded together they give the same."""
    starts = [0] if text else []
    last = ""
    for at, sign in enumerate(text):
        taken = _SIGNS[ord(sign)]
        apart = bool(taken) and category(taken[0])[0] != "M"
        joined = (taken[:1], last[-1:]) in {(" ", " "), (_E, _E)}
        if at and apart and last and not joined:
            starts.append(at)
        last = taken or last
    yield from (text[start:end] for start, end in pairwise([*starts, len(text)]))
