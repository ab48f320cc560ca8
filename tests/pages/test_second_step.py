"""The second step on the pages: set up with the password and a code, asked for at the door, demanded of roles."""

import re
from datetime import UTC, datetime, timedelta

import bcrypt
import pyotp
import pytest
from sqlmodel import select
from streamlit.testing.v1 import AppTest

from ita_core import accounts, db
from ita_core.models import Account, FactorRule, RecoveryCode, Role, SecondFactor, SignInFailure
from ita_core.settings import settings
from ita_core.web import resets
from ita_core.web.gate import USER_KEY
from pages.parts import second_step
from tests.cast import office as office_of
from tests.pages.conftest import SCRIPT, Office, shown

PASSWORD = "correct horse battery"
# Hashed quickly: what is compared here is not how long that takes.
HASH = bcrypt.hashpw(PASSWORD.encode(), bcrypt.gensalt(4)).decode()
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture
def usa(office: Office) -> int:
    with db.writing() as session:
        session.get_one(Account, office.cast.usa).password_hash = HASH
        session.get_one(Account, office.cast.usa).username = "usa"
    return office.cast.usa


def press(tester: AppTest, start: str) -> AppTest:
    next(one for one in tester.button if str(one.key).startswith(start)).click().run()
    assert not tester.exception
    return tester


def fill(tester: AppTest, start: str, text: str) -> None:
    next(one for one in tester.text_input if str(one.key).startswith(start)).set_value(text)


def enrolled(account_id: int) -> list[str]:
    """Set up some minutes ago."""
    before = datetime.now(UTC) - timedelta(minutes=5)
    with db.writing() as session:
        account = session.get_one(Account, account_id)
        compared = accounts.Credential(account_id, account.password_hash or "")
        typed = pyotp.TOTP(SECRET).at(before)
        return accounts.enrol(session, account=account, compared=compared, secret=SECRET, typed=typed, now=before)


def count(table: type[SecondFactor] | type[RecoveryCode] | type[FactorRule]) -> int:
    with db.reading() as session:
        return len(session.exec(select(table)).all())


def door(**query: str) -> AppTest:
    tester = AppTest.from_file(SCRIPT, default_timeout=60)
    tester.user = {USER_KEY: "anonymous-x"}
    for name, value in query.items():
        tester.query_params[name] = value
    return tester.run()


def sign_in(tester: AppTest) -> AppTest:
    tester.text_input[0].set_value("usa")
    tester.text_input[1].set_value(PASSWORD)
    return press(tester, "FormSubmitter:Login")


def test_the_password_is_asked_for_before_anything_of_the_second_step(office: Office, usa: int):
    tester = office.open("usa", "account")
    fill(tester, "second-step-password", "wrong password")
    press(tester, "second-step-begin")
    assert len(tester.error) == 1
    assert 'class="ita-factor"' not in shown(tester)
    enrolled(usa)
    tester = office.open("usa", "account")
    for choice in ("codes", "anew", "off"):
        next(one for one in tester.radio if str(one.key).startswith("second-step-what")).set_value(choice)
        fill(tester, "second-step-password", "wrong password")
        press(tester, "second-step-change")
        assert len(tester.error) == 1
    assert (count(SecondFactor), count(RecoveryCode)) == (1, 10)
    assert 'class="ita-factor"' not in shown(tester)


