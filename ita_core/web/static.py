"""Streamlit's own JavaScript and styles, compressed once and kept: on a slow line they are nearly all of a first load.

Streamlit sends them as they are, and would compress whatever else it answers anew each time. Here it is the other way
round. What is the same for everybody and names its hash in its address goes out compressed, to be cached for good. What
is made for somebody goes out as it is: the length of a compressed answer tells whether a text that an attacker put into
it is like a secret beside it (BREACH).

A file is compressed when it is first asked for: quickly, so that nobody waits, and then as small as it gets, in a
thread of its own; that takes seconds of a core, so it is kept on disk for the next start. What is read from there is
unpacked and compared with the file itself: whoever can write there cannot put a script into a page.
"""

import gzip
import hashlib
import logging
import os
import queue
import secrets
import threading
import time
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from pathlib import Path

import brotli
from anyio import to_thread
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

ADDRESS = "/static/"
FOR_GOOD = "public, max-age=31536000, immutable"
# Brotli first, which browsers take over TLS and from this machine only. No zstd: whoever takes it takes Brotli as well,
# and of what a page needs it made 505 KB where Brotli made 472 (gzip 567).
CODINGS = ("br", "gzip")
_COMPRESSED_ALREADY = (".woff2", ".png", ".gif")
_TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".woff2": "font/woff2"}
_QUICK, _SMALL = 5, 11  # Brotli's qualities: 861 KB take 8 ms and 1.9 s
_LARGEST_SMALL = 1_000_000  # bytes of what is made as small as it gets; the few larger files are of no page of ours
STALE_SECONDS = 3600
_log = logging.getLogger(__name__)


def coding(accepts: str, offered: Collection[str] = CODINGS) -> str:
    """Which of the offered codings an Accept-Encoding header wants most, the first of equals; "" for none of them.

    What it cannot be read to accept it doesn't; "as it is" is never refused, since there is always that answer.
    """
    weights: dict[str, float] = {}
    for part in accepts.lower().split(","):
        name, _, parameter = part.partition(";")
        weights[name.strip()] = _weight(parameter)
    others = weights.get("*", 0.0)
    best = max(offered, key=lambda one: weights.get(one, others), default="")
    found = weights.get(best, others)
    return best if found > 0 and found >= weights.get("identity", 0.0) else ""


def _weight(parameter: str) -> float:
    name, _, value = parameter.partition("=")
    if not name.strip():
        return 1.0
    with suppress(ValueError):
        if name.strip() == "q" and 0 <= float(value) <= 1:
            return float(value)
    return 0.0


def smallest(content: bytes, how: str) -> bytes:
    """The content in this coding, as small as it gets: slow for what is large."""
    return _compressed(content, how, _SMALL)


def _compressed(content: bytes, how: str, quality: int) -> bytes:
    if how == "gzip":
        return gzip.compress(content, 9 if quality == _SMALL else 5, mtime=0)
    made: bytes = brotli.compress(content, quality=quality)
    return made


