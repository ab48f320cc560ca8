"""Officers, posts and teams as plain values."""

from collections.abc import Iterable
from dataclasses import dataclass

from ita_core.models import PartyKind
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
