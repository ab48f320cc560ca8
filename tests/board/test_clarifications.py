"""The assessor's points against our own records: what explains them, what supports a clarification, where it stands."""

from dataclasses import replace
from datetime import date, datetime

import pytest

from ita_core.board import clarifications, progress
from ita_core.board.clarifications import (
    Advice,
    Answer,
    Clarifying,
    Decided,
    Dispute,
    Looked,
    Ours,
    Recorded,
    Standing,
    Version,
    What,
)
from ita_core.board.steps import StepFacts
from ita_core.models import ClarificationOutcome, LinkOutcome
from tests.board.two_items import MONTHLY, OCTOBER_PDF, all_accepted, at, board_on, handed_in

CLOSED = date(2025, 4, 30)
URL, OTHER = "https://example.go.th/o6", "https://example.go.th/o6-new"
MAY = date(2025, 5, 3)


def standing(*hand_ins: progress.HandIn) -> progress.ItemStanding:
    return board_on(CLOSED, *hand_ins).by_code["O6"]


def ours(**more: object) -> Ours:
    """All of it there in time; what differs is named."""
    known = {
        "standing": standing(all_accepted()),
        "approved": ("ผกก.", at(date(2025, 1, 20))),
        "publications": (Recorded((URL,), "อังศุศรณ์", at(date(2025, 1, 21))),),
        "filings": (Recorded((URL,), "อังศุศรณ์", at(date(2025, 2, 4))),),
    }
    return Ours(**(known | more), closed=CLOSED)  # type: ignore[arg-type]


def whats(one: Ours) -> list[What]:
    return [found.what for found in clarifications.findings(one)]


def dispute(one: Ours, points: float | None = 50.0, clarifying: Clarifying | None = None) -> Dispute:
    return Dispute(one, points, points, "", tuple(clarifications.findings(one)), clarifying)


GOOD = [What.complete, What.approved, What.published, What.filed]


def test_what_was_there_in_time_supports_a_clarification_and_nothing_speaks_against_it():
    assert whats(ours()) == GOOD
    assert dispute(ours()).advice is Advice.clarify
    found = {one.what: one for one in clarifications.findings(ours())}
    assert (found[What.filed].day, found[What.filed].name) == (date(2025, 2, 4), "อังศุศรณ์")
    assert found[What.complete].day == date(2024, 10, 30)


@pytest.mark.parametrize(
    ("change", "says", "advice"),
    [
        ({"approved": None}, What.not_approved, Advice.weigh),
        ({"approved": ("ผกก.", at(date(2025, 5, 2)))}, What.approved_after, Advice.weigh),
        ({"publications": ()}, What.not_published, Advice.explained),
        ({"publications": (Recorded((URL,), "ก", at(date(2025, 5, 1))),)}, What.published_after, Advice.explained),
        (
            {"publications": (Recorded((URL,), "ก", at(CLOSED)), Recorded((), "ก", at(CLOSED, 11)))},
            What.not_published,
            Advice.explained,
        ),
        ({"filings": ()}, What.not_filed, Advice.explained),
        ({"filings": (Recorded((URL,), "ก", at(date(2025, 5, 1), 0)),)}, What.filed_after, Advice.explained),
        ({"filings": (Recorded((URL,), "ก", at(CLOSED), answer=False),)}, What.answered_no, Advice.weigh),
        (
            {"filings": (Recorded((URL,), "ก", at(CLOSED)), Recorded((OTHER,), "ก", at(MAY)))},
            What.judged_moved,
            Advice.weigh,
        ),
        ({"standing": standing()}, What.missing, Advice.weigh),
    ],
)
def test_what_was_not_done_in_time_explains_lost_points(change: dict[str, object], says: What, advice: Advice):
    one = ours(**change)
    assert [found.what for found in clarifications.findings(one) if found.against] == [says]
    assert dispute(one).advice is advice


