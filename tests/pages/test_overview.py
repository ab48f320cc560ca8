"""The overview: where the office stands, and whose figures it shows."""

import re
from datetime import date, timedelta

from ita_core import db, queries, workflow
from ita_core.plan import editing
from tests.pages.conftest import Office, shown
from tests.pages.work import NOW


def test_the_overview_says_where_the_office_stands(office: Office):
    text = shown(office.open("commander", "overview"))
    assert "ปีก่อน 95.85 ผ่านดี: IIT 93.45 ต่ำกว่า 95" in text
    assert "ณ 15 มี.ค. 68" in text
    assert "เหลือ 46 วันก่อนปิดระบบ OIT" in text

    for number in range(1, 25):
        assert f">O{number}</a>" in text


def test_an_officer_is_told_that_the_figures_are_of_their_items_only(office: Office):
    assert "เฉพาะ 4 ข้อในหน้าที่ของท่าน" in shown(office.open("usa", "overview"))
    assert "เฉพาะ" not in shown(office.open("commander", "overview"))


def test_what_changed_since_then_names_the_revisions_of_the_plan(office: Office):
    def since(who: str, **asked: str) -> str:
        line = re.search(r'<p class="ita-since">(.*?)</p>', shown(office.open(who, "overview", **asked)), re.DOTALL)
        assert line is not None
        return line[1]

    with db.writing() as session:
        of = queries.get_assessment(session).id
        for number, note in ((1, "คำสั่งที่ 4/2568"), (2, "")):
            workflow.edit(
                session, lambda draft, by=number: editing.move_all(draft, by, first=date(2025, 4, 1)),
                by=office.cast.admin, assessment_id=of, at=NOW,
            )  # fmt: skip
            workflow.put_draft_in_force(
                session,
                by=office.cast.admin,
                assessment_id=of,
                seen=number,
                note=note,
                at=NOW + timedelta(hours=number),
            )
    assert "แผน: แก้ไข 2 ฉบับ" in since("commander", since="2025-03-01")
    assert 'href="/plan?revision=3"' in since("commander", since="2025-03-01")
    assert "แผน: แก้ไข 2 ฉบับ" in since("viewer", since="2025-03-01")
    assert "/plan" not in since("viewer", since="2025-03-01")
    assert "แผน" not in since("khanittha", since="2025-03-01")
    assert "แผน" not in since("commander", since="2025-03-01", day="2025-03-10")
