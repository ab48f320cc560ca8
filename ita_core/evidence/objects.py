"""What an evidence store is: objects named by their content, and how a file comes in (design, section 6).

What comes in is the same for a folder and a bucket: a temporary file on this machine while it is hashed, then inspected
and scanned, then put away under its hash. A temporary file is locked while it is received: one that is not was left by
a process that was killed, and is cleared at a start. Names are metadata, never part of a path.
"""

import errno
import hashlib
import os
import secrets
import shutil
import time
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePath
from types import ModuleType
from typing import IO

from ita_core import db
from ita_core.errors import Refused
from ita_core.evidence import kinds, scan
from ita_core.evidence.inspect import TooLarge, inspect, jpeg_of
from ita_core.evidence.noticed import Noticed
from ita_core.language import N_
from ita_core.settings import settings
from ita_core.typed import clean_file_name

fcntl: ModuleType | None
try:
    import fcntl
except ImportError:  # Windows: a day's age must do
    fcntl = None


CHUNK = 1024 * 1024
STALE_SECONDS = 60  # between making a temporary file and locking it lies no minute
# Left free for the database and the log: whoever fills the disk with uploads must not stop everybody's work.
RESERVE = 32 * 1024 * 1024


class StoreUnusable(Refused):
    says = N_("The evidence store at {place} cannot be used: {why}.")


class StoreAway(Refused):
    says = N_("The evidence store cannot be reached at the moment. Nothing was lost; try again in a while.")
    passing = True


class DiskFull(Refused):
    says = N_("The disk is full: “{file}” was not received. Tell the administrator; nothing else was lost.")
    passing = True


class Damaged(Refused):
    says = N_("The stored file is damaged and is not given out. Tell the administrator.")


@dataclass(frozen=True, slots=True)
class File:
    """A file that has been put away, and what was noticed in it."""

    sha256: str
    size: int
    media_type: str
    format: str
    name: str
    noticed: Noticed = field(default_factory=Noticed)


class Store(ABC):
    """Objects by their hash. `inbox` is a folder of this machine for what is being received.

    Whatever asks a bucket raises StoreAway where it cannot be reached.
    """

    inbox: Path
    reserve = RESERVE

    @abstractmethod
    def prepare(self) -> None:
        """Make what is needed and clear what a killed process left.

        Raises StoreUnusable where it cannot be written.
        """

    @abstractmethod
    def keep(self, temporary: Path, sha256: str) -> None:
        """Put a file away under its hash, for good; a damaged object of that name is replaced."""

    @abstractmethod
    def holds(self, sha256: str) -> bool:
        """Whether an object of this name is there; its content is not read."""

    @abstractmethod
    def verified(self, sha256: str) -> Path:
        """A file on this machine with the object's content, after reading it through: what changed is never given out.

        Raises NotFound where it is missing, Damaged where its content is not what it was.
        """

    @abstractmethod
    def read(self, sha256: str) -> Iterator[bytes]:
        """The object's content as it lies there, in pieces, unproven: for whoever compares it.

        Raises NotFound.
        """

    def proven(self, sha256: str) -> Iterator[bytes]:
        """The object's content in pieces, proven on its way: for whoever can take back what they passed on.

        Raises NotFound, and Damaged after the last piece where the content is not what it was.
        """
        digest = hashlib.sha256()
        for piece in self.read(sha256):
            digest.update(piece)
            yield piece
        if digest.hexdigest() != sha256:
            raise Damaged

    def lacking(self, hashes: Iterable[str]) -> list[str]:
        """Those of these objects that are not there, in their order; their content is not read."""
        return [one for one in hashes if not self.holds(one)]

    @abstractmethod
    def names(self) -> Iterator[str]:
        """What lies there, by its path below the store's root ("o/ab/abcd…"), strays included; in no order."""

    @abstractmethod
    def remove(self, sha256: str) -> None:
        """Take an object away, if it is there. Only for what no row names."""

    def receive(self, name: str, *, expected: int = 0) -> "Receiving":
        """Begin to receive a file called `name`, of `expected` bytes where that is known.

        Raises BadText, TooLarge, DiskFull.
        """
        return Receiving(self, clean_file_name(name), expected)

    def put(self, chunks: Iterable[bytes], name: str) -> File:
        """Receive a file: it is hashed, inspected and put away for good when this returns.

        Raises BadText, TooLarge and what `Receiving.keep` raises; nothing is left behind then.
        """
        with self.receive(name) as incoming:
            for chunk in chunks:
                incoming.write(chunk)
            return incoming.keep()

    def adopt(self, chunks: Iterable[bytes], sha256: str) -> int:
        """Put away content whose hash is known, as from a backup, and read it back; gives its size in bytes.

        What it is was inspected when it first came in. Raises Damaged where the content has another hash, DiskFull.
        """
        temporary, digest, size = self.inbox / secrets.token_hex(16), hashlib.sha256(), 0
        try:
            with full_is(DiskFull(file=sha256)), new_and_locked(temporary) as target:
                for chunk in chunks:
                    size += len(chunk)
                    digest.update(chunk)
                    target.write(chunk)
                target.flush()
                os.fsync(target.fileno())
                if digest.hexdigest() != sha256:
                    raise Damaged
                self.keep(temporary, sha256)
        finally:
            temporary.unlink(missing_ok=True)
        again = hashlib.sha256()
        for chunk in self.read(sha256):
            again.update(chunk)
        if again.hexdigest() != sha256:
            raise Damaged
        return size

    @abstractmethod
    def age(self, name: str) -> float | None:
        """Seconds since what lies at this path of `names` was written; None where that is not known."""

    @property
    def places(self) -> list[Path]:
        """The folders of this machine in which it keeps something."""
        return [self.inbox.parent]

    @abstractmethod
    def covers(self, path: Path) -> bool:
        """Whether a path of this machine lies inside the store, so that nothing else may be written there."""

    def _prepare_inbox(self) -> None:
        self.inbox.mkdir(parents=True, exist_ok=True)
        probe = self.inbox / f"probe-{secrets.token_hex(8)}"
        probe.touch()
        probe.unlink()
        for left in self.inbox.iterdir():
            with suppress(FileNotFoundError):  # received to its end meanwhile, by another process
                if time.time() - left.stat().st_mtime > STALE_SECONDS and not _in_use(left):
                    left.unlink()


