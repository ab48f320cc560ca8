"""The forecast of a day: late filings, links that do not open, surveys that are over, and scores of that day."""

from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from ita_core import db, queries, workflow
from ita_core.board.forecast import Forecast, Ground
from ita_core.board.progress import Stage
from ita_core.links.found import Found
from ita_core.models import LinkOutcome
from ita_core.plan.scores import ScoreEntry
from tests.cast import Cast
from tests.workflow.work import NOW, complete

URL = "https://www.example.go.th/o10"
CLOSES = date(2025, 4, 30)
OPENS, DEAD = Found(LinkOutcome.reached, status=200), Found(LinkOutcome.refused, "Not Found", 404)


def expect(engine: sa.Engine, day: date) -> Forecast:
    with db.reading(engine) as session:
        data = queries.current_snapshot(session, queries.get_assessment(session))
        found = queries.get_forecast(session, data, data.board(day))
    assert found is not None
    return found


def stages(engine: sa.Engine, day: date) -> dict[Stage, int]:
    counted = expect(engine, day).instruments["OIT"].basis.stages
    return {stage: count for stage, count in counted.items() if stage is not Stage.not_started}


def announce(engine: sa.Engine, *given: ScoreEntry) -> None:
    with db.writing(engine) as session:
        of = queries.get_assessment(session).id
        workflow.announce_scores(session, by=None, assessment_id=of, entries=given, at=NOW)


@pytest.fixture
def published(engine: sa.Engine, cast: Cast) -> int:
    """The id of O10, published on 27 February."""
    with db.writing(engine) as session:
        of, mark = complete(session, cast)
        workflow.approve(session, by=cast.commander, item_id=of, fingerprint=mark, at=NOW)
        workflow.publish(session, by=cast.itap, item_id=of, url=URL, at=NOW)
    return of


def at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 3, tzinfo=UTC)


def file(session: Session, cast: Cast, of: int, day: date, url: str = URL) -> None:
    workflow.record_filing(
        session, by=cast.itap, item_id=of, answer=True, url=url, explanation="", at=at(day)
    )  # fmt: skip


@pytest.mark.parametrize(("days", "stage"), [(0, Stage.filed), (1, Stage.published)])
def test_what_is_filed_after_the_window_has_closed_raises_nothing(
    engine: sa.Engine, cast: Cast, published: int, days: int, stage: Stage
):
    with db.writing(engine) as session:
        file(session, cast, published, CLOSES + timedelta(days=days))
    assert stages(engine, CLOSES + timedelta(days=9)) == {stage: 1}
    assert stages(engine, CLOSES + timedelta(days=200)) == {stage: 1}  # after the year's end, when all records count


def test_a_link_that_was_last_seen_broken_counts_as_not_published(engine: sa.Engine, published: int):
    def check(found: Found, day: date) -> None:
        with db.writing(engine) as session:
            workflow.note_check(session, by=None, item_id=published, url=URL, found=found, at=at(day))

    assert stages(engine, date(2025, 3, 1)) == {Stage.published: 1}  # nobody looked yet
    check(DEAD, date(2025, 3, 5))
    check(OPENS, date(2025, 3, 8))
    check(DEAD, CLOSES + timedelta(days=5))
    found = {day: stages(engine, day) for day in (date(2025, 3, 4), date(2025, 3, 6), date(2025, 3, 9), CLOSES)}
    assert found == {
        date(2025, 3, 4): {Stage.published: 1}, date(2025, 3, 6): {Stage.approved: 1},
        date(2025, 3, 9): {Stage.published: 1}, CLOSES: {Stage.published: 1},
    }  # fmt: skip
    # It broke while the assessors look: the address is that of the window, what was found there is of the day.
    assert stages(engine, CLOSES + timedelta(days=6)) == {Stage.approved: 1}
    assert expect(engine, CLOSES + timedelta(days=6)).instruments["OIT"].basis.broken == ("O10",)


def test_taking_a_broken_page_off_after_the_window_raises_nothing(engine: sa.Engine, cast: Cast, published: int):
    broke = CLOSES + timedelta(days=5)
    for found, day in ((OPENS, CLOSES - timedelta(days=2)), (DEAD, broke)):
        with db.writing(engine) as session:
            workflow.note_check(session, by=None, item_id=published, url=URL, found=found, at=at(day))
    with db.writing(engine) as session:
        workflow.take_off(session, by=cast.itap, item_id=published, url=URL, at=at(broke + timedelta(days=1)))
    for later in (broke, broke + timedelta(days=2), CLOSES + timedelta(days=200)):
        assert stages(engine, later) == {Stage.approved: 1}


def test_a_link_that_the_assessor_does_not_get_breaks_nothing(engine: sa.Engine, cast: Cast, published: int):
    """Before it is filed anew the one that ITAP has from before, after it the one on the website alone."""
    new, third = f"{URL}/new", date(2025, 3, 3)
    with db.writing(engine) as session:
        file(session, cast, published, date(2025, 3, 1))
        workflow.publish(session, by=cast.itap, item_id=published, url=f"{new}\n{URL}/2", at=at(date(2025, 3, 2)))
        for url in (URL, f"{URL}/2"):
            workflow.note_check(session, by=None, item_id=published, url=url, found=DEAD, at=at(third))
    assert stages(engine, third) == {Stage.approved: 1}  # of the second one
    with db.writing(engine) as session:
        check = {"by": None, "item_id": published, "url": f"{URL}/2"}
        workflow.note_check(session, found=OPENS, at=at(date(2025, 3, 4)), **check)
        file(session, cast, published, date(2025, 3, 5), url=new)
        workflow.note_check(session, found=DEAD, at=at(date(2025, 3, 6)), **check)
        workflow.note_check(session, **{**check, "url": new}, found=DEAD, at=at(date(2025, 3, 7)))
    found = {day: stages(engine, date(2025, 3, day)) for day in (4, 6, 7)}
    assert found == {4: {Stage.published: 1}, 6: {Stage.filed: 1}, 7: {Stage.approved: 1}}


def test_once_the_answers_are_collected_no_survey_is_proposed(engine: sa.Engine, cast: Cast):
    announce(engine, ScoreEntry(2568, "OIT", None, "", 98.0, "ผลการตรวจ"))
    last, after = expect(engine, date(2025, 6, 30)), expect(engine, date(2025, 7, 1))
    assert [(way.instrument, way.points) for way in last.ways] == [("IIT", 1.55)]
    assert (after.ways, [one.code for one in after.fixed]) == ((), ["IIT"])


def test_announced_totals_and_indicators_of_the_day_are_used(engine: sa.Engine, cast: Cast):
    announce(engine, ScoreEntry(2568, "", None, "", 94.2, "ประกาศ"), ScoreEntry(2568, "IIT", 1, "", 99.0, "ประกาศ"))
    then, now = expect(engine, NOW.date() - timedelta(days=1)), expect(engine, NOW.date())
    assert then.total.basis.ground is Ground.weighted
    assert (now.total.points.low, now.total.points.high) == (94.2, 94.2)
    assert now.instruments["IIT"].basis.indicators == (1,)
    assert now.instruments["IIT"].points.likely > then.instruments["IIT"].points.likely
