"""A document on the page: its pages as pictures, its text and tables, and beside it what it replaces."""

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from ita_core import db, queries, thai
from ita_core.board.progress import ItemFacts, Slot
from ita_core.evidence.differing import Difference
from ita_core.evidence.drawing import PAGES
from ita_core.evidence.reading import Block
from ita_core.language import _
from ita_core.models import EvidenceKind
from ita_core.queries import EvidenceFacts
from ita_core.web import downloads
from ita_core.words import slot_place
from pages.parts import evidence_card, marks, templates
from pages.parts.evidence_card import Card
from pages.parts.frame import Frame

MOST_REPLACED = 2  # shown beside the new one; of more the newest


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a document's text: a sheet's name or a slide's number ("part"), a heading, a text, a table."""

    kind: str
    text: str
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Look:
    """What can be seen of a document; `more` says how many pages there are where not all are shown, `says` why not."""

    pictures: tuple[tuple[str, str], ...] = ()  # addresses with their names
    film: str = ""
    more: str = ""
    pieces: tuple[Piece, ...] = ()
    cut: bool = False
    says: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """What of the old and of the new there is, beside each other."""

    name: str
    old: str
    new: str
    same: bool


@dataclass(frozen=True, slots=True)
class Differs:
    """What is to be said of the text, its changed lines, that there are more of them, and what is not known."""

    text: str = ""
    changes: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = ()
    left: str = ""
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class Replaced:
    """An older piece beside the new one, and what differs."""

    card: Card
    facts: tuple[Fact, ...]
    differs: Differs
    old: Look
    new: Look


def document(here: Frame, one: EvidenceFacts) -> None:
    """The document itself."""
    with st.spinner(_("Drawing the document …")):
        seen = look(here, one)
    templates.show("preview", shown=seen)


def look(here: Frame, one: EvidenceFacts) -> Look:
    """What can be seen of an evidence here; what is not drawn yet is drawn now."""
    address = f"/evidence/{one.id}"
    if one.kind is EvidenceKind.nil:
        return Look(says=_("The officer states that there was nothing to report."))
    if one.kind is EvidenceKind.link:
        return Look(says=_("A link: open it to see what is there."))
    if one.format == "image":
        return Look(((f"{address}/inline", evidence_card.name(one)),))
    if one.format == "video":
        return Look(film=f"{address}/inline")
    if one.format not in downloads.DRAWN:
        return Look(says=_("A document of this kind is not drawn here. Open it to read it."))
    by = here.actor.account_id
    drawn = downloads.preview(one, by=by)
    shown = min(drawn.count, PAGES)
    pictures = tuple(
        (f"{address}/page/{number}", f"{evidence_card.name(one)} {number}") for number in range(1, shown + 1)
    )
    all_pages = _("{pages} pages in all: open the file to read the rest.").format(pages=drawn.count)
    more = all_pages if drawn.count > shown else ""
    if one.format == "pdf":
        return Look(pictures, more=more, says="" if shown else _("This PDF cannot be drawn here. Open it to read it."))
    told = downloads.text_of(one, by=by)
    if not pictures and not told.blocks:
        return Look(says=_("A document of this kind is not drawn here. Open it to read it."))
    return Look(pictures, more=more, pieces=_pieces(told.blocks, one.format), cut=told.cut)


def _pieces(blocks: Sequence[Block], fmt: str) -> tuple[Piece, ...]:
    numbered = {"slides": _("Slide {number}"), "pdf": _("Page {number}")}
    return tuple(
        Piece(
            one.kind,
            numbered[fmt].format(number=one.text) if one.kind == "part" and fmt in numbered else one.text,
            one.rows,
        )
        for one in blocks
    )


def beside(here: Frame, one: EvidenceFacts) -> None:
    """The document; where it replaces an older one, both side by side, with what differs between them."""
    with db.reading() as session:
        replaced = queries.list_replaced(session, here.actor, one)
    if not replaced:
        document(here, one)
        return
    st.header(_("What it replaces"), anchor=False)
    with st.spinner(_("Drawing the document …")):
        new = look(here, one)
        for number, old in enumerate(replaced[:MOST_REPLACED]):
            # The new one stands beside the newest; once is enough.
            templates.show("replaced", shown=_compared(here, old, one, new), together=number == 0)
    if len(replaced) > MOST_REPLACED:
        st.caption(marks.more(len(replaced) - MOST_REPLACED))


