"""The routes by which a plan goes out as a file and comes in as one: what comes in becomes the draft of its plan.

A plan is small, so it is held in memory, within bounds: in size, in time, one by one of an account, few in all.
"""

from functools import lru_cache
from urllib.parse import unquote

from anyio import CapacityLimiter, fail_after, sleep
from sqlmodel import Session
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from ita_core import access, db, queries, workflow
from ita_core.accounts import Visitor
from ita_core.errors import NotFound, Refused, SignedOut
from ita_core.language import N_
from ita_core.plan import exchange
from ita_core.plan.content import Content, content_of
from ita_core.plan.workbook.opening import LARGEST
from ita_core.queries import AssessmentFacts
from ita_core.settings import settings
from ita_core.typed import clean_file_name
from ita_core.web.answering import in_thread, refusal, says, speaking
from ita_core.web.downloads import answering, disposition_header
from ita_core.web.gate import own_origin
from ita_core.web.per_account import PerAccount
from ita_core.web.uploads import TOO_MANY_SECONDS, ConnectionLost, TooManyOnTheirWay

BODY_SECONDS = 120  # for a whole file: 5 MB on a line of 350 kbit/s
MOST_OF_ONE, MOST = 3, 12  # on their way at once: of an account, of all
KINDS = {
    exchange.WORKBOOK: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    exchange.YAML: "application/yaml",
}


class NoPlanFile(Refused):
    says = N_("“{file}” is no file of a plan: send a workbook (.xlsx) or YAML (.yaml), as they are exported here.")


class PlanFileTooLarge(Refused):
    says = N_("“{file}” is larger than {largest} MB: take a file that was exported here, and change that.")


def routes() -> list[BaseRoute]:
    """The routes to give to `st.App`, which has the gate around it."""
    return [
        Route("/plans/{name}.{kind}", answering(_give)),
        Route("/plans/{name}/{key}", _receive, methods=["POST"]),
    ]


@lru_cache(maxsize=1)
def readers() -> CapacityLimiter:
    """Reading a plan is the processor's work: two at a time leave it to the pages."""
    return CapacityLimiter(2)


_on_their_way = PerAccount("plan files on their way")


def _give(request: Request, visitor: Visitor) -> Response:
    """The visitor's own draft as a file, or the plan in force where they have none; for whoever may change it."""
    kind = f".{request.path_params['kind']}"
    if kind not in KINDS:
        raise NotFound
    here = _planned_by(visitor, request.path_params["name"])
    with db.reading() as session:
        now, draft = queries.get_history(session, here.id).now, _own_draft(session, visitor, here)
    of = draft or now
    made = exchange.write(of.framework, of.plan, kind)
    name = f"{of.plan.code}-{now.revision.number}{'-draft' if draft else ''}{kind}"
    headers = {"Content-Disposition": disposition_header("attachment", name), "Cache-Control": "private, no-store"}
    return Response(made, media_type=KINDS[kind], headers=headers)


def _own_draft(session: Session, visitor: Visitor, here: AssessmentFacts) -> queries.DraftFacts | None:
    found = queries.find_draft(session, here.id)
    return found if found and found.account_id == visitor.account_id else None


def _planned_by(visitor: Visitor, name: str) -> AssessmentFacts:
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
    visitor = speaking(request)
    if visitor is None or not own_origin(request):
        return says(SignedOut(), 401)

    def keep(data: bytes) -> None:
        _keep(visitor, request.path_params["name"], name, data)

    try:
        name = clean_file_name(unquote(request.headers.get("x-file-name", "")))
        if _on_their_way.of(visitor.account_id) >= MOST_OF_ONE or _on_their_way.total >= MOST:
            await sleep(TOO_MANY_SECONDS)
            raise TooManyOnTheirWay
        with _on_their_way.one_more(visitor.account_id) as turn:
            await in_thread(lambda: _planned_by(visitor, request.path_params["name"]), readers())
            data = await body(request, name, PlanFileTooLarge)
            async with turn:
                await in_thread(lambda: keep(data), readers())
    except Refused as refused:
        return refusal(refused)
    return JSONResponse({}, status_code=201)


async def body(request: Request, name: str, too_large: type[Refused]) -> bytes:
    """What was sent, LARGEST bytes at most, within BODY_SECONDS.

    Raises `too_large` with `file` and `largest` (MB), ConnectionLost.
    """
    data = bytearray()
    try:
        with fail_after(BODY_SECONDS):
            async for piece in request.stream():
                data += piece
                if len(data) > LARGEST:
                    raise too_large(file=name, largest=LARGEST // 1024**2)
    except (ClientDisconnect, TimeoutError):
        raise ConnectionLost(file=name) from None
    return bytes(data)


def _keep(visitor: Visitor, of: str, name: str, data: bytes) -> None:
    """Make the file the draft, once it is sure that it could be put in force; what it does not hold stays as it is.

    Raises NoPlanFile, PlanFaults, NothingChanges, and what `workflow.edit` and `workflow.put_in_force` raise.
    """
    if not name.lower().endswith((*KINDS, ".yml")):
        raise NoPlanFile(file=name)
    here = _planned_by(visitor, of)
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
