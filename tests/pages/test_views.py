"""The views: compared with a day, as of a day, by indicator, by officer; what is in the address decides."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlmodel import select
from streamlit.testing.v1 import AppTest

from ita_core import db, queries, workflow
from ita_core.board import progress
from ita_core.evidence.store import open_store
from ita_core.models import Account, Decision, Party
from ita_core.settings import settings
from pages import ADDRESSES
from tests import papers
from tests.cast import item_id, slots
from tests.pages.conftest import Office, shown

PDF = papers.pdf() + b"%"
MONDAY = datetime(2025, 3, 3, 2, 0, tzinfo=UTC)  # 9:00 in Thailand


def accept(office: Office, period: str, at: datetime) -> int:
    """O6 of a month in PDF, handed in and an hour later accepted: four slots."""
    content = open_store().put([PDF, period.encode()], f"{period}.pdf")
    with db.writing() as session:
        made = workflow.submit(
            session, by=office.cast.usa, item_id=item_id(session, "O6"), content=content,
            slots=slots(session, "O6", period=period, format="pdf"), at=at,
        )  # fmt: skip
        later = at + timedelta(hours=1)
        workflow.review(session, by=office.cast.khanittha, evidence_id=made, decision=Decision.accepted, at=later)
        return made


@pytest.fixture
def march(office: Office) -> Office:
    """One acceptance before the meeting of 3 March, one in the afternoon after it, one on the 10th."""
    accept(office, "2024-10", MONDAY - timedelta(days=40))
    with db.writing() as session:
        here = queries.get_assessment(session).id
        held = workflow.open_meeting(session, by=office.cast.commander, assessment_id=here, at=MONDAY)
        workflow.end_meeting(session, by=office.cast.commander, meeting_id=held, at=MONDAY + timedelta(hours=1))
    accept(office, "2024-11", MONDAY + timedelta(hours=4))
    accept(office, "2025-01", MONDAY + timedelta(days=7))
    return office


def since(office: Office, **query: str) -> str:
    text = shown(office.open("commander", "overview", **query))
    line = re.search(r'<p class="ita-since">(.*?)</p>', text)
    assert line
    return re.sub(r"<[^>]+>", "", line[1])


def test_the_overview_compares_with_the_moment_of_the_last_meeting(march: Office):
    assert since(march) == "ตั้งแต่ การประชุม 3 มี.ค. 68: ✓ รับแล้ว 8 ช่อง O6"


def test_it_compares_with_any_day_of_the_address(march: Office):
    assert since(march, since="2025-03-04") == "ตั้งแต่ 4 มี.ค. 68: ✓ รับแล้ว 4 ช่อง O6"
    assert since(march, since="2025-03-15").endswith("ไม่มีการเปลี่ยนแปลง")
    went_overdue = since(march, since="2024-12-31")
    assert "เกินกำหนดใหม่" in went_overdue
    assert "รับแล้ว 12 ช่อง O6" in went_overdue


def test_without_a_meeting_it_compares_with_two_weeks_before(office: Office):
    assert since(office).startswith("ตั้งแต่ 1 มี.ค. 68:")


@pytest.mark.parametrize("asked", ["", "x", "2568-02-30", "2025-02-30", "<script>", "2025-03-01; DROP"])
@pytest.mark.parametrize("name", ["day", "since"])
def test_what_is_no_day_is_not_asked_for(march: Office, name: str, asked: str):
    assert since(march, **{name: asked}).startswith("ตั้งแต่ การประชุม 3 มี.ค. 68")


@pytest.mark.parametrize("asked", ["2568-03-04", "4 มี.ค. 68", "4/3/2568", "๔ มีนาคม ๒๕๖๘"])
def test_a_day_of_the_address_is_understood_as_people_type_it(march: Office, asked: str):
    assert since(march, since=asked) == since(march, since="2025-03-04")


def test_a_past_day_says_so_and_shows_what_stood_then(march: Office):
    tester = march.open("commander", "overview", day="2025-03-05")
    text = shown(tester)
    assert "ข้อมูลย้อนหลัง ณ วันที่ 5 มีนาคม 2568" in text
    assert "ณ 5 มี.ค. 68" in text
    assert ">8/48<" in text
    assert "ข้อมูลย้อนหลัง" not in shown(march.open("commander", "overview"))
    assert ">12/48<" in shown(march.open("commander", "overview"))


def test_a_day_outside_the_year_is_its_nearest(march: Office):
    assert "ณ 1 ต.ค. 67" in shown(march.open("commander", "overview", day="2020-01-01"))
    assert "ข้อมูลย้อนหลัง" not in shown(march.open("commander", "overview", day="2030-01-01"))  # today at the latest


@pytest.mark.parametrize(
    ("today", "day", "shown_day"),
    [
        ("2024-05-01", "", "1 ต.ค. 67"), ("2024-09-30", "2024-06-01", "1 ต.ค. 67"), ("2024-10-01", "", "1 ต.ค. 67"),
        ("2025-03-15", "2024-09-30", "1 ต.ค. 67"), ("2025-03-15", "", "15 มี.ค. 68"), ("2025-09-30", "", "30 ก.ย. 68"),
        ("2026-11-24", "", "30 ก.ย. 68"), ("2026-11-24", "2024-01-01", "1 ต.ค. 67"),
    ],
)  # fmt: skip
def test_every_page_opens_before_on_and_after_the_year(
    office: Office, monkeypatch: pytest.MonkeyPatch, today: str, day: str, shown_day: str
):
    """A day before the first is the first, one after the last is the last; `day` is the address's."""
    monkeypatch.setenv("ITA_TODAY", today)
    settings.cache_clear()
    query = {"day": day} if day else {}
    for page in ADDRESSES:
        who = {"my_work": "usa", "review": "khanittha", "people": "admin", "overview": "viewer"}.get(page, "commander")
        tester = office.open(who, page, **query, **({"item": "O6"} if page == "item" else {}))
        assert not tester.exception, page
        if page == "overview":
            text = shown(tester)
            assert f"ณ {shown_day}" in text
            assert ("เริ่มวันที่ 1 ตุลาคม 2567" in text) is (today < "2024-10-01")
            assert ("สิ้นสุดแล้ว" in text) is (today > "2025-09-30")


