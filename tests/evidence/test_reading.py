"""What a document says, as text and tables, and how two differ: real files, and ones made to do harm."""

import io
import re
import zipfile
from datetime import date
from pathlib import Path
from random import Random

import docx
import openpyxl
import pptx
import pytest
from pptx.util import Inches

from ita_core.demo import documents
from ita_core.evidence import astray, bounds, child, differing, reading
from ita_core.evidence.differing import Document
from ita_core.evidence.reading import Block
from tests import files, papers
from tests.attacks import ATTACKS, original
from tests.attacks.attack import Attack


def read(tmp_path: Path, content: bytes, suffix: str) -> reading.Said:
    path = tmp_path / f"{abs(hash(content))}"  # without an ending, as the store keeps it
    path.write_bytes(content)
    return reading.said(str(path), Path, suffix=suffix)


def saved(document: object) -> bytes:
    made = io.BytesIO()
    document.save(made)
    return made.getvalue()


def test_of_a_word_file_paragraphs_and_tables_come_in_their_order(tmp_path: Path):
    document = docx.Document()
    document.add_heading("รายงานผล", 1)
    document.add_paragraph("ประจำเดือน ก.พ. 68")
    table = document.add_table(2, 2)
    for cell, text in zip((*table.rows[0].cells, *table.rows[1].cells), ("ข้อ", "ผล", "O6", "12"), strict=True):
        cell.text = text
    document.add_paragraph("ลงชื่อ")
    assert read(tmp_path, saved(document), ".docx").blocks == (
        Block("heading", "รายงานผล"),
        Block("text", "ประจำเดือน ก.พ. 68"),
        Block("table", rows=(("ข้อ", "ผล"), ("O6", "12"))),
        Block("text", "ลงชื่อ"),
    )


def test_of_a_workbook_come_its_sheets_as_tables_with_values_as_it_shows_them(tmp_path: Path):
    book = openpyxl.Workbook()
    book.active.title = "สถิติ"
    book.active.append(["เดือน", "จำนวน", "ร้อยละ"])
    book.active.append(["ก.พ. 68", 1234.5, 0.25])
    book.active["C2"].number_format = "0%"
    book.create_sheet("ว่าง")
    assert read(tmp_path, saved(book), ".xlsx").blocks == (
        Block("part", "สถิติ"),
        Block("table", rows=(("เดือน", "จำนวน", "ร้อยละ"), ("ก.พ. 68", "1234.5", "25%"))),
        Block("part", "ว่าง"),
    )


@pytest.mark.parametrize(
    ("value", "written", "told"),
    [
        (1101700203451, "General", "1101700203451"),
        ("1101700203451", "@", "1101700203451"),
        (1101700203451, "0", "1101700203451"),
        ("0812345678", "@", "0812345678"),
        (812345678, "0000000000", "0812345678"),
        (11017002034510000, "General", "11017002034510000"),  # kept as 1.101700203451E+16
        (1101700203451.5, "General", "1101700203451.5"),
        (0.1 + 0.2, "General", "0.3"),
        (1234567, "#,##0", "1,234,567"),
        (1234567, '#,##0"บาท"', "1,234,567"),
        (0.256, "0.0%", "25.6%"),
        (1, "0%", "100%"),
        (True, "General", "TRUE"),
        (date(2025, 2, 3), "dd/mm/yyyy", "03/02/2025"),
    ],
)
def test_a_workbook_s_numbers_come_with_every_digit(tmp_path: Path, value: object, written: str, told: str):
    book = openpyxl.Workbook()
    book.active["A1"] = value
    book.active["A1"].number_format = written
    assert read(tmp_path, saved(book), ".xlsx").lines() == [told]


def test_of_a_presentation_come_its_slides_with_titles_texts_and_tables(tmp_path: Path):
    show = pptx.Presentation()
    slide = show.slides.add_slide(show.slide_layouts[5])
    slide.shapes.title.text = "ผลการปฏิบัติงาน"
    slide.shapes.add_textbox(Inches(1), Inches(2), Inches(3), Inches(1)).text_frame.text = "รายละเอียด"
    table = slide.shapes.add_table(1, 2, Inches(1), Inches(3), Inches(3), Inches(1)).table
    table.cell(0, 0).text, table.cell(0, 1).text = "ก", "ข"
    assert read(tmp_path, saved(show), ".pptx").blocks == (
        Block("part", "1"),
        Block("heading", "ผลการปฏิบัติงาน"),
        Block("text", "รายละเอียด"),
        Block("table", rows=(("ก", "ข"),)),
    )


def test_of_a_pdf_come_the_letters_of_its_pages(tmp_path: Path):
    told = read(tmp_path, papers.pdf("Report", pages=2), ".pdf")
    assert [one.text for one in told.blocks if one.kind == "part"] == ["1", "2"]
    assert "Report" in " ".join(told.lines())


