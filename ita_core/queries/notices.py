"""What concerns one person, and what they have seen of it."""

from datetime import date, datetime, timedelta

from sqlmodel import Session, col, select

from ita_core import access
from ita_core.access import Actor
from ita_core.board import directives, links, notices, progress
from ita_core.board.notices import Asked, Happened, Notice, Whose
from ita_core.days import end_of
from ita_core.models import SeenNotice
from ita_core.queries.assessments import AssessmentFacts
from ita_core.queries.changes import list_changes
from ita_core.queries.clarifications import list_clarifications
from ita_core.queries.kept import current_snapshot
from ita_core.queries.links import list_links
from ita_core.queries.meetings import list_directives
from ita_core.queries.messages import list_questions
from ita_core.queries.remembered import remembered
from ita_core.queries.steps import list_steps

CHANGES_SHOWN = timedelta(days=14)  # so long the plan's revisions are told, in My work too


@remembered
def list_notices(session: Session, who: Actor, assessment: AssessmentFacts, day: date) -> list[Notice]:
    """What concerns the actor at the end of the day, the most urgent first; only of what they may read."""
    data = current_snapshot(session, assessment).on(day).visible_to(who)
    board = data.board(day)
    since = progress.until(day - CHANGES_SHOWN, assessment.ends)
    changes = list_changes(session, who, since=since, before=board.before)
    questions = list_questions(session, who, assessment.id, now=end_of(day), before=board.before)
    happened = Happened(
        board,
        progress.as_of(data.records, board.before),
        directives.as_of(list_directives(session, assessment.id, who), board.before),
        links.faults(list_links(session, who, assessment.id, before=board.before), day),
        [(one.revision.number, one.revision.note) for one in changes],
        list_steps(session, assessment, day),
        list_clarifications(session, who, assessment.id, board.before),
        [Asked(one.item_code, one.id, one.by, one.at) for one in questions],
    )
    whose = Whose(who.officer_id, who.account_id, access.may_direct(who), access.may_publish(who))
    return notices.notices(whose, happened, day)


def list_seen_notices(session: Session, account_id: int, assessment_id: int) -> dict[str, datetime]:
    """The keys of what the account has seen of this assessment, each with the moment at which it first did."""
    seen = select(SeenNotice.key, SeenNotice.at).where(
        SeenNotice.account_id == account_id, col(SeenNotice.assessment_id) == assessment_id
    )
    return dict(session.exec(seen).all())
