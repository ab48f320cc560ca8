"""The route by which files come in: streamed to the store, so that none is ever held in memory (threats.md, fact 4).

A file is sent as it is, its name in a header, under a key of the browser's own: the same key again is answered with
what it made before, so a lost connection can be tried again without a double. What it covers is said afterwards, on the
page; what is sent here is not handed in yet.

Files of one account are examined one after the other; those that wait hold no thread, so that one who sends many, or
such as take long to examine, keeps nobody else waiting.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache, partial
from urllib.parse import unquote

from anyio import CapacityLimiter, Lock, current_time, fail_after, sleep
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from ita_core import db, queries, workflow
from ita_core.accounts import Visitor
from ita_core.board.progress import SlotKey
from ita_core.errors import NotFound, Refused, SignedOut, TooManyWaiting
from ita_core.evidence.objects import Receiving
from ita_core.evidence.store import open_store
from ita_core.language import N_
from ita_core.settings import settings
from ita_core.web.answering import in_thread, refusal, says, speaking
from ita_core.web.downloads import LARGEST_ID
from ita_core.web.gate import own_origin
from ita_core.web.per_account import PerAccount
from ita_core.workflow import receiving

LONGEST_SLOT = 80  # letters of a slot's name
PIECE = 256 * 1024  # bytes written at once: a thread for each packet would cost more than the writing
# Whoever only holds the connection open is sent away: so much has to come within so long a wait for it. That is
# 8 kbit/s, and three files at once on a phone's 50 kbit/s come twice as fast.
LEAST_BYTES, STALLED_SECONDS = 60 * 1024, 60
LONGEST_SECONDS = 10 * 3600  # for a whole file: 200 MB on a phone's 50 kbit/s take nine hours
MOST_OF_ONE, MOST = 50, 250  # on their way at once: of an account, of all …
TOO_MANY_SECONDS = 1.0  # … that such an answer takes: who sends on regardless would keep the server busy with it
SHARE = 0.5  # … and of the connections that the server has: what sends a file never gives its place up to a page


class ConnectionLost(Refused):
    says = N_("“{file}” did not come whole: the connection was lost, stood still or was too slow. Try again.")
    passing = True


class TooManyOfYours(Refused):
    says = N_("{most} of your files are on their way already. Wait until some have arrived, then try again.")
    passing = True


class TooManyOnTheirWay(Refused):
    says = N_("Too many files are on their way at the moment. Try again in a few minutes.")
    passing = True


def routes(connections: int) -> list[BaseRoute]:
    """The routes to give to `st.App`, which has the gate around it; `connections` is how many the server may hold."""
    most = min(MOST, int(connections * SHARE))
    return [
        Route("/uploads/{item_id:int}/{key}", partial(_receive, most=most), methods=["POST"]),
        Route("/uploads/{item_id:int}/{key}", _ask, methods=["GET"]),
    ]


@lru_cache(maxsize=1)
def _writers() -> CapacityLimiter:
    return CapacityLimiter(8)


@lru_cache(maxsize=1)
def _keepers() -> CapacityLimiter:
    """Threads of their own for what takes long: whoever waits for an inspection must not stop others' writing."""
    return CapacityLimiter(4)


_on_their_way = PerAccount("uploads on their way")