def dropping(tester: AppTest) -> bool:
    """Whether there is a place to drop files."""
    return any("/uploads/" in part.proto.json for part in tester.get("bidi_component"))


def test_nothing_can_be_done_on_a_past_day(march: Office):
    """The forms that today's page has are not on the past one's."""
    today, past = (march.open("usa", "item", item="O6", **query) for query in ({}, {"day": "2025-03-05"}))
    assert dropping(today)
    assert not dropping(past)
    assert [one.label for one in past.button] == ["ออกจากระบบ"]


def test_an_items_evidence_and_history_are_those_of_the_day(march: Office):
    before = shown(march.open("usa", "item", item="O6", day="2025-03-02"))
    assert "2024-10.pdf" in before
    assert "2024-11.pdf" not in before
    content = open_store().put([PDF, b"late"], "late.pdf")
    with db.writing() as session:
        made = workflow.submit(
            session, by=march.cast.usa, item_id=item_id(session, "O6"), content=content, note="",
            slots=slots(session, "O6", period="2025-02", format="pdf"), at=MONDAY + timedelta(days=8),
        )  # fmt: skip
        workflow.review(
            session, by=march.cast.khanittha, evidence_id=made, decision=Decision.returned, reason="ขาดลายมือชื่อ",
            at=MONDAY + timedelta(days=10),
        )  # fmt: skip
    between = shown(march.open("usa", "item", item="O6", day="2025-03-12"))
    assert "late.pdf" in between
    assert "ขาดลายมือชื่อ" not in between
    assert "ขาดลายมือชื่อ" in shown(march.open("usa", "item", item="O6", day="2025-03-13"))


def test_the_forecast_says_when_there_is_too_little_to_tell(office: Office):
    assert "ข้อมูลยังน้อยเกินจะบอกได้: 4 สัปดาห์รับ 0 ช่อง เหลือ 208" in shown(office.open("commander", "overview"))


def test_the_forecast_follows_from_the_pace_of_four_weeks(march: Office):
    """Eight slots in four weeks, 196 left: 686 days from 15 March 2568."""
    day = date(2025, 3, 15) + timedelta(days=686)
    text = shown(march.open("commander", "overview"))
    assert f"{day.day} ม.ค. {(day.year + 543) % 100}" in text
    assert f"หลังปิดระบบ {(day - date(2025, 4, 30)).days} วัน" in text


def needs_you(text: str) -> list[str]:
    """The lines of what needs the reader, without their marks."""
    listed = re.search(r'<h2>(?:เรื่องที่ท่านต้องดำเนินการ|เรื่องที่ต้องเร่งดำเนินการ)</h2><ul class="ita-list">(.*?)</ul>', text)
    assert listed, text
    return [re.sub(r"<[^>]+>", "", line).strip() for line in listed[1].split("<li>")[1:]]


