"""What is being changed in a plan and not in force yet."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from ita_core.models import Account, Draft
from ita_core.plan.content import parts_of
from ita_core.plan.framework import Framework
from ita_core.plan.plan import Plan
from ita_core.queries.remembered import remembered


@dataclass(frozen=True)
class DraftFacts:
    """A changed plan, who changed it last and when; `content` is not to be changed."""

    account_id: int
    by: str
    at: datetime
    content: dict[str, Any]
    framework: Framework
    plan: Plan


@remembered
def find_draft(session: Session, assessment_id: int) -> DraftFacts | None:
    """The draft of an assessment; None where nothing is being changed."""
    statement = select(Draft, Account.name).join(Account, col(Account.id) == Draft.account_id)
    found = session.exec(statement.where(Draft.assessment_id == assessment_id)).first()
    if found is None:
        return None
    row, by = found
    content: dict[str, Any] = dict(row.content)
    return DraftFacts(row.account_id, by, row.at, content, *parts_of(content))
