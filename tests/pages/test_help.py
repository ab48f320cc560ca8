"""The manual in the app: every chapter opens, every page leads to its own, what is missing is said."""

import re
from pathlib import Path

import pytest

from pages import ADDRESSES
from pages.parts import manual
from tests.pages.conftest import Office, shown

WITHOUT_TRAIL = {"meeting"}  # shown to a room: the menu's pages lead there


@pytest.mark.parametrize("name", manual.CHAPTERS)
def test_every_chapter_opens(office: Office, name: str):
    tester = office.open("usa", "help", chapter=name)
    assert not tester.exception
    one = manual.chapters()[name]
    assert tester.title[0].value.replace("\\", "") == one.title
    assert one.text in [each.value for each in tester.markdown]
    assert f'href="?chapter={name}" aria-current="page"' in shown(tester)


@pytest.mark.parametrize("page", sorted(set(ADDRESSES) - WITHOUT_TRAIL))
def test_every_page_leads_to_its_chapter(office: Office, page: str):
    text = shown(office.open("commander", page))
    assert f'href="/help?chapter={manual.OF_PAGE[page]}"' in text


def test_without_a_chapter_it_begins_at_the_beginning(office: Office):
    assert office.open("viewer", "help").title[0].value == "เริ่มใช้งาน"


def test_a_chapter_that_is_not_there_is_said_and_shown_as_text(office: Office):
    tester = office.open("viewer", "help", chapter="[x](https://evil)")
    assert "คู่มือไม่มีบท" in shown(tester)
    assert "](https" not in tester.warning[0].value
    assert tester.title[0].value == "เริ่มใช้งาน"


def test_where_it_was_not_installed_that_is_said(office: Office, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    manual.chapters.cache_clear()
    monkeypatch.setattr(manual, "FOLDER", tmp_path)
    try:
        text = shown(office.open("viewer", "help"))
    finally:
        manual.chapters.cache_clear()
    assert "ไม่ได้ติดตั้งคู่มือไว้ที่นี่" in text
    assert "โปรดแจ้งผู้ดูแลระบบ" in text


def test_the_manual_never_draws_html(office: Office):
    for one in manual.chapters().values():
        assert not re.search(r"<(?!!--)[a-z]", one.text)
    assert not any(each.allow_html for each in office.open("viewer", "help").markdown)
