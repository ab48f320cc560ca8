"""Honest files by real programs, with Thai names and text: `python -m tests.trials.harmless --files 2000`.

At most 0.5 % may be refused, each with the reason printed.
"""

import argparse
import io
import shutil
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from functools import partial
from pathlib import Path
from random import Random

from tests import files
from tests.trials.judging import Made, Verdict, judge, judge_all, print_table

MOST_REFUSED = 0.005
SHARE_OF_LIBREOFFICE = 0.4
MONTHS = ("มกราคม", "กุมภาพันธ์", "มีนาคม", "เมษายน", "พฤษภาคม", "มิถุนายน", "กรกฎาคม", "สิงหาคม", "กันยายน", "ตุลาคม")
WORDS = ("รายงานผลการปฏิบัติงาน", "งานบริการคนต่างด้าว", "ตรวจคนเข้าเมืองจังหวัดประจวบคีรีขันธ์", "นโยบายไม่รับของขวัญ",
         "การจัดซื้อจัดจ้าง", "แผนการใช้จ่ายงบประมาณ", "ข้อมูลเชิงสถิติ", "คู่มือการให้บริการ", "No Gift Policy", "ผู้กำกับการ",
         "ปีงบประมาณ พ.ศ. 2568", "๑๕ มีนาคม ๒๕๖๘", "A | B", "100%", "น้ำ ป่า ภูเขา")  # fmt: skip


def said(random: Random, words: int = 12) -> str:
    return " ".join(random.choice(WORDS) for _word in range(random.randrange(1, words)))


def word(random: Random) -> bytes:
    """python-docx: headings, tables, pictures, page numbers, links, a header."""
    import docx
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    document = docx.Document()
    document.add_heading(said(random, 4))
    for _paragraph in range(random.randrange(1, 40)):
        document.add_paragraph(said(random), style=random.choice(["Normal", "List Bullet", "List Number", "Quote"]))
    if random.random() < 0.5:
        table = document.add_table(random.randrange(1, 9), 3, style="Table Grid")
        for cell in (cell for row in table.rows for cell in row.cells):
            cell.text = said(random, 4)
    if random.random() < 0.5:
        document.add_picture(io.BytesIO(_picture(random, "PNG")))
    if random.random() < 0.5:
        paragraph = document.sections[0].footer.paragraphs[0]
        for code in (" PAGE ", ' DATE \\@ "d MMMM yyyy" ', " NUMPAGES "):
            field = OxmlElement("w:fldSimple")
            field.set(qn("w:instr"), code)
            paragraph._p.append(field)
    if random.random() < 0.5:
        document.sections[0].header.paragraphs[0].text = said(random, 3)
        relation = document.part.relate_to(
            "https://www.immigration.go.th/?a=1&b=2",
            "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink", is_external=True,
        )  # fmt: skip
        link = OxmlElement("w:hyperlink")
        link.set(qn("r:id"), relation)
        document.add_paragraph()._p.append(link)
    return _saved(document)


def excel(random: Random) -> bytes:
    """openpyxl: formulas, charts, comments (VML), links, pictures, several sheets."""
    import openpyxl
    from openpyxl.chart import BarChart, Reference
    from openpyxl.comments import Comment
    from openpyxl.drawing.image import Image

    book = openpyxl.Workbook()
    for number in range(random.randrange(1, 5)):
        sheet = book.active if not number else book.create_sheet(f"เดือน {number}")
        for row in range(1, random.randrange(3, 300)):
            sheet.append([row, said(random, 4), random.random() * 1000, date(2025, 3, 1 + row % 28)])
        sheet["F1"] = "=SUM(C:C)"
        sheet["F2"] = '=IF(A1>1,"ก|ข",TEXT(D1,"d/m/yyyy"))&" "&A2'
        sheet["F3"] = f"='{book.sheetnames[0]}'!A1"
    sheet["A1"].comment = Comment(said(random), "ผู้จัดทำ")
    sheet["G1"].hyperlink = "https://www.nacc.go.th"
    if random.random() < 0.5:
        chart = BarChart()
        chart.add_data(Reference(sheet, min_col=3, min_row=1, max_row=9))
        sheet.add_chart(chart, "H3")
    if random.random() < 0.5:
        sheet.add_image(Image(io.BytesIO(_picture(random, "PNG"))), "J20")
    return _saved(book)


