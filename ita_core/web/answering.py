"""What the routes by which files come in have in common: who sends, and a refusal as an answer that a script reads."""

from collections.abc import Callable
from typing import TypeVar

from anyio import CapacityLimiter, to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ita_core import language
from ita_core.accounts import Visitor
from ita_core.errors import NotFound, Refused, SignedOut

T = TypeVar("T")


def speaking(request: Request) -> Visitor | None:
    """Who sends; from here on their language is spoken, in the threads too."""
    visitor: Visitor | None = request.state.visitor
    language.use(visitor.language if visitor else "th")
    return visitor


async def in_thread(work: Callable[[], T], limiter: CapacityLimiter) -> T:
    """What the work gives; it reads a disk, a database or a long text."""
    return await to_thread.run_sync(work, limiter=limiter)


def refusal(refused: Refused) -> Response:
    """400: the file itself is refused, and sending it again changes nothing; 503: it may go better in a moment."""
    statuses: dict[type[Refused], int] = {NotFound: 404, SignedOut: 401}
    return says(refused, statuses.get(type(refused), 503 if refused.passing else 400))


def says(refused: Refused, status: int) -> Response:
    """The sentence, with this status."""
    return JSONResponse({"says": refused.first_lines}, status_code=status)
