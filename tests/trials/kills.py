"""kill -9 in the middle of uploads: `python -m tests.trials.kills --rounds 1000`.

Each round a process with several threads sends files and hands them in; it is killed at a random moment. Then a start:
what was acknowledged must be there, the rest is sent again under the same keys and must make no second record.
"""

import argparse
import itertools
import random
import shutil
import sys
import tempfile
import time
from pathlib import Path

from ita_core import db
from tests.trials import sending
from tests.trials.sending import THREADS, Dying, Parcel, Said, Site

ROUNDS_PER_SITE = 25  # then an empty database: the checks read all of it


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=random.randrange(2**32))
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="ita-kills-") as folder:
        return run(Path(folder), chosen.rounds, chosen.seed)


def run(folder: Path, rounds: int, seed: int) -> int:
    dice, numbers, began = random.Random(seed), itertools.count(1), time.monotonic()
    template = Site(folder / "template.db", folder / "template")
    work = sending.lay_out(template)
    sending.leave()
    longest = sending.window(work, sending.copied(template, folder / "first"))
    acknowledged = left = stayed = again = doubles = strays = silent = 0
    lost: list[str] = []
    faults: list[str] = []
    for first in range(0, rounds, ROUNDS_PER_SITE):
        site = sending.copied(template, folder / f"from-{first}")
        site.enter()
        of_site = Said()
        for _ in range(min(ROUNDS_PER_SITE, rounds - first)):
            # The engine stays, and with it what it compiled; no connection does.
            db.engine().dispose()
            rows = [[next(numbers) for _ in range(500)] for _ in range(THREADS)]
            dying = Dying.begin(work, rows)
            time.sleep(dice.uniform(0, longest))
            said = dying.kill()
            before, after = sending.leftovers(site)
            left, stayed = left + before, stayed + after
            lost += sending.lost(said)
            for number in said.began:  # as a browser does whose connection was lost
                if number not in said.handed or dice.random() < 0.1:
                    upload, evidence = sending.send(work, Parcel(number))
                    again += 1
                    doubles += said.received.get(number, upload) != upload
                    doubles += said.handed.get(number, evidence) != evidence
                    said.received[number], said.handed[number] = upload, evidence
            acknowledged += said.acknowledged
            silent += not said.began
            faults += said.failed + sending.faults()
            of_site.add(said)
        lost += sending.lost(of_site)  # what earlier rounds acknowledged, too
        doubles, strays = doubles + sending.doubles(), strays + sending.strays()
        sending.leave()
        shutil.rmtree(site.database.parent)
        if sys.stdout.isatty():
            print(f"\r{first + ROUNDS_PER_SITE} rounds", end="", flush=True)
    sending.table(
        ("rounds", rounds),
        ("killed within (s)", f"0 to {longest:.2f}"),
        ("killed before the first file", silent),
        ("acknowledged", acknowledged),
        ("lost", len(lost)),
        ("leftovers of the killed", left),
        ("leftovers after a start", stayed),
        ("sent again", again),
        ("doubles", doubles),
        ("strays", strays),
        ("other faults", len(faults)),
        ("seed", seed),
        ("seconds", round(time.monotonic() - began)),
    )
    for what in [*lost, *faults][:20]:
        print("!", what)
    return int(bool(lost or faults or doubles or stayed or strays))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
