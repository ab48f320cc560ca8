"""Handing in on the page of an item: files that came, links, and what is refused."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import select
from streamlit.testing.v1 import AppTest

from ita_core import accounts, db, queries, workflow
from ita_core.evidence.store import open_store
from ita_core.models import Account, AuditEntry, Decision, Evidence
from tests import files, papers
from tests.cast import give_duty, item_id, slots
from tests.pages.conftest import Office, shown
from tests.pages.work import NOW, PDF, hand_in, send
from tests.workflow.work import complete


def test_a_file_that_came_is_handed_in_on_the_item_page(office: Office):
    made = send(office, "รายงานผลการปฏิบัติงาน ก.พ. 68.pdf")
    tester = office.open("usa", "item", item="O6")
    assert "อัปโหลดแล้วเมื่อ" in shown(tester)
    tester.button(key="send-files").click().run()
    assert not tester.exception
    text = shown(tester)
    assert "รายงานผลการปฏิบัติงาน ก.พ. 68.pdf" in text
    assert "ก.พ. 68 · PDF" in text
    assert "รอตรวจ" in text
    assert f"discard-{made}" not in {button.key for button in tester.button}


def test_a_hand_in_that_is_refused_says_why_beside_its_file_and_nothing_typed_is_lost(office: Office):
    good, bad = send(office, "รายงาน ก.พ. 68.pdf"), send(office, "รายงาน ม.ค. 68.pdf", PDF + b"\n")
    tester = office.open("usa", "item", item="O6")
    tester.text_input(key=f"upload-{bad}-note").set_value("ฉบับแก้ไข")
    next(group for group in tester.get("button_group") if group.key == f"upload-{bad}-month").set_value([]).run()
    tester.button(key="send-files").click().run()
    assert not tester.exception
    [said] = tester.error
    assert said.value == "โปรดเลือกเดือน"
    assert tester.text_input(key=f"upload-{bad}-note").value == "ฉบับแก้ไข"
    assert f"discard-{good}" not in {button.key for button in tester.button}
    tester.button(key="send-files").click().run()
    with db.reading() as session:
        assert len(session.exec(select(Evidence)).all()) == 1
    next(group for group in tester.get("button_group") if group.key == f"upload-{bad}-month").set_value(
        ["2025-01"]
    ).run()
    assert not tester.error  # it is mended
    assert "ยังส่งไม่ได้" not in shown(tester)


def test_a_statement_of_nothing_says_that_the_month_is_what_is_missing(office: Office):
    with db.writing() as session:
        give_duty(session, office.cast.usa, "O14")
    tester = office.open("usa", "item", item="O14")
    next(group for group in tester.get("button_group") if group.label == "สิ่งที่จะส่ง").set_value("nil").run()
    next(button for button in tester.button if button.label == "ส่งหลักฐาน").click().run()
    assert [one.value for one in tester.error] == ["โปรดเลือกเดือน"]


LATER = NOW + timedelta(hours=1)


def chosen(tester: AppTest, upload: int) -> list[object]:
    """What is ticked for a file that came."""
    groups = (one for one in tester.get("button_group") if one.key and one.key.startswith(f"upload-{upload}-"))
    return [value for one in groups for value in one.value]


@pytest.mark.parametrize("code", ["O13", "O22", "O11"])
def test_a_file_whose_name_says_nothing_ticks_nothing_and_the_form_says_what_to_do(office: Office, code: str):
    """A photograph and a workbook that have nothing to do with it: one press hands none of them in."""
    with db.writing() as session:
        give_duty(session, office.cast.usa, code)
    made = [
        send(office, name, content, code)
        for name, content in (("IMG_2045.jpg", files.picture("JPEG")), ("Book1.xlsx", files.excel(("a", 1))))
    ]
    tester = office.open("usa", "item", item=code)
    assert not tester.exception
    assert [chosen(tester, one) for one in made] == [[], []]
    assert "โปรดเลือกช่องที่หลักฐานนี้ครอบคลุม" in shown(tester) or "ข้อนี้ไม่ใช้ไฟล์ชนิดนี้" in shown(tester)
    assert "ระบบเดาจากชื่อไฟล์" not in shown(tester)
    tester.button(key="send-files").click().run()
    assert "โปรดเลือกอย่างน้อยหนึ่งช่อง" in shown(tester)
    with db.reading() as session:
        assert session.exec(select(Evidence)).all() == []


def test_what_is_ticked_says_that_it_is_a_guess_and_why_until_it_is_changed(office: Office):
    made = send(office, "รายงาน ก.พ. 68.pdf")
    tester = office.open("usa", "item", item="O6")
    assert "ระบบเดาจากชื่อไฟล์ (ก.พ. 68) โปรดตรวจสอบก่อนส่ง" in shown(tester)
    month = next(group for group in tester.get("button_group") if group.key == f"upload-{made}-month")
    month.set_value(["2025-01"]).run()
    assert "ระบบเดาจากชื่อไฟล์" not in shown(tester)


def test_a_database_that_stays_locked_is_a_sentence_and_nothing_typed_is_lost(
    office: Office, monkeypatch: pytest.MonkeyPatch
):
    made = send(office, "รายงาน ก.พ. 68.pdf")
    monkeypatch.setattr(db, "BUSY_SECONDS", 0.5)
    db.engine().dispose()
    db.engine.cache_clear()
    tester = office.open("usa", "item", item="O6")
    tester.text_input(key=f"upload-{made}-note").set_value("ฉบับแก้ไข").run()
    with db.writing(office.engine) as holder:
        holder.exec(select(Account)).all()
        tester.button(key="send-files").click().run()
    assert not tester.exception
    assert "ฐานข้อมูลไม่ว่าง ข้อมูลไม่สูญหาย" in shown(tester)
    assert tester.text_input(key=f"upload-{made}-note").value == "ฉบับแก้ไข"
    tester.button(key="send-files").click().run()
    with db.reading() as session:
        assert [one.note for one in session.exec(select(Evidence))] == ["ฉบับแก้ไข"]


def test_a_sign_in_that_ends_in_the_middle_of_a_form_hands_nothing_in_and_keeps_the_file(office: Office):
    made = send(office, "รายงาน ก.พ. 68.pdf")
    tester = office.open("usa", "item", item="O6")
    with db.writing() as session:
        account = session.get_one(Account, office.cast.usa)
        accounts.sign_out_everywhere(session, account=account, now=datetime.now(UTC))
    tester.button(key="send-files").click().run()
    assert [one.label for one in tester.text_input] == ["ชื่อผู้ใช้", "รหัสผ่าน"]
    with db.reading() as session:
        assert session.exec(select(Evidence)).all() == []
    again = office.open("usa", "item", item="O6")
    assert again.button(key=f"discard-{made}")


def test_a_file_that_came_is_taken_away_again(office: Office):
    made = send(office, "รายงาน ก.พ. 68.pdf")
    tester = office.open("usa", "item", item="O6")
    tester.button(key=f"discard-{made}").click().run()
    assert not tester.exception
    assert "รายงาน ก.พ. 68.pdf" not in shown(tester)


def test_a_paper_of_another_year_is_doubted_before_it_is_handed_in_and_in_the_review(office: Office):
    made = send(office, "รายงาน ก.พ. 68.pdf", papers.pdf("Fiscal year 2566, 28 February 2023"))
    says = "ข้อความกล่าวถึงปี"
    assert says in shown(office.open("usa", "item", item="O6"))
    with db.writing() as session:
        workflow.submit(
            session, by=office.cast.usa, item_id=item_id(session, "O6"), content=workflow.Received(made), at=NOW,
            slots=slots(session, "O6", period="2025-02", format="pdf"),
        )  # fmt: skip
    assert says in shown(office.open("khanittha", "review"))
    send(office, "ฉบับถูกต้อง ก.พ. 68.pdf", papers.pdf("28 February 2025"))
    assert says not in shown(office.open("usa", "item", item="O6"))


def test_the_same_content_again_is_said_before_it_is_handed_in(office: Office):
    first = hand_in(office, 1)
    with db.reading() as session:
        content = open_store().verified(queries.get_evidence(session, office.cast.usa, first).sha256)
    send(office, "สำเนา ก.พ. 68.pdf", content.read_bytes())
    assert "เนื้อหาเดียวกันทุกประการนี้ส่งไว้แล้ว: O6" in shown(office.open("usa", "item", item="O6"))
    with db.writing() as session:
        workflow.review(
            session, by=office.cast.khanittha, evidence_id=first, decision=Decision.returned, reason="x", at=NOW
        )
    assert "เนื้อหาเดียวกันทุกประการนี้เคยถูกตีกลับ: O6" in shown(office.open("usa", "item", item="O6"))


def test_asking_for_an_item_of_others_stands_in_the_audit(office: Office):
    for code in ("O6", "O999", "O11"):
        office.open("piyaporn", "item", item=code)
    with db.reading() as session:
        entries = session.exec(select(AuditEntry).where(AuditEntry.action == "access.refuse")).all()
        noted = [one.subject for one in entries]
        assert [one.detail["address"] for one in entries] == ["127.0.0.1"]
    assert noted == ["item O6"]


def test_a_link_without_a_slot_is_refused_and_stays_typed(office: Office):
    tester = office.open("usa", "item", item="O6")
    next(group for group in tester.get("button_group") if group.label == "สิ่งที่จะส่ง").set_value("link").run()
    next(field for field in tester.text_input if field.label == "ที่อยู่เว็บไซต์").set_value("https://example.org/a")
    send = next(button for button in tester.button if button.label == "ส่งหลักฐาน")
    send.click().run()
    assert "โปรดเลือกอย่างน้อยหนึ่งช่อง" in shown(tester)
    assert next(field for field in tester.text_input if field.label == "ที่อยู่เว็บไซต์").value == "https://example.org/a"


def test_what_was_ticked_and_written_is_there_for_who_opens_the_page_anew(office: Office):
    made = send(office, "IMG_2045.pdf")
    tester = office.open("usa", "item", item="O6")
    tester.text_input(key=f"upload-{made}-note").set_value("ดูหน้า 2").run()
    next(group for group in tester.get("button_group") if group.key == f"upload-{made}-month").set_value(
        ["2025-02"]
    ).run()
    line = next(group for group in tester.get("button_group") if group.key == f"upload-{made}-what")
    line.set_value([slot_ids(office)[0]]).run()
    assert not tester.exception
    again = office.open("usa", "item", item="O6")
    assert again.text_input(key=f"upload-{made}-note").value == "ดูหน้า 2"
    assert "2025-02" in chosen(again, made)
    assert "เลือกไว้:" in shown(again)


def slot_ids(office: Office) -> list[int]:
    with db.reading() as session:
        return [key.requirement_id for key in slots(session, "O6", period="2025-02", format="pdf")]


def test_what_is_accepted_already_is_said_at_its_option_and_that_it_is_replaced(office: Office):
    first = hand_in(office, 1)
    with db.writing() as session:
        workflow.review(session, by=office.cast.khanittha, evidence_id=first, decision=Decision.accepted, at=LATER)
    made = send(office, "รายงาน ก.พ. 68.pdf")
    tester = office.open("usa", "item", item="O6")
    month = next(group for group in tester.get("button_group") if group.key == f"upload-{made}-month")
    assert any("✓ รับแล้ว" in option for option in month.options), month.options
    assert "จะแทนของเดิม" not in shown(tester)
    month.set_value(["2025-02"]).run()
    line = next(group for group in tester.get("button_group") if group.key == f"upload-{made}-what")
    line.set_value(slot_ids(office)).run()
    assert "ช่องนี้รับแล้ว" in shown(tester)
    assert "จะแทนของเดิมเมื่อได้รับการรับรอง" in shown(tester)


def test_the_same_content_twice_in_one_batch_is_said(office: Office):
    send(office, "ก.pdf")
    send(office, "ข.pdf")
    text = shown(office.open("usa", "item", item="O6"))
    assert "เนื้อหาเหมือนกับ “ก.pdf”" in text
    assert "เนื้อหาเหมือนกับ “ข.pdf”" in text


def test_what_was_withdrawn_stands_below_what_counts(office: Office):
    hand_in(office, 1, "นับ.pdf")
    gone = hand_in(office, 2, "ถอน.pdf")
    with db.writing() as session:
        workflow.withdraw(session, by=office.cast.usa, evidence_id=gone, at=LATER)
    text = shown(office.open("khanittha", "item", item="O6"))
    assert text.index("นับ.pdf") < text.index("ถอน.pdf")


def test_the_page_is_called_by_the_items_code_and_name_and_overdue_is_seen_beside_what_waits(office: Office):
    hand_in(office, 1)
    tester = office.open("khanittha", "item", item="O6", day="2025-03-14")
    assert tester.title[0].value.startswith("O6 ผลการ")
    assert "ช้า" in shown(tester)
    assert 'data-slot="' not in shown(tester)  # who doesn't hand in is offered no slot
    assert 'data-slot="' in shown(office.open("usa", "item", item="O6"))


def test_how_to_send_from_a_slot_is_said_only_where_a_slot_has_its_send(office: Office):
    says = "วางไฟล์ลงบนช่องที่ยังต้องส่ง"
    assert says in shown(office.open("usa", "item", item="O10"))
    with db.writing() as session:
        complete(session, office.cast)
    text = shown(office.open("usa", "item", item="O10"))
    assert "ส่งหลักฐาน" in text
    assert says not in text
