"""What concerns people of the real plan, and what they have seen of it."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlmodel import Session, select

from ita_core import db, queries, workflow
from ita_core.board import notices
from ita_core.board.notices import Notice, NoticeKind
from ita_core.days import day_of
from ita_core.errors import NotFound
from ita_core.models import AuditEntry, Decision, SeenNotice
from tests.cast import Cast, actor
from tests.queries.writes import NOW, give_a_directive, hand_in, officer

pytestmark = pytest.mark.both


def told(session: Session, account: int) -> list[Notice]:
    year = queries.get_assessment(session)
    listed = queries.list_notices(session, actor(session, account), year, day_of(NOW))
    return notices.unseen(listed, queries.list_seen_notices(session, account, year.id))


def see(session: Session, account: int, keys: set[str]) -> int:
    of = queries.get_assessment(session).id
    return workflow.see_notices(session, by=account, assessment_id=of, keys=frozenset(keys), at=NOW)


def test_what_came_back_is_told_to_its_preparers_and_what_waits_to_its_supervisors(engine: sa.Engine, cast: Cast):
    made = hand_in(engine, cast)
    with db.reading(engine) as session:
        assert [one.item for one in told(session, cast.khanittha) if one.kind is NoticeKind.decide] == ["O6"]
        assert not [one for one in told(session, cast.usa) if one.kind is NoticeKind.returned]
    with db.writing(engine) as session:
        workflow.review(session, by=cast.khanittha, evidence_id=made, decision=Decision.returned, reason="ภาพซ้ำ",
                        at=NOW + timedelta(minutes=1))  # fmt: skip
    with db.reading(engine) as session:
        for preparer in (cast.usa, cast.pattama):
            assert [one.item for one in told(session, preparer) if one.kind is NoticeKind.returned] == ["O6"]
        assert not [one for one in told(session, cast.khanittha) if one.kind is NoticeKind.decide]
        assert not [one for one in told(session, cast.piyaporn) if one.item == "O6"]


def test_what_was_seen_is_not_new_to_them_and_still_new_to_others(engine: sa.Engine, cast: Cast):
    hand_in(engine, cast)
    with db.writing(engine) as session:
        listed = told(session, cast.khanittha)
        entries = len(session.exec(select(AuditEntry)).all())
        assert see(session, cast.khanittha, {one.key for one in listed}) == len(listed) > 0
        assert told(session, cast.khanittha) == []
        assert told(session, cast.pramote) != []
        assert see(session, cast.khanittha, {one.key for one in listed}) == 0
        assert len(session.exec(select(AuditEntry)).all()) == entries + 1


def test_nothing_is_kept_of_what_does_not_concern_them(engine: sa.Engine, cast: Cast):
    hand_in(engine, cast)
    with db.writing(engine) as session:
        others = {one.key for one in told(session, cast.khanittha)} - {one.key for one in told(session, cast.viewer)}
        assert others
        assert see(session, cast.viewer, others | {"made up"}) == 0
        assert session.exec(select(SeenNotice)).all() == []


def test_nobody_keeps_anything_in_an_office_where_they_have_no_role(engine: sa.Engine, cast: Cast):
    with db.writing(engine) as session, pytest.raises(NotFound):
        workflow.see_notices(session, by=99_999, assessment_id=queries.get_assessment(session).id,
                             keys=frozenset({"x"}), at=NOW)  # fmt: skip


def test_a_directive_is_told_as_soon_as_it_is_given(engine: sa.Engine, cast: Cast):
    with db.reading(engine) as session:
        before = told(session, cast.usa)
    with db.writing(engine) as session:
        workflow.direct(
            session, by=cast.commander, assessment_id=queries.get_assessment(session).id, text="ส่งให้ครบ", at=NOW,
            party_ids=[officer(session, cast.usa)], due=day_of(NOW),
        )  # fmt: skip
    with db.reading(engine) as session:
        new = [one for one in told(session, cast.usa) if one not in before]
        assert [(one.kind, one.subject) for one in new] == [(NoticeKind.ordered, "ส่งให้ครบ")]


def test_a_settled_directive_concerns_nobody(engine: sa.Engine, cast: Cast):
    with db.writing(engine) as session:
        give_a_directive(session, cast)
        for account in (cast.usa, cast.commander):
            wanted = {NoticeKind.ordered, NoticeKind.reported}
            assert not [one for one in told(session, account) if one.kind in wanted]


def test_a_question_is_told_to_whose_turn_it_is_to_answer_as_of_the_day(engine: sa.Engine, cast: Cast):
    made = hand_in(engine, cast)

    def asked(session: Session, account: int, day: int = 0) -> list[str]:
        year = queries.get_assessment(session)
        listed = queries.list_notices(session, actor(session, account), year, day_of(NOW + timedelta(days=day)))
        return [one.key for one in listed if one.kind is NoticeKind.question]

    def write(by: int, days: float) -> None:
        with db.writing(engine) as session:
            at = NOW + timedelta(days=days)
            workflow.write_message(session, by=by, evidence_id=made, text="ขาดหน้า 2 หรือไม่", at=at)

    write(cast.khanittha, 0)
    with db.reading(engine) as session:
        first = asked(session, cast.usa)
        assert len(first) == 1
        assert asked(session, cast.pattama) == first  # who prepares with her
        for other in (cast.khanittha, cast.piyaporn, cast.viewer, cast.commander):
            assert asked(session, other) == []
    write(cast.usa, 1)
    with db.reading(engine) as session:
        assert asked(session, cast.usa, 1) == []
        assert len(asked(session, cast.khanittha, 1)) == 1
        assert asked(session, cast.usa) == first  # a look back at the day before
        assert asked(session, cast.khanittha) == []
    write(cast.khanittha, 2)
    with db.reading(engine) as session:
        again = asked(session, cast.usa, 2)
        assert len(again) == 1
        assert again != first
    with db.writing(engine) as session:
        workflow.withdraw(session, by=cast.usa, evidence_id=made, at=NOW + timedelta(days=3))
    with db.reading(engine) as session:
        assert asked(session, cast.usa, 3) == []
        assert asked(session, cast.usa, 2) == again


def test_a_question_about_what_was_decided_since_waits_for_nobody_and_still_did_the_day_before(
    engine: sa.Engine, cast: Cast
):
    made = hand_in(engine, cast)
    with db.writing(engine) as session:
        workflow.write_message(session, by=cast.khanittha, evidence_id=made, text="ครบหรือไม่", at=NOW)
        workflow.review(session, by=cast.khanittha, evidence_id=made, decision=Decision.accepted,
                        at=NOW + timedelta(days=1))  # fmt: skip
    with db.reading(engine) as session:
        for days, number in ((0, 1), (1, 0)):
            day = day_of(NOW + timedelta(days=days))
            listed = queries.list_notices(session, actor(session, cast.usa), queries.get_assessment(session), day)
            assert len([one for one in listed if one.kind is NoticeKind.question]) == number
