"""Which offices and years an account may look at, and which of them an address means."""

from datetime import date

from sqlmodel import Session, select

from ita_core.accounts.grants import list_grants
from ita_core.models import Account, Grant, Person
from ita_core.queries.assessments import AssessmentFacts, list_assessments, usual_year
from ita_core.queries.remembered import remembered


@remembered
def list_visible(session: Session, account_id: int) -> list[AssessmentFacts]:
    """Every assessment of the offices in which the account has a role, the newest year of each first.

    The account's own office comes first, then those that a role was given in; those below them come last.
    """
    offices = [one.office_id for one in list_grants(session, account_id)]
    of_person = select(Person.office_id).join(Account).where(Account.id == account_id)
    own = session.exec(of_person).first()
    given = session.exec(select(Grant.office_id).where(Grant.account_id == account_id)).all()
    order = sorted(offices, key=lambda office: (office != own, office not in given, offices.index(office)))
    listed = [one for one in list_assessments(session) if one.office_id in offices]
    return sorted(listed, key=lambda one: order.index(one.office_id))


def get_visible(session: Session, account_id: int, *, office: str = "", year: str = "", day: date) -> AssessmentFacts:
    """The assessment that an address names by its office's code and its fiscal year, among those of the account.

    Without an office it is one's own, without a year the one that `day` lies in, else the newest that has begun.
    Raises NotFound where the account has none such.
    """
    listed = list_visible(session, account_id)
    here = [one for one in listed if one.office_code == office] if office else listed
    here = [one for one in here if one.office_id == here[0].office_id]
    return usual_year([one for one in here if not year or str(one.fiscal_year) == year], day)
