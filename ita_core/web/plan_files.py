"""The routes by which a plan goes out as a file and comes in as one: what comes in becomes the draft of its plan.

A plan is small, so it is held in memory within bounds (`whole_files.py`).
"""

from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from ita_core import access, db, queries, workflow
from ita_core.accounts import Visitor
from ita_core.errors import NotFound, Refused
from ita_core.language import N_
from ita_core.plan import exchange
from ita_core.plan.content import Content, content_of
from ita_core.queries import AssessmentFacts
from ita_core.settings import settings
from ita_core.web import whole_files
from ita_core.web.downloads import answering, given

KINDS = {
    exchange.WORKBOOK: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    exchange.YAML: "application/yaml",
}


class NoPlanFile(Refused):
    says = N_("“{file}” is no file of a plan: send a workbook (.xlsx) or YAML (.yaml), as they are exported here.")


def routes() -> list[BaseRoute]:
    """The routes to give to `st.App`, which has the gate around it."""
    return [
        Route("/plans/{name}.{kind}", answering(_give)),
        Route("/plans/{name}/{key}", _receive, methods=["POST"]),
    ]


def _give(request: Request, visitor: Visitor) -> Response:
    """The visitor's own draft as a file, or the plan in force where they have none; for whoever may change it."""
    kind = f".{request.path_params['kind']}"
    if kind not in KINDS:
        raise NotFound
    here = planned_by(visitor, request.path_params["name"])
    with db.reading() as session:
        now, draft = queries.get_history(session, here.id).now, _own_draft(session, visitor, here)
    of = draft or now
    made = exchange.write(of.framework, of.plan, kind)
    name = f"{of.plan.code}-{now.revision.number}{'-draft' if draft else ''}{kind}"
    return given(made, KINDS[kind], name)


def _own_draft(session: Session, visitor: Visitor, here: AssessmentFacts) -> queries.DraftFacts | None:
    found = queries.find_draft(session, here.id)
    return found if found and found.account_id == visitor.account_id else None


def planned_by(visitor: Visitor, name: str) -> AssessmentFacts:
    """The assessment of this name ("prachuap-2568"), where the visitor may change its plan.

    Raises NotFound.
    """
    with db.reading() as session:
        listed = queries.list_visible(session, visitor.account_id)
        here = next((one for one in listed if one.name == name), None)
        if here is None or not access.may_plan(queries.get_actor(session, visitor.account_id, here.id)):
            raise NotFound
    return here


async def _receive(request: Request) -> Response:
    of = request.path_params["name"]
    return await whole_files.receive(
        request,
        lambda visitor: planned_by(visitor, of),
        lambda visitor, name, data: _keep(visitor, of, name, data),
    )


def _keep(visitor: Visitor, of: str, name: str, data: bytes) -> None:
    """Make the file the draft, once it is sure that it could be put in force; what it does not hold stays as it is.

    Raises NoPlanFile, PlanFaults, NothingChanges, and what `workflow.edit` and `workflow.put_in_force` raise.
    """
    if not name.lower().endswith((*KINDS, ".yml")):
        raise NoPlanFile(file=name)
    here = planned_by(visitor, of)
    with db.reading() as session:
        history, draft = queries.get_history(session, here.id), _own_draft(session, visitor, here)
    now, base = history.now, draft or history.now
    framework, plan = exchange.read(data, name, content_of(base.framework, base.plan), ever=history.keys)

    def replace(content: Content) -> None:
        content |= content_of(framework, plan)

    at = settings().now()
    with db.trying() as session:  # the draft itself first: whose it is, of which office and year
        workflow.edit(session, replace, by=visitor.account_id, assessment_id=here.id, at=at)
        workflow.put_in_force(
            session, framework, plan, by=visitor.account_id, assessment_id=here.id, seen=now.revision.number, note="",
            at=at,
        )  # fmt: skip
    with db.writing() as session:
        workflow.edit(session, replace, by=visitor.account_id, assessment_id=here.id, at=at)
