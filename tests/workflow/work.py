"""Work on an item that other tests begin from: handed in, or complete."""

from datetime import UTC, datetime, timedelta

from sqlmodel import Session, select

from ita_core import queries, workflow
from ita_core.board.progress import State
from ita_core.evidence.objects import File
from ita_core.models import Account, Decision, Person, Role
from tests.cast import Cast, account, item_id, office, slots

NOW = datetime(2025, 2, 27, 3, 0, tzinfo=UTC)
PDF = File("a" * 64, 1000, "application/pdf", "pdf", "รายงานผล ม.ค. 68.pdf")
OTHER = File("b" * 64, 1000, "application/pdf", "pdf", "รายงานผล แก้ไข.pdf")


def hand_in(session: Session, by: int, code: str = "O6", *, content: workflow.Content = PDF, **wanted: object) -> int:
    wanted = wanted or {"period": "2025-01", "format": "pdf"}
    keys = slots(session, code, **wanted)
    return workflow.submit(session, by=by, item_id=item_id(session, code), slots=keys, content=content, at=NOW)


def states(session: Session, code: str) -> set[State]:
    facts = queries.get_assessment(session)
    part = queries.take_snapshot(session, facts, item_id(session, code))
    return {slot.state for slot in part.board(NOW.date() + timedelta(days=9)).items[0].slots}


def complete(session: Session, cast: Cast) -> tuple[int, str]:
    """O10 with every slot accepted: (item id, fingerprint)."""
    for fmt in ("pdf", "word"):
        made = hand_in(session, cast.usa, "O10", content=File(fmt * 16, 9, "x", fmt, f"a.{fmt}"), format=fmt)
        supervisor = the_supervisor_of_o10(session)
        workflow.review(session, by=supervisor, evidence_id=made, decision=Decision.accepted, at=NOW)
    facts = queries.get_assessment(session)
    of = item_id(session, "O10")
    return of, queries.take_snapshot(session, facts, of).board(facts.ends).items[0].fingerprint


def the_supervisor_of_o10(session: Session) -> int:
    person = session.exec(select(Person.id).where(Person.key == "nattawat")).one()
    found = session.exec(select(Account.id).where(Account.person_id == person)).first()
    return found or account(session, NOW, "nattawat", "ณัฐวรรธ", Role.officer, office(session), person_id=person)