@pytest.mark.parametrize("wanted", ["codes", "anew", "off"])
def test_what_is_there_is_changed_only_with_a_code_of_it_or_a_recovery_code(office: Office, usa: int, wanted: str):
    codes = enrolled(usa)
    tester = office.open("usa", "account")
    for typed in ("", "000000", "AAAA-AAAA-AAAA-AAAA", codes[0]):
        assert 'class="ita-factor"' not in shown(tester)
        assert not tester.success
        assert count(SecondFactor) == 1
        next(one for one in tester.radio if str(one.key).startswith("second-step-what")).set_value(wanted)
        fill(tester, "second-step-password", PASSWORD)
        fill(tester, "second-step-own", typed)
        press(tester, "second-step-change")
        assert len(tester.error) == (typed != codes[0])
    if wanted == "codes":
        assert len(set(re.findall(r"<code>([A-Z2-7-]{19})</code>", shown(tester)))) == 10
        assert "เปิดใช้การยืนยันขั้นที่สองแล้ว" not in shown(tester)
    elif wanted == "anew":
        groups = re.search(r"<code>([A-Z2-7 ]+)</code>", shown(tester))
        assert groups
        fill(tester, "second-step-code", pyotp.TOTP(groups[1].replace(" ", "")).now())
        press(tester, "second-step-confirm")
        assert not tester.error
        assert "เปิดใช้การยืนยันขั้นที่สองแล้ว" in shown(tester)
    else:
        assert count(SecondFactor) == 0
        assert [one.value for one in tester.success if "เลิกใช้การยืนยันขั้นที่สองแล้ว" in one.value]
        assert tester.session_state["part-second-step"]


def test_it_is_set_up_with_password_and_code_and_the_recovery_codes_are_shown_once(office: Office, usa: int):
    tester = office.open("usa", "account")
    fill(tester, "second-step-password", PASSWORD)
    press(tester, "second-step-begin")
    groups = re.search(r"<code>([A-Z2-7 ]+)</code>", shown(tester))
    assert groups
    secret = groups[1].replace(" ", "")
    fill(tester, "second-step-code", "000000")
    press(tester, "second-step-confirm")
    assert len(tester.error) == 1
    assert count(SecondFactor) == 0
    fill(tester, "second-step-code", pyotp.TOTP(secret).now())
    press(tester, "second-step-confirm")
    codes = re.findall(r"<code>([A-Z2-7-]{19})</code>", shown(tester))
    assert len(set(codes)) == 10
    assert secret not in shown(tester)
    press(tester, "second-step-done")
    assert codes[0] not in shown(tester)
    assert "รหัสกู้คืนเหลือ 10 จาก 10 รหัส" in shown(tester)
    assert count(RecoveryCode) == 10


def test_at_the_door_the_code_is_asked_for_after_the_password_and_only_then_there_is_a_ticket(office: Office, usa: int):
    codes = enrolled(usa)
    tester = sign_in(door())
    assert "ita_ticket" not in tester.session_state
    assert "พิมพ์เลขหกหลักที่แอป" in shown(tester)
    tester.text_input[0].set_value("000000")
    press(tester, "FormSubmitter:second-step")
    assert "ita_ticket" not in tester.session_state
    assert "รหัสไม่ถูกต้อง" in shown(tester)
    tester.text_input[0].set_value(codes[0])
    press(tester, "FormSubmitter:second-step")
    assert "ita_ticket" in tester.session_state
    with db.reading() as session:
        ticket = tester.session_state["ita_ticket"]
        accounts.check_ticket(session, ticket=ticket, now=datetime.now(UTC))


def test_one_may_go_back_to_the_password(office: Office, usa: int):
    enrolled(usa)
    tester = sign_in(door())
    next(one for one in tester.button if one.label == "กลับไปหน้าเข้าสู่ระบบ").click().run()
    assert [one.label for one in tester.text_input][:2] == ["ชื่อผู้ใช้", "รหัสผ่าน"]


def test_a_new_password_by_a_link_still_wants_the_code(office: Office, usa: int):
    codes = enrolled(usa)
    with db.writing() as session:
        token = accounts.invite(session, by=None, account_id=usa, now=datetime.now(UTC))
    tester = door(invite=token)
    for one in tester.text_input[1:3]:
        one.set_value("กล้วยตาก ภูเขาไฟ รถราง")
    press(tester, "FormSubmitter:join")
    assert "ita_ticket" not in tester.session_state
    tester.text_input[0].set_value(codes[0])
    press(tester, "FormSubmitter:second-step")
    assert "ita_ticket" in tester.session_state