@pytest.mark.parametrize(
    ("publications", "stood"),
    [
        ((), None),
        ([(date(2025, 3, 1), URL)], (date(2025, 3, 1), (URL,))),
        ([(date(2025, 3, 1), URL), (date(2025, 4, 10), "")], None),  # taken off before the closing
        ([(date(2025, 3, 1), URL), (date(2025, 4, 1), OTHER)], (date(2025, 3, 1), (OTHER,))),
        ([(date(2025, 3, 1), URL), (date(2025, 3, 5), ""), (date(2025, 4, 1), URL)], (date(2025, 4, 1), (URL,))),
        ([(date(2025, 3, 1), URL), (MAY, "")], (date(2025, 3, 1), (URL,))),
        ([(MAY, URL)], None),
    ],
)
def test_published_is_what_stood_at_the_closing_and_since_when(
    publications: list[tuple[date, str]], stood: tuple[date, tuple[str, ...]] | None
):
    recorded = tuple(Recorded((url,) if url else (), "ก", at(day)) for day, url in publications)
    assert ours(publications=recorded).published == stood


def test_the_closing_day_itself_is_in_time_and_the_next_moment_is_not():
    last = datetime.fromisoformat("2025-04-30T23:59:59+07:00")
    in_time = ours(filings=(Recorded((URL,), "ก", last),))
    after = ours(filings=(Recorded((URL,), "ก", datetime.fromisoformat("2025-05-01T00:00:00+07:00")),))
    assert What.filed in whats(in_time)
    assert What.filed_after in whats(after)


def test_what_is_missing_and_what_came_late_is_told_by_its_requirement():
    late = handed_in(7, OCTOBER_PDF, on=date(2024, 11, 5), reviewed=date(2024, 11, 6))
    assert What.not_yet in whats(ours(standing=standing(late), still_open=True))  # nothing has closed
    found = clarifications.findings(ours(standing=standing(late)))
    [missing] = [one for one in found if one.what is What.missing]
    [handed] = [one for one in found if one.what is What.late]
    assert len(missing.slots) == len(MONTHLY.slots) - 1
    assert [one.slot.key for one in handed.slots] == [OCTOBER_PDF]
    assert handed.day == date(2024, 11, 5)
    assert What.complete not in [one.what for one in found]


def test_a_link_that_failed_once_is_told_with_its_day_and_how_often_it_opened():
    looked = Looked(URL, 45, 1, at(date(2025, 5, 1)), at(date(2025, 6, 15)), at(MAY), at(MAY), LinkOutcome.refused)
    found = clarifications.findings(ours(looked=(looked,)))
    [broken] = [one for one in found if one.what is What.broken]
    [opened] = [one for one in found if one.what is What.opened]
    assert (broken.day, broken.until, broken.times, broken.name) == (MAY, MAY, (1, 46), URL)
    assert (opened.day, opened.until, opened.times) == (date(2025, 5, 1), date(2025, 6, 15), (45, 46))
    assert dispute(ours(looked=(looked,))).advice is Advice.weigh


def test_only_the_link_that_was_given_at_the_closing_counts():
    moved = (Recorded((URL,), "ก", at(CLOSED)), Recorded((OTHER,), "ก", at(MAY)))
    looked = Looked(OTHER, 0, 9, None, None, at(MAY), at(MAY), LinkOutcome.slow)
    assert What.broken not in whats(ours(filings=moved, looked=(looked,)))
    assert ours(filings=moved).judged == (URL,)
    corrected = (Recorded((OTHER,), "ก", at(date(2025, 2, 1))), Recorded((URL,), "ก", at(date(2025, 4, 1))))
    assert ours(filings=corrected).judged == (URL,)
    assert ours(filings=corrected).first_filed == corrected[0]
    assert What.judged_moved not in whats(ours(filings=corrected))


def test_the_accepted_file_found_there_supports_a_clarification():
    day = at(date(2025, 5, 1))
    looked = Looked(URL, 3, 0, day, day, same=2, first_same=day, last_same=day)
    [same] = [one for one in clarifications.findings(ours(looked=(looked,))) if one.what is What.same]
    assert same.times == (2, 3)


def test_full_points_ask_for_nothing_and_none_recorded_say_nothing():
    assert dispute(ours(), 100.0).advice is Advice.full
    assert dispute(ours(filings=()), 100.0).advice is Advice.full
    assert dispute(ours(), None).advice is Advice.unscored
    assert dispute(ours(), None).lost == 0


