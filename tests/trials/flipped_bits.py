"""One bit of one stored file flipped, again and again: verify names exactly that file, and it is never given out.

python -m tests.trials.flipped_bits --bits 1000
"""

import argparse
import os
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlmodel import select
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.testclient import TestClient

from ita_core import accounts, db, settings
from ita_core.demo import build
from ita_core.evidence.folder import Folder
from ita_core.evidence.objects import Damaged, object_name
from ita_core.evidence.store import open_store
from ita_core.models import Account, Evidence
from ita_core.proof import verify
from ita_core.proof.verify import Wrong
from ita_core.web import downloads
from ita_core.web.gate import COOKIE, Gate
from tests.benchmarks import table

PARTS = ("", "/inline", "/page/1")


@dataclass
class Figures:
    """What happened to the flipped bits; `served` counts answers that gave the damaged file out."""

    flipped: int = 0
    found: int = 0
    others: int = 0  # findings of anything that was not flipped
    refused: int = 0  # by Store.verified
    served: int = 0
    whole: int = 0  # given out rightly, once the bit was turned back
    seconds: float = 0.0

    @property
    def bound_holds(self) -> bool:
        """Every one found and refused, none served, nothing else blamed."""
        all_ = self.flipped
        return (self.found, self.refused, self.whole) == (all_, all_, all_) and self.others == self.served == 0


def run(bits: int, seed: int, demo: build.Demonstration) -> Figures:
    """Flip so many bits in this demonstration, one at a time."""
    dice, figures, began = random.Random(seed), Figures(), time.monotonic()
    with _served(demo) as (client, store):
        with db.reading() as session:
            uses = {one.sha256: one.id for one in session.exec(select(Evidence)) if one.sha256}
        for _ in range(bits):
            _flip_one(dice, client, store, uses, figures)
        figures.others += len(verify.verify(engine=db.engine(), store=store).findings)
    figures.seconds = time.monotonic() - began
    return figures


def _flip_one(dice: random.Random, client: TestClient, store: Folder, uses: dict[str, int], figures: Figures) -> None:
    sha256 = dice.choice(sorted(uses))
    path, address = store.path(sha256), f"/evidence/{uses[sha256]}"
    place, bit = dice.randrange(path.stat().st_size), 1 << dice.randrange(8)
    _flip(path, place, bit)
    figures.flipped += 1
    findings = verify.verify(engine=db.engine(), store=store).findings
    exact = [one for one in findings if (one.kind, one.what) == (Wrong.changed, object_name(sha256))]
    figures.found += len(exact)
    figures.others += len(findings) - len(exact)
    try:
        store.verified(sha256)
    except Damaged:
        figures.refused += 1
    figures.served += sum(client.get(address + part).status_code == 200 for part in PARTS)
    _flip(path, place, bit)
    answer = client.get(address)
    figures.whole += answer.status_code == 200 and answer.content == path.read_bytes()


def _flip(path: Path, place: int, bit: int) -> None:
    path.chmod(0o644)
    with path.open("r+b") as file:
        file.seek(place)
        value = file.read(1)[0]
        file.seek(place)
        file.write(bytes([value ^ bit]))
    path.chmod(0o444)


@contextmanager
def _served(demo: build.Demonstration) -> Iterator[tuple[TestClient, Folder]]:
    """The real routes behind the real gate, asked by the viewer, who may read everything."""
    before = {name: os.environ.get(name) for name in demo.environment}
    os.environ |= demo.environment
    _forget()
    now = datetime.now(UTC)
    with db.writing() as session:
        viewer = session.exec(select(Account).where(Account.username == build.VIEWER)).one()
        ticket = accounts.issue_ticket(session, account_id=viewer.id, now=now)
        cookie = accounts.enter(session, ticket=ticket, address="trial", now=now, hours=24)
    app = Starlette(routes=downloads.routes(), middleware=[Middleware(Gate)])
    client = TestClient(app)
    client.cookies.set(COOKIE, cookie)
    try:
        yield client, open_store()
    finally:
        db.engine().dispose()
        for name, value in before.items():
            os.environ.pop(name)
            if value is not None:
                os.environ[name] = value
        _forget()


def _forget() -> None:
    for remembered in (settings.settings, db.engine, open_store):
        remembered.cache_clear()


def main() -> int:
    """Run it as it is asked for; 1 if a bound is broken."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--bits", type=int, default=1000)
    asked.add_argument("--seed", type=int, default=2568)
    wanted = asked.parse_args()
    with tempfile.TemporaryDirectory(prefix="ita-bits-") as folder:
        made = run(wanted.bits, wanted.seed, build.build(Path(folder) / "demo"))
    head = ("bits flipped", "found by verify", "others blamed", "refused by the store", "served", "whole again", "s")
    row = (made.flipped, made.found, made.others, made.refused, made.served, made.whole, made.seconds)
    print(table.text(f"Flipped bits, seed {wanted.seed}", head, [row]))
    return 0 if made.bound_holds else 1


if __name__ == "__main__":
    sys.exit(main())
