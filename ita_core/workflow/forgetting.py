"""Lists of stakeholders deleted for good: when their day is over, and out of the database's files.

Outside of the use cases' transactions, since what was deleted is wiped once that is committed.
"""

import logging
from datetime import datetime

from ita_core import db, workflow
from ita_core.errors import DatabaseBusy
from ita_core.models import StakeholderPeople

_log = logging.getLogger(__name__)


def clear(*, keep_days: int, at: datetime) -> int:
    """Delete the people of the lists whose day is over; how many lists that were.

    What was deleted is wiped each time, also where somebody else deleted it: whoever still read it then is done by now.
    Raises DatabaseBusy where it can't be deleted.
    """
    with db.reading() as session:
        due = workflow.due_stakeholders(session, keep_days=keep_days, at=at)
    cleared = 0
    if due:
        with db.writing() as session:
            cleared = workflow.clear_stakeholders(session, keep_days=keep_days, at=at)
    wipe()
    return cleared


def wipe() -> None:
    """Leave nothing of deleted people in the database's files.

    What was deleted before stays deleted where that cannot be done now, for whoever still reads: it is told in the log,
    and done by the next `clear`.
    """
    try:
        db.wipe(str(StakeholderPeople.__tablename__))
    except DatabaseBusy as error:
        _log.warning("what was deleted of lists of stakeholders is not yet out of the database's files: %s", error)
