"""PURE: days, months (periods) and fiscal years in Thailand: no clock, no language.

Thai dates by pythainlp (maintained by the Thai NLP community), which knows the Buddhist era and Thai month names.
"""

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from pythainlp.util import thai_strftime

BANGKOK = ZoneInfo("Asia/Bangkok")
ERA = 543  # Buddhist-era year = Christian-era year + 543
TO_ARABIC = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")  # what people type is read with either digits


def fiscal_year(day: date) -> int:
    """The Buddhist-era fiscal year of a day: it runs from 1 October to 30 September and is named by its end."""
    return day.year + ERA + (1 if day.month >= 10 else 0)


def fiscal_bounds(year: int) -> tuple[date, date]:
    """First and last day of a Buddhist-era fiscal year."""
    return date(year - ERA - 1, 10, 1), date(year - ERA, 9, 30)


def fiscal_months(year: int) -> tuple[str, ...]:
    """The twelve months (YYYY-MM) of a Buddhist-era fiscal year, October first."""
    first = fiscal_bounds(year)[0].year
    return tuple(f"{first + (month <= 9)}-{month:02}" for month in (10, 11, 12, *range(1, 10)))


def day_of(moment: datetime) -> date:
    """The calendar day in Thailand of an aware moment."""
    return moment.astimezone(BANGKOK).date()


def end_of(day: date) -> datetime:
    """The moment (UTC) at which a day in Thailand is over."""
    return datetime.combine(day + timedelta(days=1), time(), BANGKOK).astimezone(UTC)


def happened(at: datetime | None, before: datetime | None) -> bool:
    """Whether something has happened just before a moment, None for now; `at` is when, None for never."""
    return at is not None and (before is None or at < before)


def period_of(day: date) -> str:
    """The month of a day as YYYY-MM, Christian era."""
    return f"{day:%Y-%m}"


def period_end(period: str) -> date:
    """The last day of a period YYYY-MM."""
    year, month = map(int, period.split("-"))
    return date(year, month, monthrange(year, month)[1])


@cache
def in_thai(day: date, pattern: str) -> str:
    """A day by a pattern of strftime, in Thai and of the Buddhist era."""
    return str(thai_strftime(datetime.combine(day, time()), pattern))


MONTHS = tuple(in_thai(date(2024, month, 1), "%B") for month in range(1, 13))  # มกราคม …
SHORT_MONTHS = tuple(in_thai(date(2024, month, 1), "%b") for month in range(1, 13))  # ม.ค. …
