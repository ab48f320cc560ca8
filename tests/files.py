"""Small real files, made by real programs, and what mutates them into something that must be refused.

PDFs are made in papers.py.
"""

import io
import itertools
import math
import struct
import tempfile
import zipfile
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

import av
import docx
import olefile
import openpyxl
import pikepdf
import pptx
from PIL import Image

DATA = Path(__file__).parent / "data"


# --- made by programs ------------------------------------------------------------------------------------------------


@cache  # the same each time, and each time 50 ms
def word(*paragraphs: str) -> bytes:
    made = io.BytesIO()
    document = docx.Document()
    for paragraph in paragraphs or ("รายงานผลการปฏิบัติงาน ประจำเดือนมีนาคม พ.ศ. 2568",):
        document.add_paragraph(paragraph)
    document.save(made)
    return made.getvalue()


@cache
def excel(*rows: tuple[object, ...]) -> bytes:
    made = io.BytesIO()
    book = openpyxl.Workbook()
    for row in rows or (("ข้อ", "ผล"), ("O6", 12)):
        book.active.append(row)
    book.save(made)
    return made.getvalue()


@cache
def slides(*titles: str, chart: bool = False) -> bytes:
    """By python-pptx; with a chart, whose figures are a workbook inside the file."""
    from pptx.chart.data import CategoryChartData
    from pptx.enum.chart import XL_CHART_TYPE
    from pptx.util import Inches

    made = io.BytesIO()
    show = pptx.Presentation()
    for title in titles or ("ผลการปฏิบัติงาน",):
        slide = show.slides.add_slide(show.slide_layouts[5])
        slide.shapes.title.text = title
        if chart:
            data = CategoryChartData()
            data.categories = ["ต.ค.", "พ.ย."]
            data.add_series("งานบริการ", (3, 5))
            slide.shapes.add_chart(XL_CHART_TYPE.COLUMN_CLUSTERED, Inches(1), Inches(2), Inches(5), Inches(4), data)
    show.save(made)
    return made.getvalue()


def doc() -> bytes:
    """By LibreOffice."""
    return (DATA / "libreoffice.doc").read_bytes()


def xls() -> bytes:
    """By LibreOffice."""
    return (DATA / "libreoffice.xls").read_bytes()


def picture(kind: str, size: tuple[int, int] = (64, 48), **options: object) -> bytes:
    made = io.BytesIO()
    Image.effect_mandelbrot(size, (-2, -1, 1, 1), 20).convert("RGB").save(made, kind, **options)
    return made.getvalue()


@cache
@cache
def heic(size: tuple[int, int] = (64, 48)) -> bytes:
    """A photograph as an iPhone keeps it, with when it was taken."""
    import pillow_heif
    from PIL import Image

    picture = Image.new("RGB", size, "teal")
    exif = picture.getexif()
    exif.get_ifd(0x8769)[0x9003] = "2025:02:03 10:11:12"
    made = io.BytesIO()
    pillow_heif.from_pillow(picture).save(made, quality=50, exif=exif.tobytes())
    return made.getvalue()


def film(*, sound: bool = False, codec: str = "mpeg4", **options: str) -> bytes:
    """Two seconds by FFmpeg's libraries (PyAV), the index at the end as cameras write it.

    `options` are FFmpeg's for MP4: `movflags="faststart"` puts the index in front.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "film.mp4"  # `faststart` reads the file again
        with av.open(path, "w", options=options) as target:
            pictures = target.add_stream(codec, rate=5, width=64, height=48, pix_fmt="yuv420p")
            heard = target.add_stream("aac", rate=8000, layout="mono") if sound else None
            for number in range(10):
                picture = Image.new("RGB", (64, 48), (25 * number, 128, 255 - 25 * number))
                target.mux(pictures.encode(av.VideoFrame.from_image(picture)))
            target.mux(pictures.encode())
            if heard:
                tone = av.AudioFrame(format="fltp", layout="mono", samples=2 * 8000)
                tone.rate = 8000
                tone.planes[0].update(struct.pack("<8000f", *(math.sin(at / 3) for at in range(8000))) * 2)
                target.mux(heard.encode(tone))
                target.mux(heard.encode())
        return path.read_bytes()


# --- mutated ---------------------------------------------------------------------------------------------------------


def parts(package: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(content: Mapping[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in content.items():
            archive.writestr(name, data)
    return made.getvalue()


def changed(package: bytes, part: str, old: str, new: str) -> bytes:
    """The package with a part's text changed; the old text must be there."""
    content = parts(package)
    assert old.encode() in content[part], (part, old)
    content[part] = content[part].replace(old.encode(), new.encode(), 1)
    return packed(content)


def added(package: bytes, part: str, data: bytes, content_type: str = "") -> bytes:
    """The package with one more part, and its content type."""
    content = {**parts(package), part: data}
    if content_type:
        override = f'<Override PartName="/{part}" ContentType="{content_type}"/></Types>'
        content["[Content_Types].xml"] = content["[Content_Types].xml"].replace(b"</Types>", override.encode())
    return packed(content)


RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
RELATIONS_OF = {
    "word": "word/_rels/document.xml.rels",
    "xl": "xl/_rels/workbook.xml.rels",
    "ppt": "ppt/slides/_rels/slide1.xml.rels",
}


def related(package: bytes, kind: str, target: str, *, external: bool = True, part: str = "") -> bytes:
    """The package with one more relationship of its main part (of the first slide), or of the part given."""
    content = parts(package)
    name = part or next(name for folder, name in RELATIONS_OF.items() if f"{folder}/" in "".join(content))
    mode = ' TargetMode="External"' if external else ""
    relationship = f'<Relationship Id="rIdX" Type="{RELATIONS}{kind}" Target="{target}"{mode}/></Relationships>'
    content[name] = content[name].replace(b"</Relationships>", relationship.encode())
    assert relationship.encode() in content[name]
    return packed(content)


def with_field(*instructions: str) -> bytes:
    """A Word file with a complex field whose code is spread over runs."""
    runs = "".join(f"<w:r><w:instrText>{one}</w:instrText></w:r>" for one in instructions)
    field = (
        f'<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r>{runs}<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
        '<w:r><w:t>1</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p><w:sectPr'
    )
    return changed(word(), "word/document.xml", "<w:sectPr", field)


def edited(source: bytes, edit: Callable[[pikepdf.Pdf], object], **saving: object) -> bytes:
    """The PDF after an edit by pikepdf."""
    made = io.BytesIO()
    with pikepdf.open(io.BytesIO(source)) as document:
        edit(document)
        document.save(made, **saving)
    return made.getvalue()


# --- compound files (MS-CFB): read by olefile, written here, for no library writes them ------------------------------


def streams(compound_file: bytes) -> dict[str, bytes]:
    with olefile.OleFileIO(io.BytesIO(compound_file)) as document:
        return {"/".join(path): document.openstream(path).read() for path in document.listdir()}


def compound(content: Mapping[str, bytes]) -> bytes:
    """A compound file with these streams, by their paths."""
    end, free = 0xFFFFFFFE, 0xFFFFFFFF
    tree: dict[str, dict] = {}
    for path in content:
        folder = tree
        for name in path.split("/"):
            folder = folder.setdefault(name, {})
    sectors: list[bytes] = []
    chains: list[int] = []
    small, small_chains = bytearray(), []

    def keep(data: bytes) -> int:
        if not data:
            return end
        first = len(sectors)
        sectors.extend(data[at : at + 512].ljust(512, b"\0") for at in range(0, len(data), 512))
        chains.extend([*range(first + 1, len(sectors)), end])
        return first

    def keep_small(data: bytes) -> int:
        if not data:
            return end
        first, count = len(small_chains), -(-len(data) // 64)
        small.extend(data.ljust(count * 64, b"\0"))
        small_chains.extend([*range(first + 1, first + count), end])
        return first

    entries: list[list] = [["Root Entry", 5, free, free, free, 0, 0]]

    def enter(folder: Mapping[str, dict], path: str) -> int:
        before = free
        for name in sorted(folder, key=lambda name: (len(name), name.upper()), reverse=True):
            whole = f"{path}/{name}".lstrip("/")
            number = len(entries)
            entries.append([name, 1, free, free, free, end, 0])
            if folder[name]:
                entries[number][1] = 1
                entries[number][1:6] = [1, free, before, free, 0]
                entries[number][4] = enter(folder[name], whole)
            else:
                data = content[whole]
                start = keep_small(data) if len(data) < 4096 else keep(data)
                entries[number][1:] = [2, free, before, free, start, len(data)]
            before = number
        return before

    entries[0][4] = enter(tree, "")
    entries[0][5], entries[0][6] = keep(bytes(small)), len(small)
    mini_table = keep(
        struct.pack(f"<{len(small_chains)}L", *small_chains).ljust(-(-len(small_chains) // 128) * 512, b"\xff")
    )
    directory = b"".join(
        struct.pack("<64sHBBLLL16sLQQLQ", name.encode("utf-16-le"), 2 * len(name) + 2, kind, 1, left, right, child, b"",
                    0, 0, 0, start, size)
        for name, kind, left, right, child, start, size in entries
    )  # fmt: skip
    directory_start = keep(directory + b"\0" * (-len(directory) % 512))
    table_count = next(count for count in itertools.count(1) if count * 128 >= len(chains) + count)
    table_start = len(chains)
    chains.extend([0xFFFFFFFD] * table_count)
    table = struct.pack(f"<{len(chains)}L", *chains).ljust(table_count * 512, b"\xff")
    header = struct.pack(
        "<8s16sHHHHH6sLLLLLLLLL", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"", 0x3E, 3, 0xFFFE, 9, 6, b"", 0, table_count,
        directory_start, 0, 4096, mini_table, -(-len(small_chains) // 128), end, 0,
    )  # fmt: skip
    places = struct.pack("<109L", *range(table_start, table_start + table_count), *[free] * (109 - table_count))
    return header + places + b"".join(sectors) + table


def records(*those: tuple[int, bytes]) -> bytes:
    """Records of an Excel 97 stream."""
    return b"".join(struct.pack("<HH", number, len(body)) + body for number, body in those)
