"""The search: what its address asks for, and what was found as view data."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

import streamlit as st

from ita_core import access, db, queries, thai
from ita_core.board import searching
from ita_core.board.directives import DirectiveFacts
from ita_core.board.progress import RequirementFacts
from ita_core.board.searching import Piece, Word
from ita_core.language import N_, _
from ita_core.models import PartyKind
from ita_core.queries import EvidenceHit, Group, Hits, ItemHit, PartyHit, Snapshot, Sought
from pages.parts import directive_card, evidence_card, evidence_list, frame, manual, marks, templates
from pages.parts.frame import Frame
from pages.parts.manual import Section
from pages.parts.marks import Badge

TYPED, ALL = "q", "all"
FIRST = 6  # of each group
MOST = 100  # of the one group of which all are asked for
MOST_LINES = 3  # requirements of one item
_presser = st.components.v2.component("ita_search", js=templates.script("searching.js"))
_PAGES = "search-pages"
_TITLES = {
    Group.items: N_("Items and what they must show"),
    Group.parties: N_("Officers, posts and teams"),
    Group.directives: N_("Directives"),
    Group.evidence: N_("Evidence"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that was found. `file` is the address of the document itself, "" for none."""

    address: str
    text: tuple[Piece, ...]
    more: tuple[tuple[Piece, ...], ...] = ()
    said: str = ""
    badge: Badge | None = None
    file: str = ""


@dataclass(frozen=True, slots=True)
class Kind:
    """A group of lines; `all`: the address of all of them, `left` what is said of those that are not listed."""

    title: str
    count: int
    lines: tuple[Line, ...]
    all: str = ""
    left: str = ""


@dataclass(frozen=True, slots=True)
class View:
    """`asked`: whether any word was; `why`: why one's own items only may be the reason that nothing was found."""

    typed: str
    asked: bool
    says: str
    kinds: tuple[Kind, ...]
    why: str
    code: bool  # whether an item's code was asked for


def follow(pages: Iterable[tuple[str, str]]) -> None:
    """Let the browser press the field by its keys, on every page; the pages (address, title) can be found too."""
    st.session_state[_PAGES] = tuple(pages)
    _presser(key="searching")


def typed() -> str:
    """What the address asks for, as it is shown: without what nobody sees."""
    shown = "".join(sign for sign in st.query_params.get(TYPED, "")[: searching.LONGEST * 2] if sign.isprintable())
    return " ".join(shown.split())[: searching.LONGEST]


def found(here: Frame, asked: str) -> View:
    """What was found, group by group."""
    whole = st.query_params.get(ALL, "")
    with db.reading() as session:
        sought = queries.search(
            session, here.actor, here.assessment, asked, day=here.day,
            most={group: MOST if group.value == whole else FIRST for group in Group},
        )  # fmt: skip
    data = frame.visible(here)
    pages = _pages(sought.words)
    lines = {
        Group.items: [_item(one, sought) for one in sought.items.shown],
        Group.parties: [_party(one, sought, access.sees_all(here.actor)) for one in sought.parties.shown],
        Group.directives: [_directive(one, sought, data, here.day) for one in sought.directives.shown],
        Group.evidence: [_evidence(one, sought, data) for one in sought.evidence.shown],
    }
    kinds = [Kind(_("Screens"), len(pages), pages), *(_kind(group, sought, lines[group]) for group in Group)]
    code = len(sought.words) == 1 and bool(sought.words[0].code)
    of_manual = [] if code else _manual(sought.words)
    first = tuple(_section(one, sought.words) for one in of_manual[:FIRST])
    kinds.append(Kind(_("Manual"), len(of_manual), first))
    says = _("{number} found for “{words}”")
    says = says.format(number=f"{sought.count + len(pages) + len(of_manual):,}", words=asked)
    there = tuple(kind for kind in kinds if kind.count)
    why = ""
    if not access.sees_all(here.actor):
        why = _("Only the items of your duties are looked through.")
        if code:  # as the items' page says it: that there is such an item is told to nobody who may not read it
            why = _("There is no item “{code}” here, or it is not among your duties.").format(code=asked)
    return View(asked, bool(sought.words), says, there, why, code)