def excel_by_xlsxwriter(random: Random) -> bytes:
    import xlsxwriter

    made = io.BytesIO()
    with xlsxwriter.Workbook(made) as book:
        sheet = book.add_worksheet("สรุป")
        day = book.add_format({"num_format": "d mmm yyyy"})
        for row in range(random.randrange(1, 200)):
            sheet.write_string(row, 0, said(random, 4))
            sheet.write_number(row, 1, row)
            sheet.write_datetime(row, 2, date(2025, 3, 1 + row % 28), day)
        sheet.write_formula(0, 4, '=COUNTIF(B:B,">1")')
        sheet.write_comment(0, 0, said(random, 3))
        sheet.write_url(1, 4, "https://www.immigration.go.th")
        sheet.data_validation(0, 5, 9, 5, {"validate": "list", "source": ["มี", "ไม่มี"]})
        sheet.conditional_format("B1:B9", {"type": "data_bar"})
        sheet.add_table("H1:I4")
        sheet.insert_textbox(5, 7, said(random, 3))
        chart = book.add_chart({"type": random.choice(["column", "line", "pie"])})
        chart.add_series({"values": "=สรุป!$B$1:$B$9"})
        sheet.insert_chart("K2", chart)
    return made.getvalue()


def slides(random: Random) -> bytes:
    """python-pptx: charts with their workbooks, tables, pictures, links, notes."""
    import pptx
    from pptx.chart.data import CategoryChartData
    from pptx.enum.chart import XL_CHART_TYPE
    from pptx.util import Inches

    show = pptx.Presentation()
    place = Inches(1), Inches(2), Inches(5), Inches(3)
    for _slide in range(random.randrange(1, 8)):
        slide = show.slides.add_slide(show.slide_layouts[random.choice([1, 5])])
        slide.shapes.title.text = said(random, 4)
        what = random.randrange(4)
        if what == 0:
            data = CategoryChartData()
            data.categories = MONTHS[:3]
            data.add_series(said(random, 2), (1, random.random(), 3))
            kind = random.choice([XL_CHART_TYPE.PIE, XL_CHART_TYPE.COLUMN_CLUSTERED, XL_CHART_TYPE.LINE])
            slide.shapes.add_chart(kind, *place, data)
        elif what == 1:
            slide.shapes.add_picture(io.BytesIO(_picture(random, "JPEG")), *place[:2])
        elif what == 2:
            slide.shapes.add_table(3, 3, *place)
        else:
            run = slide.shapes.add_textbox(*place).text_frame.paragraphs[0].add_run()
            run.text = said(random, 3)
            run.hyperlink.address = "https://www.immigration.go.th"
            slide.notes_slide.notes_text_frame.text = said(random)
    return _saved(show)


def pdf_by_reportlab(random: Random) -> bytes:
    from reportlab.lib.utils import ImageReader
    from reportlab.pdfgen import canvas

    made = io.BytesIO()
    drawn = canvas.Canvas(made, pageCompression=random.randrange(2))
    drawn.setTitle(said(random, 3))
    for number in range(random.randrange(1, 15)):
        drawn.drawString(72, 700, f"Report, page {number}")
        drawn.bookmarkPage(str(number))
        drawn.addOutlineEntry(f"หน้า {number}", str(number))
        drawn.linkURL("https://www.immigration.go.th", (10, 10, 90, 30))
        if random.random() < 0.3:
            drawn.drawImage(ImageReader(io.BytesIO(_picture(random, "PNG"))), 100, 100)
        if random.random() < 0.1:
            drawn.acroForm.textfield(name=f"f{number}", x=10, y=200)
        drawn.showPage()
    drawn.save()
    return made.getvalue()


