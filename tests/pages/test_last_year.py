"""The year before on pages: its accepted evidence beside an item, and both years side by side."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from ita_core import db, queries, workflow
from ita_core.models import Account, Decision, Person
from ita_core.plan.apply import revise
from ita_core.plan.content import Content
from ita_core.plan.scores import ScoreEntry
from ita_core.settings import settings
from tests.pages.conftest import Office, shown
from tests.pages.work import NOW, hand_in

NEXT = datetime(2025, 12, 1, 2, 0, tzinfo=UTC)


def decide(office: Office, evidence: int, decision: Decision, reason: str = "") -> None:
    with db.writing() as session:
        workflow.review(session, by=office.cast.khanittha, evidence_id=evidence, decision=decision, reason=reason,
                        at=NOW + timedelta(hours=1))  # fmt: skip


@pytest.fixture
def next_year(office: Office, monkeypatch: pytest.MonkeyPatch) -> Office:
    """1 December 2568: in fiscal year 2569 Piyaporn alone prepares O6, on which she had no duty."""
    decide(office, hand_in(office, 1, "ฉบับแรก.pdf"), Decision.returned, "ขาดลายมือชื่อ")
    decide(office, hand_in(office, 2, "ฉบับที่สอง.pdf"), Decision.accepted)
    with db.writing() as session:
        of = queries.get_assessment(session).id
        made = workflow.start_year(session, by=office.cast.admin, source_id=of, year=2569, at=NEXT).assessment.id
        key = session.get_one(Person, session.get_one(Account, office.cast.piyaporn).person_id).key

        def give(content: Content) -> None:
            content["plan"]["duties"]["O6"]["prepare"] = [{"who": key, "task": ""}]

        revise(session, made or 0, give, at=NEXT)
    monkeypatch.setenv("ITA_TODAY", "2025-12-01")
    settings.cache_clear()
    return office


def test_who_does_it_now_sees_last_years_evidence_closed_at_first(next_year: Office):
    tester = next_year.open("piyaporn", "item", item="O6")
    assert not tester.exception
    [closed] = [one for one in tester.expander if "ปีงบประมาณ 2568" in one.label]
    assert (closed.proto.expanded, "1 ชิ้น" in closed.label) == (False, True)
    text = shown(tester)
    assert "ฉบับที่สอง.pdf" in text
    assert "ขาดลายมือชื่อ" in text
    assert "ฉบับแรก.pdf" not in text
    assert "year=2568&amp;item=O6" not in text  # last year's item is not hers to open
    assert "<b>0/48</b>" in text  # none of it counts


def test_what_last_year_teaches_stands_above_its_examples(next_year: Office):
    with db.writing() as session:
        of = queries.get_assessment(session, "prachuap 2569").id
        entry = ScoreEntry(2568, "OIT", None, "O6", 87.5, "หนังสือแจ้งผล")
        workflow.announce_scores(session, by=next_year.cast.admin, assessment_id=of, entries=[entry], at=NEXT)
    text = shown(next_year.open("piyaporn", "item", item="O6"))
    assert "ตีกลับ 1 จาก 2 ชิ้น: “ขาดลายมือชื่อ” 1" in text
    assert re.search(r"ช้า 48 จาก 48 ช่อง นานสุด \d+ วัน", text)
    assert "ผู้ประเมินให้ O6 87.5 คะแนน" in text
    assert "ตีกลับ" not in shown(next_year.open("commander", "item", item="O2")).split("ita-note")[-1][:300]


def test_who_may_see_last_years_item_is_led_to_it(next_year: Office):
    text = shown(next_year.open("commander", "item", item="O6"))
    assert "?office=prachuap&amp;year=2568&amp;item=O6" in text
    assert "ไม่มีหลักฐานของข้อนี้ที่รับแล้ว" in shown(next_year.open("commander", "item", item="O7"))
    assert "ปีงบประมาณ 2568" not in shown(next_year.open("usa", "item", item="O6"))  # hers no more


def test_the_first_year_says_nothing_of_one_before(office: Office):
    tester = office.open("commander", "item", item="O6")
    assert not [one for one in tester.expander if "ตัวอย่าง" in one.label]
    assert "เทียบกับปีงบประมาณ" not in shown(office.open("commander", "officers", view="years"))


def test_the_years_stand_side_by_side_what_was_late_then_and_is_due_now_first(next_year: Office):
    text = shown(next_year.open("commander", "officers", view="years"))
    assert "ล่าช้าในปีก่อนและถึงกำหนดในขณะนี้" in text
    assert "O6" in text.split("รายข้อ")[-1].split("นอกจากนั้น")[0]
    assert text.count('<th scope="row">') > 44 + 10
    assert "เทียบกับปีงบประมาณ 2568" in shown(next_year.open("commander", "officers"))


def test_an_officer_sees_their_own_row_and_the_items_of_their_duties(next_year: Office):
    tester = next_year.open("piyaporn", "officers", view="years")
    text = shown(tester)
    assert not tester.exception
    assert "แสดงเฉพาะงานของท่าน" in text
    assert "ปิยาภรณ์" in text
    assert "อุษา" not in text.split("รายบุคคล")[-1]
    assert text.count('<th scope="row">') < 10
