"""Evidence in a bucket of an S3-compatible store, by obstore; keys, region and endpoint come from the AWS_… variables.

An object is put in one act: whole under its hash, or not at all. Each request is signed with the hash of what it
carries, so the store refuses what changed on the way. What is read comes into a folder of this machine, is hashed on
its way, and stays there as a copy until newer ones need the room; a copy is hashed again before each use.
"""

import logging
import os
import secrets
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import obstore
from obstore.exceptions import (
    BaseError,
    InvalidPathError,
    NotFoundError,
    PermissionDeniedError,
    UnauthenticatedError,
)
from obstore.store import S3Store

from ita_core import db, turns
from ita_core.errors import NotFound
from ita_core.evidence.objects import (
    DiskFull,
    Store,
    StoreAway,
    StoreUnusable,
    full_is,
    new_and_locked,
    object_name,
    sha256_of,
)
from ita_core.language import N_, _

if TYPE_CHECKING:
    from obstore.store import RetryConfig

PIECE = 5 * 1024 * 1024  # bytes of one request; the smallest part that S3 takes
LOOKED_UP = 50  # objects asked after one by one; more are found in the bucket's list, a thousand in a request
AT_ONCE = 3  # requests of one file: so many pieces are in memory
TRIES = 5  # of putting an object that is gone when one looks: somebody who took the same content away crossed us
CACHE_BYTES = 2 * 1024**3
USED_SECONDS = 3600  # a copy so recently used may still be on its way to somebody

# Short: somebody waits for the sentence, and they can try again themselves.
_RETRY: "RetryConfig" = {
    "max_retries": 3,
    "retry_timeout": timedelta(seconds=20),
    "backoff": {"init_backoff": timedelta(milliseconds=100), "max_backoff": timedelta(seconds=2), "base": 2},
}
# What obstore tells in its own words, it may tell in Python's.
_MISSING = (FileNotFoundError, NotFoundError)
_FORBIDDEN = (PermissionError, PermissionDeniedError, UnauthenticatedError)
_log = logging.getLogger(__name__)


