"""By which names this server answers. A browser that was led here by another's name (DNS rebinding, a link made by a
proxy's cache) is at another's page as far as it knows, and so are our cookies and Origin checks."""

import logging
import re
import time
from urllib.parse import urlsplit

from starlette.types import Scope

from ita_core.settings import settings

HERE = frozenset({"localhost", "127.0.0.1", "::1"})  # this machine, for whoever looks after it
_TOLD_SECONDS = 60
_told = -float(_TOLD_SECONDS)
_log = logging.getLogger(__name__)
_HOST = re.compile(r"(?:\[([0-9a-f:.]+)\]|([a-z0-9_.-]+?))\.?(?::\d{1,5})?")


def is_ours(scope: Scope) -> bool:
    """Whether the request names a host that is ours: one of ITA_HOSTS, else that of ITA_PUBLIC_URL, else any."""
    allowed = names()
    if not allowed:
        return True
    said = [value for name, value in scope["headers"] if name.lower() == b"host"]
    if len(said) != 1:
        return False
    found = _HOST.fullmatch(said[0].decode("latin-1").lower())
    return found is not None and (found[1] or found[2]) in allowed | HERE


def note_foreign(scope: Scope) -> None:
    """For whoever looks after the server: which name was asked for, at most once a minute."""
    global _told
    if time.monotonic() - _told > _TOLD_SECONDS:
        _told = time.monotonic()
        said = next((value for name, value in scope["headers"] if name.lower() == b"host"), b"")
        _log.warning("Refused with 421: asked for %r, which ITA_HOSTS does not name", said[:100].decode("latin-1"))


def names() -> frozenset[str]:
    """The names beside this machine's own, in lower case; none where any will do."""
    ours = settings().hosts or (urlsplit(settings().public_url).hostname or "")
    return frozenset(name.lower().rstrip(".") for name in re.split(r"[\s,]+", ours) if name)