def _compared(here: Frame, old: EvidenceFacts, new: EvidenceFacts, seen: Look) -> Replaced:
    before = look(here, old)
    return Replaced(evidence_card.card(old), _facts(old, new), _differs(here, old, new), before, seen)


def _facts(old: EvidenceFacts, new: EvidenceFacts) -> tuple[Fact, ...]:
    """Kind, pages, size: each of both."""
    kinds = [evidence_card.kind(one) for one in (old, new)]
    counts = [_count(one) for one in (old, new)]
    sizes = [evidence_card.large(one.size) if one.size else "" for one in (old, new)]
    told = ((_("Kind"), kinds, False), (_("Pages"), counts, True), (_("Size"), sizes, True))
    return tuple(
        Fact(name, was or "–", now or "–", was == now)
        for name, (was, now), also_same in told
        if (was or now) and (also_same or was != now)
    )


def _count(one: EvidenceFacts) -> str:
    """Its pages, sheets or slides."""
    number = one.noticed.pages or one.noticed.sheets or one.noticed.slides
    return str(number) if number else ""


def _differs(here: Frame, old: EvidenceFacts, new: EvidenceFacts) -> Differs:
    if not old.sha256 or not new.sha256:
        return Differs()
    if old.sha256 == new.sha256:
        return Differs(_("The very same file, byte for byte."))
    found = downloads.changed_text(old, new, by=here.actor.account_id)
    if not found.known:
        return Differs(_("The two cannot be compared as text: look at both."))
    doubt = _left_out(found) if found.cut else ""
    if not found.changes:
        # What `reading` does not read, so that nobody takes two scans pasted into Word for the same.
        same = _("The text is the same, line for line (pictures, headers and notes were not compared).")
        return Differs(doubt=doubt) if doubt else Differs(same)
    went, came = sum(len(one.went) for one in found.changes), sum(len(one.came) for one in found.changes)
    says = _("Lines of text that went: {went}, that came: {came}").format(went=went, came=came)
    if found.left:
        says = _("In the text very much differs: the first changes are shown.")
    changes = tuple((one.went, one.came) for one in found.changes)
    return Differs(says, changes, marks.more(found.left) if found.left else "", doubt)


def _left_out(found: Difference) -> str:
    """That not all was compared: somebody decides by it."""
    if found.changes:
        return _("Not all was compared (very long, or pages without text): look at the rest in both files.")
    return _(
        "The beginning is the same; the rest was not compared (very long, or pages without text): look at it in both "
        "files."
    )


@dataclass(frozen=True, slots=True)
class Demand:
    """A requirement that a piece is to fill: its explanation, and what of it with the days it is due."""

    title: str
    note: str
    covers: tuple[str, ...]


def demanded(one: EvidenceFacts, item: ItemFacts | None) -> DeltaGenerator:
    """What is demanded of a piece: its requirements, and in the document's words the whole item; gives the place
    beside that."""
    if item is None:
        return st.container()
    templates.show("demands", demands=demands(one, item))
    manual, beside_it = st.columns(2)
    with manual.expander(_("What the manual demands"), type="compact"):
        st.text(item.demand)
    return beside_it


def demands(one: EvidenceFacts, item: ItemFacts) -> list[Demand]:
    """What the requirements of its item demand that an evidence covers, as its officer sees it."""
    covered = [slot for slot in item.slots if slot.key in one.slots]
    return [
        Demand(
            asked.title, asked.note, tuple(dict.fromkeys(_place(slot) for slot in covered if slot.requirement is asked))
        )
        for asked in item.requirements
        if any(slot.requirement is asked for slot in covered)
    ]


def _place(slot: Slot) -> str:
    """Which slot of its requirement, and when it is due."""
    due = _("due {day}").format(day=thai.date_text(slot.due)) if slot.due else ""
    return " · ".join(part for part in (slot_place(slot), due) if part)
