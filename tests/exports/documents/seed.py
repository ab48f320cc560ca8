"""The office's own measure of 2568 as it was read from a scan (`measures-2568.txt`): its pieces, in their order.

The text is right in substance and full of small scanning faults: marks of HTML, spaces, one letter for another. So it
is held by likeness: `at` says where in a text a piece stands, and how like it is (0–100).
"""

import html
import re
from functools import cache
from pathlib import Path

from rapidfuzz import fuzz

TEXT = Path(__file__).with_name("measures-2568.txt")
HEADS = ("ด้านประเด็นที่ต้อง", "ตัวชี้วัดการประเมินITAประเด็น", "ที่ช่วงระยะเวลาขั้นตอน", "กลุ่มเป้าหมายประเด็นสำคัญ")
SHORTEST = 12  # letters; what is shorter would be found anywhere


def letters(text: str) -> str:
    """What a text says, without spaces, marks and how its lists are numbered."""
    text = re.sub(r"</?\w[^>]*>", "", html.unescape(text)).replace("*", "")
    return re.sub(r"[\s.,:;()\[\]“”\"'★•/–-]", "", text).replace("ํา", "ำ")


@cache
def pieces() -> tuple[str, ...]:
    """Every paragraph, and every cell of every row, as letters; the heads that each page repeats are left out."""
    found = []
    for line in TEXT.read_text(encoding="utf-8").splitlines():
        if letters(line).startswith(HEADS):
            continue
        for cell in re.split(r"\t|</p>|<br>|(?:^|\s)- ", line):
            said = letters(cell)
            if len(said) >= SHORTEST:
                found.append(said)
    return tuple(found)


def at(piece: str, text: str) -> tuple[float, int]:
    """How like the likest place in the text is (0–100), and where it begins."""
    found = fuzz.partial_ratio_alignment(piece, text)
    return (0.0, -1) if found is None else (found.score, found.dest_start)
