"""Whose exports an address asks for, of which year and day, and for whom: the one meaning of it for every route."""

from datetime import date

from sqlmodel import Session
from starlette.requests import Request

from ita_core import queries
from ita_core.access import Actor
from ita_core.accounts import Visitor
from ita_core.board.progress import shown_day
from ita_core.queries import Snapshot
from ita_core.settings import settings
from ita_core.typed import clean_day


def asked_of(
    request: Request, session: Session, visitor: Visitor, *, any_day: bool = True, named: str = "day"
) -> tuple[Actor, Snapshot, date]:
    """Who asks, what they may read of the office and year that the address names, and the day.

    That is one up to today, and within the year; without `any_day` it is today whatever the address says. `named` is
    what the address calls it.
    """
    query = request.query_params
    assessment = queries.get_visible(
        session, visitor.account_id, office=query.get("office", ""), year=query.get("year", ""), day=settings().day()
    )
    who = queries.get_actor(session, visitor.account_id, assessment.id)
    day = today = shown_day(settings().day(), assessment.starts, assessment.ends)
    if any_day and (said := query.get(named, "")):
        day = shown_day(clean_day(said), assessment.starts, today)
    return who, queries.current_snapshot(session, assessment).on(day).visible_to(who), day
