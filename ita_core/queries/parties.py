"""Officers, posts and teams as plain values."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlmodel import Session, col

from ita_core.models import PartyKind, Person, PersonName
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
    person_id: int | None = None  # of an officer
    here: bool = True  # in the plan that is looked at, not only in an earlier one

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


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """Somebody of an office, as they were called last."""

    key: str
    rank: str
    name: str

    @property
    def full(self) -> str:
        """With the rank: พ.ต.ท.ประโมทย์ พูลประเสริฐ."""
        return rank_and_name(self.rank, self.name)


@remembered
def list_persons(session: Session, office_id: int) -> list[PersonFacts]:
    """Everybody who is or was of the office, in whichever year's plan, in the order in which they came."""
    statement = (
        wide_select(Person.key, PersonName.rank, PersonName.name)
        .join(PersonName, col(PersonName.person_id) == Person.id)
        .where(Person.office_id == office_id)
        .order_by(col(Person.id), col(PersonName.since))
    )
    found = {key: PersonFacts(key, rank, name) for key, rank, name in session.execute(statement)}
    return list(found.values())
