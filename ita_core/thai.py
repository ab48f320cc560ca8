"""Thai days, fiscal years, periods, names and ranks. Pure: no clock, no database.

Dates by pythainlp (maintained by the Thai NLP community), which knows the Buddhist era and Thai month names.
"""

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from pythainlp.util import collate, thai_strftime

from ita_core import language

BANGKOK = ZoneInfo("Asia/Bangkok")
ERA = 543  # Buddhist-era year = Christian-era year + 543

# Highest first, as in the Royal Thai Police; "หญิง" belongs to the rank's spelling, not to its height.
RANKS = ("พล.ต.อ.", "พล.ต.ท.", "พล.ต.ต.", "พ.ต.อ.", "พ.ต.ท.", "พ.ต.ต.", "ร.ต.อ.", "ร.ต.ท.", "ร.ต.ต.", "ด.ต.",
         "จ.ส.ต.", "ส.ต.อ.", "ส.ต.ท.", "ส.ต.ต.")  # fmt: skip


def fiscal_year(day: date) -> int:
    """The Buddhist-era fiscal year of a day: it runs from 1 October to 30 September and is named by its end."""
    return day.year + ERA + (1 if day.month >= 10 else 0)


def fiscal_bounds(year: int) -> tuple[date, date]:
    """First and last day of a Buddhist-era fiscal year."""
    return date(year - ERA - 1, 10, 1), date(year - ERA, 9, 30)


def day_of(moment: datetime) -> date:
    """The calendar day in Thailand of an aware moment."""
    return moment.astimezone(BANGKOK).date()


def end_of(day: date) -> datetime:
    """The moment (UTC) at which a day in Thailand is over."""
    return datetime.combine(day + timedelta(days=1), time(), BANGKOK).astimezone(UTC)


def period_of(day: date) -> str:
    """The month of a day as YYYY-MM, Christian era."""
    return f"{day:%Y-%m}"


def period_end(period: str) -> date:
    """The last day of a period YYYY-MM."""
    year, month = map(int, period.split("-"))
    return date(year, month, monthrange(year, month)[1])


@cache
def _thai(day: date, pattern: str) -> str:
    return str(thai_strftime(datetime.combine(day, time()), pattern))


MONTHS = tuple(_thai(date(2024, month, 1), "%B") for month in range(1, 13))  # มกราคม …
SHORT_MONTHS = tuple(_thai(date(2024, month, 1), "%b") for month in range(1, 13))  # ม.ค. …


def date_text(day: date | None, *, year: bool = True) -> str:
    """28 ก.พ. 68 (English: 28 Feb 2025); "" for no day."""
    if day is None:
        return ""
    if language.current() == "en":
        return f"{day.day} {day:%b %Y}" if year else f"{day.day} {day:%b}"
    return _thai(day, "%-d %b %y" if year else "%-d %b")


def long_date_text(day: date) -> str:
    """28 กุมภาพันธ์ 2568 (English: 28 February 2025)."""
    return f"{day.day} {day:%B %Y}" if language.current() == "en" else _thai(day, "%-d %B %Y")


def moment_text(moment: datetime) -> str:
    """28 ก.พ. 68 14:05, in Thailand."""
    local = moment.astimezone(BANGKOK)
    return f"{date_text(local.date())} {local:%H:%M}"


def period_text(period: str) -> str:
    """ต.ค. 67 (English: Oct 2024) for 2024-10."""
    first = date.fromisoformat(f"{period}-01")
    return f"{first:%b %Y}" if language.current() == "en" else _thai(first, "%b %y")


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
