"""The list of items: how each stands, whose turn it is, when it is due; what the figures of other pages count."""

from collections.abc import Callable, Mapping, Sequence
from urllib.parse import urlencode

import streamlit as st

from ita_core.board import headline, turns
from ita_core.board.headline import Face
from ita_core.board.progress import ItemStanding, SlotStanding, State
from ita_core.board.turns import Then
from ita_core.language import _
from ita_core.models import ItemKind
from ita_core.queries import PartyFacts
from pages.parts import board_table, frame, marks, templates
from pages.parts.frame import Frame

OIT, MEASURES, OPEN = "oit", "measures", "open"
SLOTS: Mapping[str, Callable[[SlotStanding], bool]] = {
    Face.overdue.value: lambda slot: slot.overdue,
    Face.returned.value: lambda slot: slot.state is State.returned,
    Face.waiting.value: lambda slot: slot.state is State.waiting,
    Face.missing.value: lambda slot: slot.state is State.missing,
    Face.accepted.value: lambda slot: slot.state is State.accepted,
    OPEN: lambda slot: slot.state is not State.accepted,
}
ITEMS = {"approve": Then.approve, "publish": Then.publish, "file": Then.file}


def address(state: str = "", *, kind: str = OIT, **more: str) -> str:
    """Where these items are listed; `more`: an officer's key, `duty=supervise`, an indicator's number."""
    asked = {"kind": kind, "state": state, **more}
    return "/item?" + urlencode({name: value for name, value in asked.items() if value})


def draw(here: Frame) -> None:
    """The items that the visitor may read, by state, kind, officer and indicator, as the address says."""
    data = frame.visible(here)
    board = data.board(here.day)
    asked = st.query_params
    people = {one.key: one for one in data.officers if _of(one, board.items, "")}
    person = people.get(asked.get("officer", ""))
    kinds = {"": _("All"), OIT: _("Disclosure items"), MEASURES: _("The office's measures")}
    kind = asked.get("kind", "") if asked.get("kind", "") in kinds else ""
    among = [
        one
        for one in (_of(person, board.items, asked.get("duty", "")) if person else board.items)
        if (not kind or (one.item.kind is ItemKind.oit) is (kind == OIT))
        and asked.get("indicator", "") in {"", str(one.item.indicator)}
    ]
    states = _states(among)
    state = asked.get("state", "") if asked.get("state", "") in states else ""
    listed = [one for one in among if fits(one, state)]
    order = "urgency" if asked.get("order") == "urgency" else ""
    orders = marks.choice("order", {"": _("By code"), "urgency": _("By urgency")}, order)
    templates.show(
        "items",
        states=marks.choice("state", states, state),
        kinds=marks.choice("kind", kinds, kind),
        officers=marks.choice("officer", {"": _("Everybody")} | _names(people), person.key if person else ""),
        said=_said(listed, state, asked.get("indicator", "")),
        rows=board_table.rows(data, headline.by_urgency(listed) if order else listed, board),
        legend=marks.legend(),
        order=orders,
    )


def fits(one: ItemStanding, state: str) -> bool:
    """Whether the item belongs to those of a state: a slot of it is so, or the whole waits for that."""
    if state in ITEMS:
        return turns.then(one) is ITEMS[state]
    return not state or any(SLOTS[state](slot) for slot in one.slots)


def word(state: str) -> str:
    """Of a state of slots."""
    return _("Not accepted") if state == OPEN else marks.word(Face(state))


def _states(among: Sequence[ItemStanding]) -> dict[str, str]:
    """Each with how many items it is true of."""
    texts = {"": _("All"), **{state: word(state) for state in SLOTS}}
    texts |= {"approve": _("To approve"), "publish": _("To publish"), "file": _("To enter in ITAP")}
    return {state: f"{text} {sum(fits(one, state) for one in among)}" for state, text in texts.items()}


def _said(listed: Sequence[ItemStanding], state: str, indicator: str) -> str:
    """How many items, and of a state of slots, how many of those."""
    said = [_("{items} items").format(items=len(listed))]
    if state in SLOTS:
        slots = sum(SLOTS[state](slot) for one in listed for slot in one.slots)
        said.append(f"{word(state)} " + _("{slots} slots").format(slots=slots))
    if indicator:
        said.append(_("Indicator {number}").format(number=indicator))
    return " · ".join(said)


def _of(person: PartyFacts, items: Sequence[ItemStanding], duty: str) -> list[ItemStanding]:
    """The items that the officer prepares, or supervises where that is asked for; by default either."""
    return [
        one
        for one in items
        if (duty != "supervise" and person.id in one.item.preparers)
        or (duty != "prepare" and person.id in one.item.supervisors)
    ]


def _names(people: Mapping[str, PartyFacts]) -> dict[str, str]:
    return {key: one.full for key, one in people.items()}
