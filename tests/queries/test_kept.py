"""What is kept of an assessment, and that every write says what it touched."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa
from sqlmodel import col, select

from ita_core import audit, db, queries
from ita_core.access import Actor
from ita_core.days import end_of
from ita_core.models import AuditEntry, Base, Party, PersonName, Role
from ita_core.plan.apply import apply_plan
from ita_core.plan.plan import find_plan, load_with_framework
from ita_core.queries import kept

NOW = datetime(2025, 3, 15, 3, 0, tzinfo=UTC)


@contextmanager
def read_tables(engine: sa.Engine) -> Iterator[set[str]]:
    """The tables that are read meanwhile."""
    found: set[str] = set()
    known = {table.name for table in Base.metadata.sorted_tables}

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        found.update(known & set(re.findall(r"\w+", statement)))

    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)


def current(engine: sa.Engine) -> queries.Snapshot:
    with db.reading(engine) as session:
        return queries.current_snapshot(session, queries.get_assessment(session))


def test_every_write_of_the_demonstration_says_whether_it_touched_what_is_kept(played: sa.Engine):
    with db.reading(played) as session, read_tables(played) as tables:
        assessment = queries.get_assessment(session)
        queries.take_snapshot(session, assessment)
        queries.list_links(session, None, assessment.id)  # kept beside it (pages/parts/link_checks.list_all)
    # An account is read for whose it is, which never changes; what else changes of one is not kept.
    tables -= {"account"}
    assert {"evidence", "review", "party", "requirement", "approval"} <= tables
    with db.reading(played) as session:
        entries = session.exec(select(AuditEntry).where(col(AuditEntry.number) > 1)).all()
        told = {entry.action: (bool(tables & set(entry.seals)), entry.touches == assessment.id) for entry in entries}
    assert len(told) > 15
    assert {action: says for action, says in told.items() if says[0] != says[1]} == {}


def test_what_touches_nothing_of_it_leaves_it_as_it_is(engine: sa.Engine):
    before = current(engine)
    with db.writing(engine) as session:
        audit.record(session, actor=None, action="meeting.open", subject="meeting 1", at=NOW)
        audit.record(session, actor=None, action="evidence.submit", subject="evidence 1", at=NOW, touches=4711)
    assert current(engine) is before
    with db.writing(engine) as session:
        audit.record(
            session, actor=None, action="evidence.submit", subject="evidence 1", at=NOW, touches=before.assessment.id
        )
    assert current(engine) is not before


def test_a_write_that_tells_nothing_touches_everything(engine: sa.Engine):
    current(engine)
    with db.writing(engine) as session:
        name = session.exec(select(PersonName)).first()
        assert name is not None
        name.rank = "ที่แก้จากนอกระบบ"
        session.add(name)
    assert "ที่แก้จากนอกระบบ" in {one.rank for one in current(engine).people.values()}


def test_a_change_of_a_name_is_seen_at_once(engine: sa.Engine):
    snapshots = kept.KeptSnapshots()
    with db.reading(engine) as session:
        assessment = queries.get_assessment(session)
        old = audit.touched(session, assessment.id)
        first = snapshots.current(session, assessment)
    with db.writing(engine) as session:
        party = session.get_one(Party, next(iter(first.people)))
        name = session.exec(select(PersonName).where(PersonName.person_id == party.person_id)).one()
        name.name = "ใหม่"
        session.add(name)
        audit.record(session, actor=None, action="x", subject="x", at=NOW, touches=assessment.id)
    with db.reading(engine) as session:
        assert audit.touched(session, assessment.id) > old
        assert snapshots.current(session, assessment).people[party.id or 0].name == "ใหม่"


def test_what_is_looked_at_least_goes_first(engine: sa.Engine, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(kept, "MOST_KEPT", 1)
    snapshots = kept.KeptSnapshots()
    rules, real = load_with_framework(find_plan("prachuap-2568"))
    with db.writing(engine) as session:
        assert apply_plan(session, rules, real.model_copy(update={"fiscal_year": 2569}), at=NOW).changed
    with db.reading(engine) as session:
        older, newer = (queries.get_assessment(session, f"prachuap {year}") for year in (2568, 2569))
        first = snapshots.current(session, older)
        assert snapshots.current(session, older) is first
        assert snapshots.current(session, newer) is not first
        assert snapshots.current(session, older) is not first


def test_an_item_s_page_reads_only_the_newest_that_are_asked_for(played: sa.Engine):
    with db.reading(played) as session:
        assessment = queries.get_assessment(session)
        viewer = Actor(0, Role.viewer)
        for code in ("O6", "O7", "O10", "O2"):
            every = queries.get_item_detail(session, viewer, assessment, code)
            few = queries.get_item_detail(session, viewer, assessment, code, newest=3)
            assert (few.evidence, few.history) == (every.evidence[:3], every.history[:3])
            assert (few.evidence_count, few.history_count) == (len(every.evidence), len(every.history))
            assert (every.evidence_count, every.history_count) == (len(every.evidence), len(every.history))
        assert len(every.history) > 3
        past = queries.get_item_detail(session, viewer, assessment, "O10", day=date(2025, 1, 31), newest=3)
        assert past.evidence
        assert all(event.at < end_of(date(2025, 1, 31)) for event in past.history)
