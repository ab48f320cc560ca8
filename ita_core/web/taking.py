"""That a file begins to come: a cookie says so to the page from which it was asked for (`pages/parts/taking.js`).

What is being made is nothing that a browser shows, and a script sees nothing of a download but its cookies. How much
of it has come the browser itself shows, by Content-Length.
"""

import re

from starlette.requests import Request
from starlette.responses import Response

COOKIE = "ita_taking_"  # and what the page called its question by
_CALLED = re.compile("[a-z0-9]{1,16}")
SECONDS = 60  # that it is kept, where the page does not look


def announced(request: Request, answer: Response) -> Response:
    """The answer, which says its status to the page where `taking` in the address asks for that."""
    called = request.query_params.get("taking", "")
    if _CALLED.fullmatch(called):
        answer.set_cookie(COOKIE + called, str(answer.status_code), max_age=SECONDS, path="/", samesite="strict")
    return answer
