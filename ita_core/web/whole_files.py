"""Small files that come in whole, in one request each: a plan, a report of scores, a list of stakeholders.

Such a file is held in memory, within bounds: in size, in time, one by one of an account, few in all, and read in few
threads, whichever kind they are of.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from urllib.parse import unquote

from anyio import CapacityLimiter, fail_after, sleep
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from ita_core.accounts import Visitor
from ita_core.errors import Refused, SignedOut
from ita_core.language import N_
from ita_core.plan.workbook.opening import LARGEST
from ita_core.typed import clean_file_name
from ita_core.web.answering import in_thread, refusal, says, speaking
from ita_core.web.gate import own_origin
from ita_core.web.per_account import PerAccount
from ita_core.web.uploads import TOO_MANY_SECONDS, ConnectionLost, TooManyOnTheirWay

BODY_SECONDS = 120  # for a whole file: 5 MB on a line of 350 kbit/s
MOST_OF_ONE, MOST = 3, 12  # on their way at once: of an account, of all


class FileTooLarge(Refused):
    says = N_("“{file}” is larger than {largest} MB: take a file that was exported here, and change that.")


@lru_cache(maxsize=1)
def _readers() -> CapacityLimiter:
    """Reading a plan or a workbook is the processor's work: two at a time leave it to the pages."""
    return CapacityLimiter(2)


_on_their_way = PerAccount("whole files on their way")


async def receive(
    request: Request,
    may: Callable[[Visitor], object],
    keep: Callable[[Visitor, str, bytes], Mapping[str, object] | None],
    *,
    too_large: type[Refused] = FileTooLarge,
    status: int = 201,
) -> Response:
    """The answer to a request whose body is a file, its name in a header: what `keep` of (who, name, content) gives.

    `may` is asked before anything is read; what either refuses is the answer. Both are called in a thread. `too_large`
    is refused with `file` and `largest` (MB).
    """
    visitor = speaking(request)
    if visitor is None or not own_origin(request):
        return says(SignedOut(), 401)
    try:
        name = clean_file_name(unquote(request.headers.get("x-file-name", "")))
        if _on_their_way.of(visitor.account_id) >= MOST_OF_ONE or _on_their_way.total >= MOST:
            await sleep(TOO_MANY_SECONDS)
            raise TooManyOnTheirWay
        with _on_their_way.one_more(visitor.account_id) as turn:
            await in_thread(lambda: may(visitor), _readers())
            data = await _body(request, name, too_large)
            async with turn:
                answer = await in_thread(lambda: keep(visitor, name, data), _readers())
    except Refused as refused:
        return refusal(refused)
    return JSONResponse(answer or {}, status_code=status)


async def _body(request: Request, name: str, too_large: type[Refused]) -> bytes:
    """What was sent.

    Raises `too_large`, ConnectionLost.
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
