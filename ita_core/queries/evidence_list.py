"""All evidence of an assessment in one list: found, sorted and paged by the database, as far as one may read."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlmodel import Session, col

from ita_core import access, words
from ita_core.access import Actor
from ita_core.board import listing, progress
from ita_core.days import end_of, fiscal_months
from ita_core.errors import BadDay, NotFound
from ita_core.models import (
    Account,
    Decision,
    Evidence,
    EvidenceKind,
    EvidenceSlot,
    Item,
    ItemKind,
    ReturnedSlot,
    Review,
    StoredFile,
    Withdrawal,
)
from ita_core.queries.actors import get_actor_on, get_item_people, item_people_by_id
from ita_core.queries.assessments import AssessmentFacts
from ita_core.queries.evidence import EvidenceFacts, select_evidence
from ita_core.queries.rounds import holds
from ita_core.queries.snapshots import Snapshot
from ita_core.queries.wide import wide_select
from ita_core.typed import clean_typed_day

PAGE = 50  # pieces on a page
FILE_KINDS = (*words.FORMATS, EvidenceKind.link.value, EvidenceKind.nil.value)  # what a piece can be

E = TypeVar("E", bound=StrEnum)


class Stands(StrEnum):
    """How a piece of evidence stands."""

    waiting = "waiting"
    accepted = "accepted"
    returned = "returned"
    withdrawn = "withdrawn"


class Order(StrEnum):
    newest = "newest"
    oldest = "oldest"
    item = "item"
    name = "name"
    size = "size"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the list shall show; an empty field asks for nothing. `kind` is a file's format, `link` or `nil`."""

    item_id: int | None = None
    item_ids: frozenset[int] | None = None  # of one of these
    person_id: int | None = None  # who handed it in
    stands: Stands | None = None
    period: str = ""
    kind: str = ""
    on: date | None = None  # handed in on this day
    text: str = ""  # each of its words stands in the name, the address or the note
    order: Order = Order.newest


def asked_evidence(query: Mapping[str, str], data: Snapshot) -> Wanted:
    """What an address asks of the evidence for these items, the one meaning of it on the screen and in an export.

    Of `item` (a code, OIT or MEASURES), `kind` (a file's format, `link`, `nil`, or OIT or MEASURES), `indicator`,
    `officer`, `state`, `month`, `on`, `find`, `sort`. What means nothing here is not asked.
    """
    item = next((one.id for one in data.items if one.code == query.get("item")), None)
    among = [one for one in data.items if query.get("indicator", "") in {"", str(one.indicator)}]
    kind, narrowed = query.get("kind", ""), bool(query.get("indicator")) and bool(among)
    for said in (query.get("item", ""), kind):
        if said in listing.KINDS:
            among, narrowed = [one for one in among if (one.kind is ItemKind.oit) is (said == listing.OIT)], True
    officer = next((one for one in data.officers if one.key == query.get("officer")), None)
    try:
        on = clean_typed_day(query.get("on", ""))
    except BadDay:
        on = None
    month = query.get("month", "")
    return Wanted(
        item, frozenset(one.id for one in among) if narrowed else None, officer.person_id if officer else None,
        _one_of(Stands, query.get("state")), month if month in fiscal_months(data.assessment.fiscal_year) else "",
        kind if kind in FILE_KINDS else "", on, query.get("find", "")[:200],
        _one_of(Order, query.get("sort")) or Order.newest,
    )  # fmt: skip


def _one_of(kind: type[E], said: str | None) -> E | None:
    return next((one for one in kind if one.value == said), None)


@dataclass(frozen=True, slots=True)
class Found:
    """One page of what fits; `count` is of all that fits."""

    pieces: tuple[EvidenceFacts, ...]
    count: int
    page: int  # from 1 on, moved to the last there is
    pages: int


