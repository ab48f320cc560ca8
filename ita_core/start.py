"""What a start does before anybody is served: tables, framework and plan, the first administrator's link."""

from datetime import UTC, datetime

from sqlmodel import Session, select

from ita_core import accounts, db
from ita_core.models import Assessment
from ita_core.settings import settings


def prepare(public_url: str) -> str | None:
    """Bring the database to this version and fill an empty one; the first administrator's link, if one is needed.

    The link is new at every start until it is used; earlier ones end. Raises what `db.upgrade` and the plan raise: each
    one sentence.
    """
    db.upgrade()
    now = datetime.now(UTC)
    with db.writing() as session:
        accounts.one_at_a_time(session)  # of several processes that start at once, one fills the database
        if session.exec(select(Assessment.id)).first() is None:
            _apply_plan(session)
        if accounts.has_admin(session):
            return None
        admin = accounts.create_first_admin(session, now=now)
        assert admin.id is not None
        token = accounts.invite(session, by=None, account_id=admin.id, now=now)
    return f"{public_url}/?invite={token}"


def _apply_plan(session: Session) -> None:
    from ita_core import framework, plan

    found = plan.find(settings().plan)
    made_for = framework.read(found, framework.Faults(found)).get("framework", "")  # the rest is for plan.load to check
    rules = framework.load(framework.find(str(made_for)))
    plan.apply(session, rules, plan.load(found, rules), at=settings().now())
