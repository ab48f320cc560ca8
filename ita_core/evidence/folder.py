"""Evidence in a folder of this machine.

What was received is linked to `o/ab/<sha256>` and the folder is synced; only then may rows be written. So a file that a
row names is on the disk, whatever moment the power goes.
"""

import os
import time
from collections.abc import Iterator
from pathlib import Path

from ita_core import db, turns
from ita_core.errors import NotFound
from ita_core.evidence.objects import CHUNK, Damaged, Store, StoreUnusable, object_name, sha256_of
from ita_core.settings import settings

_STORE = "the evidence store"


class Folder(Store):
    """A folder of this machine: `o/` holds the objects, `tmp/` what is being received."""

    def __init__(self, root: Path) -> None:
        self.root, self.inbox = root, root / "tmp"

    def prepare(self) -> None:
        try:
            _make_folder(self._objects)
            for number in range(256):  # now: made while files come, one's folder could be synced after another's file
                (self._objects / f"{number:02x}").mkdir(exist_ok=True)
            fsync_folder(self._objects)
            self._prepare_inbox()
        except OSError as error:
            raise StoreUnusable(place=str(self.root), why=error.strerror) from None

    def keep(self, temporary: Path, sha256: str) -> None:
        db.not_while_writing(_STORE)
        target = self.path(sha256)
        _make_folder(target.parent)
        temporary.chmod(0o440 if settings().group_reads else 0o400)
        try:
            os.link(temporary, target)  # fails where it is there already: the same content, put away before
        except FileExistsError:
            if not _is_whole(target, sha256):  # damaged or gone meanwhile: the good copy takes its place
                os.link(temporary, again := temporary.with_suffix(".again"))
                again.replace(target)
        fsync_folder(target.parent)

    def path(self, sha256: str) -> Path:
        """Where the object with this hash lies."""
        return self.root / object_name(sha256)

    def holds(self, sha256: str) -> bool:
        db.not_while_writing(_STORE)
        return self.path(sha256).is_file()

    def verified(self, sha256: str) -> Path:
        db.not_while_writing(_STORE)
        path = self.path(sha256)
        try:
            with turns.waiting():
                found = sha256_of(path)
            if found != sha256:
                raise Damaged
        except FileNotFoundError:
            raise NotFound from None
        return path

    def read(self, sha256: str) -> Iterator[bytes]:
        db.not_while_writing(_STORE)
        try:
            with self.path(sha256).open("rb") as source:
                while chunk := source.read(CHUNK):
                    yield chunk
        except FileNotFoundError:
            raise NotFound from None

    def names(self) -> Iterator[str]:
        db.not_while_writing(_STORE)
        for folder, inner, files in os.walk(self.root):
            here = Path(folder)
            if here == self.root and self.inbox.name in inner:
                inner.remove(self.inbox.name)
            links = [name for name in inner if (here / name).is_symlink()]  # not walked into, but they lie there
            for name in (*files, *links):
                yield (here / name).relative_to(self.root).as_posix()

    def age(self, name: str) -> float | None:
        try:
            return time.time() - (self.root / name).lstat().st_mtime
        except FileNotFoundError:
            return None

    def covers(self, path: Path) -> bool:
        return path.resolve().is_relative_to(self.root.resolve())

    def remove(self, sha256: str) -> None:
        db.not_while_writing(_STORE)
        with turns.waiting():
            self.path(sha256).unlink(missing_ok=True)

    @property
    def _objects(self) -> Path:
        return self.root / "o"


def _is_whole(path: Path, sha256: str) -> bool:
    try:
        return sha256_of(path) == sha256
    except FileNotFoundError:
        return False


def _make_folder(folder: Path) -> None:
    """With those above it, each of them for good."""
    if not folder.is_dir():
        _make_folder(folder.parent)
        folder.mkdir(exist_ok=True)
        fsync_folder(folder.parent)


def fsync_folder(folder: Path) -> None:
    """See to it that the names in a folder are on the disk, too."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