def test_the_list_beside_the_board_is_called_by_what_it_is_for_its_reader(office: Office):
    """An officer's own turn, and how much more there is; what needs attention, for whoever sees all."""
    for reader, title in (("commander", "เรื่องที่ต้องเร่งดำเนินการ"), ("viewer", "เรื่องที่ต้องเร่งดำเนินการ"),
                          ("usa", "เรื่องที่ท่านต้องดำเนินการ"), ("khanittha", "เรื่องที่ท่านต้องดำเนินการ")):  # fmt: skip
        assert f"<h2>{title}</h2>" in shown(office.open(reader, "overview")), reader
    with db.reading() as session:
        assessment = queries.get_assessment(session)
        snapshot = queries.take_snapshot(session, assessment)
        usa = next(one.id for one in snapshot.officers if one.key == "usa")
        khanittha = next(one.id for one in snapshot.officers if one.key == "khanittha")
    behind = progress.risks(snapshot.board(date(2025, 3, 15)).oit)
    own = [one.item.code for one in behind if usa in one.item.preparers]
    lines = needs_you(shown(office.open("usa", "overview")))
    assert [code for line in lines for code in own if f" {code} " in f" {line} "] == own
    # Nothing was handed in: nothing is hers to decide, so none of the items that she supervises is her turn.
    supervised = [one for one in behind if khanittha in one.item.supervisors]
    line = next(one for one in needs_you(shown(office.open("khanittha", "overview"))) if "ผู้อื่น" in one)
    assert f"อีก {len(supervised)} ข้อ" in line


def test_the_overdue_list_names_whose_turn_it_is_and_how_many_more_there_are(office: Office):
    with db.reading() as session:
        board = queries.take_snapshot(session, queries.get_assessment(session)).board(date(2025, 3, 15))
    behind = progress.risks(board.oit)
    first = behind[0].item.code
    tester = office.open("commander", "overview")
    lines = needs_you(shown(tester))
    # The list has its height: a late step of the calendar takes the place of one of five items.
    assert len([line for line in lines if " วัน · " in line]) == 4
    assert f"และอีก {len(behind) - 4} รายการ" in "".join(lines)
    with db.writing() as session:
        who = behind[0].item.preparers[0]
        person = session.get_one(Party, who).person_id
        by = session.exec(select(Account.id).where(Account.person_id == person)).one()
        workflow.submit(
            session, by=by, item_id=behind[0].item.id, content=workflow.Link("https://example.org/a"), at=MONDAY,
            slots=[slot.slot.key for slot in behind[0].slots if slot.overdue],
        )  # fmt: skip
    before = next(line for line in lines if f"{first} " in line)
    after = next(line for line in needs_you(shown(office.open("commander", "overview"))) if f"{first} " in line)
    with db.reading() as session:
        people = queries.get_history(session, queries.get_assessment(session).id).now.parties
    turn = "ตรวจ: " + ", ".join(people[one].short for one in behind[0].item.supervisors if one != who)
    assert before.endswith(", ".join(people[one].short for one in behind[0].item.preparers))
    assert after.endswith(f" · {turn}")


def test_an_officer_is_told_of_what_waits_for_them_only(office: Office):
    """Khanittha supervises O6: what Usa handed in waits for her, not for Usa."""
    with db.writing() as session:
        workflow.submit(
            session, by=office.cast.usa, item_id=item_id(session, "O6"), content=workflow.Link("https://example.org/a"),
            slots=slots(session, "O6", period="2025-02", format="pdf"), at=MONDAY,
        )  # fmt: skip
    waits = "1 ชิ้น เก่าสุด 12 วัน"
    assert waits in "".join(needs_you(shown(office.open("khanittha", "overview"))))
    assert waits in "".join(needs_you(shown(office.open("commander", "overview"))))
    assert waits not in "".join(needs_you(shown(office.open("usa", "overview"))))


# --- indicators and officers ------------------------------------------------------------------------------------------


