"""Add-ins, and what happens by a pointer or a click alone."""

from random import Random

from ita_core.evidence import inspect as refusals
from tests import files
from tests.attacks.attack import OFFICE, SLIDES, attack


@attack("add-ins", refusals.AddIn, *OFFICE)
def a_web_extension(content: bytes, random: Random) -> bytes:
    part = b'<we:webextension xmlns:we="http://schemas.microsoft.com/office/webextensions/webextension/2010/11"/>'
    if random.random() < 0.5:
        return files.added(content, "a/webextension1.xml", part, "application/vnd.ms-office.webextension+xml")
    made = files.added(content, "a/b.xml", part)
    kind = random.choice(["webextension", "webextensiontaskpanes", "ui/extensibility", "ui/userCustomization"])
    return files.related(made, kind, "/a/b.xml", external=False)


@attack("add-ins", refusals.AddIn, *OFFICE)
def a_customisation_loaded_from_elsewhere(content: bytes, random: Random) -> bytes:
    name = random.choice(["_AssemblyLocation", "_AssemblyName", "_assemblylocation"])
    part = f'<Properties><property fmtid="a" pid="2" name="{name}"><lpwstr>http://evil.example</lpwstr></property></Properties>'
    kind = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
    return files.added(content, "docProps/custom.xml", part.encode(), kind)


@attack("actions", refusals.ActionProgram, SLIDES)
def a_page_opened_by_the_pointer_alone(content: bytes, random: Random) -> bytes:
    made = files.related(content, "hyperlink", "http://evil.example/a")
    event = random.choice(["hlinkHover", "hlinkMouseOver"])
    link = f'<a:rPr><a:{event} xmlns:r="{files.RELATIONS[:-1]}" r:id="rIdX"/></a:rPr><a:t>'
    return files.changed(made, "ppt/slides/slide1.xml", "<a:t>", link)


@attack("actions", refusals.ActionProgram, SLIDES)
def a_click_that_starts_a_program(content: bytes, random: Random) -> bytes:
    action = random.choice(["ppaction://program", "ppaction://macro?name=a", "PPACTION://Program"])
    event = random.choice(["hlinkClick", "hlinkHover", "hlinkMouseOver"])
    link = f'<a:rPr><a:{event} xmlns:r="{files.RELATIONS[:-1]}" r:id="" action="{action}"/></a:rPr><a:t>'
    return files.changed(content, "ppt/slides/slide1.xml", "<a:t>", link)
