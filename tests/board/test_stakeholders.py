"""A list of stakeholders on a day: there until its day is over, then deleted or about to be."""

from datetime import UTC, date, datetime

import pytest

from ita_core.board.campaigns import Terms
from ita_core.board.stakeholders import ListFacts, State, last_day, state
from ita_core.models import StakeholdersGone

AT = datetime(2025, 3, 1, tzinfo=UTC)
TERMS = Terms(date(2025, 1, 1), date(2025, 6, 30))
LAST = date(2025, 7, 30)


def listed(*, gone: bool = False, held: bool = True) -> ListFacts:
    return ListFacts(1, 2, {}, "", "", AT, (StakeholdersGone.due, "", AT) if gone else None, held)


def test_it_is_kept_so_many_days_after_the_survey_is_over():
    assert last_day(TERMS, 30) == LAST
    assert last_day(TERMS, 0) == TERMS.closes
    assert last_day(None, 30) is None


@pytest.mark.parametrize(
    ("one", "last", "day", "wanted"),
    [
        (None, LAST, LAST, State.none),
        (listed(), LAST, LAST, State.there),
        (listed(), LAST, date(2025, 7, 31), State.over),
        (listed(), None, LAST, State.over),
        (listed(held=False), LAST, LAST, State.lost),
        (listed(held=False), LAST, date(2025, 7, 31), State.over),
        (listed(gone=True, held=False), LAST, LAST, State.deleted),
        (listed(gone=True), LAST, LAST, State.deleted),
    ],
)
def test_how_it_stands_on_a_day(one: ListFacts | None, last: date | None, day: date, wanted: State):
    assert state(one, last, day) is wanted