def test_thai_marks_of_a_pdf_stand_where_they_are_drawn(tmp_path: Path):
    """pdfium gives "จดั ซ ้อื " for จัดซื้อ: people would not read that, and every line would differ."""
    heading = "ประกาศผลการจัดซื้อจัดจ้าง เพื่อการสาธิต ข้อมูลทั้งหมดเป็นที่รู้กัน"
    sheet = documents.Sheet(
        heading=heading, item="O13", sections=("ผู้ปฏิบัติหน้าที่",), office="ตรวจคนเข้าเมืองจังหวัดประจวบคีรีขันธ์",
        by="ร.ต.ท.หญิง อภินทร์พร แสงแก้ว", day=date(2025, 1, 31), figures=True,
    )  # fmt: skip
    lines = read(tmp_path, documents.pdf(sheet), ".pdf").lines()
    assert heading in lines
    assert any("ตรวจคนเข้าเมืองจังหวัดประจวบคีรีขันธ์" in line for line in lines)
    assert any(re.search(r"ผู้ปฏิบัติหน้าที่ \d+ \d+ \d+$", line) for line in lines)  # the cells of a table


def test_a_sara_am_that_a_pdf_draws_as_two_signs_is_one(tmp_path: Path):
    """pdfium gives "ทำ." or "อำ1นวย": the ring is called ำ, the า after it has no name, so comes as any letter."""
    heading = "คู่มืออำนวยความสะดวก ทำเนียบ น้ำ จำนวน ทำ."
    sheet = documents.Sheet(
        heading=heading, item="O13", sections=("ดำเนินการประจำเดือน",), office="ตม.จว.ประจวบคีรีขันธ์",
        by="ร.ต.ท.หญิง อภินทร์พร แสงแก้ว", day=date(2025, 1, 31), figures=True,
    )  # fmt: skip
    lines = read(tmp_path, documents.pdf(sheet), ".pdf").lines()
    assert heading in lines
    assert "ผู้จัดทำ ร.ต.ท.หญิง อภินทร์พร แสงแก้ว" in lines
    assert any(line.startswith("ดำเนินการประจำเดือน ") for line in lines)


@pytest.mark.parametrize(
    ("written", "read_as"),
    [("ทํา", "ทำ"), ("นํ้า", "น้ำ"), ("น้ํา", "น้ำ"), ("อํานวย", "อำนวย"), ("ทำ", "ทำ"), ("พระอํ", "พระอํ")],
)
def test_a_sara_am_of_two_letters_is_read_as_one(written: str, read_as: str):
    assert astray.composed(written) == read_as


@pytest.mark.parametrize("suffix", [".doc", ".xls", ".jpg"])
def test_what_only_another_program_could_read_is_not_read(tmp_path: Path, suffix: str):
    assert not read(tmp_path, b"x", suffix).readable


def test_only_so_much_is_read_and_it_is_said_that_there_is_more(tmp_path: Path):
    book = openpyxl.Workbook(write_only=True)
    for number in range(20):
        sheet = book.create_sheet(f"แผ่น {number}")
        for row in range(1000):
            sheet.append([f"ข้อความที่ {row}"] * 40)
    told = read(tmp_path, saved(book), ".xlsx")
    assert told.cut
    tables = [one.rows for one in told.blocks if one.kind == "table"]
    assert all(len(rows) <= bounds.MOST_ROWS + 1 and len(rows[0]) <= bounds.MOST_COLUMNS for rows in tables)
    letters = sum(len(cell) for rows in tables for row in rows for cell in row)
    assert letters <= bounds.MOST_LETTERS
    long = read(tmp_path, files.word("ก" * 50_000), ".docx").blocks[0].text
    assert len(long) == bounds.LONGEST_LINE + 1
    assert long.endswith("…")


def bomb() -> bytes:
    """A Word file whose text is 700 MB of one letter: examination refuses it, but nothing relies on that here."""
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(files.word("ก"))) as source,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as out,
    ):
        for name in source.namelist():
            if name != "word/document.xml":
                out.writestr(name, source.read(name))
        with out.open("word/document.xml", "w") as part:
            head, tail = source.read("word/document.xml").split("ก".encode())
            part.write(head)
            for _piece in range(700):
                part.write(b"a" * 1024**2)
            part.write(tail)
    return made.getvalue()


def test_a_file_made_to_do_harm_is_not_readable_and_harms_nobody(tmp_path: Path):
    for content in (bomb(), files.word("ก")[:300], b"PK\x03\x04" + b"\0" * 500):
        assert read(tmp_path, content, ".docx") == reading.Said(readable=False)


OFFICE = {(one.family, one.suffix): one for one in ATTACKS if one.suffix in reading.READ}


