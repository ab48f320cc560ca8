"""The page for taking along: which documents it offers to whom."""

import re
from datetime import datetime, timedelta

import pytest

from ita_core import db, queries, workflow
from ita_core.days import BANGKOK
from tests.pages.conftest import Office, shown

LINK = re.compile(r'href="/documents/([a-z]+)\.(docx|pdf)\?([^"]*)"')


def test_who_sees_all_is_offered_each_document_and_each_meeting_by_its_number(office: Office):
    at = datetime(2025, 3, 10, 9, tzinfo=BANGKOK)
    with db.writing(office.engine) as session:
        of = queries.get_assessment(session).id
        for day in range(2):
            began = at + timedelta(days=day)
            meeting = workflow.open_meeting(session, by=office.cast.commander, assessment_id=of, at=began)
            workflow.end_meeting(session, by=office.cast.commander, meeting_id=meeting, at=began + timedelta(hours=1))
        workflow.open_meeting(session, by=office.cast.commander, assessment_id=of, at=at + timedelta(days=3))
    text = shown(office.open("viewer", "export"))
    found = LINK.findall(text)
    assert [name for name, kind, _query in found if kind == "pdf"] == [
        "measure", "report", "monthly", "meeting", "meeting", "assignments",
    ]  # fmt: skip
    numbers = [query.split("meeting=")[1] for name, kind, query in found if (name, kind) == ("meeting", "docx")]
    assert numbers == ["2", "1"]
    assert "รายงานการประชุม ครั้งที่ 2 วันที่ 11 มี.ค. 68" in text


def test_where_no_meeting_was_held_the_page_says_so(office: Office):
    text = shown(office.open("commander", "export"))
    assert "ยังไม่มีการประชุมที่เสร็จสิ้นภายในวันนี้" in text
    assert "meeting=" not in text


@pytest.mark.parametrize("who", ["usa", "khanittha"])
def test_an_officer_is_offered_their_own_list(office: Office, who: str):
    assert {name for name, _kind, _query in LINK.findall(shown(office.open(who, "export")))} == {"assignments"}


def way(text: str) -> str:
    """The address to which a list leads for taking it along."""
    return re.search(r'<span class="ita-take">\s*<a [^>]*href="([^"]*)"', text)[1].replace("&amp;", "&")  # type: ignore[index]


@pytest.mark.parametrize("page", ["item", "officers", "timeline"])
def test_a_list_is_taken_along_as_it_is_chosen_and_nothing_wrong_goes_with_it(office: Office, page: str):
    wrong = {"item": "O99", "kind": "x", "indicator": "77", "state": "x", "month": "x", "on": "x", "sort": "x"}
    del wrong["item" if page == "item" else "sort"]
    assert way(shown(office.open("viewer", page, officer="nobody", **wrong))) == "/export"
    assert way(shown(office.open("viewer", page, officer="usa", kind="x"))) == "/export?officer=usa"
    assert way(shown(office.open("usa", page, officer="usa"))) == "/export"  # whoever sees some items only
    text = shown(office.open("usa", "export", officer="khanittha", item="O6"))
    assert "officer=khanittha" not in text
    assert "&item=O6" in text.replace("&amp;", "&")
