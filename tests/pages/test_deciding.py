"""Decisions undone, made slot by slot, and items sent back, on the pages."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import Session

from ita_core import db, queries, workflow
from ita_core.evidence.store import open_store
from ita_core.models import Decision
from ita_core.settings import settings
from tests.cast import item_id, slots
from tests.pages.conftest import Office, shown
from tests.pages.work import PDF, hand_in
from tests.workflow.work import complete, the_supervisor_of_o10

WHY = "ภาพหน้า 3 ไม่ชัด"


def two_months(office: Office) -> int:
    kept = open_store().put([PDF], "ม.ค. และ ก.พ.pdf")
    with db.writing() as session:
        keys = [slots(session, "O6", period=period, format="pdf")[0] for period in ("2025-01", "2025-02")]
        return workflow.submit(
            session, by=office.cast.usa, item_id=item_id(session, "O6"), content=kept, slots=keys,
            at=datetime(2025, 3, 14, 3, tzinfo=UTC),
        )  # fmt: skip


def sent_back(session: Session, office: Office) -> int:
    """O10, whole, is sent back; gives its supervisor's account."""
    of, mark = complete(session, office.cast)
    workflow.send_back(
        session, by=office.cast.commander, item_id=of, fingerprint=mark, reason=WHY,
        at=datetime(2025, 3, 14, 4, tzinfo=UTC),
    )  # fmt: skip
    return the_supervisor_of_o10(session)


def supervised(office: Office) -> Office:
    """With who supervises O10 among the cast."""
    with db.writing() as session:
        cast = office.cast.__dict__ | {"nattawat": the_supervisor_of_o10(session)}
    return Office(office.engine, type("Cast", (), cast)())


def undo_of(evidence: int) -> str:
    with db.reading() as session:
        held = queries.get_decided(session, evidence)
    assert held is not None
    return f"undo-{held.id}"


@pytest.mark.parametrize("decision", ["accept", "return"])
def test_a_decision_is_undone_where_it_was_made_and_the_piece_opens_again(office: Office, decision: str):
    made, other = hand_in(office, 1), hand_in(office, 2)
    tester = office.open("khanittha", "review")
    tester.text_area(key=f"reason-{made}").set_value("ไม่ชัด")
    tester.button(key=f"{decision}-{made}").click().run()
    assert tester.radio(key="queue").value == other
    tester.button(key=undo_of(made)).click().run()
    assert not tester.exception
    assert tester.radio(key="queue").value == made
    assert f"accept-{made}" in {one.key for one in tester.button}
    assert not [one for one in tester.button if str(one.key).startswith("undo-")]
    undone = {"accept": "ยกเลิกการรับ", "return": "ยกเลิกการตีกลับ"}[decision]
    assert undone in shown(office.open("usa", "item", item="O6"))


def test_after_the_last_decision_it_can_be_undone_too(office: Office):
    made = hand_in(office, 1)
    tester = office.open("khanittha", "review")
    tester.button(key=f"accept-{made}").click().run()
    assert "ไม่มีหลักฐานรอการตรวจของท่าน" in shown(tester)
    assert undo_of(made) in {one.key for one in tester.button}
    assert not [one for one in office.open("pramote", "review").button if "undo" in str(one.key)]


def test_what_somebody_acted_on_meanwhile_says_so(office: Office):
    made = hand_in(office, 1)
    tester = office.open("khanittha", "review")
    tester.text_area(key=f"reason-{made}").set_value("ไม่ชัด")
    tester.button(key=f"return-{made}").click().run()
    with db.writing() as session:
        workflow.submit(
            session, by=office.cast.usa, item_id=item_id(session, "O6"), content=workflow.Link("https://example.org/x"),
            slots=slots(session, "O6", period="2025-02", format="pdf"), at=settings().now() + timedelta(seconds=1),
        )  # fmt: skip
    tester.button(key=undo_of(made)).click().run()
    assert "มีผู้ดำเนินการต่อจากการตัดสินใจนี้แล้ว" in shown(tester)


