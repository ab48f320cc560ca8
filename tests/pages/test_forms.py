"""Forms: a refusal leaves the page whole, says so at the form and keeps what was typed; no button says the opposite
of what it was pressed for."""

import re
from datetime import UTC, date, datetime

import bcrypt
import pytest
from sqlmodel import col, select
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import TextInput

from ita_core import accounts, db, language, queries, words, workflow
from ita_core.language import _
from ita_core.models import Account, AuditEntry, Filing, Invitation, Party, PartyKind, Publication, Role
from ita_core.web.gate import USER_KEY
from tests.cast import item_id, set_role
from tests.pages.conftest import SCRIPT, Office, shown
from tests.workflow.work import complete

NOW = datetime(2025, 3, 14, 3, 0, tzinfo=UTC)
BIDI = "\u202e"  # what no text may have
PASSWORD = "correct horse battery"
HASH = bcrypt.hashpw(PASSWORD.encode(), bcrypt.gensalt(4)).decode()
SHOWN = re.compile("ita_read_[A-Za-z0-9_-]{43}")


def press(tester: AppTest, label: str) -> None:
    next(button for button in tester.button if button.label == label).click().run()
    assert not tester.exception


def field(tester: AppTest, label: str):
    return next(one for one in [*tester.text_input, *tester.text_area] if one.label.startswith(label))


def explanation(tester: AppTest):
    return next(one for one in tester.text_area if one.label == "คำอธิบาย")


# --- a refusal leaves the page whole ---------------------------------------------------------------------------------


@pytest.fixture
def approved(office: Office) -> Office:
    """O10 complete and approved: ready to be published."""
    with db.writing() as session:
        of, mark = complete(session, office.cast)
        workflow.approve(session, by=office.cast.commander, item_id=of, fingerprint=mark, at=NOW)
    return office


@pytest.mark.parametrize("address", ["", "example.org", "ftp://example.org", "https://", f"https://example.org/{BIDI}"])
def test_publishing_at_a_refused_address_leaves_the_page_whole(approved: Office, address: str):
    tester = approved.open("itap", "item", item="O10")
    before = shown(tester)
    field(tester, "เผยแพร่ที่").set_value(address)
    press(tester, "บันทึกว่าเผยแพร่แล้ว")
    assert field(tester, "เผยแพร่ที่").value == address
    [said] = tester.error
    after = shown(tester)
    assert after.replace(f"{said.value}\n", "").count("\n") >= before.count("\n")
    for part in ("หลักฐาน", "ประวัติ", "องค์ประกอบที่ต้องแสดง"):
        assert after.count(part) >= before.count(part) > 0
    with db.reading() as session:
        assert session.exec(select(Publication)).all() == []


def test_filing_with_a_refused_address_keeps_the_explanation(approved: Office):
    with db.writing() as session:
        of = item_id(session, "O10")
        workflow.publish(session, by=approved.cast.itap, item_id=of, url="https://example.org/o10", at=NOW)
    tester = approved.open("itap", "item", item="O10")
    assert field(tester, "ลงระบบ ITAP ด้วยลิงก์").value == "https://example.org/o10"
    field(tester, "ลงระบบ ITAP ด้วยลิงก์").set_value("o10")
    explanation(tester).set_value("เผยแพร่ครบถ้วน")
    press(tester, "บันทึกว่าลงระบบแล้ว")
    assert len(tester.error) == 1
    assert (field(tester, "ลงระบบ ITAP ด้วยลิงก์").value, explanation(tester).value) == ("o10", "เผยแพร่ครบถ้วน")
    assert "ประวัติ" in shown(tester)
    with db.reading() as session:
        assert session.exec(select(Filing)).all() == []


def test_what_was_pressed_to_publish_does_not_file(approved: Office):
    """A second press of the form that was drawn for publishing comes when there is none any more."""
    tester = approved.open("itap", "item", item="O10")
    field(tester, "เผยแพร่ที่").set_value("https://example.org/o10")
    stale = next(button for button in tester.button if button.label == "บันทึกว่าเผยแพร่แล้ว")
    stale.click().run()
    stale.click().run()
    assert not tester.exception
    with db.reading() as session:
        assert len(session.exec(select(Publication)).all()) == 1
        assert session.exec(select(Filing)).all() == []


