"""An item is approved, published and filed on its page; an approval that lapsed is said."""

from sqlmodel import select

from ita_core import db, workflow
from ita_core.models import Decision, Evidence
from tests.cast import slots
from tests.pages.conftest import Office, shown
from tests.pages.work import NOW
from tests.workflow.work import complete, the_supervisor_of_o10


def test_an_approval_that_lapsed_is_said_on_the_overview_and_on_the_item(office: Office):
    with db.writing() as session:
        of, mark = complete(session, office.cast)
        workflow.approve(session, by=office.cast.commander, item_id=of, fingerprint=mark, at=NOW)
    assert "การอนุมัติสิ้นผล" not in shown(office.open("commander", "overview"))
    with db.writing() as session:
        newer = workflow.submit(
            session, by=office.cast.usa, item_id=of, content=workflow.Link("https://example.org/new"), at=NOW,
            slots=slots(session, "O10", period="2024-10", format="pdf"),
        )  # fmt: skip
        by = the_supervisor_of_o10(session)
        workflow.review(session, by=by, evidence_id=newer, decision=Decision.accepted, at=NOW)
    assert "การอนุมัติสิ้นผล" in shown(office.open("commander", "overview"))
    assert "การอนุมัติจึงสิ้นผล" in shown(office.open("commander", "item", item="O10"))


def test_the_commander_approves_on_the_item_page_and_the_keeper_publishes_and_files(office: Office):
    with db.writing() as session:
        complete(session, office.cast)
    tester = office.open("commander", "item", item="O10")
    tester.button(key="approve").click().run()
    assert not tester.exception
    assert "อนุมัติแล้ว" in shown(tester)
    tester = office.open("itap", "item", item="O10")
    for record, stage in (("บันทึกว่าเผยแพร่แล้ว", "เผยแพร่แล้ว"), ("บันทึกว่าลงระบบแล้ว", "ลงระบบ ITAP แล้ว")):
        next(field for field in tester.text_area if "https" in field.placeholder).set_value("https://example.org/o10")
        next(button for button in tester.button if button.label == record).click().run()
        assert not tester.exception
        assert stage in shown(tester)


def test_the_commander_is_not_offered_to_approve_what_they_handed_in(office: Office):
    with db.writing() as session:
        complete(session, office.cast)
        for one in session.exec(select(Evidence)):
            one.account_id = office.cast.commander
    tester = office.open("commander", "item", item="O10")
    assert "approve" not in {button.key for button in tester.button}
    assert "ผู้ส่ง" in shown(tester)
