"""Evidence is handed in and taken back: by whom, for what, and once."""

import threading
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlmodel import select

from ita_core import db, queries, workflow
from ita_core.board.progress import SlotKey, State
from ita_core.errors import (
    AlreadyReviewed,
    AlreadyWithdrawn,
    BadAddress,
    BadText,
    NilNotAllowed,
    NoSlot,
    NotFound,
    NotYourItem,
    NotYours,
    Refused,
    UnknownSlot,
    WrongFormat,
)
from ita_core.models import Decision, Evidence, Person, Role
from tests.cast import Cast, account, item_id, office, slots
from tests.workflow.work import NOW, OTHER, PDF, hand_in, states


@pytest.mark.both
def test_a_preparer_hands_in_a_file_for_a_month_of_every_line_of_work(engine: sa.Engine, cast: Cast):
    with db.writing(engine) as session:
        made = hand_in(session, cast.usa)
    with db.reading(engine) as session:
        found = queries.get_evidence(session, cast.usa, made)
        assert (found.file_name, len(found.slots), found.by) == (PDF.name, 4, "อุษา มีนาม")
        assert states(session, "O6") == {State.waiting, State.missing}


@pytest.mark.both
def test_the_same_request_twice_makes_one_record(engine: sa.Engine, cast: Cast):
    made = set()
    for _ in range(2):
        with db.writing(engine) as session:
            keys = slots(session, "O6", period="2025-01", format="pdf")
            made.add(
                workflow.submit(
                    session, by=cast.usa, item_id=item_id(session, "O6"), slots=keys, content=PDF, at=NOW,
                    request_key="one upload",
                )
            )  # fmt: skip
    assert len(made) == 1


@pytest.mark.both
def test_the_same_file_and_the_same_request_at_once_are_no_error(engine: sa.Engine, cast: Cast):
    """Two officers with one file, and one officer's upload sent twice, at the same moment."""
    made: list[int] = []
    failed: list[Exception] = []

    def send(who: int, key: str, ready: threading.Barrier) -> None:
        ready.wait()
        try:
            with db.writing(engine) as session:
                keys = slots(session, "O6", period="2025-01", format="pdf")
                made.append(
                    workflow.submit(
                        session,
                        by=who,
                        item_id=item_id(session, "O6"),
                        slots=keys,
                        content=PDF,
                        at=NOW,
                        request_key=key,
                    )
                )
        except Exception as error:  # noqa: BLE001  whatever it is, the assertion below shows it
            failed.append(error)

    for turn in range(5):
        ready = threading.Barrier(3)
        senders = [(cast.usa, f"usa {turn}"), (cast.usa, f"usa {turn}"), (cast.pattama, f"pattama {turn}")]
        threads = [threading.Thread(target=send, args=(*one, ready)) for one in senders]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert failed == []
    assert (len(made), len(set(made))) == (15, 10)


@pytest.mark.parametrize("who", ["khanittha", "piyaporn", "commander", "admin", "viewer"])
def test_who_does_not_prepare_an_item_cannot_hand_in_for_it(engine: sa.Engine, cast: Cast, who: str):
    with pytest.raises((NotYourItem, NotFound)), db.writing(engine) as session:
        hand_in(session, getattr(cast, who))


def test_who_may_not_read_an_item_is_told_that_there_is_none(engine: sa.Engine, cast: Cast):
    with pytest.raises(NotFound), db.writing(engine) as session:
        hand_in(session, cast.piyaporn)


@pytest.mark.parametrize(
    ("content", "wanted", "refusal"),
    [
        (PDF, {"period": "1999-01"}, NoSlot),
        (PDF, {"period": "2025-01", "format": "word"}, WrongFormat),
        (workflow.Nil(), {"period": "2025-01"}, NilNotAllowed),
        (workflow.Link("ftp://example.org"), {"period": "2025-01"}, BadAddress),
        (workflow.Link("javascript:alert(1)"), {"period": "2025-01"}, BadAddress),
    ],
)
def test_a_hand_in_that_does_not_fit_is_refused(engine: sa.Engine, cast: Cast, content, wanted, refusal):
    with pytest.raises(refusal), db.writing(engine) as session:
        hand_in(session, cast.usa, content=content, **wanted)
    with db.reading(engine) as session:
        assert session.exec(select(Evidence)).all() == []


