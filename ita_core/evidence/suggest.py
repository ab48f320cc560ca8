"""PURE: which slots a file is likely to cover, guessed from its name. A guess that the officer sees and corrects."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import PurePath

from ita_core.board.progress import ItemStanding, RequirementFacts, Slot, SlotKey, SlotStanding, State
from ita_core.days import ERA, MONTHS, SHORT_MONTHS
from ita_core.evidence.kinds import KINDS

_ENGLISH = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_LANGUAGES = {
    "th": ("ภาษาไทย", "thai", "_th", "-th", "(th)"),
    "en": ("อังกฤษ", "english", "_en", "-en", "(en)"),
    "foreign": ("อังกฤษ", "ต่างประเทศ", "english", "_en", "-en", "(en)"),
}


SHORT = 5  # letters: words up to this length stand in names of all kinds
_DIGIT = re.compile(r"\d").search


@dataclass(frozen=True, slots=True)
class Guess:
    """The slots guessed, and what in the name says so: months (YYYY-MM), languages, words of a subject's title."""

    keys: tuple[SlotKey, ...] = ()
    months: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    words: tuple[str, ...] = ()


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


def suggest(standing: ItemStanding, name: str) -> Guess:
    """The slots that a file of this name says it is for, and by which of its words; nothing that it does not say.

    It has to name a month or a subject (a language where there is one subject only). Nothing is guessed where a month
    or one of several languages is wanted and not named, nor anything that is accepted.
    """
    slots = [slot for slot in standing.slots if slot.slot.key.format in {"", format_by_name(name)}]
    months = periods_in(name, list(dict.fromkeys(slot.slot.key.period for slot in slots if slot.slot.key.period)))
    languages = [code for code, words in _LANGUAGES.items() if any(word in name.lower() for word in words)]
    subjects = _subjects(name, standing.item.requirements)
    fitting = [
        slot
        for slot in slots
        if (slot.slot.key.period in months if months else not slot.slot.key.period)
        and _of_language(slot.slot, languages)
        and (not subjects or slot.slot.key.requirement_id in subjects)
    ]
    single = len(standing.item.requirements) == 1
    taken = {State.accepted} if months else {State.accepted, State.waiting}  # a month that is named may be a correction
    wanted = [slot for slot in fitting if slot.state not in taken]
    if not (months or subjects or (languages and single)):
        return Guess()
    if any(slot.slot.requirement.minimum > 1 for slot in wanted):
        wanted = wanted[:1]  # one activity a file
    keys = _without_accepted([slot.slot.key for slot in wanted], slots)
    spoken = {key.requirement_id for key in keys} & set(subjects)
    return Guess(
        tuple(keys),
        tuple(dict.fromkeys(key.period for key in keys if key.period)),
        tuple(dict.fromkeys(key.language for key in keys if key.language in languages)),
        tuple(dict.fromkeys(subjects[one] for one in subjects if one in spoken)),
    )


def _of_language(slot: Slot, named: Sequence[str]) -> bool:
    return len(slot.requirement.languages) < 2 or slot.key.language in named


def _subjects(name: str, requirements: Sequence[RequirementFacts]) -> dict[int, str]:
    """Requirement → the words of its title that stand in the name; only words that no other title of the item has."""
    parts = {
        one.id: [part for part in re.split(r"[\s/(),]+", one.title.lower()) if len(part) > SHORT and not _DIGIT(part)]
        for one in requirements
    }
    told = Counter(part for listed in parts.values() for part in set(listed))
    found = {}
    for requirement, listed in parts.items():
        if said := [part for part in listed if told[part] == 1 and part in name.lower()]:
            found[requirement] = max(said, key=len)
    # One subject's word may be the beginning of another's: ประกาศ… and ประกาศผล….
    return {
        one: said for one, said in found.items() if not any(said != more and said in more for more in found.values())
    }


def _without_accepted(keys: list[SlotKey], slots: Sequence[SlotStanding]) -> list[SlotKey]:
    """Those whose subjects, months, languages and numbers, ticked together, cover nothing that is accepted."""
    while keys:
        ticked = [set(axis) for axis in zip(*map(_axes, keys), strict=True)]
        covered = (
            slot.slot.key.requirement_id
            for slot in slots
            if slot.state is State.accepted
            and all(value in axis or not value for value, axis in zip(_axes(slot.slot.key), ticked, strict=True))
        )
        subject = next(covered, None)
        if subject is None:
            break
        keys = [key for key in keys if key.requirement_id != subject]
    return keys


def _axes(key: SlotKey) -> tuple[int, str, str, int]:
    return key.requirement_id, key.period, key.language, key.ordinal
