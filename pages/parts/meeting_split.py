"""PURE: how much of a list one screen of the meeting holds, so that nothing is cut off where it is projected.

Lengths are in em of a screen's own letters: `meeting_mode.css` makes every screen at least 48.8 × 27.4 em, whatever the
window's size. A line's length is estimated, on the safe side: the server knows neither the font nor where it breaks.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from unicodedata import category

WIDTH = 46.4  # of what a screen shows, between its margins
ROOM = 20.6  # its height, below the heading and above the buttons
LINE = 1.6
AROUND = 0.32  # above and below a row
GLYPH = 0.58  # of wide Thai fonts
GAP = 0.8  # between two tables
LEAD = 2.0  # what leads to a table
REST = 22  # letters of what is said before the codes of items left out
RAGGED = 0.62  # the same, with what a line loses at its end, where the next word is too long for it


@dataclass(frozen=True, slots=True)
class Row:
    view: object
    lines: int = 1
    more: float = 0.0  # height besides the lines: buttons
    leads: bool = False  # it stands on the same screen as the row after it

    @property
    def height(self) -> float:
        return self.lines * LINE + AROUND + self.more


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of a piece of a table, what its headings need, what leads to it, and the codes of items left out."""

    rows: tuple[object, ...]
    head: object = None
    lead: str = ""
    rest: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """Something that fits a screen, drawn by one of `templates/meeting`."""

    template: str
    view: object
    height: float = ROOM
    rows: int = 0


def lines(text: str, width: float) -> int:
    """How many lines a text takes; vowels and tone marks above and below take no room of their own."""
    glyphs = [_glyphs(part) for part in text.split("\n")]
    return sum(1 if number * GLYPH <= width else math.ceil(number * RAGGED / width) for number in glyphs)


def screens(rows: Iterable[Row], room: float = ROOM) -> list[list[Row]]:
    """The rows on as many screens as they need, in their order; one empty screen for none."""
    found: list[list[Row]] = [[]]
    left = room
    rows = list(rows)
    for row, after in zip(rows, [*rows[1:], None], strict=True):
        needs = row.height + (after.height if row.leads and after else 0.0)
        if needs > left and found[-1]:
            found.append([])
            left = room
        found[-1].append(row)
        left -= row.height
    return found


def tables(
    template: str, rows: Sequence[Row], *, head: object = None, head_lines: int = 1, lead: str = ""
) -> list[Part]:
    """A table for each screen that the rows need, with the headings on each; the lead on the first."""
    if not rows:
        return []
    above = (Row(None, head_lines).height if head_lines else 0) + (LEAD if lead else 0)
    return [
        Part(
            template,
            Table(tuple(row.view for row in part), head, "" if place else lead),
            above + sum(row.height for row in part),
            len(part),
        )
        for place, part in enumerate(screens(rows, ROOM - above))
    ]


def first(template: str, rows: Sequence[Row], codes: Sequence[str], *, lead: str) -> list[Part]:
    """As many rows as one screen holds, and below them the codes of the others; each row has its code."""
    held = len(rows)
    while held > 1:
        rest = codes[held:]
        below = LINE * lines(f"{'–' * REST} {' · '.join(rest)}", WIDTH) + AROUND if rest else 0.0
        parts = tables(template, rows[:held], lead=lead)
        if len(parts) == 1 and parts[0].height + below <= ROOM:
            break
        held -= 1
    [part, *_more] = tables(template, rows[:held], lead=lead)
    assert isinstance(part.view, Table)
    return [replace(part, view=replace(part.view, rest=tuple(codes[held:])))]


def together(parts: Iterable[Part]) -> list[list[Part]]:
    """What each screen shows: parts that fit together stand on one."""
    found: list[list[Part]] = []
    left = 0.0
    for part in parts:
        if found and part.height + GAP <= left:
            found[-1].append(part)
            left -= part.height + GAP
        else:
            found.append([part])
            left = ROOM - part.height
    return found


def pieces(text: str, width: float, most: int) -> Sequence[str]:
    """A text in pieces of at most so many lines, broken at a blank where there is one."""
    found = []
    while lines(text, width) > most:
        end = _fitting(text, width, most)
        blank = max(text.rfind(" ", 0, end), text.rfind("\n", 0, end))
        if blank > end // 2:
            end = blank
        found.append(text[:end].rstrip())
        text = text[end:].lstrip()
    return [*found, text]


def _fitting(text: str, width: float, most: int) -> int:
    """How many characters fit; never between a letter and its vowel."""
    low, high = 1, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if lines(text[:middle], width) <= most else (low, middle - 1)
    while low > 1 and low < len(text) and category(text[low]) == "Mn":
        low -= 1
    return low


def _glyphs(text: str) -> int:
    return sum(category(sign) != "Mn" for sign in text)
