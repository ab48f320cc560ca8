"""The people of the office, for the administrator."""

from streamlit.testing.v1 import AppTest

from ita_core import db, queries
from ita_core.models import AuditEntry, Role
from ita_core.queries import AccountFacts
from tests.pages.conftest import Office, shown


def press(tester: AppTest, key: str) -> None:
    next(one for one in tester.button if one.key == key).click().run()
    assert not tester.exception


def account(office: Office, wanted: int | str) -> AccountFacts:
    """By its id or its name."""
    with db.reading(office.engine) as session:
        listed = queries.list_accounts(session, queries.get_assessment(session).office_id)
    return next(one for one in listed if wanted in {one.id, one.name})


def last_entry(office: Office) -> AuditEntry:
    with db.reading(office.engine) as session:
        return queries.list_audit_entries(session)[-1]


def test_people_is_for_the_administrator(office: Office):
    assert "รายการนี้ไม่อยู่ในหน้าที่ของท่าน" in shown(office.open("commander", "people"))
    assert "ชื่อที่ต้องยืนยัน" in "".join(tab.label for tab in office.open("admin", "people").tabs)


def test_the_administrator_invites_an_officer_and_the_link_is_shown_once(office: Office):
    tester = office.open("admin", "people")
    officer = next(option for option in tester.multiselect[0].options if "สุภวรรณ" in option)
    tester.multiselect[0].select(officer)
    next(button for button in tester.button if button.label == "สร้างลิงก์คำเชิญ").click().run()
    assert not tester.exception
    assert "?invite=" in shown(tester)
    assert "สุภวรรณ" in shown(tester)
    assert "?invite=" not in shown(office.open("admin", "people"))


def test_a_role_and_who_enters_itap_are_changed_and_the_record_names_who_did_it(office: Office):
    usa = office.cast.usa
    tester = office.open("admin", "people")
    role = next(one for one in tester.selectbox if str(one.key).startswith(f"role-is-{usa}-"))
    role.set_value(Role.viewer)
    next(one for one in tester.checkbox if str(one.key).startswith(f"role-itap-{usa}-")).check()
    press(tester, f"role-save-{usa}")
    now = account(office, usa)
    assert (now.role, now.keeps_itap) == ("viewer", True)
    entry = last_entry(office)
    assert (entry.action, entry.subject) == ("account.change_role", f"account {usa}")
    assert entry.account_id == office.cast.admin


def test_an_administrator_finds_nothing_to_change_of_themselves(office: Office):
    tester = office.open("admin", "people")
    keys = {str(one.key) for one in tester.button}
    assert f"role-save-{office.cast.usa}" in keys
    assert not {f"role-save-{office.cast.admin}", f"slip-{office.cast.admin}"} & keys


def test_somebody_outside_the_plan_is_invited_with_a_role(office: Office):
    tester = office.open("admin", "people")
    press(tester, "outsider-make-0")
    assert "โปรด" in shown(tester)  # a name is wanted
    next(one for one in tester.text_input if one.key == "outsider-name-0").set_value("นางสาวสังเกต การณ์ดี")
    press(tester, "outsider-make-0")
    assert "?invite=" in shown(tester)
    made = account(office, "นางสาวสังเกต การณ์ดี")
    assert (made.role, made.person_id, made.joined) == ("viewer", None, False)
    # The button of before is another now: a second click on it makes no second account.
    assert "outsider-make-0" not in {one.key for one in tester.button}


def test_whoever_forgot_the_password_gets_a_slip_with_the_user_name(office: Office):
    usa = account(office, office.cast.usa)
    tester = office.open("admin", "people")
    press(tester, f"slip-{usa.id}")
    assert "?invite=" in shown(tester)
    assert f"ชื่อผู้ใช้: {usa.username}" in shown(tester)
    assert last_entry(office).action == "account.invite"


def test_a_name_that_was_confirmed_stays_where_it_was_and_can_be_confirmed_anew(office: Office):
    tester = office.open("admin", "people")
    before = [one.key for one in tester.button if str(one.key).startswith("confirm-")]
    tabs = [one.label for one in tester.tabs]
    first = str(before[0]).removeprefix("confirm-")
    for name in ("ชื่อ ที่หนึ่ง", "ชื่อ ที่สอง"):
        next(one for one in tester.text_input if one.key == f"name-name-{first}").set_value(name)
        press(tester, f"confirm-{first}")
        assert [one.key for one in tester.button if str(one.key).startswith("confirm-")] == before
        assert [one.label for one in tester.tabs] == tabs
        with db.reading(office.engine) as session:
            party = queries.get_history(session, queries.get_assessment(session).id).now.parties[int(first)]
        assert (party.name, party.confirm) == (name, False)
    assert "ยืนยันแล้ว" in shown(tester)


def test_a_name_that_nobody_doubted_is_corrected_too(office: Office):
    tester = office.open("admin", "people")
    with db.reading(office.engine) as session:
        people = queries.get_history(session, queries.get_assessment(session).id).now.parties.values()
    sure = next(one for one in people if one.person_id and not one.confirm)
    next(one for one in tester.selectbox if one.key == "name-corrected").set_value(sure.id).run()
    next(one for one in tester.text_input if one.key == f"name-name-{sure.id}").set_value("ชื่อ แก้แล้ว")
    press(tester, f"confirm-{sure.id}")
    assert "ชื่อ แก้แล้ว" in shown(tester) + str([one.value for one in tester.text_input])
