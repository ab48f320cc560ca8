"""What several documents write alike: days as an office's papers have them, people one below another."""

import re
from collections.abc import Sequence
from datetime import date

from ita_core import days

_FIGURE = "[0-9๐-๙]"
_MONTH = "|".join(re.escape(name) for name in (*days.MONTHS, *days.SHORT_MONTHS))
_BEFORE = re.compile(rf"(?<={_FIGURE}) (?={_MONTH}|ช่อง|ข้อ|ชิ้น|วัน|นาย|จุด|คะแนน|มาตรการ|น\.)")
_AFTER = re.compile(rf"({_MONTH}|พ\.ศ\.|ร้อยละ|ครั้งที่) (?={_FIGURE})")


def together(text: str) -> str:
    """The text with spaces at which no line may end: within a date, between a figure and what it counts."""
    return _AFTER.sub("\\1\N{NO-BREAK SPACE}", _BEFORE.sub("\N{NO-BREAK SPACE}", text))


def long_day(day: date) -> str:
    """3 มกราคม 2568."""
    return days.in_thai(day, "%-d %B %Y")


def short_day(day: date) -> str:
    """31 มี.ค. 68."""
    return days.in_thai(day, "%-d %b %y")


def month(period: str) -> str:
    """มกราคม 2568 for 2025-01."""
    return days.in_thai(date.fromisoformat(f"{period}-01"), "%B %Y")


def span(starts: date, ends: date) -> str:
    """1 มกราคม 2568 ถึง 31 มกราคม 2568."""
    return " ".join(span_lines(starts, ends))


def span_lines(starts: date, ends: date) -> tuple[str, str]:
    """The same for a narrow cell, whose lines end where a person would end them."""
    return long_day(starts), f"ถึง {long_day(ends)}"


def numbered(names: Sequence[str]) -> list[str]:
    """Several people with numbers, one below another; one alone without."""
    return list(names) if len(names) < 2 else [f"{number}. {name}" for number, name in enumerate(names, 1)]
