"""Asking and answering about a piece of evidence: who may, how much, and whose turn it is."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlmodel import Session, select

from ita_core import db, queries, workflow
from ita_core.board.progress import State
from ita_core.errors import BadText, NotFound, NotYourItem, Refused
from ita_core.models import AuditEntry, Decision, Message
from ita_core.workflow import MOST_AN_HOUR, MOST_OF_EVIDENCE, NothingWritten, ThreadFull, TooManyMessages
from tests.cast import Cast, actor
from tests.workflow.work import NOW, hand_in, states


def ask(session: Session, by: int, evidence: int, text: str = "ขาดหน้า 2 หรือไม่", minutes: int = 0) -> int:
    return workflow.write_message(session, by=by, evidence_id=evidence, text=text, at=NOW + timedelta(minutes=minutes))


def waiting(session: Session, who: int, days: int = 0) -> list[str]:
    here = queries.get_assessment(session).id
    asked = queries.list_questions(session, actor(session, who), here, now=NOW + timedelta(days=days, hours=1))
    return [one.text for one in asked]


@pytest.mark.both
def test_officer_and_supervisor_ask_and_answer_and_nothing_of_it_changes_a_state(engine: sa.Engine, cast: Cast):
    with db.writing(engine) as session:
        made = hand_in(session, cast.usa)
        ask(session, cast.khanittha, made)
        ask(session, cast.usa, made, "ครบแล้ว อยู่ในไฟล์เดียวกัน", 1)
        ask(session, cast.commander, made, "รับทราบ", 2)
        assert states(session, "O6") == {State.missing, State.waiting}
        here = queries.get_assessment(session).id
        for who in (cast.usa, cast.khanittha, cast.commander, cast.viewer, cast.admin):
            said = queries.list_messages(session, actor(session, who), here, [made])[made]
            assert [one.by for one in said] == ["ขนิษฐา แก้วโสภา", "อุษา มีนาม", "เทียนชัย ชมภู"]
        then = queries.list_messages(session, actor(session, cast.usa), here, [made], before=NOW + timedelta(minutes=1))
        assert [one.text for one in then[made]] == ["ขาดหน้า 2 หรือไม่"]
        assert queries.list_messages(session, actor(session, cast.piyaporn), here, [made]) == {}
        entries = session.exec(select(AuditEntry).where(AuditEntry.action == "message.write")).all()
        assert [(one.detail["item"], one.detail["evidence"], one.touches) for one in entries] == [
            ("O6", made, None)
        ] * 3


@pytest.mark.parametrize(("who", "refusal"), [("piyaporn", NotFound), ("viewer", NotYourItem), ("admin", NotYourItem)])
def test_whoever_has_no_part_in_it_writes_nothing(engine: sa.Engine, cast: Cast, who: str, refusal: type[Refused]):
    with db.writing(engine) as session:
        made = hand_in(session, cast.usa)
        with pytest.raises(refusal):
            ask(session, getattr(cast, who), made)
        assert session.exec(select(Message)).all() == []


def test_nothing_is_written_in_a_closed_year(engine: sa.Engine, cast: Cast):
    with db.writing(engine) as session:
        made = hand_in(session, cast.usa)
        workflow.close_year(session, by=cast.commander, assessment_id=queries.get_assessment(session).id, at=NOW)
        with pytest.raises(workflow.YearClosed):
            ask(session, cast.khanittha, made)


@pytest.mark.parametrize(("text", "refusal"), [("  ", NothingWritten), ("ก" * 4001, BadText), ("a\u202eb", BadText)])
def test_what_cannot_be_kept_is_refused(engine: sa.Engine, cast: Cast, text: str, refusal: type[Refused]):
    with db.writing(engine) as session:
        made = hand_in(session, cast.usa)
        with pytest.raises(refusal):
            ask(session, cast.usa, made, text)


def test_a_second_click_writes_nothing_more(engine: sa.Engine, cast: Cast):
    with db.writing(engine) as session:
        made = hand_in(session, cast.usa)
        assert ask(session, cast.usa, made) == ask(session, cast.usa, made, minutes=1)
        assert len(session.exec(select(Message)).all()) == 1


def test_an_account_writes_so_many_an_hour_and_a_piece_takes_so_many(engine: sa.Engine, cast: Cast):
    with db.writing(engine) as session:
        made = hand_in(session, cast.usa)
        for number in range(MOST_AN_HOUR):
            ask(session, cast.usa, made, f"ข้อความ {number}")
        with pytest.raises(TooManyMessages):
            ask(session, cast.usa, made, "อีกหนึ่ง", 59)
        ask(session, cast.khanittha, made, "ของผู้อื่น", 59)
        ask(session, cast.usa, made, "ชั่วโมงต่อมา", 60)
        for number in range(MOST_AN_HOUR + 2, MOST_OF_EVIDENCE):
            session.add(Message(evidence_id=made, account_id=cast.pattama, text=str(number), at=NOW))
        session.flush()
        with pytest.raises(ThreadFull):
            ask(session, cast.khanittha, made, "เกิน", 600)


@pytest.mark.both
def test_what_the_other_side_wrote_last_waits_for_an_answer_until_it_is_given_or_decided(engine: sa.Engine, cast: Cast):
    with db.writing(engine) as session:
        made = hand_in(session, cast.usa)
        ask(session, cast.khanittha, made, "ถาม")
        assert waiting(session, cast.usa) == waiting(session, cast.pattama) == ["ถาม"]
        assert waiting(session, cast.khanittha) == waiting(session, cast.pramote) == []
        assert waiting(session, cast.viewer) == waiting(session, cast.piyaporn) == []
        assert waiting(session, cast.usa, days=31) == []
        ask(session, cast.usa, made, "ตอบ", 1)
        assert waiting(session, cast.usa) == waiting(session, cast.pattama) == []
        assert waiting(session, cast.khanittha) == waiting(session, cast.pramote) == ["ตอบ"]
        ask(session, cast.commander, made, "เร่งด้วย", 2)
        assert waiting(session, cast.usa) == waiting(session, cast.khanittha) == ["เร่งด้วย"]
        at = NOW + timedelta(minutes=3)
        workflow.review(session, by=cast.khanittha, evidence_id=made, decision=Decision.accepted, at=at)
        assert waiting(session, cast.khanittha) == waiting(session, cast.usa) == []


def test_about_what_was_taken_back_nobody_waits(engine: sa.Engine, cast: Cast):
    with db.writing(engine) as session:
        made = hand_in(session, cast.usa)
        ask(session, cast.khanittha, made)
        workflow.withdraw(session, by=cast.usa, evidence_id=made, at=NOW + timedelta(minutes=1))
        assert waiting(session, cast.usa) == []
