"""A campaign on a day: before it opens, at both ends, after it, with and without a minimum."""

from datetime import UTC, date, datetime, timedelta

import pytest

from ita_core.board.campaigns import NO_LINE, Count, Pace, Standing, Terms, falls, replaced, standing

OPENS, CLOSES = date(2025, 1, 1), date(2025, 1, 10)  # ten days
TERMS = Terms(OPENS, CLOSES, population=60, minimum=50)
AT = datetime(2025, 1, 1, 5, tzinfo=UTC)


def count(day: date, total: int, at: datetime = AT, **lines: int) -> Count:
    return Count(day, {NO_LINE: total, **lines}, "อุษา", at)


def on(day: date, total: int | None = None, terms: Terms = TERMS) -> Standing:
    counts = [] if total is None else [count(OPENS, total)]
    return standing(terms, counts, day)


@pytest.mark.parametrize(
    ("day", "total", "pace", "days", "due", "a_day"),
    [
        (OPENS - timedelta(days=30), None, Pace.ahead, 10, 0, 5),
        (OPENS - timedelta(days=1), None, Pace.ahead, 10, 0, 5),
        (OPENS, None, Pace.on_pace, 10, 0, 5),
        (date(2025, 1, 2), 5, Pace.on_pace, 9, 5, 5),
        (date(2025, 1, 2), 4, Pace.behind, 9, 5, 6),  # 46 of 9 days: 5 a day would not do
        (date(2025, 1, 6), 25, Pace.on_pace, 5, 25, 5),
        (date(2025, 1, 6), 24, Pace.behind, 5, 25, 6),
        (CLOSES, 45, Pace.on_pace, 1, 45, 5),
        (CLOSES, 44, Pace.behind, 1, 45, 6),
        (CLOSES, 50, Pace.reached, 1, 45, None),
        (CLOSES + timedelta(days=1), 49, Pace.missed, 0, 50, None),
        (CLOSES + timedelta(days=1), 50, Pace.reached, 0, 50, None),
        (date(2026, 1, 1), None, Pace.missed, 0, 50, None),
    ],
)
def test_the_pace_at_each_boundary(day: date, total: int | None, pace: Pace, days: int, due: int, a_day: int | None):
    found = on(day, total)
    assert (found.pace, found.days, found.due, found.a_day) == (pace, days, due, a_day)
    assert found.missing == max(50 - (total or 0), 0)


@pytest.mark.parametrize(
    ("day", "pace"),
    [
        (OPENS - timedelta(days=1), Pace.ahead),
        (OPENS, Pace.open),
        (CLOSES, Pace.open),
        (CLOSES + timedelta(days=1), Pace.over),
    ],
)
def test_without_a_minimum_nothing_is_said_of_one(day: date, pace: Pace):
    found = on(day, 7, Terms(OPENS, CLOSES))
    assert (found.pace, found.missing, found.a_day, found.due) == (pace, None, None, None)


def test_a_campaign_of_one_day_owes_nothing_until_it_is_over():
    one = Terms(OPENS, OPENS, minimum=3)
    assert [on(OPENS + timedelta(days=more), None, one).due for more in (0, 1)] == [0, 3]
    assert on(OPENS, None, one).a_day == 3


def test_half_a_response_is_none_so_what_is_due_and_needed_is_rounded_up():
    found = on(date(2025, 1, 2), 0, Terms(OPENS, CLOSES, minimum=11))  # 1.1 due, 11 in 9 days
    assert (found.due, found.a_day) == (2, 2)


def test_a_count_of_a_later_day_is_not_known_yet():
    counts = [count(OPENS, 5), count(date(2025, 1, 3), 20)]
    assert standing(TERMS, counts, date(2025, 1, 2)).total == 5
    assert standing(TERMS, counts, date(2025, 1, 3)).total == 20
    assert standing(TERMS, [], OPENS).last is None


def test_of_a_day_the_later_record_holds_whatever_the_order_of_the_days():
    early, late = count(OPENS, 5), count(OPENS, 4, AT + timedelta(hours=1))
    other = count(OPENS - timedelta(days=1), 3, AT + timedelta(hours=2))
    assert replaced([early, late, other]) == (other, late)


def test_fewer_than_the_day_before_is_told_and_as_many_is_not():
    counts = [count(OPENS + timedelta(days=number), total) for number, total in enumerate([3, 3, 2, 9])]
    assert [(before.total, after.total) for before, after in falls(counts)] == [(3, 2)]


def test_a_line_of_work_of_which_nobody_has_answered_is_named():
    terms = Terms(OPENS, CLOSES, lines=("ก", "ข", "ค"))
    counts = [Count(OPENS, {"ก": 2, "ข": 0, "ค": 0, NO_LINE: 1}, "อุษา", AT)]
    found = standing(terms, counts, OPENS)
    assert (found.total, found.empty) == (3, ("ข", "ค"))
    assert standing(terms, [], OPENS).empty == terms.lines


def test_a_line_named_since_the_last_count_is_not_empty_and_one_no_longer_named_keeps_its_people():
    terms = Terms(OPENS, CLOSES, lines=("ข", "ใหม่"))
    counts = [Count(OPENS, {"ก": 2, "ข": 0, "ค": 0, NO_LINE: 1}, "อุษา", AT)]
    found = standing(terms, counts, OPENS)
    assert (found.empty, found.former) == (("ข",), ("ก",))
    assert standing(terms, [], OPENS).former == ()


def test_more_responses_never_make_a_pace_worse():
    order = [Pace.missed, Pace.behind, Pace.on_pace, Pace.reached]
    for day in (OPENS, date(2025, 1, 5), CLOSES, CLOSES + timedelta(days=1)):
        ranks = [order.index(on(day, total).pace) for total in range(61)]
        assert ranks == sorted(ranks)
