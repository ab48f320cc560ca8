"""Who on this machine may read what is kept: the user that the program runs as, or its group by ITA_GROUP_READS.

Windows has no such bits: there it is for the folder's own rights to say.
"""

import logging
import os
import stat
from collections.abc import Iterable
from pathlib import Path

from ita_core.settings import settings

_log = logging.getLogger(__name__)


def begin() -> None:
    """Shut whatever this process makes from now on to everybody else."""
    os.umask(0o027 if settings().group_reads else 0o077)


def mend(places: Iterable[Path]) -> None:
    """Shut what was made by an earlier version, or put there by hand: files, and folders with all that is in them.

    A place may be a link to where it really lies; one inside of it leads to what is not ours. A folder that is shut
    already is not walked through: nobody else comes to what is in it. What cannot be changed is named in the log.
    """
    for place in map(Path.resolve, places):
        if not _shut(place) or not place.is_dir():
            continue
        for folder, inner, files in os.walk(place):
            for name in (*inner, *files):
                _shut(Path(folder) / name)


def _shut(path: Path) -> bool:
    """Whether there was something to change, and it was changed."""
    try:
        found = path.lstat().st_mode
        mode = found & (stat.S_IRWXU | stat.S_ISGID)  # which group gets what is made in a folder is the owner's to say
        if settings().group_reads:
            mode |= (mode & (stat.S_IRUSR | stat.S_IXUSR)) >> 3
        if stat.S_ISLNK(found) or stat.S_IMODE(found) == mode or os.name == "nt":
            return False
        path.chmod(mode)
    except FileNotFoundError:
        return False
    except OSError:  # another's, or a disk that has no such bits
        _log.warning("%s can be read by others on this machine, and is not this user's to change", path)
        return False
    return True
