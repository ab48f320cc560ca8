"""The list of external stakeholders of an assessment: that there is one, for everybody of its office; never who is on
it, which only `workflow` gives out, for each time is noted."""

from datetime import date, datetime

from sqlmodel import Session, col, select

from ita_core.board.stakeholders import ListFacts
from ita_core.days import day_of, happened
from ita_core.models import Account, StakeholderDeletion, StakeholderList, StakeholderPeople, StakeholdersGone


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


def list_stakeholder_days(
    session: Session, assessment_id: int, before: datetime | None = None
) -> list[tuple[date, bool]]:
    """The days on which lists came in (True) and were deleted by hand (False) just before a moment (None: now), the
    first one first. What was replaced, or deleted because its day was over, had been there.
    """
    of = StakeholderList.assessment_id == assessment_id
    came = session.exec(select(StakeholderList.at).where(of)).all()
    gone = session.exec(
        select(StakeholderDeletion.at)
        .join(StakeholderList, col(StakeholderList.id) == StakeholderDeletion.list_id)
        .where(of, StakeholderDeletion.why == StakeholdersGone.by_hand)
    ).all()
    changes = sorted([(at, True) for at in came] + [(at, False) for at in gone])
    return [(day_of(at), there) for at, there in changes if happened(at, before)]
