"""O23 beside the office's own measure of 2568, row by row, and what comes back from the files."""

import io
import re
from collections import Counter
from itertools import pairwise

import docx
import pytest

from ita_core.exports.documents.docx import as_docx
from ita_core.exports.documents.measure import measure
from ita_core.exports.documents.model import Document, Row, Table
from ita_core.exports.documents.pdf import as_pdf
from tests.exports.documents import reading, seed
from tests.exports.office import Office
from tests.plan.document import DUTIES, STEP_DUTIES

ALIKE = 90  # of 100: what is less is another text than the scan's
# Where the measure says something else than the scan, on purpose.
OTHER = {
    # the parts of the duty stand apart, and a group is called by its name in the plan
    "ผู้ปฏิบัติงานบริการคนต่างด้าวเจ้าหน้าที่งานบริการคนเข้าเมืองปฏิบัติที่ประชาสัมพันธ์",
    "จัดทำข้อมูลคณะกรรมการขับเคลื่อนITAของตมจวประจวบคีรีขันธ์",
    "จัดทำข้อมูลคณะทำงานขับเคลื่อนITAของตมจวประจวบคีรีขันธ์",
    "ผู้ควบคุมและติดตามการปฏิบัติผกกตมจวประจวบคีรีขันธ์",
    # the scan's spellings of a name (tests/plan/document.py, ALIASES)
    "จัดทำข้อมูลดตหญิงอัยย์ณญากฤตย์อัศวโกศิน",
    "จัดทำข้อมูลดตหญิงอัยย์ณญากฤตย์อัครวโกลิน",
    # from the month's first day to its last, as all other steps
    "เดือนสิงหาคม2568",
    "เดือนกันยายน2568",
}
ABOUT = "เพื่อทำความเข้าใจกับข้าราชการตำรวจในสังกัดทุกนาย"  # told more briefly by the plan's `about`
SHORT = r"(พ|ร|ต|ด|ผกก|สว|ตม|จว|รรท|ป|ม|ก|มี|เม|บก)\."  # how abbreviations begin
LONG = 80  # letters: such a piece stands in one place only


@pytest.fixture
def made(office: Office) -> Document:
    return measure(office.snapshot)


def tables(document: Document) -> list[Table]:
    return [block for block in document.blocks if isinstance(block, Table)]


def test_every_row_and_paragraph_of_the_offices_own_measure_is_there(made: Document):
    text = seed.letters("".join(made.texts))
    likeness = {piece: seed.at(piece, text)[0] for piece in seed.pieces()}
    assert len(seed.pieces()) > 340
    assert {piece for piece, alike in likeness.items() if alike < ALIKE and not piece.startswith(ABOUT)} == OTHER
    assert sum(alike > 97 for alike in likeness.values()) > 0.9 * len(likeness)


def test_they_stand_in_the_same_order(made: Document):
    """Those that stand in one place only; what goes on after a scanned page's end stands behind the people there."""
    text = seed.letters("".join(made.texts))
    places = []
    for piece in seed.pieces():
        alike, place = seed.at(piece, text)
        elsewhere = text[:place] + text[place + len(piece) :]
        if len(piece) >= LONG and alike > 97 and seed.at(piece, elsewhere)[0] < ALIKE:
            places.append(place)
    assert len(places) > 80
    assert [after for before, after in pairwise(places) if after < before] == []


def test_each_row_names_its_people_and_no_others(made: Document, office: Office):
    everybody = {person.full for person in office.parties.values()}
    titles = {
        item.code: (f"{item.code} " if item.code.startswith("O") else "") + item.title for item in office.snapshot.items
    }
    rows = {row[0].text.removeprefix("- "): row for table in tables(made) for row in table.rows if len(row) == 3}
    for code, (supervise, prepare) in DUTIES.items():
        if code[0] in "PC":  # what was assigned in a meeting, and what is told: no cell for people
            continue
        lines = [
            line.split(". ", 1)[-1] if line[0].isdigit() else line for line in rows[titles[code]][2].text.split("\n")
        ]
        assert [line for line in lines if line in everybody] == [*supervise, *prepare]


