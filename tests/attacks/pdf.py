"""PDF: scripts, actions, attachments, media, forms."""

from collections.abc import Callable
from random import Random

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from ita_core.errors import Refused
from ita_core.evidence import inspect as refusals
from tests import files, papers
from tests.attacks.attack import attack
from tests.attacks.links import ODD


def pdf_attack(family: str, refusal: type[Refused]) -> Callable[[Callable[[pikepdf.Pdf, Random], object]], object]:
    """An edit by pikepdf; saved with or without streams of objects, and with names escaped now and then."""

    def add(edit: Callable[[pikepdf.Pdf, Random], object]) -> object:
        def mutate(content: bytes, random: Random) -> bytes:
            mode = random.choice(list(pikepdf.ObjectStreamMode))
            made = files.edited(content, lambda document: edit(document, random), object_stream_mode=mode,
                                compress_streams=random.random() < 0.5)  # fmt: skip
            escaped = {b"/JavaScript": b"/Java#53cript", b"/Launch ": b"/L#61unch "}
            for plain, hidden in escaped.items():
                if random.random() < 0.3 and made.count(plain) == 1 and mode == pikepdf.ObjectStreamMode.disable:
                    made = _moved(made.replace(plain, hidden))
            return made

        attack(family, refusal, ".pdf", name=edit.__name__)(mutate)
        return edit

    return add


def _moved(content: bytes) -> bytes:
    """A PDF whose table of places is written anew after its objects moved."""
    import re

    body = content[: content.rindex(b"xref\n0 ")] if b"xref\n0 " in content else content
    places = {int(found[1]): found.start(1) for found in re.finditer(rb"(?:^|\n)(\d+) 0 obj", body)}
    rows = "".join(f"{places[number]:010} 00000 n \n" for number in sorted(places))
    trailer = content[content.rindex(b"trailer") : content.rindex(b"startxref")]
    table = f"xref\n0 {len(places) + 1}\n0000000000 65535 f \n{rows}".encode()
    return body + table + trailer + f"startxref\n{len(body)}\n%%EOF\n".encode()


def script(random: Random, document: pikepdf.Pdf) -> Dictionary:
    code = f"app.alert({random.randrange(1000)})"
    held = document.make_stream(code.encode()) if random.random() < 0.5 else String(code)
    return Dictionary(S=Name.JavaScript, JS=held)


@pdf_attack("pdf scripts", refusals.PdfScript)
def a_script_at_opening(document: pikepdf.Pdf, random: Random) -> None:
    action = script(random, document)
    document.Root.OpenAction = document.make_indirect(action) if random.random() < 0.5 else action


@pdf_attack("pdf scripts", refusals.PdfScript)
def a_script_by_name(document: pikepdf.Pdf, random: Random) -> None:
    document.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array([String("a"), script(random, document)])))


@pdf_attack("pdf scripts", refusals.PdfScript)
def a_script_for_an_event(document: pikepdf.Pdf, random: Random) -> None:
    place = random.choice([document.Root, document.pages[0].obj])
    place.AA = Dictionary(**{random.choice(["O", "C", "WC", "WS", "DP"]): script(random, document)})


@pdf_attack("pdf scripts", refusals.PdfScript)
def a_script_of_a_field(document: pikepdf.Pdf, random: Random) -> None:
    field = Dictionary(FT=Name.Tx, T=String("a"), Subtype=Name.Widget, Rect=Array([0, 0, 1, 1]),
                       AA=Dictionary(K=script(random, document)))  # fmt: skip
    document.Root.AcroForm = Dictionary(Fields=Array([document.make_indirect(field)]))


@pdf_attack("pdf scripts", refusals.PdfScript)
def a_script_behind_another_action(document: pikepdf.Pdf, random: Random) -> None:
    inner = script(random, document)
    for _level in range(random.randrange(1, 60)):
        inner = Dictionary(S=Name.GoTo, D=Array([0]), Next=Array([inner]))
    document.Root.OpenAction = inner


