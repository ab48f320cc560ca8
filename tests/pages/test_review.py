"""The supervisor's queue: decisions, one after the other, and what stands beside them."""

from datetime import UTC, datetime

from sqlmodel import select

from ita_core import accounts, db, workflow
from ita_core.evidence.store import open_store
from ita_core.models import Account, Decision, Review
from tests import files
from tests.cast import item_id, slots
from tests.pages.conftest import Office, shown
from tests.pages.work import NOW, hand_in


def test_html_in_a_name_or_a_note_is_shown_as_text(office: Office):
    hand_in(office, 1, "<img src=x onerror=alert(1)>.pdf", "<script>alert(1)</script>")
    for who, page in (("usa", "item"), ("khanittha", "review")):
        text = shown(office.open(who, page, **({"item": "O6"} if page == "item" else {})))
        assert "<script>alert" not in text
        assert "<img src=x" not in text
        assert "&lt;img src=x onerror=alert(1)&gt;.pdf" in text


def test_a_supervisor_accepts_and_the_next_one_opens(office: Office):
    first, second = hand_in(office, 1), hand_in(office, 2)
    tester = office.open("khanittha", "review")
    assert "รอการตรวจของท่าน 2 ชิ้น" in shown(tester)
    tester.button(key=f"accept-{first}").click().run()
    assert not tester.exception
    assert tester.button(key=f"accept-{second}")
    tester.text_area(key=f"reason-{second}").set_value("ไม่ระบุวันที่")
    tester.button(key=f"return-{second}").click().run()
    assert "ไม่มีหลักฐานรอการตรวจของท่าน" in shown(tester)
    assert "ไม่ระบุวันที่" in shown(office.open("usa", "item", item="O6"))


def test_a_decision_that_came_second_says_who_was_quicker(office: Office):
    made = hand_in(office, 1)
    tester = office.open("khanittha", "review")
    with db.writing() as session:
        workflow.review(
            session, by=office.cast.pramote, evidence_id=made, decision=Decision.returned, reason="x", at=NOW
        )
    tester.button(key=f"accept-{made}").click().run()
    assert "ประโมทย์ พูลประเสริฐ ตรวจหลักฐานนี้แล้ว: ตีกลับ" in shown(tester)


def test_the_review_says_where_else_the_same_content_was_sent(office: Office):
    hand_in(office, 1)
    again = "เนื้อหาเดียวกันทุกประการนี้ส่งไว้แล้ว: O6"
    assert again not in shown(office.open("khanittha", "review"))
    hand_in(office, 1)
    assert again in shown(office.open("khanittha", "review"))


def test_a_film_plays_beside_the_decision(office: Office):
    content = open_store().put([files.film()], "คลิป.mp4")
    with db.writing() as session:
        made = workflow.submit(
            session, by=office.cast.usa, item_id=item_id(session, "O5"), at=NOW, slots=slots(session, "O5"),
            content=content,
        )  # fmt: skip
    assert f'<video class="ita-page" src="/evidence/{made}/inline"' in shown(office.open("khanittha", "review"))


def test_a_decision_after_the_sign_in_has_ended_is_not_recorded(office: Office):
    made = hand_in(office, 1)
    tester = office.open("khanittha", "review")
    with db.writing() as session:
        account = session.get_one(Account, office.cast.khanittha)
        accounts.sign_out_everywhere(session, account=account, now=datetime.now(UTC))
    tester.button(key=f"accept-{made}").click().run()
    with db.reading() as session:
        assert session.exec(select(Review)).all() == []
    assert [one.label for one in tester.text_input] == ["ชื่อผู้ใช้", "รหัสผ่าน"]