def test_a_refused_name_is_said_at_its_form_and_the_rest_of_the_page_stays(office: Office):
    tester = office.open("admin", "people")
    labels = [one.label for one in tester.button]
    form = next(one.form_id for one in tester.button if one.label == "ยืนยันชื่อนี้")
    name = next(one for one in tester.text_input if one.form_id == form and one.label == "ชื่อ")
    name.set_value(f"x{BIDI}")
    next(one for one in tester.button if one.form_id == form).click().run()
    assert not tester.exception
    assert len(tester.error) == 1
    assert [one.label for one in tester.button] == labels
    assert next(one for one in tester.text_input if one.form_id == form and one.label == "ชื่อ").value == f"x{BIDI}"


def test_an_invitation_for_nobody_says_what_to_do_and_keeps_the_role(office: Office):
    tester = office.open("admin", "people")
    role = next(one for one in tester.selectbox if one.label == "บทบาทของบัญชีใหม่")
    role.select_index(0)
    press(tester, "สร้างลิงก์คำเชิญ")
    assert "โปรดเลือกเจ้าหน้าที่ที่จะเชิญอย่างน้อยหนึ่งราย" in shown(tester)
    assert "?invite=" not in shown(tester)
    assert next(one for one in tester.selectbox if one.label == "บทบาทของบัญชีใหม่").index == 0


def test_an_invitation_that_is_refused_keeps_who_was_chosen(office: Office):
    """Another administrator shut the account meanwhile: no link for it."""
    tester = office.open("admin", "people")
    box = tester.multiselect[0]
    chosen = next(option for option in box.options if "อุษา" in option)
    box.select(chosen)
    with db.writing() as session:
        session.get_one(Account, office.cast.usa).disabled = True
    labels = {one.label for one in tester.button}
    press(tester, "สร้างลิงก์คำเชิญ")
    assert len(tester.error) == 1
    assert tester.multiselect[0].value
    assert {one.label for one in tester.button} >= labels - {"เสร็จแล้ว ซ่อนลิงก์"}
    with db.reading() as session:
        assert session.exec(select(Invitation)).all() == []


def test_two_passwords_that_differ_stay_typed(office: Office):
    tester = office.open("usa", "account")
    typed = ["เก่า 1234 ยาวพอ", "ใหม่ 5678 ยาวพอ", "ใหม่ 9999 ยาวพอ"]
    for one, text in zip(passwords(tester), typed, strict=True):
        one.set_value(text)
    press(tester, "เปลี่ยน")
    assert len(tester.error) == 1
    assert [one.value for one in passwords(tester)] == typed


def passwords(tester: AppTest) -> list[TextInput]:
    return [one for one in tester.text_input if one.form_id == "password"]


def test_a_password_that_was_changed_leaves_empty_fields(office: Office):
    old, new = "เก่า 1234 ยาวพอ", "กล้วยตาก ภูเขาไฟ รถราง"
    hashed = accounts.hash_password(old)
    with db.writing() as session:
        session.get_one(Account, office.cast.usa).password_hash = hashed
    tester = office.open("usa", "account")
    for one, text in zip(passwords(tester), [old, new, new], strict=True):
        one.set_value(text)
    press(tester, "เปลี่ยน")
    assert not tester.error
    assert len(tester.success) == 1
    assert [one.value for one in passwords(tester)] == ["", "", ""]


def test_a_directive_to_nobody_is_refused_at_its_form(office: Office):
    tester = office.open("commander", "directives")
    tester.text_area(key="directive-text").set_value("เร่งรัด")
    tester.button(key="directive-give").click().run()
    assert not tester.exception
    assert len(tester.error) == 1
    assert tester.expander[0].error  # in the form, not at the head of the page
    assert tester.text_area(key="directive-text").value == "เร่งรัด"


