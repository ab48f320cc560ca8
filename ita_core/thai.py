"""Days and months as people read them; names and ranks."""

import re
from datetime import date, datetime
from functools import cache
from typing import TYPE_CHECKING

from pythainlp.util import collate

from ita_core import language
from ita_core.days import BANGKOK, in_thai

if TYPE_CHECKING:
    from holidays import HolidayBase

# Highest first, as in the Royal Thai Police; "หญิง" belongs to the rank's spelling, not to its height.
RANKS = ("พล.ต.อ.", "พล.ต.ท.", "พล.ต.ต.", "พ.ต.อ.", "พ.ต.ท.", "พ.ต.ต.", "ร.ต.อ.", "ร.ต.ท.", "ร.ต.ต.", "ด.ต.",
         "จ.ส.ต.", "ส.ต.อ.", "ส.ต.ท.", "ส.ต.ต.")  # fmt: skip


def day_off(day: date) -> str:
    """Why nobody works on a day: Saturday, Sunday or the name of a public holiday of Thailand; "" for a working day.

    Holidays by the library holidays (maintained; Thai names, substitutes included).
    """
    weekend = day.weekday() >= 5
    name = f"{day:%A}" if language.current() == "en" else in_thai(day, "%A")
    return str(_holidays(language.current()).get(day) or name * weekend)


@cache
def _holidays(spoken: str) -> "HolidayBase":
    from holidays import country_holidays

    return country_holidays("TH", language="th" if spoken == "th" else "en_US")


def date_text(day: date | None, *, year: bool = True) -> str:
    """28 ก.พ. 68 (English: 28 Feb 2025); "" for no day."""
    if day is None:
        return ""
    if language.current() == "en":
        return f"{day.day} {day:%b %Y}" if year else f"{day.day} {day:%b}"
    return in_thai(day, "%-d %b %y" if year else "%-d %b")


def long_date_text(day: date) -> str:
    """28 กุมภาพันธ์ 2568 (English: 28 February 2025)."""
    return f"{day.day} {day:%B %Y}" if language.current() == "en" else in_thai(day, "%-d %B %Y")


def moment_text(moment: datetime) -> str:
    """28 ก.พ. 68 14:05, in Thailand."""
    local = moment.astimezone(BANGKOK)
    return f"{date_text(local.date())} {local:%H:%M}"


_DAY = re.compile(r"(?<!\d)(\d{1,2}) ([ก-๙]+\.[ก-๙]+\.|[A-Z][a-z]{2}) (\d{2,4})(?: (\d\d:\d\d))?")


def unbroken(text: str) -> str:
    """The same text with its days and moments (`date_text`, `moment_text`) each kept on one line."""
    return _DAY.sub(lambda found: "\u00a0".join(filter(None, found.groups())), text)


def period_text(period: str) -> str:
    """ต.ค. 67 (English: Oct 2024) for 2024-10."""
    first = date.fromisoformat(f"{period}-01")
    return f"{first:%b %Y}" if language.current() == "en" else in_thai(first, "%b %y")


def rank_height(rank: str) -> int:
    """0 for the highest rank; a rank that is not known comes last. "ว่าที่" and "หญิง" do not count."""
    bare = rank.replace("ว่าที่", "").replace("หญิง", "").replace(" ", "")
    return RANKS.index(bare) if bare in RANKS else len(RANKS)


def rank_and_name(rank: str, name: str) -> str:
    """พ.ต.ท.ประโมทย์ พูลประเสริฐ; women's ranks and two-word ranks are followed by a space, as the document writes."""
    if not rank:
        return name
    return f"{rank} {name}" if rank.endswith("หญิง") else f"{rank}{name}"


def given_name(name: str) -> str:
    """The first word of a name: what colleagues are called by."""
    return name.split(" ")[0]


def in_thai_order(names: list[str]) -> list[str]:
    """Names by the Royal Institute's dictionary order."""
    return list(collate(names))
