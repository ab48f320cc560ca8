"""My account: each part is a line that says how it stands, shut until it is asked for or something of it waits."""

import re
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import HeadingBase as Heading

from ita_core import accounts, db
from ita_core.models import Account, Channel, ChannelAddress
from pages.parts import my_parts
from tests.cast import compared
from tests.pages.conftest import Office

PARTS = (
    my_parts.PASSWORD, my_parts.SECOND_STEP, my_parts.DEVICES, my_parts.TOLD, my_parts.CALENDAR, my_parts.TOKENS,
)  # fmt: skip


def lines(tester: AppTest) -> list[str]:
    """What stands on the page while all of it is shut."""
    return [re.sub(r"[*\\]", "", one.label) for one in tester.expander]


def opened(tester: AppTest) -> list[str]:
    return [part for part in PARTS if tester.session_state[f"part-{part}"]]


def give(account_id: int) -> None:
    """An address of each kind, and a token."""
    now = datetime.now(UTC)
    with db.writing() as session:
        account = session.get_one(Account, account_id)
        proved = {"channel": Channel.mail, "value": "a@b.example", "salt": "x", "proved_at": now}
        session.add(ChannelAddress(account_id=account_id, **proved))
        accounts.make_calendar_address(session, account=account, compared=compared(session, account), now=now)
        accounts.make_token(
            session,
            account=account,
            compared=compared(session, account),
            name="report",
            days=accounts.USUAL_DAYS,
            now=now,
        )


def test_each_part_says_how_it_stands(office: Office, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("ita_core.channels.mail.is_set_up", lambda: True)
    assert lines(office.open("usa", "account"))[:6] == [
        "รหัสผ่าน", "การยืนยันขั้นที่สองเมื่อเข้าสู่ระบบ · ยังไม่เปิดใช้", "เครื่องที่เข้าสู่ระบบอยู่ · เครื่องนี้เครื่องเดียว",
        "รับแจ้งเรื่องที่เกี่ยวข้องกับท่าน · ยังไม่ได้ตั้งค่า", "ปฏิทิน · ยังไม่มีที่อยู่ส่วนตัว", "สำหรับโปรแกรมอื่น · ยังไม่มีโทเคน",
    ]  # fmt: skip
    give(office.cast.usa)
    said = lines(office.open("usa", "account"))
    assert "รับแจ้งเรื่องที่เกี่ยวข้องกับท่าน · อีเมล" in said
    assert "เครื่องที่เข้าสู่ระบบอยู่ · 2 เครื่อง" in said
    assert "ปฏิทิน · มีที่อยู่ส่วนตัวแล้ว" in said
    assert "สำหรับโปรแกรมอื่น · 1 โทเคน" in said


@pytest.mark.parametrize("part", PARTS)
def test_the_address_opens_one(office: Office, monkeypatch: pytest.MonkeyPatch, part: str):
    monkeypatch.setattr("ita_core.channels.mail.is_set_up", lambda: True)
    assert opened(office.open("usa", "account")) == []
    assert opened(office.open("usa", "account", part="nothing")) == []
    assert opened(office.open("usa", "account", part=part)) == [part]


def test_what_is_open_stays_open_when_its_line_says_something_else(office: Office):
    tester = office.open("usa", "account", part=my_parts.TOKENS)
    give(office.cast.usa)
    tester.run()
    assert "สำหรับโปรแกรมอื่น · 1 โทเคน" in lines(tester)
    assert opened(tester) == [my_parts.TOKENS]
    assert [one.proto.expanded for one in tester.expander if "สำหรับโปรแกรมอื่น" in one.label] == [True]


def test_no_heading_skips_a_level(office: Office, monkeypatch: pytest.MonkeyPatch):
    """To whoever listens to the page they are its table of contents; that of the page itself is the first level."""
    monkeypatch.setattr("ita_core.channels.mail.is_set_up", lambda: True)
    give(office.cast.usa)
    found = [one.tag for one in office.open("usa", "account").main if isinstance(one, Heading)]
    levels = [1, *(int(one[1]) for one in found if one != "h1")]
    assert set(levels) == {1, 2, 3}
    assert all(after <= before + 1 for before, after in pairwise(levels))