@pdf_attack("pdf scripts", refusals.PdfScript)
def a_script_whose_kind_is_named_elsewhere(document: pikepdf.Pdf, random: Random) -> None:
    document.Root.OpenAction = Dictionary(S=document.make_indirect(Name.JavaScript), JS=String("a"))


@pdf_attack("pdf actions", refusals.PdfAction)
def a_program_started(document: pikepdf.Pdf, random: Random) -> None:
    action = Dictionary(S=Name.Launch, F=String("cmd.exe"), Win=Dictionary(F=String("cmd.exe"), P=String("/c calc")))
    document.Root.OpenAction = document.make_indirect(action) if random.random() < 0.5 else action


@pdf_attack("pdf actions", refusals.PdfAction)
def data_sent_away(document: pikepdf.Pdf, random: Random) -> None:
    kind = random.choice([Name.SubmitForm, Name.ImportData])
    link = Dictionary(
        Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 9, 9]), A=Dictionary(S=kind, F=String("http://a"))
    )
    document.pages[0].obj.Annots = Array([link])


@attack("pdf actions", refusals.Broken, ".pdf")
def a_key_twice(_content: bytes, random: Random) -> bytes:
    """One reader takes the first, another the last."""
    catalogue, page = random.choice([
        ("/OpenAction << /S /Launch /F (calc.exe) >> /OpenAction [3 0 R /Fit]", ""),
        ("", "/AA << /O << /S /URI /URI (http://evil.example) >> >> /AA << >>"),
        ("", "/Annots [<< /Subtype /Link /Rect [0 0 9 9] /A << /S /Launch /F (a) /S /URI /URI (http://a) >> >>]"),
    ])  # fmt: skip
    return papers.pdf_of(
        f"<< /Type /Catalog /Pages 2 0 R {catalogue} >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] {page} >>",
    )  # fmt: skip


@pdf_attack("pdf actions", refusals.PdfAction)
def a_program_beside_the_document(document: pikepdf.Pdf, random: Random) -> None:
    action = Dictionary(S=Name.GoToR, F=String(random.choice(["calc.exe", "a.LNK", "b/c.hta"])), D=Array([0, Name.Fit]))
    link = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 9, 9]), A=action)
    document.pages[0].obj.Annots = Array([link])


@pdf_attack("pdf actions", refusals.LinkedContent)
def a_document_of_the_web(document: pikepdf.Pdf, random: Random) -> None:
    held = Dictionary(FS=Name.URL, F=String("evil.example/a.pdf"))
    document.Root.OpenAction = Dictionary(S=Name.GoToR, F=held, D=Array([0, Name.Fit]))


@pdf_attack("pdf actions", refusals.LinkedContent)
def a_document_on_another_machine(document: pikepdf.Pdf, random: Random) -> None:
    place = String(random.choice(["\\\\evil\\a.pdf", "//evil/a.pdf", "http://evil.example/a.pdf"]))
    held = place if random.random() < 0.5 else Dictionary(Type=Name.Filespec, F=place)
    document.Root.OpenAction = Dictionary(S=Name.GoToR, F=held, D=Array([0, Name.Fit]))


@pdf_attack("pdf actions", refusals.LinkedContent)
def a_document_on_another_machine_for_one_system(document: pikepdf.Pdf, random: Random) -> None:
    """Readers take the name that is meant for their system; a single stroke before a server is the format's own way."""
    key, place = random.choice([("Unix", "//evil/a.pdf"), ("DOS", "\\\\evil\\a.pdf"), ("Mac", "//evil/a"),
                                ("F", "//evil/a.pdf"), ("F", "/evil/share/a.pdf")])  # fmt: skip
    held = Dictionary(Type=Name.Filespec, UF=String("a.pdf"))
    held[f"/{key}"] = String(place)
    document.pages[0].obj.Annots = _link(Dictionary(S=Name.GoToR, F=held, D=Array([0, Name.Fit])))


