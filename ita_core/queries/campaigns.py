"""IIT and EIT campaigns of an assessment as they were recorded, for everybody of its office."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlmodel import Session, col

from ita_core.board.campaigns import CampaignFacts, Count, Terms, replaced
from ita_core.models import Account, Campaign, ResponseCount, Survey
from ita_core.queries.remembered import remembered
from ita_core.queries.wide import wide_select


@remembered
def list_campaigns(session: Session, assessment_id: int, before: datetime | None = None) -> list[CampaignFacts]:
    """Every survey in the order of `Survey`, as recorded just before a moment (None: now)."""
    found = {survey: CampaignFacts(survey) for survey in Survey}
    terms = _recorded(Campaign, assessment_id, before)
    for row, by in session.execute(terms):
        known = Terms(row.opens, row.closes, row.population, row.minimum, row.url, tuple(row.lines))
        found[row.survey] = replace(found[row.survey], terms=known, by=by, at=row.at)
    counts: dict[Survey, list[Count]] = {survey: [] for survey in Survey}
    for row, by in session.execute(_recorded(ResponseCount, assessment_id, before)):
        counts[row.survey].append(Count(row.day, row.counts, by, row.at))
    return [replace(one, counts=replaced(counts[one.survey])) for one in found.values()]


def _recorded(table: type[Campaign | ResponseCount], assessment_id: int, before: datetime | None) -> Any:
    """Every record with the name of who made it, in the order of their moments."""
    statement = wide_select(table, Account.name).join(Account, col(Account.id) == table.account_id)
    if before is not None:
        statement = statement.where(col(table.at) < before)
    return statement.where(table.assessment_id == assessment_id).order_by(col(table.at), col(table.id))
