"""Routes that give out evidence and tables: the right is asked on every request, the content is streamed.

Whoever may not have a thing is told the same as of one that does not exist.
"""

import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from functools import lru_cache
from pathlib import Path
from urllib.parse import quote

from anyio import CapacityLimiter, to_thread
from starlette.concurrency import iterate_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from ita_core import access, db, language, queries, workflow
from ita_core.accounts import Visitor
from ita_core.board.progress import shown_day
from ita_core.errors import NotFound, Refused
from ita_core.evidence import kinds
from ita_core.evidence.differing import Difference, Document, difference
from ita_core.evidence.drawing import Drawn, drawn
from ita_core.evidence.reading import Said, said
from ita_core.evidence.store import open_store
from ita_core.exports import making, tables
from ita_core.exports.tables import file_name
from ita_core.queries import EvidenceFacts
from ita_core.settings import settings
from ita_core.typed import clean_day
from ita_core.web import packing
from ita_core.web.gate import address_of
from ita_core.web.per_account import PerAccount

# A document must not act: no scripts, no requests, not even of its own.
SANDBOX = "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'; sandbox"
LARGEST_ID = 2**31 - 1  # what PostgreSQL's integer holds
ZIPS_OF_ONE, ZIPS_IN_ALL = 2, 10  # that are being sent at once
MOST_LOOKS = 50  # drawn pages, or files and tables, that an account asks for at once: ten windows full


def routes() -> list[BaseRoute]:
    """The routes to give to `st.App`, which has the gate around it."""
    return [
        Route("/evidence/{id:int}", answering(_attachment)),
        Route("/evidence/{id:int}/inline", answering(_inline)),
        Route("/evidence/{id:int}/page/{page:int}", answering(_page, _drawers, _looks)),
        Route("/evidence.zip", _few_zips),
        Route("/tables/{table}.{format}", answering(_table)),
    ]


DRAWN = frozenset({"pdf", "word", "excel", "slides"})  # formats of which pages are drawn, where that can be done


def preview(one: EvidenceFacts, *, by: int) -> Drawn:
    """The first pages of an evidence's document as pictures, for this account.

    An office file has none where LibreOffice isn't installed. Raises NotFound, Damaged.
    """
    return drawn(one.sha256, open_store().verified, by=by, suffix=kinds.suffix_of(one.media_type))


def text_of(one: EvidenceFacts, *, by: int) -> Said:
    """What an evidence's document says as text and tables, for this account.

    Raises NotFound, Damaged.
    """
    return said(one.sha256, open_store().verified, by=by, suffix=kinds.suffix_of(one.media_type))


def changed_text(old: EvidenceFacts, new: EvidenceFacts, *, by: int) -> Difference:
    """How the text of one evidence's document differs from an older one's, for this account.

    Raises NotFound, Damaged.
    """
    before, after = (Document(one.sha256, kinds.suffix_of(one.media_type)) for one in (old, new))
    return difference(before, after, open_store().verified, by=by)


@lru_cache(maxsize=1)
def _workers() -> CapacityLimiter:
    """Threads of their own: whoever waits for a large file must not keep the gate from answering."""
    return CapacityLimiter(8)


@lru_cache(maxsize=1)
def _drawers() -> CapacityLimiter:
    """Threads of their own for drawn pages: a drawing may take seconds, a download waits for none."""
    return CapacityLimiter(8)


_looks, _fetched = PerAccount("drawn pages asked for"), PerAccount("files and tables asked for")
_packed = PerAccount("ZIPs that are being sent")


def answering(
    answer: Callable[[Request, Visitor], Response],
    workers: Callable[[], CapacityLimiter] = _workers,
    under_way: PerAccount = _fetched,
) -> Callable[[Request], Awaitable[Response]]:
    """An endpoint that knows who asks; the work is done in a thread, since it reads the disk."""

    async def endpoint(request: Request) -> Response:
        visitor: Visitor | None = request.state.visitor
        if visitor is None:
            return PlainTextResponse("", status_code=403)

        def work() -> Response:
            language.use(visitor.language)
            try:
                return answer(request, visitor)
            except NotFound as gone:
                return PlainTextResponse(str(gone), status_code=404)
            except Refused as refused:
                return PlainTextResponse(str(refused), status_code=503 if refused.passing else 400)

        if under_way.of(visitor.account_id) >= MOST_LOOKS:
            return PlainTextResponse("", status_code=429)
        with under_way.one_more(visitor.account_id) as turn:
            async with turn:  # what one account asks for comes one by one, and what waits holds no thread
                return await to_thread.run_sync(work, limiter=workers())

    return endpoint


def _evidence(request: Request, by: int) -> EvidenceFacts:
    if request.path_params["id"] > LARGEST_ID:
        raise NotFound
    asked = request.path_params["id"]
    try:
        with db.reading() as session:
            found = queries.get_evidence(session, by, asked)
    except NotFound:
        with db.reading() as session:
            others = queries.is_others(session, by, evidence_id=asked)
        if others:
            note_refused(by, f"evidence {asked}", address_of(request.scope))
        raise
    if not found.sha256:
        raise NotFound
    return found


def note_refused(by: int, subject: str, address: str = "") -> None:
    """Note in the audit that somebody asked for what is not theirs to see."""
    with db.writing() as session:
        workflow.note_refused(session, by=by, subject=subject, address=address, at=settings().now())


