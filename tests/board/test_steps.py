"""Steps of the calendar: done by the records, by hand, or late; and of which days each is said."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ita_core.board import progress, steps
from ita_core.board.campaigns import CampaignFacts, Count, Terms
from ita_core.board.progress import ItemEvent, Records
from ita_core.board.steps import Seen, StepFacts, StepState, Tick, standing
from ita_core.models import StepSign, Survey
from tests.board.two_items import ACTIVITIES, ENDS, ITEMS, all_accepted, at, handed_in

STARTS, LAST = date(2024, 11, 1), date(2024, 12, 31)
USA, KHANITTHA = 10, 20
BY_HAND = StepFacts(
    "ช่วง", 2, "ลงทะเบียน", "งาน", STARTS, LAST, STARTS, LAST, None, ("ขนิษฐา",), ("อุษา",), (USA, KHANITTHA)
)  # fmt: skip
ASSESSORS = replace(BY_HAND, supervisors=(), preparers=(), officers=())
WITHOUT_MEMBERS = replace(BY_HAND, officers=())


def by(sign: StepSign, item: str = "") -> StepFacts:
    return replace(BY_HAND, sign=sign, item=item)


NOTHING = Records()


def seen(day: date, records: Records = NOTHING, **more: object) -> Seen:
    board = progress.board(ITEMS, records, day=day, year_ends=ENDS)
    return Seen(board, records, **more)


def said(day: date, *, done: bool = True, on: date | None = None) -> Tick:
    return Tick(done, day, "อุษา", at(on or day), "หนังสือ 12/2568")


def on(step: StepFacts, day: date, *ticks: Tick, **more: object) -> steps.StepStanding:
    return standing(step, ticks, seen(day, **more), day)


# --- by hand, and late -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("step", "day", "state", "late"),
    [
        (BY_HAND, STARTS - timedelta(1), StepState.ahead, 0),
        (BY_HAND, STARTS, StepState.going_on, 0),
        (BY_HAND, LAST, StepState.going_on, 0),
        (BY_HAND, LAST + timedelta(1), StepState.overdue, 1),
        (BY_HAND, LAST + timedelta(26), StepState.overdue, 26),
        (WITHOUT_MEMBERS, LAST + timedelta(1), StepState.overdue, 1),  # a post has it, whoever that is
        (ASSESSORS, LAST, StepState.going_on, 0),
        (ASSESSORS, LAST + timedelta(1), StepState.over, 0),  # nobody of the office is called upon
    ],
)
def test_a_step_that_nothing_shows_done(step: StepFacts, day: date, state: StepState, late: int):
    found = on(step, day)
    assert (found.state, found.days_late, found.since, found.sign, found.by_hand) == (state, late, None, None, None)


def test_said_by_hand_it_is_done_since_that_day_by_whom_and_why():
    tick = said(LAST - timedelta(3))
    found = on(BY_HAND, LAST + timedelta(30), tick)
    assert (found.state, found.since, found.by_hand, found.days_late) == (StepState.done, tick.day, tick, 0)


def test_done_late_tells_how_late_it_was_done_not_how_long_ago_it_ended():
    assert on(BY_HAND, LAST + timedelta(90), said(LAST + timedelta(4))).days_late == 4


def test_taken_back_it_is_late_again_and_both_stay():
    ticks = said(LAST), said(LAST + timedelta(2), done=False)
    found = on(BY_HAND, LAST + timedelta(5), *ticks)
    assert (found.state, found.days_late, found.ticks, found.by_hand) == (StepState.overdue, 5, ticks, None)
    again = on(BY_HAND, LAST + timedelta(5), *ticks, said(LAST + timedelta(3)))
    assert (again.state, again.since) == (StepState.done, LAST + timedelta(3))


def test_what_the_records_show_comes_before_what_was_said():
    step, tick = by(StepSign.meeting_held), said(LAST)
    found = on(step, LAST, tick, meetings=[STARTS])
    assert (found.since, found.sign, found.by_hand) == (STARTS, StepSign.meeting_held, None)
    found = on(step, LAST, tick)
    assert (found.since, found.sign, found.by_hand) == (LAST, None, tick)


# --- by the records --------------------------------------------------------------------------------------------------


def filed(*, filing: date = date(2024, 12, 20), item: int = 1, **dates: date) -> dict[str, list[ItemEvent]]:
    approved, published = dates.get("approved", date(2024, 12, 1)), dates.get("published", date(2024, 12, 2))
    return {
        "approvals": [ItemEvent(item, at(approved, 11), "")],
        "publications": [ItemEvent(item, at(published))],
        "filings": [ItemEvent(item, at(filing))],
    }


def both_filed(last: date, *more: ItemEvent) -> Records:
    """Both items complete since October, approved and published in time; the second one was filed on `last`."""
    news = handed_in(
        2, *[slot.key for slot in ACTIVITIES.slots], item=2, on=date(2024, 10, 30), reviewed=date(2024, 10, 30)
    )
    pieces = [all_accepted(), news]
    marks = [one.fingerprint for one in progress.board(ITEMS, Records(pieces), day=LAST, year_ends=ENDS).items]
    acts: dict[str, list[ItemEvent]] = {"approvals": [], "publications": [], "filings": []}
    for number, (mark, day) in enumerate(zip(marks, (date(2024, 12, 20), last), strict=True), start=1):
        for name, events in filed(filing=day, item=number).items():
            acts[name] += [replace(event, fingerprint=mark if name == "approvals" else "") for event in events]
    return Records(pieces, acts["approvals"], acts["publications"], [*acts["filings"], *more])


def test_all_items_filed_since_the_last_of_them_was():
    step, records = by(StepSign.items_filed), both_filed(date(2024, 12, 23))
    assert steps.shown_since(step, seen(date(2024, 12, 22), records)) is None
    assert steps.shown_since(step, seen(date(2024, 12, 23), records)) == date(2024, 12, 23)


def test_filed_again_it_is_filed_since_the_first_time_and_not_once_its_approval_was_taken_back():
    step = by(StepSign.items_filed)
    again = both_filed(date(2024, 12, 23), ItemEvent(2, at(date(2025, 1, 9))))
    assert steps.shown_since(step, seen(date(2025, 2, 1), again)) == date(2024, 12, 23)
    undone = replace(again, approvals=[replace(again.approvals[0], ended_at=at(date(2025, 1, 20))), again.approvals[1]])
    assert steps.shown_since(step, seen(date(2025, 1, 19), undone)) == date(2024, 12, 23)
    assert steps.shown_since(step, seen(date(2025, 1, 20), undone)) is None


def test_without_any_item_nothing_is_filed():
    board = progress.board((), Records(), day=LAST, year_ends=ENDS)
    assert steps.shown_since(by(StepSign.items_filed), Seen(board, Records())) is None


def survey(*totals: tuple[date, int], minimum: int | None = 40, which: Survey = Survey.iit) -> CampaignFacts:
    counts = tuple(Count(day, {"": number}, "อุษา", at(day)) for day, number in totals)
    return CampaignFacts(which, Terms(STARTS, LAST, 60, minimum), counts=counts)


D = [STARTS + timedelta(days) for days in range(5)]


@pytest.mark.parametrize(
    ("surveys", "since"),
    [
        ([], None),
        ([CampaignFacts(Survey.iit)], None),
        ([survey((D[0], 39), (D[1], 40), (D[2], 55))], D[1]),
        ([survey((D[0], 40), (D[1], 12), (D[2], 41))], D[2]),  # one count was wrong: since then it is so for good
        ([survey((D[0], 40), (D[1], 12))], None),
        ([survey((D[0], 60), minimum=None)], None),
        ([survey((D[0], 60), which=Survey.eit_public)], None),
        ([survey((D[4], 60))], None),  # counted for a day after the one asked about
    ],
)
def test_as_many_answered_as_are_needed_since_the_first_count_that_stays_so(surveys: list, since: date | None):
    assert steps.shown_since(by(StepSign.iit_minimum), seen(D[3], surveys=surveys)) == since


def test_of_eit_whoever_comes_for_a_service_counts():
    surveys = [survey((D[0], 60)), survey((D[2], 40), which=Survey.eit_public)]
    assert steps.shown_since(by(StepSign.eit_minimum), seen(D[3], surveys=surveys)) == D[2]


def test_an_items_evidence_since_its_last_slot_was_accepted():
    step, records = by(StepSign.evidence_of, "O6"), Records([all_accepted(day=D[1])])
    assert steps.shown_since(step, seen(D[3], records)) == D[1]
    assert steps.shown_since(step, seen(D[0], records)) is None
    assert steps.shown_since(by(StepSign.evidence_of, "O18"), seen(D[3], records)) is None
    assert steps.shown_since(by(StepSign.evidence_of, "O99"), seen(D[3], records)) is None


def test_a_meeting_of_before_the_step_began_is_none_of_it():
    step = by(StepSign.meeting_held)
    assert steps.shown_since(step, seen(D[3], meetings=[STARTS - timedelta(1)])) is None
    assert steps.shown_since(step, seen(D[3], meetings=[D[2], D[1], STARTS - timedelta(1)])) == D[1]


@pytest.mark.parametrize(
    ("totals", "since"),
    [
        ([], None),
        ([(D[1], True), (D[2], True)], D[1]),  # recorded anew, with another source: it was known before
        ([(D[0], True), (D[1], False)], None),
        ([(D[0], True), (D[1], False), (D[2], True), (D[3], True)], D[2]),
    ],
)
def test_the_announced_total_since_it_was_first_recorded_and_not_retracted(totals: list, since: date | None):
    assert steps.shown_since(by(StepSign.scores_announced), seen(D[3], totals=totals)) == since


def test_the_list_of_stakeholders_since_it_first_came_in():
    step = by(StepSign.stakeholders_listed)
    assert steps.shown_since(step, seen(D[3])) is None
    assert steps.shown_since(step, seen(D[3], lists=[(D[1], True), (D[2], True)])) == D[1]  # the second one replaced it


def test_a_list_of_stakeholders_that_was_deleted_by_hand_while_the_step_runs_shows_nothing():
    step = by(StepSign.stakeholders_listed)
    wrong = [(LAST - timedelta(9), True), (LAST, False)]
    assert steps.shown_since(step, seen(LAST, lists=wrong)) is None
    assert steps.shown_since(step, seen(LAST, lists=[*wrong, (LAST, True)])) == LAST
    after = [(LAST - timedelta(9), True), (LAST + timedelta(1), False)]  # what it was for is over
    assert steps.shown_since(step, seen(LAST + timedelta(2), lists=after)) == LAST - timedelta(9)


# --- whom it calls upon ----------------------------------------------------------------------------------------------


def test_who_is_called_upon_for_what_is_late_the_longest_late_first():
    later = replace(BY_HAND, position=3, ends=LAST + timedelta(10), officers=(USA,))
    day = LAST + timedelta(20)
    stand = steps.standings([later, BY_HAND, replace(ASSESSORS, position=4)], {}, seen(day), day)
    assert [one.step.position for one in steps.overdue(stand)] == [2, 3]
    assert [one.step.position for one in steps.overdue(stand, USA)] == [2, 3]
    assert [one.step.position for one in steps.overdue(stand, KHANITTHA)] == [2]
    assert steps.overdue(stand, 99) == []


def test_what_was_said_is_said_of_the_step_of_that_number():
    stand = steps.standings([BY_HAND, replace(BY_HAND, position=3)], {3: [said(LAST)]}, seen(LAST), LAST)
    assert [one.state for one in stand] == [StepState.going_on, StepState.done]


def test_the_step_in_which_a_survey_is_answered():
    both = [BY_HAND, by(StepSign.iit_minimum), replace(by(StepSign.eit_minimum), position=7)]
    assert steps.survey_step(both, Survey.iit) == both[1]
    assert steps.survey_step(both, Survey.eit_public) == steps.survey_step(both, Survey.eit_external) == both[2]
    assert steps.survey_step([BY_HAND], Survey.iit) is None


DAYS = st.dates(date(2024, 10, 1), ENDS)


@given(st.lists(st.tuples(st.booleans(), DAYS, DAYS), max_size=6), DAYS, st.sampled_from([BY_HAND, ASSESSORS]))
def test_the_last_word_before_a_day_decides_and_a_later_one_changes_nothing_of_it(
    acts: list[tuple[bool, date, date]], day: date, step: StepFacts
):
    ticks = sorted((said(of, done=done, on=when) for done, of, when in acts), key=lambda one: one.at)
    end: datetime = progress.until(day, ENDS) or at(ENDS + timedelta(1))
    known = [one for one in ticks if one.at < end]
    found = standing(step, known, seen(day), day)
    assert (found.state is StepState.done) == bool(known and known[-1].done)
    assert found.days_late >= 0
    assert (found.days_late > 0 and found.since is None) == (found.state is StepState.overdue)
    assert found.ticks == tuple(known)