def test_what_can_be_won_back_stands_first():
    explained, clarify, weigh = ours(filings=()), ours(), ours(approved=None)
    listed = [dispute(explained, 0.0), dispute(weigh, 0.0), dispute(clarify, 80.0), dispute(clarify, 20.0)]
    ordered = clarifications.lost_points([*listed, dispute(clarify, 100.0)])
    assert [(one.advice, one.points) for one in ordered] == [
        (Advice.clarify, 20.0), (Advice.clarify, 80.0), (Advice.weigh, 0.0), (Advice.explained, 0.0)
    ]  # fmt: skip


# --- where a clarification stands -------------------------------------------------------------------------------------

WRITTEN = Version(1, 1, "ข้อความ", None, False, False, 5, "อังศุศรณ์", at(date(2025, 6, 18)))
YES, NO = (Decided(word, "", "ผกก.", at(date(2025, 6, 20))) for word in (True, False))
ANSWER = Answer(1, ClarificationOutcome.granted, 100.0, "", "อังศุศรณ์", at(date(2025, 7, 20)))


@pytest.mark.parametrize(
    ("clarifying", "stands"),
    [
        (Clarifying((WRITTEN,)), Standing.draft),
        (Clarifying((replace(WRITTEN, proposed=True),)), Standing.proposed),
        (Clarifying((replace(WRITTEN, proposed=True, decided=YES),)), Standing.approved),
        (Clarifying((replace(WRITTEN, proposed=True, decided=NO),)), Standing.returned),
        (Clarifying((replace(WRITTEN, decided=YES), replace(WRITTEN, id=2, number=2))), Standing.draft),
        (Clarifying((replace(WRITTEN, decided=YES),), (ANSWER,)), Standing.answered),
        (Clarifying((WRITTEN, replace(WRITTEN, id=2, number=2, withdrawn=True))), None),
    ],
)
def test_where_it_stands_follows_from_its_last_version(clarifying: Clarifying, stands: Standing | None):
    assert clarifying.standing is stands


def test_a_past_day_shows_what_was_known_then():
    whole = Clarifying((replace(WRITTEN, proposed=True, decided=YES),), (ANSWER,))
    then = clarifications.as_of(whole, at(date(2025, 6, 19)))
    assert then is not None
    assert then.standing is Standing.proposed
    assert clarifications.as_of(whole, at(date(2025, 6, 17))) is None
    assert clarifications.as_of(whole, None) == whole


def test_what_waits_for_who_writes_and_enters_it():
    def one(clarifying: Clarifying | None, points: float = 50.0) -> Dispute:
        return dispute(ours(), points, clarifying)

    returned = one(Clarifying((replace(WRITTEN, decided=NO),)))
    approved = one(Clarifying((replace(WRITTEN, decided=YES),)), 100.0)
    silent, proposed = one(None), one(Clarifying((replace(WRITTEN, proposed=True),)))
    given_up = one(Clarifying((WRITTEN, replace(WRITTEN, number=2, withdrawn=True))))
    answered = one(Clarifying((replace(WRITTEN, decided=YES),), (ANSWER,)))
    listed = [proposed, given_up, answered, returned, one(None, 100.0), silent, approved]
    assert clarifications.to_carry_on(listed) == [returned, silent, approved]


def test_the_window_is_the_office_s_own_step_not_the_assessors():
    def step(title: str, starts: date, ends: date, instrument: str = "OIT") -> StepFacts:
        return StepFacts("3", 9, title, "", starts, ends, starts, ends, instrument)

    own = step("การชี้แจงเพิ่มเติมแบบตรวจ (OIT)", date(2025, 6, 17), date(2025, 7, 4))
    theirs = step("การตรวจการชี้แจงเพิ่มเติม (OIT)", date(2025, 7, 5), date(2025, 7, 31))
    survey = step("การชี้แจงแบบวัด", date(2025, 1, 1), date(2025, 1, 2), "IIT")
    assert clarifications.window([survey, theirs, own]) == (date(2025, 6, 17), date(2025, 7, 4))
    assert clarifications.window([theirs, survey]) is None
    assert [clarifications.days_left(date(2025, 7, 4), day) for day in (MAY, date(2025, 7, 4), date(2025, 7, 6))] == [
        62, 0, -2
    ]  # fmt: skip
