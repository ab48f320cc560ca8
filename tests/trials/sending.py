"""Files sent through the app's own code, by a process that may die at any moment; and what must be true afterwards."""

import hashlib
import os
import random
import shutil
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import sqlalchemy as sa
from sqlmodel import select

from ita_core import audit, db, settings, start, workflow
from ita_core.board.progress import SlotKey
from ita_core.errors import NotFound, Refused
from ita_core.evidence.objects import STALE_SECONDS, Damaged, object_name
from ita_core.evidence.store import open_store
from ita_core.models import Evidence, StoredFile, Upload
from ita_core.workflow import receiving
from tests.cast import item_id, people, slots
from tests.conftest import STARTED
from tests.papers import filled_pdf

SMALLEST, LARGEST = 10, 19  # powers of two: 1 KB to 512 KB
THREADS = 4
SMALL = 10_000_000  # from this number on parcels are small, all of one size
PIECE = 64 * 1024


@dataclass(frozen=True)
class Site:
    """Where a database and an evidence folder lie."""

    database: Path
    evidence: Path

    def enter(self) -> None:
        """Work here from now on."""
        leave()
        os.environ["ITA_DATABASE_URL"] = f"sqlite:///{self.database}"
        os.environ["ITA_EVIDENCE_URL"] = str(self.evidence)
        os.environ["ITA_TODAY"] = "2025-03-15"
        settings.settings.cache_clear()


def leave() -> None:
    """Close what this process has open."""
    if db.engine.cache_info().currsize:
        db.engine().dispose()
    for remembered in (settings.settings, db.engine, open_store):
        remembered.cache_clear()


@dataclass(frozen=True)
class Work:
    """Who sends, and for what."""

    by: int
    item_id: int
    slots: tuple[SlotKey, ...]


def lay_out(site: Site) -> Work:
    """Fill a database with the real plan and the cast."""
    site.enter()
    start.fill()
    with db.writing() as session:
        by = people(session, STARTED).usa
    with db.reading() as session:
        return Work(by, item_id(session, "O6"), tuple(slots(session, "O6", period="2025-01", format="pdf")))


def copied(template: Site, folder: Path) -> Site:
    """The same database in a folder of its own, without evidence."""
    folder.mkdir()
    shutil.copy(template.database, folder / "ita.db")
    return Site(folder / "ita.db", folder / "evidence")


@dataclass(frozen=True)
class Parcel:
    """One file to send; the number gives all of it."""

    number: int

    @property
    def name(self) -> str:
        return f"รายงาน {self.number}.pdf"

    @property
    def key(self) -> str:
        return f"browser-{self.number}"

    @property
    def content(self) -> bytes:
        dice = random.Random(self.number)
        return filled_pdf(
            salt=dice.randbytes(10_000 if self.number >= SMALL else int(2 ** dice.uniform(SMALLEST, LARGEST)))
        )

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


Says = Callable[[str], None]


def send(work: Work, parcel: Parcel, says: Says = lambda _line: None) -> tuple[int, int]:
    """Send and hand in, as the route and the page do; each is acknowledged once it is committed. Gives both ids."""
    content = parcel.content
    with open_store().receive(parcel.name, expected=len(content)) as incoming:
        for place in range(0, len(content), PIECE):
            incoming.write(content[place : place + PIECE])
        upload = receiving.keep(
            incoming, by=work.by, item_id=work.item_id, key=parcel.key, at=settings.settings().now()
        )
    says(f"received {parcel.number} {upload}")
    with db.writing() as session:
        evidence = workflow.submit(
            session, by=work.by, item_id=work.item_id, slots=work.slots, content=workflow.Received(upload),
            at=settings.settings().now(),
        )  # fmt: skip
    says(f"handed {parcel.number} {evidence}")
    return upload, evidence


