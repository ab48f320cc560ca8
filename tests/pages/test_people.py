"""The people of the office, for the administrator."""

from tests.pages.conftest import Office, shown


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
