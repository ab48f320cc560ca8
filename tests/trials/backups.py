"""Backup under constant writes, restore elsewhere, compare; again and again, into SQLite and PostgreSQL by turns.

    python -m tests.trials.backups --rounds 100

Two people work meanwhile, through the use cases and with real files: they hand in, review, send files and take them
away again, so that objects come and go while they are copied.
"""

import argparse
import hashlib
import itertools
import random
import shutil
import sys
import tarfile
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

import sqlalchemy as sa

from ita_core import audit, db, dump, workflow
from ita_core.demo import documents
from ita_core.demo.documents import Sheet
from ita_core.evidence.folder import Folder
from ita_core.evidence.objects import object_name
from ita_core.models import Decision
from ita_core.proof import backup, verify
from tests.benchmarks import table
from tests.cast import Cast, item_id, people, slots
from tests.conftest import STARTED, command, fill, postgres_server, text

AT_ONCE = 40  # documents that are handed in again and again; every fourth hand-in has one of its own
TERM = 10  # rounds; then another office begins, since one that grows for ever only takes longer
PAUSE = 0.05  # seconds between two acts of one person: the machine has two cores


@dataclass
class Figures:
    """Rounds that came back equal, and what was done meanwhile; `wrong` says what did not."""

    rounds: int = 0
    equal: int = 0
    writes: int = 0  # while backups were made and restored
    during: int = 0  # entries that came into the audit while a backup was being made
    objects: int = 0
    rows: int = 0
    backup_seconds: list[float] = field(default_factory=list)
    restore_seconds: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


@cache
def _document(number: int) -> bytes:
    sheet = Sheet(
        f"รายงานผลการปฏิบัติงาน ฉบับที่ {number}", "O6 ผลการปฏิบัติงาน", ("งานสืบสวนปราบปราม",), "ตม.จว.ประจวบคีรีขันธ์",
        "ด.ต.หญิง อุษา มีนาม", date(2025, 2, 28), figures=True,
    )  # fmt: skip
    return documents.pdf(sheet)


