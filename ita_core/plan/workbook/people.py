"""Who is meant by a name in a cell: the parties of a plan by name, key, other spelling, and rank with name."""

import re
from collections.abc import Iterable

from rapidfuzz import fuzz, process

from ita_core.language import N_
from ita_core.plan.sentences import Sentence
from ita_core.plan.workbook.cells import folded
from ita_core.plan.workbook.sheets import PEOPLE
from ita_core.thai import rank_and_name

_NEAR = 60  # of 100: less alike than that is no suggestion


class People:
    """The parties that can be named. A name is taken before a key, a key before an alias, that before rank and name."""

    def __init__(self) -> None:
        self.names: dict[str, str] = {}  # by key
        self._spellings: tuple[dict[str, str], ...] = ({}, {}, {}, {})
        self._shown: dict[str, str] = {}

    def add(self, key: str, name: str, *, rank: str = "", aliases: Iterable[str] = ()) -> None:
        """Let a party be named; of two with one spelling, the first."""
        self.names.setdefault(key, name)
        for kind, spellings in enumerate(
            ([name], [key], aliases, [rank_and_name(rank, name), f"{rank} {name}", f"{rank}{name}"])
        ):
            for spelling in spellings:
                if folded(spelling):
                    self._spellings[kind].setdefault(folded(spelling), key)
                    self._shown.setdefault(folded(spelling), spelling)

    def find(self, text: str) -> str | None:
        """The key of the party; None for nobody known."""
        return next((known[folded(text)] for known in self._spellings if folded(text) in known), None)

    def nearest(self, text: str) -> str:
        """The known spelling that is most like it, with the name where it is not the name; "" for none."""
        found = process.extractOne(folded(text), list(self._shown), scorer=fuzz.WRatio, score_cutoff=_NEAR)
        if found is None:
            return ""
        spelling, name = self._shown[found[0]], self.names[self.find(found[0]) or ""]
        return f"“{spelling}”" if spelling == name else f"“{spelling}” ({name})"

    def unknown(self, text: str) -> Sentence:
        """Why a name is nobody's, with the nearest."""
        near = self.nearest(text)
        facts = {"name": text, "sheet": PEOPLE.title}
        if not near:
            return Sentence(N_("there is nobody called “{name}” on the sheet “{sheet}”"), facts)
        says = N_("there is nobody called “{name}” on the sheet “{sheet}”: is it {near}?")
        return Sentence(says, {**facts, "near": near})

    def hand(self, text: str) -> dict[str, str] | None:
        """Who does what, of a cell like "งานส่งกำลังบำรุง (จัดทำป้าย)"; None for nobody known."""
        if who := self.find(text):
            return {"who": who, "task": ""}
        for found in re.finditer(r"\s*\(", text):
            if text.endswith(")") and (who := self.find(text[: found.start()])):
                return {"who": who, "task": text[found.end() : -1].strip()}
        return None

    def hand_text(self, who: str, task: str) -> str:
        """What `hand` reads as this."""
        if not task:
            return self.names[who]
        text = f"{self.names[who]} ({task})"
        return text if self.hand(text) == {"who": who, "task": task} else f"{who} ({task})"