def test_whoever_must_set_it_up_sees_nothing_else_at_any_address(office: Office, usa: int):
    with db.writing() as session:
        wanted = frozenset({Role.officer})
        accounts.demand(session, by=None, office_id=office_of(session), roles=wanted, now=datetime.now(UTC))
    for page in ("overview", "my_work", "evidence", "account", "people"):
        tester = AppTest.from_file(SCRIPT, default_timeout=60)
        tester.user = {USER_KEY: office.sign_in(usa)}
        tester.run()
        assert "บทบาทของท่านต้องมีการยืนยันขั้นที่สอง" in shown(tester), page
        assert 'class="ita-trail"' not in shown(tester)
    fill(tester, "second-step-password", PASSWORD)
    press(tester, "second-step-begin")
    groups = re.search(r"<code>([A-Z2-7 ]+)</code>", shown(tester))
    assert groups
    fill(tester, "second-step-code", pyotp.TOTP(groups[1].replace(" ", "")).now())
    press(tester, "second-step-confirm")
    assert "รหัสกู้คืนสำหรับระบบ ITA" in shown(tester)  # before anything else
    assert 'class="ita-trail"' not in shown(tester)
    press(tester, "second-step-done")
    assert 'class="ita-trail"' in shown(tester)


def test_whom_only_the_provider_lets_in_is_told_how_to_get_a_password_and_counts_as_no_wrong_try(office: Office):
    """What would be asked of them for a second step is a password, and they have none."""
    with db.writing() as session:
        account = session.get_one(Account, office.cast.usa)
        account.username, account.password_hash, account.provider_name = None, None, "usa.m"
        session.add(account)
        accounts.demand(
            session, by=None, office_id=office_of(session), roles=frozenset({Role.officer}), now=datetime.now(UTC)
        )
    assert "อุษา มีนาม" in said_lacking(office)
    key = office.sign_in(office.cast.usa)
    tester = AppTest.from_file(SCRIPT, default_timeout=60)
    tester.user = {USER_KEY: key}
    tester.run()
    assert "โปรดขอใบเชิญจากผู้ดูแลระบบ ออกจากระบบ แล้วเปิดลิงก์ในใบเชิญ" in shown(tester)
    assert not tester.text_input
    with db.writing() as session:
        token = accounts.invite(session, by=None, account_id=office.cast.usa, now=datetime.now(UTC))
    tester.query_params["invite"] = token  # without signing out, too
    tester.run()
    tester.text_input[0].set_value("usa")
    for one in tester.text_input[1:3]:
        one.set_value("กล้วยตาก ภูเขาไฟ รถราง")
    press(tester, "FormSubmitter:join")
    assert "ita_ticket" in tester.session_state


def said_lacking(office: Office) -> str:
    """Who stands on People as having no second step yet."""
    return " ".join(re.findall(r"(?s)<p>ยังไม่มีการยืนยันขั้นที่สอง.*?</ul>", shown(office.open("admin", "people"))))


def test_a_token_is_refused_to_whom_no_password_was_given(office: Office):
    with db.writing() as session:
        account = session.get_one(Account, office.cast.usa)
        account.username, account.password_hash, account.provider_name = None, None, "usa.m"
        session.add(account)
    tester = office.open("usa", "account")
    next(one for one in tester.text_input if one.key == "token-name-0").set_value("n")
    next(one for one in tester.text_input if one.key == "token-password-0").set_value("x")
    next(one for one in tester.button if one.label == "สร้างโทเคน").click().run()
    assert "ส่วนนี้ต้องใช้รหัสผ่าน" in shown(tester)
    with db.reading() as session:
        assert session.exec(select(SignInFailure)).all() == []