def pdf_by_fpdf(random: Random) -> bytes:
    """fpdf2 with Thai letters, as the demo has them."""
    from ita_core.demo import documents

    lines = tuple(said(random, 3) for _line in range(random.randrange(1, 9)))
    day = date(2025, 1 + random.randrange(9), 1 + random.randrange(28))
    return documents.pdf(documents.Sheet(said(random, 4), "O6", lines, "ตม.จว.", "ผู้จัดทำ", day))


def pdf_changed_by_pikepdf(random: Random) -> bytes:
    """Linearised, with object streams, or put together from others."""
    import pikepdf

    made = io.BytesIO()
    first, second = io.BytesIO(pdf_by_reportlab(random)), io.BytesIO(pdf_by_fpdf(random))
    with pikepdf.open(first) as document, pikepdf.open(second) as other:
        document.pages.extend(other.pages)
        mode = random.choice([pikepdf.ObjectStreamMode.generate, pikepdf.ObjectStreamMode.disable])
        document.save(made, linearize=random.random() < 0.5, object_stream_mode=mode)
    return made.getvalue()


def pdf_of_scans(random: Random) -> bytes:
    from PIL import Image

    made = io.BytesIO()
    mode = random.choice(["RGB", "L", "1"])
    first, *rest = [
        Image.open(io.BytesIO(_picture(random, "PNG"))).convert(mode) for _n in range(random.randrange(1, 6))
    ]
    first.save(made, "PDF", save_all=True, append_images=rest, title=said(random, 2))
    return made.getvalue()


def _picture(random: Random, kind: str, **options: object) -> bytes:
    from PIL import Image

    size = random.randrange(8, 500), random.randrange(8, 400)
    picture = Image.effect_noise(size, 60) if random.random() < 0.3 else Image.linear_gradient("L").resize(size)
    mode = random.choice(["RGB", "L"] if kind == "JPEG" else ["RGB", "L", "RGBA"])
    made = io.BytesIO()
    picture.convert(mode if kind != "WEBP" else "RGB").save(made, kind, **options)
    return made.getvalue()


def jpeg(random: Random) -> bytes:
    from PIL import Image

    exif = Image.Exif()
    exif[0x010F] = "Camera"
    exif.get_ifd(0x8769)[0x9003] = "2025:03:15 10:20:30"
    made = _picture(random, "JPEG", quality=random.randrange(5, 100), progressive=random.random() < 0.5, exif=exif)
    return made + (b"MotionPhoto_Data" + files.film() if random.random() < 0.1 else b"")


def png(random: Random) -> bytes:
    from PIL.PngImagePlugin import PngInfo

    about = PngInfo()
    about.add_text("Title", said(random), zip=random.random() < 0.5)
    about.add_itxt("Author", said(random), zip=random.random() < 0.5)
    return _picture(random, "PNG", pnginfo=about, optimize=random.random() < 0.3)


def webp(random: Random) -> bytes:
    return _picture(random, "WEBP", lossless=random.random() < 0.5, quality=random.randrange(1, 100))


def film(random: Random) -> bytes:
    return files.film(**random.choice([
        {}, {"movflags": "faststart"}, {"codec": "libx264", "movflags": "frag_keyframe+empty_moov"}, {"sound": True},
        {"brand": "mp42"}, {"codec": "libx264"},
    ]))  # fmt: skip


def _saved(document: object) -> bytes:
    made = io.BytesIO()
    document.save(made)  # type: ignore[attr-defined]
    return made.getvalue()


MAKERS: list[tuple[str, str, Callable[[Random], bytes]]] = [
    ("python-docx", ".docx", word),
    ("openpyxl", ".xlsx", excel),
    ("xlsxwriter", ".xlsx", excel_by_xlsxwriter),
    ("python-pptx", ".pptx", slides),
    ("reportlab", ".pdf", pdf_by_reportlab),
    ("fpdf2", ".pdf", pdf_by_fpdf),
    ("pikepdf", ".pdf", pdf_changed_by_pikepdf),
    ("Pillow", ".pdf", pdf_of_scans),
    ("Pillow", ".jpg", jpeg),
    ("Pillow", ".png", png),
    ("Pillow", ".webp", webp),
    ("PyAV", ".mp4", film),
]
# What LibreOffice makes of what.
CONVERSIONS = (("docx", word, ("doc", "docx", "pdf")), ("xlsx", excel, ("xls", "xlsx", "pdf")),
               ("xlsx", excel_by_xlsxwriter, ("xls", "xlsx")), ("pptx", slides, ("pptx", "pdf")))  # fmt: skip


