"""The routes by which scores come in as a file, and by which the empty form for them goes out.

What comes in is read, and waits: a page shows what it would record, and a press records that.
"""

import hashlib

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from ita_core import db, queries, workflow
from ita_core.accounts import Visitor
from ita_core.errors import Refused
from ita_core.exports import tables, workbook
from ita_core.language import N_
from ita_core.plan import exchange, lists, scores
from ita_core.settings import settings
from ita_core.web import whole_files
from ita_core.web.downloads import answering, given
from ita_core.web.plan_files import KINDS, planned_by


class NoScoreFile(Refused):
    says = N_("“{file}” is no file of scores: send a workbook (.xlsx) or CSV (.csv), best the form from here.")


def routes() -> list[BaseRoute]:
    """The routes to give to `st.App`, which has the gate around it."""
    return [
        Route("/scores/{name}.xlsx", answering(_give)),
        Route("/scores/{name}/{key}", _receive, methods=["POST"]),
    ]


def _give(request: Request, visitor: Visitor) -> Response:
    """The form of the assessment's year with every instrument, indicator and item; for whoever may enter scores."""
    here = planned_by(visitor, request.path_params["name"])
    with db.reading() as session:
        framework = queries.get_history(session, here.id).now.framework
    made = workbook.as_xlsx(tables.score_form(framework, here.fiscal_year, here.office_short))
    name = f"ita-{here.fiscal_year}-scores-form{exchange.WORKBOOK}"
    return given(made, KINDS[exchange.WORKBOOK], name)


async def _receive(request: Request) -> Response:
    of = request.path_params["name"]
    return await whole_files.receive(
        request,
        lambda visitor: planned_by(visitor, of),
        lambda visitor, name, data: _keep(visitor, of, name, data),
    )


def _keep(visitor: Visitor, of: str, name: str, data: bytes) -> None:
    """Keep what the file says, once it is sure that it could be recorded; of a faulty one nothing is kept.

    Raises NoScoreFile, PlanFaults, and what `workflow.keep_score_file` and `workflow.announce_scores` raise.
    """
    if not name.lower().endswith(lists.KINDS):
        raise NoScoreFile(file=name)
    here = planned_by(visitor, of)
    with db.reading() as session:
        known = queries.what_scores_are_held_against(session, here.id)
    entries = scores.read(data, name, known)
    with db.writing() as session:
        workflow.keep_score_file(
            session, by=visitor.account_id, assessment_id=here.id, file_name=name,
            sha256=hashlib.sha256(data).hexdigest(), entries=entries, at=settings().now(),
        )  # fmt: skip