def test_a_slot_of_another_item_is_refused(engine: sa.Engine, cast: Cast):
    with pytest.raises(UnknownSlot), db.writing(engine) as session:
        foreign = slots(session, "O10", format="pdf")[:1]
        workflow.submit(session, by=cast.usa, item_id=item_id(session, "O6"), slots=foreign, content=PDF, at=NOW)


def test_a_nil_statement_answers_where_the_manual_allows_it(engine: sa.Engine, cast: Cast):
    with db.writing(engine) as session:
        person = session.exec(select(Person.id).where(Person.key == "phailin")).one()
        pailin = account(session, NOW, "pailin", "ไพลิน", Role.officer, office(session), person_id=person)
        made = hand_in(session, pailin, "O14", content=workflow.Nil(), period="2024-10")
        assert len(queries.get_evidence(session, cast.admin, made).slots) == 2


@pytest.mark.both
@pytest.mark.parametrize("text", ["nul\0", "bell\a", "\u202egnp.exe", "\ud800"])
def test_text_that_cannot_be_kept_is_refused(engine: sa.Engine, cast: Cast, text: str):
    with pytest.raises(BadText), db.writing(engine) as session:
        keys = slots(session, "O6", period="2025-01", format="pdf")
        workflow.submit(
            session, by=cast.usa, item_id=item_id(session, "O6"), slots=keys, content=PDF, note=text, at=NOW
        )


@pytest.mark.both
def test_who_handed_in_takes_it_back_while_nobody_has_decided(engine: sa.Engine, cast: Cast):
    with db.writing(engine) as session:
        made = hand_in(session, cast.usa)
        workflow.withdraw(session, by=cast.usa, evidence_id=made, at=NOW)
        with pytest.raises(AlreadyWithdrawn):
            workflow.review(session, by=cast.khanittha, evidence_id=made, decision=Decision.accepted, at=NOW)
        assert states(session, "O6") == {State.missing}


@pytest.mark.parametrize(("who", "refusal"), [("pattama", NotYours), ("khanittha", NotYours), ("piyaporn", NotFound)])
def test_nobody_else_takes_it_back(engine: sa.Engine, cast: Cast, who: str, refusal: type[Refused]):
    with db.writing(engine) as session:
        made = hand_in(session, cast.usa)
        with pytest.raises(refusal):
            workflow.withdraw(session, by=getattr(cast, who), evidence_id=made, at=NOW)


def test_what_was_decided_is_not_taken_back(engine: sa.Engine, cast: Cast):
    with db.writing(engine) as session:
        made = hand_in(session, cast.usa)
        workflow.review(session, by=cast.khanittha, evidence_id=made, decision=Decision.accepted, at=NOW)
        with pytest.raises(AlreadyReviewed):
            workflow.withdraw(session, by=cast.usa, evidence_id=made, at=NOW)


@pytest.mark.both
def test_a_slot_key_survives_the_way_through_the_database(engine: sa.Engine, cast: Cast):
    with db.writing(engine) as session:
        made = hand_in(session, cast.usa)
        found = queries.get_evidence(session, cast.usa, made)
        assert all(isinstance(key, SlotKey) for key in found.slots)
        assert set(found.slots) == set(slots(session, "O6", period="2025-01", format="pdf"))


@pytest.mark.both
def test_handing_in_the_same_upload_twice_makes_one_evidence(engine: sa.Engine, cast: Cast):
    with db.writing(engine) as session:
        o6 = item_id(session, "O6")
        sent = workflow.Received(workflow.receive(session, by=cast.usa, item_id=o6, file=PDF, key="1", at=NOW))
        assert hand_in(session, cast.usa, content=sent) == hand_in(session, cast.usa, content=sent)


@pytest.mark.both
def test_an_upload_that_gets_a_cleared_one_s_number_makes_an_evidence_of_its_own(engine: sa.Engine, cast: Cast):
    """SQLite gives the number of the last row again once that row is gone."""
    made = []
    for file, at in ((PDF, NOW - timedelta(days=30)), (OTHER, NOW)):
        with db.writing(engine) as session:
            o6 = item_id(session, "O6")
            sent = workflow.Received(
                workflow.receive(session, by=cast.usa, item_id=o6, file=file, key=file.name, at=at)
            )
            made.append(hand_in(session, cast.usa, content=sent))
        with db.writing(engine) as session:
            workflow.clear_left(session, at=NOW)
    with db.reading(engine) as session:
        assert [session.get_one(Evidence, one).file_name for one in made] == [PDF.name, OTHER.name]