def _attachment(request: Request, visitor: Visitor) -> Response:
    found = _evidence(request, visitor.account_id)
    return _stored(found, "attachment")


def _inline(request: Request, visitor: Visitor) -> Response:
    """Only pictures and films: whatever could act is given as a download or as drawn pages."""
    found = _evidence(request, visitor.account_id)
    if found.format not in {"image", "video"}:
        raise NotFound
    return _stored(found, "inline")


def _stored(found: EvidenceFacts, disposition: str) -> Response:
    path: Path = open_store().verified(found.sha256)
    return FileResponse(
        path,
        media_type=found.media_type,
        headers={
            "Content-Disposition": disposition_header(disposition, found.file_name),
            "Content-Security-Policy": SANDBOX,
            "Cache-Control": "private, no-store",
        },
    )


def _page(request: Request, visitor: Visitor) -> Response:
    """One of a document's first pages as a PNG or JPEG."""
    found = _evidence(request, visitor.account_id)
    if found.format not in DRAWN:
        raise NotFound
    pages, number = preview(found, by=visitor.account_id).pages, request.path_params["page"]
    if not 1 <= number <= len(pages):
        raise NotFound
    headers = {"Content-Security-Policy": SANDBOX, "Cache-Control": "private, no-store"}
    page = pages[number - 1]
    return Response(page, media_type="image/png" if page.startswith(b"\x89PNG") else "image/jpeg", headers=headers)


def _table(request: Request, visitor: Visitor) -> Response:
    """A table of what the visitor may read of an office and year, as of a day up to today, as its page shows it."""
    name, fmt = request.path_params["table"], request.path_params["format"]
    if name not in making.TABLES or fmt not in making.ENCODINGS:
        raise NotFound
    asked = request.query_params.get("day", "")
    with db.reading() as session:
        assessment = queries.get_visible(
            session, visitor.account_id, office=request.query_params.get("office", ""),
            year=request.query_params.get("year", ""), day=settings().day(),
        )  # fmt: skip
        who = queries.get_actor(session, visitor.account_id, assessment.id)
        if name == "audit" and not access.may_export_audit(who):
            raise NotFound
        today = shown_day(settings().day(), assessment.starts, assessment.ends)
        day = shown_day(clean_day(asked), assessment.starts, today) if asked else today
        data = queries.take_snapshot(session, assessment).on(day).visible_to(who)
        table = making.make(session, name, data, day, who)
    media_type, encode = making.ENCODINGS[fmt]
    return Response(
        encode(table),
        media_type=media_type,
        headers={
            "Content-Disposition": disposition_header("attachment", file_name(name, assessment, day, fmt)),
            "Cache-Control": "private, no-store",
        },
    )


def _zip(request: Request, visitor: Visitor) -> Response:
    """The chosen pieces (`only=1,2,3`) as one ZIP; the right to each is asked again each time."""
    asked = request.query_params.get("only", "")
    if not re.fullmatch(r"[0-9]{1,10}(,[0-9]{1,10})*", asked):
        raise NotFound
    ids = list(dict.fromkeys(map(int, asked.split(","))))
    if max(ids) > LARGEST_ID:
        raise NotFound
    if len(ids) > packing.MOST_PIECES:
        raise packing.TooManyChosen(most=packing.MOST_PIECES)
    pieces, others = [], 0
    with db.reading() as session:
        try:
            pieces = queries.list_pieces(session, visitor.account_id, ids)
        except NotFound:
            others = next((one for one in ids if queries.is_others(session, visitor.account_id, evidence_id=one)), 0)
    if not pieces:
        if others:
            note_refused(visitor.account_id, f"evidence {others}", address_of(request.scope))
        raise NotFound
    packed = packing.pack(pieces)
    with db.reading() as session:
        who = queries.get_actor_on(session, visitor.account_id, pieces[0].item_id)
        assessment = queries.get_assessment_by_id(session, who.assessment_id)
        today = shown_day(settings().day(), assessment.starts, assessment.ends)
        data = queries.take_snapshot(session, assessment).on(today).visible_to(who)
        contents = packing.contents_of(tables.evidence(data, pieces, today), packed)
    return StreamingResponse(
        _sent(packing.stream(packed, contents), visitor.account_id),
        media_type="application/zip",
        headers={
            "Content-Disposition": disposition_header("attachment", file_name("evidence", assessment, today, "zip")),
            "Cache-Control": "private, no-store",
        },
    )


async def _sent(parts: Iterator[bytes], account_id: int) -> AsyncIterator[bytes]:
    """The parts as they are made, each in a thread: whoever takes them slowly holds none."""
    with _packed.one_more(account_id):
        async for part in iterate_in_threadpool(parts):
            yield part


async def _few_zips(request: Request) -> Response:
    """Each sends up to a gigabyte: a few for an account, and a few in all."""
    visitor: Visitor | None = request.state.visitor
    if visitor and _packed.of(visitor.account_id) >= ZIPS_OF_ONE:
        return PlainTextResponse("", status_code=429)
    if visitor and _packed.total >= ZIPS_IN_ALL:
        return PlainTextResponse("", status_code=503)
    return await _make_zip(request)


_make_zip = answering(_zip)


def disposition_header(disposition: str, name: str) -> str:
    """A Content-Disposition with the real name by RFC 6266 and an ASCII stand-in for what cannot read it."""
    plain = "".join(sign if sign.isascii() and (sign.isalnum() or sign in " ._-") else "_" for sign in name)
    return f"{disposition}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