def test_an_administrator_gives_themselves_a_name_at_the_provider_only_with_their_password(
    office: Office, monkeypatch: pytest.MonkeyPatch
):
    """It lets somebody in as them ever after: an open screen must not be enough for it."""
    for name, value in {"OIDC_ISSUER": "https://provider.example", "OIDC_CLIENT_ID": "ita", "OIDC_CLIENT_SECRET": "s",
                        "PUBLIC_URL": "https://ita.example"}.items():  # fmt: skip
        monkeypatch.setenv(f"ITA_{name}", value)
    settings.cache_clear()
    admin = office.cast.admin
    with db.writing() as session:
        session.get_one(Account, admin).password_hash = HASH
        session.get_one(Account, admin).username = "admin"
    for typed, kept in (("", None), ("wrong", None), (PASSWORD, "chief")):
        tester = office.open("admin", "people")
        fill(tester, f"provider-name-{admin}-", "chief")
        fill(tester, f"provider-password-{admin}", typed)
        press(tester, f"provider-save-{admin}")
        with db.reading() as session:
            assert session.get_one(Account, admin).provider_name == kept
    assert "โทเคน ที่อยู่ปฏิทิน และใบตั้งรหัสผ่านใหม่จะสิ้นสุด" in shown(tester)


def test_the_administrator_demands_it_of_roles_and_takes_a_lost_one_away(office: Office, usa: int):
    enrolled(usa)
    tester = office.open("admin", "people")
    assert "บทบาทใดต้องมีการยืนยันขั้นที่สอง" in [one.value for one in tester.header]
    assert 'href="/account?part=second-step"' in shown(tester)  # one's own first: said before anything is refused
    assert [one.label for one in tester.checkbox if str(one.key).startswith("demand-officer")] == [
        "เจ้าหน้าที่ (มีแล้ว 1 จาก 1 คน)"
    ]
    box = next(one for one in tester.checkbox if str(one.key).startswith("demand-officer"))
    box.check()
    press(tester, "demand-save")
    assert len(tester.error) == 1  # one's own first
    assert count(FactorRule) == 0
    with db.writing() as session:
        session.get_one(Account, office.cast.admin).password_hash = HASH
    enrolled(office.cast.admin)
    tester = office.open("admin", "people")
    assert 'href="/account?part=second-step"' not in shown(tester)
    next(one for one in tester.checkbox if str(one.key).startswith("demand-officer")).check()
    press(tester, "demand-save")
    assert count(FactorRule) == 1
    press(tester, f"factor-take-{usa}")
    assert count(SecondFactor) == 2  # without the tick nothing is done
    next(one for one in tester.checkbox if one.key == f"factor-sure-{usa}").check()
    press(tester, f"factor-take-{usa}")
    assert count(SecondFactor) == 1


def test_the_page_says_the_same_whoever_is_asked_for(office: Office, usa: int, monkeypatch: pytest.MonkeyPatch):
    asked: list[str] = []
    monkeypatch.setattr(resets, "ask", lambda who, _address: asked.append(who))
    assert "ลืมรหัสผ่าน?" not in [one.label for one in door().expander]  # no mail from here: who helps is said instead
    assert "ลืมรหัสผ่าน" in shown(door())
    monkeypatch.setattr(resets, "are_sent", lambda: True)
    said = set()
    for who in ("usa", "nobody-here", "usa@example.go.th"):
        tester = door()
        tester.text_input[2].set_value(who)
        press(tester, "FormSubmitter:forgotten")
        said.add(shown(tester))
    assert len(said) == 1
    assert "หากมีบัญชีนี้" in said.pop()
    assert asked == ["usa", "nobody-here", "usa@example.go.th"]


def test_a_made_up_half_of_a_sign_in_does_not_take_the_write_lock(office: Office, monkeypatch: pytest.MonkeyPatch):
    del office

    def nobody_writes() -> None:
        raise AssertionError("the write lock was taken")

    monkeypatch.setattr(db, "writing", nobody_writes)
    with pytest.raises(accounts.TicketOver):
        second_step.check("x" * 43, "123456")


def test_whom_the_provider_asked_for_a_second_step_is_not_said_to_lack_one(office: Office, usa: int):
    now = datetime.now(UTC)
    office.sign_in(usa)
    assert "อุษา มีนาม" in said_lacking(office)
    with db.writing() as session:
        ticket = accounts.issue_ticket(session, account_id=usa, now=now, by_two=True)
        accounts.enter(session, ticket=ticket, address="127.0.0.1", now=now, hours=1)
    assert "อุษา มีนาม" not in said_lacking(office)
    office.sign_in(usa)  # by the password alone
    assert "อุษา มีนาม" in said_lacking(office)
