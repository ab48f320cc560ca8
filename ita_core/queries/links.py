"""Published addresses, and what the checks of them found."""

from collections.abc import Iterator
from datetime import datetime
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from ita_core import access
from ita_core.access import Actor
from ita_core.board.links import Check, Link, addresses
from ita_core.errors import NotFound
from ita_core.models import Account, Filing, Item, LinkCheck, Publication
from ita_core.queries.actors import item_people_by_id
from ita_core.queries.plans import get_history
from ita_core.queries.wide import wide_select


def list_links(
    session: Session,
    who: Actor | None,
    assessment_id: int,
    *,
    item_id: int | None = None,
    before: datetime | None = None,
) -> list[Link]:
    """The addresses that hold (just before a moment; None: now) of the items that the actor may read, by the items.

    Of each item (or only of the one with `item_id`) those of its publication, and those in ITAP that are others. Of
    items that the plan had no more then, none: nobody keeps those.
    None, the server itself, reads all.
    """
    return _links(session, who, assessment_id, item_id=item_id, before=before, seen=before)


def list_held_links(
    session: Session, assessment_id: int, *, before: datetime | None, seen: datetime | None
) -> list[Link]:  # fmt: skip
    """The addresses that held just before a moment, for the server itself, with what was found there until another."""
    return _links(session, None, assessment_id, item_id=None, before=before, seen=seen)


def _links(
    session: Session,
    who: Actor | None,
    assessment_id: int,
    *,
    item_id: int | None,
    before: datetime | None,
    seen: datetime | None,
) -> list[Link]:
    plan = get_history(session, assessment_id).before(before)
    here = {one.id for one in plan.items}
    where = [Item.assessment_id == assessment_id, *([Item.id == item_id] if item_id is not None else [])]
    last, checks = _last_checks(session, where, seen)
    persons = item_people_by_id(session, assessment_id)
    found: list[Link] = []
    known: set[tuple[int, str]] = set()
    filings = list(_standing(session, Filing, where, before))
    in_itap = {(of, url) for of, _code, url, _by, _at in filings}
    for filed, listed in ((False, _standing(session, Publication, where, before)), (True, filings)):
        for of, code, url, by, at in listed:
            key = of, url
            readable = who is None or access.may_read(who, persons.get(of, access.ItemPeople()))
            if key in known or of not in here or not readable:
                continue
            known.add(key)
            number, changed_at, evidence_at = last.get(key, (0, None, None))
            check = checks.get(number)
            found.append(Link(of, code, url, by, at, filed, check, changed_at, evidence_at, key in in_itap))
    return sorted(found, key=lambda link: (link.item_id, link.filed))


def list_checks(
    session: Session, who: Actor | None, item_id: int, *, most: int, before: datetime | None = None
) -> list[Check]:
    """The checks of an item's addresses, the newest first, as many as are wanted.

    Raises NotFound where there is no such item, or it is not the actor's to read.
    """
    item = session.get(Item, item_id)
    if item is None:
        raise NotFound
    persons = item_people_by_id(session, item.assessment_id)
    if who is not None and not access.may_read(who, persons.get(item_id, access.ItemPeople())):
        raise NotFound
    until = [] if before is None else [col(LinkCheck.at) < before]
    return list(_checks(session, LinkCheck.item_id == item_id, *until, most=most).values())


def last_check_number(session: Session) -> int:
    """The number of the last check of all; 0 before there was any."""
    return session.execute(sa.select(sa.func.max(col(LinkCheck.id)))).scalar() or 0


def get_check(session: Session, assessment_id: int, check_id: int) -> Check:
    """One check of an assessment's items, for the server itself.

    Raises NotFound.
    """
    found = _checks(session, LinkCheck.id == check_id, Item.assessment_id == assessment_id)
    if not found:
        raise NotFound
    return found[check_id]


def _standing(
    session: Session, table: Any, where: list[Any], before: datetime | None
) -> Iterator[tuple[int, str, str, str, datetime]]:
    """(Item, its code, address, by whom, when) of each address of the last record of an item, in its order.

    By whom and when is that of the first record since which it has been there.
    """
    rows = (
        wide_select(table.item_id, Item.code, table.url, Account.name, table.at)
        .join(Item, col(Item.id) == table.item_id)
        .join(Account, col(Account.id) == table.account_id)
        .where(*where)
        .order_by(table.item_id, table.at, table.id)
    )
    if before is not None:
        rows = rows.where(table.at < before)
    for (of, code), recorded in groupby(session.execute(rows), lambda row: (row[0], row[1])):
        standing: dict[str, tuple[str, datetime]] = {}
        for _of, _code, url, by, at in recorded:
            standing = {one: standing.get(one, (by, at)) for one in addresses(url)}
        for url, (by, at) in standing.items():
            yield of, code, url, by, at


Last = dict[tuple[int, str], tuple[int, datetime | None, datetime | None]]


def _last_checks(session: Session, where: list[Any], before: datetime | None) -> tuple[Last, dict[int, Check]]:
    """Item and address → (number of the last check, when other words were found last, when the accepted file was)."""
    at = col(LinkCheck.at)
    grouped = (
        wide_select(
            LinkCheck.item_id,
            LinkCheck.url,
            sa.func.max(LinkCheck.id),
            sa.func.max(sa.case((col(LinkCheck.changed).is_(True), at))),
            sa.func.max(sa.case((col(LinkCheck.evidence_id).is_not(None), at))),
        )
        .join(Item, col(Item.id) == LinkCheck.item_id)
        .where(*where)
        .group_by(col(LinkCheck.item_id), col(LinkCheck.url))
    )
    if before is not None:
        grouped = grouped.where(at < before)
    last = {(item, url): (number, *moments) for item, url, number, *moments in session.execute(grouped)}
    numbers = [number for number, *_moments in last.values()]
    return last, _checks(session, col(LinkCheck.id).in_(numbers)) if numbers else {}


def _checks(session: Session, *where: Any, most: int | None = None) -> dict[int, Check]:
    rows = (
        wide_select(LinkCheck, Account.name)
        .join(Item, col(Item.id) == LinkCheck.item_id)
        .outerjoin(Account, col(Account.id) == LinkCheck.account_id)
        .where(*where)
        .order_by(col(LinkCheck.at).desc(), col(LinkCheck.id).desc())
        .limit(most)
    )
    return {
        row.id: Check(
            row.id, row.item_id, row.url, row.at, by or "", row.outcome, row.why, row.status, row.final_url,
            row.media_type, row.size, row.sha256, row.changed, row.names_year, row.evidence_id, row.certificate_ends,
            row.kept_sha256 or "",
        )
        for row, by in session.execute(rows)
    }  # fmt: skip
