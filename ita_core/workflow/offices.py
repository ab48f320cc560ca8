"""Offices that begin: each with a plan of its own."""

from datetime import datetime

from sqlmodel import Session, select

from ita_core import access, accounts, queries
from ita_core.errors import NotYours, Refused
from ita_core.language import N_
from ita_core.models import Office, Role
from ita_core.plan.apply import Applied, apply_plan
from ita_core.plan.content import checked
from ita_core.plan.new_office import for_office
from ita_core.typed import LONGEST_NAME, clean_text
from ita_core.workflow.asking import acting, new_id


class OfficeKnown(Refused):
    says = N_("There is an office “{code}” already.")


class OnlyInOneOffice(Refused):
    says = N_("Your role holds in {office} only: somebody who administers the offices below it, too, can begin one.")


def start_office(
    session: Session, *, by: int | None, source_id: int, code: str, name: str, short: str, bare: bool = False,
    at: datetime,
) -> Applied:  # fmt: skip
    """Begin an office below that of the source, in its fiscal year, with its plan (`new_office.for_office`).

    `by` None is the command line. Raises NotYours, NotFound, OfficeKnown, OnlyInOneOffice, BadText, PlanFaults for a
    code that is none.
    """
    account = None
    if by is not None:
        account, actor = acting(session, by, source_id, closed=True)
        if not access.may_administer(actor):
            raise NotYours
    here = queries.get_assessment_by_id(session, source_id)
    told = {"code": code.strip(), "name": clean_text(name, LONGEST_NAME), "short": clean_text(short, LONGEST_NAME)}
    if session.exec(select(Office.id).where(Office.code == told["code"])).first() is not None:
        raise OfficeKnown(code=told["code"])
    now = queries.get_history(session, source_id).now
    content = for_office(now.framework, now.plan, told | {"website": ""}, bare=bare)
    framework, plan = checked(content, told["code"])
    office = Office(code=told["code"], name=told["name"], short=told["short"], parent_id=here.office_id)
    session.add(office)
    session.flush()
    there = by is not None and accounts.find_grant(session, by, new_id(office.id))
    if by is not None and not (there and there.role is Role.admin):
        raise OnlyInOneOffice(office=here.office_short)
    return apply_plan(session, framework, plan, at=at, by=account, note=here.name)
