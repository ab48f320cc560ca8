"""Plans put in force, and years begun, confirmed, closed and opened again."""

from collections.abc import Collection
from datetime import datetime

from sqlmodel import Session, col, select

from ita_core import access, audit, queries
from ita_core.errors import NotFound, NotYours, ReasonMissing, Refused
from ita_core.language import N_
from ita_core.models import Account, Assessment, Party, Person, YearEvent, YearStep
from ita_core.plan.apply import Applied, apply_plan, revise
from ita_core.plan.content import Content
from ita_core.plan.following import following
from ita_core.plan.framework import Framework
from ita_core.plan.mappings import ItemMapping, NoMapping, descended, file_name
from ita_core.plan.plan import Plan
from ita_core.typed import LONGEST_NOTE, clean_text
from ita_core.workflow.asking import acting, new_id, planning


class YearBegun(Refused):
    says = N_("Fiscal year {year} of {office} has begun already.")


class NotLater(Refused):
    says = N_("A year begins from the plan of an earlier one: {year} does not come after {before}.")


class PlanMoved(Refused):
    says = N_(
        "Revision {number} was put in force meanwhile ({by}). Look at what differs from it, then put yours in force."
    )


class NothingChanges(Refused):
    says = N_("Exactly this is in force already.")


def put_in_force(
    session: Session,
    framework: Framework,
    plan: Plan,
    *,
    by: int,
    assessment_id: int,
    seen: int,
    note: str,
    at: datetime,
) -> Applied:
    """Put a plan in force for this office and year; `seen` is the number of the revision that it was compared with.

    Raises NotYours, NotFound for a plan of another office or year, YearClosed, PlanMoved, NothingChanges, OtherKind,
    BadText.
    """
    account = planning(session, by, assessment_id)
    here = queries.get_assessment_by_id(session, assessment_id)
    if (plan.office.code, plan.fiscal_year) != (here.office_code, here.fiscal_year):
        raise NotFound
    audit.one_at_a_time(session)
    last = queries.list_revisions(session, assessment_id)[-1]
    if last.number != seen:
        raise PlanMoved(number=last.number, by=last.by or "ITA")
    return _apply(session, framework, plan, account, note, at)


def go_back(session: Session, *, by: int, assessment_id: int, number: int, note: str, at: datetime) -> Applied:
    """Undo: a new revision like an old one.

    Raises NotYours, NotFound, YearClosed, NothingChanges, OtherKind, BadText.
    """
    account = planning(session, by, assessment_id)
    plans = queries.get_history(session, assessment_id).plans
    old = next((one for one in plans if one.revision.number == number), None)
    if old is None:
        raise NotFound
    return _apply(session, old.framework, old.plan, account, note, at)


def _apply(session: Session, framework: Framework, plan: Plan, account: Account, note: str, at: datetime) -> Applied:
    applied = apply_plan(session, framework, plan, at=at, by=account, note=clean_text(note, LONGEST_NOTE))
    if not applied.changed:
        raise NothingChanges
    return applied


def name_baseline(session: Session, *, by: int, assessment_id: int, number: int, at: datetime) -> None:
    """Say which revision's dates are "as first planned", on every day; nothing where it is that one already.

    Raises NotYours, NotFound where there is no such revision, YearClosed.
    """
    account, actor = acting(session, by, assessment_id)
    if not access.may_name_baseline(actor):
        raise NotYours
    if number not in {one.number for one in queries.list_revisions(session, assessment_id)}:
        raise NotFound
    row = session.get_one(Assessment, assessment_id)
    before = row.baseline
    if before == number:
        return
    row.baseline = number
    session.add(row)
    session.flush()
    here = queries.get_assessment_by_id(session, assessment_id)
    audit.record(
        session, actor=account, action="plan.baseline", subject=f"assessment {here.office_code} {here.fiscal_year}",
        at=at, touches=assessment_id, before=before, after=number,
    )  # fmt: skip


def start_year(
    session: Session,
    *,
    by: int | None,
    source_id: int,
    year: int,
    at: datetime,
    known: Framework | None = None,
    how: ItemMapping | None = None,
) -> Applied:
    """Begin a fiscal year with the plan of an earlier one (`plan.following`); `by` None is the command line.

    `known` is that year's own framework, and `how` says what became of the items in it (`plan.mappings`). Who has left
    the office is not carried over. Raises NotYours, NotFound, YearBegun, NotLater, OtherYear, NoMapping.
    """
    account = planning(session, by, source_id, closed=True) if by is not None else None
    framework, plan = next_plan(session, source_id, year, known=known, how=how)
    return apply_plan(session, framework, plan, at=at, by=account, note=f"{plan.office.code}-{year}")