def test_each_of_the_ten_indicators_with_what_must_improve_and_what_serves_it(office: Office):
    text = shown(office.open("commander", "indicators"))
    with db.reading() as session:
        indicators = queries.list_indicators(session, queries.get_assessment(session).id)
    assert [one.number for one in indicators] == list(range(1, 11))
    for one in indicators:
        assert f"{one.number}. {one.title}" in text
        assert one.improve.split("\n")[0] in text
    assert "ปีก่อน 93.45 · ต่ำกว่าเป้าหมาย 95 อยู่ 1.55" in text
    assert "ปีก่อน 95.21 · ถึงเป้าหมาย 95" in text
    iit, eit, oit = re.split(r'<h2 class="ita-instrument', text)[1:]
    assert "การเก็บข้อมูลแบบวัดการรับรู้ของผู้มีส่วนได้ส่วนเสียภายใน (IIT)" in iit
    assert ">P1</a>" in iit
    assert ">1.4</a>" in eit
    assert "EIT (2)" in eit
    assert ">O24</a>" in oit
    assert ">S2</a>" in oit


def numbers(text: str, name: str) -> list[str]:
    row = re.search(rf'<th scope="row">(?:<a [^>]*>)?{name}(?:</a>)?</th>(.*?)</tr>', text)
    assert row
    return re.findall(r'<td class="number[^>]*>(?:<a [^>]*>)?([^<]*)<', row[1])


def test_a_shared_slot_is_each_ones_and_counted_once_in_the_total(march: Office):
    text = shown(march.open("commander", "officers"))
    # overdue, returned, waiting, accepted, slots, on time, items
    usa, suphawan = numbers(text, "ด.ต.หญิง อุษา มีนาม"), numbers(text, "ร.ต.ท.หญิง สุภวรรณ ศรีสุวรรณ")
    assert usa[3] == suphawan[3] == "12"
    assert suphawan[4] == "48"
    total = numbers(text, "รวม \\(ช่องที่ทำร่วมกันนับครั้งเดียว\\)")
    assert total[3:5] == ["12", "208"]


def test_supervisors_by_what_waits_and_how_long_they_take(march: Office):
    text = shown(march.open("commander", "officers"))
    # waiting, overdue of these, the oldest, days to decide, decided, of these returned, items
    assert numbers(text, "พ.ต.ท.หญิง ขนิษฐา แก้วโสภา") == ["0", "0", "–", "0", "3", "0", "20"]


def test_an_officer_sees_their_own_row_only(march: Office):
    text = shown(march.open("usa", "officers"))
    assert numbers(text, "ด.ต.หญิง อุษา มีนาม")[3] == "12"
    assert "สุภวรรณ" not in text
    text = shown(march.open("usa", "officers", officer="suphawan"))
    assert "สุภวรรณ" not in text


def test_one_officer_opened_by_the_address_with_items_and_directives(march: Office):
    with db.writing() as session:
        facts = queries.get_assessment(session)
        party = next(one for one in queries.get_history(session, facts.id).now.parties.values() if one.key == "phailin")
        workflow.direct(
            session, by=march.cast.commander, assessment_id=facts.id, text="เร่งประกาศ <b>ผล</b>", party_ids=[party.id],
            due=date(2025, 3, 20), at=MONDAY + timedelta(days=1),
        )  # fmt: skip
    text = shown(march.open("commander", "officers", officer="phailin"))
    opened = text.split('<section class="ita-one">')[1].split("</section>")[0]
    assert ">O13</a>" in opened
    assert "เร่งประกาศ &lt;b&gt;ผล&lt;/b&gt;" in opened
    assert '<section class="ita-one">' not in shown(march.open("commander", "officers", officer="nobody"))


# --- how much each page asks the database -----------------------------------------------------------------------------

MOST = {
    "overview": 20, "my_turn": 16, "my_work": 23, "review": 20, "item": 38, "indicators": 25, "officers": 14,
    "timeline": 16, "months": 16, "meeting": 26, "directives": 20, "export": 13, "people": 21, "account": 22,
    "campaigns": 13, "search": 17,
}  # fmt: skip


@pytest.mark.parametrize("page", MOST)
def test_a_page_asks_the_database_no_more_than_this_often(march: Office, page: str):
    who = {"my_work": "usa", "review": "khanittha", "people": "admin", "overview": "viewer"}.get(page, "commander")
    asked: list[str] = []
    tester = march.open(who, page, **{"item": {"item": "O6"}, "search": {"q": "รายงาน"}}.get(page, {}))

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if statement.startswith("SELECT"):
            asked.append(statement)

    sa.event.listen(march.engine, "before_cursor_execute", note)
    tester.run()
    sa.event.remove(march.engine, "before_cursor_execute", note)
    assert not tester.exception
    assert 0 < len(asked) <= MOST[page], "\n".join(asked)