class Office:
    """An office at work: `hand_in` and `send` are what its two people do."""

    def __init__(self, engine: sa.Engine, store: Folder, seed: int) -> None:
        self.engine, self.store = engine, store
        self.dice = random.Random(seed)
        with db.writing(engine) as session:
            self.cast: Cast = people(session, STARTED)
            self.item = item_id(session, "O6")
            self.slots = slots(session, "O6", period="2025-02", format="pdf")
        self.documents = [_document(number) for number in range(AT_ONCE)]
        self.numbers = itertools.count(AT_ONCE)
        self.done = 0
        self.failed: list[str] = []

    def hand_in(self) -> None:
        """Usa hands in, Khanittha decides."""
        number = next(self.numbers)
        known = self.documents[number % AT_ONCE]
        kept = self.store.put([known if number % 4 else known + b"%%%d" % number], f"รายงาน {number}.pdf")
        with db.writing(self.engine) as session:
            made = workflow.submit(
                session, by=self.cast.usa, item_id=self.item, slots=self.slots, content=kept, note=f"ครั้งที่ {number}",
                at=datetime.now(UTC),
            )  # fmt: skip
        with db.writing(self.engine) as session:
            decision = self.dice.choice(list(Decision))
            workflow.review(
                session, by=self.cast.khanittha, evidence_id=made, decision=decision, reason="ตรวจแล้ว",
                at=datetime.now(UTC),
            )  # fmt: skip
        self.done += 2

    def send(self) -> None:
        """Pattama sends a file, and takes every second one away again."""
        number = next(self.numbers)
        kept = self.store.put([self.documents[number % AT_ONCE], b"%% sent %d" % number], f"แนบ {number}.pdf")
        with db.writing(self.engine) as session:
            upload = workflow.receive(
                session, by=self.cast.pattama, item_id=self.item, file=kept, key=str(number), at=datetime.now(UTC)
            )
        if number % 8:
            with db.writing(self.engine) as session:
                gone = workflow.discard(session, by=self.cast.pattama, upload_id=upload, at=datetime.now(UTC))
            for sha256 in gone:  # nobody else ever sends the same
                self.store.remove(sha256)
        else:
            with db.writing(self.engine) as session:
                workflow.submit(
                    session, by=self.cast.pattama, item_id=self.item, slots=self.slots,
                    content=workflow.Received(upload), at=datetime.now(UTC),
                )  # fmt: skip
        self.done += 2

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Both work while this is open."""
        stop = threading.Event()

        def keep_on(act: str) -> None:
            try:
                while not stop.wait(PAUSE):
                    getattr(self, act)()
            finally:
                if not stop.is_set():
                    self.failed.append(f"{act} ended")  # its traceback is on standard error

        workers = [threading.Thread(target=keep_on, args=(act,)) for act in ("hand_in", "send")]
        for worker in workers:
            worker.start()
        try:
            yield
        finally:
            stop.set()
            for worker in workers:
                worker.join()


def run(rounds: int, seed: int, folder: Path, source: str = "sqlite") -> Figures:
    """So many rounds, from databases of the kind `source`."""
    figures = Figures()
    with postgres_server() as server:
        for first in range(0, rounds, TERM):
            here = folder / f"term {first}"
            if source == "sqlite":
                engine = db.make_engine(f"sqlite:///{here / 'source.db'}")
            else:
                command(server, f"CREATE DATABASE source{first}")
                engine = db.make_engine(text(server.set(database=f"source{first}")))
            fill(engine)
            office = Office(engine, _store(here / "source"), seed + first)
            _term(range(first, min(first + TERM, rounds)), office, server, here, figures)
            engine.dispose()
            shutil.rmtree(here)
    return figures


def _term(rounds: range, office: Office, server: sa.URL, folder: Path, figures: Figures) -> None:
    """Some rounds of one office; at the end it is looked at itself, with every head that was kept of it."""
    office.hand_in()
    with office.at_work():
        heads = [_round(number, office, server, folder, figures) for number in rounds]
    figures.writes += office.done
    figures.wrong += office.failed
    for head in heads:
        with db.reading(office.engine) as session:
            figures.wrong += audit.faults(session, head)
    figures.wrong += [str(one) for one in verify.verify(engine=office.engine, store=office.store).findings]


def _store(folder: Path) -> Folder:
    made = Folder(folder)
    made.prepare()
    return made


def _round(number: int, office: Office, server: sa.URL, folder: Path, figures: Figures) -> tuple[int, str]:
    file, place, name = folder / "backup.tar", folder / "target", f"target{number}"
    began = time.monotonic()
    made = backup.backup(engine=office.engine, store=office.store, file=file, at=datetime.now(UTC), force=True)
    figures.backup_seconds.append(time.monotonic() - began)
    with db.reading(office.engine) as session:
        figures.during += audit.head(session)[0] - made.head[0]
    if number % 2:
        command(server, f"CREATE DATABASE {name}")
        url = text(server.set(database=name))
    else:
        url = f"sqlite:///{place / 'ita.db'}"
    target = db.make_engine(url)
    store = _store(place / "evidence")
    began = time.monotonic()
    back = backup.restore(engine=target, store=store, file=file)
    figures.restore_seconds.append(time.monotonic() - began)
    wrong = [str(one) for one in made.findings]
    wrong += [] if back == made else [f"round {number}: {back} is not {made}"]
    wrong += _differences(target, store, file)
    wrong += [str(one) for one in verify.verify(engine=target, store=store, kept=made.head).findings]
    figures.rounds += 1
    figures.equal += not wrong
    figures.wrong += wrong
    figures.objects, figures.rows = back.objects, back.rows
    target.dispose()
    if number % 2:
        command(server, f"DROP DATABASE {name} WITH (FORCE)")
    shutil.rmtree(place)
    return made.head


def _differences(target: sa.Engine, store: Folder, file: Path) -> list[str]:
    """Compared with the tar file itself, past the code that restored it."""
    with db.reading(target) as session:
        rows = {f"rows/{name}.jsonl": part.sha256 for name, part in dump.digests(session).items()}
        kept = {object_name(row.sha256) for row in session.connection().execute(sa.select(dump.TABLES["storedfile"]))}
    with tarfile.open(file) as archive:
        said = {
            member.name: hashlib.file_digest(archive.extractfile(member), "sha256").hexdigest()
            for member in archive
            if member.name != backup.MANIFEST
        }
    there = {name: hashlib.file_digest((store.root / name).open("rb"), "sha256").hexdigest() for name in store.names()}
    wrong = [f"{name} differs" for name, digest in (rows | there).items() if said.get(name) != digest]
    return wrong + [f"{name}: of rows and objects one is missing" for name in kept ^ there.keys()]


def main() -> int:
    """Run it as it is asked for; 1 if a bound is broken."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--rounds", type=int, default=100)
    asked.add_argument("--seed", type=int, default=2568)
    asked.add_argument("--source", choices=["sqlite", "postgres"], default="sqlite")
    wanted = asked.parse_args()
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="ita-backups-") as folder:
        made = run(wanted.rounds, wanted.seed, Path(folder), wanted.source)
    backups, restores = sorted(made.backup_seconds), sorted(made.restore_seconds)
    head = ("rounds", "equal", "writes", "of these during a backup", "rows in the last", "files", "backup s, median",
            "longest", "restore s, median", "longest", "all s")  # fmt: skip
    row = (made.rounds, made.equal, made.writes, made.during, made.rows, made.objects, backups[len(backups) // 2],
           backups[-1], restores[len(restores) // 2], restores[-1], time.monotonic() - began)  # fmt: skip
    print(table.text(f"Backups from {wanted.source} under writes, seed {wanted.seed}", head, [row]))
    for one in made.wrong:
        print(one)
    return 0 if made.equal == made.rounds and not made.wrong else 1


if __name__ == "__main__":
    sys.exit(main())
