"""Announced scores on record: who may, what stands, what stood on a day, and nothing half recorded."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlmodel import col, select

from ita_core import db, queries, words, workflow
from ita_core.errors import (
    GroundMissing,
    NoEstimate,
    NoScore,
    NotFound,
    NotYours,
    Refused,
    ReportChanged,
    ScoreChanged,
    ScoreFileChanged,
    TotalDiffers,
    TotalStands,
    WhyMissing,
)
from ita_core.models import AnnouncedScore, AuditEntry
from ita_core.plan.faults import PlanFaults
from ita_core.plan.scores import ScoreEntry
from tests.cast import Cast
from tests.workflow.commanding import NOW

ANNOUNCED = [
    ScoreEntry(2568, "IIT", None, "", 94.1, "ประกาศ"),
    ScoreEntry(2568, "EIT", None, "", 95.5, "ประกาศ"),
    ScoreEntry(2568, "OIT", None, "", 98.0, "ประกาศ"),
]


def announce(
    engine: sa.Engine, by: int | None, entries: list[ScoreEntry], at: datetime = NOW, *, knowing: bool = False
) -> int:
    with db.writing(engine) as session:
        of = queries.get_assessment(session).id
        return workflow.announce_scores(session, by=by, assessment_id=of, entries=entries, knowing=knowing, at=at)


def rows(engine: sa.Engine) -> list[tuple[int, str, float]]:
    with db.reading(engine) as session:
        listed = session.exec(select(AnnouncedScore).order_by(col(AnnouncedScore.id)))
        return [(one.fiscal_year, one.instrument, one.points) for one in listed]


def test_scores_are_recorded_with_one_entry_and_give_the_level_with_its_reason(engine: sa.Engine, cast: Cast):
    assert announce(engine, cast.commander, ANNOUNCED) == 3
    with db.reading(engine) as session:
        found = queries.results_by_year(session, queries.get_assessment(session).id)
        [entry] = session.exec(select(AuditEntry).where(AuditEntry.action == "score.announce"))
        assert entry.detail["scores"][0] == {"year": 2568, "what": "IIT", "points": 94.1, "source": "ประกาศ"}
    assert list(found) == [2568, 2567]
    assert (found[2568].total, found[2568].announced) == (96.08, False)
    assert found[2568].verdict
    assert [tuple(one) for one in found[2568].verdict.short] == [("IIT", 94.1, 95)]


@pytest.mark.parametrize("who", ["usa", "khanittha", "itap", "viewer"])
def test_whoever_does_not_plan_records_none(engine: sa.Engine, cast: Cast, who: str):
    with pytest.raises(NotYours):
        announce(engine, getattr(cast, who), ANNOUNCED)
    assert rows(engine) == []


def test_where_one_score_is_wrong_none_is_recorded(engine: sa.Engine, cast: Cast):
    with pytest.raises(PlanFaults, match="from 0 to 100"):
        announce(engine, cast.admin, [*ANNOUNCED, ScoreEntry(2568, "OIT", 9, "", 400)])
    assert rows(engine) == []


def test_a_total_that_our_weights_do_not_give_is_recorded_by_who_knows_it(engine: sa.Engine, cast: Cast):
    odd = [*ANNOUNCED, ScoreEntry(2568, "", None, "", 96.5, "ประกาศ")]
    with pytest.raises(TotalDiffers, match=r"96\.5, is not what .* 96\.08\."):
        announce(engine, cast.admin, odd)
    assert rows(engine) == []
    assert announce(engine, cast.admin, odd, knowing=True) == 4
    with db.reading(engine) as session:
        found = queries.results_by_year(session, queries.get_assessment(session).id)
        [entry] = session.exec(select(AuditEntry).where(AuditEntry.action == "score.announce"))
        assert entry.detail["differs"] == [{"year": 2568, "total": 96.5, "gives": 96.08}]
    assert (found[2568].total, found[2568].gives, found[2567].gives) == (96.5, 96.08, None)
    assert words.result_text(found[2568]).startswith("96.50 (by the weights 96.08) ")
    assert announce(engine, cast.admin, odd) == 0  # it stands: nobody is asked again
    assert announce(engine, cast.admin, [ScoreEntry(2568, "OIT", 9, "O6", 75.0)]) == 1


def test_who_knows_that_a_total_differs_records_no_other_report(engine: sa.Engine, cast: Cast):
    for total, says in ((98.5, "no weights give it"), (90.0, "no weights give it"), (101.0, "from 0 to 100")):
        with pytest.raises(PlanFaults, match=says):
            announce(engine, cast.admin, [*ANNOUNCED, ScoreEntry(2568, "", None, "", total)], knowing=True)
    with pytest.raises(PlanFaults, match="comes after 2568"):
        announce(engine, cast.admin, [ScoreEntry(2569, "", None, "", 95.0)], knowing=True)
    assert rows(engine) == []


def test_a_file_with_such_a_total_waits_with_it_and_is_recorded_by_who_knows_it(engine: sa.Engine, cast: Cast):
    entries = [*ANNOUNCED, ScoreEntry(2568, "", None, "", 96.5, "ประกาศ")]
    with db.writing(engine) as session:
        of = queries.get_assessment(session).id
        workflow.keep_score_file(session, by=cast.admin, assessment_id=of, file_name="ก.csv", sha256="0" * 64,
                                 entries=entries, at=NOW)  # fmt: skip
        actor = queries.get_actor(session, cast.admin, of)
        shown = queries.find_score_file(session, actor, of)
    assert shown
    assert [(one.year, one.gives) for one in shown.differing] == [(2568, 96.08)]

    def record(knowing: bool) -> int:
        with db.writing(engine) as session:
            return workflow.record_score_file(session, by=cast.admin, assessment_id=of, shown=shown, knowing=knowing,
                                              at=NOW)  # fmt: skip

    with pytest.raises(TotalDiffers):
        record(knowing=False)
    assert (rows(engine), record(knowing=True)) == ([], 4)


def test_the_same_again_adds_nothing_and_a_correction_stands_beside_what_it_corrects(engine: sa.Engine, cast: Cast):
    announce(engine, cast.admin, ANNOUNCED)
    assert announce(engine, cast.admin, ANNOUNCED) == 0
    corrected = ScoreEntry(2568, "IIT", None, "", 95.0, "ประกาศแก้ไข")
    assert announce(engine, None, [corrected], NOW + timedelta(days=1)) == 1
    assert rows(engine) == [(2568, "IIT", 94.1), (2568, "EIT", 95.5), (2568, "OIT", 98.0), (2568, "IIT", 95.0)]
    with db.reading(engine) as session:
        of = queries.get_assessment(session).id
        now, then = queries.results_by_year(session, of), queries.results_by_year(session, of, NOW + timedelta(hours=1))
    assert (now[2568].points["IIT"], then[2568].points["IIT"]) == (95.0, 94.1)


def test_before_anything_was_announced_only_the_plan_tells_of_scores(engine: sa.Engine, cast: Cast):
    announce(engine, cast.admin, ANNOUNCED)
    with db.reading(engine) as session:
        found = queries.list_scores(session, queries.get_assessment(session).id, datetime(2025, 1, 1, tzinfo=UTC))
    assert [(one.entry.what, one.entry.points, one.entry.source) for one in found] == [
        ("", 95.85, "แผน"), ("IIT", 93.45, "แผน"), ("EIT", 95.21, "แผน"), ("OIT", 98.13, "แผน"),
    ]  # fmt: skip


def test_a_result_comes_when_the_year_is_closed(engine: sa.Engine, cast: Cast):
    with db.writing(engine) as session:
        of = queries.get_assessment(session).id
        workflow.close_year(session, by=cast.commander, assessment_id=of, at=NOW)
    assert announce(engine, cast.commander, ANNOUNCED) == 3


def retract(engine: sa.Engine, by: int, entry: ScoreEntry, why: str = "ยังไม่ประกาศ", at: datetime = NOW) -> None:
    with db.writing(engine) as session:
        of = queries.get_assessment(session).id
        workflow.retract_score(session, by=by, assessment_id=of, entry=entry, why=why, at=at)


def test_a_retracted_score_stands_no_more_and_both_records_are_kept(engine: sa.Engine, cast: Cast):
    announce(engine, cast.admin, ANNOUNCED)
    retract(engine, cast.commander, ANNOUNCED[0], at=NOW + timedelta(days=1))
    with db.reading(engine) as session:
        of = queries.get_assessment(session).id
        now, then = queries.results_by_year(session, of), queries.results_by_year(session, of, NOW + timedelta(hours=1))
        made, taken = session.exec(select(AuditEntry).where(col(AuditEntry.action).startswith("score."))).all()
        assert (made.detail["scores"][0]["points"], taken.action) == (94.1, "score.retract")
        assert taken.detail["scores"] == [{"year": 2568, "what": "IIT", "points": 94.1, "source": "ประกาศ"}]
        assert (taken.detail["why"], taken.actor) == ("ยังไม่ประกาศ", "เทียนชัย ชมภู")
    assert ("IIT" in now[2568].points, then[2568].points["IIT"]) == (False, 94.1)
    assert announce(engine, cast.admin, ANNOUNCED, NOW + timedelta(days=2)) == 1  # it may be recorded anew


def test_of_a_retracted_correction_what_the_plan_tells_is_left(engine: sa.Engine, cast: Cast):
    correction = ScoreEntry(2567, "", None, "", 95.86, "แก้คำผิด")
    announce(engine, cast.admin, [correction])
    retract(engine, cast.admin, correction, at=NOW + timedelta(days=1))
    with db.reading(engine) as session:
        assert queries.results_by_year(session, queries.get_assessment(session).id)[2567].total == 95.85


@pytest.mark.parametrize("who", ["usa", "khanittha", "itap", "viewer"])
def test_whoever_does_not_plan_retracts_none(engine: sa.Engine, cast: Cast, who: str):
    announce(engine, None, ANNOUNCED)
    with pytest.raises(NotYours):
        retract(engine, getattr(cast, who), ANNOUNCED[0])
    assert len(rows(engine)) == 3


@pytest.mark.parametrize(
    ("entry", "why", "refusal"),
    [
        (ANNOUNCED[0], " ", WhyMissing),
        (ScoreEntry(2568, "IIT", None, "", 95.0, "ประกาศ"), "ผิด", ScoreChanged),  # another one was recorded meanwhile
        (ScoreEntry(2567, "IIT", None, "", 93.45, "แผน"), "ผิด", ScoreChanged),  # the plan's own is changed in the plan
    ],
)
def test_what_cannot_be_retracted_is_refused(
    engine: sa.Engine, cast: Cast, entry: ScoreEntry, why: str, refusal: type[Refused]
):
    announce(engine, None, ANNOUNCED)
    with pytest.raises(refusal):
        retract(engine, cast.admin, entry, why)
    assert len(rows(engine)) == 3


def test_of_a_set_the_total_is_retracted_first(engine: sa.Engine, cast: Cast):
    whole = ScoreEntry(2568, "", None, "", 96.08, "ประกาศ")
    indicator = ScoreEntry(2568, "IIT", 1, "", 99.0, "ประกาศ")
    announce(engine, None, [*ANNOUNCED, whole, indicator])
    for one in (ANNOUNCED[0], indicator, whole):  # what is not known then need not add up
        retract(engine, cast.admin, one)
    # Of 2567 the plan tells all four: what is left of a set is not to be mixed with those.
    points = {"IIT": 95.0, "EIT": 96.0, "": 96.55}
    told = [ScoreEntry(2567, code, None, "", value, "แก้") for code, value in points.items()]
    announce(engine, None, told)
    with pytest.raises(TotalStands, match=r"the total of 2567, 96\.55, .* retract that total first"):
        retract(engine, cast.admin, told[0])
    for one in reversed(told):
        retract(engine, cast.admin, one)
    with db.reading(engine) as session:
        left = queries.results_by_year(session, queries.get_assessment(session).id)[2567]
    assert (left.total, left.points["IIT"]) == (95.85, 93.45)


WHOLE = ScoreEntry(2568, "", None, "", 96.08, "ประกาศ")


def retract_report(engine: sa.Engine, by: int, entries: list[ScoreEntry], why: str = "ฉบับร่าง", days: int = 1) -> None:
    with db.writing(engine) as session:
        of, at = queries.get_assessment(session).id, NOW + timedelta(days=days)
        workflow.retract_report(session, by=by, assessment_id=of, entries=entries, why=why, at=at)


def test_what_one_press_recorded_of_a_year_is_retracted_in_one_act(engine: sa.Engine, cast: Cast):
    report = [*ANNOUNCED, WHOLE, ScoreEntry(2568, "OIT", 9, "O6", 75.0, "ประกาศ")]
    announce(engine, None, [*report, ScoreEntry(2566, "", None, "", 90.0, "เล่ม")])
    with db.reading(engine) as session:
        [together] = queries.reports(queries.list_scores(session, queries.get_assessment(session).id))
    given = [one.entry for one in together]
    assert set(given) == set(report)  # of 2566 it recorded one only
    retract_report(engine, cast.commander, given)
    with db.reading(engine) as session:
        of = queries.get_assessment(session).id
        assert {one.entry.fiscal_year for one in queries.list_scores(session, of)} == {2566, 2567}
        then = queries.list_scores(session, of, NOW + timedelta(hours=1))
        assert {one.entry for one in then} >= set(report)
        [entry] = session.exec(select(AuditEntry).where(AuditEntry.action == "score.retract")).all()
        assert (entry.detail["why"], len(entry.detail["scores"])) == ("ฉบับร่าง", 5)
    assert len(rows(engine)) == 6 + 5


def test_a_report_without_its_total_leaves_no_total_that_does_not_fit(engine: sa.Engine, cast: Cast):
    points = {"IIT": 95.0, "EIT": 96.0}
    told = [ScoreEntry(2567, code, None, "", value, "แก้") for code, value in points.items()]
    whole = ScoreEntry(2567, "", None, "", 96.55, "แก้")
    announce(engine, None, [*told, whole])
    announce(engine, None, [replace(whole, source="ยืนยัน")], NOW + timedelta(hours=1))
    with pytest.raises(TotalStands):
        retract_report(engine, cast.admin, told)
    assert len(rows(engine)) == 4


@pytest.mark.parametrize(
    ("given", "why", "refusal"),
    [
        (ANNOUNCED, " ", WhyMissing),
        ([], "ผิด", NoScore),
        (ANNOUNCED[:2], "ผิด", ReportChanged),  # a part of it is no report
        (ANNOUNCED[:1], "ผิด", ReportChanged),
        ([*ANNOUNCED[:2], replace(ANNOUNCED[2], points=97.0)], "ผิด", ReportChanged),
        ([*ANNOUNCED, ScoreEntry(2567, "IIT", None, "", 93.45, "แผน")], "ผิด", ReportChanged),
    ],
)
def test_a_report_that_is_none_any_more_is_not_retracted(
    engine: sa.Engine, cast: Cast, given: list[ScoreEntry], why: str, refusal: type[Refused]
):
    announce(engine, None, ANNOUNCED)
    with pytest.raises(refusal):
        retract_report(engine, cast.admin, given, why)
    assert len(rows(engine)) == 3


@pytest.mark.parametrize("who", ["usa", "khanittha", "itap", "viewer"])
def test_whoever_does_not_plan_retracts_no_report(engine: sa.Engine, cast: Cast, who: str):
    announce(engine, None, ANNOUNCED)
    with pytest.raises(NotYours):
        retract_report(engine, getattr(cast, who), ANNOUNCED)
    assert len(rows(engine)) == 3


def keep(engine: sa.Engine, by: int, entries: list[ScoreEntry], sha256: str = "a" * 64) -> None:
    with db.writing(engine) as session:
        named = {"file_name": "รายงาน.xlsx", "sha256": sha256}
        of = queries.get_assessment(session).id
        workflow.keep_score_file(session, by=by, assessment_id=of, entries=entries, at=NOW, **named)


def waits(engine: sa.Engine, who: int) -> queries.ScoreFileFacts | None:
    with db.reading(engine) as session:
        of = queries.get_assessment(session).id
        return queries.find_score_file(session, queries.get_actor(session, who, of), of)


def record(engine: sa.Engine, by: int, shown: queries.ScoreFileFacts) -> int:
    with db.writing(engine) as session:
        of = queries.get_assessment(session).id
        return workflow.record_score_file(session, by=by, assessment_id=of, shown=shown, at=NOW + timedelta(hours=1))


def test_a_file_is_recorded_as_it_was_shown_and_the_record_names_it(engine: sa.Engine, cast: Cast):
    keep(engine, cast.admin, ANNOUNCED)
    assert rows(engine) == []  # it waits only
    shown = waits(engine, cast.admin)
    assert shown
    assert [(one.entry, one.stands) for one in shown.read] == [(one, None) for one in ANNOUNCED]
    assert record(engine, cast.admin, shown) == 3
    assert len(rows(engine)) == 3
    assert waits(engine, cast.admin) is None
    with db.reading(engine) as session:
        [entry] = session.exec(select(AuditEntry).where(AuditEntry.action == "score.announce")).all()
        assert entry.detail["file"] == {"name": "รายงาน.xlsx", "sha256": "a" * 64}
    with pytest.raises(NotFound):  # a second press finds nothing
        record(engine, cast.admin, shown)


def test_another_file_of_ones_own_takes_its_place_and_the_press_for_the_first_records_nothing(
    engine: sa.Engine, cast: Cast
):
    keep(engine, cast.admin, ANNOUNCED)
    shown = waits(engine, cast.admin)
    assert shown
    keep(engine, cast.admin, ANNOUNCED, "b" * 64)
    with pytest.raises(ScoreFileChanged):
        record(engine, cast.admin, shown)
    assert rows(engine) == []
    assert waits(engine, cast.admin)


def test_what_was_recorded_since_it_was_shown_is_to_be_looked_at_first(engine: sa.Engine, cast: Cast):
    keep(engine, cast.admin, ANNOUNCED)
    shown = waits(engine, cast.admin)
    assert shown
    announce(engine, cast.commander, [replace(ANNOUNCED[0], points=93.0)])
    with pytest.raises(ScoreFileChanged):
        record(engine, cast.admin, shown)
    assert len(rows(engine)) == 1


def test_a_file_is_its_senders_alone(engine: sa.Engine, cast: Cast):
    keep(engine, cast.admin, ANNOUNCED)
    shown = waits(engine, cast.admin)
    assert shown
    assert waits(engine, cast.commander) is None
    with pytest.raises(NotFound):
        record(engine, cast.commander, shown)
    keep(engine, cast.commander, ANNOUNCED[:1])
    assert waits(engine, cast.admin) == shown


def test_a_file_that_is_put_aside_records_nothing(engine: sa.Engine, cast: Cast):
    keep(engine, cast.admin, ANNOUNCED)
    with db.writing(engine) as session:
        of = queries.get_assessment(session).id
        workflow.discard_score_file(session, by=cast.admin, assessment_id=of, at=NOW)
    assert (waits(engine, cast.admin), rows(engine)) == (None, [])
    with pytest.raises(NotFound), db.writing(engine) as session:
        workflow.discard_score_file(session, by=cast.admin, assessment_id=of, at=NOW)


@pytest.mark.parametrize("who", ["usa", "khanittha", "itap", "viewer"])
def test_whoever_does_not_plan_keeps_records_and_discards_no_file(engine: sa.Engine, cast: Cast, who: str):
    keep(engine, cast.admin, ANNOUNCED)
    shown, by = waits(engine, cast.admin), getattr(cast, who)
    assert shown
    with pytest.raises(NotYours):
        keep(engine, by, ANNOUNCED)
    with pytest.raises(NotYours):
        record(engine, by, shown)
    with pytest.raises(NotYours), db.writing(engine) as session:
        of = queries.get_assessment(session).id
        workflow.discard_score_file(session, by=by, assessment_id=of, at=NOW)
    assert waits(engine, by) is None
    assert waits(engine, cast.admin) == shown


def test_nothing_is_no_score(engine: sa.Engine, cast: Cast):
    with pytest.raises(NoScore):
        announce(engine, cast.admin, [])


def estimate(engine: sa.Engine, by: int, points: float | None = 96.0, days: int = 0, **given: str) -> None:
    with db.writing(engine) as session:
        facts = {"instrument": "IIT", "note": "ผลสำรวจภายใน"} | given
        of = queries.get_assessment(session).id
        at = NOW + timedelta(days=days)
        workflow.estimate_score(session, by=by, assessment_id=of, points=points, at=at, **facts)


def test_an_estimate_is_a_later_record_and_no_score(engine: sa.Engine, cast: Cast):
    estimate(engine, cast.commander)
    estimate(engine, cast.commander, 97.5, days=1)
    estimate(engine, cast.commander, None, days=2)
    with db.reading(engine) as session:
        of = queries.get_assessment(session).id
        seen = [queries.list_estimates(session, of, NOW + timedelta(days=days, hours=1)) for days in range(3)]
        assert [{code: one.entry.points for code, one in each.items()} for each in seen] == [
            {"IIT": 96.0}, {"IIT": 97.5}, {},
        ]  # fmt: skip
        assert {one.entry.fiscal_year for one in queries.list_scores(session, of)} == {2567}
        made = session.exec(select(AuditEntry).where(AuditEntry.action == "score.estimate")).all()
        assert [(one.actor, one.detail["points"]) for one in made] == [
            ("เทียนชัย ชมภู", 96.0), ("เทียนชัย ชมภู", 97.5), ("เทียนชัย ชมภู", None),
        ]  # fmt: skip
    assert len(rows(engine)) == 3


def test_the_same_estimate_again_or_taking_back_none_adds_no_record(engine: sa.Engine, cast: Cast):
    estimate(engine, cast.commander, None)
    assert rows(engine) == []
    for _again in range(2):
        estimate(engine, cast.commander)
    estimate(engine, cast.commander, note="ผลสำรวจใหม่")  # it rests on something else now
    for _again in range(2):
        estimate(engine, cast.commander, None, days=1)
    assert rows(engine) == [(2568, "IIT", 96.0), (2568, "IIT", 96.0), (2568, "IIT", 0.0)]
    with db.reading(engine) as session:
        assert len(session.exec(select(AuditEntry).where(AuditEntry.action == "score.estimate")).all()) == 3


@pytest.mark.parametrize("who", ["usa", "khanittha", "itap", "viewer", "admin"])
def test_only_the_commander_estimates(engine: sa.Engine, cast: Cast, who: str):
    with pytest.raises(NotYours):
        estimate(engine, getattr(cast, who))
    assert rows(engine) == []


@pytest.mark.parametrize(
    ("points", "given", "refusal"),
    [
        (100.5, {}, NoEstimate),
        (96.0, {"instrument": "OIT"}, NoEstimate),  # that follows from its items
        (96.0, {"instrument": "XIT"}, NoEstimate),
        (96.0, {"note": " "}, GroundMissing),
        (None, {"note": " "}, WhyMissing),
    ],
)
def test_what_is_no_estimate_is_refused(
    engine: sa.Engine, cast: Cast, points: float | None, given: dict[str, str], refusal: type[Refused]
):
    with pytest.raises(refusal):
        estimate(engine, cast.commander, points, **given)
    assert rows(engine) == []