def test_markdown_in_a_name_stays_text_on_the_page_of_an_invitation(office: Office):
    with db.writing() as session:
        by, now = session.get_one(Account, office.cast.admin), datetime.now(UTC)
        made = accounts.create_account(
            session,
            office_id=queries.get_assessment(session).office_id,
            by=by,
            name="[x](https://evil) *y*",
            role=Role.viewer,
            now=now,
        )
        token = accounts.invite(session, by=by, account_id=made.id or 0, now=now)
    tester = AppTest.from_file(SCRIPT, default_timeout=60)
    tester.user = {}
    tester.query_params["invite"] = token
    tester.run()
    assert "[x](https://evil) *y*" in shown(tester)
    assert not any("](" in one.value or " *y" in one.value for one in tester.header)


# --- no button changes its meaning -----------------------------------------------------------------------------------


def states(account_id: int) -> tuple[bool, list[str]]:
    with db.reading() as session:
        acts = select(AuditEntry.action).where(
            AuditEntry.subject == f"account {account_id}",
            col(AuditEntry.action).in_(["account.disable", "account.enable"]),
        )
        return session.get_one(Account, account_id).disabled, list(session.exec(acts))


def save(tester: AppTest, account_id: int):
    return next(one for one in tester.button if one.form_id == f"account-{account_id}")


def test_disabling_twice_leaves_the_account_disabled(office: Office):
    """Saved twice: as drawn at first, and as drawn after the first."""
    usa = office.cast.usa
    tester = office.open("admin", "people")
    tester.radio(key=f"disabled-{usa}-False").set_value(True)
    stale = save(tester, usa)
    stale.click().run()
    assert states(usa) == (True, ["account.disable"])
    stale.click().run()
    save(tester, usa).click().run()
    assert not tester.exception
    assert states(usa) == (True, ["account.disable"])
    tester.radio(key=f"disabled-{usa}-True").set_value(False)
    save(tester, usa).click().run()
    assert states(usa) == (False, ["account.disable", "account.enable"])


def test_what_another_administrator_did_meanwhile_is_not_undone_by_a_page_drawn_before(office: Office):
    usa = office.cast.usa
    tester = office.open("admin", "people")
    with db.writing() as session:
        accounts.disable(session, by=session.get_one(Account, office.cast.admin), account_id=usa, now=NOW)
    save(tester, usa).click().run()
    assert states(usa) == (True, ["account.disable"])


def test_the_last_administrators_refusal_stands_in_the_list_and_the_page_stays(office: Office):
    with db.writing() as session:
        account = session.get_one(Account, office.cast.commander)
        set_role(session, office.cast.commander, Role.admin)
        session.get_one(Account, office.cast.admin).password_hash = None
        account.password_hash = "x"
        session.flush()
    tester = office.open("admin", "people")
    tester.radio(key=f"disabled-{office.cast.commander}-False").set_value(True)
    save(tester, office.cast.commander).click().run()
    assert not tester.exception
    assert len(tester.error) == 1
    assert save(tester, office.cast.usa)
    assert states(office.cast.commander) == (False, [])


def test_opening_a_directive_again_asks_first(office: Office):
    with db.writing() as session:
        party = session.exec(select(Party.id).where(Party.kind == PartyKind.officer)).first()
        made = workflow.direct(
            session, by=office.cast.commander, assessment_id=queries.get_assessment(session).id, text="เร่งรัด",
            party_ids=[party or 0], due=date(2025, 3, 20), at=NOW,
        )  # fmt: skip
    tester = office.open("commander", "directives")
    with language.speaking("th"):
        assert [says for says in words.DIRECTIVE_MEANINGS.values() if _(says) not in shown(tester)] == []
    stale = tester.button(key=f"done-{made}")
    stale.click().run()
    assert f"done-{made}" not in {one.key for one in tester.button}
    assert tester.button(key=f"reopened-{made}").label == "ใช่ เปิดใหม่"
    stale.click().run()
    assert not tester.exception
    assert "เปิดใหม่" not in "".join(one.proto.body for one in tester.get("html") if "ita-directive" in one.proto.body)


def test_the_box_of_a_directive_stays_open_when_its_text_is_emptied_to_be_written_anew(office: Office):
    tester = office.open("commander", "directives")

    def opened() -> bool:
        return next(one for one in tester.expander if "ข้อสั่งการ" in one.label).proto.expanded

    assert not opened()
    tester.text_area(key="directive-text").set_value("ตรวจทาน").run()
    assert opened()
    tester.text_area(key="directive-text").set_value("").run()
    assert opened()


