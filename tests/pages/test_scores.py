"""Announced scores and the forecast on pages: who sees and enters what, and that a forecast says that it is one."""

import base64
import html
import re
from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import NumberInput

from ita_core import db, queries, workflow
from ita_core.plan import editing
from ita_core.plan.scores import ScoreEntry
from ita_core.queries import forecasts, scores
from pages.parts import score_years
from tests.cast import BEGINNING
from tests.pages.conftest import Office, shown


def test_last_years_result_stands_with_its_level_and_why(office: Office):
    text = shown(office.open("usa", "indicators"))
    row = text.split('<th scope="row">2567</th>')[1].split("</tr>")[0]
    assert "95.85" in row
    assert "ผ่านดี <small>IIT 93.45 ต่ำกว่า 95</small>" in " ".join(row.split())


def test_whoever_may_plan_enters_what_was_announced(office: Office):
    tester = office.open("commander", "indicators")
    tester.selectbox(key="scores-year").select(2568)
    for key, points in (("score-IIT", 95.1), ("score-EIT", 95.5), ("score-OIT", 98.0), ("score-of-9", 97.5)):
        tester.number_input(key=key).set_value(points)
    tester.text_input(key="scores-source").set_value("ประกาศสำนักงาน ป.ป.ช.")
    [press] = [one for one in tester.button if one.form_id == "scores"]
    press.click().run()
    assert not tester.exception
    text = " ".join(shown(tester).split())
    assert '<th scope="row">2568</th>' in text
    assert "96.38 <small>▲ 0.53</small>" in text
    with db.reading() as session:
        of = queries.get_assessment(session).id
        listed = [one for one in queries.list_scores(session, of) if one.entry.fiscal_year == 2568]
    assert [one.entry.what for one in listed] == ["IIT", "EIT", "OIT", "OIT 9"]
    assert {one.entry.source for one in listed} == {"ประกาศสำนักงาน ป.ป.ช."}


def test_a_score_over_100_is_refused_beside_the_form_and_nothing_is_recorded(office: Office):
    tester = office.open("admin", "indicators")
    tester.selectbox(key="scores-year").select(2568)
    tester.number_input(key="score-IIT").set_value(951.0)
    tester.number_input(key="score-EIT").set_value(95.0)
    [press] = [one for one in tester.button if one.form_id == "scores"]
    press.click().run()
    [said] = [one.value for one in tester.error]
    assert said.endswith("IIT 2568\\: ต้องเป็นตัวเลขตั้งแต่ 0 ถึง 100 แต่พบ 951")
    assert '<th scope="row">2568</th>' not in shown(tester)


def test_a_total_that_our_weights_do_not_give_is_recorded_once_it_is_confirmed(office: Office):
    tester = office.open("commander", "indicators")
    tester.selectbox(key="scores-year").select(2568)
    for key, points in (("score-", 96.5), ("score-IIT", 94.1), ("score-EIT", 95.5), ("score-OIT", 98.0)):
        tester.number_input(key=key).set_value(points)
    assert not [one for one in tester.checkbox if one.key == "knowing-scores"]
    press(tester, "scores")
    [said] = [one.value for one in tester.error]
    assert "โปรดยืนยันให้บันทึกตามที่ประกาศ" in said
    assert "96\\.08" in said
    assert standing_of(2568) == {}
    tester.checkbox(key="knowing-scores").check()
    press(tester, "scores")
    assert not tester.error
    assert standing_of(2568)[""] == 96.5
    text = " ".join(shown(tester).split())
    assert "ตามน้ำหนักได้ 96.08" in text
    assert 'class="ita-read-head ita-news"' in text
    assert 'class="ita-read-head ita-news"' not in shown(tester.run())


