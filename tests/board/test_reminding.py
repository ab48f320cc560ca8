"""By what and when somebody is told."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ita_core.board import reminding
from ita_core.board.notices import Notice, NoticeKind
from ita_core.board.reminding import Choice
from ita_core.models import Channel

HOURS = st.integers(0, 23)


@pytest.mark.parametrize(
    ("quiet", "hours"),
    [((20, 6), {*range(20, 24), *range(6)}), ((12, 13), {12}), ((0, 0), set()), ((7, 7), set()), ((23, 0), {23})],
)
def test_the_quiet_hours_go_round_midnight(quiet: tuple[int, int], hours: set[int]):
    choice = Choice(quiet_from=quiet[0], quiet_until=quiet[1])
    assert {hour for hour in range(24) if reminding.is_quiet(choice, hour)} == hours


@pytest.mark.parametrize(
    ("hour", "quiet", "due"),
    [
        (8, (20, 6), [*range(8, 20)]),
        (0, (20, 6), [*range(6, 20)]),
        (19, (20, 6), [19]),
        (20, (20, 6), []),
        (23, (20, 6), []),
        (23, (0, 6), [23]),
        (12, (12, 0), []),
        (12, (12, 14), [*range(14, 24)]),
        (10, (12, 14), [10, 11, *range(14, 24)]),
        (22, (9, 9), [22, 23]),
    ],
)
def test_a_digest_comes_from_its_hour_on_and_never_at_a_quiet_one(hour: int, quiet: tuple[int, int], due: list[int]):
    choice = Choice(hour=hour, quiet_from=quiet[0], quiet_until=quiet[1])
    assert [now for now in range(24) if reminding.digest_is_due(choice, now)] == due
    assert reminding.digest_can_come(choice) is bool(due)


def test_who_wants_no_digest_gets_none_at_any_hour():
    choice = Choice(digest=False, hour=0, quiet_from=0, quiet_until=0)
    assert not any(reminding.digest_is_due(choice, now) for now in range(24))


@given(HOURS, HOURS, HOURS, st.none() | HOURS, st.booleans(), st.booleans(), st.booleans(), st.booleans())
def test_what_may_be_told_follows_from_what_was_chosen_and_what_was_told(
    hour: int, quiet: int, until: int, now: int | None, digest: bool, once: bool, told: bool, waits: bool
):
    choice = Choice(digest=digest, hour=hour, at_once=once, quiet_from=quiet, quiet_until=until)
    found = reminding.allowed(choice, now, digest_told=told, waits=waits)
    silent = now is not None and reminding.is_quiet(choice, now)
    assert found.once == (once and not silent)
    assert found.again == (waits and not silent)
    assert found.digest == (digest and not told and not silent and (now is None or now >= hour))
    assert found.anything == (found.digest or found.once or found.again)


def test_a_directive_that_only_comes_nearer_is_told_at_once_once_and_one_opened_again_anew():
    def key(mark: str) -> str:
        return reminding.once_key(1, Notice(NoticeKind.ordered, "x", "O6", mark=mark))

    assert key("7.1.due_soon") == key("7.1.overdue")
    assert len({key("7.1.due_soon"), key("7.2.due_soon"), key("8.1.due_soon")}) == 3


def test_what_came_back_twice_is_told_twice_and_in_each_year_by_itself():
    one = Notice(NoticeKind.returned, "x", "O6", mark="12")
    assert reminding.once_key(1, one) != reminding.once_key(2, one)
    assert reminding.once_key(1, one) != reminding.once_key(1, Notice(NoticeKind.returned, "x", "O6", mark="13"))


def test_a_day_has_one_digest():
    days = [date(2025, 3, 15) + timedelta(days=number) for number in range(400)]
    assert len({reminding.digest_key(day) for day in days}) == 400


def test_pauses_grow_and_all_tries_end_within_the_day_that_line_knows_a_message():
    pauses = [reminding.pause_before(attempt) for attempt in range(1, reminding.MOST_ATTEMPTS)]
    assert pauses == sorted(pauses)
    assert pauses[0] < timedelta(minutes=5)  # the timer's
    assert sum(pauses, timedelta()) < timedelta(hours=23)


def test_what_is_begun_anew_has_as_many_tries_and_the_same_pauses():
    most = reminding.MOST_ATTEMPTS
    assert [attempt for attempt in range(1, 3 * most) if reminding.is_last(attempt)] == [most, 2 * most]
    assert [reminding.pause_before(most + one) for one in range(1, most)] == [
        reminding.pause_before(one) for one in range(1, most)
    ]


def test_only_what_is_proved_and_wanted_is_used():
    assert reminding.usable(Choice(), [Channel.line]) == [Channel.line]
    assert reminding.usable(Choice(channels=frozenset({Channel.mail})), [Channel.line]) == []
