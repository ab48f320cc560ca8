"""Viruses: what clamd, the daemon of ClamAV, finds in a file. Optional: without ITA_CLAMD nothing is scanned.

Nothing is taken on silence: clamd away, late, or saying anything but "OK" is a refusal. clamd also says "OK" to what it
did not look at because it is larger than its limits, so a start proves with a file of the largest size that is taken
that a test signature at its end is found.

The protocol (INSTREAM) is spoken here. Of the clients on PyPI clamd is of 2014 and pyclamd of 2017; clamav-client is
looked after, but takes half an answer for one, and loses the answer of a clamd that hangs up while it still sends.
"""

import re
import secrets
import socket
import struct
import time
import zipfile
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import cast

from ita_core import db
from ita_core.errors import Refused
from ita_core.language import N_
from ita_core.settings import settings

PIECE = 256 * 1024
SECONDS = 100  # for one file; clamd's own MaxScanTime is 120, and a scan that it cut short must not count as one
LONGEST_ANSWER = 4096  # bytes
# The test signature that every scanner knows, in two parts: no scanner shall find it in this file.
_EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + rb"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
_TOO_LARGE = ("INSTREAM size limit exceeded", "stream: Heuristics.Limits.Exceeded")


class Infected(Refused):
    says = N_("“{file}” was not received: the virus scanner found {found} in it. Tell the administrator.")


class TooLargeToScan(Refused):
    says = N_(
        "“{file}” was not received: it is larger than the virus scanner looks through. Tell the administrator: "
        "StreamMaxLength, MaxFileSize and MaxScanSize in clamd.conf must be raised."
    )


class ScannerAway(Refused):
    says = N_("“{file}” was not received: the virus scanner does not answer. Try again later; nothing else was lost.")
    passing = True


class ScannerUnfit(Refused):
    says = N_(
        "The virus scanner does not look through files of {limit} MB: raise StreamMaxLength and MaxFileSize in "
        "clamd.conf to at least {limit}M and MaxScanSize to at least {twice}M, and restart clamd."
    )


def check(path: Path, name: str) -> None:
    """Have the scanner look through a file that was sent as `name`; nothing where no scanner is set.

    Raises Infected, TooLargeToScan, ScannerAway.
    """
    if not settings().clamd:
        return
    with path.open("rb") as source:
        try:
            with _Stream(settings().clamd) as stream:
                while piece := source.read(PIECE):
                    stream.write(piece)
                said = stream.answer()
        except OSError:
            raise ScannerAway(file=name) from None
    if said == "stream: OK":
        return
    if said.startswith(_TOO_LARGE):
        raise TooLargeToScan(file=name)
    if found := re.fullmatch(r"stream: (.+) FOUND", said):
        raise Infected(file=name, found=found[1])
    raise ScannerAway(file=name)


def prove() -> None:
    """See that the scanner finds a test signature at the end of the largest file that is taken.

    In a zip, as most of what is sent is one inside: unpacking it counts against clamd's limits too. Raises
    ScannerUnfit, ScannerAway.
    """
    if not settings().clamd:
        return
    limit = settings().max_upload_mb
    try:
        with _Stream(settings().clamd) as stream:
            _write_zip_with_signature(stream, limit * 1024 * 1024)
            said = stream.answer()
    except OSError:
        raise ScannerAway(
            N_("The virus scanner that ITA_CLAMD names does not answer: start it, or correct the setting.")
        ) from None
    if said.startswith(_TOO_LARGE) or not said.endswith(" FOUND"):
        raise ScannerUnfit(limit=limit, twice=2 * limit)


def _write_zip_with_signature(target: "_Stream", size: int) -> None:
    with zipfile.ZipFile(cast("zipfile._ZipWritable", target), "w") as archive:
        with archive.open("filler", "w") as filler:
            filler.write(secrets.token_bytes(512))  # clamd remembers what it found clean, and would not look again
            left = size - 1024  # the zip's own bytes are fewer
            while left > 0:
                left -= filler.write(bytes(min(PIECE, left)))
        archive.writestr("eicar.com", _EICAR)


class _Stream:
    """One file sent to clamd in pieces; `answer` ends it. Whatever goes wrong on the way is an OSError."""

    def __init__(self, address: str) -> None:
        db.not_while_writing("the virus scanner")
        self._until = time.monotonic() + SECONDS
        if address.startswith("/"):
            self._socket = socket.socket(socket.AF_UNIX)
            try:
                self._in_time().connect(address)
            except OSError:
                self._socket.close()
                raise
        else:
            host, _colon, port = address.rpartition(":")
            self._socket = socket.create_connection((host.strip("[]"), int(port)), timeout=SECONDS)
        self._ended = False
        self._send(b"zINSTREAM\0")

    def write(self, piece: bytes) -> int:
        if piece:  # a piece of no length would be the end
            self._send(struct.pack(">I", len(piece)) + piece)
        return len(piece)

    def flush(self) -> None:
        """Nothing is held back."""

    def answer(self) -> str:
        self._send(struct.pack(">I", 0))
        said = b""
        while not said.endswith(b"\0"):
            piece = self._in_time().recv(LONGEST_ANSWER)
            said += piece
            if not piece or len(said) > LONGEST_ANSWER:
                raise ConnectionError
        text = said[:-1].decode(errors="replace").strip()
        if self._ended and text == "stream: OK":  # of what came so far
            raise ConnectionError
        return text

    def _send(self, content: bytes) -> None:
        """clamd answers and hangs up before the end where the file is larger than it takes: the rest goes nowhere."""
        if not self._ended:
            self._ended = True
            with suppress(BrokenPipeError, ConnectionResetError):
                self._in_time().sendall(content)
                self._ended = False

    def _in_time(self) -> socket.socket:
        left = self._until - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self._socket.settimeout(left)
        return self._socket

    def __enter__(self) -> "_Stream":
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._socket.close()
