"""Two people at once on the same thing, over and over: one wins, the other is told, nothing is there twice.

    python -m tests.trials.races --rounds 1000 --database both

Real threads, and for every fourth round a second process of its own. Figures for each kind of race are printed; the
exit status is 1 where a round ended otherwise than it may, or the audit's chain is broken at the end.
"""

import argparse
import hashlib
import multiprocessing
import sys
import threading
import time
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from itertools import count
from multiprocessing.connection import Connection
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, select, update

from ita_core import audit, db, language, queries, words, workflow
from ita_core.board.progress import SlotKey
from ita_core.errors import Refused
from ita_core.evidence.objects import File
from ita_core.evidence.store import open_store
from ita_core.models import Account, Approval, AuditEntry, Decision, Evidence, Review, StoredFile, Upload, Withdrawal
from ita_core.workflow import receiving
from tests.benchmarks import table
from tests.papers import pdf_with
from tests.trials import databases
from tests.trials.rights_office import BEGUN, MANY, STAGES, Office, server_in, slots

EVERY = 4  # a round in so many has its second side in another process
SPREAD = 25  # rounds on one item: what lies there already must not decide who is quicker
START = BEGUN + timedelta(days=1)


@dataclass(frozen=True)
class Side:
    """What one of the two does: a function of this module by its name, so that another process can do it too."""

    does: str
    given: tuple[Any, ...]


@dataclass(frozen=True)
class Outcome:
    """What came of it: `gave` what the function gave, or who was refused how, and what they were told."""

    gave: object = None
    refused: str = ""
    told: dict[str, object] = field(default_factory=dict)


Sides = tuple[Outcome, Outcome]


@dataclass
class Race:
    """One kind: `prepare` makes a round's two sides, `fault` says what was wrong with its end, "" for nothing."""

    name: str
    prepare: Callable[[Session, Office, int], tuple[Side, Side]]
    fault: Callable[[Session, Office, tuple[Side, Side], Sides], str]


@dataclass
class Figures:
    rounds: int = 0
    in_processes: int = 0
    ends: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    seconds: float = 0.0


# --- what the sides do -----------------------------------------------------------------------------------------------


def review(by: int, evidence: int, decision: Decision, at: datetime) -> None:
    with db.writing() as session:
        workflow.review(session, by=by, evidence_id=evidence, decision=decision, reason="เหตุ", at=at)


def withdraw(by: int, evidence: int, at: datetime) -> None:
    with db.writing() as session:
        workflow.withdraw(session, by=by, evidence_id=evidence, at=at)


def approve(by: int, item: int, fingerprint: str, at: datetime) -> None:
    with db.writing() as session:
        workflow.approve(session, by=by, item_id=item, fingerprint=fingerprint, at=at)


def hand_in(by: int, item: int, upload: int, keys: tuple[SlotKey, ...], at: datetime) -> int:
    with db.writing() as session:
        content = workflow.Received(upload)
        return workflow.submit(session, by=by, item_id=item, slots=keys, content=content, at=at)


def send(by: int, item: int, key: str, content: bytes, at: datetime) -> int:
    with open_store().receive("ทดลอง.pdf") as incoming:
        incoming.write(content)
        return receiving.keep(incoming, by=by, item_id=item, key=key, at=at)


DOES: dict[str, Callable[..., object]] = {
    "review": review,
    "withdraw": withdraw,
    "approve": approve,
    "hand in": hand_in,
    "send": send,
}


def done(side: Side) -> Outcome:
    language.use("en")
    try:
        return Outcome(gave=DOES[side.does](*side.given))
    except Refused as refused:
        return Outcome(refused=type(refused).__name__, told=dict(refused.facts))


# --- the races -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Reviewers:
    """Two supervisors of every staged item: the judge, and an officer who does nothing else."""

    first: int
    second: int


def reviewers(office: Office) -> Reviewers:
    other = next(who for who in office.actors if who.name == "officer, supervises")
    return Reviewers(office.people["judge"], other.account_id)


