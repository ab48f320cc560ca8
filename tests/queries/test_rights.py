"""Nobody gets what is not theirs."""

from datetime import date

import pytest
import sqlalchemy as sa

from ita_core import access, db, queries
from ita_core.access import Actor, ItemPeople
from ita_core.errors import NotFound
from ita_core.models import Approval, Filing, PartyKind, Publication, Role
from tests.cast import Cast, actor
from tests.queries.writes import NOW, hand_in, kept, read_anew, submit_evidence

pytestmark = pytest.mark.both


@pytest.mark.parametrize(
    ("who", "role", "seen"),
    [("commander", Role.commander, 44), ("viewer", Role.viewer, 44), ("admin", Role.admin, 44),
     ("itap", Role.officer, 44), ("piyaporn", Role.officer, 1), ("usa", Role.officer, 4)],
)  # fmt: skip
def test_everybody_sees_the_items_that_are_theirs(engine: sa.Engine, cast: Cast, who: str, role: Role, seen: int):
    with db.reading(engine) as session:
        found = actor(session, getattr(cast, who))
        assert found.role is role
    assert len(kept(engine).visible_to(found).items) == seen


def test_records_of_other_items_are_not_in_what_an_officer_sees(engine: sa.Engine, cast: Cast):
    hand_in(engine, cast)
    with db.reading(engine) as session:
        piyaporn = actor(session, cast.piyaporn)
        facts = queries.get_assessment(session)
        assert queries.list_evidence(session, piyaporn, facts.id) == []
        assert len(queries.list_evidence(session, None, facts.id)) == 1
        with pytest.raises(NotFound):
            queries.get_item_detail(session, piyaporn, facts, "O6")
    assert kept(engine).visible_to(piyaporn).records.hand_ins == []


def test_who_supervises_has_a_queue_and_who_does_not_has_none(engine: sa.Engine, cast: Cast):
    made = hand_in(engine, cast)
    with db.reading(engine) as session:
        of = queries.get_assessment(session).id
        assert [one.id for one in queries.list_review_queue(session, actor(session, cast.khanittha), of)] == [made]
        assert queries.list_review_queue(session, actor(session, cast.commander), of) == []
        assert queries.has_duties(session, actor(session, cast.khanittha)) == (False, True)
        assert queries.has_duties(session, Actor(1, Role.viewer, assessment_id=of)) == (False, False)


def test_nobody_sees_more_of_the_snapshot_than_they_may_read(engine: sa.Engine, cast: Cast):
    """Every officer of the plan, with a record of every kind on every item."""
    with db.writing(engine) as session:
        submit_evidence(session, cast)
        for item in queries.take_snapshot(session, queries.get_assessment(session)).items:
            session.add(Approval(item_id=item.id, account_id=cast.commander, fingerprint="x", at=NOW))
            session.add(Publication(item_id=item.id, account_id=cast.itap, url="https://x.example", at=NOW))
            session.add(Filing(item_id=item.id, account_id=cast.itap, answer=True, url="https://x.example", at=NOW))
    data = read_anew(engine)
    officers = [person.id for person in data.people.values() if person.kind is PartyKind.officer]
    assert len(officers) == 17
    for who in (Actor(1, Role.officer, officer_id) for officer_id in officers):
        part = data.visible_to(who)
        may = [item for item in data.items if access.may_read(who, ItemPeople(item.preparers, item.supervisors))]
        assert list(part.items) == may
        mine = {item.id for item in may}
        records = part.records
        for events in (records.approvals, records.publications, records.filings):
            assert {event.item_id for event in events} == mine
        assert {hand_in.item_id for hand_in in records.hand_ins} <= mine
        board = part.board(date(2025, 3, 1))
        assert [standing.item.code for standing in board.items] == [item.code for item in may]
    assert data.visible_to(Actor(1, Role.officer)).items == ()  # an officer's account without an officer
