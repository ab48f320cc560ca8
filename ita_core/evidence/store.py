"""Where evidence is kept: a folder of objects named by their content (design, section 6).

Temporary file while hashing → fsync → link to `o/ab/<sha256>` → fsync of the folder; only then may rows be written.
So a file that a row names is on the disk, whatever moment the power goes. A temporary file is locked while it is
received: one that is not was left by a process that was killed, and is cleared at a start. Names are metadata, never
part of a path.
"""

import errno
import hashlib
import os
import secrets
import time
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import ModuleType
from typing import IO

from ita_core.errors import NotFound, Refused
from ita_core.evidence.inspect import TooLarge, inspect
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


class StoreUnusable(Refused):
    says = N_("The evidence store at {place} cannot be used: {why}.")


class DiskFull(Refused):
    says = N_("The disk is full: “{file}” was not received. Tell the administrator; nothing else was lost.")


class Damaged(Refused):
    says = N_("The stored file is damaged and is not given out. Tell the administrator.")


@dataclass(frozen=True, slots=True)
class File:
    """A file that has been put away."""

    sha256: str
    size: int
    media_type: str
    format: str
    name: str


@dataclass(frozen=True, slots=True)
class Store:
    """A folder of objects; `root` holds `o/` (objects) and `tmp/` (being received)."""

    root: Path

    def prepare(self) -> None:
        """Make the folders and clear what a killed process left.

        Raises StoreUnusable where the folder cannot be written.
        """
        try:
            for folder in (self._objects, self._receiving):
                folder.mkdir(parents=True, exist_ok=True)
            probe = self._receiving / f"probe-{secrets.token_hex(8)}"
            probe.touch()
            probe.unlink()
            for left in self._receiving.iterdir():
                if time.time() - left.stat().st_mtime > STALE_SECONDS and not _in_use(left):
                    left.unlink(missing_ok=True)
        except OSError as error:
            raise StoreUnusable(place=str(self.root), why=error.strerror) from None

    def put(self, chunks: Iterable[bytes], name: str) -> File:
        """Receive a file: it is hashed, inspected and on the disk for good when this returns.

        Raises BadText, TooLarge, DiskFull and what `inspect` raises; nothing is left behind then.
        """
        name = clean_file_name(name)
        limit = settings().max_upload_mb
        temporary = self._receiving / secrets.token_hex(16)
        digest, size = hashlib.sha256(), 0
        try:
            with temporary.open("xb") as target:
                _lock(target)
                for chunk in chunks:
                    size += len(chunk)
                    if size > limit * 1024 * 1024:
                        raise TooLarge(file=name, limit=limit)
                    digest.update(chunk)
                    target.write(chunk)
                target.flush()
                os.fsync(target.fileno())
            kind = inspect(temporary, name).kind
            self._keep(temporary, digest.hexdigest())
        except OSError as error:
            if error.errno in {errno.ENOSPC, errno.EDQUOT}:
                raise DiskFull(file=name) from None
            raise
        finally:
            temporary.unlink(missing_ok=True)
        return File(digest.hexdigest(), size, kind.media_type, kind.format, name)

    def _keep(self, temporary: Path, sha256: str) -> None:
        target = self.path(sha256)
        if not target.parent.is_dir():
            target.parent.mkdir(exist_ok=True)
            _fsync_folder(self._objects)
        temporary.chmod(0o444)
        try:
            os.link(temporary, target)  # fails where it is there already: the same content, put away before
        except FileExistsError:
            if _sha256_of(target) != sha256:  # damaged meanwhile: the good copy takes its place
                temporary.replace(target)
        _fsync_folder(target.parent)

    def path(self, sha256: str) -> Path:
        """Where the object with this hash lies."""
        return self._objects / sha256[:2] / sha256

    def verified(self, sha256: str) -> Path:
        """The object's path, after reading it through: a file that changed is never given out.

        Raises NotFound where it is missing, Damaged where its content is not what it was.
        """
        path = self.path(sha256)
        try:
            if _sha256_of(path) != sha256:
                raise Damaged
        except FileNotFoundError:
            raise NotFound from None
        return path

    @property
    def _objects(self) -> Path:
        return self.root / "o"

    @property
    def _receiving(self) -> Path:
        return self.root / "tmp"


def _lock(file: IO[bytes]) -> None:
    if fcntl is not None:
        fcntl.flock(file, fcntl.LOCK_EX)


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


def _sha256_of(path: Path) -> str:
    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()


def _fsync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@lru_cache(maxsize=1)
def store() -> Store:
    """The evidence store of this process, ready to use.

    Raises StoreUnusable.
    """
    made = Store(Path(settings().evidence_url))
    made.prepare()
    return made
