"""Posters by their route: who gets them, that a phone reads their QR code, what is refused."""

import io
from dataclasses import replace
from datetime import date

import pypdfium2
import pytest
import zxingcpp
from PIL import Image
from sqlmodel import func, select

from ita_core import accounts, db, queries, settings, workflow
from ita_core.board.campaigns import Terms
from ita_core.exports.documents import poster
from ita_core.exports.documents.pdf import CannotSet
from ita_core.models import Account, AuditEntry, Survey
from ita_core.typed import LONGEST_NAME
from ita_core.web import documents
from tests.asking import client
from tests.cast import Cast

ADDRESS = "https://itap.example/survey?office=prachuap&part=eit1"
TERMS = Terms(date(2025, 1, 1), date(2025, 6, 30), minimum=100, url=ADDRESS)
EVERYBODY = ["usa", "khanittha", "piyaporn", "commander", "itap", "admin", "viewer"]


def record(cast: Cast, terms: Terms = TERMS, survey: Survey = Survey.eit_public) -> None:
    with db.writing() as session:
        of, at = queries.get_assessment(session).id, settings.settings().now()
        workflow.set_campaign(session, by=cast.commander, assessment_id=of, survey=survey, terms=terms, at=at)


def pictured(content: bytes, fmt: str, across: int) -> Image.Image:
    """A poster as a camera has it that is so many pixels across."""
    if fmt == "png":
        whole = Image.open(io.BytesIO(content))
    else:
        with pypdfium2.PdfDocument(content) as pdf:
            assert len(pdf) == 1
            assert [round(side) for side in pdf[0].get_size()] == [595, 842]  # A4
            whole = pdf[0].render(scale=3).to_pil()
    return whole.convert("L").resize((across, round(whole.height * across / whole.width)))


def read(picture: Image.Image) -> list[str]:
    return [one.text for one in zxingcpp.read_barcodes(picture)]


@pytest.mark.parametrize("across", [1600, 400])
@pytest.mark.parametrize("fmt", ["pdf", "png"])
def test_a_qr_reader_finds_the_survey_s_address_on_it_and_nothing_else(cast: Cast, fmt: str, across: int):
    record(cast)
    answer = client(cast, "usa").get(f"/posters/eit-1.{fmt}")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == {"pdf": "application/pdf", "png": "image/png"}[fmt]
    assert f"ita-2568-poster-eit-1-2568-03-15.{fmt}" in answer.headers["content-disposition"]
    assert answer.headers["cache-control"] == "private, no-store"
    assert read(pictured(answer.content, fmt, across)) == [ADDRESS]


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("https://ทดสอบ.ไทย/แบบวัด", "https://xn--l3cfk7dp.xn--o3cw4h/%E0%B9%81%E0%B8%9A%E0%B8%9A%E0%B8%A7%E0%B8%B1%E0%B8%94"),
        ("https://itap.example/" + "x" * 279, "https://itap.example/" + "x" * 279),  # 300, the longest there may be
        ("https://itap.example/#let x = [*b*]".replace(" ", ""), "https://itap.example/#letx=[*b*]"),
    ],
)  # fmt: skip
def test_thai_long_and_odd_addresses_are_read_too(cast: Cast, typed: str, sent: str):
    record(cast, Terms(TERMS.opens, TERMS.closes, url=typed))
    answer = client(cast, "usa").get("/posters/eit-1.pdf")
    assert read(pictured(answer.content, "pdf", 800)) == [sent]
    with pypdfium2.PdfDocument(answer.content) as pdf:
        said = pdf[0].get_textpage().get_text_bounded()
    assert typed in said.replace("\r\n", "")  # as it is copied: nothing but the ends of lines between its letters


@pytest.mark.parametrize("fmt", ["pdf", "png"])
@pytest.mark.parametrize("survey", Survey)
def test_the_widest_address_and_a_long_name_leave_it_on_one_page(cast: Cast, survey: Survey, fmt: str):
    widest = "https://itap.example/" + "W" * 279
    with db.reading() as session:
        here = queries.get_assessment(session)
    of = replace(here, office=(f"{here.office} " * 7).strip()[:LONGEST_NAME])
    # A September's days are the longest to write.
    made = poster.poster(survey, Terms(date(2025, 9, 1), date(2025, 9, 30), url=widest), of)
    assert read(pictured(poster.encode(made, fmt), fmt, 800)) == [widest]


def test_words_too_many_for_a_page_are_refused_as_a_picture(cast: Cast):
    with db.reading() as session:
        made = poster.poster(Survey.iit, TERMS, queries.get_assessment(session))
    with pytest.raises(CannotSet):
        poster.encode(replace(made, halves=tuple(replace(one, how=one.how * 99) for one in made.halves)), "png")


def test_it_speaks_thai_and_english_whoever_asks(cast: Cast):
    record(cast)
    before = client(cast, "viewer").get("/posters/eit-1.pdf").content
    with pypdfium2.PdfDocument(before) as pdf:
        said = pdf[0].get_textpage().get_text_bounded()
    for words in (
        "ตรวจคนเข้าเมืองจังหวัดประจวบคีรีขันธ์", "ขอเชิญตอบแบบสำรวจ", "สำหรับผู้มาติดต่อและรับบริการทุกท่าน",
        "1 มกราคม 2568 ถึง 30 มิถุนายน 2568", "Please answer our survey",
        "For everybody who comes to this office for a service", "1 January 2025 to 30 June 2025",
    ):  # fmt: skip
        assert words in " ".join(said.split())
    with db.writing() as session:
        reader = session.get_one(Account, cast.viewer)
        accounts.set_language(session, account=reader, language="en", now=settings.settings().now())
    assert client(cast, "viewer").get("/posters/eit-1.pdf").content == before


@pytest.mark.parametrize("who", EVERYBODY)
def test_everybody_of_the_office_gets_it_and_the_audit_is_told_nothing(cast: Cast, who: str):
    record(cast)
    asker, counted = client(cast, who), select(func.count()).select_from(AuditEntry)
    with db.reading() as session:
        before = session.exec(counted).one()
    assert asker.get("/posters/eit-1.png").status_code == 200
    with db.reading() as session:
        assert session.exec(counted).one() == before


def test_nobody_gets_none(cast: Cast):
    record(cast)
    assert client(cast, "").get("/posters/eit-1.pdf").status_code == 403


@pytest.mark.parametrize(
    "asked", ["iit.pdf", "oit.pdf", "eit-1.docx", "eit_public.pdf", "eit-1.pdf?office=no", "eit-1.pdf?year=2569"]
)
def test_what_is_not_there_is_told_as_such(cast: Cast, asked: str):
    record(cast)
    answer, none = (client(cast, "commander").get(f"/posters/{one}") for one in (asked, "nothing.pdf"))
    assert (answer.status_code, answer.text) == (none.status_code, none.text) == (404, "ไม่พบรายการนี้")


def test_without_an_address_one_sentence_says_so(cast: Cast):
    record(cast, Terms(TERMS.opens, TERMS.closes))
    answer = client(cast, "usa").get("/posters/eit-1.pdf")
    assert answer.status_code == 400
    assert answer.text.startswith("ยังไม่ได้บันทึกที่อยู่ของแบบสำรวจ “EIT (1)")


def test_an_account_has_no_more_in_hand_than_a_few(cast: Cast, monkeypatch: pytest.MonkeyPatch):
    record(cast)
    monkeypatch.setattr(documents._made, "of", lambda _account: 1_000)
    assert client(cast, "viewer").get("/posters/eit-1.pdf").status_code == 429