class Shelf:
    """Files in each coding that was asked for, in memory: of all of Streamlit's some 12 MB, of what pages need 1.

    `folder` holds Streamlit's files, `own` ours by their names among them; in `keep` lie those made as small as they
    get, of this version's files only.
    """

    def __init__(self, folder: Path, own: Mapping[str, bytes], keep: Path) -> None:
        self.own = own
        self._paths = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
        self._keep = keep
        self._made: dict[tuple[str, str], bytes] = {}
        self._one_at_a_time = threading.Lock()
        self._to_do: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._worker: threading.Thread | None = None

    def names(self) -> Collection[str]:
        """Every file there is."""
        return self._paths.keys() | self.own.keys()

    def content(self, name: str) -> bytes:
        """The file as it is."""
        return self.own[name] if name in self.own else self._paths[name].read_bytes()

    def get(self, name: str, how: str) -> bytes:
        """The file in this coding: made now where it isn't there, and better ones ordered."""
        with self._one_at_a_time:
            found = self._made.get((name, how))
            if found is None:
                found = self._made[name, how] = self._begin(name, how)
        return found

    def _begin(self, name: str, how: str) -> bytes:
        content = self.content(name)
        if how != "br":
            return _compressed(content, how, _QUICK)
        if kept := self._kept(name, content):
            return kept
        if len(content) <= _LARGEST_SMALL:
            self._order(name)
        return _compressed(content, how, _QUICK)

    def _kept(self, name: str, content: bytes) -> bytes | None:
        with suppress(OSError, brotli.error):
            kept = self._kept_at(name).read_bytes()
            if len(kept) < len(content) and brotli.decompress(kept) == content:
                return kept
        return None

    def _kept_at(self, name: str) -> Path:
        return self._keep / (name.replace("/", "-") + ".br")

    def _order(self, name: str) -> None:
        self._to_do.put(name)
        if self._worker is None:
            self._worker = threading.Thread(target=self._work, name="compressing", daemon=True)
            self._worker.start()

    def _work(self) -> None:
        """Make what is ordered, one after the other, for as long as this process lives."""
        self._clear()
        while True:
            name = self._to_do.get()
            try:
                made = smallest(self.content(name), "br")
                with self._one_at_a_time:
                    self._made[name, "br"] = made
                self._write(self._kept_at(name), made)
            except (OSError, MemoryError, brotli.error) as error:  # this one goes out less small; the next is tried
                _log.warning("%s cannot be compressed, or not be kept in %s: %s", name, self._keep, error)

    def _write(self, path: Path, content: bytes) -> None:
        """Whole or not at all: several processes may start at once."""
        temporary = path.with_name(secrets.token_hex(8) + ".tmp")
        with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            out.write(content)
        temporary.replace(path)

    def _clear(self) -> None:
        """Make the folder, for this user alone; what lies in it of another version goes."""
        with suppress(OSError):
            self._keep.mkdir(parents=True, exist_ok=True, mode=0o700)
            known = {self._kept_at(name) for name in self.names()}
            for path in set(self._keep.iterdir()) - known:
                if path.suffix != ".tmp" or time.time() - path.stat().st_mtime > STALE_SECONDS:  # another is at it
                    path.unlink(missing_ok=True)


class Static:
    """Middleware in front of Streamlit: answers for its files, and has nothing else compressed.

    Behind it `scope["state"]["coding"]` says in what an answer that is the same for everybody may go out.
    """

    def __init__(self, app: ASGIApp, *, shelf: Shelf) -> None:
        self.app = app
        self._shelf = shelf
        self._files = {ADDRESS + name for name in shelf.names() if not name.endswith(_COMPRESSED_ALREADY)}
        self._own = {ADDRESS + name for name in shelf.own}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        accepts = ", ".join(Headers(scope=scope).getlist("accept-encoding"))
        how = coding(accepts)
        scope.setdefault("state", {})["coding"] = how
        scope["headers"] = [header for header in scope["headers"] if header[0].lower() != b"accept-encoding"]
        path = scope["path"]
        varies = path in self._files
        if scope["method"] not in {"GET", "HEAD"} or not (path in self._own or (varies and how)):
            await self.app(scope, receive, _varying(send) if varies else send)
            return
        name = path.removeprefix(ADDRESS)
        if varies and how:
            content = await to_thread.run_sync(self._shelf.get, name, how)
        else:
            how, content = "", self._shelf.content(name)
        headers = {"Cache-Control": FOR_GOOD, "Content-Type": _TYPES.get(Path(name).suffix, "text/plain")}
        await answer(content, how, headers, varies=varies)(scope, receive, send)


def answer(content: bytes, how: str, headers: Mapping[str, str], *, varies: bool = True) -> ASGIApp:
    """An answer with this content, which is in this coding; 304 without it to whoever has it, no body to HEAD."""
    tag = f'"{hashlib.sha256(content).hexdigest()[:16]}"'
    headers = {**headers, "ETag": tag}
    if varies:
        headers["Vary"] = "Accept-Encoding"

    async def answering(scope: Scope, receive: Receive, send: Send) -> None:
        asked = Headers(scope=scope).get("if-none-match", "")
        if tag in {one.strip().removeprefix("W/") for one in asked.split(",")}:
            kept = {name: value for name, value in headers.items() if name != "Content-Type"}
            await Response(status_code=304, headers=kept)(scope, receive, send)
            return
        more = {"Content-Encoding": how} if how else {}
        length = {"Content-Length": str(len(content))}
        body = b"" if scope["method"] == "HEAD" else content
        await Response(body, headers={**headers, **more, **length})(scope, receive, send)

    return answering


def _varying(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message).add_vary_header("Accept-Encoding")
        await send(message)

    return sending


def in_each_coding(content: bytes) -> Callable[[str], bytes]:
    """What gives the content in a coding, or as it is for "": all made now."""
    made = {"": content} | {how: smallest(content, how) for how in CODINGS}
    return made.__getitem__
