"""What is noticed in a file: pages, text, when it was made."""

import io
import json
from dataclasses import replace

from PIL import Image

from ita_core.evidence.noticed import Noticed
from tests import files


def test_facts_are_kept_and_come_back():
    facts = Noticed(pages=3, years=(2567, 2568), has_text=False, empty_pages=(2,), made_at="2025-03-15T10:00:00+07:00")
    kept = facts.to_json()
    assert "sheets" not in kept
    assert Noticed.from_json(json.loads(json.dumps({**kept, "of a later version": 1}))) == facts
    assert Noticed.from_json({}) == Noticed()


def test_a_pdf_tells_its_pages_text_and_empty_pages(look):
    from reportlab.pdfgen import canvas

    made = io.BytesIO()
    drawn = canvas.Canvas(made)
    for words in ("Annual report of 15 March 2025 for everybody to read", "", "the third page", ""):
        if words:
            drawn.drawString(72, 700, words)
        drawn.showPage()
    drawn.save()
    facts = look(made.getvalue(), "a.pdf").noticed
    assert facts.made_at is not None
    assert replace(facts, made_at=None) == Noticed(
        pages=4, has_text=True, text_languages=("en",), years=(2568,), has_date=True, empty_pages=(2, 4)
    )


def test_a_scan_has_no_text(look):
    made = io.BytesIO()
    Image.new("RGB", (200, 300), "grey").save(made, "PDF")
    facts = look(made.getvalue(), "a.pdf").noticed
    assert (facts.has_text, facts.empty_pages, facts.has_date) == (False, (), None)


def test_office_files_tell_their_text_and_moment(look):
    facts = look(files.word("ประกาศ ณ วันที่ ๑๕ มีนาคม พ.ศ. ๒๕๖๘", "แผนปฏิบัติการ ปีงบประมาณ พ.ศ. 2567"), "a.docx").noticed
    assert (facts.text_languages, facts.years, facts.fiscal_years) == (("th",), (2567, 2568), (2567,))
    assert (facts.has_date, facts.has_text, facts.made_at) == (True, True, "2013-12-23T23:15:00+00:00")
    facts = look(files.excel(("รายงานผลการปฏิบัติงานประจำเดือน", "ต.ค. 67")), "a.xlsx").noticed
    assert (facts.sheets, facts.text_languages, facts.years, facts.has_date) == (1, ("th",), (2567,), None)
    facts = look(files.slides("หนึ่ง", "สอง"), "a.pptx").noticed
    assert (facts.slides, facts.has_date) == (2, False)


def test_old_office_files_tell_theirs(look):
    facts = look(files.doc(), "a.doc").noticed
    assert (facts.text_languages, facts.years, facts.has_date) == (("th",), (2568,), True)
    assert look(files.xls(), "a.xls").noticed.sheets == 1


def test_a_photograph_tells_when_it_was_taken(look):
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0x9003] = "2025:03:15 10:20:30"
    made = io.BytesIO()
    Image.new("RGB", (40, 30)).save(made, "JPEG", exif=exif)
    assert look(made.getvalue(), "a.jpg").noticed == Noticed(width=40, height=30, made_at="2025-03-15T10:20:30+07:00")
