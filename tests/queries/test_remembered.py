"""Answers are asked of the database again only when a write may have changed them."""

import pytest
import sqlalchemy as sa

from ita_core import db, queries
from ita_core.queries import remembered
from tests.cast import Cast
from tests.queries.test_statements import more_meetings, statements

pytestmark = pytest.mark.both


def meetings(engine: sa.Engine) -> list[queries.MeetingFacts]:
    with db.reading(engine) as session:
        return queries.list_meetings(session, queries.get_assessment(session).id)


def test_an_answer_is_kept_until_the_next_write(engine: sa.Engine, cast: Cast):
    assert meetings(engine) == []
    with statements(engine) as asked:
        assert meetings(engine) == []
    assert [one for one in asked if "audithead" not in one and "sqlite_master" not in one] == []
    with db.writing(engine) as session:
        more_meetings(session, cast, 1)
    assert len(meetings(engine)) == 1


def test_a_transaction_that_began_before_a_write_goes_on_to_see_what_was(engine: sa.Engine, cast: Cast):
    if engine.dialect.name == "sqlite":  # without a write-ahead log readers keep writers out
        return
    with db.reading(engine) as session:
        of = queries.get_assessment(session).id
        with db.writing(engine) as other:
            more_meetings(other, cast, 1)
        assert len(meetings(engine)) == 1
        assert queries.list_meetings(session, of) == []
    assert len(meetings(engine)) == 1


def test_in_the_middle_of_a_write_it_is_asked_and_not_kept(engine: sa.Engine, cast: Cast):
    assert meetings(engine) == []
    with pytest.raises(ZeroDivisionError), db.writing(engine) as session:
        of = queries.get_assessment(session).id
        assert queries.list_meetings(session, of) == []
        more_meetings(session, cast, 1)
        session.flush()
        assert len(queries.list_meetings(session, of)) == 1
        raise ZeroDivisionError
    assert meetings(engine) == []


def test_whoever_gets_a_list_may_change_it(engine: sa.Engine, cast: Cast):
    with db.writing(engine) as session:
        more_meetings(session, cast, 2)
    meetings(engine).clear()
    meetings(engine).clear()
    assert len(meetings(engine)) == 2


def test_at_most_so_many_are_kept(engine: sa.Engine, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(remembered, "MOST_KEPT", 5)
    with db.reading(engine) as session:
        for number in range(20):
            queries.list_meetings(session, number)
    assert len(remembered._kept) == 5
