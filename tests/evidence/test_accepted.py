"""Honest files that look a little like an attack, and are accepted."""

import io
import struct

import pikepdf
import pytest

from ita_core.evidence import kinds
from tests import files, papers
from tests.attacks.fetching import with_svg

FIELDS = [" PAGE ", "TOC \\o ", "HYPERLINK http://a.example", 'DATE \\@ "d MMMM yyyy"', "MERGEFIELD DDE",
          'HYPERLINK \\l "_Toc1" \\h', 'HYPERLINK "https://a.go.th/x" \\o "หมายเหตุ: ก" \\t "_blank"',
         "HYPERLINK mailto:a@b.th",
         'INCLUDEPICTURE "C:\\\\Users\\\\a.png"', "IF 1 = 1 DDE"]  # fmt: skip


@pytest.mark.parametrize("code", FIELDS)
def test_everyday_fields_of_word_are_accepted(look, code: str):
    assert look(files.with_field(code[:4], code[4:]), "a.docx").kind is kinds.DOCX


@pytest.mark.parametrize(
    "place",
    [
        "http://www.immigration.go.th/a?b=1",
        "mailto:a@example.com",
        "tel:+6632123456",
        "www.immigration.go.th",
        "../เอกสาร/a.docx",
        "file:///C:/a.pdf",
        "#ส่วนที่ 1",
        "https://maps.example/@13.7,100.5?to=a@b.go.th",
        "mailto:a@b.go.th?subject=attach",
        "http://",
    ],
)
def test_links_that_somebody_must_click_are_accepted(look, place: str):
    for content, name in ((files.word(), "a.docx"), (files.excel(), "a.xlsx"), (files.slides(), "a.pptx")):
        look(files.related(content, "hyperlink", place), name)


@pytest.mark.parametrize(
    "place",
    ["file:///C:\\Users\\สมชาย\\Templates\\Normal.dotm", "file:///C:/a.dotx", "Normal.dotm", "file:///home/a/b.ott"],
)
def test_a_template_on_the_authors_own_disk_is_accepted(look, place: str):
    relations = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
        f'Type="{files.RELATIONS}attachedTemplate" Target="{place}" TargetMode="External"/></Relationships>'
    )
    content = {**files.parts(files.word()), "word/_rels/settings.xml.rels": relations.encode()}
    look(files.packed(content), "a.docx")


@pytest.mark.parametrize(
    "formula",
    [
        'IF(A1="a|b","x|y",1)',
        "'ก|ข'!A1",
        "SUM(A1:A3)",
        'HYPERLINK("http://a.example","x")',
        'HYPERLINK("#Sheet!A1","ไป")',
        "'IMAGE (2)'!A1",
        'IF(A1="image (1)",VLOOKUP(A1,B:C,2,FALSE),COPYRIGHT)',
        'HYPERLINK("../a.xlsx")',
        "XLOOKUP(A1,B:B,C:C)",
        "SUM(Table1[[#This Row],[a]])*Sheet!A1",
        "Table1[IMAGE]",
        'HYPERLINK("#\'"&amp;A1&amp;"\'!A1","Note: see")',
        'HYPERLINK("https://maps.example/@13.7,100.5")',
        "_xlfn.MAP(A1:A9,_xleta.ABS)",
        'IF(A1="[a.xlsx]S!A1","\\\\a",1)',
    ],
)
def test_everyday_formulas_are_accepted(look, formula: str):
    import openpyxl

    book = openpyxl.Workbook()
    book.create_sheet("ก|ข")
    book.create_sheet("IMAGE (2)")
    book.active["A5"] = "=" + formula
    made = io.BytesIO()
    book.save(made)
    look(made.getvalue(), "a.xlsx")


def test_the_workbook_behind_a_chart_is_accepted(look):
    assert look(files.slides(chart=True), "a.pptx").noticed.slides == 1


def test_the_main_part_may_have_another_name(look):
    """As Word online writes it."""
    content = {name.replace("document.xml", "document2.xml"): data for name, data in files.parts(files.word()).items()}
    for name in ("_rels/.rels", "[Content_Types].xml"):
        content[name] = content[name].replace(b"word/document.xml", b"word/document2.xml")
    assert look(files.packed(content), "a.docx").noticed.has_text


def test_a_motion_photograph_is_accepted(look):
    """Phones put a film behind the picture's end."""
    assert look(files.picture("JPEG") + files.film(), "a.jpg").kind is kinds.JPEG


@pytest.mark.parametrize("options", [{"progressive": True}, {"quality": 100}, {"optimize": True}])
def test_pictures_of_every_make_are_accepted(look, options: dict[str, object]):
    assert look(files.picture("JPEG", **options), "a.jfif").noticed.width == 64
    assert look(files.picture("WEBP", lossless=True), "a.webp").noticed.width == 64
    assert look(files.picture("WEBP", exif=b"Exif\0\0II*\0\x08\0\0\0\0\0"), "a.webp").noticed.height == 48


