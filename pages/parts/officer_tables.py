"""The officers' tables: what each prepares and supervises, officers × items, posts and teams."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ita_core import words
from ita_core.board import headline, listing
from ita_core.board.progress import ItemStanding, Tally
from ita_core.board.workload import Preparing, Supervising
from ita_core.language import _
from ita_core.models import DutyKind, PartyKind
from ita_core.queries import PartyFacts, Snapshot
from pages.parts import item_list, marks
from pages.parts.marks import Bar


@dataclass(frozen=True, slots=True)
class Work:
    """Slots by how they stand: `overdue` and theirs to do, and `to_decide`, which are late and wait for a decision."""

    overdue: int
    to_decide: int
    returned: int
    waiting: int
    accepted: int
    slots: int
    on_time: str
    items: int
    bar: Bar
    lists: Mapping[str, str]  # state → where what is counted is listed


@dataclass(frozen=True, slots=True)
class Preparer:
    key: str
    name: str
    work: Work


@dataclass(frozen=True, slots=True)
class Supervisor:
    """What waits for them, and how quickly they decide; a dash where there is nothing to tell."""

    key: str
    name: str
    waiting: int
    overdue: int  # slots that wait for them
    oldest: int | str
    to_decide: str
    decided: int
    returned: int
    items: int
    lists: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Cell:
    """How an item stands with one who prepares it."""

    code: str
    face: str
    sign: str
    says: str


@dataclass(frozen=True, slots=True)
class MatrixRow:
    key: str
    name: str
    cells: tuple[Cell | None, ...]  # None where it isn't theirs


@dataclass(frozen=True, slots=True)
class Matrix:
    """Officers × items."""

    items: tuple[tuple[str, str], ...]  # codes with their titles
    rows: tuple[MatrixRow, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """A post or team, who acts for it, and what it has to do."""

    name: str
    members: str
    items: tuple[str, ...]


def work(tally: Tally, items: int, lists: Mapping[str, str]) -> Work:
    """The numbers of one row, with where each is listed."""
    return Work(
        tally.overdue_open,
        tally.overdue - tally.overdue_open,
        tally.returned,
        tally.waiting,
        tally.accepted,
        tally.slots,
        "–" if tally.on_time is None else f"{tally.on_time:.0%}",
        items,
        marks.work_bar("", tally),
        lists,
    )


def lists(kind: str, **whose: str) -> dict[str, str]:
    """State → where those of this kind are listed."""
    return {state: item_list.address(state, kind=kind, **whose) for state in ("", *listing.SLOTS)}


def preparers(listed: Sequence[Preparing], data: Snapshot, kind: str) -> list[Preparer]:
    """A row each."""
    people = ((data.people[one.officer_id], one) for one in listed)
    return [
        Preparer(
            person.key, person.full,
            work(one.tally, len(one.items), lists(kind, officer=person.key, duty="prepare")),
        )
        for person, one in people
    ]  # fmt: skip


def supervisors(listed: Sequence[Supervising], data: Snapshot, kind: str) -> list[Supervisor]:
    """A row each."""
    return [_supervisor(one, data.people[one.officer_id], kind) for one in listed]


def _supervisor(one: Supervising, person: PartyFacts, kind: str) -> Supervisor:
    return Supervisor(
        person.key,
        person.full,
        one.waiting,
        one.overdue,
        one.waiting_days or "–",
        "–" if one.days_to_decide is None else f"{one.days_to_decide:g}",
        one.decided,
        one.returned,
        len(one.items),
        lists(kind, officer=person.key, duty="supervise"),
    )


def matrix(listed: Sequence[Preparing], items: Sequence[ItemStanding], data: Snapshot) -> Matrix:
    """How each item stands with everybody who prepares it."""
    drawn = {one.item.code: _cell(one) for one in items}
    rows = [
        MatrixRow(
            data.people[one.officer_id].key,
            data.people[one.officer_id].full,
            tuple(drawn[each.item.code] if one.officer_id in each.item.preparers else None for each in items),
        )
        for one in listed
    ]
    return Matrix(tuple((one.item.code, one.item.title) for one in items), tuple(rows))


def _cell(one: ItemStanding) -> Cell:
    face = headline.item_face(one)
    says = f"{one.item.code} {marks.word(face)} {one.tally.accepted}/{one.tally.slots}"
    return Cell(one.item.code, face.value, words.SIGNS[face], says)


def groups(items: Sequence[ItemStanding], data: Snapshot) -> list[Group]:
    """Posts and teams."""
    return [
        Group(
            party.name,
            ", ".join(data.people[one].short for one in party.members) or _("nobody acts for it yet"),
            tuple(
                one.item.code
                for one in items
                if any(party.id == named.id for kind in DutyKind for named in data.named(one.item.id, kind))
            ),
        )
        for party in data.parties
        if party.kind is not PartyKind.officer
    ]
