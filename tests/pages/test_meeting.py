"""Meeting mode and directives as pages: who may what, what is kept, and what an error leaves as it was."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from streamlit.testing.v1 import AppTest

from ita_core import accounts, db, queries, settings, workflow
from ita_core.board.directives import DirectiveFacts, DirectiveState
from ita_core.models import Account
from tests.cast import item_id
from tests.pages.conftest import Office, shown
from tests.pages.test_views import accept

NOW = datetime(2025, 3, 15, 2, 0, tzinfo=UTC)
SUBJECTS = ["สถานะการดำเนินการ", "เกินกำหนด", "ข้อสั่งการ"]


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch) -> None:
    """The meeting of these tests is on the morning of the day that the office works on."""
    monkeypatch.setattr(settings.Settings, "now", lambda _self: NOW)


def directives(office: Office) -> list[DirectiveFacts]:
    with db.reading(office.engine) as session:
        return queries.list_directives(session, queries.get_assessment(session).id)


def party(key: str) -> int:
    with db.reading() as session:
        people = queries.get_history(session, queries.get_assessment(session).id).now.parties
    return next(one.id for one in people.values() if one.key == key)


def give(office: Office, text: str = "เร่งรัดการจัดทำ", to: str = "usa", **more: object) -> int:
    wanted: dict[str, object] = {"due": date(2025, 3, 20), "at": NOW - timedelta(days=1)} | more
    with db.writing() as session:
        here = queries.get_assessment(session).id
        return workflow.direct(
            session, by=office.cast.commander, assessment_id=here, text=text, party_ids=[party(to)], **wanted
        )


def hold(office: Office, at: datetime, minutes: int = 60) -> int:
    with db.writing() as session:
        here, by = queries.get_assessment(session).id, office.cast.commander
        made = workflow.open_meeting(
            session, by=by, assessment_id=here, officer_ids=[party("usa")], guests="ผู้แทน ปปช.", at=at
        )
        workflow.end_meeting(session, by=by, meeting_id=made, at=at + timedelta(minutes=minutes))
        return made


def screens(tester: AppTest) -> str:
    assert not tester.exception
    return shown(tester).split('<div class="ita-meeting">')[1]


@pytest.mark.parametrize("who", ["commander", "admin", "viewer", "itap"])
def test_whoever_sees_all_may_show_it(office: Office, who: str):
    text = screens(office.open(who, "meeting"))
    assert all(subject in text for subject in SUBJECTS)
    assert "ณ 15 มี.ค. 68" in text


@pytest.mark.parametrize("who", ["usa", "khanittha"])
def test_whoever_does_not_see_all_is_told_so(office: Office, who: str):
    text = shown(office.open(who, "meeting"))
    assert "ita-screen" not in text
    assert "เปิดได้เฉพาะผู้มีสิทธิดูทั้งหมด" in text


@pytest.mark.parametrize("who", ["viewer", "admin", "itap"])
def test_only_the_commander_has_something_to_press(office: Office, who: str):
    give(office)
    tester = office.open(who, "meeting")
    assert not tester.text_area
    assert "data-settle" not in screens(tester)
    assert not [one for one in tester.button if one.key and one.key.startswith("meeting")]
    assert "data-settle" in screens(office.open("commander", "meeting"))


def test_the_commander_opens_it_takes_a_directive_down_and_ends_it(office: Office):
    tester = office.open("commander", "meeting")
    tester.button(key="meeting-open").click().run()
    assert not tester.exception
    tester.text_area(key="directive-text").set_value("ตรวจเว็บไซต์ <script>alert(1)</script>")
    tester.multiselect(key="directive-to").select(party("angsuson"))
    tester.button(key="directive-give").click().run()
    assert "ตรวจเว็บไซต์ &lt;script&gt;" in screens(tester)
    assert "<script>alert" not in shown(tester)
    given = directives(office)[0]
    assert given.meeting_id is not None
    assert given.due == date(2025, 3, 29)
    assert tester.text_area(key="directive-text").value == ""
    tester.button(key="meeting-end").click().run()
    with db.reading() as session:
        held = queries.list_meetings(session, queries.get_assessment(session).id)
    assert held[0].ended_at == NOW
    # It stands in the officer's own work until it is done.
    assert "ตรวจเว็บไซต์ &lt;script&gt;" in shown(office.open("itap", "my_work"))
    assert "ตรวจเว็บไซต์" not in shown(office.open("usa", "my_work"))


def test_an_error_loses_nothing_that_was_typed(office: Office):
    tester = office.open("commander", "meeting")
    tester.text_area(key="directive-text").set_value("ยังไม่ได้เลือกผู้รับ")
    tester.button(key="directive-give").click().run()
    assert "โปรดเลือกผู้รับข้อสั่งการอย่างน้อยหนึ่งราย" in shown(tester)
    assert tester.text_area(key="directive-text").value == "ยังไม่ได้เลือกผู้รับ"
    assert directives(office) == []


def test_an_officer_reports_and_the_commander_agrees(office: Office):
    made = give(office)
    assert shown(office.open("pattama", "directives")).count("เร่งรัดการจัดทำ") == 0
    tester = office.open("usa", "directives")
    tester.text_area(key=f"report-{made}").set_value("ส่งครบแล้ว")
    tester.button(key=f"reported-{made}").click().run()
    assert directives(office)[0].state() is DirectiveState.reported
    tester = office.open("commander", "directives")
    assert "ส่งครบแล้ว" in shown(tester)
    tester.button(key=f"done-{made}").click().run()
    assert directives(office)[0].state() is DirectiveState.done
    assert "เร่งรัดการจัดทำ" not in shown(office.open("usa", "my_work"))
    tester = office.open("commander", "directives", state="done")
    assert "เร่งรัดการจัดทำ" in shown(tester)
    assert "เร่งรัดการจัดทำ" not in shown(office.open("commander", "directives", state="open"))


def test_a_sign_in_that_has_ended_settles_nothing(office: Office, monkeypatch: pytest.MonkeyPatch):
    made = give(office)
    tester = office.open("commander", "directives")
    with db.writing() as session:
        account = session.get_one(Account, office.cast.commander)
        accounts.sign_out_everywhere(session, account=account, now=datetime.now(UTC))
    tester.button(key=f"done-{made}").click().run()
    assert directives(office)[0].state() is DirectiveState.open


def test_a_kept_meeting_shows_what_stood_then(office: Office):
    start = datetime(2025, 3, 3, 2, 0, tzinfo=UTC)
    accept(office, "2024-10", start - timedelta(days=3))
    held = hold(office, start)
    accept(office, "2024-11", start + timedelta(hours=3))  # that afternoon
    later = give(office, "หลังการประชุม")
    text = screens(office.open("commander", "meeting", meeting=str(held)))
    assert "บันทึกการประชุม" in text
    assert "ผู้แทน ปปช." in text
    assert "อุษา" in text
    assert "หลังการประชุม" not in text
    now = screens(office.open("commander", "meeting"))
    assert "หลังการประชุม" in now
    share = re.compile(r"รับแล้ว (\d+)%")
    assert share.findall(text) != share.findall(now)
    assert not office.open("commander", "meeting", meeting=str(held)).text_area
    assert later


def test_everybody_who_was_there_is_shown_on_as_many_screens_as_it_takes(office: Office):
    with db.reading() as session:
        people = queries.get_history(session, queries.get_assessment(session).id).now.parties.values()
    officers = [one for one in people if one.person_id]
    with db.writing() as session:
        here, by = queries.get_assessment(session).id, office.cast.commander
        made = workflow.open_meeting(
            session, by=by, assessment_id=here, officer_ids=[one.id for one in officers], guests="แขก " * 400,
            at=datetime(2025, 3, 3, 2, 0, tzinfo=UTC),
        )  # fmt: skip
        workflow.end_meeting(session, by=by, meeting_id=made, at=datetime(2025, 3, 3, 3, 0, tzinfo=UTC))
    text = screens(office.open("commander", "meeting", meeting=str(made)))
    parts = re.findall(r'data-subject="record".*?</section>', text, re.DOTALL)
    assert len(parts) > 1
    assert all(any(one.full in part for part in parts) for one in officers)
    assert sum(part.count("แขก") for part in parts) == 400


def test_cancelling_a_directive_asks_why_and_whoever_was_given_it_reads_the_reason(office: Office):
    made = give(office)
    tester = office.open("commander", "directives")
    tester.button(key=f"cancelled-{made}").click().run()
    assert "โปรดระบุเหตุผลที่ยกเลิก" in shown(tester)
    assert directives(office)[0].state() is DirectiveState.open
    tester.text_area(key=f"why-{made}").set_value("มีผู้ดำเนินการแล้ว")
    tester.button(key=f"cancelled-{made}").click().run()
    assert directives(office)[0].state() is DirectiveState.cancelled
    assert "มีผู้ดำเนินการแล้ว" in shown(office.open("usa", "directives"))


@pytest.mark.parametrize("asked", ["99", "x", "<b>", "-1"])
def test_a_meeting_that_was_not_held_is_a_sentence(office: Office, asked: str):
    tester = office.open("commander", "meeting", meeting=asked)
    assert not tester.exception
    assert tester.warning


def test_on_a_past_day_directives_stand_as_they_did_and_nothing_can_be_done(office: Office):
    made = give(office, item_id=None)
    give(office, "ของวันหลัง", at=NOW - timedelta(hours=1))
    with db.writing() as session:
        assert item_id(session, "O6")
        workflow.report(session, by=office.cast.usa, directive_id=made, note="ทำแล้ว", at=NOW)
    past = office.open("commander", "directives", day="2025-03-14")
    assert "เร่งรัดการจัดทำ" in shown(past)
    assert "ทำแล้ว" not in shown(past)
    assert "ของวันหลัง" not in shown(past)
    assert not past.text_area
    assert [one.label for one in past.button] == ["ออกจากระบบ"]