def test_a_file_with_such_a_total_is_recorded_once_it_is_confirmed(office: Office):
    points = {"": 96.5, "IIT": 94.1, "EIT": 95.5, "OIT": 98.0}
    wait(office.cast.commander, *(ScoreEntry(2568, code, None, "", value) for code, value in points.items()))
    tester = office.open("commander", "indicators")
    assert "96\\.08" in tester.warning[0].value
    tester.button(key="record-score-file").click().run()
    assert (len(tester.error), standing_of(2568)) == (1, {})
    [box] = [one for one in tester.checkbox if (one.key or "").startswith("knowing-")]
    box.check().run()
    tester.button(key="record-score-file").click().run()
    assert standing_of(2568) == points


def announce(*entries: ScoreEntry, at: datetime = BEGINNING) -> None:
    with db.writing() as session:
        of = queries.get_assessment(session).id
        workflow.announce_scores(session, by=None, assessment_id=of, entries=entries, at=at)


def press(tester: AppTest, form: str) -> AppTest:
    [found] = [one for one in tester.button if one.form_id == form]
    return found.click().run()


def test_the_form_begins_with_the_first_year_without_a_result_and_says_what_is_on_record(office: Office):
    tester = office.open("admin", "indicators")
    assert tester.selectbox(key="scores-year").value == 2568
    assert "บันทึกไว้แล้ว: 2568: ยังไม่มี · 2567: 95.85" in [one.value for one in tester.caption]


def test_of_a_year_whose_result_is_not_whole_the_form_says_the_parts(office: Office):
    announce(ScoreEntry(2568, "IIT", None, "", 94.1), ScoreEntry(2568, "OIT", None, "", 98.0))
    tester = office.open("admin", "indicators")
    assert tester.selectbox(key="scores-year").value == 2568
    assert "บันทึกไว้แล้ว: 2568: IIT 94.10, OIT 98.00 · 2567: 95.85" in [one.value for one in tester.caption]


def test_before_the_last_year_has_a_result_the_form_begins_with_it(office: Office):
    here = SimpleNamespace(
        assessment=SimpleNamespace(fiscal_year=2568, ends=date(2025, 9, 30)), today=date(2025, 3, 15)
    )
    over = SimpleNamespace(assessment=here.assessment, today=date(2025, 10, 1))
    assert (score_years._first_without(here, {}), score_years._first_without(over, {})) == (2567, 2568)


def test_an_empty_form_records_nothing_and_says_so(office: Office):
    tester = press(office.open("admin", "indicators"), "scores")
    assert [one.value for one in tester.error] == ["ยังไม่ได้กรอกคะแนน จึงไม่ได้บันทึกอะไร"]
    assert not tester.toast


def test_what_stands_already_is_not_said_to_be_recorded(office: Office):
    tester = office.open("admin", "indicators")
    tester.selectbox(key="scores-year").select(2567)
    tester.number_input(key="score-IIT").set_value(93.45)
    tester.text_input(key="scores-source").set_value("แผน")
    assert "มีอยู่แล้ว" in press(tester, "scores").toast[0].value


def test_a_recorded_score_is_retracted_with_its_reason(office: Office):
    announce(*(ScoreEntry(2568, code, None, "", 96.0, "ข่าว") for code in ("IIT", "EIT", "OIT")))
    tester = office.open("commander", "indicators")
    assert '<th scope="row">2568</th>' in shown(tester)
    assert press(tester, "retract-score").error[0].value == "โปรดเลือกคะแนนที่จะยกเลิก"
    tester.selectbox(key="retracted").select_index(1)  # the first is the report as a whole
    assert press(tester, "retract-score").error[0].value == "โปรดระบุเหตุผลที่ยกเลิก"
    tester.text_input(key="retracted-why").set_value("ยังไม่ประกาศ")
    press(tester, "retract-score")
    assert not tester.exception
    with db.reading() as session:
        listed = queries.list_scores(session, queries.get_assessment(session).id)
    assert [one.entry.what for one in listed if one.entry.fiscal_year == 2568] == ["EIT", "OIT"]


