"""Taking a list along: the way to the exports from a screen, with what is chosen there; and what the page has of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

import streamlit as st

from ita_core import access, queries, thai, words
from ita_core.board import listing
from ita_core.exports import making
from ita_core.language import N_, _
from ita_core.queries import Snapshot
from pages.parts import marks
from pages.parts.frame import Frame
from pages.parts.marks import Choice

NAMES = {
    "item": N_("Item"), "kind": N_("Kind"), "indicator": N_("Indicator"), "officer": N_("Officer"), "duty": N_("Duty"),
    "state": N_("State"), "month": N_("Month"), "on": N_("Handed in on"), "find": N_("Name or note"),
    "sort": N_("Sorted"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """A table with what its addresses ask for; `whole` names what is chosen above but not of it."""

    name: str
    title: str
    about: str
    query: str
    whole: str


@dataclass(frozen=True, slots=True)
class View:
    choices: tuple[tuple[str, Choice], ...]
    said: tuple[str, ...]  # what else is asked for, of evidence
    nothing: str  # the address without any of it, "" where nothing is asked for
    lines: tuple[Line, ...]
    workbook: str  # the address of the workbook to forward


def address(here: Frame, data: Snapshot) -> str:
    """Where what is on this screen can be taken along, chosen as it is here."""
    asked = _asked(here, data)
    return "/export?" + urlencode(asked) if asked else "/export"


def _asked(here: Frame, data: Snapshot) -> dict[str, str]:
    """What of the address chooses something of some table; whoever sees some items only chooses no officer."""
    names = [name for name in making.FILTERS if name != "officer" or access.sees_all(here.actor)]
    query = {name: st.query_params[name] for name in names if name in st.query_params}
    applies = [making.applying(name, query, data, here.day) for name in making.TABLES]
    return {name: query[name].strip() for name in query if any(name in one for one in applies)}


def view(here: Frame, data: Snapshot) -> View:
    """What can be chosen, and the tables that this visitor may have of it."""
    asked = _asked(here, data)
    more = [f"{_(NAMES[name])}: {_said(name, asked[name])}" for name in ("month", "on", "find") if name in asked]
    return View(
        tuple((_(NAMES[name]), _choice(name, options, asked)) for name, options in _options(here, data).items()),
        tuple(more),
        "?" + "&".join(f"{name}=" for name in making.FILTERS) if asked else "",
        tuple(_line(here, data, name, asked) for name in making.TABLES if making.offered(name, here.actor)),
        f"/workbook.xlsx?{urlencode(_of(here))}",
    )


def _of(here: Frame) -> dict[str, object]:
    """Whose, of which year and day."""
    return {"office": here.assessment.office_code, "year": here.assessment.fiscal_year, "day": here.day}


def _line(here: Frame, data: Snapshot, name: str, asked: Mapping[str, str]) -> Line:
    title, about = making.TABLES[name]
    applies = making.applying(name, asked, data, here.day)
    left = [_(NAMES[one]) for one in asked if one not in applies and one != "sort"]
    whole = _("not narrowed by {what}").format(what=", ".join(left)) if left else ""
    return Line(name, _(title), _(about), urlencode(_of(here) | applies), whole)


def _options(here: Frame, data: Snapshot) -> dict[str, Iterable[tuple[str, str]]]:
    board = data.board(here.day)
    acting = [one for one in data.officers if any(listing.has_duty(each, one.id) for each in board.items)]
    numbers = dict.fromkeys(item.indicator for item in data.items if item.indicator is not None)
    kinds = {listing.OIT: _("Disclosure items"), listing.MEASURES: _("The office's measures")}
    file_kinds = words.FORMATS | {one.value: text for one, text in words.EVIDENCE_KINDS.items()}
    if (kind := st.query_params.get("kind", "")) in queries.FILE_KINDS:
        kinds[kind] = _(file_kinds[kind])
    return {
        "item": [(one.code, f"{one.code} {one.title}") for one in data.items],
        "kind": kinds.items(),
        "indicator": [(str(number), str(number)) for number in numbers],
        "officer": [(one.key, one.full) for one in acting],
        "state": _states().items(),
    }


def _states() -> dict[str, str]:
    """Of items and slots; another one only where a screen asked for it."""
    found = {state: marks.state_word(state) for state in listing.SLOTS} | {
        one.value: _(words.THEN[one]) for one in words.THEN
    }
    others = {queries.Stands.withdrawn.value: _(words.WITHDRAWN)}
    for dictionary in (words.DIRECTIVE_STATES, words.ROW_STATES):
        others |= {one.value: _(text) for one, text in dictionary.items()}
    state = st.query_params.get("state", "")
    return found | ({state: others[state]} if state in others and state not in found else {})


def _choice(name: str, options: Iterable[tuple[str, str]], asked: Mapping[str, str]) -> Choice:
    return marks.choice(name, {"": _("All"), **dict(options)}, asked.get(name, ""))


def _said(name: str, value: str) -> str:
    if name == "month":
        try:
            return thai.period_text(value)
        except ValueError:
            return value
    return value
