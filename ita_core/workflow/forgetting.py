"""Lists of stakeholders deleted for good: when their day is over, and out of the database's files.

Outside of the use cases' transactions, since what was deleted is wiped once that is committed.
"""

from datetime import datetime

from ita_core import db, workflow
from ita_core.models import StakeholderPeople


def clear(*, keep_days: int, at: datetime) -> int:
    """Delete the people of the lists whose day is over; how many lists that were.

    What was deleted is wiped each time, also where somebody else deleted it: whoever still read it then is done by now.
    Raises DatabaseBusy.
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

    Raises DatabaseBusy.
    """
    db.wipe(str(StakeholderPeople.__tablename__))
