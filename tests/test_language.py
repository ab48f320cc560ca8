"""Every text a user sees has its Thai; the README tells every setting."""

import re
import string
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from ita_core import language
from ita_core.language import _
from ita_core.settings import Settings

ROOT = Path(__file__).parent.parent
KEYWORDS = {"_": None, "N_": None}


@pytest.fixture(scope="module")
def catalogue() -> Catalog:
    with (ROOT / "ita_core" / "locale" / "th" / "LC_MESSAGES" / "ita.po").open("rb") as source:
        return read_po(source, locale="th")


@pytest.fixture(scope="module")
def written() -> dict[str, str]:
    """Every message in the code and in the templates → where it stands."""
    found = {}
    ways = [("**.py", "python"), ("**.html", "jinja2")]
    for folder in ("ita_core", "pages"):
        for name, _line, message, _comments, _context in extract_from_dir(
            str(ROOT / folder), ways, options_map={"**.html": {"silent": "false"}}, keywords=KEYWORDS
        ):
            found[str(message)] = f"{folder}/{name}"
    for name, _line, message, _comments, _context in extract_from_dir(
        str(ROOT), [("app.py", "python")], keywords=KEYWORDS
    ):
        if name == "app.py":
            found[str(message)] = name
    return found


def fields(text: str) -> set[str]:
    return {name for _literal, name, _spec, _conversion in string.Formatter().parse(text) if name}


def test_every_message_has_its_thai(catalogue: Catalog, written: dict[str, str]):
    lacking = {message: place for message, place in written.items() if not (catalogue.get(message) or _none()).string}
    assert lacking == {}
    assert len(written) > 200
    assert any(place.startswith("pages/templates/meeting/") for place in written.values())


class _none:  # noqa: N801
    string = ""


def test_no_translation_is_left_over_or_doubtful(catalogue: Catalog, written: dict[str, str]):
    assert [entry.id for entry in catalogue if entry.id and (entry.id not in written or entry.fuzzy)] == []


def test_a_translation_speaks_of_the_same_facts(catalogue: Catalog):
    for entry in catalogue:
        if entry.id:
            assert fields(str(entry.id)) == fields(str(entry.string)), entry.id


def test_the_translations_are_thai(catalogue: Catalog):
    same = {str(entry.id) for entry in catalogue if entry.id and not re.search("[ก-๙]", str(entry.string))}
    assert same <= {"PDF", "Word", "Excel", "PowerPoint", "SHA-256"}


def test_the_thai_asks_with_one_word(catalogue: Catalog):
    """It says โปรด."""
    assert [message.id for message in catalogue if "กรุณา" in str(message.string)] == []


def test_thai_is_the_default_and_an_unknown_language_is_thai():
    language.use("fr")
    assert language.current() == "th"
    assert _("Overdue") == "เกินกำหนด"
    language.use("en")
    assert _("Overdue") == "Overdue"


@pytest.mark.parametrize("name", Settings.model_fields)
def test_the_readme_tells_of_every_setting(name: str):
    assert f"`ITA_{name.upper()}`" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_readme_s_settings_exist():
    told = set(re.findall(r"`ITA_([A-Z_]+)`", (ROOT / "README.md").read_text(encoding="utf-8")))
    assert told == {name.upper() for name in Settings.model_fields}


@pytest.mark.parametrize(
    ("message", "fields", "said"),
    [
        ("{slots} slots", {"slots": 1}, "1 slot"),
        ("{slots} slots", {"slots": 21}, "21 slots"),
        ("{slots} slots overdue in {items} items of {officers} officers", {"slots": 2, "items": 1, "officers": "1"},
         "2 slots overdue in 1 item of 1 officer"),
        ("{days} days late: {who} {{}}", {"days": 1, "who": "3 slots"}, "1 day late: 3 slots {}"),
    ],
)  # fmt: skip
def test_one_of_a_thing_is_one_in_english(message: str, fields: dict[str, object], said: str):
    language.use("en")
    try:
        assert _(message).format(**fields) == said
    finally:
        language.use("th")


def test_no_page_speaks_of_the_christian_era_in_thai(catalogue: Catalog, written: dict[str, str]):
    """Days are typed and read in the Buddhist era there; who types in English is told of theirs in so many words."""
    found = [
        message
        for message, place in written.items()
        if place.startswith("pages/") and "ค.ศ." in str(catalogue[message].string) and "Christian" not in message
    ]
    assert found == []
