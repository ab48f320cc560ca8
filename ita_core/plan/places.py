"""Where in a framework or a plan something stands: by its path in the file, or in the words that people have for it."""

from collections.abc import Iterable
from dataclasses import dataclass

from ita_core import language
from ita_core.board.progress import Stage
from ita_core.language import N_, _
from ita_core.plan.sentences import told_month

Where = tuple[str | int, ...]

STAGES = {
    Stage.not_started: N_("Not started"),
    Stage.preparing: N_("In preparation"),
    Stage.in_review: N_("In review"),
    Stage.complete: N_("Complete"),
    Stage.approved: N_("Approved"),
    Stage.published: N_("Published"),
    Stage.filed: N_("Filed in ITAP"),
}

# Parts of a path after which the next one says which.
WHICH = {
    "officers": N_("officer {which}"),
    "posts": N_("post {which}"),
    "teams": N_("team {which}"),
    "duties": N_("duties of {which}"),
    "items": N_("item {which}"),
    "measures": N_("measure {which}"),
    "requirements": N_("requirement “{which}”"),
    "steps": N_("step {which}"),
    "indicators": N_("indicator {which}"),
    "instruments": N_("instrument {which}"),
    "own": N_("day of {which} by itself"),
}
# Parts by themselves.
WORDS = {
    "officers": N_("Officers"),
    "posts": N_("Posts"),
    "teams": N_("Teams"),
    "duties": N_("Duties"),
    "items": N_("Item"),
    "measures": N_("The office's measures"),
    "requirements": N_("Requirement"),
    "steps": N_("Steps"),
    "indicators": N_("Indicators"),
    "instruments": N_("Instruments"),
    "own": N_("Days of single items"),
    "framework": N_("Framework"),
    "plan": N_("Code of the plan"),
    "fiscal_year": N_("Fiscal year"),
    "office": N_("Office"),
    "code": N_("Code"),
    "short": N_("Short name"),
    "website": N_("Website"),
    "target": N_("Target"),
    "about": N_("About the plan"),
    "scores": N_("Scores of earlier years"),
    "total": N_("Total"),
    "rank": N_("Rank"),
    "name": N_("Name"),
    "since": N_("Rank and name are so from"),
    "aliases": N_("Other spellings"),
    "members": N_("Members"),
    "confirm": N_("Name to confirm"),
    "deadlines": N_("Deadlines"),
    "once": N_("Shown once"),
    "monthly": N_("Monthly"),
    "continuous": N_("Continuous"),
    "says": N_("Wording of the document"),
    "due": N_("Due"),
    "day": N_("Day of the next month"),
    "supervise": N_("Supervised by"),
    "prepare": N_("Prepared by"),
    "who": N_("Responsible"),
    "task": N_("Task"),
    "nobody": N_("Why there is nobody"),
    "shown_by": N_("Shown done by"),
    "measures_close": N_("Last day of the office's measures"),
    "kind": N_("Kind"),
    "instrument": N_("Instrument"),
    "title": N_("Name"),
    "demand": N_("What must be done"),
    "note": N_("Explanation"),
    "cadence": N_("Cadence"),
    "periods": N_("Reported months"),
    "formats": N_("Formats"),
    "languages": N_("Languages"),
    "minimum": N_("Smallest number"),
    "nil_allowed": N_("Nothing to report is an answer"),
    "phases": N_("Phase"),
    "row": N_("Number in the document"),
    "starts": N_("Starts"),
    "ends": N_("Ends"),
    "work": N_("Details"),
    "assumed": N_("Carried over from an earlier year"),
    "source": N_("Where from"),
    "closes": N_("Last day of OIT"),
    "lineage": N_("The same item through the years"),
    "came_of": N_("Comes of"),
    "from": N_("From framework"),
    "to": N_("To framework"),
    "equal": N_("Equal items"),
    "part_of": N_("Parts of items"),
    "made_of": N_("Made of several"),
    "new": N_("New items"),
    "dropped": N_("Dropped items"),
    "weight": N_("Weight"),
    "forecast": N_("Forecast"),
    "stages": N_("Worth of the stages"),
    "left": N_("What is left after the window"),
    "bands": N_("Bands of the instruments"),
    "sources": N_("Where from"),
    **{stage.value: word for stage, word in STAGES.items()},
    "low": N_("Lowest"),
    "likely": N_("Likely"),
    "high": N_("Highest"),
    "levels": N_("Level"),
    "total_min": N_("Least total"),
    "each_min": N_("Least of every instrument"),
    "indicator": N_("Indicator"),
    "improve": N_("What must improve"),
}
_OF_PARTIES = {"title": N_("Position")}
# What people know by a name, not by its key: the part of its values that has the name.
NAMED = {"officers": "name", "posts": "name", "teams": "name", "requirements": "title"}


@dataclass(frozen=True)
class Place:
    """A path; `names` are those of the parts that people know by a name, by where in the path they stand.

    `str()` is the path as programmers write it, to a Thai reader in words: duties.O7.supervise[0] →
    หน้าที่ของ O7 · ผู้ควบคุม (ลำดับที่ 1).
    """

    where: Where
    names: tuple[tuple[int, str], ...] = ()

    def __str__(self) -> str:
        return self.path if language.current() == "en" else self._in_words()

    @property
    def path(self) -> str:
        """duties.O7.supervise[0]; a key that has a full stop in it, or nothing, stands in quotes."""
        parts = (f"[{part}]" if isinstance(part, int) else f".{_quoted(part)}" for part in self.where)
        return "".join(parts).lstrip(".")

    def _in_words(self) -> str:
        names, told, words = dict(self.names), list[str](), WORDS
        if self.where and self.where[0] in ("officers", "posts", "teams"):
            words = WORDS | _OF_PARTIES
        rest = list(enumerate(self.where))
        while rest:
            _place, part = rest.pop(0)
            if isinstance(part, int):
                told[-1:] = [_("{what} (number {number})").format(what="".join(told[-1:]), number=part + 1)]
            elif part in WHICH and rest and isinstance(rest[0][1], str):
                place, which = rest.pop(0)
                told.append(_(WHICH[part]).format(which=names.get(place, which)))
            elif part:
                told.append(_(words[part]) if part in words else str(told_month(part)))
        return " · ".join(told)


def duty_places(places: Iterable[str]) -> str:
    """Where duties are, as people say it: O7, S1, step 4."""
    step = _("step {number}")
    return ", ".join(
        step.format(number=one.removeprefix("step ")) if one.startswith("step ") else one for one in places
    )


def _quoted(key: str) -> str:
    return f'"{key}"' if "." in key or not key else key