def _waiting(session: Session, office: Office, number: int) -> int:
    """A new evidence that waits, on another item after so many rounds."""
    codes = list(STAGES.values())
    code = codes[number // SPREAD % len(codes)]
    return workflow.submit(
        session, by=office.people["author"], item_id=office.items[code], slots=slots(session, office, code)[:1],
        content=workflow.Link(f"https://example.org/{number}"), at=_at(number),
    )  # fmt: skip


def _at(number: int) -> datetime:
    return START + timedelta(minutes=number)


def two_reviews(
    decisions: tuple[Decision, Decision], session: Session, office: Office, number: int
) -> tuple[Side, Side]:
    evidence, both = _waiting(session, office, number), reviewers(office)
    first, second = (
        Side("review", (by, evidence, decision, _at(number)))
        for by, decision in zip((both.first, both.second), decisions, strict=True)
    )
    return first, second


def one_review(session: Session, office: Office, sides: tuple[Side, Side], ends: Sides) -> str:
    """One won, and the other was told who and what."""
    evidence = sides[0].given[1]
    rows = session.exec(select(Review).where(Review.evidence_id == evidence)).all()
    if len(rows) != 1:
        return f"{len(rows)} decisions"
    won = [not end.refused for end in ends]
    if won.count(True) != 1:
        return f"{won.count(True)} won: {ends}"
    winner, loser = (sides[0], ends[1]) if won[0] else (sides[1], ends[0])
    by, _evidence, decision, _moment = winner.given
    if (rows[0].account_id, rows[0].decision) != (by, decision):
        return "the decision that is kept is not the winner's"
    told = {"who": session.get_one(Account, by).name, "decision": words.DECISIONS[decision]}
    if loser.refused != "AlreadyReviewed" or not told.items() <= loser.told.items():
        return f"the other was told {loser.refused} {loser.told} instead of {told}"
    return _entries(session, f"evidence {evidence}", ("evidence.accepted", "evidence.returned"), 1)


def _entries(session: Session, subject: str, actions: tuple[str, ...], wanted: int) -> str:
    which = AuditEntry.subject == subject, col(AuditEntry.action).in_(actions)
    found = session.exec(select(func.count()).select_from(AuditEntry).where(*which)).one()
    return "" if found == wanted else f"{found} entries of {actions} for {subject}"


def withdrawal_and_review(session: Session, office: Office, number: int) -> tuple[Side, Side]:
    evidence, at = _waiting(session, office, number), _at(number)
    decision = Decision.accepted if number % 2 else Decision.returned
    return (
        Side("withdraw", (office.people["author"], evidence, at)),
        Side("review", (office.people["judge"], evidence, decision, at)),
    )


def one_of_both(session: Session, office: Office, sides: tuple[Side, Side], ends: Sides) -> str:
    evidence = sides[0].given[1]
    reviews = len(session.exec(select(Review).where(Review.evidence_id == evidence)).all())
    withdrawals = len(session.exec(select(Withdrawal).where(Withdrawal.evidence_id == evidence)).all())
    if (withdrawals, reviews) not in {(1, 0), (0, 1)}:
        return f"{withdrawals} withdrawals and {reviews} decisions"
    wanted = ["", "AlreadyWithdrawn"] if withdrawals else ["AlreadyReviewed", ""]
    if [end.refused for end in ends] != wanted:
        return f"told {[end.refused for end in ends]} instead of {wanted}"
    every = "evidence.accepted", "evidence.returned", "evidence.withdraw"
    return _entries(session, f"evidence {evidence}", every, 1)


APPROVED = ("O7", "P1", "P2", "P4", "P5", "P6", "C1")  # with one slot each


def approval_and_acceptance(session: Session, office: Office, number: int) -> tuple[Side, Side]:
    """A complete item, and a newer evidence that waits for it: whatever comes first, what was seen is what counts."""
    code = APPROVED[number % len(APPROVED)]
    item, facts = office.items[code], office.facts(session)

    def link(which: str) -> int:
        content = workflow.Link(f"https://example.org/{number}/{which}")
        return workflow.submit(session, by=office.people["author"], item_id=item, slots=slots(session, office, code),
                               content=content, at=_at(number))  # fmt: skip

    workflow.review(session, by=office.people["judge"], evidence_id=link("seen"), decision=Decision.accepted,
                    at=_at(number))  # fmt: skip
    seen = queries.take_snapshot(session, facts, item).board(facts.ends).items[0].fingerprint
    return (
        Side("approve", (office.people["head"], item, seen, _at(number))),
        Side("review", (office.people["judge"], link("newer"), Decision.accepted, _at(number))),
    )


def approved_as_seen(session: Session, office: Office, sides: tuple[Side, Side], ends: Sides) -> str:
    _by, item, seen, _moment = sides[0].given
    evidence = sides[1].given[1]
    if ends[1].refused:
        return f"the acceptance was refused: {ends[1].refused}"
    approvals = session.exec(select(Approval).where(Approval.item_id == item, Approval.fingerprint == seen)).all()
    code = next(code for code, of in office.items.items() if of == item)
    numbers = select(AuditEntry.number).order_by(col(AuditEntry.number).desc())
    given = session.exec(numbers.where(AuditEntry.subject == f"item {code}")).first() or 0
    accepted = session.exec(numbers.where(AuditEntry.subject == f"evidence {evidence}")).first() or 0
    if ends[0].refused:
        return "" if (ends[0].refused, len(approvals)) == ("EvidenceChanged", 0) else f"{ends[0]}, {approvals}"
    if len(approvals) != 1 or given > accepted:
        return f"{len(approvals)} approvals, given after what was accepted: {given > accepted}"
    facts = office.facts(session)
    lapsed = queries.take_snapshot(session, facts, item).board(facts.ends).items[0].approval_lapsed
    return "" if lapsed else "the approval did not lapse"


def _content(number: int) -> bytes:
    return pdf_with(f"0 0 {200 + number % 90} {1000 + number}")


def the_same_upload_twice(session: Session, office: Office, number: int) -> tuple[Side, Side]:
    item, by, at = office.items[MANY], office.people["author"], _at(number)
    file = File(hashlib.sha256(str(number).encode()).hexdigest(), 9, "application/pdf", "pdf", f"{number}.pdf")
    upload = workflow.receive(session, by=by, item_id=item, file=file, key=f"handed {number}", at=at)
    keys = tuple(slots(session, office, MANY, format="pdf")[:1])
    side = Side("hand in", (by, item, upload, keys, at))
    return side, side


def one_evidence(session: Session, office: Office, sides: tuple[Side, Side], ends: Sides) -> str:
    upload = session.get_one(Upload, sides[0].given[2])
    found = session.exec(select(Evidence.id).where(Evidence.sha256 == upload.sha256)).all()
    if len(found) != 1 or [end.gave for end in ends] != [found[0]] * 2 or upload.evidence_id != found[0]:
        return f"{len(found)} evidence, gave {ends}"
    return _entries(session, f"evidence {found[0]}", ("evidence.submit",), 1)


def the_same_file_twice(one_key: bool, session: Session, office: Office, number: int) -> tuple[Side, Side]:
    content, item = _content(100_000 + number * 2 + one_key), office.items[MANY]
    by, at = office.people["author"], _at(number)
    keys = [f"sent {number} {'once' if one_key else place}" for place in range(2)]
    # So many may wait, and no more: those before count as handed in. (Taken away, their numbers would come again.)
    session.exec(update(Upload).where(col(Upload.account_id) == by).values(evidence_id=office.evidence["waiting"]))
    first, second = (Side("send", (by, item, key, content, at)) for key in keys)
    return first, second


def one_object(one_key: bool, session: Session, office: Office, sides: tuple[Side, Side], ends: Sides) -> str:
    if any(end.refused for end in ends):
        return f"refused: {ends}"
    ids = {end.gave for end in ends}
    rows = [session.get(Upload, one) for one in ids]
    wanted = 1 if one_key else 2
    hashes = {row.sha256 for row in rows if row is not None}
    if len(ids) != wanted or len(hashes) != 1 or None in rows:
        return f"{len(ids)} uploads of {len(hashes)} hashes: {ends}"
    (sha256,) = hashes
    named = session.exec(select(func.count()).select_from(Upload).where(Upload.sha256 == sha256)).one()
    if named != wanted or session.get(StoredFile, sha256) is None:
        return f"{named} uploads name it, its row: {session.get(StoredFile, sha256)}"
    if open_store().verified(sha256).read_bytes() != sides[0].given[3]:
        return "its object is another's"
    return next((fault for one in ids if (fault := _entries(session, f"upload {one}", ("upload.receive",), 1))), "")


ACCEPTED, RETURNED = Decision.accepted, Decision.returned
RACES = [
    Race("accept against return", partial(two_reviews, (ACCEPTED, RETURNED)), one_review),
    Race("accept against accept", partial(two_reviews, (ACCEPTED, ACCEPTED)), one_review),
    Race("withdraw against review", withdrawal_and_review, one_of_both),
    Race("approve against a newer acceptance", approval_and_acceptance, approved_as_seen),
    Race("the same upload handed in twice", the_same_upload_twice, one_evidence),
    Race("the same file sent twice", partial(the_same_file_twice, False), partial(one_object, False)),
    Race("the same file and key sent twice", partial(the_same_file_twice, True), partial(one_object, True)),
]


# --- running ---------------------------------------------------------------------------------------------------------


class Another:
    """A process of its own that does the second side, with its own engine and store."""

    def __init__(self) -> None:
        spawn = multiprocessing.get_context("spawn")
        self.ready = spawn.Barrier(2)
        self._here, there = spawn.Pipe()
        self._process = spawn.Process(target=_serve, args=(there, self.ready), daemon=True)
        self._process.start()

    def begin(self, side: Side) -> None:
        self._here.send(side)

    def end(self) -> Outcome:
        found: Outcome = self._here.recv()
        return found

    def close(self) -> None:
        self._here.send(None)
        self._process.join(10)


def _serve(there: Connection, ready: Any) -> None:
    while (side := there.recv()) is not None:
        ready.wait()
        there.send(done(side))


@contextmanager
def another() -> Iterator[Another]:
    made = Another()
    try:
        yield made
    finally:
        made.close()


def in_threads(sides: tuple[Side, Side]) -> Sides:
    ready = threading.Barrier(2)

    def run(side: Side) -> Outcome:
        ready.wait()
        return done(side)

    with ThreadPoolExecutor(2) as both:
        first, second = both.map(run, sides)
    return first, second


def in_processes(sides: tuple[Side, Side], other: Another, *, here: int) -> Sides:
    """One side here, the other there; which is which changes, so that each may be the quicker."""
    other.begin(sides[1 - here])
    other.ready.wait()
    mine = done(sides[here])
    theirs = other.end()
    return (mine, theirs) if here == 0 else (theirs, mine)


def run(race: Race, office: Office, other: Another, rounds: int, numbers: Iterator[int]) -> Figures:
    """So many rounds of one kind."""
    figures, begun = Figures(rounds), time.monotonic()
    for number in range(rounds):
        with db.writing() as session:
            sides = race.prepare(session, office, next(numbers))
        if number % 2:  # neither thread is always the first to be started
            sides = sides[1], sides[0]
        if number // 2 % EVERY == EVERY - 1:  # pairs of rounds: in both orders of the sides
            ends = in_processes(sides, other, here=number // (2 * EVERY) % 2)
            figures.in_processes += 1
        else:
            ends = in_threads(sides)
        if number % 2:
            sides, ends = (sides[1], sides[0]), (ends[1], ends[0])
        figures.ends[" / ".join(end.refused or "done" for end in ends)] += 1
        with db.reading() as session:
            fault = race.fault(session, office, sides, ends)
        if fault:
            figures.faults.append(f"{race.name}, round {number}: {fault}")
    figures.seconds = time.monotonic() - begun
    return figures


def trial(kind: str, rounds: int) -> dict[str, Figures]:
    """Every kind of race on one kind of database, and the audit's chain at the end."""
    with databases.empty(kind) as place, server_in(*place) as office, another() as other:
        numbers = count()
        found = {race.name: run(race, office, other, rounds, numbers) for race in RACES}
        with db.reading() as session:
            chain = audit.faults(session)
            entries = audit.head(session)[0]
    found["the audit's chain"] = Figures(rounds=entries, faults=chain)
    return found


def said(kind: str, found: dict[str, Figures]) -> str:
    head = ["race", "rounds", "in two processes", "how the two ended", "faults", "seconds"]
    rows = [
        [name, one.rounds, one.in_processes, ", ".join(f"{end} {times}" for end, times in sorted(one.ends.items())),
         len(one.faults), one.seconds]
        for name, one in found.items()
    ]  # fmt: skip
    faults = [fault for one in found.values() for fault in one.faults]
    return "\n".join([table.text(f"Races on {kind}", head, rows), *faults[:30]])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=1000, help="of each kind of race")
    parser.add_argument("--database", choices=[*databases.KINDS, "both"], default="both")
    asked = parser.parse_args()
    warnings.simplefilter("ignore")
    broken = False
    for kind in databases.KINDS if asked.database == "both" else (asked.database,):
        found = trial(kind, asked.rounds)
        print(said(kind, found), flush=True)
        broken = broken or any(one.faults for one in found.values())
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
