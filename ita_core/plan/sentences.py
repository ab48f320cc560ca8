"""What is said of a value, as data: an English msgid with its facts, told in the language of whoever reads it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from ita_core import language
from ita_core.days import in_thai
from ita_core.language import _


@dataclass(frozen=True)
class Sentence:
    """A sentence, or a part of one: a fact may be a sentence itself. `str()` tells it in the current language."""

    says: str
    facts: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return _(self.says).format(**self.facts)


@dataclass(frozen=True)
class Told:
    """A fact that a Thai reader knows by another word than the one in the file: a day, a month, somebody by name."""

    written: str
    thai: str

    def __str__(self) -> str:
        return self.written if language.current() == "en" else self.thai


def told_day(day: date) -> Told:
    """2025-01-31, to a Thai reader 31 ม.ค. 2568."""
    return Told(day.isoformat(), in_thai(day, "%-d %b %Y"))


def told_month(period: str) -> Told:
    """2025-01, to a Thai reader ม.ค. 2568; what is no month as it stands."""
    try:
        return Told(period, in_thai(date.fromisoformat(f"{period}-01"), "%b %Y"))
    except ValueError:
        return Told(period, period)


class Misfit(ValueError):
    """A value cannot be what it should be; `what` says why. Its own text is for a log: readers are told `what`."""

    def __init__(self, says: str, /, **facts: object) -> None:
        self.what = Sentence(says, facts)
        super().__init__(says.format(**facts))
