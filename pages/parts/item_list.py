"""The list of items: how each stands, whose turn it is, when it is due; what the figures of other pages count."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from urllib.parse import urlencode

import streamlit as st

from ita_core import words
from ita_core.board import headline, listing
from ita_core.board.progress import ItemStanding
from ita_core.board.turns import Then
from ita_core.language import _
from ita_core.queries import PartyFacts
from pages.parts import board_table, exporting, frame, marks, templates
from pages.parts.frame import Frame


def address(state: str = "", *, kind: str = listing.OIT, **more: str) -> str:
    """Where these items are listed; `more`: an officer's key, `duty=supervise`, an indicator's number."""
    asked = {"kind": kind, "state": state, **more}
    return "/item?" + urlencode({name: value for name, value in asked.items() if value})


def draw(here: Frame) -> None:
    """The items that the visitor may read, by state, kind, officer and indicator, as the address says."""
    data = frame.visible(here)
    board = data.board(here.day)
    officers = {one.key: one for one in data.officers if any(listing.has_duty(each, one.id) for each in board.items)}
    wanted = listing.asked(
        st.query_params.to_dict(), items=board.items, officers={key: one.id for key, one in officers.items()},
        states=listing.STATES_OF_ITEMS,
    )  # fmt: skip
    listed = listing.items(board.items, wanted)
    kinds = {"": _("All"), listing.OIT: _("Disclosure items"), listing.MEASURES: _("The office's measures")}
    person = next((key for key, one in officers.items() if one.id == wanted.officer), "")
    order = "urgency" if st.query_params.get("order") == "urgency" else ""
    orders = marks.choice("order", {"": _("By code"), "urgency": _("By urgency")}, order)
    templates.show(
        "items",
        states=marks.choice("state", _states(listing.items(board.items, replace(wanted, state=""))), wanted.state),
        kinds=marks.choice("kind", kinds, wanted.kind),
        officers=marks.choice("officer", {"": _("Everybody")} | _names(officers), person),
        said=_said(listed, wanted.state, wanted.indicator),
        rows=board_table.rows(data, headline.by_urgency(listed) if order else listed, board),
        legend=marks.legend(),
        means=(marks.face_meanings(), marks.stage_meanings()),
        order=orders,
        export=exporting.address(here, data),
    )


def _states(among: Sequence[ItemStanding]) -> dict[str, str]:
    """Each with how many items it is true of."""
    texts = {"": _("All"), **{state: marks.state_word(state) for state in listing.SLOTS}}
    texts |= {one.value: _(words.THEN[one]) for one in Then}
    return {state: f"{text} {sum(listing.is_so(one, state) for one in among)}" for state, text in texts.items()}


def _said(listed: Sequence[ItemStanding], state: str, indicator: str) -> str:
    """How many items, and of a state of slots, how many of those."""
    said = [_("{items} items").format(items=len(listed))]
    if state in listing.SLOTS:
        slots = sum(listing.SLOTS[state](slot) for one in listed for slot in one.slots)
        said.append(f"{marks.state_word(state)} " + _("{slots} slots").format(slots=slots))
    if indicator:
        said.append(_("Indicator {number}").format(number=indicator))
    return " · ".join(said)


def _names(people: Mapping[str, PartyFacts]) -> dict[str, str]:
    return {key: one.full for key, one in people.items()}
