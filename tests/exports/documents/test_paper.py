"""What must not happen on paper: text beyond its edge, divided names and dates, files that no program opens."""

import errno
import io
import re
import tempfile
from pathlib import Path

import docx
import pytest
from docx.oxml.ns import qn

from ita_core.errors import NoRoom
from ita_core.exports.documents import fitting, words
from ita_core.exports.documents.docx import as_docx
from ita_core.exports.documents.model import (
    Document,
    Line,
    PageBreak,
    Picture,
    Table,
    body,
    cell,
    head,
    heading,
    people,
    plain,
)
from ita_core.exports.documents.pdf import CannotSet, as_pdf
from tests import files
from tests.exports.documents import reading

NAMES = ["ร.ต.อ.หญิง ปิยาภรณ์ หาญณรงค์", "ด.ต.หญิง อัยย์ธัญญา กฤตย์อัศวโกคิน", "เจ้าหน้าที่งานบริการคนต่างด้าว"]
DATE, SHORT = "31 มีนาคม 2568", "30 เม.ย. 68"
NO_LETTERS = "\x00\x0b\ufffe\uffff\ufdd0\U0001ffff\ud800"


def of(*blocks: object) -> Document:
    return Document("เอกสาร", "หน่วยงาน", blocks)  # type: ignore[arg-type]


def lines(document: Document) -> list[str]:
    """What PDFium finds on the paper, beyond its edges nothing."""
    return [line.strip() for page in reading.by_pdfium(as_pdf(document)) for line in page.splitlines()]


def test_a_cell_taller_than_a_page_goes_on_on_the_next_one():
    note = [f"ครั้งที่{number}" for number in range(700)]
    table = Table((1.0, 1.0), head("ข้อ", "รายการ"), ((cell("O1"), cell(" ".join(note))), (cell("O2"), cell("สั้น"))))
    found = reading.bare("".join(lines(of(table))))
    assert (found.count("ที่"), "O2" in found) == (700, True)


@pytest.mark.parametrize("letters", ["https://example.go.th/" + "a" * 300, "ก" * 300])
def test_a_word_wider_than_its_cell_goes_on_on_the_next_line(letters: str):
    table = Table((1.0, 3.0), head("ข้อ", "รายการ"), ((cell(letters), cell("O1")),))
    assert letters in reading.bare("".join(lines(of(table)))).replace("O1", "")


def test_rows_of_a_few_lines_are_never_torn():
    row = (cell("O1"), cell(*(f"บรรทัด {number}" for number in range(12))))
    pages = reading.by_pdfium(as_pdf(of(Table((1.0, 9.0), head("ข้อ", "รายการ"), (row,) * 9))))
    assert [(page.count("บรรทัด 0\r"), page.count("บรรทัด 11")) for page in pages] == [(3, 3)] * 3


def test_letters_that_xml_refuses_are_shown_as_such_in_both_files():
    odd = f"ก{NO_LETTERS}ข"
    picture = Picture(files.picture("PNG"), odd, 4.0, 3.0)
    table = Table((1.0,), head(odd), ((people([odd]),),))
    document = Document(odd, odd, (heading(odd), table, Line(((odd, odd),)), picture))
    made = docx.Document(io.BytesIO(as_docx(document)))
    assert made.paragraphs[0].text == made.core_properties.title == "ก" + "\ufffd" * len(NO_LETTERS) + "ข"
    assert as_pdf(document).startswith(b"%PDF")


def test_a_title_longer_than_word_takes_is_cut_in_the_file_s_properties_alone():
    long = "ก" * 300
    made = docx.Document(io.BytesIO(as_docx(Document(long, long, (plain(long),)))))
    assert (made.core_properties.title, made.core_properties.author) == (long[:255], long[:255])
    assert made.paragraphs[0].text == long


@pytest.mark.parametrize("before", range(0, 40, 3))
def test_in_a_pdf_no_line_ends_within_a_date_or_behind_a_figure(before: int):
    """However much stands before it on its line."""
    told = f"{'ก ' * before}{DATE} และ {SHORT} เกินกำหนด 42 ช่อง ใน 12 ข้อ"
    found = lines(of(Table((1.0, 2.0), head("ก", "ข"), ((cell(told), cell(f"{'ก ' * before}ภายใน{DATE}")),))))
    text = "\n".join(found).replace("\N{NO-BREAK SPACE}", " ")
    assert [text.count(one) for one in (DATE, SHORT, "42 ช่อง", "12 ข้อ")] == [2, 1, 1, 1]


