"""PURE: which slots a file is likely to cover, guessed from its name. A guess that the officer sees and corrects."""

import re
from collections.abc import Sequence
from datetime import date
from pathlib import PurePath

from ita_core.evidence.kinds import KINDS
from ita_core.progress import ItemStanding, SlotKey, SlotStanding, State
from ita_core.thai import ERA, MONTHS, SHORT_MONTHS

_ENGLISH = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_LANGUAGES = {
    "th": ("ภาษาไทย", "thai", "_th", "-th", "(th)"),
    "en": ("อังกฤษ", "english", "_en", "-en", "(en)"),
    "foreign": ("อังกฤษ", "ต่างประเทศ", "english", "_en", "-en", "(en)"),
}


def format_by_name(name: str) -> str:
    """The format that a name's ending claims ("pdf", "word", …); "" for an ending that is not taken."""
    suffix = PurePath(name).suffix.lower()
    return next((kind.format for kind in KINDS if suffix in kind.suffixes), "")


def periods_in(name: str, periods: Sequence[str]) -> list[str]:
    """Those of the periods (YYYY-MM) that a name speaks of: ต.ค.67, ตุลาคม 2567, Oct 2024, 2567-10, 10-67."""
    text = name.lower()
    found = []
    for period in periods:
        first = date.fromisoformat(f"{period}-01")
        era = first.year + ERA
        years = rf"(?:{era}|{era % 100}|{first.year})"
        short = SHORT_MONTHS[first.month - 1].replace(".", r"\.?")
        words = f"{MONTHS[first.month - 1]}|{short}|{_ENGLISH[first.month - 1]}[a-z]*"
        month = f"0?{first.month}"
        patterns = (
            rf"(?:{words})[^0-9ก-๙a-z]{{0,3}}(?:พ\.?\s?ศ\.?\s*)?{years}(?!\d)",
            rf"(?<!\d){years}[-_./]{month}(?!\d)",
            rf"(?<!\d){month}[-_./]{years}(?!\d)",
        )
        if any(re.search(pattern, text) for pattern in patterns):
            found.append(period)
    return found


def suggest(standing: ItemStanding, name: str) -> list[SlotKey]:
    """The slots a file of this name is likely meant for: of its format, its month, its language, and still open."""
    fitting = [slot for slot in standing.slots if slot.slot.key.format in {"", format_by_name(name)}]
    periods = periods_in(name, list(dict.fromkeys(slot.slot.key.period for slot in fitting if slot.slot.key.period)))
    if periods:
        fitting = [slot for slot in fitting if slot.slot.key.period in periods]
    elif any(slot.slot.key.period for slot in fitting):
        fitting = _oldest_open_period(fitting)
    languages = [code for code, words in _LANGUAGES.items() if any(word in name.lower() for word in words)]
    if languages:
        fitting = [slot for slot in fitting if slot.slot.key.language in {"", *languages}]
    if standing.item.slots and len({slot.slot.key.requirement_id for slot in fitting}) > 1:
        named = [slot for slot in fitting if _speaks_of(name, slot.slot.requirement.title)]
        fitting = named or fitting
    # A name that says its month is meant for that month, accepted or not: a correction.
    open_slots = fitting if periods else [slot for slot in fitting if slot.state in {State.missing, State.returned}]
    if any(slot.slot.requirement.minimum > 1 for slot in open_slots):
        open_slots = open_slots[:1]  # one activity a file
    return [slot.slot.key for slot in open_slots]


def _oldest_open_period(slots: Sequence[SlotStanding]) -> list[SlotStanding]:
    waiting_for = [slot.slot.key.period for slot in slots if slot.state in {State.missing, State.returned}]
    first = min((period for period in waiting_for if period), default="")
    return [slot for slot in slots if slot.slot.key.period == first]


def _speaks_of(name: str, title: str) -> bool:
    return any(len(part) > 3 and part in name for part in re.split(r"[\s/()]+", title))