def test_of_a_piece_for_two_months_one_comes_back(office: Office):
    made = two_months(office)
    tester = office.open("khanittha", "review")
    pills = next(one for one in tester.get("button_group") if one.key == f"back-{made}")
    assert pills.value == [0, 1]
    pills.set_value([])
    tester.text_area(key=f"reason-{made}").set_value("ก.พ. ไม่ครบ")
    tester.button(key=f"return-{made}").click().run()
    assert "โปรดเลือกส่วนที่ตีกลับ" in shown(tester)
    next(one for one in tester.get("button_group") if one.key == f"back-{made}").set_value([1])
    tester.button(key=f"return-{made}").click().run()
    assert not tester.exception
    text = shown(office.open("usa", "item", item="O6"))
    assert "รับบางส่วน" in text
    assert "ก.พ. ไม่ครบ" in text
    with db.reading() as session:
        [back] = queries.get_evidence(session, office.cast.usa, made).returned
    assert back.period == "2025-02"
    assert "ก.พ. ไม่ครบ" in shown(office.open("usa", "my_work"))


def test_the_commander_undoes_an_approval_at_once(office: Office):
    with db.writing() as session:
        complete(session, office.cast)
    tester = office.open("commander", "item", item="O10")
    tester.button(key="approve").click().run()
    next(one for one in tester.button if str(one.key).startswith("undo-approval-")).click().run()
    assert not tester.exception
    assert "approve" in {one.key for one in tester.button}
    assert not [one for one in tester.button if str(one.key).startswith("undo-approval-")]
    assert "ยกเลิกการอนุมัติ" in shown(tester)  # in the history


def test_the_commander_sends_an_item_back_and_its_supervisor_answers(office: Office):
    with db.writing() as session:
        of, _mark = complete(session, office.cast)
    tester = office.open("commander", "item", item="O10")
    tester.button(key=f"send-back-{of}").click().run()
    assert "โปรดระบุเหตุผลที่ส่งกลับ" in shown(tester)
    tester.text_area(key=f"send-back-{of}-reason").set_value(WHY)
    tester.button(key=f"send-back-{of}").click().run()
    assert not tester.exception
    assert WHY in shown(office.open("commander", "my_turn"))
    assert "ผู้กำกับการส่งกลับ" in shown(office.open("viewer", "overview"))
    assert WHY in shown(office.open("usa", "item", item="O10"))

    supervisor = supervised(office)
    text = shown(supervisor.open("nattawat", "review"))
    assert "ผู้กำกับการส่งกลับให้ทบทวน" in text
    assert WHY in text
    tester = supervisor.open("nattawat", "item", item="O10")
    assert [one for one in tester.button if str(one.key).startswith("return-")]
    answer = next(str(one.key) for one in tester.button if str(one.key).startswith("stands-"))
    tester.text_area(key=f"{answer}-note").set_value("ชัดในไฟล์จริง")
    tester.button(key=answer).click().run()
    assert not tester.exception
    assert "ผู้กำกับการส่งกลับ" not in shown(office.open("viewer", "overview"))
    assert "ชัดในไฟล์จริง" in shown(office.open("commander", "item", item="O10"))
    again = office.open("commander", "item", item="O10")
    assert not again.text_area(key=f"send-back-{of}-reason").value
    turn = shown(office.open("commander", "my_turn"))
    assert "/item?item=O10" in turn
    assert "ผู้ควบคุมตอบว่า: ชัดในไฟล์จริง" in turn


def test_a_supervisor_returns_a_piece_of_what_was_sent_back(office: Office):
    with db.writing() as session:
        sent_back(session, office)
    assert not [one for one in office.open("usa", "item", item="O10").button if str(one.key).startswith("return-")]
    tester = supervised(office).open("nattawat", "item", item="O10")
    button = next(one for one in tester.button if str(one.key).startswith("return-"))
    tester.text_area(key=str(button.key).replace("return", "reason")).set_value("ส่งภาพใหม่")
    button.click().run()
    assert not tester.exception
    with db.reading() as session:
        evidence = int(str(button.key).removeprefix("return-"))
        assert queries.get_evidence(session, office.cast.usa, evidence).decision is Decision.returned
    assert "ส่งภาพใหม่" in shown(office.open("usa", "my_work"))


def test_a_return_of_what_was_sent_back_is_undone_beside_a_queue_of_others(office: Office):
    with db.writing() as session:
        by = sent_back(session, office)
        [piece, *_] = queries.list_evidence(session, None, queries.get_assessment(session).id)
        workflow.review(
            session, by=by, evidence_id=piece.id, decision=Decision.returned, reason="ภาพ", at=settings().now()
        )
    waits = hand_in(office, 1)
    tester = supervised(office).open("nattawat", "review")
    tester.button(key=undo_of(piece.id)).click().run()
    assert not tester.exception
    assert tester.radio(key="queue").value == waits
    assert "ผู้กำกับการส่งกลับให้ทบทวน" in shown(tester)
