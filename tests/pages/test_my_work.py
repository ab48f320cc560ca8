"""An officer's own work: what to mend first, and files not handed in."""

from datetime import date, timedelta

from ita_core import db, queries, workflow
from ita_core.models import Decision
from ita_core.plan import editing
from ita_core.plan.content import Content
from tests.cast import give_duty, item_id, slots
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
    assert "PDF · ฉบับที่ส่งแทนถูกตีกลับ ฉบับเดิมที่รับแล้วยังนับอยู่" in text
    assert "ขาดเฉพาะ PDF" not in text  # nothing is missing there


def change(content: Content) -> None:
    """O7 goes from Usa to Pattama, is due later, and asks for pictures."""
    key, one = next(iter(content["framework"]["items"]["O7"]["requirements"].items()))
    content["plan"]["items"]["O7"] = {"title": "", "demand": "", "requirements": {key: one | {"formats": ["image"]}}}
    duties = content["plan"]["duties"]["O7"]
    editing.set_duties(content, "O7", [hand["who"] for hand in duties["supervise"]], ["patthama"])
    editing.move_deadlines(content, {("O7", ""): date(2025, 3, 31)})


def test_whoever_a_change_of_the_plan_touches_reads_of_it_in_their_work(office: Office):
    with db.writing() as session:
        of = queries.get_assessment(session).id
        give_duty(session, office.cast.usa, "O7")
        workflow.edit(session, change, by=office.cast.admin, assessment_id=of, at=NOW)
        seen = queries.list_revisions(session, of)[-1].number
        workflow.put_draft_in_force(
            session, by=office.cast.admin, assessment_id=of, seen=seen, note="คำสั่งที่ 9/2568", at=NOW
        )
    texts = {who: shown(office.open(who, "my_work")) for who in ("usa", "pattama", "pramote", "piyaporn")}
    assert "คำสั่งที่ 9/2568" in texts["usa"]
    assert "ท่านไม่ต้องจัดทำข้อมูลข้อนี้แล้ว" in texts["usa"]
    assert "คู่มือการปฏิบัติงานสำหรับเจ้าหน้าที่" not in texts["usa"]  # of what they may not read now, no more than its code
    assert "กำหนดส่ง 31 มี.ค. 68 แทน 28 ก.พ. 68" not in texts["usa"]  # what is no longer theirs is not theirs to follow
    assert "ท่านได้รับหน้าที่จัดทำข้อมูล" in texts["pattama"]
    assert "กำหนดส่ง 31 มี.ค. 68 แทน 28 ก.พ. 68" in texts["pattama"]
    assert "กำหนดส่ง 31 มี.ค. 68 แทน 28 ก.พ. 68" in texts["pramote"]  # who supervises it
    assert "รูปแบบไฟล์ รูปภาพ แทน" in texts["pattama"]
    assert "รูปแบบไฟล์" not in texts["usa"]
    assert "แผนที่เปลี่ยน" not in texts["piyaporn"]
    before = (NOW - timedelta(days=1)).date().isoformat()
    assert "แผนที่เปลี่ยน" not in shown(office.open("pattama", "my_work", day=before))


def test_my_work_says_what_of_a_month_is_missing_where_the_rest_is_there(office: Office):
    hand_in(office, 1)  # February's PDF of every line of work
    text = shown(office.open("usa", "my_work"))
    assert "ขาดเฉพาะ Word" in text
    assert text.count("ขาดเฉพาะ") == 1  # the other months lack both
