"""Who an account is in an office and year, and who has a duty on an item: as of now, whatever day is looked at."""

from collections.abc import Mapping

from sqlmodel import Session, select

from ita_core.access import LEADS, Actor, ItemPeople
from ita_core.accounts.grants import list_grants
from ita_core.errors import NotFound
from ita_core.models import Account, Assessment, Item, Office, Party
from ita_core.queries.plans import get_history
from ita_core.queries.remembered import remembered


@remembered
def get_actor(session: Session, account_id: int, assessment_id: int) -> Actor:
    """Who an account is in an assessment and what it may there, as the database has it now.

    Raises NotFound for an account that is gone or disabled, or has no role in the assessment's office.
    """
    account, assessment = session.get(Account, account_id), session.get(Assessment, assessment_id)
    if account is None or account.disabled or assessment is None:
        raise NotFound
    grants = {one.office_id: one for one in list_grants(session, account_id)}
    grant = grants.get(assessment.office_id)
    if grant is None:
        raise NotFound
    leads = {office for office, one in grants.items() if one.role in LEADS}
    everywhere = leads.issuperset(session.exec(select(Office.id)).all())
    officer = select(Party.id).where(Party.assessment_id == assessment_id, Party.person_id == account.person_id)
    officer_id = session.exec(officer).first() if account.person_id is not None else None
    return Actor(account_id, grant.role, officer_id, grant.keeps_itap, assessment_id, everywhere)


def get_actor_on(session: Session, account_id: int, item_id: int) -> Actor:
    """The same in the assessment that an item belongs to.

    Raises NotFound, also where there is no such item.
    """
    item = session.get(Item, item_id)
    if item is None:
        raise NotFound
    return get_actor(session, account_id, item.assessment_id)


def get_item_people(session: Session, of: int) -> ItemPeople:
    """Who has a duty on one item; of one that the plan no longer has, who had one last."""
    item = session.get(Item, of)
    return item_people_by_id(session, item.assessment_id).get(of, ItemPeople()) if item else ItemPeople()


def item_people_by_id(session: Session, assessment_id: int) -> Mapping[int, ItemPeople]:
    """The same of every item of an assessment, by the item's id."""
    return get_history(session, assessment_id).people_of


def has_duties(session: Session, who: Actor) -> tuple[bool, bool]:
    """Whether the actor (prepares, supervises) any item of the plan."""
    persons = get_history(session, who.assessment_id).now.people_of.values()
    return (
        any(who.officer_id in people.preparers for people in persons),
        any(who.officer_id in people.supervisors for people in persons),
    )
