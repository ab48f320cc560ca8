"""The disk fills up: `python -m tests.trials.disk_full` (root's, on Linux; needs some megabytes of memory).

Three times: up to the room that uploads leave for the rest, to the last byte, and where only the database's disk fills.
Each time what was acknowledged is there, nothing is half-saved, reading goes on, the refusal is a sentence, and once
there is room again work goes on.
"""

import itertools
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from ita_core import db, queries, settings, workflow
from ita_core.errors import NoRoom, Refused
from ita_core.evidence.objects import DiskFull
from ita_core.evidence.store import open_store
from tests.trials import mounted, sending
from tests.trials.sending import SMALL, THREADS, Parcel, Said, Site, Work

MB = 1024 * 1024
SIZE = 32  # megabytes


@dataclass
class Outcome:
    """What was found in one of the three."""

    said: Said
    sentence: str
    link: bool  # whether the small things of the day could still be recorded
    lost: int
    leftovers: int
    strays: int
    faults: list[str]
    read: bool
    goes_on: bool

    def broken(self, allowed: tuple[type[Refused], ...]) -> bool:
        unexpected = set(self.said.failed) - {refusal.__name__ for refusal in allowed}
        whole = not (self.lost or self.leftovers or self.strays or self.faults or unexpected)
        return not (whole and self.read and self.goes_on and self.sentence and self.said.acknowledged)


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="ita-full-") as folder:
        try:
            return run(Path(folder))
        except mounted.NotAllowed as why:
            print(f"This trial needs to mount a file system: {why}", file=sys.stderr)
            return 3


def run(folder: Path) -> int:
    template = Site(folder / "template.db", folder / "template")
    work, numbers = sending.lay_out(template), itertools.count(1)
    sending.leave()
    broken = False
    for title, reserve, both, allowed in (
        ("up to the reserve", 3 * MB, True, (DiskFull,)),
        ("to the last byte", 0, True, (DiskFull, NoRoom)),
        ("the database's disk only", 0, False, (NoRoom,)),
    ):
        room = reserve + 4 * MB if both else MB // 2
        here = folder / title.replace(" ", "-").replace("'", "")
        with mounted.small(here, SIZE) as disk:
            site = sending.copied(template, disk / "site")
            (disk / "ballast").write_bytes(bytes(shutil.disk_usage(disk).free - room))
            if not both:
                site = Site(site.database, folder / "elsewhere")
            site.enter()
            open_store().reserve = reserve
            found = _fill(work, numbers, disk)
            sending.leave()
        bad = found.broken(allowed) or (reserve > 0 and not found.link)
        broken |= bad
        print(f"{title}{': BROKEN' if bad else ''}")
        sending.table(
            ("  acknowledged before it was full", found.said.acknowledged),
            ("  refused as", ", ".join(sorted(set(found.said.failed)))),
            ("  sentence", found.sentence),
            ("  a link can still be handed in", found.link),
            ("  reading goes on", found.read),
            ("  lost", found.lost),
            ("  unfinished files", found.leftovers),
            ("  objects that no row names", found.strays),
            ("  other faults", found.faults[:5] or 0),
            ("  goes on once there is room", found.goes_on),
        )
    return int(broken)


def _fill(work: Work, numbers: "itertools.count[int]", disk: Path) -> Outcome:
    heard: list[str] = []
    sending.send_on(work, [[next(numbers) for _ in range(3000)] for _ in range(THREADS)], heard.append)
    # The small ones still found room: until none does, whatever its size.
    sentence, refused = "", 0
    while refused < 5 and len(heard) < 10_000:
        one = SMALL + next(numbers)
        heard.append(f"began {one}")
        try:
            sending.send(work, Parcel(one), heard.append)
            refused = 0
        except Refused as full:
            sentence, refused = str(full), refused + 1
            heard.append(f"failed {one} {type(full).__name__}")
    said = Said.of("\n".join(heard).encode())
    reserve, leftovers = open_store().reserve, len(list(open_store().inbox.iterdir()))
    found = Outcome(
        said=said, sentence=sentence, link=_link(work), lost=len(sending.lost(said)), leftovers=leftovers,
        strays=sending.strays(), faults=sending.faults(), read=_read(work), goes_on=False,
    )  # fmt: skip
    (disk / "ballast").unlink()
    open_store().reserve = reserve
    late = [number for number in said.began if number not in said.handed][:20]
    for number in late:
        sending.send(work, Parcel(number))
    found.goes_on = sending.doubles() == 0 and sending.faults() == [] and _link(work)
    return found


def _link(work: Work) -> bool:
    try:
        with db.writing() as session:
            workflow.submit(
                session, by=work.by, item_id=work.item_id, slots=work.slots,
                content=workflow.Link("https://example.org/"), at=settings.settings().now(),
            )  # fmt: skip
    except Refused:
        return False
    return True


def _read(work: Work) -> bool:
    """A whole board, and a file."""
    with db.reading() as session:
        facts = queries.get_assessment(session)
        board = queries.take_snapshot(session, facts).board(facts.ends)
        shown = next(path for path in open_store().names())
    return len(board.items) > 0 and open_store().verified(shown.rpartition("/")[2]).is_file()


if __name__ == "__main__":
    sys.exit(main())
