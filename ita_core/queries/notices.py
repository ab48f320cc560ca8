"""What concerns one person, and what they have seen of it."""

from datetime import date, datetime, timedelta

from sqlmodel import Session, col, select

from ita_core import access
from ita_core.access import Actor
from ita_core.board import directives, links, notices, progress
from ita_core.board.notices import Happened, Notice, Whose
from ita_core.models import SeenNotice
from ita_core.queries.assessments import AssessmentFacts
from ita_core.queries.changes import list_changes
from ita_core.queries.kept import current_snapshot
from ita_core.queries.links import last_check_number, list_links
from ita_core.queries.meetings import list_directives

CHANGES_SHOWN = timedelta(days=14)  # so long the plan's revisions are told, as in My work


def list_notices(session: Session, who: Actor, assessment: AssessmentFacts, day: date) -> list[Notice]:
    """What concerns the actor at the end of the day, the most urgent first; only of what they may read.

    Worked out once for each state of the records.
    """
    data = current_snapshot(session, assessment).on(day).visible_to(who)
    board = data.board(day)
    given = tuple(directives.as_of(list_directives(session, assessment.id, who), board.before))

    def made() -> list[Notice]:
        since = progress.until(day - CHANGES_SHOWN, assessment.ends)
        happened = Happened(
            board,
            progress.as_of(data.records, board.before),
            given,
            links.faults(list_links(session, who, assessment.id, before=board.before), day),
            [
                (one.revision.number, one.revision.note)
                for one in list_changes(session, who, since=since, before=board.before)
            ],
        )
        whose = Whose(who.officer_id, access.may_direct(who), access.may_publish(who))
        return notices.notices(whose, happened, day)

    # A directive touches nothing of a snapshot, so it is named here.
    return data.once(made, "notices", who, day, last_check_number(session), given)


def list_seen_notices(session: Session, account_id: int, assessment_id: int) -> dict[str, datetime]:
    """The keys of what the account has seen of this assessment, each with the moment at which it first did."""
    seen = select(SeenNotice.key, SeenNotice.at).where(
        SeenNotice.account_id == account_id, col(SeenNotice.assessment_id) == assessment_id
    )
    return dict(session.exec(seen).all())
