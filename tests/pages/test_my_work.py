"""An officer's own work: what to mend first, and files not handed in."""

from datetime import timedelta

from ita_core import db, workflow
from ita_core.models import Decision
from tests.cast import item_id, slots
from tests.pages.conftest import Office, shown
from tests.pages.work import NOW, hand_in, send


def test_my_work_reminds_of_files_that_were_not_handed_in(office: Office):
    assert "ยังไม่ได้ส่งเป็นหลักฐาน" not in shown(office.open("usa", "my_work"))
    made = send(office, "รายงาน ก.พ. 68.pdf")
    assert "ยังไม่ได้ส่งเป็นหลักฐาน 1 ไฟล์" in shown(office.open("usa", "my_work"))
    with db.writing() as session:
        workflow.submit(
            session, by=office.cast.usa, item_id=item_id(session, "O6"), content=workflow.Received(made), at=NOW,
            slots=slots(session, "O6", period="2025-02", format="pdf"),
        )  # fmt: skip
    assert "ยังไม่ได้ส่งเป็นหลักฐาน" not in shown(office.open("usa", "my_work"))


def test_what_came_back_after_an_acceptance_stands_in_my_work_with_its_reason(office: Office):
    first, second = hand_in(office, 1), hand_in(office, 2)
    with db.writing() as session:
        workflow.review(
            session,
            by=office.cast.khanittha,
            evidence_id=first,
            decision=Decision.accepted,
            at=NOW + timedelta(hours=1),
        )
        workflow.review(
            session, by=office.cast.khanittha, evidence_id=second, decision=Decision.returned, reason="ภาพซ้ำ",
            at=NOW + timedelta(hours=2),
        )  # fmt: skip
    text = shown(office.open("usa", "my_work"))
    assert "ถูกตีกลับ: แก้ไขก่อน" in text
    assert "ภาพซ้ำ" in text
