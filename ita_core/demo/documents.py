"""Files as an office makes them, in Thai, invented and marked as such: PDF, Word, Excel and pictures.

The same `Sheet` gives the same bytes on every machine and at every hour, so that a demonstration can be built again.
PDFs are shaped (fpdf2 with HarfBuzz): without that, Thai tone marks lie on the vowels above the letters.
"""

import io
import random
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import cache
from pathlib import Path

from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt
from fpdf import FPDF
from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet
from PIL import Image, ImageDraw, ImageFont

from ita_core import thai

FONT = Path(__file__).parent / "NotoSansThai-Latin.ttf"
OFFICE_FONT = "TH Sarabun New"  # what the office's own Word and Excel files are written in
MARK = "เอกสารตัวอย่างเพื่อการสาธิต ข้อมูลทั้งหมดเป็นข้อมูลสมมุติ"
_PICTURE = (960, 640)
_INK, _GREY, _BLUE = (27, 39, 51), (110, 120, 130), (0, 90, 141)


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a document says: its heading, the item it is for, what it shows, who made it and when."""

    heading: str
    item: str
    sections: tuple[str, ...]
    office: str
    by: str
    day: date
    figures: bool = False  # monthly reports have numbers

    @property
    def lines(self) -> list[str]:
        """The text below the heading, one paragraph an element."""
        return [
            f"หน่วยงาน {self.office}",
            f"ข้อ {self.item}",
            f"ผู้จัดทำ {self.by}",
            f"จัดทำเมื่อวันที่ {thai.long_date_text(self.day)}",
        ]

    @property
    def rows(self) -> list[tuple[str, str, str, str]]:
        """A line of the table for each section: what, and three numbers or words."""
        if not self.figures:
            return [(section, "มีข้อมูล", "เป็นปัจจุบัน", "เผยแพร่ได้") for section in self.sections]
        numbers = random.Random(f"{self.heading} {self.day}")  # noqa: S311  invented figures, no secret
        rows = []
        for section in self.sections:
            done, open_ = numbers.randint(20, 240), numbers.randint(0, 12)
            rows.append((section, str(done + open_), str(done), str(open_)))
        return rows

    @property
    def columns(self) -> tuple[str, str, str, str]:
        """The table's headings."""
        if self.figures:
            return ("รายการ", "รับเรื่อง (ราย)", "แล้วเสร็จ (ราย)", "อยู่ระหว่างดำเนินการ")
        return ("องค์ประกอบ", "ข้อมูล", "ความเป็นปัจจุบัน", "การเผยแพร่")


def pdf(sheet: Sheet) -> bytes:
    """A page of A4 with the table and, for monthly reports, frames where the photographs would be."""
    page = FPDF(format="A4")
    page.set_creation_date(_moment(sheet.day))
    page.set_title(sheet.heading)
    page.add_font("Thai", "", str(FONT))
    page.set_text_shaping(use_shaping_engine=True)
    page.add_page()
    width = page.epw

    def write(text: str, size: float, colour: tuple[int, int, int] = _INK, align: str = "L") -> None:
        page.set_text_color(*colour)
        for line in _wrapped(page, text, size, width):
            _fit(page, line, size, width)
            page.cell(width, size * 0.62, line, align=align, new_x="LMARGIN", new_y="NEXT")

    write(MARK, 9, _GREY, "C")
    page.ln(4)
    write(sheet.heading, 17, _BLUE, "C")
    page.ln(3)
    for line in sheet.lines:
        write(line, 12)
    page.ln(4)
    shares = (0.52, 0.16, 0.16, 0.16)
    page.set_draw_color(190, 198, 206)
    page.set_fill_color(232, 237, 242)
    page.set_text_color(*_INK)
    for number, row in enumerate([sheet.columns, *sheet.rows]):
        for share, text in zip(shares, row, strict=True):
            _fit(page, text, 11, width * share - 3)
            page.cell(
                width * share, 9, text, border=1, fill=number == 0, align="L" if share > 0.2 else "C", new_x="RIGHT"
            )
        page.ln(9)
    page.ln(5)
    if sheet.figures:
        write("ภาพกิจกรรม", 12)
        top = page.get_y() + 2
        for number in range(2):
            left = page.l_margin + number * (width / 2 + 2)
            page.set_fill_color(*((209, 226, 238), (214, 232, 222))[number])
            page.rect(left, top, width / 2 - 4, 48, style="DF")
        page.set_y(top + 52)
        write("ภาพตัวอย่าง: การปฏิบัติงานและการให้บริการประชาชน", 9, _GREY)
    return bytes(page.output())


def _wrapped(page: FPDF, text: str, size: float, width: float) -> list[str]:
    """The text in lines, broken where Thai has its blanks: between phrases."""
    page.set_font("Thai", size=size)
    lines = [""]
    for phrase in text.split(" "):
        longer = f"{lines[-1]} {phrase}".strip()
        if lines[-1] and page.get_string_width(longer) > width - 2:
            lines.append(phrase)
        else:
            lines[-1] = longer
    return lines


def _fit(page: FPDF, text: str, size: float, width: float) -> None:
    """The size at which one line of text fits: a phrase without a blank is made smaller, not cut."""
    page.set_font("Thai", size=size)
    wide = page.get_string_width(text)
    if wide > width - 2:
        page.set_font("Thai", size=size * (width - 2) / wide)


