"""The pieces of evidence of one list, as view data."""

from dataclasses import dataclass

from ita_core import access, thai
from ita_core.access import ItemPeople
from ita_core.language import _
from ita_core.queries import EvidenceFacts, Found, Snapshot
from ita_core.web.packing import MOST_BYTES
from pages.parts import evidence_card
from pages.parts.evidence_card import Card
from pages.parts.frame import Frame
from pages.parts.marks import Badge


@dataclass(frozen=True, slots=True)
class Row:
    """`size` in bytes; `mine`: it waits for the decision of who looks."""

    id: int
    code: str
    title: str
    card: Card
    badge: Badge
    kind: str
    by: str
    at: str
    size: int
    mine: bool


@dataclass(frozen=True, slots=True)
class Rows:
    """`before` and `after` are numbers of pages, 0 for none; `reviews`: some wait for the decision of who looks."""

    rows: tuple[Row, ...]
    says: str
    before: int
    after: int
    place: str
    reviews: bool
    most: int  # bytes that go into one ZIP


def rows(here: Frame, data: Snapshot, found: Found) -> Rows:
    """A page of what was found."""
    titles = {item.id: item.title for item in data.items}
    people = data.history.people_of
    listed = tuple(_row(here, data, one, titles, people.get(one.item_id, ItemPeople())) for one in found.pieces)
    return Rows(
        listed,
        _("{pieces} pieces of evidence").format(pieces=f"{found.count:,}"),
        found.page - 1,
        found.page + 1 if found.page < found.pages else 0,
        _("page {page} of {pages}").format(page=found.page, pages=found.pages) if found.pages > 1 else "",
        any(one.mine for one in listed),
        MOST_BYTES,
    )


def _row(here: Frame, data: Snapshot, one: EvidenceFacts, titles: dict[int, str], people: ItemPeople) -> Row:
    card = evidence_card.card(one, data)
    mine = one.undecided and here.acts(one.item_id) and access.may_review(here.actor, people, one.account_id)
    return Row(
        one.id, one.item_code, titles.get(one.item_id, ""), card, card.badge, evidence_card.kind(one), one.by,
        thai.moment_text(one.at), one.size, mine,
    )  # fmt: skip
