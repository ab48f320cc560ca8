"""Officers, posts and teams, and who has which duty."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, select

from ita_core.access import Actor, ItemPeople
from ita_core.errors import NotFound
from ita_core.models import (
    Account,
    Duty,
    DutyKind,
    Item,
    Membership,
    Party,
    PartyKind,
)
from ita_core.queries.remembered import remembered
from ita_core.queries.wide import wide_select
from ita_core.thai import given_name, rank_and_name


@dataclass(frozen=True, slots=True)
class PartyFacts:
    """A party: an officer, a post or a team."""

    id: int
    key: str
    kind: PartyKind
    rank: str
    name: str
    title: str
    aliases: tuple[str, ...]
    confirm: bool
    members: tuple[int, ...] = ()

    @property
    def full(self) -> str:
        """With the rank: พ.ต.ท.ประโมทย์ พูลประเสริฐ."""
        return rank_and_name(self.rank, self.name)

    @property
    def short(self) -> str:
        """What colleagues say: the given name; a post's or a team's whole name."""
        return given_name(self.name) if self.kind is PartyKind.officer else self.name


def acting_for(parties: Iterable[PartyFacts]) -> tuple[int, ...]:
    """The ids of the officers among the parties, and of those who act for posts and teams, each once."""
    found: dict[int, None] = {}
    for party in parties:
        found.update(dict.fromkeys([party.id] if party.kind is PartyKind.officer else party.members))
    return tuple(found)


def get_actor(session: Session, account_id: int) -> Actor:
    """Who an account is and what it may, as the database has it now.

    Raises NotFound for an account that is gone or disabled.
    """
    account = session.get(Account, account_id)
    if account is None or account.disabled:
        raise NotFound
    return Actor(account_id, account.role, account.party_id, account.keeps_itap)


def people_by_id(session: Session, assessment_id: int) -> dict[int, PartyFacts]:
    """Every party by id, in the plan's order."""
    members: dict[int, list[int]] = {}
    statement = select(Membership.group_id, Membership.officer_id).join(Party, col(Party.id) == Membership.group_id)
    for group_id, officer_id in session.exec(statement.where(Party.assessment_id == assessment_id)):
        members.setdefault(group_id, []).append(officer_id)
    rows = session.exec(select(Party).where(Party.assessment_id == assessment_id).order_by(col(Party.position))).all()
    return {
        row.id: PartyFacts(
            row.id, row.key, row.kind, row.rank, row.name, row.title, tuple(row.aliases),
            row.confirm and row.confirmed_at is None, tuple(members.get(row.id, ())),
        )
        for row in rows
        if row.id is not None
    }  # fmt: skip


def get_item_people(session: Session, of: int) -> ItemPeople:
    """Who has a duty on one item."""
    return item_people_by_id(session, Item.id == of).get(of, ItemPeople())


def item_people_by_id(session: Session, *where: Any) -> dict[int, ItemPeople]:
    """Who has a duty on each item that is meant, by the item's id: officers themselves, or for a post or team."""
    statement = (
        wide_select(Item.id, Duty.kind, Duty.party_id, Membership.officer_id)
        .outerjoin(Duty, col(Duty.item_id) == Item.id)
        .outerjoin(Membership, col(Membership.group_id) == Duty.party_id)
        .where(*where)
    )
    found: dict[int, dict[DutyKind, set[int]]] = {}
    for of, kind, party_id, member_id in session.execute(statement):
        acting = found.setdefault(of, {DutyKind.prepare: set(), DutyKind.supervise: set()})
        if kind is not None:
            acting[kind] |= {party_id} if member_id is None else {member_id}
    return {of: ItemPeople(acting[DutyKind.prepare], acting[DutyKind.supervise]) for of, acting in found.items()}


@remembered
def has_duties(session: Session, who: Actor, assessment_id: int) -> tuple[bool, bool]:
    """Whether the actor (prepares, supervises) any item."""
    persons = item_people_by_id(session, Item.assessment_id == assessment_id).values()
    return (
        any(who.officer_id in people.preparers for people in persons),
        any(who.officer_id in people.supervisors for people in persons),
    )
