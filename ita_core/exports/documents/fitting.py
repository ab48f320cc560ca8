"""How wide a text is, so that people's names are divided at their spaces only, whatever program opens the file."""

import re
from functools import cache
from pathlib import Path

from PIL import ImageFont

SARABUN = Path(__file__).parent / "fonts" / "Sarabun-ITA-Regular.ttf"
SMALLER = 11 / 16  # what TH Sarabun is of it at the same size (document.typ)
ROOM = 1.04  # for letters of another font that takes its place
LONGEST_WORD = 20  # letters of a person's name: what is longer is a word of that of a post or a team
POINTS = 72 / 2.54  # a centimetre

_NUMBER = re.compile(r"^(\d+\.) ")  # stays with the name behind it


def lines_of_names(text: str, size: float, width: float) -> str:
    """The text with line ends behind some of its spaces: no word goes over the end of a line, `width` centimetres off.

    For Word, which divides a name where it finds words of its dictionary in it. What is wider than a line, or longer
    than a person's name is, is left to Word; `size` is in points of TH Sarabun.
    """
    lines: list[str] = []
    for word in _NUMBER.sub("\\1\N{NO-BREAK SPACE}", text).split(" "):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width_of(longer, size) > width >= width_of(word, size) and len(word) <= LONGEST_WORD:
            lines.append(word)
        else:
            lines[-1:] = [longer]
    return " \n".join(lines).replace("\N{NO-BREAK SPACE}", " ", 1)


def width_of(text: str, size: float) -> float:
    """Centimetres that a line of text takes in TH Sarabun, and a little more."""
    return float(_font().getlength(text)) * size / 100 * SMALLER / POINTS * ROOM


@cache
def _font() -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(SARABUN, 100, layout_engine=ImageFont.Layout.BASIC)
