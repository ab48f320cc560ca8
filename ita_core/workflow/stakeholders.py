"""The list of external stakeholders for EIT(2): the one place where rows are deleted for good.

That a list came in, was opened, taken along or deleted stands in the audit with how many are on it and its hash; who is
on it stands nowhere but in the one row of `StakeholderPeople`.
"""

import hashlib
import json
import secrets
from collections.abc import Sequence
from datetime import date, datetime

from sqlmodel import Session, col, select

from ita_core import access, audit, queries
from ita_core.board import stakeholders as rules
from ita_core.board.stakeholders import ListFacts, State
from ita_core.days import day_of
from ita_core.errors import NotYours, Refused
from ita_core.language import N_, _
from ita_core.models import (
    Account,
    AuditEntry,
    StakeholderDeletion,
    StakeholderList,
    StakeholderPeople,
    StakeholdersGone,
    Survey,
)
from ita_core.plan.stakeholders import Form, Person, by_kind, kept_of, people_of
from ita_core.thai import date_text
from ita_core.words import SURVEYS
from ita_core.workflow.asking import acting, new_id
from ita_core.workflow.campaigns import NoCampaign

OPENED, EXPORTED = "stakeholders.open", "stakeholders.export"  # the audit's words for it
MOST_A_DAY = 100  # times that an account opens lists and takes them along: each stands in the record


class NobodyListed(Refused):
    says = N_("There is no list of stakeholders.")


class ListGone(Refused):
    says = N_("The list of stakeholders was deleted. If it is still needed, import it again.")


class ListOver(Refused):
    says = N_("The list of stakeholders could be kept until {last}: it is deleted, and cannot be opened any more.")


class ListNotRestored(Refused):
    says = N_("The list of stakeholders is in no backup, so it is not here after a restore: import it again.")


class ListDamaged(Refused):
    says = N_("The list of stakeholders is not as it was imported: import it again, and tell the administrator.")


class TooLateToKeep(Refused):
    says = N_("A list could be kept until {last} only, so none is taken any more. When does the survey close?")


class ListChanged(Refused):
    says = N_("Another list has taken the place of the one you looked at. Look at it again before you delete it.")


class OpenedEnough(Refused):
    says = N_("You have opened lists of stakeholders {most} times today, each stands in the record: go on tomorrow.")


def check_stakeholders(session: Session, *, by: int, assessment_id: int, keep_days: int, at: datetime) -> None:
    """Nothing, where the account may import a list now: to be asked before one is read.

    Raises NotFound, YearClosed, NotYours, NoCampaign, TooLateToKeep.
    """
    _keeping(session, by, assessment_id)
    last = _last(session, assessment_id, keep_days)
    if last is None:
        raise NoCampaign(survey=_(SURVEYS[Survey.eit_external]))
    if day_of(at) > last:
        raise TooLateToKeep(last=date_text(last))


def import_stakeholders(
    session: Session, people: Sequence[Person], form: Form, *, by: int, assessment_id: int, keep_days: int, at: datetime
) -> int:
    """Keep a list that was checked (`plan.stakeholders.read`), in place of the one before, whose people are deleted.

    Gives its number. Once this is committed, `db.wipe` what may be left of the one before.

    Raises what `check_stakeholders` raises.
    """
    check_stakeholders(session, by=by, assessment_id=assessment_id, keep_days=keep_days, at=at)
    account = session.get_one(Account, by)
    audit.one_at_a_time(session)
    for former in _living(session, assessment_id):
        _delete(session, former, StakeholdersGone.replaced, account, at)
    # The salt makes the hash, which stays, tell nothing: who knows somebody cannot find out that they were on the list.
    content = json.dumps({"salt": secrets.token_hex(32), **kept_of(people)}, ensure_ascii=False, separators=(",", ":"))
    row = StakeholderList(
        assessment_id=assessment_id, rows=len(people), kinds=by_kind(people, form),
        sha256=hashlib.sha256(content.encode()).hexdigest(), account_id=by, at=at,
    )  # fmt: skip
    session.add(row)
    session.flush()
    number = new_id(row.id)
    session.add(StakeholderPeople(list_id=number, content=content))
    session.flush()
    audit.record(
        session, actor=account, action="stakeholders.import", subject=f"stakeholders {number}", at=at,
        assessment=assessment_id, rows=row.rows, kinds=row.kinds, sha256=row.sha256,
    )  # fmt: skip
    return number


def open_stakeholders(
    session: Session, *, by: int, assessment_id: int, keep_days: int, at: datetime
) -> list[Person]:  # fmt: skip
    """Who is on the list, to be shown once this is committed: that it was opened stands in the audit.

    Raises NotFound, NotYours, NobodyListed, ListOver, ListGone, ListNotRestored, ListDamaged, OpenedEnough.
    """
    return _given(session, OPENED, by, assessment_id, keep_days, at)


def export_stakeholders(
    session: Session, *, by: int, assessment_id: int, keep_days: int, at: datetime
) -> list[Person]:  # fmt: skip
    """Who is on the list, to be taken along once this is committed: the audit has it before the first byte is given.

    Raises what `open_stakeholders` raises.
    """
    return _given(session, EXPORTED, by, assessment_id, keep_days, at)


