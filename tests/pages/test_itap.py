"""Who keeps ITAP: the work list, and corrections by later records."""

from sqlmodel import select

from ita_core import db, workflow
from ita_core.models import Filing, Publication
from tests.pages.conftest import Office, shown
from tests.pages.work import NOW
from tests.workflow.work import complete


def approve(office: Office) -> int:
    with db.writing() as session:
        of, mark = complete(session, office.cast)
        workflow.approve(session, by=office.cast.commander, item_id=of, fingerprint=mark, at=NOW)
        return of


def press(tester, form: str, **typed: str):
    for name, text in typed.items():
        kind = tester.text_area if name == "explanation" else tester.text_input
        kind(key=f"{name}-{form}").set_value(text)
    tester.button(key=f"publish-{form}").click().run()
    assert not tester.exception
    return tester


def test_the_work_list_leads_from_the_approved_item_to_the_filed_one(office: Office):
    assert "ไม่มีข้อใดรอเผยแพร่หรือรอลงระบบ" in shown(office.open("itap", "itap"))
    of = approve(office)
    text = shown(office.open("itap", "itap"))
    assert "รอเผยแพร่บนเว็บไซต์ (1)" in text
    assert "/item?item=O10" in text
    assert "14 มี.ค. 68" in text
    with db.writing() as session:
        workflow.publish(session, by=office.cast.itap, item_id=of, url="https://example.org/o10", at=NOW)
    assert "รอลงระบบ ITAP (1)" in shown(office.open("itap", "itap"))
    assert "O10" not in shown(office.open("commander", "itap"))


def test_a_wrong_address_is_corrected_by_a_later_record_and_the_history_shows_both(office: Office):
    approve(office)
    tester = office.open("itap", "item", item="O10")
    press(tester, "record-approved-O10", address="https://example.org/wrong")
    press(tester, "record-published-O10", explanation="ครบถ้วนตามคู่มือ")
    text = shown(tester)
    assert "ครบถ้วนตามคู่มือ" in shown(office.open("viewer", "item", item="O10"))
    assert "O10 บนเว็บไซต์และในระบบ ITAP" in text
    assert tester.text_input(key="address-correct-filed-O10").value == "https://example.org/wrong"
    press(tester, "correct-filed-O10", address="https://example.org/filed")
    press(tester, "correct-published-O10", address="not an address")
    [said] = tester.error
    assert "http" in said.value
    press(tester, "correct-published-O10", address="https://example.org/right")
    text = shown(tester)
    for part in ("https://example.org/wrong", "https://example.org/filed", "https://example.org/right"):
        assert part in text
    assert "ลงระบบ ITAP ข้อ O10" in text  # to be filed anew, with the right address
    assert tester.text_input(key="address-record-published-O10").value == "https://example.org/right"
    with db.reading() as session:
        assert (len(session.exec(select(Publication)).all()), len(session.exec(select(Filing)).all())) == (2, 2)


def test_the_same_once_more_records_nothing_and_keeps_it_filed(office: Office):
    of = approve(office)
    act = {"by": office.cast.itap, "item_id": of, "url": "https://example.org/o10", "at": NOW}
    for _twice in range(2):
        with db.writing() as session:
            workflow.publish(session, **act)
            workflow.record_filing(session, answer=True, **act)
            workflow.publish(session, **act)
    assert "O10 บนเว็บไซต์และในระบบ ITAP" in shown(office.open("viewer", "item", item="O10"))
    with db.reading() as session:
        assert (len(session.exec(select(Publication)).all()), len(session.exec(select(Filing)).all())) == (1, 1)


def test_nobody_else_is_offered_a_correction(office: Office):
    of = approve(office)
    with db.writing() as session:
        workflow.publish(session, by=office.cast.itap, item_id=of, url="https://example.org/o10", at=NOW)
    for who in ("viewer", "commander", "usa"):
        tester = office.open(who, "item", item="O10")
        assert "https://example.org/o10" in shown(tester)
        assert not [one for one in tester.button if str(one.key).startswith("publish-")]
