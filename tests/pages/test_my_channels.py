"""On My account: an address proved by a code, hours chosen, used no more; on People: which channel fails."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import bcrypt
import pytest
from sqlmodel import select
from streamlit.testing.v1 import AppTest

from ita_core import accounts, db, queries, workflow
from ita_core.accounts import addresses
from ita_core.board.reminding import Choice
from ita_core.channels import faults
from ita_core.models import Account, Channel, ChannelAddress, Sending
from ita_core.queries import Reminder
from pages.parts import people_channels
from tests.channels.conftest import Setting, house, setting
from tests.channels.conftest import office as mail_server
from tests.channels.line_house import LineHouse
from tests.channels.post_office import PostOffice
from tests.pages.conftest import Office, shown
from tests.server import ROOT

__all__ = ["house", "mail_server", "setting"]
PASSWORD = "kite lamp river stone"
NOW = datetime(2025, 3, 15, 3, 0, tzinfo=UTC)


@pytest.fixture
def usa(office: Office) -> Iterator[int]:
    with db.writing() as session:
        account = session.get_one(Account, office.cast.usa)
        account.username, account.password_hash = "usa", bcrypt.hashpw(PASSWORD.encode(), bcrypt.gensalt(4)).decode()
        session.add(account)
    return office.cast.usa


def field(tester: AppTest, start: str):
    return next(one for one in tester.text_input if str(one.key).startswith(start))


def press(tester: AppTest, start: str) -> None:
    next(one for one in tester.button if str(one.key).startswith(start)).click().run()
    assert not tester.exception


def ask(tester: AppTest, address: str, password: str = PASSWORD) -> None:
    field(tester, "mail-").set_value(address)
    field(tester, "mail-password").set_value(password)
    press(tester, "mail-ask")


def is_open(tester: AppTest, line: str) -> bool:
    said = {re.sub(r"[*\\]", "", one.label): one.proto.expanded for one in tester.expander}
    return bool(said[line])


def test_an_address_is_proved_by_the_code_that_came_there(mail_server: PostOffice, office: Office, usa: int):
    tester = office.open("usa", "account", part="told")
    ask(tester, "usa@example.go.th")
    assert "ส่งรหัส 6 หลักไปที่ usa@example.go.th แล้ว" in shown(tester)
    digits = re.findall(r"\b\d{6}\b", str(mail_server.mails[0].get_content()))[0]
    field(tester, "code-").set_value("000000" if digits != "000000" else "111111")
    press(tester, "prove-")
    assert "รหัสไม่ตรงกับที่ส่งไป" in shown(tester)
    field(tester, "code-").set_value(digits)
    press(tester, "prove-")
    assert "usa@example.go.th ยืนยันเมื่อ" in shown(tester)
    assert is_open(tester, "รับแจ้งเรื่องที่เกี่ยวข้องกับท่าน · อีเมล")  # its line has changed meanwhile
    with db.reading() as session:
        assert accounts.proved_mail(session, usa) == "usa@example.go.th"


def test_the_section_asks_for_the_password_before_anything_is_sent(mail_server: PostOffice, office: Office, usa: int):
    """Whoever sits at an open screen would else have the link for a new password sent to themselves."""
    del usa
    tester = office.open("usa", "account")
    ask(tester, "thief@example.com", "wrong")
    assert "รหัสผ่านไม่ถูกต้อง" in shown(tester)
    assert mail_server.mails == []


def test_what_is_no_address_and_what_the_server_refuses_is_said_where_it_was_pressed(
    mail_server: PostOffice, office: Office, usa: int
):
    del usa
    tester = office.open("usa", "account")
    ask(tester, "usa@localhost")
    assert "ไม่ใช่ที่อยู่อีเมล" in shown(tester)
    mail_server.says = lambda _address: "550 5.1.1 no such user"
    ask(tester, "nobody@example.go.th")
    assert "ส่งถึงที่อยู่นี้ไม่ได้" in shown(tester)


def test_a_code_for_line_stands_there_until_it_was_used(house: LineHouse, office: Office, usa: int):
    del house, usa
    tester = office.open("usa", "account")
    assert "@123abcde" in shown(tester)
    field(tester, "line-password").set_value("wrong")
    press(tester, "line-ask")
    assert "รหัสผ่านไม่ถูกต้อง" in shown(tester)
    assert len(tester.code) == 0
    field(tester, "line-password").set_value(PASSWORD)
    press(tester, "line-ask")
    code = tester.code[0].value
    with db.writing() as session:
        found = accounts.prove_line(session, text=code, line_user="U" + "a" * 32, now=datetime.now(UTC))
    assert found is not None
    tester.run()
    assert len(tester.code) == 0
    assert "เชื่อมบัญชีแล้ว" in shown(tester)
    assert "U" + "a" * 32 not in shown(tester)


def test_hours_and_channels_are_chosen_and_an_address_is_given_up(mail_server: PostOffice, office: Office, usa: int):
    del mail_server
    with db.writing() as session:
        session.add(ChannelAddress(account_id=usa, channel=Channel.mail, value="a@b.example", salt="x", proved_at=NOW))
    tester = office.open("usa", "account")
    next(one for one in tester.selectbox if str(one.key).startswith("hour-")).set_value(7)
    next(one for one in tester.checkbox if str(one.key).startswith("once-")).uncheck()
    press(tester, "channels-save")
    with db.reading() as session:
        assert queries.get_choice(session, usa) == Choice(hour=7, at_once=False)
    press(tester, "end-mail")
    with db.reading() as session:
        assert accounts.list_addresses(session, usa) == []


def test_where_no_channel_is_set_up_nothing_is_offered(office: Office):
    assert "รับแจ้งเรื่องที่เกี่ยวข้องกับท่าน" not in shown(office.open("usa", "account"))


def fail(account: int, fault: faults.NotSent | None, value: str = "a@b.example") -> None:
    with db.writing() as session:
        made = ChannelAddress(account_id=account, channel=Channel.mail, value=value, salt="x", proved_at=NOW)
        session.add(made)
        session.flush()
        facts = accounts.AddressFacts(made.id or 0, account, Channel.mail, value, NOW)
        reminder = Reminder(account, "x", "th", Channel.mail, facts, True, (), ("digest 2025-03-15",))
        sending = workflow.claim_reminder(session, reminder=reminder, at=NOW)
        assert sending is not None
        workflow.note_sending(session, sending_id=sending.id or 0, fault=fault, at=NOW)


def test_a_channel_that_fails_stands_on_people_with_since_when_and_why(office: Office):
    assert "ส่งไม่ออกตั้งแต่" not in shown(office.open("admin", "people"))
    fail(office.cast.usa, faults.ServerRefuses(status=554))
    said = shown(office.open("admin", "people"))
    assert "อีเมล: ส่งไม่ออกตั้งแต่ 15 มี.ค. 68 10:00 รวม 1 ข้อความ" in said
    assert "554" in said
    assert "a@b.example" not in said
    fail(office.cast.pattama, None)
    assert "ส่งไม่ออกตั้งแต่" not in shown(office.open("admin", "people"))


def test_a_channel_that_is_not_set_up_is_said_quietly_on_people_with_what_is_missing(office: Office, setting: Setting):
    def lines() -> list[str]:
        tester = office.open("admin", "people")
        assert "ยังไม่ได้ตั้งค่า" not in "".join(one.value for kind in (tester.error, tester.warning) for one in kind)
        return [one.value for one in tester.caption if "ยังไม่ได้ตั้งค่า" in one.value]

    setting(mail_host="127.0.0.1", line_token="t")
    [said] = lines()
    said = said.replace("\\", "")
    assert "อีเมล: ITA_MAIL_FROM ·" in said
    assert "(LINE): ITA_LINE_SECRET, ITA_LINE_ACCOUNT ·" in said
    assert "ITA_MAIL_HOST" not in said
    assert "ITA_LINE_TOKEN" not in said
    assert f"{people_channels.PLACE} หัวข้อ “{people_channels.CHAPTER}”" in said
    chapters = (ROOT / people_channels.PLACE).read_text(encoding="utf-8").splitlines()
    assert f"## {people_channels.CHAPTER}" in chapters
    setting(mail_from="ita@example.go.th", line_secret="s", line_account="@123abcde")
    assert lines() == []


def test_an_address_that_takes_nothing_is_named_to_the_administrator_and_told_to_its_owner(office: Office):
    fail(office.cast.usa, faults.AddressRefused())
    said = shown(office.open("admin", "people"))
    assert "ข้อความถึงบุคคลเหล่านี้ถูกตีกลับ" in said
    assert "อุษา มีนาม (อีเมล)" in said
    assert "a@b.example" not in said
    assert "ส่งถึงที่อยู่นี้ไม่ได้" in shown(office.open("usa", "account"))
    assert "ส่งถึงที่อยู่นี้ไม่ได้" not in shown(office.open("pattama", "account"))
    with db.reading() as session:
        assert len(session.exec(select(Sending)).all()) == 1


def test_the_address_that_is_replaced_is_told_so_and_not_by_which(
    mail_server: PostOffice, office: Office, usa: int, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(addresses, "BETWEEN", timedelta())
    tester = office.open("usa", "account")
    for address in ("usa@example.go.th", "thief@example.com"):
        ask(tester, address)
        digits = re.findall(r"\b\d{6}\b", str(mail_server.mails[-1].get_content()))[0]
        field(tester, "code-").set_value(digits)
        press(tester, "prove-")
    told = mail_server.mails[-1]
    assert "usa@example.go.th" in str(told["To"])
    assert "แจ้งผู้ดูแลระบบทันที" in str(told.get_content())
    assert "thief" not in str(told)
    assert len(mail_server.mails) == 3  # two codes, and one to the address of before
    with db.reading() as session:
        assert accounts.proved_mail(session, usa) == "thief@example.com"
    press(tester, "end-mail")  # first ended, then replaced: neither is unseen
    told = mail_server.mails[-1]
    assert len(mail_server.mails) == 4
    assert "thief@example.com" in str(told["To"])
    assert "แจ้งผู้ดูแลระบบทันที" in str(told.get_content())


@pytest.mark.usefixtures("usa")
def test_the_field_for_a_code_is_there_as_long_as_the_code_holds(mail_server: PostOffice, office: Office):
    def has_field(who: str) -> bool:
        return any(str(one.key).startswith("code-") for one in office.open(who, "account").text_input)

    ask(office.open("usa", "account"), "usa@example.go.th")
    assert len(mail_server.mails) == 1
    assert has_field("usa")  # on the telephone, after a look at the mail
    assert not has_field("pattama")
    tester = office.open("usa", "account")
    for _try in range(addresses.MOST_TRIES):
        field(tester, "code-").set_value("000000")
        press(tester, "prove-")
    assert not has_field("usa")


def test_the_administrator_sees_an_address_masked_and_ends_it(office: Office, usa: int):
    with db.writing() as session:
        session.add(
            ChannelAddress(account_id=usa, channel=Channel.mail, value="thief@example.com", salt="x", proved_at=NOW)
        )
    tester = office.open("admin", "people")
    assert "th…@example.com" in shown(tester)
    assert "thief@example.com" not in shown(tester)
    press(tester, "address-end-")
    assert "th…@example.com" not in shown(tester)
    with db.reading() as session:
        assert accounts.list_addresses(session, usa) == []
