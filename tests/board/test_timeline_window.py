"""Where a day stands on the timeline's axis: positions in percent, what is cut at the edges, months and days."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ita_core.board import timeline
from ita_core.board.timeline import Span, Window

TEN = Window(date(2025, 3, 1), date(2025, 3, 10))  # ten percent a day
YEAR = Window(date(2024, 10, 1), date(2025, 9, 30))


def march(day: int) -> date:
    return date(2025, 3, 1) + timedelta(days=day - 1)


@pytest.mark.parametrize(
    ("first", "last", "span"),
    [
        (1, 10, Span(0, 100)),
        (3, 3, Span(20, 10)),
        (2, 5, Span(10, 40)),
        (0, 2, Span(0, 20, before=True)),
        (9, 11, Span(80, 20, after=True)),
        (-5, 40, Span(0, 100, before=True, after=True)),
        (-5, 0, None),
        (11, 12, None),
    ],
)
def test_whole_days_with_what_lies_outside_cut_off(first: int, last: int, span: Span | None):
    assert TEN.span(march(first), march(last)) == span


@pytest.mark.parametrize(
    ("starts", "day", "span"),
    [
        (1, 3, Span(0, 25)),
        (3, 3, Span(20, 5)),
        (0, 1, Span(0, 5, before=True)),
        (9, 12, Span(80, 20, after=True)),
        (-9, 0, None),
    ],
)
def test_what_goes_on_ends_at_the_line_of_the_day(starts: int, day: int, span: Span | None):
    assert TEN.until(march(starts), march(day)) == span


@pytest.mark.parametrize(
    ("one", "other", "span"),
    [
        (1, 2, Span(5, 10)),
        (2, 1, Span(5, 10)),
        (0, 1, Span(0, 5, before=True)),
        (10, 11, Span(95, 5, after=True)),
        (11, 20, None),
    ],
)
def test_from_mark_to_mark_whichever_comes_first(one: int, other: int, span: Span | None):
    assert TEN.between(march(one), march(other)) == span


def test_a_mark_stands_in_the_middle_of_its_day():
    assert [TEN.middle(march(day)) for day in (0, 1, 10, 11)] == [-5, 5, 95, 105]
    assert [TEN.holds(march(day)) for day in (0, 1, 10, 11)] == [False, True, True, False]


def test_the_months_of_a_fiscal_year_follow_each_other_without_a_gap():
    found = YEAR.months()
    assert [first.month for first, _span in found] == [10, 11, 12, 1, 2, 3, 4, 5, 6, 7, 8, 9]
    for (_, span), (_, following) in pairwise(found):
        assert span.left + span.width == pytest.approx(following.left)
    assert found[0][1].left == 0
    assert sum(span.width for _, span in found) == pytest.approx(100)
    assert not any(span.before or span.after for _, span in found)
    assert not YEAR.is_month


@pytest.mark.parametrize(
    ("month", "first", "last"),
    [
        (date(2025, 3, 1), date(2025, 2, 25), date(2025, 4, 4)),
        (date(2025, 2, 14), date(2025, 1, 28), date(2025, 3, 4)),
        (date(2024, 12, 31), date(2024, 11, 27), date(2025, 1, 4)),
        (date(2028, 2, 1), date(2028, 1, 28), date(2028, 3, 4)),  # a leap year
    ],
)
def test_a_month_is_shown_with_a_few_days_around_it(month: date, first: date, last: date):
    window = Window.of_month(month)
    assert (window.first, window.last) == (first, last)
    assert window.is_month
    days = window.days()
    assert (days[0], days[-1], len(days)) == (first, last, (last - first).days + 1)
    before, own, after = window.months()
    assert (before[1].before, own[1].before, own[1].after, after[1].after) == (True, False, False, True)


def test_the_months_from_one_day_to_another():
    assert timeline.months(date(2024, 11, 30), date(2025, 2, 1)) == [
        date(2024, 11, 1), date(2024, 12, 1), date(2025, 1, 1), date(2025, 2, 1),
    ]  # fmt: skip
    assert timeline.months(date(2025, 2, 3), date(2025, 2, 3)) == [date(2025, 2, 1)]


days = st.dates(date(2024, 1, 1), date(2026, 12, 31))


@given(starts=days, length=st.integers(0, 400), month=days)
def test_nothing_ever_stands_outside_the_axis(starts: date, length: int, month: date):
    ends = starts + timedelta(days=length)
    for window in (YEAR, Window.of_month(month)):
        for span in (window.span(starts, ends), window.until(starts, ends), window.between(starts, ends)):
            if span:
                assert 0 <= span.left <= 100
                assert span.width >= 0
                assert span.left + span.width <= 100 + 1e-9
        whole = window.span(starts, ends)
        assert (whole is None) == (ends < window.first or starts > window.last)
        if whole:
            assert (whole.before, whole.after) == (starts < window.first, ends > window.last)
