"""Records that were changed, removed or put in behind the app's back are named."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlmodel import col, select

from ita_core import audit, db, queries, workflow
from ita_core.models import (
    Account,
    AnnouncedScore,
    Approval,
    AuditEntry,
    AuditHead,
    Decision,
    Directive,
    DirectiveEvent,
    DirectiveStep,
    Evidence,
    EvidenceSlot,
    Filing,
    LinkCheck,
    LinkOutcome,
    Message,
    Publication,
    Review,
    ScoreFile,
    Withdrawal,
)
from ita_core.plan.scores import ScoreEntry
from ita_core.proof.verify import Wrong
from tests.proof.office import NOW, Office, only

OTHER = datetime(2025, 1, 1, tzinfo=UTC)
CHANGES = [
    (Evidence, {"kind": "file"}, {"file_name": "อื่น.pdf"}, "evidence {id}", 'file_name "อื่น.pdf"'),
    (Evidence, {"kind": "file"}, {"note": "เพิ่มทีหลัง"}, "evidence {id}", 'note "เพิ่มทีหลัง"'),
    (Evidence, {"kind": "file"}, {"at": OTHER}, "evidence {id}", "at 2025-01-01T00:00:00+00:00"),
    (Evidence, {"kind": "file"}, {"account_id": 1}, "evidence {id}", "by 1"),
    (Evidence, {"kind": "file"}, {"item_id": 1}, "evidence {id}", 'item "O1"'),
    (Evidence, {"kind": "link"}, {"url": "https://elsewhere.example"}, "evidence {id}", "https://elsewhere.example"),
    (Evidence, {"kind": "link"}, {"kind": "nil"}, "evidence {id}", 'kind "nil"'),
    (EvidenceSlot, {}, {"period": "2030-01"}, "evidence {evidence_id}", "2030-01"),
    (
        Review,
        {"decision": "returned"},
        {"decision": Decision.accepted},
        "review of evidence {evidence_id}",
        '"accepted"',
    ),
    (Review, {"decision": "returned"}, {"reason": "ไม่มี"}, "review of evidence {evidence_id}", 'reason "ไม่มี"'),
    (Review, {}, {"account_id": 1}, "review of evidence {evidence_id}", "by 1"),
    (Withdrawal, {}, {"at": OTHER}, "withdrawal of evidence {evidence_id}", "at 2025-01-01"),
    (Message, {}, {"text": "ไม่ได้ถาม"}, "message {id}", 'text "ไม่ได้ถาม"'),
    (Message, {}, {"evidence_id": 1}, "message {id}", "evidence 1"),
    (Approval, {}, {"fingerprint": "0"}, "approval of O", 'fingerprint "0"'),
    (Publication, {}, {"url": "https://x.example"}, "publication of O", "https://x.example"),
    (Filing, {}, {"answer": False}, "filing of O", "answer false"),
    (Filing, {}, {"explanation": "x"}, "filing of O", 'explanation "x"'),
    (LinkCheck, {"status": 404}, {"outcome": LinkOutcome.reached}, "check {id}", 'outcome "reached"'),
    (LinkCheck, {}, {"url": "https://x.example"}, "check {id}", "https://x.example"),
    (Directive, {}, {"text": "อื่น"}, "directive {id}", 'text "อื่น"'),
    (
        DirectiveEvent,
        {"what": "done"},
        {"what": DirectiveStep.cancelled},
        "step of directive {directive_id}",
        "cancelled",
    ),
]


@pytest.mark.parametrize(("model", "wanted", "values", "name", "says"), CHANGES)
def test_a_record_that_was_changed_is_named_with_both_versions(
    office: Office, model: type, wanted: dict, values: dict, name: str, says: str
):
    row = office.one(model, **wanted)
    office.change(sa.update(model).where(model.id == row.id).values(**values))
    finding = only(office.verify())
    assert finding.kind is Wrong.record
    assert finding.what.startswith(name.format(**row.model_dump()))
    assert says in finding.says.partition("; the audit (entry ")[0]
    assert "; the audit (entry " in finding.says


@pytest.mark.both
@pytest.mark.parametrize(
    "model", [Review, Withdrawal, Message, Approval, Publication, Filing, LinkCheck, DirectiveEvent]
)
def test_a_record_that_was_removed_is_named(office: Office, model: type):
    office.change(sa.delete(model).where(model.id == office.one(model).id))
    finding = only(office.verify())
    assert finding.kind is Wrong.record
    assert "but the row is gone" in finding.says


def test_a_slot_that_was_added_or_removed_is_named(office: Office):
    row = office.one(EvidenceSlot)
    office.change(sa.delete(EvidenceSlot).where(EvidenceSlot.id == row.id))
    assert office.found() == [(Wrong.record, f"evidence {row.evidence_id}")]


@pytest.mark.both
def test_a_record_that_was_put_in_by_hand_is_named(office: Office):
    reviewed = sa.select(Review.evidence_id).union(sa.select(Withdrawal.evidence_id))
    with db.reading(office.engine) as session:
        number = session.exec(select(Evidence.id).where(col(Evidence.id).not_in(reviewed))).first()
    forged = sa.insert(Review).values(evidence_id=number, account_id=1, decision=Decision.accepted, reason="", at=NOW)
    office.change(forged)
    finding = only(office.verify())
    assert finding.what == f"review of evidence {number}"
    assert "the audit has no entry of it" in finding.says


def test_an_audit_entry_that_was_changed_is_named_and_what_it_says_differently(office: Office):
    entry = office.one(AuditEntry, action="evidence.returned")
    office.change(sa.update(AuditEntry).where(AuditEntry.number == entry.number).values(detail={"reason": "x"}))
    assert office.found() == [(Wrong.chain, "audit"), (Wrong.record, f"review of {entry.subject}")]


@pytest.mark.both
def test_an_audit_entry_that_was_removed_is_named_and_its_record(office: Office):
    entry = office.one(AuditEntry, action="evidence.withdraw")
    office.change(sa.delete(AuditEntry).where(AuditEntry.number == entry.number))
    findings = office.verify().findings
    assert str(findings[0]) == f"audit: entry {entry.number} is missing"
    assert [(one.kind, one.what) for one in findings[1:]] == [(Wrong.record, f"withdrawal of {entry.subject}")]


def test_an_end_that_was_cut_with_all_its_traces_is_seen_only_by_a_head_kept_outside(office: Office):
    kept = office.verify().head
    with db.writing(office.engine) as session:
        audit.record(session, actor=None, action="test", subject="x", at=NOW)
    later = office.verify(kept=kept)
    assert later.findings == ()
    kept = later.head
    office.change(
        sa.delete(AuditEntry).where(AuditEntry.number == kept[0]),
        sa.update(AuditHead).values(number=kept[0] - 1, hash=office.one(AuditEntry, number=kept[0] - 1).hash),
    )
    assert office.verify().findings == ()
    assert only(office.verify(kept=kept)).says == (
        f"entry {kept[0]}, kept outside as the end, is missing: the record ends with {kept[0] - 1}"
    )


@pytest.mark.parametrize("played", ["sqlite"], indirect=True)  # PostgreSQL's types let no such value in
@pytest.mark.parametrize(
    ("statement", "kind", "what"),
    [
        ("UPDATE review SET decision = 'perhaps' WHERE id = 3", Wrong.unreadable, "review 3"),
        ("UPDATE evidence SET at = 'yesterday' WHERE id = 4", Wrong.unreadable, "evidence 4"),
        ("UPDATE auditentry SET detail = '{' WHERE number = 5", Wrong.unreadable, "auditentry 5"),
        ("UPDATE evidence SET note = CAST(x'ff' AS TEXT) WHERE id = 4", Wrong.unreadable, "evidence"),
    ],
)
def test_a_row_that_cannot_be_read_is_named(office: Office, statement: str, kind: Wrong, what: str):
    office.change(sa.text(statement))
    assert (kind, what) in office.found()


# --- scores: one entry tells of several ------------------------------------------------------------------------------

REPORT = [
    ScoreEntry(2568, "IIT", None, "", 94.1, "ประกาศ"),
    ScoreEntry(2568, "OIT", 9, "O6", 75.0, "ประกาศ"),
    ScoreEntry(2567, "IIT", 3, "", 91.25, "ประกาศ"),
]


@pytest.fixture
def scored(office: Office) -> Office:
    """With scores recorded at once, one of them retracted, and an estimate of the commander's, and one taken back."""
    with db.reading(office.engine) as session:
        head = session.exec(select(Account.id).where(Account.username == "thianchai")).one()
        asked = {"by": head, "assessment_id": queries.get_assessment(session).id}
    with db.writing(office.engine) as session:
        workflow.announce_scores(session, entries=REPORT, at=NOW, **asked)
    with db.writing(office.engine) as session:
        workflow.retract_score(session, entry=REPORT[2], why="ผิดปี", at=NOW + timedelta(hours=1), **asked)
    for hours, points in ((2, 96.0), (3, None)):
        estimate = {"instrument": "EIT", "points": points, "note": "ผลสำรวจ", "at": NOW + timedelta(hours=hours)}
        with db.writing(office.engine) as session:
            workflow.estimate_score(session, **estimate, **asked)
    assert office.found() == []
    return office


