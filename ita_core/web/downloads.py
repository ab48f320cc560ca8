"""Routes that give out evidence and tables: the right is asked on every request, the content is streamed.

Whoever may not have a thing is told the same as of one that does not exist.
"""

import hashlib
import re
from collections.abc import Awaitable, Callable
from functools import lru_cache
from pathlib import Path
from urllib.parse import quote

from anyio import CapacityLimiter, to_thread
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from ita_core import db, language, queries
from ita_core.accounts import Visitor
from ita_core.board.progress import shown_day
from ita_core.errors import NotFound, Refused
from ita_core.evidence import kinds
from ita_core.evidence.differing import Difference, Document, difference
from ita_core.evidence.drawing import Drawn, drawn
from ita_core.evidence.reading import Said, said
from ita_core.evidence.store import open_store
from ita_core.exports import making, office_book, tables
from ita_core.exports.tables import file_name
from ita_core.language import N_
from ita_core.queries import EvidenceFacts
from ita_core.settings import settings
from ita_core.web import packing, zips
from ita_core.web.asked import asked_of
from ita_core.web.gate import address_of
from ita_core.web.noting import note_export, note_refused
from ita_core.web.per_account import PerAccount
from ita_core.web.taking import announced

# A document must not act: no scripts, no requests, not even of its own.
SANDBOX = "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'; sandbox"
LARGEST_ID = 2**31 - 1  # what PostgreSQL's integer holds
MOST_ROWS = 10_000  # of an Excel file: 5 seconds of a core and 75 MB, measured with rows of evidence
MOST_LOOKS = 50  # drawn pages, or files and tables, that an account asks for at once: ten windows full


def routes() -> list[BaseRoute]:
    """The routes to give to `st.App`, which has the gate around it."""
    return [
        Route("/evidence/{id:int}", answering(_attachment)),
        Route("/evidence/{id:int}/inline", answering(_inline)),
        Route("/evidence/{id:int}/page/{page:int}", answering(_page, _drawers, _looks)),
        Route("/evidence.zip", _few_zips),
        Route("/tables/{table}.{format}", _in_its_line),
        Route("/workbook.xlsx", answering(_workbook, _book_makers)),
    ]


class BookTooLong(Refused):
    says = N_(
        "The Excel file would have {rows} rows, {most} at most are made for a download: choose part of it, or take it "
        "as CSV. The administrator makes all of it at the server by `ita export`."
    )


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


@lru_cache(maxsize=1)
def _book_makers() -> CapacityLimiter:
    """Threads of their own, two in all: of MOST_ROWS each takes seconds, and a download waits for none."""
    return CapacityLimiter(2)


_looks, _fetched = PerAccount("drawn pages asked for"), PerAccount("files and tables asked for")


def answering(
    answer: Callable[[Request, Visitor], Response],
    workers: Callable[[], CapacityLimiter] = _workers,
    under_way: PerAccount = _fetched,
    most: int | None = None,
) -> Callable[[Request], Awaitable[Response]]:
    """An endpoint that knows who asks; the work is done in a thread, since it reads the disk.

    An account has `most` of them (None: MOST_LOOKS) under way or in its line at once.
    """

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

        if under_way.of(visitor.account_id) >= (MOST_LOOKS if most is None else most):
            return announced(request, PlainTextResponse("", status_code=429))
        with under_way.one_more(visitor.account_id) as turn:
            async with turn:  # what one account asks for comes one by one, and what waits holds no thread
                return announced(request, await to_thread.run_sync(work, limiter=workers()))

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
    """A table of what the visitor may read of an office and year, as of a day up to today, chosen as its page is."""
    name, fmt = request.path_params["table"], request.path_params["format"]
    if name not in making.TABLES or fmt not in making.ENCODINGS:
        raise NotFound
    with db.reading() as session:
        who, data, day = asked_of(request, session, visitor)
        if not making.offered(name, who):
            raise NotFound
        make = making.prepare(session, name, data, day, who, request.query_params)
    table = make()
    if fmt == "xlsx":
        check_rows(len(table.rows))
    if name in making.PERSONAL:
        note_export(visitor.account_id, data.assessment.id, name, day, format=fmt)
    media_type, encode = making.ENCODINGS[fmt]
    return given(encode(table), media_type, file_name(name, data.assessment, day, fmt))


_make_table, _make_sheet = answering(_table), answering(_table, _book_makers)


async def _in_its_line(request: Request) -> Response:
    return await (_make_sheet if request.path_params["format"] == "xlsx" else _make_table)(request)


def _workbook(request: Request, visitor: Visitor) -> Response:
    """The workbook to forward, of what the visitor may read."""
    home = settings().public_url or str(request.base_url).rstrip("/")
    with db.reading() as session:
        who, data, day = asked_of(request, session, visitor)
        book = making.prepare_workbook(session, data, day, who, home=home)
    check_rows(book.rows)
    made = book.make()
    note_export(visitor.account_id, data.assessment.id, office_book.NAME, day, format="xlsx")
    return given(made, office_book.MEDIA_TYPE, file_name(office_book.NAME, data.assessment, day, "xlsx"))


def check_rows(rows: int) -> None:
    """Nothing, where an Excel file may have so many rows.

    Raises BookTooLong.
    """
    if rows > MOST_ROWS:
        raise BookTooLong(rows=f"{rows:,}", most=f"{MOST_ROWS:,}")


def given(content: bytes, media_type: str, name: str) -> Response:
    """A file to be saved by this name; nobody on the way keeps it."""
    headers = {"Content-Disposition": disposition_header("attachment", name), "Cache-Control": "private, no-store"}
    return Response(content, media_type=media_type, headers=headers)


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
        data = queries.current_snapshot(session, assessment).on(today).visible_to(who)
    contents = packing.contents_of(tables.evidence(data, pieces, today), packed)
    told = hashlib.sha256(contents).hexdigest()
    note_export(visitor.account_id, assessment.id, f"zip {told[:16]}", today, format="zip", pieces=ids, contents=told)
    name = file_name(packing.name_of(pieces), assessment, today, "zip")
    return zips.Zip(
        packing.stream(packed, contents),
        visitor.account_id,
        headers={
            "Content-Disposition": disposition_header("attachment", name),
            "Cache-Control": "private, no-store",
        },
    )


async def _few_zips(request: Request) -> Response:
    """Refused before anything is read for it, where enough are on their way."""
    visitor: Visitor | None = request.state.visitor
    return (visitor and zips.refusal(visitor.account_id)) or await _make_zip(request)


_make_zip = answering(_zip)


def disposition_header(disposition: str, name: str) -> str:
    """A Content-Disposition with the real name by RFC 6266 and an ASCII stand-in for what cannot read it."""
    plain = "".join(sign if sign.isascii() and (sign.isalnum() or sign in " ._-") else "_" for sign in name)
    return f"{disposition}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