def _link(action: Dictionary) -> Array:
    return Array([Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 9, 9]), A=action)])


@pdf_attack("pdf actions", refusals.OddLink)
def an_address_that_acts(document: pikepdf.Pdf, random: Random) -> None:
    place = random.choice([*ODD, "file:///C:/a.exe", "c:/a.exe"]).replace("&#9;", "\t")
    action = Dictionary(S=Name.URI, URI=String(place))
    where = random.randrange(4)
    if where == 0:
        document.Root.OpenAction = action
    elif where == 1:
        document.pages[0].obj.Annots = _link(document.make_indirect(action))
    elif where == 2:
        document.pages[0].obj.Annots = _link(Dictionary(S=Name.URI, URI=document.make_indirect(String(place))))
    else:
        document.Root.URI = Dictionary(Base=String(place))


def _doing(random: Random) -> Dictionary:
    return random.choice([
        Dictionary(S=Name.URI, URI=String("https://evil.example/")), Dictionary(S=Name.GoToR, F=String("a.pdf")),
        Dictionary(S=Name.Thread, F=String("a.pdf")), Dictionary(S=Name.Named, N=Name.Print),
        Dictionary(S=Name.Named, N=Name.SaveAs), Dictionary(S=Name.Unheard),
    ])  # fmt: skip


@pdf_attack("pdf actions", refusals.PdfByItself)
def something_done_at_opening(document: pikepdf.Pdf, random: Random) -> None:
    more = [Dictionary(S=Name.Hide), Dictionary(S=Name.Named, N=Name.LastPage)]
    action = random.choice([_doing(random), *more])
    for _level in range(random.randrange(3)):
        action = Dictionary(S=Name.GoTo, D=Array([0]), Next=random.choice([action, Array([action])]))
    document.Root.OpenAction = document.make_indirect(action) if random.random() < 0.5 else action


@pdf_attack("pdf actions", refusals.PdfByItself)
def something_done_for_an_event(document: pikepdf.Pdf, random: Random) -> None:
    page = document.pages[0].obj
    page.Annots = Array([Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 9, 9]))])
    place = random.choice([document.Root, page, page.Annots[0]])
    place.AA = Dictionary(**{random.choice(["O", "C", "WC", "DP", "PO", "PV", "E", "X", "Fo"]): _doing(random)})


@pdf_attack("pdf actions", refusals.PdfByItself)
def something_done_behind_a_click(document: pikepdf.Pdf, random: Random) -> None:
    document.pages[0].obj.Annots = _link(Dictionary(S=Name.GoTo, D=Array([0]), Next=_doing(random)))


@pdf_attack("pdf actions", refusals.PdfByItself)
def something_done_at_a_step_of_a_presentation(document: pikepdf.Pdf, random: Random) -> None:
    step = Dictionary(**{random.choice(["NA", "PA"]): _doing(random)})
    if random.random() < 0.5:
        step.Type = Name.NavNode
    document.pages[0].obj.PresSteps = document.make_indirect(step) if random.random() < 0.5 else step


@pdf_attack("pdf actions", refusals.PdfByItself)
def a_chain_that_ends_in_itself(document: pikepdf.Pdf, random: Random) -> None:
    action = document.make_indirect(Dictionary(S=Name.GoTo, D=Array([0])))
    action.Next = action
    document.Root.OpenAction = action


@pdf_attack("pdf actions", refusals.LinkedContent)
def a_page_of_another_file_drawn(document: pikepdf.Pdf, random: Random) -> None:
    reference = Dictionary(F=String("//evil/a.pdf"), Page=0)
    document.Root.Extra = document.make_stream(b"q Q", Type=Name.XObject, Subtype=Name.Form, Ref=reference)


