"""Many large files at once through the real server: are they all right, does the process stay small, are pages quick?

    python -m tests.benchmarks.uploads --files 50 --mb 40

Figures are printed; the exit status is 1 where a file came out other than it went in, or the process grew by 300 MB.
"""

import argparse
import hashlib
import http.client
import os
import statistics
import struct
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote, urlsplit

from sqlmodel import select

from ita_core import accounts, db
from ita_core.demo import build
from ita_core.evidence.folder import Folder
from ita_core.models import Account, Item
from ita_core.web.gate import COOKIE
from tests.benchmarks import table
from tests.server import Server, Visitor, running, sign_in

GROWTH = 300  # MB that the process may grow by
PIECE = 1024 * 1024


def film(size: int, seed: int) -> Iterator[bytes]:
    """An MP4 of this size in pieces, its contents another for every seed."""
    header = struct.pack(">I4sII96s", 112, b"mvhd", 0, 0, struct.pack(">II", 1000, 5000).rjust(16, b"\0"))
    moov = struct.pack(">I4s", 8 + len(header), b"moov") + header
    start = struct.pack(">I4s4sI4s4s", 24, b"ftyp", b"isom", 512, b"isom", b"mp41") + moov
    rest = size - len(start)
    yield start + struct.pack(">I4s", rest, b"mdat")
    noise, rest = os.urandom(PIECE), rest - 8
    while rest > 0:
        piece = (struct.pack(">QQ", seed, rest) + noise)[: min(PIECE, rest)]
        yield piece
        rest -= len(piece)


def send(server: Server, cookie: str, item: int, number: int, size: int, rate: float = 0) -> tuple[int, str]:
    """Send one file over a connection of its own; gives the status and the hash of what was sent.

    `rate` is what its line carries, in bytes a second; 0: as fast as it goes.
    """
    digest, begun, gone = hashlib.sha256(), time.perf_counter(), 0

    def told() -> Iterator[bytes]:
        nonlocal gone
        for piece in film(size, number):
            digest.update(piece)
            gone += len(piece)
            if rate:
                time.sleep(max(0, gone / rate - (time.perf_counter() - begun)))
            yield piece

    connection = http.client.HTTPConnection(urlsplit(server.url).netloc, timeout=600)
    headers = {
        "Cookie": cookie, "Origin": server.url, "Content-Length": str(size),
        "X-File-Name": quote(f"คลิปกิจกรรม {number}.mp4"),
    }  # fmt: skip
    connection.request("POST", f"/uploads/{item}/bench-{number}", body=told(), headers=headers)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status, digest.hexdigest()


def memory(pid: int, field: str) -> float:
    """MB of a process: VmRSS now, VmHWM at the most so far."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(field):
            return int(line.split()[1]) / 1024
    raise KeyError(field)


def looks(
    server: Server, cookie: str, until: threading.Event, least: int, address: str = "/item?item=O6"
) -> list[float]:
    """Milliseconds from a click to the drawn page, again and again until told to stop."""
    taken: list[float] = []
    with Visitor(server, cookie=cookie) as visitor:
        visitor.open(address)
        while not until.is_set() or len(taken) < least:
            begun = time.perf_counter()
            visitor.again()
            taken.append((time.perf_counter() - begun) * 1000)
            time.sleep(0.2)
    return taken


def spread(taken: list[float]) -> str:
    ordered = sorted(taken)
    return f"{statistics.median(ordered):.0f} / {ordered[int(len(ordered) * 0.95)]:.0f} ms ({len(ordered)} looks)"


def main(files: int, mb: int) -> int:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        made = build.build(folder / "demo")
        engine = db.make_engine(made.database_url)
        with running(folder, **made.environment) as server:
            now = datetime.now(UTC)
            with db.writing(engine) as session:
                account = session.exec(select(Account).where(Account.username == "usa")).one()
                item = session.exec(select(Item.id).where(Item.code == "O12")).one() or 0  # one that takes films
                tickets = [accounts.issue_ticket(session, account_id=account.id or 0, now=now) for _two in range(2)]
            sender, reader = (f"{COOKIE}={sign_in(server, ticket).cookies[COOKIE]}" for ticket in tickets)
            pid, stop = server.process.pid, threading.Event()
            stop.set()
            quiet = looks(server, reader, stop, 20)
            before = memory(pid, "VmRSS")
            stop.clear()
            with ThreadPoolExecutor(files + 1) as people:
                watching = people.submit(looks, server, reader, stop, 5)
                begun = time.perf_counter()
                sent = list(people.map(lambda number: send(server, sender, item, number, mb * 1024**2), range(files)))
                seconds = time.perf_counter() - begun
                stop.set()
                busy = watching.result()
            most, after = memory(pid, "VmHWM"), memory(pid, "VmRSS")
            store = Folder(Path(made.evidence_url))
            right = sum(status == 201 and bool(store.verified(sha256)) for status, sha256 in sent)
            left = len(list(store.inbox.iterdir()))
        rows = [
            ("files", f"{files} × {mb} MB"),
            ("arrived with the right hash", right),
            ("seconds", f"{seconds:.1f} ({files * mb / seconds:.0f} MB/s)"),
            ("process before / most / after", f"{before:.0f} / {most:.0f} / {after:.0f} MB"),
            ("temporary files left", left),
            ("a page, median / p95, quiet", spread(quiet)),
            ("a page, median / p95, meanwhile", spread(busy)),
        ]
        print(table.text("4. Uploads at once", ("what", "figure"), rows))
        return int(right != files or most - before >= GROWTH or left > 0)


if __name__ == "__main__":
    asked = argparse.ArgumentParser()
    asked.add_argument("--files", type=int, default=50)
    asked.add_argument("--mb", type=int, default=40)
    raise SystemExit(main(**vars(asked.parse_args())))
