"""What the list of evidence shall show: the filters as the address has them, and as they are offered."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

import streamlit as st

from ita_core import queries, thai, words
from ita_core.board.headline import Face
from ita_core.board.listing import KINDS, MEASURES, OIT
from ita_core.days import fiscal_months
from ita_core.language import N_, _
from ita_core.models import PartyKind
from ita_core.queries import Order, Snapshot, Stands, Wanted
from pages.parts import marks, thai_date
from pages.parts.frame import Frame
from pages.parts.marks import Choice

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
    on_wrong: str  # that what was typed is no day, "" where it is one
    first: date
    last: date
    filtered: bool


def asked(data: Snapshot) -> Wanted:
    """What the address asks for; what it says that means nothing here is not asked."""
    return queries.asked_evidence(st.query_params.to_dict(), data)


def address(stands: Stands, *, item: str = "") -> str:
    """Where these pieces are listed; `item` is a code, or OIT or MEASURES."""
    return "/evidence?" + urlencode({ITEM: item, STATE: stands.value} if item else {STATE: stands.value})


def page() -> int:
    """The number of the page, from 1 on."""
    text = st.query_params.get(PAGE, "")
    return int(text) if text.isdecimal() and len(text) < 8 else 1


def filtered() -> bool:
    """Whether the address asks for less than everything."""
    return any(st.query_params.get(name) for name in (ITEM, OFFICER, STATE, MONTH, KIND, ON, FIND))


def _kinds() -> dict[str, str]:
    texts = words.FORMATS | {kind.value: text for kind, text in words.EVIDENCE_KINDS.items()}
    return {kind: texts[kind] for kind in queries.FILE_KINDS}


def _states() -> dict[Stands, str]:
    faces = {Stands.waiting: Face.waiting, Stands.accepted: Face.accepted, Stands.returned: Face.returned}
    return {one: marks.word(face) for one, face in faces.items()} | {Stands.withdrawn: _(words.WITHDRAWN)}


def search(here: Frame, data: Snapshot, wanted: Wanted) -> Search:
    """What is offered, with what is chosen."""
    chosen = {one.id: one.code for one in data.items}.get(wanted.item_id or 0, "")
    if st.query_params.get(ITEM) in KINDS:
        chosen = st.query_params[ITEM]
    kinds = ((OIT, _("Disclosure items")), (MEASURES, _("The office's measures")))
    items = (*kinds, *((one.code, f"{one.code} {one.title}") for one in data.items))
    officers = [one for one in data.officers if one.kind is PartyKind.officer]
    officer = next((one.key for one in officers if wanted.person_id and one.person_id == wanted.person_id), "")
    months = {month: thai.period_text(month) for month in fiscal_months(here.assessment.fiscal_year)}
    choices = (
        (_("Item"), _choice(ITEM, items, chosen)),
        (_("Officer"), _choice(OFFICER, ((one.key, one.full) for one in officers), officer)),
        (_("State"), _choice(STATE, _states().items(), wanted.stands or "")),
        (_("Month"), _choice(MONTH, months.items(), wanted.period)),
        (_("Kind"), _choice(KIND, ((kind, _(text)) for kind, text in _kinds().items()), wanted.kind)),
        (_("Sorted"), marks.choice(
            SORT, {"" if one is Order.newest else one.value: _(text) for one, text in ORDERS.items()},
            "" if wanted.order is Order.newest else wanted.order.value,
        )),
    )  # fmt: skip
    typed, wrong = st.query_params.get(ON, "").strip()[:40], ""
    if typed and not wanted.on:  # it stays in the field, so that it can be mended
        example = thai_date.EXAMPLES if thai_date.in_text() else here.today.isoformat()
        wrong = _("“{text}” is no day, so it is not searched for. Write it like {example}.").format(
            text=typed, example=example
        )
    on_text = (thai.date_text(wanted.on) or typed) if thai_date.in_text() else None
    return Search(choices, wanted.text, wanted.on, on_text, wrong, here.assessment.starts, here.today, filtered())


def _choice(name: str, options: Iterable[tuple[str, str]], chosen: str) -> Choice:
    return marks.choice(name, {"": _("All"), **dict(options)}, chosen)
