"""Every page as every role: it opens, in Thai, without an error; and the queries do not grow with the rows."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlmodel import select
from streamlit.testing.v1 import AppTest

from ita_core import accounts, db, queries, workflow
from ita_core.evidence.store import open_store
from ita_core.models import Account, AuditEntry, Decision, Duty, DutyKind, Evidence, Review
from ita_core.workflow import receiving
from tests import files
from tests.cast import item_id, slots
from tests.pages.conftest import Office, shown
from tests.workflow.test_workflow import complete, the_supervisor_of_o10

PAGES = sorted(path.stem for path in Path("pages").glob("*.py") if not path.name.startswith("_"))
SIGNED_IN = [page for page in PAGES if page not in {"navigation", "sign_in", "join"}]
ROLES = ["usa", "khanittha", "piyaporn", "commander", "itap", "admin", "viewer"]
NOW = datetime(2025, 3, 14, 3, 0, tzinfo=UTC)
PDF = files.pdf() + b"%"


@pytest.mark.parametrize("who", ROLES)
@pytest.mark.parametrize("page", SIGNED_IN)
def test_it_opens(office: Office, page: str, who: str):
    tester = office.open(who, page)
    assert not tester.exception
    assert tester.title or 'class="ita-sentence"' in shown(tester)
    assert not any("{" in element.value for element in (*tester.caption, *tester.markdown))


def test_every_page_in_the_folder_has_an_address():
    from pages import ADDRESSES

    assert sorted(ADDRESSES) == SIGNED_IN


@pytest.mark.parametrize("page", SIGNED_IN)
def test_nobody_sees_anything_but_the_sign_in_page(office: Office, page: str):
    tester = AppTest.from_file(str(Path("pages/navigation.py").resolve()), default_timeout=60)
    tester.user = {}
    tester.query_params["item"] = "O6"
    tester.run()
    assert [one.label for one in tester.text_input] == ["ชื่อผู้ใช้", "รหัสผ่าน"]
    assert "ประจวบ" not in shown(tester)


def test_the_overview_says_where_the_office_stands(office: Office):
    text = shown(office.open("commander", "overview"))
    assert "ณ 15 มี.ค. 68" in text
    assert "เหลือ 46 วันก่อนปิดระบบ OIT" in text
    assert "95.85/95" in text
    for number in range(1, 25):
        assert f">O{number}</a>" in text


def test_english_is_one_switch_away_and_stays(office: Office):
    tester = office.open("viewer", "overview")
    language = next(group for group in tester.get("button_group") if group.label == "ภาษา")
    language.set_value("en").run()
    for text in (shown(tester), shown(office.open("viewer", "overview"))):
        assert "On 15 Mar 2025" in text
        assert "โครงสร้าง" in text  # the plan stays Thai


def test_an_officer_sees_the_items_of_their_duties_only(office: Office):
    text = shown(office.open("piyaporn", "overview"))
    assert ">O11</a>" in text
    assert ">O6</a>" not in text


@pytest.mark.parametrize("code", ["O99", "O6", "<script>alert(1)</script>", "' OR 1=1 --", "๙", "[x](https://evil)"])
def test_an_item_that_is_not_there_and_one_that_is_not_yours_look_the_same(office: Office, code: str):
    tester = office.open("piyaporn", "item", item=code)
    assert not tester.exception
    assert f"ไม่พบข้อ “{code}” หรือไม่อยู่ในหน้าที่ของท่าน" in shown(tester)


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


def hand_in(office: Office, number: int, name: str = "รายงาน.pdf", note: str = "") -> int:
    kept = open_store().put([PDF, str(number).encode()], name)
    with db.writing() as session:
        return workflow.submit(
            session, by=office.cast.usa, item_id=item_id(session, "O6"), content=kept, note=note,
            slots=slots(session, "O6", period="2025-02", format="pdf"), at=NOW + timedelta(minutes=number),
        )  # fmt: skip


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


def send(office: Office, name: str, content: bytes = PDF, code: str = "O6") -> int:
    """A file that Usa has sent and not handed in yet."""
    with db.reading() as session:
        item = item_id(session, code)
    with open_store().receive(name) as incoming:
        incoming.write(content)
        return receiving.keep(incoming, by=office.cast.usa, item_id=item, key=name, at=NOW)


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
    assert "โปรดเลือกอย่างน้อยหนึ่งช่อง" in shown(tester)
    assert tester.text_input(key=f"upload-{bad}-note").value == "ฉบับแก้ไข"
    assert f"discard-{good}" not in {button.key for button in tester.button}
    tester.button(key="send-files").click().run()
    with db.reading() as session:
        assert len(session.exec(select(Evidence)).all()) == 1


def chosen(tester: AppTest, upload: int) -> list[object]:
    """What is ticked for a file that came."""
    groups = (one for one in tester.get("button_group") if one.key and one.key.startswith(f"upload-{upload}-"))
    return [value for one in groups for value in one.value]


@pytest.mark.parametrize("code", ["O6", "O13", "O22", "O11"])
def test_a_file_whose_name_says_nothing_ticks_nothing_and_the_form_says_what_to_do(office: Office, code: str):
    """A photograph and a workbook that have nothing to do with it: one press hands none of them in."""
    with db.writing() as session:
        item = item_id(session, code)
        session.add(Duty(item_id=item, party_id=session.get_one(Account, office.cast.usa).party_id,
                         kind=DutyKind.prepare, position=99))  # fmt: skip
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


def test_a_paper_of_another_year_is_doubted_before_it_is_handed_in_and_in_the_review(office: Office):
    made = send(office, "รายงาน ก.พ. 68.pdf", files.pdf("Fiscal year 2566, 28 February 2023"))
    says = "ข้อความกล่าวถึงปี"
    assert says in shown(office.open("usa", "item", item="O6"))
    with db.writing() as session:
        workflow.submit(
            session, by=office.cast.usa, item_id=item_id(session, "O6"), content=workflow.Received(made), at=NOW,
            slots=slots(session, "O6", period="2025-02", format="pdf"),
        )  # fmt: skip
    assert says in shown(office.open("khanittha", "review"))
    send(office, "ฉบับถูกต้อง ก.พ. 68.pdf", files.pdf("28 February 2025"))
    assert says not in shown(office.open("usa", "item", item="O6"))


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


def test_the_same_content_again_is_said_before_it_is_handed_in(office: Office):
    first = hand_in(office, 1)
    with db.reading() as session:
        content = open_store().verified(
            queries.get_evidence(session, queries.get_actor(session, office.cast.usa), first).sha256
        )
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


@pytest.mark.trial
def test_the_number_of_queries_does_not_grow_with_the_rows(office: Office):
    def count(page: str) -> int:
        who = "khanittha" if page != "my_work" else "usa"
        query = {"item": "O6"} if page == "item" else {}
        seen: list[str] = []

        def note(_connection, _cursor, statement, *_more) -> None:
            if statement.startswith("SELECT"):
                seen.append(statement)

        tester = office.open(who, page, **query)
        sa.event.listen(office.engine, "before_cursor_execute", note)
        tester.run()
        sa.event.remove(office.engine, "before_cursor_execute", note)
        assert not tester.exception
        return len(seen)

    counted = []
    for rows in (1, 40):
        for number in range(rows):
            hand_in(office, number + rows * 100)
        counted.append({page: count(page) for page in ("overview", "item", "my_work", "review")})
    assert counted[0] == counted[1]
    assert max(counted[0].values()) < 45


def test_markdown_in_the_address_stays_text(office: Office):
    tester = office.open("piyaporn", "item", item="![x](https://evil)[sign in](https://evil)")
    assert "](https" not in tester.warning[0].value


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


def test_an_officer_is_told_that_the_figures_are_of_their_items_only(office: Office):
    assert "เฉพาะ 4 ข้อในหน้าที่ของท่าน" in shown(office.open("usa", "overview"))
    assert "เฉพาะ" not in shown(office.open("commander", "overview"))


def test_a_link_without_a_slot_is_refused_and_stays_typed(office: Office):
    tester = office.open("usa", "item", item="O6")
    next(group for group in tester.get("button_group") if group.label == "สิ่งที่จะส่ง").set_value("link").run()
    next(field for field in tester.text_input if field.label == "ที่อยู่เว็บไซต์").set_value("https://example.org/a")
    send = next(button for button in tester.button if button.label == "ส่งหลักฐาน")
    send.click().run()
    assert "โปรดเลือกอย่างน้อยหนึ่งช่อง" in shown(tester)
    assert next(field for field in tester.text_input if field.label == "ที่อยู่เว็บไซต์").value == "https://example.org/a"


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


def test_the_commander_approves_on_the_item_page_and_the_keeper_publishes_and_files(office: Office):
    with db.writing() as session:
        complete(session, office.cast)
    tester = office.open("commander", "item", item="O10")
    tester.button(key="approve").click().run()
    assert not tester.exception
    assert "อนุมัติแล้ว" in shown(tester)
    tester = office.open("itap", "item", item="O10")
    for record, stage in (("บันทึกว่าเผยแพร่แล้ว", "เผยแพร่แล้ว"), ("บันทึกว่าลงระบบแล้ว", "ลงระบบ ITAP แล้ว")):
        next(field for field in tester.text_input if "https" in field.placeholder).set_value("https://example.org/o10")
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