SCORES = [
    ({"instrument": "IIT", "fiscal_year": 2568}, {"points": 99.0}, "score of 2568 IIT of office 1", "points 99.0"),
    ({"item": "O6"}, {"source": "อื่น"}, "score of 2568 O6 of office 1", 'source "อื่น"'),
    ({"item": "O6"}, {"account_id": None}, "score of 2568 O6 of office 1", "by null"),
    ({"indicator": 3, "retracted": True}, {"retracted": False}, "score of 2567 IIT 3 of office 1", "retracted false"),
    ({"indicator": 3, "retracted": True}, {"source": "x"}, "score of 2567 IIT 3 of office 1", 'source "x"'),
    ({"estimated": True, "retracted": False}, {"points": 60.0}, "estimate of 2568 EIT of office 1", "points 60.0"),
    ({"estimated": True, "retracted": True}, {"at": OTHER}, "estimate of 2568 EIT of office 1", "at 2025-01-01"),
]


@pytest.mark.parametrize(("wanted", "values", "name", "says"), SCORES)
def test_a_score_that_was_changed_is_named_with_both_versions(
    scored: Office, wanted: dict, values: dict, name: str, says: str
):
    row = scored.one(AnnouncedScore, **wanted)
    scored.change(sa.update(AnnouncedScore).where(AnnouncedScore.id == row.id).values(**values))
    finding = only(scored.verify())
    assert (finding.kind, finding.what) == (Wrong.record, name)
    assert says in finding.says.partition("; the audit (entry ")[0]
    assert "; the audit (entry " in finding.says


