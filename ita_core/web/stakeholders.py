"""The routes by which the list of external stakeholders comes in and goes out, for whoever keeps it and nobody else.

A list is small, so it is held in memory while it is read, within bounds (`whole_files`); nothing of it
is kept between looking it over and importing it: the browser sends the same bytes twice.
"""

import hashlib

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from ita_core import access, db, queries, workflow
from ita_core.accounts import Visitor
from ita_core.errors import NotFound, Refused
from ita_core.exports import stakeholders as exports
from ita_core.exports.tables import file_name
from ita_core.language import N_, _
from ita_core.plan.lists import KINDS
from ita_core.plan.stakeholders import Person, by_kind, load_form, read
from ita_core.queries import AssessmentFacts
from ita_core.settings import settings
from ita_core.web import whole_files
from ita_core.web.downloads import answering, given
from ita_core.web.gate import address_of
from ita_core.web.noting import note_refused
from ita_core.workflow import forgetting

SEEN = "x-seen"  # the SHA-256 of the bytes that were looked over, which are to be imported


class NoListFile(Refused):
    says = N_("“{file}” is no list: send a workbook (.xlsx) or CSV (.csv).")


class ListTooLarge(Refused):
    says = N_("“{file}” is larger than {largest} MB: a list of stakeholders is not.")


class ListFileChanged(Refused):
    says = N_("“{file}” has changed since it was looked over: choose it again.")


def routes() -> list[BaseRoute]:
    """The routes to give to `st.App`, which has the gate around it."""
    return [
        Route("/stakeholders/form.xlsx", answering(_form)),
        Route("/stakeholders/{name}.xlsx", answering(_give)),
        Route("/stakeholders/{name}/{step}", _receive, methods=["POST"]),
    ]


def _form(_request: Request, _visitor: Visitor) -> Response:
    """Our empty form, which holds nothing of anybody."""
    return given(exports.empty(load_form()), exports.MEDIA_TYPE, "ita-stakeholders-form.xlsx")


def _give(request: Request, visitor: Visitor) -> Response:
    """The list as the assessor's system gets it; the audit has it before there is anything to give."""
    here = _kept_by(visitor, request)
    with db.writing() as session:
        people = workflow.export_stakeholders(
            session, by=visitor.account_id, assessment_id=here.id, keep_days=settings().stakeholder_days,
            at=settings().now(),
        )  # fmt: skip
    name = file_name(exports.NAME, here, settings().day(), "xlsx")
    return given(exports.for_itap(people, load_form()), exports.MEDIA_TYPE, name)


def _kept_by(visitor: Visitor, request: Request) -> AssessmentFacts:
    """The assessment that the address names ("prachuap-2568"), where the visitor keeps its list; who tries is noted.

    Raises NotFound.
    """
    name = request.path_params["name"]
    with db.reading() as session:
        here = next((one for one in queries.list_visible(session, visitor.account_id) if one.name == name), None)
        may = here and access.may_keep_stakeholders(queries.get_actor(session, visitor.account_id, here.id))
    if here is None:
        raise NotFound
    if not may:
        note_refused(visitor.account_id, f"stakeholders {name}", address_of(request.scope))
        raise NotFound
    return here


async def _receive(request: Request) -> Response:
    """Look a list over (`check`), or import what was looked over (`import`)."""
    step, seen = request.path_params["step"], request.headers.get(SEEN)

    def keep(visitor: Visitor, name: str, data: bytes) -> dict[str, object]:
        if step == "check":
            return _looked_over(_kept_by(visitor, request), name, data)
        if seen != hashlib.sha256(data).hexdigest():
            raise ListFileChanged(file=name)
        return _imported(visitor, _kept_by(visitor, request), name, data)

    return await whole_files.receive(
        request, lambda visitor: _taking(visitor, request), keep, too_large=ListTooLarge,
        status=200 if step == "check" else 201,
    )  # fmt: skip


def _taking(visitor: Visitor, request: Request) -> None:
    """Asked before anything is read. Raises NotFound, and what `workflow.check_stakeholders` raises."""
    if request.path_params["step"] not in {"check", "import"}:
        raise NotFound
    here = _kept_by(visitor, request)
    with db.reading() as session:
        workflow.check_stakeholders(
            session, by=visitor.account_id, assessment_id=here.id, keep_days=settings().stakeholder_days,
            at=settings().now(),
        )  # fmt: skip


def _people(name: str, data: bytes) -> list[Person]:
    """Raises NoListFile, PlanFaults."""
    if not name.lower().endswith(KINDS):
        raise NoListFile(file=name)
    return read(data, name, load_form())


def _looked_over(here: AssessmentFacts, name: str, data: bytes) -> dict[str, object]:
    """What would be imported, in words, and what would be deleted for it; nothing of it is kept."""
    people = _people(name, data)
    kinds = " · ".join(f"{kind} {number:,}" for kind, number in by_kind(people, load_form()).items())
    found = _("Nothing is wrong with it: {number} stakeholders. {kinds}").format(number=f"{len(people):,}", kinds=kinds)
    with db.reading() as session:
        now = queries.find_stakeholders(session, here.id)
    if now and now.held and now.gone is None:
        replaces = _("It takes the place of the list of {number} that is here, which is then deleted for good.")
        found = f"{found} {replaces.format(number=f'{now.rows:,}')}"
    return {"found": found, "sha256": hashlib.sha256(data).hexdigest()}


def _imported(visitor: Visitor, here: AssessmentFacts, name: str, data: bytes) -> dict[str, object]:
    people = _people(name, data)
    with db.writing() as session:
        workflow.import_stakeholders(
            session, people, load_form(), by=visitor.account_id, assessment_id=here.id,
            keep_days=settings().stakeholder_days, at=settings().now(),
        )  # fmt: skip
    forgetting.wipe()
    return {"rows": len(people)}
