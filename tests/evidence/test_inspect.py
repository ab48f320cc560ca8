"""Files that are refused by their content: every attack against an honest file."""

import base64
import contextlib
import importlib
import io
import os
import struct
import zlib
from random import Random

import pytest
from PIL import Image

from ita_core import language
from ita_core.errors import Refused
from ita_core.evidence import child, inspect
from ita_core.evidence.inspect import NotWhatItSays
from tests import files, papers
from tests.attacks import ATTACKS, Attack, original
from tests.attacks.fetching import DONE_BY_SVG, FETCHED_BY_SVG, with_svg
from tests.attacks.fields import CLOSE
from tests.attacks.formulas import CALLS, COMPUTED, WORKBOOKS, with_formula
from tests.attacks.links import ODD


def spent() -> float:
    """Processor seconds of this process and of its children that have ended: no other's work counts."""
    return sum(os.times()[:4])


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Examined in this process: one of its own for each of some hundred files takes a minute. The trials have it."""

    def run(module: str, *arguments: str, **_limits: object) -> bytes:
        with contextlib.redirect_stdout(io.StringIO()) as said:
            importlib.import_module(module).main(*arguments)
        return said.getvalue().encode()

    monkeypatch.setattr(child, "run", run)


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: f"{attack.name}{attack.suffix}")
def test_an_attack_is_refused_with_its_own_sentence(look, attack: Attack):
    """Its original is accepted: see below."""
    name = f"รายงาน{attack.suffix}"
    with pytest.raises(attack.refusal) as refused:
        look(attack.mutate(original(attack.suffix), Random(1)), name)
    assert type(refused.value) is attack.refusal
    assert name in str(refused.value)
    assert "{" not in str(refused.value)


@pytest.mark.parametrize("suffix", sorted({attack.suffix for attack in ATTACKS}))
def test_what_the_attacks_start_from_is_accepted(look, suffix: str):
    assert look(original(suffix), f"รายงาน{suffix}").kind.suffix == suffix


def test_every_refusal_is_met_by_an_attack():
    assert {attack.refusal for attack in ATTACKS} >= set(inspect.REFUSALS.values())


@pytest.mark.parametrize("code", inspect.REFUSALS)
def test_each_refusal_says_what_to_do_in_thai(code: str):
    language.use("th")
    says = str(inspect.REFUSALS[code](file="ก.docx", suffix=".docx"))
    assert "“ก.docx”" in says
    assert any(word in says for word in ("โปรด", "ส่ง"))


def test_the_sentence_of_macros_names_the_kind_to_save_as(look):
    language.use("th")
    attack = next(one for one in ATTACKS if one.name == "a_vba_project" and one.suffix == ".docx")
    with pytest.raises(Refused, match=r"“ก\.docx” มีมาโคร โปรดบันทึกเป็น \.docx แล้วส่งใหม่"):
        look(attack.mutate(original(".docx"), Random(1)), "ก.docx")


@pytest.mark.parametrize("off", [*range(-12, 3), 300])
def test_a_formula_across_two_pieces_of_a_sheet_is_seen(look, off: int):
    from ita_core.evidence.examine.packed import PIECE

    content = files.parts(files.excel())
    sheet = content["xl/worksheets/sheet1.xml"]
    start, rest = sheet[: sheet.index(b"<sheetData>") + 11], sheet[sheet.index(b"<sheetData>") + 11 :]
    formula = b'<row r="99"><c r="A99"><f>cmd<!-- -->|a!b</f></c></row>'
    filling = b" " * (PIECE - len(start) - formula.index(b"cmd") + off)
    content["xl/worksheets/sheet1.xml"] = start + filling + formula + rest
    with pytest.raises(inspect.CommandField):
        look(files.packed(content), "a.xlsx")


def test_a_packed_part_that_ends_early_does_not_go_on_for_ever(look):
    """Found by the trial: behind the end of the packed data stands more, which no program unpacks."""
    import zipfile

    content = files.word()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        entry = archive.getinfo("word/document.xml")
    start = entry.header_offset + 30 + len(entry.filename)
    ended = zlib.compressobj(9, zlib.DEFLATED, -15).flush()
    with pytest.raises(inspect.Broken):
        look(content[:start] + ended + content[start + len(ended) :], "a.docx")


def test_an_old_file_that_claims_billions_of_properties_is_read_quickly(look):
    streams = files.streams(files.doc())
    summary = bytearray(streams["\x05SummaryInformation"])
    (section,) = struct.unpack_from("<L", summary, 44)
    struct.pack_into("<L", summary, section + 4, 2**32 - 1)
    # One that went through all of them would be ended by the limits of its process long before.
    assert look(files.compound({**streams, "\x05SummaryInformation": bytes(summary)}), "a.doc").noticed.has_text


def test_photographs_written_as_letters_are_examined_quickly(look):
    """As reportlab does it by default: 5 MB here, 40 MB in half a second."""
    from reportlab.lib.utils import ImageReader
    from reportlab.pdfgen import canvas

    made = io.BytesIO()
    drawn = canvas.Canvas(made)
    noise = Image.effect_noise((2500, 2500), 90).convert("RGB")
    photograph = io.BytesIO()
    noise.save(photograph, "JPEG", quality=90)
    drawn.drawImage(ImageReader(photograph), 0, 0, 500, 500)
    drawn.drawImage(ImageReader(noise.resize((900, 900))), 0, 0, 500, 500)
    drawn.showPage()
    drawn.save()
    assert b"/ASCII85Decode" in made.getvalue()
    assert len(made.getvalue()) > 4_000_000
    before = spent()
    look(made.getvalue(), "a.pdf")
    examined, before = spent() - before, spent()
    base64.a85decode(base64.a85encode(made.getvalue()[: 4_000_000 * 4 // 5]))
    assert examined < spent() - before  # letter by letter in Python it would be more


@pytest.mark.usefixtures("here")
def test_every_odd_address_and_every_call_is_refused(look):
    """The attacks take one of each by chance."""
    for place in ODD:
        with pytest.raises(inspect.OddLink):
            look(files.related(files.word(), "hyperlink", place), "a.docx")
    for calls, refusal in (
        (CALLS, inspect.FetchesData),
        (WORKBOOKS, inspect.LinkedWorkbook),
        (COMPUTED, inspect.OddLink),
    ):
        for call in calls:
            with pytest.raises(refusal):
                look(with_formula(files.excel(), call), "a.xlsx")
    for drawings, refusal in ((FETCHED_BY_SVG, inspect.LinkedContent), (DONE_BY_SVG, inspect.Embedded)):
        for drawing in drawings:
            with pytest.raises(refusal):
                look(with_svg(files.word(), drawing), "a.docx")
    for code in CLOSE:
        with pytest.raises(inspect.LinkedContent):
            look(files.with_field(code), "a.docx")


def test_the_name_decides_only_after_the_content(look):
    with pytest.raises(NotWhatItSays, match=r"\.docx, but it is \.pdf"):
        look(papers.pdf(), "a.docx")
    with pytest.raises(NotWhatItSays, match="without an ending"):
        look(papers.pdf(), "a")