def test_what_one_press_recorded_is_retracted_in_one_press(office: Office):
    announce(*(ScoreEntry(2568, code, None, "", 96.0, "ข่าว") for code in ("", "IIT", "EIT", "OIT")))
    tester = office.open("commander", "indicators")
    chosen = tester.selectbox(key="retracted")
    assert chosen.options[0].startswith("2568 ทั้งชุดที่บันทึกพร้อมกัน 4 รายการ (คะแนนรวม, IIT, EIT, OIT) · ")
    chosen.select_index(0)
    tester.text_input(key="retracted-why").set_value("ฉบับร่าง")
    assert press(tester, "retract-score").toast[0].value == "ยกเลิกแล้ว"
    with db.reading() as session:
        listed = queries.list_scores(session, queries.get_assessment(session).id)
    assert {one.entry.fiscal_year for one in listed} == {2567}


# --- by a file -------------------------------------------------------------------------------------------------------


def wait(who: int, *entries: ScoreEntry) -> None:
    with db.writing() as session:
        of = queries.get_assessment(session).id
        named = {"file_name": "รายงาน *.xlsx", "sha256": "a" * 64}
        workflow.keep_score_file(session, by=who, assessment_id=of, entries=entries, at=BEGINNING, **named)


def recorded(tester: AppTest) -> list[str]:
    """The names of the buttons of a file that waits."""
    return [one.key for one in tester.button if one.key in ("record-score-file", "discard-score-file")]


def standing_of(year: int) -> dict[str, float]:
    with db.reading() as session:
        listed = queries.list_scores(session, queries.get_assessment(session).id)
    return {one.entry.what: one.entry.points for one in listed if one.entry.fiscal_year == year}


FILE = (
    ScoreEntry(2568, "OIT", 9, "", 97.5, "ประกาศ"),
    ScoreEntry(2567, "EIT", None, "", 95.21, "แผน"),
    ScoreEntry(2567, "OIT", None, "", 98.14, "ประกาศ <b>"),
)


def test_a_file_that_waits_shows_what_it_would_record_and_a_press_records_it(office: Office):
    wait(office.cast.commander, *FILE)
    tester = office.open("commander", "indicators")
    text = " ".join(shown(tester).split())
    assert "<b>รายงาน *.xlsx</b> ต่างจากที่บันทึกไว้ 1 · ใหม่ 1 · บันทึกไว้แล้ว 1" in text
    lines = re.findall("<tr.*?</tr>", text.split('ita-read">')[1].split("</table>")[0])[1:]
    plain = [" ".join(html.unescape(re.sub("<(?!b>\\))[^>]*>", " ", one)).split()) for one in lines]
    assert plain == [
        "2567 OIT 98.14 ประกาศ <b> 98.13 แผน ≠ ต่างจากที่บันทึกไว้",
        "2568 OIT 9 การเปิดเผยข้อมูล 97.50 ประกาศ – + ใหม่",
        "2567 EIT 95.21 แผน 95.21 แผน = บันทึกไว้แล้ว",
    ]
    assert standing_of(2568) == {}
    tester.button(key="record-score-file").click().run()
    assert not tester.exception
    assert tester.toast[0].value == "บันทึกแล้ว"
    assert (standing_of(2568), standing_of(2567)["OIT"]) == ({"OIT 9": 97.5}, 98.14)
    assert recorded(tester) == []


def test_what_was_recorded_since_is_said_where_it_was_pressed_and_nothing_is_recorded(office: Office):
    wait(office.cast.commander, *FILE)
    tester = office.open("commander", "indicators")
    announce(ScoreEntry(2568, "OIT", 9, "", 91.0, "ข่าว"))
    tester.button(key="record-score-file").click().run()
    assert tester.error[0].value.startswith("สิ่งที่ไฟล์นี้จะบันทึกไม่ตรงกับที่แสดงไว้แล้ว")
    assert standing_of(2568) == {"OIT 9": 91.0}
    assert recorded(tester) == ["record-score-file", "discard-score-file"]  # with what stands now beside it


def test_a_file_that_says_what_stands_can_only_be_put_aside(office: Office):
    wait(office.cast.commander, FILE[1])
    tester = office.open("commander", "indicators")
    assert recorded(tester) == ["discard-score-file"]
    tester.button(key="discard-score-file").click().run()
    assert tester.toast[0].value == "ยกเลิกไฟล์แล้ว ไม่ได้บันทึกอะไร"
    assert recorded(tester) == []


