"""ZIPs on their way: a few of an account and a few in all, since each sends up to a gigabyte."""

import logging
from collections.abc import AsyncIterator, Generator
from functools import lru_cache

from anyio import CapacityLimiter, to_thread
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from ita_core.errors import Refused
from ita_core.web.per_account import PerAccount
from ita_core.web.taking import announced

_log = logging.getLogger(__name__)
MOST_OF_ONE, MOST_IN_ALL = 2, 10  # that are being sent at once
_sent = PerAccount("ZIPs that are being sent")


@lru_cache(maxsize=1)
def _packers() -> CapacityLimiter:
    """Threads of their own: whoever waits for large files to be read must not keep the gate from answering."""
    return CapacityLimiter(4)


def refusal(account_id: int) -> Response | None:
    """What to answer the account with where as many as may be are on their way; None where one more may go."""
    if _sent.of(account_id) >= MOST_OF_ONE:
        return PlainTextResponse("", status_code=429)
    if _sent.total >= MOST_IN_ALL:
        return PlainTextResponse("", status_code=503)
    return None


class Zip(StreamingResponse):
    """The parts as they are made, each in a thread: whoever takes them slowly holds none.

    Where a part is refused, the connection ends before the ZIP does: the browser says that the download failed. It is
    counted until it is sent or its receiver is gone. What was asked for at once was all let in before one of it
    was counted, so the bound is asked about once more.
    """

    media_type = "application/zip"

    def __init__(self, parts: Generator[bytes], account_id: int, headers: dict[str, str]) -> None:
        super().__init__(_in_threads(parts), headers=headers)
        self._parts, self._account_id = parts, account_id

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if refused := refusal(self._account_id):
            await announced(Request(scope), refused)(scope, receive, send)
            return
        with _sent.one_more(self._account_id):
            try:
                await super().__call__(scope, receive, send)
            except Refused as refused:  # the header is sent: the server closes the connection, and no more can be said
                _log.warning("a ZIP was broken off: %s", refused)
            finally:
                self._parts.close()  # the file that it stands in


async def _in_threads(parts: Generator[bytes]) -> AsyncIterator[bytes]:
    while (part := await to_thread.run_sync(next, parts, None, limiter=_packers())) is not None:
        yield part
