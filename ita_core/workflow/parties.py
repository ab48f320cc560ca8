"""Names and members of the parties: each change is a revision of the plan."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from ita_core import access
from ita_core.errors import NotFound, NotYours, Refused
from ita_core.language import N_
from ita_core.models import Account, Party, PartyKind, PersonName
from ita_core.plan import editing
from ita_core.plan.apply import revise
from ita_core.plan.content import Content
from ita_core.typed import LONGEST_NAME, clean_person_name, clean_text
from ita_core.workflow.asking import acting


class RankMissing(Refused):
    says = N_("Write the rank or title, too.")


def confirm_name(session: Session, *, by: int, party_id: int, rank: str, name: str, at: datetime) -> None:
    """Settle the spelling of an officer's name that the document writes in several ways.

    It is a correction: the officer was always called so. The spelling not chosen stays among the aliases.
    Raises NotYours, NotFound, BadText, RankMissing.
    """
    account, party = _party(session, by, party_id)
    if party.kind is not PartyKind.officer:
        raise NotFound
    chosen, chosen_rank = clean_person_name(name), clean_text(rank, LONGEST_NAME)
    if not chosen_rank:
        raise RankMissing
    known = select(PersonName).where(PersonName.person_id == party.person_id)
    last = session.exec(known.order_by(col(PersonName.since).desc())).first()

    def change(content: Content) -> None:
        since = last.since if last else None
        editing.correct_officer(content, party.key, rank=chosen_rank, name=chosen, since=since)
        content["plan"]["officers"][party.key]["confirm"] = False

    revise(session, party.assessment_id, change, at=at, by=account)


def set_members(session: Session, *, by: int, group_id: int, officer_ids: Sequence[int], at: datetime) -> None:
    """Say which officers act for a post or a team; they get its duties, the others lose them.

    Raises NotYours, NotFound.
    """
    account, group = _party(session, by, group_id)
    if group.kind is PartyKind.officer:
        raise NotFound
    chosen = select(Party.key).where(
        col(Party.id).in_(officer_ids), Party.kind == PartyKind.officer, Party.assessment_id == group.assessment_id
    )
    keys = session.exec(chosen.order_by(col(Party.id))).all()
    if len(keys) != len(set(officer_ids)):
        raise NotFound

    revise(session, group.assessment_id, lambda plan: editing.set_members(plan, group.key, keys), at=at, by=account)


def _party(session: Session, by: int, party_id: int) -> tuple[Account, Party]:
    """Raises NotFound, NotYours for whoever does not administer the party's office."""
    party = session.get(Party, party_id)
    if party is None:
        raise NotFound
    account, actor = acting(session, by, party.assessment_id)
    if not access.may_administer(actor):
        raise NotYours
    return account, party