def next_plan(
    session: Session,
    source_id: int,
    year: int,
    *,
    known: Framework | None = None,
    how: ItemMapping | None = None,
) -> tuple[Framework, Plan]:
    """What `start_year` would put in force.

    Raises NotFound, YearBegun, NotLater, OtherYear, NoMapping.
    """
    here = queries.get_assessment_by_id(session, source_id)
    if year <= here.fiscal_year:
        raise NotLater(year=year, before=here.fiscal_year)
    if session.exec(
        select(Assessment.id).where(Assessment.office_id == here.office_id, Assessment.fiscal_year == year)
    ).first():
        raise YearBegun(year=year, office=here.office_short)
    now = queries.get_history(session, source_id).now
    left = select(Party.key).join(Person, col(Person.id) == Party.person_id)
    gone = session.exec(left.where(Party.assessment_id == source_id, col(Person.until).is_not(None))).all()
    if known is None or known.fiscal_year != year:
        return following(now.framework, now.plan, year, known=known, gone=set(gone))
    if how is None:
        before = now.framework.code
        raise NoMapping(before=before, after=known.code, file=file_name(before, known.code))
    rules = descended(known, now.framework, how)
    return following(now.framework, now.plan, year, known=rules, became=how.became, gone=set(gone))


def confirm_items(
    session: Session, *, by: int, assessment_id: int, codes: Collection[str], source: str, at: datetime
) -> Applied:
    """Say that these items were held against this year's manual; `source` names it and stands as the revision's note.

    Raises NotYours, NotFound, YearClosed, ReasonMissing, BadText.
    """
    account = planning(session, by, assessment_id)
    named = clean_text(source, LONGEST_NOTE)
    if not named:
        raise ReasonMissing

    def change(content: Content) -> None:
        plan = content["plan"]
        assumed = plan.get("assumed")
        if not assumed or not set(codes) <= set(assumed["items"]):
            raise NotFound
        left = [code for code in assumed["items"] if code not in codes]
        plan["assumed"] = {"source": assumed["source"], "items": left} if left else None

    return revise(session, assessment_id, change, at=at, by=account, note=named)


def close_year(session: Session, *, by: int | None, assessment_id: int, at: datetime) -> None:
    """Close a year: from now on nothing of it is changed. One that is closed stays so.

    Raises NotYours, NotFound.
    """
    account = _closing(session, by, assessment_id)
    if queries.is_open(session, assessment_id):
        _record(session, account, YearEvent(assessment_id=assessment_id, what=YearStep.closed, at=at))


def reopen(
    session: Session, *, by: int | None, assessment_id: int, item_id: int | None = None, reason: str, at: datetime
) -> None:
    """Open a closed year again, or one item of it; it says why.

    Raises NotYours, NotFound, ReasonMissing, BadText.
    """
    account, why = _closing(session, by, assessment_id), clean_text(reason, LONGEST_NOTE)
    if item_id is not None and item_id not in queries.get_history(session, assessment_id).people_of:
        raise NotFound
    if not why:
        raise ReasonMissing
    if not queries.is_open(session, assessment_id, item_id):
        event = YearEvent(
            assessment_id=assessment_id, item_id=item_id, what=YearStep.reopened, reason=why, at=at
        )  # fmt: skip
        _record(session, account, event)


def _closing(session: Session, by: int | None, assessment_id: int) -> Account | None:
    if by is None:
        return None
    account, actor = acting(session, by, assessment_id, closed=True)
    if not access.may_close(actor):
        raise NotYours
    return account


def _record(session: Session, account: Account | None, event: YearEvent) -> None:
    event.account_id = account.id if account else None
    session.add(event)
    session.flush()
    here = queries.get_assessment_by_id(session, event.assessment_id)
    subject = f"assessment {here.office_code} {here.fiscal_year}"
    audit.record(
        session, actor=account, action=f"year.{event.what.value}", subject=subject, at=event.at, touches=here.id,
        event=new_id(event.id), item_id=event.item_id, reason=event.reason,
    )  # fmt: skip
