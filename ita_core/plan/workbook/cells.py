"""Days, months, words and numbers as they are written into cells, and as people and Excel write them."""

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from unicodedata import normalize

from ita_core.days import ERA, MONTHS, SHORT_MONTHS, TO_ARABIC, in_thai
from ita_core.language import N_
from ita_core.plan.sentences import Misfit
from ita_core.typed import BUDDHIST

_CENTURY = 2500  # to which two digits of a year are added: Thais write 68 for 2568
_BETWEEN = re.compile(r"\s*(?:–|—|ถึง)\s*|\s+-\s+|(?<=[0-9])-(?=[ก-๙])")


def folded(text: str) -> str:
    """A text as it is compared: without blanks too many, one way to write each Thai vowel, small Latin letters."""
    return " ".join(normalize("NFKC", text).split()).casefold()


def in_digits(text: str) -> str:
    """The text with Thai digits as Arabic ones."""
    return text.translate(TO_ARABIC).strip()


def as_text(value: object) -> str:
    """A cell's value as text; a number as it is seen (1.4 read as a number is "1.4").

    Raises Misfit for what is no text.
    """
    if value is None:
        return ""
    if isinstance(value, str):
        return value.replace("_x000D_", "").replace("\r\n", "\n").strip()
    if isinstance(value, bool):
        raise Misfit(N_("must be text, but is {value}"), value="TRUE" if value else "FALSE")
    if isinstance(value, int | float):
        return f"{value:.15g}"
    raise Misfit(N_("must be text, but is a date or a time: format the cell as text and write it again"))


def as_number(value: object) -> int | float:
    """A cell's value as a number, Thai digits and texts among them.

    Raises Misfit.
    """
    if isinstance(value, int | float) and not isinstance(value, bool):
        number: int | float = value
    else:
        text = in_digits(as_text(value))
        if re.fullmatch(r"-?[0-9]+,[0-9]+", text) and not re.fullmatch(r"-?[1-9][0-9]{0,2},[0-9]{3}", text):
            raise Misfit(N_("has a comma where a point belongs: write {number}"), number=text.replace(",", "."))
        text = text.replace(",", "")
        if not re.fullmatch(r"-?[0-9]{1,9}(\.[0-9]{1,9})?", text):
            raise Misfit(N_("must be a number, but is “{text}”"), text=as_text(value))
        number = float(text)
    return int(number) if number == int(number) else number


def as_day(value: object) -> date:
    """A cell's value as a day: a date, or a text of either era like 31 ม.ค. 2568, 31/1/2568 or 2025-01-31.

    Raises Misfit.
    """
    if isinstance(value, datetime | date):
        day = value.date() if isinstance(value, datetime) else value
        return _day(day.year, day.month, day.day, f"{day:%d/%m/%Y}")
    text = as_text(value)
    plain = in_digits(text).replace("พ.ศ.", " ").replace("พ.ศ", " ")
    if found := re.fullmatch(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})", plain):
        return _day(int(found[1]), int(found[2]), int(found[3]), text)
    if found := re.fullmatch(r"([0-9]{1,2})\s*[/.-]\s*([0-9]{1,2})\s*[/.-]\s*([0-9]{2}|[0-9]{4})", plain):
        return _day(_year(found[3]), int(found[2]), int(found[1]), text)
    if (found := re.fullmatch(r"([0-9]{1,2})\s*([ก-๙.]+)\s*([0-9]{2}|[0-9]{4})", plain)) and _month(found[2]):
        return _day(_year(found[3]), _month(found[2]), int(found[1]), text)
    raise Misfit(N_("must be a day like 31 ม.ค. 2568, but is “{text}”"), text=text)


def _day(year: int, month: int, day: int, written: str) -> date:
    try:
        return date(year - ERA if year >= BUDDHIST else year, month, day)
    except ValueError:
        raise Misfit(N_("there is no day {day}"), day=written) from None


