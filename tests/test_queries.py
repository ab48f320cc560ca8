"""Reads: what is kept between them, and that nobody gets what is not theirs."""

from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa

from ita_core import db, queries, workflow
from ita_core.access import Actor
from ita_core.errors import NotFound
from ita_core.evidence.store import File
from ita_core.models import DutyKind, Role
from tests.cast import Cast, item_id, slots

NOW = datetime(2025, 2, 27, 3, 0, tzinfo=UTC)


def kept(engine: sa.Engine) -> queries.Snapshot:
    with db.reading(engine) as session:
        return queries.current(session, queries.assessment(session))


def hand_in(engine: sa.Engine, cast: Cast) -> int:
    with db.writing(engine) as session:
        return workflow.submit(
            session, by=cast.usa, item_id=item_id(session, "O6"), at=NOW,
            slots=slots(session, "O6", period="2025-01", format="pdf"),
            content=File("a" * 64, 1, "application/pdf", "pdf", "a.pdf"),
        )  # fmt: skip


def test_the_snapshot_is_kept_until_something_is_written(engine: sa.Engine, cast: Cast):
    before = kept(engine)
    assert kept(engine) is before
    assert before.board(date(2025, 3, 1)) is before.board(date(2025, 3, 1))
    hand_in(engine, cast)
    after = kept(engine)
    assert after is not before
    assert (len(before.records.hand_ins), len(after.records.hand_ins)) == (0, 1)


def test_what_is_kept_equals_what_is_read_anew(engine: sa.Engine, cast: Cast):
    hand_in(engine, cast)
    with db.reading(engine) as session:
        facts = queries.assessment(session)
        assert queries.current(session, facts) == queries.snapshot(session, facts)


def test_two_databases_do_not_share_what_is_kept(engine: sa.Engine, bare: sa.Engine, cast: Cast):
    from tests.conftest import fill

    fill(bare)
    hand_in(engine, cast)
    assert len(kept(engine).records.hand_ins) == 1
    assert len(kept(bare).records.hand_ins) == 0


@pytest.mark.parametrize(
    ("who", "role", "seen"),
    [("commander", Role.commander, 44), ("viewer", Role.viewer, 44), ("admin", Role.admin, 44),
     ("itap", Role.officer, 44), ("piyaporn", Role.officer, 1), ("usa", Role.officer, 4)],
)  # fmt: skip
def test_everybody_sees_the_items_that_are_theirs(engine: sa.Engine, cast: Cast, who: str, role: Role, seen: int):
    with db.reading(engine) as session:
        actor = queries.actor(session, getattr(cast, who))
        assert actor.role is role
    assert len(kept(engine).visible_to(actor).items) == seen


def test_records_of_other_items_are_not_in_what_an_officer_sees(engine: sa.Engine, cast: Cast):
    hand_in(engine, cast)
    with db.reading(engine) as session:
        piyaporn = queries.actor(session, cast.piyaporn)
        facts = queries.assessment(session)
        assert queries.evidence_of(session, piyaporn, facts.id) == []
        assert len(queries.evidence_of(session, None, facts.id)) == 1
        with pytest.raises(NotFound):
            queries.item_detail(session, piyaporn, facts, "O6")
    assert kept(engine).visible_to(piyaporn).records.hand_ins == []


def test_an_assessment_can_be_named(engine: sa.Engine):
    with db.reading(engine) as session:
        assert (
            queries.assessment(session, "prachuap-2568")
            == queries.assessment(session)
            == queries.assessment(session, "2568")
        )
        with pytest.raises(NotFound):
            queries.assessment(session, "2569")


def test_the_calendar_has_the_documents_people(engine: sa.Engine):
    with db.reading(engine) as session:
        steps = queries.steps(session, queries.assessment(session).id)
    assert len(steps) == 14
    assert steps[4].preparers == ("ร.ต.อ.หญิง อังศุศรณ์ เชาวเลิศ",)
    assert (steps[7].supervisors, steps[7].preparers) == ((), ())


def test_who_supervises_has_a_queue_and_who_does_not_has_none(engine: sa.Engine, cast: Cast):
    made = hand_in(engine, cast)
    with db.reading(engine) as session:
        of = queries.assessment(session).id
        assert [one.id for one in queries.review_queue(session, queries.actor(session, cast.khanittha), of)] == [made]
        assert queries.review_queue(session, queries.actor(session, cast.commander), of) == []
        assert queries.has_duties(session, queries.actor(session, cast.khanittha), of) == (False, True)
        assert queries.has_duties(session, Actor(1, Role.viewer), of) == (False, False)


def test_an_items_people_are_named_in_the_documents_order(engine: sa.Engine):
    data = kept(engine)
    o9 = next(item for item in data.items if item.code == "O9")
    assert [person.full for person in data.named(o9.id, DutyKind.supervise)] == ["พ.ต.ท.หญิง ขนิษฐา แก้วโสภา"]
