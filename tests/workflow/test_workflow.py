"""Use cases: what each does, and whom it refuses."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlmodel import Session, select

from ita_core import audit, db, queries, workflow
from ita_core.board.progress import SlotKey, Stage, State
from ita_core.errors import (
    AlreadyReviewed,
    AlreadyWithdrawn,
    BadAddress,
    BadText,
    NilNotAllowed,
    NoSlot,
    NotApproved,
    NotComplete,
    NotFound,
    NotYourItem,
    NotYours,
    OwnEvidence,
    ReasonMissing,
    Refused,
    UnknownSlot,
    WrongFormat,
)
from ita_core.evidence.objects import File
from ita_core.models import Account, AuditEntry, Decision, Duty, DutyKind, Evidence, Party, Review
from tests.cast import Cast, item_id, slots

NOW = datetime(2025, 2, 27, 3, 0, tzinfo=UTC)
PDF = File("a" * 64, 1000, "application/pdf", "pdf", "รายงานผล ม.ค. 68.pdf")
OTHER = File("b" * 64, 1000, "application/pdf", "pdf", "รายงานผล แก้ไข.pdf")


def hand_in(session: Session, by: int, code: str = "O6", *, content: workflow.Content = PDF, **wanted: object) -> int:
    wanted = wanted or {"period": "2025-01", "format": "pdf"}
    keys = slots(session, code, **wanted)
    return workflow.submit(session, by=by, item_id=item_id(session, code), slots=keys, content=content, at=NOW)


def states(session: Session, code: str) -> set[State]:
    facts = queries.get_assessment(session)
    part = queries.take_snapshot(session, facts, item_id(session, code))
    return {slot.state for slot in part.board(NOW.date() + timedelta(days=9)).items[0].slots}


def complete(session: Session, cast: Cast) -> tuple[int, str]:
    """O10 with every slot accepted: (item id, fingerprint)."""
    for fmt in ("pdf", "word"):
        made = hand_in(session, cast.usa, "O10", content=File(fmt * 16, 9, "x", fmt, f"a.{fmt}"), format=fmt)
        supervisor = the_supervisor_of_o10(session)
        workflow.review(session, by=supervisor, evidence_id=made, decision=Decision.accepted, at=NOW)
    facts = queries.get_assessment(session)
    of = item_id(session, "O10")
    return of, queries.take_snapshot(session, facts, of).board(facts.ends).items[0].fingerprint


def the_supervisor_of_o10(session: Session) -> int:
    party = session.exec(select(Party).where(Party.name == "ณัฐวรรธ แก้วทิพย์เนตร")).one()
    found = session.exec(select(Account).where(Account.party_id == party.id)).first()
    if found is None:
        found = Account(party_id=party.id, username="nattawat", name=party.name, role="officer", created_at=NOW)
        session.add(found)
        session.flush()
    return found.id or 0


@pytest.mark.both
def test_a_preparer_hands_in_a_file_for_a_month_of_every_line_of_work(engine: sa.Engine, cast: Cast):
    with db.writing(engine) as session:
        made = hand_in(session, cast.usa)
    with db.reading(engine) as session:
        found = queries.get_evidence(session, queries.get_actor(session, cast.usa), made)
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


@pytest.mark.both
def test_a_second_click_on_the_same_decision_is_no_refusal(engine: sa.Engine, cast: Cast):
    with db.writing(engine) as session:
        made = hand_in(session, cast.usa)
        for _ in range(2):
            workflow.review(session, by=cast.khanittha, evidence_id=made, decision=Decision.accepted, at=NOW)
        assert len(session.exec(select(Review)).all()) == 1


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
        pailin = session.exec(select(Party).where(Party.name == "ไพลิน ฉัญจรัสรักษ์")).one()
        account = Account(party_id=pailin.id, username="pailin", name=pailin.name, role="officer", created_at=NOW)
        session.add(account)
        session.flush()
        made = hand_in(session, account.id or 0, "O14", content=workflow.Nil(), period="2024-10")
        assert len(queries.get_evidence(session, queries.get_actor(session, cast.admin), made).slots) == 2


@pytest.mark.both
@pytest.mark.parametrize("text", ["nul\0", "bell\a", "\u202egnp.exe", "\ud800"])
def test_text_that_cannot_be_kept_is_refused(engine: sa.Engine, cast: Cast, text: str):
    with pytest.raises(BadText), db.writing(engine) as session:
        keys = slots(session, "O6", period="2025-01", format="pdf")
        workflow.submit(
            session, by=cast.usa, item_id=item_id(session, "O6"), slots=keys, content=PDF, note=text, at=NOW
        )


@pytest.mark.both
def test_a_supervisor_accepts(engine: sa.Engine, cast: Cast):
    with db.writing(engine) as session:
        made = hand_in(session, cast.usa)
        workflow.review(session, by=cast.khanittha, evidence_id=made, decision=Decision.accepted, at=NOW)
    with db.reading(engine) as session:
        assert State.accepted in states(session, "O6")


@pytest.mark.both
def test_a_supervisor_returns_with_a_reason_that_is_kept(engine: sa.Engine, cast: Cast):
    with db.writing(engine) as session:
        made = hand_in(session, cast.usa)
        workflow.review(
            session, by=cast.khanittha, evidence_id=made, decision=Decision.returned, reason=" ภาพไม่ครบ ", at=NOW
        )
    with db.reading(engine) as session:
        found = queries.get_evidence(session, queries.get_actor(session, cast.usa), made)
        assert (found.decision, found.reason, found.reviewed_by) == (
            Decision.returned,
            "ภาพไม่ครบ",
            "ขนิษฐา แก้วโสภา",
        )


def test_nothing_is_returned_without_a_reason(engine: sa.Engine, cast: Cast):
    with db.writing(engine) as session:
        made = hand_in(session, cast.usa)
        with pytest.raises(ReasonMissing):
            workflow.review(session, by=cast.khanittha, evidence_id=made, decision=Decision.returned, at=NOW)


@pytest.mark.parametrize("who", ["pattama", "commander", "admin", "viewer", "itap"])
def test_who_does_not_supervise_an_item_cannot_review_it(engine: sa.Engine, cast: Cast, who: str):
    with db.writing(engine) as session:
        made = hand_in(session, cast.usa)
        with pytest.raises(NotYourItem):
            workflow.review(session, by=getattr(cast, who), evidence_id=made, decision=Decision.accepted, at=NOW)


def test_an_officer_without_a_duty_on_the_item_does_not_learn_of_its_evidence(engine: sa.Engine, cast: Cast):
    with db.writing(engine) as session:
        made = hand_in(session, cast.usa)
        with pytest.raises(NotFound):
            workflow.review(session, by=cast.piyaporn, evidence_id=made, decision=Decision.accepted, at=NOW)
        with pytest.raises(NotFound):
            queries.get_evidence(session, queries.get_actor(session, cast.piyaporn), made)


def test_nobody_reviews_what_they_handed_in_even_as_supervisor(engine: sa.Engine, cast: Cast):
    with db.writing(engine) as session:
        party = session.get_one(Account, cast.khanittha).party_id
        session.add(Duty(party_id=party, item_id=item_id(session, "O6"), kind=DutyKind.prepare, position=99))
        session.flush()
        made = hand_in(session, cast.khanittha)
        with pytest.raises(OwnEvidence):
            workflow.review(session, by=cast.khanittha, evidence_id=made, decision=Decision.accepted, at=NOW)


@pytest.mark.both
def test_the_second_decision_is_told_who_was_quicker(engine: sa.Engine, cast: Cast):
    with db.writing(engine) as session:
        made = hand_in(session, cast.usa)
        workflow.review(session, by=cast.khanittha, evidence_id=made, decision=Decision.accepted, at=NOW)
        with pytest.raises(AlreadyReviewed, match="ขนิษฐา แก้วโสภา has already decided on this: accepted"):
            workflow.review(
                session, by=cast.pramote, evidence_id=made, decision=Decision.returned, reason="ไม่ครบ", at=NOW
            )


@pytest.mark.both
def test_of_two_reviews_at_once_one_wins(engine: sa.Engine, cast: Cast):
    with db.writing(engine) as session:
        made = [hand_in(session, cast.usa) for _ in range(10)]
    outcomes: list[str] = []

    def decide(who: int, evidence: int, ready: threading.Barrier) -> None:
        ready.wait()
        try:
            with db.writing(engine) as session:
                workflow.review(session, by=who, evidence_id=evidence, decision=Decision.accepted, at=NOW)
            outcomes.append("won")
        except AlreadyReviewed:
            outcomes.append("told")

    for evidence in made:
        ready = threading.Barrier(2)
        both = [threading.Thread(target=decide, args=(who, evidence, ready)) for who in (cast.khanittha, cast.pramote)]
        for thread in both:
            thread.start()
        for thread in both:
            thread.join()
    assert (outcomes.count("won"), outcomes.count("told")) == (10, 10)
    with db.reading(engine) as session:
        assert audit.faults(session) == []


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
def test_the_commander_approves_a_complete_item_and_it_is_published_and_filed(engine: sa.Engine, cast: Cast):
    with db.writing(engine) as session:
        of, mark = complete(session, cast)
        workflow.approve(session, by=cast.commander, item_id=of, fingerprint=mark, at=NOW)
        workflow.publish(session, by=cast.itap, item_id=of, url="https://example.org/o10", at=NOW)
        workflow.record_filing(session, by=cast.itap, item_id=of, answer=True, url="https://example.org/o10", at=NOW)
        facts = queries.get_assessment(session)
        assert queries.take_snapshot(session, facts, of).board(facts.ends).items[0].stage is Stage.filed
        detail = queries.get_item_detail(session, queries.get_actor(session, cast.viewer), facts, "O10")
        assert {event.what for event in detail.history} == {"handed_in", "accepted", "approved", "published", "filed"}


@pytest.mark.parametrize("who", ["usa", "khanittha", "admin", "viewer", "itap"])
def test_only_the_commander_approves(engine: sa.Engine, cast: Cast, who: str):
    with db.writing(engine) as session:
        of, mark = complete(session, cast)
        with pytest.raises(NotYours):
            workflow.approve(session, by=getattr(cast, who), item_id=of, fingerprint=mark, at=NOW)


@pytest.mark.parametrize("who", ["piyaporn", "usa", "itap", "admin"])
def test_who_may_not_approve_does_not_learn_which_items_there_are(engine: sa.Engine, cast: Cast, who: str):
    with db.writing(engine) as session:
        for of in (item_id(session, "O6"), 2**30):
            with pytest.raises(NotYours) as refused:
                workflow.approve(session, by=getattr(cast, who), item_id=of, fingerprint="", at=NOW)
            assert type(refused.value) is NotYours


def test_only_what_is_accepted_keeps_the_commander_from_approving(engine: sa.Engine, cast: Cast):
    with db.writing(engine) as session:
        party = session.get_one(Account, cast.commander).party_id
        session.add(Duty(party_id=party, item_id=item_id(session, "O10"), kind=DutyKind.prepare, position=99))
        session.flush()
        made = hand_in(session, cast.commander, "O10", period="2025-01", format="pdf")
        with pytest.raises(NotComplete):
            workflow.approve(session, by=cast.commander, item_id=item_id(session, "O10"), fingerprint="", at=NOW)
        supervisor = the_supervisor_of_o10(session)
        workflow.review(session, by=supervisor, evidence_id=made, decision=Decision.accepted, at=NOW)
        with pytest.raises(OwnEvidence):
            workflow.approve(session, by=cast.commander, item_id=item_id(session, "O10"), fingerprint="", at=NOW)


def test_an_unfinished_item_is_not_approved(engine: sa.Engine, cast: Cast):
    with db.writing(engine) as session, pytest.raises(NotComplete):
        workflow.approve(session, by=cast.commander, item_id=item_id(session, "O6"), fingerprint="", at=NOW)


@pytest.mark.both
def test_an_approval_is_for_what_the_commander_saw(engine: sa.Engine, cast: Cast):
    with db.writing(engine) as session:
        of, mark = complete(session, cast)
        newer = hand_in(session, cast.usa, "O10", content=OTHER, period="2024-10", format="pdf")
        supervisor = the_supervisor_of_o10(session)
        workflow.review(session, by=supervisor, evidence_id=newer, decision=Decision.accepted, at=NOW)
        with pytest.raises(workflow.EvidenceChanged):
            workflow.approve(session, by=cast.commander, item_id=of, fingerprint=mark, at=NOW)


@pytest.mark.parametrize("who", ["usa", "khanittha", "commander", "admin", "viewer"])
def test_only_who_keeps_itap_publishes(engine: sa.Engine, cast: Cast, who: str):
    with db.writing(engine) as session:
        of, mark = complete(session, cast)
        workflow.approve(session, by=cast.commander, item_id=of, fingerprint=mark, at=NOW)
        with pytest.raises(NotYours):
            workflow.publish(session, by=getattr(cast, who), item_id=of, url="https://example.org", at=NOW)


def test_nothing_is_published_before_it_is_approved_nor_filed_before_it_is_published(engine: sa.Engine, cast: Cast):
    with db.writing(engine) as session:
        of, mark = complete(session, cast)
        with pytest.raises(NotApproved):
            workflow.publish(session, by=cast.itap, item_id=of, url="https://example.org", at=NOW)
        workflow.approve(session, by=cast.commander, item_id=of, fingerprint=mark, at=NOW)
        with pytest.raises(NotApproved):
            workflow.record_filing(session, by=cast.itap, item_id=of, answer=True, url="https://example.org", at=NOW)


def test_a_disabled_account_does_nothing(engine: sa.Engine, cast: Cast):
    with db.writing(engine) as session:
        session.get_one(Account, cast.usa).disabled = True
        session.flush()
        with pytest.raises(NotFound):
            hand_in(session, cast.usa)


@pytest.mark.both
def test_the_administrator_settles_a_name_and_the_other_spelling_is_kept(engine: sa.Engine, cast: Cast):
    with db.writing(engine) as session:
        party = session.exec(select(Party).where(Party.name == "ขนิษฐา แก้วโสภา")).one()
        workflow.confirm_name(session, by=cast.admin, party_id=party.id, rank="พ.ต.ท.หญิง", name="ชนิษฐา แก้วโสภา", at=NOW)
        settled = queries.people_by_id(session, queries.get_assessment(session).id)[party.id]
        assert (settled.name, settled.confirm) == ("ชนิษฐา แก้วโสภา", False)
        assert "ขนิษฐา แก้วโสภา" in settled.aliases
        with pytest.raises(NotYours):
            workflow.confirm_name(session, by=cast.khanittha, party_id=party.id, rank="", name="x", at=NOW)


@pytest.mark.both
def test_a_member_of_a_team_gets_the_teams_duties(engine: sa.Engine, cast: Cast):
    with db.writing(engine) as session:
        team = session.exec(select(Party).where(Party.name == "งานส่งกำลังบำรุง")).one()
        officer = session.get_one(Account, cast.piyaporn).party_id
        sign = item_id(session, "1.4")
        with pytest.raises(NotFound):
            hand_in(session, cast.piyaporn, "1.4", ordinal=1)
        workflow.set_members(session, by=cast.admin, group_id=team.id, officer_ids=[officer], at=NOW)
        keys = slots(session, "1.4")
        assert workflow.submit(
            session, by=cast.piyaporn, item_id=sign, slots=keys, at=NOW,
            content=File("c" * 64, 5, "image/jpeg", "image", "ป้าย.jpg"),
        )  # fmt: skip
        with pytest.raises(NotYours):
            workflow.set_members(session, by=cast.piyaporn, group_id=team.id, officer_ids=[], at=NOW)


@pytest.mark.both
def test_every_write_stands_in_the_audit_with_who_what_and_when(engine: sa.Engine, cast: Cast):
    with db.writing(engine) as session:
        made = hand_in(session, cast.usa)
        workflow.review(session, by=cast.khanittha, evidence_id=made, decision=Decision.accepted, at=NOW)
    with db.reading(engine) as session:
        entries = session.exec(select(AuditEntry).order_by(AuditEntry.number)).all()[-2:]
        assert [(entry.actor, entry.action, entry.subject, entry.at) for entry in entries] == [
            ("อุษา มีนาม", "evidence.submit", f"evidence {made}", NOW),
            ("ขนิษฐา แก้วโสภา", "evidence.accepted", f"evidence {made}", NOW),
        ]
        assert entries[0].detail["sha256"] == PDF.sha256
        assert audit.faults(session) == []


@pytest.mark.both
def test_a_refused_act_leaves_no_trace_in_rows_or_audit(engine: sa.Engine, cast: Cast):
    with db.reading(engine) as session:
        before = audit.head(session)
    with pytest.raises(NotFound), db.writing(engine) as session:
        hand_in(session, cast.piyaporn)
    with db.reading(engine) as session:
        assert audit.head(session) == before


@pytest.mark.both
def test_a_slot_key_survives_the_way_through_the_database(engine: sa.Engine, cast: Cast):
    with db.writing(engine) as session:
        made = hand_in(session, cast.usa)
        found = queries.get_evidence(session, queries.get_actor(session, cast.usa), made)
        assert all(isinstance(key, SlotKey) for key in found.slots)
        assert set(found.slots) == set(slots(session, "O6", period="2025-01", format="pdf"))


# --- files received before they are handed in -------------------------------------------------------------------------


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
