"""The poster of a survey for the counter: an A4 page in Thai and English with the address as a QR code."""

import io
import json
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

import segno
import typst

from ita_core import language, thai
from ita_core.board.campaigns import Terms
from ita_core.errors import NoRoom, Refused
from ita_core.exports.documents.pdf import FONTS, HERE, CannotSet
from ita_core.language import LANGUAGES, N_, _
from ita_core.models import Survey
from ita_core.queries import AssessmentFacts
from ita_core.typed import sent_address
from ita_core.words import SURVEY_CODES, SURVEYS

LOOK = HERE / "poster.typ"
PIXELS_AN_INCH = 200  # of the picture: A4 of 1654 × 2339
FORMATS = {"pdf": "application/pdf", "png": "image/png"}

_WHOM = {
    Survey.iit: N_("For everybody who works in this office"),
    Survey.eit_public: N_("For everybody who comes to this office for a service"),
    Survey.eit_external: N_("For everybody outside who works with this office"),
}


class NoAddress(Refused):
    says = N_("The address of the survey “{survey}” is not recorded yet, so there is no poster of it.")


@dataclass(frozen=True, slots=True)
class Half:
    """What the poster says in one language."""

    language: str
    invites: str
    whom: str
    what: str
    how: str
    when: str


@dataclass(frozen=True, slots=True)
class Poster:
    """What stands on it; `url` as people type it, `code` as the QR code has it: in ASCII, which every reader takes."""

    title: str
    office: str
    survey: str
    halves: tuple[Half, ...]
    url: str
    code: str


def poster(survey: Survey, terms: Terms, of: AssessmentFacts) -> Poster:
    """The poster of a survey of which the address is known, in both languages whichever is spoken.

    Raises NoAddress.
    """
    if not terms.url:
        raise NoAddress(survey=_(SURVEYS[survey]))
    code = f"{SURVEY_CODES[survey]} {of.fiscal_year}"
    halves = tuple(_half(spoken, survey, terms, of) for spoken in LANGUAGES)
    return Poster(f"{halves[0].invites} {code}", of.office, code, halves, terms.url, sent_address(terms.url))


def _half(spoken: str, survey: Survey, terms: Terms, of: AssessmentFacts) -> Half:
    with language.speaking(spoken):
        return Half(
            spoken,
            _("Please answer our survey"),
            _(_WHOM[survey]),
            _("Integrity and Transparency Assessment (ITA), fiscal year B.E. {year}").format(year=of.fiscal_year),
            _("Scan it with your phone's camera, or open the address above"),
            _("{first} to {last}").format(
                first=thai.long_date_text(terms.opens), last=thai.long_date_text(terms.closes)
            ),
        )


def picture(address: str) -> bytes:
    """An address as a QR code (by segno, maintained), as SVG with the quiet zone that readers need around it."""
    drawn = io.BytesIO()
    segno.make_qr(address, error="m").save(drawn, kind="svg", scale=4, border=4)
    return drawn.getvalue()


def picture_address(address: str) -> str:
    """The same for a page: the address of a picture that holds itself."""
    return str(segno.make_qr(address, error="m").svg_data_uri(scale=4, border=4))


def encode(made: Poster, fmt: str) -> bytes:
    """The poster as a file of this format, one of FORMATS; the same poster gives the same bytes.

    Raises CannotSet; NoRoom where the disk is full.
    """
    try:
        with tempfile.TemporaryDirectory(prefix="ita-poster-") as name:
            folder = Path(name)
            look = folder / LOOK.name
            look.write_bytes(LOOK.read_bytes())
            (folder / "code.svg").write_bytes(picture(made.code))
            fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[FONTS])
            given = {"poster": json.dumps(asdict(made), ensure_ascii=False)}
            compiler = typst.Compiler(look, root=folder, font_paths=fonts, sys_inputs=given)
            if fmt == "pdf":
                found = compiler.compile(format="pdf", timestamp=0)
            else:
                found = compiler.compile(format="png", ppi=PIXELS_AN_INCH)
    except OSError:
        raise NoRoom from None
    except typst.TypstError as error:
        raise CannotSet(why=error.message) from None
    if isinstance(found, bytes):
        return found
    raise CannotSet(why="more than one page")
