"""Names and members of the parties."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from ita_core import access, audit
from ita_core.errors import (
    NotFound,
    NotYours,
)
from ita_core.models import (
    Account,
    Membership,
    Party,
    PartyKind,
)
from ita_core.thai import rank_and_name
from ita_core.typed import LONGEST_NAME, clean_person_name, clean_text
from ita_core.workflow.asking import acting


def confirm_name(session: Session, *, by: int, party_id: int, rank: str, name: str, at: datetime) -> None:
    """Settle the spelling of an officer's name that the document writes in several ways.

    The spelling not chosen stays among the aliases. Raises NotYours, NotFound, BadText.
    """
    account, actor = acting(session, by)
    if not access.may_administer(actor):
        raise NotYours
    party = session.get(Party, party_id)
    if party is None or party.kind is not PartyKind.officer:
        raise NotFound
    chosen, chosen_rank = clean_person_name(name), clean_text(rank, LONGEST_NAME)
    before = party.name
    if chosen != before:
        party.aliases = [*(alias for alias in party.aliases if alias != chosen), before]
    party.name, party.rank, party.confirmed_at = chosen, chosen_rank, at
    session.add(party)
    own = session.exec(select(Account).where(Account.party_id == party_id)).first()
    if own is not None:
        own.name = rank_and_name(chosen_rank, chosen)
        session.add(own)
    audit.record(
        session, actor=account, action="party.confirm", subject=f"party {party.key}", at=at,
        touches=party.assessment_id, before=before, name=chosen,
    )  # fmt: skip


def set_members(session: Session, *, by: int, group_id: int, officer_ids: Sequence[int], at: datetime) -> None:
    """Say which officers act for a post or a team; they get its duties, the others lose them.

    Raises NotYours, NotFound.
    """
    account, actor = acting(session, by)
    if not access.may_administer(actor):
        raise NotYours
    group = session.get(Party, group_id)
    if group is None or group.kind is PartyKind.officer:
        raise NotFound
    officers = session.exec(select(Party).where(col(Party.id).in_(officer_ids), Party.kind == PartyKind.officer)).all()
    if {officer.id for officer in officers} != set(officer_ids):
        raise NotFound
    for old in session.exec(select(Membership).where(Membership.group_id == group_id)):
        session.delete(old)
    session.flush()
    session.add_all(Membership(group_id=group_id, officer_id=chosen) for chosen in officer_ids)
    audit.record(
        session, actor=account, action="party.members", subject=f"party {group.key}", at=at,
        touches=group.assessment_id, members=sorted(officer.key for officer in officers),
    )  # fmt: skip