class Receiving:
    """One file on its way in; leaving it (`with`) takes the temporary file away, whatever happened."""

    def __init__(self, store: Store, name: str, expected: int) -> None:
        self._store, self.name = store, name
        self._limit = settings().max_upload_mb
        self._size = 0
        self._digest = hashlib.sha256()
        self._temporary = store.inbox / secrets.token_hex(16)
        if expected > self._limit * 1024 * 1024:
            raise TooLarge(file=name, limit=self._limit)
        self._check_room(expected)
        with full_is(DiskFull(file=name)):
            self._target = new_and_locked(self._temporary)

    def _check_room(self, coming: int) -> None:
        if shutil.disk_usage(self._store.inbox).free < coming + self._store.reserve:
            raise DiskFull(file=self.name)

    def write(self, chunk: bytes) -> None:
        """Take the next piece.

        Raises TooLarge, DiskFull.
        """
        self._size += len(chunk)
        if self._size > self._limit * 1024 * 1024:
            raise TooLarge(file=self.name, limit=self._limit)
        self._digest.update(chunk)
        self._check_room(len(chunk))  # each time: many at once may have begun while there was room for one
        with full_is(DiskFull(file=self.name)):
            self._target.write(chunk)

    def keep(self) -> File:
        """`examine` and `put_away`: for whoever is alone with the store."""
        file = self.examine()
        self.put_away()
        return file

    def put_away(self) -> None:
        """Into the store, for good; again where it was taken away meanwhile.

        Raises DiskFull, StoreAway.
        """
        with full_is(DiskFull(file=self.name)):
            self._store.keep(self._temporary, self._digest.hexdigest())

    def examine(self) -> File:
        """All has come: sync, inspect, scan. What this gives is in the store only after `put_away`.

        Raises DiskFull, and what `inspect` and `scan.check` raise.
        """
        db.not_while_writing("examining a file")
        with full_is(DiskFull(file=self.name)):
            self._target.flush()
            os.fsync(self._target.fileno())
            found = inspect(self._temporary, self.name)
            scan.check(self._temporary, self.name)
            noticed = found.noticed
            if found.kind is kinds.HEIC:
                sent = self._digest.hexdigest()
                self._become(jpeg_of(self._temporary, self.name))
                found = inspect(self._temporary, self.name)
                noticed = replace(found.noticed, heic_sha256=sent)
        kind = found.kind
        return File(self._digest.hexdigest(), self._size, kind.media_type, kind.format, self.name, noticed)

    def _become(self, jpeg: bytes) -> None:
        """The JPEG that was made of what came takes its place, under its name with another ending.

        Raises TooLarge, DiskFull.
        """
        self._target.close()
        self._temporary.unlink()
        self.name = PurePath(self.name).stem + kinds.JPEG.suffix
        self._target = new_and_locked(self._temporary)
        self._digest, self._size = hashlib.sha256(), 0
        self.write(jpeg)
        self._target.flush()
        os.fsync(self._target.fileno())

    def __enter__(self) -> "Receiving":
        return self

    def __exit__(self, *error: object) -> None:
        self._target.close()
        self._temporary.unlink(missing_ok=True)


@contextmanager
def full_is(refusal: Refused) -> Iterator[None]:
    """Turns the system's "no space left" into this refusal."""
    try:
        yield
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise refusal from None
        raise


def new_and_locked(path: Path) -> IO[bytes]:
    """A new file to write into, which `prepare` of no process clears away while it is open."""
    file = path.open("xb")
    if fcntl is not None:
        fcntl.flock(file, fcntl.LOCK_EX)
    return file


def claim(file: IO[bytes]) -> bool:
    """Lock an open file for this process until it is closed; False where another holds it."""
    if fcntl is not None:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
    return True


def _in_use(path: Path) -> bool:
    """Whether a living process, this or another, is receiving into this file."""
    if fcntl is None:
        return time.time() - path.stat().st_mtime < 24 * 3600
    try:
        with path.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except FileNotFoundError:
        pass
    return False


def object_name(sha256: str) -> str:
    """Where an object lies below its store's root: o/ab/abcd…"""
    return f"o/{sha256[:2]}/{sha256}"


def sha256_of(path: Path) -> str:
    """The hash of a file's content, in hexadecimal."""
    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()
