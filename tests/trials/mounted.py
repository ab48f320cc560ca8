"""File systems of one's own: small ones, and ones that lose their power. Root's, on Linux."""

import ctypes
import fcntl
import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# linux/fs/ext4: _IOR('X', 125, __u32), and the way that writes nothing more, not even the journal.
EXT4_IOC_SHUTDOWN = 0x8004587D
NO_LOG_FLUSH = 2


class NotAllowed(Exception):
    """This machine does not let us mount."""


def _run(*command: str) -> None:
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        raise NotAllowed(f"there is no {command[0]}") from None
    if done.returncode:
        raise NotAllowed(f"{' '.join(command)}: {done.stderr.strip()}")


@contextmanager
def small(folder: Path, megabytes: int) -> Iterator[Path]:
    """A file system in memory of this size."""
    folder.mkdir()
    _run("mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder))
    try:
        yield folder
    finally:
        unmount(folder)


def make_disk(image: Path, megabytes: int) -> None:
    """An image with an empty ext4."""
    with image.open("wb") as made:
        made.truncate(megabytes * 1024 * 1024)
    _run("mkfs.ext4", "-q", "-F", str(image))


def mount(image: Path, folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    _run("mount", "-o", "loop", str(image), str(folder))


def cut_power(folder: Path) -> None:
    """From this moment nothing more reaches the disk, whatever was written before and not synced."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.ioctl(handle, EXT4_IOC_SHUTDOWN, ctypes.c_uint32(NO_LOG_FLUSH))
    finally:
        os.close(handle)


def unmount(folder: Path) -> None:
    """Patiently: what was killed may take a moment to let go."""
    until = time.monotonic() + 30
    while True:
        try:
            _run("umount", str(folder))
        except NotAllowed:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)
        else:
            return