def send_on(work: Work, numbers: Sequence[Iterable[int]], says: Says) -> None:
    """A thread for each row of numbers, until all are sent or something fails; what failed is said."""

    def one(row: Iterable[int]) -> None:
        for number in row:
            says(f"began {number}")
            try:
                send(work, Parcel(number), says)
            except (Refused, OSError, sa.exc.SQLAlchemyError) as error:
                says(f"failed {number} {type(error).__name__}")
                return

    threads = [threading.Thread(target=one, args=(row,), daemon=True) for row in numbers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@dataclass
class Dying:
    """A process that sends until it is killed."""

    pid: int
    pipe: int
    heard: bytes = b""

    @classmethod
    def begin(cls, work: Work, numbers: Sequence[Iterable[int]], before: Callable[[], None] = lambda: None) -> "Dying":
        """Fork: all is loaded already, so it sends at once. This process must have no thread and no database open."""
        here, there = os.pipe()
        pid = os.fork()
        if pid:
            os.close(there)
            return cls(pid, here)
        try:
            os.close(here)
            before()
            send_on(work, numbers, lambda line: void(os.write(there, f"{line}\n".encode())))
            time.sleep(600)  # what it was to send is sent: it is killed all the same
        finally:
            os._exit(1)

    def kill(self) -> "Said":
        """As the kernel's out-of-memory killer would, or somebody's `kill -9`."""
        os.kill(self.pid, 9)
        while piece := os.read(self.pipe, 1 << 20):
            self.heard += piece
        os.close(self.pipe)
        os.waitpid(self.pid, 0)
        return Said.of(self.heard)


def window(work: Work, site: Site) -> float:
    """Seconds within which to end a sender, so that most end in the middle of a file, wherever the time of one goes."""
    site.enter()
    send(work, Parcel(1))  # compiles the statements
    began = time.monotonic()
    for number in range(2, 5):
        send(work, Parcel(number))
    leave()
    return max(0.2, (time.monotonic() - began) / 3 * THREADS * 1.5)


def void(_result: object) -> None:
    """Nothing."""


@dataclass
class Said:
    """What a sender said before it ended: numbers of parcels, and the ids they got."""

    began: list[int] = field(default_factory=list)
    received: dict[int, int] = field(default_factory=dict)
    handed: dict[int, int] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, heard: bytes) -> "Said":
        said = cls()
        for line in heard.decode().splitlines():
            what, number, *rest = line.split()
            if what == "began":
                said.began.append(int(number))
            elif what == "failed":
                said.failed.append(rest[0])
            else:
                (said.received if what == "received" else said.handed)[int(number)] = int(rest[0])
        return said

    @property
    def acknowledged(self) -> int:
        return len(self.received) + len(self.handed)

    def add(self, other: "Said") -> None:
        self.began += other.began
        self.received |= other.received
        self.handed |= other.handed
        self.failed += other.failed


def lost(said: Said) -> list[str]:
    """Of what was acknowledged, what is not there as it was sent."""
    found = []
    with db.reading() as session:
        for number, upload_id in said.received.items():
            upload = session.get(Upload, upload_id)
            if upload is None or upload.sha256 != Parcel(number).sha256 or not _lies(upload.sha256):
                found.append(f"upload {upload_id}")
        for number, evidence_id in said.handed.items():
            evidence = session.get(Evidence, evidence_id)
            if evidence is None or (evidence.sha256, evidence.file_name) != (
                Parcel(number).sha256,
                Parcel(number).name,
            ):
                found.append(f"evidence {evidence_id}")
            elif not _lies(Parcel(number).sha256):
                found.append(f"object of evidence {evidence_id}")
    return found


def _lies(sha256: str) -> bool:
    try:
        return open_store().verified(sha256).is_file()
    except (NotFound, Damaged):
        return False


def faults() -> list[str]:
    """What is wrong with the whole: the audit's chain, rows without their objects."""
    with db.reading() as session:
        found = audit.faults(session)
        rows = session.exec(select(StoredFile.sha256)).all()
    return found + [f"row without object {sha256[:8]}" for sha256 in rows if not _lies(sha256)]


def doubles() -> int:
    """Records more than one of the same parcel."""
    with db.reading() as session:
        evidence = Counter(session.exec(select(Evidence.file_name)).all())
        uploads = Counter(session.exec(select(Upload.file_name)).all())
    return sum(count - 1 for counted in (evidence, uploads) for count in counted.values())


def strays() -> int:
    """Objects, or anything else, that no row names."""
    with db.reading() as session:
        known = {object_name(sha256) for sha256 in session.exec(select(StoredFile.sha256))}
    return len(set(open_store().names()) - known)


def leftovers(site: Site) -> tuple[int, int]:
    """How many unfinished files lie there now, and how many after a start a while later."""
    inbox = site.evidence / "tmp"
    left = list(inbox.iterdir()) if inbox.is_dir() else []
    for path in left:
        then = path.stat().st_mtime - STALE_SECONDS - 1
        os.utime(path, (then, then))
    open_store.cache_clear()
    open_store()
    return len(left), len(list(inbox.iterdir()))


def table(*rows: tuple[str, object]) -> None:
    """Print figures."""
    width = max(len(name) for name, _figure in rows)
    for name, figure in rows:
        print(f"{name:<{width}}  {figure}")