@pytest.mark.parametrize("attack", [pytest.param(one, id=f"{one.family}{one.suffix}") for one in OFFICE.values()])
def test_whatever_carries_an_attack_is_read_within_the_limits_or_not_at_all(tmp_path: Path, attack: Attack):
    """Examination refuses each; should one come through, reading it is a read and no more."""
    told = read(tmp_path, attack.mutate(original(attack.suffix), Random(1)), attack.suffix)
    assert sum(len(line) for line in told.lines()) <= 2 * bounds.MOST_LETTERS
    assert len(list(tmp_path.iterdir())) == 1


def test_a_document_type_declaration_reaches_no_file(tmp_path: Path):
    (tmp_path / "secret.txt").write_text("ความลับ")
    entity = f'<!DOCTYPE x [<!ENTITY y SYSTEM "{(tmp_path / "secret.txt").as_uri()}">]>'
    plain = files.word("ก")
    with zipfile.ZipFile(io.BytesIO(plain)) as parts:
        text = parts.read("word/document.xml").decode()
    head, _sign, rest = text.partition("?>")
    changed = files.packed(
        {**files.parts(plain), "word/document.xml": f"{head}?>{entity}{rest.replace('ก', '&y;')}".encode()}
    )
    assert "ความลับ" not in str(read(tmp_path, changed, ".docx"))


def test_markup_in_a_document_is_text(tmp_path: Path):
    told = read(tmp_path, files.word("<script>alert(1)</script>"), ".docx")
    assert told.blocks == (Block("text", "<script>alert(1)</script>"),)


# --- how two differ ---------------------------------------------------------------------------------------------------


def differ(tmp_path: Path, old: tuple[bytes, str], new: tuple[bytes, str]) -> differing.Difference:
    documents = []
    for number, (content, suffix) in enumerate((old, new)):
        path = tmp_path / f"{number}{abs(hash(content))}"
        path.write_bytes(content)
        documents.append(Document(str(path), suffix))
    return differing.difference(*documents, Path)


def test_of_two_files_the_lines_that_went_and_came_are_told(tmp_path: Path):
    old, new = files.word("รายงาน", "ไม่ระบุวันที่", "ลงชื่อ"), files.word("รายงาน", "วันที่ 3 มี.ค. 68", "ลงชื่อ", "ตำแหน่ง")
    found = differ(tmp_path, (old, ".docx"), (new, ".docx"))
    assert [(one.went, one.came) for one in found.changes] == [
        (("ไม่ระบุวันที่",), ("วันที่ 3 มี.ค. 68",)),
        ((), ("ตำแหน่ง",)),
    ]
    assert differ(tmp_path, (old, ".docx"), (old, ".docx")) == differing.Difference()


def test_two_persons_numbers_in_a_workbook_are_not_the_same(tmp_path: Path):
    old, new = files.excel(("นาย ก", 1101700203451)), files.excel(("นาย ก", 1101700203469))
    [changed] = differ(tmp_path, (old, ".xlsx"), (new, ".xlsx")).changes
    assert (changed.went, changed.came) == (("นาย ก | 1101700203451",), ("นาย ก | 1101700203469",))


def test_a_pdf_is_held_against_a_word_file_by_their_text(tmp_path: Path):
    found = differ(tmp_path, (files.word("Report"), ".docx"), (papers.pdf("Report"), ".pdf"))
    assert found.known


def test_a_scan_or_a_picture_is_not_compared_as_text(tmp_path: Path):
    assert not differ(tmp_path, (papers.pdf_with("0 0 595 842"), ".pdf"), (papers.pdf(), ".pdf")).known
    assert not differ(tmp_path, (files.picture("jpeg"), ".jpg"), (papers.pdf(), ".pdf")).known


def test_of_very_many_changes_the_first_are_told_and_how_many_are_left():
    changes, left = differing.compare([f"เดิม {one}" for one in range(500)], [f"ใหม่ {one}" for one in range(500)])
    assert (sum(len(went) + len(came) for went, came in changes), left) == (differing.MOST_SHOWN, 940)


def test_what_takes_too_long_to_compare_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(differing, "SECONDS", 0.001)
    assert not differ(tmp_path, (files.word("ก"), ".docx"), (files.word("ข"), ".docx")).known
    monkeypatch.undo()
    assert differ(tmp_path, (files.word("ก"), ".docx"), (files.word("ข"), ".docx")).known


def test_the_longest_documents_are_compared_within_the_bounds():
    """As different as they come: every line of 2,000 is another's, in another order."""
    before = [f"{one * 7919 % 2000}" for one in range(bounds.MOST_LINES)]
    after = [f"{one * 6007 % 2000}" for one in range(bounds.MOST_LINES)]
    assert differing.compare(before, after)[1] > 0
    assert child.processor_seconds(1_000, differing.PROCESSOR_SECONDS) == child.SMALL_SECONDS