def word(sheet: Sheet) -> bytes:
    """A Word file (docx) in the office's own font."""
    document = Document()
    for style in ("Normal", "Title", "Table Grid"):
        font = document.styles[style].font
        font.name, font.size = OFFICE_FONT, Pt(22 if style == "Title" else 16)
        # Word takes the font of Thai text from the "complex script" attributes, which python-docx has no name for.
        properties = document.styles[style].element.get_or_add_rPr()
        properties.get_or_add_rFonts().set(qn("w:cs"), OFFICE_FONT)
        size = OxmlElement("w:szCs")
        size.set(qn("w:val"), str(int(font.size.pt * 2)))
        properties.append(size)
    document.add_paragraph(MARK)
    document.add_heading(sheet.heading, level=0)
    for line in sheet.lines:
        document.add_paragraph(line)
    table = document.add_table(rows=0, cols=4, style="Table Grid")
    for row in [sheet.columns, *sheet.rows]:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    target = io.BytesIO()
    document.save(target)
    return _dated(target.getvalue(), sheet.day)


def excel(sheet: Sheet) -> bytes:
    """A workbook (xlsx) with the table; numbers are numbers."""
    book = Workbook()
    page = book.active
    assert isinstance(page, Worksheet)
    page.title = "รายงาน"
    for line in (MARK, sheet.heading, *sheet.lines):
        page.append([line])
    page.append([])
    page.append(list(sheet.columns))
    for row in sheet.rows:
        page.append([int(text) if text.isdecimal() else text for text in row])
    for row_number, cells in enumerate(page.iter_rows(), start=1):
        for cell in cells:
            cell.font = Font(name=OFFICE_FONT, size=16, bold=row_number in {2, len(sheet.lines) + 4})
        page.row_dimensions[row_number].height = 26
    page.page_setup.orientation, page.page_setup.paperSize = "landscape", 9
    page.page_setup.fitToHeight = 0
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    for letter, wide in zip("ABCD", (70, 18, 18, 22), strict=True):
        page.column_dimensions[letter].width = wide
    target = io.BytesIO()
    book.save(target)
    return _dated(target.getvalue(), sheet.day)


def jpeg(sheet: Sheet) -> bytes:
    """A picture in the place of a photograph, with its caption."""
    return _picture(sheet, "JPEG")


def png(sheet: Sheet) -> bytes:
    """A picture in the place of an infographic or a map."""
    return _picture(sheet, "PNG")


def _picture(sheet: Sheet, kind: str) -> bytes:
    numbers = random.Random(f"{sheet.heading} {sheet.day}")  # noqa: S311  invented shapes, no secret
    width, height = _PICTURE
    image = Image.new("RGB", _PICTURE, (214, 228, 238))
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, height * 0.62, width, height), fill=(176, 164, 148))
    for number in range(5):  # people at a counter, as far as rectangles and circles go
        left = 90 + number * 165 + numbers.randint(-25, 25)
        tall = numbers.randint(120, 165)
        colour = (numbers.randint(40, 110), numbers.randint(60, 120), numbers.randint(80, 150))
        draw.rounded_rectangle((left, 470 - tall, left + 80, 480), 24, fill=colour)
        draw.ellipse((left + 14, 410 - tall, left + 66, 462 - tall), fill=(226, 190, 158))
    draw.rectangle((60, 400, width - 60, 490), fill=(122, 88, 60))
    draw.rectangle((0, height - 118, width, height), fill=(255, 255, 255))
    draw.rectangle((0, 0, width, 62), fill=_BLUE)
    for text, size, top, colour in (
        (sheet.office, 28, 8, (255, 255, 255)),
        (sheet.heading, 28, height - 112, _INK),
        (f"{thai.long_date_text(sheet.day)} · {MARK}", 20, height - 52, _GREY),
    ):
        while draw.textlength(text, _font(size)) > width - 40:
            size -= 2
        draw.text((20, top), text, font=_font(size), fill=colour)
    target = io.BytesIO()
    image.save(target, kind, quality=78, optimize=True)
    return target.getvalue()


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(FONT), size)


FORMATS: dict[str, tuple[str, Callable[[Sheet], bytes]]] = {
    "pdf": (".pdf", pdf),
    "word": (".docx", word),
    "excel": (".xlsx", excel),
    "photo": (".jpg", jpeg),
    "graphic": (".png", png),
}


def _moment(day: date) -> datetime:
    return datetime.combine(day, time(9), UTC)


def _dated(office_file: bytes, day: date) -> bytes:
    """The same Office file made on `day`: the zip and its core properties bear the moment of the making."""
    stamp = f"{_moment(day):%Y-%m-%dT%H:%M:%SZ}".encode()
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(office_file)) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as copy:
        for name in source.namelist():
            content = source.read(name)
            if name == "docProps/core.xml":
                content = re.sub(rb">\d{4}-\d\d-\d\dT[^<]*<", b">" + stamp + b"<", content)
            copy.writestr(zipfile.ZipInfo(name, (day.year, day.month, day.day, 9, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return target.getvalue()
