"""Putting a framework and a plan in force: a revision, and the rows that work hangs on."""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlmodel import Session, col, select

from ita_core import audit
from ita_core.days import day_of, fiscal_bounds
from ita_core.errors import Refused
from ita_core.language import N_
from ita_core.models import (
    Account,
    Assessment,
    Item,
    Office,
    Party,
    PartyKind,
    Person,
    PersonName,
    Requirement,
    Revision,
)
from ita_core.plan.content import Content, checked, content_hash, content_of
from ita_core.plan.framework import Framework
from ita_core.plan.plan import PARTIES, Officer, Plan, planned_items
from ita_core.thai import rank_and_name


class OtherKind(Refused):
    says = N_(
        "“{key}” was {before} in an earlier revision of this plan, and what was done then would change its meaning: "
        "give the new one another key. Nothing was changed."
    )


@dataclass(frozen=True, slots=True)
class Applied:
    """What became of it; `changed` is False where exactly this was in force already."""

    assessment: Assessment
    number: int  # of the revision in force
    changed: bool


def apply_plan(
    session: Session, framework: Framework, plan: Plan, *, at: datetime, by: Account | None = None, note: str = ""
) -> Applied:
    """Put framework and plan in force from `at` on, as the next revision of their assessment.

    Nothing of work is lost: an item, a requirement or a party that the plan no longer has keeps its row, with what
    hangs on it, and counts again where a later revision has it again. Nothing is written, not even an audit entry,
    where exactly this is in force.

    Raises OtherKind, before anything is changed.
    """
    # Of several processes that apply at once, the second waits here and then finds that nothing is left to do.
    audit.one_at_a_time(session)
    content = content_of(framework, plan)
    digest = content_hash(content)
    office = session.exec(select(Office).where(Office.code == plan.office.code)).first()
    found = (
        office
        and session.exec(
            select(Assessment).where(Assessment.office_id == office.id, Assessment.fiscal_year == plan.fiscal_year)
        ).first()
    )
    last = _last(session, found.id) if found else None
    if found and last and last.hash == digest:
        return Applied(found, last.number, changed=False)
    if found:
        _refuse_other_kinds(session, found, plan)

    office = _bring_office(session, office, plan)
    assessment = found or _begin(session, office, plan)
    _bring_items(session, _id(assessment), framework, plan)
    renamed = _bring_parties(session, assessment, plan, day_of(at))
    revision = Revision(
        assessment_id=_id(assessment), number=last.number + 1 if last else 1, at=at,
        account_id=by.id if by else None, note=note, content=content, hash=digest,
    )  # fmt: skip
    session.add(revision)
    session.flush()
    audit.record(
        session, actor=by, action="plan.apply", subject=f"assessment {plan.office.code} {plan.fiscal_year}", at=at,
        touches=audit.ALL if renamed else assessment.id,  # a person's name stands in every year
        revision=revision.number, note=note, plan=plan.code, framework=framework.code, content=digest,
    )  # fmt: skip
    return Applied(assessment, revision.number, changed=True)


def revise(
    session: Session, assessment_id: int, change: Callable[[Content], None], *, at: datetime,
    by: Account | None = None, note: str = "",
) -> Applied:  # fmt: skip
    """Put in force what `change` makes of the plan in force, as the values of `content_of`.

    Raises PlanFaults where that is no plan, OtherKind, and what `change` raises.
    """
    audit.one_at_a_time(session)
    last = _last(session, assessment_id)
    assert last is not None, "an assessment begins with a revision"
    content: Content = deepcopy(dict(last.content))
    change(content)
    framework, plan = checked(content, content["plan"]["plan"])
    return apply_plan(session, framework, plan, at=at, by=by, note=note)


def _last(session: Session, assessment_id: int | None) -> Revision | None:
    newest = select(Revision).where(Revision.assessment_id == assessment_id).order_by(col(Revision.number).desc())
    return session.exec(newest.limit(1)).first()


