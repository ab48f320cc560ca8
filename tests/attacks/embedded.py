"""Macros, templates, embedded things and controls."""

from random import Random

from ita_core.evidence import inspect as refusals
from tests import files, papers
from tests.attacks.attack import EXCEL, OF, OFFICE, SLIDES, WORD, attack, folder_of

VBA = files.compound({"VBA/_VBA_PROJECT": b"\xcc\x61" + b"\0" * 30, "VBA/dir": b"x" * 100, "PROJECT": b"ID="})


@attack("macros", refusals.Macros, *OFFICE)
def a_vba_project(content: bytes, random: Random) -> bytes:
    _suffix, folder = folder_of(content)
    made = files.added(content, f"{folder}/vbaProject.bin", VBA, "application/vnd.ms-office.vbaProject")
    return made if random.random() < 0.5 else files.related(made, "vbaProject", "vbaProject.bin", external=False)


@attack("macros", refusals.Macros, *OFFICE)
def a_vba_project_by_another_name(content: bytes, random: Random) -> bytes:
    _suffix, folder = folder_of(content)
    name = f"{folder}/{random.choice(['theme7', 'data', 'printerSettings1'])}.bin"
    return files.added(content, name, VBA, "application/vnd.ms-office.vbaProject")


@attack("macros", refusals.Macros, *OFFICE)
def a_macro_document_by_another_name(content: bytes, _random: Random) -> bytes:
    suffix, _folder = folder_of(content)
    old = {WORD: "document.main", EXCEL: "sheet.main", SLIDES: "presentation.main"}[suffix]
    new = {WORD: "application/vnd.ms-word.document.macroEnabled.main",
           EXCEL: "application/vnd.ms-excel.sheet.macroEnabled.main",
           SLIDES: "application/vnd.ms-powerpoint.presentation.macroEnabled.main"}[suffix]  # fmt: skip
    return files.changed(content, "[Content_Types].xml", f"{OF[suffix]}.{old}", new)


@attack("macros", refusals.Macros, EXCEL)
def a_sheet_of_macros(content: bytes, random: Random) -> bytes:
    sheet = b'<xm:macrosheet xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main"/>'
    if random.random() < 0.5:
        return files.added(content, "xl/macrosheets/sheet1.xml", sheet, "application/vnd.ms-excel.macrosheet+xml")
    made = files.added(content, "xl/worksheets/sheet9.xml", sheet, "application/xml")
    return files.related(made, "xlMacrosheet", "worksheets/sheet9.xml", external=False)


@attack("macros", refusals.Macros, SLIDES)
def macros_in_the_workbook_of_a_chart(_content: bytes, _random: Random) -> bytes:
    content = files.slides(chart=True)
    name = next(name for name in files.parts(content) if name.endswith(".xlsx"))
    inside = a_vba_project(files.excel(), Random(0))
    return files.packed({**files.parts(content), name: inside})


@attack("template", refusals.Template, *OFFICE)
def a_template(content: bytes, random: Random) -> bytes:
    suffix, _folder = folder_of(content)
    old = {WORD: "document.main", EXCEL: "sheet.main", SLIDES: "presentation.main"}[suffix]
    new = random.choice(["template.main", "slideshow.main"]) if suffix == SLIDES else "template.main"
    return files.changed(content, "[Content_Types].xml", f"{OF[suffix]}.{old}", f"{OF[suffix]}.{new}")


OLE = files.compound({"\x01Ole10Native": b"\0" * 50 + b"cmd.exe", "\x01CompObj": b"x" * 20})


@attack("embedded", refusals.Embedded, *OFFICE)
def an_ole_object(content: bytes, random: Random) -> bytes:
    _suffix, folder = folder_of(content)
    kind = "application/vnd.openxmlformats-officedocument.oleObject" if random.random() < 0.5 else ""
    name = f"{folder}/{random.choice(['embeddings/oleObject1.bin', 'media/image7.png', 'a.dat'])}"
    return files.added(content, name, OLE, kind)


@attack("embedded", refusals.Embedded, *OFFICE)
def a_program_inside(content: bytes, random: Random) -> bytes:
    _suffix, folder = folder_of(content)
    name, data = random.choice([("a.exe", b"x"), ("b.js", b"x"), ("c.bin", b"MZ\x90\0"), ("d.png", b"\x7fELF"),
                                ("e.pdf", papers.pdf()), ("f.zip", files.packed({"a.exe": b"MZ"})), ("g.hta", b"<a>"),
                                ("h.rtf", b"{\\rtf1"), ("i.html", b"<script>")])  # fmt: skip
    return files.added(content, f"{folder}/embeddings/{name}", data)


@attack("embedded", refusals.Embedded, WORD)
def a_chunk_of_html(content: bytes, random: Random) -> bytes:
    made = files.added(content, "word/chunk.dat", b"<html><script>" + random.randbytes(10).hex().encode())
    return files.related(made, "aFChunk", "chunk.dat", external=False)


@attack("embedded", refusals.Embedded, WORD, SLIDES)
def a_package_that_is_none(content: bytes, random: Random) -> bytes:
    suffix, folder = folder_of(content)
    made = files.added(content, f"{folder}/embeddings/a.bin", b"x" + random.randbytes(100))
    target = "embeddings/a.bin" if suffix == WORD else "../embeddings/a.bin"
    return files.related(made, "package", target, external=False)


@attack("controls", refusals.Controls, *OFFICE)
def an_activex_control(content: bytes, random: Random) -> bytes:
    _suffix, folder = folder_of(content)
    control = b'<ax:ocx xmlns:ax="http://schemas.microsoft.com/office/2006/activeX" ax:classid="{0}"/>'
    if random.random() < 0.5:
        return files.added(content, f"{folder}/activeX/activeX1.xml", control, "application/vnd.ms-office.activeX+xml")
    return files.related(files.added(content, f"{folder}/c1.xml", control), "control", "c1.xml", external=False)
