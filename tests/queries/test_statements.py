"""How much is asked of the database: more rows ask no more."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from ita_core import db, queries, workflow
from tests.cast import Cast, replan
from tests.queries.writes import NOW, give_a_directive, officer

pytestmark = pytest.mark.both


@contextmanager
def statements(engine: sa.Engine) -> Iterator[list[str]]:
    """What is asked of the database meanwhile, but for the beginning of transactions."""
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if statement.lstrip().startswith("SELECT"):
            asked.append(statement)

    sa.event.listen(engine, "before_cursor_execute", note)
    yield asked
    sa.event.remove(engine, "before_cursor_execute", note)


def more_meetings(session: Session, cast: Cast, count: int) -> None:
    of = queries.get_assessment(session).id
    there = [officer(session, who) for who in (cast.usa, cast.pattama, cast.pramote)]
    for number in range(count):
        at = NOW + timedelta(days=number)
        made = workflow.open_meeting(session, by=cast.commander, assessment_id=of, officer_ids=there, at=at)
        workflow.end_meeting(session, by=cast.commander, meeting_id=made, at=at)


def more_directives(session: Session, cast: Cast, count: int) -> None:
    for _ in range(count):
        give_a_directive(session, cast)


def more_revisions(session: Session, cast: Cast, count: int) -> None:
    for number in range(count):
        at = NOW + timedelta(minutes=number)
        replan(session, lambda plan: plan.update(about=f"{plan['about']}."), at)


@pytest.mark.parametrize(
    ("read", "add"),
    [
        (queries.list_meetings, more_meetings),
        (queries.list_directives, more_directives),
        (lambda session, of: list(queries.get_history(session, of).plans), more_revisions),
    ],
)
def test_more_rows_ask_no_more_of_the_database(
    engine: sa.Engine, cast: Cast, read: Callable[[Session, int], list[object]], add: Callable[..., None]
):
    with db.writing(engine) as session:
        add(session, cast, 1)
    rows, asked = [], []
    for _ in range(2):
        with db.reading(engine) as session:
            of = queries.get_assessment(session).id
            with statements(engine) as during:
                rows.append(len(read(session, of)))
            asked.append(during)
        with db.writing(engine) as session:
            add(session, cast, 12)
    assert rows[1] == rows[0] + 12
    assert len(asked[0]) == len(asked[1]) <= 7
