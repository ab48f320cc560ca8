"""Evidence for packs, and a pack unpacked as an auditor has it."""

import shutil
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

from ita_core import db, queries, workflow
from ita_core.board.progress import shown_day
from ita_core.evidence.objects import File
from ita_core.evidence.store import open_store
from ita_core.exports import pack
from ita_core.models import Decision
from ita_core.settings import settings
from tests.cast import Cast, actor, item_id, slots
from tests.conftest import missing
from tests.papers import pdf_with


def paper(number: int) -> bytes:
    return pdf_with(f"0 0 {100 + number} 100")


def hand_in(cast: Cast, number: int, name: str, decision: Decision | None = Decision.accepted) -> int:
    """A file of O6 by Usa, on which Khanittha decided; gives the evidence's id."""
    return decide(cast, open_store().put([paper(number)], name), decision)


def decide(cast: Cast, kept: File, decision: Decision | None = Decision.accepted) -> int:
    """The same of a file that is in the store."""
    now = settings().now()
    with db.writing() as session:
        made = workflow.submit(session, by=cast.usa, item_id=item_id(session, "O6"), content=kept, at=now,
                               slots=slots(session, "O6", period="2025-02", format="pdf"))  # fmt: skip
        if decision:
            workflow.review(session, by=cast.khanittha, evidence_id=made, decision=decision, reason="เหตุ", at=now)
    return made


def link(cast: Cast) -> int:
    """An accepted address of O6."""
    now = settings().now()
    with db.writing() as session:
        made = workflow.submit(session, by=cast.usa, item_id=item_id(session, "O6"), at=now,
                               content=workflow.Link("https://example.org/o6"),
                               slots=slots(session, "O6", period="2025-02", format="word"))  # fmt: skip
        workflow.review(session, by=cast.khanittha, evidence_id=made, decision=Decision.accepted, at=now)
    return made


def chosen(who: int | None = None, *, everything: bool = False) -> pack.Chosen:
    """What an account may take along, None: the server."""
    with db.reading() as session:
        of = queries.get_assessment(session)
        day = shown_day(settings().day(), of.starts, of.ends)
        data = queries.current_snapshot(session, of).on(day)
        asks = actor(session, who) if who else None
        return pack.choose(session, data.visible_to(asks) if asks else data, asks, by="ทดสอบ", day=day,
                           at=settings().now(), everything=everything)  # fmt: skip


def packed(who: int | None = None, *, everything: bool = False) -> bytes:
    """The whole ZIP."""
    return b"".join(pack.stream(pack.make(chosen(who, everything=everything), open_store()), open_store()))


@dataclass
class Unpacked:
    """A folder with what was in a pack."""

    folder: Path

    @classmethod
    def of(cls, content: bytes, folder: Path) -> "Unpacked":
        (folder / "pack.zip").write_bytes(content)
        with zipfile.ZipFile(folder / "pack.zip") as made:
            assert made.testzip() is None
            made.extractall(folder / "pack")
        return cls(folder / "pack")

    @property
    def names(self) -> set[str]:
        return {path.relative_to(self.folder).as_posix() for path in self.folder.rglob("*") if path.is_file()}

    @property
    def evidence(self) -> set[str]:
        return {name for name in self.names if name.startswith(pack.EVIDENCE)}

    def sha256sum(self) -> subprocess.CompletedProcess[str]:
        command = ["sha256sum", "-c", "--strict", pack.SUMS]
        return subprocess.run(command, cwd=self.folder, capture_output=True, encoding="utf-8", check=False)

    def check(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """By the pack's own program, in a Python that finds nothing but its standard library."""
        command = [sys.executable, "-I", "-S", "-X", "utf8", str(self.folder / pack.CHECK), *arguments]
        return subprocess.run(command, capture_output=True, encoding="utf-8", check=False)


def unpacked(content: bytes, folder: Path) -> Path:
    """By Info-ZIP's unzip."""
    if not shutil.which("unzip"):
        missing("unzip", "apt install unzip")
    (folder / "made.zip").write_bytes(content)
    done = subprocess.run(
        ["unzip", "-q", "made.zip", "-d", "out"], cwd=folder, env={"LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin"},
        capture_output=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    return folder / "out"
