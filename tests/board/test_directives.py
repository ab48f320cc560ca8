"""What became of a directive: its state on a day, and when it is late."""

from datetime import UTC, date, datetime, timedelta

import pytest

from ita_core.board import directives
from ita_core.board.directives import DirectiveFacts, DirectiveState, Happening
from ita_core.models import DirectiveStep

HOUR = timedelta(hours=1)
DAY = date(2025, 2, 27)
DUE = date(2025, 3, 7)
REPORTED, DONE, CANCELLED, REOPENED = DirectiveStep


def given_on(day: date, due: date = DUE, *happenings: tuple[DirectiveStep, date], number: int = 1) -> DirectiveFacts:
    """A directive of nine in the morning, with what became of it at noon of each day."""

    def at(when: date, hour: int) -> datetime:
        return datetime(when.year, when.month, when.day, hour - 7, tzinfo=UTC)

    became = tuple(Happening(what, "ผกก.", at(when, 12)) for what, when in happenings)
    return DirectiveFacts(number, "ส่งรายงาน", due, "ผกก.", at(day, 9), (1,), (1,), became)


@pytest.mark.parametrize(
    ("steps", "state"),
    [
        ([], DirectiveState.open),
        ([REPORTED], DirectiveState.reported),
        ([REPORTED, DONE], DirectiveState.done),
        ([DONE], DirectiveState.done),
        ([CANCELLED], DirectiveState.cancelled),
        ([DONE, REOPENED], DirectiveState.open),
        ([REPORTED, REOPENED], DirectiveState.open),
        ([CANCELLED, REOPENED, REPORTED], DirectiveState.reported),
    ],
)
def test_the_last_thing_that_happened_to_a_directive_is_its_state(steps: list[DirectiveStep], state: DirectiveState):
    assert given_on(DAY, DUE, *[(step, DAY) for step in steps]).state() is state


def test_a_directive_is_late_from_the_day_after_it_was_due():
    one = given_on(DAY)
    assert [one.days_late(DUE + timedelta(days=days)) for days in (-1, 0, 1, 9)] == [0, 0, 1, 9]


@pytest.mark.parametrize(("step", "late"), [(REPORTED, 0), (DONE, 0), (CANCELLED, 0), (REOPENED, 3)])
def test_what_is_said_to_be_done_or_settled_is_late_no_more(step: DirectiveStep, late: int):
    assert given_on(DAY, DUE, (step, DAY)).days_late(DUE + timedelta(days=3)) == late


def test_a_directive_stands_as_it_stood_just_before_a_moment():
    one = given_on(DAY, DUE, (REPORTED, DUE), (DONE, DUE + timedelta(days=1)))

    def then(moment: datetime) -> list[DirectiveState]:
        return [known.state() for known in directives.as_of([one], moment)]

    assert then(one.at) == []
    assert then(one.at + HOUR) == [DirectiveState.open]
    assert then(one.happenings[0].at) == [DirectiveState.open]
    assert then(one.happenings[1].at) == [DirectiveState.reported]
    assert then(one.happenings[1].at + HOUR) == [DirectiveState.done]


def test_without_a_moment_everything_is_known():
    one = given_on(DAY, DUE, (DONE, DUE))
    assert directives.as_of([one], None) == [one]


def test_the_open_ones_come_by_the_day_they_are_due():
    later, done, sooner, reported = (
        given_on(DAY, DUE, number=1),
        given_on(DAY, DAY, (DONE, DAY), number=2),
        given_on(DAY, DAY, number=3),
        given_on(DAY, DAY, (REPORTED, DAY), number=4),
    )
    assert [one.id for one in directives.still_open([later, done, reported, sooner])] == [3, 4, 1]