def test_the_calendar_has_every_step_with_its_people(made: Document, office: Office):
    calendar = tables(made)[-1]
    rows: list[Row] = [row for row in calendar.rows if len(row) == 5]
    assert [row[0].text for row in rows] == ["1", "1", "1", "2", "3", "4", "", "1", "2", "3", "4", "1", "1", "2"]
    everybody = {person.full for person in office.parties.values()}
    for row, (supervise, prepare) in zip(rows, STEP_DUTIES.values(), strict=True):
        assert [line for line in row[4].text.split("\n") if line in everybody] == [*supervise, *prepare]
    assert rows[7][4].text == "รอผลประกาศการให้คะแนนตามแบบตรวจการเปิดเผยข้อมูลสาธารณะ (OIT)"


def test_it_is_thai_whatever_the_screen_speaks(office: Office):
    from ita_core import language

    language.use("en")
    try:
        spoken = measure(office.snapshot).texts
    finally:
        language.use("th")
    assert spoken == measure(office.snapshot).texts


@pytest.mark.parametrize("reader", ["PDFium", "poppler"])
def test_every_paragraph_comes_back_from_the_pdf_letter_for_letter(made: Document, reader: str):
    assert reading.lost(made, reading.readers()[reader](as_pdf(made))) == []


def test_what_poppler_gets_wrong_where_it_guesses_the_order_is_the_order_alone(made: Document):
    """Without -raw it reads across a table's columns line by line: every letter is there, but the rows are mixed.

    Only hyphens at the end of a line, as those of the page's number, it takes for ones that divide a word.
    """
    reading.readers()
    pdf = as_pdf(made)
    guessed, raw = ("".join(reading.by_poppler(pdf, *how)) for how in (("-eol", "unix"), ("-raw",)))
    assert Counter(reading.bare(guessed).replace("-", "")) == Counter(reading.bare(raw).replace("-", ""))
    assert 0 < len(reading.lost(made, [guessed])) < 0.5 * len(made.texts)


def test_the_same_document_is_the_same_pdf(made: Document):
    assert as_pdf(made) == as_pdf(made)


def test_the_word_file_holds_the_same_with_heads_that_are_repeated_and_rows_that_are_not_torn(made: Document):
    word = docx.Document(io.BytesIO(as_docx(made)))
    from_word = [one.text for one in word.paragraphs if one.text]
    from_tables = [
        [[cell.text.replace(" \n", " ") for cell in dict.fromkeys(row.cells)] for row in table.rows]
        for table in word.tables
    ]
    assert from_word == [text for text in made.texts if text in set(from_word)]
    assert from_tables == [[[cell.text for cell in row] for row in (one.head, *one.rows)] for one in tables(made)]
    for table in word.tables:
        rows = [row._tr.trPr.xml for row in table.rows]
        assert all("cantSplit" in row for row in rows)
        assert ["tblHeader" in row for row in rows] == [True] + [False] * (len(rows) - 1)
    section = word.sections[0]
    assert section.header.paragraphs[0].text == "-  -"
    assert 'w:fmt="thaiNumbers"' in section._sectPr.xml
    assert (round(section.left_margin.cm, 1), round(section.right_margin.cm, 1)) == (3.0, 2.0)


def test_no_line_is_broken_within_a_thai_syllable_a_name_or_an_abbreviation(made: Document):
    lines = [line.strip() for page in reading.by_pdfium(as_pdf(made)) for line in page.splitlines() if line.strip()]
    assert len(lines) > 700
    assert [
        line for line in lines if re.match("[\u0e2f-\u0e3a\u0e45-\u0e4e]", line) or re.search("[เแโใไ]$", line)
    ] == []
    assert [line for line in lines if re.match(r"[ก-ฮ]{1,3}\.", line) and not re.match(SHORT, line)] == []
    for name in ("กฤตย์อัศวโกคิน", "ฉัญจรัสรักษ์", "แก้วทิพย์เนตร", "ประยูรวงศ์"):
        times = sum(text.count(name) for text in made.texts)
        assert sum(line.count(name) for line in lines) == times
