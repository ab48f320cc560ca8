"""The demonstration: everything that can happen in the product happens in it, and it holds together."""

import io
import unicodedata
from datetime import date
from pathlib import Path

import pypdfium2
import pytest
from docx import Document
from fpdf import FPDF
from openpyxl import load_workbook
from sqlmodel import select

from ita_core import accounts, audit, db, queries
from ita_core.board import progress
from ita_core.board.progress import Stage, State
from ita_core.demo import build, documents, story
from ita_core.demo.build import Demonstration, NotADemonstration
from ita_core.evidence.folder import Folder
from ita_core.evidence.suggest import suggest
from ita_core.models import Account, Decision, EvidenceKind, Grant, ItemKind, Role, StoredFile
from ita_core.queries import Snapshot
from tests.conftest import copied


@pytest.fixture(scope="module")
def made(demonstration: Demonstration, tmp_path_factory: pytest.TempPathFactory) -> Demonstration:
    return copied(demonstration, tmp_path_factory.mktemp("made") / "demo")


@pytest.fixture(scope="module")
def snapshot(made: Demonstration) -> Snapshot:
    with db.reading(db.make_engine(made.database_url)) as session:
        return queries.take_snapshot(session, queries.get_assessment(session))


@pytest.fixture(scope="module")
def board(snapshot: Snapshot) -> progress.Board:
    return snapshot.board(story.DAY)


def test_every_state_and_stage_occurs(board: progress.Board) -> None:
    slots = [slot for standing in board.items for slot in standing.slots]
    assert {slot.state for slot in slots} == set(State)
    assert any(slot.overdue for slot in slots)
    assert any(slot.late for slot in slots)
    assert {standing.stage for standing in board.oit} == set(Stage)
    assert [standing.item.code for standing in board.oit if standing.approval_lapsed] == ["O1"]


def test_every_kind_of_record_occurs(snapshot: Snapshot) -> None:
    handed_in = snapshot.records.hand_ins
    assert {one.kind for one in handed_in} == set(EvidenceKind)
    assert {one.decision for one in handed_in} == {*Decision, None}
    assert any(one.withdrawn_at for one in handed_in)
    assert any(len(one.slots) == 4 for one in handed_in)  # one report for four lines of work
    assert snapshot.records.approvals
    assert snapshot.records.publications
    assert snapshot.records.filings


def test_the_board_looks_like_an_office_in_march(snapshot: Snapshot, board: progress.Board) -> None:
    assert 0.55 <= progress.accepted_share(board.oit) <= 0.7
    overdue, items = progress.overdue_parts(board.items)
    assert 7 <= overdue <= 12
    assert 4 <= items <= 6
    waiting = [one for one in snapshot.records.hand_ins if one.decision is None and one.withdrawn_at is None]
    assert len(waiting) == 6
    assert (story.DAY - waiting[0].at.date()).days == 9
    assert [one.item.code for one in board.items if one.stage is Stage.complete] == ["O1", "O15", "O21"]
    stages = {one.item.code: one.stage for one in board.items}
    assert (stages["O9"], stages["O17"], stages["O2"]) == (Stage.filed, Stage.published, Stage.approved)


def test_progress_grew_through_the_year(snapshot: Snapshot) -> None:
    days = [date(2024, 11, 1), date(2024, 12, 31), date(2025, 1, 31), date(2025, 2, 28), story.DAY]
    shares = [progress.accepted_share(snapshot.board(day).oit) for day in days]
    assert shares == sorted(set(shares))


def test_the_audit_chain_holds_and_is_in_the_order_of_time(made: Demonstration) -> None:
    with db.reading(db.make_engine(made.database_url)) as session:
        assert audit.faults(session) == []
        moments = [entry.at for entry in queries.list_audit_entries(session)]
    assert moments == sorted(moments)


def test_every_file_is_stored_and_unharmed(made: Demonstration) -> None:
    store = Folder(Path(made.evidence_url))
    with db.reading(db.make_engine(made.database_url)) as session:
        files = session.exec(select(StoredFile)).all()
        assert {file.format for file in files} == {"pdf", "word", "excel", "image"}
        assert all(store.verified(file.sha256).stat().st_size == file.size for file in files)