def _kind(group: Group, sought: Sought, lines: Sequence[Line]) -> Kind:
    hits: Hits[object] = getattr(sought, group.value)
    left = hits.count - len(lines)
    whole = f"?{urlencode({ALL: group.value})}" if left and len(lines) < MOST else ""
    says = marks.more(left) if left else ""
    if left and not whole:
        says = _("and {number} more: write a further word").format(number=f"{left:,}")
    return Kind(_(_TITLES[group]), hits.count, tuple(lines), whole, says)


def _pages(words: Sequence[Word]) -> tuple[Line, ...]:
    listed: tuple[tuple[str, str], ...] = st.session_state.get(_PAGES, ())
    return tuple(
        Line(f"/{address}", searching.marked(title, words))
        for address, title in listed
        if words and searching.stands_in(words, searching.fold(title))
    )


def _manual(words: Sequence[Word]) -> list[Section]:
    """Those called so first."""
    found = [one for one in manual.sections() if words and searching.stands_in(words, one.folded)]
    return sorted(found, key=lambda one: not searching.stands_in(words, searching.fold(one.title)))


def _section(one: Section, words: Sequence[Word]) -> Line:
    text = (searching.excerpt(one.text, words),) if one.text else ()
    return Line(f"/help?chapter={one.chapter}", searching.marked(one.title, words), text)


def _item(one: ItemHit, sought: Sought) -> Line:
    """With those of its requirements that have the words, or what must be shown where only that has."""
    name = f"{one.item.code} {one.item.title}"
    more = [
        searching.excerpt(_of_requirement(each, sought.words), sought.words) for each in one.requirements[:MOST_LINES]
    ]
    if not more and not searching.stands_in(sought.words, searching.fold(name)):
        more = [searching.excerpt(one.item.demand, sought.words)]
    left = len(one.requirements) - MOST_LINES
    marked = searching.marked(name, sought.words)
    return Line(f"/item?item={one.item.code}", marked, tuple(more), marks.more(left) if left > 0 else "")


def _of_requirement(one: RequirementFacts, words: Sequence[Word]) -> str:
    """Its title, with the note where only that has any of the words."""
    return one.title if _has_any(one.title, words) else f"{one.title} · {one.note}"


def _has_any(text: str, words: Sequence[Word]) -> bool:
    return any(word.stands_in(searching.fold(text)) for word in words)


def _party(one: PartyHit, sought: Sought, everybody: bool) -> Line:
    """Whoever sees all is led to the officer's work, the others to those of their own items that name them."""
    officer = one.party.kind is PartyKind.officer
    page = "/officers?kind=all" if everybody else "/item"
    address = f"{page}{'&' if everybody else '?'}{urlencode({'officer': one.party.key})}" if officer else page
    text = searching.marked(one.party.full if officer else one.party.name, sought.words)
    aliases = [] if any(piece.found for piece in text) or not everybody else [
        searching.marked(alias, sought.words)
        for alias in one.party.aliases
        if _has_any(alias, sought.words)
    ]  # fmt: skip
    return Line(address, text, tuple(aliases), " ".join(one.items))


def _directive(one: DirectiveFacts, sought: Sought, data: Snapshot, day: date) -> Line:
    said = " · ".join([directive_card.to_whom(one, data, short=True), thai.date_text(one.due)])
    notes = [searching.excerpt(each.note, sought.words) for each in one.happenings if _has_any(each.note, sought.words)]
    text = searching.excerpt(f"{one.item_code} {one.text}".strip(), sought.words)
    return Line(
        f"/directives#directive-{one.id}", text, tuple(notes[:MOST_LINES]), said, directive_card.badge(one, day)
    )


def _evidence(hit: EvidenceHit, sought: Sought, data: Snapshot) -> Line:
    one = hit.evidence
    card, name = evidence_card.card(one), evidence_card.name(one)
    query = {"item": one.item_code} | ({"all": "1"} if hit.place >= evidence_list.NEWEST else {})
    address = f"/item?{urlencode(query)}#evidence-{one.id}"
    if all(item.id != one.item_id for item in data.items):  # of one that the plan doesn't have any more
        address = f"/evidence?{urlencode({'find': name})}"
    notes = (searching.excerpt(one.note, sought.words),) if one.note else ()
    said = f"{one.item_code} · {one.by} · {thai.moment_text(one.at)}"
    return Line(address, searching.excerpt(name, sought.words), notes, said, card.badge, card.file)
