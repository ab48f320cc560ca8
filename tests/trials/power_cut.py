"""The power goes in the middle of uploads: `python -m tests.trials.power_cut --rounds 100` (root's, on Linux).

Database and evidence lie on an ext4 of their own. At a random moment that is shut down as if its disk had lost its
power: what was not synced is gone. Mounted again, all that was acknowledged must be there. To show that this can fail,
the same is done with the syncing of the files taken out, and with that of the database: each must lose something.
"""

import argparse
import itertools
import os
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event

from ita_core import db
from ita_core.errors import Refused
from tests.trials import mounted, sending
from tests.trials.sending import THREADS, Dying, Parcel, Site

LONGEST = 1.2  # seconds until the power goes


@dataclass
class Outcome:
    rounds: int = 0
    acknowledged: int = 0
    lost: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    doubles: int = 0
    leftovers: int = 0
    stayed: int = 0


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--control", type=int, default=5, help="rounds of each without syncing")
    parser.add_argument("--seed", type=int, default=random.randrange(2**32))
    chosen = parser.parse_args(arguments)
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="ita-power-") as folder:
        try:
            kept, *controls = run(Path(folder), chosen.rounds, chosen.control, chosen.seed)
        except mounted.NotAllowed as why:
            print(f"This trial needs to mount a file system: {why}", file=sys.stderr)
            return 3
    sending.table(
        ("rounds", kept.rounds),
        ("acknowledged", kept.acknowledged),
        ("lost", len(kept.lost)),
        ("leftovers", kept.leftovers),
        ("leftovers after a start", kept.stayed),
        ("doubles after sending again", kept.doubles),
        ("other faults", len(kept.faults)),
        *(
            (f"control, {what} not synced: lost", f"{len(without.lost)} of {without.acknowledged}")
            for what, without in zip(("files", "database"), controls, strict=True)
        ),
        ("seed", chosen.seed),
        ("seconds", round(time.monotonic() - began)),
    )
    for what in [*kept.lost, *kept.faults][:20]:
        print("!", what)
    broken = kept.lost or kept.faults or kept.doubles or kept.stayed or not kept.acknowledged
    return int(bool(broken or not all(without.lost for without in controls)))


def run(folder: Path, rounds: int, control: int, seed: int) -> tuple[Outcome, Outcome, Outcome]:
    dice, numbers = random.Random(seed), itertools.count(1)
    template = Site(folder / "template.db", folder / "template")
    work = sending.lay_out(template)
    sending.leave()
    longest = max(LONGEST, 2 * sending.window(work, sending.copied(template, folder / "first")))
    kept, files, database = Outcome(), Outcome(), Outcome()
    ways = (
        (rounds, kept, 0.0, _nothing),
        (control, files, longest / 2, _files_unsynced),
        (control, database, longest / 2, _database_unsynced),
    )
    for count, outcome, shortest, before in ways:
        for _ in range(count):
            _round(folder, template, work, numbers, dice.uniform(shortest, longest), outcome, before)
    return kept, files, database


def _round(
    folder: Path,
    template: Site,
    work: sending.Work,
    numbers: "itertools.count[int]",
    moment: float,
    outcome: Outcome,
    before: Callable[[], None],
) -> None:
    image, disk = folder / "image", folder / "disk"
    mounted.make_disk(image, 256)
    mounted.mount(image, disk)
    try:
        site = Site(disk / "ita.db", disk / "evidence")
        shutil.copy(template.database, site.database)
        site.enter()
        sending.leftovers(site)  # a start, so that the folders are there
        os.sync()
        sending.leave()
        site.enter()
        dying = Dying.begin(work, [[next(numbers) for _ in range(500)] for _ in range(THREADS)], before)
        time.sleep(moment)
        mounted.cut_power(disk)
        said = dying.kill()
    finally:
        mounted.unmount(disk)
    mounted.mount(image, disk)
    try:
        outcome.rounds += 1
        outcome.acknowledged += said.acknowledged
        site.enter()
        try:
            left, stayed = sending.leftovers(site)
            outcome.leftovers, outcome.stayed = outcome.leftovers + left, outcome.stayed + stayed
            outcome.lost += sending.lost(said)
            for number in said.began:
                if number not in said.handed:
                    sending.send(work, Parcel(number))
            outcome.faults += sending.faults()
            outcome.doubles += sending.doubles()
        except (sa.exc.SQLAlchemyError, OSError, Refused) as error:  # the database itself is broken: all is lost
            outcome.lost += [f"{type(error).__name__} after {said.acknowledged}"] * max(1, said.acknowledged)
        sending.leave()
    finally:
        sending.leave()
        mounted.unmount(disk)


def _nothing() -> None:
    """As it is."""


def _files_unsynced() -> None:
    """In the sender's process only, as the next."""
    os.fsync = lambda _handle: None


def _database_unsynced() -> None:
    @event.listens_for(db.engine(), "connect")
    def _off(connection: Any, _record: object) -> None:
        connection.execute("PRAGMA synchronous=OFF")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