@pytest.fixture
def usa(office: Office) -> int:
    with db.writing() as session:
        account = session.get_one(Account, office.cast.usa)
        account.username, account.password_hash = "usa", HASH
        session.add(account)
    return office.cast.usa


def test_neither_a_token_nor_a_calendar_s_address_is_made_without_the_password(office: Office, usa: int):
    """What is made outlasts the sign-in: somebody else at the open screen would take it along."""
    tester = office.open("usa", "account")
    tester.text_input(key="token-name-0").set_value("รายงานของจังหวัด")
    press(tester, "สร้างโทเคน")
    tester.text_input(key="token-password-0").set_value("wrong")
    press(tester, "สร้างโทเคน")
    assert "รหัสผ่านไม่ถูกต้อง" in shown(tester)
    tester.text_input(key="calendar-password-0").set_value("wrong")
    press(tester, "สร้างที่อยู่ส่วนตัว")
    with db.reading() as session:
        assert accounts.list_tokens(session, usa, datetime.now(UTC)) == []
    tester.text_input(key="calendar-password-0").set_value(PASSWORD)
    press(tester, "สร้างที่อยู่ส่วนตัว")
    with db.reading() as session:
        assert len(accounts.list_tokens(session, usa, datetime.now(UTC))) == 1


def test_a_token_is_shown_until_it_is_hidden_and_ended_by_a_second_press(office: Office, usa: int):
    del usa
    tester = office.open("usa", "account")
    tester.text_input(key="token-name-0").set_value("รายงานของจังหวัด")
    tester.text_input(key="token-password-0").set_value(PASSWORD)
    press(tester, "สร้างโทเคน")
    assert not tester.exception
    assert SHOWN.search(shown(tester)) is not None
    tester.button(key="hide-token").click().run()
    assert SHOWN.search(shown(tester)) is None
    assert [one.value for one in tester.text if one.value.startswith("รายงานของจังหวัด")]
    with db.reading() as session:
        [held] = accounts.list_tokens(session, office.cast.usa, datetime.now(UTC))
    tester.button(key=f"token-end-{held.id}").click().run()
    with db.reading() as session:
        assert accounts.list_tokens(session, office.cast.usa, datetime.now(UTC)) == []


@pytest.mark.parametrize("how", ["ended here", "the second step"])
def test_what_was_made_is_not_offered_any_more_once_it_has_ended(office: Office, usa: int, how: str):
    """Neither by its own press, nor by what ends all of them."""
    tester = office.open("usa", "account")
    tester.text_input(key="token-name-0").set_value("รายงานของจังหวัด")
    tester.text_input(key="token-password-0").set_value(PASSWORD)
    press(tester, "สร้างโทเคน")
    tester.text_input(key="calendar-password-0").set_value(PASSWORD)
    press(tester, "สร้างที่อยู่ส่วนตัว")
    said = shown(tester)
    assert SHOWN.search(said) is not None
    assert said.count("โปรดคัดลอกไปใช้") == 2
    with db.reading() as session:
        held = [one.id for one in accounts.list_tokens(session, usa, datetime.now(UTC))]
    if how == "ended here":
        for one in held:
            tester.button(key=f"token-end-{one}").click().run()
    else:
        now = datetime.now(UTC)
        with db.writing() as session:
            accounts.shut_out(session, now, usa, str(tester.user[USER_KEY]))
        tester.run()
    assert not tester.exception
    assert SHOWN.search(shown(tester)) is None
    assert "โปรดคัดลอกไปใช้" not in shown(tester)
    assert "/calendar/" not in shown(tester)


def test_a_token_without_a_name_is_refused_at_its_form(office: Office, usa: int):
    del usa
    tester = office.open("usa", "account")
    tester.text_input(key="token-password-0").set_value(PASSWORD)
    press(tester, "สร้างโทเคน")
    assert len(tester.error) == 1
    with db.reading() as session:
        assert accounts.list_tokens(session, office.cast.usa, datetime.now(UTC)) == []
