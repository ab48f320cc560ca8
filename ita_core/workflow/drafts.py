"""Changing a plan: changes gather in a draft, which is put in force in one act; and who leaves hands over at once."""

from collections.abc import Callable
from copy import deepcopy
from datetime import date, datetime
from typing import Any

from sqlmodel import Session, col, select

from ita_core import access, accounts, audit, queries
from ita_core.board.directives import still_open
from ita_core.days import day_of
from ita_core.errors import NotFound, NotYours, Refused
from ita_core.language import N_
from ita_core.models import Account, Assignment, Draft, Party, PartyKind, Person
from ita_core.plan import editing
from ita_core.plan.apply import Applied, apply_plan
from ita_core.plan.content import Content, checked, content_of
from ita_core.plan.framework import Framework
from ita_core.plan.plan import Plan
from ita_core.typed import LONGEST_NOTE, clean_text
from ita_core.workflow.asking import acting, new_id, planning
from ita_core.workflow.years import put_in_force


class DraftOfAnother(Refused):
    says = N_("{who} is changing this plan. Ask them, or take the draft over.")


class OtherPlan(Refused):
    says = N_("This is the plan of {its}, not of {here}.")


class NotInTheFuture(Refused):
    says = N_("Do this on the day itself: it takes effect at once.")


def edit(
    session: Session, change: Callable[[Content], None], *, by: int, assessment_id: int, take_over: bool = False,
    at: datetime,
) -> None:  # fmt: skip
    """Change the draft, or begin one from the plan in force; one of another's only with `take_over`.

    `change` gets the values of `content_of`. What it makes of them has to be a plan.

    Raises NotYours, NotFound, YearClosed, DraftOfAnother, OtherPlan, PlanFaults, and what `change` raises.
    """
    account = planning(session, by, assessment_id)
    draft = _find_draft(session, assessment_id)
    if draft is not None and draft.account_id != by and not take_over:
        raise DraftOfAnother(who=session.get_one(Account, draft.account_id).name)
    now = queries.get_history(session, assessment_id).now
    content: Any = deepcopy(draft.content) if draft else content_of(now.framework, now.plan)
    change(content)
    framework, plan = checked(content, now.plan.code)
    if plan.name != now.plan.name:
        raise OtherPlan(its=plan.name, here=now.plan.name)
    content = content_of(framework, plan)
    draft = draft or Draft(assessment_id=assessment_id, account_id=by, content=content, at=at)
    draft.account_id, draft.content, draft.at = by, content, at
    session.add(draft)
    session.flush()
    audit.record(session, actor=account, action="plan.edit", subject=f"draft {draft.id}", at=at)


def discard_draft(session: Session, *, by: int, assessment_id: int, at: datetime) -> None:
    """Throw the draft away, whoever's it is.

    Raises NotYours, NotFound, YearClosed.
    """
    account = planning(session, by, assessment_id)
    draft = _draft(session, assessment_id)
    session.delete(draft)
    session.flush()
    audit.record(session, actor=account, action="plan.discard", subject=f"draft {draft.id}", at=at)


def put_draft_in_force(session: Session, *, by: int, assessment_id: int, seen: int, note: str, at: datetime) -> Applied:
    """Put the draft in force, as it was compared with the revision `seen`.

    Raises what `put_in_force` raises, and NotFound where there is none.
    """
    planning(session, by, assessment_id)
    draft = _draft(session, assessment_id)
    content: Any = draft.content
    framework, plan = checked(content, content["plan"]["plan"])
    applied = put_in_force(session, framework, plan, by=by, assessment_id=assessment_id, seen=seen, note=note, at=at)
    session.delete(draft)
    session.flush()
    return applied


def leave(session: Session, *, by: int, party_id: int, to_id: int | None, day: date, note: str, at: datetime) -> None:
    """An officer leaves the office: duties, places in posts and teams and open directives go to another (None: nobody).

    So in this year's plan and in those after it, and in their drafts. The account is closed, the past stays in their
    name; it takes effect at once, `day` is their last day here.

    Raises NotYours, NotFound, YearClosed, NotInTheFuture, LastAdmin, BadText.
    """
    party = session.get(Party, party_id)
    if party is None or party.kind is not PartyKind.officer:
        raise NotFound
    here = queries.get_assessment_by_id(session, party.assessment_id)
    account, actor = acting(session, by, here.id)
    if not access.may_administer(actor):
        raise NotYours
    if day > day_of(at):
        raise NotInTheFuture
    to = session.get(Party, to_id) if to_id is not None else None
    if to_id is not None and (to is None or to.assessment_id != here.id or to.kind is not PartyKind.officer):
        raise NotFound
    said = clean_text(note, LONGEST_NOTE)
    for one in queries.list_assessments(session):
        if one.office_id == here.office_id and one.fiscal_year >= here.fiscal_year:
            _leave_plan(session, account, one.id, key=party.key, to=to.key if to else "", note=said, at=at)
    _hand_directives_over(session, account, party, to, at)
    _close(session, account, party, day, at)


def _leave_plan(
    session: Session, account: Account, assessment_id: int, *, key: str, to: str, note: str, at: datetime
) -> None:
    """Out of a plan and its draft, where the officer is in them."""
    now = queries.get_history(session, assessment_id).now

    def without(content: Content) -> tuple[Framework, Plan]:
        officers = content["plan"]["officers"]
        editing.hand_over(content, key, to if to in officers else "")
        return checked(content, now.plan.code)

    if key in now.plan.officers:
        apply_plan(session, *without(content_of(now.framework, now.plan)), at=at, by=account, note=note)
    draft = _find_draft(session, assessment_id)
    if draft is not None:
        kept: Any = deepcopy(draft.content)
        if key in kept["plan"]["officers"]:
            draft.content = content_of(*without(kept))
            session.add(draft)
            session.flush()


def _hand_directives_over(session: Session, account: Account, party: Party, to: Party | None, at: datetime) -> None:
    if to is None:
        return
    for one in still_open(queries.list_directives(session, party.assessment_id)):
        if party.id in one.parties and to.id not in one.parties:
            session.add(Assignment(directive_id=one.id, party_id=new_id(to.id)))
            audit.record(
                session, actor=account, action="directive.hand_over", subject=f"directive {one.id}", at=at,
                before=party.key, after=to.key,
            )  # fmt: skip


def _close(session: Session, account: Account, party: Party, day: date, at: datetime) -> None:
    person = session.get_one(Person, party.person_id)
    person.until = day
    session.add(person)
    session.flush()
    audit.record(
        session, actor=account, action="person.leave", subject=f"person {person.key}", at=at, touches=audit.ALL,
        until=day.isoformat(),
    )  # fmt: skip
    own = select(Account).where(Account.person_id == person.id, col(Account.disabled).is_(False))
    for one in session.exec(own).all():
        accounts.disable(session, by=account, account_id=new_id(one.id), now=at)


def _find_draft(session: Session, assessment_id: int) -> Draft | None:
    return session.exec(select(Draft).where(Draft.assessment_id == assessment_id)).first()


def _draft(session: Session, assessment_id: int) -> Draft:
    draft = _find_draft(session, assessment_id)
    if draft is None:
        raise NotFound
    return draft
