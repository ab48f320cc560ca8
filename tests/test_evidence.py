"""Files: what they are. How they are kept is test_store.py's."""

import hashlib
import io
import zipfile
from pathlib import Path

import docx
import openpyxl
import pytest
from PIL import Image

from ita_core.evidence import drawing, inspect
from ita_core.evidence.inspect import EmptyFile, NotWhatItSays, UnknownKind
from ita_core.evidence.store import Folder


def picture(fmt: str) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (8, 8), "green").save(made, fmt)
    return made.getvalue()


def word() -> bytes:
    made = io.BytesIO()
    document = docx.Document()
    document.add_paragraph("รายงานผลการปฏิบัติงาน")
    document.save(made)
    return made.getvalue()


def excel() -> bytes:
    made = io.BytesIO()
    openpyxl.Workbook().save(made)
    return made.getvalue()


def zipped(*names: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return made.getvalue()


PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n"
MP4 = b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom"


@pytest.mark.parametrize(
    ("name", "content", "fmt"),
    [
        ("รายงาน ต.ค. 67.pdf", PDF, "pdf"),
        ("รายงาน.PDF", PDF, "pdf"),
        ("รายงาน.docx", word(), "word"),
        ("ตาราง.xlsx", excel(), "excel"),
        ("ภาพ.jpg", picture("JPEG"), "image"),
        ("ภาพ.jpeg", picture("JPEG"), "image"),
        ("ภาพ.png", picture("PNG"), "image"),
        ("ภาพ.webp", picture("WEBP"), "image"),
        ("คลิป.mp4", MP4, "video"),
        ("นำเสนอ.pptx", zipped("[Content_Types].xml", "ppt/presentation.xml"), "slides"),
    ],
)
def test_a_file_is_known_by_its_content_and_its_thai_name_is_kept(store: Folder, name: str, content: bytes, fmt: str):
    kept = store.put([content], name)
    assert (kept.format, kept.name, kept.size) == (fmt, name, len(content))
    assert kept.sha256 == hashlib.sha256(content).hexdigest()
    assert store.verified(kept.sha256).read_bytes() == content


@pytest.mark.parametrize(
    ("name", "content", "refusal"),
    [
        ("ว่าง.pdf", b"", EmptyFile),
        ("โปรแกรม.pdf", b"MZ\x90\0" + b"\0" * 100, UnknownKind),
        ("เพจ.pdf", b"<html><script>alert(1)</script></html>", UnknownKind),
        ("รายงาน.docx", PDF, NotWhatItSays),
        ("รายงาน.pdf", word(), NotWhatItSays),
        ("รายงาน", PDF, NotWhatItSays),
        ("รายงาน.pdf.exe", PDF, NotWhatItSays),
        ("มาโคร.docm", word(), NotWhatItSays),
        ("อะไรก็ได้.docx", zipped("anything.txt"), UnknownKind),
        ("สองอย่าง.docx", zipped("[Content_Types].xml", "word/document.xml", "xl/workbook.xml"), UnknownKind),
        ("ขาด.docx", word()[:200], UnknownKind),
        ("ไอโฟน.heic", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", UnknownKind),
        ("ไอโฟน.mp4", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", UnknownKind),
        ("เก่า.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 1000, UnknownKind),
    ],
)
def test_what_a_file_is_not_is_refused_and_nothing_stays(store: Folder, name: str, content: bytes, refusal: type):
    with pytest.raises(refusal, match=name.replace(".", r"\.")):
        store.put([content], name)
    assert [path for path in store.root.rglob("*") if path.is_file()] == []


def test_every_kind_that_the_uploader_offers_has_a_format():
    assert {kind.format for kind in inspect.KINDS} == {"pdf", "word", "excel", "slides", "image", "video"}


def pdf_with(media_box: str) -> bytes:
    """One empty page of a size."""
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
               f"<< /Type /Page /Parent 2 0 R /MediaBox [{media_box}] >>"]  # fmt: skip
    made = io.BytesIO()
    made.write(b"%PDF-1.4\n")
    places = []
    for number, content in enumerate(objects, 1):
        places.append(made.tell())
        made.write(f"{number} 0 obj {content} endobj\n".encode())
    start = made.tell()
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    made.write(f"xref\n0 4\n0000000000 65535 f \n{table}trailer << /Root 1 0 R /Size 4 >>\n".encode())
    made.write(f"startxref\n{start}\n%%EOF".encode())
    return made.getvalue()


@pytest.mark.parametrize("box", ["0 0 595 842", "0 0 275 1000000", "0 0 1000000 1", "0 0 0.001 0.001"])
def test_a_page_of_any_size_is_drawn_small(tmp_path: Path, box: str):
    path = tmp_path / "page.pdf"
    path.write_bytes(pdf_with(box))
    found = drawing.drawn(str(path))
    for page in found.pages:
        width, height = Image.open(io.BytesIO(page)).size
        assert width * height <= drawing.LARGEST * 1.05
    if box == "0 0 595 842":
        assert (found.count, len(found.pages)) == (1, 1)


def test_a_pdf_that_cannot_be_read_has_no_pages(tmp_path: Path):
    path = tmp_path / "broken.pdf"
    path.write_bytes(PDF)
    assert drawing.drawn(str(path)) == drawing.Drawn(0, ())
