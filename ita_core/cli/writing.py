"""How a command gives out what it made: whole or not at all, where it was told to, with a bar while it takes long."""

import os
import stat
import sys
import tempfile
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO

import typer

from ita_core import db
from ita_core.cli.apps import CannotWrite
from ita_core.errors import Refused
from ita_core.evidence.folder import fsync_folder
from ita_core.language import N_
from ita_core.waiting import Progress, silent

Content = bytes | Callable[[IO[bytes]], None]  # what is written, or what writes it
QUICK = 0.5  # seconds after which somebody wants to know whether it goes on (look.md)


class OwnFile(Refused):
    says = N_("{file} is the database itself: name another file.")


def target_of(output: Path | None, name: str) -> Path | None:
    """Where a file called `name` goes by the option `-o`: a file, that name in a folder; None: standard output."""
    return output / name if output is not None and output.is_dir() else output


def ending_of(path: Path | None, allowed: Collection[str]) -> str:
    """Which of the allowed endings (`pdf`) a file's name has; "" for what has none to say: a folder, a pipe, None.

    Raises BadParameter (exit status 2) for another ending: a PDF called m.txt would open in no program.
    """
    if path is None or (path.exists() and not path.is_file()):
        return ""
    ending = path.suffix.lower().removeprefix(".")
    if ending not in allowed:
        wanted = " or ".join(f".{one}" for one in allowed)
        raise typer.BadParameter(f"The name must end in {wanted}, but it is “{path.name}”.")
    return ending


def put_whole(target: Path | None, content: Content) -> None:
    """Write to the file (None: standard output), whole or not at all: an old file of that name stays until then.

    It is written beside it under a name of its own, synced, and renamed; a link is followed, and what is no file (a
    terminal, a pipe) is written to as it is. Raises CannotWrite, also where the disk is full, OwnFile, and what
    `content` raises; then nothing new is left behind.
    """
    write = _writer(content)
    try:
        if target is None:
            write(sys.stdout.buffer)
            sys.stdout.buffer.flush()
        elif target.exists() and not target.is_file() and not target.is_dir():
            with target.open("wb") as there:
                write(there)
        else:
            _beside(target.resolve(), write)
    except OSError as error:
        raise CannotWrite(file=target or "standard output", why=error.strerror or error) from None


def give(output: Path | None, name: str, content: Content) -> None:
    """`put_whole` to where `-o` says (`target_of`); the file is named on standard error.

    Raises the same.
    """
    target = target_of(output, name)
    put_whole(target, content)
    if target is not None:
        print(target, file=sys.stderr)


def _writer(content: Content) -> Callable[[IO[bytes]], object]:
    return (lambda target: target.write(content)) if isinstance(content, bytes) else content


def _beside(file: Path, write: Callable[[IO[bytes]], object]) -> None:
    if db.lies_in(db.engine(), file):
        raise OwnFile(file=file)
    handle, name = tempfile.mkstemp(prefix=f".{file.name[:40]}.", suffix=".part", dir=file.parent)
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as target:
            write(target)
            target.flush()
            part.chmod(_mode(file))
            os.fsync(target.fileno())
        part.replace(file)
        fsync_folder(file.parent)
    finally:
        part.unlink(missing_ok=True)


def _mode(file: Path) -> int:
    """Who may read it: whoever might read the old one; of a new one, whom the terminal lets read new files."""
    if file.exists():
        return stat.S_IMODE(file.stat().st_mode)
    umask = os.umask(0o077)
    os.umask(umask)
    return 0o666 & ~umask


@contextmanager
def bar(label: str) -> Iterator[Progress]:
    """What shows progress on a terminal's standard error once it takes longer than half a second; nothing in a log."""
    with ExitStack() as stack:
        began, drawn = time.monotonic(), None

        def show(done: int, expected: int) -> None:
            nonlocal drawn
            if drawn is None:
                if time.monotonic() - began < QUICK:
                    return
                drawn = stack.enter_context(typer.progressbar(length=expected, label=label, file=sys.stderr))
            drawn.update(done - drawn.pos)

        yield show if sys.stderr.isatty() else silent