def _year(text: str) -> int:
    return int(text) + (_CENTURY if len(text) == 2 else 0)


def _month(word: str) -> int:
    """The number of a month's Thai name, whole or short; 0 for another word."""
    bare = word.replace(".", "").strip()
    for names in (MONTHS, SHORT_MONTHS):
        for number, name in enumerate(names, start=1):
            if bare == name.replace(".", ""):
                return number
    return 0


def as_months(value: object) -> list[str]:
    """The months of a cell as YYYY-MM: ต.ค. 2567 – มี.ค. 2568, or one after the other.

    Raises Misfit.
    """
    if isinstance(value, datetime | date):
        day = as_day(value)
        return [f"{day:%Y-%m}"]
    months: list[str] = []
    for part in re.split(r"[,;\n]+", as_text(value)):
        ends = [_period(end) for end in _BETWEEN.split(part.strip())] if part.strip() else []
        if len(ends) > 2 or (len(ends) == 2 and not 0 <= _count(ends[1]) - _count(ends[0]) <= 24):
            raise Misfit(N_("must be months like ต.ค. 2567 – มี.ค. 2568, but is “{text}”"), text=part.strip())
        months += [_named(count) for count in range(_count(ends[0]), _count(ends[-1]) + 1)] if ends else []
    return months


def _period(text: str) -> str:
    plain = in_digits(text).replace("พ.ศ.", " ")
    year = month = 0
    if found := re.fullmatch(r"([0-9]{4})-([0-9]{1,2})", plain):
        year, month = int(found[1]), int(found[2])
    elif found := re.fullmatch(r"([0-9]{1,2})\s*/\s*([0-9]{2}|[0-9]{4})", plain):
        year, month = _year(found[2]), int(found[1])
    elif found := re.fullmatch(r"([ก-๙.]+)\s*([0-9]{2}|[0-9]{4})", plain):
        year, month = _year(found[2]), _month(found[1])
    year -= ERA if year >= BUDDHIST else 0
    if not 1 <= month <= 12 or year < 1:
        raise Misfit(N_("must be a month like ต.ค. 2567, but is “{text}”"), text=text.strip())
    return f"{year:04}-{month:02}"


def _count(period: str) -> int:
    return int(period[:4]) * 12 + int(period[5:]) - 1


def _named(count: int) -> str:
    return f"{count // 12:04}-{count % 12 + 1:02}"


def months_text(periods: Iterable[str]) -> str:
    """Months as they are written: a run of three and more by its ends."""
    runs: list[list[str]] = []
    for period in periods:
        if runs and _count(period) == _count(runs[-1][-1]) + 1:
            runs[-1].append(period)
        else:
            runs.append([period])
    parts = []
    for run in runs:
        words = [in_thai(date.fromisoformat(f"{period}-01"), "%b %Y") for period in run]
        parts += [f"{words[0]} – {words[-1]}"] if len(run) > 2 else words
    return ", ".join(parts)


def as_code(value: object, words: Mapping[str, str]) -> str:
    """The code whose word, or which itself, stands in a cell.

    Raises Misfit.
    """
    text = as_text(value)
    for code, word in words.items():
        if folded(text) in {folded(code), folded(word)}:
            return code
    raise Misfit(N_("must be {choices}, but is “{text}”"), choices=", ".join(words.values()), text=text)


def as_codes(value: object, words: Mapping[str, str]) -> list[str]:
    """The codes whose words stand in a cell, between commas or in lines.

    Raises Misfit.
    """
    return [as_code(part, words) for part in re.split(r"[,;+\n]+", as_text(value)) if part.strip()]


def words_text(codes: Iterable[str], words: Mapping[str, str]) -> str:
    """Codes as their words are written."""
    return ", ".join(words[code] for code in codes)


def lines(text: str) -> list[str]:
    """The lines of a cell that say something."""
    return [line.strip() for line in text.split("\n") if line.strip()]