async def _receive(request: Request, *, most: int) -> Response:
    visitor = speaking(request)
    if visitor is None or not own_origin(request):
        return says(SignedOut(), 401)
    item_id, key = request.path_params["item_id"], request.path_params["key"]
    name = unquote(request.headers.get("x-file-name", ""))
    expected = request.headers.get("content-length", "0")
    slot = _slot(request)

    def begin() -> Receiving | int:
        done = _known(visitor, item_id, key, slot)
        if done:
            return done
        with db.reading() as session:
            workflow.check_waiting(session, by=visitor.account_id)
        return open_store().receive(name, expected=int(expected) if expected.isdecimal() else 0)

    def finish() -> int:
        return receiving.keep(
            incoming,
            by=visitor.account_id,
            item_id=item_id,
            key=key,
            at=settings().now(),
            sign_in=visitor.sign_in_id,
            slot=slot,
        )

    try:
        with _one_more(visitor.account_id, most) as turn:
            begun = await in_thread(begin, _writers())
            if isinstance(begun, int):
                return JSONResponse({"id": begun})
            with begun as incoming:
                try:
                    with fail_after(LONGEST_SECONDS):
                        await _stream(request, incoming)
                except (ClientDisconnect, TimeoutError):
                    raise ConnectionLost(file=incoming.name) from None
                async with turn:
                    made = await in_thread(finish, _keepers())
    except (TooManyWaiting, TooManyOfYours, TooManyOnTheirWay) as refused:
        await sleep(TOO_MANY_SECONDS)
        return says(refused, 429) if isinstance(refused, TooManyOfYours) else refusal(refused)
    except Refused as refused:
        return refusal(refused)
    return JSONResponse({"id": made}, status_code=201)


@contextmanager
def _one_more(account_id: int, most: int) -> Iterator[Lock]:
    """Count a file on its way; gives the lock that lets this account's files be examined one after the other.

    Raises TooManyOfYours, TooManyOnTheirWay.
    """
    if _on_their_way.of(account_id) >= MOST_OF_ONE:
        raise TooManyOfYours(most=MOST_OF_ONE)
    if _on_their_way.total >= most:
        raise TooManyOnTheirWay
    with _on_their_way.one_more(account_id) as turn:
        yield turn


async def _stream(request: Request, incoming: Receiving) -> None:
    """Write what comes, in pieces.

    Raises ClientDisconnect, TimeoutError for what stands still or comes too slowly, and what `Receiving.write` raises.
    """
    coming, gathered = request.stream(), bytearray()
    came, waited = 0, 0.0
    while True:
        since = current_time()
        with fail_after(STALLED_SECONDS - waited):
            piece = await anext(coming, None)
        waited += current_time() - since  # not the writing: a sender isn't to blame for a slow disk
        if piece is not None:
            gathered += piece
            came += len(piece)
        if came >= LEAST_BYTES:
            came, waited = 0, 0.0
        if gathered and (piece is None or len(gathered) >= PIECE):
            await in_thread(partial(incoming.write, bytes(gathered)), _writers())
            gathered.clear()
        if piece is None:
            return


async def _ask(request: Request) -> Response:
    """Whether a file arrived whose answer was lost on the way."""
    visitor = speaking(request)
    if visitor is None:
        return says(SignedOut(), 401)
    item_id, key = request.path_params["item_id"], request.path_params["key"]
    try:
        done = await in_thread(lambda: _known(visitor, item_id, key), _writers())
    except Refused as refused:
        return refusal(refused)
    return JSONResponse({"id": done}) if done else says(NotFound(), 404)


def _slot(request: Request) -> SlotKey | None:
    """The slot that the file was dropped on, by the five parts of its key with a bar between; None for none.

    What is no slot's name becomes one that no item has, which `check_hand_in` refuses.
    """
    said = request.headers.get("x-slot")
    if said is None:
        return None
    number, period, fmt, language, ordinal = (*said.split("|"), *[""] * 5)[:5]
    if not (number.isdecimal() and ordinal.isdecimal() and len(said) <= LONGEST_SLOT and said.isascii()):
        return SlotKey(0)
    return SlotKey(int(number), period, fmt, language, int(ordinal))


def _known(visitor: Visitor, item_id: int, key: str, slot: SlotKey | None = None) -> int | None:
    """What this key made before; raises NotFound or NotYourItem for whoever may not hand in for the item."""
    if item_id > LARGEST_ID:
        raise NotFound
    with db.reading() as session:
        workflow.check_hand_in(session, by=visitor.account_id, item_id=item_id, slot=slot)
        return queries.find_upload(session, visitor.account_id, key)