def test_a_file_is_seen_by_its_sender_alone(office: Office):
    wait(office.cast.commander, *FILE)
    for who in ("admin", "viewer", "usa"):
        assert "รายงาน *.xlsx" not in shown(office.open(who, "indicators"))


# --- the trend -------------------------------------------------------------------------------------------------------


def drawn(text: str) -> list[str]:
    """The picture of the trend, wide and narrow, as SVG."""
    found = re.findall(r'src="data:image/svg\+xml;base64,([^"]+)"', text)
    return [base64.b64decode(one).decode() for one in found]


def test_the_trend_is_drawn_beside_the_table_for_every_year_that_is_known(office: Office):
    announce(*(ScoreEntry(2568, code, None, "", 96.5, "ข่าว") for code in ("IIT", "EIT", "OIT")))
    text = shown(office.open("viewer", "indicators"))
    pictures = drawn(text)
    assert len(pictures) == 2
    for one in pictures:
        words = re.findall(r"<(?:text|tspan)[^>]*>([^<]+)", one)
        assert {"2567", "2568", "95.85", "93.45", "คะแนนรวม 96.50", "IIT 96.50", "ผ่านดีเยี่ยม", "95"} <= set(words)
    assert "คะแนนรวม 96.50 (2568), IIT 96.50 (2568)" in text


def test_without_any_score_no_trend_is_drawn(office: Office, monkeypatch: pytest.MonkeyPatch):
    for module in (forecasts, scores):
        monkeypatch.setattr(module, "list_scores", lambda *_asked, **_named: [])
    assert drawn(shown(office.open("viewer", "indicators"))) == []


def test_others_and_a_look_back_have_no_form(office: Office):
    announce(ScoreEntry(2568, "IIT", None, "", 96.0))
    for who, asked in (("usa", {}), ("viewer", {}), ("commander", {"day": "2025-03-01"})):
        tester = office.open(who, "indicators", **asked)
        assert not [one for one in tester.button if one.form_id in ("scores", "retract-score")]
        assert "/scores/" not in shown(tester)


# --- the forecast ----------------------------------------------------------------------------------------------------


def card(text: str) -> str:
    """The overview's fifth figure, its explanation with it."""
    return html.unescape(" ".join(text.split('<a class="ita-go ita-card"')[5].split("</a>")[0].split()))


def test_the_overviews_fifth_figure_is_a_band_with_its_level_that_says_what_is_assumed(office: Office):
    found = card(shown(office.open("commander", "overview")))
    assert "ผลที่คาดการณ์ (มีข้อสมมติ)" in found
    assert re.search(r'class="figure ">\d\d–\d\d<', found)  # of guesses no digit that they do not have
    assert re.search(r">น่าจะได้ 90 \S+</span>", found)
    assert "ระหว่าง ต้องปรับปรุง ถึง ผ่านดีเยี่ยม" in found  # in its explanation
    assert "IIT 91–96: ปีงบประมาณ 2567 ได้ 93.45 บวกลบ 2" in found
    assert "ทางไปสู่ ผ่านดีเยี่ยม เรียงจากง่ายที่สุด: OIT 85 → 95 (+10) ลงระบบ O7 " in found
    assert "· IIT 93 → 95 (+2) ผลแบบวัดต้องสูงขึ้น" in found
    assert "ข้อสมมติ: คะแนนที่ข้อหนึ่งจะได้" in found
    assert "คาดว่ารับครบ" in found  # the pace that stood here


def test_whoever_sees_their_own_items_only_is_told_the_pace_not_a_forecast_of_all(office: Office):
    found = card(shown(office.open("usa", "overview")))
    assert "คาดว่ารับครบ" in found
    assert "คาดการณ์" not in found
    assert "คาดการณ์" not in shown(office.open("usa", "indicators"))