def find_evidence(
    session: Session,
    who: Actor | None,
    assessment: AssessmentFacts,
    wanted: Wanted,
    *,
    day: date,
    order: Sequence[int] = (),
    page: int | None = 1,
) -> Found:
    """A page of what fits, as it stood at the end of `day`; `order` are the items' ids as the plan has them.

    Only a page's rows are read, however many there are; with `page` None all of them, as one page. `who` None is the
    server's own command, which reads all.
    """
    before = progress.until(day, assessment.ends)
    persons = item_people_by_id(session, assessment.id)
    readable = [item for item, people in persons.items() if who is None or access.may_read(who, people)]
    where = [col(Evidence.item_id).in_(readable), *_fitting(wanted, before)]
    fitting = _of(Evidence.id, where, before)
    sorting = _sorted_by(wanted.order, order)
    if page is None:
        ids = [row[0] for row in session.execute(fitting.order_by(*sorting))]
        facts = {one.id: one.as_of(before) for one in select_evidence(session, col(Evidence.id).in_(fitting))}
        return Found(tuple(facts[one] for one in ids), len(ids), 1, 1)
    count = session.execute(_of(sa.func.count(), where, before)).scalar_one()
    pages = max(1, -(-count // PAGE))
    page = min(max(page, 1), pages)
    rows = session.execute(fitting.order_by(*sorting).limit(PAGE).offset((page - 1) * PAGE))
    ids = [row[0] for row in rows]
    facts = {one.id: one.as_of(before) for one in select_evidence(session, col(Evidence.id).in_(ids))} if ids else {}
    return Found(tuple(facts[one] for one in ids), count, page, pages)


def _of(what: Any, where: Iterable[Any], before: datetime | None) -> Any:
    statement = (
        wide_select(what)
        .select_from(Evidence)
        .join(Account, col(Account.id) == Evidence.account_id)
        .outerjoin(StoredFile, col(StoredFile.sha256) == Evidence.sha256)
        .outerjoin(Withdrawal, col(Withdrawal.evidence_id) == Evidence.id)
        .outerjoin(Review, holds(before))
    )
    return statement.where(*where)


def _fitting(wanted: Wanted, before: datetime | None) -> list[Any]:
    found: list[Any] = []
    if before:
        found.append(col(Evidence.at) < before)
    if wanted.item_id is not None:
        found.append(Evidence.item_id == wanted.item_id)
    if wanted.item_ids is not None:
        found.append(col(Evidence.item_id).in_(wanted.item_ids))
    if wanted.person_id is not None:
        found.append(Account.person_id == wanted.person_id)
    if wanted.stands:
        found += _standing(wanted.stands, before)
    if wanted.period:
        of_month = wide_select(EvidenceSlot.evidence_id).where(col(EvidenceSlot.period) == wanted.period)
        found.append(col(Evidence.id).in_(of_month))
    if wanted.kind in {EvidenceKind.link.value, EvidenceKind.nil.value}:
        found.append(Evidence.kind == EvidenceKind(wanted.kind))
    elif wanted.kind:
        found.append(StoredFile.format == wanted.kind)
    if wanted.on:
        found += [col(Evidence.at) >= end_of(wanted.on - timedelta(days=1)), col(Evidence.at) < end_of(wanted.on)]
    for word in wanted.text.lower().split():
        # Thai knows no capitals, so SQLite's lower(), which knows ASCII only, is enough for names here.
        said = (col(Evidence.file_name), col(Evidence.note), col(Evidence.url))
        found.append(sa.or_(*(sa.func.lower(one).contains(word, autoescape=True) for one in said)))
    return found


def _standing(stands: Stands, before: datetime | None) -> list[Any]:
    """As `EvidenceFacts.as_of` has it: what comes after the moment has not happened."""
    taken_back: Any = col(Withdrawal.id).is_not(None)
    if before:
        taken_back = taken_back & (col(Withdrawal.at) < before)
    gone = sa.func.coalesce(taken_back, sa.false())
    match stands:
        case Stands.withdrawn:
            return [gone]
        case Stands.waiting:
            return [sa.not_(gone), col(Review.id).is_(None)]
    is_so: Any = Review.decision == Decision(stands.value)
    if stands is Stands.returned:  # also where only some of its slots came back
        is_so |= sa.exists().where(col(ReturnedSlot.review_id) == Review.id)
    return [sa.not_(gone), is_so]


def _sorted_by(order: Order, items: Sequence[int]) -> list[Any]:
    newest = [col(Evidence.at).desc(), col(Evidence.id).desc()]
    match order:
        case Order.oldest:
            return [col(Evidence.at), col(Evidence.id)]
        case Order.item:
            places = {item: place for place, item in enumerate(items)}
            place = sa.case(places, value=col(Evidence.item_id), else_=len(places)) if places else sa.literal(0)
            return [place, *newest]
        case Order.name:
            return [sa.func.lower(sa.func.coalesce(sa.func.nullif(Evidence.file_name, ""), Evidence.url)), *newest]
        case Order.size:
            return [sa.func.coalesce(StoredFile.size, 0).desc(), *newest]
    return newest


def list_pieces(session: Session, account_id: int, ids: Collection[int]) -> list[EvidenceFacts]:
    """These pieces of evidence, oldest first, for taking them along.

    Raises NotFound where one of them doesn't exist, isn't the account's to read, or is of another year than the others.
    """
    found = select_evidence(session, col(Evidence.id).in_(set(ids)))
    if not found or len(found) != len(set(ids)):
        raise NotFound
    items = {one.item_id for one in found}
    for item in items:
        if not access.may_read(get_actor_on(session, account_id, item), get_item_people(session, item)):
            raise NotFound
    if len({session.get_one(Item, item).assessment_id for item in items}) > 1:
        raise NotFound
    return found
