"""A process that may see only some of the machine's files, by Landlock (Linux 5.13 and later), which anybody may use.

What it starts is held to the same. By ctypes: no maintained library for it is to be had on PyPI. Kernel:
Documentation/userspace-api/landlock.rst, include/uapi/linux/landlock.h.
"""

import os
import sys
from collections.abc import Iterable
from pathlib import Path

_CREATE, _ADD, _RESTRICT = 444, 445, 446  # system calls, of the same number on every processor
_WHICH_VERSION, _BENEATH_A_PATH, _NO_NEW_PRIVILEGES = 1, 1, 38
_EXECUTE, _WRITE, _READ, _LIST, _TRUNCATE = 1, 1 << 1, 1 << 2, 1 << 3, 1 << 14
_OF_FIRST, _MOVE = (
    (1 << 13) - 1,
    1 << 13,
)  # all that version 1 knows; moving between folders came with 2, _TRUNCATE with 3
_SOCKETS = 1 << 5 | 1 << 9  # taking a file away, making a socket
_OF_FILES = _EXECUTE | _WRITE | _READ | _TRUNCATE


def confine(*, reads: Iterable[str | Path], writes: Iterable[str | Path], sockets: Iterable[str | Path] = ()) -> bool:
    """From now on this process reads and runs only what lies in `reads`, does anything only in `writes`, and makes
    sockets, and takes them away, in `sockets`, too; those that are not there are passed over.

    False where the system has no Landlock: then all is as it was.
    """
    if sys.platform != "linux":
        return False
    import ctypes

    system = ctypes.CDLL(None, use_errno=True)
    version = system.syscall(_CREATE, None, ctypes.c_size_t(0), _WHICH_VERSION)
    if version < 1:
        return False
    everything = _OF_FIRST | (_MOVE if version >= 2 else 0) | (_TRUNCATE if version >= 3 else 0)
    rules = system.syscall(_CREATE, everything.to_bytes(8, sys.byteorder), ctypes.c_size_t(8), 0)
    if rules < 0:
        return False
    for allowed, paths in ((_EXECUTE | _READ | _LIST, reads), (everything, writes), (_SOCKETS, sockets)):
        for path in paths:
            _allow(system, rules, allowed, path)
    held: bool = system.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0) == 0 and system.syscall(_RESTRICT, rules, 0) == 0
    os.close(rules)
    return held


def _allow(system: object, rules: int, allowed: int, path: str | Path) -> None:
    try:
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)  # type: ignore[attr-defined, unused-ignore]
    except OSError:
        return
    allowed &= -1 if Path(path).is_dir() else _OF_FILES
    rule = allowed.to_bytes(8, sys.byteorder) + place.to_bytes(4, sys.byteorder)
    system.syscall(_ADD, rules, _BENEATH_A_PATH, rule, 0)  # type: ignore[attr-defined]
    os.close(place)