class Bucket(Store):
    """A bucket: `o/` below the prefix holds the objects; `local` what is being received, and copies."""

    def __init__(self, url: str, local: Path) -> None:
        self.inbox, self._copies = local / "tmp", local / "copies"
        with _unusable_is_a_sentence():
            self._bucket = S3Store.from_url(url, retry_config=_RETRY)

    def prepare(self) -> None:
        try:
            self._copies.mkdir(parents=True, exist_ok=True)
            self._prepare_inbox()
        except OSError as error:
            raise StoreUnusable(place=str(self._copies.parent), why=error.strerror) from None
        with _unusable_is_a_sentence():
            obstore.put(self._bucket, "probe", b"probe")
            with suppress(*_MISSING):  # another process that starts at the same time took it away
                obstore.head(self._bucket, "probe")
            next(iter(obstore.list(self._bucket, "o")), None)
            obstore.delete(self._bucket, "probe")

    def keep(self, temporary: Path, sha256: str) -> None:
        size, kept = temporary.stat().st_size, None
        for _try in range(TRIES):
            with suppress(NotFound), _away_is_a_sentence():
                # Also where it is there: its content may be damaged, and to know that would cost as much.
                obstore.put(self._bucket, object_name(sha256), temporary, chunk_size=PIECE, max_concurrency=AT_ONCE)
                kept = obstore.head(self._bucket, object_name(sha256))["size"]
                break
        if kept != size:
            _log.warning("the evidence bucket kept %s of %d bytes", kept, size)
            raise StoreAway
        with suppress(OSError):  # it is kept; a copy only saves fetching it
            os.link(temporary, self._copies / sha256)
            self._make_room()

    def holds(self, sha256: str) -> bool:
        try:
            with _away_is_a_sentence():
                obstore.head(self._bucket, object_name(sha256))
        except NotFound:
            return False
        return True

    def lacking(self, hashes: Iterable[str]) -> list[str]:
        asked = list(hashes)
        if len(asked) <= LOOKED_UP:
            return super().lacking(asked)
        there = set(self.names())
        return [one for one in asked if object_name(one) not in there]

    def verified(self, sha256: str) -> Path:
        copy = self._copies / sha256
        with suppress(FileNotFoundError):
            os.utime(copy)  # before it is read: so no other process takes it away meanwhile
            if sha256_of(copy) == sha256:
                return copy
        with full_is(DiskFull(N_("The disk is full: this file cannot be fetched. Tell the administrator."))):
            self._fetch(sha256, copy)
        self._make_room()
        return copy

    def _fetch(self, sha256: str, copy: Path) -> None:
        temporary = self.inbox / secrets.token_hex(16)
        target = new_and_locked(temporary)
        try:
            for piece in self.proven(sha256):
                target.write(piece)
            target.close()
            temporary.replace(copy)
        finally:
            target.close()
            temporary.unlink(missing_ok=True)

    def read(self, sha256: str) -> Iterator[bytes]:
        with _away_is_a_sentence():
            size = obstore.head(self._bucket, object_name(sha256))["size"]
        for start in range(0, size, PIECE):
            with _away_is_a_sentence():
                piece = bytes(
                    obstore.get_range(self._bucket, object_name(sha256), start=start, end=min(start + PIECE, size))
                )
            yield piece

    def names(self) -> Iterator[str]:
        pages = iter(obstore.list(self._bucket, chunk_size=1000))
        while True:
            with _away_is_a_sentence():
                page = next(pages, None)
            if page is None:
                return
            for entry in page:
                yield entry["path"]

    def age(self, name: str) -> float | None:
        try:
            with _away_is_a_sentence():
                return time.time() - obstore.head(self._bucket, name)["last_modified"].timestamp()
        except NotFound:
            return None

    def covers(self, path: Path) -> bool:
        return path.resolve().is_relative_to(self.inbox.parent.resolve())

    def remove(self, sha256: str) -> None:
        with suppress(NotFound), _away_is_a_sentence():
            obstore.delete(self._bucket, object_name(sha256))
        (self._copies / sha256).unlink(missing_ok=True)

    def _make_room(self) -> None:
        """The copies that were not used for longest go, until the rest fits."""
        copies = []
        for path in self._copies.iterdir():
            with suppress(FileNotFoundError):
                found = path.stat()
                copies.append((found.st_mtime, found.st_size, path))
        too_much = sum(size for _used, size, _path in copies) - CACHE_BYTES
        for used, size, path in sorted(copies):
            if too_much <= 0 or time.time() - used < USED_SECONDS:
                return
            path.unlink(missing_ok=True)
            too_much -= size


@contextmanager
def _away_is_a_sentence() -> Iterator[None]:
    """Of what went wrong on the way only its kind is told: the library's words name hosts and keys."""
    db.not_while_writing("the evidence bucket")
    try:
        with turns.waiting():
            yield
    except _MISSING:
        raise NotFound from None
    except InvalidPathError:
        raise StoreUnusable(place="ITA_EVIDENCE_URL", why=_("a name in it cannot be read")) from None
    except (BaseError, PermissionError) as error:
        _log.warning("the evidence bucket: %s", type(error).__name__)
        raise StoreAway from None


@contextmanager
def _unusable_is_a_sentence() -> Iterator[None]:
    """The same at a start, where somebody can mend it: told as far as it can be known."""
    try:
        yield
    except _MISSING:
        why = _("there is no such bucket")
    except _FORBIDDEN:
        why = _("it refuses the keys in the AWS_… variables, or they lack a right")
    except BaseError as error:
        _log.warning("the evidence bucket: %s", type(error).__name__)
        why = _("it does not answer as it should: look at the network, the AWS_… variables and the bucket's name")
    else:
        return
    raise StoreUnusable(place="ITA_EVIDENCE_URL", why=why)
