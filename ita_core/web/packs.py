"""The pack for an auditor as a download: of what one may see, as it is now."""

from functools import lru_cache

from anyio import CapacityLimiter
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from ita_core import db, workflow
from ita_core.accounts import Visitor
from ita_core.errors import Refused
from ita_core.evidence.store import open_store
from ita_core.exports import pack
from ita_core.exports.tables import file_name
from ita_core.language import N_
from ita_core.settings import settings
from ita_core.web import zips
from ita_core.web.asked import asked_of
from ita_core.web.downloads import answering, disposition_header
from ita_core.web.noting import note_export
from ita_core.web.per_account import PerAccount
from ita_core.web.taking import announced

# A year of a large office many times over. Its index of so many rows takes 78 MB and 3.6 seconds of a core.
MOST_PIECES, MOST_BYTES = 5_000, 32 * 1024**3
_asked = PerAccount("packs asked for")


class PackTooLarge(Refused):
    says = N_(
        "The pack would hold {pieces} pieces of evidence, {size} GB. That is too much for a download: "
        "the administrator makes it at the server by `ita pack`."
    )


def routes() -> list[BaseRoute]:
    """The routes to give to `st.App`, which has the gate around it."""
    return [Route("/pack.zip", _few_packs)]


@lru_cache(maxsize=1)
def _makers() -> CapacityLimiter:
    """Threads of their own: an index of thousands takes a second."""
    return CapacityLimiter(2)


def _pack(request: Request, visitor: Visitor) -> Response:
    """The pack of an office and year; with `everything=1` also what waits or came back."""
    everything, at = request.query_params.get("everything") == "1", settings().now()
    with db.reading() as session:
        workflow.may_take_whole(session, by=visitor.account_id, at=at)
        who, data, today = asked_of(request, session, visitor, any_day=False)
        chosen = pack.choose(session, data, who, by=visitor.name, day=today, at=at, everything=everything)
    if (pieces := len(chosen.pieces)) > MOST_PIECES or chosen.size > MOST_BYTES:
        raise PackTooLarge(pieces=f"{pieces:,}", size=f"{chosen.size / 1024**3:,.0f}")
    made = pack.make(chosen, open_store())
    note_export(visitor.account_id, data.assessment.id, made.name, today, **made.noted)
    return zips.Zip(
        pack.stream(made, open_store()),
        visitor.account_id,
        headers={
            "Content-Disposition": disposition_header(
                "attachment", file_name(chosen.file, data.assessment, today, "zip")
            ),
            "Content-Length": str(pack.length(made)),  # so the browser says how much of it has come
            "Cache-Control": "private, no-store",
        },
    )


_make_pack = answering(_pack, _makers, _asked, zips.MOST_OF_ONE)


async def _few_packs(request: Request) -> Response:
    """Refused before anything is read for it, where enough ZIPs are on their way."""
    visitor: Visitor | None = request.state.visitor
    refused = visitor and zips.refusal(visitor.account_id)
    return announced(request, refused) if refused else await _make_pack(request)