def test_what_was_announced_takes_its_place(office: Office):
    announce(*(ScoreEntry(2568, code, None, "", points) for code, points in (("IIT", 95), ("EIT", 96), ("OIT", 97))))
    found = card(shown(office.open("viewer", "overview")))
    assert "ผลที่ประกาศ" in found
    assert ">96.10<" in found
    assert ">ผ่านดีเยี่ยม<" in found
    assert "ข้อสมมติ" not in found


def test_last_years_result_is_that_of_the_day_looked_at(office: Office):
    for asked in ({}, {"day": "2025-03-01"}):
        assert "ปีก่อน 95.85" in card(shown(office.open("usa", "overview", **asked)))
    announce(ScoreEntry(2567, "", None, "", 95.86, "แก้คำผิด"), at=datetime(2025, 3, 10, tzinfo=UTC))
    assert "ปีก่อน 95.85" in card(shown(office.open("usa", "overview", day="2025-03-01")))
    assert "ปีก่อน 95.86" in card(shown(office.open("usa", "overview")))


def explained(tester: AppTest) -> str:
    """What the page says of the forecast, without the tables of the years and the indicators."""
    text = html.unescape(" ".join(shown(tester).split()))
    return text.split('<section class="ita-expected">')[1].split("</section>")[0]


def rests(text: str, code: str) -> list[str]:
    """The cells of an instrument's row."""
    row = text.split(f'<th scope="row">{code}</th>')[1].split("</tr>")[0]
    return [re.sub("<[^>]*>", "", cell) for cell in re.findall(r"<td[^>]*>(.*?)</td>", row)]


def test_the_page_of_the_indicators_explains_the_forecast_on_a_past_day_too(office: Office):
    for asked in ({}, {"day": "2025-01-31"}):
        tester = office.open("commander", "indicators", **asked)
        assert '<th scope="row">2568 (คาดการณ์)</th>' in shown(tester)
        text = explained(tester)
        assert re.search(r'<b class="figure">90</b>.*ระดับ<span class="ita-name">ผ่านดี</span>', text)
        assert "อาจได้ตั้งแต่ 75 ถึง 98 คะแนน ตามข้อสมมติด้านล่าง (ระดับต้องปรับปรุง ถึงผ่านดีเยี่ยม)" in text
        assert "ยังไม่ถึง ผ่านดีเยี่ยม เพราะ คะแนนรวม 90 ต่ำกว่า 95 · OIT 85 ต่ำกว่า 95 · IIT 93 ต่ำกว่า 95" in text
        assert rests(text, "EIT") == ["30%", "95", "93–98", "28", "ปีงบประมาณ 2567 ได้ 95.21 บวกลบ 2"]


def test_what_is_shown_adds_up(office: Office):
    text = explained(office.open("viewer", "indicators"))
    shares = [int(rests(text, code)[3]) for code in ("IIT", "EIT", "OIT")]
    assert sum(shares) == int(rests(text, "คะแนนรวม")[3]) == 90
    rises = re.findall(r"<b>(\w+) (\d+) → (\d+) \(\+(\d+)\)</b>", text)
    assert [code for code, *_rest in rises] == ["OIT", "IIT"]
    for code, before, after, gain in rises:
        assert before == rests(text, code)[1]
        assert int(before) + int(gain) == int(after) >= 95


def test_each_way_names_an_act_with_whom_and_by_when(office: Office):
    text = explained(office.open("viewer", "indicators"))
    [items] = re.findall(r"ลงระบบ ITAP ให้ครบ (\d+) ข้อ ภายในวันที่ 30 เม.ย. 68", text)
    assert int(items) == text.count('<li><a class="ita-go" href="/item?item=O') > 10
    act = text.split('<a class="ita-go" href="/item?item=O9">')[1].split("</li>")[0]
    assert act.startswith("O9 E-Service</a>: ส่งหลักฐานอีก 4 ช่อง · อนุมัติ · เผยแพร่ · ลงระบบ ITAP ")
    assert 'ita-late">ภายใน 31 ม.ค. 68 (เกินกำหนด)' in act
    assert "ผลแบบวัด IIT ต้องสูงขึ้น 2 คะแนน · เก็บแบบวัดถึงวันที่ 30 มิ.ย. 68" in text
    assert '<a class="ita-go" href="/campaigns">' in text


