"""Which assessment is meant, its calendar and its items' people."""

import pytest
import sqlalchemy as sa

from ita_core import db, queries
from ita_core.errors import NotFound
from ita_core.models import DutyKind
from tests.queries.writes import kept

pytestmark = pytest.mark.both


def test_an_assessment_can_be_named(engine: sa.Engine):
    with db.reading(engine) as session:
        assert (
            queries.get_assessment(session, "prachuap-2568")
            == queries.get_assessment(session)
            == queries.get_assessment(session, "2568")
        )
        with pytest.raises(NotFound):
            queries.get_assessment(session, "2569")


def test_the_calendar_has_the_documents_people(engine: sa.Engine):
    steps = kept(engine).steps
    assert len(steps) == 14
    assert steps[4].preparers == ("ร.ต.อ.หญิง อังศุศรณ์ เชาวเลิศ",)
    assert (steps[7].supervisors, steps[7].preparers) == ((), ())


def test_an_items_people_are_named_in_the_documents_order(engine: sa.Engine):
    data = kept(engine)
    o9 = next(item for item in data.items if item.code == "O9")
    assert [person.full for person in data.named(o9.id, DutyKind.supervise)] == ["พ.ต.ท.หญิง ขนิษฐา แก้วโสภา"]
