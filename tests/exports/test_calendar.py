"""A calendar's file, read back by another parser than the one that wrote it."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import vobject
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlmodel import Session, select

from ita_core import db, queries
from ita_core.access import Actor
from ita_core.board.calendar import Event, EventKind
from ita_core.exports import calendar
from ita_core.models import Account, Directive
from ita_core.plan.apply import revise
from ita_core.plan.content import Content
from ita_core.queries import AssessmentFacts, YearEvents
from tests.cast import Cast

HERE = AssessmentFacts(
    1, 1, "prachuap", "ตม.จว.ประจวบคีรีขันธ์", "ตม.จว.ประจวบคีรีขันธ์", 2568, date(2024, 10, 1), date(2025, 9, 30),
    date(2025, 4, 30), 95.0, "", "x",
)  # fmt: skip
AT = datetime(2025, 3, 3, 6, 30, tzinfo=UTC)
DUE = Event(
    EventKind.deadline, "deadline 1 2025-02", "น้ำใจ, ความ;สุจริต", date(2025, 2, 28), date(2025, 2, 28), AT, 2, "O6",
    period="2025-01", slots=8, accepted=3,
)  # fmt: skip
STEP = Event(EventKind.step, "step x", "ลงทะเบียน", date(2025, 1, 1), date(2025, 1, 31), AT, number=3, done=True)
ORDER = Event(EventKind.directive, "directive 4", "เร่งรัด" * 40, date(2025, 3, 9), date(2025, 3, 9), AT, cancelled=True)
MEETING = Event(EventKind.meeting, "meeting 5", "", AT, AT + timedelta(minutes=75), AT, number=5)
EVERY = (DUE, STEP, ORDER, MEETING)


def made(*events: Event, home: str = "https://ita.example", own: bool = True) -> bytes:
    return calendar.as_ics([YearEvents(HERE, events)], own=own, home=home)


def read(content: bytes) -> vobject.base.Component:
    return vobject.readOne(content.decode("utf-8"))


def test_every_kind_is_read_back_as_it_was_meant():
    whole = read(made(*EVERY))
    assert whole.x_wr_calname.value == "ITA: งานของฉัน"
    due, step, order, meeting = whole.vevent_list
    assert due.summary.value == "กำหนดส่ง O6 น้ำใจ, ความ;สุจริต (ม.ค. 68)"
    assert (due.dtstart.value, due.dtend.value) == (date(2025, 2, 28), date(2025, 3, 1))
    assert due.description.value == ("รับแล้ว 3 จาก 8 ช่อง\nhttps://ita.example/item?item=O6&office=prachuap&year=2568")
    assert (due.sequence.value, due.status.value, due.transp.value) == ("2", "CONFIRMED", "TRANSPARENT")
    assert due.last_modified.value == due.dtstamp.value == AT
    assert step.summary.value == "✓ ITA ขั้นตอนที่ 3: ลงทะเบียน"
    assert (step.dtstart.value, step.dtend.value) == (date(2025, 1, 1), date(2025, 2, 1))
    assert order.status.value == "CANCELLED"
    assert len(order.summary.value) <= calendar.LONGEST_TEXT + len("ข้อสั่งการ: ")
    assert meeting.dtstart.value == AT
    assert meeting.dtstart.value.utcoffset() == timedelta(hours=7)
    assert meeting.dtend.value - meeting.dtstart.value == timedelta(minutes=75)
    assert whole.vtimezone.tzid.value == "Asia/Bangkok"


def test_the_office_s_says_whose_it_is_and_without_meetings_there_is_no_time_zone():
    whole = read(made(DUE, own=False))
    assert whole.x_wr_calname.value == "งาน ITA: ตม.จว.ประจวบคีรีขันธ์"
    assert not hasattr(whole, "vtimezone")
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT1H\r\n" in made(DUE)
    assert read(made()).x_wr_calname.value == "ITA: งานของฉัน"


def test_the_same_events_are_the_same_bytes_and_without_an_address_nothing_is_linked():
    assert made(*EVERY) == made(*EVERY)
    assert b"URL:" not in made(*EVERY, home="")
    assert b"http" not in made(*EVERY, home="")


def test_an_event_that_moves_keeps_its_uid_and_another_year_s_is_another():
    moved = replace(DUE, starts=date(2025, 3, 31), ends=date(2025, 3, 31), moves=3, title="อีกชื่อ")
    assert calendar.uid(moved, HERE) == calendar.uid(DUE, HERE)
    assert calendar.uid(DUE, replace(HERE, fiscal_year=2569)) != calendar.uid(DUE, HERE)
    assert calendar.uid(DUE, replace(HERE, office_code="other")) != calendar.uid(DUE, HERE)


@settings(max_examples=60)
@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=300) | st.text('กำ้ำ์,;\\:\r\n\t"', max_size=200))
def test_no_text_breaks_the_file_and_no_letter_is_cut(text: str):
    content = made(replace(DUE, title=text), replace(ORDER, title=text))
    lines = content.split(b"\r\n")
    assert all(len(line) <= 75 for line in lines)
    for line in lines:
        line.decode("utf-8")
    assert content.count(b"\r\nBEGIN:VEVENT\r\n") == 2
    assert not set(content.decode("utf-8").replace("\r\n", "")) & set("\0\r\n\x0b\x1b")
    whole = read(content)
    longest = calendar.LONGEST_TEXT
    kept = calendar._plain(text if len(text) <= longest else text[: longest - 1].rstrip() + "…")
    assert whole.vevent_list[1].summary.value == "ข้อสั่งการ: " + kept


def test_a_line_in_a_title_is_no_line_of_the_file():
    content = made(replace(DUE, title="ก\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nSUMMARY:ปลอม"))
    assert len(read(content).vevent_list) == 1


def test_of_the_demonstration_every_event_is_read_back(demo_sqlite: Path):
    engine = db.make_engine(f"sqlite:///{demo_sqlite}")
    day = date(2025, 3, 15)
    with db.reading(engine) as session:
        here = queries.get_assessment(session)
        names = [one.name for one in queries.get_history(session, here.id).known.values() if one.name]
        for account in session.exec(select(Account.id).order_by(Account.id)).all():
            for of_office in (False, True):
                years = queries.list_calendar(session, account or 0, day, of_office=of_office)
                content = calendar.as_ics(years, own=not of_office, home="https://ita.example")
                events = [one for year in years for one in year.events]
                back = getattr(read(content), "vevent_list", [])
                assert [one.uid.value for one in back] == [calendar.uid(one, here) for one in events]
                assert len({one.uid.value for one in back}) == len(back)
                text = content.decode("utf-8").replace("\r\n ", "")
                ordered = "".join(session.exec(select(Directive.text)).all())
                assert not [name for name in names if name in text and name not in ordered]
    engine.dispose()


# --- of a real plan --------------------------------------------------------------------------------------------------


def events_of(session: Session, account: int, *, of_office: bool = False) -> dict[str, Event]:
    [year] = queries.list_calendar(session, account, date(2025, 3, 15), of_office=of_office)
    return {calendar.uid(one, year.assessment): one for one in year.events}


def test_a_revision_moves_a_deadline_and_the_calendar_moves_it_too(at_work: Cast):
    with db.reading() as session:
        before = events_of(session, at_work.usa)
        here = queries.get_assessment(session)

    def later(content: Content) -> None:
        content["plan"]["deadlines"]["monthly"]["day"] = 5

    with db.writing() as session:
        revise(session, here.id, later, at=datetime(2025, 3, 1, tzinfo=UTC))
    with db.reading() as session:
        after = events_of(session, at_work.usa)
    assert set(before) == set(after)
    moved = [uid for uid in before if before[uid].starts != after[uid].starts]
    assert {after[uid].code for uid in moved} >= {"O6"}
    assert {(after[uid].starts - before[uid].starts).days for uid in moved} == {4}
    assert {after[uid].moves - before[uid].moves for uid in moved} == {1}
    assert all(after[uid] == before[uid] for uid in before if uid not in moved)


@pytest.mark.parametrize("who", ["usa", "piyaporn", "viewer", "commander", "admin"])
def test_a_calendar_shows_what_its_reader_may_read_and_no_more(at_work: Cast, who: str):
    with db.reading() as session:
        account = getattr(at_work, who)
        here = queries.get_assessment(session)
        actor: Actor = queries.get_actor(session, account, here.id)
        data = queries.current_snapshot(session, here).on(date(2025, 3, 15))
        readable = {one.code for one in data.visible_to(actor).items}
        office = events_of(session, account, of_office=True).values()
        mine = events_of(session, account).values()
    codes = {one.code for one in office if one.kind is EventKind.deadline}
    assert codes <= readable
    assert {one.code for one in mine if one.code} <= codes
    assert ("O6" in codes) is (who != "piyaporn")
    if who in {"viewer", "admin"}:
        assert list(mine) == []
