"""Thai vowels and tone marks that a PDF gives in the wrong places ("จดั ซ ้อื "), put back where they are drawn. PURE."""

from collections.abc import Sequence
from typing import NamedTuple

_MARKS = frozenset("\u0e31\u0e34\u0e35\u0e36\u0e37\u0e38\u0e39\u0e3a\u0e47\u0e48\u0e49\u0e4a\u0e4b\u0e4c\u0e4d\u0e4e")
FIRST_TONE = "\u0e48"  # vowels are written before tone marks
ROOM = 0.6  # of a letter's width: between letters of a word there is less


class Sign(NamedTuple):
    """A letter of a line, and from where to where across the page it is drawn."""

    text: str
    left: float
    right: float


def has_marks(text: str) -> bool:
    """Whether there is anything that could stand in a wrong place."""
    return not _MARKS.isdisjoint(text)


def in_place(line: Sequence[Sign]) -> str:
    """The line's text, each mark after the consonant above or below which it is drawn.

    Blanks of no width are put in by the reading program, between the cells of a table and where it stumbled over a
    mark: those stay that have room where they stand.
    """
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
    return "".join(base.text + "".join(marks) for base, marks in zip(bases, written, strict=True))


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
