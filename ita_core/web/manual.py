"""The route that gives out the manual's pictures (`docs/manual/pictures`), to whoever is signed in: they show no record
of the office, only the demonstration.
"""

import re

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Route

from ita_core.accounts import Visitor
from ita_core.errors import NotFound
from ita_core.settings import ROOT
from ita_core.web.downloads import answering

FOLDER = ROOT / "docs" / "manual"
ROUTE = "/manual"
_NAME = re.compile(r"[a-z0-9-]{1,60}\.webp")
_KEPT = "private, max-age=3600"


def routes() -> list[BaseRoute]:
    """The routes to give to `st.App`, which has the gate around it."""
    return [Route(ROUTE + "/{name}", answering(_picture))]


def _picture(request: Request, _visitor: Visitor) -> Response:
    """A picture by its name, which can name nothing outside of their folder."""
    name = request.path_params["name"]
    if not _NAME.fullmatch(name):
        raise NotFound
    path = FOLDER / "pictures" / name
    if not path.is_file():
        raise NotFound
    return FileResponse(path, media_type="image/webp", headers={"Cache-Control": _KEPT})