def delete_stakeholders(session: Session, *, by: int, assessment_id: int, list_id: int, at: datetime) -> bool:
    """Delete the people of this list before its day, also in a closed year; whether there was anything to delete.

    Once this is committed, `db.wipe` what may be left. Raises NotFound, NotYours, NobodyListed, ListChanged.
    """
    account = _keeping(session, by, assessment_id, closed=True)
    audit.one_at_a_time(session)
    found = queries.find_stakeholders(session, assessment_id)
    if found is None:
        raise NobodyListed
    if found.id != list_id:
        raise ListChanged
    if found.gone is not None:
        return False
    _delete(session, list_id, StakeholdersGone.by_hand, account, at)
    return True


def clear_stakeholders(session: Session, *, keep_days: int, at: datetime) -> int:
    """Delete the people of every list whose day is over, in all offices and years; how many lists that were.

    For a start and a timer: again and again it does no more. Once this is committed, `db.wipe` what may be left.
    """
    due = due_stakeholders(session, keep_days=keep_days, at=at)
    for list_id in due:
        _delete(session, list_id, StakeholdersGone.due, None, at)
    return len(due)


def due_stakeholders(session: Session, *, keep_days: int, at: datetime) -> list[int]:
    """The lists whose people have to be deleted by now."""
    found, every = [], select(StakeholderList.assessment_id).distinct()
    for assessment_id in session.exec(every).all():
        last = _last(session, assessment_id, keep_days)
        if last is None or day_of(at) > last:
            found += _living(session, assessment_id)
    return found


def _given(session: Session, action: str, by: int, assessment_id: int, keep_days: int, at: datetime) -> list[Person]:
    account = _keeping(session, by, assessment_id, closed=True)
    audit.one_at_a_time(session)
    found = queries.find_stakeholders(session, assessment_id)
    last = _last(session, assessment_id, keep_days)
    match rules.state(found, last, day_of(at)):
        case State.none:
            raise NobodyListed
        case State.deleted:
            raise ListGone
        case State.over:
            raise ListOver(last=date_text(last) if last else "–")
        case State.lost:
            raise ListNotRestored
    assert found is not None
    content = session.get_one(StakeholderPeople, found.id).content
    if hashlib.sha256(content.encode()).hexdigest() != found.sha256:
        raise ListDamaged
    _check_not_too_often(session, by, at)
    _note(session, account, action, found, at, assessment_id)
    return people_of(json.loads(content))


def _note(session: Session, who: Account, action: str, one: ListFacts, at: datetime, assessment_id: int) -> None:
    audit.record(
        session, actor=who, action=action, subject=f"stakeholders {one.id}", at=at, assessment=assessment_id,
        rows=one.rows, sha256=one.sha256,
    )  # fmt: skip


def _check_not_too_often(session: Session, by: int, at: datetime) -> None:
    acts = select(AuditEntry.at).where(AuditEntry.account_id == by, col(AuditEntry.action).in_((OPENED, EXPORTED)))
    latest = session.exec(acts.order_by(col(AuditEntry.number).desc()).limit(MOST_A_DAY)).all()
    if sum(day_of(one) == day_of(at) for one in latest) >= MOST_A_DAY:
        raise OpenedEnough(most=MOST_A_DAY)


def _keeping(session: Session, by: int, assessment_id: int, *, closed: bool = False) -> Account:
    """The account that acts. Raises NotFound, YearClosed, NotYours."""
    account, actor = acting(session, by, assessment_id, closed=closed)
    if not access.may_keep_stakeholders(actor):
        raise NotYours
    return account


def _last(session: Session, assessment_id: int, keep_days: int) -> date | None:
    campaigns = queries.list_campaigns(session, assessment_id)
    terms = next(one.terms for one in campaigns if one.survey is Survey.eit_external)
    return rules.last_day(terms, keep_days)


def _living(session: Session, assessment_id: int) -> list[int]:
    """The lists of an assessment whose deletion is not recorded: the newest one, at most."""
    gone = select(StakeholderDeletion.list_id)
    lists = select(StakeholderList.id).where(
        StakeholderList.assessment_id == assessment_id, col(StakeholderList.id).not_in(gone)
    )
    return [new_id(one) for one in session.exec(lists.order_by(col(StakeholderList.id)))]


def _delete(session: Session, list_id: int, why: StakeholdersGone, who: Account | None, at: datetime) -> None:
    one = session.get_one(StakeholderList, list_id)
    people = session.get(StakeholderPeople, list_id)
    if people is not None:  # after a restore there is none
        session.delete(people)
    session.add(StakeholderDeletion(list_id=list_id, why=why, account_id=who.id if who else None, at=at))
    session.flush()
    audit.record(
        session, actor=who, action="stakeholders.delete", subject=f"stakeholders {list_id}", at=at,
        assessment=one.assessment_id, why=why.value, rows=one.rows, sha256=one.sha256,
    )  # fmt: skip
