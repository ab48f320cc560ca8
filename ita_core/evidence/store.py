"""Where evidence is kept: a folder of objects named by their content (design, section 6).

Temporary file while hashing → fsync → link to `o/ab/<sha256>` → fsync of the folder; only then may rows be written.
So a file that a row names is on the disk, whatever moment the power goes; what is left over has no row and is cleared
at the next start. Names are metadata and never part of a path.
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

from ita_core.errors import NotFound, Refused
from ita_core.evidence.inspect import TooLarge, inspect
from ita_core.language import N_
from ita_core.settings import settings
from ita_core.typed import clean_name

CHUNK = 1024 * 1024
STALE_SECONDS = 24 * 3600  # no upload takes a day; what is older was left by a process that was killed


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
                if time.time() - left.stat().st_mtime > STALE_SECONDS:
                    left.unlink(missing_ok=True)
        except OSError as error:
            raise StoreUnusable(place=str(self.root), why=error.strerror) from None

    def put(self, chunks: Iterable[bytes], name: str) -> File:
        """Receive a file: it is hashed, inspected and on the disk for good when this returns.

        Raises BadText, TooLarge, DiskFull and what `inspect` raises; nothing is left behind then.
        """
        name = clean_name(name)
        limit = settings().max_upload_mb
        temporary = self._receiving / secrets.token_hex(16)
        digest, size = hashlib.sha256(), 0
        try:
            with temporary.open("xb") as target:
                for chunk in chunks:
                    size += len(chunk)
                    if size > limit * 1024 * 1024:
                        raise TooLarge(file=name, limit=limit)
                    digest.update(chunk)
                    target.write(chunk)
                target.flush()
                os.fsync(target.fileno())
            kind = inspect(temporary, name)
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
            if target.stat().st_size != temporary.stat().st_size:
                raise Damaged from None
        _fsync_folder(target.parent)

    def path(self, sha256: str) -> Path:
        """Where the object with this hash lies."""
        return self._objects / sha256[:2] / sha256

    def verified(self, sha256: str) -> Path:
        """The object's path, after reading it through: a file that changed is never given out.

        Raises NotFound where it is missing, Damaged where its content is not what it was.
        """
        path = self.path(sha256)
        digest = hashlib.sha256()
        try:
            with path.open("rb") as source:
                while chunk := source.read(CHUNK):
                    digest.update(chunk)
        except FileNotFoundError:
            raise NotFound from None
        if digest.hexdigest() != sha256:
            raise Damaged
        return path

    @property
    def _objects(self) -> Path:
        return self.root / "o"

    @property
    def _receiving(self) -> Path:
        return self.root / "tmp"


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
