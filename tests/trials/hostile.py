"""Files that carry an attack, and files damaged at random: `python -m tests.trials.hostile --files 10000`.

No file that carries an attack may be accepted; nothing may end in a traceback, take a child beyond 512 MB, or take
longer than the time-out. A file damaged at random may still be in order: those are counted by themselves.
"""

import argparse
import sys
import tempfile
from collections import defaultdict
from functools import cache, partial
from pathlib import Path
from random import Random

from ita_core.evidence.inspect import MEMORY, SECONDS
from tests.trials.judging import Made, Verdict, judge, peak_megabytes, print_table

DAMAGED = "damaged at random"
SHARE_DAMAGED = 0.15


@cache
def _originals(suffix: str) -> list[bytes]:
    """Several honest files, so that attacks do not all start from the same bytes."""
    from tests import files, papers
    from tests.attacks import original

    more = {
        ".docx": lambda n: files.word(*(f"ย่อหน้าที่ {k} ของรายงานฉบับที่ {n}" for k in range(n * 20))),
        ".xlsx": lambda n: files.excel(*((k, f"ข้อ {k}", k * n) for k in range(n * 100))),
        ".pptx": lambda n: files.slides(*(f"หน้า {k}" for k in range(n + 1)), chart=n % 2 == 0),
        ".pdf": lambda n: papers.pdf(f"report {n}", pages=n * 3),
        ".jpg": lambda n: files.picture("JPEG", (60 * n, 50)),
        ".png": lambda n: files.picture("PNG", (60 * n, 50)),
        ".webp": lambda n: files.picture("WEBP", (60 * n, 50)),
    }.get(suffix)
    return [original(suffix), *(more(number) for number in range(1, 4) if more)]


def make(folder: str, seed: int, number: int) -> Made:
    from tests.attacks import ATTACKS

    random = Random(f"{seed}-{number}")
    path = f"{folder}/{number}"
    if random.random() < SHARE_DAMAGED:
        suffix = random.choice([".docx", ".xlsx", ".pptx", ".doc", ".xls", ".pdf", ".jpg", ".png", ".webp", ".mp4"])
        Path(path).write_bytes(damaged(random.choice(_originals(suffix)), random))
        return Made(DAMAGED, suffix, path, f"เสียหาย{suffix}")
    attack = ATTACKS[number % len(ATTACKS)]
    Path(path).write_bytes(attack.mutate(random.choice(_originals(attack.suffix)), random))
    return Made(attack.family, attack.name, path, f"อันตราย{attack.suffix}")


def damaged(content: bytes, random: Random) -> bytes:
    """A few bytes changed, repeated, left out or moved."""
    made = bytearray(content)
    for _time in range(random.choice([1, 1, 2, 5, 20, 100])):
        place, length = random.randrange(len(made)), random.choice([1, 1, 1, 2, 4, 16, 100])
        what = random.randrange(5)
        if what == 0:
            made[place] ^= 1 << random.randrange(8)
        elif what == 1:
            made[place : place + length] = random.randbytes(length)
        elif what == 2:
            made[place : place + length] = made[place : place + length] * 2
        elif what == 3 and len(made) > 1000:
            del made[place : place + length]
        else:
            made[place : place + 4] = random.choice(
                [b"\0\0\0\0", b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"\0\0\0\x80"]
            )
    return bytes(made)


def main(arguments: list[str] | None = None) -> int:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--files", type=int, default=10_000)
    asked.add_argument("--seed", type=int, default=1)
    chosen = asked.parse_args(arguments)
    by_family: dict[str, list[Verdict]] = defaultdict(list)
    with tempfile.TemporaryDirectory() as folder:
        for verdict in judge(partial(make, folder, chosen.seed), range(chosen.files)):
            by_family[verdict.made.family].append(verdict)
            peak = peak_megabytes()
    return report(by_family, peak)


def report(by_family: dict[str, list[Verdict]], peak: int) -> int:
    """Print the figures; 1 where a bound is broken."""
    rows = [
        (family, len(those), sum(not one.refusal for one in those), sum(bool(one.crash) for one in those),
         sum(one.stopped for one in those), f"{max(one.seconds for one in those):.2f} s")
        for family, those in sorted(by_family.items())
    ]  # fmt: skip
    print_table(("family", "files", "accepted", "crashes", "stopped", "slowest"), rows)
    every = [verdict for those in by_family.values() for verdict in those]
    accepted = [one for one in every if not one.refusal and not one.crash and one.made.family != DAMAGED]
    crashes = [one for one in every if one.crash]
    for verdict in [*accepted, *crashes][:20]:
        print(f"{verdict.made.what} {verdict.made.name}: {verdict.crash or 'accepted'}"[:2000])
    slowest = max(every, key=lambda one: one.seconds)
    damaged_ones = by_family.get(DAMAGED, [])
    print(
        f"{len(every)} files; of {len(every) - len(damaged_ones)} that carry an attack {len(accepted)} accepted; "
        f"{len(crashes)} crashes; of {len(damaged_ones)} damaged at random "
        f"{sum(not one.refusal for one in damaged_ones)} still in order; "
        f"slowest {slowest.seconds:.2f} s ({slowest.made.what}); a child's peak at most {peak} MB"
    )
    broken = accepted or crashes or peak * 1024**2 >= MEMORY or slowest.seconds > 2 * SECONDS
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
