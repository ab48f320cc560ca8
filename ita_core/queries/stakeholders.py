"""The list of external stakeholders of an assessment: that there is one, for everybody of its office; never who is on
it, which only `workflow` gives out, for each time is noted."""

from datetime import datetime

from sqlmodel import Session, col, select

from ita_core.board.stakeholders import ListFacts
from ita_core.days import happened
from ita_core.models import Account, StakeholderDeletion, StakeholderList, StakeholderPeople


def find_stakeholders(session: Session, assessment_id: int, before: datetime | None = None) -> ListFacts | None:
    """The newest list as recorded just before a moment (None: now); None where none was imported yet."""
    lists = select(StakeholderList, Account.name).join(Account, col(Account.id) == StakeholderList.account_id)
    if before is not None:
        lists = lists.where(col(StakeholderList.at) < before)
    newest = col(StakeholderList.id).desc()
    found = session.exec(lists.where(StakeholderList.assessment_id == assessment_id).order_by(newest).limit(1)).first()
    if found is None:
        return None
    one, by = found
    assert one.id is not None
    deletions = select(StakeholderDeletion, Account.name).join(
        Account, col(Account.id) == StakeholderDeletion.account_id, isouter=True
    )
    ever = session.exec(deletions.where(StakeholderDeletion.list_id == one.id)).first()
    gone = ever if ever and happened(ever[0].at, before) else None
    there = select(StakeholderPeople.list_id).where(StakeholderPeople.list_id == one.id)
    held = session.exec(there).first() is not None or (ever is not None and gone is None)  # deleted later: held then
    return ListFacts(
        one.id, one.rows, dict(one.kinds), one.sha256, by, one.at,
        (gone[0].why, gone[1] or "", gone[0].at) if gone else None, held,
    )  # fmt: skip
