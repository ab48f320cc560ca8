"""Thai vowels and tone marks that a PDF gives in the wrong places ("จดั ซ ้อื "), put back where they are drawn. PURE."""

import re
from collections.abc import Sequence
from typing import NamedTuple

_MARKS = frozenset("\u0e31\u0e34\u0e35\u0e36\u0e37\u0e38\u0e39\u0e3a\u0e47\u0e48\u0e49\u0e4a\u0e4b\u0e4c\u0e4d\u0e4e")
FIRST_TONE = "\u0e48"  # vowels are written before tone marks
SARA_AM = "\u0e33"
_IN_TWO = re.compile("\u0e4d([\u0e48-\u0e4b]?)\u0e32|([\u0e48-\u0e4b])\u0e4d\u0e32")
ROOM = 0.6  # of a letter's width: between letters of a word there is less


class Sign(NamedTuple):
    """A letter of a line, from where to where across the page it is drawn, and how high it is itself."""

    text: str
    left: float
    right: float
    height: float = 0.0


def has_marks(text: str) -> bool:
    """Whether there is anything that could stand in a wrong place."""
    return not _MARKS.isdisjoint(text)


def in_place(line: Sequence[Sign]) -> str:
    """The line's text, each mark after the consonant above or below which it is drawn.

    Blanks of no width are put in by the reading program, between the cells of a table and where it stumbled over a
    mark: those stay that have room where they stand.
    """
    line = _in_one(line)
    bases = _bases(line)
    over: dict[int, list[str]] = {}
    consonants = [(number, one) for number, one in enumerate(bases) if "\u0e01" <= one.text <= "\u0e2e"]
    first = 0  # both run from left to right: what lies far to the left is not looked at again
    for mark in sorted((one for one in line if one.text in _MARKS), key=lambda one: one.left):
        while first < len(consonants) - 1 and consonants[first][1].right < mark.left:
            first += 1
        near = consonants[first : first + 3]
        if near:
            number, _base = max(near, key=lambda one: min(one[1].right, mark.right) - max(one[1].left, mark.left))
            over.setdefault(number, []).append(mark.text)
    written = (sorted(over.get(number, ()), key=lambda mark: mark >= FIRST_TONE) for number in range(len(bases)))
    return composed("".join(base.text + "".join(marks) for base, marks in zip(bases, written, strict=True)))


def composed(text: str) -> str:
    """With one ำ for ◌ํ and า, as people type it; a tone mark stands before it."""
    return _IN_TWO.sub(lambda two: (two[1] or two[2] or "") + SARA_AM, text)


def _in_one(line: Sequence[Sign]) -> list[Sign]:
    """With one ำ where it is drawn as two signs, the ring and the า.

    Programs that shape Thai write it so into a PDF: the ring is called ำ, and the า right of it has no name. pdfium
    then gives any letter for it ("จัดทำ.", "อำ.นวย"). What is called ำ but is no higher than a ring has such a half.
    A tone mark over the ring has its name beside the ring's, and is itself without one too ("น้'ำ").
    """
    found = list(line)
    for ring in [one for one in line if one.text == SARA_AM]:
        halves = [one for one in found if one.left >= ring.left and one.height > 2 * ring.height > 0]
        if halves:
            half = min(halves, key=lambda one: one.left)
            found[found.index(half)] = half._replace(text=SARA_AM)
            found = [one for one in found if one is not ring and not _over(ring, one)]
    return found


def _over(ring: Sign, one: Sign) -> bool:
    """Whether it is a nameless tone mark over the ring: as small, drawn where that is."""
    small = 0 < one.height <= 2 * ring.height and one.text not in _MARKS and one.text != SARA_AM
    return small and ring.left <= (one.left + one.right) / 2 <= ring.right


def _bases(line: Sequence[Sign]) -> list[Sign]:
    """What is no mark, without the blanks that have no room."""
    drawn = [one for one in line if one.right > one.left]
    room = ROOM * sum(one.right - one.left for one in drawn) / max(len(drawn), 1)
    found: list[Sign] = []
    blank: Sign | None = None
    for one in line:
        if one.text in _MARKS:
            continue
        if one.text == " " and one.right <= one.left:
            blank = one
            continue
        if blank and found and one.left - found[-1].right > room:
            found.append(blank)
        blank = None
        found.append(one)
    return found
