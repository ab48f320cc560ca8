"""A pack of many large files, by the command and from the real server: how much memory beside that of a small one?

    python -m tests.benchmarks.packs --files 20 --mb 100

Figures are printed; the exit status is 1 where a process took 50 MB more than for the demonstration's own evidence, or
a pack is not as its own sums say.
"""

import argparse
import hashlib
import re
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
from sqlmodel import Session, select

from ita_core import accounts, db, workflow
from ita_core.demo import build
from ita_core.evidence.folder import Folder
from ita_core.evidence.kinds import PDF
from ita_core.evidence.objects import File
from ita_core.exports import pack
from ita_core.models import Account, Decision
from ita_core.web.gate import COOKIE
from tests.benchmarks import table
from tests.benchmarks.uploads import memory
from tests.cast import item_id, slots
from tests.server import ROOT, environment, running, sign_in

GROWTH = 50  # MB (issue 13)
PIECE = 1024 * 1024
AT = datetime(2025, 3, 14, 3, 0, tzinfo=UTC)


def add_files(made: build.Demonstration, files: int, mb: int) -> None:
    """So many accepted files of this size, each of other bytes, put into the store as they are."""
    store, engine, given = Folder(Path(made.evidence_url)), db.make_engine(made.database_url), []
    store.prepare()
    for number in range(files):
        digest = hashlib.sha256()
        for piece in _content(number, mb):
            digest.update(piece)
        store.adopt(_content(number, mb), digest.hexdigest())
        name = f"ภาพถ่ายกิจกรรม {number}.pdf"
        given.append(File(digest.hexdigest(), mb * PIECE, PDF.media_type, PDF.format, name))
    with db.writing(engine) as session:
        sender, judge, item = _account(session, "usa"), _account(session, "khanittha"), item_id(session, "O6")
        covered = slots(session, "O6", period="2025-02", format="pdf")
        for file in given:
            evidence = workflow.submit(session, by=sender, item_id=item, content=file, at=AT, slots=covered)
            workflow.review(session, by=judge, evidence_id=evidence, decision=Decision.accepted, at=AT)
    engine.dispose()


def _content(number: int, mb: int) -> Iterator[bytes]:
    noise = hashlib.shake_128(b"%d" % number).digest(PIECE - 8)
    return (piece.to_bytes(8) + noise for piece in range(mb))


def _account(session: Session, username: str) -> int:
    return session.exec(select(Account.id).where(Account.username == username)).one() or 0


COMMAND = """
import sys
from pathlib import Path
from ita_core.cli import main
try:
    main(sys.argv[1:])
finally:
    print(Path("/proc/self/status").read_text())
"""


def by_command(folder: Path, made: build.Demonstration, target: Path) -> tuple[float, float]:
    """Seconds, and MB of memory at the most: said by the process itself, since what its parent is told of a child
    counts the parent's own memory."""
    begun = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", COMMAND, "pack", str(target)], cwd=ROOT, env=environment(folder, **made.environment),
        capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    [most] = re.findall(r"VmHWM:\s+(\d+) kB", done.stdout)
    return time.perf_counter() - begun, int(most) / 1024


def is_whole(made: Path) -> bool:
    """Whether every file in the pack is as its SHA256SUMS says, read one after another."""
    with zipfile.ZipFile(made) as packed:
        said = dict(reversed(line.split("  ", 1)) for line in packed.read(pack.SUMS).decode().splitlines())
        for name, sha256 in said.items():
            with packed.open(name) as source:
                if hashlib.file_digest(source, "sha256").hexdigest() != sha256:  # type: ignore[arg-type]
                    return False
        return set(packed.namelist()) == {*said, pack.SUMS}


def download(url: str, cookie: str, target: Path) -> float:
    """Seconds."""
    begun = time.perf_counter()
    with (
        httpx.stream("GET", f"{url}/pack.zip", headers={"Cookie": cookie}, timeout=600) as answer,
        target.open("wb") as out,
    ):
        assert answer.status_code == 200
        for part in answer.iter_raw():
            out.write(part)
    return time.perf_counter() - begun


def main(files: int, mb: int) -> int:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        made, target = build.build(folder / "demo"), folder / "pack.zip"
        with running(folder, **made.environment) as server:
            engine = db.make_engine(made.database_url)
            with db.writing(engine) as session:
                ticket = accounts.issue_ticket(
                    session, account_id=_account(session, "demo-admin"), now=datetime.now(UTC)
                )
            engine.dispose()
            cookie, pid = f"{COOKIE}={sign_in(server, ticket).cookies[COOKIE]}", server.process.pid
            small = by_command(folder, made, target)
            download(server.url, cookie, target)
            before = memory(pid, "VmHWM")
            add_files(made, files, mb)
            large = by_command(folder, made, target)
            whole, size = [is_whole(target)], target.stat().st_size / PIECE
            sent = download(server.url, cookie, target)
            whole.append(is_whole(target))
            most = memory(pid, "VmHWM")
        rows = [
            ("files", f"{files} × {mb} MB, the ZIP {size:,.0f} MB"),
            ("whole: by the command, from the server", whole),
            ("the command: small / large", f"{small[1]:.1f} / {large[1]:.1f} MB, {small[0]:.1f} / {large[0]:.1f} s"),
            ("the server at the most: before / after", f"{before:.1f} / {most:.1f} MB, {sent:.1f} s"),
        ]
        print(table.text("Packs", ("what", "figure"), rows))
        return int(not all(whole) or large[1] - small[1] >= GROWTH or most - before >= GROWTH)


if __name__ == "__main__":
    asked = argparse.ArgumentParser()
    asked.add_argument("--files", type=int, default=20)
    asked.add_argument("--mb", type=int, default=100)
    raise SystemExit(main(**vars(asked.parse_args())))