def test_every_assumed_figure_stands_there_with_where_it_comes_from(office: Office):
    text = explained(office.open("viewer", "indicators"))
    assert rests(text, "ลงระบบ ITAP แล้ว") == ["95", "98", "100", "–", "–"]
    assert rests(text, "ยังไม่เริ่ม") == ["50", "85", "100", "0", "24"]
    assert rests(text, "ผ่านดีเยี่ยม") == ["95", "95"]
    assert text.count("ที่มา: ") == 4
    assert "ที่มา: พบในระบบงานของหน่วยงานอื่นและข่าว ยังไม่พบประกาศที่เป็นทางการ" in text
    assert 'href="/plan' not in text  # a viewer changes nothing
    assert 'href="/plan?figures=1"' in explained(office.open("commander", "indicators"))
    assert 'href="/plan?figures=1"' not in explained(office.open("commander", "indicators", day="2025-03-01"))


def test_a_changed_worth_forecasts_from_its_day_on_and_says_which_revision_changed_it(office: Office):
    with db.writing() as session:
        of = queries.get_assessment(session).id
        asked = {"by": office.cast.commander, "assessment_id": of}
        at = datetime(2025, 3, 10, 3, tzinfo=UTC)
        workflow.edit(session, lambda one: editing.set_figures(one, {("stages", "not_started", "likely"): 60}),
                      at=at, **asked)  # fmt: skip
        seen = queries.get_history(session, of).now.revision.number
        workflow.put_draft_in_force(session, seen=seen, note="มติที่ประชุม", at=at, **asked)
    before, now = (explained(office.open("viewer", "indicators", **day)) for day in ({"day": "2025-03-09"}, {}))
    assert (rests(before, "ยังไม่เริ่ม")[1], rests(now, "ยังไม่เริ่ม")[1]) == ("85", "60*")
    assert (rests(before, "OIT")[1], rests(now, "OIT")[1]) == ("85", "60")
    assert "แก้ไขโดยแผนฉบับที่ 2 เมื่อ 10 มี.ค. 68" in now
    assert "(มติที่ประชุม)" in now
    assert "แก้ไขโดยแผน" not in before
    assert [rests(now, day)[0] for day in ("1 มี.ค. 68", "15 มี.ค. 68")] == ["90", "80"]  # what was expected then


# --- what if ---------------------------------------------------------------------------------------------------------


def tried(tester: AppTest, code: str) -> NumberInput:
    [found] = [one for one in tester.number_input if str(one.key).startswith(f"what-if-{code}-")]
    return found


def estimate(office: Office, code: str, points: float) -> None:
    with db.writing() as session:
        of = queries.get_assessment(session).id
        workflow.estimate_score(session, by=office.cast.commander, assessment_id=of, instrument=code, points=points,
                                note="ผลสำรวจภายใน", at=BEGINNING)  # fmt: skip


def estimates() -> dict[str, float]:
    with db.reading() as session:
        found = queries.list_estimates(session, queries.get_assessment(session).id)
    return {code: one.entry.points for code, one in found.items()}


def test_what_is_tried_is_shown_and_kept_nowhere(office: Office):
    tester = office.open("viewer", "indicators")
    assert "ตามที่เป็นอยู่" in shown(tester)
    tried(tester, "IIT").set_value(99.0).run()
    tried(tester, "EIT").set_value(99.0).run()
    [band] = re.findall(r"ถ้าได้คะแนนตามนี้</span>\s*<b>([^<]*)</b>", shown(tester))
    assert band.startswith("78–")  # 75 without it
    for one in (tester, office.open("commander", "indicators")):
        assert rests(explained(one), "IIT")[2] == "91–96"
    assert not [one for one in tester.button if one.form_id == "estimate"]
    tried(tester, "EIT").set_value(101.0).run()
    assert [one.value for one in tester.error] == ["ประมาณการต้องเป็นตัวเลขตั้งแต่ 0 ถึง 100 ของเครื่องมือเหล่านี้\\: IIT, EIT"]


