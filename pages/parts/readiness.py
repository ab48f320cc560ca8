"""What would lose points in ITAP, item by item, as view data: a list that can be worked off."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from ita_core import db, queries, thai, words
from ita_core.board import links, readiness
from ita_core.board.headline import Face
from ita_core.board.links import Link
from ita_core.board.progress import Board, ItemStanding, Stage
from ita_core.board.readiness import Gap
from ita_core.board.turns import Then
from ita_core.days import day_of
from ita_core.language import _
from ita_core.queries import EvidenceFacts, PartyFacts, Snapshot
from pages.parts import evidence_card, evidence_doubts, link_checks, marks
from pages.parts.frame import Frame
from pages.parts.marks import Badge, Meaning, Meanings, Whose

PLACES = 6  # months named in a line before "and … more"


@dataclass(frozen=True, slots=True)
class Line:
    """One thing to mend; `about` is the file or the address that it is of; of what is not there when it is due."""

    badge: Badge
    text: str
    about: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """An item with what to mend of it; without lines it is ready for its next step."""

    code: str
    title: str
    stage: str
    whose: Whose
    lines: tuple[Line, ...]


def entries(here: Frame, data: Snapshot, board: Board) -> list[Entry]:
    """The disclosure items that the reader may see, in their order, as of the board's day."""
    found = _accepted(data, board)
    of_item: dict[int, list[Link]] = {}
    for link in link_checks.list_all(here, data, board):
        of_item.setdefault(link.item_id, []).append(link)
    late = _not_filed_in_time(here, data)
    return [
        _entry(here, one, found, of_item.get(one.item.id, []), data.people, late=one.item.id in late)
        for one in board.oit
    ]


def _not_filed_in_time(here: Frame, data: Snapshot) -> frozenset[int]:
    """The items that did not stand in ITAP when it closed; none before that."""
    if here.day <= here.assessment.closes:
        return frozenset()
    then = data.board(here.assessment.closes).oit
    return frozenset(one.item.id for one in then if one.stage is not Stage.filed)


def _accepted(data: Snapshot, board: Board) -> Mapping[int, EvidenceFacts]:
    def ask() -> Mapping[int, EvidenceFacts]:
        with db.reading() as session:
            return queries.list_accepted(session, readiness.accepted_ids(board.oit))

    return data.once(ask, "accepted", board.day)


def _entry(
    here: Frame, standing: ItemStanding, accepted: Mapping[int, EvidenceFacts], of_item: Sequence[Link],
    people: Mapping[int, PartyFacts], *, late: bool,
) -> Entry:  # fmt: skip
    gaps = readiness.gaps(standing)
    lines = [_gap(one) for one in gaps]
    if late:
        closed = _("Not filed in ITAP when it closed on {day}").format(day=thai.date_text(here.assessment.closes))
        lines.append(Line(marks.badge(Face.overdue), closed))
    if standing.reopened:
        lines.append(Line(marks.badge(Face.returned), _(marks.THEN[Then.look_again])))
    if standing.approval_lapsed:
        lines.append(
            Line(
                marks.badge(Face.returned, _(marks.THEN[Then.approve])),
                _("Approval lapsed: the evidence has changed since"),
            )
        )
    pieces = [accepted[number] for number in sorted(standing.accepted_ids) if number in accepted]
    lines += [line for piece in pieces for line in _doubts(here, standing, piece)]
    lines += [line for link in of_item for line in _link(here, link)]
    open_ = [slot for gap in gaps for slot in gap.slots]
    return Entry(
        standing.item.code, standing.item.title, marks.stage(standing),
        marks.whose_turn(standing, open_ or standing.slots, people), tuple(lines),
    )  # fmt: skip


def _gap(one: Gap) -> Line:
    """งานสืบสวนปราบปราม: ก.พ. 68 · PDF, Word; มี.ค. 68 · Word, with the earliest day it is due."""
    places: dict[str, list[str]] = {}
    for slot in one.slots:
        period = thai.period_text(slot.slot.key.period) if slot.slot.key.period else ""
        places.setdefault(period, []).append(words.slot_place(slot.slot).removeprefix(period).removeprefix(" · "))
    named = [
        " · ".join(part for part in (period, ", ".join(filter(None, of))) if part) for period, of in places.items()
    ]
    said = [*islice(filter(None, named), PLACES), *([marks.more(len(named) - PLACES)] if len(named) > PLACES else [])]
    text = ": ".join(part for part in (one.requirement.title, "; ".join(said)) if part)
    due = min((slot.slot.due for slot in one.slots if slot.slot.due), default=None)
    return Line(marks.badge(one.face), text, f"{_('Due')} {thai.date_text(due)}" if due else "")


def _doubts(here: Frame, standing: ItemStanding, piece: EvidenceFacts) -> Iterable[Line]:
    """What an assessor could hold against a file that was accepted."""
    badge = marks.badge(Face.returned, _(words.LOOK_AGAIN))
    for said in evidence_doubts.doubts(here, piece.noticed, piece.slots, standing.item, day_of(piece.at)):
        yield Line(badge, said, evidence_card.name(piece))


def _link(here: Frame, link: Link) -> Iterable[Line]:
    what = links.fault(link, here.day)
    if what is not None:
        said = link_checks.words(link.last) if link.last else ()
        yield Line(link_checks.fault_badge(what), " · ".join(said), link.url)
    elif link.last is None:
        yield Line(marks.badge(Face.missing, _(words.NOT_CHECKED)), "", link.url)
    elif link.last.names_year is False:
        yield Line(marks.badge(Face.returned, _(words.LOOK_AGAIN)), _("does not name the fiscal year"), link.url)


def meanings() -> Meanings:
    """What the marks of the lines mean: of slots, of published addresses, and of what was accepted with a doubt."""
    faces = (
        Meaning(marks.word(one), _(words.FACE_MEANINGS[one]), marks.badge(one))
        for one in (Face.overdue, Face.returned, Face.waiting, Face.missing)
    )
    faults = (
        Meaning(_(words.FAULTS[one]), _(says), link_checks.fault_badge(one))
        for one, says in words.FAULT_MEANINGS.items()
    )
    doubts = (
        Meaning(_(name), _(says), marks.badge(face, _(name)))
        for face, name, says in (
            (Face.returned, words.LOOK_AGAIN, words.LOOK_AGAIN_MEANS),
            (Face.missing, words.NOT_CHECKED, words.NOT_CHECKED_MEANS),
        )
    )
    return Meanings(_("What the marks mean"), (*faces, *faults, *doubts))