def test_a_score_moved_to_another_year_is_missed_there_and_found_here(scored: Office):
    row = scored.one(AnnouncedScore, item="O6")
    scored.change(sa.update(AnnouncedScore).where(AnnouncedScore.id == row.id).values(fiscal_year=2566))
    assert scored.found() == [
        (Wrong.record, "score of 2566 O6 of office 1"), (Wrong.record, "score of 2568 O6 of office 1"),
    ]  # fmt: skip


def test_what_its_entry_does_not_tell_of_a_score_is_held_by_its_seal(scored: Office):
    row = scored.one(AnnouncedScore, item="O6")
    scored.change(sa.update(AnnouncedScore).where(AnnouncedScore.id == row.id).values(indicator=10))
    assert scored.found() == [(Wrong.row, f"announcedscore {row.id}")]


@pytest.mark.both
@pytest.mark.parametrize("wanted", [{"item": "O6"}, {"retracted": True}, {"estimated": True}])
def test_a_score_that_was_removed_is_named(scored: Office, wanted: dict):
    scored.change(sa.delete(AnnouncedScore).where(AnnouncedScore.id == scored.one(AnnouncedScore, **wanted).id))
    finding = only(scored.verify())
    assert finding.kind is Wrong.record
    assert "but the row is gone" in finding.says


@pytest.mark.both
def test_a_score_that_was_put_in_by_hand_is_named(scored: Office):
    forged = {"office_id": 1, "fiscal_year": 2568, "instrument": "", "item": "", "points": 99.0, "source": "ประกาศ"}
    told = {"retracted": False, "estimated": False, "account_id": 1, "at": NOW}
    scored.change(sa.insert(AnnouncedScore).values(**forged, **told))
    finding = only(scored.verify())
    assert (finding.kind, finding.what) == (Wrong.record, "score of 2568 total of office 1")
    assert "the audit has no entry of it" in finding.says


@pytest.mark.both
def test_a_file_of_scores_that_waits_is_sealed_like_any_row(office: Office):
    with db.writing(office.engine) as session:
        of = queries.get_assessment(session).id
        head = session.exec(select(Account.id).where(Account.username == "thianchai")).one()
        named = {"file_name": "ก.csv", "sha256": "0" * 64}
        workflow.keep_score_file(session, by=head, assessment_id=of, entries=REPORT, at=NOW, **named)
    assert office.found() == []
    office.change(sa.update(ScoreFile).values(entries=[[2568, "IIT", None, "", 100.0, "ประกาศ"]]))
    assert office.found() == [(Wrong.row, f"scorefile {office.one(ScoreFile).id}")]