def test_films_with_their_index_in_front_or_behind_are_accepted(look):
    in_front, behind = files.film(movflags="faststart"), files.film()
    assert in_front.index(b"moov") < in_front.index(b"mdat")
    assert behind.index(b"mdat") < behind.index(b"moov")
    for film in (in_front, behind):
        facts = look(film, "a.mp4").noticed
        assert (facts.width, facts.height, facts.seconds) == (64, 48, 2.0)


def test_a_pdf_that_links_and_jumps_is_accepted(look):
    from pikepdf import Array, Dictionary, Name, String

    def edit(document: pikepdf.Pdf) -> None:
        page = document.pages[0].obj
        link = Dictionary(S=Name.URI, URI=String("https://www.immigration.go.th"))
        page.Annots = Array([Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 9, 9]), A=link)])
        document.Root.OpenAction = Dictionary(S=Name.GoTo, D=Array([page, Name.Fit]))
        document.Root.Names = Dictionary(EmbeddedFiles=Dictionary(Names=Array()))
        page.Resources.Font.AF = page.Resources.Font.F1
        document.docinfo.Title = String("/JavaScript /Launch /EmbeddedFile")

    assert look(files.edited(papers.pdf(), edit), "a.pdf").noticed.pages == 1


@pytest.mark.parametrize(
    "place",
    [
        "www.immigration.go.th/a",
        "#page=2",
        "report.pdf",
        "mailto:a@b.go.th",
        "tel:1178",
        "https://evil.example/setup.exe",
    ],
)
def test_plain_addresses_in_a_pdf_are_accepted(look, place: str):
    from pikepdf import Array, Dictionary, Name, String

    def edit(document: pikepdf.Pdf) -> None:
        page = document.pages[0].obj
        link = Dictionary(S=Name.URI, URI=String(place))
        page.Annots = Array([Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 9, 9]), A=link)])
        page.AA = Dictionary(O=Dictionary(S=Name.Named, N=Name.NextPage))
        document.Root.URI = Dictionary(Base=String("https://www.immigration.go.th/"))
        document.Root.OpenAction = Array([page, Name.Fit])

    look(files.edited(papers.pdf(), edit), "a.pdf")


def test_a_drawing_as_office_puts_it_in_is_accepted(look):
    inside = (
        '<style>.a{fill:#00f}</style><defs><linearGradient id="a"/></defs><rect class="a" fill="url(#a)"/>'
        '<use xlink:href="#a"/><image href="data:image/png;base64,AAAA"/><a href="https://www.immigration.go.th"/>'
    )
    look(with_svg(files.word(), inside), "a.docx")


def test_a_pdf_that_leads_to_a_document_beside_it_is_accepted(look):
    from pikepdf import Array, Dictionary, Name, String

    def edit(document: pikepdf.Pdf) -> None:
        there = Dictionary(Type=Name.Filespec, F=String("../a.pdf"), UF=String("../ก.pdf"))
        noted = Dictionary(S=Name.URI, URI=String("https://www.immigration.go.th"))
        for place in (there, String("/C/a.pdf"), String("a.pdf")):
            leads = Dictionary(S=Name.GoToR, F=place, D=Array([0, Name.Fit]))
            link = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 9, 9]), A=leads, PA=noted)
            document.pages[0].obj.Annots = Array([link])

    look(files.edited(papers.pdf(), edit), "a.pdf")


def test_old_files_with_honest_links_are_accepted(look):
    streams = files.streams(files.doc())
    field = '\x13 HYPERLINK "https://www.immigration.go.th/a" \x14'.encode("utf-16-le")
    look(files.compound({**streams, "WordDocument": streams["WordDocument"] + field}), "a.doc")
    streams = files.streams(files.xls())
    link = bytes(24) + struct.pack("<LL", 2, 3) + "https://www.immigration.go.th/a".encode("utf-16-le")
    look(files.compound({**streams, "Workbook": streams["Workbook"] + files.records((0x1B8, link))}), "a.xls")


def test_a_pivot_table_over_the_workbooks_own_cells_is_accepted(look):
    sheet = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    part = (
        f'<pivotCacheDefinition {sheet} refreshOnLoad="1"><cacheSource type="worksheet">'
        '<worksheetSource ref="A1:C9" sheet="Sheet"/></cacheSource></pivotCacheDefinition>'
    )
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.pivotCacheDefinition+xml"
    connection = f'<connections {sheet}><connection id="1" type="6" refreshedVersion="3" interval="0"/></connections>'
    made = files.added(files.excel(), "xl/pivotCache/pivotCacheDefinition1.xml", part.encode(), kind)
    look(files.added(made, "xl/connections.xml", connection.encode()), "a.xlsx")


def test_a_letter_that_keeps_its_schema_and_a_picture_in_vml_is_accepted(look):
    more = '<w:attachedSchema w:val="http://www.w3.org/2001/XMLSchema"/><w:mailMerge/></w:settings>'
    made = files.changed(files.word(), "word/settings.xml", "</w:settings>", more)
    drawing = b'<xml xmlns:v="urn:schemas-microsoft-com:vml"><v:imagedata src="C:\\Users\\a.png"/></xml>'
    look(files.added(made, "word/drawings/vmlDrawing1.vml", drawing), "a.docx")