@pdf_attack("pdf actions", refusals.LinkedContent)
def a_stream_kept_elsewhere(document: pikepdf.Pdf, random: Random) -> None:
    stream = document.make_stream(b"q Q")
    stream.stream_dict.F = String("http://evil.example/a")
    document.Root.Extra = stream


@pdf_attack("pdf attachments", refusals.PdfAttachment)
def an_attached_file(document: pikepdf.Pdf, random: Random) -> None:
    document.attachments["a.exe"] = random.randbytes(100)


@pdf_attack("pdf attachments", refusals.PdfAttachment)
def a_pinned_file(document: pikepdf.Pdf, random: Random) -> None:
    annotation = Dictionary(Type=Name.Annot, Subtype=Name.FileAttachment, Rect=Array([0, 0, 9, 9]))
    document.pages[-1].obj.Annots = Array([document.make_indirect(annotation)])


@pdf_attack("pdf attachments", refusals.PdfAttachment)
def an_associated_file(document: pikepdf.Pdf, random: Random) -> None:
    held = document.make_stream(random.randbytes(50), Type=Name.EmbeddedFile) if random.random() < 0.5 else None
    spec = Dictionary(Type=Name.Filespec, F=String("a"), **({"EF": Dictionary(F=held)} if held is not None else {}))
    document.pages[0].obj.AF = Array([spec])


@pdf_attack("pdf attachments", refusals.PdfAttachment)
def an_attached_file_opened(document: pikepdf.Pdf, random: Random) -> None:
    document.Root.OpenAction = Dictionary(S=Name.GoToE, T=Dictionary(R=Name.C, N=String("a.pdf")))


@pdf_attack("pdf media", refusals.PdfMedia)
def rich_media(document: pikepdf.Pdf, random: Random) -> None:
    kind = random.choice([Name.RichMedia, Name.Movie, Name.Screen, Name.Sound, Name("/3D")])
    document.pages[0].obj.Annots = Array([Dictionary(Type=Name.Annot, Subtype=kind, Rect=Array([0, 0, 9, 9]))])


@pdf_attack("pdf media", refusals.PdfMedia)
def a_rendition_with_a_script(document: pikepdf.Pdf, random: Random) -> None:
    document.Root.OpenAction = Dictionary(S=Name.Rendition, OP=0, JS=String("a"))


@pdf_attack("pdf forms", refusals.PdfForm)
def a_form_of_xml(document: pikepdf.Pdf, random: Random) -> None:
    held = document.make_stream(b"<xdp/>")
    ways = [held, Array([String("a"), held]), String("<xdp/>")]
    document.Root.AcroForm = Dictionary(Fields=Array(), XFA=random.choice(ways))


@pdf_attack("pdf actions", refusals.LinkedContent)
def a_better_picture_on_another_machine(document: pikepdf.Pdf, random: Random) -> None:
    """OPI: fetched when the page is printed."""
    place = String(random.choice(["\\\\evil\\a.tif", "//evil/a.tif", "http://evil.example/a.tif"]))
    held = place if random.random() < 0.5 else Dictionary(Type=Name.Filespec, F=place)
    picture = document.make_stream(b"\0", Subtype=Name.Image, Width=1, Height=1)
    picture.OPI = Dictionary({f"/{random.choice(['1.3', '2.0'])}": Dictionary(Type=Name.OPI, F=held)})
    document.pages[0].obj.Resources = Dictionary(XObject=Dictionary(A=picture))


@pdf_attack("pdf pages", refusals.NoPages)
def no_pages(document: pikepdf.Pdf, random: Random) -> None:
    del document.pages[:]


@attack("pdf encrypted", refusals.PasswordProtected, ".pdf")
def a_password(content: bytes, random: Random) -> bytes:
    keys = pikepdf.Encryption(owner="a", user=random.choice(["", "b"]), R=random.choice([4, 6]))
    return files.edited(content, lambda _document: None, encryption=keys)