def test_the_commander_records_it_as_an_estimate(office: Office):
    tester = office.open("commander", "indicators")
    tried(tester, "IIT").set_value(97.0).run()
    press(tester, "estimate")
    assert [one.value for one in tester.error] == ["โปรดระบุว่าประมาณการจากอะไร"]
    tester.text_input(key="estimate-note").set_value("ผลสำรวจภายใน")
    press(tester, "estimate")
    assert not tester.exception
    found = rests(explained(office.open("viewer", "indicators")), "IIT")
    assert found[:3] == ["30%", "97", "95–99"]
    assert found[4] == ("ผู้บังคับบัญชาประมาณการ 97.00 บวกลบ 2 · ประมาณการโดย เทียนชัย ชมภู เมื่อ 15 มี.ค. 68: ผลสำรวจภายใน")


def test_nobody_else_and_no_look_back_estimates(office: Office):
    estimate(office, "EIT", 96.0)
    for who, asked in (("admin", {}), ("commander", {"day": "2025-03-01"})):
        tester = office.open(who, "indicators", **asked)
        assert not [one for one in tester.button if one.form_id in ("estimate", "take-back-EIT")]
    assert not [one for one in office.open("usa", "indicators").number_input if str(one.key).startswith("what-if")]


def test_a_field_that_somebody_elses_estimate_overtook_begins_anew_and_records_nothing(office: Office):
    tester = office.open("commander", "indicators")
    assert tried(tester, "IIT").value == 93.45
    estimate(office, "IIT", 98.0)  # in another tab
    tried(tester, "EIT").set_value(96.0).run()
    assert tried(tester, "IIT").value == 98.0
    tester.text_input(key="estimate-note").set_value("EIT เท่านั้น")
    press(tester, "estimate")
    assert estimates() == {"IIT": 98.0, "EIT": 96.0}


def test_what_was_tried_of_one_day_is_not_tried_of_another(office: Office):
    tester = office.open("viewer", "indicators", day="2025-03-01")
    tried(tester, "IIT").set_value(99.0).run()
    tester.query_params["day"] = "2025-03-02"
    assert tried(tester.run(), "IIT").value == 93.45
    assert "ตามที่เป็นอยู่" in shown(tester)


def test_an_estimate_is_taken_back_by_a_press_of_its_own(office: Office):
    estimate(office, "IIT", 98.0)
    tester = office.open("commander", "indicators")
    assert not [one for one in tester.button if one.form_id == "take-back-EIT"]  # of which there is none
    assert press(tester, "take-back-IIT").error[0].value == "โปรดระบุเหตุผลที่ยกเลิก"
    tester.text_input(key="take-back-IIT-why").set_value("ผลสำรวจคลาดเคลื่อน")
    press(tester, "take-back-IIT")
    assert not tester.exception
    assert (estimates(), tried(tester, "IIT").value) == ({}, 93.45)


def test_an_office_without_earlier_scores_enters_estimates_and_gets_its_forecast(
    office: Office, monkeypatch: pytest.MonkeyPatch
):
    for module in (scores, forecasts):
        monkeypatch.setattr(module, "list_scores", lambda *_asked, **_named: [])
    tester = office.open("commander", "indicators")
    assert not tester.exception
    assert (tried(tester, "IIT").value, tried(tester, "EIT").value) == (None, None)
    assert 'ita-scores"' not in shown(tester)
    for code, left in (("IIT", {"IIT": 95.0}), ("EIT", {"IIT": 95.0, "EIT": 95.0})):
        tried(tester, code).set_value(95.0).run()
        tester.text_input(key="estimate-note").set_value("ผลสำรวจภายใน")
        press(tester, "estimate")
        assert not tester.exception
        assert (estimates(), tried(tester, "IIT").value) == (left, 95.0)
    text = shown(office.open("viewer", "indicators"))
    assert '<th scope="row">2568 (คาดการณ์)</th>' in text
    assert rests(explained(office.open("viewer", "indicators")), "IIT")[2] == "93–97"
