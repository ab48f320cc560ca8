"""Documents by their route: who gets which, what of them stands in the audit, what is refused."""

import io
from datetime import timedelta

import docx
import pypdfium2
import pytest
from sqlmodel import select

from ita_core import accounts, db, queries, settings, workflow
from ita_core.exports.documents import making
from ita_core.models import Account, AuditEntry
from ita_core.web import documents
from tests.asking import client
from tests.cast import Cast, item_id

NAMES = list(making.DOCUMENTS)


@pytest.fixture
def held(cast: Cast) -> None:
    """A meeting of the day before, and something to clarify of O6."""
    then = settings.settings().now() - timedelta(days=1)
    with db.writing() as session:
        of = queries.get_assessment(session).id
        meeting = workflow.open_meeting(session, by=cast.commander, assessment_id=of, at=then)
        workflow.end_meeting(session, by=cast.commander, meeting_id=meeting, at=then + timedelta(hours=1))
        given = {"by": cast.itap, "at": then}
        workflow.record_verdict(session, assessment_id=of, points={"O6": 50.0}, source="ITAP", **given)
        workflow.clarify(session, item_id=item_id(session, "O6"), text="ขอชี้แจง", propose=False, seen=0, **given)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("who", ["commander", "viewer", "admin"])
def test_whoever_sees_all_gets_each(cast: Cast, held: None, who: str, name: str):
    answer = client(cast, who).get(f"/documents/{name}.docx")
    assert answer.status_code == 200
    assert docx.Document(io.BytesIO(answer.content)).core_properties.author == "ตรวจคนเข้าเมืองจังหวัดประจวบคีรีขันธ์"
    file = "meeting-1" if name == "meeting" else name  # each meeting's report has a name of its own
    assert f"ita-2568-{file}-2568-03-15.docx" in answer.headers["content-disposition"]
    assert answer.headers["cache-control"] == "private, no-store"


@pytest.mark.parametrize("name", NAMES)
def test_an_officer_gets_their_own_assignments_and_of_the_others_there_are_none(cast: Cast, held: None, name: str):
    asker = client(cast, "usa")
    if name == "clarifications":  # those of their items: tests/exports/documents/test_clarification.py
        assert asker.get(f"/documents/{name}.pdf").status_code == 200
        return
    answer, none = asker.get(f"/documents/{name}.pdf"), asker.get("/documents/nothing.pdf")
    if name != "assignments":
        assert (answer.status_code, answer.text) == (none.status_code, none.text) == (404, "ไม่พบรายการนี้")
        return
    with pypdfium2.PdfDocument(answer.content) as pdf:
        text = "".join(page.get_textpage().get_text_bounded() for page in pdf)
    assert text.count("บัญชีมอบหมายงานรายบุคคล") == 1
    assert "อุษา" in text
    assert "ไพลิน" not in text


def test_who_keeps_itap_sees_every_item_but_not_what_was_ordered_of_others(cast: Cast, held: None):
    asker = client(cast, "itap")
    assert [name for name in NAMES if asker.get(f"/documents/{name}.docx").status_code == 200] == [
        name for name in NAMES if name != "meeting"
    ]


@pytest.mark.parametrize("name", NAMES)
def test_nobody_gets_nothing(cast: Cast, name: str):
    assert client(cast, "").get(f"/documents/{name}.docx").status_code == 403


def test_that_it_was_taken_stands_in_the_audit(cast: Cast):
    client(cast, "viewer").get("/documents/assignments.pdf?day=2025-03-01")
    client(cast, "usa").get("/documents/measure.pdf")
    with db.reading() as session:
        entries = session.exec(select(AuditEntry).where(AuditEntry.action == "export.take")).all()
        assert [(one.account_id, one.subject, one.detail["as_of"], one.detail["format"]) for one in entries] == [
            (cast.viewer, "export document assignments", "2025-03-01", "pdf")
        ]


@pytest.mark.parametrize(
    "asked",
    [
        "x.docx",
        "measure.xlsx",
        "measure.docx?office=no",
        "meeting.docx?meeting=-1",
        "meeting.docx?meeting=๑",
        "meeting.docx?meeting=2",
        "meeting.docx?meeting=99999",
        "meeting.docx?meeting=1e3",
    ],
)
def test_what_is_not_there_is_told_as_such(cast: Cast, held: None, asked: str):
    assert client(cast, "commander").get(f"/documents/{asked}").status_code == 404


def test_without_a_meeting_one_sentence_says_so(cast: Cast):
    answer = client(cast, "commander").get("/documents/meeting.docx")
    assert (answer.status_code, answer.text) == (
        400, "ยังไม่มีการประชุมที่เสร็จสิ้นภายในวันที่ 15 มีนาคม 2568 จึงไม่มีรายงานการประชุม",
    )  # fmt: skip


@pytest.mark.parametrize("more", ["", "?item=O6", "?item=O10", "?item=" + "x" * 300])
def test_without_a_clarification_of_theirs_one_sentence_says_so(cast: Cast, held: None, more: str):
    answer = client(cast, "piyaporn").get(f"/documents/clarifications.docx{more}")
    assert (answer.status_code, answer.text) == (
        400, "ถึงวันที่ 15 มีนาคม 2568 ยังไม่มีคำชี้แจงของข้อที่ท่านดูได้",
    )  # fmt: skip
    one = client(cast, "usa").get("/documents/clarifications.docx?item=O6")
    assert "ita-2568-clarifications-O6-2568-03-15.docx" in one.headers["content-disposition"]


def test_an_english_screen_gets_the_same_thai_document(cast: Cast):
    before = client(cast, "viewer").get("/documents/monthly.pdf").content
    with db.writing() as session:
        reader = session.get_one(Account, cast.viewer)
        accounts.set_language(session, account=reader, language="en", now=settings.settings().now())
    assert client(cast, "viewer").get("/documents/monthly.pdf").content == before


def test_an_account_has_no_more_in_hand_than_a_few(cast: Cast, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(documents._made, "of", lambda _account: 1_000)
    assert client(cast, "viewer").get("/documents/measure.docx").status_code == 429
