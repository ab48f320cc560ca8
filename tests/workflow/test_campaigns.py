"""Surveys and their responses: who records what, what is refused, and that a later record replaces an earlier one."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import select

from ita_core import db, queries, workflow
from ita_core.board.campaigns import NO_LINE, CampaignFacts, Terms
from ita_core.errors import BadAddress, BadText, NotFound, NotYours, Refused
from ita_core.models import AuditEntry, Campaign, ResponseCount, Role, Survey
from ita_core.workflow import campaigns
from tests.cast import Cast, set_role

OPENS, CLOSES = date(2025, 1, 1), date(2025, 6, 30)
TERMS = Terms(OPENS, CLOSES, 62, 40, "https://itap.example/iit", ("สืบสวน", "บริการ"))
DAY = date(2025, 3, 14)
MAY, MAY_NOT = ["commander", "khanittha", "pramote", "itap"], ["usa", "piyaporn", "admin", "viewer"]
NOW = datetime(2025, 3, 15, 5, tzinfo=UTC)


def record(by: int, terms: Terms = TERMS, survey: Survey = Survey.iit, at: datetime | None = None) -> bool:
    with db.writing() as session:
        of = queries.get_assessment(session).id
        return workflow.set_campaign(session, by=by, assessment_id=of, survey=survey, terms=terms, at=at or NOW)


def count(
    by: int, counts: Mapping[str, int], day: date = DAY, at: datetime | None = None, *, knowing: bool = False
) -> bool:
    with db.writing() as session:
        of = queries.get_assessment(session).id
        return workflow.count_responses(
            session, by=by, assessment_id=of, survey=Survey.iit, day=day, counts=counts, knowing=knowing, at=at or NOW
        )


def iit(before: datetime | None = None) -> CampaignFacts:
    with db.reading() as session:
        return queries.list_campaigns(session, queries.get_assessment(session).id, before)[0]


def rows() -> tuple[int, int]:
    with db.reading() as session:
        return len(session.exec(select(Campaign)).all()), len(session.exec(select(ResponseCount)).all())


@pytest.mark.parametrize("who", MAY)
def test_the_commander_supervisors_and_who_keeps_itap_record_both(at_work: Cast, who: str):
    by = getattr(at_work, who)
    assert record(by)
    assert count(by, {"สืบสวน": 3, NO_LINE: 1})
    found = iit()
    assert found.terms == TERMS
    assert [(one.day, one.of, one.total) for one in found.counts] == [(DAY, {"สืบสวน": 3, "บริการ": 0, "": 1}, 4)]
    with db.reading() as session:
        entries = session.exec(select(AuditEntry).where(AuditEntry.account_id == by)).all()
        told = [(one.action, one.detail.get("counts"), one.detail.get("minimum")) for one in entries[-2:]]
    assert told == [("campaign.set", None, 40), ("campaign.count", {"สืบสวน": 3, "บริการ": 0, "": 1}, None)]


@pytest.mark.parametrize("who", MAY_NOT)
def test_nobody_else_records_anything(at_work: Cast, who: str):
    record(at_work.commander)
    for act in (partial_record, partial_count):
        with pytest.raises(NotYours):
            act(getattr(at_work, who))
    assert rows() == (1, 0)


def partial_record(by: int) -> bool:
    return record(by, replace(TERMS, minimum=41))


def partial_count(by: int) -> bool:
    return count(by, {NO_LINE: 1})


def test_a_supervisor_who_was_made_a_viewer_records_nothing(at_work: Cast):
    with db.writing() as session:
        set_role(session, at_work.khanittha, Role.viewer)
    with pytest.raises(NotYours):
        record(at_work.khanittha)


def test_an_account_of_nowhere_finds_nothing(at_work: Cast):
    with pytest.raises(NotFound):
        record(9_999)


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        ({"url": "http://itap.example/iit"}, BadAddress),
        ({"url": "itap.example"}, BadAddress),
        ({"url": "javascript:alert(1)"}, BadAddress),
        ({"url": "https://itap.example/" + "ก" * 40}, BadAddress),  # 360 signs as it is sent
        ({"closes": OPENS - timedelta(days=1)}, campaigns.ClosesBefore),
        ({"opens": date(2024, 9, 30)}, campaigns.OutsideYear),
        ({"closes": date(2025, 10, 1)}, campaigns.OutsideYear),
        ({"minimum": 63}, campaigns.MoreThanAll),
        ({"minimum": 0}, campaigns.BadNumber),
        ({"population": -1}, campaigns.BadNumber),
        ({"population": 10_000_000}, campaigns.BadNumber),
        ({"lines": ("ก", " ก ")}, campaigns.TooManyLines),
        ({"lines": tuple(map(str, range(21)))}, campaigns.TooManyLines),
        ({"lines": ("ก\u202e",)}, BadText),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_recorded(at_work: Cast, wrong: dict, refusal: type[Refused]):
    with pytest.raises(refusal):
        record(at_work.commander, replace(TERMS, **wrong))
    assert rows() == (0, 0)


def test_what_is_not_known_is_left_out(at_work: Cast):
    terms = Terms(OPENS, OPENS)
    assert record(at_work.commander, replace(terms, url=" ", lines=("", " ")), Survey.eit_public)
    with db.reading() as session:
        found = queries.list_campaigns(session, queries.get_assessment(session).id)
    assert [(one.survey, one.terms) for one in found] == [
        (Survey.iit, None), (Survey.eit_public, terms), (Survey.eit_external, None)
    ]  # fmt: skip


def test_the_last_record_holds_and_an_earlier_day_shows_the_earlier_one(at_work: Cast):
    record(at_work.commander)
    record(at_work.itap, replace(TERMS, minimum=45), at=NOW + timedelta(hours=1))
    assert (iit().terms.minimum, iit(NOW + timedelta(minutes=1)).terms.minimum) == (45, 40)
    assert iit(NOW).terms is None
    assert record(at_work.itap, replace(TERMS, minimum=45), at=NOW + timedelta(hours=2)) is False
    assert rows() == (2, 0)


def test_a_later_number_of_a_day_replaces_the_earlier_and_the_same_again_adds_none(at_work: Cast):
    record(at_work.commander)
    count(at_work.commander, {NO_LINE: 9})
    assert count(at_work.itap, {NO_LINE: 7}, at=NOW + timedelta(minutes=1))
    assert count(at_work.itap, {NO_LINE: 7}, at=NOW + timedelta(minutes=2)) is False
    assert [(one.total, one.by) for one in iit().counts] == [(7, "อังศุศรณ์ เชาวเลิศ")]
    assert rows() == (1, 2)


def test_fewer_than_the_day_before_are_told_before_and_taken_of_who_knows_it(at_work: Cast):
    record(at_work.commander)
    count(at_work.commander, {NO_LINE: 9}, DAY - timedelta(days=1))
    with pytest.raises(campaigns.Falls) as refused:
        count(at_work.commander, {NO_LINE: 8})
    assert (refused.value.facts["number"], refused.value.facts["earlier"]) == (8, 9)
    assert rows() == (1, 1)
    assert count(at_work.commander, {NO_LINE: 8}, knowing=True)  # the day before may be what is wrong
    assert count(at_work.commander, {NO_LINE: 8}, DAY - timedelta(days=1))  # and is made good
    with pytest.raises(campaigns.Falls):
        count(at_work.commander, {NO_LINE: 9}, DAY - timedelta(days=2))  # more than on the next day
    assert count(at_work.commander, {NO_LINE: 8}) is False


@pytest.mark.parametrize(
    ("day", "counts", "refusal"),
    [
        (date(2025, 3, 16), {NO_LINE: 1}, campaigns.NotYet),
        (OPENS - timedelta(days=1), {NO_LINE: 1}, campaigns.NotBetween),
        (DAY, {NO_LINE: -1}, campaigns.BadNumber),
        (DAY, {"สืบสวน": 30, "บริการ": 30, NO_LINE: 3}, campaigns.MoreThanAll),
    ],
)
def test_numbers_that_cannot_be_are_refused(at_work: Cast, day: date, counts: dict, refusal: type[Refused]):
    record(at_work.commander)
    with pytest.raises(refusal):
        count(at_work.commander, counts, day)
    assert rows() == (1, 0)


def test_after_the_closing_day_its_last_number_can_still_be_recorded_and_none_of_a_later_day(at_work: Cast):
    record(at_work.commander, replace(TERMS, closes=DAY))
    assert count(at_work.commander, {NO_LINE: 40}, DAY, at=NOW + timedelta(days=9))
    with pytest.raises(campaigns.NotBetween):
        count(at_work.commander, {NO_LINE: 41}, DAY + timedelta(days=1), at=NOW + timedelta(days=9))


@pytest.mark.parametrize(
    ("untrue", "refusal"),
    [
        ({"population": 8, "minimum": 8}, campaigns.MoreThanAll),
        ({"opens": DAY}, campaigns.NotBetween),
        ({"closes": DAY - timedelta(days=1)}, campaigns.NotBetween),
    ],
)
def test_what_was_counted_must_still_be_possible(at_work: Cast, untrue: dict, refusal: type[Refused]):
    record(at_work.commander)
    count(at_work.commander, {"สืบสวน": 5, NO_LINE: 4}, DAY - timedelta(days=1))
    count(at_work.commander, {"สืบสวน": 5, NO_LINE: 3}, knowing=True)  # of the two numbers the greater was first
    with pytest.raises(refusal):
        record(at_work.commander, replace(TERMS, **untrue))
    assert rows() == (1, 2)
    assert record(at_work.commander, replace(TERMS, opens=DAY - timedelta(days=1), closes=DAY, population=9, minimum=9))


def test_a_day_counted_by_mistake_is_emptied_and_then_the_survey_opens_later(at_work: Cast):
    record(at_work.commander)
    count(at_work.commander, {NO_LINE: 4})
    count(at_work.commander, {}, at=NOW + timedelta(minutes=1))
    assert record(at_work.commander, replace(TERMS, opens=DAY + timedelta(days=1)))
    with pytest.raises(campaigns.NotBetween):  # after the closing, nobody would be the last number there is
        record(at_work.commander, replace(TERMS, closes=DAY - timedelta(days=1)))


def test_of_a_survey_of_which_nothing_is_known_nothing_is_counted(at_work: Cast):
    with pytest.raises(campaigns.NoCampaign):
        count(at_work.commander, {NO_LINE: 1})


def test_a_number_of_a_line_that_there_is_not_is_left_out(at_work: Cast):
    record(at_work.commander)
    count(at_work.commander, {"อื่น": 50, NO_LINE: 1})
    assert iit().counts[0].total == 1


def test_in_a_closed_year_nothing_is_recorded(at_work: Cast):
    with db.writing() as session:
        of = queries.get_assessment(session).id
        workflow.close_year(session, by=at_work.commander, assessment_id=of, at=NOW)
    with pytest.raises(workflow.YearClosed):
        record(at_work.commander)
