"""Files decided by their content: every attack against an honest file, and the honest file itself; what was noticed."""

import base64
import contextlib
import importlib
import io
import json
import os
import struct
import subprocess
import sys
import threading
import zlib
from dataclasses import replace
from pathlib import Path
from random import Random

import pikepdf
import pytest
from PIL import Image

from ita_core import language
from ita_core.days import MONTHS, SHORT_MONTHS
from ita_core.errors import Refused
from ita_core.evidence import child, inspect, kinds
from ita_core.evidence.examine import text, unpacking
from ita_core.evidence.inspect import CannotBeChecked, Inspected, NotWhatItSays
from ita_core.evidence.noticed import Noticed
from tests import files
from tests.attacks import ATTACKS, Attack, original


def spent() -> float:
    """Processor seconds of this process and of its children that have ended: no other's work counts."""
    return sum(os.times()[:4])


@pytest.fixture
def look(tmp_path: Path):
    """Inspect some bytes under a name."""

    def at(content: bytes, name: str) -> Inspected:
        path = tmp_path / "received"
        path.write_bytes(content)
        return inspect.inspect(path, name)

    return at


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Examined in this process: one of its own for each of some hundred files takes a minute. The trials have it."""

    def run(module: str, *arguments: str, **_limits: object) -> bytes:
        with contextlib.redirect_stdout(io.StringIO()) as said:
            importlib.import_module(module).main(*arguments)
        return said.getvalue().encode()

    monkeypatch.setattr(child, "run", run)


# --- what is refused -------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: f"{attack.name}{attack.suffix}")
def test_an_attack_is_refused_with_its_own_sentence(look, attack: Attack):
    """Its original is accepted: see below."""
    name = f"รายงาน{attack.suffix}"
    with pytest.raises(attack.refusal) as refused:
        look(attack.mutate(original(attack.suffix), Random(1)), name)
    assert type(refused.value) is attack.refusal
    assert name in str(refused.value)
    assert "{" not in str(refused.value)


@pytest.mark.parametrize("suffix", sorted({attack.suffix for attack in ATTACKS}))
def test_what_the_attacks_start_from_is_accepted(look, suffix: str):
    assert look(original(suffix), f"รายงาน{suffix}").kind.suffix == suffix


def test_every_refusal_is_met_by_an_attack():
    assert {attack.refusal for attack in ATTACKS} >= set(inspect.REFUSALS.values())


@pytest.mark.parametrize("code", inspect.REFUSALS)
def test_each_refusal_says_what_to_do_in_thai(code: str):
    language.use("th")
    says = str(inspect.REFUSALS[code](file="ก.docx", suffix=".docx"))
    assert "“ก.docx”" in says
    assert any(word in says for word in ("โปรด", "ส่ง"))


def test_the_sentence_of_macros_names_the_kind_to_save_as(look):
    language.use("th")
    attack = next(one for one in ATTACKS if one.name == "a_vba_project" and one.suffix == ".docx")
    with pytest.raises(Refused, match=r"“ก\.docx” มีมาโคร โปรดบันทึกเป็น \.docx แล้วส่งใหม่"):
        look(attack.mutate(original(".docx"), Random(1)), "ก.docx")


@pytest.mark.parametrize("off", [*range(-12, 3), 300])
def test_a_formula_across_two_pieces_of_a_sheet_is_seen(look, off: int):
    from ita_core.evidence.examine.packed import PIECE

    content = files.parts(files.excel())
    sheet = content["xl/worksheets/sheet1.xml"]
    start, rest = sheet[: sheet.index(b"<sheetData>") + 11], sheet[sheet.index(b"<sheetData>") + 11 :]
    formula = b'<row r="99"><c r="A99"><f>cmd<!-- -->|a!b</f></c></row>'
    filling = b" " * (PIECE - len(start) - formula.index(b"cmd") + off)
    content["xl/worksheets/sheet1.xml"] = start + filling + formula + rest
    with pytest.raises(inspect.CommandField):
        look(files.packed(content), "a.xlsx")


def test_a_packed_part_that_ends_early_does_not_go_on_for_ever(look):
    """Found by the trial: behind the end of the packed data stands more, which no program unpacks."""
    import zipfile

    content = files.word()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        entry = archive.getinfo("word/document.xml")
    start = entry.header_offset + 30 + len(entry.filename)
    ended = zlib.compressobj(9, zlib.DEFLATED, -15).flush()
    with pytest.raises(inspect.Broken):
        look(content[:start] + ended + content[start + len(ended) :], "a.docx")


def test_an_old_file_that_claims_billions_of_properties_is_read_quickly(look):
    streams = files.streams(files.doc())
    summary = bytearray(streams["\x05SummaryInformation"])
    (section,) = struct.unpack_from("<L", summary, 44)
    struct.pack_into("<L", summary, section + 4, 2**32 - 1)
    # One that went through all of them would be ended by the limits of its process long before.
    assert look(files.compound({**streams, "\x05SummaryInformation": bytes(summary)}), "a.doc").noticed.has_text


def test_photographs_written_as_letters_are_examined_quickly(look):
    """As reportlab does it by default: 5 MB here, 40 MB in half a second."""
    from reportlab.lib.utils import ImageReader
    from reportlab.pdfgen import canvas

    made = io.BytesIO()
    drawn = canvas.Canvas(made)
    noise = Image.effect_noise((2500, 2500), 90).convert("RGB")
    photograph = io.BytesIO()
    noise.save(photograph, "JPEG", quality=90)
    drawn.drawImage(ImageReader(photograph), 0, 0, 500, 500)
    drawn.drawImage(ImageReader(noise.resize((900, 900))), 0, 0, 500, 500)
    drawn.showPage()
    drawn.save()
    assert b"/ASCII85Decode" in made.getvalue()
    assert len(made.getvalue()) > 4_000_000
    before = spent()
    look(made.getvalue(), "a.pdf")
    examined, before = spent() - before, spent()
    base64.a85decode(base64.a85encode(made.getvalue()[: 4_000_000 * 4 // 5]))
    assert examined < spent() - before  # letter by letter in Python it would be more


# --- what is accepted ------------------------------------------------------------------------------------------------

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

    assert look(files.edited(files.pdf(), edit), "a.pdf").noticed.pages == 1


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

    look(files.edited(files.pdf(), edit), "a.pdf")


@pytest.mark.usefixtures("here")
def test_every_odd_address_and_every_call_is_refused(look):
    """The attacks take one of each by chance."""
    from tests.attacks import CALLS, CLOSE, COMPUTED, DONE_BY_SVG, FETCHED_BY_SVG, ODD, WORKBOOKS, _sheet, _with_svg

    for place in ODD:
        with pytest.raises(inspect.OddLink):
            look(files.related(files.word(), "hyperlink", place), "a.docx")
    for calls, refusal in (
        (CALLS, inspect.FetchesData),
        (WORKBOOKS, inspect.LinkedWorkbook),
        (COMPUTED, inspect.OddLink),
    ):
        for call in calls:
            with pytest.raises(refusal):
                look(_sheet(files.excel(), call), "a.xlsx")
    for drawings, refusal in ((FETCHED_BY_SVG, inspect.LinkedContent), (DONE_BY_SVG, inspect.Embedded)):
        for drawing in drawings:
            with pytest.raises(refusal):
                look(_with_svg(files.word(), drawing), "a.docx")
    for code in CLOSE:
        with pytest.raises(inspect.LinkedContent):
            look(files.with_field(code), "a.docx")


def test_a_drawing_as_office_puts_it_in_is_accepted(look):
    from tests.attacks import _with_svg

    inside = (
        '<style>.a{fill:#00f}</style><defs><linearGradient id="a"/></defs><rect class="a" fill="url(#a)"/>'
        '<use xlink:href="#a"/><image href="data:image/png;base64,AAAA"/><a href="https://www.immigration.go.th"/>'
    )
    look(_with_svg(files.word(), inside), "a.docx")


def test_a_pdf_that_leads_to_a_document_beside_it_is_accepted(look):
    from pikepdf import Array, Dictionary, Name, String

    def edit(document: pikepdf.Pdf) -> None:
        there = Dictionary(Type=Name.Filespec, F=String("../a.pdf"), UF=String("../ก.pdf"))
        noted = Dictionary(S=Name.URI, URI=String("https://www.immigration.go.th"))
        for place in (there, String("/C/a.pdf"), String("a.pdf")):
            leads = Dictionary(S=Name.GoToR, F=place, D=Array([0, Name.Fit]))
            link = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 9, 9]), A=leads, PA=noted)
            document.pages[0].obj.Annots = Array([link])

    look(files.edited(files.pdf(), edit), "a.pdf")


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


# --- the child -------------------------------------------------------------------------------------------------------


def test_a_child_that_is_stopped_is_a_refusal(look, monkeypatch: pytest.MonkeyPatch):
    """Too little memory, processor or time: real limits, met by a real file."""
    for limit, value in (("MEMORY", 24 * 1024**2), ("PROCESSOR_SECONDS", 0), ("SECONDS", 0.001)):
        with monkeypatch.context() as patch:
            patch.setattr(inspect, limit, value)
            with pytest.raises(CannotBeChecked, match="could not be checked"):
                look(files.pdf(), "a.pdf")
    assert look(files.pdf(), "a.pdf")


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("def main(): raise ValueError('broken')", "ValueError: broken"),
        ("def main():\n while True: pass", "exit status -"),
        ("def main():\n import time\n time.sleep(600)", "exit status -9"),
        ("def main():\n print(len(bytearray(10**9)))", "MemoryError"),
        ("def main():\n open('written', 'w').write('x' * 10**9)", "exit status"),
        ("def main():\n import sys\n while True: sys.stdout.write('x' * 10**6)", "exit status"),
        ("def main():\n import os, signal\n os.kill(os.getpid(), signal.SIGSEGV)", "exit status -11"),
    ],
)
def test_a_child_gets_no_more_than_its_limits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, body: str, why: str):
    (tmp_path / "misbehaving.py").write_text(body)
    monkeypatch.setattr(child, "ROOT", tmp_path)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(child.Ended, match=why):
        child.run(
            "misbehaving", memory=256 * 1024**2, processor_seconds=2, seconds=1 if "sleep" in body else 100,
            turns=threading.BoundedSemaphore(1),
        )  # fmt: skip


def test_a_child_is_not_left_behind_where_no_thread_is_to_be_had(monkeypatch: pytest.MonkeyPatch):
    started = []

    class Noted(subprocess.Popen):  # type: ignore[type-arg]
        def __init__(self, *args: object, **more: object) -> None:
            super().__init__(*args, **more)  # type: ignore[call-overload]
            started.append(self)

    class NoThread(threading.Timer):
        def start(self) -> None:
            raise RuntimeError("can't start new thread")

    monkeypatch.setattr(child.subprocess, "Popen", Noted)
    monkeypatch.setattr(child.threading, "Timer", NoThread)
    with pytest.raises(RuntimeError, match="new thread"):
        child.run("ita_core.accounts.guessable", memory=1024**3, processor_seconds=9, seconds=9,
                  turns=threading.BoundedSemaphore(1), given=b'["x", []]')  # fmt: skip
    assert [one.returncode is not None for one in started] == [True]


def test_the_child_loads_nothing_slow():
    """Of ours only what examines; a package of office parts needs neither pikepdf nor Pillow."""
    code = "import sys, ita_core.evidence.examine.office; print('\\n'.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=child.ROOT)
    loaded = set(done.stdout.split())
    assert not {"babel", "ita_core.language", "ita_core.errors", "pikepdf", "PIL", "pypdfium2", "pythainlp"} & loaded


@pytest.mark.parametrize("answer", [b"", b"[]", b"{}", b'{"refused": "unheard of"}', b"\xff", b"Traceback"])
def test_an_answer_that_makes_no_sense_is_a_refusal(
    look, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: bytes
):
    folder = tmp_path / "ita_core" / "evidence"
    folder.mkdir(parents=True)
    (folder / "examine.py").write_text(f"def main(path):\n import sys\n sys.stdout.buffer.write({answer!r})")
    monkeypatch.setattr(child, "ROOT", tmp_path)
    with pytest.raises(CannotBeChecked):
        look(files.pdf(), "a.pdf")


def test_the_name_decides_only_after_the_content(look):
    with pytest.raises(NotWhatItSays, match=r"\.docx, but it is \.pdf"):
        look(files.pdf(), "a.docx")
    with pytest.raises(NotWhatItSays, match="without an ending"):
        look(files.pdf(), "a")


# --- facts -----------------------------------------------------------------------------------------------------------


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


@pytest.mark.parametrize(
    ("words", "years", "dated"),
    [
        ("พ.ศ. 2568", (2568,), False),
        ("ปีงบประมาณ 2567", (2567,), False),
        ("ปีงบประมาณ พ.ศ. ๒๕๖๗", (2567,), False),
        ("ประจำปี 2568", (2568,), False),
        ("28 ก.พ. 68", (2568,), True),
        ("๒๘ ก.พ. ๖๘", (2568,), True),
        ("มกราคม 2568", (2568,), False),
        ("วันที่ 1 เดือน ตุลาคม พ.ศ. 2567", (2567,), True),
        ("ต.ค.67 – ก.ย.68", (2567, 2568), False),
        ("15/03/2568", (2568,), True),
        ("15/3/68", (), True),
        ("ครั้งที่ 3/2568", (2568,), False),
        ("March 2025", (2568,), False),
        ("15 March 2025", (2568,), True),
        ("March 15th, 2025", (2568,), True),
        ("2025-03-15", (2568,), True),
        ("fiscal year 2025", (2568,), False),
        ("แผน 5 ปี พ.ศ. 2566-2570", (2566, 2567, 2568, 2569, 2570), False),
        ("28 กมภาพ ุ นธั 2568 ์", (2568,), True),  # as pdfium reads กุมภาพันธ์
        ("28 ม\uf701ถ\uf718นายน 2568", (2568,), True),
        ("พระราชบัญญัติคนเข้าเมือง พ.ศ. 2522", (), False),
        ("ระเบียบสำนักนายกรัฐมนตรี ว่าด้วยงานสารบรรณ พ.ศ. 2526 ลงวันที่ 1 ม.ค. 68", (2568,), True),
        ("โทร 032-123-2568 จำนวน 2,568 คน เลขที่ 25681", (), False),
        ("192.168.1.20 รุ่น 1.2.68", (), False),
        ("", (), False),
    ],
)
def test_years_and_dates_are_read_as_papers_write_them(words: str, years: tuple[int, ...], dated: bool):
    assert (text.years(words), text.has_date(words)) == (years, dated)


def test_the_names_of_months_are_those_of_the_rest_of_the_program():
    assert (text.MONTHS, text.SHORT_MONTHS) == (MONTHS, SHORT_MONTHS)


def test_a_language_counts_when_a_fair_part_is_written_in_it():
    assert text.languages("รายงานผลการปฏิบัติงานประจำเดือนมีนาคม PDF") == ("th",)
    assert text.languages("รายงานผลการปฏิบัติงานประจำเดือน monthly report of the office") == ("th", "en")
    assert text.languages("12 34") == ()


# --- filters of PDF --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("filters", [["FlateDecode"], ["LZWDecode"], ["RunLengthDecode"], ["ASCII85Decode"],
                                     ["ASCIIHexDecode"], ["ASCII85Decode", "FlateDecode"]])  # fmt: skip
def test_streams_are_unpacked_as_qpdf_does(filters: list[str]):
    """Each way of packing by a program of its own, or by its definition."""
    import base64

    plain = b"".join(b"BT /F1 12 Tf (%d) Tj ET\n" % number for number in range(2000)) + bytes(1000)
    packers = {
        "FlateDecode": zlib.compress,
        "ASCII85Decode": lambda data: base64.a85encode(data) + b"~>",
        "ASCIIHexDecode": lambda data: data.hex().encode() + b">",
        "RunLengthDecode": lambda data: b"".join(b"\x00%c" % value for value in data) + b"\x80",
        "LZWDecode": _lzw_packed,
    }  # fmt: skip
    raw = plain
    for name in reversed(filters):
        raw = packers[name](raw)
    document = pikepdf.new()
    stream = pikepdf.Stream(document, b"")
    stream.write(raw, filter=pikepdf.Array([pikepdf.Name(f"/{name}") for name in filters]))
    assert stream.read_bytes(pikepdf.StreamDecodeLevel.all) == plain
    assert b"".join(unpacking.unpacked(raw, [f"/{name}" for name in filters])) == plain


def _lzw_packed(data: bytes) -> bytes:
    """As the PDF reference describes it: codes of 9 to 12 bits, 256 clears the table, 257 ends."""
    bits, count, made = 0, 0, bytearray()
    table, width = {bytes([value]): value for value in range(256)}, 9

    def put(code: int) -> None:
        nonlocal bits, count
        bits, count = bits << width | code, count + width
        while count >= 8:
            count -= 8
            made.append(bits >> count & 0xFF)
            bits &= (1 << count) - 1

    put(256)
    run = b""
    for value in data:
        longer = run + bytes([value])
        if longer in table:
            run = longer
            continue
        put(table[run])
        table[longer] = len(table) + 2
        size = len(table) + 2
        width = 9 if size < 512 else 10 if size < 1024 else 11 if size < 2048 else 12
        run = bytes([value])
        if size >= 4094:
            put(table[run])
            put(256)
            table, width, run = {bytes([value]): value for value in range(256)}, 9, b""
    if run:
        put(table[run])
    put(257)
    made += struct.pack("B", bits << (8 - count) & 0xFF) if count else b""
    return bytes(made)
