"""The list of stakeholders on the page: how many, for everybody; who, for whoever keeps it and presses."""

from datetime import date, datetime, timedelta

import pytest
from sqlmodel import select
from streamlit.testing.v1 import AppTest

from ita_core import db, settings
from ita_core.models import AuditEntry, Role, StakeholderPeople
from tests.cast import set_role
from tests.pages.conftest import Office, shown
from tests.workflow.stakeholders import MARKS, NOW, begin, bring

MAY = ["commander", "itap"]
OPEN, DELETE = "stakeholders-open", "stakeholders-delete-1"  # of the first list


def listed(office: Office, at: datetime = NOW) -> None:
    begin(office.cast.commander)
    bring(office.cast.commander, at=at)


def everything(tester: AppTest) -> str:
    """All that the page was sent, and all that the session keeps."""
    return shown(tester) + str(tester.main) + str(tester.session_state)


def names(tester: AppTest) -> list[str]:
    return [mark for mark in MARKS if mark in everything(tester)]


def buttons(tester: AppTest) -> set[str]:
    keys = {str(one.key) for one in tester.button if str(one.key).startswith("stakeholders")}
    return keys | {one.form_id for one in tester.button if one.form_id.startswith("stakeholders")}


def acts() -> list[str]:
    with db.reading() as session:
        every = session.exec(select(AuditEntry.action).order_by(AuditEntry.number)).all()
    return [one for one in every if one.startswith("stakeholders.")]


@pytest.mark.parametrize("who", ["usa", "khanittha", "piyaporn", "viewer", "admin", *MAY])
def test_everybody_sees_how_many_of_which_kind_and_nobody_a_name(office: Office, who: str):
    listed(office)
    tester = office.open(who, "campaigns")
    text = shown(tester)
    assert "ผู้รับบริการ 1 · ผู้ประกอบการ 1" in text
    assert "30 ก.ค. 68" in text
    assert names(tester) == []
    may = who in MAY
    assert ("/stakeholders/prachuap-2568.xlsx" in text) is may
    assert ("หัวตารางและลำดับคอลัมน์จึงเป็นการสันนิษฐาน" in text) is may
    assert buttons(tester) == ({OPEN, DELETE} if may else set())
    assert acts() == ["stakeholders.import"]


@pytest.mark.parametrize("who", MAY)
def test_a_press_opens_it_is_noted_and_the_next_one_shuts_it(office: Office, who: str):
    listed(office)
    tester = office.open(who, "campaigns")
    tester.button(key=OPEN).click().run()
    assert set(names(tester)) == set(MARKS)
    assert not [mark for mark in MARKS if mark in str(tester.session_state)]
    assert acts() == ["stakeholders.import", "stakeholders.open"]
    tester.run()
    assert names(tester) == []
    assert acts() == ["stakeholders.import", "stakeholders.open"]


def test_an_opened_list_shows_the_first_ones_and_how_many_more_there_are(office: Office):
    begin(office.cast.commander)
    person = {"organisation": "", "kind": "อื่น ๆ", "email": ""}
    bring(office.cast.commander, [{"name": f"ก{n}", "phone": f"02000{n:04}", **person} for n in range(205)])
    tester = office.open("commander", "campaigns")
    tester.button(key=OPEN).click().run()
    assert "020000199" in shown(tester)
    assert "020000200" not in shown(tester)
    assert "และอีก 5" in shown(tester)


def test_html_in_a_name_is_text(office: Office):
    begin(office.cast.commander)
    bring(office.cast.commander, [{"name": "<b>ลับ</b>", "organisation": "", "kind": "อื่น ๆ", "phone": "020000001"}])
    tester = office.open("commander", "campaigns")
    tester.button(key=OPEN).click().run()
    assert "&lt;b&gt;ลับ&lt;/b&gt;" in shown(tester)
    assert "<b>ลับ</b>" not in shown(tester)


def test_whoever_keeps_it_no_longer_opens_nothing_with_a_page_drawn_before(office: Office):
    listed(office)
    tester = office.open("itap", "campaigns")
    with db.writing() as session:
        set_role(session, office.cast.itap, Role.viewer)
    tester.button(key=OPEN).click().run()
    assert names(tester) == []
    assert acts() == ["stakeholders.import"]


def test_it_is_deleted_by_a_press(office: Office):
    listed(office)
    tester = office.open("commander", "campaigns")
    [button] = [one for one in tester.button if one.form_id == DELETE]
    button.click().run()
    assert "ลบโดยเจ้าหน้าที่" in shown(tester)
    assert buttons(tester) == set()
    with db.reading() as session:
        assert session.exec(select(StakeholderPeople)).all() == []
    assert acts() == ["stakeholders.import", "stakeholders.delete"]


def test_a_press_on_a_page_that_is_stale_deletes_no_other_list(office: Office):
    listed(office)
    stale = office.open("commander", "campaigns")
    bring(office.cast.itap)  # another takes its place meanwhile
    [button] = [one for one in stale.button if one.form_id == DELETE]
    button.click().run()
    assert buttons(stale) == {OPEN, "stakeholders-delete-2"}
    with db.reading() as session:
        assert [one.list_id for one in session.exec(select(StakeholderPeople))] == [2]


def test_before_the_survey_s_dates_are_known_it_says_what_to_do(office: Office):
    assert "โปรดบันทึกช่วงเวลาของ EIT(2) ก่อน" in shown(office.open("itap", "campaigns"))
    begin(office.cast.commander)
    assert "ยังไม่มีรายชื่อ" in shown(office.open("itap", "campaigns"))


def test_after_its_day_there_is_nothing_to_open_and_on_a_past_day_neither(
    office: Office, monkeypatch: pytest.MonkeyPatch
):
    listed(office, NOW - timedelta(days=5))
    past = office.open("commander", "campaigns", day="2025-03-12")
    assert "ผู้รับบริการ 1" in shown(past)
    assert buttons(past) == set()
    assert "/stakeholders/prachuap-2568.xlsx" not in shown(past)
    monkeypatch.setenv("ITA_TODAY", "2025-07-31")
    settings.settings.cache_clear()
    assert settings.settings().day() == date(2025, 7, 31)
    tester = office.open("commander", "campaigns")
    assert "พ้นกำหนดเก็บ" in shown(tester)
    assert buttons(tester) == {DELETE}
    assert "/stakeholders/prachuap-2568.xlsx" not in shown(tester)
