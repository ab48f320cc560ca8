"""Everything of one office and year that has the words asked for, as it stood on a day, as far as one may read it."""

from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from threading import Lock
from typing import Generic, TypeVar

from sqlmodel import Session, col

from ita_core import access
from ita_core.access import Actor
from ita_core.board import directives, progress, searching
from ita_core.board.directives import DirectiveFacts
from ita_core.board.progress import HandIn, ItemFacts, RequirementFacts
from ita_core.board.searching import Word
from ita_core.models import DutyKind, Evidence, Item
from ita_core.queries.assessments import AssessmentFacts
from ita_core.queries.evidence import EvidenceFacts, select_evidence
from ita_core.queries.kept import current_snapshot
from ita_core.queries.meetings import list_directives
from ita_core.queries.parties import PartyFacts
from ita_core.queries.snapshots import Snapshot
from ita_core.queries.wide import wide_select

T = TypeVar("T")
MOST_KEPT = 32  # assessments whose evidence is remembered, as many as there are snapshots


class Group(StrEnum):
    """What can be found, in the order in which it is told; each a field of `Sought`."""

    items = "items"
    parties = "parties"
    directives = "directives"
    evidence = "evidence"


@dataclass(frozen=True, slots=True)
class ItemHit:
    """An item, and those of its requirements that have any of the words."""

    item: ItemFacts
    requirements: tuple[RequirementFacts, ...]


@dataclass(frozen=True, slots=True)
class PartyHit:
    """An officer, post or team with the codes of the visitor's items in which they have a duty."""

    party: PartyFacts
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EvidenceHit:
    """A piece of evidence; `place`: how many of its item came after it."""

    evidence: EvidenceFacts
    place: int


@dataclass(frozen=True, slots=True)
class Hits(Generic[T]):
    """Of one kind the first ones, and how many there are in all."""

    shown: tuple[T, ...]
    count: int


@dataclass(frozen=True, slots=True)
class Sought:
    """What was found for these words."""

    words: tuple[Word, ...]
    items: Hits[ItemHit]
    parties: Hits[PartyHit]
    directives: Hits[DirectiveFacts]
    evidence: Hits[EvidenceHit]

    @property
    def count(self) -> int:
        """Of all kinds together."""
        return self.items.count + self.parties.count + self.directives.count + self.evidence.count


def search(
    session: Session, who: Actor, assessment: AssessmentFacts, typed: str, *, day: date, most: Mapping[Group, int]
) -> Sought:
    """What has every one of the words typed, at the end of the day; so many of each group at most.

    Only what the actor may read: of the items theirs, the people that those name
    (everybody for who sees all), the directives as the directives' page gives them. No drafts, and nothing of other
    offices and years. With no word nothing is found. How often the database is asked does not grow with the evidence.
    """
    words = searching.asked(typed)
    if not words:
        nothing: Hits[object] = Hits((), 0)
        return Sought(words, nothing, nothing, nothing, nothing)  # type: ignore[arg-type]
    data = current_snapshot(session, assessment).on(day).visible_to(who)
    before = progress.until(day, assessment.ends)
    ordered = directives.as_of(list_directives(session, assessment.id, who), before)
    given = [one for one in ordered if searching.stands_in(words, _of_directive(one))]
    known = [one for one in data.records.hand_ins if before is None or one.at < before]
    pieces = _pieces(session, data, words, known)
    shown = pieces[: most[Group.evidence]]
    places = _places(shown, reversed(known))
    where = col(Evidence.id).in_([one.id for one in shown])
    facts = {one.id: one.as_of(before) for one in select_evidence(session, where)} if shown else {}
    return Sought(
        words,
        _first(_items(data, words), most[Group.items]),
        _first(_parties(data, words, everybody=access.sees_all(who)), most[Group.parties]),
        _first([*directives.still_open(given), *_settled(given)], most[Group.directives]),
        Hits(tuple(EvidenceHit(facts[one.id], places[one.id]) for one in shown), len(pieces)),
    )


def _first(found: Sequence[T], most: int) -> Hits[T]:
    return Hits(tuple(found[:most]), len(found))


def _settled(given: Sequence[DirectiveFacts]) -> list[DirectiveFacts]:
    """Those that are not open any more, the last first."""
    open_ = {one.id for one in directives.still_open(given)}
    return sorted((one for one in given if one.id not in open_), key=lambda one: one.at, reverse=True)


def _of_directive(one: DirectiveFacts) -> str:
    return searching.fold("\n".join([one.item_code, one.text, *(each.note for each in one.happenings)]))