def name_of(number: int, suffix: str, random: Random) -> str:
    return f"{random.choice(WORDS)} {random.choice(MONTHS)} 2568 ({number}){suffix}".replace("|", "-")


def make(folder: str, seed: int, number: int) -> Made:
    random = Random(f"{seed}-{number}")
    program, suffix, maker = MAKERS[number % len(MAKERS)]
    path = f"{folder}/{number}"
    Path(path).write_bytes(maker(random))
    return Made(f"{program} {suffix}", maker.__name__, path, name_of(number, suffix, random))


def converted(folder: Path, seed: int, files: int) -> Iterator[Made]:
    """Many files with one call of LibreOffice each."""
    each = max(1, files // sum(len(endings) for _suffix, _maker, endings in CONVERSIONS))
    number = 0
    for suffix, maker, endings in CONVERSIONS:
        random = Random(f"{seed}-{maker.__name__}")
        source = folder / maker.__name__
        source.mkdir()
        for one in range(each):
            (source / f"เอกสาร {one}.{suffix}").write_bytes(maker(random))
        for ending in endings:
            target = folder / f"{maker.__name__}-{ending}"
            _convert(sorted(source.iterdir()), ending, target, folder / "profile")
            for path in sorted(target.iterdir()):
                number += 1
                yield Made(f"LibreOffice .{ending}", maker.__name__, str(path), name_of(number, f".{ending}", random))


def _convert(sources: Iterable[Path], ending: str, target: Path, profile: Path) -> None:
    command = ["soffice", f"-env:UserInstallation=file://{profile}", "--headless", "--convert-to", ending, "--outdir"]
    subprocess.run([*command, target, *sources], check=True, capture_output=True, timeout=1800)


def main(arguments: list[str] | None = None) -> int:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--files", type=int, default=2000)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--without-libreoffice", action="store_true")
    chosen = asked.parse_args(arguments)
    with_office = shutil.which("soffice") is not None and not chosen.without_libreoffice
    by_conversion = int(chosen.files * SHARE_OF_LIBREOFFICE) if with_office else 0
    by_program: dict[str, list[Verdict]] = defaultdict(list)
    with tempfile.TemporaryDirectory() as folder:
        for verdict in judge(partial(make, folder, chosen.seed), range(chosen.files - by_conversion)):
            by_program[verdict.made.family].append(verdict)
        if with_office:
            for verdict in judge_all(converted(Path(folder), chosen.seed, by_conversion)):
                by_program[verdict.made.family].append(verdict)
    print("LibreOffice took part." if with_office else "LibreOffice did not take part.")
    return report(by_program)


def report(by_program: dict[str, list[Verdict]]) -> int:
    """Print the figures; 1 where a bound is broken."""
    rows = []
    for program, those in sorted(by_program.items()):
        times = sorted(one.seconds for one in those)
        refused = sum(bool(one.refusal or one.crash) for one in those)
        rows.append((program, len(those), refused, f"{times[len(times) // 2]:.2f} s", f"{times[-1]:.2f} s"))
    print_table(("program", "files", "refused", "median", "slowest"), rows)
    every = [verdict for those in by_program.values() for verdict in those]
    refused_ones = [one for one in every if one.refusal or one.crash]
    for verdict in refused_ones[:30]:
        print(f"{verdict.made.family} ({verdict.made.what}): {verdict.says} {verdict.crash}")
    share = len(refused_ones) / len(every)
    print(f"{len(every)} files, {len(refused_ones)} refused ({share:.2%}; at most {MOST_REFUSED:.1%})")
    return 1 if share > MOST_REFUSED or any(one.crash for one in every) else 0


if __name__ == "__main__":
    sys.exit(main())