def _refuse_other_kinds(session: Session, assessment: Assessment, plan: Plan) -> None:
    """An officer who becomes a team is another party: nobody signs in as a team."""
    wanted = {key: kind for part, kind in PARTIES.items() for key in getattr(plan, part)}
    for row in session.exec(select(Party).where(Party.assessment_id == assessment.id).order_by(col(Party.id))):
        if wanted.get(row.key, row.kind) is not row.kind:
            raise OtherKind(key=row.key, before=row.kind.value)


def _bring_office(session: Session, there: Office | None, plan: Plan) -> Office:
    """The office's row with the names that the plan has."""
    told = plan.office.model_dump()
    office = there or Office(**told)
    for name, value in told.items():
        setattr(office, name, value)
    session.add(office)
    session.flush()
    return office


def _begin(session: Session, office: Office, plan: Plan) -> Assessment:
    starts, ends = fiscal_bounds(plan.fiscal_year)
    assessment = Assessment(office_id=_id(office), fiscal_year=plan.fiscal_year, starts=starts, ends=ends)
    session.add(assessment)
    session.flush()
    return assessment


def _bring_items(session: Session, assessment_id: int, framework: Framework, plan: Plan) -> None:
    """A row for each item and requirement that has none yet."""
    rows = {row.code: row for row in session.exec(select(Item).where(Item.assessment_id == assessment_id))}
    of_items = select(Requirement).where(col(Requirement.item_id).in_([row.id for row in rows.values()]))
    known = {(row.item_id, row.key) for row in session.exec(of_items)}
    planned = planned_items(framework, plan)
    for item in planned:
        if item.code not in rows:
            rows[item.code] = Item(assessment_id=assessment_id, code=item.code)
            session.add(rows[item.code])
    session.flush()
    for item in planned:
        here = _id(rows[item.code])
        session.add_all(Requirement(item_id=here, key=key) for key in item.requirements if (here, key) not in known)
    session.flush()


def _bring_parties(session: Session, assessment: Assessment, plan: Plan, day: date) -> bool:
    """A row for each party that has none yet, and the officers' names; True where a person got another one."""
    rows = {row.key: row for row in session.exec(select(Party).where(Party.assessment_id == assessment.id))}
    of_office = session.exec(select(Person).where(Person.office_id == assessment.office_id)).all()
    persons, by_id = {row.key: row for row in of_office}, {row.id: row for row in of_office}
    renamed = False
    for part, kind in PARTIES.items():
        for key, party in getattr(plan, part).items():
            person = None
            if kind is PartyKind.officer:
                known = by_id[rows[key].person_id] if key in rows else persons.get(key)
                person = known or Person(office_id=assessment.office_id, key=key)
                renamed |= _bring_person(session, person, party, assessment, day)
            if key not in rows:
                of = person.id if person else None
                session.add(Party(assessment_id=_id(assessment), key=key, kind=kind, person_id=of))
                session.flush()  # one by one: their ids follow the plan's order
    return renamed


def _bring_person(session: Session, person: Person, officer: Officer, assessment: Assessment, day: date) -> bool:
    """The person's row and name; True where somebody who was known got another name.

    A new name holds from the day that the plan says, or today; one that begins with an assessment, from its first day.
    """
    new = person.id is None
    person.aliases = list(dict.fromkeys([*person.aliases, *officer.aliases]))
    if new or assessment.ends >= day:  # whoever is in the plan of now is here; an old year's is no proof
        person.until = None
    session.add(person)
    session.flush()
    names = session.exec(
        select(PersonName).where(PersonName.person_id == person.id).order_by(col(PersonName.since))
    ).all()
    if names and (names[-1].rank, names[-1].name) == (officer.rank, officer.name):
        return False
    since = officer.since or (assessment.starts if new else max(day, assessment.starts))
    row = next((one for one in names if one.since == since), None)
    row = row or PersonName(person_id=_id(person), since=since, rank="", name="")
    row.rank, row.name = officer.rank, officer.name
    session.add(row)
    session.flush()
    if since >= max((one.since for one in names), default=since):
        for account in session.exec(select(Account).where(Account.person_id == person.id)):
            account.name = rank_and_name(officer.rank, officer.name)
            session.add(account)
    return not new


def _id(row: Any) -> int:
    """The id of a row that has been flushed."""
    assert isinstance(row.id, int)
    return row.id