def _items(data: Snapshot, words: Sequence[Word]) -> list[ItemHit]:
    """First the item of that very code, then those called so, then those that say so of what must be shown."""

    def folded() -> list[tuple[ItemFacts, str, str, list[str]]]:
        return [
            (
                item,
                searching.fold(f"{item.code} {item.title}"),
                searching.fold(f"{item.code} {item.title} {item.demand}"),
                [searching.fold(f"{one.title} {one.note}") for one in item.requirements],
            )
            for item in data.items
        ]

    found = []
    for item, name, whole, requirements in data.once(folded, "search"):
        if not searching.stands_in(words, " ".join([whole, *requirements])):
            continue
        rank = 0 if _is_code(item, words) else 1 if searching.stands_in(words, name) else 2
        named = tuple(
            one
            for one, text in zip(item.requirements, requirements, strict=True)
            if any(word.stands_in(text) for word in words)
        )
        found.append((rank, ItemHit(item, named)))
    return [one for _rank, one in sorted(found, key=lambda each: each[0])]


def _is_code(item: ItemFacts, words: Sequence[Word]) -> bool:
    return len(words) == 1 and words[0].is_all_of(searching.fold(item.code))


def _parties(data: Snapshot, words: Sequence[Word], *, everybody: bool) -> list[PartyHit]:
    """Those of the plan; for whoever sees only some items those whom these name, by the name that is shown there."""
    items_of: dict[int, dict[str, None]] = {}
    for item in data.items:
        named = (party.id for kind in DutyKind for party in data.named(item.id, kind))
        for party in (*named, *item.preparers, *item.supervisors):
            items_of.setdefault(party, {})[item.code] = None
    listed = [one for one in data.parties if everybody or one.id in items_of]
    return [
        PartyHit(one, tuple(items_of.get(one.id, ())))
        for one in listed
        if searching.stands_in(words, _of_party(one, aliases=everybody))
    ]


def _of_party(one: PartyFacts, *, aliases: bool) -> str:
    return searching.fold("\n".join([one.full, one.title, *(one.aliases if aliases else ())]))


def _pieces(session: Session, data: Snapshot, words: Sequence[Word], known: Sequence[HandIn]) -> list[HandIn]:
    """The pieces among these, which come oldest first, whose name, address, note or item's code has the words.

    The newest first.
    """
    texts, found = _texts.of(session, data.assessment.id, known), list(reversed(known))
    for word in words:  # each goes through what those before it have left
        found = [one for one in found if word.stands_in(texts[one.id])]
    return found


def _places(shown: Sequence[HandIn], known: Iterable[HandIn]) -> dict[int, int]:
    """By evidence id, of those shown: how many of its item came after it."""
    left, after, places = {one.item_id for one in shown}, dict[int, int](), dict[int, int]()
    for one in known:
        if one.item_id in left:
            places[one.id] = after[one.item_id] = after.get(one.item_id, -1) + 1
    return places


class _Texts:
    """What evidence is searched by, folded: by database and assessment, then by id; the same for every thread.

    A piece of evidence is never edited and never deleted, so what was read of it once holds: after a write only what
    came in is read. Which of it somebody may read is asked of the snapshot, not here.

    No index: with 10,000 pieces all of a search is 12 ms of work so (median of a run, on either database; LIKE over
    their names alone 11 on SQLite). Three letters each (FTS5: up to 4 ms) find no Thai word of two, nor "2568" as
    "๒๕๖๘", and PostgreSQL's are an extension that not every server has (`benchmarks/test_search`).
    """

    def __init__(self) -> None:
        self._lock = Lock()  # of the dictionary; nothing is asked of a database under it
        self._kept: OrderedDict[tuple[str, int], dict[int, str]] = OrderedDict()

    def of(self, session: Session, assessment_id: int, wanted: Iterable[HandIn]) -> dict[int, str]:
        """The texts by evidence id, those that are wanted among them."""
        key = str(session.get_bind().engine.url), assessment_id
        with self._lock:
            known = self._kept.setdefault(key, {})
            self._kept.move_to_end(key)
            while len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
        missing = [one.id for one in wanted if one.id not in known]
        if missing:
            known.update(_read(session, assessment_id, min(missing)))
        return known


_texts = _Texts()


def _read(session: Session, assessment_id: int, first: int) -> dict[int, str]:
    """Of the evidence from this id on: what comes in has the last ids."""
    statement = (
        wide_select(Evidence.id, Item.code, Evidence.file_name, Evidence.url, Evidence.note)
        .join(Item, col(Item.id) == Evidence.item_id)
        .where(Item.assessment_id == assessment_id, col(Evidence.id) >= first)
    )
    return {made: searching.fold("\n".join(texts)) for made, *texts in session.execute(statement)}
