"""The manual says what stands on the screen, every page has its chapter, every picture is there, used and small."""

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from ita_core.web.manual import FOLDER
from pages import ADDRESSES
from pages.parts import manual
from tests.manual import PICTURES, SHOTS

ROOT = Path(__file__).parent.parent
CATALOGUE = ROOT / "ita_core" / "locale" / "th" / "LC_MESSAGES" / "ita.po"
LARGEST, LARGEST_OF_ALL = 150 * 1024, 3 * 1024 * 1024  # bytes
NAMED = re.compile(r"\*\*(.+?)\*\*")
PICTURE = re.compile(r"!\[(.*?)\]\((.+?)\)")
CONVENTION = "ตัวหนา"  # where the manual says what bold type is for
LEAST_LITERAL = 4  # letters of a name beside its {places}, so that it doesn't fit anything


def written() -> dict[str, str]:
    return {path.stem: path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.md"))}


@pytest.fixture(scope="module")
def on_screen() -> list[re.Pattern[str]]:
    """The names that the product's Thai texts have, each as what it may look like once its places are filled."""
    with CATALOGUE.open("rb") as source:
        says = [str(entry.string) for entry in read_po(source, locale="th") if entry.id and entry.string]
    found = []
    for text in says:
        parts = re.split(r"\{[^}]*\}", text)
        if len("".join(parts).strip()) >= LEAST_LITERAL or len(parts) == 1:
            found.append(re.compile(".+".join(map(re.escape, parts))))
    return found


@pytest.mark.parametrize("name", manual.CHAPTERS)
def test_every_name_in_bold_stands_on_the_screen(name: str, on_screen: list[re.Pattern[str]]):
    named = [one for one in NAMED.findall(written()[name]) if one != CONVENTION]
    assert named
    assert [one for one in named if not any(text.fullmatch(one) for text in on_screen)] == []


def test_a_name_that_the_screen_does_not_have_is_found(on_screen: list[re.Pattern[str]]):
    assert not any(text.fullmatch("ปุ่มที่ไม่มีอยู่จริง") for text in on_screen)


def test_every_chapter_is_listed_and_has_a_title():
    assert sorted(written()) == sorted(manual.CHAPTERS)
    assert list(manual.chapters()) == list(manual.CHAPTERS)
    for one in manual.chapters().values():
        assert one.title != one.name
        assert not one.text.startswith("# ")


def test_every_page_has_its_chapter():
    assert sorted(manual.OF_PAGE) == sorted(ADDRESSES)
    assert set(manual.OF_PAGE.values()) == set(manual.CHAPTERS)


def test_a_page_leads_to_its_own_chapter():
    assert manual.address() == "/help?chapter=start"
    with manual.on("review"):
        assert manual.address() == "/help?chapter=supervisor"


def test_every_picture_is_made_by_the_script_and_used_once_with_words_for_who_cannot_see_it():
    used = [
        (says, address) for text in written().values() for says, address in PICTURE.findall(text)
    ]  # fmt: skip
    assert all(says for says, _address in used)
    addresses = sorted(address for _says, address in used)
    assert addresses == sorted(f"pictures/{one.name}.webp" for one in SHOTS)
    assert sorted(path.name for path in PICTURES.iterdir()) == sorted(f"{one.name}.webp" for one in SHOTS)
    assert all(PICTURE.search(text) for text in written().values())


def test_the_pictures_are_small():
    sizes = [path.stat().st_size for path in PICTURES.iterdir()]
    assert max(sizes) <= LARGEST
    assert min(sizes) > 1000
    assert sum(sizes) <= LARGEST_OF_ALL


def test_pictures_come_by_our_own_route():
    text = manual.chapters()["officer"].text
    assert "(/manual/officer-my-work.webp)](/manual/officer-my-work.webp)" in text
    assert "](pictures/" not in text
