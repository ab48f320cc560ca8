"""Office files printed by LibreOffice and drawn, where it is installed; and without it."""

import os
import threading
import time
from pathlib import Path

import pypdfium2
import pytest

from ita_core.evidence import child, drawing, printing
from tests import files

needs_libreoffice = pytest.mark.skipif(
    not printing.program(), reason="soffice (Debian: libreoffice-writer-nogui …) is not installed"
)
# Debian splits LibreOffice: Writer and Calc may be there without Impress, whose library this is.
needs_impress = pytest.mark.skipif(
    not (Path(printing.program()).parent / "libsdlo.so").exists(),
    reason="LibreOffice's Impress (Debian: libreoffice-impress-nogui) is not installed",
)


def path_of(tmp_path: Path, content: bytes) -> Path:
    path = tmp_path / "stored"  # without an ending, as in the store
    path.write_bytes(content)
    return path


@needs_libreoffice
@pytest.mark.parametrize(
    ("suffix", "content", "pages"),
    [
        (".docx", files.word("รายงานผล"), 1),
        (".xlsx", files.excel(), 1),
        pytest.param(".pptx", files.slides("หนึ่ง", "สอง"), 2, marks=needs_impress),
        (".doc", files.doc(), 1),
        (".xls", files.xls(), 1),
    ],
)
def test_an_office_file_is_drawn_page_by_page(tmp_path: Path, suffix: str, content: bytes, pages: int):
    path = path_of(tmp_path, content)
    found = drawing.drawn(str(path), Path, suffix=suffix)
    assert (found.count, len(found.pages)) == (pages, pages)
    assert all(page.startswith((b"\x89PNG", b"\xff\xd8")) for page in found.pages)
    assert path.read_bytes() == content


@needs_libreoffice
@pytest.mark.parametrize("formula", ["=INDIRECT(B2)", '=INDIRECT(B3&CHAR(91)&"others"&CHAR(93)&"Sheet\'!A1")'])
def test_a_workbook_shows_nothing_of_another_file_of_the_machine(tmp_path: Path, formula: str):
    """The place of the other is put together from cells, so that no look at the file finds it."""
    others = tmp_path / "others"  # as in the store, without an ending
    others.write_bytes(files.excel(("ความลับ SECRET",)))
    within = files.excel(("OWN", "A1"), (formula, f"'{tmp_path}/[others]Sheet'!A1"), ("=INDIRECT(B1)", f"'{tmp_path}/"))
    with printing.as_pdf(path_of(tmp_path, within), ".xlsx") as paper, pypdfium2.PdfDocument(paper) as document:
        words = document[0].get_textpage().get_text_range()
    assert words.count("OWN") == 2  # its own places are read
    assert "#REF!" in words
    assert "SECRET" not in words


@needs_libreoffice
def test_what_libreoffice_makes_nothing_of_has_no_pages(tmp_path: Path):
    assert drawing.drawn(str(path_of(tmp_path, b"PK\x03\x04" + b"\0" * 999)), Path, suffix=".pptx").count == 0


def test_without_libreoffice_an_office_file_has_no_pages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    printing.program.cache_clear()
    try:
        assert printing.program() == ""
        assert drawing.drawn(str(path_of(tmp_path, files.word("ไม่มี"))), Path, suffix=".docx").count == 0
    finally:
        monkeypatch.undo()
        printing.program.cache_clear()


def running(folder: str) -> list[str]:
    """The processes whose command names the folder."""
    found = []
    for one in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            said = one.read_bytes().decode(errors="replace")
        except OSError:
            continue
        if folder in said and one.parent.name != str(os.getpid()):
            found.append(said)
    return found


@needs_libreoffice
@pytest.mark.skipif(not Path("/proc/self").exists(), reason="looks at the processes of Linux")
def test_libreoffice_ends_with_the_process_that_was_to_wait_for_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Ended in the middle of its work: nothing of it goes on, and its folder is gone."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    monkeypatch.setattr(printing, "SECONDS", 0.6)
    source = path_of(tmp_path, files.word(*["รายงานผล" * 40] * 400))
    with pytest.raises(child.Ended), printing.as_pdf(source, ".docx"):
        pass
    ends = time.monotonic() + 10
    while (left := running(str(tmp_path))) and time.monotonic() < ends:
        threading.Event().wait(0.05)
    assert left == []
    assert list(tmp_path.glob("ita-print-*")) == []
