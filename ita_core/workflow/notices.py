"""What people have seen of what concerns them."""

from datetime import datetime

from sqlmodel import Session

from ita_core import audit, queries
from ita_core.board import notices, progress
from ita_core.days import day_of
from ita_core.models import SeenNotice
from ita_core.workflow.asking import acting


def see_notices(session: Session, *, by: int, assessment_id: int, keys: frozenset[str], at: datetime) -> int:
    """Keep that somebody saw these of what concerns them; of how many that is new. Other keys are nothing of theirs.

    Also in a year that is closed. Raises NotFound.
    """
    account, actor = acting(session, by, assessment_id, closed=True)
    year = queries.get_assessment_by_id(session, assessment_id)
    day = progress.shown_day(day_of(at), year.starts, year.ends)
    audit.one_at_a_time(session)  # two tabs at once: the second finds what the first has kept
    seen = queries.list_seen_notices(session, by, assessment_id)
    listed = notices.unseen(queries.list_notices(session, actor, year, day), seen)
    new = dict.fromkeys(one.key for one in listed if one.key in keys)
    if not new:
        return 0
    session.add_all(SeenNotice(account_id=by, assessment_id=assessment_id, key=key, at=at) for key in new)
    session.flush()
    audit.record(session, actor=account, action="notice.see", subject=f"account {by}", at=at)
    return len(new)