def test_everybody_can_sign_in_but_the_plan_has_one_commander(made: Demonstration) -> None:
    roles = [account.role for account in made.accounts]
    assert len(made.accounts) == 19
    assert (roles.count("commander"), roles.count("admin"), roles.count("viewer")) == (1, 1, 2)
    assert all(account.joined and not account.disabled for account in made.accounts)
    assert [account.username for account in made.accounts if account.keeps_itap] == ["angsuson"]
    with db.reading(db.make_engine(made.database_url)) as session:
        commander = session.exec(select(Account).join(Grant).where(Grant.role == Role.commander)).one()
        assert commander.username == "thianchai"
        assert accounts.password_matches(build.PASSWORD, commander.password_hash or "")


def test_the_first_three_monthly_names_are_understood_by_the_guess(snapshot: Snapshot) -> None:
    o6 = next(one for one in snapshot.board(date(2024, 10, 1)).items if one.item.code == "O6")
    guessed = suggest(o6, "รายงานผลการปฏิบัติงาน ต.ค.67.pdf").keys
    assert [(key.period, key.format) for key in guessed] == [("2024-10", "pdf")] * 4


def test_every_item_of_the_story_is_of_the_plan(snapshot: Snapshot) -> None:
    assert {paper.item for paper in story.papers()} <= {item.code for item in snapshot.items}
    assert {item.code for item in snapshot.items if item.kind is ItemKind.oit} - {
        paper.item for paper in story.papers()
    } == {"O7", "O20", "O24"}


# --- the folder and the files ----------------------------------------------------------------------------------------


def test_a_folder_with_anything_else_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.docx").write_text("ten years of work")
    with pytest.raises(NotADemonstration):
        build.build(tmp_path)
    assert (tmp_path / "mine.docx").exists()


SHEET = documents.Sheet(
    "รายงานผลการปฏิบัติงาน ต.ค.67", "O6 ผลการปฏิบัติงาน", ("งานสืบสวนปราบปราม",), "ตม.จว.ประจวบคีรีขันธ์",
    "ด.ต.หญิง อุษา มีนาม", date(2024, 11, 1), figures=True,
)  # fmt: skip


@pytest.mark.parametrize("form", documents.FORMATS)
def test_a_document_is_the_same_bytes_every_time(form: str) -> None:
    _suffix, make = documents.FORMATS[form]
    assert make(SHEET) == make(SHEET)


def test_documents_say_that_they_are_examples() -> None:
    page = pypdfium2.PdfDocument(documents.pdf(SHEET))[0]
    # Readers of PDFs put shaped marks in orders of their own: compare the letters.
    letters = [sign for sign in page.get_textpage().get_text_range() if unicodedata.category(sign) == "Lo"]
    assert "เอกสารตวอยางเพอการสาธต" in "".join(letters)
    paragraphs = Document(io.BytesIO(documents.word(SHEET))).paragraphs
    assert paragraphs[0].text.startswith("เอกสารตัวอย่างเพื่อการสาธิต")
    workbook = load_workbook(io.BytesIO(documents.excel(SHEET)))
    assert workbook.worksheets[0]["A1"].value.startswith("เอกสารตัวอย่างเพื่อการสาธิต")


def test_tone_marks_stand_above_the_vowels() -> None:
    """The shaped font holds raised and narrow forms of the marks; unshaped text would lay them on the vowels."""

    def glyphs(*, shaped: bool) -> int:
        page = FPDF()
        page.add_font("Thai", "", str(documents.FONT))
        page.set_text_shaping(use_shaping_engine=shaped)
        page.add_page()
        page.set_font("Thai")
        page.cell(0, 10, "ก่ กี่")  # the same mark, once low and once raised
        return len(page.fonts["thai"].subset)

    assert glyphs(shaped=True) == glyphs(shaped=False) + 1