@pytest.mark.parametrize("before", range(0, 60, 5))
def test_in_a_pdf_no_line_ends_within_a_person_s_name(before: int):
    found = lines(of(body(f"{'ก ' * before}โดย {NAMES[1]} ตามคำสั่งที่ได้รับมอบหมาย และ {NAMES[0]} ดำเนินการต่อไป")))
    for name in (word for one in NAMES[:2] for word in one.split(" ")):
        assert sum(line.count(name) for line in found) == 1


def test_in_a_pdf_what_stands_behind_a_name_is_divided_between_its_words_only():
    """However wide the cell is."""
    told = "พ.ต.อ.เทียนชัย ชมภู ประธานการประชุมเปิดการประชุมและชี้แจงความก้าวหน้าให้ทุกนาย ทราบโดยทั่วกันแล้วจึงเริ่มประชุม"
    cells = [
        Table((share / 20, 16 - share / 20), head("ก", "ข"), ((cell(told), cell("")),)) for share in range(80, 180)
    ]
    found = [line for line in lines(of(*cells)) if line]
    assert [line for line in found if re.match("[ะ-ฺๅ-๎]", line) or re.search("[เแโใไ]$", line)] == []


def test_a_number_stands_on_the_line_of_its_name():
    found = lines(of(Table((4.0, 12.0), head("ก", "ข"), ((people(NAMES), cell("")),))))
    assert [line for line in found if re.fullmatch(r"\d\.", line)] == []


@pytest.mark.parametrize("width", [2.6, 3.4, 4.2, 5.0, 6.0])
def test_for_word_names_are_ended_at_their_spaces_where_the_next_word_would_not_fit(width: float):
    for name in NAMES[:2]:
        ended = fitting.lines_of_names(f"1. {name}", 14.0, width)
        assert ended.replace(" \n", " ") == f"1. {name}"
        assert all(fitting.width_of(line.strip(), 14.0) <= width for line in ended.split("\n"))
    assert "\n" not in fitting.lines_of_names(
        f"2. {NAMES[2]}", 14.0, 2.6
    )  # a team's: Word's dictionary knows its words


def test_in_word_a_narrow_cell_s_names_have_their_lines_ended():
    made = docx.Document(io.BytesIO(as_docx(of(Table((4.0, 12.0), head("ก", "ข"), ((people(NAMES), cell("")),))))))
    assert [one.text for one in made.tables[0].cell(1, 0).paragraphs] == [
        "1. ร.ต.อ.หญิง ปิยาภรณ์ \nหาญณรงค์",
        "2. ด.ต.หญิง อัยย์ธัญญา \nกฤตย์อัศวโกคิน",
        "3. เจ้าหน้าที่งานบริการคนต่างด้าว",
    ]


def test_every_run_tells_word_that_its_letters_are_thai_whatever_the_template_says():
    own = docx.Document()
    made = docx.Document(io.BytesIO(as_docx(of(body("ก"), Table((1.0,), head("ข"), ())), own)))
    runs = made.element.body.findall(f".//{qn('w:r')}")
    assert [run.find(f"{qn('w:rPr')}/{qn('w:lang')}").get(qn("w:bidi")) for run in runs] == ["th-TH"] * len(runs)


def test_in_word_a_page_begins_with_its_paragraph_and_none_is_empty():
    made = docx.Document(
        io.BytesIO(as_docx(of(plain("ก"), PageBreak(), heading("ข"), PageBreak(), Table((1.0,), head("ค"), ()))))
    )
    assert [one.paragraph_format.page_break_before for one in made.paragraphs if one.text] == [None, True]
    assert made.element.xml.count('w:br w:type="page"') == 1  # before the table, which can't begin a page itself


def test_only_a_full_disk_is_told_as_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "gone"))
    with pytest.raises(CannotSet, match="No such file or directory"):
        as_pdf(of(body("ก")))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    def full(*_given: object) -> int:
        raise OSError(errno.EDQUOT, "Disk quota exceeded")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(NoRoom):
        as_pdf(of(body("ก")))


def test_what_belongs_together_has_a_space_that_does_not_break():
    text = words.together("ณ วันที่ 15 มีนาคม 2568 ถึง 1 เม.ย. 68 เกินกำหนด 4 ช่อง ร้อยละ 62.5 ประจำปี พ.ศ. 2568 ก 1 ข")
    assert text.replace("\N{NO-BREAK SPACE}", "_") == (
        "ณ วันที่ 15_มีนาคม_2568 ถึง 1_เม.ย._68 เกินกำหนด 4_ช่อง ร้อยละ_62.5 ประจำปี พ.ศ._2568 ก 1 ข"
    )
