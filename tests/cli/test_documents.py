"""`ita document` as it is typed."""

import io
from pathlib import Path

import docx
import pypdfium2
import pytest
from sqlmodel import select

from ita_core import db
from ita_core.models import AuditEntry
from tests import files
from tests.cli.test_cli import Ita, ita

__all__ = ["ita"]

DAY = "2025-03-15"
WORD, PDF = "docx", "pdf"


@pytest.fixture(autouse=True)
def _day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ITA_TODAY", DAY)


def test_the_ending_says_which_kind_and_a_folder_gets_the_usual_name(ita: Ita, tmp_path: Path):
    assert ita("document", "measure", "-o", tmp_path / "m.pdf").returncode == 0
    with pypdfium2.PdfDocument(tmp_path / "m.pdf") as pdf:
        assert len(pdf) > 10
        assert pdf.get_metadata_dict()["Title"].startswith("มาตรการยกระดับคุณธรรม")
    assert ita("document", "measure", "-o", tmp_path).returncode == 0
    word = docx.Document(str(tmp_path / "ita-2568-measure-2568-03-15.docx"))
    assert word.core_properties.title.startswith("มาตรการยกระดับคุณธรรม")


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        (["-o", "m.txt"], "The name must end in .docx or .pdf, but it is “m.txt”."),
        (["-o", "m"], "The name must end in .docx or .pdf, but it is “m”."),
        (["--format", "pdf", "-o", "m.docx"], "The name must end in .pdf, but it is “m.docx”."),
    ],
)
def test_a_name_that_ends_otherwise_is_wrong_use_and_no_file(ita: Ita, tmp_path: Path, asked: list[str], sentence: str):
    *how, name = asked
    done = ita("document", "measure", *how, tmp_path / name)
    assert (done.returncode, done.stderr.splitlines()[-1]) == (2, f"Error: Invalid value: {sentence}")
    assert not (tmp_path / name).exists()


def test_that_it_was_taken_stands_in_the_audit(ita: Ita, tmp_path: Path):
    ita("document", "measure", "-o", tmp_path / "m.docx")
    with db.reading() as session:
        [entry] = session.exec(select(AuditEntry).where(AuditEntry.action == "export.take")).all()
        assert (entry.subject, entry.detail["as_of"]) == ("export document measure", DAY)


def test_an_offices_own_template_keeps_its_styles_and_what_stands_in_it(ita: Ita, tmp_path: Path):
    own = docx.Document()
    own.sections[0].header.paragraphs[0].text = "ตราครุฑ"
    own.styles["Normal"].font.name = "TH SarabunIT๙"
    own.save(str(tmp_path / "own.docx"))
    assert ita("document", "measure", "--template", tmp_path / "own.docx", "-o", tmp_path / "m.docx").returncode == 0
    made = docx.Document(str(tmp_path / "m.docx"))
    assert made.sections[0].header.paragraphs[0].text == "ตราครุฑ"
    assert made.styles["Normal"].font.name == "TH SarabunIT๙"
    assert any("ตามที่ ตรวจคนเข้าเมือง" in one.text for one in made.paragraphs)


def without(part: str, content: bytes | None = None) -> bytes:
    """A Word file that lacks a part, or has something else in its place."""
    parts = files.parts(files.word("แม่แบบ"))
    parts.pop(part)
    return files.packed(parts if content is None else parts | {part: content})


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"ITA",
        b"PK\x03\x04broken",
        files.word("แม่แบบ")[:-400],
        without("word/document.xml"),
        without("word/document.xml", b"<w:document"),
        without("word/document.xml", b"<a/>"),
        without("word/styles.xml", b"<a/>"),
        without("[Content_Types].xml"),
        without("_rels/.rels", b"no xml"),
    ],
)
def test_a_template_that_is_none_is_one_sentence_and_no_file(ita: Ita, tmp_path: Path, content: bytes):
    (tmp_path / "own.docx").write_bytes(content)
    done = ita("document", "measure", "--template", tmp_path / "own.docx", "-o", tmp_path / "m.docx")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.strip() == (
        "“own.docx” cannot be used as a template: it is none. It must be a Word document (.docx)."
    )
    assert not (tmp_path / "m.docx").exists()


def test_a_workbook_is_no_template(ita: Ita, tmp_path: Path):
    from openpyxl import Workbook

    made = io.BytesIO()
    Workbook().save(made)
    (tmp_path / "own.docx").write_bytes(made.getvalue())
    done = ita("document", "measure", "--template", tmp_path / "own.docx", "-o", tmp_path / "m.docx")
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert not (tmp_path / "m.docx").exists()


def test_a_template_for_a_pdf_is_wrong_use(ita: Ita, tmp_path: Path):
    done = ita("document", "measure", "--template", tmp_path / "own.docx", "-o", tmp_path / "m.pdf")
    assert (done.returncode, "it is for --format docx" in done.stderr) == (2, True)


@pytest.mark.parametrize("name", ["report", "monthly", "assignments"])
def test_each_is_written(ita: Ita, tmp_path: Path, name: str):
    assert ita("document", name, "-o", tmp_path / "d.docx").returncode == 0
    assert docx.Document(str(tmp_path / "d.docx")).paragraphs


def test_without_a_meeting_and_before_the_year_there_is_one_sentence_and_no_file(ita: Ita, tmp_path: Path):
    done = ita("document", "meeting", "-o", tmp_path / "m.pdf")
    assert (done.returncode, done.stderr) == (
        1, "No meeting was held and ended by 15 March 2025, so there is no report of one.\n",
    )  # fmt: skip
    done = ita("document", "monthly", "-o", tmp_path / "m.pdf", ITA_TODAY="2024-09-01")
    assert (done.returncode, done.stderr.count("\n"), "2568" in done.stderr) == (1, 1, True)
    assert not list(tmp_path.glob("*.pdf"))


def test_a_full_disk_is_one_sentence_and_the_old_file_stays(
    ita: Ita,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
):
    (tmp_path / "m.pdf").write_bytes(b"old")

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    done = ita("document", "assignments", "-o", tmp_path / "m.pdf")
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert (tmp_path / "m.pdf").read_bytes() == b"old"
    assert sorted(path.name for path in tmp_path.glob("*m.pdf*")) == ["m.pdf"]
