"""What differs between two plans, in people's words: what, where, from what to what, and whom it touches."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import streamlit as st

from ita_core import db, queries, thai, words
from ita_core.language import _
from ita_core.models import Cadence, ItemKind
from ita_core.plan.difference import Difference, differences, told_once
from ita_core.plan.places import WORDS
from ita_core.plan.touched import Parts, Place, Recount, Touched, place_of
from ita_core.queries import DraftFacts, PlanFacts, PlanHistory
from pages.parts import evidence_card, marks, templates
from pages.parts.frame import Frame

SHOWN = 60  # differences at once
FORECASTING = {"forecast", "instruments", "levels"}  # parts of a framework on which the year's forecast rests


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that differs."""

    what: str
    where: str
    before: str
    after: str
    touches: str  # how many officers, how many pieces of evidence


def parts(of: PlanFacts | DraftFacts) -> Parts:
    """Framework and plan of a revision or a draft, to be compared."""
    return of.framework, of.plan


def recounted(here: Frame, after: Parts) -> Recount:
    """What of the evidence a plan in place of the one in force would count otherwise."""
    with db.reading() as session:
        return queries.get_recount(session, here.assessment, after)


def listed(before: Parts, after: Parts) -> list[Difference]:
    """What there is to tell, in the order of the plan."""
    return told_once(differences(before, after))


def show(
    told: Sequence[Difference], before: Parts, after: Parts, history: PlanHistory, recount: Recount | None = None
) -> None:
    """A table of what is `listed`; `recount`: what of the evidence a plan not in force yet would count otherwise."""
    if not told:
        st.caption(_("Only the order or the wording of notes differs."))
        return
    parties = {one.key: one.short for one in history.known.values()}
    templates.show("plan_changes", lines=lines(told[:SHOWN], before, after, parties, recount))
    if len(told) > SHOWN:
        st.caption(marks.more(len(told) - SHOWN))


def uncounted(here: Frame, recount: Recount) -> None:
    """The pieces that a plan would no longer count; each stays where it is, to be opened and read."""
    with db.reading() as session:
        snapshot = queries.current_snapshot(session, here.assessment)
        lost = queries.list_recounted(session, here.actor, recount)
    if not lost:
        return
    with st.expander(_("{number} pieces stay, to be read, but would not count").format(number=len(lost))):
        for one in lost[:SHOWN]:
            card = evidence_card.card(one, snapshot)
            covers = "; ".join(part for part in (one.item_code, card.covers) if part)
            templates.show("evidence", one=replace(card, covers=covers))
        if len(lost) > SHOWN:
            st.caption(marks.more(len(lost) - SHOWN))


def lines(
    told: Sequence[Difference], before: Parts, after: Parts, parties: Mapping[str, str], recount: Recount | None = None
) -> list[Line]:
    """A line for each difference; `parties` are people's names by their keys, where they have others than the plans."""
    teller = _Teller(before, after, parties, recount)
    return [teller.line(one) for one in told]


class _Teller:
    """Tells differences between two plans by the names that people know."""

    def __init__(self, before: Parts, after: Parts, parties: Mapping[str, str], recount: Recount | None) -> None:
        self._touched, self._recount = Touched(before, after), recount
        self._parties: dict[str, str] = {}
        for _framework, plan in (before, after):
            self._parties |= {key: f"{one.rank} {one.name}" for key, one in plan.officers.items()}
            self._parties |= {key: one.name for key, one in (plan.posts | plan.teams).items()}
        self._parties |= parties
        self._told: set[Place] = set()

    def line(self, one: Difference) -> Line:
        """Asked for in their order: what a requirement uncounts stands at its first."""
        before, after = (self._value(one, value) for value in (one.before, one.after))
        return Line(_(words.DIFFERENCES[one.what]), self._where(one), before, after, self._touches(one))

    def _where(self, one: Difference) -> str:
        place, part = place_of(one)
        match one.what:
            case "due":
                return f"{place} {thai.period_text(part)}" if part else place
            case "requirement":
                key, _dot, part = part.partition(".")
                title = self._touched.requirement(place, key) if part else ""
                return " · ".join(word for word in (place, title, part_text(part)) if word)
            case "person" | "group":
                return " · ".join(word for word in (self._parties.get(place, place), part_text(part)) if word)
            case "step":
                number = _("Step {number}").format(number=place.removeprefix("step ").rstrip("-"))
                return " · ".join(word for word in (number, part_text(part)) if word)
            case "framework" | "office":
                return " · ".join(part_text(word) for word in (place, *part.split(".")) if word)
        return " · ".join(word for word in (place, part_text(part)) if word)

    def _value(self, one: Difference, value: str) -> str:
        if not value:
            return ""
        _place, part = place_of(one)
        attribute = part.rpartition(".")[2] if one.what != "due" else "due"
        if one.what in {"framework", "office"} and not part:
            attribute = one.where
        if attribute in {"supervise", "prepare", "members"}:
            return ", ".join(self._hand(hand) for hand in value.split(", "))
        if attribute in VALUES:
            return value_text(attribute, value)
        if one.what == "group" and not part:  # "team …"
            return value.partition(" ")[2]
        return value

    def _hand(self, hand: str) -> str:
        key, space, task = hand.partition(" (")
        return f"{self._parties.get(key, key)}{space}{task}"

    def _touches(self, one: Difference) -> str:
        said = []
        if officers := len(self._touched.officers(one)):
            said.append(_("{number} officers").format(number=officers))
        if one.what == "framework" and place_of(one)[0] in FORECASTING:
            said.append(_("the year's forecast"))
        code, part = place_of(one)
        place = (code, part.partition(".")[0])
        if self._recount and one.what == "requirement" and place not in self._told:
            self._told.add(place)
            if lost := len(self._recount.lost.get(place, ())):
                said.append(_("{number} pieces will not count").format(number=lost))
            if back := len(self._recount.back.get(place, ())):
                said.append(_("{number} pieces count again").format(number=back))
        return " · ".join(said)


def value_text(attribute: str, value: str) -> str:
    """What is written for the values of a part whose words are known (VALUES), and for numbers."""
    told = VALUES.get(attribute, str)
    return ", ".join(told(word) for word in value.split(", ") if word)


def part_text(name: str) -> str:
    """The word for a part of a plan; what has none stands as it is."""
    return _(WORDS[name]) if name in WORDS else name


def _day(day: str) -> str:
    return thai.date_text(date.fromisoformat(day))


VALUES: Mapping[str, Callable[[str], str]] = {
    "due": _day, "starts": _day, "ends": _day, "since": _day, "closes": _day, "measures_close": _day,
    "periods": thai.period_text, "formats": words.format_word, "languages": words.language_word,
    "cadence": lambda value: _(words.CADENCES[Cadence(value)]), "kind": lambda value: _(words.KINDS[ItemKind(value)]),
    "weight": lambda value: f"{float(value) * 100:.4g}%",
    "shown_by": words.shown_by_text,
    "nil_allowed": lambda value: _(words.ANSWERS[value == "True"]),
    "confirm": lambda value: _(words.ANSWERS[value == "True"]),
}  # fmt: skip
