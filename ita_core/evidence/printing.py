"""An office file as the PDF that LibreOffice makes of it, where that is installed.

LibreOffice is a large program that reads hostile files: it runs in a process of its own with limits (`child`, whose
`main` this module also is), one at a time, on a copy in a folder of its own that holds its profile too and goes with
it. Where the system has what that takes, it sees no file beside that folder, the system's programs and its fonts
(`confining`; elsewhere workbooks, whose formulas can lead to others, are not printed), and no network. Macros are off,
it ends with its parent, and gets 1.5 GB of memory, 20 seconds of processor and 30 seconds in all. What it makes is a
PDF like any other: `drawing` reads it in its own limited process.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

from ita_core.evidence import child
from ita_core.evidence.confining import confine

MEMORY, PROCESSOR_SECONDS, SECONDS = 1536 * 1024**2, 20, 30
STARTS_AGAIN = 81  # its exit status after it has made a new profile
_turns = threading.BoundedSemaphore(1)
_NEW_USER, _NEW_NETWORK, _DIE_WITH_PARENT, _KILL = 0x10000000, 0x40000000, 1, 9
_OFFICE, _PROXY = "/org.openoffice.Office.", "/org.openoffice.Inet/Settings"
_SYSTEM = (
    "/usr", "/bin", "/lib", "/lib32", "/lib64", "/etc/fonts", "/etc/libreoffice", "/etc/ld.so.cache",
    "/etc/ld.so.conf", "/etc/ld.so.conf.d", "/etc/locale.alias", "/etc/localtime", "/etc/nsswitch.conf", "/etc/passwd",
    "/var/cache/fontconfig", "/var/lib/libreoffice", "/var/spool/libreoffice",
)  # fmt: skip
_DEVICES = ("/dev/null", "/dev/zero", "/dev/random", "/dev/urandom")
_WORKBOOKS = {".xlsx", ".xls"}
NOBODY_THERE = "9"  # the port that throws all away
_SETTINGS = (
    (f"{_OFFICE}Common/Security/Scripting", "DisableMacrosExecution", "true"),
    (f"{_OFFICE}Common/Security/Scripting", "MacroSecurityLevel", "3"),
    (f"{_OFFICE}Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    (f"{_OFFICE}Common/Security/Scripting", "DisableActiveContent", "true"),
    # Where the system does not let us take the network away, whatever would fetch asks where nobody answers.
    (_PROXY, "ooInetProxyType", "1"),
    *((_PROXY, f"ooInet{kind}ProxyName", "127.0.0.1") for kind in ("HTTP", "HTTPS", "FTP")),
    *((_PROXY, f"ooInet{kind}ProxyPort", NOBODY_THERE) for kind in ("HTTP", "HTTPS", "FTP")),
)


@lru_cache(maxsize=1)
def program() -> str:
    """LibreOffice's own program, "" where it is not installed. Not its starter, which would outlive an ended child."""
    found = shutil.which("soffice") or shutil.which("libreoffice")
    if not found:
        return ""
    own = Path(found).resolve().with_name("soffice.bin")
    return str(own) if own.exists() else found


@contextmanager
def as_pdf(path: Path, suffix: str) -> Iterator[Path]:
    """The file as a PDF, while this lasts: itself, where its `suffix` says that it is one.

    Raises child.Ended where there is no LibreOffice, or it makes nothing of the file; SlowUnderLock.
    """
    if suffix == ".pdf":
        yield path
        return
    if not program():
        raise child.Ended("LibreOffice is not installed", in_time=True)
    with tempfile.TemporaryDirectory(prefix="ita-print-", ignore_cleanup_errors=True) as folder:
        copy = Path(folder) / f"document{suffix}"
        shutil.copyfile(path, copy)
        answer = child.run(
            __name__, program(), str(copy), memory=MEMORY, processor_seconds=PROCESSOR_SECONDS, seconds=SECONDS,
            turns=_turns,
        )  # fmt: skip
        paper = Path(folder) / "paper.pdf"
        paper.write_bytes(answer)
        yield paper


def main(office: str, document: str) -> None:
    """In the child: the PDF on standard output. Raises RuntimeError where none is made."""
    folder = Path(document).parent
    _write_settings(folder / "profile" / "user")
    _leave_the_network()
    # A formula can put the place of another workbook together from cells (INDIRECT), which no look at the file tells.
    itself = Path(office).resolve().parents[1]
    shut_in = confine(reads=(*_SYSTEM, itself), writes=(folder, *_DEVICES), sockets=("/tmp",))  # noqa: S108  its own
    if not shut_in and Path(document).suffix in _WORKBOOKS:
        raise RuntimeError("LibreOffice could read other files here for a workbook")
    command = [
        office, "--headless", "--norestore", "--nologo", "--nodefault", "--nolockcheck",
        f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--convert-to", "pdf", "--outdir", str(folder),
        document,
    ]  # fmt: skip
    places = {"HOME": str(folder), "TMPDIR": str(folder), "PATH": os.environ.get("PATH", ""), "LANG": "C.UTF-8"}
    places |= dict.fromkeys(("http_proxy", "https_proxy", "all_proxy"), f"http://127.0.0.1:{NOBODY_THERE}")
    kept = {name: os.environ[name] for name in ("SystemRoot", "LD_LIBRARY_PATH") if name in os.environ}
    status = STARTS_AGAIN
    for _time in range(2):
        if status == STARTS_AGAIN:
            said = subprocess.run(  # noqa: S603  ours
                command, env=places | kept, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=False,
                preexec_fn=_end_with_parent if sys.platform == "linux" else None,
            )  # fmt: skip
            status = said.returncode
    paper = Path(document).with_suffix(".pdf")
    if status or not paper.exists():
        raise RuntimeError(f"LibreOffice ended with {status} and made nothing")
    sys.stdout.buffer.write(paper.read_bytes())


def _write_settings(profile: Path) -> None:
    """A profile in which no macro runs and nothing is fetched."""
    profile.mkdir(parents=True)
    items = "".join(
        f'<item oor:path="{path}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>'
        for path, name, value in _SETTINGS
    )
    text = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<oor:items xmlns:oor="http://openoffice.org/2001/registry" '
        f'xmlns:xs="http://www.w3.org/2001/XMLSchema">{items}</oor:items>\n'
    )
    (profile / "registrymodifications.xcu").write_text(text, encoding="utf-8")


def _leave_the_network() -> None:
    """Only where the system allows it: what could fetch was refused when the file came."""
    if sys.platform != "linux":
        return
    import ctypes

    system = ctypes.CDLL(None)
    if system.unshare(_NEW_NETWORK):  # only the system's administrator may do that alone
        system.unshare(_NEW_USER | _NEW_NETWORK)


def _end_with_parent() -> None:
    import ctypes

    ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, _KILL)
