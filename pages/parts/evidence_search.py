"""What the list of evidence shall show: the filters as the address has them, and as they are offered."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeVar

import streamlit as st

from ita_core import thai, words
from ita_core.board.headline import Face
from ita_core.days import fiscal_months
from ita_core.errors import BadDay
from ita_core.language import N_, _
from ita_core.models import EvidenceKind, PartyKind
from ita_core.queries import Order, Snapshot, Stands, Wanted
from ita_core.typed import clean_typed_day
from pages.parts import marks, thai_date
from pages.parts.frame import Frame
from pages.parts.marks import Choice

E = TypeVar("E", bound=StrEnum)
ITEM, OFFICER, STATE, MONTH, KIND, ON, FIND, SORT, PAGE = (
    "item", "officer", "state", "month", "kind", "on", "find", "sort", "page",
)  # fmt: skip
ORDERS = {
    Order.newest: N_("Newest first"), Order.oldest: N_("Oldest first"), Order.item: N_("By item"),
    Order.name: N_("By name"), Order.size: N_("Largest first"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Search:
    """What can be chosen, with what is typed."""

    choices: tuple[tuple[str, Choice], ...]
    find: str
    on: date | None
    on_text: str | None  # where days are typed as text
    first: date
    last: date
    filtered: bool


def asked(here: Frame, data: Snapshot) -> Wanted:
    """What the address asks for; what it says that means nothing here is not asked."""
    query = st.query_params
    item = next((one.id for one in data.items if one.code == query.get(ITEM)), None)
    officer = next((one for one in data.officers if one.key == query.get(OFFICER)), None)
    try:
        on = clean_typed_day(query.get(ON, ""))
    except BadDay:
        on = None
    month, kind = query.get(MONTH, ""), query.get(KIND, "")
    return Wanted(
        item, officer.person_id if officer else None, _one_of(Stands, STATE),
        month if month in fiscal_months(here.assessment.fiscal_year) else "", kind if kind in _kinds() else "",
        on, query.get(FIND, "")[:200], _one_of(Order, SORT) or Order.newest,
    )  # fmt: skip


def _one_of(kind: type[E], name: str) -> E | None:
    return next((one for one in kind if one.value == st.query_params.get(name)), None)


def page() -> int:
    """The number of the page, from 1 on."""
    text = st.query_params.get(PAGE, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 8 else 1


def filtered() -> bool:
    """Whether the address asks for less than everything."""
    return any(st.query_params.get(name) for name in (ITEM, OFFICER, STATE, MONTH, KIND, ON, FIND))


def _kinds() -> dict[str, str]:
    statements = {kind.value: text for kind, text in words.EVIDENCE_KINDS.items() if kind is not EvidenceKind.file}
    return {**words.FORMATS, **statements}


def _states() -> dict[Stands, str]:
    faces = {Stands.waiting: Face.waiting, Stands.accepted: Face.accepted, Stands.returned: Face.returned}
    return {one: marks.word(face) for one, face in faces.items()} | {Stands.withdrawn: _(words.WITHDRAWN)}


def search(here: Frame, data: Snapshot, wanted: Wanted) -> Search:
    """What is offered, with what is chosen."""
    chosen = {one.id: one.code for one in data.items}.get(wanted.item_id or 0, "")
    officers = [one for one in data.officers if one.kind is PartyKind.officer]
    officer = next((one.key for one in officers if wanted.person_id and one.person_id == wanted.person_id), "")
    months = {month: thai.period_text(month) for month in fiscal_months(here.assessment.fiscal_year)}
    choices = (
        (_("Item"), _choice(ITEM, ((one.code, f"{one.code} {one.title}") for one in data.items), chosen)),
        (_("Officer"), _choice(OFFICER, ((one.key, one.full) for one in officers), officer)),
        (_("State"), _choice(STATE, _states().items(), wanted.stands or "")),
        (_("Month"), _choice(MONTH, months.items(), wanted.period)),
        (_("Kind"), _choice(KIND, ((kind, _(text)) for kind, text in _kinds().items()), wanted.kind)),
        (_("Sorted"), marks.choice(
            SORT, {"" if one is Order.newest else one.value: _(text) for one, text in ORDERS.items()},
            "" if wanted.order is Order.newest else wanted.order.value,
        )),
    )  # fmt: skip
    on_text = thai.date_text(wanted.on) if thai_date.in_text() else None
    return Search(choices, wanted.text, wanted.on, on_text, here.assessment.starts, here.today, filtered())


def _choice(name: str, options: Iterable[tuple[str, str]], chosen: str) -> Choice:
    return marks.choice(name, {"": _("All"), **dict(options)}, chosen)
