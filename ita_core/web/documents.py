"""The routes that give out documents, made for whoever asks, of what they may read, as of a day; and posters."""

from functools import lru_cache

from anyio import CapacityLimiter
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from ita_core import db, queries
from ita_core.accounts import Visitor
from ita_core.errors import NotFound
from ita_core.exports.documents import making, poster
from ita_core.exports.tables import file_name
from ita_core.models import Survey
from ita_core.waiting import silent
from ita_core.web.asked import asked_of
from ita_core.web.downloads import answering, given
from ita_core.web.noting import note_export
from ita_core.web.per_account import PerAccount

LONGEST_NUMBER = 4  # digits of a meeting's number
LONGEST_CODE = 20  # of an item; nothing has a longer one


def routes() -> list[BaseRoute]:
    """The routes to give to `st.App`, which has the gate around it."""
    return [
        Route("/documents/{document}.{format}", answering(_document, _makers, _made)),
        Route("/posters/{survey}.{format}", answering(_poster, _makers, _made)),
    ]


@lru_cache(maxsize=1)
def _makers() -> CapacityLimiter:
    """Threads of their own, two in all: a report with sixty pictures takes seconds, and a download waits for none."""
    return CapacityLimiter(2)


_made = PerAccount("documents asked for")


def _document(request: Request, visitor: Visitor) -> Response:
    """A document of what the visitor may read of an office and year, as of a day up to today."""
    name, fmt = request.path_params["document"], request.path_params["format"]
    if name not in making.DOCUMENTS or fmt not in making.FORMATS:
        raise NotFound
    number = request.query_params.get("meeting", "0")
    if not (number.isascii() and number.isdigit() and len(number) <= LONGEST_NUMBER):
        raise NotFound
    item = request.query_params.get("item", "")[:LONGEST_CODE]
    with db.reading() as session:
        who, data, day = asked_of(request, session, visitor)
        assessment = data.assessment
        make = making.prepare(session, name, data, day, who, int(number), item=item)
    made = make(silent)
    content = making.encode(made, fmt)
    note_export(visitor.account_id, assessment.id, f"document {name}", day, format=fmt)
    return given(content, making.FORMATS[fmt], making.file_of(name, made, assessment, day, fmt))


def _poster(request: Request, visitor: Visitor) -> Response:
    """A survey's poster, for everybody of the office. It names nobody, so the audit is told nothing of it."""
    name, fmt = request.path_params["survey"], request.path_params["format"]
    survey = next((one for one in Survey if one.value == name), None)
    if survey is None or fmt not in poster.FORMATS:
        raise NotFound
    with db.reading() as session:
        _who, data, today = asked_of(request, session, visitor, any_day=False)
        assessment = data.assessment
        found = next(one for one in queries.list_campaigns(session, assessment.id) if one.survey is survey)
    if found.terms is None:
        raise NotFound
    content = poster.encode(poster.poster(survey, found.terms, assessment), fmt)
    return given(content, poster.FORMATS[fmt], file_name(f"poster-{name}", assessment, today, fmt))
